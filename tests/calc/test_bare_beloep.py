"""What a mass run compares is what the calculator answers: amounts alone, and years passed over, change nothing."""

import json
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calc.kalkulator import Art, kalkuler, maanedsbeloep
from app.calc.kontrakt.json_tekst import les_egen_json, les_json, skriv_json
from tests.calc.tilfeldige import som_json, tilfeldig_langtidsopphold, tilfeldig_praktisk_bistand
from tests.omfang import OMFANG

LAGET = {
    Art.LANGTIDSOPPHOLD: tilfeldig_langtidsopphold,
    Art.PRAKTISK_BISTAND: tilfeldig_praktisk_bistand,
}


def svaret(art: Art, inn: str) -> dict[str, Decimal]:
    """The months of the whole answer."""
    maaneder = les_json(kalkuler(art, inn, forklar=False))["maaneder"]
    return {rad["maaned"]: Decimal(rad["egenandel"]) for rad in maaneder}


@pytest.mark.parametrize("art", LAGET)
@given(st.integers(0, 10**9))
@settings(max_examples=500 * OMFANG, deadline=None)
def test_beloepene_alene_er_de_samme_som_i_svaret(art: Art, froe: int) -> None:
    inn = som_json(LAGET[art](Random(froe)))
    assert maanedsbeloep(art, les_json(inn)) == svaret(art, inn)


@pytest.mark.parametrize("art", LAGET)
@given(st.integers(0, 10**9))
@settings(max_examples=200 * OMFANG, deadline=None)
def test_det_vi_selv_har_skrevet_leses_likt_uten_kontroll(art: Art, froe: int) -> None:
    tekst = skriv_json(les_json(som_json(LAGET[art](Random(froe)))))
    assert skriv_json(les_egen_json(tekst)) == tekst
    assert les_egen_json(tekst) == les_json(tekst)


@given(
    st.integers(2013, 2026),
    st.dates(date(2009, 1, 1), date(2026, 12, 31)),
    st.sampled_from(["LANGTID", "KORTTID_DOEGN", "AVLASTNING", "OEYEBLIKKELIG_HJELP"]),
    st.one_of(st.none(), st.dates(date(2013, 1, 1), date(2026, 12, 31))),
    st.booleans(),
    st.integers(0, 40),
)
@settings(max_examples=500 * OMFANG, deadline=None)
def test_et_opphold_over_mange_aar_er_som_ett_per_aar(
    aar: int, fra: date, art: str, til: date | None, over_nyttaar: bool, korttid_etter: int
) -> None:
    """Whole years of one stay are passed over; one stay a year is walked through."""
    if til is not None and til < fra:
        fra, til = til, fra
    inn: dict[str, Any] = {
        "aar": aar,
        "inntekter": {"pensjonFraFolketrygden": 300_000},
        "valg": {"paragraf3OverNyttaar": over_nyttaar},
    }
    siste = til or date(2026, 12, 31)
    ett = {"art": art, "fra": str(fra), "til": str(siste)}
    delt = [
        {"art": art, "fra": str(max(fra, date(n, 1, 1))), "til": str(min(siste, date(n, 12, 31)))}
        for n in range(fra.year, siste.year + 1)
    ]
    etterpaa = []
    if korttid_etter and siste < date(2026, 11, 1):
        # What comes after depends on where the walk says the stay before ended, and how.
        dag = date.fromordinal(siste.toordinal() + 1 + korttid_etter % 3)
        etterpaa = [
            {"art": "LANGTID", "fra": str(dag), "til": str(date.fromordinal(dag.toordinal() + korttid_etter))}
        ]
    svar = [
        json.loads(kalkuler(Art.LANGTIDSOPPHOLD, som_json({**inn, "opphold": [*opphold, *etterpaa]}), False))
        for opphold in ([ett], delt)
    ]
    assert svar[0]["maaneder"] == svar[1]["maaneder"]
    assert [(p["fra"], p["grunnlag"]) for p in svar[0]["perioder"] if p["grunnlag"] != "GRATIS"] == [
        (p["fra"], p["grunnlag"]) for p in svar[1]["perioder"] if p["grunnlag"] != "GRATIS"
    ]
