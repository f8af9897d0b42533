"""The sandbox's clock: the machine's, or a test's, and movable while it runs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass
class Klokke:
    """Seconds since 1970 from ``kilde`` plus ``forskyvning`` (seconds, set from the control API)."""

    kilde: Callable[[], float] = time.time
    forskyvning: float = 0.0

    def sekunder(self) -> float:
        """Now, in seconds since 1970."""
        return self.kilde() + self.forskyvning

    def tid(self) -> datetime:
        """Now, in UTC."""
        return datetime.fromtimestamp(self.sekunder(), UTC)

    def http_dato(self) -> str:
        """Now as an HTTP ``Date``: what a client may set its own clock by."""
        return format_datetime(self.tid().replace(microsecond=0), usegmt=True)
