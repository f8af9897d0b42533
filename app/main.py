"""Builds the application from its settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from app import klokke
from app.api import beskrivelse, drift, feilhaandtering, kalkulator, satser
from app.calc.satsoversikt import dekket_til, utloepsvarsel
from app.calc.versjon import REGELVERSJON
from app.settings import Settings

_logg = structlog.get_logger("egenandel")


def create_app(settings: Settings) -> FastAPI:
    """The service, ready to be served."""

    @asynccontextmanager
    async def livsloep(app: FastAPI) -> AsyncIterator[None]:
        foer = settings.varsle_doegn_foer_satsene_utloeper
        for varsel in utloepsvarsel(dekket_til(), klokke.i_dag(), foer):
            _logg.warning(varsel.tekst, kode=varsel.kode)
        yield

    app = FastAPI(
        title="Egenandel",
        version=REGELVERSJON,
        description="Egenandel for kommunale helse- og omsorgstjenester (FOR-2011-12-16-1349), med begrunnelse.",
        docs_url=None,
        redoc_url=None,
        lifespan=livsloep,
        max_body_size=settings.maks_forespoersel_bytes,
    )
    app.state.settings = settings
    for router in (kalkulator.router, satser.router, drift.router):
        app.include_router(router)
    feilhaandtering.registrer(app)
    beskrivelse.installer(app)
    return app
