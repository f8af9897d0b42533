"""Turns every exception that reaches the edge into a problem answer."""

from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.problem import (
    ANNEN_FEIL,
    ETTER_STATUS,
    FEIL_INNHOLDSTYPE,
    FOR_STOR,
    IKKE_FUNNET,
    INTERN_FEIL,
    MEDIETYPE,
    METODE_IKKE_TILLATT,
    UGYLDIG_PARAMETER,
    Problem,
    Problemtype,
    fra_kontrakt,
)
from app.calc.kontrakt.feil import Feil, KontraktFeilError, UlesbarJsonError

_logg = structlog.get_logger("egenandel.api")

_RAAD: Final[dict[Problemtype, str]] = {
    IKKE_FUNNET: "Kontroller adressen. Beskrivelsen av API-et ligger på /openapi.json.",
    METODE_IKKE_TILLATT: "Se hvilke metoder adressen tar imot i svarets Allow-felt eller på /openapi.json.",
    FEIL_INNHOLDSTYPE: "Send JSON, og sett Content-Type til application/json.",
    FOR_STOR: "Del forespørselen i flere mindre.",
    INTERN_FEIL: "Feilen er logget. Prøv igjen; vedvarer den, kontakt drift og oppgi tidspunktet.",
    ANNEN_FEIL: "Kontroller forespørselen mot beskrivelsen på /openapi.json.",
}


def problemsvar(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as an HTTP answer."""
    return Response(problem.som_json(), problem.http_status, headers, MEDIETYPE)


def registrer(app: FastAPI) -> None:
    """Make every error of the app a problem answer."""
    app.add_exception_handler(HTTPException, _http_feil)
    app.add_exception_handler(RequestValidationError, _ugyldig_parameter)
    app.add_exception_handler(KontraktFeilError, _kontraktfeil)
    app.add_exception_handler(UlesbarJsonError, _kontraktfeil)
    app.add_exception_handler(Exception, _uventet)


async def _http_feil(request: Request, feil: Exception) -> Response:
    if not isinstance(feil, HTTPException):
        raise feil
    type_ = ETTER_STATUS.get(feil.status_code, ANNEN_FEIL)
    return problemsvar(Problem(type_, _RAAD[type_], status=feil.status_code), dict(feil.headers or {}))


async def _ugyldig_parameter(request: Request, feil: Exception) -> Response:
    """Path and query parameters; bodies are read by the contract itself."""
    if not isinstance(feil, RequestValidationError):
        raise feil
    errors = tuple(
        Feil(f"/{'/'.join(map(str, e['loc']))}", "ugyldig-parameter", _PARAMETERRAAD.get(e["type"], _ELLERS))
        for e in feil.errors()
    )
    return problemsvar(Problem(UGYLDIG_PARAMETER, "Rett parameterne som står i errors.", errors))


_PARAMETERRAAD: Final = {
    "date_from_datetime_parsing": "Skal være en dato på formen ÅÅÅÅ-MM-DD.",
    "date_parsing": "Skal være en dato på formen ÅÅÅÅ-MM-DD.",
    "bool_parsing": "Skal være true eller false.",
    "missing": "Parameteren mangler. Legg den til.",
}
_ELLERS: Final = "Verdien passer ikke. Se beskrivelsen på /openapi.json."


async def _kontraktfeil(request: Request, feil: Exception) -> Response:
    if not isinstance(feil, (KontraktFeilError, UlesbarJsonError)):
        raise feil
    return problemsvar(fra_kontrakt(feil))


async def _uventet(request: Request, feil: Exception) -> Response:
    # The exception's text may hold what the caller sent, so only its kind is logged.
    _logg.error("uventet feil", feiltype=type(feil).__name__, rute=_rute(request))
    return problemsvar(Problem(INTERN_FEIL, _RAAD[INTERN_FEIL]))


def _rute(request: Request) -> str:
    rute = request.scope.get("route")
    return str(getattr(rute, "path", "ukjent"))
