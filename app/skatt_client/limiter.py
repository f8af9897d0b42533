"""Never more than five calls in flight per API and enterprise.

Skatteetaten asks for at most about five. ``Limiter`` is the seam: several processes need slots leased
in a database, and such a limiter replaces ``LocalLimiter`` without a change elsewhere.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, Protocol

MAX_IN_FLIGHT: Final = 5


class Limiter(Protocol):
    """Gives out slots; a slot is held only while a request is in flight."""

    def slot(self, api: str, virksomhet: str) -> AbstractAsyncContextManager[None]:
        """Wait for a slot and hold it for the block.

        Raises:
            IngenPlassError: on entering, if no slot came free within the limiter's own patience.
        """
        ...


class LocalLimiter:
    """Slots within one process and one event loop."""

    def __init__(self, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self._slots: defaultdict[tuple[str, str], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(max_in_flight)
        )

    @asynccontextmanager
    async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
        """Wait in line for one of the slots of this API and enterprise."""
        async with self._slots[api, virksomhet]:
            yield
