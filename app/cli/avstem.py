"""``egenandel avstem``: reconcile now, and see that a report is as it was signed."""

import json
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app import klokke
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.db.arkiv import Arkiv
from app.db.lager.arbeid import Liste
from app.services.arkiv import aapne
from app.services.avstemming.funn import FORKLARING, Utfall, Vurdering
from app.services.avstemming.kjoering import Avstemmer, Resultat
from app.services.avstemming.lister import Oppdrag
from app.services.avstemming.rapport import Rapport
from app.services.avstemming.signatur import Signering, UgyldigSignaturError, verifiser
from app.services.oppslag import Oppslag
from app.services.plasser import delt_limiter
from app.services.sak.drift import Saksdrift
from app.services.tilkobling import koble_til
from app.settings import Settings

avstem_app = typer.Typer(
    help="Avstem listene mot det som er mottatt, hentet og lagt fram.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AVVIK: Final = 1
"""Exit code when something does not agree, or a report is not as it was signed."""
_VISTE: Final = 20


@avstem_app.callback()
def avstem_kommando(
    sammenheng: typer.Context,
    fra: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="ÅÅÅÅ-MM-DD",
            help="Dagen listene leses om igjen fra; utelatt betyr siden forrige avstemming",
        ),
    ] = None,
    kommune: Annotated[
        str | None, typer.Option(help="Kommunens organisasjonsnummer; utelatt betyr alle")
    ] = None,
    toerr: Annotated[
        bool, typer.Option("--toerr", help="Bare finn; ingenting rettes, og ingen rapport lages")
    ] = False,
) -> None:
    """Avstem nå. Retter det som kan rettes, og lager en signert rapport for hver kommune. Avslutter med 1 ved avvik."""
    if sammenheng.invoked_subcommand is not None:
        return
    settings = les_innstillinger()
    if fra is not None and fra.date() > klokke.i_dag():
        raise stopp("--fra kan ikke være en dag som ikke har vært.")
    resultat = med_arkiv(settings, lambda arkiv: _avstem(settings, arkiv, fra, kommune, toerr=toerr))
    for rapport in resultat.rapporter:
        typer.echo(_vis(rapport, toerr=toerr))
    for orgnr in resultat.feilet:
        typer.echo(f"{orgnr}  kunne ikke avstemmes nå: databasen avviste det. Prøv igjen.", err=True)
    if resultat.feilet or any(rapport.utfall == Utfall.AVVIK for rapport in resultat.rapporter):
        raise typer.Exit(AVVIK)


@avstem_app.command("verifiser")
def verifiser_kommando(
    fil: Annotated[Path, typer.Argument(help="Avstemmingen, slik API-et ga den (JSON eller JWS)")],
    noekler: Annotated[
        Path | None,
        typer.Option(help="Nøklene som JWK-sett, slik de ble notert; utelatt betyr tjenestens egen nøkkel"),
    ] = None,
) -> None:
    """Se om en avstemming er slik den ble signert. Avslutter med 1 når den ikke er det."""
    try:
        tekst = fil.read_text("utf-8")
        sett = _egne_noekler() if noekler is None else json.loads(noekler.read_text("utf-8"))
    except OSError as feil:
        raise stopp(f"{feil.filename} kan ikke leses ({feil.strerror}).") from None
    except ValueError:
        raise stopp("Filen er ikke UTF-8, eller nøklene er ikke et JWK-sett i JSON.") from None
    try:
        rapport: dict[str, Any] = json.loads(verifiser(tekst, sett))
    except UgyldigSignaturError as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(AVVIK) from None
    typer.echo(f"Signaturen stemmer: {rapport['kommune']}, {rapport['til']}, {rapport['utfall']}.")


def _egne_noekler() -> dict[str, Any]:
    settings = les_innstillinger()
    if settings.kryptering is None:
        raise stopp("Oppgi nøklene med --noekler: denne maskinen har ikke tjenestens nøkler.")
    return Signering(aapne(settings).ring).noekler()


async def _avstem(
    settings: Settings, arkiv: Arkiv, fra: datetime | None, kommune: str | None, *, toerr: bool
) -> Resultat:
    alle = await arkiv.kommuner()
    if kommune is not None and kommune not in alle:
        raise stopp(f"{kommune} er ikke lest inn. Se numrene med «egenandel revisjon verifiser».")
    limiter = None if arkiv.database.er_sqlite else delt_limiter(arkiv.database)
    kobling = nullcontext() if settings.maskinporten is None else koble_til(settings, limiter=limiter)
    async with kobling as tilkobling:
        drift = Saksdrift(
            arkiv=arkiv,
            oppslag=None if tilkobling is None else Oppslag(tilkobling.klient, tilkobling.oppsett),
            kodeversjon=settings.kodeversjon,
            hjemmel=settings.personvern.hjemmel,
            godta_syntetiske=True,
            personvern=settings.personvern,
        )
        with _Fremdrift(len(alle) if kommune is None else 1) as fremdrift:
            oppdrag = Oppdrag(
                naa=klokke.naa(),
                aktoer=OPERATOER,
                fra=None if fra is None else fra.date(),
                toerr=toerr,
                meld=fremdrift.side,
            )
            return await Avstemmer(settings, drift).kjoer(
                oppdrag, None if kommune is None else [kommune], meld=fremdrift.kommune
            )


class _Fremdrift:
    """A bar for each list, and one for the kommuner; on standard error, when somebody watches."""

    def __init__(self, kommuner: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._kommuner = self._progress.add_task("Kommuner", total=kommuner)
        self._lister: dict[Liste, tuple[TaskID, int]] = {}

    def __enter__(self) -> "_Fremdrift":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def side(self, liste: Liste, naadd: int, til: int) -> None:
        """A page of a list was read."""
        if liste not in self._lister:
            self._lister[liste] = (
                self._progress.add_task(f"Liste {liste}", total=max(til - naadd, 1)),
                naadd,
            )
        oppgave, begynte = self._lister[liste]
        self._progress.update(oppgave, completed=naadd - begynte)

    def kommune(self, _: str) -> None:
        """A kommune is done."""
        self._progress.advance(self._kommuner)


def _vis(rapport: Rapport, *, toerr: bool) -> str:
    linjer = [
        f"{rapport.kommune}  {rapport.utfall}{'  (ingenting er rettet)' if toerr else f'  {rapport.id}'}"
    ]
    for funn in rapport.funn:
        if funn.vurdering is Vurdering.OK:
            continue
        hva, tiltak = FORKLARING[funn.navn]
        linjer.append(f"  {funn.vurdering}  {funn.navn}: {len(funn.avvik)} av {funn.kontrollert}. {hva}")
        linjer.append(f"    {tiltak}")
        for avvik in funn.avvik[:_VISTE]:
            linjer.append("    " + ", ".join(f"{navn} {verdi}" for navn, verdi in avvik.gjelder.items()))
        if len(funn.avvik) > _VISTE:
            linjer.append(f"    … og {len(funn.avvik) - _VISTE} til; rapporten har dem.")
    return "\n".join(linjer)
