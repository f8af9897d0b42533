"""``egenandel database``, ``noekkel`` and ``revisjon`` as an operator uses them."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app import klokke
from app.cli import app
from app.db import skjema
from app.db.arkiv import Arkiv
from app.services.arkiv import aapne
from app.services.revisjon import Driftsaktoer, Handling, Utfall
from app.services.revisjon import ny_rad as revisjonsrad
from app.settings import Settings
from tests.baser import MOTORER, ny_database, tom_database
from tests.db.verden import NAA, Verden, fyll, ny_ident, ny_rad, nytt_orgnr, sql


def egenandel(*argumenter: str, inn: str | None = None) -> Result:
    return CliRunner().invoke(app, argumenter, input=inn)


@pytest.fixture(autouse=True)
def noekler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys as an operator would set them."""
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__K1", b64encode(os.urandom(32)).decode())
    monkeypatch.setenv("EGENANDEL_KRYPTERING__GJELDENDE", "k1")
    monkeypatch.setenv("EGENANDEL_KRYPTERING__HASHNOEKKEL", b64encode(os.urandom(32)).decode())


@pytest.fixture(params=MOTORER)
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    adresse = ny_database(request.param)
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", adresse)
    return adresse


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch) -> str:
    adresse = ny_database("sqlite")
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", adresse)
    return adresse


def gjoer(oppgave: Callable[[Arkiv], Awaitable[Any]]) -> Any:
    async def alt() -> Any:
        arkiv = aapne(Settings())
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return asyncio.run(alt())


def register(antall: int = 3) -> tuple[str, str]:
    """A kommune with rows about two persons; its number and the first person's id."""
    kommune, ident, annen = nytt_orgnr(), ny_ident(), ny_ident()

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(kommune) as lager:
            rader = [ny_rad(annen if nr % 2 else ident) for nr in range(antall)]
            await lager.revisjon.noter(NAA, *rader)

    gjoer(oppgave)
    return kommune, ident


# --- database


