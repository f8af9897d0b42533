"""§ 5. Deductions for a spouse at home, minor children and supported children over 18."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.beloep import NULL, prosent_av
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

VILKAAR: Final = Hjemmel(5, 1)
ETTERLATTEPENSJON: Final = Hjemmel(5, 2)
TJENESTEPENSJON: Final = Hjemmel(5, 3)
SKJOENN: Final = Hjemmel(5, 4)


class Relasjon(StrEnum):
    """Who the resident supports."""

    EKTEFELLE = "EKTEFELLE"
    SAMBOER = "SAMBOER"
    BARN_UNDER_18 = "BARN_UNDER_18"
    BARN_OVER_18 = "BARN_OVER_18"


def gir_fradrag(relasjon: Relasjon, hjemmeboende: bool, samboer_som_ektefelle: bool) -> bool:
    """Whether this person opens for deductions (§ 5 første ledd).

    A spouse must live at home: with both spouses resident there is no deduction. A samboer counts
    like a spouse when the kommune has chosen so. Children count wherever they live.
    """
    if relasjon is Relasjon.EKTEFELLE:
        return hjemmeboende
    if relasjon is Relasjon.SAMBOER:
        return hjemmeboende and samboer_som_ektefelle
    return True


@regel(
    "par_5.etterlattepensjon",
    "Fradrag for forsørget",
    Enhet.KRONER,
    ETTERLATTEPENSJON,
    "{tenkt_pensjon} − {arbeidsinntekt} − {pensjon}, minst 0 = {svar}",
    ogsaa=[VILKAAR, Hjemmel(5, 2, 2)],
)
def etterlattepensjon(tenkt_pensjon: Decimal, arbeidsinntekt: Decimal, pensjon: Decimal) -> Decimal:
    """The pension a survivor would have had, less own work income and own pension, krone for krone."""
    return max(NULL, tenkt_pensjon - arbeidsinntekt - pensjon)


@regel(
    "par_5.tjenestepensjon",
    "Fradrag i tjenestepensjon og privat pensjon",
    Enhet.KRONER,
    TJENESTEPENSJON,
    "{andel_offentlig} × {offentlig} + {andel_privat} × {privat} = {svar}",
)
def tjenestepensjon(
    andel_offentlig: Decimal, offentlig: Decimal, andel_privat: Decimal, privat: Decimal
) -> Decimal:
    """Half of gross public occupational pensions after coordination and half of gross private ones.

    Comes "i tillegg", so only where somebody opens for the deduction of andre ledd.
    """
    return prosent_av(andel_offentlig, offentlig) + prosent_av(andel_privat, privat)


@regel(
    "par_5.skjoenn",
    "Skjønnsmessig fradrag",
    Enhet.KRONER,
    SKJOENN,
    "fastsatt av kommunen: {beloep}",
)
def skjoenn(beloep: Decimal) -> Decimal:
    """What the kommune finds reasonable, with its reason."""
    return beloep


@regel(
    "par_5.fradrag",
    "Fradrag etter § 5",
    Enhet.KRONER,
    VILKAAR,
    "{fradrag} = {svar}",
)
def fradrag(*fradrag: Decimal) -> Decimal:
    """All deductions of § 5 together."""
    return sum(fradrag, NULL)
