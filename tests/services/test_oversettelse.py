"""From Skatteetaten's words to the catalogue's: nothing filled in, nothing dropped."""

from decimal import Decimal
from typing import Any

import pytest

from app.calc.poster.inntekter import Aarsanslag, anslag_for_aaret
from app.calc.poster.typer import Svardel
from app.services.oversettelse import UforstaaeligError, inntektssvar, skattesvar, skattetall
from app.skatt_client import BeregnetSkatt, Inntekter, Skattegrunnlag
from tests.integrasjon.test_oppslag import IDAG

PERSON = "09819899123"
RETT_BSA: dict[str, Any] = {"personidentifikator": PERSON, "inntektsaar": 2025, "skjermet": False}


def ssg(**felt: Any) -> Skattegrunnlag:
    rot = {"personidentifikator": PERSON, "inntektsaar": "2025", "skjermet": False}
    return Skattegrunnlag.model_validate(rot | felt)


def bsa(**felt: Any) -> BeregnetSkatt:
    return BeregnetSkatt.model_validate(RETT_BSA | felt)


def test_de_tre_listene_holdes_fra_hverandre() -> None:
    post = {"tekniskNavn": "loenn", "beloep": 1}
    svar = skattesvar(ssg(grunnlag=[post], svalbardGrunnlag=[post], kildeskattPaaLoennGrunnlag=[post]))
    assert [p.del_ for p in svar.poster] == [Svardel.FASTLAND, Svardel.SVALBARD, Svardel.KILDESKATT]
    assert skattesvar(ssg()).poster == ()


# A specification on the wire, and the amount and payer that are used.
SPESIFISERINGER: list[tuple[dict[str, Any], int | None, str | None]] = [
    ({"pensjonsinntektPerSkattleggingsperiode": 5, "organisasjonsnummer": "982583462"}, 5, "982583462"),
    ({"beloep": 7, "organisasjonsnummer": "982583462"}, 7, "982583462"),
    ({"pensjonsinntektPerSkattleggingsperiode": 0, "beloep": 7}, 0, None),
    ({"beloep": Decimal("7.00")}, 7, None),
    ({"beloep": Decimal("7.50")}, None, None),
    ({"beloep": "7"}, None, None),
    ({"beloep": True}, None, None),
    ({"organisasjonsnummer": 982583462}, None, None),
    ({}, None, None),
]


@pytest.mark.parametrize(("element", "beloep", "utbetaler"), SPESIFISERINGER)
def test_spesifiseringen_gir_bare_det_den_sier(
    element: dict[str, Any], beloep: int | None, utbetaler: str | None
) -> None:
    post = {"tekniskNavn": "pensjon", "beloep": 9, "spesifisering": [element]}
    (spesifisering,) = skattesvar(ssg(grunnlag=[post])).poster[0].spesifisering
    assert (spesifisering.beloep, spesifisering.organisasjonsnummer) == (beloep, utbetaler)


def test_skatten_leses_del_for_del() -> None:
    fastland = {
        "beregnetSkatt": 10,
        "skattOgAvgift": {"fellesskatt": {"grunnlag": 100, "beloep": 4}, "ukjent": {"grunnlag": 1}},
        "skattefradrag": {"a": 1, "b": {"beloep": 2}},
    }
    (del_,) = skattetall(bsa(beregnetSkattFastland=fastland)).deler
    assert [(art.navn, art.beloep, art.grunnlag) for art in del_.skatt_og_avgift] == [("fellesskatt", 4, 100)]
    assert [(art.navn, art.beloep) for art in del_.skattefradrag] == [("a", 1), ("b", 2)]
    assert skattetall(bsa()).deler == ()


@pytest.mark.parametrize(
    ("del_", "felt"),
    [
        ({"skatteklasse": "1"}, "beregnetSkatt"),
        ({"beregnetSkatt": 1, "skattefradrag": [1]}, "skattefradrag"),
        ({"beregnetSkatt": 1, "skattefradrag": {"a": "1"}}, "skattefradrag"),
        ({"beregnetSkatt": 1, "skattefradrag": {"a": {"sum": 1}}}, "skattefradrag"),
    ],
)
def test_skatt_som_ikke_kan_leses_er_ikke_null(del_: dict[str, Any], felt: str) -> None:
    """One part without tax makes the whole unknown: the other part alone would be too little."""
    svar = bsa(beregnetSkattSvalbard={"beregnetSkatt": 5}, beregnetSkattFastland=del_)
    with pytest.raises(UforstaaeligError) as feil:
        skattetall(svar)
    assert feil.value.felt == felt


def _inntekter(inntekt: dict[str, Any]) -> Inntekter:
    return Inntekter.model_validate(
        {
            "oppgaveInntektsmottaker": [
                {
                    "kalendermaaned": "2026-01",
                    "opplysningspliktigId": "889640782",
                    "inntektsmottaker": {"personidentifikator": PERSON},
                    "inntekt": [{"fordel": "kontantytelse", "beloep": 100, **inntekt}],
                }
            ]
        }
    )


def test_et_ukjent_slag_inntekt_vises() -> None:
    svar = inntektssvar(_inntekter({"nyInntektstype": {"beskrivelse": "noeNytt"}}), 2026)
    anslag = anslag_for_aaret(svar, IDAG)
    assert isinstance(anslag, Aarsanslag)
    assert [omtale.noekkel.inntektstype for omtale in anslag.ukjente] == ["nyInntektstype"]
    assert anslag.inntekt is None


def test_inntekt_uten_beskrivelse_avvises() -> None:
    with pytest.raises(UforstaaeligError):
        inntektssvar(_inntekter({}), 2026)
