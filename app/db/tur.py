"""Turns within one process, first come first served.

PostgreSQL lets whoever waits for a row try again when the row has changed, and the newest may then come before the
oldest: of eight who all want the same row, one may wait many times longer than the others. Those of one process
therefore stand in line here before they ask for the row. Those of other processes still meet at the row itself.
"""

import asyncio
from collections import defaultdict
from typing import Final


class Koer:
    """A line for each kommune."""

    def __init__(self) -> None:
        self._laaser: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def plass(self, kommune: str) -> "Plass":
        """A place for one transaction; nothing is waited for yet."""
        return Plass(self._laaser[kommune])


class Plass:
    """One transaction's place in a line: taken at most once, and held until it is given back."""

    def __init__(self, laas: asyncio.Lock) -> None:
        self._laas: Final = laas
        self._har = False

    async def ta(self) -> None:
        """Wait for the turn, unless it is had already."""
        if not self._har:
            await self._laas.acquire()
            self._har = True

    def gi(self) -> None:
        """Let the next one in."""
        if self._har:
            self._har = False
            self._laas.release()
