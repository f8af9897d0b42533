"""When to try again, and how long to wait first."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

Jitter = Callable[[], float]
"""Gives a number in [0, 1)."""

random_jitter: Final[Jitter] = secrets.SystemRandom().random


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Capped exponential backoff, unless the server said how long to wait.

    Times in seconds. A ``Retry-After`` above ``longest_wait`` is not slept through: the caller is told
    and parks the work.
    """

    attempts: int = 4
    base: float = 0.5
    cap: float = 8.0
    longest_wait: float = 30.0

    def delay(self, attempt: int, retry_after: float | None, jitter: Jitter) -> float | None:
        """Seconds before the attempt after number ``attempt`` (from 1), or ``None`` to give up."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait else None
        # At least half of the step, so that a herd spreads without coming back at once.
        return float(min(self.cap, self.base * 2 ** (attempt - 1))) * (0.5 + jitter() / 2)


def http_date(verdi: str | None) -> float | None:
    """An HTTP date as seconds since 1970, or ``None``."""
    if verdi is None:
        return None
    try:
        return parsedate_to_datetime(verdi).timestamp()
    except (ValueError, OverflowError):
        return None


def parse_retry_after(verdi: str | None, server_time: float | None) -> float | None:
    """``Retry-After`` as seconds from now; either form of the header, never negative.

    Args:
        verdi: the header.
        server_time: the answer's own ``Date``; a date is measured against it, our clock may be wrong.
    """
    if verdi is None:
        return None
    if verdi.strip().isdecimal():
        return float(verdi)
    naar = http_date(verdi)
    return None if naar is None else max(0.0, naar - (time.time() if server_time is None else server_time))
