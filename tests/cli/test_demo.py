"""``egenandel demo``, as somebody who has just downloaded the project meets it."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest
from typer.testing import CliRunner

from app.calc.beloep import HARDT_MELLOMROM
from app.cli import app

ROT: Final = Path(__file__).parents[2]
SISTE_LINJE: Final = "Alt er i gang. Stopp med Ctrl-C."
ADRESSE: Final = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Demo:
    """A demo in a process of its own."""

    def __init__(self, mappe: Path, miljoe: dict[str, str]) -> None:
        self.prosess = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo", "--mappe", str(mappe)],
            cwd=ROT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **miljoe},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.skrevet = ""

    def les_til(self, begynnelse: str) -> str:
        """Everything it writes until a line that begins so."""
        assert self.prosess.stdout is not None
        for linje in self.prosess.stdout:
            self.skrevet += linje.replace(HARDT_MELLOMROM, " ")
            if linje.startswith(begynnelse):
                return self.skrevet
        assert self.prosess.stderr is not None
        raise AssertionError(f"kom aldri så langt: {self.skrevet}{self.prosess.stderr.read()}")

    def slutt(self, hvordan: signal.Signals) -> tuple[int, str]:
        """Stop it; how it ended and what it had to say besides."""
        self.prosess.send_signal(hvordan)
        _, feil = self.prosess.communicate(timeout=60)
        return self.prosess.returncode, feil


@pytest.fixture(scope="module")
def opptatte() -> Iterator[list[int]]:
    """Two ports somebody else has."""
    with socket.socket() as en, socket.socket() as annen:
        for sokkel in (en, annen):
            sokkel.bind(("127.0.0.1", 0))
            sokkel.listen()
        yield [sokkel.getsockname()[1] for sokkel in (en, annen)]


@pytest.fixture(scope="module")
def mappe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "ny"


@pytest.fixture(scope="module")
def demo(mappe: Path, opptatte: list[int]) -> Iterator[Demo]:
    """Killed in the middle of the first start, and started again; with ports taken, and others' settings about."""
    miljoe = {
        "EGENANDEL_PORT": str(opptatte[0]),
        "EGENANDEL_DATABASE__URL": "postgresql://en-annen.example/virkelig",
    }
    foerste = Demo(mappe, miljoe)
    foerste.les_til("2. Saksbehandleren")
    assert foerste.slutt(signal.SIGKILL)[0] == -signal.SIGKILL
    annen = Demo(mappe, miljoe)
    annen.les_til(SISTE_LINJE)
    yield annen
    assert annen.slutt(signal.SIGTERM) == (0, "")


def test_saken_fra_foerst_til_sist(demo: Demo) -> None:
    for linje in (
        "UFULLSTENDIG, av skatteoppgjøret for 2024. Ukjent er ikke null: ingen sum før dette er avgjort:",
        "  97 448 kroner plasseres som offentlig tjenestepensjon: pensjonsbrev fra utbetaleren",
        "BEREGNET, foreløpig, av skatteoppgjøret for 2024: 197 569 kroner i 2025.",
        "  Egenandel i juni 2025: 18 864 kroner (§ 3 andre ledd første punktum)",
        "Foreløpig vedtak fra 15.1.2025: 11 måneder, 197 569 kroner i 2025.",
        "  Andre pensjoner fra 311101005, 75 040 kroner: Vi vet ikke hva slags ordning denne utbetaleren er.",
        "  Andre pensjoner fra 311102001, 27 000 kroner: Vi vet ikke hva slags ordning denne utbetaleren er.",
        "BEREGNET, endelig, av skatteoppgjøret for 2025: 209 784 kroner i 2025.",
        "Krevd etter vedtaket: 197 569 kroner. Riktig etter skatteoppgjøret: 209 784 kroner.",
        "12 215 kroner kreves av beboeren.",
    ):
        assert f"\n{linje}\n" in demo.skrevet, linje
    assert (
        "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg; plassert av saksbehandler" in demo.skrevet
    )


def test_befolkningen_er_hel_etter_at_demoen_ble_drept(demo: Demo) -> None:
    for kommune, antall in (("Fjordvik", 10), ("Skogli", 8), ("Lia", 3)):
        assert re.search(rf"^{kommune} +{antall} saker: .*beregnet", demo.skrevet, re.MULTILINE)
    assert "fra før" not in demo.skrevet
    assert "2 mangler tall, 1 venter på saksbehandler" in demo.skrevet


def test_registeret_vises_og_holder(demo: Demo) -> None:
    for handling in ("OPPSLAG", "SAK_OPPRETTET", "BEREGNING_LAGET", "VEDTAK_FATTET", "ETTEROPPGJOER_LAGET"):
        assert re.search(rf"^ +\d+  {handling} +OK$", demo.skrevet, re.MULTILINE), handling
    assert re.search(r"^310001007  OK, \d+ rader, hode \d+:[0-9a-f]{64}$", demo.skrevet, re.MULTILINE)


