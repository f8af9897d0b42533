"""What a letter costs when the service has made one before: setting it, and all of it from database to database.

Run as ``python -m bench.brev [--krev]``. Processor time is what the process used; the wall clock also counts whoever
else has the machine.
"""

import asyncio
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter, process_time
from uuid import UUID

from app.db.arkiv import Lager
from app.klokke import naa
from app.sandbox.standard import FJORDVIK
from app.services.brev.brev import vedtaksbrev, vedtaksutkast
from app.services.brev.innhold import Spraak
from app.services.brev.trykk import trykk_naa
from app.services.sak.drift import Kall, Saksdrift, eget_kall
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import ny_database
from tests.saker.historie import langtidssak
from tests.saker.verden import Verden, tjeneste
from tests.services.brev.dokumenter import dokument

RUNDER = 60
MAAL_MS = 50
_TIL_MS = 1000

Maalt = list[tuple[float, float]]
"""Processor time and wall clock of each, seconds."""


def _sett() -> Maalt:
    """Every letter another one: the typesetter remembers what it has seen."""
    maalt = []
    for nr in range(RUNDER):
        ett = dokument(f"Begrunnelse nummer {nr}, som ikke er skrevet før.", navn=f"Oppdiktet Navn {nr}")
        start, kjerne = perf_counter(), process_time()
        trykk_naa(ett)
        maalt.append((process_time() - kjerne, perf_counter() - start))
    return maalt


async def _gjennom(verden: Verden) -> dict[str, Maalt]:
    drift: Saksdrift = verden.app.state.saksdrift
    person = {"personidentifikator": verden.ident("enslig-pensjonist")}
    svar = (await verden.post("/api/v1/saker", langtidssak(person, 2025))).json()
    sak, beregning = UUID(svar["sak"]["id"]), UUID(svar["beregning"]["id"])
    inn = {"beregningId": str(beregning), "fra": "2025-01-01"}
    vedtak = UUID((await verden.post(f"/api/v1/saker/{sak}/vedtak", inn)).json()["id"])

    def kall() -> Kall:
        return eget_kall(drift.hjemmel, FJORDVIK, "maaling", naa())

    async def glem(lager: Lager) -> None:
        await lager.brev.slett(sak)

    async def nytt() -> None:
        await vedtaksbrev(drift, kall(), sak, vedtak, Spraak.NB)

    async def foer() -> None:
        async with drift.arkiv.skriv(FJORDVIK) as lager:
            await glem(lager)

    async def utkast() -> None:
        await vedtaksutkast(drift, kall(), sak, beregning, Spraak.NB)

    return {
        "Nytt vedtaksbrev, lest, satt, kryptert, lagret og notert": await _mange(nytt, foer),
        "Samme brev om igjen, lest og notert": await _mange(nytt),
        "Utkast": await _mange(utkast),
    }


async def _mange(
    gjoer: Callable[[], Awaitable[None]], foer: Callable[[], Awaitable[None]] | None = None
) -> Maalt:
    maalt = []
    for _ in range(RUNDER):
        if foer is not None:
            await foer()
        start, kjerne = perf_counter(), process_time()
        await gjoer()
        maalt.append((process_time() - kjerne, perf_counter() - start))
    return maalt


def _resultater(hva: str, maalt: Maalt) -> tuple[Resultat, ...]:
    kjerne, vegg = (sorted(tid * _TIL_MS for tid in tider) for tider in zip(*maalt[5:], strict=True))
    p95 = int(len(vegg) * 0.95)
    return (
        Resultat(f"{hva}: regnetid", median(kjerne), "ms", hoeyst=MAAL_MS),
        Resultat(f"{hva}: på klokken", median(vegg), "ms", hoeyst=MAAL_MS),
        Resultat(f"{hva}: på klokken, p95", vegg[p95], "ms"),
    )


async def _tjeneste(database: str) -> dict[str, Maalt]:
    async with tjeneste(database) as verden:
        return await _gjennom(verden)


def main() -> None:
    """Measure and print."""
    krev = krev_er_bedt_om("Måler hva et brev koster.")
    alle = {"Setting av et brev ingen har sett": _sett(), **asyncio.run(_tjeneste(ny_database("sqlite")))}
    skriv([rad for hva, maalt in alle.items() for rad in _resultater(hva, maalt)], krev)


if __name__ == "__main__":
    main()
