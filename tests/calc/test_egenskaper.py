"""Properties that hold for every case, searched for counterexamples by Hypothesis.

Together more than 20 000 examples in each run of the test suite.
"""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.satser import sats
from tests.calc.forespoersler import BELOEP, langtid
from tests.calc.orakel import register_i
from tests.calc.sakslesing import fra_json
from tests.calc.tilfeldige import som_json, tilfeldig_praktisk_bistand
from tests.omfang import OMFANG

MANGE = settings(max_examples=4000 * OMFANG, deadline=None, suppress_health_check=list(HealthCheck))


def beregn(inn: dict[str, Any], forklar: bool = False) -> Any:
    return fra_json(kalkuler("langtidsopphold", skriv_json(inn), forklar))


def enkel(aar: int, grunnlag: Decimal, **mer: Any) -> dict[str, Any]:
    return {
        "aar": aar,
        "inntekter": {"pensjonFraFolketrygden": grunnlag},
        "opphold": [{"art": "LANGTID", "fra": f"{aar - 1}-01-01", **mer}],
        "valg": {"avrunding": "OERE_NED"},
    }


@given(langtid())
@MANGE
def test_aldri_over_inntekt_eller_utgift(inn: dict[str, Any]) -> None:
    svar = beregn(inn)
    utgifter = [stay.get("oppholdsutgiftPerMaaned") for stay in inn["opphold"]]
    hoeyeste = None if None in utgifter else 12 * max(utgifter)
    for periode in svar["perioder"]:
        if periode["grunnlag"] == "PARAGRAF_3":
            assert 0 <= periode["aarssats"] <= svar["beregningsgrunnlag"]
            if hoeyeste is not None:
                assert periode["aarssats"] <= hoeyeste
    paragraf_3 = [p["aarssats"] for p in svar["perioder"] if p["grunnlag"] == "PARAGRAF_3"]
    paragraf_4 = (
        sum(m["doegn"] for m in svar["maaneder"]) * sats("korttid_doegn", date(inn["aar"], 1, 1)).verdi
    )
    assert svar["egenandelAar"] <= max(paragraf_3, default=0) + paragraf_4


@given(st.integers(2013, 2026), BELOEP, st.integers(1, 50_000))
@MANGE
def test_hoeyere_inntekt_gir_aldri_lavere_egenandel(aar: int, grunnlag: Decimal, mer: int) -> None:
    lav, hoey = beregn(enkel(aar, grunnlag)), beregn(enkel(aar, grunnlag + mer))
    for a, b in zip(lav["perioder"], hoey["perioder"], strict=True):
        assert a["aarssats"] <= b["aarssats"]
        if grunnlag >= a["grunnbeloep"]:
            # The last krone above G is never charged by more than 85 per cent.
            assert b["aarssats"] - a["aarssats"] <= Decimal("0.85") * mer
    for a, b in zip(lav["maaneder"], hoey["maaneder"], strict=True):
        assert a["egenandel"] <= b["egenandel"]


@given(st.integers(2013, 2026), BELOEP, st.booleans())
@MANGE
def test_beboeren_beholder_det_forskriften_verner(aar: int, grunnlag: Decimal, dobbeltrom: bool) -> None:
    svar = beregn(enkel(aar, grunnlag, dobbeltromMotEgetOenske=dobbeltrom))
    for p in svar["perioder"]:
        vernet = p["grunnbeloep"] * Decimal("0.25") + p["fribeloep"] * Decimal("0.75")
        i_behold = svar["beregningsgrunnlag"] - p["aarssats"]
        assert i_behold >= min(vernet, svar["beregningsgrunnlag"])


