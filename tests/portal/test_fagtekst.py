"""What the rules say, in nynorsk: every name, sum, warning and reason has a form, and no number is changed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest

from app.calc.hjemmel import alle_ledd
from app.calc.kontrakt.etteroppgjoer import Retning
from app.calc.poster.katalog import katalogen
from app.calc.regler.par_10 import Medregning
from app.calc.satser import satser_i_bruk
from app.calc.sporing import alle_regler
from app.db.lager.arbeid import Liste
from app.portal.ramme.fagtekst import Fagtekster, fagtekster, meldinger, vis_fagtekst
from app.portal.ramme.spraak import INFORMASJONSKAPSEL, Spraak
from app.services.oppgavetekst import Nytt, endring_per_maaned, oppgjoer
from app.services.sak.endringer import forskjell
from app.skatt_client.skatteetaten import koder
from tests.portal.saker import MED_BELOEP, UTEN_BELOEP, ny
from tests.portal.test_sak import med
from tests.portal.verden import Nettleser
from tests.saker.verden import Verden

_STED = re.compile(r"\{\w+\}")
_TALL = re.compile(r"\d+")
_MERKET = re.compile(r'<span lang="nb">(.*?)</span>', re.DOTALL)


def _av_reglene() -> Iterator[str]:
    for regel in alle_regler():
        yield regel.navn.format(merke="mars 2025")
        if isinstance(regel.formel, str):
            yield _STED.sub("1 234,50", regel.formel)
    for en in satser_i_bruk().serier.values():
        yield en.navn
    for ledd in alle_ledd():
        yield ledd.krav
        if ledd.utenfor:
            yield ledd.utenfor
    yield from (medregning.tekst for medregning in Medregning)


def _av_katalogen() -> Iterator[str]:
    katalog = katalogen()
    for tekst in katalog.varsler.values():
        yield tekst.format(navn="Aksjeutbytte", aar=2024, maaneder="mai 2025, juni 2025")
    yield from (en.grunn for en in katalog.avgjoerelser3.values())
    yield from (en.grunn for en in katalog.avgjoerelser10.values())


def _av_skatteetaten() -> Iterator[str]:
    for _, tekst in (*koder._TEKSTER.values(), *koder._EGNE_TEKSTER.values()):
        # Events have no caseworker.
        if "hendelser" not in tekst:
            yield tekst.format(api="summert skattegrunnlag")


@pytest.mark.parametrize("tekst", [*_av_reglene(), *_av_katalogen(), *_av_skatteetaten()])
def test_alt_reglene_sier_finnes_paa_nynorsk(tekst: str) -> None:
    nynorsk = fagtekster().paa_nynorsk(tekst)
    assert nynorsk is not None
    assert _TALL.findall(nynorsk) == _TALL.findall(tekst)


# What is put together elsewhere, with what a caseworker reads.
SATT_SAMMEN = [
    (
        "Ny skatt for 2025: egenandel +312 kr/md fra januar, etteroppgjør 3 744 kr å kreve",
        "Ny skatt for 2025: eigendel +312 kr/md frå januar, etteroppgjer 3 744 kr å krevje",
    ),
    (
        "Ny skatt for 2024 for en i husstanden: egenandel i 2025 mellom −12 og +300 kr/md fra mai",
        "Ny skatt for 2024 for ein i husstanden: eigendel i 2025 mellom −12 og +300 kr/md frå mai",
    ),
    (
        "Ny skatt for 2025: egenandelen for 2025 er ikke klar. 2 poster må plasseres.",
        "Ny skatt for 2025: eigendelen for 2025 er ikkje klar. 2 postar må plasserast.",
    ),
    (
        "fra og med 1.1.2025 til og med 30.4.2025: 120 døgn etter § 3",
        "frå og med 1.1.2025 til og med 30.4.2025: 120 døgn etter § 3",
    ),
    (
        "(230 701,80 × 31 døgn) / (12 måneder × 31 døgn) = 19 225,15, rundet ned til hele kroner: 19 225",
        "(230 701,80 × 31 døgn) / (12 månader × 31 døgn) = 19 225,15, runda ned til heile kroner: 19 225",
    ),
    ("88 500 kr per måned", "88 500 kr per månad"),
    # A name of Skatteetaten's and somebody's own words stand as they are, in a sentence of ours.
    (
        "Posten «Annen pensjon» (inntektsåret 2025) må plasseres av saksbehandler: Pensjon fra folketrygden er inntekt.",
        "Posten «Annen pensjon» (inntektsåret 2025) må plasserast av saksbehandlaren: Pensjon frå folketrygda er inntekt.",
    ),
    (
        "oppgitt av saksbehandler: ringte banken, fikk ikke svar",
        "oppgitt av saksbehandlar: ringte banken, fikk ikke svar",
    ),
    # Also when they are words of ours.
    ("oppgitt av saksbehandler: Alle timene er frie", "oppgitt av saksbehandlar: Alle timene er frie"),
    (
        "Saksbehandler har sagt at tallene for 2024 er endelige: Etteroppgjør",
        "Saksbehandlaren har sagt at tala for 2024 er endelege: Etteroppgjør",
    ),
    # A sentence in front of another.
    (
        "Svaret sier ikke hvem som har utbetalt dette. Pensjon fra folketrygden er inntekt.",
        "Svaret seier ikkje kven som har utbetalt dette. Pensjon frå folketrygda er inntekt.",
    ),
]


def _oppgaver() -> Iterator[str]:
    """Every way a task can tell what is new, what it means a month, and what is to be settled."""
    maaneder = [f"2025-{nr:02d}" for nr in range(1, 13)]
    foer = [Decimal(1_000)] * 12
    etter = {
        "uendret": foer,
        "hele året": [Decimal(1_312)] * 12,
        "to strekninger": [Decimal(1_312)] * 5 + [Decimal(990)] * 7,
        "mange": [Decimal(1_000 + 10 * nr) for nr in range(12)],
    }
    endringer = [
        endring_per_maaned(
            2025,
            [forskjell(m, f, e, kjent=True) for m, f, e in zip(maaneder, foer, nye, strict=True)],
            naevn_aar=naevn_aar,
        )
        for nye in etter.values()
        for naevn_aar in (False, True)
    ]
    ukjent = [forskjell(m, None, Decimal(1_000), kjent=False) for m in maaneder]
    endringer.append(endring_per_maaned(2025, ukjent, naevn_aar=False))
    oppgjort = [
        oppgjoer(Decimal(sum_), retning)
        for sum_, retning in (
            (3_744, Retning.SKYLDIG),
            (-3_744, Retning.TIL_GODE),
            (10, "INGEN"),
            (0, "INGEN"),
        )
    ]
    for liste in (Liste.SKATTEOPPGJOER, Liste.INNTEKT):
        for egen in (True, False):
            hva = Nytt(liste, 2025, egen).hva
            yield from (f"{hva}: {endring}" for endring in endringer)
            yield from (f"{hva}: {endringer[0]}, {ett}" for ett in oppgjort)
            yield f"{hva}: egenandelen for 2025 er ikke klar. 1 post må plasseres. 2 poster må plasseres."


@pytest.mark.parametrize("tekst", dict.fromkeys(_oppgaver()))
def test_oppgavene_finnes_paa_nynorsk(tekst: str) -> None:
    nynorsk = fagtekster().paa_nynorsk(tekst)
    assert nynorsk is not None
    assert _TALL.findall(nynorsk) == _TALL.findall(tekst)
    assert "egenandel" not in nynorsk


@pytest.mark.parametrize(("bokmaal", "nynorsk"), SATT_SAMMEN)
def test_det_som_settes_sammen(bokmaal: str, nynorsk: str) -> None:
    assert fagtekster().paa_nynorsk(bokmaal) == nynorsk


@pytest.mark.parametrize(
    "tekst",
    ["Noe ingen har skrevet", "Egenandel i går", "Pensjon er fint. Pensjon fra folketrygden er inntekt."],
)
def test_det_som_ikke_er_kjent_staar_helt_paa_bokmaal_og_er_merket(tekst: str) -> None:
    assert fagtekster().paa_nynorsk(tekst) is None
    assert vis_fagtekst(tekst, Spraak.NN) == f'<span lang="nb">{tekst}</span>'
    assert vis_fagtekst(tekst, Spraak.NB) == tekst


def test_det_som_vises_er_aldri_kode() -> None:
    assert vis_fagtekst("<b>", Spraak.NB) == "&lt;b&gt;"
    assert vis_fagtekst("<b>", Spraak.NN) == '<span lang="nb">&lt;b&gt;</span>'
    assert vis_fagtekst("oppgitt av saksbehandler: <b>", Spraak.NN) == "oppgitt av saksbehandlar: &lt;b&gt;"


def test_stedene_i_katalogen_er_de_samme_paa_begge_maal() -> None:
    alle = meldinger()
    assert len({nb for nb, _ in alle}) == len(alle), "en tekst står to ganger"
    for nb, nn in alle:
        assert nn, nb
        assert sorted(_STED.findall(nn)) == sorted(_STED.findall(nb)), nb
        assert _STED.sub("", nb).strip(" .:;,()"), f"passer på alt: {nb}"


def test_en_mal_som_bare_er_et_sted_tas_ikke_inn_fra_en_lengre_tekst() -> None:
    tekster = Fagtekster([("Ikke valgt av oss. {grunn}", "Ikkje valt av oss. {grunn}")])
    assert tekster.paa_nynorsk("hva som helst") is None
    assert tekster.paa_nynorsk("Ikke valgt av oss. Dyrt") == "Ikkje valt av oss. Dyrt"


def _navn() -> set[str]:
    """What Skatteetaten calls its posts: names, not sentences."""
    return {post.navn for rader in katalogen().poster.values() for post in rader}


@pytest.mark.parametrize("hva", [*MED_BELOEP, *UTEN_BELOEP])
def test_paa_nynorske_sider_er_bare_navnene_paa_postene_bokmaal(hva: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, {**MED_BELOEP, **UTEN_BELOEP}[hva](verden))
        leser.klient.cookies.set(INFORMASJONSKAPSEL, "nn")
        sak, beregning = svar["sak"]["id"], svar["beregning"]
        stier = [f"/saker/{sak}?aar={beregning['aar']}", f"/saker/{sak}/poster?aar={beregning['aar']}"]
        if beregning["resultat"] is not None:
            stier.append(f"/saker/{sak}/beregninger/{beregning['id']}/hvorfor")
        for sti in stier:
            side = await leser.aapne(sti)
            assert side.status_code == 200
            merket = {" ".join(unescape(en).split()) for en in _MERKET.findall(side.text)}
            assert merket - _navn() == set(), sti

    med(arbeid)


def test_det_noen_har_fylt_ut_staar_som_det_er() -> None:
    """Also when it is a phrase of ours."""

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, MED_BELOEP["enslig"](verden))
        sti, innhold = f"/saker/{svar['sak']['id']}", svar["sak"]["innhold"]
        innhold["skjoennsmessigFradrag"] = [{"beloep": 100, "begrunnelse": "Alle timene er frie"}]
        endret = await verden.kall("PUT", f"/api/v1{sti}", innhold, hoder={"If-Match": '"1"'})
        assert endret.status_code == 200
        leser.klient.cookies.set(INFORMASJONSKAPSEL, "nn")
        side = await leser.aapne(f"{sti}/historie")
        assert '<span lang="nb">Alle timene er frie</span>' in side.text
        assert "timane" not in side.text

    med(arbeid)
