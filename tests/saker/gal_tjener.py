"""A service that is wrong on purpose: the answer is kept in a transaction of its own after the effect's.

It is what an idempotency layer outside the use cases would do. Killed in between, the effect stands and the key
is not known, so the repeat does it once more. The proof must see that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from app.cli import tjener
from app.db.arkiv import Arkiv, Lager
from app.services import gjentak
from app.settings import Settings


def kode(mellomrom: float = 0.02) -> str:
    """What a process runs to be this service.

    Args:
        mellomrom: seconds between the two transactions, as on a machine with much to do.
    """
    return f"from tests.saker.gal_tjener import kjoer; kjoer({mellomrom})"


async def _etterpaa(
    arkiv: Arkiv,
    kommune: str,
    forbered: Callable[[], Awaitable[gjentak.Lagring]],
    behold: Callable[[Lager, gjentak.Gjensvar], Awaitable[None]],
    *,
    mellomrom: float,
) -> gjentak.Gjensvar:
    lagring = await forbered()
    async with arkiv.skriv(kommune) as lager:
        svar = await lagring(lager)
    await asyncio.sleep(mellomrom)
    async with arkiv.skriv(kommune) as lager:
        await behold(lager, svar)
    return svar


def kjoer(mellomrom: float) -> None:
    """Serve, wrongly."""
    gjentak._utfoer = partial(_etterpaa, mellomrom=mellomrom)
    tjener.kjoer(Settings())
