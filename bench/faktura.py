"""How long a large kommune takes to invoice a year, and how long everybody else waits meanwhile.

Run as ``python -m bench.faktura``.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from app.db.arkiv import Arkiv
from app.klokke import naa
from app.sandbox.standard import FJORDVIK
from app.services.faktura.fil import Filtype
from app.services.faktura.kjoering import FakturakjoeringUt, forbered_kjoering, lagre_kjoering, les_fil
from app.services.sak.drift import Kall, eget_kall
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, ny_database
from tests.saker.massesaker import AAR, fatt_vedtak, fyll_kommunen, saksdrift, skal_faktureres

SAKER: Final = 5_000
ULIKE: Final = 300
_FOERSTE: Final = f"{AAR}-01"
_SISTE: Final = f"{AAR}-12"
_MS: Final = 1_000


class Andre:
    """Everybody else in the same process: how long they wait for a turn, and for one to write."""

    def __init__(self, arkiv: Arkiv) -> None:
        self._arkiv = arkiv
        self.tur = self.skrive = 0.0

    async def tar_tur(self) -> None:
        """Ask for a turn again and again."""
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.01)
            self.tur = max(self.tur, time.perf_counter() - start - 0.01)

    async def skriver(self) -> None:
        """Ask to write in another kommune again and again."""
        while True:
            start = time.perf_counter()
            try:
                async with self._arkiv.skriv("310000000"):
                    pass
            finally:
                # Also when it never came to an end.
                self.skrive = max(self.skrive, time.perf_counter() - start)
            await asyncio.sleep(0.02)


async def _maal(motor: str, url: str) -> list[Resultat]:
    resultater: list[Resultat] = []

    async with saksdrift(url) as drift:
        await fyll_kommunen(drift, SAKER, ULIKE)
        await fatt_vedtak(drift)

        def kall() -> Kall:
            return eget_kall(drift.hjemmel, FJORDVIK, "bevis", naa())

        await skal_faktureres(drift, _FOERSTE)

        async def maal(hva: str, arbeid: Callable[[], Awaitable[Any]]) -> Any:
            andre = Andre(drift.arkiv)
            oppgaver = [asyncio.create_task(en) for en in (andre.tar_tur(), andre.skriver())]
            await asyncio.sleep(0.1)
            start = time.perf_counter()
            svar = await arbeid()
            brukt = time.perf_counter() - start
            for oppgave in oppgaver:
                oppgave.cancel()
                with suppress(asyncio.CancelledError):
                    await oppgave
            resultater.append(Resultat(f"{motor}: {hva}", brukt, "s"))
            resultater.append(Resultat("  andre ventet på tur, høyst", andre.tur * _MS, "ms"))
            resultater.append(Resultat("  andre ventet på å skrive, høyst", andre.skrive * _MS, "ms"))
            return svar

        async def kjoer() -> FakturakjoeringUt:
            klar = await forbered_kjoering(drift.arkiv, kall(), _SISTE)
            async with drift.arkiv.skriv(FJORDVIK) as lager:
                return await lagre_kjoering(lager, kall(), klar)

        async def hent(filtype: Filtype) -> bytes:
            return await les_fil(drift.arkiv, kall(), 1, filtype)

        foerste = await maal("et år fakturert", kjoer)
        resultater.append(Resultat("  linjer", foerste.antall, "linjer", minst=SAKER))
        for filtype in Filtype:
            await maal(f"filen som {filtype}", partial(hent, filtype))
        igjen = await maal("det samme om igjen", kjoer)
        resultater.append(Resultat("  linjer", igjen.antall, "linjer", hoeyst=0))
    return resultater


def main() -> None:
    """Both databases."""
    krev = krev_er_bedt_om("Måler fakturagrunnlaget for en stor kommune.")
    resultater = []
    for motor in MOTORER:
        resultater += asyncio.run(_maal(motor, ny_database(motor)))
    print(f"{SAKER} saker, tolv måneder.")
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
