"""The calculators against a second reading of the regulation, over thousands of random requests.

The second reading (``tests.calc.orakel``) walks day by day in fractions and shares no code with ``app.calc``;
where they agree, an error has to have been made twice in two different ways. A failure names the seed, and the
seed makes the request again.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count, islice
from random import Random
from typing import Any

import pytest

from app.calc.kalkulator import kalkuler
from tests.calc import orakel
from tests.calc.tilfeldige import (
    Tilfelle,
    som_json,
    tilfeldig_etteroppgjoer,
    tilfeldig_langtidsopphold,
    tilfeldig_praktisk_bistand,
)
from tests.omfang import OMFANG

BOLKER = range(10 * OMFANG)
LANGTIDSOPPHOLD_PER_BOLK = 1_000
PRAKTISK_BISTAND_PER_BOLK = 250
ETTEROPPGJOER_PER_BOLK = 120

FELT = {
    "langtidsopphold": (
        "aar",
        "inntekt",
        "fradragsberettigetSkatt",
        "skattejustering",
        "fradragParagraf5",
        "beregningsgrunnlag",
        "dager",
        "maaneder",
        "egenandelAar",
    ),
    "praktisk-bistand": (
        "aar",
        "grunnlag",
        "grunnbeloep",
        "toG",
        "under2G",
        "selvkostPerTime",
        "maaneder",
        "egenandelAar",
    ),
    "etteroppgjoer": ("beregningsgrunnlag", "maaneder", "sum", "retning"),
}
MAANED_PRAKTISK_BISTAND = ("maaned", "foerTak", "tak", "egenandel")
FASIT: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "langtidsopphold": orakel.langtidsopphold,
    "praktisk-bistand": orakel.praktisk_bistand,
    "etteroppgjoer": orakel.etteroppgjoer,
}


@pytest.mark.parametrize("bolk", BOLKER)
def test_langtidsopphold_er_det_samme_lest_to_ganger(bolk: int) -> None:
    for froe, inn in _tilfeller(tilfeldig_langtidsopphold, bolk, LANGTIDSOPPHOLD_PER_BOLK):
        _krev_likt_svar("langtidsopphold", inn, f"frø {froe}")


@pytest.mark.parametrize("bolk", BOLKER)
def test_praktisk_bistand_er_det_samme_lest_to_ganger(bolk: int) -> None:
    for froe, inn in _tilfeller(tilfeldig_praktisk_bistand, bolk, PRAKTISK_BISTAND_PER_BOLK):
        _krev_likt_svar("praktisk-bistand", inn, f"frø {froe}")


@pytest.mark.parametrize("bolk", BOLKER)
def test_etteroppgjoer_er_det_samme_lest_to_ganger(bolk: int) -> None:
    for froe, inn in _tilfeller(tilfeldig_etteroppgjoer, bolk, ETTEROPPGJOER_PER_BOLK):
        _krev_likt_svar("etteroppgjoer", inn, f"frø {froe}")


def _tilfeller(lag: Callable[[Random], Tilfelle], bolk: int, antall: int) -> Iterator[tuple[int, Tilfelle]]:
    """The chunk's requests with their seeds."""
    alle = ((froe, lag(Random(froe))) for froe in count(bolk * 1_000_000))
    return islice(alle, antall)


def _krev_likt_svar(art: str, inn: Mapping[str, Any], hvilken: str) -> None:
    """The same exact number in every field. A refusal is a fault too: every request is made valid."""
    svar: dict[str, Any] = json.loads(kalkuler(art, som_json(inn), forklar=False), parse_float=Decimal)
    if art == "langtidsopphold":
        svar["dager"] = _dager(inn, svar)
    if art == "praktisk-bistand":
        svar["maaneder"] = [
            {navn: maaned[navn] for navn in MAANED_PRAKTISK_BISTAND} for maaned in svar["maaneder"]
        ]
    fasit = FASIT[art](inn)
    for navn in FELT[art]:
        if _eksakt(svar[navn]) != _eksakt(fasit[navn]):
            forskjell = f"{_lesbar(svar[navn])} og ikke {_lesbar(fasit[navn])}"
            pytest.fail(f"{hvilken}, {navn}: {forskjell} for {som_json(inn)}")


# --- where the two readings once differed ------------------------------------------------------------------

PENSJON = {"pensjonFraFolketrygden": 300_000}
PRISER = {"timepris": 300, "fastprisPerMaaned": 1_000, "maksTimer": 2, "friTimer": 1, "fraG": 0}


