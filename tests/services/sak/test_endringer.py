"""What changed between two results of one year."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.services.sak.endringer import endringer
from tests.calc.forespoersler import langtid

# From the contract's example: 21 334 x 4 and 21 283 x 8 in 2025.
FOER: dict[str, Any] = {
    "aar": 2025,
    "inntekter": {"pensjonFraFolketrygden": 350_000, "renteinntekt": 20_000},
    "skatt": {"beregnetSkatt": 45_000},
    "opphold": [{"art": "LANGTID", "fra": "2024-03-01"}],
}


def svar(inn: dict[str, Any], art: str = "langtidsopphold") -> Any:
    return les_json(kalkuler(art, skriv_json(inn), forklar=False))


def test_ny_inntekt_maaned_for_maaned() -> None:
    """20 000 kroner more above G is 17 000 a year: 1 416.66 a month, rounded down month by month."""
    etter = {**FOER, "inntekter": {"pensjonFraFolketrygden": 390_000}}
    forskjell: Any = endringer(svar(FOER), svar(etter))
    assert (forskjell.gammelt_grunnlag, forskjell.nytt_grunnlag) == (325_000, 345_000)
    assert forskjell.endret
    assert [(r.maaned, r.gammel, r.ny, r.differanse) for r in forskjell.maaneder[3:5]] == [
        ("2025-04", 21_334, 22_750, 1_416),
        ("2025-05", 21_283, 22_699, 1_416),
    ]
    assert forskjell.sum == sum(r.differanse for r in forskjell.maaneder)


def test_bare_fra_endringen() -> None:
    etter = {**FOER, "inntekter": {"pensjonFraFolketrygden": 390_000}}
    forskjell: Any = endringer(svar(FOER), svar(etter), fra=date(2025, 11, 17))
    assert [r.maaned for r in forskjell.maaneder] == ["2025-11", "2025-12"]


def test_en_maaned_som_faller_bort_er_null_og_ikke_0() -> None:
    etter = {**FOER, "opphold": [{"art": "LANGTID", "fra": "2024-03-01", "til": "2025-01-31"}]}
    rad: Any = endringer(svar(FOER), svar(etter)).maaneder[1]
    assert (rad.gammel, rad.ny, rad.differanse) == (21_334, None, -21_334)
    tilbake: Any = endringer(svar(etter), svar(FOER)).maaneder[1]
    assert (tilbake.gammel, tilbake.ny, tilbake.differanse) == (None, 21_334, 21_334)


def test_praktisk_bistand() -> None:
    inn: dict[str, Any] = {
        "aar": 2025,
        "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 400_000}],
        "prisregister": {"trinn": [{"fraG": 0, "timepris": 300}]},
        "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 2}],
    }
    mindre = {**inn, "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 100_000}]}
    forskjell: Any = endringer(svar(inn, "praktisk-bistand"), svar(mindre, "praktisk-bistand"))
    assert [(r.gammel, r.ny, r.differanse) for r in forskjell.maaneder] == [(600, 240, -360)]
    assert (forskjell.gammelt_grunnlag, forskjell.nytt_grunnlag) == (400_000, 100_000)


def test_ulike_aar_og_tjenester_kan_ikke_sammenlignes() -> None:
    bistand = {"aar": 2025, "grunnlag": 1, "maaneder": []}
    for annet in (svar({**FOER, "aar": 2024}), bistand):
        with pytest.raises(ValueError, match="ikke samme"):
            endringer(svar(FOER), annet)


@given(langtid())
@settings(max_examples=100, deadline=None)
def test_et_resultat_er_likt_seg_selv_og_forskjellen_snur_med_rekkefoelgen(inn: dict[str, Any]) -> None:
    ett = svar(inn)
    annet = svar({**inn, "gjeldsrenter": Decimal(0)})
    assert not endringer(ett, ett).endret
    frem, tilbake = endringer(ett, annet), endringer(annet, ett)
    assert frem.sum == -tilbake.sum == annet["egenandelAar"] - ett["egenandelAar"]
    assert frem.endret == any(r.differanse for r in tilbake.maaneder)


def test_ingen_beloep_i_repr() -> None:
    forskjell: Any = endringer(svar(FOER), svar(FOER))
    assert "21334" not in f"{forskjell!r}{forskjell.maaneder!r}"
