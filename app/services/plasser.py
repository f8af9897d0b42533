"""Five calls in flight per API and enterprise, over every process: the client's ``Limiter`` on a shared database."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from app.db.motor import Database, DatabaseError
from app.db.oppslagsplasser import Oppslagsplasser, Plass
from app.skatt_client import MAX_IN_FLIGHT, Clock, IngenPlassError, SystemClock

LEVETID: Final = 90.0
"""Seconds; a call is given up after 60, so a place is never lost while its call is still in flight."""
TAALMODIGHET: Final = 30.0
"""Seconds to wait for a place."""
_VENT: Final = 0.05
_LENGSTE_VENT: Final = 0.5

_logg = structlog.get_logger("egenandel.oppslag")


class DelteLimiter:
    """Places shared by all processes, with a line of our own before them so that one process asks once per call.

    Args:
        plasser: the shared places.
        clock: time.
        taalmodighet: seconds to wait for a place.
    """

    def __init__(
        self, plasser: Oppslagsplasser, clock: Clock | None = None, taalmodighet: float = TAALMODIGHET
    ) -> None:
        self._plasser = plasser
        self._clock = clock or SystemClock()
        self._taalmodighet = taalmodighet
        self._koe: defaultdict[tuple[str, str], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MAX_IN_FLIGHT)
        )

    @asynccontextmanager
    async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
        """Wait for a place and hold it for the block.

        Raises:
            IngenPlassError: none came free in time, or the database could not be asked.
        """
        async with self._koe[api, virksomhet]:
            plass = await self._vent_paa(virksomhet, api)
            try:
                yield
            finally:
                await asyncio.shield(self._slipp(plass))

    async def _vent_paa(self, virksomhet: str, api: str) -> Plass:
        frist = self._clock.monotonic() + self._taalmodighet
        vent = _VENT
        while True:
            try:
                plass = await self._plasser.ta(virksomhet, api)
            except DatabaseError as feil:
                # Without the count we cannot know that we are within it.
                raise IngenPlassError(str(feil)) from None
            if plass is not None:
                return plass
            if self._clock.monotonic() + vent > frist:
                raise IngenPlassError(api)
            await self._clock.sleep(vent)
            vent = min(vent * 2, _LENGSTE_VENT)

    async def _slipp(self, plass: Plass) -> None:
        try:
            await self._plasser.slipp(plass)
        except DatabaseError as feil:
            _logg.warning(
                "plassen ble ikke gitt tilbake og løper ut av seg selv", feiltype=type(feil).__name__
            )


def delt_limiter(database: Database) -> DelteLimiter:
    """The limit of every process on one database."""
    return DelteLimiter(Oppslagsplasser(database, MAX_IN_FLIGHT, LEVETID))
