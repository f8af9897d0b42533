"""The rules that turn posts into sums. Each sum keeps the posts it came from."""

from datetime import date
from decimal import Decimal

from app.calc.beloep import NULL
from app.calc.hjemmel import Hjemmel
from app.calc.periode import aaret
from app.calc.poster.typer import Api, Gruppe, Skattepost, Svardel
from app.calc.sporing import Enhet, Faktum, Node, Regel, Steg, regel

_INNTEKT = Hjemmel(3, 4, 1)
_NETTOINNTEKT = Hjemmel(10, 1, 1)

GRUPPENAVN = {
    Gruppe.PENSJON_FRA_FOLKETRYGDEN: "Pensjon fra folketrygden",
    Gruppe.ANDRE_LOEPENDE_TRYGDEYTELSER: "Andre løpende trygdeytelser",
    Gruppe.OFFENTLIG_TJENESTEPENSJON: "Offentlig tjenestepensjon",
    Gruppe.PRIVAT_PENSJON: "Privat pensjon",
    Gruppe.ARBEIDSINNTEKT: "Arbeidsinntekt",
    Gruppe.NAERINGSINNTEKT: "Næringsinntekt",
    Gruppe.LEIEINNTEKT: "Leieinntekt",
    Gruppe.RENTEINNTEKT: "Renteinntekt",
    Gruppe.ANNEN_AVKASTNING: "Annen avkastning av formue",
}


def _sum(*ledd: Decimal) -> Decimal:
    return sum(ledd, NULL)


def _sumregel(id: str, navn: str, hjemmel: Hjemmel) -> Regel:
    return regel(id, navn, Enhet.KRONER_PER_AAR, hjemmel, "{ledd} = {svar}")(_sum)


GRUPPESUM = {
    gruppe: _sumregel(f"poster.inntekt.{gruppe}", navn, _INNTEKT) for gruppe, navn in GRUPPENAVN.items()
}
SUM_INNTEKT = _sumregel("poster.inntekt", "Inntekt etter postene", _INNTEKT)
SUM_GJELDSRENTER = _sumregel("poster.gjeldsrenter", "Gjeldsrenter", _INNTEKT)
BEREGNET_SKATT = _sumregel("poster.beregnet_skatt", "Beregnet skatt", _INNTEKT)
SKATT_BETALT_I_UTLANDET = _sumregel(
    "poster.skatt_betalt_i_utlandet", "Fradrag i skatten for skatt betalt i utlandet", _INNTEKT
)
SUM_FORMUESSKATT = _sumregel("poster.formuesskatt_i_alt", "Formuesskatt i alt", _INNTEKT)
SUM_FORSKUDDSTREKK = _sumregel("poster.forskuddstrekk", "Skatt trukket", _INNTEKT)
OMSORGSSTOENAD = _sumregel(
    "poster.omsorgsstoenad", "Omsorgsstønad eller fosterhjemsgodtgjørelse", Hjemmel(10, 1, 3)
)

SUM_ALMINNELIG_INNTEKT = _sumregel(
    "poster.10.alminnelig_inntekt", "Alminnelig inntekt før særfradrag", _NETTOINNTEKT
)
SUM_GEVINST = _sumregel("poster.10.gevinst", "Gevinst ved salg", _NETTOINNTEKT)
SUM_OPPJUSTERING_AV_GEVINST = _sumregel(
    "poster.10.oppjustering_av_gevinst", "Oppjustering av gevinst", _NETTOINNTEKT
)
SUM_TAP = _sumregel("poster.10.tap", "Tap ved salg", _NETTOINNTEKT)
SUM_OPPJUSTERING_AV_TAP = _sumregel("poster.10.oppjustering_av_tap", "Oppjustering av tap", _NETTOINNTEKT)
SUM_OPPJUSTERING_AV_UTBYTTE = _sumregel(
    "poster.10.oppjustering_av_utbytte", "Oppjustering av utbytte", _NETTOINNTEKT
)


@regel("poster.fratrekk", "Trekkes fra", Enhet.KRONER_PER_AAR, _INNTEKT, "{beloep} trekkes fra: {svar}")
def fratrekk(beloep: Decimal) -> Decimal:
    """A post with the sign turned."""
    return -beloep


