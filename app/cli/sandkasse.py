"""``egenandel sandbox``: Maskinporten, Skatteetaten and the login providers played on this machine."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.innstillinger import FEIL_I_INNDATA
from app.sandbox.befolkning.register import STANDARD_ANTALL, STANDARD_FROE
from app.sandbox.innlogging.ansatte import TENANT
from app.sandbox.innlogging.utforming import Ansattporten, Entra
from app.sandbox.kjoering import (
    STANDARD_PORT,
    SandkasseNektetError,
    adresser,
    kjoer,
    kontroller,
    kontroller_portal,
)
from app.sandbox.sandkasse import MASKINPORTEN
from app.sandbox.skatteetaten.api import INNTEKT
from app.sandbox.standard import (
    ALTINNRESSURS,
    FJORDVIK,
    KLIENT_ID,
    KOMMUNER,
    LEVERANDOER,
    PAKKE_INNTEKT,
    PORTAL,
    PORTALKLIENT,
    PORTALKLIENT_ENTRA,
    RESSURS,
    SCOPEPREFIKS,
)
from app.services.oppsett import API
from app.settings.skatteetaten import INNTEKT_APIER, ApiNavn, Tjeneste

_MILJOE: Final = "sandkasse"


def sandbox_kommando(
    port: Annotated[int, typer.Option(help="Porten sandkassen lytter på", min=1, max=65535)] = STANDARD_PORT,
    vert: Annotated[str, typer.Option(help="Adressen; må være denne maskinens egen")] = "127.0.0.1",
    noekkelfil: Annotated[
        Path | None,
        typer.Option(help="Lag en nøkkel for klienten og skriv den hit, bare lesbar for deg"),
    ] = None,
    portal: Annotated[
        str, typer.Option(help="Portalens adresse, uten skråstrek til slutt; dit sendes nettleseren")
    ] = PORTAL,
    portalnoekkelfil: Annotated[
        Path | None,
        typer.Option(help="Lag en nøkkel for portalen og skriv den hit, bare lesbar for deg"),
    ] = None,
    froe: Annotated[int, typer.Option(help="Frø for de genererte personene")] = STANDARD_FROE,
    antall: Annotated[int, typer.Option(help="Antall genererte personer", min=0)] = STANDARD_ANTALL,
) -> None:
    """Start sandkassen: Maskinporten, Skatteetaten og innlogging på egen maskin, med oppdiktede personer. Stopp med Ctrl-C."""
    try:
        kontroller(vert, _MILJOE)
        kontroller_portal(portal)
    except SandkasseNektetError as feil:
        typer.echo(f"{feil}.", err=True)
        raise typer.Exit(FEIL_I_INNDATA) from None
    rot = f"http://[{vert}]:{port}" if ":" in vert else f"http://{vert}:{port}"
    for linje in oversikt(rot, noekkelfil, portal, portalnoekkelfil):
        typer.echo(linje)
    kjoer(
        vert,
        port,
        miljoe=_MILJOE,
        noekkelfil=noekkelfil,
        portal=portal,
        portalnoekkelfil=portalnoekkelfil,
        froe=froe,
        antall=antall,
    )


def oversikt(
    rot: str, noekkelfil: Path | None, portal: str = PORTAL, portalnoekkelfil: Path | None = None
) -> Iterator[str]:
    """The addresses and, when there are keys to use them with, the settings of the service and of its portal."""
    yield "Sandkassen starter. Alt er oppdiktet. Personer, kommuner og kontroll: docs/sandbox.md"
    yield ""
    for system, adresse in adresser(rot).items():
        yield f"  {system:35}{adresse}"
    valg = {
        **({} if noekkelfil is None else innstillinger(rot, noekkelfil)),
        **({} if portalnoekkelfil is None else portalinnstillinger(rot, portal, portalnoekkelfil)),
    }
    if not valg:
        return
    yield ""
    yield "Innstillinger for tjenesten (lim inn i skallet):"
    yield ""
    for navn, verdi in valg.items():
        yield f"export {navn}={shlex.quote(verdi)}"


def innstillinger(rot: str, noekkelfil: Path) -> dict[str, str]:
    """Environment variables that make the service use the sandbox at ``rot``, for its made-up kommuner."""
    adresse = adresser(rot)
    valg = {
        "MASKINPORTEN__MILJOE": _MILJOE,
        "MASKINPORTEN__ISSUER": adresse[MASKINPORTEN],
        "MASKINPORTEN__KLIENT_ID": KLIENT_ID,
        "MASKINPORTEN__EGET_ORGNR": LEVERANDOER,
        "MASKINPORTEN__NOEKKEL__FIL": str(noekkelfil.resolve()),
        "TILGANG__MILJOE": _MILJOE,
        "TILGANG__ISSUER": adresse[MASKINPORTEN],
        "TILGANG__RESSURS": RESSURS,
        "TILGANG__SCOPEPREFIKS": SCOPEPREFIKS,
    }
    for api in ApiNavn:
        valg[f"SKATTEETATEN__APIER__{api.upper()}__BASE_URL"] = adresse[API[api]]
    pakke = (
        f"SKATTEETATEN__APIER__{ApiNavn.INNTEKT.upper()}__RETTIGHETSPAKKE__{Tjeneste.LANGTIDSOPPHOLD.upper()}"
    )
    valg[pakke] = PAKKE_INNTEKT
    for kommune in KOMMUNER:
        paa = [f'"{api.value}"' for api in ApiNavn if api not in INNTEKT_APIER or INNTEKT in kommune.avtaler]
        valg[f"SKATTEETATEN__KOMMUNER__{kommune.orgnr}__NAVN"] = kommune.navn
        valg[f"SKATTEETATEN__KOMMUNER__{kommune.orgnr}__PAA"] = f"[{', '.join(paa)}]"
    return {f"EGENANDEL_{navn}": verdi for navn, verdi in valg.items()}


def portalinnstillinger(rot: str, portal: str, noekkelfil: Path) -> dict[str, str]:
    """Environment variables that let the sandbox's employees log in to the portal.

    Args:
        rot: where the sandbox is served.
        portal: where the portal is served, as the sandbox was told.
        noekkelfil: the portal's private key.
    """
    adresse, fil = adresser(rot), str(noekkelfil.resolve())
    tilbydere: dict[str, dict[str, str]] = {
        Ansattporten.system: {
            "SLAG": "ansattporten",
            "NAVN": "Ansattporten, med elektronisk ID",
            "KLIENT_ID": PORTALKLIENT,
            "RESSURS": ALTINNRESSURS,
        },
        Entra.system: {
            "SLAG": "entra",
            "NAVN": "Entra, med kontoen din i Fjordvik kommune",
            "KLIENT_ID": PORTALKLIENT_ENTRA,
            "TIDER": json.dumps({TENANT: FJORDVIK}),
        },
    }
    valg = {"PORTAL__ADRESSE": portal}
    for system, om in tilbydere.items():
        for navn, verdi in {**om, "ISSUER": adresse[system], "NOEKKEL__FIL": fil}.items():
            valg[f"PORTAL__TILBYDERE__{system.upper()}__{navn}"] = verdi
    return {f"EGENANDEL_{navn}": verdi for navn, verdi in valg.items()}
