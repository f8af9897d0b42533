"""The guard of all tests, held to leaks planted on every way out."""

import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
import structlog
import typer
from typer.testing import CliRunner

from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.befolkning.register import Befolkning
from app.skatt_client import Kall, OppsettError
from tests.lekkasje import slag

IDENT = navngitte()[0].identer[0]
NAVN = navngitte()[0].navn
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"  # noqa: S105
"""Signed by nobody."""

LEKKASJER = {"fødselsnummer": IDENT, "token": TOKEN, "navn": NAVN}


def _logg(tekst: str) -> None:
    logging.getLogger("app.noe").warning("Oppslag på %s", tekst)


def _debug_uten_videresending(tekst: str) -> None:
    logger = logging.getLogger("app.stille")
    logger.propagate = False
    logger.debug("ferdig", extra={"hvem": tekst})


def _traceback(tekst: str) -> None:
    try:
        raise ValueError(tekst)
    except ValueError:
        logging.getLogger("app.noe").exception("Gikk ikke")


def _structlog(tekst: str) -> None:
    structlog.wrap_logger(logging.getLogger("app.noe")).info("oppslag", person=tekst)


def _feil(tekst: str) -> None:
    with pytest.raises(OppsettError):
        raise OppsettError(f"kan ikke bruke {tekst}")


def _maaling(tekst: str) -> None:
    Kall("inntekt", "Funnet", 200, tekst, 1, 0.0)


def _kommando(tekst: str) -> None:
    app = typer.Typer()
    app.command()(lambda: typer.echo(tekst))
    CliRunner().invoke(app)


VEIER: list[Callable[[str], None]] = [
    _logg,
    _debug_uten_videresending,
    _traceback,
    _structlog,
    _feil,
    _maaling,
    _kommando,
    print,
    lambda tekst: print(tekst, file=sys.stderr),
]


@pytest.mark.planter_lekkasje
@pytest.mark.parametrize("lekkasje", LEKKASJER.values(), ids=LEKKASJER.keys())
@pytest.mark.parametrize("vei", VEIER, ids=lambda vei: getattr(vei, "__name__", "vei"))
def test_en_plantet_lekkasje_blir_oppdaget(vei: Callable[[str], None], lekkasje: str) -> None:
    vei(lekkasje)


@pytest.mark.planter_lekkasje
def test_en_lekkasje_testen_selv_leser_blir_oppdaget(capsys: pytest.CaptureFixture[Any]) -> None:
    print(IDENT)
    assert IDENT in capsys.readouterr().out


def test_vakten_kjenner_slagene() -> None:
    assert [slag(tekst) for tekst in LEKKASJER.values()] == [{hva} for hva in LEKKASJER]
    assert slag(Befolkning(antall=5000).person("flokk-004321").navn) == {"navn"}


def test_vakten_roper_ikke_paa_alt() -> None:
    """Organisation numbers, account numbers, ids of no made-up person, and ordinary words."""
    assert slag("310000000 12345678901 1795000000 eyJ kort pensjon Bjørk") == set()


@pytest.mark.planter_lekkasje
def test_elleve_sifre_i_loggen_er_for_mange_uansett_hva_de_er() -> None:
    logging.getLogger("app.noe").info("saken %s er ferdig", "12345678901")


def test_elleve_sifre_i_en_utskrift_kan_vaere_et_beloep(capsys: pytest.CaptureFixture[str]) -> None:
    typer.echo("12345678901")
    assert slag(capsys.readouterr().out) == set()
    assert slag("12345678901", for_mennesker=False) == {"fødselsnummer"}


def test_elleve_desimaler_er_et_tall() -> None:
    assert slag("sekunder=0.12345678901", for_mennesker=False) == set()
    assert slag("person.12345678901", for_mennesker=False) == {"fødselsnummer"}
