"""The correlation id: the caller's own when it can stand in a log, else ours; on every answer."""

from datetime import date

import pytest
from starlette.testclient import TestClient

import app.api.satser as satsruter
from app.services.korrelasjon import ny, trygg

GODE = [
    "min-egen-id",
    "12345678",
    "1234567890",
    "a" * 64,
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "2026-11-18T12.30.00_kall-1",
]
DAARLIGE = [
    "kort",
    "a" * 65,
    "",
    "med mellomrom her",
    "linje\\skift",
    "ærlig-talt",
    '"sitat-tegn"',
    "01010112345",
    "x01010112345",
    "p-01010112345-x",
    "010101-12345",
    "010101.12345",
    "123456789012",
    # About one random UUID in a hundred: eleven digits are too many wherever they stand.
    "0f8fad5b-d9cb-469f-a165-70867728950e",
]


@pytest.mark.parametrize("verdi", GODE)
def test_en_trygg_id_foelger_med(klient: TestClient, verdi: str) -> None:
    assert klient.get("/live", headers={"X-Korrelasjonsid": verdi}).headers["x-korrelasjonsid"] == verdi


@pytest.mark.parametrize("verdi", DAARLIGE)
def test_en_annen_byttes_ut(klient: TestClient, verdi: str) -> None:
    svar = klient.get("/live", headers={b"X-Korrelasjonsid": verdi.encode("latin-1")})
    ny_verdi = svar.headers["x-korrelasjonsid"]
    assert ny_verdi != verdi
    assert trygg(ny_verdi)


def test_to_er_ingen(klient: TestClient) -> None:
    svar = klient.get("/live", headers=[("x-korrelasjonsid", "foerste-id"), ("x-korrelasjonsid", "andre-id")])
    assert svar.headers["x-korrelasjonsid"] not in {"foerste-id", "andre-id"}


def test_vaare_egne_er_trygge_og_ulike() -> None:
    alle = {ny() for _ in range(5_000)}
    assert len(alle) == 5_000
    assert all(map(trygg, alle))


@pytest.mark.parametrize(
    ("metode", "sti", "lengde", "status"),
    [
        ("GET", "/finnes/ikke", 0, 404),
        ("DELETE", "/live", 0, 405),
        ("POST", "/api/v1/kalkulator/langtidsopphold", 1_000_001, 413),
    ],
)
def test_feil_har_den_ogsaa(klient: TestClient, metode: str, sti: str, lengde: int, status: int) -> None:
    svar = klient.request(metode, sti, content="x" * lengde, headers={"X-Korrelasjonsid": "min-egen-id"})
    assert (svar.status_code, svar.headers["x-korrelasjonsid"]) == (status, "min-egen-id")


def test_en_uventet_feil_kan_finnes_igjen_i_loggen(
    klient: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def gaar_galt(dato: date, i_dag: date, foer: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(satsruter, "satsoversikt", gaar_galt)
    svar = klient.get("/api/v1/satser", headers={"X-Korrelasjonsid": "min-egen-id"})
    assert (svar.status_code, svar.headers["x-korrelasjonsid"]) == (500, "min-egen-id")
    assert "min-egen-id" in "".join(capsys.readouterr()) + caplog.text
