"""``egenandel masse`` and ``egenandel hva-om``: every case again, and a budget on assumed rates."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app import klokke
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.satser.antatte import AntakelseError, les_antakelser
from app.cli.arkiv import med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.cli.visning import skriv
from app.db.arkiv import Arkiv
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.masse.bestilling import (
    NyMassekjoering,
    bestill,
    bestill_angring,
    bestill_kjoering,
    kjoering_ut,
    les_massekjoering,
    les_massekjoeringer,
    les_rader,
)
from app.services.masse.fullfoer import fullfoer
from app.services.masse.hva_om import AntattSats, HvaOm, HvaOmUt, hva_om
from app.services.masse.rad import rad_ut
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.masse.stand import les_stand
from app.services.oppslag import Oppslag
from app.services.plasser import delt_limiter
from app.services.regneark import som_csv, som_xlsx
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.feil import FinnesIkkeError, KonfliktError, UgyldigSakError
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from app.services.tilkobling import koble_til
from app.settings import Settings

T = TypeVar("T")

masse_app = typer.Typer(
    help="Alle sakene i en kommune på nytt: ny G, nytt år, nye satser, nye priser.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_SIDE: Final = 1_000
_DATO: Final = ["%Y-%m-%d"]
_KOLONNER: Final = ("Sak", "Utfall", "Før, året", "Etter, året", "Endring, året", "Forklaring")
Kommune = Annotated[str, typer.Option(help="Kommunens organisasjonsnummer")]
Id = Annotated[UUID, typer.Argument(help="Massekjøringens id")]
_Oppgave = Callable[[Saksdrift, Kall], Awaitable[T]]


@masse_app.command("toerr")
def toerr_kommando(
    slag: Annotated[Masseslag, typer.Argument(help="Hvorfor alle sakene regnes på nytt")],
    kommune: Kommune,
    aar: Annotated[int | None, typer.Option(help="Kalenderåret; utelatt betyr det løpende")] = None,
    virkning_fra: Annotated[
        datetime | None, typer.Option(formats=_DATO, metavar="ÅÅÅÅ-MM-DD", help="Første dag det nye gjelder")
    ] = None,
) -> None:
    """Vis hva som blir annerledes. Ingenting lagres i sakene."""
    ny = NyMassekjoering(
        slag=slag, aar=aar, virkning_fra=None if virkning_fra is None else virkning_fra.date()
    )

    async def oppgave(drift: Saksdrift, kall: Kall) -> Massekjoering:
        async with drift.arkiv.skriv(kommune) as lager:
            kjoering = await bestill(lager, kall, ny)
        return await _gaa(drift, kommune, kjoering.id)

    _vis(_utfoer(kommune, oppgave))


@masse_app.command("kjoer")
def kjoer_kommando(id_: Id, kommune: Kommune) -> None:
    """Lagre det tørrkjøringen fant: en beregning og en oppgave i hver sak. Kan kjøres om igjen etter en stopp."""

    async def oppgave(drift: Saksdrift, kall: Kall) -> Massekjoering:
        async with drift.arkiv.skriv(kommune) as lager:
            await bestill_kjoering(lager, kall, id_)
        return await _gaa(drift, kommune, id_)

    _vis(_utfoer(kommune, oppgave))


@masse_app.command("angre")
def angre_kommando(id_: Id, kommune: Kommune) -> None:
    """Ta tilbake en kjøring, så langt ingen har fattet vedtak eller gjort opp på den."""

    async def oppgave(drift: Saksdrift, kall: Kall) -> Massekjoering:
        async with drift.arkiv.skriv(kommune) as lager:
            await bestill_angring(lager, kall, id_)
        return await _gaa(drift, kommune, id_)

    _vis(_utfoer(kommune, oppgave))


@masse_app.command("vis")
def vis_kommando(
    kommune: Kommune,
    id_: Annotated[UUID | None, typer.Argument(help="Massekjøringens id; utelatt betyr de siste")] = None,
    fil: Annotated[Path | None, typer.Option(help="Skriv differanselisten hit: .csv eller .xlsx")] = None,
) -> None:
    """Vis kjøringene, eller én av dem med differanselisten til en fil."""
    if fil is not None and (id_ is None or fil.suffix not in {".csv", ".xlsx"}):
        raise stopp("--fil trenger en kjørings id, og en fil som slutter på .csv eller .xlsx.")

    async def oppgave(drift: Saksdrift, kall: Kall) -> tuple[list[Massekjoering], list[Masserad]]:
        async with drift.arkiv.skriv(kommune) as lager:
            if id_ is None:
                return await les_massekjoeringer(lager, kall, None, 20), []
            kjoering = await les_massekjoering(lager, kall, id_)
        return [kjoering], [] if fil is None else await _alle_rader(drift, kall, id_)

    kjoeringer, rader = _utfoer(kommune, oppgave)
    for kjoering in kjoeringer:
        _vis(kjoering)
    if fil is not None:
        _skriv_fil(fil, rader)
        typer.echo(f"Differanselisten er skrevet til {fil}: {len(rader)} saker.")


def hva_om_kommando(
    antakelser: Annotated[Path, typer.Argument(help="TOML med antatte satser, se docs/masse.md")],
    kommune: Kommune,
    aar: Annotated[int, typer.Option(help="Året det regnes for")],
    bygger_paa: Annotated[
        int | None, typer.Option(help="Året beregningene tas fra; utelatt er det samme")
    ] = None,
) -> None:
    """Regn ut et budsjett med satser som ikke er vedtatt. Ingenting lagres."""
    try:
        lest = les_antakelser(antakelser.read_text("utf-8"))
    except AntakelseError as feil:
        raise stopp(str(feil)) from None
    except (OSError, UnicodeDecodeError):
        raise stopp(f"{antakelser} kan ikke leses.") from None
    oenske = HvaOm(
        aar=aar,
        bygger_paa=bygger_paa,
        satser=tuple(AntattSats(id=en.id, gjelder_fra=en.gjelder_fra, verdi=en.verdi) for en in lest.satser),
        videreforer_til=lest.viderefoer_til,
    )

    async def oppgave(drift: Saksdrift, kall: Kall) -> HvaOmUt:
        with _framdrift("Regner med antatte satser") as fremme:
            async with Regnere() as regnere:
                return await hva_om(drift, kall, oenske, regnere, fremme)

    svar = _utfoer(kommune, oppgave)
    typer.echo(svar.merke, err=True)
    skriv(skriv_json(svar))


async def _gaa(drift: Saksdrift, kommune: str, id_: UUID) -> Massekjoering:
    with _framdrift("Regner") as fremme:

        def etter_portion(kjoering: Massekjoering) -> None:
            stand = les_stand(kjoering.innhold)
            fremme(stand.sett, stand.totalt)

        async with Regnere() as regnere:
            return await fullfoer(drift, kommune, id_, regnere, etter_portion)


@contextmanager
def _framdrift(hva: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, so that standard out is only the answer."""
    kolonner = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*kolonner, console=Console(stderr=True), transient=True) as visning:
        oppgave = visning.add_task(hva, total=None)
        yield lambda sett, totalt: visning.update(oppgave, completed=sett, total=max(sett, totalt))


