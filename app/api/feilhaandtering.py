"""Turns every exception that reaches the edge into a problem answer."""

from pathlib import PurePath
from traceback import extract_tb
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    ProblemError,
    Problemtype,
    fra_kontrakt,
)
from app.calc.kontrakt.feil import Feil, KontraktFeilError, UlesbarJsonError
from app.services import korrelasjon

_logg = structlog.get_logger("egenandel.api")

_RAAD: Final[dict[Problemtype, str]] = {
    IKKE_FUNNET: "Kontroller adressen. Beskrivelsen av API-et ligger på /openapi.json.",
    METODE_IKKE_TILLATT: "Se hvilke metoder adressen tar imot i svarets Allow-felt eller på /openapi.json.",
    FEIL_INNHOLDSTYPE: "Send JSON, og sett Content-Type til application/json.",
    FOR_STOR: "Del forespørselen i flere mindre.",
    INTERN_FEIL: "Feilen er logget. Prøv igjen; vedvarer den, kontakt drift og oppgi X-Korrelasjonsid fra svaret.",
    ANNEN_FEIL: "Kontroller forespørselen mot beskrivelsen på /openapi.json.",
}


def problemsvar(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """The problem as an HTTP answer."""
    return Response(problem.som_json(), problem.http_status, headers, MEDIETYPE)


def registrer(app: FastAPI, maks_forespoersel_bytes: int) -> None:
    """Make every error of the app a problem answer, and refuse bodies above the limit."""
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=maks_forespoersel_bytes)
    app.add_middleware(ForStorSomProblem)
    # Outermost, so that the body limit's own signals are not taken for faults.
    app.add_middleware(UventetSomProblem)
    app.add_exception_handler(HTTPException, _http_feil)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _ugyldig_parameter)
    app.add_exception_handler(KontraktFeilError, _kontraktfeil)
    app.add_exception_handler(UlesbarJsonError, _kontraktfeil)


async def _http_feil(request: Request, feil: Exception) -> Response:
    if not isinstance(feil, HTTPException):
        raise feil
    type_ = ETTER_STATUS.get(feil.status_code, ANNEN_FEIL)
    return problemsvar(Problem(type_, _RAAD[type_], status=feil.status_code), dict(feil.headers or {}))


async def _problem(request: Request, feil: Exception) -> Response:
    if not isinstance(feil, ProblemError):
        raise feil
    return problemsvar(feil.problem, feil.headers)


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
    "uuid_parsing": "Skal være en UUID.",
    "missing": "Parameteren mangler. Legg den til.",
}
_ELLERS: Final = "Verdien passer ikke. Se beskrivelsen på /openapi.json."


async def _kontraktfeil(request: Request, feil: Exception) -> Response:
    if not isinstance(feil, (KontraktFeilError, UlesbarJsonError)):
        raise feil
    return problemsvar(fra_kontrakt(feil))


class UventetSomProblem:
    """An exception nobody expected becomes a problem answer and one line of log.

    It stops here: passed on, the server would log its text, which may hold what the caller sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; log the kind and the place of what goes wrong, never its text."""
        begynt = False

        async def send_videre(melding: Message) -> None:
            nonlocal begynt
            begynt = begynt or melding["type"] == "http.response.start"
            await send(melding)

        try:
            await self._app(scope, receive, send_videre)
        except Exception as feil:
            if scope["type"] != "http":
                raise
            sted = extract_tb(feil.__traceback__)[-1]
            _logg.error(
                "uventet feil",
                feiltype=type(feil).__name__,
                sted=f"{PurePath(sted.filename).name}:{sted.lineno}",
                rute=str(getattr(scope.get("route"), "path", "ukjent")),
                korrelasjonsid=scope.get(korrelasjon.NOEKKEL),
            )
            if not begynt:
                await problemsvar(Problem(INTERN_FEIL, _RAAD[INTERN_FEIL]))(scope, receive, send)


class ForStorSomProblem:
    """The framework refuses a body that is too large with plain text; callers get a problem like any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the framework's own 413."""
        avvist = False

        async def send_videre(melding: Message) -> None:
            nonlocal avvist
            if melding["type"] == "http.response.start" and melding["status"] == FOR_STOR.status:
                avvist = not Headers(raw=melding["headers"]).get("content-type", "").startswith(MEDIETYPE)
                if avvist:
                    await problemsvar(Problem(FOR_STOR, _RAAD[FOR_STOR]))(scope, receive, send)
            if not avvist:
                await send(melding)

        await self._app(scope, receive, send_videre)
