"""§ 3 sjette ledd. The settlement of a year when the tax settlement shows another charge."""

from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

ETTEROPPGJOER: Final = Hjemmel(3, 6, 2)
NY_VURDERING: Final = Hjemmel(3, 6, 1)


@regel(
    "par_3.differanse",
    "Endring i {merke}",
    Enhet.KRONER,
    ETTEROPPGJOER,
    "{etter} − {foer} = {svar}",
)
def differanse(etter: Decimal, foer: Decimal) -> Decimal:
    """What the month should have cost less what was charged; negative means refund."""
    return etter - foer


@regel(
    "par_3.etteroppgjoer",
    "Etteroppgjør",
    Enhet.KRONER,
    ETTEROPPGJOER,
    "{differanser} = {svar}",
    ogsaa=[NY_VURDERING],
)
def etteroppgjoer(*differanser: Decimal) -> Decimal:
    """All months together: positive is owed by the resident, negative is to be paid back."""
    return sum(differanser, NULL)
