"""Insight, erasure and tidying as an operator runs them."""

import asyncio
import json
import stat
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from app import klokke
from app.cli import app
from app.db.arkiv import Arkiv
from app.db.kryptering import Noekkelring
from app.db.lager.revisjon import Revisjonsfilter
from app.db.motor import Database
from tests.baser import ny_database
from tests.db.verden import ny_bruker, ny_sesjon
from tests.services.kommuneoppsett.dokumenter import MINSTE
from tests.services.personvern.verden import (
    ANNEN_KOMMUNE,
    AV,
    FREMMED,
    KOMMUNE,
    NAA,
    NAVN,
    OLINE,
    PEDER,
    PEDERS_TALL,
    lagre_svar,
    ny_sak,
    nytt_grunnlag,
    ta_inn_paret,
)

T = TypeVar("T")

NOEKKEL, HASHNOEKKEL = b"a" * 32, b"h" * 32


@dataclass
class Operatoer:
    """Somebody at the command line, and what is in the database they work on."""

    url: str

    def kjoer(self, *argumenter: str, inn: str = "") -> Result:
        miljoe = {
            "EGENANDEL_DATABASE__URL": self.url,
            "EGENANDEL_KRYPTERING__NOEKLER": json.dumps({"a": b64encode(NOEKKEL).decode()}),
            "EGENANDEL_KRYPTERING__GJELDENDE": "a",
            "EGENANDEL_KRYPTERING__HASHNOEKKEL": b64encode(HASHNOEKKEL).decode(),
        }
        return CliRunner().invoke(app, list(argumenter), input=inn, env=miljoe)

    def i_databasen(self, oppgave: Callable[[Arkiv], Awaitable[T]]) -> T:
        async def alt() -> T:
            database = Database(self.url)
            try:
                return await oppgave(Arkiv(database, Noekkelring({"a": NOEKKEL}, "a", HASHNOEKKEL)))
            finally:
                await database.lukk()

        return asyncio.run(alt())

    def finnes(self, ident: str) -> bool:
        async def oppgave(arkiv: Arkiv) -> bool:
            async with arkiv.les(KOMMUNE) as lager:
                return await lager.personer.finn(ident) is not None

        return self.i_databasen(oppgave)

    def hendelser(self, handling: str) -> list[dict[str, Any]]:
        async def oppgave(arkiv: Arkiv) -> list[dict[str, Any]]:
            async with arkiv.les(KOMMUNE) as lager:
                rader = await lager.revisjon.soek(Revisjonsfilter(handling=handling), 0, 100)
            return [{"utfall": rad.utfall, **json.loads(rad.innhold)} for rad in rader]

        return self.i_databasen(oppgave)


@pytest.fixture
def operatoer(monkeypatch: pytest.MonkeyPatch) -> Operatoer:
    """At a database with the couple in it, on the day they were taken in."""
    monkeypatch.setattr(klokke, "naa", lambda: NAA)
    ny = Operatoer(ny_database("sqlite"))

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await lager.kommuner.opprett("Prøvekommunen", NAA)
            await ta_inn_paret(lager)

    ny.i_databasen(oppgave)
    return ny


