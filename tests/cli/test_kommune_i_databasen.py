"""A kommune taken in, changed and written out again by the operator, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import Revisjonsfilter
from app.services.arkiv import aapne
from app.services.kommuneoppsett.fil import les_fil, skriv_fil
from app.settings import Settings
from tests.baser import MOTORER, ny_database
from tests.cli.test_kommune import KORTEST
from tests.saker.verden import KRYPTERING
from tests.services.kommuneoppsett.dokumenter import MINSTE, oppsett

ORGNR = MINSTE["organisasjonsnummer"]


@pytest.fixture(params=MOTORER, autouse=True)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", ny_database(request.param))
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__A", KRYPTERING.noekler["a"].get_secret_value())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "a")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())


def kommune(*argumenter: str, inn: str = "") -> Result:
    return CliRunner().invoke(app, ["kommune", *argumenter], input=inn)


def gjoer(oppgave: Callable[[Arkiv], Awaitable[Any]]) -> Any:
    async def alt() -> Any:
        arkiv = aapne(Settings())
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return asyncio.run(alt())


def handlinger() -> list[tuple[str, str]]:
    async def oppgave(arkiv: Arkiv) -> list[tuple[str, str]]:
        async with arkiv.les(ORGNR) as lager:
            return [
                (rad.handling, rad.utfall) for rad in await lager.revisjon.soek(Revisjonsfilter(), 0, 100)
            ]

    funnet: list[tuple[str, str]] = gjoer(oppgave)
    return funnet


def test_inn_en_ny_versjon_og_ut_igjen(tmp_path: Path) -> None:
    fil = tmp_path / "inn.toml"
    skriv_fil(fil, oppsett())
    assert f"({ORGNR}) er tatt i bruk: versjon 1." in kommune("les-inn", str(fil)).stdout
    assert "har alt dette oppsettet (versjon 1). Ingenting er endret." in kommune("les-inn", str(fil)).stdout
    skriv_fil(fil, oppsett(maalform="NN"))
    assert f"({ORGNR}) har fått nytt oppsett: versjon 2." in kommune("les-inn", str(fil)).stdout
    ut = tmp_path / "ut.json"
    svar = kommune("skriv-ut", ORGNR, str(ut))
    assert (svar.exit_code, "versjon 2" in svar.stdout) == (0, True), svar.output
    assert les_fil(ut) == les_fil(fil)
    # Taken in, unchanged (nothing noted), changed, read.
    assert handlinger() == [("KOMMUNE_ENDRET", "OK"), ("KOMMUNE_ENDRET", "OK"), ("KOMMUNE_LEST", "OK")]


def test_en_fil_som_finnes_skrives_ikke_over_uten_videre(tmp_path: Path) -> None:
    fil = tmp_path / "oppsett.toml"
    skriv_fil(fil, oppsett())
    kommune("les-inn", str(fil))
    svar = kommune("skriv-ut", ORGNR, str(fil))
    assert (svar.exit_code, "--ja" in svar.stderr) == (2, True)
    assert kommune("skriv-ut", ORGNR, str(fil), "--ja").exit_code == 0


def test_en_fil_med_feil_endrer_ingenting(tmp_path: Path) -> None:
    fil = tmp_path / "feil.toml"
    fil.write_text('organisasjonsnummer = "310000000"\n', "utf-8")
    svar = kommune("les-inn", str(fil))
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert kommune("skriv-ut", ORGNR, str(tmp_path / "ut.toml")).exit_code == 2
    assert handlinger() == []


def test_veiviseren_kan_lagre_rett_i_databasen(tmp_path: Path) -> None:
    svar = kommune("ny", "--lagre", inn="\n".join([*KORTEST, "ja", ""]))
    assert svar.exit_code == 0, svar.output
    assert "Fjordvik (310000000) er tatt i bruk: versjon 1." in svar.stdout
    assert list(tmp_path.glob("*.toml")) == []


def test_veiviseren_spoer_ikke_om_noe_naar_databasen_ikke_kan_brukes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", "sqlite:////finnes/ikke/egenandel.db")
    svar = kommune("ny", "--lagre", inn="\n".join([*KORTEST, "ja", ""]))
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert "EGENANDEL_DATABASE__URL" in svar.stderr
    assert kommune("ny", "--lagre", "--fil", "x.toml").exit_code == 2
