"""``egenandel beregning etterproev``: everything stored, run again."""

import asyncio
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from app.api.eksempler_saker import EKTEPAR, HJEMMEHJELP
from app.cli import app
from app.sandbox.standard import FJORDVIK
from tests.baser import ny_database
from tests.saker.verden import KRYPTERING, tjeneste


@pytest.fixture
def saker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A calculation that waits for a caseworker, and one with a result."""
    adresse = ny_database("sqlite")
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", adresse)
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__A", KRYPTERING.noekler["a"].get_secret_value())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "a")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())

    async def fyll() -> list[str]:
        async with tjeneste(adresse) as v:
            svar = [(await v.post("/api/v1/saker", ny)).json() for ny in (EKTEPAR, HJEMMEHJELP)]
        assert [en["beregning"]["tilstand"] for en in svar] == ["UFULLSTENDIG", "BEREGNET"]
        return [en["sak"]["id"] for en in svar]

    return asyncio.run(fyll())


def etterproev(*argumenter: str) -> Result:
    return CliRunner().invoke(app, ["beregning", "etterproev", *argumenter])


def test_alt_er_likt(saker: list[str]) -> None:
    svar = etterproev()
    assert svar.exit_code == 0, svar.output
    assert f"{FJORDVIK}  1 like, 0 ulike, 1 uten resultat å sammenligne\n" in svar.stdout
    assert f"{FJORDVIK}  2 gjennomgått" in svar.stderr
    en = etterproev("--kommune", FJORDVIK, "--sak", saker[1])
    assert en.stdout == f"{FJORDVIK}  1 like, 0 ulike, 0 uten resultat å sammenligne\n"


def test_en_forskjell_navngir_versjonen(saker: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sak.beregninger.kalkuler", lambda *_, **__: "{}\n")
    monkeypatch.setattr("app.services.sak.beregninger.REGELVERSJON", "9.9.9")
    svar = etterproev("--kommune", FJORDVIK)
    assert svar.exit_code == 1
    assert "0 like, 1 ulike, 1 uten resultat" in svar.stdout
    assert "  1: Beregningen er laget med regelversjon 1.1.0; denne tjenesten har 9.9.9." in svar.stdout
    assert svar.stdout.count("  ulik: ") == 1


def test_det_som_ikke_finnes(saker: list[str]) -> None:
    for argumenter, ord_ in (
        (["--kommune", "319999999"], "ikke tatt i bruk"),
        (["--kommune", FJORDVIK, "--sak", str(uuid4())], "har ikke saken"),
        (["--sak", saker[0]], "--kommune"),
    ):
        svar = etterproev(*argumenter)
        assert (svar.exit_code, svar.stdout) == (2, "")
        assert ord_ in svar.stderr
