"""The list of changes over HTTP, for those who cannot receive calls."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.saker.felles import Les, beskriv
from app.api.svar import Svar, ok
from app.calc.kontrakt.lesing import SENESTE_DATO, TIDLIGSTE_DATO, Objekt
from app.db.arkiv import Lager
from app.services.endringsliste import (
    FLEST,
    STANDARD,
    STOERSTE,
    Endringsside,
    Endringsstart,
    finn_start,
    les_endringer,
)

router = APIRouter(prefix="/api/v1/endringer", tags=["endringer"])

Etter = Annotated[
    int,
    Query(ge=0, le=STOERSTE, description="Bare endringer etter dette sekvensnummeret; 0 er fra begynnelsen"),
]
Antall = Annotated[int, Query(ge=1, le=FLEST, description="Hvor mange som ønskes på siden")]
Dato = Annotated[
    date | None,
    Query(
        ge=TIDLIGSTE_DATO,
        le=SENESTE_DATO,
        description="Første dag som skal være med, norsk tid; utelatt betyr bare det som kommer fra nå av",
    ),
]


@router.get(
    "",
    operation_id="endringer",
    summary="Les hva som har skjedd i sakene",
    description="Tynne rader i stigende rekkefølge: hva slags, hvilken sak og hvilket år, aldri hvem eller hvor mye. "
    "En rad blir aldri synlig bak en som alt er lest.",
    openapi_extra=beskriv(Objekt(Endringsside)),
)
async def endringer(k: Les, etter: Etter = 0, antall: Antall = STANDARD) -> Response:
    """A page of changes."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await les_endringer(lager, k.kall, etter, antall))

    return await k.skriv(arbeid)


@router.get(
    "/start",
    operation_id="endringsstart",
    summary="Finn hvor lesingen skal begynne",
    openapi_extra=beskriv(Objekt(Endringsstart)),
)
async def start(k: Les, dato: Dato = None) -> Response:
    """Where to begin."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await finn_start(lager, k.kall, dato))

    return await k.skriv(arbeid)
