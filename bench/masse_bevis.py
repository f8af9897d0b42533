"""A quarter of a million cases calculated again under a new G: dry, dry once more, for real, and once more."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app import klokke
from app.db.lager.massekjoeringer import Massekjoering
from app.sandbox.standard import FJORDVIK
from app.services.masse import toerr
from app.services.masse.bestilling import NyMassekjoering, bestill, bestill_kjoering
from app.services.masse.fullfoer import fullfoer
from app.services.masse.gang import systemkall
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.masse.stand import Stand, les_stand
from app.services.sak.drift import Saksdrift
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, ny_database
from tests.saker.massesaker import AAR, fyll_kommunen, saksdrift

SAKER: Final = int(os.environ.get("MASSE_SAKER", "250000"))
MALER: Final = 2_000
HOEYST: Final = {"sqlite": 60.0, "postgresql": 90.0}
"""Seconds for 250 000 cases on two cores."""
_HELE: Final = 250_000


class Stoppeklokke:
    """Seconds by what they went to."""

    def __init__(self) -> None:
        self.gikk: dict[str, float] = {}

    @contextmanager
    def ta(self, hva: str) -> Iterator[None]:
        """Add what happens in the block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.gikk[hva] = self.gikk.get(hva, 0.0) + time.perf_counter() - start

    @contextmanager
    def rundt_delene(self) -> Iterator[None]:
        """Time the parts of a dry run within the block."""
        deler = {"_les": "lest", "vurder": "regnet", "_lagre": "lagret"}
        egne = {navn: getattr(toerr, navn) for navn in deler}
        for navn, hva in deler.items():
            setattr(toerr, navn, self.rundt(hva, egne[navn]))
        try:
            yield
        finally:
            for navn, funksjon in egne.items():
                setattr(toerr, navn, funksjon)

    def rundt(self, hva: str, funksjon: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same function, timed."""

        async def maalt(*posisjon: Any, **navngitt: Any) -> Any:
            with self.ta(hva):
                return await funksjon(*posisjon, **navngitt)

        return maalt


async def toerrkjoer(drift: Saksdrift, regnere: Regnere) -> Massekjoering:
    """A dry run of the new G."""
    kall = systemkall(drift, FJORDVIK, klokke.naa())
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        ny = await bestill(lager, kall, NyMassekjoering(slag=Masseslag.NY_G, aar=AAR))
    return await fullfoer(drift, FJORDVIK, ny.id, regnere)


async def kjoer_den(drift: Saksdrift, regnere: Regnere, id_: UUID) -> Massekjoering:
    """The run itself."""
    kall = systemkall(drift, FJORDVIK, klokke.naa())
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        await bestill_kjoering(lager, kall, id_)
    return await fullfoer(drift, FJORDVIK, id_, regnere)


async def antall_beregninger(drift: Saksdrift) -> int:
    """Calculations stored."""
    async with drift.arkiv.les(FJORDVIK) as lager:
        return await lager.massesaker.antall_beregninger(AAR)


def kjernetid() -> float:
    """Seconds of processor that this process and those it started have had."""
    alle = [os.getpid(), *(barn.pid for barn in active_children() if barn.pid is not None)]
    return sum(_kjernetid(pid) for pid in alle)


def _kjernetid(pid: int) -> float:
    felt = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(felt[11]) + int(felt[12])) / os.sysconf("SC_CLK_TCK")


async def bevis(motor: str, url: str, antall: int) -> list[Resultat]:
    """Everything on one database."""
    klokke_ = Stoppeklokke()
    with klokke_.rundt_delene():
        return await _bevis(motor, url, antall, klokke_)


async def _bevis(motor: str, url: str, antall: int, klokke_: Stoppeklokke) -> list[Resultat]:
    hoeyst = HOEYST[motor] if antall == _HELE else None
    resultater = []

    def noter(hva: str, verdi: float, enhet: str = "s", **maal: Any) -> None:
        resultater.append(Resultat(f"{motor}: {hva}", verdi, enhet, **maal))

    async with saksdrift(url) as drift, Regnere() as regnere:
        await fyll_kommunen(drift, antall, MALER)
        start, kjerner = time.perf_counter(), kjernetid()
        foerste = await toerrkjoer(drift, regnere)
        tid = time.perf_counter() - start
        stand: Stand = les_stand(foerste.innhold)
        endret = sum(stand.antall.values())
        noter("saker regnet om", stand.sett, "saker", minst=antall)
        noter("  av dem blir annerledes", endret, "saker")
        noter("  regnet om med differanseliste", tid, hoeyst=hoeyst)
        # They go on at once, so they come to more than the whole.
        for hva, sekunder in klokke_.gikk.items():
            noter(f"    {hva}, om hverandre", sekunder)
        noter("    kjernetid, alle prosesser", kjernetid() - kjerner)
        start = time.perf_counter()
        await kjoer_den(drift, regnere, foerste.id)
        noter("lagret med tre, oppgave og register", time.perf_counter() - start)
        foer = await antall_beregninger(drift)
        noter("  nye beregninger", foer - antall, "rader", minst=endret, hoeyst=endret)
        start = time.perf_counter()
        igjen = await toerrkjoer(drift, regnere)
        await kjoer_den(drift, regnere, igjen.id)
        noter("om igjen", time.perf_counter() - start)
        rader = sum(les_stand(igjen.innhold).antall.values()) + await antall_beregninger(drift) - foer
        noter("  rader, beregninger og oppgaver lagret", rader, "rader", hoeyst=0)
    return resultater


def main() -> None:
    """Do it on both databases and print the account."""
    krev = krev_er_bedt_om("Måler hvor fort alle sakene regnes om, og at det samme om igjen ikke lagrer noe.")
    print(f"{SAKER} saker, {os.cpu_count()} kjerner, last {os.getloadavg()[0]:.1f}.")
    resultater = []
    for motor in MOTORER:
        resultater += asyncio.run(bevis(motor, ny_database(motor), SAKER))
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
