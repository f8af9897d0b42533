"""Calendar arithmetic of the rules: months, days and half-open spans. No clock."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
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
        """Number of days; 0 when the span is empty."""
        return max(0, (self.til - self.fra).days + 1)

    def snitt(self, annet: "Spenn") -> "Spenn | None":
        """The days two spans share, or ``None``."""
        fra, til = max(self.fra, annet.fra), min(self.til, annet.til)
        return Spenn(fra, til) if fra <= til else None


def aaret(aar: int) -> Spenn:
    """1 January through 31 December."""
    return Spenn(date(aar, 1, 1), date(aar, MAANEDER_I_AARET, 31))


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


def pluss_en_maaned(dag: date) -> date:
    """Same day number next month, or that month's last day (31 January -> 28/29 February)."""
    aar, maaned = (dag.year + 1, 1) if dag.month == MAANEDER_I_AARET else (dag.year, dag.month + 1)
    return date(aar, maaned, min(dag.day, monthrange(aar, maaned)[1]))


def maanedsnoekkel(dag: date) -> str:
    """``YYYY-MM``."""
    return f"{dag.year:04d}-{dag.month:02d}"


def dato_paa_norsk(dag: date) -> str:
    """``1.5.2025``."""
    return f"{dag.day}.{dag.month}.{dag.year}"
