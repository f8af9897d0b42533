"""§ 3 fjerde ledd. Income of the year, and the tax that goes with it.

"Som inntekt regnes årets inntekter på grunnlag av pensjon ... og annen avkastning av formue, etter
fradrag av skatt og gjeldsrenter." Tax must mirror the income that counts: when a gain or loss is kept
out of income, its effect on tax is kept out too (Sivilombudet 17.11.2025, Stavanger).
"""

from decimal import Decimal
from typing import Final

from app.calc.beloep import NULL, prosent_av
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

INNTEKT: Final = Hjemmel(3, 4, 1)
BARN: Final = Hjemmel(3, 3)


@regel(
    "par_3.inntekt",
    "Inntekt i året før skatt",
    Enhet.KRONER,
    INNTEKT,
    "{poster} = {svar}",
    ogsaa=[BARN],
)
def inntekt(*poster: Decimal) -> Decimal:
    """The year's income before tax: the sum of the groups the paragraph names.

    The whole calendar year counts, also in the year of moving in or out. For a child these are the
    child's own amounts; parents' income has no field to be entered in (§ 3 tredje ledd).
    """
    return sum(poster, NULL)


@regel(
    "par_3.utenfor",
    "Beløp som er skattlagt, men ikke regnes som inntekt",
    Enhet.KRONER,
    INNTEKT,
    "{poster} = {svar}",
)
def utenfor(*poster: Decimal) -> Decimal:
    """Gains less losses kept out of income, each with its uplift factor."""
    return sum(poster, NULL)


@regel(
    "par_3.gevinst_utenfor",
    "Gevinst holdt utenfor inntekten",
    Enhet.KRONER,
    INNTEKT,
    "{beloep} × {faktor} = {svar}",
)
def gevinst_utenfor(beloep: Decimal, faktor: Decimal) -> Decimal:
    """A gain as it entered alminnelig inntekt: amount times uplift factor."""
    return beloep * faktor


@regel(
    "par_3.tap_utenfor",
    "Tap holdt utenfor inntekten",
    Enhet.KRONER,
    INNTEKT,
    "−{beloep} × {faktor} = {svar}",
)
def tap_utenfor(beloep: Decimal, faktor: Decimal) -> Decimal:
    """A loss as it reduced alminnelig inntekt: minus amount times uplift factor."""
    return -(beloep * faktor)


@regel(
    "par_3.skattejustering",
    "Endring i skatten når beløpene holdes utenfor",
    Enhet.KRONER,
    INNTEKT,
    "{sats} × (({alminnelig_inntekt} − {utenfor} − {personfradrag}, minst 0) − "
    "({alminnelig_inntekt} − {personfradrag}, minst 0)) = {svar}",
)
def skattejustering(
    sats: Decimal, alminnelig_inntekt: Decimal, utenfor: Decimal, personfradrag: Decimal
) -> Decimal:
    """The change in tax if the excluded items were not there; negative for a gain."""
    uten = max(NULL, alminnelig_inntekt - utenfor - personfradrag)
    med = max(NULL, alminnelig_inntekt - personfradrag)
    return prosent_av(sats, uten - med)


@regel(
    "par_3.skatt",
    "Skatt som trekkes fra inntekten",
    Enhet.KRONER,
    INNTEKT,
    "{beregnet} − formuesskatt {formuesskatt} + kreditfradrag {kreditfradrag} + skattejustering {justering}, "
    "minst 0 = {svar}",
)
def skatt(beregnet: Decimal, formuesskatt: Decimal, kreditfradrag: Decimal, justering: Decimal) -> Decimal:
    """Tax on the income that counts; never below zero.

    Wealth tax is taken out unless the kommune has chosen to deduct it (the node then holds 0).
    """
    return max(NULL, beregnet - formuesskatt + kreditfradrag + justering)


@regel(
    "par_3.beregningsgrunnlag",
    "Beregningsgrunnlag",
    Enhet.KRONER,
    INNTEKT,
    "{inntekt} − skatt {skatt} − gjeldsrenter {gjeldsrenter} − fradrag etter § 5 {fradrag}, minst 0 = {svar}",
    ogsaa=[Hjemmel(5, 6)],
)
def beregningsgrunnlag(inntekt: Decimal, skatt: Decimal, gjeldsrenter: Decimal, fradrag: Decimal) -> Decimal:
    """Income after tax, debt interest and the § 5 deductions, in that order; never below zero."""
    return max(NULL, inntekt - skatt - gjeldsrenter - fradrag)
