"""A small chart of a year, month by month. The table beside it says the same in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.calc.periode import MAANEDER_I_AARET

_BREDDE: Final = 480
_HOEYDE: Final = 150
_BUNN: Final = 20
"""Room under the bars for the letters of the months."""
_MELLOMROM: Final = 8
_MINST: Final = 2
"""A bar that stands for something is never invisible."""


@dataclass(frozen=True, slots=True)
class Soeyle:
    """One month.

    Attributes:
        maaned: the month, as ``2026-05``.
        x: left edge.
        y: upper edge.
        hoeyde: its height; 0 when the month costs nothing.
        naa: whether it is the month that runs.
    """

    maaned: str
    x: int
    y: int
    hoeyde: int
    naa: bool

    @property
    def midten(self) -> int:
        """Where the letter stands."""
        return self.x + BREDDE // 2


BREDDE: Final = _BREDDE // MAANEDER_I_AARET - _MELLOMROM


@dataclass(frozen=True, slots=True)
class Diagram:
    """The chart in units of its own; the page gives it its size."""

    soeyler: tuple[Soeyle, ...]
    bredde: int = _BREDDE
    hoeyde: int = _HOEYDE
    soeylebredde: int = BREDDE
    grunnlinje: int = _HOEYDE - _BUNN
    bokstavlinje: int = _HOEYDE - _MELLOMROM // 2


def diagram(aar: int, beloep: Mapping[str, Decimal], naa: str | None = None) -> Diagram | None:
    """A bar for each month of a year; ``None`` when no month costs anything.

    Args:
        aar: the calendar year.
        beloep: what each month costs; a month that is not there costs nothing.
        naa: the month that runs.
    """
    hoeyest = max(beloep.values(), default=Decimal(0))
    if hoeyest <= 0:
        return None
    plass = _HOEYDE - _BUNN
    soeyler = []
    for nr in range(MAANEDER_I_AARET):
        maaned = f"{aar:04d}-{nr + 1:02d}"
        verdi = beloep.get(maaned, Decimal(0))
        hoeyde = max(_MINST, int(verdi * plass / hoeyest)) if verdi > 0 else 0
        x = nr * (BREDDE + _MELLOMROM) + _MELLOMROM // 2
        soeyler.append(Soeyle(maaned, x, plass - hoeyde, hoeyde, maaned == naa))
    return Diagram(tuple(soeyler))
