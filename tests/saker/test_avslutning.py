"""Ending a case ends what runs, on the day (regelverk: egenandel runs through the last day of the stay)."""

from dataclasses import replace
from datetime import date

import pytest

from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.services.sak.innhold import LAGRET_SAKSINNHOLD, LagretSaksinnhold
from app.services.sak.saker import avsluttet_innhold, les_innhold

PERSON = {"personId": "00000000-0000-7000-8000-000000000001"}
DAG = date(2026, 3, 15)

# opphold before, opphold after ending on 15 March 2026
OPPHOLD = [
    pytest.param({"art": "LANGTID", "fra": "2026-01-01"}, "2026-03-15", id="åpent slutter på dagen"),
    pytest.param({"art": "LANGTID", "fra": "2026-01-01", "til": "2026-03-14"}, "2026-03-14", id="sluttet dagen før"),
    pytest.param({"art": "LANGTID", "fra": "2026-01-01", "til": "2026-03-15"}, "2026-03-15", id="slutter samme dag"),
    pytest.param({"art": "LANGTID", "fra": "2026-01-01", "til": "2026-03-16"}, "2026-03-15", id="skulle vart lenger"),
    pytest.param({"art": "LANGTID", "fra": "2026-03-15"}, "2026-03-15", id="begynte samme dag"),
    pytest.param({"art": "LANGTID", "fra": "2026-03-16"}, "borte", id="skulle begynt dagen etter"),
    pytest.param({"art": "DAG", "fra": "2026-03-01", "antall": 20}, None, id="besøk er talt og står"),
]  # fmt: skip


def innhold(**felt: object) -> LagretSaksinnhold:
    return les_innhold(skriv_json({"tjeneste": "LANGTIDSOPPHOLD", "person": PERSON, **felt}))


@pytest.mark.parametrize(("rad", "til"), OPPHOLD)
def test_opphold(rad: dict[str, object], til: str | None) -> None:
    etter = avsluttet_innhold(innhold(opphold=[rad]), DAG).opphold
    if til == "borte":
        assert etter == ()
    else:
        assert [str(o.til) if o.til else None for o in etter] == [til]


def test_resten_av_saken_er_som_foer() -> None:
    foer = innhold(opphold=[{"art": "LANGTID", "fra": "2026-01-01"}], sykehusopphold=[{"fra": "2026-03-10"}])
    etter = avsluttet_innhold(foer, DAG)
    assert etter.sykehusopphold[0].til == DAG
    assert replace(etter, opphold=foer.opphold, sykehusopphold=foer.sykehusopphold) == foer


@pytest.mark.parametrize(("maaned", "blir"), [("2026-02", True), ("2026-03", True), ("2026-04", False)])
def test_tjenester_til_og_med_maaneden(maaned: str, blir: bool) -> None:
    sak = les_innhold(
        skriv_json(
            {
                "tjeneste": "PRAKTISK_BISTAND",
                "person": PERSON,
                "tjenester": [{"maaned": maaned, "art": "TIMER", "timer": 2}],
            }
        )
    )
    assert bool(avsluttet_innhold(sak, DAG).tjenester) is blir


def test_det_avsluttede_kan_lagres_og_leses() -> None:
    etter = avsluttet_innhold(innhold(opphold=[{"art": "LANGTID", "fra": "2026-01-01"}]), DAG)
    assert LAGRET_SAKSINNHOLD.les(les_json(skriv_json(etter)), "", []) == etter
