"""``egenandel person``: what the kommune has about one person, and erasing it."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from app import klokke
from app.cli.arkiv import med_arkiv, stopp
from app.cli.innstillinger import les_innstillinger
from app.cli.personinndata import les_personer
from app.cli.visning import skriv
from app.db.arkiv import Arkiv
from app.db.lager.kommuner import VersjonskonfliktError
from app.services.personvern.innsyn import Innsyn, innsyn
from app.services.personvern.innsynstekst import som_tekst
from app.services.personvern.sletting import Omfang, Slettesvar, omfang, slett
from app.services.revisjon import Driftsaktoer, Utfall, ser_personlig_ut

person_app = typer.Typer(
    help="Innsyn og sletting for én person.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

IKKE_GJORT: Final = 1
"""Exit code when nobody has the id, the person is in cases of others, or a case was changed meanwhile."""

_BARE_EIEREN: Final = 0o600

_Orgnr = Annotated[str, typer.Option("--kommune", help="Kommunens organisasjonsnummer")]
_Av = Annotated[
    str,
    typer.Option("--av", help="Hvem som gjør det, slik kommunen kjenner igjen brukeren; aldri et navn"),
]


@person_app.command("innsyn")
def innsyn_kommando(
    kommune: _Orgnr,
    tekst: Annotated[bool, typer.Option("--tekst", help="Skriv som tekst i stedet for JSON")] = False,
    til: Annotated[
        Path | None, typer.Option(help="Ny fil bare du kan lese; utelatt betyr standard ut")
    ] = None,
    av: _Av = "kommandolinje",
) -> None:
    """Samle alt kommunen har om én person. Fødselsnummeret leses fra standard inn.

    Andre personer i samme sak er bare nevnt med rolle. Innsynet føres i hendelsesregisteret.
    """
    settings = les_innstillinger()
    _krev_upersonlig(av)
    if til is not None and til.exists():
        raise stopp("Filen finnes fra før. Velg et nytt filnavn.")
    ident = les_personer(1)[0]

    async def oppgave(arkiv: Arkiv) -> Innsyn:
        async with arkiv.skriv(kommune) as lager:
            if not await lager.kommuner.finnes():
                raise _ukjent(kommune)
            return await innsyn(lager, ident, aktoer=Driftsaktoer(av), naa=klokke.naa())

    funnet = med_arkiv(settings, oppgave)
    ut = som_tekst(funnet.dokument) if tekst else funnet.som_json()
    if til is None:
        skriv(ut)
    else:
        _skriv_fil(til, ut)
    if funnet.utfall is Utfall.UTEN_DATA:
        typer.echo("Kommunen har ingenting om denne personen.", err=True)
        raise typer.Exit(IKKE_GJORT)


@person_app.command("slett")
def slett_kommando(
    kommune: _Orgnr,
    ja: Annotated[bool, typer.Option("--ja", help="Slett uten å spørre")] = False,
    ogsaa_fra_andres_saker: Annotated[
        bool,
        typer.Option(
            "--ogsaa-fra-andres-saker",
            help="Ta også personen ut av saker som gjelder andre; de sakene beholder beregninger og vedtak",
        ),
    ] = False,
    av: _Av = "kommandolinje",
) -> None:
    """Slett én person og alle sakene personen er hovedperson i. Fødselsnummeret leses fra standard inn.

    Kan ikke angres. Arkivlova kan forby sletting: det er kommunen som må avgjøre om den er lovlig, se
    docs/personvern.md. Hendelsesregisteret beholdes.
    """
    settings = les_innstillinger()
    _krev_upersonlig(av)
    ident = les_personer(1)[0]

    async def se_over(arkiv: Arkiv) -> Omfang | None:
        async with arkiv.les(kommune) as lager:
            if not await lager.kommuner.finnes():
                raise _ukjent(kommune)
            return await omfang(lager, ident)

    async def oppgave(arkiv: Arkiv) -> Slettesvar:
        try:
            async with arkiv.skriv(kommune) as lager:
                svar = await slett(
                    lager,
                    ident,
                    aktoer=Driftsaktoer(av),
                    naa=klokke.naa(),
                    ogsaa_fra_andres_saker=ogsaa_fra_andres_saker,
                )
        except VersjonskonfliktError:
            typer.echo("En sak ble endret imens. Ingenting er slettet; kjør kommandoen på nytt.", err=True)
            raise typer.Exit(IKKE_GJORT) from None
        if svar.utfall is Utfall.OK and not await arkiv.visk_ut():
            typer.echo(
                "Databasens logg er i bruk og ble ikke tømt nå; «egenandel rydd» tømmer den.", err=True
            )
        return svar

    foer = med_arkiv(settings, se_over)
    if foer is not None and (ogsaa_fra_andres_saker or not foer.andres_saker):
        for linje in _omfangslinjer(foer):
            typer.echo(linje)
        _bekreft(ja=ja)
    _vis(med_arkiv(settings, oppgave))


def _vis(svar: Slettesvar) -> None:
    if svar.utfall is Utfall.OK:
        typer.echo(f"Slettet. {svar.omfang.idempotens} lagrede svar til fagsystemer er også borte.")
        return
    if svar.utfall is Utfall.UTEN_DATA:
        typer.echo("Kommunen har ingen person med dette nummeret. Ingenting er slettet.", err=True)
    else:
        typer.echo(_andres_saker(svar.omfang), err=True)
        typer.echo(
            "Ingenting er slettet. Bruk --ogsaa-fra-andres-saker for å ta personen ut av disse også.",
            err=True,
        )
    raise typer.Exit(IKKE_GJORT)


def _bekreft(*, ja: bool) -> None:
    if ja:
        return
    if not sys.stdin.isatty():
        raise stopp("Ingenting er slettet. Bekreft med --ja når nummeret ikke skrives inn i en terminal.")
    if not typer.confirm("Slette dette for godt?"):
        typer.echo("Ingenting er slettet.")
        raise typer.Exit(IKKE_GJORT)


def _krev_upersonlig(av: str) -> None:
    if ser_personlig_ut(av):
        raise stopp("--av ligner et navn eller et fødselsnummer. Oppgi en bruker-id.")


def _ukjent(kommune: str) -> typer.Exit:
    return stopp(f"Kommunen {kommune} er ikke tatt inn i tjenesten.")


def _skriv_fil(til: Path, tekst: str) -> None:
    try:
        fil = os.open(til, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _BARE_EIEREN)
    except OSError as feil:
        raise stopp(f"Filen kan ikke lages: {feil.strerror}. Velg et annet sted.") from None
    with os.fdopen(fil, "wb") as ut:
        ut.write(tekst.encode())


def _omfangslinjer(foer: Omfang) -> list[str]:
    linjer = [
        f"Saker: {foer.saker}, med {foer.beregninger} beregninger, {foer.vedtak} vedtak og "
        f"{foer.etteroppgjoer} etteroppgjør",
        f"Svar fra Skatteetaten: {foer.grunnlag}",
        f"Poster ført inn av saksbehandler: {foer.manuelle_poster}",
    ]
    if foer.andre_personer:
        linjer.append(f"Andre personer som bare er kjent fra disse sakene: {foer.andre_personer}")
    return [*linjer, _andres_saker(foer)] if foer.andres_saker else linjer


def _andres_saker(foer: Omfang) -> str:
    deler = ", ".join(f"{antall} som {rolle}" for rolle, antall in sorted(foer.andres_saker.items()))
    return f"Saker som gjelder andre, der personen er med: {foer.antall_i_andres_saker} ({deler})"
