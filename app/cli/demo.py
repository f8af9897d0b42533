"""The demo: start the service, send it a case over HTTP, and show the answer explained."""

import json
import logging
import socket
import threading
import time
from http.client import HTTPConnection

import typer

from app.api.eksempler import EKSEMPLER
from app.calc.forklar import forklar
from app.calc.kalkulator import Art
from app.calc.kontrakt.json_tekst import les_json
from app.cli.tjener import lag_tjener, sett_opp_logg
from app.settings import Settings

_STARTTID_SEKUNDER = 15


def demo(settings: Settings, avslutt: bool) -> None:
    """Start, show, and serve until stopped (or stop at once with ``avslutt``)."""
    settings = settings.model_copy(update={"port": _ledig_port(settings), "loggformat": "tekst"})
    sett_opp_logg(settings, logging.WARNING)
    tjener = lag_tjener(settings)
    traad = threading.Thread(target=tjener.run, name="tjener", daemon=True)
    traad.start()
    frist = time.monotonic() + _STARTTID_SEKUNDER
    while not tjener.started:
        if time.monotonic() > frist or not traad.is_alive():
            typer.echo("Tjenesten kom ikke i gang. Se loggen over.", err=True)
            raise typer.Exit(1)
        time.sleep(0.05)
    _vis(settings)
    try:
        if not avslutt:
            typer.echo("Tjenesten kjører. Stopp med Ctrl-C.")
            traad.join()
    except KeyboardInterrupt:
        typer.echo("Stopper.")
    finally:
        tjener.should_exit = True
        traad.join(timeout=_STARTTID_SEKUNDER)


def _vis(settings: Settings) -> None:
    adresse = f"http://{settings.vert}:{settings.port}"
    eksempel = EKSEMPLER[Art.LANGTIDSOPPHOLD]["ektefelle-hjemme"]
    kropp = json.dumps(eksempel.inn, ensure_ascii=False)
    sti = f"/api/v1/kalkulator/{Art.LANGTIDSOPPHOLD.value}"
    forbindelse = HTTPConnection(settings.vert, settings.port, timeout=_STARTTID_SEKUNDER)
    forbindelse.request("POST", sti, kropp.encode(), {"content-type": "application/json"})
    svar = forbindelse.getresponse().read()
    forbindelse.close()
    typer.echo(f"Tjenesten lytter på {adresse} (beskrivelse: {adresse}/openapi.json)\n")
    typer.echo(f"{eksempel.navn}. Send selv:\n")
    typer.echo(f"curl -s {adresse}{sti} -H 'content-type: application/json' \\\n  -d '{kropp}'\n")
    typer.echo("Svaret, forklart:\n")
    typer.echo(forklar(les_json(svar)))


def _ledig_port(settings: Settings) -> int:
    """The port asked for, or a free one when somebody else has it."""
    for port in (settings.port, 0):
        with socket.socket() as proeve:
            proeve.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                proeve.bind((settings.vert, port))
            except OSError:
                continue
            return int(proeve.getsockname()[1])
    return settings.port
