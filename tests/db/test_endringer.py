"""The list of changes: numbered in the order they become visible, and told to those who asked."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.lager.endringer import NyEndring
from app.db.lager.webhooker import Webhooktilstand
from app.db.leie import Leie
from app.db.tabeller import webhook, webhooklevering
from tests.baser import MOTORER
from tests.db.verden import NAA, felles, kjoer, ny_rad, nytt_orgnr

pytestmark = pytest.mark.parametrize("motor", MOTORER)

SKRIVERE, HVER = 8, 5


class _AngreError(Exception):
    pass


async def ny_kommune(arkiv: Arkiv) -> str:
    kommune = nytt_orgnr()
    async with arkiv.skriv(kommune) as lager:
        await lager.kommuner.opprett("Fjordvik", NAA)
    return kommune


async def noter(arkiv: Arkiv, kommune: str, *typer: str, naa: datetime = NAA) -> None:
    async with arkiv.skriv(kommune) as lager:
        await lager.endringer.noter(naa, *(NyEndring(type=type_, sak_id=ny_id(naa)) for type_ in typer))


def test_numrene_foelger_etter_hverandre_i_hver_kommune(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        en, annen = await ny_kommune(arkiv), await ny_kommune(arkiv)
        await noter(arkiv, en, "sak.opprettet", "beregning.ny")
        await noter(arkiv, annen, "sak.endret")
        await noter(arkiv, en)
        await noter(arkiv, en, "vedtak.nytt")
        async with arkiv.les(en) as lager:
            funnet = [(e.sekvensnummer, e.type) for e in await lager.endringer.etter(0, 10)]
            assert funnet == [(1, "sak.opprettet"), (2, "beregning.ny"), (3, "vedtak.nytt")]
            assert [e.sekvensnummer for e in await lager.endringer.etter(1, 1)] == [2]
            assert await lager.endringer.siste() == 3
        async with arkiv.les(annen) as lager:
            assert [e.sekvensnummer for e in await lager.endringer.etter(0, 10)] == [1]

    kjoer(felles(motor), oppgave)


def test_det_som_angres_har_aldri_skjedd(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await ny_kommune(arkiv)
        await ny_webhook(arkiv, kommune, "")
        with suppress(_AngreError):
            async with arkiv.skriv(kommune) as lager:
                await lager.endringer.noter(NAA, NyEndring(type="sak.endret"))
                raise _AngreError
        async with arkiv.les(kommune) as lager:
            assert (await lager.endringer.siste(), await lager.endringer.etter(0, 1)) == (0, [])
        assert await leveringer(arkiv, kommune) == []

    kjoer(felles(motor), oppgave)


def test_den_som_har_sett_et_nummer_har_sett_alle_foer_det(motor: str) -> None:
    """Writers at once, and a reader that follows: nothing ever turns up behind what it has read."""

    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await ny_kommune(arkiv)

        async def skriv() -> None:
            for _ in range(HVER):
                async with arkiv.skriv(kommune) as lager:
                    await lager.endringer.noter(NAA, NyEndring(type="sak.endret"))
                    await asyncio.sleep(0)
                    await lager.revisjon.noter(NAA, ny_rad())

        skrivere = [asyncio.create_task(skriv()) for _ in range(SKRIVERE)]
        sett: list[int] = []
        ferdig = False
        while not ferdig:
            ferdig = all(en.done() for en in skrivere)
            async with arkiv.les(kommune) as lager:
                sett += [e.sekvensnummer for e in await lager.endringer.etter(sett[-1] if sett else 0, 100)]
            await asyncio.sleep(0)
        await asyncio.gather(*skrivere)
        assert sett == list(range(1, SKRIVERE * HVER + 1))

    kjoer(felles(motor), oppgave)


def test_hvor_lesingen_begynner_paa_en_dag(motor: str) -> None:
    """Times need not stand in order; nothing at or after the time asked about is left out."""

    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await ny_kommune(arkiv)
        for dager in (0, 2, 1, 3):
            await noter(arkiv, kommune, "sak.endret", naa=NAA + timedelta(days=dager))
        async with arkiv.les(kommune) as lager:
            funnet = [
                await lager.endringer.foer(NAA + timedelta(days=dager)) for dager in (-1, 0, 1, 2, 3, 4)
            ]
        assert funnet == [0, 0, 1, 1, 3, 4]

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize(
    ("typer", "tilstand", "faar"),
    [
        ("", Webhooktilstand.AKTIV, [1, 2, 3]),
        ("vedtak.nytt", Webhooktilstand.AKTIV, [3]),
        ("sak.endret vedtak.nytt", Webhooktilstand.AKTIV, [1, 3]),
        ("etteroppgjoer.nytt", Webhooktilstand.AKTIV, []),
        ("", Webhooktilstand.PAUSET, [1, 2, 3]),
        ("", Webhooktilstand.STENGT, []),
    ],
)
def test_hver_som_har_bedt_om_det_skal_faa_vite_det(
    motor: str, typer: str, tilstand: Webhooktilstand, faar: list[int]
) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune, annen = await ny_kommune(arkiv), await ny_kommune(arkiv)
        krok = await ny_webhook(arkiv, kommune, typer, tilstand)
        await ny_webhook(arkiv, annen, "")
        await noter(arkiv, kommune, "sak.endret", "beregning.ny", "vedtak.nytt")
        assert await leveringer(arkiv, kommune) == [(krok, nr, "VENTER") for nr in faar]
        assert await leveringer(arkiv, annen) == []

    kjoer(felles(motor), oppgave)


async def ny_webhook(
    arkiv: Arkiv, kommune: str, typer: str, tilstand: Webhooktilstand = Webhooktilstand.AKTIV
) -> UUID:
    id_ = ny_id(NAA)
    async with arkiv.database.skriv() as forbindelse:
        leie = Leie(forbindelse, kommune, arkiv.ring)
        rad: dict[str, Any] = {
            "id": id_,
            "url": "https://epj.example/krok",
            "typer": typer,
            "hemmelighet": leie.krypter(b"x", webhook, "hemmelighet", id_),
            "tilstand": tilstand,
            "versjon": 1,
            "av": "bruker:en",
            "opprettet": NAA,
            "endret": NAA,
        }
        await leie.sett_inn(webhook, rad)
    return id_


async def leveringer(arkiv: Arkiv, kommune: str) -> list[tuple[UUID, int, str]]:
    k = webhooklevering.c
    async with arkiv.database.les() as forbindelse:
        rader = await forbindelse.execute(
            select(k.webhook_id, k.sekvensnummer, k.tilstand)
            .where(k.kommune == kommune)
            .order_by(k.webhook_id, k.sekvensnummer)
        )
        return [(rad.webhook_id, rad.sekvensnummer, rad.tilstand) for rad in rader]
