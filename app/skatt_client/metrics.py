"""What the library counts, as small events handed to one callback.

No event carries an organisation, a person, a URL or an amount; codes come from closed tables.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenHentet:
    """One grant, retries included. ``kode`` is an MP code or our own word for what failed."""

    utfall: str
    kode: str | None
    sekunder: float
    i_bakgrunnen: bool


@dataclass(frozen=True, slots=True)
class Kall:
    """One call as the caller saw it, retries included."""

    api: str
    utfall: str
    status: int | None
    kode: str | None
    forsoek: int
    sekunder: float


@dataclass(frozen=True, slots=True)
class Gjentak:
    """An attempt failed and will be made again."""

    api: str
    grunn: str


@dataclass(frozen=True, slots=True)
class BryterEndret:
    """A circuit breaker changed state: ``lukket``, ``aapen`` or ``proever``."""

    api: str
    tilstand: str


@dataclass(frozen=True, slots=True)
class UkjenteFelt:
    """An accepted answer held fields the models do not know."""

    api: str
    antall: int


@dataclass(frozen=True, slots=True)
class NoekkelUtloeper:
    """Days left of the key that signs (``plass`` 0) or waits (1); for a gauge."""

    plass: int
    dager: float


@dataclass(frozen=True, slots=True)
class KlokkeRettet:
    """Our clock was found to be wrong by this many seconds."""

    sekunder: float


Maaling = TokenHentet | Kall | Gjentak | BryterEndret | UkjenteFelt | NoekkelUtloeper | KlokkeRettet

Metrics = Callable[[Maaling], None]


def no_metrics(maaling: Maaling) -> None:
    """The default: count nothing."""
