"""Calendar arithmetic of the rules: months, days and half-open spans. No clock."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

MAANEDER_I_AARET: Final = 12
DOEGN_I_REGNSKAPSMAANED: Final = 30
"""The fixed month of the settings value ``30_DAGER``."""

_EN_DAG: Final = timedelta(days=1)

MAANEDSNAVN: Final = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)


@dataclass(frozen=True, slots=True, order=True)
class Spenn:
    """A run of days, both ends included."""

    fra: date
    til: date

    @property
    def doegn(self) -> int:
        """Number of days."""
        return (self.til - self.fra).days + 1


@lru_cache(maxsize=512)
def aaret(aar: int) -> Spenn:
    """1 January through 31 December."""
    return Spenn(date(aar, 1, 1), date(aar, MAANEDER_I_AARET, 31))


@lru_cache(maxsize=4096)
def maaneden(aar: int, maaned: int) -> Spenn:
    """The first through the last day of a calendar month."""
    return Spenn(date(aar, maaned, 1), date(aar, maaned, monthrange(aar, maaned)[1]))


def doegn_i_aaret(aar: int) -> int:
    """365, or 366 in a leap year."""
    return aaret(aar).doegn


def dagen_foer(dag: date) -> date:
    """The day before."""
    return dag - _EN_DAG


def dagen_etter(dag: date) -> date:
    """The day after."""
    return dag + _EN_DAG


def pluss_doegn(dag: date, antall: int) -> date:
    """The date ``antall`` days later."""
    return dag + timedelta(days=antall)


def pluss_maaneder(dag: date, antall: int) -> date:
    """Same day number ``antall`` months later, or that month's last day (31 January + 1 -> 28/29 February)."""
    maaneder = dag.month - 1 + antall
    aar, maaned = dag.year + maaneder // MAANEDER_I_AARET, maaneder % MAANEDER_I_AARET + 1
    return date(aar, maaned, min(dag.day, monthrange(aar, maaned)[1]))


def maanedsnoekkel(dag: date) -> str:
    """``YYYY-MM``."""
    return f"{dag.year:04d}-{dag.month:02d}"


def dato_paa_norsk(dag: date) -> str:
    """``1.5.2025``."""
    return f"{dag.day}.{dag.month}.{dag.year}"
