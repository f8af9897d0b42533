"""What holds for every answer: nothing counted twice, nothing lost, and the basis linear in what counts."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.calc.poster.katalog import Behandling3, Behandling10, Postrad, katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.typer import AvvistPar, Omtale, Skattepost, Skattesvar
from app.calc.sporing import Faktum, Node, Steg

AAR = st.integers(2021, 2025)
BELOEP = st.integers(0, 10_000_000)
ALLE = sorted(katalogen().poster)
IGNORERT = {Behandling3.SUM_ELLER_DUBLETT, Behandling3.BARE_VISNING, Behandling3.FRADRAG_TELLER_IKKE}


def _navn(aar: int) -> list[Postrad]:
    return [
        rad
        for rader in katalogen().poster.values()
        for rad in rader
        if rad.foerste_aar <= aar <= rad.siste_aar
    ]


@st.composite
def svarene(draw: st.DrawFn) -> Skattesvar:
    """An answer of up to 25 posts that all exist in the year; old and new names may meet."""
    aar = draw(AAR)
    rader = draw(st.lists(st.sampled_from(_navn(aar)), unique_by=lambda rad: rad.teknisk_navn, max_size=25))
    return Skattesvar(aar, tuple(Skattepost(rad.teknisk_navn, draw(BELOEP)) for rad in rader))


def _tre(inn: Skattesvar) -> Langtidsgrunnlag:
    grunnlag = langtidsgrunnlag(inn)
    assert isinstance(grunnlag, Langtidsgrunnlag)
    return grunnlag


def _ti(inn: Skattesvar) -> Husstandsgrunnlag:
    grunnlag = husstandsgrunnlag(inn)
    assert isinstance(grunnlag, Husstandsgrunnlag)
    return grunnlag


def _verdier(grunnlag: Langtidsgrunnlag) -> dict[str, Decimal]:
    svar = {str(gruppe): steg.verdi for gruppe, steg in grunnlag.grupper.items()}
    if grunnlag.gjeldsrenter is not None:
        svar["gjeldsrenter"] = grunnlag.gjeldsrenter.verdi
    return svar


def _netto(grunnlag: Husstandsgrunnlag) -> Decimal | None:
    return None if grunnlag.skattbar_nettoinntekt is None else grunnlag.skattbar_nettoinntekt.verdi


def _poster(node: Node) -> set[str]:
    if isinstance(node, Faktum):
        return {node.id.removeprefix("skattepost.")}
    return {navn for barn in node.barn for navn in _poster(barn)}


def _paa_lister(omtaler: tuple[Omtale, ...]) -> list[str]:
    return [omtale.teknisk_navn for omtale in omtaler]


def _i_par(avviste: tuple[AvvistPar, ...]) -> list[str]:
    return [omtale.teknisk_navn for par in avviste for omtale in par.poster]


def _uten_kollisjon(inn: Skattesvar, rad: Postrad) -> bool:
    navn = {post.teknisk_navn for post in inn.poster}
    return rad.teknisk_navn not in navn and not rad.kolliderer & navn


@given(svarene())
@settings(max_examples=150, deadline=None)
def test_hver_post_havner_noeyaktig_ett_sted(inn: Skattesvar) -> None:
    grunnlag = _tre(inn)
    talt = [navn for steg in grunnlag.grupper.values() for navn in _poster(steg)]
    talt += _poster(grunnlag.gjeldsrenter) if grunnlag.gjeldsrenter is not None else set()
    talt += [blad.id.removeprefix("skattepost.") for holdt in grunnlag.holdt_utenfor for blad in holdt.poster]
    lister = (grunnlag.maa_plasseres, grunnlag.bare_vist, grunnlag.ikke_regnet)
    ellers = [navn for liste in lister for navn in _paa_lister(liste)] + _i_par(grunnlag.avviste)
    # An uplift that is folded into its gain's factor is named both there and as ignored income.
    loeft = {
        rad.teknisk_navn for rad in _navn(inn.aar) if rad.paragraf3.behandling is Behandling3.OPPJUSTERING
    }
    assert sorted([*talt, *(navn for navn in ellers if not (navn in loeft and navn in talt))]) == sorted(
        post.teknisk_navn for post in inn.poster
    )


@given(svarene(), st.data())
@settings(max_examples=150, deadline=None)
def test_sum_dublett_formue_og_fradrag_endrer_aldri_grunnlaget(inn: Skattesvar, data: st.DataObject) -> None:
    rader = [
        rad for rad in _navn(inn.aar) if rad.paragraf3.behandling in IGNORERT and _uten_kollisjon(inn, rad)
    ]
    rad = data.draw(st.sampled_from(rader))
    ekstra = Skattepost(rad.teknisk_navn, data.draw(BELOEP))
    assert _verdier(_tre(Skattesvar(inn.aar, (*inn.poster, ekstra)))) == _verdier(_tre(inn))


@given(svarene(), st.data())
@settings(max_examples=150, deadline=None)
def test_det_som_er_i_summen_endrer_aldri_grunnlaget_etter_paragraf_10(
    inn: Skattesvar, data: st.DataObject
) -> None:
    i_summen = {Behandling10.I_SUMMEN, Behandling10.IKKE_I_SUMMEN}
    rader = [
        rad for rad in _navn(inn.aar) if rad.paragraf10.behandling in i_summen and _uten_kollisjon(inn, rad)
    ]
    rad = data.draw(st.sampled_from(rader))
    ekstra = Skattepost(rad.teknisk_navn, data.draw(BELOEP))
    assert _netto(_ti(Skattesvar(inn.aar, (*inn.poster, ekstra)))) == _netto(_ti(inn))


@given(svarene(), st.text("abcXYZ", min_size=1), BELOEP)
@settings(max_examples=75, deadline=None)
def test_ukjent_post_meldes_alltid_og_telles_aldri(inn: Skattesvar, navn: str, beloep: int) -> None:
    utvidet = Skattesvar(inn.aar, (*inn.poster, Skattepost(navn, beloep)))
    tre, ti = _tre(utvidet), _ti(utvidet)
    assert _paa_lister(tre.ukjente) == _paa_lister(ti.ukjente) == [navn]
    assert _verdier(tre) == _verdier(_tre(inn))
    assert _netto(ti) == _netto(_ti(inn))
    assert tre.aapne >= 1
    assert ti.aapne >= 1


@given(svarene(), st.sampled_from(ALLE), AAR)
@settings(max_examples=75, deadline=None)
def test_navn_utenfor_aaret_meldes(inn: Skattesvar, navn: str, aar: int) -> None:
    utenfor = katalogen().post(navn, aar) is None
    grunnlag = _tre(Skattesvar(aar, (Skattepost(navn, 1),)))
    assert (_paa_lister(grunnlag.utenfor_aar) == [navn]) is utenfor


@given(svarene(), st.integers(0, 1_000))
@settings(max_examples=100, deadline=None)
def test_grunnlaget_er_lineaert_i_postene(inn: Skattesvar, faktor: int) -> None:
    ganget = Skattesvar(inn.aar, tuple(Skattepost(p.teknisk_navn, p.beloep * faktor) for p in inn.poster))
    assert _verdier(_tre(ganget)) == {navn: verdi * faktor for navn, verdi in _verdier(_tre(inn)).items()}
    netto = _netto(_ti(inn))
    assert _netto(_ti(ganget)) == (None if netto is None else netto * faktor)


@given(svarene(), st.data(), BELOEP)
@settings(max_examples=150, deadline=None)
def test_en_post_til_flytter_sin_gruppe_like_mye(inn: Skattesvar, data: st.DataObject, beloep: int) -> None:
    teller = {Behandling3.INNTEKT, Behandling3.GJELDSRENTER}
    rader = [
        rad for rad in _navn(inn.aar) if rad.paragraf3.behandling in teller and _uten_kollisjon(inn, rad)
    ]
    regel = (rad := data.draw(st.sampled_from(rader))).paragraf3
    foer = _verdier(_tre(inn))
    etter = _verdier(_tre(Skattesvar(inn.aar, (*inn.poster, Skattepost(rad.teknisk_navn, beloep)))))
    gruppe = "gjeldsrenter" if regel.gruppe is None else str(regel.gruppe)
    assert etter == foer | {gruppe: foer.get(gruppe, Decimal(0)) + regel.fortegn * beloep}


@given(svarene())
@settings(max_examples=50, deadline=None)
def test_rekkefoelgen_har_ingenting_aa_si(inn: Skattesvar) -> None:
    snudd = Skattesvar(inn.aar, tuple(reversed(inn.poster)))
    assert _verdier(_tre(snudd)) == _verdier(_tre(inn))
    assert _netto(_ti(snudd)) == _netto(_ti(inn))


def test_hver_sum_er_summen_av_bladene() -> None:
    inn = Skattesvar(
        2023, tuple(Skattepost(rad.teknisk_navn, 1_000 + i) for i, rad in enumerate(_navn(2023)))
    )
    grunnlag = _tre(inn)
    assert grunnlag.inntekt is not None

    def kontroller(node: Node) -> None:
        if isinstance(node, Steg):
            verdier = [barn.verdi for barn in node.barn if isinstance(barn.verdi, Decimal)]
            assert len(verdier) == len(node.barn)
            sum_av_barn = sum(verdier, Decimal(0))
            assert node.verdi == (-sum_av_barn if node.regel.id == "poster.fratrekk" else sum_av_barn)
        for barn in node.barn:
            kontroller(barn)

    kontroller(grunnlag.inntekt)
