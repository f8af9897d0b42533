"""The demo: sandbox and service on this machine, three kommuner with cases, and one case from first to last."""

import logging
import signal
import threading
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

import typer
import uvicorn

from app import klokke
from app.cli.arkiv import OPERATOER, med_arkiv, stopp
from app.cli.demo.anvisning import blokker
from app.cli.demo.befolkning import last_inn
from app.cli.demo.gjennomgang import KOMMUNE, Gjennomgang
from app.cli.demo.klient import Avvist, Demoklient, si
from app.cli.demo.mappe import Demomappe
from app.cli.demo.nytt import la_noe_hende
from app.cli.demo.tjenere import VERT, i_gang, lytt, rot
from app.cli.innstillinger import les_innstillinger
from app.cli.revisjon import funn
from app.cli.tjener import lag_tjener, sett_opp_logg
from app.db import skjema
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.kjoering import STANDARD_PORT, lag_sandkasse, oppsett, skriv_noekkel, skriv_portalnoekkel
from app.services.kommuneoppsett.fil import les_fil
from app.services.kommuneoppsett.lagring import ta_inn_kommune
from app.services.revisjon import Handling, Utfall, ny_rad
from app.settings import Settings

_KOMMUNER: Final = Path(__file__).parents[3] / "eksempler" / "kommuner"
_FLEST_RADER: Final = 100


def demo(rotmappe: Path, *, fra_start: bool, avslutt: bool) -> None:
    """Set up, show, and serve until stopped.

    Args:
        rotmappe: where everything is kept.
        fra_start: forget what is there.
        avslutt: stop when everything is shown.
    """
    # Told to stop is told to stop, whoever tells.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    mappe = Demomappe(rotmappe)
    try:
        with ExitStack() as stabel:
            stabel.enter_context(mappe.i_bruk(fra_start=fra_start))
            _start_og_vis(stabel, mappe)
            if not avslutt:
                si("Alt er i gang. Stopp med Ctrl-C.")
                threading.Event().wait()
    except KeyboardInterrupt:
        si("Stoppet.")
    except Avvist as feil:
        hva = " ".join(
            [
                feil.problem["detail"],
                *(f"{en['pointer']}: {en['detail']}" for en in feil.problem.get("errors", ())),
            ]
        )
        raise stopp(f"Demoen stoppet: {hva} Begynn på nytt med --fra-start.") from None


def _start_og_vis(stabel: ExitStack, mappe: Demomappe) -> None:
    foer = klokke.naa()
    tjenesten, sandkassen = lytt(les_innstillinger().port), lytt(STANDARD_PORT)
    sandkasse = lag_sandkasse(VERT, sandkassen.getsockname()[1], portal=rot(tjenesten))
    skriv_noekkel(sandkasse, mappe.klientnoekkel)
    skriv_portalnoekkel(sandkasse, mappe.portalnoekkel)
    mappe.ta_i_bruk(mappe.innstillinger(rot(sandkassen), tjenesten.getsockname()[1]))
    settings = les_innstillinger()
    sett_opp_logg(settings, logging.ERROR)
    kommuner = med_arkiv(settings, _ta_inn)
    program = uvicorn.Server(oppsett(sandkasse, VERT, sandkassen.getsockname()[1]))
    stabel.enter_context(i_gang(program, sandkassen))
    stabel.enter_context(i_gang(lag_tjener(settings), tjenesten))
    klient = Demoklient(rot(tjenesten), rot(sandkassen))
    stabel.callback(klient.lukk)
    si(f"Egenandel    {klient.tjeneste} (beskrivelse: {klient.tjeneste}/openapi.json)")
    si(f"Sandkassen   {klient.sandkasse}: Maskinporten og Skatteetaten, med oppdiktede personer")
    si(f"Portalen     {klient.tjeneste}/ (logg inn som en av de oppdiktede ansatte)")
    si(f"Alt lagres i {mappe.rot}/")
    si()
    for kommune, tilstander in last_inn(klient, sandkasse.befolkning).items():
        hvordan = ", ".join(f"{antall} {tilstand}" for tilstand, antall in tilstander.most_common())
        si(f"{kommuner[kommune]:12} {tilstander.total():2} saker: {hvordan}")
    gjennomgang = Gjennomgang(klient, sandkasse.befolkning)
    gjennomgang.gaa()
    _vis_registeret(settings, gjennomgang.ident, foer)
    la_noe_hende(klient)
    _vis_kallene(klient, mappe)


async def _ta_inn(arkiv: Arkiv) -> dict[str, str]:
    """Bring the tables up to date and take the example kommuner in; their names."""
    versjon = await skjema.versjonen(arkiv.database)
    if versjon is not None and versjon not in skjema.versjoner():
        raise stopp("Demoens database er fra en nyere utgivelse. Begynn på nytt med --fra-start.")
    await skjema.oppgrader(arkiv.database)
    navn = {}
    for fil in sorted(_KOMMUNER.glob("*.toml")):
        oppsett_ = les_fil(fil)
        async with arkiv.skriv(oppsett_.organisasjonsnummer) as lager:
            await ta_inn_kommune(lager, OPERATOER, klokke.naa(), oppsett_)
        navn[oppsett_.organisasjonsnummer] = oppsett_.navn
    if not navn:
        raise stopp(
            "Eksempelkommunene finnes ikke. Kjør demoen fra prosjektet, med mappen eksempler/ på plass."
        )
    return navn


def _vis_registeret(settings: Settings, ident: str, fra: datetime) -> None:
    si()
    si("7. Hendelsesregisteret: hvem så hva om beboeren")

    async def les(arkiv: Arkiv) -> list[str]:
        async with arkiv.skriv(KOMMUNE) as lager:
            rader = await lager.revisjon.soek(Revisjonsfilter(ident=ident, fra=fra), 0, _FLEST_RADER)
            lest = ny_rad(
                OPERATOER, Handling.REVISJON_LEST, Utfall.OK, ident=ident, formaal="innsyn i registeret"
            )
            await lager.revisjon.noter(klokke.naa(), lest)
        linjer = [f"  {rad.nr:4}  {rad.handling:20} {rad.utfall}" for rad in rader]
        async with arkiv.les(KOMMUNE) as lager:
            return [*linjer, funn(KOMMUNE, await lager.revisjon.verifiser(), await lager.revisjon.hode())]

    for linje in med_arkiv(settings, les):
        si(linje)


def _vis_kallene(klient: Demoklient, mappe: Demomappe) -> None:
    si()
    si("Prøv selv: lim inn i et annet skall. KS' eget eksempel, så et vedtak og et søk.")
    for blokk in blokker(klient.tjeneste, klient.sandkasse):
        si()
        si(blokk.rstrip())
    si()
    si(
        f"Kommandolinjen mot samme database: «. {mappe.miljoe}», så for eksempel «egenandel revisjon verifiser»."
    )
    typer.echo()
