"""A run over many cases: as few questions to the database as over a few."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import klokke
from app.sandbox.standard import FJORDVIK
from app.services.faktura.fil import Filtype
from app.services.faktura.kjoering import forbered_kjoering, lagre_kjoering, les_fil, les_linjer
from app.services.sak.drift import Saksdrift, eget_kall
from tests.baser import MOTORER, ny_database
from tests.saker.massesaker import AAR, fatt_vedtak, fyll_kommunen, saksdrift, skal_faktureres


@contextmanager
def setninger() -> Iterator[list[str]]:
    """Every statement that is executed meanwhile."""
    alle: list[str] = []

    def tell(_c: Any, _p: Any, setning: str, *_: Any) -> None:
        alle.append(setning)

    event.listen(Engine, "before_cursor_execute", tell)
    try:
        yield alle
    finally:
        event.remove(Engine, "before_cursor_execute", tell)


async def fakturer(drift: Saksdrift) -> tuple[int, int, int, bytes]:
    """How many lines a year gives, and once more; how many a page of them shows; the file."""
    kall = eget_kall(drift.hjemmel, FJORDVIK, "proeve", klokke.naa())

    async def kjoer() -> int:
        klar = await forbered_kjoering(drift.arkiv, kall, f"{AAR}-12")
        async with drift.arkiv.skriv(FJORDVIK) as lager:
            return (await lagre_kjoering(lager, kall, klar)).antall

    foerste, igjen = await kjoer(), await kjoer()
    vist = await les_linjer(drift.arkiv, kall, 1, 7)
    return foerste, igjen, len(vist), await les_fil(drift.arkiv, kall, 1, Filtype.CSV)


async def _med(url: str, saker: int) -> tuple[int, int, int, int, int]:
    async with saksdrift(url) as drift:
        await fyll_kommunen(drift, saker, 1)
        await fatt_vedtak(drift)
        await skal_faktureres(drift, f"{AAR}-01")
        with setninger() as alle:
            foerste, igjen, vist, fil = await fakturer(drift)
        async with drift.arkiv.les(FJORDVIK) as lager:
            gitt = {en.sak_id for en in await lager.faktura.linjer(1)}
    return len(alle), len(gitt), foerste - fil.count(b"\n") + 1, igjen, vist


@pytest.mark.parametrize("motor", MOTORER)
def test_mange_saker_faktureres_med_like_faa_spoersmaal_som_faa(motor: str) -> None:
    faa = asyncio.run(_med(ny_database(motor), 3))
    mange = asyncio.run(_med(ny_database(motor), 60))
    assert faa[1:] == (3, 0, 0, 7)
    assert mange[1:] == (60, 0, 0, 7)
    assert faa[0] == mange[0]
