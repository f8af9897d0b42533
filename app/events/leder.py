"""Doing something alone: only while the mandate is held, and let go of it at once when told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Final

import structlog

from app.db.lederskap import Lederskap, Mandat, MandatTaptError
from app.db.motor import DatabaseError

_logg = structlog.get_logger("egenandel.leder")

Arbeid = Callable[[Mandat], Awaitable[None]]
"""What is done under a mandate. Every transaction in it demands the mandate (``app.db.lederskap.krev``)."""

_FORNYELSER: Final = 3
"""Renewals within the life of a mandate, so that one that fails is not the end of it."""


class Leder:
    """One process' part in one mandate.

    ``vokt`` is called again and again, about once a second; ``kjoer`` when there may be something to do.

    Args:
        lederskap: the mandates all processes share.
        navn: the mandate's.
        levetid: seconds it lasts without being renewed.
    """

    def __init__(self, lederskap: Lederskap, navn: str, levetid: float) -> None:
        self.navn: Final = navn
        self._lederskap: Final = lederskap
        self._levetid: Final = levetid
        self._mandat: Mandat | None = None
        self._fornyet = 0.0
        self._i_gang: asyncio.Future[None] | None = None
        self._tur: Final = asyncio.Lock()
        self._slipper = False
        self._sluppet = False

    @property
    def mandat(self) -> Mandat | None:
        """The mandate, while it is ours as far as we know."""
        return self._mandat

    async def vokt(self) -> bool:
        """Take the mandate if it is free, or renew it in time; whether it became ours now."""
        async with self._tur:
            if self._sluppet:
                return False
            try:
                return await self._ta() if self._mandat is None else await self._forny(self._mandat)
            except DatabaseError as feil:
                _logg.warning("mandatet kunne ikke tas eller fornyes", navn=self.navn, feil=str(feil))
                if self._mandat is not None and monotonic() - self._fornyet >= self._levetid:
                    # It has run out, and another may have it: what we do from here on is refused anyway.
                    self._mist()
                return False

    async def _ta(self) -> bool:
        foer = monotonic()
        self._mandat = await self._lederskap.ta(self.navn)
        self._fornyet = foer
        return self._mandat is not None

    async def _forny(self, mandat: Mandat) -> bool:
        foer = monotonic()
        if foer - self._fornyet >= self._levetid / _FORNYELSER:
            if await self._lederskap.forny(mandat):
                self._fornyet = foer
            else:
                self._mist()
        return False

    async def kjoer(self, arbeid: Arbeid) -> None:
        """Do it if the mandate is ours. What is under way when the mandate is lost, is broken off."""
        mandat = self._mandat
        if mandat is None:
            return
        self._i_gang = asyncio.ensure_future(arbeid(mandat))
        try:
            await self._i_gang
        except MandatTaptError:
            self._mist()
        except asyncio.CancelledError:
            if self._mandat is mandat and not self._slipper:
                # It is we who are told to stop, not the work that was broken off.
                raise
        finally:
            self._i_gang = None

    async def slipp(self) -> None:
        """Break off what is under way, let the next one in at once, and take no mandate again."""
        self._slipper = True
        if self._i_gang is not None:
            self._i_gang.cancel()
            # Whatever it ends with, its transaction is over; what it was is told where it was started.
            await asyncio.wait([self._i_gang])
        async with self._tur:
            mandat, self._mandat, self._sluppet = self._mandat, None, True
            if mandat is not None:
                with suppress(DatabaseError):
                    await self._lederskap.slipp(mandat)

    def _mist(self) -> None:
        _logg.warning("mandatet er tapt", navn=self.navn)
        self._mandat = None
        if self._i_gang is not None:
            self._i_gang.cancel()


async def alene(lederskap: Lederskap, navn: str, levetid: float, arbeid: Arbeid) -> bool:
    """Do something once under a mandate, renewed meanwhile; whether the mandate could be had and held.

    Args:
        lederskap: the mandates all processes share.
        navn: the mandate's.
        levetid: seconds it lasts without being renewed.
        arbeid: what to do.
    """
    leder = Leder(lederskap, navn, levetid)
    if not await leder.vokt():
        return False
    vakt = asyncio.create_task(_hold(leder, levetid))
    try:
        await leder.kjoer(arbeid)
        return leder.mandat is not None
    finally:
        vakt.cancel()
        await leder.slipp()


async def _hold(leder: Leder, levetid: float) -> None:
    while leder.mandat is not None:
        await asyncio.sleep(levetid / _FORNYELSER)
        await leder.vokt()
