"""The rules that say where a field of the calculators' request comes from. Each keeps what it came from.

§ 3 asks for the income of the year itself ("årets inntekter"), but its tax settlement comes the year after. Until
then a figure is entered, estimated from a-ordningen or carried forward, and the settlement is made good by the
etteroppgjør of sjette ledd. § 10 takes the last settlement as it is, unless income has changed materially.
"""

from decimal import Decimal
from typing import Final

from app.calc.avrunding import Avrunding, ned
from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.sporing import Enhet, regel

_AARETS_INNTEKT: Final = Hjemmel(3, 4, 1)
_NY_VURDERING: Final = Hjemmel(3, 6, 1)
_ETTEROPPGJOER: Final = Hjemmel(3, 6, 2)
_SISTE_LIGNING: Final = Hjemmel(10, 1, 2)
_TILLEGG_OG_FRADRAG: Final = Hjemmel(10, 1, 3)
_EN: Final = Decimal(1)


@regel(
    "poster.felt.oppgjoer",
    "Skatteoppgjøret for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "som i oppgjøret: {beloep}",
)
def fra_oppgjoeret(beloep: Decimal) -> Decimal:
    """The year's own settlement."""
    return beloep


@regel(
    "poster.felt.viderefoert",
    "Videreført fra skatteoppgjøret for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "uendret: {beloep}",
    ogsaa=[_ETTEROPPGJOER],
)
def viderefoert(beloep: Decimal) -> Decimal:
    """The newest settlement's figure, standing for a year that has none yet."""
    return beloep


@regel(
    "poster.felt.fremskrevet",
    "Videreført med kommunens faktor fra skatteoppgjøret for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "{beloep} × {faktor}, kuttet til hele øre = {svar}",
    ogsaa=[_ETTEROPPGJOER],
)
def fremskrevet(beloep: Decimal, faktor: Decimal) -> Decimal:
    """The newest settlement's figure times the kommune's factor. Cut to oere: the calculators take no less."""
    return ned(beloep * faktor, _EN, Avrunding.OERE_NED)


@regel(
    "poster.felt.anslag",
    "A-ordningen for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "anslått for året: {beloep}",
    ogsaa=[_ETTEROPPGJOER],
)
def fra_a_ordningen(beloep: Decimal) -> Decimal:
    """The estimate of the running year."""
    return beloep


@regel(
    "poster.felt.oppgitt",
    "Oppgitt for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "oppgitt for hånd: {beloep}",
    ogsaa=[_NY_VURDERING],
)
def oppgitt(beloep: Decimal) -> Decimal:
    """A figure a caseworker has entered, with its reason."""
    return beloep


@regel(
    "poster.felt.tillegg",
    "Med det som er oppgitt i tillegg for {merke}",
    Enhet.KRONER_PER_AAR,
    _AARETS_INNTEKT,
    "{ledd} = {svar}",
    ogsaa=[_NY_VURDERING],
)
def med_tillegg(*ledd: Decimal) -> Decimal:
    """A figure and what a caseworker has added to it."""
    return sum(ledd, NULL)


@regel(
    "poster.felt.sats",
    "Skattesatsen i skatteoppgjøret for {merke}",
    Enhet.PROSENT,
    _AARETS_INNTEKT,
    "som i oppgjøret: {sats}",
)
def sats_i_oppgjoeret(sats: Decimal) -> Decimal:
    """The rate goes with the tax it was read with, also into a later year."""
    return sats


@regel(
    "poster.felt.oppgitt_sats",
    "Skattesatsen oppgitt for {merke}",
    Enhet.PROSENT,
    _AARETS_INNTEKT,
    "oppgitt for hånd: {sats}",
)
def oppgitt_sats(sats: Decimal) -> Decimal:
    """A rate a caseworker has entered, with its reason."""
    return sats


@regel(
    "poster.felt.oppjusteringsfaktor",
    "Oppjusteringsfaktor i skatteoppgjøret for {merke}",
    Enhet.FAKTOR,
    _AARETS_INNTEKT,
    "({beloep} + {oppjustering}) / {beloep} = {svar}",
)
def oppjusteringsfaktor(beloep: Decimal, oppjustering: Decimal) -> Decimal:
    """(amount + uplift) / amount, for the pairs where that is a short exact number."""
    return ned((beloep + oppjustering).scaleb(2), beloep, Avrunding.OERE_NED).scaleb(-2)


@regel(
    "poster.10.felt.oppgjoer",
    "Skatteoppgjøret for {merke}",
    Enhet.KRONER_PER_AAR,
    _SISTE_LIGNING,
    "som i oppgjøret: {beloep}",
)
def fra_siste_oppgjoer(beloep: Decimal) -> Decimal:
    """The last settlement available on 1 January: what § 10 asks for, not a stand-in."""
    return beloep


@regel(
    "poster.10.felt.oppgitt",
    "Oppgitt for {merke}",
    Enhet.KRONER_PER_AAR,
    _SISTE_LIGNING,
    "oppgitt for hånd: {beloep}",
    ogsaa=[_TILLEGG_OG_FRADRAG],
)
def oppgitt_for_husstanden(beloep: Decimal) -> Decimal:
    """A correction because income has changed materially, or what no settlement holds."""
    return beloep


@regel(
    "poster.10.felt.tillegg",
    "Med det som er oppgitt i tillegg for {merke}",
    Enhet.KRONER_PER_AAR,
    _SISTE_LIGNING,
    "{ledd} = {svar}",
    ogsaa=[_TILLEGG_OG_FRADRAG],
)
def med_tillegg_for_husstanden(*ledd: Decimal) -> Decimal:
    """A figure and what a caseworker has added to it."""
    return sum(ledd, NULL)
