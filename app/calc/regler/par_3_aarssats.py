"""§ 3 første og andre ledd. What one year of long stay costs, given the basis, G and fribeløp."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.beloep import NULL, prosent_av
from app.calc.hjemmel import Hjemmel
from app.calc.periode import dagen_foer
from app.calc.satser import serie
from app.calc.sporing import Enhet, regel

KOSTNAD: Final = Hjemmel(3, 1, 1)
INNTIL_G: Final = Hjemmel(3, 2, 1)
OVER_G: Final = Hjemmel(3, 2, 2)
I_BEHOLD: Final = Hjemmel(3, 2, 3)
DOBBELTROM: Final = Hjemmel(3, 2, 4)

DOBBELTROM_FRA: Final = serie("fribeloep_dobbeltrom").datoer[0]
"""First day of the wording that gives a higher fribeløp."""


class FordelAvFribeloep(StrEnum):
    """How the keep-rule counts the advantage of the fribeløp (the kommune's choice)."""

    PROSENT_75 = "75_PROSENT"
    PROSENT_100 = "100_PROSENT"


@regel(
    "par_3.fribeloep_dobbeltrom",
    "Fribeløp på dobbeltrom mot eget ønske",
    Enhet.KRONER_PER_AAR,
    INNTIL_G,
    "høyere fribeløp fantes ikke før 1.7.2014: {ordinaert}",
    gjelder_til=dagen_foer(DOBBELTROM_FRA),
)
def fribeloep_dobbeltrom_foer_juli_2014(ordinaert: Decimal) -> Decimal:
    """The wording before 1 July 2014 gave nobody a higher fribeløp."""
    return ordinaert


@regel(
    "par_3.fribeloep_dobbeltrom",
    "Fribeløp på dobbeltrom mot eget ønske",
    Enhet.KRONER_PER_AAR,
    DOBBELTROM,
    "i stedet for det vanlige fribeløpet: {dobbeltrom}",
    gjelder_fra=DOBBELTROM_FRA,
)
def fribeloep_dobbeltrom(dobbeltrom: Decimal) -> Decimal:
    """The higher fribeløp, instead of the ordinary one, for a double room against one's wish."""
    return dobbeltrom


@regel(
    "par_3.andel_inntil_g",
    "Av inntekt inntil G",
    Enhet.KRONER_PER_AAR,
    INNTIL_G,
    "{prosent} × (den minste av {grunnlag} og {g}, minus {fribeloep}, minst 0) = {svar}",
)
def andel_inntil_g(grunnlag: Decimal, g: Decimal, fribeloep: Decimal, prosent: Decimal) -> Decimal:
    """Up to 75 per cent of income up to G, less the fribeløp."""
    return prosent_av(prosent, max(NULL, min(grunnlag, g) - fribeloep))


@regel(
    "par_3.andel_over_g",
    "Av inntekt over G",
    Enhet.KRONER_PER_AAR,
    OVER_G,
    "{prosent} × ({grunnlag} − {g}, minst 0) = {svar}",
)
def andel_over_g(grunnlag: Decimal, g: Decimal, prosent: Decimal) -> Decimal:
    """Up to 85 per cent of income above G."""
    return prosent_av(prosent, max(NULL, grunnlag - g))


@regel(
    "par_3.i_behold",
    "Beboeren skal minst ha i behold",
    Enhet.KRONER_PER_AAR,
    I_BEHOLD,
    "{prosent} × {g} + {fordel} × {fribeloep} = {svar}",
)
def i_behold(g: Decimal, prosent: Decimal, fribeloep: Decimal, fordel: Decimal) -> Decimal:
    """25 per cent of G plus the advantage of the fribeløp."""
    return prosent_av(prosent, g) + prosent_av(fordel, fribeloep)


@regel(
    "par_3.hoeyst_etter_behold",
    "Høyeste egenandel når beboeren får beholde sitt",
    Enhet.KRONER_PER_AAR,
    I_BEHOLD,
    "{grunnlag} − {i_behold}, minst 0 = {svar}",
)
def hoeyst_etter_behold(grunnlag: Decimal, i_behold: Decimal) -> Decimal:
    """What is left of the basis when the resident has kept the protected amount."""
    return max(NULL, grunnlag - i_behold)


@regel(
    "par_3.oppholdsutgift",
    "Faktiske oppholdsutgifter",
    Enhet.KRONER_PER_AAR,
    KOSTNAD,
    "{per_maaned} × {maaneder} = {svar}",
    ogsaa=[Hjemmel(3, 1, 2), Hjemmel(3, 1, 3)],
)
def oppholdsutgift(per_maaned: Decimal, maaneder: Decimal) -> Decimal:
    """The institution's actual costs for a year, capital costs left out by whoever states them."""
    return per_maaned * maaneder


@regel(
    "par_3.aarssats",
    "Egenandel for et helt år, satser fra {merke}",
    Enhet.KRONER_PER_AAR,
    INNTIL_G,
    "den minste av ({inntil_g} + {over_g}) og {etter_behold} = {svar}",
    ogsaa=[OVER_G, I_BEHOLD],
)
def aarssats(inntil_g: Decimal, over_g: Decimal, etter_behold: Decimal) -> Decimal:
    """The yearly rate where the actual cost is not stated."""
    return min(inntil_g + over_g, etter_behold)


@regel(
    "par_3.aarssats",
    "Egenandel for et helt år, satser fra {merke}, ikke over oppholdsutgiftene",
    Enhet.KRONER_PER_AAR,
    KOSTNAD,
    "den minste av ({inntil_g} + {over_g}), {etter_behold} og {utgift} = {svar}",
    ogsaa=[INNTIL_G, OVER_G, I_BEHOLD],
)
def aarssats_med_tak(inntil_g: Decimal, over_g: Decimal, etter_behold: Decimal, utgift: Decimal) -> Decimal:
    """The yearly rate, never above the actual cost of the stay."""
    return min(inntil_g + over_g, etter_behold, utgift)
