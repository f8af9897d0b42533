"""What the resident is charged from: income less tax, debt interest and deductions (§ 3 fjerde ledd, § 5)."""

from datetime import date
from typing import Final, NamedTuple

from app.calc.beloep import NULL
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import (
    HoldtUtenfor,
    Inntekter,
    LangtidInn,
    Skatt,
    UtenforArt,
    Valg,
)
from app.calc.kontrakt.lesing import tittel
from app.calc.langtid.fradrag import fradrag_paragraf_5
from app.calc.langtid.valg import valgt_eller_sats
from app.calc.periode import aaret
from app.calc.regler import par_3_inntekt
from app.calc.sporing import Enhet, Faktum, Node, Steg, kroner

_INNTEKTSFELT: Final = tuple(
    (navn, f"/inntekter/{camel(navn)}", tittel(Inntekter, navn)) for navn in Inntekter.__slots__
)


class Beregningsgrunnlag(NamedTuple):
    """The basis and the sums it is made of, kroner in the year."""

    inntekt: Steg
    skattejustering: Steg | Faktum
    skatt: Steg
    fradrag: Steg
    samlet: Steg


def beregningsgrunnlag(inn: LangtidInn) -> Beregningsgrunnlag:
    """The year's basis."""
    dag = aaret(inn.aar).fra
    inntekt = _inntekt(inn.inntekter, dag)
    justering = _skattejustering(inn.skatt, dag)
    skatt = _skatt(inn.skatt, inn.valg, justering, dag)
    fradrag = fradrag_paragraf_5(inn)
    samlet = par_3_inntekt.beregningsgrunnlag(
        inntekt,
        skatt,
        kroner("gjeldsrenter", "Gjeldsrenter", inn.gjeldsrenter, "/gjeldsrenter"),
        fradrag,
        dato=dag,
    )
    return Beregningsgrunnlag(inntekt, justering, skatt, fradrag, samlet)


def _inntekt(inntekter: Inntekter, dag: date) -> Steg:
    poster = [
        Faktum(f"inntekt.{navn}", tekst, verdi, Enhet.KRONER, peker)
        for navn, peker, tekst in _INNTEKTSFELT
        if (verdi := getattr(inntekter, navn))
    ]
    return par_3_inntekt.inntekt(*poster, dato=dag)


def _skatt(skatt: Skatt, valg: Valg, justering: Node, dag: date) -> Steg:
    # Where the kommune's choice leaves an amount out, the choice is what the 0 comes from, not the amount.
    formuesskatt = (
        (NULL, "/valg/trekkFormuesskatt")
        if valg.trekk_formuesskatt
        else (skatt.formuesskatt, "/skatt/formuesskatt")
    )
    kreditfradrag = (
        (skatt.kreditfradrag, "/skatt/kreditfradrag")
        if valg.legg_til_kreditfradrag
        else (NULL, "/valg/leggTilKreditfradrag")
    )
    return par_3_inntekt.skatt(
        kroner("beregnet_skatt", "Beregnet skatt i alt", skatt.beregnet_skatt, "/skatt/beregnetSkatt"),
        kroner("formuesskatt", "Formuesskatt som holdes utenfor", *formuesskatt),
        kroner("kreditfradrag", "Skatt betalt i utlandet", *kreditfradrag),
        justering,
        dato=dag,
    )


def _skattejustering(skatt: Skatt, dag: date) -> Steg | Faktum:
    if not skatt.holdt_utenfor or skatt.alminnelig_inntekt is None or skatt.personfradrag is None:
        return _INGEN_JUSTERING
    utenfor = (_holdt_utenfor(nr, post, dag) for nr, post in enumerate(skatt.holdt_utenfor))
    return par_3_inntekt.skattejustering(
        valgt_eller_sats(skatt.skattesats, "skattesats_alminnelig_inntekt", dag, "/skatt/skattesats"),
        kroner(
            "alminnelig_inntekt", "Alminnelig inntekt", skatt.alminnelig_inntekt, "/skatt/alminneligInntekt"
        ),
        par_3_inntekt.utenfor(*utenfor, dato=dag),
        kroner("personfradrag", "Personfradrag", skatt.personfradrag, "/skatt/personfradrag"),
        dato=dag,
    )


def _holdt_utenfor(nr: int, post: HoldtUtenfor, dag: date) -> Steg:
    peker = f"/skatt/holdtUtenfor/{nr}"
    regel = par_3_inntekt.gevinst_utenfor if post.art is UtenforArt.GEVINST else par_3_inntekt.tap_utenfor
    return regel(
        kroner("beloep", post.beskrivelse or post.art.value.capitalize(), post.beloep, f"{peker}/beloep"),
        Faktum(
            "oppjusteringsfaktor",
            "Oppjusteringsfaktor",
            post.oppjusteringsfaktor,
            Enhet.FAKTOR,
            f"{peker}/oppjusteringsfaktor",
        ),
        dato=dag,
        merke=str(nr),
    )


_INGEN_JUSTERING: Final = Faktum(
    "par_3.skattejustering",
    "Ingen beløp er holdt utenfor inntekten",
    NULL,
    Enhet.KRONER,
    "/skatt/holdtUtenfor",
)
