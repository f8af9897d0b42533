"""Three processes on one database, and the one that leads is killed or held up again and again."""

import asyncio
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from app.db.arkiv import Arkiv
from app.db.lederskap import Mandat, MandatTaptError
from app.db.motor import Database
from app.events.plan import Jobb, Plan
from app.services.hendelser.lister import MANDAT
from tests.baser import RING, ny_database
from tests.events.drap import Oppgave, arkiv_gjoer
from tests.events.liste import Listetjener, fasit, jevn
from tests.events.verden import LISTE, foelg, koblet, mottak, stand
from tests.skatt_client.falske import Svar

_SAMTIDIG: Final = multiprocessing.get_context("forkserver")
_SAMTIDIG.set_forkserver_preload(["tests.events.ledere"])
PROSESSER: Final = 3
LEDERTID: Final = 2
_FRIST: Final = 60.0

_LOGG_SQLITE: Final = (
    "CREATE TABLE logg (nr INTEGER PRIMARY KEY, mandat INTEGER, neste INTEGER, ms INTEGER)",
    "CREATE TRIGGER logg AFTER UPDATE ON hendelsesliste BEGIN INSERT INTO logg (mandat, neste, ms) VALUES "
    "(NEW.mandat, NEW.neste, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)); END",
)
_LOGG_POSTGRESQL: Final = (
    "CREATE TABLE logg (nr BIGSERIAL PRIMARY KEY, mandat BIGINT, neste BIGINT, ms BIGINT)",
    "CREATE FUNCTION logg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO logg (mandat, neste, ms) "
    "VALUES (NEW.mandat, NEW.neste, extract(epoch FROM clock_timestamp()) * 1000); RETURN NULL; END $$",
    "CREATE TRIGGER logg AFTER UPDATE ON hendelsesliste FOR EACH ROW EXECUTE FUNCTION logg()",
)
"""Every move of the place in the list, in the order they were made."""


@dataclass(slots=True)
class Lederutfall:
    """What came of it."""

    drept: int = 0
    oppholdt: int = 0
    overtakelser: list[float] = field(default_factory=list)
    """Seconds from the kill to the first move under a new mandate."""
    avvist: int = 0
    """Pages read by one who had lost the mandate meanwhile."""
    flyttinger: int = 0
    utdatert: int = 0
    """Moves under an older mandate than one that had moved before."""
    tapt_eller_doble: int = 0

    @property
    def lengst(self) -> float:
        """The slowest."""
        return max(self.overtakelser)


def _prosess(url: str, oppgave: Oppgave, nr: int, holder: Any, opphold: Any, avvist: Any) -> None:
    asyncio.run(_lev(url, oppgave, nr, holder, opphold, avvist))


async def _lev(url: str, oppgave: Oppgave, nr: int, holder: Any, opphold: Any, avvist: Any) -> None:
    def hold_opp(fra: int, antall: int) -> Svar | None:
        if opphold[nr]:
            opphold[nr] = 0
            time.sleep(LEDERTID * 2.5)  # Everything stands, the renewing of the mandate too.
        return None

    arkiv = Arkiv(Database(url), RING)
    tjener = Listetjener(jevn(oppgave.hendelser, oppgave.identer), hold_opp)
    async with koblet(tjener) as (oppslag, clock):
        leser = mottak(arkiv, oppslag, clock, sidestoerrelse=oppgave.side)

        async def arbeid(mandat: Mandat) -> None:
            holder[nr] = mandat.nr
            try:
                await leser.les(mandat)
            except MandatTaptError:
                avvist[nr] += 1
                raise

        plan = Plan(arkiv.database, [Jobb(MANDAT[LISTE], IntervalTrigger(seconds=1), arbeid)], LEDERTID)
        plan.start()
        await asyncio.Event().wait()


def proev(motor: str, oppgave: Oppgave, drap: int, opphold: int) -> Lederutfall:
    """Kill the leader so many times, and hold it up for longer than the mandate lasts so many."""
    utfall = Lederutfall()
    url = ny_database(motor)
    arkiv_gjoer(url, lambda arkiv: foelg(arkiv, oppgave.foelges))
    arkiv_gjoer(url, _loggfoer)
    holder, opphold_, avvist = (_SAMTIDIG.Array("l", PROSESSER) for _ in range(3))

    def start(nr: int) -> Any:
        holder[nr] = 0
        prosess = _SAMTIDIG.Process(target=_prosess, args=(url, oppgave, nr, holder, opphold_, avvist))
        prosess.start()
        return prosess

    prosesser = [start(nr) for nr in range(PROSESSER)]
    try:
        for gang in range(drap + opphold):
            leder, mandat = _finn_leder(url, holder)
            begynte = time.time()
            if gang % (drap + opphold) < drap:
                os.kill(prosesser[leder].pid, signal.SIGKILL)
                utfall.drept += 1
                utfall.overtakelser.append(_vent_paa_ny(url, mandat) - begynte)
                prosesser[leder].join()
                prosesser[leder] = start(leder)
            else:
                opphold_[leder] = 1
                utfall.oppholdt += 1
                _vent_paa_ny(url, mandat)
        time.sleep(LEDERTID * 3)  # Those held up have tried what they were in the middle of.
    finally:
        for prosess in prosesser:
            prosess.kill()
            prosess.join()
    utfall.avvist = sum(avvist[:])
    rader = arkiv_gjoer(url, _logg)
    utfall.flyttinger = len(rader)
    utfall.utdatert = sum(b < a for (a, _), (b, _) in pairwise(rader))
    naa = arkiv_gjoer(url, lambda arkiv: stand(arkiv, oppgave.identer))
    rett = fasit(jevn(oppgave.hendelser, oppgave.identer), oppgave.foelges)
    utfall.tapt_eller_doble = len(naa.hendelser ^ {en for en in rett.hendelser if en[1] < naa.neste})
    return utfall


def _finn_leder(url: str, holder: Any) -> tuple[int, int]:
    """Which process has moved the place in the list under the newest mandate."""
    frist = time.monotonic() + _FRIST
    while time.monotonic() < frist:
        rader = arkiv_gjoer(url, _logg)
        if rader and (nyeste := rader[-1][0]) in list(holder):
            return list(holder).index(nyeste), nyeste
        time.sleep(0.02)
    raise RuntimeError("ingen tok over")


def _vent_paa_ny(url: str, mandat: int) -> float:
    """When the place was first moved under a newer mandate, in seconds since 1970."""
    frist = time.monotonic() + _FRIST
    while time.monotonic() < frist:
        for nr, ms in arkiv_gjoer(url, _logg):
            if nr > mandat:
                return float(ms) / 1000
        time.sleep(0.02)
    raise RuntimeError("ingen tok over")


async def _loggfoer(arkiv: Arkiv) -> None:
    async with arkiv.database.skriv() as forbindelse:
        for setning in _LOGG_SQLITE if arkiv.database.er_sqlite else _LOGG_POSTGRESQL:
            await forbindelse.exec_driver_sql(setning)


async def _logg(arkiv: Arkiv) -> list[tuple[int, int]]:
    async with arkiv.database.les() as forbindelse:
        svar = await forbindelse.execute(text("SELECT mandat, ms FROM logg ORDER BY nr"))
        return [(rad.mandat, rad.ms) for rad in svar]