@pytest.mark.parametrize("motor", MOTORER)
def test_oppgrader_og_kontroller(motor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", tom_database(motor))
    monkeypatch.delenv("EGENANDEL_KRYPTERING__NOEKLER__K1")
    monkeypatch.delenv("EGENANDEL_KRYPTERING__GJELDENDE")
    monkeypatch.delenv("EGENANDEL_KRYPTERING__HASHNOEKKEL")
    siste = skjema.siste_versjon()
    tom = egenandel("database", "kontroller")
    assert tom.exit_code == 1
    assert f"versjon ingen av {siste}." in tom.stdout
    assert "egenandel database oppgrader" in tom.stderr
    assert egenandel("database", "oppgrader").stdout == f"Databasen har nå versjon {siste}.\n"
    assert egenandel("database", "oppgrader").stdout == f"Databasen har alt versjon {siste}.\n"
    hel = egenandel("database", "kontroller")
    assert hel.exit_code == 0
    assert "Tabellene er som koden venter." in hel.stdout


def test_en_tabell_noen_har_endret_blir_oppdaget(base: str) -> None:
    gjoer(lambda arkiv: sql(arkiv.database, "ALTER TABLE kommune ADD COLUMN ekstra INTEGER"))
    svar = egenandel("database", "kontroller")
    assert (svar.exit_code, svar.stderr.count("\n")) == (1, 1)
    assert "1 steder" in svar.stderr


@pytest.mark.parametrize("kommando", ["oppgrader", "kontroller"])
def test_en_base_fra_en_nyere_utgivelse(base: str, kommando: str) -> None:
    gjoer(lambda arkiv: sql(arkiv.database, "UPDATE alembic_version SET version_num = '9999'"))
    svar = egenandel("database", kommando)
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert "versjon 9999, som denne koden ikke kjenner" in svar.stderr


def test_ny_migrasjon_skriver_det_som_mangler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without its last step the folder is as for a developer who has just changed the tables."""
    mappe = Path(shutil.copytree(skjema.MAPPE, tmp_path / "migrations"))
    monkeypatch.setattr(skjema, "MAPPE", mappe)
    siste = int(skjema.siste_versjon())
    svar = egenandel("database", "ny-migrasjon", "Noe nytt")
    assert svar.exit_code == 0, svar.output
    fil = mappe / "versions" / f"{siste + 1:04d}_noe_nytt.py"
    assert svar.stdout == f"Skrev {fil}. Les det og gjør det ferdig.\n"
    assert f'down_revision = "{siste:04d}"' in fil.read_text("utf-8").replace("'", '"')
    assert skjema.siste_versjon() == f"{siste + 1:04d}"


def test_kopien_kan_brukes(sqlite: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    v: Verden = gjoer(fyll)
    fil = tmp_path / "kopi.db"
    svar = egenandel("database", "kopier", str(fil))
    assert (svar.exit_code, svar.stdout) == (0, f"Databasen er kopiert til {fil}.\n")
    igjen = egenandel("database", "kopier", str(fil))
    assert (igjen.exit_code, igjen.stderr) == (2, f"{fil} finnes fra før. Velg et annet navn.\n")
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", f"sqlite:///{fil}")
    assert egenandel("database", "kontroller").exit_code == 0
    assert f"{v.kommune}  OK, 1 rader" in egenandel("revisjon", "verifiser").stdout


def test_en_kopi_som_ikke_kan_lages(monkeypatch: pytest.MonkeyPatch, sqlite: str, tmp_path: Path) -> None:
    svar = egenandel("database", "kopier", str(tmp_path / "borte" / "kopi.db"))
    assert (svar.exit_code, svar.stderr.count("\n")) == (2, 1)
    assert "Velg et annet sted." in svar.stderr
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", tom_database("sqlite"))
    assert "Databasen er tom." in egenandel("database", "kopier", str(tmp_path / "kopi.db")).stderr
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", ny_database("postgresql"))
    svar = egenandel("database", "kopier", str(tmp_path / "kopi.db"))
    assert (svar.exit_code, svar.stderr.count("\n")) == (2, 1)
    assert "pg_dump" in svar.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("adresse", "ord_"),
    [
        ("postgresql://u:hemmelig@127.0.0.1:1/d", "svarer ikke"),
        ("mysql://u:hemmelig@vert/d", "EGENANDEL_DATABASE__URL"),
        ("sqlite:////finnes/ikke/hemmelig.db", "Mappen /finnes/ikke finnes ikke"),
    ],
)
def test_en_base_som_ikke_er_der(monkeypatch: pytest.MonkeyPatch, adresse: str, ord_: str) -> None:
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", adresse)
    for kommando in (("database", "oppgrader"), ("noekkel", "roter"), ("revisjon", "verifiser")):
        svar = egenandel(*kommando)
        assert (svar.exit_code, svar.stdout, svar.stderr.count("\n")) == (2, "", 1)
        assert ord_ in svar.stderr
        assert "hemmelig" not in svar.stderr


def test_en_base_uten_tabeller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGENANDEL_DATABASE__URL", tom_database("sqlite"))
    svar = egenandel("revisjon", "verifiser")
    assert (svar.exit_code, svar.stderr.count("\n")) == (2, 1)
    assert "egenandel database kontroller" in svar.stderr


def test_uten_noekler_sies_det_hva_som_mangler(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for navn in ("NOEKLER__K1", "GJELDENDE", "HASHNOEKKEL"):
        monkeypatch.delenv(f"EGENANDEL_KRYPTERING__{navn}")
    svar = egenandel("noekkel", "roter")
    assert (svar.exit_code, svar.stderr.count("\n")) == (2, 1)
    assert "egenandel noekkel ny" in svar.stderr


# --- noekkel


def sett(monkeypatch: pytest.MonkeyPatch, linjer: str) -> dict[str, str]:
    """Put the printed lines in the environment, as they stand."""
    satt = dict(linje.split("=", 1) for linje in linjer.splitlines())
    for navn, verdi in satt.items():
        monkeypatch.setenv(navn, verdi)
    return satt


def test_de_foerste_noeklene_virker_som_de_staar(monkeypatch: pytest.MonkeyPatch) -> None:
    for navn in ("NOEKLER__K1", "GJELDENDE", "HASHNOEKKEL"):
        monkeypatch.delenv(f"EGENANDEL_KRYPTERING__{navn}")
    svar = egenandel("noekkel", "ny")
    assert svar.exit_code == 0
    assert "utenfor databasen" in svar.stderr
    satt = sett(monkeypatch, svar.stdout)
    noekkel, gjeldende, hash_ = satt.values()
    assert gjeldende == f"k{klokke.i_dag():%Y%m%d}"
    assert len({noekkel, hash_}) == 2
    assert {len(b64decode(verdi)) for verdi in (noekkel, hash_)} == {32}
    assert aapne(Settings()).ring.merker == (gjeldende,)


def test_nye_noekler_kommer_i_tillegg(monkeypatch: pytest.MonkeyPatch) -> None:
    dagen = f"k{klokke.i_dag():%Y%m%d}"
    for ventet in (dagen, f"{dagen}n2", f"{dagen}n3"):
        svar = egenandel("noekkel", "ny")
        assert "HASHNOEKKEL" not in svar.stdout
        assert "egenandel noekkel roter" in svar.stderr
        assert sett(monkeypatch, svar.stdout)["EGENANDEL_KRYPTERING__GJELDENDE"] == ventet
    assert set(aapne(Settings()).ring.merker) == {"k1", dagen, f"{dagen}n2", f"{dagen}n3"}


def test_hele_byttet(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    v: Verden = gjoer(fyll)
    gammel = os.environ["EGENANDEL_KRYPTERING__NOEKLER__K1"]
    sett(monkeypatch, egenandel("noekkel", "ny").stdout)
    gjeldende = os.environ["EGENANDEL_KRYPTERING__GJELDENDE"]
    svar = egenandel("noekkel", "roter")
    assert svar.exit_code == 0, svar.stderr
    assert f"9 verdier er kryptert på nytt under {gjeldende}." in svar.stdout
    assert "Ingen rad trenger k1." in svar.stdout
    assert svar.stderr.splitlines()[-1] == "9 av 9"
    assert "0 verdier er kryptert på nytt" in egenandel("noekkel", "roter").stdout
    monkeypatch.delenv("EGENANDEL_KRYPTERING__NOEKLER__K1")

    async def les(arkiv: Arkiv) -> None:
        async with arkiv.les(v.kommune) as lager:
            assert await lager.personer.finn(v.person.ident) == v.person

    gjoer(les)
    assert gammel not in svar.output


def test_en_noekkel_som_er_tatt_bort_for_tidlig(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gjoer(fyll)
    sett(monkeypatch, egenandel("noekkel", "ny").stdout)
    monkeypatch.delenv("EGENANDEL_KRYPTERING__NOEKLER__K1")
    svar = egenandel("noekkel", "roter")
    assert (svar.exit_code, svar.stderr.count("\n")) == (2, 1)
    assert "nøkkelen k1, som ikke står i innstillingene. Legg den til igjen." in svar.stderr


@pytest.mark.parametrize("verdi", ["hemmelig", b64encode(b"hemmelig").decode(), ""])
def test_en_noekkel_som_ikke_er_en_noekkel(monkeypatch: pytest.MonkeyPatch, verdi: str) -> None:
    monkeypatch.setenv("EGENANDEL_KRYPTERING__NOEKLER__K1", verdi)
    svar = egenandel("noekkel", "roter")
    assert svar.exit_code == 2
    assert "EGENANDEL_KRYPTERING__NOEKLER__K1" in svar.stderr
    assert not verdi or verdi not in svar.stderr


# --- revisjon


def test_et_helt_register(base: str) -> None:
    kommuner = sorted(register(antall)[0] for antall in (1, 3))
    svar = egenandel("revisjon", "verifiser")
    assert svar.exit_code == 0
    linjer = svar.stdout.splitlines()
    assert [linje.split(",")[0] for linje in linjer] == [
        f"{kommuner[0]}  OK",
        f"{kommuner[1]}  OK",
    ]
    hode = linjer[1].rpartition(" ")[2]
    assert re.fullmatch(r"3:[0-9a-f]{64}", hode)
    en = egenandel("revisjon", "verifiser", "--kommune", kommuner[1], "--hode", hode)
    assert (en.exit_code, en.stdout) == (0, linjer[1] + "\n")


def test_et_brutt_register(sqlite: str) -> None:
    hel, brutt = register()[0], register()[0]
    hode = egenandel("revisjon", "verifiser", "--kommune", brutt).stdout.strip().rpartition(" ")[2]
    with sqlite3.connect(sqlite.removeprefix("sqlite:///")) as fil:
        fil.execute("DROP TRIGGER vern_revisjon_delete")
        fil.execute("DELETE FROM revisjon WHERE kommune = ? AND nr = 2", (brutt,))
    svar = egenandel("revisjon", "verifiser")
    assert svar.exit_code == 1
    assert f"{hel}  OK" in svar.stdout
    assert f"{brutt}  BRUTT ved rad 2: raden mangler\n" in svar.stdout
    with fil:
        fil.execute("DELETE FROM revisjon WHERE kommune = ?", (brutt,))
        fil.execute("DELETE FROM revisjon_hode WHERE kommune = ?", (brutt,))
    fil.close()
    assert egenandel("revisjon", "verifiser").exit_code == 0
    svar = egenandel("revisjon", "verifiser", "--kommune", brutt, "--hode", hode)
    assert svar.exit_code == 1
    assert f"{brutt}  BRUTT ved rad 1: registeret slutter før raden som er notert" in svar.stdout


@pytest.mark.parametrize(
    ("argumenter", "ord_"),
    [
        (["verifiser"], "ikke noe slikt register"),
        (["verifiser", "--kommune", "319999999"], "ikke noe slikt register"),
        (["verifiser", "--hode", "1:" + "a" * 64], "--kommune"),
        (["verifiser", "--kommune", "319999999", "--hode", "tull"], "NR:HASH"),
        (["eksporter", "--kommune", "319999999"], "ikke noe register for 319999999"),
    ],
)
def test_det_som_ikke_kan_brukes(sqlite: str, argumenter: list[str], ord_: str) -> None:
    svar = egenandel("revisjon", *argumenter)
    assert (svar.exit_code, svar.stdout, svar.stderr.count("\n")) == (2, "", 1)
    assert ord_ in svar.stderr


def test_eksporten_kan_etterproeves_av_andre(base: str) -> None:
    """With nothing but SHA-256 and JSON, and no code of ours."""
    kommune, _ = register()
    svar = egenandel("revisjon", "eksporter", "--kommune", kommune)
    assert svar.exit_code == 0, svar.stderr
    forrige = "0" * 64
    rader = [json.loads(linje) for linje in svar.stdout.splitlines()]
    for nr, rad in enumerate(rader, 1):
        hash_ = rad.pop("hash")
        tekst = json.dumps(list(rad.values()), ensure_ascii=False, separators=(",", ":"))
        assert sha256(tekst.encode()).hexdigest() == hash_
        assert (rad["nr"], rad["forrige"], rad["kommune"]) == (nr, forrige, kommune)
        forrige = hash_
    assert f"hode 4:{forrige}" in egenandel("revisjon", "verifiser").stdout
    # That it was read stands in it, first of all.
    assert [rad["handling"] for rad in rader] == ["SAK_LEST"] * 3 + ["REVISJON_EKSPORTERT"]
    assert rader[-1]["utfall"] == "OK"
    assert json.loads(rader[-1]["innhold"])["aktoer"]["id"] == "kommandolinje"


def test_eksport_for_en_person(sqlite: str) -> None:
    kommune, ident = register()
    svar = egenandel("revisjon", "eksporter", "--kommune", kommune, "--person", inn=f"{ident}\n")
    rader = [json.loads(linje) for linje in svar.stdout.splitlines()]
    assert [rad["nr"] for rad in rader] == [1, 3, 4]
    assert len({rad["personmerke"] for rad in rader}) == 1
    assert ident not in svar.output
    ugyldig = egenandel("revisjon", "eksporter", "--kommune", kommune, "--person", inn="tull")
    assert (ugyldig.exit_code, ugyldig.stdout) == (2, "")


@pytest.mark.parametrize("handling", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_gir_ikke_regnearket_noe_aa_kjoere(sqlite: str, handling: str) -> None:
    kommune = nytt_orgnr()

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(NAA, ny_rad(handling=handling))

    gjoer(oppgave)
    svar = egenandel("revisjon", "eksporter", "--kommune", kommune, "--csv")
    overskrift, rad, lest = csv.reader(io.StringIO(svar.stdout, newline=""), delimiter=";")
    assert overskrift[:4] == ["kommune", "nr", "tidspunkt", "handling"]
    assert rad[3] == f"'{handling}"
    assert lest[3] == "REVISJON_EKSPORTERT"
    assert rad[7].startswith('{"aar":')


def test_oppslag_noen_boer_spoerre_om(base: str) -> None:
    v: Verden = gjoer(fyll)
    ingen = egenandel("revisjon", "tilsyn", "--kommune", v.kommune)
    assert (ingen.exit_code, ingen.stdout) == (
        0,
        f"{v.kommune}  0 av 0 er ikke vurdert, 30 døgn tilbake.\n",
    )

    async def aapne_egen(arkiv: Arkiv) -> None:
        aktoer = Driftsaktoer(v.bruker.id, "BRUKER")
        rad = revisjonsrad(aktoer, Handling.SAK_LEST, Utfall.OK, ident=v.person.ident, sak_id=v.sak.id)
        async with arkiv.skriv(v.kommune) as lager:
            await lager.revisjon.noter(klokke.naa(), rad)

    gjoer(aapne_egen)
    funnet = egenandel("revisjon", "tilsyn", "--kommune", v.kommune)
    assert funnet.exit_code == 1
    assert f"EGEN      bruker {v.bruker.id}  1 personer, 1 rader" in funnet.stdout
    assert "IKKE VURDERT" in funnet.stdout
    assert "1 av 1 er ikke vurdert" in funnet.stdout
    ukjent = egenandel("revisjon", "tilsyn", "--kommune", "310000999")
    assert (ukjent.exit_code, ukjent.stdout) == (2, "")
    assert "Det finnes ikke noe register" in ukjent.stderr
