"""``egenandel rydd``: delete what has been kept long enough."""

import asyncio
from datetime import datetime, time
from typing import Annotated

import typer

from app import klokke
from app.cli.arkiv import aapnet_arkiv
from app.cli.innstillinger import FEIL_I_INNDATA, les_innstillinger
from app.db.motor import OpptattError
from app.services.personvern.rydding import Ryddet, raasvarvinduer, rydd, se_over
from app.services.revisjon import Driftsaktoer
from app.settings import Settings

_OPPTATT = 1


def rydd_kommando(
    proev: Annotated[
        bool, typer.Option("--proev", help="Vis bare hva som ville blitt slettet; ingenting endres")
    ] = False,
    dato: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="ÅÅÅÅ-MM-DD",
            help="Dagen det prøves for, sammen med --proev; utelatt betyr nå",
        ),
    ] = None,
) -> None:
    """Slett råsvar og idempotenssvar som er eldre enn oppbevaringstiden. Resultater og vedtak beholdes.

    Kjør den hver natt. Den kan kjøres så ofte man vil, også mens tjenesten går. Avslutter med 1 når databasen var
    opptatt; det som rakk å bli slettet, er slettet.
    """
    if dato is not None and not proev:
        typer.echo(
            "--dato gjelder bare sammen med --proev. Sletting skjer alltid etter dagens dato.", err=True
        )
        raise typer.Exit(FEIL_I_INNDATA)
    naa = klokke.naa() if dato is None else datetime.combine(dato.date(), time(), klokke.OSLO)
    try:
        ryddet = asyncio.run(_rydd(les_innstillinger(), naa, proev=proev))
    except OpptattError:
        typer.echo("Databasen er opptatt. Kjør kommandoen på nytt.", err=True)
        raise typer.Exit(_OPPTATT) from None
    for ett in ryddet:
        typer.echo(_linje(ett, proev=proev))
    for ett in ryddet:
        if ett.dager is None:
            typer.echo(
                f"{ett.kommune} har ikke bestemt hvor lenge råsvar oppbevares. Ingen råsvar ble slettet der. Sett "
                "oppbevaring.raasvarDoegn i kommunens oppsett.",
                err=True,
            )


async def _rydd(settings: Settings, naa: datetime, *, proev: bool) -> list[Ryddet]:
    async with aapnet_arkiv(settings) as arkiv:
        vinduer = await raasvarvinduer(arkiv)
        if proev:
            return await se_over(arkiv, vinduer.get, settings.personvern, naa)
        ryddet = await rydd(arkiv, vinduer.get, settings.personvern, Driftsaktoer("rydd"), naa)
        await arkiv.visk_ut()
        return ryddet


def _linje(ett: Ryddet, *, proev: bool) -> str:
    hva = "ville blitt slettet" if proev else "slettet"
    holdt = f", {ett.holdt} eldre råsvar holdt fordi saken trenger dem" if ett.holdt else ""
    return f"{ett.kommune}: {ett.raasvar} råsvar og {ett.idempotens} idempotenssvar {hva}{holdt}"
