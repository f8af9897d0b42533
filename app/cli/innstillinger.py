"""Reading the settings for a command, and saying plainly what is wrong with them."""

from typing import Final

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from app.settings import Settings

FEIL_I_INNDATA: Final = 2
"""Exit code when what was given cannot be used."""


def les_innstillinger() -> Settings:
    """The settings; ends the command with the names of those that cannot be used, never their values."""
    try:
        return Settings()
    except ValidationError as feil:
        for rad in feil.errors(include_url=False, include_input=False):
            navn = "EGENANDEL_" + "__".join(map(str, rad["loc"])).upper()
            typer.echo(
                f"Innstillingen {navn} kan ikke brukes: {rad['msg']}. Rett den og start på nytt.", err=True
            )
    except SettingsError:
        # Its text names a field only; the exception behind it holds the value, and goes no further.
        typer.echo("En innstilling skal være JSON og er det ikke. Rett den og start på nytt.", err=True)
    raise typer.Exit(FEIL_I_INNDATA)
