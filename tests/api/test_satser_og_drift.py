"""Rates over HTTP, and whether the service is up."""

from starlette.testclient import TestClient

from app.calc.satser import satsversjon
from app.settings import Settings


def test_satser_paa_en_dato(klient: TestClient) -> None:
    svar = klient.get("/api/v1/satser", params={"dato": "2026-04-30"})
    assert svar.status_code == 200
    satser = {sats["id"]: sats for sats in svar.json()["satser"]}
    assert satser["grunnbeloep"]["verdi"] == 130160
    assert satser["grunnbeloep"]["alderDoegn"] == 364
    assert satser["fribeloep"]["verdi"] == 10950
    assert satser["fribeloep"]["vedtatt"] == "2025-12-17"
    assert satser["fribeloep"]["kilde"]["tittel"] == "FOR-2025-12-17-2619"
    assert satser["tidsenhet"]["verdi"] == 0.5
    assert svar.json()["dekketTil"] == "2026-12-31"


def test_satser_uten_dato_er_dagens(klient: TestClient) -> None:
    assert klient.get("/api/v1/satser").status_code in {200, 422}  # 422 once the rates have run out


def test_liv_og_beredskap(klient: TestClient) -> None:
    assert klient.get("/live").json() == {"status": "lever"}
    assert klient.get("/ready").json() == {
        "status": "klar",
        "regelversjon": "1.1.0",
        "satsversjon": satsversjon(),
        "satserDekketTil": "2026-12-31",
        "kodeversjon": Settings().kodeversjon,
        "database": None,
        "noekler": False,
        "tilgang": False,
        "oppslag": False,
        "lister": [],
        "varsler": [],
    }
