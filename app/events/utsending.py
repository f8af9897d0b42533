"""The loop that sends webhooks. What one attempt is, stands in ``app.services.webhooker.sending``."""

import asyncio
from typing import Final

from app.db.lederskap import Mandat
from app.db.webhookutsending import Utboks
from app.services.sak.drift import Saksdrift
from app.services.webhooker.sending import Utsender
from app.settings.webhooker import Webhooker

MANDAT: Final = "utsending"


class Utsending:
    """Sends for as long as the mandate is held.

    Args:
        utsender: sends.
        sekunder_mellom: seconds between each time it is looked for something to send.
    """

    def __init__(self, utsender: Utsender, sekunder_mellom: float) -> None:
        self._utsender = utsender
        self._sekunder_mellom = sekunder_mellom

    async def kjoer(self, mandat: Mandat) -> None:
        """Look for what is due, again and again; a receiver that is still being sent to goes on by itself.

        Raises:
            MandatTaptError: somebody else sends now.
            DatabaseError: nothing can be read or kept; begin again later.
        """
        baner: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                await self._start(mandat, baner)
                await asyncio.sleep(self._sekunder_mellom)
        finally:
            for bane in baner.values():
                bane.cancel()
            await asyncio.gather(*baner.values(), return_exceptions=True)

    async def toem(self, mandat: Mandat) -> None:
        """Send what is due now, and be done."""
        baner: dict[str, asyncio.Task[None]] = {}
        await self._start(mandat, baner)
        await asyncio.gather(*baner.values())

    async def _start(self, mandat: Mandat, baner: dict[str, asyncio.Task[None]]) -> None:
        for vert in [vert for vert, bane in baner.items() if bane.done()]:
            await baner.pop(vert)  # What it ended with is ours.
        for vert in await self._utsender.mottakere():
            if vert not in baner:
                baner[vert] = asyncio.create_task(self._utsender.bane(mandat, vert))


def lag_utsending(drift: Saksdrift, valg: Webhooker) -> Utsending:
    """The loop of a service."""
    arkiv = drift.arkiv
    utsender = Utsender(Utboks(arkiv.database, arkiv.ring), valg, drift.webhookvakt)
    return Utsending(utsender, valg.sekunder_mellom)
