"""What one person may see of a calculation about several, on the calculators' own answers."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from app.calc.forklar import forklar
from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.services.personvern.skjerming import (
    GJELDER_ANDRE,
    IKKE_VIST,
    egne_deler,
    har_andre,
    skjermet_dokument,
    skjermet_inn,
    skjermet_kilder,
    skjermet_resultat,
)
from tests.services.personvern.verden import KILDER, OLINES_PENSJON, PEDERS_TALL, langtid, tekst

EGEN, ANNEN = UUID(int=1), UUID(int=2)

FRADRAG = PEDERS_TALL[0] - PEDERS_TALL[1] - PEDERS_TALL[2]
"""What Oline's decision names: § 5 andre ledd."""

MOTTAKER, EKTEFELLE, BARN = 410_011, 223_307, 31_019


def bistand(*roller: tuple[str, int]) -> dict[str, Any]:
    return {
        "aar": 2025,
        "husstand": [
            {"rolle": rolle, "alminneligInntektFoerSaerfradrag": inntekt} for rolle, inntekt in roller
        ],
        "prisregister": {
            "trinn": [{"fraG": 0, "tilG": 2, "timepris": 300}, {"fraG": 2, "timepris": 424}],
            "selvkost": {"timeloenn": 300, "sosialeUtgifter": 100},
        },
        "tjenester": [{"maaned": "2025-01", "art": "TIMER", "timer": 10}],
    }


def regnet(art: Art, inn: dict[str, Any]) -> Any:
    return les_json(kalkuler(art, tekst(inn)))


def tall_i(verdi: Any) -> set[int]:
    """Every whole number in a document, also inside texts as Norwegians write them."""
    samlet = skriv_json(verdi).replace("\u00a0", "")
    return {int(tall) for tall in re.findall(r"\d+", samlet)}


def noder(node: Any) -> Iterator[dict[str, Any]]:
    yield node
    for barn in node["barn"]:
        yield from noder(barn)


def test_langtid_beboeren_ser_fradraget_men_ikke_ektefellens_tall() -> None:
    inn = langtid()
    resultat = regnet(Art.LANGTIDSOPPHOLD, inn)
    assert set(PEDERS_TALL) <= tall_i(resultat), "tallene står i det hele treet"
    skjermet = skjermet_resultat(resultat, inn)
    assert not tall_i(skjermet) & set(PEDERS_TALL)
    assert {FRADRAG, OLINES_PENSJON} <= tall_i(skjermet)
    assert {navn: verdi for navn, verdi in skjermet.items() if navn != "forklaring"} == {
        navn: verdi for navn, verdi in resultat.items() if navn != "forklaring"
    }
    (fradrag,) = [n for n in noder(skjermet["forklaring"]) if n["id"].startswith("par_5.etterlattepensjon")]
    assert (fradrag["verdi"], fradrag["barn"]) == (FRADRAG, [])
    assert IKKE_VIST not in str(skjermet["forklaring"]["verdi"])


def test_etteroppgjoer_skjermes_som_de_to_beregningene_det_er_laget_av() -> None:
    inn = {"endelig": langtid(), "foreloepig": langtid(arbeid=131_113)}
    resultat = regnet(Art.ETTEROPPGJOER, inn)
    assert 131_113 in tall_i(resultat)
    skjermet = skjermet_resultat(resultat, inn)
    assert not tall_i(skjermet) & {*PEDERS_TALL, 131_113}
    assert skjermet["sum"] == resultat["sum"]
    assert not tall_i(skjermet_inn(inn)) & {*PEDERS_TALL, 131_113}


# The others of the household, and the numbers that must not come out: theirs, and every sum with them.
HUSSTANDER = [
    ([("EKTEFELLE", EKTEFELLE)], {EKTEFELLE, MOTTAKER + EKTEFELLE}),
    (
        [("EKTEFELLE", EKTEFELLE), ("BARN_UNDER_18", BARN)],
        {EKTEFELLE, BARN, MOTTAKER + EKTEFELLE, MOTTAKER + EKTEFELLE + BARN},
    ),
]


@pytest.mark.parametrize(("andre", "hemmelig"), HUSSTANDER)
@pytest.mark.parametrize("plass", [0, 1])
def test_bistand_mottakeren_ser_verken_de_andres_tall_eller_summen(
    andre: list[tuple[str, int]], hemmelig: set[int], plass: int
) -> None:
    husstand = list(andre)
    husstand.insert(plass, ("TJENESTEMOTTAKER", MOTTAKER))
    inn = bistand(*husstand)
    resultat = regnet(Art.PRAKTISK_BISTAND, inn)
    assert EKTEFELLE in tall_i(resultat)
    skjermet = skjermet_resultat(resultat, inn)
    assert not tall_i(skjermet) & hemmelig
    assert MOTTAKER in tall_i(skjermet)
    assert skjermet["grunnlag"] == IKKE_VIST
    assert skjermet["egenandelAar"] == resultat["egenandelAar"] == skjermet["forklaring"]["verdi"]
    egen = [rad for rad in skjermet["perPerson"] if "utelatt" not in rad]
    assert [(rad["rolle"], rad["grunnlag"]) for rad in egen] == [("TJENESTEMOTTAKER", MOTTAKER)]
    assert {"rolle": "EKTEFELLE", "utelatt": GJELDER_ANDRE} in skjermet["perPerson"]


