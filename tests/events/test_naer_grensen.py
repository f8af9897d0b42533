"""Short stays near the 60 days: told in time, told once, and untold when it is no longer true.

Every story plays on 23 November 2026, whatever day it is tried on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from app.db import tabeller
from app.db.lager.oppgaver import Oppgave, Oppgavetilstand
from app.db.lederskap import Lederskap
from app.events.avstemming import Nattavstemming
from app.sandbox.standard import FJORDVIK
from app.services.oppfoelging.naer_grensen import se_etter_grensen
from app.services.oppgaver import HAST, Oppgaveslag, kort
from app.services.sak.drift import eget_kall
from tests.baser import MOTORER, ny_database
from tests.saker.verden import Verden, tjeneste

NAA: Final = datetime(2026, 11, 23, 4, tzinfo=UTC)
motorer = pytest.mark.parametrize("motor", MOTORER)


def i_kommunen(motor: str, arbeid: Callable[[Verden], Awaitable[None]]) -> None:
    """Do something in a kommune without cases."""
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as verden:
            await arbeid(verden)

    asyncio.run(alt())


def _innhold(v: Verden, fra: str, til: str | None = None, art: str = "KORTTID_DOEGN") -> dict[str, Any]:
    opphold = {"art": art, "fra": fra, "institusjon": "solbakken", **({} if til is None else {"til": til})}
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": v.ident("gammelt-og-nytt-navn")},
        "opphold": [opphold],
    }


async def _sak(v: Verden, *args: Any, **valg: Any) -> UUID:
    svar = await v.post("/api/v1/saker", {**_innhold(v, *args, **valg), "beregning": {"aar": 2026}})
    assert svar.status_code == 201, svar.text
    return UUID(svar.json()["sak"]["id"])


async def _endre(v: Verden, sak: UUID, versjon: int, *args: Any) -> None:
    svar = await v.kall("PUT", f"/api/v1/saker/{sak}", _innhold(v, *args), hoder={"If-Match": f'"{versjon}"'})
    assert svar.status_code == 200, svar.text


async def _natt(v: Verden, naa: datetime = NAA) -> int:
    drift = v.app.state.saksdrift
    return await se_etter_grensen(drift, eget_kall(drift.hjemmel, FJORDVIK, "avstemming", naa))


async def _oppgaver(v: Verden, sak: UUID) -> list[Oppgave]:
    async with v.arkiv.les(FJORDVIK) as lager:
        return [ett for ett in await lager.oppgaver.for_sak(sak) if ett.slag == Oppgaveslag.NAER_60_DOEGN]


async def _aapne(v: Verden, sak: UUID) -> list[Oppgave]:
    return [ett for ett in await _oppgaver(v, sak) if ett.tilstand is Oppgavetilstand.AAPEN]


@motorer
def test_naer_grensen_gir_en_oppgave_som_lukkes_naar_det_ikke_er_sant_lenger(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        # The 60th day is 2 December; fifty-one are counted.
        sak = await _sak(v, "2026-10-04")
        assert await _natt(v) == 1
        (oppgave,) = await _aapne(v, sak)
        assert (oppgave.aar, oppgave.frist, oppgave.hast) == (2026, date(2026, 12, 2), HAST[oppgave.slag])
        assert "60 døgn nås 2.12.2026" in kort(oppgave)
        assert "Fra 3.12.2026 betales det etter § 3" in kort(oppgave)
        # The next night says the same: nothing is written.
        assert await _natt(v, NAA + timedelta(days=1)) == 0
        assert await _aapne(v, sak) == [oppgave]
        # Home before the limit is reached.
        await _endre(v, sak, 1, "2026-10-04", "2026-11-20")
        assert await _natt(v) == 1
        assert await _aapne(v, sak) == []
        # And not home after all: what we closed ourselves may be true again.
        await _endre(v, sak, 2, "2026-10-04")
        assert await _natt(v) == 1
        assert len(await _aapne(v, sak)) == 1
        # When the day has come, it is too late to warn.
        assert await _natt(v, NAA + timedelta(days=20)) == 1
        assert await _aapne(v, sak) == []

    i_kommunen(motor, arbeid)


@pytest.mark.parametrize(
    ("fra", "art"),
    [
        # Fifteen days are left; the limit is not reached this year; never counted at all.
        ("2026-10-10", "KORTTID_DOEGN"),
        ("2026-11-10", "KORTTID_DOEGN"),
        ("2024-02-01", "LANGTID"),
    ],
)
def test_de_andre_faar_ingen(fra: str, art: str) -> None:
    async def arbeid(v: Verden) -> None:
        sak = await _sak(v, fra, art=art)
        assert await _natt(v) == 0
        assert await _oppgaver(v, sak) == []

    i_kommunen("sqlite", arbeid)


def test_den_som_har_svart_spoerres_ikke_igjen() -> None:
    async def arbeid(v: Verden) -> None:
        sak = await _sak(v, "2026-10-04")
        await _natt(v)
        (oppgave,) = await _aapne(v, sak)
        lukket = await v.kall(
            "POST",
            f"/api/v1/oppgaver/{oppgave.id}/lukk",
            {"begrunnelse": "Skal hjem"},
            hoder={"If-Match": '"1"'},
        )
        assert lukket.status_code == 200, lukket.text
        assert await _natt(v) == 0
        # Another day is another question.
        await _endre(v, sak, 1, "2026-10-03")
        assert await _natt(v) == 1
        (oppgave,) = await _aapne(v, sak)
        assert oppgave.frist == date(2026, 12, 1)

    i_kommunen("sqlite", arbeid)


def test_en_avsluttet_sak_har_ingen_oppgave() -> None:
    async def arbeid(v: Verden) -> None:
        sak = await _sak(v, "2026-10-04")
        await _natt(v)
        slutt = {"dato": "2026-11-22", "grunn": "FLYTTET"}
        svar = await v.post(f"/api/v1/saker/{sak}/avslutning", slutt, hoder={"If-Match": '"1"'})
        assert svar.status_code == 200, svar.text
        await _natt(v)
        assert await _aapne(v, sak) == []

    i_kommunen("sqlite", arbeid)


def test_nattjobben_ser_etter_grensen(monkeypatch: pytest.MonkeyPatch) -> None:
    async def arbeid(v: Verden) -> None:
        sak = await _sak(v, "2026-10-04")
        async with v.arkiv.database.skriv() as forbindelse:
            await forbindelse.execute(tabeller.kommune.update().values(opprettet=NAA - timedelta(days=3)))
        monkeypatch.setattr("app.events.avstemming.klokke.naa", lambda: NAA)
        mandat = await Lederskap(v.arkiv.database, 600.0).ta(Nattavstemming.MANDAT)
        assert mandat is not None
        await Nattavstemming(v.app.state.settings, v.app.state.saksdrift).kjoer(mandat)
        assert len(await _aapne(v, sak)) == 1

    i_kommunen("sqlite", arbeid)
