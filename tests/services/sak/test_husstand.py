"""Who counts on which day, who is looked up, and when a year must be divided."""

from datetime import date
from typing import Any

import pytest

from app.services.sak.husstand import endringsdager, husstandssegmenter, oppslagspersoner, virkning_fra
from tests.services.sak.saker import (
    BARN_ID,
    BEBOER_ID,
    EKTEFELLE_ID,
    LAGRET_BISTAND,
    LAGRET_LANGTID,
    SAMBOER_ID,
    lagret,
    lagret_ektefelle,
)

MARS = date(2025, 3, 1)
BARN_RAD = {"person": {"personId": BARN_ID}, "relasjon": "BARN_UNDER_18"}
SAMBOER_RAD = {"person": {"personId": SAMBOER_ID}, "relasjon": "SAMBOER"}

# (case with source, document, references looked up)
OPPSLAG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("§ 3: beboeren alene", LAGRET_LANGTID, [BEBOER_ID]),
    (
        "§ 5 første ledd: hjemmeboende ektefelle og barn",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(), BARN_RAD]},
        [BEBOER_ID, EKTEFELLE_ID, BARN_ID],
    ),
    (
        "§ 5 første ledd: ektefelle som ikke bor hjemme",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(hjemmeboende=False)]},
        [BEBOER_ID],
    ),
    (
        "§ 5 første ledd: begge på institusjon",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(betalerLangtidsegenandel=True)]},
        [BEBOER_ID],
    ),
    (
        "inntekten er ført inn",
        {
            **LAGRET_LANGTID,
            "husstand": [lagret_ektefelle(arbeidsinntekt=0, pensjonFraFolketrygden=200_000)],
        },
        [BEBOER_ID],
    ),
    (
        "bare den ene inntekten er ført inn",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(arbeidsinntekt=0)]},
        [BEBOER_ID, EKTEFELLE_ID],
    ),
    (
        "utenfor tidsrommet",
        {
            **LAGRET_LANGTID,
            "husstand": [lagret_ektefelle(til="2025-02-28"), {**SAMBOER_RAD, "fra": "2025-03-02"}],
        },
        [BEBOER_ID],
    ),
    (
        "siste og første dag er med",
        {
            **LAGRET_LANGTID,
            "husstand": [lagret_ektefelle(til="2025-03-01"), {**BARN_RAD, "fra": "2025-03-01"}],
        },
        [BEBOER_ID, EKTEFELLE_ID, BARN_ID],
    ),
    (
        "§ 10 tredje ledd: ektefelle og barn som er grunnen til hjelpen",
        {
            **LAGRET_BISTAND,
            "husstand": [lagret_ektefelle(), {**BARN_RAD, "hjelpenSkyldesBarnetsBehov": True}],
        },
        [BEBOER_ID, EKTEFELLE_ID, BARN_ID],
    ),
    (
        "§ 10 fjerde ledd: ektefelle på sykehjem",
        {**LAGRET_BISTAND, "husstand": [lagret_ektefelle(betalerLangtidsegenandel=True)]},
        [BEBOER_ID],
    ),
    (
        "§ 10 fjerde ledd: mottakeren har avkortet trygd",
        {
            **LAGRET_BISTAND,
            "forhold": [{"avkortetYtelseBorteFraHjemmet": True}],
            "husstand": [lagret_ektefelle()],
        },
        [EKTEFELLE_ID],
    ),
]


@pytest.mark.parametrize(("inn", "ventet"), [rad[1:] for rad in OPPSLAG], ids=[rad[0] for rad in OPPSLAG])
def test_ingen_andre_slaas_opp(inn: dict[str, Any], ventet: list[str]) -> None:
    funnet = oppslagspersoner(lagret(inn), MARS)
    assert [person.person_id for person in funnet] == ventet
    assert [p.person_id for p in funnet if p.med_skatt] == (
        [BEBOER_ID] if inn["tjeneste"] == "LANGTIDSOPPHOLD" else []
    )


def test_samboer_slaas_bare_opp_naar_kommunen_regner_den_som_ektefelle() -> None:
    innhold = lagret({**LAGRET_LANGTID, "husstand": [SAMBOER_RAD]})
    assert [p.peker for p in oppslagspersoner(innhold, MARS)] == ["/person", "/husstand/0"]
    assert [p.peker for p in oppslagspersoner(innhold, MARS, samboer_som_ektefelle=False)] == ["/person"]


OPPHOLD = {"art": "LANGTID", "fra": "2024-01-10"}

