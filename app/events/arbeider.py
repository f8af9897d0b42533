"""Does what events have ordered, until nothing more is due: several persons at a time, one process at a time."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from typing import Final

from app.db.arbeidskoe import Forfalt
from app.db.lederskap import Mandat, MandatTaptError
from app.db.motor import OpptattError
from app.services.oppfoelging.forsoek import Forsoeksplan
from app.services.oppfoelging.oppfoelger import Oppfoelger
from app.services.oppslag import Oppslag
from app.services.sak.drift import Saksdrift
from app.settings.hendelser import Hendelser

MANDAT: Final = "arbeid"
"""The right to do it."""

_SAMTIDIGE: Final = 8
"""Persons at a time: a little more than the calls an API takes, so that none of those stands idle."""
_BOLK: Final = 64
_HVER: Final = 5
"""How often the same work may come back within one run. It may be ordered anew meanwhile, but not for ever."""


@dataclass(frozen=True, slots=True)
class Runde:
    """What one run came to."""

    gjort: int
    sviktet: int


class Arbeider:
    """One process' worker.

    Args:
        drift: what is at hand.
        oppslag: the look-ups.
        valg: how long cases are followed.
        plan: when to try again.
    """

    def __init__(
        self, drift: Saksdrift, oppslag: Oppslag, valg: Hendelser, plan: Forsoeksplan | None = None
    ) -> None:
        self._oppfoelger: Final = Oppfoelger(drift, oppslag, valg, plan or Forsoeksplan(random.random))

    async def arbeid(self, mandat: Mandat) -> None:
        """One run, as the plan has it done."""
        await self.kjoer(mandat)

    async def kjoer(self, mandat: Mandat | None) -> Runde:
        """Everything that is due now.

        Args:
            mandat: the right to it; without one, nobody else may be at it (tests, the command line).

        Raises:
            MandatTaptError: somebody else does this now.
            OpptattError: the database could not be reached.
        """
        sett: Counter[Forfalt] = Counter()
        gjort = 0
        while bolk := [en for en in await self._oppfoelger.forfalt(_BOLK) if sett[en] < _HVER]:
            sett.update(bolk)
            gjort += await self._en_bolk(bolk, mandat)
        return Runde(gjort=gjort, sviktet=sett.total() - gjort)

    async def _en_bolk(self, bolk: list[Forfalt], mandat: Mandat | None) -> int:
        plass = asyncio.Semaphore(_SAMTIDIGE)

        async def en(forfalt: Forfalt) -> bool:
            async with plass:
                return await self._oppfoelger.gjoer(forfalt, mandat)

        try:
            async with asyncio.TaskGroup() as gruppe:
                oppgaver = [gruppe.create_task(en(forfalt)) for forfalt in bolk]
        except* (MandatTaptError, OpptattError) as feil:
            raise feil.exceptions[0] from None
        return sum(oppgave.result() for oppgave in oppgaver)
