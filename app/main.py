"""Builds the application from its settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import structlog
from fastapi import FastAPI

from app import klokke
from app.api import beskrivelse, drift, feilhaandtering, kalkulator, satser
from app.api.korrelasjon import Korrelasjon
from app.api.tilgang import ruter
from app.api.tilgang.avhengighet import Avslagslogg
from app.api.tilgang.oppsett import lag_vakt
from app.calc.satsoversikt import dekket_til, utloepsvarsel
from app.calc.versjon import REGELVERSJON
from app.settings import Settings
from app.skatt_client import Clock

_logg = structlog.get_logger("egenandel")


def create_app(
    settings: Settings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
    clock: Clock | None = None,
) -> FastAPI:
    """The service, ready to be served.

    Args:
        settings: everything that can be chosen.
        transport: another way out, for tests; the network otherwise.
        clock: time, where tokens are judged.

    Raises:
        UvernetRuteError: a route that nobody has decided who may use.
        ValueError: settings that do not belong together.
    """
    vakt = None if settings.tilgang is None else lag_vakt(settings.tilgang, transport=transport, clock=clock)

    @asynccontextmanager
    async def livsloep(app: FastAPI) -> AsyncIterator[None]:
        foer = settings.varsle_doegn_foer_satsene_utloeper
        for varsel in utloepsvarsel(dekket_til(), klokke.i_dag(), foer):
            _logg.warning(varsel.tekst, kode=varsel.kode)
        yield
        if vakt is not None:
            await vakt.lukk()

    app = FastAPI(
        title="Egenandel",
        version=REGELVERSJON,
        description="Egenandel for kommunale helse- og omsorgstjenester (FOR-2011-12-16-1349), med begrunnelse.",
        docs_url=None,
        redoc_url=None,
        lifespan=livsloep,
    )
    app.state.settings = settings
    app.state.maskinportenvakt = vakt
    app.state.sesjoner = None  # Until there is a portal.
    app.state.avslagsregister = Avslagslogg()
    for router in (kalkulator.router, satser.router, drift.router):
        app.include_router(router)
    feilhaandtering.registrer(app, settings.maks_forespoersel_bytes)
    app.add_middleware(Korrelasjon)  # Last, so that it stands outermost.
    ruter.kontroller(app)
    beskrivelse.installer(app)
    return app
