"""The only roundings in the rules. Everything else is exact."""

from decimal import Decimal
from enum import StrEnum


class Avrunding(StrEnum):
    """How a month's charge is rounded: always down, since the percentages are maxima."""

    KRONE_NED = "KRONE_NED"
    OERE_NED = "OERE_NED"


def ned(teller: Decimal, nevner: Decimal, avrunding: Avrunding) -> Decimal:
    """``teller / nevner`` rounded down to whole kroner or oere, in one exact division.

    Both are non-negative and ``nevner`` is positive. Truncating integer division never rounds up.
    """
    if avrunding is Avrunding.KRONE_NED:
        return teller // nevner
    return (teller.scaleb(2) // nevner).scaleb(-2)


def naermeste(verdi: Decimal, enhet: Decimal) -> Decimal:
    """``verdi`` rounded to the nearest multiple of ``enhet``; halfway goes up (§ 9 andre ledd)."""
    hele = (verdi + verdi + enhet) // (enhet + enhet)
    return hele * enhet


def kuttet_til_oere(teller: Decimal, nevner: Decimal) -> Decimal:
    """``teller / nevner`` cut to oere, for showing an unrounded share in text only."""
    return ned(teller, nevner, Avrunding.OERE_NED)
