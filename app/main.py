"""Builds the application from its settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import httpx2
import structlog
from fastapi import FastAPI

from app import klokke
from app.api import beskrivelse, drift, feilhaandtering, fiks, hendelser, kalkulator, maaling, satser
from app.api.fiksomgivelser import fiksomgivelser
from app.api.korrelasjon import Korrelasjon
from app.api.saker import (
    avstemminger,
    beregninger,
    brev,
    endringer,
    etteroppgjoerskoe,
    fakturagrunnlag,
    feil,
    felles,
    kommune,
    massekjoeringer,
    oppgaver,
    personvern,
    saker,
    tilsyn,
    vedtak,
    webhooker,
)
from app.api.tilgang import ruter
from app.api.tilgang.avhengighet import Avslagslogg, krev
from app.api.tilgang.oppsett import lag_vakt
from app.calc.satsoversikt import dekket_til, utloepsvarsel
from app.calc.versjon import REGELVERSJON
from app.db import skjema
from app.events.plan import lag_plan
from app.portal import sider as portalsider
from app.portal.innlogging.oppsett import lag_innlogging, lag_tilbydere
from app.portal.ramme.hoder import Sikkerhetshoder
from app.services.arkiv import aapne
from app.services.avslag import Revisjonsavslag
from app.services.maaling.prosess import Prosessmaalinger
from app.services.oppslag import Oppslag
from app.services.plasser import delt_limiter
from app.services.sak.drift import Saksdrift
from app.services.tilgang import Rettighet
from app.services.tilkobling import koble_til
from app.services.webhooker.adresse import Adressevakt, Navneoppslag
from app.settings import Settings
from app.skatt_client import Clock, LocalLimiter

_logg = structlog.get_logger("egenandel")


def create_app(
    settings: Settings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
    clock: Clock | None = None,
    navneoppslag: Navneoppslag | None = None,
) -> FastAPI:
    """The service, ready to be served.

    Args:
        settings: everything that can be chosen.
        transport: another way out, for tests; the network otherwise.
        clock: time, where tokens are judged and Skatteetaten is asked.
        navneoppslag: resolves the names of webhooks, for tests; the machine's own resolver otherwise.

    Raises:
        UvernetRuteError: a route that nobody has decided who may use.
        ValueError: settings that do not belong together.
    """
    webhookvakt = _webhookvakt(settings, navneoppslag)
    vakt = None if settings.tilgang is None else lag_vakt(settings.tilgang, transport=transport, clock=clock)

    portal = settings.portal
    tilbydere = {} if portal is None else lag_tilbydere(portal, transport=transport, clock=clock)
    maalinger = Prosessmaalinger()

    @asynccontextmanager
    async def livsloep(app: FastAPI) -> AsyncIterator[None]:
        foer = settings.varsle_doegn_foer_satsene_utloeper
        for varsel in utloepsvarsel(dekket_til(), klokke.i_dag(), foer):
            _logg.warning(varsel.tekst, kode=varsel.kode)
        async with AsyncExitStack() as stabel:
            if vakt is not None:
                stabel.push_async_callback(vakt.lukk)
            for tilbyder in tilbydere.values():
                stabel.push_async_callback(tilbyder.lukk)
            if settings.kryptering is not None:
                app.state.saksdrift = await _saksdrift(
                    settings, stabel, maalinger, webhookvakt, transport, clock
                )
                app.state.avslagsregister = Revisjonsavslag(
                    app.state.saksdrift.arkiv, settings.personvern.hjemmel
                )
                if portal is not None:
                    app.state.innlogging = lag_innlogging(
                        portal, tilbydere, app.state.saksdrift.arkiv, settings.personvern.hjemmel, clock
                    )
                    app.state.sesjoner = app.state.innlogging.sesjoner
                if (plan := lag_plan(settings, app.state.saksdrift, maalinger.side)) is not None:
                    plan.start()
                    stabel.push_async_callback(plan.stopp)
                    app.state.plan = plan
            yield
            app.state.saksdrift = None

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
    app.state.sesjoner = None
    app.state.innlogging = None
    app.state.avslagsregister = Avslagslogg()
    app.state.saksdrift = None
    app.state.maalinger = maalinger
    app.state.plan = None
    app.state.stenger = False
    aapne_rutere = (kalkulator.router, satser.router, drift.router, maaling.router)
    sakens_rutere = (
        hendelser.router,
        saker.router,
        beregninger.router,
        vedtak.router,
        brev.router,
        endringer.router,
        webhooker.router,
        kommune.router,
        massekjoeringer.router,
        oppgaver.router,
        massekjoeringer.budsjett,
        etteroppgjoerskoe.router,
        personvern.router,
        tilsyn.router,
        avstemminger.router,
        fakturagrunnlag.router,
    )
    for router in (*aapne_rutere, *sakens_rutere):
        app.include_router(router)
    app.state.skjemaer = felles.skjemaer()
    feilhaandtering.registrer(app, settings.maks_forespoersel_bytes)
    feil.registrer(app)
    brev.registrer(app)
    fiks.koble_paa(app, krev(Rettighet.LES_SAK), fiksomgivelser, _i_norge)
    portalsider.koble_paa(app)
    app.add_middleware(Sikkerhetshoder, kun_https=portal is not None and portal.adresse.startswith("https"))
    app.add_middleware(maaling.Svartider, maalinger=maalinger)
    app.add_middleware(Korrelasjon)  # Last, so that it stands outermost.
    ruter.kontroller(app)
    beskrivelse.installer(app)
    return app


async def _saksdrift(
    settings: Settings,
    stabel: AsyncExitStack,
    maalinger: Prosessmaalinger,
    webhookvakt: Adressevakt,
    transport: httpx2.AsyncBaseTransport | None,
    clock: Clock | None,
) -> Saksdrift:
    """Open the database and the way to Skatteetaten, and see that they are closed again."""
    arkiv = aapne(settings)
    stabel.push_async_callback(arkiv.database.lukk)
    selv = settings.database.oppgrader_ved_start
    if arkiv.database.er_sqlite if selv is None else selv:
        await skjema.oppgrader(arkiv.database)
    oppslag = None
    if settings.maskinporten is not None:
        # SQLite is one process on one machine; its own count is enough.
        limiter = LocalLimiter() if arkiv.database.er_sqlite else delt_limiter(arkiv.database)
        tilkobling = await stabel.enter_async_context(
            koble_til(
                settings,
                transport=transport,
                clock=clock,
                metrics=maalinger.skatt,
                limiter=maalinger.limiter(limiter),
            )
        )
        oppslag = Oppslag(tilkobling.klient, tilkobling.oppsett)
    return Saksdrift(
        arkiv=arkiv,
        oppslag=oppslag,
        kodeversjon=settings.kodeversjon,
        hjemmel=settings.personvern.hjemmel,
        godta_syntetiske=not _i_produksjon(settings),
        webhookvakt=webhookvakt,
        personvern=settings.personvern,
    )


def _webhookvakt(settings: Settings, navneoppslag: Navneoppslag | None) -> Adressevakt:
    if settings.webhooker.usikre_tillatt and _i_produksjon(settings):
        raise ValueError(
            "EGENANDEL_WEBHOOKER__USIKRE_TILLATT er bare for utvikling og kan ikke brukes mot Skatteetatens produksjon. "
            "Fjern den."
        )
    return Adressevakt(settings.webhooker, navneoppslag)


def _i_produksjon(settings: Settings) -> bool:
    return settings.maskinporten is not None and settings.maskinporten.miljoe == "prod"


def _i_norge() -> datetime:
    return klokke.naa().astimezone(klokke.OSLO)
