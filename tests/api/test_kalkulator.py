"""The calculators over HTTP, and the same bytes from the command line and from Python."""

import json
import subprocess
import sys

import pytest
from starlette.testclient import TestClient

from app.api.eksempler import EKSEMPLER, Eksempel
from app.calc.kalkulator import Art, kalkuler

ALLE = [(art, eksempel) for art, eksempler in EKSEMPLER.items() for eksempel in eksempler.values()]
FEIL = {
    Art.LANGTIDSOPPHOLD: '{"aar":2027,"opphold":[{"art":"X"}],"inntekter":{"æøå":NaN}}',
    Art.PRAKTISK_BISTAND: '{"aar":2025,"husstand":[],"tjenester":[{"maaned":"2025-01","art":"TIMER","timer":1}]}',
    Art.ETTEROPPGJOER: "{",
}


def cli(*argumenter: str, inn: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *argumenter],
        input=inn,
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("art", "eksempel"), ALLE, ids=lambda x: getattr(x, "navn", str(x)))
@pytest.mark.parametrize("forklar", [True, False])
def test_samme_byte_over_http_kommandolinje_og_python(
    klient: TestClient, art: Art, eksempel: Eksempel, forklar: bool
) -> None:
    inn = json.dumps(eksempel.inn, ensure_ascii=False).encode()
    http = klient.post(
        f"/api/v1/kalkulator/{art}",
        content=inn,
        headers={"content-type": "application/json"},
        params={} if forklar else {"forklar": "false"},
    )
    assert http.status_code == 200
    assert http.headers["content-type"] == "application/json"
    svar = http.json()
    assert svar.get("egenandelAar", svar.get("sum")) == eksempel.egenandel
    assert ("forklaring" in svar) is forklar
    assert http.content == kalkuler(art, inn, forklar).encode()
    kommando = cli("kalkuler", art.value, *([] if forklar else ["--uten-forklaring"]), inn=inn)
    assert (kommando.returncode, kommando.stderr) == (0, b"")
    assert kommando.stdout == http.content


@pytest.mark.parametrize("art", Art)
def test_samme_problem_over_http_og_kommandolinje(klient: TestClient, art: Art) -> None:
    inn = FEIL[art].encode()
    http = klient.post(f"/api/v1/kalkulator/{art}", content=inn, headers={"content-type": "application/json"})
    kommando = cli("kalkuler", art.value, inn=inn)
    assert (kommando.returncode, kommando.stdout) == (2, b"")
    assert kommando.stderr == http.content
    assert http.headers["content-type"] == "application/problem+json"
    assert http.json()["status"] == http.status_code


def test_stor_forespoersel_gaar_i_egen_traad_med_samme_svar(klient: TestClient) -> None:
    inn = {
        "aar": 2025,
        "husstand": [{"rolle": "TJENESTEMOTTAKER"}],
        "prisregister": {"trinn": [{"fraG": 0, "timepris": 100}]},
        "tjenester": [
            {"maaned": f"2025-{1 + nr % 12:02d}", "art": "TIMER", "timer": 0.5} for nr in range(2000)
        ],
    }
    kropp = json.dumps(inn).encode()
    http = klient.post(
        "/api/v1/kalkulator/praktisk-bistand", content=kropp, headers={"content-type": "application/json"}
    )
    assert http.content == kalkuler(Art.PRAKTISK_BISTAND, kropp).encode()
    assert http.json()["egenandelAar"] == 12 * 240