@pytest.mark.parametrize(
    ("art", "inn"),
    [
        pytest.param(
            "langtidsopphold",
            {"aar": 2025, "inntekter": PENSJON, "opphold": []},
            id="kontrakten: opphold kan være tom",
        ),
        pytest.param(
            "langtidsopphold",
            {"aar": 2025, "opphold": [{"art": "DAG", "fra": "2025-03-01", "til": None, "antall": 4}]},
            id="§ 4: bare dagopphold",
        ),
        pytest.param(
            "langtidsopphold",
            {"aar": 2025, "inntekter": PENSJON, "opphold": [{"art": "LANGTID", "fra": "2026-02-01"}]},
            id="kontrakten: et opphold kan begynne etter året",
        ),
        pytest.param(
            "langtidsopphold",
            {
                "aar": 2026,
                "inntekter": PENSJON,
                "opphold": [
                    {"art": "KORTTID_DOEGN", "fra": "2025-02-01", "til": "2025-04-30"},
                    {"art": "LANGTID", "fra": "2025-12-15", "til": None},
                ],
            },
            id="§ 6 tredje ledd: langtidsopphold etter 60 døgn beholder § 3 over nyttår",
        ),
        pytest.param(
            "langtidsopphold",
            {
                "aar": 2025,
                "inntekter": PENSJON,
                "opphold": [
                    {
                        "art": "LANGTID",
                        "fra": "2025-02-11",
                        "til": "2025-02-11",
                        "medregnetFra": "2025-02-01",
                    },
                    {"art": "LANGTID", "fra": "2025-02-11", "til": None},
                ],
            },
            id="§ 6 første ledd andre punktum: medregnet tid før et opphold på én dag",
        ),
        pytest.param(
            "praktisk-bistand",
            {
                "aar": 2025,
                "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 400_000}],
                "prisregister": {"trinn": [PRISER]},
                "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 3}],
            },
            id="§ 8: frie timer trekkes fra før den faste prisen overtar",
        ),
        pytest.param(
            "praktisk-bistand",
            {
                "aar": 2025,
                "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 400_000}],
                "prisregister": {"trinn": [{"fraG": 0, "fastprisPerMaaned": 1_000, "friTimer": 2}]},
                "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 1}],
            },
            id="§ 8: en måned med bare frie timer koster ingenting",
        ),
    ],
)
def test_tilfeller_de_to_lesningene_var_uenige_om(art: str, inn: Mapping[str, Any]) -> None:
    _krev_likt_svar(art, inn, "avgjort tilfelle")


# --- comparing ----------------------------------------------------------------------------------------------


def _eksakt(verdi: object) -> object:
    """Every number as a fraction, so that 1, 1.0 and 1/1 are one number."""
    if isinstance(verdi, dict):
        return {navn: _eksakt(del_) for navn, del_ in verdi.items()}
    if isinstance(verdi, (list, tuple)):
        return [_eksakt(del_) for del_ in verdi]
    if isinstance(verdi, Decimal):
        return Fraction(verdi)
    return verdi


def _lesbar(verdi: object) -> str:
    if isinstance(verdi, dict):
        return "{" + ", ".join(f"{navn}: {_lesbar(del_)}" for navn, del_ in verdi.items()) + "}"
    if isinstance(verdi, (list, tuple)):
        return "[" + ", ".join(_lesbar(del_) for del_ in verdi) + "]"
    return str(verdi)


def _dager(inn: Mapping[str, Any], svar: Mapping[str, Any]) -> dict[date, tuple[object, ...]]:
    """The periods day by day, without those that visits are given for: a visit is not a day by the day."""
    besoek = {(o["fra"], o["til"] or _siste_i_maaneden(o["fra"])) for o in inn["opphold"] if "antall" in o}
    dager: dict[date, tuple[object, ...]] = {}
    for periode in svar["perioder"]:
        if (periode["fra"], periode["til"]) in besoek:
            continue
        dag = date.fromisoformat(periode["fra"])
        while dag <= date.fromisoformat(periode["til"]):
            assert dag not in dager, f"{dag} står i to perioder"
            dager[dag] = tuple(periode[navn] for navn in ("grunnlag", "grunnbeloep", "fribeloep", "aarssats"))
            dag += timedelta(days=1)
    return dager


def _siste_i_maaneden(dag: str) -> str:
    neste = (date.fromisoformat(dag).replace(day=28) + timedelta(days=4)).replace(day=1)
    return (neste - timedelta(days=1)).isoformat()
