"""``egenandel person``: what the kommune has about one person, and erasing it."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from app import klokke
from app.cli.arkiv import aapnet_arkiv
from app.cli.innstillinger import FEIL_I_INNDATA, les_innstillinger
from app.db.kryptering import KrypteringError
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.motor import OpptattError
from app.services.personvern.innsyn import Innsyn, innsyn
from app.services.personvern.innsynstekst import som_tekst
from app.services.personvern.sletting import Omfang, Slettesvar, omfang, slett
from app.services.revisjon import Driftsaktoer, Utfall, ser_personlig_ut
from app.settings import Settings

person_app = typer.Typer(
    help="Innsyn og sletting for én person.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

IKKE_GJORT: Final = 1
"""Exit code when nobody has the id, the person is in cases of others, or the database was busy."""

T = TypeVar("T")

_SIFRE: Final = 11
_BARE_EIEREN: Final = 0o600

_Orgnr = Annotated[str, typer.Option("--kommune", help="Kommunens organisasjonsnummer")]
_Av = Annotated[
    str,
    typer.Option("--av", help="Hvem som gjør det, slik kommunen kjenner igjen brukeren; aldri et navn"),
]


@person_app.command("innsyn")
def innsyn_kommando(
    kommune: _Orgnr,
    tekst: Annotated[bool, typer.Option("--tekst", help="Skriv som tekst i stedet for JSON")] = False,
    til: Annotated[
        Path | None, typer.Option(help="Ny fil bare du kan lese; utelatt betyr standard ut")
    ] = None,
    av: _Av = "kommandolinje",
) -> None:
    """Samle alt kommunen har om én person. Fødselsnummeret leses fra standard inn.

    Andre personer i samme sak er bare nevnt med rolle. Innsynet føres i hendelsesregisteret.
    """
    settings = les_innstillinger()
    _krev_upersonlig(av)
    if til is not None and til.exists():
        typer.echo("Filen finnes fra før. Velg et nytt filnavn.", err=True)
        raise typer.Exit(FEIL_I_INNDATA)
    ident = _les_person()
    funnet = _kjoer(_innsyn(settings, kommune, ident, av))
    if funnet is None:
        _ukjent_kommune(kommune)
        return
    ut = som_tekst(funnet.dokument) if tekst else funnet.som_json()
    if til is None:
        sys.stdout.buffer.write(ut.encode())
        sys.stdout.buffer.flush()
    else:
        _skriv_fil(til, ut)
    if funnet.utfall is Utfall.UTEN_DATA:
        typer.echo("Kommunen har ingenting om denne personen.", err=True)
        raise typer.Exit(IKKE_GJORT)


@person_app.command("slett")
def slett_kommando(
    kommune: _Orgnr,
    ja: Annotated[bool, typer.Option("--ja", help="Slett uten å spørre")] = False,
    ogsaa_fra_andres_saker: Annotated[
        bool,
        typer.Option(
            "--ogsaa-fra-andres-saker",
            help="Ta også personen ut av saker som gjelder andre; de sakene beholder beregninger og vedtak",
        ),
    ] = False,
    av: _Av = "kommandolinje",
) -> None:
    """Slett én person og alle sakene personen er hovedperson i. Fødselsnummeret leses fra standard inn.

    Kan ikke angres. Arkivlova kan forby sletting: det er kommunen som må avgjøre om den er lovlig, se
    docs/personvern.md. Hendelsesregisteret beholdes.
    """
    settings = les_innstillinger()
    _krev_upersonlig(av)
    ident = _les_person()
    kjent, foer = _kjoer(_se_over(settings, kommune, ident))
    if not kjent:
        _ukjent_kommune(kommune)
    if foer is not None and (ogsaa_fra_andres_saker or not foer.andres_saker):
        for linje in _omfangslinjer(foer):
            typer.echo(linje)
        _bekreft(ja=ja)
    svar = _kjoer(_slett(settings, kommune, ident, av, ogsaa_fra_andres_saker=ogsaa_fra_andres_saker))
    if svar.utfall is Utfall.UTEN_DATA:
        typer.echo("Kommunen har ingen person med dette nummeret. Ingenting er slettet.", err=True)
        raise typer.Exit(IKKE_GJORT)
    if svar.utfall is Utfall.AVSLAATT:
        for linje in _andres_saker(svar.omfang):
            typer.echo(linje, err=True)
        typer.echo(
            "Ingenting er slettet. Bruk --ogsaa-fra-andres-saker for å ta personen ut av disse også.",
            err=True,
        )
        raise typer.Exit(IKKE_GJORT)
    typer.echo(f"Slettet. {svar.omfang.idempotens} lagrede svar er også borte.")


async def _innsyn(settings: Settings, kommune: str, ident: str, av: str) -> Innsyn | None:
    async with aapnet_arkiv(settings) as arkiv, arkiv.skriv(kommune) as lager:
        if not await lager.kommuner.finnes():
            return None
        return await innsyn(lager, ident, aktoer=Driftsaktoer(av), naa=klokke.naa())


async def _se_over(settings: Settings, kommune: str, ident: str) -> tuple[bool, Omfang | None]:
    async with aapnet_arkiv(settings) as arkiv, arkiv.les(kommune) as lager:
        return await lager.kommuner.finnes(), await omfang(lager, ident)


async def _slett(
    settings: Settings, kommune: str, ident: str, av: str, *, ogsaa_fra_andres_saker: bool
) -> Slettesvar:
    async with aapnet_arkiv(settings) as arkiv:
        async with arkiv.skriv(kommune) as lager:
            svar = await slett(
                lager,
                ident,
                aktoer=Driftsaktoer(av),
                naa=klokke.naa(),
                ogsaa_fra_andres_saker=ogsaa_fra_andres_saker,
            )
        if svar.utfall is Utfall.OK and not await arkiv.visk_ut():
            typer.echo(
                "Databasens endringslogg er i bruk og ble ikke tømt nå; egenandel rydd tømmer den.", err=True
            )
        return svar


def _kjoer(oppgave: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(oppgave)
    except (OpptattError, VersjonskonfliktError):
        typer.echo("Databasen er opptatt, eller saken ble endret imens. Kjør kommandoen på nytt.", err=True)
        raise typer.Exit(IKKE_GJORT) from None
    except KrypteringError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(IKKE_GJORT) from None


def _les_person() -> str:
    """One identifier from standard input, or asked for without showing it. Never as an argument."""
    if sys.stdin.isatty():
        linjer = [str(typer.prompt("Fødselsnummer", hide_input=True))]
    else:
        linjer = sys.stdin.read().split()
    if len(linjer) == 1 and len(linjer[0]) == _SIFRE and linjer[0].isascii() and linjer[0].isdigit():
        return linjer[0]
    typer.echo("Oppgi ett fødselsnummer på standard inn, elleve sifre.", err=True)
    raise typer.Exit(FEIL_I_INNDATA)


def _bekreft(*, ja: bool) -> None:
    if ja:
        return
    if not sys.stdin.isatty():
        typer.echo(
            "Ingenting er slettet. Bekreft med --ja når fødselsnummeret kommer fra en fil eller et rør.",
            err=True,
        )
        raise typer.Exit(FEIL_I_INNDATA)
    if not typer.confirm("Slette dette for godt?"):
        typer.echo("Ingenting er slettet.")
        raise typer.Exit(IKKE_GJORT)


def _krev_upersonlig(av: str) -> None:
    if ser_personlig_ut(av):
        typer.echo("--av ligner et navn eller et fødselsnummer. Oppgi en bruker-id.", err=True)
        raise typer.Exit(FEIL_I_INNDATA)


def _ukjent_kommune(kommune: str) -> None:
    typer.echo(f"Kommunen {kommune} er ikke tatt inn i tjenesten.", err=True)
    raise typer.Exit(FEIL_I_INNDATA)


def _skriv_fil(til: Path, tekst: str) -> None:
    try:
        fil = os.open(til, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _BARE_EIEREN)
    except OSError as feil:
        typer.echo(f"Filen kan ikke lages: {feil.strerror}. Velg et nytt filnavn.", err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    with os.fdopen(fil, "wb") as ut:
        ut.write(tekst.encode())


def _omfangslinjer(foer: Omfang) -> list[str]:
    linjer = [
        f"Saker: {foer.saker}, med {foer.beregninger} beregninger, {foer.vedtak} vedtak og "
        f"{foer.etteroppgjoer} etteroppgjør",
        f"Svar fra Skatteetaten: {foer.grunnlag}",
        f"Poster ført inn av saksbehandler: {foer.manuelle_poster}",
    ]
    if foer.andre_personer:
        linjer.append(f"Andre personer som bare er kjent fra disse sakene: {foer.andre_personer}")
    return linjer + (_andres_saker(foer) if foer.andres_saker else [])


def _andres_saker(foer: Omfang) -> list[str]:
    deler = ", ".join(f"{antall} som {rolle}" for rolle, antall in sorted(foer.andres_saker.items()))
    return [f"Personen er med i {foer.antall_i_andres_saker} saker som gjelder andre: {deler}"]
