"""Running a command against the database, and saying in one line what stands in its way."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import typer

from app.cli.innstillinger import FEIL_I_INNDATA
from app.db.arkiv import Arkiv
from app.db.kryptering import KrypteringError
from app.db.motor import Database, DatabaseError, OpptattError, UgyldigAdresseError
from app.services.arkiv import aapne, aapne_database
from app.services.oppsett import InnstillingManglerError
from app.services.revisjon import Driftsaktoer
from app.settings import Settings

T = TypeVar("T")

OPERATOER: Final = Driftsaktoer("kommandolinje")
"""Who the register says did what is done here."""


def med_database(settings: Settings, oppgave: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database, without its keys; ends the command if it cannot be done."""

    async def alt() -> T:
        database = aapne_database(settings)
        try:
            return await oppgave(database)
        finally:
            await database.lukk()

    return _kjoer(alt)


def med_arkiv(settings: Settings, oppgave: Callable[[Arkiv], Awaitable[T]]) -> T:
    """Do something with the database and its keys; ends the command if it cannot be done."""

    async def alt() -> T:
        arkiv = aapne(settings)
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return _kjoer(alt)


def stopp(tekst: str) -> typer.Exit:
    """End the command: what was given cannot be used, and this is what to do."""
    typer.echo(tekst, err=True)
    return typer.Exit(FEIL_I_INNDATA)


def _kjoer(alt: Callable[[], Awaitable[T]]) -> T:
    async def vent() -> T:
        return await alt()

    try:
        return asyncio.run(vent())
    except (InnstillingManglerError, UgyldigAdresseError, KrypteringError) as feil:
        raise stopp(str(feil)) from None
    except OpptattError as feil:
        raise stopp(
            f"Databasen svarer ikke ({feil}). Er den startet, og er EGENANDEL_DATABASE__URL riktig? Prøv igjen."
        ) from None
    except DatabaseError as feil:
        raise stopp(
            f"Databasen avviste et kall ({feil}). Se om EGENANDEL_DATABASE__URL er riktig, og kjør "
            "«egenandel database kontroller»."
        ) from None
