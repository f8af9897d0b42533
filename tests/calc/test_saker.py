"""The case tables: published examples, one row each side of every threshold, every year 2013–2026."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.calc.kalkulator import kalkuler
from tests.calc.regnestykke import verdi_av
from tests.calc.sakslesing import Sak, fra_json, les_saker, les_tabell, slaa_opp


def kjoer(art: str, inn: dict[str, Any]) -> Any:
    return fra_json(kalkuler(art, json.dumps(inn)))


def som_ventet(verdi: Any, ventet: str) -> bool:
    if isinstance(verdi, Decimal):
        return Fraction(verdi) == verdi_av(ventet)
    return json.dumps(verdi) == ventet if verdi is None or isinstance(verdi, bool) else verdi == ventet


@pytest.mark.parametrize("sak", les_saker(), ids=lambda sak: f"{sak.fil}: {sak.tittel}")
def test_sak(sak: Sak) -> None:
    svar = fra_json(kalkuler(sak.art, sak.inn))
    avvik = {
        peker: (slaa_opp(svar, peker), ventet)
        for peker, ventet in sak.svar.items()
        if not som_ventet(slaa_opp(svar, peker), ventet)
    }
    assert avvik == {}


@pytest.mark.parametrize(
    "rad", les_tabell("par_3_aarssats.csv"), ids=lambda r: f"{r['dag']} {r['grense']} {r['dobbeltrom']}"
)
def test_aarssats_paa_hver_side_av_hver_grense(rad: dict[str, str]) -> None:
    opphold: dict[str, Any] = {"art": "LANGTID", "fra": "2012-01-01"}
    if rad["dobbeltrom"] == "ja":
        opphold["dobbeltromMotEgetOenske"] = True
    tekst = f'{{"aar":{rad["aar"]},"inntekter":{{"naeringsinntekt":{rad["grunnlag"]}}},"opphold":[{json.dumps(opphold)}]}}'
    if rad["oppholdsutgift"]:
        tekst = tekst.replace('"LANGTID"', f'"LANGTID","oppholdsutgiftPerMaaned":{rad["oppholdsutgift"]}')
    svar = fra_json(kalkuler("langtidsopphold", tekst))
    periode = next(p for p in svar["perioder"] if p["fra"] <= rad["dag"] <= p["til"])
    assert Fraction(periode["aarssats"]) == verdi_av(rad["utledning"])


@pytest.mark.parametrize(
    "rad", les_tabell("par_4_korttid.csv"), ids=lambda r: f"{r['aar']} {r['art']} {r['antall']}"
)
def test_korttid_koster_statens_maksimum(rad: dict[str, str]) -> None:
    opphold: dict[str, Any] = {"art": rad["art"], "fra": f"{rad['aar']}-05-01"}
    if rad["art"] == "KORTTID_DOEGN":
        opphold["til"] = f"{rad['aar']}-05-{int(rad['antall']):02d}"
    else:
        opphold["antall"] = int(rad["antall"])
    svar = kjoer("langtidsopphold", {"aar": int(rad["aar"]), "opphold": [opphold]})
    assert svar["egenandelAar"] == int(rad["forventet"]) == verdi_av(rad["utledning"])


@pytest.mark.parametrize(
    "rad", les_tabell("par_10_utgiftstak.csv"), ids=lambda r: f"{r['aar']} {r['grunnlag']}"
)
def test_under_to_g_er_strengt_under(rad: dict[str, str]) -> None:
    inn = {
        "aar": int(rad["aar"]),
        "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": int(rad["grunnlag"])}],
        "prisregister": {
            "trinn": [{"fraG": 0, "timepris": 400}],
            "selvkost": {"timeloenn": 400, "sosialeUtgifter": 100},
        },
        "tjenester": [{"maaned": f"{rad['aar']}-12", "art": "TIMER", "timer": 2}],
    }
    svar = kjoer("praktisk-bistand", inn)
    assert Fraction(rad["grunnlag"]) == verdi_av(rad["utledning"])
    assert svar["under2G"] is (rad["under_2g"] == "ja")
    maaned = svar["maaneder"][0]
    assert maaned["tak"] == (int(rad["tak"]) if rad["tak"] else None)
    assert maaned["egenandel"] == (int(rad["tak"]) if rad["tak"] else 800)


@pytest.mark.parametrize(
    "rad", les_tabell("par_6_fri_maaned.csv"), ids=lambda r: f"{r['innflytting']} {r['medregnet_fra']}"
)
def test_betalingen_begynner_en_maaned_etter_innflytting(rad: dict[str, str]) -> None:
    opphold = {"art": "LANGTID", "fra": rad["innflytting"]}
    if rad["medregnet_fra"]:
        opphold["medregnetFra"] = rad["medregnet_fra"]
    svar = kjoer("langtidsopphold", {"aar": int(rad["betaling_fra"][:4]), "opphold": [opphold]})
    betalt = [p for p in svar["perioder"] if p["grunnlag"] == "PARAGRAF_3"]
    assert betalt[0]["fra"] == rad["betaling_fra"]


@pytest.mark.parametrize(
    "navn", ["par_3_aarssats.csv", "par_4_korttid.csv", "par_10_utgiftstak.csv", "par_6_fri_maaned.csv"]
)
def test_hver_rad_har_hjemmel_kilde_og_utledning(navn: str) -> None:
    for rad in les_tabell(navn):
        assert rad["hjemmel"].startswith("§ ")
        assert rad["kilde"]
        assert rad["utledning"]
