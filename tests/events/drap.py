"""A list is read by a process that is killed again and again; two wrong designs are read the same way beside it.

The process is forked from one that has everything imported, so that a hundred of them can live and die in a minute.
"""

import asyncio
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

import app.events.mottak as mottak_modul
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Hendelsesmottak, Side, Tatt
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap, Mandat
from app.db.motor import Database
from app.db.tabeller import hendelse, hendelsesliste
from tests.baser import RING, ny_database
from tests.events.liste import Listetjener, fasit, jevn, personer
from tests.events.verden import FJORDVIK, SKOGLI, foelg, koblet, mottak, stand

_SAMTIDIG: Final = multiprocessing.get_context("forkserver")
_SAMTIDIG.set_forkserver_preload(["tests.events.drap"])
LEDERTID: Final = 0.05
"""Seconds; nobody else reads, and the next process is not to wait for a mandate nobody has."""


class PekerFoerst(Hendelsesmottak):
    """Wrong: what was to be done is lost when it dies between."""

    async def ta_imot(self, mandat: Mandat, liste: Liste, side: Side, naa: datetime, fulgt_fra: date) -> Tatt:
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(update(hendelsesliste).values(neste=side.neste, lest=naa))
        async with self._database.skriv() as forbindelse:
            return await self._ta_inn(forbindelse, liste, side, naa, fulgt_fra)


class PekerSist(Hendelsesmottak):
    """Wrong: what was done is done again when it dies between."""

    async def ta_imot(self, mandat: Mandat, liste: Liste, side: Side, naa: datetime, fulgt_fra: date) -> Tatt:
        async with self._database.skriv() as forbindelse:
            hvem = await self._fulgte(forbindelse, side, fulgt_fra)
            bestilt = [
                {
                    "kommune": kommune,
                    "person_id": person_id,
                    "liste": liste,
                    "aar": rad.aar,
                    "bestilt": 1,
                    "gjort": 0,
                    "grunn": "HENDELSE",
                    "slettet": False,
                    "ny_identitet": False,
                    "tilstand": "VENTER",
                    "forsoek": 0,
                    "neste_forsoek": naa,
                    "opprettet": naa,
                    "endret": naa,
                }
                for rad in side.hendelser
                for kommune, person_id in hvem.get(rad.person, ())
            ]
            if bestilt:
                await forbindelse.execute(self._bestilling, bestilt)
            inn = (sqlite if self._database.er_sqlite else postgresql).insert(hendelse)
            rader = [
                {
                    "kommune": kommune,
                    "liste": liste,
                    "sekvensnummer": rad.sekvensnummer,
                    "person_id": person_id,
                    "type": rad.type,
                    "mottatt": naa,
                }
                for rad in side.hendelser
                for kommune, person_id in hvem.get(rad.person, ())
            ]
            if rader:
                await forbindelse.execute(inn.on_conflict_do_nothing(), rader)
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(update(hendelsesliste).values(neste=side.neste, lest=naa))
        return Tatt()


UTGAVER: Final[Mapping[str, Callable[..., Hendelsesmottak]]] = {
    "riktig": Hendelsesmottak,
    "peker først": PekerFoerst,
    "peker sist": PekerSist,
}


