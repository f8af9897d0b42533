"""§ 8. The kommune's own prices for practical help and training, and what may never be charged."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

PRISER: Final = Hjemmel(8, 1)
PERSONLIG_STELL: Final = Hjemmel(8, 2)
MOTTAKER: Final = Hjemmel(8, 3)


class Tjenesteart(StrEnum):
    """Services at home. ``PERSONLIG_STELL`` is recorded only to show that it is free."""

    TIMER = "TIMER"
    ABONNEMENT = "ABONNEMENT"
    TRYGGHETSALARM = "TRYGGHETSALARM"
    PERSONLIG_STELL = "PERSONLIG_STELL"


@regel(
    "par_8.timer_aa_betale",
    "Timer som skal betales",
    Enhet.TIMER,
    PRISER,
    "{timer} − frie {fri}, minst 0 = {svar}",
)
def timer_aa_betale(timer: Decimal, fri: Decimal) -> Decimal:
    """Hours of the month less the kommune's free hours."""
    return max(NULL, timer - fri)


@regel(
    "par_8.timer_aa_betale",
    "Timer som skal betales, ikke over trinnets timetall",
    Enhet.TIMER,
    PRISER,
    "{timer} − frie {fri}, minst 0 og høyst {hoeyst} = {svar}",
)
def timer_aa_betale_med_maks(timer: Decimal, fri: Decimal, hoeyst: Decimal) -> Decimal:
    """Hours of the month less free hours, up to the step's number of hours."""
    return min(max(NULL, timer - fri), hoeyst)


@regel(
    "par_8.timebetaling",
    "Praktisk bistand etter timer",
    Enhet.KRONER,
    PRISER,
    "{timer} × {pris} = {svar}",
    ogsaa=[MOTTAKER],
)
def timebetaling(timer: Decimal, pris: Decimal) -> Decimal:
    """Hours at the price per hour."""
    return timer * pris


@regel(
    "par_8.fastpris",
    "Fast pris i måneden",
    Enhet.KRONER,
    PRISER,
    "fast pris {pris}",
    ogsaa=[MOTTAKER],
)
def fastpris(pris: Decimal) -> Decimal:
    """A fixed price for the month, whatever the number of hours."""
    return pris


@regel(
    "par_8.laveste_av_timer_og_fastpris",
    "Det laveste av timebetaling og fast pris",
    Enhet.KRONER,
    PRISER,
    "den minste av {timebetaling} og {fastpris} = {svar}",
)
def laveste_av_timer_og_fastpris(timebetaling: Decimal, fastpris: Decimal) -> Decimal:
    """Where a step has both and no number of hours tells when the fixed price takes over."""
    return min(timebetaling, fastpris)


@regel(
    "par_8.trygghetsalarm",
    "Trygghetsalarm",
    Enhet.KRONER,
    PRISER,
    "pris {pris}",
)
def trygghetsalarm(pris: Decimal) -> Decimal:
    """The kommune's price for an alarm this month."""
    return pris


@regel(
    "par_8.personlig_stell",
    "Personlig stell og egenomsorg",
    Enhet.KRONER,
    PRISER,
    "det kan ikke kreves egenandel: 0",
    ogsaa=[PERSONLIG_STELL],
)
def personlig_stell() -> Decimal:
    """Never charged, whatever it cost."""
    return NULL
