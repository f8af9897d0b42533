"""Every error is a problem document (RFC 9457) that says what to do."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from app.api import satser as satsruter
from app.api.problem import ALLE
from app.main import create_app
from app.settings import Settings

LANGTID = "/api/v1/kalkulator/langtidsopphold"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("metode", "sti", "kropp", "headers", "status", "kode"),
    [
        ("GET", "/api/finnes/ikke", None, {}, 404, "ikke-funnet"),
        ("POST", "/api/v1/kalkulator/annet", "{}", JSON, 404, "ikke-funnet"),
        ("GET", LANGTID, None, {}, 405, "metode-ikke-tillatt"),
        ("DELETE", "/api/v1/satser", None, {}, 405, "metode-ikke-tillatt"),
        ("POST", LANGTID, "", JSON, 400, "ugyldig-json"),
        ("POST", LANGTID, "{", JSON, 400, "ugyldig-json"),
        ("POST", LANGTID, "{}", JSON, 422, "ugyldig-innhold"),
        ("POST", LANGTID, '{"aar":2027}', JSON, 422, "sats-mangler"),
        ("POST", LANGTID, '{"aar":2012}', JSON, 422, "sats-mangler"),
        ("POST", LANGTID, '{"aar":2012,"x":1}', JSON, 422, "ugyldig-innhold"),
        ("POST", LANGTID, '{"aar":2025}', {"content-type": "text/plain"}, 415, "feil-innholdstype"),
        ("POST", LANGTID, '{"aar":2025}', {}, 415, "feil-innholdstype"),
        ("POST", LANGTID, "x" * 1_000_001, JSON, 413, "for-stor"),
        ("POST", LANGTID + "?forklar=kanskje", '{"aar":2025}', JSON, 422, "ugyldig-parameter"),
        ("GET", "/api/v1/satser?dato=i-fjor", None, {}, 422, "ugyldig-parameter"),
        ("GET", "/api/v1/satser?dato=2027-01-01", None, {}, 422, "sats-mangler"),
        ("GET", "/api/v1/satser?dato=2011-01-01", None, {}, 422, "sats-mangler"),
    ],
)
def test_problem(
    klient: TestClient,
    metode: str,
    sti: str,
    kropp: str | None,
    headers: dict[str, str],
    status: int,
    kode: str,
) -> None:
    svar = klient.request(metode, sti, content=kropp, headers=headers)
    assert svar.status_code == status
    assert svar.headers["content-type"] == "application/problem+json"
    problem = svar.json()
    assert problem["type"] == f"urn:egenandel:problem:{kode}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert kode in {p.kode for p in ALLE}


def test_405_sier_hvilke_metoder_som_finnes(klient: TestClient) -> None:
    assert klient.get(LANGTID).headers["allow"] == "POST"


def test_uventet_feil_roeper_ingenting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither to the caller nor to the log; and it does not go on to the server, which would log its text."""

    def gaar_galt(dato: date, i_dag: date, foer: int) -> None:
        raise RuntimeError("hemmelig")

    monkeypatch.setattr(satsruter, "satsoversikt", gaar_galt)
    with TestClient(create_app(Settings()), raise_server_exceptions=True) as klient:
        svar = klient.get("/api/v1/satser")
    assert (svar.status_code, svar.headers["content-type"]) == (500, "application/problem+json")
    assert "drift" in svar.json()["detail"]
    logget = "".join(capsys.readouterr()) + caplog.text
    assert "RuntimeError" in logget
    assert "test_problem.py:" in logget
    for tekst in (svar.text, logget):
        assert "hemmelig" not in tekst
        assert "Traceback" not in tekst


def test_feil_siteres_uten_verdien_som_ble_sendt(klient: TestClient) -> None:
    """A body may hold what must not be repeated, so a fault names the place and never the value."""
    kropp = '{"aar":2025,"gjeldsrenter":"15926535897","opphold":[{"art":"15926535897","fra":"15926535897"}]}'
    assert "15926535897" not in klient.post(LANGTID, content=kropp, headers=JSON).text


def test_for_stor_forespoersel_er_ingen_uventet_feil(
    klient: TestClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert klient.post(LANGTID, content="x" * 1_000_001, headers=JSON).status_code == 413
    assert "uventet feil" not in "".join(capsys.readouterr()) + caplog.text