@regel(
    "poster.formuesskatt",
    "Formuesskatt",
    Enhet.KRONER_PER_AAR,
    _INNTEKT,
    "{til_stat} + {til_kommune} − {betalt_i_utlandet}, minst 0 = {svar}",
)
def formuesskatt(til_stat: Decimal, til_kommune: Decimal, betalt_i_utlandet: Decimal) -> Decimal:
    """Wealth tax inside beregnet skatt: what was computed less the credit for wealth tax paid abroad."""
    return max(NULL, til_stat + til_kommune - betalt_i_utlandet)


@regel(
    "poster.personfradrag",
    "Personfradrag lest av beregnet skatt",
    Enhet.KRONER_PER_AAR,
    _INNTEKT,
    "{grunnlag} − ({til_kommune} + {til_fylke} + {fellesskatt}) / {sats}, nærmeste krone = {svar}",
)
def personfradrag(
    grunnlag: Decimal, til_kommune: Decimal, til_fylke: Decimal, fellesskatt: Decimal, sats: Decimal
) -> Decimal:
    """P = grunnlag − skatt / sats. The three taxes are whole kroner, so P is read to the nearest krone."""
    hele, rest = divmod((til_kommune + til_fylke + fellesskatt).scaleb(2), sats)
    return grunnlag - (hele + 1 if rest + rest >= sats else hele)


@regel(
    "poster.10.skattbar_nettoinntekt",
    "Skattbar nettoinntekt uten gevinst, tap og oppjustering",
    Enhet.KRONER_PER_AAR,
    _NETTOINNTEKT,
    "{alminnelig_inntekt} − {gevinst} − {oppjustering_av_gevinst} + {tap} + {oppjustering_av_tap}"
    " − {oppjustering_av_utbytte} = {svar}",
)
def skattbar_nettoinntekt(
    alminnelig_inntekt: Decimal,
    gevinst: Decimal,
    oppjustering_av_gevinst: Decimal,
    tap: Decimal,
    oppjustering_av_tap: Decimal,
    oppjustering_av_utbytte: Decimal,
) -> Decimal:
    """The tax part of a household member's basis. May be negative."""
    return (
        alminnelig_inntekt
        - gevinst
        - oppjustering_av_gevinst
        + tap
        + oppjustering_av_tap
        - oppjustering_av_utbytte
    )


@regel(
    "poster.aarsanslag",
    "Anslag for året",
    Enhet.KRONER_PER_AAR,
    _INNTEKT,
    "{kjent} + {siste_maaned} × {maaneder} = {svar}",
)
def aarsanslag(kjent: Decimal, siste_maaned: Decimal, maaneder: Decimal) -> Decimal:
    """Complete months as reported, and the last complete month for each month to come."""
    return kjent + siste_maaned * maaneder


KJENTE_MAANEDER = _sumregel("poster.kjente_maaneder", "Komplette måneder", _INNTEKT)
SISTE_MAANED = regel(
    "poster.siste_maaned",
    "Siste komplette måned",
    Enhet.KRONER_PER_MAANED,
    _INNTEKT,
    "{ledd} = {svar}",
)(_sum)


def siste_dag(aar: int) -> date:
    """The day the rules are read on: the last of the income year."""
    return aaret(aar).til


def postfaktum(
    post: Skattepost, navn: str, aar: int, api: Api, *, tillegg: str = "", utbetaler: str | None = None
) -> Faktum:
    """A post as a leaf; technical name, list, year and API are its source."""
    liste = "" if post.del_ is Svardel.FASTLAND else f" ({post.del_})"
    return faktum(
        post.teknisk_navn if utbetaler is None else f"{post.teknisk_navn}.{utbetaler}",
        navn,
        post.beloep,
        f"{api} {aar}{liste}, {post.teknisk_navn}{tillegg}",
    )


def faktum(id: str, navn: str, beloep: Decimal | int, kilde: str) -> Faktum:
    """A yearly amount told to us."""
    return Faktum(f"skattepost.{id}", navn, Decimal(beloep), Enhet.KRONER_PER_AAR, kilde)


def ingen(id: str, grunn: str, navn: str) -> Faktum:
    """A term that a formula needs and the answer says nothing of; the source says so."""
    return Faktum(f"skattepost.ingen.{id}", navn, NULL, Enhet.KRONER_PER_AAR, grunn)


def summer(regelen: Regel, noder: list[Node], dag: date, merke: str = "") -> Steg | None:
    """The sum of the nodes; ``None``, never zero, when there are none."""
    return regelen(*noder, dato=dag, merke=merke) if noder else None
