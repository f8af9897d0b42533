"""``egenandel skatt``: is the chain to Skatteetaten whole, and what does it give."""

import asyncio
import logging
from typing import Annotated, Final

import typer

from app import klokke
from app.cli.grunnlagsvisning import vis_anslag, vis_bistand, vis_langtid
from app.cli.innstillinger import FEIL_I_INNDATA, les_innstillinger
from app.cli.personinndata import les_personer
from app.services.kjede import PROEVENUMMER, Funn, Ledd, Tilstand, gaa_kjeden
from app.services.oppsett import InnstillingManglerError
from app.services.oppslag import Hentet, Oppslag, paragraf_3, paragraf_10
from app.services.tilkobling import koble_til
from app.settings import Settings
from app.settings.skatteetaten import Tjeneste
from app.skatt_client import Ansvar, OppsettError

skatt_app = typer.Typer(
    help="Oppslag hos Skatteetaten: er kjeden hel, og hva svarer den?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@skatt_app.callback()
def _uten_logg() -> None:
    """Keep the client's log lines off the terminal: what they say stands in the findings."""
    logging.getLogger("app.skatt_client").addHandler(logging.NullHandler())


BRUTT: Final = 1
"""Exit code when a link is broken or a figure could not be had."""

_MAKS_PERSONER: Final = 2
_MERKE: Final = {
    Tilstand.I_ORDEN: "OK    ",
    Tilstand.ADVARSEL: "VARSEL",
    Tilstand.BRUTT: "BRUTT ",
    Tilstand.IKKE_PROEVD: "-     ",
}

_Orgnr = Annotated[str, typer.Option("--kommune", help="Kommunens organisasjonsnummer")]


@skatt_app.command("sjekk")
def sjekk_kommando(
    kommune: _Orgnr,
    med_person: Annotated[
        bool,
        typer.Option(
            "--med-person", help="Spør om en bestemt person; nummeret leses fra standard inn, ikke herfra"
        ),
    ] = False,
) -> None:
    """Gå gjennom kjeden for én kommune: nøkkel, token, scope, delegering og hvert API.

    Sier hvilket ledd som er brutt, og hvem som må rette det. Avslutter med 0 når alt er i orden, ellers 1.
    Uten --med-person spørres det om et oppdiktet nummer, så ingen opplysninger om noen blir lest.
    """
    settings = les_innstillinger()
    person = les_personer(1)[0] if med_person else PROEVENUMMER
    if not asyncio.run(_sjekk(settings, kommune, person)):
        raise typer.Exit(BRUTT)


async def _sjekk(settings: Settings, kommune: str, person: str) -> bool:
    """Print the findings as they are made; whether the chain is whole."""
    try:
        tilkobling = koble_til(settings)
    except InnstillingManglerError as feil:
        _vis_funn(Funn(Ledd.INNSTILLINGER, Tilstand.BRUTT, str(feil), Ansvar.LEVERANDOEREN))
        return False
    except OppsettError as feil:
        tekst = f"Nøkkelen kan ikke brukes: {feil}."
        _vis_funn(Funn(Ledd.NOEKKEL, Tilstand.BRUTT, tekst, Ansvar.LEVERANDOEREN))
        return False
    except ValueError:
        tekst = "Miljø og issuer for Maskinporten hører ikke sammen."
        _vis_funn(Funn(Ledd.INNSTILLINGER, Tilstand.BRUTT, tekst, Ansvar.LEVERANDOEREN))
        return False
    hel = True
    async with tilkobling:
        async for funn in gaa_kjeden(tilkobling, kommune, klokke.i_dag(), person):
            _vis_funn(funn)
            hel = hel and funn.tilstand in (Tilstand.I_ORDEN, Tilstand.ADVARSEL)
    typer.echo("Kjeden er hel." if hel else "Kjeden er brutt.")
    return hel


def _vis_funn(funn: Funn) -> None:
    referanser = [
        f"kode {funn.kode}" if funn.kode else "",
        f"korrelasjonsid {funn.korrelasjonsid}" if funn.korrelasjonsid else "",
        f"må rettes av {funn.ansvar}" if funn.ansvar is not Ansvar.INGEN else "",
    ]
    hale = ", ".join(filter(None, referanser))
    typer.echo(f"{_MERKE[funn.tilstand]}  {funn.ledd:14}{funn.tekst}" + (f" ({hale})" if hale else ""))


@skatt_app.command("hent")
def hent_kommando(
    kommune: _Orgnr,
    aar: Annotated[int, typer.Option("--aar", help="Inntektsåret", min=2017, max=2100)],
    tjeneste: Annotated[Tjeneste, typer.Option(help="Tjenesten det gjelder")] = Tjeneste.LANGTIDSOPPHOLD,
    maanedsinntekt: Annotated[
        bool, typer.Option("--maanedsinntekt", help="Vis også anslaget fra a-ordningen, når kommunen har den")
    ] = False,
) -> None:
    """Hent inntektsgrunnlaget for én person, eller et par, og vis avgjørelsen for hver post.

    Fødselsnumrene leses fra standard inn, ett per linje: først den det gjelder, så ektefellen. De skal ikke
    stå på kommandolinjen, der alle på maskinen kan se dem. Avslutter med 1 når noe ikke kunne hentes.
    """
    settings = les_innstillinger()
    personer = les_personer(_MAKS_PERSONER)
    try:
        alt = asyncio.run(_hent(settings, kommune, aar, tjeneste, personer, maanedsinntekt=maanedsinntekt))
    except (InnstillingManglerError, OppsettError) as feil:
        typer.echo(str(feil), err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    except ValueError:
        typer.echo("De to personene er den samme, eller innstillingene kan ikke brukes.", err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    if not alt:
        raise typer.Exit(BRUTT)


async def _hent(
    settings: Settings,
    kommune: str,
    aar: int,
    tjeneste: Tjeneste,
    personer: list[str],
    *,
    maanedsinntekt: bool,
) -> bool:
    """Print the bases; whether everything could be had."""
    async with koble_til(settings) as tilkobling:
        oppslag = Oppslag(tilkobling.klient, tilkobling.oppsett)
        ektefelle = personer[1] if len(personer) > 1 else None
        if tjeneste is Tjeneste.LANGTIDSOPPHOLD:
            hoved, andre = await oppslag.langtidsopphold(kommune, aar, personer[0], ektefelle)
            linjer = vis_langtid("Beboeren", hoved, paragraf_3(hoved, ektefelle=andre))
            if andre is not None:
                linjer += vis_langtid(
                    "Ektefellen", andre, paragraf_3(andre, ektefelle=hoved), forsoerget=True
                )
        else:
            hoved, andre = await oppslag.praktisk_bistand(kommune, aar, personer[0], ektefelle)
            linjer = vis_bistand("Tjenestemottakeren", hoved, paragraf_10(hoved))
            if andre is not None:
                linjer += vis_bistand("Ektefellen", andre, paragraf_10(andre))
        if maanedsinntekt:
            i_dag = klokke.i_dag()
            linjer += vis_anslag(await oppslag.aarsanslag(kommune, i_dag.year, personer[0], i_dag))
    for linje in linjer:
        typer.echo(linje)
    return not any(_mangler(hentet) for hentet in (hoved, andre))


def _mangler(hentet: Hentet | None) -> bool:
    return hentet is not None and bool(hentet.mangler)
