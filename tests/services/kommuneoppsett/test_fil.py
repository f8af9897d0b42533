"""The file: the same document out and in, refused when it cannot be read, written whole or not at all."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings

from app.calc.kontrakt.feil import KontraktFeilError
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.kommuneoppsett.fil import (
    STOERSTE_FIL_BYTES,
    UlesbarFilError,
    fra_json,
    fra_toml,
    les_fil,
    skriv_fil,
    som_json,
    som_toml,
)
from tests.omfang import OMFANG
from tests.services.kommuneoppsett.dokumenter import HJEM, PRISER, dokumenter, oppsett

BEGYNNELSE = """organisasjonsnummer = "310000000"
navn = "Fjordvik"
tjenester = ["LANGTIDSOPPHOLD"]
"""


@given(dokumenter())
@settings(max_examples=100 * OMFANG, deadline=None)
def test_ut_og_inn_er_det_samme(dokument: Kommuneoppsett) -> None:
    tekst = som_toml(dokument)
    assert fra_toml(tekst) == dokument
    assert som_toml(fra_toml(tekst.encode())) == tekst
    assert fra_json(som_json(dokument)) == dokument


@pytest.mark.parametrize("navn", ["oppsett.toml", "oppsett.json", "uten-endelse"])
def test_til_og_fra_fil(tmp_path: Path, navn: str) -> None:
    dokument = oppsett(institusjoner=[HJEM], prisregister=[PRISER])
    sti = tmp_path / navn
    for _ in range(2):  # also over the first
        skriv_fil(sti, dokument)
        assert les_fil(sti) == dokument
        assert stat.S_IMODE(sti.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [sti]
    assert sti.read_text("utf-8").startswith("{" if navn.endswith(".json") else "# Kommunens oppsett")


def test_en_fil_som_ikke_kan_skrives_etterlater_ingenting(tmp_path: Path) -> None:
    opptatt = tmp_path / "mappe"
    opptatt.mkdir()
    with pytest.raises(IsADirectoryError):
        skriv_fil(opptatt, oppsett())
    assert list(tmp_path.iterdir()) == [opptatt]


@pytest.mark.parametrize(
    ("innhold", "melding"),
    [
        (b"navn = ", "slutten av filen"),
        (b"a = 1\nb = = 2", "linje 2, tegn 5"),
        (b"a = 1\na = 2", "TOML"),
        (b'navn = "\xff"', "UTF-8"),
        (b"a = " + b"9" * 5000, "for stor"),
        (b"a = " + b"[" * 5000, "TOML"),
        (b"#" * (STOERSTE_FIL_BYTES + 1), "større enn"),
    ],
)
def test_ulesbar(tmp_path: Path, innhold: bytes, melding: str) -> None:
    fil = tmp_path / "oppsett.toml"
    fil.write_bytes(innhold)
    with pytest.raises(UlesbarFilError, match=melding):
        les_fil(fil)


def test_filer_som_ikke_finnes_eller_ikke_er_json(tmp_path: Path) -> None:
    with pytest.raises(UlesbarFilError, match="kan ikke åpnes"):
        les_fil(tmp_path / "borte.toml")
    with pytest.raises(UlesbarFilError, match="linje 1"):
        fra_json("{")


@pytest.mark.parametrize(
    ("linjer", "feil"),
    [
        ("valg = [{gjelderFra = 2025-01-01}]", []),
        ('valg = [{gjelderFra = "2025-01-01"}]', []),
        ("valg = [{gjelderFra = 2025-01-01T00:00:00}]", [("/valg/0/gjelderFra", "ugyldig-dato")]),
        (
            "valg = [{gjelderFra = 2025-01-01, langtidsvalg = {prosentOverG = nan}}]",
            [("/valg/0/langtidsvalg/prosentOverG", "feil-type")],
        ),
        (
            "valg = [{gjelderFra = 2025-01-01, langtidsvalg = {prosentOverG = -inf}}]",
            [("/valg/0/langtidsvalg/prosentOverG", "feil-type")],
        ),
        (
            "valg = [{gjelderFra = 2025-01-01, langtidsvalg = {prosentOverG = 84.999}}]",
            [("/valg/0/langtidsvalg/prosentOverG", "for-mange-desimaler")],
        ),
        ("valg = [{gjelderFra = 2025-01-01, langtidsvalg = {prosentOverG = +8_0.5e0}}]", []),
        (
            "valg = [{gjelderFra = 2025-01-01, langtidsvalg = {Avrunding = true}}]",
            [("/valg/0/langtidsvalg/Avrunding", "ukjent-felt")],
        ),
        ("valg = [{gjelderFra = 2025-01-01}]\nukjent = 1", [("/ukjent", "ukjent-felt")]),
    ],
)
def test_toml_leses_som_json(linjer: str, feil: list[tuple[str, str]]) -> None:
    try:
        assert fra_toml(BEGYNNELSE + linjer)
        funnet = []
    except KontraktFeilError as problem:
        funnet = [(f.pointer, f.kode) for f in problem.feil]
    assert funnet == feil


def test_forklaringen_staar_en_gang_og_det_utelatte_vises() -> None:
    dokument = oppsett(
        valg=[{"gjelderFra": "2025-01-01"}, {"gjelderFra": "2026-01-01"}], prisregister=[PRISER]
    )
    tekst = som_toml(dokument)
    assert tekst.count("[valg.langtidsvalg]") == 2
    assert tekst.count("§ 3 andre ledd tredje") == 1
    assert "\n# korttidPerDoegn =\n" in tekst
    assert "\n# [brev]\n" in tekst
    assert all(len(linje) <= 100 for linje in tekst.splitlines())
