"""``egenandel beregning``: prove that what was calculated once, comes out the same today."""

from collections import Counter
from typing import Annotated, Final
from uuid import UUID

import typer

from app import klokke
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.services.sak.etterproeving import etterproev_alle

beregning_app = typer.Typer(
    help="Lagrede beregninger: kjør dem om igjen.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ULIK: Final = 1
"""Exit code when a calculation came out another."""


@beregning_app.callback()
def _gruppe() -> None:
    """A group with one command stays a group."""


@beregning_app.command("etterproev")
def etterproev_kommando(
    kommune: Annotated[
        str | None, typer.Option(help="Kommunens organisasjonsnummer; utelatt betyr alle")
    ] = None,
    sak: Annotated[UUID | None, typer.Option(help="Bare denne saken, sammen med --kommune")] = None,
) -> None:
    """Kjør hver lagret beregning om igjen og sammenlign byte for byte. Avslutter med 1 når noe er ulikt.

    Er noe ulikt, står det hvilken versjon som er en annen. Ingenting endres; at det er lest, noteres i registeret.
    """
    if sak is not None and kommune is None:
        raise stopp("--sak gjelder én kommune. Oppgi den med --kommune.")

    async def oppgave(arkiv: Arkiv) -> bool:
        kjente = await arkiv.kommuner()
        if not kjente if kommune is None else kommune not in kjente:
            raise stopp("Kommunen er ikke tatt i bruk. Er EGENANDEL_DATABASE__URL og nummeret riktige?")
        alle_like = True
        for en in kjente if kommune is None else [kommune]:
            if sak is not None:
                async with arkiv.les(en) as lager:
                    if await lager.saker.hent(sak) is None:
                        raise stopp("Kommunen har ikke saken. Kontroller id-en.")
            alle_like = await _etterproev(arkiv, en, sak) and alle_like
        return alle_like

    if not med_arkiv(les_innstillinger(), oppgave):
        raise typer.Exit(ULIK)


async def _etterproev(arkiv: Arkiv, kommune: str, sak: UUID | None) -> bool:
    like = uten = 0
    ulike: list[UUID] = []
    avvik: Counter[str] = Counter()
    async for bolk in etterproev_alle(arkiv, kommune, OPERATOER, klokke.naa(), sak):
        for id_, svar in bolk:
            if svar is None:
                uten += 1
            elif svar.lik:
                like += 1
            else:
                ulike.append(id_)
                avvik.update(svar.avvik)
        typer.echo(f"{kommune}  {like + len(ulike) + uten} gjennomgått", err=True)
    typer.echo(f"{kommune}  {like} like, {len(ulike)} ulike, {uten} uten resultat å sammenligne")
    for tekst, antall in avvik.most_common():
        typer.echo(f"  {antall}: {tekst}")
    for id_ in ulike:
        typer.echo(f"  ulik: {id_}")
    return not ulike
