"""Reading national ids: from standard input, where nobody else on the machine can see them."""

import sys
from typing import Final

import typer

from app.cli.innstillinger import FEIL_I_INNDATA

_SIFRE: Final = 11


def les_personer(antall: int) -> list[str]:
    """From one to so many identifiers, one per line, or asked for without showing them; ends the command if not."""
    if sys.stdin.isatty():
        linjer = [
            str(
                typer.prompt(
                    "Fødselsnummer (tomt for ingen flere)", default="", show_default=False, hide_input=True
                )
            )
            for _ in range(antall)
        ]
    else:
        linjer = sys.stdin.read().split()
    personer = [linje.strip() for linje in linjer if linje.strip()]
    gyldige = all(len(person) == _SIFRE and person.isascii() and person.isdigit() for person in personer)
    if not 1 <= len(personer) <= antall or not gyldige:
        typer.echo(
            f"Oppgi inntil {antall} fødselsnummer på standard inn, ett per linje, elleve sifre.", err=True
        )
        raise typer.Exit(FEIL_I_INNDATA)
    return personer
