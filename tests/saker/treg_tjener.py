"""The service with a pause between what it stores and what it answers, so that a stop falls there for somebody.

It can be made to end at once when it is told to, which is wrong: what was stored in the pause, nobody is told of.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable

from app.cli import tjener
from app.db.arkiv import Arkiv, Lager
from app.services import gjentak
from app.settings import Settings

_PAUSE = 0.1
"""Seconds; a request takes about half of it by itself."""


def kode(*, braa: bool = False) -> str:
    """What a process runs to be this service.

    Args:
        braa: it ends at once on SIGTERM.
    """
    return f"from tests.saker.treg_tjener import kjoer; kjoer({braa})"


def kjoer(braa: bool) -> None:
    """Serve, slowly."""
    ekte = gjentak._utfoer

    async def utfoer(
        arkiv: Arkiv,
        kommune: str,
        forbered: Callable[[], Awaitable[gjentak.Lagring]],
        behold: Callable[[Lager, gjentak.Gjensvar], Awaitable[None]],
    ) -> gjentak.Gjensvar:
        svar = await ekte(arkiv, kommune, forbered, behold)
        await asyncio.sleep(_PAUSE)
        return svar

    gjentak._utfoer = utfoer
    if braa:
        tjener.Tjener.handle_exit = lambda *_: os._exit(0)  # type: ignore[method-assign]
    tjener.kjoer(Settings())
