"""The stateless calculators over HTTP."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.api.eksempler import EKSEMPLER
from app.calc.kalkulator import KALKULATORER, Art, kalkuler
from app.calc.kontrakt.lesing import Skjema

router = APIRouter(prefix="/api/v1/kalkulator", tags=["kalkulatorer"])

_STOERST_I_HENDELSESLOEKKEN: Final = 50_000
"""Bytes; a larger request is calculated in a thread so that it does not hold up others."""

_OM: Final = {
    Art.LANGTIDSOPPHOLD: (
        "Egenandel for opphold i institusjon",
        "Ett kalenderår for én beboer, etter §§ 1, 3, 4, 5 og 6. Ingenting lagres, og ingen oppslag gjøres.",
    ),
    Art.PRAKTISK_BISTAND: (
        "Egenandel for praktisk bistand",
        "Ett kalenderår for én husstand, etter §§ 8, 9 og 10. Ingenting lagres, og ingen oppslag gjøres.",
    ),
    Art.ETTEROPPGJOER: (
        "Etteroppgjør for et år i institusjon",
        "Sammenligner endelig egenandel med det som er krevd, måned for måned, etter § 3 sjette ledd.",
    ),
}


def skjemaer() -> dict[str, Skjema]:
    """The named schemas of all calculators' requests and answers."""
    navngitte: dict[str, Skjema] = {}
    for kalkulator in KALKULATORER.values():
        kalkulator.inn.skjema(navngitte)
        kalkulator.ut.skjema(navngitte)
    for navn in ("LangtidUt", "PraktiskBistandUt", "EtteroppgjoerUt"):
        navngitte[navn]["required"].remove("forklaring")
    return navngitte


def _beskrivelse(art: Art) -> dict[str, Any]:
    kalkulator = KALKULATORER[art]
    uten: dict[str, Skjema] = {}
    eksempler = {navn: {"summary": e.navn, "value": e.inn} for navn, e in EKSEMPLER[art].items()}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": kalkulator.inn.skjema(uten), "examples": eksempler}},
        },
        "responses": {
            "200": {
                "description": "Beregningen, med forklaringstreet",
                "content": {"application/json": {"schema": kalkulator.ut.skjema(uten)}},
            }
        },
    }


def _lag_rute(art: Art) -> None:
    tittel, om = _OM[art]

    async def kalkulator(
        request: Request,
        forklar: Annotated[bool, Query(description="Ta med forklaringstreet")] = True,
    ) -> Response:
        if not er_json(request.headers.get("content-type", "")):
            raise HTTPException(415)
        kropp = await request.body()
        if len(kropp) > _STOERST_I_HENDELSESLOEKKEN:
            svar = await run_in_threadpool(partial(kalkuler, art, kropp, forklar))
        else:
            svar = kalkuler(art, kropp, forklar)
        return Response(svar, media_type="application/json")

    router.add_api_route(
        f"/{art.value}",
        kalkulator,
        methods=["POST"],
        operation_id=f"kalkuler_{art.value.replace('-', '_')}",
        summary=tittel,
        description=om,
        response_class=Response,
        openapi_extra=_beskrivelse(art),
    )


def er_json(innholdstype: str) -> bool:
    """Whether a Content-Type says JSON."""
    medietype = innholdstype.split(";", maxsplit=1)[0].strip().lower()
    return medietype == "application/json" or (
        medietype.startswith("application/") and medietype.endswith("+json")
    )


for _art in Art:
    _lag_rute(_art)
