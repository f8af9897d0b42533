"""What the service does by itself, and when. Every job has a mandate, so that one process at a time does it."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app import klokke
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap
from app.db.motor import Database
from app.events.arbeider import MANDAT as ARBEID
from app.events.arbeider import Arbeider
from app.events.avstemming import Nattavstemming
from app.events.leder import Arbeid, Leder
from app.events.masse import Massekjoerer
from app.events.mottak import Mottak
from app.events.utsending import MANDAT as UTSENDING
from app.events.utsending import lag_utsending
from app.services.hendelser.lister import MANDAT
from app.services.sak.drift import Saksdrift
from app.settings import Settings

_logg = structlog.get_logger("egenandel.plan")

_SEKUNDER_MELLOM_VAKT: Final = 1.0
_VAKT_PER_LEDERTID: Final = 4
_SEKUNDER_MELLOM_ARBEID: Final = 5
_SEKUNDER_MELLOM_START: Final = 1
"""Until what goes on for as long as the mandate is held, is begun again after a fault."""

# It tells of every run, and of every run that is left out because the one before is not over; and of one that fails
# with all it was about. What fails is told by us, by its type.
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Jobb:
    """Something to be done again and again, by one process at a time."""

    navn: str
    """The mandate's, at most 40 characters."""
    naar: BaseTrigger
    arbeid: Arbeid
    straks: bool = True
    """Whether it is also done as soon as the mandate is taken, not only when it is due."""


Sidemaaler = Callable[[Liste, int], None]
"""Told of every page of a list that is read, and how many events were on it."""


def _maaler_ikke(_: Liste, __: int) -> None:
    """Nobody counts."""


def jobber(settings: Settings, drift: Saksdrift, maal: Sidemaaler = _maaler_ikke) -> list[Jobb]:
    """Every job of the service. A new one is one line here."""
    masse, natt = Massekjoerer(drift), Nattavstemming(settings, drift)
    egne = [
        Jobb(Massekjoerer.MANDAT, IntervalTrigger(seconds=Massekjoerer.SEKUNDER_MELLOM), masse.kjoer),
        Jobb(
            UTSENDING,
            IntervalTrigger(seconds=_SEKUNDER_MELLOM_START),
            lag_utsending(drift, settings.webhooker).kjoer,
        ),
        Jobb(Nattavstemming.MANDAT, IntervalTrigger(seconds=Nattavstemming.SEKUNDER_MELLOM), natt.kjoer),
    ]
    oppslag = drift.oppslag
    if oppslag is None:
        return egne
    valg = settings.hendelser
    return [
        *egne,
        *(
            Jobb(
                MANDAT[liste],
                IntervalTrigger(seconds=valg.sekunder_mellom),
                Mottak(
                    liste, drift.arkiv, oppslag, valg, meld=lambda lest: maal(lest.liste, lest.sist)
                ).kjoer,
            )
            for liste in Liste
        ),
        Jobb(ARBEID, IntervalTrigger(seconds=_SEKUNDER_MELLOM_ARBEID), Arbeider(drift, oppslag, valg).arbeid),
    ]


def lag_plan(settings: Settings, drift: Saksdrift, maal: Sidemaaler = _maaler_ikke) -> "Plan | None":
    """The jobs of this process, not yet started; nothing when it is to do nothing by itself."""
    if not settings.hendelser.paa:
        return None
    return Plan(drift.arkiv.database, jobber(settings, drift, maal), settings.hendelser.ledertid)


class Plan:
    """The jobs of one process.

    Progress is in the database; what is kept here is only when to look next.

    Args:
        database: where the mandates are.
        jobber: what to do.
        ledertid: seconds until another takes over for a process that is gone.
    """

    def __init__(self, database: Database, jobber: Iterable[Jobb], ledertid: float) -> None:
        lederskap = Lederskap(database, ledertid)
        self._jobber: Final = [(jobb, Leder(lederskap, jobb.navn, ledertid)) for jobb in jobber]
        self._ledertid: Final = ledertid
        self._klokke: Final = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; returns at once."""
        for jobb, leder in self._jobber:
            self._klokke.add_job(_gjoer, jobb.naar, args=(jobb, leder), id=jobb.navn)
            self._klokke.add_job(
                self._vokt,
                "interval",
                seconds=min(_SEKUNDER_MELLOM_VAKT, self._ledertid / _VAKT_PER_LEDERTID),
                next_run_time=klokke.naa(),
                args=(jobb, leder),
                id=f"vakt-{jobb.navn}",
            )
        self._klokke.start()

    async def stopp(self) -> None:
        """Break off what is under way and let go of every mandate. Nothing more happens when it has stopped."""
        if not self._klokke.running:
            return
        self._klokke.pause()
        for _, leder in self._jobber:
            await leder.slipp()
        self._klokke.shutdown(wait=False)
        await asyncio.sleep(0)  # It only asks the loop to do it.

    async def _vokt(self, jobb: Jobb, leder: Leder) -> None:
        if await leder.vokt() and jobb.straks:
            self._klokke.modify_job(jobb.navn, next_run_time=klokke.naa())


async def _gjoer(jobb: Jobb, leder: Leder) -> None:
    try:
        await leder.kjoer(jobb.arbeid)
    except Exception as feil:
        # The next run tries again. The text may hold anything; the type says where to look.
        _logg.error("en jobb stoppet", jobb=jobb.navn, feiltype=type(feil).__name__)