@pytest.mark.viser_personer
def test_innsyn_til_skjermen_som_json_og_som_tekst(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("person", "innsyn", "--kommune", KOMMUNE, inn=OLINE)
    assert svar.exit_code == 0, svar.output
    assert json.loads(svar.stdout)["person"]["navn"] == NAVN[OLINE]
    svar = operatoer.kjoer(
        "person", "innsyn", "--kommune", KOMMUNE, "--tekst", "--av", "b-17", inn=f"{OLINE}\n"
    )
    assert svar.exit_code == 0, svar.output
    assert svar.stdout.startswith("Innsyn i egenandelssaker")
    assert [h["aktoer"]["id"] for h in operatoer.hendelser("INNSYN")] == ["kommandolinje", "b-17"]


def test_innsyn_til_en_fil_bare_eieren_kan_lese(operatoer: Operatoer, tmp_path: Path) -> None:
    fil = tmp_path / "innsyn.json"
    svar = operatoer.kjoer("person", "innsyn", "--kommune", KOMMUNE, "--til", str(fil), inn=OLINE)
    assert (svar.exit_code, svar.output) == (0, "")
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600
    assert json.loads(fil.read_text("utf-8"))["person"]["identitetsnummer"] == OLINE
    svar = operatoer.kjoer("person", "innsyn", "--kommune", KOMMUNE, "--til", str(fil), inn=OLINE)
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert "finnes fra før" in svar.stderr
    assert len(operatoer.hendelser("INNSYN")) == 1, "det som ikke ble gitt, er ikke notert"


@pytest.mark.viser_personer
def test_innsyn_for_en_ingen_kjenner(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("person", "innsyn", "--kommune", KOMMUNE, inn=FREMMED)
    assert svar.exit_code == 1
    assert "ingenting om denne personen" in svar.stderr


def test_slett_spoer_sier_hva_som_blir_borte_og_sletter(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("person", "slett", "--kommune", KOMMUNE, inn=OLINE)
    assert svar.exit_code == 2
    assert "Saker: 1, med 1 beregninger, 1 vedtak og 1 etteroppgjør" in svar.stdout
    assert "--ja" in svar.stderr
    assert operatoer.finnes(OLINE)
    svar = operatoer.kjoer("person", "slett", "--kommune", KOMMUNE, "--ja", inn=OLINE)
    assert svar.exit_code == 0, svar.output
    assert "Slettet." in svar.stdout
    assert not operatoer.finnes(OLINE)
    svar = operatoer.kjoer("person", "slett", "--kommune", KOMMUNE, "--ja", inn=OLINE)
    assert svar.exit_code == 1
    assert "ingen person med dette nummeret" in svar.stderr


def test_slett_av_en_som_er_med_i_andres_sak(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("person", "slett", "--kommune", KOMMUNE, "--ja", inn=PEDER)
    assert svar.exit_code == 1
    assert "der personen er med: 1 (1 som EKTEFELLE)" in svar.stderr
    assert operatoer.finnes(PEDER)
    assert [h["utfall"] for h in operatoer.hendelser("SLETTING")] == ["AVSLAATT"]
    svar = operatoer.kjoer(
        "person", "slett", "--kommune", KOMMUNE, "--ja", "--ogsaa-fra-andres-saker", inn=PEDER
    )
    assert svar.exit_code == 0, svar.output
    assert not operatoer.finnes(PEDER)
    assert operatoer.finnes(OLINE)


# What was given, and what the command says about it.
GALT = [
    (["person", "innsyn", "--kommune", ANNEN_KOMMUNE], OLINE, "ikke tatt inn"),
    (["person", "slett", "--kommune", ANNEN_KOMMUNE, "--ja"], OLINE, "ikke tatt inn"),
    (["person", "innsyn", "--kommune", KOMMUNE], "123", "elleve sifre"),
    (["person", "slett", "--kommune", KOMMUNE, "--ja"], f"{OLINE}\n{PEDER}", "elleve sifre"),
    (["person", "slett", "--kommune", KOMMUNE, "--ja", "--av", "Kari Nordmann"], OLINE, "ligner et navn"),
    (["rydd", "--dato", "2030-01-01"], "", "--proev"),
]


@pytest.mark.parametrize(("argumenter", "inn", "melding"), GALT)
def test_det_som_ikke_kan_brukes(operatoer: Operatoer, argumenter: list[str], inn: str, melding: str) -> None:
    svar = operatoer.kjoer(*argumenter, inn=inn)
    assert (svar.exit_code, svar.stdout) == (2, "")
    assert melding in svar.stderr
    assert operatoer.finnes(OLINE)


def test_rydd_proever_foerst_og_rydder_saa(operatoer: Operatoer) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await lager.kommuner.nytt_oppsett(
                json.dumps({**MINSTE, "oppbevaring": {"raasvarDoegn": 30}}), AV, NAA, 0
            )
            person = await lager.personer.finn(OLINE)
            assert person is not None
            sak = await ny_sak(lager, person.id, {}, tjeneste="PRAKTISK_BISTAND")
            await lager.grunnlag.ny(nytt_grunnlag(sak, person.id, NAA.replace(year=2020)))
            await lagre_svar(lager, "gammelt", {}, NAA.replace(year=2020))
            await lagre_svar(lager, "nytt", {})

    operatoer.i_databasen(oppgave)
    svar = operatoer.kjoer("rydd", "--proev", "--dato", "2020-06-20")
    assert (svar.exit_code, svar.stdout) == (
        0,
        f"{KOMMUNE}: 0 råsvar og 1 idempotenssvar ville blitt slettet\n",
    )
    svar = operatoer.kjoer("rydd", "--proev", "--dato", "2020-07-20")
    assert svar.stdout == f"{KOMMUNE}: 1 råsvar og 1 idempotenssvar ville blitt slettet\n"
    assert operatoer.hendelser("RYDDING") == []
    svar = operatoer.kjoer("rydd")
    assert svar.exit_code == 0, svar.output
    assert svar.stdout == f"{KOMMUNE}: 1 råsvar og 1 idempotenssvar slettet\n"
    (hendelse,) = operatoer.hendelser("RYDDING")
    assert hendelse["antall"]["vinduDoegn"] == 30
    assert hendelse["antall"]["raasvarSlettet"] == 1


def test_rydd_tar_innlogginger_som_er_over(operatoer: Operatoer, monkeypatch: pytest.MonkeyPatch) -> None:
    tilbyder = "EGENANDEL_PORTAL__TILBYDERE__EN__"
    for navn, verdi in {
        "EGENANDEL_PORTAL__ADRESSE": "https://egenandel.example",
        f"{tilbyder}SLAG": "entra",
        f"{tilbyder}NAVN": "Entra",
        f"{tilbyder}ISSUER": "https://login.example/v2.0",
        f"{tilbyder}KLIENT_ID": "portal",
        f"{tilbyder}NOEKKEL__JWK": "{}",
        f"{tilbyder}TIDER": json.dumps({"en-tid": KOMMUNE}),
    }.items():
        monkeypatch.setenv(navn, verdi)

    async def logg_inn(arkiv: Arkiv) -> None:
        async with arkiv.skriv(KOMMUNE) as lager:
            await lager.brukere.ta_inn(ny_bruker())
            for brukt in (klokke.naa(), klokke.naa() - timedelta(hours=1)):
                utloeper = klokke.naa() + timedelta(hours=1)
                await lager.sesjoner.ny(ny_sesjon(KOMMUNE, brukt=brukt, utloeper=utloeper))

    operatoer.i_databasen(logg_inn)
    assert (
        "Portalen: 1 innlogginger som er over, ville blitt slettet"
        in operatoer.kjoer("rydd", "--proev").stdout
    )
    assert "Portalen: 1 innlogginger som er over, slettet" in operatoer.kjoer("rydd").stdout
    assert "Portalen: 0 innlogginger som er over, slettet" in operatoer.kjoer("rydd").stdout


def test_rydd_sier_fra_om_en_kommune_uten_frist(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("rydd")
    assert svar.exit_code == 0
    assert "har ikke noe oppsett som kan leses" in svar.stderr


@pytest.mark.viser_personer
def test_ektefellens_tall_er_ikke_i_utskriften(operatoer: Operatoer) -> None:
    svar = operatoer.kjoer("person", "innsyn", "--kommune", KOMMUNE, "--tekst", inn=OLINE)
    uten_mellomrom = svar.stdout.replace("\u00a0", "")
    assert not [tall for tall in PEDERS_TALL if str(tall) in uten_mellomrom]
