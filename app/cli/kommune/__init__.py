"""``egenandel kommune``: what a kommune must decide, asked for, checked, shown and kept as a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app import klokke
from app.calc.kontrakt.feil import KontraktFeilError
from app.cli.innstillinger import FEIL_I_INNDATA
from app.cli.kommune.database import hent_fra_database, krev_database, lagre_i_database
from app.cli.kommune.spoersmaal import UbrukeligSvarError, ja_eller_nei, overskrift, si, spoer
from app.cli.kommune.veiviser import forbered, spoer_om_alt
from app.cli.kommune.visning import vis_aar
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.kommuneoppsett.fil import UlesbarFilError, les_fil, skriv_fil, som_toml
from app.services.kommuneoppsett.varsler import varsler

Lagre = Callable[[Kommuneoppsett], str]
"""Keeps a document that is in order, and says in Norwegian where."""

AVBRUTT = 1
"""Exit code when nothing was kept."""

kommune_app = typer.Typer(
    help="Kommunens eget oppsett: tjenester, valg, institusjoner og priser, hver ting med dato.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Fil = Annotated[Path, typer.Argument(help="Filen med oppsettet, TOML eller JSON (.json)")]


@kommune_app.command("ny")
def ny_kommando(
    fil: Annotated[
        Path | None,
        typer.Option(help="Filen oppsettet lagres i; utelatt betyr kommune-<organisasjonsnummer>.toml"),
    ] = None,
    ja: Annotated[bool, typer.Option("--ja", help="Lagre uten å spørre til slutt, også over en fil")] = False,
    i_databasen: Annotated[
        bool, typer.Option("--lagre", help="Ta kommunen i bruk i databasen i stedet for å lagre en fil")
    ] = False,
) -> None:
    """Spør om alt en kommune må bestemme, og lagre svarene som en fil eller i databasen.

    Hvert svar prøves med en gang. Svarene kan også komme på standard inn, ett per linje.
    """
    if i_databasen:
        if fil is not None:
            typer.echo("Velg enten --fil eller --lagre.", err=True)
            raise typer.Exit(FEIL_I_INNDATA)
        krev_database()
        ny(lagre_i_database, ja=ja)
        return
    if fil is not None and not fil.absolute().parent.is_dir():
        typer.echo("Mappen til filen finnes ikke. Lag den, eller velg en annen fil.", err=True)
        raise typer.Exit(FEIL_I_INNDATA)
    ny(lambda oppsett: _lagre_i_fil(oppsett, fil, ja=ja), ja=ja)


def ny(lagre: Lagre, *, ja: bool) -> None:
    """Ask for everything, show it whole, and keep it.

    Args:
        lagre: where the document goes.
        ja: keep it without a last question.
    """
    i_dag = klokke.i_dag()
    try:
        si(forbered(i_dag))
        oppsett = spoer_om_alt(i_dag)
        overskrift("Oppsettet samlet")
        typer.echo(som_toml(oppsett))
        _vis_varsler(oppsett)
        if not ja and not ja_eller_nei("Lagre oppsettet?", standard=True):
            raise typer.Abort
        typer.echo(lagre(oppsett))
    except typer.Abort:
        typer.echo("Avbrutt. Ingenting er lagret.", err=True)
        raise typer.Exit(AVBRUTT) from None
    except KontraktFeilError as feil:
        raise _avslutt(feil) from None


def _lagre_i_fil(oppsett: Kommuneoppsett, fil: Path | None, *, ja: bool) -> str:
    sti = fil or Path(f"kommune-{oppsett.organisasjonsnummer}.toml")
    while True:
        if not ja and sti.exists() and not ja_eller_nei(f"{sti} finnes. Skrive over?", standard=False):
            sti = Path(spoer("Skriv et annet filnavn", _les_filnavn))
            continue
        try:
            skriv_fil(sti, oppsett)
        except OSError as feil:
            typer.echo(f"Filen kan ikke skrives: {feil.strerror}.", err=True)
            if ja:
                raise typer.Abort from None
            sti = Path(spoer("Skriv et annet filnavn", _les_filnavn))
        else:
            return f"Lagret i {sti}."


def _les_filnavn(svar: str) -> str:
    if not svar:
        raise UbrukeligSvarError("Skriv et filnavn.")
    return svar


@kommune_app.command("kontroller")
def kontroller_kommando(fil: _Fil) -> None:
    """Kontroller en fil: hver feil med sted og hva som må gjøres, og varsler om det som er uvanlig.

    Avslutter med 0 når filen kan brukes, ellers 2. Feil står på standard feil, varsler på standard ut.
    """
    oppsett = _les(fil)
    _vis_varsler(oppsett)
    typer.echo(f"Oppsettet for {oppsett.navn} ({oppsett.organisasjonsnummer}) kan brukes.")


@kommune_app.command("vis")
def vis_kommando(
    fil: _Fil,
    aar: Annotated[
        int | None, typer.Option("--aar", help="Kalenderåret; utelatt betyr i år", min=2013, max=2100)
    ] = None,
) -> None:
    """Vis hva som gjelder i et år: valg, oppholdsutgifter og priser."""
    oppsett = _les(fil)
    try:
        i_aaret = aarsoppsett(oppsett, aar or klokke.i_dag().year)
    except OppsettManglerError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    for linje in vis_aar(oppsett, i_aaret):
        typer.echo(linje)


@kommune_app.command("les-inn")
def les_inn_kommando(fil: _Fil) -> None:
    """Ta en kommune i bruk med oppsettet i en fil, eller lagre en ny versjon av det.

    Tidligere versjoner står, og det gjør beregningene som bygger på dem. Avslutter med 2 når filen ikke kan brukes.
    """
    oppsett = _les(fil)
    _vis_varsler(oppsett)
    typer.echo(lagre_i_database(oppsett))


@kommune_app.command("skriv-ut")
def skriv_ut_kommando(
    orgnr: Annotated[str, typer.Argument(help="Kommunens organisasjonsnummer")],
    fil: Annotated[Path, typer.Argument(help="Filen som skal skrives, TOML eller JSON (.json)")],
    ja: Annotated[bool, typer.Option("--ja", help="Skriv over filen når den finnes")] = False,
) -> None:
    """Skriv oppsettet som gjelder i databasen, til en fil som kan endres og leses inn igjen."""
    if fil.exists() and not ja:
        typer.echo(f"{fil} finnes. Velg et annet navn, eller bruk --ja.", err=True)
        raise typer.Exit(FEIL_I_INNDATA)
    lagret = hent_fra_database(orgnr)
    try:
        skriv_fil(fil, lagret.oppsett)
    except OSError as feil:
        typer.echo(f"Filen kan ikke skrives: {feil.strerror}.", err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    typer.echo(f"{lagret.oppsett.navn} ({orgnr}), versjon {lagret.versjon}, er skrevet til {fil}.")


def _les(fil: Path) -> Kommuneoppsett:
    try:
        return les_fil(fil)
    except UlesbarFilError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    except KontraktFeilError as feil:
        raise _avslutt(feil) from None


def _avslutt(feil: KontraktFeilError) -> typer.Exit:
    for en in feil.feil:
        typer.echo(f"{en.pointer or '/'}: {en.detail} ({en.kode})", err=True)
    antall = "én feil" if feil.antall == 1 else f"{feil.antall} feil"
    typer.echo(f"Oppsettet har {antall} og kan ikke brukes.", err=True)
    return typer.Exit(FEIL_I_INNDATA)


def _vis_varsler(oppsett: Kommuneoppsett) -> None:
    for varsel in varsler(oppsett, klokke.i_dag()):
        typer.echo(f"VARSEL {varsel.pointer}: {varsel.tekst} ({varsel.kode})")