def test_man_kan_logge_inn_i_portalen(demo: Demo) -> None:
    """As far as the provider: it has taken our request, so keys, addresses and client are right."""
    tilbydere = (("ansattporten", "/ansattporten/authorize?"), ("entra", "/oauth2/v2.0/authorize?"))
    (portalen,) = re.findall(r"^Portalen +(\S+)/ ", demo.skrevet, re.MULTILINE)
    with httpx2.Client(base_url=portalen) as klient:
        assert "Ansattporten" in klient.get("/logg-inn").text
        for tilbyder, sti in tilbydere:
            svar = klient.get(f"/logg-inn?tilbyder={tilbyder}")
            assert svar.status_code == 303
            assert sti in svar.headers["location"]
            assert "Hvem logger inn?" in klient.get(svar.headers["location"]).text


def test_opptatte_porter_byttes(demo: Demo, opptatte: list[int]) -> None:
    porter = {int(port) for port in ADRESSE.findall(demo.skrevet)}
    assert len(porter) == 2
    assert not porter & set(opptatte)


def test_noeklene_leses_bare_av_eieren(demo: Demo, mappe: Path) -> None:
    for fil in ("noekler.json", "maskinporten.json", "portal.json", "miljoe"):
        assert stat.S_IMODE((mappe / fil).stat().st_mode) == 0o600, fil
    assert stat.S_IMODE(mappe.stat().st_mode) == 0o700


def test_en_til_med_samme_mappe_avvises(demo: Demo, mappe: Path) -> None:
    svar = CliRunner().invoke(app, ["demo", "--mappe", str(mappe)])
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert "kjører alt" in svar.stderr


def test_kallene_i_readme_limt_inn_mot_demoen(demo: Demo, tmp_path: Path) -> None:
    """Every block of README that calls the service, with the demo's own addresses; and once more."""
    if shutil.which("curl") is None:
        pytest.fail("curl mangler: installer Debian-pakken curl.")
    tjeneste, sandkasse = ADRESSE.findall(demo.skrevet)[0], ADRESSE.findall(demo.skrevet)[2]
    blokker = [
        blokk
        for blokk in re.findall(r"```sh\n(.*?)```", (ROT / "README.md").read_text("utf-8"), re.DOTALL)
        if "kall" in blokk and "kalkuler" not in blokk
    ]
    assert len(blokker) == 3
    skript = "\n".join(["set -e", *blokker])
    for fra, til in (
        ("127.0.0.1:8000", f"127.0.0.1:{tjeneste}"),
        ("127.0.0.1:8790", f"127.0.0.1:{sandkasse}"),
        (".venv/bin/egenandel", f"{shlex.quote(sys.executable)} -m app.cli"),
        ("python3", shlex.quote(sys.executable)),
    ):
        skript = skript.replace(fra, til)
    for _ in range(2):
        svar = subprocess.run(
            ["sh", "-c", skript],  # noqa: S607
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROT), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert svar.returncode == 0, svar.stderr
        sak = json.loads((tmp_path / "sak.json").read_text("utf-8"))
        assert sak["beregning"]["resultat"]["inntekt"] == 801_718
        assert sak["beregning"]["resultat"]["fradragsberettigetSkatt"] == 234_591
        assert sak["beregning"]["resultat"]["beregningsgrunnlag"] == 567_127
        *tekst, beregning, vedtak, funnet = svar.stdout.replace(HARDT_MELLOMROM, " ").splitlines()
        assert "\n".join(tekst) in (ROT / "README.md").read_text("utf-8").replace(HARDT_MELLOMROM, " ")
        assert (json.loads(beregning)["tilstand"], json.loads(beregning)["egenandelAar"]) == (
            "BEREGNET",
            463_380,
        )
        assert json.loads(vedtak)["art"] == "ENDELIG"
        assert {maaned["egenandel"] for maaned in json.loads(vedtak)["maaneder"]} == {38_655, 38_595}
        assert [en["id"] for en in json.loads(funnet)["elementer"]] == [sak["sak"]["id"]]


def test_kommandolinjen_mot_demoens_database(demo: Demo, mappe: Path) -> None:
    """The line the demo ends with."""
    svar = subprocess.run(
        [  # noqa: S607
            "sh",
            "-c",
            f". {shlex.quote(str(mappe / 'miljoe'))}; {shlex.quote(sys.executable)} -m app.cli revisjon verifiser",
        ],
        cwd=ROT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert svar.returncode == 0, svar.stderr
    assert svar.stdout.count("  OK, ") == 3


def test_uten_noeklene_sier_den_hva_man_gjoer(tmp_path: Path) -> None:
    (tmp_path / "egenandel.db").touch()
    svar = CliRunner().invoke(app, ["demo", "--mappe", str(tmp_path)])
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert "--fra-start" in svar.stderr
