"""§ 10. Household, income basis, the 2 G test, the ladder step and the cap per month."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.avrunding import Avrunding, ned
from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, Regel, Steg, regel, sum_i_ord, tall_med_enhet

INNTEKT: Final = Hjemmel(10, 1, 1)
LIGNINGSAAR: Final = Hjemmel(10, 1, 2)
TILLEGG_OG_FRADRAG: Final = Hjemmel(10, 1, 3)
UTGIFTSTAK: Final = Hjemmel(10, 2, 1)
G_FOERSTE_JANUAR: Final = Hjemmel(10, 2, 2)
HUSSTAND: Final = Hjemmel(10, 3)
IKKE_MEDREGNET: Final = Hjemmel(10, 4)


class Rolle(StrEnum):
    """Who may be a member of the household (§ 10 tredje ledd). Nobody else, ever."""

    TJENESTEMOTTAKER = "TJENESTEMOTTAKER"
    EKTEFELLE = "EKTEFELLE"
    SAMBOER = "SAMBOER"
    BARN_UNDER_18 = "BARN_UNDER_18"

    @property
    def er_partner(self) -> bool:
        """Spouse or samboer; a household has at most one."""
        return self in (Rolle.EKTEFELLE, Rolle.SAMBOER)


class Medregning(StrEnum):
    """Why a person counts or does not count in the household."""

    MEDREGNET = "MEDREGNET"
    BETALER_LANGTIDSEGENANDEL = "BETALER_LANGTIDSEGENANDEL"
    AVKORTET_YTELSE = "AVKORTET_YTELSE"
    IKKE_BARNETS_BEHOV = "IKKE_BARNETS_BEHOV"

    @property
    def tekst(self) -> str:
        """The reason, for residents."""
        return _MEDREGNINGSTEKST[self]


_MEDREGNINGSTEKST: Final = {
    Medregning.MEDREGNET: f"Regnes med i husstanden ({HUSSTAND}).",
    Medregning.BETALER_LANGTIDSEGENANDEL: f"Betaler egenandel for langtidsopphold og regnes ikke med ({IKKE_MEDREGNET}).",
    Medregning.AVKORTET_YTELSE: f"Har avkortet trygd på grunn av opphold utenfor hjemmet og regnes ikke med ({IKKE_MEDREGNET}).",
    Medregning.IKKE_BARNETS_BEHOV: f"Barn regnes bare med når hjelpen gis på grunn av barnets behov ({HUSSTAND}).",
}


def medregning(
    rolle: Rolle, betaler_langtid: bool, avkortet_ytelse: bool, hjelpen_skyldes_barnets_behov: bool
) -> Medregning:
    """Whether a person counts in the household, and why not (§ 10 tredje og fjerde ledd)."""
    if betaler_langtid:
        return Medregning.BETALER_LANGTIDSEGENANDEL
    if avkortet_ytelse:
        return Medregning.AVKORTET_YTELSE
    if rolle is Rolle.BARN_UNDER_18 and not hjelpen_skyldes_barnets_behov:
        return Medregning.IKKE_BARNETS_BEHOV
    return Medregning.MEDREGNET


@regel(
    "par_10.persongrunnlag",
    "Grunnlag for person {merke}",
    Enhet.KRONER,
    INNTEKT,
    "{alminnelig_inntekt} − gevinst {gevinst} − oppjustering {oppjustering_av_gevinst} + tap {tap} + oppjustering "
    "{oppjustering_av_tap} − oppjustering av utbytte {oppjustering_av_utbytte} + hjelpestønad {hjelpestoenad} "
    "− omsorgsstønad {omsorgsstoenad} − skjønnsmessig fradrag {skjoenn} = {svar}",
    ogsaa=[LIGNINGSAAR, TILLEGG_OG_FRADRAG],
)
def persongrunnlag(
    alminnelig_inntekt: Decimal,
    gevinst: Decimal,
    oppjustering_av_gevinst: Decimal,
    tap: Decimal,
    oppjustering_av_tap: Decimal,
    oppjustering_av_utbytte: Decimal,
    hjelpestoenad: Decimal,
    omsorgsstoenad: Decimal,
    skjoenn: Decimal,
) -> Decimal:
    """Alminnelig inntekt before særfradrag with realised gains and losses and all uplift taken out.

    Help benefit for the house is added and omsorgsstønad ("omsorgslønn" in the text) subtracted. The
    dividend itself stays; only its uplift goes out. May be negative: a loss counts for the household.
    """
    return (
        alminnelig_inntekt
        - gevinst
        - oppjustering_av_gevinst
        + tap
        + oppjustering_av_tap
        - oppjustering_av_utbytte
        + hjelpestoenad
        - omsorgsstoenad
        - skjoenn
    )


@regel(
    "par_10.husstandsgrunnlag",
    "Husstandens samlede grunnlag",
    Enhet.KRONER,
    INNTEKT,
    "{personer} = {svar}",
    ogsaa=[HUSSTAND, IKKE_MEDREGNET],
)
def husstandsgrunnlag(*personer: Decimal) -> Decimal:
    """The plain sum of those who count."""
    return sum(personer, NULL)


@regel(
    "par_10.to_g",
    "Grensen for statens utgiftstak",
    Enhet.KRONER,
    UTGIFTSTAK,
    "{antall_g} × {g} (G per 1. januar) = {svar}",
    ogsaa=[G_FOERSTE_JANUAR],
)
def to_g(antall_g: Decimal, g: Decimal) -> Decimal:
    """2 G, with G per 1 January of the year. The household must be strictly below it."""
    return antall_g * g


@regel(
    "par_10.trinngrense",
    "Trinngrense i prisregisteret",
    Enhet.KRONER,
    Hjemmel(8, 1),
    "{antall_g} × {g} = {svar}",
)
def trinngrense(antall_g: Decimal, g: Decimal) -> Decimal:
    """A ladder limit given in G, in kroner."""
    return antall_g * g


@regel(
    "par_10.tak",
    "Høyeste egenandel i måneden",
    Enhet.KRONER_PER_MAANED,
    UTGIFTSTAK,
    "statens utgiftstak under 2 G: {statens}",
)
def statens_tak(statens: Decimal) -> Decimal:
    """The state's cap for households under 2 G."""
    return statens


