"""Time as one injected thing, so that tests never sleep."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the library knows about time."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes backwards; for lifetimes and waits."""
        ...

    def time(self) -> float:
        """Seconds since 1970 on the machine's wall clock; may be wrong."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        """Seconds on the monotonic clock."""
        return time.monotonic()

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
