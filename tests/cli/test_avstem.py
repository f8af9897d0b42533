"""``egenandel avstem``: what the operator sees, and that a report can be checked without the service."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app import klokke
from app.cli import app
from app.db import tabeller
from app.db.arkiv import Arkiv
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.arkiv import aapne
from app.services.avstemming.signatur import Signering, hel_jws
from app.settings import Settings
from tests.baser import MOTORER, RING, ny_database
from tests.db.verden import fyll
from tests.saker.verden import KRYPTERING

KOMMUNE = "399999991"


@pytest.fixture(params=MOTORER, autouse=True)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", ny_database(request.param))
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__A", KRYPTERING.noekler["a"].get_secret_value())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "a")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", KRYPTERING.hashnoekkel.get_secret_value())
    gjoer(lambda arkiv: fyll(arkiv, KOMMUNE))


def avstem(*argumenter: str) -> Result:
    return CliRunner().invoke(app, ["avstem", *argumenter])


def gjoer(oppgave: Callable[[Arkiv], Awaitable[Any]]) -> Any:
    async def alt() -> Any:
        arkiv = aapne(Settings())
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return asyncio.run(alt())


async def _rapporter(arkiv: Arkiv) -> list[Any]:
    async with arkiv.les(KOMMUNE) as lager:
        return list(await lager.avstemminger.soek(None, 10))


async def _oppgi_arbeid(arkiv: Arkiv) -> None:
    async with arkiv.database.skriv() as forbindelse:
        await forbindelse.execute(
            tabeller.arbeid.update().values(tilstand="DOED", neste_forsoek=klokke.naa())
        )


def test_en_rapport_lages_vises_og_etterproeves(tmp_path: Path) -> None:
    gjoer(_oppgi_arbeid)
    foer = len(gjoer(_rapporter))
    svar = avstem()
    assert (svar.exit_code, svar.stderr) == (1, ""), svar.output
    assert f"{KOMMUNE}  AVVIK" in svar.stdout
    assert "oppgitt-arbeid: 1 av 1" in svar.stdout
    alle = gjoer(_rapporter)
    assert len(alle) == foer + 1
    (nyeste,) = [ett for ett in alle if ett.av == "system:kommandolinje"]
    assert str(nyeste.id) in svar.stdout
    fil = tmp_path / "avstemming.jws"
    fil.write_text(hel_jws(nyeste.innhold, nyeste.signatur), "utf-8")
    noekler = tmp_path / "noekler.json"
    noekler.write_text(json.dumps(Signering(RING).noekler()), "utf-8")
    for flere in ((), ("--noekler", str(noekler))):
        godtatt = avstem("verifiser", str(fil), *flere)
        assert (godtatt.exit_code, "Signaturen stemmer" in godtatt.stdout) == (0, True), godtatt.output
    fil.write_text(fil.read_text("utf-8").replace(".ey", ".fy", 1), "utf-8")
    avvist = avstem("verifiser", str(fil))
    assert (avvist.exit_code, "stemmer ikke" in avvist.stderr) == (1, True)


def test_toerr_lager_ingen_rapport_og_retter_ingenting() -> None:
    gjoer(_oppgi_arbeid)
    foer = len(gjoer(_rapporter))
    svar = avstem("--toerr", "--kommune", KOMMUNE)
    assert (svar.exit_code, "ingenting er rettet" in svar.stdout) == (1, True)
    assert len(gjoer(_rapporter)) == foer


@pytest.mark.parametrize(
    ("argumenter", "ord_"),
    [
        (("--kommune", SKOGLI), "ikke lest inn"),
        (("--fra", "2999-01-01"), "ikke har vært"),
        (("verifiser", "finnes-ikke.json"), "kan ikke leses"),
    ],
)
def test_feil_blir_sagt(argumenter: tuple[str, ...], ord_: str) -> None:
    svar = avstem(*argumenter)
    assert (svar.exit_code, ord_ in svar.stderr) == (2, True), svar.output


@pytest.mark.parametrize("innhold", ["{}", '{"rapport": {}}', "tull", "a.b.c", '{"rapport": {}, "jws": 1}'])
def test_det_som_ikke_er_en_rapport_godtas_ikke(tmp_path: Path, innhold: str) -> None:
    (tmp_path / "x.json").write_text(innhold, "utf-8")
    svar = avstem("verifiser", "x.json")
    assert (svar.exit_code, svar.stdout) == (1, "")
    assert svar.stderr


def test_uten_noekler_sier_den_hva_som_trengs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "x.jws").write_text("a.b.c", "utf-8")
    for navn in ("NOEKLER__A", "GJELDENDE", "HASHNOEKKEL"):
        monkeypatch.delenv(f"EGENANDEL_KRYPTERING__{navn}")
    svar = avstem("verifiser", "x.jws")
    assert (svar.exit_code, "--noekler" in svar.stderr) == (2, True)
    assert FJORDVIK not in svar.output