@given(langtid(), st.integers(0, 3), st.integers(0, 900), st.booleans())
@MANGE
def test_aa_dele_et_opphold_endrer_ingenting(
    inn: dict[str, Any], hvilket: int, dag: int, samme_dag: bool
) -> None:
    stays = inn["opphold"]
    stay = stays[hvilket % len(stays)]
    fra = date.fromisoformat(stay["fra"])
    til = date.fromisoformat(stay["til"] or f"{inn['aar']}-12-31")
    assume(fra < til)
    skille = fra + timedelta(1 + dag % (til - fra).days)
    foerste = {**stay, "til": (skille if samme_dag else skille - timedelta(1)).isoformat()}
    andre = {**stay, "fra": skille.isoformat()}
    if samme_dag and stay["til"] is not None and skille == til:
        andre["til"] = til.isoformat()
    delt = [*stays[: hvilket % len(stays)], foerste, andre, *stays[hvilket % len(stays) + 1 :]]
    helt, todelt = beregn(inn), beregn({**inn, "opphold": delt})
    assert todelt["maaneder"] == helt["maaneder"]
    assert todelt["egenandelAar"] == helt["egenandelAar"]
    assert todelt["perioder"] == helt["perioder"]


@given(langtid(), st.integers(0, 3), st.integers(0, 900), st.integers(0, 60))
@MANGE
def test_fravaer_tar_bort_sine_egne_betalte_doegn_og_ingen_andre(
    inn: dict[str, Any], hvilket: int, dag: int, doegn: int
) -> None:
    stays = inn["opphold"]
    nr = hvilket % len(stays)
    fra = date.fromisoformat(stays[nr]["fra"])
    til = date.fromisoformat(stays[nr]["til"] or f"{inn['aar']}-12-31")
    assume(fra <= til)
    foerste = fra + timedelta(dag % ((til - fra).days + 1))
    siste = min(til, foerste + timedelta(doegn))
    borte = {"fra": foerste.isoformat(), "til": siste.isoformat()}
    med = [*stays[:nr], {**stays[nr], "fravaer": [borte]}, *stays[nr + 1 :]]
    foer, etter = dag_for_dag(beregn(inn)), dag_for_dag(beregn({**inn, "opphold": med}))
    assert foer.keys() == etter.keys()
    for dato, periode in foer.items():
        betalt = periode["grunnlag"] in {"PARAGRAF_3", "PARAGRAF_4"}
        if etter[dato]["grunnlag"] == "FRAVAER":
            assert betalt
            assert foerste <= dato <= siste
        else:
            assert etter[dato] == periode
            # The day a stay ends may belong to the next one.
            assert not betalt or not foerste <= dato <= siste or dato == til


def dag_for_dag(svar: Any) -> dict[date, dict[str, Any]]:
    """Each day's ground and prices."""
    dager: dict[date, dict[str, Any]] = {}
    for periode in svar["perioder"]:
        fra, til = date.fromisoformat(periode["fra"]), date.fromisoformat(periode["til"])
        hva = {navn: verdi for navn, verdi in periode.items() if navn not in {"fra", "til"}}
        dager |= {fra + timedelta(n): hva for n in range((til - fra).days + 1)}
    return dager


@given(langtid())
@MANGE
def test_forklaringens_rot_er_svaret(inn: dict[str, Any]) -> None:
    svar = beregn(inn, forklar=True)
    rot = svar["forklaring"]
    assert rot["verdi"] == svar["egenandelAar"] == sum(m["egenandel"] for m in svar["maaneder"])
    maaneder = [barn for barn in rot["barn"] if barn["id"].startswith("par_3.maaned@")]
    assert [m["verdi"] for m in maaneder] == [m["egenandel"] for m in svar["maaneder"]]
    grunnlag = next(barn for barn in rot["barn"] if barn["id"] == "par_3.beregningsgrunnlag")
    assert grunnlag["verdi"] == svar["beregningsgrunnlag"]


@given(langtid())
@MANGE
def test_json_gaar_fram_og_tilbake(inn: dict[str, Any]) -> None:
    tekst = kalkuler("langtidsopphold", skriv_json(inn))
    assert skriv_json(les_json(tekst)) == tekst
    assert skriv_json(les_json(skriv_json(inn))) == skriv_json(inn)
    assert json.loads(tekst)["aar"] == inn["aar"]


