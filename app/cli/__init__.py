"""Command line: the calculators, the rates, the API description and the service itself."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from app import klokke
from app.api.problem import Problem, fra_kontrakt
from app.calc.forklar import UkjentForklaringError, forklar
from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.feil import KontraktFeilError, UlesbarJsonError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.satsoversikt import satsoversikt
from app.cli.arbeid import arbeid_app
from app.cli.avstem import avstem_app
from app.cli.beregning import beregning_app
from app.cli.database import database_app
from app.cli.fakturagrunnlag import fakturagrunnlag_kommando
from app.cli.hendelser import hendelser_app
from app.cli.innstillinger import FEIL_I_INNDATA, les_innstillinger
from app.cli.kommune import kommune_app
from app.cli.masse import hva_om_kommando, masse_app
from app.cli.noekkel import noekkel_app
from app.cli.person import person_app
from app.cli.revisjon import revisjon_app
from app.cli.rydd import rydd_kommando
from app.cli.sandkasse import sandbox_kommando
from app.cli.skatt import skatt_app
from app.cli.visning import pen_json, satstabell, skriv
from app.settings import Settings

app = typer.Typer(
    name="egenandel",
    help="Egenandel for kommunale helse- og omsorgstjenester.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.command("sandbox")(sandbox_kommando)
app.add_typer(skatt_app, name="skatt")
app.add_typer(kommune_app, name="kommune")
app.add_typer(avstem_app, name="avstem")
app.add_typer(beregning_app, name="beregning")
app.add_typer(database_app, name="database")
app.add_typer(hendelser_app, name="hendelser")
app.add_typer(noekkel_app, name="noekkel")
app.add_typer(revisjon_app, name="revisjon")
app.add_typer(person_app, name="person")
app.add_typer(arbeid_app, name="arbeid")
app.command("rydd")(rydd_kommando)
app.command("fakturagrunnlag")(fakturagrunnlag_kommando)
app.add_typer(masse_app, name="masse")
app.command("hva-om")(hva_om_kommando)


def main() -> None:
    """Entry point of the ``egenandel`` command."""
    app()


def _avslutt(problem: Problem) -> typer.Exit:
    sys.stderr.buffer.write(problem.som_json().encode("utf-8"))
    sys.stderr.buffer.flush()
    return typer.Exit(FEIL_I_INNDATA)


@app.command("kalkuler")
def kalkuler_kommando(
    art: Annotated[Art, typer.Argument(help="Hva som skal beregnes")],
    uten_forklaring: Annotated[
        bool, typer.Option("--uten-forklaring", help="Utelat forklaringstreet")
    ] = False,
) -> None:
    """Beregn egenandel: JSON inn på standard inn, JSON ut på standard ut."""
    try:
        skriv(kalkuler(art, sys.stdin.buffer.read(), forklar=not uten_forklaring))
    except (KontraktFeilError, UlesbarJsonError) as feil:
        raise _avslutt(fra_kontrakt(feil)) from None


@app.command("forklar")
def forklar_kommando() -> None:
    """Skriv forklaringen i et svar som tekst: svaret inn på standard inn."""
    try:
        skriv(forklar(_resultat(les_json(sys.stdin.buffer.read()))))
    except UlesbarJsonError as feil:
        raise _avslutt(fra_kontrakt(feil)) from None
    except UkjentForklaringError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None


def _resultat(svar: Any) -> Any:
    """A calculator's answer; in an answer from the case API it stands further in."""
    for navn in ("beregning", "resultat"):
        if isinstance(svar, dict) and svar.get(navn) is not None:
            svar = svar[navn]
    return svar


@app.command("satser")
def satser_kommando(
    dato: Annotated[
        str | None, typer.Option(help="Dagen det spørres om, ÅÅÅÅ-MM-DD; utelatt betyr i dag")
    ] = None,
    som_json: Annotated[bool, typer.Option("--json", help="Skriv som JSON")] = False,
) -> None:
    """Vis satsene i kraft på en dag, med kilde og alder."""
    dag = klokke.i_dag()
    try:
        oversikt = satsoversikt(
            date.fromisoformat(dato) if dato else dag,
            dag,
            les_innstillinger().varsle_doegn_foer_satsene_utloeper,
        )
    except KontraktFeilError as feil:
        raise _avslutt(fra_kontrakt(feil)) from None
    except ValueError:
        typer.echo("Datoen skal ha formen ÅÅÅÅ-MM-DD, for eksempel 2026-01-01.", err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    skriv(skriv_json(oversikt) if som_json else satstabell(oversikt))
    for varsel in oversikt.varsler:
        typer.echo(varsel.tekst, err=True)


@app.command("openapi")
def openapi_kommando(
    til: Annotated[Path | None, typer.Option(help="Fil å skrive til; utelatt betyr standard ut")] = None,
) -> None:
    """Skriv beskrivelsen av API-et (OpenAPI 3.1)."""
    from app.main import create_app  # noqa: PLC0415  # the whole service: other commands answer sooner without it

    tekst = pen_json(create_app(Settings()).openapi())
    if til is None:
        skriv(tekst)
    else:
        til.write_text(tekst, "utf-8")


@app.command("tjener")
def tjener_kommando() -> None:
    """Start tjenesten. Innstillingene står i miljøvariabler, se docs/drift.md."""
    from app.cli.tjener import kjoer  # noqa: PLC0415  # the whole service: other commands answer sooner without it

    kjoer(les_innstillinger())


@app.command("demo")
def demo_kommando(
    mappe: Annotated[Path, typer.Option(help="Der databasen og nøklene ligger")] = Path("demo"),
    fra_start: Annotated[
        bool, typer.Option("--fra-start", help="Slett det forrige og begynn på nytt")
    ] = False,
    avslutt: Annotated[bool, typer.Option("--avslutt", help="Stopp når alt er vist")] = False,
) -> None:
    """Start sandkassen og tjenesten, og vis en sak fra først til sist. Stopper med Ctrl-C.

    Alt er oppdiktet og ligger i mappen; den brukes igjen ved neste start.
    """
    from app.cli.demo import demo  # noqa: PLC0415  # the whole service: other commands answer sooner without it

    demo(mappe, fra_start=fra_start, avslutt=avslutt)
