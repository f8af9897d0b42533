"""``/metrics``, for Prometheus, and the clock on every request."""

import hmac
import ipaddress
import time
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import klokke
from app.api.problem import IKKE_AUTENTISERT, IKKE_FUNNET, IKKE_KLAR, Problem, ProblemError
from app.db.maalinger import ta_stand
from app.db.motor import DatabaseError
from app.services.maaling.prosess import Prosessmaalinger
from app.services.maaling.stand import stand_som_tekst
from app.services.sak.drift import Saksdrift
from app.settings.maaling import Maaling

router = APIRouter(tags=["drift"])

_VIDERESENDT: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
_METODER: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UKJENT: Final = "ukjent"
"""What a caller has made up stands in no label."""
_SERVERFEIL: Final = 500


@router.get("/metrics", include_in_schema=False)
async def maalinger(request: Request) -> Response:
    """Counts of this process and how the work stands. Never anybody."""
    tilstand = request.app.state
    _slipp_inn(request, tilstand.settings.maaling)
    prosess: Prosessmaalinger = tilstand.maalinger
    drift: Saksdrift | None = tilstand.saksdrift
    tekst = prosess.tekst()
    if drift is not None:
        try:
            tekst += stand_som_tekst(await ta_stand(drift.arkiv.database), klokke.naa())
        except DatabaseError:
            raise ProblemError(
                Problem(IKKE_KLAR, "Databasen svarer ikke.", kode="database-svarer-ikke")
            ) from None
    return Response(tekst, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _slipp_inn(request: Request, valg: Maaling) -> None:
    """Answer those it is meant for; to all others there is nothing here.

    Raises:
        ProblemError: 404, or 401 when a token is asked for.
    """
    if valg.serveres == "lokalt" and _er_lokal(request):
        return
    if valg.token is None:
        raise ProblemError(Problem(IKKE_FUNNET, "Kontroller adressen."))
    ventet = f"Bearer {valg.token.get_secret_value()}".encode()
    if not hmac.compare_digest(request.headers.get("authorization", "").encode(), ventet):
        raise ProblemError(
            Problem(IKKE_AUTENTISERT, "Send tokenet fra EGENANDEL_MAALING__TOKEN i Authorization: Bearer."),
            {"WWW-Authenticate": 'Bearer realm="egenandel"'},
        )


def _er_lokal(request: Request) -> bool:
    """From this machine, and not through a proxy on it."""
    if request.client is None or any(felt in request.headers for felt in _VIDERESENDT):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class Svartider:
    """Times every answer by its route's template, never by the path itself."""

    def __init__(self, app: ASGIApp, maalinger: Prosessmaalinger) -> None:
        self._app = app
        self._maalinger = maalinger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _SERVERFEIL

        async def send_videre(melding: Message) -> None:
            nonlocal status
            if melding["type"] == "http.response.start":
                status = melding["status"]
            await send(melding)

        start = time.perf_counter()
        try:
            await self._app(scope, receive, send_videre)
        finally:
            rute = str(getattr(scope.get("route"), "path", _UKJENT))
            metode = scope["method"] if scope["method"] in _METODER else _UKJENT
            self._maalinger.http(metode, rute, status, time.perf_counter() - start)
