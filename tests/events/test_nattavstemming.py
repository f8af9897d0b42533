"""The night's run: when it is due, that it is neither missed nor done twice, and what the seasons excuse."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from app import klokke
from app.db import tabeller
from app.db.hendelsesmottak import Lestegn
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap, MandatTaptError
from app.events.avstemming import Nattavstemming, siste_klokkeslett
from app.sandbox.standard import FJORDVIK, LIA, SKOGLI
from app.services.avstemming.funn import Vurdering
from app.services.avstemming.listekontroller import listekontroller
from app.services.avstemming.lister import Listefunn
from app.settings.avstemming import Avstemming
from tests.baser import MOTORER, ny_database
from tests.saker.verden import Verden, tjeneste

NATT = time(3, 30)


@pytest.mark.parametrize(
    ("naa", "ventet"),
    [
        ("2026-11-23T02:29:59+00:00", "2026-11-22T03:30:00+01:00"),
        ("2026-11-23T02:30:00+00:00", "2026-11-23T03:30:00+01:00"),
        ("2026-11-23T22:59:00+00:00", "2026-11-23T03:30:00+01:00"),
        # Midnight in Norway is the evening before in UTC.
        ("2026-11-23T23:30:00+00:00", "2026-11-23T03:30:00+01:00"),
        # Summer time; and the night it ends, when half past three comes after the hour that comes twice.
        ("2026-07-01T01:30:00+00:00", "2026-07-01T03:30:00+02:00"),
        ("2026-10-25T02:29:00+00:00", "2026-10-24T03:30:00+02:00"),
        ("2026-10-25T02:30:00+00:00", "2026-10-25T03:30:00+01:00"),
    ],
)
def test_naar_det_sist_skulle_vaert_gjort(naa: str, ventet: str) -> None:
    assert siste_klokkeslett(datetime.fromisoformat(naa), NATT).isoformat() == ventet


async def _flytt_tiden(v: Verden, **verdier: Any) -> None:
    async with v.arkiv.database.skriv() as forbindelse:
        await forbindelse.execute(tabeller.kommune.update().values(verdier))


async def _antall(v: Verden) -> dict[str, int]:
    funnet = {}
    for kommune in (FJORDVIK, SKOGLI, LIA):
        async with v.arkiv.les(kommune) as lager:
            funnet[kommune] = len(await lager.avstemminger.soek(None, 10))
    return funnet


@pytest.mark.parametrize("motor", MOTORER)
def test_hver_natt_gjoeres_en_gang_ogsaa_etter_en_omstart(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as v:
            settings, drift = v.app.state.settings, v.app.state.saksdrift
            lederskap = Lederskap(v.arkiv.database, 600.0)
            mandat = await lederskap.ta(Nattavstemming.MANDAT)
            assert mandat is not None
            # Taken in today: the first night is the next.
            await Nattavstemming(settings, drift).kjoer(mandat)
            assert set((await _antall(v)).values()) == {0}
            await _flytt_tiden(v, opprettet=klokke.naa() - timedelta(days=3))
            await Nattavstemming(settings, drift).kjoer(mandat)
            assert set((await _antall(v)).values()) == {1}
            # Another process, or the same after a restart.
            await Nattavstemming(settings, drift).kjoer(mandat)
            assert set((await _antall(v)).values()) == {1}

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_en_som_har_mistet_mandatet_lagrer_ingenting(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as v:
            await _flytt_tiden(v, opprettet=klokke.naa() - timedelta(days=3))
            lederskap = Lederskap(v.arkiv.database, 600.0)
            gammelt = await lederskap.ta(Nattavstemming.MANDAT)
            assert gammelt is not None
            await lederskap.slipp(gammelt)
            assert await lederskap.ta(Nattavstemming.MANDAT) is not None
            with pytest.raises(MandatTaptError):
                await Nattavstemming(v.app.state.settings, v.app.state.saksdrift).kjoer(gammelt)
            assert set((await _antall(v)).values()) == {0}

    asyncio.run(alt())


# Skatteetaten says nothing of how often events come. Settlements are made from March to December
# (skatteoppgjoret.no: dates for 2025); the months after are those the setting names.
@pytest.mark.parametrize(
    ("liste", "maaned", "doegn", "ventet"),
    [
        (Liste.SKATTEOPPGJOER, 11, 13, Vurdering.OK),
        (Liste.SKATTEOPPGJOER, 11, 14, Vurdering.AVVIK),
        (Liste.SKATTEOPPGJOER, 1, 14, Vurdering.MERKNAD),
        (Liste.SKATTEOPPGJOER, 12, 30, Vurdering.MERKNAD),
        (Liste.SKATTEOPPGJOER, 3, 14, Vurdering.AVVIK),
        (Liste.INNTEKT, 1, 39, Vurdering.OK),
        (Liste.INNTEKT, 1, 40, Vurdering.AVVIK),
    ],
)
def test_stillhet_er_vanlig_i_noen_maaneder(liste: Liste, maaned: int, doegn: int, ventet: Vurdering) -> None:
    naa = datetime(2026, maaned, 15, 12, tzinfo=UTC)
    tegn = Lestegn(1, naa, naa - timedelta(days=doegn), naa - timedelta(days=99), 0, 0, 0)
    lest = Listefunn(liste=liste, tegn=tegn, har=frozenset({FJORDVIK}))
    stillhet = listekontroller(FJORDVIK, [lest], Avstemming(), naa, toerr=False)[-1]
    assert stillhet.vurdering is ventet
