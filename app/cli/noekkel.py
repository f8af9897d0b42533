"""``egenandel noekkel``: make the keys of the database, and change them."""

import os
from base64 import b64encode
from collections.abc import Container
from itertools import chain, count

import typer

from app import klokke
from app.cli.arkiv import med_arkiv
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.db.kryptering import NOEKKELLENGDE
from app.db.navneindeks import merk_alle, uten_merker
from app.db.rotasjon import gjenstaar, roter, unoedvendige

noekkel_app = typer.Typer(
    help="Nøklene i databasen: lag dem, bytt dem, og gjør navn søkbare.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@noekkel_app.command("ny")
def ny_kommando() -> None:
    """Lag en ny nøkkel og skriv linjene som skal settes. Ingenting lagres her."""
    kryptering = les_innstillinger().kryptering
    navn = _ledig_navn(() if kryptering is None else kryptering.noekler)
    typer.echo(f"EGENANDEL_KRYPTERING__NOEKLER__{navn.upper()}={_ny_noekkel()}")
    typer.echo(f"EGENANDEL_KRYPTERING__GJELDENDE={navn}")
    if kryptering is None:
        typer.echo(f"EGENANDEL_KRYPTERING__HASHNOEKKEL={_ny_noekkel()}")
        typer.echo("Ta vare på linjene utenfor databasen. Uten dem kan ingen lese den igjen.", err=True)
    else:
        typer.echo(
            "Behold de gamle nøklene, start tjenesten på nytt med begge, og kjør «egenandel noekkel roter».",
            err=True,
        )


@noekkel_app.command("roter")
def roter_kommando() -> None:
    """Krypter alt under den gjeldende nøkkelen, mens tjenesten går. Kan avbrytes og kjøres igjen."""

    async def oppgave(arkiv: Arkiv) -> tuple[int, list[str]]:
        gjort, i_alt = 0, await gjenstaar(arkiv.database, arkiv.ring)
        async for antall in roter(arkiv.database, arkiv.ring):
            gjort += antall
            typer.echo(f"{gjort} av {i_alt}", err=True)
        return gjort, await unoedvendige(arkiv.database, arkiv.ring)

    settings = les_innstillinger()
    gjort, unoedige = med_arkiv(settings, oppgave)
    gjeldende = "" if settings.kryptering is None else settings.kryptering.gjeldende
    typer.echo(f"{gjort} verdier er kryptert på nytt under {gjeldende}.")
    if unoedige:
        typer.echo(
            f"Ingen rad trenger {', '.join(unoedige)}. Ta dem ut av innstillingene når sikkerhetskopiene som "
            "trenger dem, er slettet."
        )


@noekkel_app.command("navneindeks")
def navneindeks_kommando() -> None:
    """Gjør navn fra før navnesøket søkbare, mens tjenesten går. Kan avbrytes og kjøres igjen."""

    async def oppgave(arkiv: Arkiv) -> int:
        gjort, i_alt = 0, await uten_merker(arkiv.database)
        async for antall in merk_alle(arkiv.database, arkiv.ring):
            gjort += antall
            typer.echo(f"{gjort} av {i_alt}", err=True)
        return gjort

    gjort = med_arkiv(les_innstillinger(), oppgave)
    typer.echo(f"{gjort} navn er gjort søkbare.")


def _ledig_navn(brukt: Container[str]) -> str:
    """The day, in letters an environment variable can have; with a number when the day has one already."""
    dagen = f"k{klokke.i_dag():%Y%m%d}"
    return next(navn for navn in chain([dagen], (f"{dagen}n{nr}" for nr in count(2))) if navn not in brukt)


def _ny_noekkel() -> str:
    return b64encode(os.urandom(NOEKKELLENGDE)).decode()
