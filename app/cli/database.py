"""``egenandel database``: bring the tables up to date, check them, copy them."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.arkiv import med_database, stopp
from app.cli.innstillinger import les_innstillinger
from app.db import skjema
from app.db.motor import Database

database_app = typer.Typer(
    help="Databasen: oppgrader, kontroller og kopier.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AVVIK: Final = 1
"""Exit code when the tables are not as the code needs them."""


@database_app.command("oppgrader")
def oppgrader_kommando() -> None:
    """Før tabellene fram til versjonen koden trenger: alle stegene eller ingen."""

    async def oppgave(database: Database) -> tuple[str | None, str | None]:
        foer = await skjema.versjonen(database)
        _kjent(foer)
        await skjema.oppgrader(database)
        return foer, await skjema.versjonen(database)

    foer, etter = med_database(les_innstillinger(), oppgave)
    typer.echo(
        f"Databasen har alt versjon {etter}." if foer == etter else f"Databasen har nå versjon {etter}."
    )


@database_app.command("kontroller")
def kontroller_kommando() -> None:
    """Si hva databasen er og om tabellene er som koden venter. Avslutter med 1 når de ikke er det."""

    async def oppgave(database: Database) -> tuple[str, str | None, int]:
        produkt, versjon = await database.versjon(), await skjema.versjonen(database)
        _kjent(versjon)
        return produkt, versjon, len(await skjema.avvik(database))

    produkt, versjon, avvik = med_database(les_innstillinger(), oppgave)
    siste = skjema.siste_versjon()
    typer.echo(f"{produkt}, versjon {versjon or 'ingen'} av {siste}.")
    if versjon != siste:
        typer.echo("Databasen er ikke oppgradert. Kjør «egenandel database oppgrader».", err=True)
    elif avvik:
        typer.echo(
            f"Tabellene avviker fra koden på {avvik} steder, selv om versjonen er riktig: noen har endret dem. "
            "Gjenopprett fra sikkerhetskopi, eller rett dem for hånd.",
            err=True,
        )
    else:
        typer.echo("Tabellene er som koden venter.")
        return
    raise typer.Exit(AVVIK)


@database_app.command("ny-migrasjon")
def ny_migrasjon_kommando(
    navn: Annotated[str, typer.Argument(help="Hva steget gjør, i ett ord eller to")],
) -> None:
    """For utviklere: skriv steget fra migreringene som finnes, til tabellene i koden. Les det og gjør det ferdig."""
    typer.echo(f"Skrev {asyncio.run(skjema.ny_migrasjon(navn))}. Les det og gjør det ferdig.")


@database_app.command("kopier")
def kopier_kommando(fil: Annotated[Path, typer.Argument(help="Filen som skal lages")]) -> None:
    """Sikkerhetskopier SQLite til en fil mens tjenesten går. Filen blir hel, eller ikke til."""

    async def oppgave(database: Database) -> None:
        if not database.er_sqlite:
            raise stopp(f"PostgreSQL kopieres med pg_dump: pg_dump --format=custom --file={fil} DATABASE")
        if await skjema.versjonen(database) is None:
            raise stopp("Databasen er tom. Er EGENANDEL_DATABASE__URL riktig?")
        try:
            await database.kopier(fil)
        except FileExistsError:
            raise stopp(f"{fil} finnes fra før. Velg et annet navn.") from None
        except OSError as feil:
            raise stopp(f"{fil} kan ikke skrives ({feil.strerror or feil}). Velg et annet sted.") from None

    med_database(les_innstillinger(), oppgave)
    typer.echo(f"Databasen er kopiert til {fil}.")


def _kjent(versjon: str | None) -> None:
    if versjon is not None and versjon not in skjema.versjoner():
        raise stopp(
            f"Databasen har versjon {versjon}, som denne koden ikke kjenner: den er fra en nyere utgivelse. "
            "Bruk den."
        )
