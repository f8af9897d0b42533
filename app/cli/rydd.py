"""``egenandel rydd``: delete what has been kept long enough."""

from datetime import datetime, time
from typing import Annotated

import typer

from app import klokke
from app.cli.arkiv import med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.services.personvern.rydding import Ryddet, raasvarvinduer, rydd, se_over
from app.services.revisjon import Driftsaktoer
from app.services.sesjoner.databasesesjoner import Databasesesjoner
from app.settings import Settings


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
    """Slett råsvar og idempotenssvar som er eldre enn oppbevaringstiden, og innlogginger som er over. Resultater og vedtak
    beholdes.

    Kjør den hver natt. Den kan kjøres så ofte man vil, også mens tjenesten går. Stopper den på veien, er det som rakk
    å bli slettet, slettet og notert.
    """
    if dato is not None and not proev:
        raise stopp("--dato gjelder bare sammen med --proev. Sletting skjer alltid etter dagens dato.")
    settings = les_innstillinger()
    naa = klokke.naa() if dato is None else datetime.combine(dato.date(), time(), klokke.OSLO)

    async def oppgave(arkiv: Arkiv) -> tuple[list[Ryddet], int]:
        vinduer = await raasvarvinduer(arkiv)
        if proev:
            ryddet = await se_over(arkiv, vinduer.get, settings.personvern, naa)
        else:
            ryddet = await rydd(arkiv, vinduer.get, settings.personvern, Driftsaktoer("rydd"), naa)
        innlogginger = await _innlogginger(arkiv, settings, naa, proev=proev)
        if not proev:
            await arkiv.visk_ut()
        return ryddet, innlogginger

    ryddet, innlogginger = med_arkiv(settings, oppgave)
    for ett in ryddet:
        typer.echo(_linje(ett, proev=proev))
    if settings.portal is not None:
        typer.echo(f"Portalen: {innlogginger} innlogginger som er over, {_hva(proev=proev)}")
    for ett in ryddet:
        if ett.dager is None:
            typer.echo(
                f"{ett.kommune} har ikke noe oppsett som kan leses, så ingen vet hvor lenge råsvar oppbevares. Ingen "
                "slettes der. Les inn oppsettet med «egenandel kommune les-inn».",
                err=True,
            )


async def _innlogginger(arkiv: Arkiv, settings: Settings, naa: datetime, *, proev: bool) -> int:
    if settings.portal is None:
        return 0
    sesjoner = Databasesesjoner(arkiv, settings.portal, settings.personvern.hjemmel, lambda: naa)
    return await (sesjoner.antall_over() if proev else sesjoner.rydd())


def _hva(*, proev: bool) -> str:
    return "ville blitt slettet" if proev else "slettet"


def _linje(ett: Ryddet, *, proev: bool) -> str:
    hva = _hva(proev=proev)
    holdt = f", {ett.holdt} eldre råsvar holdt fordi saken trenger dem" if ett.holdt else ""
    leveringer = f" og {ett.leveringer} webhookleveringer" if ett.leveringer else ""
    skille = "," if leveringer else " og"
    return f"{ett.kommune}: {ett.raasvar} råsvar{skille} {ett.idempotens} idempotenssvar{leveringer} {hva}{holdt}"