@given(
    st.integers(2013, 2026),
    st.lists(BELOEP, min_size=1, max_size=12),
    st.lists(BELOEP, min_size=0, max_size=3),
)
@settings(max_examples=1500 * OMFANG, deadline=None)
def test_praktisk_bistand_aldri_over_selvkost_eller_tak(
    aar: int, timer: list[Decimal], inntekter: list[Decimal]
) -> None:
    inn = {
        "aar": aar,
        "husstand": [
            {"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": sum(inntekter, Decimal(0))}
        ],
        "prisregister": {
            "trinn": [
                {"fraG": 0, "tilG": 3, "timepris": 500},
                {"fraG": 3, "timepris": 700, "maksPerMaaned": 4000},
            ],
            "selvkost": {"timeloenn": 400, "sosialeUtgifter": 100},
        },
        "tjenester": [
            {"maaned": f"{aar}-{nr + 1:02d}", "art": "TIMER", "timer": (t / 10000).quantize(Decimal("0.01"))}
            for nr, t in enumerate(timer)
        ],
    }
    svar = fra_json(kalkuler("praktisk-bistand", skriv_json(inn)))
    for maaned in svar["maaneder"]:
        assert maaned["egenandel"] <= sum(linje["timer"] for linje in maaned["linjer"]) * Decimal(550)
        if maaned["tak"] is not None:
            assert maaned["egenandel"] <= maaned["tak"]
        if svar["under2G"]:
            assert maaned["tak"] == sats("utgiftstak_under_2g", date(aar, 1, 1)).verdi
    assert svar["forklaring"]["verdi"] == svar["egenandelAar"]
    assert svar["under2G"] == (Fraction(svar["grunnlag"]) < Fraction(svar["toG"]))


def bistand(inn: dict[str, Any], forklar: bool = False) -> Any:
    return fra_json(kalkuler("praktisk-bistand", som_json(inn), forklar))


def uten_kilde(node: dict[str, Any]) -> tuple[Any, ...]:
    """A node without where its facts stood and which register it was of."""
    faste = (node["verdi"], node["enhet"], node["hjemmel"], node["formel"])
    return (node["id"].split("@")[0], *faste, [uten_kilde(barn) for barn in node["barn"]])


@given(st.integers(0, 10**9), st.integers(1, 12))
@settings(max_examples=400 * OMFANG, deadline=None)
def test_en_prisendring_til_samme_priser_endrer_ingenting(froe: int, maaned: int) -> None:
    uten = tilfeldig_praktisk_bistand(Random(froe))
    endringer = uten.get("prisendringer", [])
    fra_maaned = f"{uten['aar']}-{maaned:02d}"
    assume(all(endring["fraMaaned"] != fra_maaned for endring in endringer))
    endring = {"fraMaaned": fra_maaned, "prisregister": register_i(uten, fra_maaned)}
    foer, etter = bistand(uten, True), bistand({**uten, "prisendringer": [*endringer, endring]}, True)
    for svar in (foer, etter):
        rot = svar.pop("forklaring")
        svar["tre"] = [uten_kilde(barn) for barn in rot["barn"] if "selvkost_per_time" not in barn["id"]]
    assert foer == etter


@given(st.integers(0, 10**9))
@settings(max_examples=400 * OMFANG, deadline=None)
def test_hver_maaned_er_som_om_maanedens_priser_gjaldt_hele_aaret(froe: int) -> None:
    """A price change never reaches the months before it, nor the old prices those after."""
    inn = tilfeldig_praktisk_bistand(Random(froe))
    svar = bistand(inn)
    endringer = inn.pop("prisendringer", [])
    for maaned in svar["maaneder"]:
        gjeldende = [endring for endring in endringer if endring["fraMaaned"] <= maaned["maaned"]]
        siste = max(gjeldende, key=lambda endring: str(endring["fraMaaned"]), default=inn)
        alene = {
            **inn,
            "prisregister": siste["prisregister"],
            "tjenester": [rad for rad in inn["tjenester"] if rad["maaned"] == maaned["maaned"]],
        }
        assert bistand(alene)["maaneder"] == [maaned]
