"""The API description: published, current, valid, with examples that run."""

import json
from pathlib import Path

from jsonschema_rs import Draft202012Validator
from starlette.testclient import TestClient

from app.api.eksempler import EKSEMPLER
from app.api.fiksfeil import PREFIKS
from app.cli.visning import pen_json

FIL = Path(__file__).parents[2] / "openapi" / "egenandel.json"


def test_filen_er_lik_det_tjenesten_svarer(klient: TestClient) -> None:
    """``make openapi`` writes it; a change of the API shows as a change of the file."""
    assert FIL.read_text("utf-8") == pen_json(klient.get("/openapi.json").json())


def test_er_openapi_3_1() -> None:
    assert json.loads(FIL.read_text("utf-8"))["openapi"] == "3.1.0"


def test_hvert_eksempel_gaar_gjennom_og_passer_skjemaet(klient: TestClient) -> None:
    beskrivelse = json.loads(FIL.read_text("utf-8"))
    for art, eksempler in EKSEMPLER.items():
        operasjon = beskrivelse["paths"][f"/api/v1/kalkulator/{art}"]["post"]
        innhold = operasjon["requestBody"]["content"]["application/json"]
        assert set(innhold["examples"]) == set(eksempler)
        inn_skjema = {**innhold["schema"], "components": beskrivelse["components"]}
        ut_skjema = operasjon["responses"]["200"]["content"]["application/json"]["schema"]
        for navn, eksempel in innhold["examples"].items():
            Draft202012Validator(inn_skjema).validate(eksempel["value"])
            svar = klient.post(f"/api/v1/kalkulator/{art}", json=eksempel["value"])
            assert svar.status_code == 200, navn
            Draft202012Validator({**ut_skjema, "components": beskrivelse["components"]}).validate(svar.json())


def test_hver_foresporsel_har_eksempler_som_passer_skjemaet() -> None:
    """The calculators' are run above; those of the case API are lawful bodies in ``tests/saker``."""
    beskrivelse = json.loads(FIL.read_text("utf-8"))
    antall = 0
    for mal, operasjoner in beskrivelse["paths"].items():
        for operasjon in operasjoner.values():
            if "requestBody" not in operasjon or mal.startswith(PREFIKS):
                continue
            innhold = operasjon["requestBody"]["content"]["application/json"]
            skjema = {**innhold["schema"], "components": beskrivelse["components"]}
            assert innhold["examples"], mal
            for eksempel in innhold["examples"].values():
                assert eksempel["summary"]
                Draft202012Validator(skjema).validate(eksempel["value"])
                antall += 1
    assert antall > 15


def test_alle_feilsvar_er_problemer() -> None:
    """But below Fiks' addresses, where they are Fiks'; ``tests/fiks/test_beskrivelse.py`` holds them to that."""
    for mal, operasjoner in json.loads(FIL.read_text("utf-8"))["paths"].items():
        for operasjon in operasjoner.values():
            for status, svar in operasjon["responses"].items():
                if status == "304":
                    assert "content" not in svar
                elif not status.startswith("2") and not mal.startswith(PREFIKS):
                    assert list(svar["content"]) == ["application/problem+json"]
