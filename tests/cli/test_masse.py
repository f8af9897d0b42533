"""``egenandel masse`` and ``egenandel hva-om``: from the dry run to the spreadsheet, and a budget."""

import asyncio
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app import klokke
from app.cli import app
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.arkiv import aapne
from app.services.kommuneoppsett.aarsoppsett import aarsoppsett
from app.services.kommuneoppsett.fil import les_fil
from app.services.kommuneoppsett.lagring import ta_inn_kommune
from app.services.revisjon import Driftsaktoer
from app.settings import Settings
from tests.baser import ny_database
from tests.saker.massesaker import AAR, fyll, maler
from tests.saker.masseverden import satser_foer
from tests.saker.verden import EKSEMPLER, KRYPTERING

SAKER = 12
HER = ("--kommune", FJORDVIK)


@pytest.fixture(autouse=True)
def base(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", ny_database("sqlite"))
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__A", KRYPTERING.noekler["a"].get_secret_value())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "a")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())

    async def lag() -> None:
        arkiv = aapne(Settings())
        oppsett = les_fil(EKSEMPLER / "fjordvik.toml")
        async with arkiv.skriv(FJORDVIK) as lager:
            await ta_inn_kommune(lager, Driftsaktoer("proeve"), klokke.naa(), oppsett)
        ferdige = maler(SAKER, aarsoppsett(oppsett, AAR), satser_foer())
        await fyll(arkiv, FJORDVIK, ferdige, SAKER)
        await arkiv.database.lukk()

    asyncio.run(lag())


def _si(*argumenter: str) -> Result:
    return CliRunner().invoke(app, list(argumenter))


def _svar(*argumenter: str) -> Any:
    svar = _si(*argumenter)
    assert svar.exit_code == 0, svar.output
    return json.loads(svar.stdout)


def test_fra_toerrkjoering_til_regneark_og_tilbake(tmp_path: Path) -> None:
    toerr = _svar("masse", "toerr", "NY_G", *HER, "--aar", str(AAR))
    assert (toerr["tilstand"], toerr["sett"], toerr["totalt"]) == ("TOERRKJOERT", SAKER, SAKER)
    assert 0 < toerr["endret"] == SAKER - toerr["uendret"]
    for fil in (tmp_path / "liste.csv", tmp_path / "liste.xlsx"):
        assert _si("masse", "vis", toerr["id"], *HER, "--fil", str(fil)).exit_code == 0
    linjer = (tmp_path / "liste.csv").read_text("utf-8-sig").splitlines()
    assert len(linjer) == 1 + toerr["endret"]
    assert linjer[1].split(";")[1] == "ENDRET"
    with zipfile.ZipFile(tmp_path / "liste.xlsx") as bok:
        ark = bok.read("xl/worksheets/sheet1.xml").decode()
    assert len(re.findall("<row ", ark)) == 1 + toerr["endret"]
    assert "<f>" not in ark
    assert _svar("masse", "kjoer", toerr["id"], *HER)["antall"] == [
        {"utfall": "KJOERT", "antall": toerr["endret"]}
    ]
    assert _svar("masse", "angre", toerr["id"], *HER)["antall"] == [
        {"utfall": "ANGRET", "antall": toerr["endret"]}
    ]


@pytest.mark.parametrize(
    ("argumenter", "sier"),
    [
        (("masse", "toerr", "NY_G", "--kommune", SKOGLI), "ikke lest inn"),
        (("masse", "toerr", "NY_G", *HER, "--aar", "2027"), "kontrollerte satser"),
        (("masse", "kjoer", "01a20824-06e2-70df-9a3a-c47bb4ad9704", *HER), "massekjøringen"),
        (("masse", "vis", *HER, "--fil", "x.csv"), "--fil trenger"),
        (("hva-om", "finnes-ikke.toml", *HER, "--aar", "2025"), "kan ikke leses"),
    ],
)
def test_det_som_ikke_gaar_sier_hva_som_maa_gjoeres(argumenter: tuple[str, ...], sier: str) -> None:
    svar = _si(*argumenter)
    assert svar.exit_code == 2
    assert sier in svar.output


def test_hva_om_fra_en_fil(tmp_path: Path) -> None:
    fil = tmp_path / "antatt.toml"
    fil.write_text('[[sats]]\nid = "fribeloep"\ngjelder_fra = 2025-01-01\nverdi = 20000\n', "utf-8")
    svar = _si("hva-om", str(fil), *HER, "--aar", str(AAR))
    assert svar.exit_code == 0, svar.output
    ut = json.loads(svar.stdout)
    assert (ut["saker"], ut["antatt"], ut["betalerMer"]) == (SAKER, True, 0)
    assert ut["endring"] < 0
    assert "ANTATT" in svar.stderr