@dataclass(frozen=True, slots=True)
class Oppgave:
    """What is read."""

    hendelser: int
    personer: int
    fulgt: int
    side: int
    uleselig_hver: int = 0

    @property
    def identer(self) -> list[str]:
        """Everybody on the list."""
        return personer(self.personer)

    @property
    def foelges(self) -> dict[str, list[str]]:
        """Those that are followed, some by both."""
        return {
            FJORDVIK: self.identer[: self.fulgt],
            SKOGLI: self.identer[self.fulgt // 2 : self.fulgt + self.fulgt // 2],
        }


@dataclass(slots=True)
class Utfall:
    """What came of it."""

    drap: int = 0
    tapt: int = 0
    doble: int = 0
    underveis: int = 0
    """Times the place in the list did not fit what was there, looked at after each kill."""
    ved_slutten: bool = False
    helt: str = ""
    sekunder: float = 0.0


def les_liste(url: str, oppgave: Oppgave, utgave: str, sider: Any) -> None:
    """Read to the end, in a process of its own; ``sider`` counts the pages."""
    asyncio.run(_les(url, oppgave, utgave, sider))


async def _les(url: str, oppgave: Oppgave, utgave: str, sider: Any) -> None:
    def tell(_: object) -> None:
        sider.value += 1

    vars(mottak_modul)["mottaket"] = lambda arkiv: UTGAVER[utgave](arkiv.database, arkiv.ring)
    arkiv = Arkiv(Database(url), RING)
    tjener = Listetjener(jevn(oppgave.hendelser, oppgave.identer, uleselig_hver=oppgave.uleselig_hver))
    leder, mandat = Lederskap(arkiv.database, LEDERTID), None
    while mandat is None:
        mandat = await leder.ta("drap")
    async with koblet(tjener) as (oppslag, clock):
        await mottak(arkiv, oppslag, clock, sidestoerrelse=oppgave.side).les(mandat, tell)
    await arkiv.database.lukk()


def proev(motor: str, oppgave: Oppgave, drap: int, utgave: str = "riktig", froe: int = 1) -> Utfall:
    """Let the list be read, kill the reader so many times, and let it be read to the end."""
    utfall, tilfeldig, start = Utfall(), Random(froe), time.perf_counter()
    url = ny_database(motor)
    arkiv_gjoer(url, lambda arkiv: foelg(arkiv, oppgave.foelges))
    rett = fasit(jevn(oppgave.hendelser, oppgave.identer), oppgave.foelges)
    per_drap = oppgave.hendelser / oppgave.side / (drap + 1)
    sider = _SAMTIDIG.Value("l", 0)
    sidetid = 0.05
    for _ in range(drap):
        foer, maal = sider.value, sider.value + int(tilfeldig.uniform(0.3, 1.2) * per_drap)
        leser = _SAMTIDIG.Process(target=les_liste, args=(url, oppgave, utgave, sider))
        leser.start()
        begynte = time.perf_counter()
        while sider.value < maal and leser.is_alive():
            time.sleep(0.0005)
        if sider.value > foer + 1:
            sidetid = (time.perf_counter() - begynte) / (sider.value - foer)
        time.sleep(tilfeldig.uniform(0, min(sidetid, 0.1)))
        # It may end by itself meanwhile; then it was not killed.
        leser.kill()
        leser.join()
        utfall.drap += leser.exitcode == -signal.SIGKILL
        arkiv_gjoer(url, _ro)
        tapt, doble = arkiv_gjoer(url, lambda arkiv: _avvik(arkiv, oppgave.identer, rett.hendelser))
        utfall.underveis += bool(tapt or doble)
    leser = _SAMTIDIG.Process(target=les_liste, args=(url, oppgave, utgave, sider))
    leser.start()
    leser.join()
    utfall.tapt, utfall.doble = arkiv_gjoer(url, lambda arkiv: _avvik(arkiv, oppgave.identer, rett.hendelser))
    utfall.ved_slutten = arkiv_gjoer(url, lambda arkiv: stand(arkiv, oppgave.identer)).neste == rett.neste
    utfall.helt = arkiv_gjoer(url, _helt)
    utfall.sekunder = time.perf_counter() - start
    return utfall


def arkiv_gjoer(url: str, oppgave: Callable[[Arkiv], Any]) -> Any:
    """Do something with the database."""

    async def alt() -> Any:
        arkiv = Arkiv(Database(url), RING)
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return asyncio.run(alt())


async def _avvik(arkiv: Arkiv, identer: Iterable[str], rette: set[tuple[str, int, str]]) -> tuple[int, int]:
    """Events before the place in the list that are missing, and effects more than once or too early."""
    naa = await stand(arkiv, identer)
    lest = {en for en in rette if en[1] < naa.neste}
    bestilt = sum(antall for antall, *_ in naa.arbeid.values())
    return len(lest - naa.hendelser), len(naa.hendelser - lest) + max(0, bestilt - len(naa.hendelser))


async def _ro(arkiv: Arkiv) -> None:
    """PostgreSQL may still be busy with what the killed process had sent."""
    if arkiv.database.er_sqlite:
        return
    andre = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while True:
        async with arkiv.database.les() as forbindelse:
            if not (await forbindelse.exec_driver_sql(andre)).scalar_one():
                return
        await asyncio.sleep(0.005)


async def _helt(arkiv: Arkiv) -> str:
    if not arkiv.database.er_sqlite:
        return "ok"
    async with arkiv.database.les() as forbindelse:
        svar: str = (await forbindelse.exec_driver_sql("PRAGMA integrity_check")).scalar_one()
    return svar
