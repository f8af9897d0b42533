"""§ 4. Short stays: a price per day and per single day or night visit, up to the state's maximum."""

from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

KORTTID: Final = Hjemmel(4, 1)
BESOEK: Final = Hjemmel(4, 1)


@regel(
    "par_4.korttid",
    "Korttidsopphold",
    Enhet.KRONER,
    KORTTID,
    "{doegn} × {sats} = {svar}",
    ogsaa=[Hjemmel(6, 2)],
)
def korttid(doegn: Decimal, sats: Decimal) -> Decimal:
    """Days of short stay at the kommune's price, from the first day (§ 6 andre ledd)."""
    return doegn * sats


@regel(
    "par_4.besoek",
    "Dag- eller nattopphold",
    Enhet.KRONER,
    BESOEK,
    "{antall} × {sats} = {svar}",
    ogsaa=[Hjemmel(6, 2)],
)
def besoek(antall: Decimal, sats: Decimal) -> Decimal:
    """Single day or night visits at the kommune's price, from the first visit."""
    return antall * sats


@regel(
    "par_4.samlet",
    "Korttidsopphold og besøk i {merke}",
    Enhet.KRONER,
    KORTTID,
    "{ledd} = {svar}",
)
def samlet(*ledd: Decimal) -> Decimal:
    """Short stays and visits of a month together."""
    return sum(ledd, NULL)
