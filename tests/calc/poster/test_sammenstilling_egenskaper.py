"""What holds for every year that is put together: nothing unknown is zero, entered wins, and the tree is whole."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.calc.kalkulator import Art, kalkuler, utfoer
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.kilder import les_kilder, skriv_kilder, som_kilder
from app.calc.poster.felt import Oppgitt, Opphav, Sammenstilling, Virkning
from app.calc.poster.inntekter import (
    Aarsanslag,
    Inntektslinje,
    Inntektsoppgave,
    Inntektssvar,
    anslag_for_aaret,
)
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.sammenstilling import sammenstill_forsoerget, sammenstill_langtid
from app.calc.poster.typer import Gruppe
from app.calc.sporing import Node, Steg
from tests.calc.poster.sammenstilt import (
    ARBEID,
    FOLKETRYGD,
    GEVINST,
    KLP,
    LAAN,
    LEIE,
    LOEFT,
    LOENN,
    NAV,
    PENSJON,
    RENTE,
    TJENESTEPENSJON,
    UNDERSKUDD,
    UTBYTTE,
    oppgjoer,
)
from tests.omfang import OMFANG

AAR = 2025
KRONER = st.integers(0, 2_000_000)
OERE = st.integers(0, 200_000_000).map(lambda oere: Decimal(oere).scaleb(-2))
NAVN = (PENSJON, LEIE, ARBEID, RENTE, UTBYTTE, LAAN, UNDERSKUDD, GEVINST, LOEFT, "nyttNavn")
KODER = ((NAV, FOLKETRYGD), (KLP, TJENESTEPENSJON), (NAV, LOENN), (NAV, ("loennsinntekt", "nyKode")))
FELT = (
    *(f"/inntekter/{gruppe}" for gruppe in Gruppe),
    "/gjeldsrenter",
    *(f"/skatt/{navn}" for navn in ("beregnetSkatt", "formuesskatt", "kreditfradrag")),
)
OPPHOLD = [{"art": "LANGTID", "fra": "2020-06-01"}]
VALG = st.fixed_dictionaries(
    {
        "trekkFormuesskatt": st.booleans(),
        "leggTilKreditfradrag": st.booleans(),
        "doegnregel": st.just("KALENDERMAANED"),
    }
)


@st.composite
def oppgjoerene(draw: st.DrawFn) -> Langtidsgrunnlag:
    """A settlement of 2023 or of the year itself, with or without tax."""
    navn = draw(st.lists(st.sampled_from(NAVN), unique=True, max_size=6))
    a = draw(st.integers(1, 2_000_000))
    return oppgjoer(
        draw(st.sampled_from((2023, AAR))),
        *((n, draw(KRONER)) for n in navn),
        skatt=draw(st.none() | KRONER),
        formuesskatt=draw(st.just(0) | KRONER),
        utland=draw(st.just(0) | KRONER),
        alminnelig=draw(st.none() | st.just((a, a // 5))),
    )


@st.composite
def anslagene(draw: st.DrawFn) -> Aarsanslag:
    """A-ordningen some way into the year."""
    oppgaver = tuple(
        Inntektsoppgave(
            f"{AAR}-{maaned:02d}",
            utbetaler,
            (Inntektslinje(*kode, "kontantytelse", draw(OERE)),),
            tuple(draw(st.lists(OERE, max_size=1))),
        )
        for maaned in range(1, draw(st.integers(0, 3)) + 1)
        for utbetaler, kode in draw(st.lists(st.sampled_from(KODER), unique=True, max_size=3))
    )
    svar = anslag_for_aaret(Inntektssvar(AAR, oppgaver), date(AAR, 5, 10))
    assert isinstance(svar, Aarsanslag)
    return svar


@st.composite
def oppgittene(draw: st.DrawFn) -> tuple[Oppgitt, ...]:
    """Some fields replaced, some added to, some both."""
    erstattet = draw(st.lists(st.sampled_from(FELT), unique=True, max_size=12))
    lagt_til = draw(st.lists(st.sampled_from(FELT), max_size=2))
    return tuple(
        Oppgitt(felt, draw(OERE), virkning, "grunn")
        for felter, virkning in ((erstattet, Virkning.ERSTATTER), (lagt_til, Virkning.LEGGES_TIL))
        for felt in felter
    )


FAKTORER = st.dictionaries(
    st.sampled_from(Gruppe), st.integers(1, 30_000).map(lambda tall: Decimal(tall).scaleb(-4)), max_size=3
)
AARENE = st.builds(
    sammenstill_langtid,
    st.just(AAR),
    st.none() | oppgjoerene(),
    st.none() | anslagene(),
    oppgittene(),
    FAKTORER,
)


def alle(node: Node) -> Iterator[Node]:
    yield node
    for barn in node.barn:
        yield from alle(barn)


def blad(rot: Any) -> Iterator[dict[str, Any]]:
    yield rot
    for barn in rot["barn"]:
        yield from blad(barn)


def tall_i(felter: Any, sti: str = "") -> dict[str, Decimal]:
    if isinstance(felter, dict):
        return {p: v for navn, del_ in felter.items() for p, v in tall_i(del_, f"{sti}/{navn}").items()}
    if isinstance(felter, list):
        return {p: v for nr, del_ in enumerate(felter) for p, v in tall_i(del_, f"{sti}/{nr}").items()}
    return {sti: felter} if isinstance(felter, Decimal) else {}


@given(AARENE, VALG)
@settings(max_examples=250 * OMFANG, deadline=None)
def test_kalkulatoren_viser_summen_og_treet_henger_sammen(svar: Sammenstilling, valg: dict[str, Any]) -> None:
    if svar.aapne:
        return
    felter = svar.kalkulatorfelter()
    assert tall_i(felter) == {peker: felt.node.verdi for peker, felt in svar.felter.items()}
    inn = skriv_json({"aar": AAR, **felter, "opphold": OPPHOLD, "valg": valg})
    kilder = skriv_kilder(svar.kilder())
    tekst = kalkuler(Art.LANGTIDSOPPHOLD, inn, kilder=kilder)
    assert kalkuler(Art.LANGTIDSOPPHOLD, inn, kilder=kilder) == tekst
    ulagrede = som_kilder(svar.kilder())
    assert ulagrede == les_kilder(kilder)
    assert utfoer(Art.LANGTIDSOPPHOLD, inn, kilder=ulagrede).tekst == tekst
    ut = json.loads(tekst, parse_float=Decimal)
    inntekter = [felt.node.verdi for peker, felt in svar.felter.items() if peker.startswith("/inntekter/")]
    assert ut["inntekt"] == sum(inntekter, Decimal(0))
    for node in blad(ut["forklaring"]):
        if node["type"] == "FAKTUM" and node["kilde"] in svar.felter:
            assert len(node["barn"]) == 1
    under = svar.kilder("/endelig")
    oppgjoer_inn = skriv_json(
        {"endelig": {"aar": AAR, **felter, "opphold": OPPHOLD, "valg": valg}, "fakturert": []}
    )
    kalkuler(Art.ETTEROPPGJOER, oppgjoer_inn, kilder=skriv_kilder(under))


@given(st.none() | oppgjoerene(), st.none() | anslagene(), oppgittene(), FAKTORER)
@settings(max_examples=150 * OMFANG, deadline=None)
def test_det_oppgitte_gaar_alltid_foran(
    oppgjoeret: Langtidsgrunnlag | None,
    a_ordningen: Aarsanslag | None,
    oppgitte: tuple[Oppgitt, ...],
    faktorer: dict[Gruppe, Decimal],
) -> None:
    svar = sammenstill_langtid(AAR, oppgjoeret, a_ordningen, oppgitte, faktorer)
    uten = sammenstill_langtid(AAR, oppgjoeret, a_ordningen, (), faktorer)
    roert = {rad.felt for rad in oppgitte}
    for felt in FELT:
        erstatter = [
            rad.beloep for rad in oppgitte if rad.felt == felt and rad.virkning is Virkning.ERSTATTER
        ]
        tillegg = sum(
            (rad.beloep for rad in oppgitte if rad.felt == felt and rad.virkning is Virkning.LEGGES_TIL),
            Decimal(0),
        )
        if erstatter:
            assert svar.felter[felt].opphav is Opphav.OPPGITT
            assert svar.felter[felt].node.verdi == erstatter[0] + tillegg
        elif tillegg and felt in svar.felter and felt in uten.felter and felt != "/skatt/kreditfradrag":
            assert svar.felter[felt].node.verdi == uten.felter[felt].node.verdi + tillegg  # type: ignore[operator]
        elif felt not in roert and felt.startswith("/inntekter"):
            # What is entered elsewhere never touches an income field.
            assert svar.felter.get(felt) == uten.felter.get(felt)


@given(st.none() | oppgjoerene(), st.none() | anslagene())
@settings(max_examples=150 * OMFANG, deadline=None)
def test_uten_noe_oppgitt_er_intet_felt_funnet_paa(
    oppgjoeret: Langtidsgrunnlag | None, a_ordningen: Aarsanslag | None
) -> None:
    """A field stands only where a source has it, with the source's number, and says which."""
    svar = sammenstill_langtid(AAR, oppgjoeret, a_ordningen)
    for gruppe in Gruppe:
        felt = svar.felter.get(f"/inntekter/{gruppe}")
        if felt is None:
            continue
        if felt.opphav is Opphav.ANSLAG:
            assert a_ordningen is not None
            assert felt.node.verdi == a_ordningen.grupper[gruppe].verdi
        else:
            assert oppgjoeret is not None
            assert felt.opphav is (Opphav.OPPGJOER if oppgjoeret.aar == AAR else Opphav.VIDEREFOERT)
            assert felt.node.verdi == oppgjoeret.grupper[gruppe].verdi
    # A group that any source has is in the year, or the year is open.
    kjente = set() if oppgjoeret is None else {g for g, steg in oppgjoeret.grupper.items() if steg.verdi}
    assert svar.aapne or {f"/inntekter/{g}" for g in kjente} <= svar.felter.keys()
    assert svar.aapne or "/skatt/beregnetSkatt" in svar.felter
    assert svar.aapne >= (0 if oppgjoeret is None else oppgjoeret.aapne_poster)
    assert svar.foreloepig is (oppgjoeret is None or oppgjoeret.aar != AAR)


@given(oppgjoerene(), oppgittene())
@settings(max_examples=75 * OMFANG, deadline=None)
def test_faktor_1_er_ingen_faktor(oppgjoeret: Langtidsgrunnlag, oppgitte: tuple[Oppgitt, ...]) -> None:
    enere = dict.fromkeys(Gruppe, Decimal("1.000"))
    assert sammenstill_langtid(AAR, oppgjoeret, None, oppgitte, enere) == sammenstill_langtid(
        AAR, oppgjoeret, None, oppgitte
    )


@given(AARENE, st.none() | oppgjoerene(), st.none() | anslagene())
@settings(max_examples=75 * OMFANG, deadline=None)
def test_stegene_til_to_personer_har_hver_sin_id(
    beboer: Sammenstilling, oppgjoeret: Langtidsgrunnlag | None, a_ordningen: Aarsanslag | None
) -> None:
    forsoerget = sammenstill_forsoerget(0, AAR, oppgjoeret, a_ordningen)
    steg: dict[str, Steg] = {}
    for node in (*beboer.kilder().values(), *forsoerget.kilder().values()):
        for under in alle(node):
            if isinstance(under, Steg):
                assert steg.setdefault(under.id, under) == under
