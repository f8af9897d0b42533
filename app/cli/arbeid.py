"""``egenandel arbeid``: what events have ordered, and what has stopped."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from app import klokke
from app.calc.kontrakt.feil import Feil
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arbeidskoe import Arbeidskoe, Koetall
from app.db.arkiv import Arkiv, Lager
from app.db.lager.arbeid import ALLE_AAR, Arbeid, Arbeidstilstand, Liste
from app.services.oppfoelging.stoppet import (
    ARBEIDSLUKKING,
    Arbeidslukking,
    Arbeidsvalg,
    gjenta,
    lukk,
)
from app.services.sak.drift import Kall, eget_kall
from app.services.sak.feil import FinnesIkkeError, KonfliktError
from app.services.tilgang import er_organisasjonsnummer

arbeid_app = typer.Typer(
    help="Arbeid etter hendelser: hva som venter, og hva som har stoppet.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Kommune = Annotated[str, typer.Argument(metavar="KOMMUNE", help="Kommunens organisasjonsnummer")]
Person = Annotated[
    UUID | None,
    typer.Option("--person", metavar="PERSONID", help="Bare dette; utelatt betyr alt som har stoppet"),
]
Hvilken = Annotated[Liste, typer.Option("--liste", help="Hendelseslisten, sammen med --person")]
Aar = Annotated[
    int, typer.Option("--aar", min=0, max=9999, help="Inntektsåret, sammen med --person; 0 er alle")
]


@arbeid_app.command("status")
def status() -> None:
    """Hvor mye som venter, er ferdig og har stoppet, for hver kommune."""

    async def oppgave(arkiv: Arkiv) -> list[Koetall]:
        return list(await Arbeidskoe(arkiv.database).tall())

    tall = med_arkiv(les_innstillinger(), oppgave)
    for ett in tall:
        typer.echo(f"{ett.kommune}  {ett.tilstand:<8} {ett.antall:>8}  eldste {ett.eldste:%Y-%m-%d %H:%M}")
    if not tall:
        typer.echo("Ingen hendelser har bestilt noe.")


@arbeid_app.command("doede")
def doede(kommune: Kommune) -> None:
    """Det som er prøvd så mange ganger som det har hensikt, med grunnen."""

    async def oppgave(arkiv: Arkiv) -> list[Arbeid]:
        async with arkiv.les(kommune) as lager:
            return list(await lager.arbeid.i_tilstand(Arbeidstilstand.DOED))

    rader = med_arkiv(les_innstillinger(), oppgave)
    for rad in rader:
        n = rad.noekkel
        typer.echo(f"{n.person_id}  {n.liste}  {n.aar}  {rad.forsoek} forsøk  {rad.feil}")
    if not rader:
        typer.echo("Ingenting har stoppet.")


@arbeid_app.command("gjenta")
def gjenta_kommando(
    kommune: Kommune, person: Person = None, liste: Hvilken = Liste.SKATTEOPPGJOER, aar: Aar = ALLE_AAR
) -> None:
    """Prøv det som har stoppet, om igjen."""
    valg = Arbeidsvalg(**_ett(person, liste, aar))
    antall = _i(kommune, lambda lager, kall: gjenta(lager, kall, valg))
    typer.echo(f"{antall} prøves om igjen.")


@arbeid_app.command("lukk")
def lukk_kommando(
    kommune: Kommune,
    begrunnelse: Annotated[str, typer.Option("--begrunnelse", help="Hvorfor det ikke skal gjøres")],
    person: Person = None,
    liste: Hvilken = Liste.SKATTEOPPGJOER,
    aar: Aar = ALLE_AAR,
) -> None:
    """Lukk det som har stoppet. Det prøves ikke igjen før det kommer en ny hendelse."""
    feil: list[Feil] = []
    valg = ARBEIDSLUKKING.les({"begrunnelse": begrunnelse, **_som_json(person, liste, aar)}, "", feil)
    if not isinstance(valg, Arbeidslukking):
        raise stopp(" ".join(en.detail for en in feil))
    antall = _i(kommune, lambda lager, kall: lukk(lager, kall, valg))
    typer.echo(f"{antall} er lukket.")


def _som_json(person: UUID | None, liste: Liste, aar: int) -> dict[str, Any]:
    return {} if person is None else {"personId": str(person), "liste": liste.value, "aar": aar}


def _ett(person: UUID | None, liste: Liste, aar: int) -> dict[str, Any]:
    return {} if person is None else {"person_id": str(person), "liste": liste, "aar": aar}


def _i(kommune: str, gjoer: Callable[[Lager, Kall], Awaitable[int]]) -> int:
    """Do it in one transaction, and say what stands in its way."""
    settings = les_innstillinger()
    if not er_organisasjonsnummer(kommune):
        raise stopp("Kommunens organisasjonsnummer er ni sifre der det siste er kontrollsifferet.")
    kall = eget_kall(settings.personvern.hjemmel, kommune, OPERATOER.id, klokke.naa())

    async def oppgave(arkiv: Arkiv) -> int:
        async with arkiv.skriv(kommune) as lager:
            return await gjoer(lager, kall)

    try:
        return med_arkiv(settings, oppgave)
    except FinnesIkkeError:
        raise stopp("Kommunen har ikke noe slikt arbeid. Se «egenandel arbeid doede».") from None
    except KonfliktError as feil:
        raise stopp(feil.tekst) from None
