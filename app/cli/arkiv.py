"""Opening the database for a command, and saying plainly why it cannot be opened."""

from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import typer

from app.cli.innstillinger import FEIL_I_INNDATA
from app.db.arkiv import Arkiv
from app.db.kryptering import Noekkelring
from app.db.motor import Database, UgyldigAdresseError
from app.settings import Settings


@asynccontextmanager
async def aapnet_arkiv(settings: Settings) -> AsyncGenerator[Arkiv]:
    """The database with its keys, closed at the end of the block; ends the command when it cannot be had."""
    valg = settings.kryptering
    if valg is None:
        typer.echo("Nøklene mangler. Sett EGENANDEL_KRYPTERING__… slik tjenesten har dem.", err=True)
        raise typer.Exit(FEIL_I_INNDATA)
    try:
        database = Database(settings.database.url.get_secret_value(), samtidige=settings.database.samtidige)
    except UgyldigAdresseError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    ring = Noekkelring(
        {navn: b64decode(noekkel.get_secret_value()) for navn, noekkel in valg.noekler.items()},
        valg.gjeldende,
        b64decode(valg.hashnoekkel.get_secret_value()),
    )
    try:
        yield Arkiv(database, ring)
    finally:
        await database.lukk()
