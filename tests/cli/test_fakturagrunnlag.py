"""``egenandel fakturagrunnlag``: the file, the same file again, and what stands in the way."""

import asyncio
import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.sandbox.standard import FJORDVIK, LIA
from tests.baser import ny_database
from tests.saker.lovlige import Ider, fyll
from tests.saker.verden import KRYPTERING, tjeneste

DESEMBER = ("--maaned", "2025-12")


@pytest.fixture
def ider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ider:
    """A kommune with one of everything, in the database the command works on."""
    database = ny_database("sqlite")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", database)
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__A", KRYPTERING.noekler["a"].get_secret_value())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "a")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())

    async def lag() -> Ider:
        async with tjeneste(database) as verden:
            return await fyll(verden, FJORDVIK)

    return asyncio.run(lag())


def kjoer(*argumenter: str, kommune: str = FJORDVIK) -> Result:
    return CliRunner().invoke(app, ["fakturagrunnlag", *argumenter, "--kommune", kommune])


def test_filen_skrives_en_gang_og_kan_hentes_igjen(ider: Ider) -> None:
    svar = kjoer("ut.json", *DESEMBER)
    assert svar.exit_code == 0, svar.output
    assert "Kjøring 1 er skrevet til ut.json." in svar.output
    assert stat.S_IMODE(Path("ut.json").stat().st_mode) == 0o600
    foerste = Path("ut.json").read_bytes()
    # February is free (§ 6), and costs nothing.
    assert [rad["periode"] for rad in json.loads(foerste)] == [f"2025-{m:02d}" for m in range(3, 13)]
    assert kjoer("igjen.json", "--kjoering", "1").exit_code == 0
    assert Path("igjen.json").read_bytes() == foerste
    tom = kjoer("tom.csv", *DESEMBER)
    assert "ingenting nytt å fakturere" in tom.output
    assert Path("tom.csv").read_text("utf-8-sig").splitlines()[1:] == []
    assert kjoer("ut.xlsx", "--kjoering", "1").exit_code == 0
    assert Path("ut.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("argumenter", "kommune", "sier"),
    [
        (("ut.csv",), FJORDVIK, "enten --maaned eller --kjoering"),
        (("ut.csv", "--maaned", "2025-13"), FJORDVIK, "ÅÅÅÅ-MM"),
        (("ut.csv", "--maaned", "2024-12"), FJORDVIK, "Velg en måned fra 2025-01"),
        (("ut.csv", "--kjoering", "9"), FJORDVIK, "Kontroller nummeret"),
        (("ut.csv", *DESEMBER), LIA, "ikke fakturagrunnlag i oppsettet"),
        (("ut.csv", *DESEMBER), "310000035", "ikke tatt inn"),
        (("ut.csv", *DESEMBER, "--av", "Kari Prøve"), FJORDVIK, "Bruk en kode"),
    ],
)
def test_det_som_ikke_gaar_sier_hvorfor(
    ider: Ider, argumenter: tuple[str, ...], kommune: str, sier: str
) -> None:
    svar = kjoer(*argumenter, kommune=kommune)
    assert svar.exit_code != 0
    assert sier in svar.output
    assert not Path("ut.csv").exists()


def test_en_fil_som_finnes_skrives_ikke_over(ider: Ider) -> None:
    Path("ut.csv").write_text("noe")
    assert "finnes fra før" in kjoer("ut.csv", *DESEMBER).output
    assert Path("ut.csv").read_text() == "noe"
