"""A time of our own: what the service does depends on the day, and what a test says must be true every day."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import pytest

from app import klokke

START: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC).timestamp()
"""A day when 2025 is settled, and ten months of 2026 are complete."""


class Tid:
    """The story's clock: it goes like the machine's, and a wait is a leap."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._hopp = 0.0

    def monotonic(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self._start + self._hopp

    def time(self) -> float:
        """Seconds since 1970."""
        return START + self.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self.hopp(seconds)
        await asyncio.sleep(0)

    def hopp(self, sekunder: float) -> None:
        """Time passes."""
        self._hopp += sekunder

    def naa(self) -> datetime:
        """This moment, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)


@contextmanager
def egen_tid() -> Iterator[Tid]:
    """The service's clock is ours until the block ends."""
    tid = Tid()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(klokke, "naa", tid.naa)
        yield tid