def test_hvorfor_ektefellen_ikke_regnes_med_er_ogsaa_ektefellens() -> None:
    """That a spouse pays for a stay in an institution is a fact about the spouse's health."""
    inn = bistand(("TJENESTEMOTTAKER", MOTTAKER), ("EKTEFELLE", EKTEFELLE))
    inn["husstand"][1]["betalerLangtidsegenandel"] = True
    skjermet = skjermet_resultat(regnet(Art.PRAKTISK_BISTAND, inn), inn)
    assert "langtid" not in skriv_json(skjermet["perPerson"]).lower()
    assert "betalerLangtidsegenandel" not in skjermet_inn(inn)["husstand"][1]
    assert not tall_i(skjermet) & {EKTEFELLE}


@pytest.mark.parametrize(
    ("art", "inn"),
    [
        (Art.LANGTIDSOPPHOLD, {**langtid(), "forsoergede": []}),
        (Art.PRAKTISK_BISTAND, bistand(("TJENESTEMOTTAKER", MOTTAKER))),
    ],
)
def test_den_som_er_alene_ser_alt(art: Art, inn: dict[str, Any]) -> None:
    resultat = regnet(art, inn)
    assert not har_andre(inn)
    assert skjermet_resultat(resultat, inn) == resultat
    assert skjermet_inn(inn) == inn


@pytest.mark.parametrize(
    ("art", "inn"),
    [
        (Art.LANGTIDSOPPHOLD, langtid()),
        (Art.PRAKTISK_BISTAND, bistand(("TJENESTEMOTTAKER", MOTTAKER), ("EKTEFELLE", EKTEFELLE))),
        (Art.ETTEROPPGJOER, {"endelig": langtid(), "foreloepig": langtid(arbeid=1)}),
    ],
)
def test_det_skjermede_treet_kan_fortsatt_forklares(art: Art, inn: dict[str, Any]) -> None:
    skjermet = skjermet_resultat(regnet(art, inn), inn)
    for node in noder(skjermet["forklaring"]):
        assert set(node) == {"id", "type", "navn", "verdi", "enhet", "hjemmel", "formel", "kilde", "barn"}
    assert IKKE_VIST in forklar(skjermet)


def test_kildene_er_bare_personens_egne() -> None:
    skjermet = skjermet_kilder(KILDER, langtid())
    assert list(skjermet) == ["/inntekter/pensjonFraFolketrygden"]
    endelig = {f"/endelig{peker}": node for peker, node in KILDER.items()}
    assert list(skjermet_kilder(endelig, {"endelig": langtid()})) == [
        "/endelig/inntekter/pensjonFraFolketrygden"
    ]
    to = bistand(("EKTEFELLE", 1), ("TJENESTEMOTTAKER", 2))
    assert list(skjermet_kilder({"/husstand/0/gevinst": 1, "/husstand/1/gevinst": 2}, to)) == [
        "/husstand/1/gevinst"
    ]


def test_dokumentet_har_de_andre_bare_med_rolle_og_datoer() -> None:
    dokument = {
        "person": {"personId": str(EGEN)},
        "forhold": [{"uskiftetBo": True}],
        "husstand": [
            {
                "relasjon": "EKTEFELLE",
                "fra": "2020-01-01",
                "person": {"personId": str(ANNEN)},
                "tenktEtterlattepensjon": 5,
                "betalerLangtidsegenandel": True,
            },
            {"relasjon": "BARN_UNDER_18", "person": None, "hjelpestoenad": 7},
        ],
        "merknad": f"se {ANNEN}",
    }
    assert skjermet_dokument(dokument, EGEN, [ANNEN]) == {
        "person": {"personId": str(EGEN)},
        "forhold": [{"uskiftetBo": True}],
        "husstand": [
            {"relasjon": "EKTEFELLE", "fra": "2020-01-01", "utelatt": GJELDER_ANDRE},
            {"relasjon": "BARN_UNDER_18", "utelatt": GJELDER_ANDRE},
        ],
        "merknad": GJELDER_ANDRE,
    }


# A shared document, and what of it is the person's own, by pointer.
DELT: list[tuple[Any, dict[str, Any]]] = [
    ({"personId": str(EGEN), "x": 1}, {"": {"personId": str(EGEN), "x": 1}}),
    (
        {"sum": 1, "alle": [{"personId": str(EGEN)}, {"personId": str(ANNEN)}]},
        {"/alle/0": {"personId": str(EGEN)}},
    ),
    ({"a/b": {"personId": str(EGEN)}}, {"/a~1b": {"personId": str(EGEN)}}),
    ([{"person": {"personId": str(EGEN)}, "y": 2}], {"/0": {"person": {"personId": str(EGEN)}, "y": 2}}),
    ({"personId": str(EGEN), "medId": str(ANNEN), "sum": 3}, {}),
    ({"personId": str(EGEN), "tekst": f"sammen med {ANNEN}"}, {}),
    ({"varsler": [{"personId": None, "tekst": "for saken"}]}, {}),
]


@pytest.mark.parametrize(("delt", "eget"), DELT)
def test_bare_det_som_baerer_personens_egen_henvisning(delt: Any, eget: dict[str, Any]) -> None:
    assert egne_deler(delt, EGEN, [ANNEN]) == eget
