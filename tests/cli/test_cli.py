"""The command line as an operator uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.calc.beloep import HARDT_MELLOMROM
from app.calc.kontrakt.json_tekst import les_json
from app.cli.visning import pen_json

ENSLIG = (
    b'{"aar":2025,"inntekter":{"pensjonFraFolketrygden":350000,"renteinntekt":20000},'
    b'"skatt":{"beregnetSkatt":45000},"opphold":[{"art":"LANGTID","fra":"2024-03-01"}]}'
)


def egenandel(
    *argumenter: str, inn: bytes = b"", miljoe: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    svar = subprocess.run(
        [sys.executable, "-m", "app.cli", *argumenter],
        input=inn,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(miljoe or {})},
    )
    return subprocess.CompletedProcess(svar.args, svar.returncode, svar.stdout.decode(), svar.stderr.decode())


def test_kalkuler_og_forklar_i_roer() -> None:
    svar = egenandel("kalkuler", "langtidsopphold", inn=ENSLIG)
    assert svar.returncode == 0
    tekst = egenandel("forklar", inn=svar.stdout.encode())
    assert tekst.returncode == 0
    assert tekst.stdout.replace(HARDT_MELLOMROM, " ").startswith("Egenandel for året: 255 600 kroner")


def test_ut_er_utf8_ogsaa_naar_terminalen_ikke_er_det() -> None:
    svar = egenandel(
        "kalkuler", "langtidsopphold", inn=ENSLIG, miljoe={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert svar.returncode == 0
    assert "§ 3" in svar.stdout


@pytest.mark.parametrize(
    ("argumenter", "inn", "melding"),
    [
        (["kalkuler", "langtidsopphold"], b"tull", "urn:egenandel:problem:ugyldig-json"),
        (["kalkuler", "langtidsopphold"], b"{}", "/aar"),
        (["kalkuler", "noe-annet"], b"{}", "noe-annet"),
        (["forklar"], b"tull", "urn:egenandel:problem:ugyldig-json"),
        (["forklar"], b"{}", "Kalkuler på nytt"),
        (["satser", "--dato", "i går"], b"", "ÅÅÅÅ-MM-DD"),
        (["satser", "--dato", "2027-06-01"], b"", "fribeloep"),
        (["finnes-ikke"], b"", "finnes-ikke"),
    ],
)
def test_feil_gaar_til_standard_feil_med_kode_2(argumenter: list[str], inn: bytes, melding: str) -> None:
    svar = egenandel(*argumenter, inn=inn)
    assert (svar.returncode, svar.stdout) == (2, "")
    assert melding in svar.stderr
    assert "Traceback" not in svar.stderr


def test_satser_viser_verdi_alder_og_kilde() -> None:
    svar = egenandel("satser", "--dato", "2026-06-01")
    assert svar.returncode == 0
    tekst = svar.stdout.replace(HARDT_MELLOMROM, " ")
    assert "Folketrygdens grunnbeløp (G): 136 549 kroner" in tekst
    assert "gjelder fra 1.5.2026 (31 døgn gammel)" in tekst
    assert "FOR-2025-12-17-2619, § 3, https://lovdata.no/" in tekst


def test_satser_som_json_er_det_samme_som_over_http() -> None:
    satser = les_json(egenandel("satser", "--dato", "2026-06-01", "--json").stdout)
    assert {s["id"]: s["verdi"] for s in satser["satser"]}["korttid_doegn"] == 205


def test_openapi_til_fil_og_skjerm(tmp_path: Path) -> None:
    fil = tmp_path / "beskrivelse.json"
    assert egenandel("openapi", "--til", str(fil)).returncode == 0
    skjerm = egenandel("openapi")
    assert skjerm.stdout == fil.read_text("utf-8")
    beskrivelse: dict[str, Any] = json.loads(skjerm.stdout)
    assert pen_json(beskrivelse) == skjerm.stdout


@pytest.mark.parametrize(
    ("navn", "verdi"),
    [("EGENANDEL_PORT", "mange"), ("EGENANDEL_PORT", "70000"), ("EGENANDEL_LOGGFORMAT", "xml")],
)
def test_en_innstilling_som_ikke_kan_brukes_navngis(navn: str, verdi: str) -> None:
    svar = egenandel("tjener", miljoe={navn: verdi})
    assert svar.returncode == 2
    assert navn in svar.stderr
    assert "Traceback" not in svar.stderr


def test_hjelpen_er_paa_norsk() -> None:
    svar = egenandel("--help")
    assert "Egenandel for kommunale helse- og omsorgstjenester" in svar.stdout
    for kommando in (
        "beregning",
        "kalkuler",
        "forklar",
        "satser",
        "openapi",
        "tjener",
        "demo",
        "database",
        "kommune",
        "noekkel",
        "revisjon",
    ):
        assert kommando in svar.stdout