@regel(
    "par_10.tak",
    "Høyeste egenandel i måneden",
    Enhet.KRONER_PER_MAANED,
    UTGIFTSTAK,
    "den minste av statens utgiftstak {statens} og kommunens tak {kommunens} = {svar}",
)
def laveste_tak(statens: Decimal, kommunens: Decimal) -> Decimal:
    """The state's cap for households under 2 G, or the kommune's own cap when that is lower."""
    return min(statens, kommunens)


@regel(
    "par_10.tak",
    "Kommunens høyeste egenandel i måneden",
    Enhet.KRONER_PER_MAANED,
    Hjemmel(8, 1),
    "kommunens tak for trinnet: {tak}",
)
def kommunens_tak(tak: Decimal) -> Decimal:
    """The kommune's own cap of the step."""
    return tak


@regel(
    "par_10.under_tak",
    "Tjenester som går inn under taket",
    Enhet.KRONER,
    UTGIFTSTAK,
    "{linjer} = {svar}",
)
def under_tak(*linjer: Decimal) -> Decimal:
    """The month's services that the cap applies to, together."""
    return sum(linjer, NULL)


@regel(
    "par_10.etter_tak",
    "Tjenestene etter taket",
    Enhet.KRONER,
    UTGIFTSTAK,
    "den minste av {sum} og {tak} = {svar}",
)
def etter_tak(sum: Decimal, tak: Decimal) -> Decimal:
    """The services, not above the cap."""
    return min(sum, tak)


@regel(
    "par_8.fri_maaned",
    "Kommunen krever ikke betaling denne måneden",
    Enhet.KRONER,
    Hjemmel(8, 1),
    "{sum} settes til 0 i kommunens frie måned",
)
def i_fri_maaned(sum: Decimal) -> Decimal:
    """A month the kommune has made free."""
    return NULL


def _lag_maaned(avrunding: Avrunding) -> Regel:
    tekst = "hele kroner" if avrunding is Avrunding.KRONE_NED else "hele øre"

    def formel(steg: Steg) -> str:
        ledd = sum_i_ord(tall_med_enhet(node.verdi, node.enhet) for node in steg.argumenter)
        return f"{ledd}, rundet ned til {tekst} = {tall_med_enhet(steg.verdi, steg.enhet)}"

    @regel("par_10.maaned", "Egenandel i {merke}", Enhet.KRONER, INNTEKT, formel)
    def maaned(*deler: Decimal) -> Decimal:
        """The month's charge: services after the cap, and what the kommune keeps outside it."""
        return ned(sum(deler, NULL), _EN, avrunding)

    return maaned


_EN: Final = Decimal(1)
MAANED: Final = {avrunding: _lag_maaned(avrunding) for avrunding in Avrunding}


@regel(
    "par_10.egenandel_aar",
    "Egenandel for året",
    Enhet.KRONER,
    INNTEKT,
    "{maaneder} = {svar}",
)
def egenandel_aar(*maaneder: Decimal) -> Decimal:
    """The year is the sum of its months."""
    return sum(maaneder, NULL)
