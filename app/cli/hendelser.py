"""``egenandel hendelser``: how the event lists stand, read them now, and mend them by hand."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console

from app import klokke
from app.calc.kontrakt.json_tekst import skriv_json
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.cli.visning import skriv
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Lesetilstand, Uleselig
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap, Mandat
from app.events.leder import alene
from app.events.mottak import Lesing, Mottak
from app.services.hendelser.drift import (
    Hendelsesstatus,
    IkkeBegyntError,
    Listestatus,
    UbrukeligBegrunnelseError,
    flytt,
    krev_begrunnelse,
    status,
)
from app.services.hendelser.leser import Listeleser, Stans, StanserError
from app.services.hendelser.lister import MANDAT, mottaket, ta_alle_i_bruk
from app.services.oppslag import Oppslag
from app.services.plasser import delt_limiter
from app.services.tilkobling import koble_til
from app.settings import Settings

hendelser_app = typer.Typer(
    help="Skatteetatens hendelseslister: hvordan de følges, les dem nå, og rett dem for hånd.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

IKKE_LEST: Final = 1
"""Exit code when a list was not read to its end, or an event still cannot be read."""
_FLEST_SIDER: Final = 100
"""Pages read to count what a move passes by."""

T = TypeVar("T")
_Liste = Annotated[Liste, typer.Option("--liste", case_sensitive=False, help="Hvilken liste")]
_Begrunnelse = Annotated[str, typer.Option("--begrunnelse", help="Hvorfor; lagres, uten navn eller nummer")]

_STANS: Final = {
    Stans.INGEN_HAR_LISTEN: "ingen kommune har den. Slå den på i kommunens oppsett når kommunen har fått tilgang.",
    Stans.INGEN_TILGANG: "alle kommunene som har den, ble avvist. Kjør «egenandel skatt sjekk» for en av dem.",
    Stans.FEIL_OPPSETT: "Skatteetaten kjenner ikke adressen eller spørsmålet. Se EGENANDEL_SKATTEETATEN__APIER__….",
    Stans.UTILGJENGELIG: "Skatteetaten eller Maskinporten svarer ikke nå. Prøv igjen senere.",
    Stans.AVVIST: "én hendelse avvises gang på gang. Meld fra til Skatteetaten; tjenesten prøver videre.",
    Stans.UFORSTAAELIG: "én hendelse kan ikke leses. Tjenesten prøver noen ganger til og legger den så til side.",
}


@hendelser_app.command("status")
def status_kommando(
    som_json: Annotated[bool, typer.Option("--json", help="Skriv som JSON")] = False,
) -> None:
    """Hvor langt hver liste er lest, når, hva som venter, og om noen leser den."""
    stand: Hendelsesstatus = med_arkiv(les_innstillinger(), status)
    if som_json:
        skriv(skriv_json(stand))
    elif not stand.lister:
        typer.echo("Ingen liste er lest ennå. Kjør «egenandel hendelser les», eller start tjenesten.")
    for liste in () if som_json else stand.lister:
        typer.echo(_linje(liste))


@hendelser_app.command("les")
def les_kommando(
    liste: Annotated[
        Liste | None, typer.Option("--liste", case_sensitive=False, help="Hvilken; utelatt betyr begge")
    ] = None,
) -> None:
    """Les til slutten nå. Det som er nytt, bestilles; tjenesten henter det. Avslutter med 1 når en liste ikke ble lest."""
    settings = les_innstillinger()

    async def oppgave(arkiv: Arkiv, oppslag: Oppslag) -> bool:
        hele = True
        for en in Liste if liste is None else (liste,):
            hele = await _les(arkiv, oppslag, settings, en) and hele
        return hele

    if not _med_skatteetaten(settings, oppgave):
        raise typer.Exit(IKKE_LEST)


async def _les(arkiv: Arkiv, oppslag: Oppslag, settings: Settings, liste: Liste) -> bool:
    mottak, resultat = Mottak(liste, arkiv, oppslag, settings.hendelser), Lesing(liste)
    lederskap = Lederskap(arkiv.database, settings.hendelser.ledertid)
    with Console(stderr=True).status(f"{liste}: begynner") as framdrift:

        def meld(lesing: Lesing) -> None:
            framdrift.update(f"{liste}: {lesing.lest} hendelser lest, {lesing.nye} om noen som følges")

        async def arbeid(mandat: Mandat) -> None:
            nonlocal resultat
            resultat = await mottak.les(mandat, meld)

        fikk = await alene(lederskap, MANDAT[liste], settings.hendelser.ledertid, arbeid)
    if not fikk:
        typer.echo(f"{liste}: tjenesten leser listen nå. Se «egenandel hendelser status».", err=True)
        return False
    typer.echo(
        f"{liste}: {resultat.lest} hendelser på {resultat.sider} sider, {resultat.nye} om noen som følges, "
        f"{resultat.bestilt} oppslag bestilt, {resultat.uleselige} uleselige."
    )
    if resultat.stans is not None:
        typer.echo(f"{liste} ble ikke lest til slutten: {_STANS[resultat.stans]}", err=True)
    # A list nobody has is read to its end: there is nothing in it for us.
    return resultat.stans in {None, Stans.INGEN_HAR_LISTEN}


@hendelser_app.command("flytt")
def flytt_kommando(
    liste: _Liste,
    til: Annotated[
        int | None, typer.Option("--til", min=1, help="Nummeret neste side skal begynne på")
    ] = None,
    dato: Annotated[
        datetime | None,
        typer.Option(
            "--dato",
            formats=["%Y-%m-%d"],
            metavar="ÅÅÅÅ-MM-DD",
            help="Dagen det skal leses fra, i stedet for --til",
        ),
    ] = None,
    begrunnelse: _Begrunnelse = "",
    toerr: Annotated[
        bool, typer.Option("--toerr", help="Vis bare hva flyttingen ville hoppe over eller lese om igjen")
    ] = False,
) -> None:
    """Sett stedet listen leses fra. Notert hos alle kommuner som følger noen. Prøv med --toerr først.

    Å flytte tilbake er trygt: det som alt er tatt imot, bestilles ikke på nytt. Å flytte fram hopper over hendelser.
    """
    if (til is None) == (dato is None):
        raise stopp("Oppgi enten --til eller --dato.")
    if not toerr:
        _krev(begrunnelse)
    settings = les_innstillinger()

    async def oppgave(arkiv: Arkiv, oppslag: Oppslag) -> None:
        peker = await mottaket(arkiv).peker(liste)
        if peker is None:
            raise stopp(f"{liste} er ikke lest ennå, så det er ikke noe sted å flytte fra.")
        leser = Listeleser(liste, arkiv, oppslag, settings.hendelser)
        try:
            maal = til if dato is None else await leser.start(dato.date())
            tekst = await _omfang(arkiv, leser, peker.neste, maal or 1)
        except StanserError as feil:
            raise stopp(f"Listen kan ikke spørres: {_STANS[feil.stans]}") from None
        typer.echo(tekst)
        if not toerr and maal is not None:
            fra = await _flytt(arkiv, settings, liste, maal, begrunnelse)
            typer.echo(f"{liste} flyttet fra {fra} til {maal}.")

    _med_skatteetaten(settings, oppgave)


async def _omfang(arkiv: Arkiv, leser: Listeleser, fra: int, til: int) -> str:
    """What a move passes by, or reads again."""
    lav, hoey = min(fra, til), max(fra, til)
    i_listen, alle = await leser.tell(lav, hoey, _FLEST_SIDER)
    tatt_imot = await mottaket(arkiv).mellom(leser.liste, lav, hoey)
    hva = "leses om igjen" if til < fra else "HOPPES OVER og blir ikke lest"
    return (
        f"Fra {fra} til {til}: {hoey - lav} numre, {'' if alle else 'minst '}{i_listen} hendelser i listen, som {hva}. "
        f"{tatt_imot} av dem er tatt imot før."
    )


async def _flytt(arkiv: Arkiv, settings: Settings, liste: Liste, til: int, begrunnelse: str) -> int:
    try:
        return await flytt(
            arkiv,
            settings.hendelser,
            liste,
            til,
            aktoer=OPERATOER,
            begrunnelse=begrunnelse,
            naa=klokke.naa(),
        )
    except IkkeBegyntError:
        raise stopp(f"{liste} er ikke lest ennå, så det er ikke noe sted å flytte fra.") from None


@hendelser_app.command("uleselige")
def uleselige_kommando(
    alle: Annotated[bool, typer.Option("--alle", help="Også de som er lest eller lukket siden")] = False,
) -> None:
    """Vis hendelsene som ikke lot seg lese og er lagt til side."""

    async def oppgave(arkiv: Arkiv) -> list[Uleselig]:
        return await mottaket(arkiv).uleselige(alle=alle)

    funnet = med_arkiv(les_innstillinger(), oppgave)
    for en in funnet:
        hvorfor = f", {en.begrunnelse} ({en.avsluttet_av})" if en.tilstand is Lesetilstand.LUKKET else ""
        typer.echo(
            f"{en.liste} {en.sekvensnummer}  {en.tilstand}  mottatt {en.mottatt:%Y-%m-%d %H:%M}, forsøkt "
            f"{en.forsoek} ganger, kan ikke leses: {en.felt}{hvorfor}"
        )
    if not funnet:
        typer.echo("Ingen.")


@hendelser_app.command("les-om")
def les_om_kommando(
    liste: Annotated[
        Liste | None, typer.Option("--liste", case_sensitive=False, help="Hvilken liste, sammen med --nummer")
    ] = None,
    nummer: Annotated[
        int | None, typer.Option("--nummer", min=1, help="Hvilken; utelatt betyr alle åpne")
    ] = None,
) -> None:
    """Les uleselige hendelser på nytt fra listen. Avslutter med 1 når noen fortsatt ikke kan leses."""
    if nummer is not None and liste is None:
        raise stopp("Et nummer hører til en liste. Oppgi den med --liste.")
    settings = les_innstillinger()

    async def oppgave(arkiv: Arkiv, oppslag: Oppslag) -> int:
        igjen = 0
        for en in await mottaket(arkiv).uleselige(liste):
            if nummer in {None, en.sekvensnummer}:
                try:
                    lest = await Mottak(en.liste, arkiv, oppslag, settings.hendelser).les_uleselig(en)
                except StanserError:
                    lest = False
                typer.echo(f"{en.liste} {en.sekvensnummer}: {'lest' if lest else 'kan fortsatt ikke leses'}")
                igjen += not lest
        return igjen

    if _med_skatteetaten(settings, oppgave):
        raise typer.Exit(IKKE_LEST)


@hendelser_app.command("lukk")
def lukk_kommando(
    liste: _Liste,
    nummer: Annotated[int, typer.Option("--nummer", min=1, help="Hvilken hendelse")],
    begrunnelse: _Begrunnelse,
) -> None:
    """Avgjør at en uleselig hendelse ikke skal leses."""
    _krev(begrunnelse)

    async def oppgave(arkiv: Arkiv) -> bool:
        return await mottaket(arkiv).lukk_uleselig(liste, nummer, OPERATOER.merke, begrunnelse, klokke.naa())

    if not med_arkiv(les_innstillinger(), oppgave):
        raise stopp("Det er ingen slik åpen hendelse. Se dem med «egenandel hendelser uleselige».")
    typer.echo(f"{liste} {nummer} er lukket.")


def _krev(begrunnelse: str) -> None:
    try:
        krev_begrunnelse(begrunnelse)
    except UbrukeligBegrunnelseError as feil:
        raise stopp(str(feil)) from None


def _med_skatteetaten(settings: Settings, oppgave: Callable[[Arkiv, Oppslag], Awaitable[T]]) -> T:
    """Do something with the database and the way to Skatteetaten."""

    async def alt(arkiv: Arkiv) -> T:
        limiter = None if arkiv.database.er_sqlite else delt_limiter(arkiv.database)
        async with koble_til(settings, limiter=limiter) as tilkobling:
            oppslag = Oppslag(tilkobling.klient, tilkobling.oppsett)
            await ta_alle_i_bruk(arkiv, oppslag)
            return await oppgave(arkiv, oppslag)

    return med_arkiv(settings, alt)


def _linje(liste: Listestatus) -> str:
    return (
        f"{liste.liste}: leses fra {liste.neste}, sist lest {liste.lest or 'aldri'}, siste hendelse "
        f"{liste.siste_hendelse or 'ingen'}. {liste.venter} oppslag venter"
        f"{f', det eldste siden {liste.eldste}' if liste.eldste else ''}; {liste.doede} oppgitte oppslag, "
        f"{liste.uleselige} uleselige hendelser. {'En prosess leser den.' if liste.leses else 'Ingen leser den nå.'}"
    )
