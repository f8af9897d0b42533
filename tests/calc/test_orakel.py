"""The second reading itself, against figures somebody else has published."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.calc import orakel

HELE_2025 = [{"art": "LANGTID", "fra": "2024-01-01", "til": None}]


def test_maanedene_i_kontraktens_eksempel() -> None:
    svar = orakel.langtidsopphold(
        {
            "aar": 2025,
            "inntekter": {"pensjonFraFolketrygden": 350_000, "renteinntekt": 20_000},
            "skatt": {"beregnetSkatt": 45_000},
            "opphold": [{"art": "LANGTID", "fra": "2024-03-01"}],
        }
    )
    assert svar["beregningsgrunnlag"] == 325_000
    assert [maaned["egenandel"] for maaned in svar["maaneder"]] == [21_334] * 4 + [21_283] * 8
    assert svar["egenandelAar"] == 255_600


@pytest.mark.parametrize(
    ("inntekter", "aarssats"),
    [
        ({"pensjonFraFolketrygden": 260_000}, Fraction("200146.50")),
        (
            {"pensjonFraFolketrygden": 300_000, "leieinntekt": 20_000, "annenAvkastning": 25_000},
            Fraction("272396.50"),
        ),
    ],
    ids=["LHL 2025, pensjon", "LHL 2025, pensjon, leie og avkastning"],
)
def test_aarssats(inntekter: dict[str, Any], aarssats: Fraction) -> None:
    svar = orakel.langtidsopphold({"aar": 2025, "inntekter": inntekter, "opphold": HELE_2025})
    assert svar["dager"][date(2025, 5, 1)] == ("PARAGRAF_3", 130_160, 10_450, aarssats)


def test_beregningsgrunnlag_i_ks_eksempel_for_2023() -> None:
    svar = orakel.langtidsopphold(
        {
            "aar": 2023,
            "inntekter": {"arbeidsinntekt": 772_062, "renteinntekt": 2_163, "annenAvkastning": 27_493},
            "skatt": {"beregnetSkatt": 234_591},
            "forsoergede": [{"relasjon": "SAMBOER", "arbeidsinntekt": 146_222}],
            "opphold": [],
        }
    )
    assert svar["beregningsgrunnlag"] == 567_127


def test_husstandens_grunnlag_i_ks_eksempel_for_2021() -> None:
    svar = orakel.praktisk_bistand(
        {
            "aar": 2021,
            "husstand": [
                {
                    "rolle": "TJENESTEMOTTAKER",
                    "alminneligInntektFoerSaerfradrag": 6_700,
                    "gevinst": 39_199,
                    "tap": 88_840,
                    "oppjusteringAvTap": 39_090,
                    "hjelpestoenad": 2_000,
                    "omsorgsstoenad": 1_000,
                    "skjoennsmessigFradrag": 3_000,
                },
                {
                    "rolle": "EKTEFELLE",
                    "alminneligInntektFoerSaerfradrag": 6_801_000,
                    "gevinst": 200_000,
                    "oppjusteringAvGevinst": 88_000,
                    "oppjusteringAvUtbytte": 132_000,
                },
            ],
            "tjenester": [],
        }
    )
    assert svar["grunnlag"] == 6_474_431


@pytest.mark.parametrize(("grunnlag", "under"), [(260_319, True), (260_320, False)])
def test_grensen_paa_2_g_i_2026(grunnlag: int, under: bool) -> None:
    mottaker = {"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": grunnlag}
    svar = orakel.praktisk_bistand({"aar": 2026, "husstand": [mottaker], "tjenester": []})
    assert (svar["toG"], svar["under2G"]) == (260_320, under)