async def _alle_rader(drift: Saksdrift, kall: Kall, id_: UUID) -> list[Masserad]:
    alle: list[Masserad] = []
    while True:
        async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
            side = await les_rader(lager, kall, id_, alle[-1].sak_id if alle else None, _SIDE)
        alle += side[:_SIDE]
        if len(side) <= _SIDE:
            return alle


def _skriv_fil(fil: Path, rader: Sequence[Masserad]) -> None:
    tabell = [_linje(rad) for rad in rader]
    innhold = (
        som_xlsx("Differanser", _KOLONNER, tabell) if fil.suffix == ".xlsx" else som_csv(_KOLONNER, tabell)
    )
    try:
        fil.write_bytes(innhold)
    except OSError as feil:
        raise stopp(f"{fil} kan ikke skrives ({feil.strerror}).") from None


def _linje(rad: Masserad) -> tuple[Any, ...]:
    ut = rad_ut(rad)
    return ut.sak_id, str(ut.utfall), ut.foer_aar, ut.etter_aar, ut.endring, ut.tekst


def _vis(kjoering: Massekjoering) -> None:
    skriv(skriv_json(kjoering_ut(kjoering)))


def _utfoer(kommune: str, oppgave: _Oppgave[T]) -> T:
    """Do it as a leader in the kommune, at the command line."""
    settings = les_innstillinger()
    try:
        return med_arkiv(settings, lambda arkiv: _med_drift(settings, arkiv, kommune, oppgave))
    except FinnesIkkeError as feil:
        raise stopp(f"Kommunen har ikke {feil.hva}. Se id-ene med «egenandel masse vis».") from None
    except KonfliktError as feil:
        raise stopp(feil.tekst) from None
    except UgyldigSakError as feil:
        raise stopp(" ".join(en.detail for en in feil.feil)) from None


async def _med_drift(settings: Settings, arkiv: Arkiv, kommune: str, oppgave: _Oppgave[T]) -> T:
    if kommune not in await arkiv.kommuner():
        raise stopp(f"{kommune} er ikke lest inn. Les inn oppsettet med «egenandel kommune les-inn».")
    limiter = None if arkiv.database.er_sqlite else delt_limiter(arkiv.database)
    kobling = nullcontext() if settings.maskinporten is None else koble_til(settings, limiter=limiter)
    async with kobling as tilkobling:
        drift = Saksdrift(
            arkiv=arkiv,
            oppslag=None if tilkobling is None else Oppslag(tilkobling.klient, tilkobling.oppsett),
            kodeversjon=settings.kodeversjon,
            hjemmel=settings.personvern.hjemmel,
            godta_syntetiske=settings.maskinporten is None or settings.maskinporten.miljoe != "prod",
        )
        aktoer = Aktoer(
            kommune=kommune,
            type=Aktoertype.SYSTEM,
            id="kommandolinje",
            rettigheter=RETTIGHETER[Rolle.LEDER],
        )
        kall = Kall(
            aktoer=aktoer,
            rute="kommandolinje",
            korrelasjonsid="kommandolinje",
            naa=klokke.naa(),
            hjemmel=drift.hjemmel,
        )
        return await oppgave(drift, kall)