# (case, document, every change in 2025, those after the first day of the stay)
ENDRINGER: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("ingen", {**LAGRET_LANGTID, "opphold": [OPPHOLD], "husstand": [lagret_ektefelle()]}, [], []),
    (
        "dødsfall 30. april",
        {**LAGRET_LANGTID, "opphold": [OPPHOLD], "husstand": [lagret_ektefelle(til="2025-04-30")]},
        ["2025-05-01"],
        ["2025-05-01"],
    ),
    (
        "ved nyttår er det ingen endring i året",
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "husstand": [lagret_ektefelle(fra="2025-01-01", til="2025-12-31")],
        },
        [],
        [],
    ),
    (
        "en rad som fortsetter i en lik rad",
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "husstand": [lagret_ektefelle(til="2025-04-30"), lagret_ektefelle(fra="2025-05-01")],
        },
        [],
        [],
    ),
    (
        "samme person med nytt beløp",
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "husstand": [
                lagret_ektefelle(til="2025-04-30", tenktEtterlattepensjon=1),
                lagret_ektefelle(fra="2025-05-01", tenktEtterlattepensjon=2),
            ],
        },
        ["2025-05-01"],
        ["2025-05-01"],
    ),
    (
        "skjønnsmessig fradrag; merket uskiftet bo endrer ingen tall",
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "forhold": [{"fra": "2025-03-01", "uskiftetBo": True}],
            "skjoennsmessigFradrag": [{"beloep": 1, "begrunnelse": "Dyr bolig", "til": "2025-06-30"}],
        },
        ["2025-07-01"],
        ["2025-07-01"],
    ),
    (
        "mottakeren flytter på sykehjem (§ 10 fjerde ledd)",
        {**LAGRET_BISTAND, "forhold": [{"fra": "2025-09-01", "betalerLangtidsegenandel": True}]},
        ["2025-09-01"],
        ["2025-09-01"],
    ),
    (
        "før innflytting betyr endringen ingenting",
        {
            **LAGRET_LANGTID,
            "opphold": [{**OPPHOLD, "fra": "2025-06-01"}],
            "husstand": [lagret_ektefelle(til="2025-04-30"), {**BARN_RAD, "fra": "2025-08-01"}],
        },
        ["2025-05-01", "2025-08-01"],
        ["2025-08-01"],
    ),
    (
        "praktisk bistand fra juni",
        {
            **LAGRET_BISTAND,
            "tjenester": [{"maaned": "2025-06", "art": "TIMER", "timer": 1}],
            "husstand": [lagret_ektefelle(fra="2025-05-31", til="2025-06-15")],
        },
        ["2025-05-31", "2025-06-16"],
        ["2025-06-16"],
    ),
]


@pytest.mark.parametrize(
    ("inn", "alle", "delt"), [rad[1:] for rad in ENDRINGER], ids=[rad[0] for rad in ENDRINGER]
)
def test_dagene_aaret_maa_deles_paa(inn: dict[str, Any], alle: list[str], delt: list[str]) -> None:
    innhold = lagret(inn)
    assert [dag.isoformat() for dag in husstandssegmenter(innhold, 2025)] == alle
    assert [dag.isoformat() for dag in endringsdager(innhold, 2025)] == delt


@pytest.mark.parametrize(
    ("i_dag", "ventet"),
    [
        ("2024-12-31", "2025-02-01"),
        ("2025-02-09", "2025-02-01"),
        ("2025-04-30", "2025-02-01"),
        ("2025-05-01", "2025-05-01"),
        ("2025-07-31", "2025-05-01"),
        ("2025-08-01", "2025-08-01"),
        ("2027-01-01", "2025-08-01"),
    ],
)
def test_virkning_er_fra_siste_endring_som_har_skjedd(i_dag: str, ventet: str) -> None:
    innhold = lagret(
        {
            **LAGRET_LANGTID,
            "opphold": [{**OPPHOLD, "fra": "2025-02-10"}],
            "husstand": [lagret_ektefelle(til="2025-04-30"), {**SAMBOER_RAD, "fra": "2025-08-01"}],
        }
    )
    assert virkning_fra(innhold, 2025, date.fromisoformat(i_dag)).isoformat() == ventet


@pytest.mark.parametrize(
    ("til", "ventet"),
    [
        ("2025-04-29", "2025-05-01"),
        ("2025-04-30", "2025-05-01"),
        ("2025-05-01", "2025-06-01"),
        # A change in December counts from the next year.
        ("2025-12-10", "2025-02-01"),
    ],
)
def test_en_endring_midt_i_maaneden_gjelder_fra_den_neste(til: str, ventet: str) -> None:
    innhold = lagret(
        {
            **LAGRET_LANGTID,
            "opphold": [{**OPPHOLD, "fra": "2025-02-10"}],
            "husstand": [lagret_ektefelle(til=til)],
        }
    )
    assert virkning_fra(innhold, 2025, date(2026, 1, 1)).isoformat() == ventet


def test_uten_opphold_i_aaret_er_virkning_fra_nyttaar() -> None:
    innhold = lagret({**LAGRET_LANGTID, "opphold": [{**OPPHOLD, "til": "2024-03-01"}]})
    assert virkning_fra(innhold, 2025, MARS) == date(2025, 1, 1)
