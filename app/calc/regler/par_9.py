"""§ 9. Selvkost: the ceiling of every price."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.avrunding import naermeste
from app.calc.beloep import NULL, prosent_av
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, Regel, regel

TAK: Final = Hjemmel(9, 1, 1)
ABONNEMENT: Final = Hjemmel(9, 1, 2)
SELVKOST: Final = Hjemmel(9, 2, 1)
HALVTIME: Final = Hjemmel(9, 2, 2)


class AvrundingAvTid(StrEnum):
    """Whether time is rounded for the month as a whole or for each visit (the kommune's choice)."""

    PER_MAANED = "PER_MAANED"
    PER_BESOEK = "PER_BESOEK"


def _lag_selvkost_per_time(navn: str) -> Regel:
    @regel(
        "par_9.selvkost_per_time",
        navn,
        Enhet.KRONER_PER_TIME,
        SELVKOST,
        "({timeloenn} + {sosiale_utgifter}) + {administrasjon} av dette = {svar}",
    )
    def selvkost_per_time(timeloenn: Decimal, sosiale_utgifter: Decimal, administrasjon: Decimal) -> Decimal:
        """Average hourly wage and social costs, with administration as a fixed percentage of the two."""
        direkte = timeloenn + sosiale_utgifter
        return direkte + prosent_av(administrasjon, direkte)

    return selvkost_per_time


selvkost_per_time: Final = _lag_selvkost_per_time("Selvkost per time")
selvkost_per_time_fra: Final = _lag_selvkost_per_time("Selvkost per time fra {merke}")
"""The same, when the kommune's costs change within the year."""


@regel(
    "par_9.avrundet_tid",
    "Tid, rundet av til nærmeste halvtime",
    Enhet.TIMER,
    HALVTIME,
    "{timer}, rundet av til nærmeste {enhet} = {svar}",
)
def avrundet_tid(timer: Decimal, enhet: Decimal) -> Decimal:
    """Time to the nearest half hour; a quarter of an hour goes up."""
    return naermeste(timer, enhet)


@regel(
    "par_9.samlet_tid",
    "Samlet tid i måneden",
    Enhet.TIMER,
    HALVTIME,
    "{timer} = {svar}",
)
def samlet_tid(*timer: Decimal) -> Decimal:
    """Time of several visits together."""
    return sum(timer, NULL)


@regel(
    "par_9.timepris",
    "Timepris, ikke over selvkost",
    Enhet.KRONER_PER_TIME,
    TAK,
    "den minste av {pris} og {selvkost} = {svar}",
)
def timepris_hoeyst_selvkost(pris: Decimal, selvkost: Decimal) -> Decimal:
    """The price per hour, never above selvkost."""
    return min(pris, selvkost)


@regel(
    "par_9.fastpris",
    "Fast pris, ikke over månedens selvkost",
    Enhet.KRONER,
    ABONNEMENT,
    "den minste av {pris} og {timer} × {selvkost} = {svar}",
)
def fastpris_hoeyst_selvkost(pris: Decimal, timer: Decimal, selvkost: Decimal) -> Decimal:
    """A subscription never costs more than the month's services at selvkost."""
    return min(pris, timer * selvkost)


@regel(
    "par_9.ingen_tid",
    "Ingen tid å betale for",
    Enhet.KRONER,
    ABONNEMENT,
    "{timer} koster 0 til selvkost",
)
def ingen_tid(timer: Decimal) -> Decimal:
    """No hours cost nothing at selvkost, whatever an hour costs."""
    return NULL
