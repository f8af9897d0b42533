"""Fiks' error body: made from our problem answers, so that every sentence is written once."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from re import compile as moenster
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import structlog
from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problem import MEDIETYPE, TYPEPREFIKS
from app.calc.kontrakt.json_tekst import skriv_json
from app.services.fiks.feil import FiksFeilError
from app.services.fiks.svar import FiksFeil

PREFIKS: Final = "/register/api/"

_logg = structlog.get_logger("egenandel.fiks")
_ELLEVE_SIFRE: Final = moenster(r"\d{11}")
_STYRETEGN: Final = moenster(r"[\u007f-\u009f]")
_KROPPENS_HEADERE: Final = {"content-type", "content-length"}
_LENGSTE_ADRESSE: Final = 4_000
_STATUS: Final = {422: 400}
"""Fiks documents 400 where we say 422."""


def fiksfeil(feil: FiksFeilError, path: str, naa: datetime) -> Response:
    """A refusal of ours as an HTTP answer."""
    headere = {} if feil.proev_igjen_om is None else {"Retry-After": str(feil.proev_igjen_om)}
    errors = [{"pointer": f.pointer, "kode": f.kode, "detail": f.detail} for f in feil.feil]
    return _svar(feil.status, feil.melding, feil.kode.value, errors, path, naa, headere)


def _svar(
    status: int,
    melding: str,
    kode: str | None,
    errors: Any,
    path: str,
    naa: datetime,
    headere: Mapping[str, str],
) -> Response:
    feil_id = _feil_id()
    _logg.info("fiks-feil", feil_id=feil_id, status=status, kode=kode)
    kropp = FiksFeil(
        timestamp=naa,
        status=status,
        error=HTTPStatus(status).phrase,
        error_id=feil_id,
        path=quote(path)[:_LENGSTE_ADRESSE],
        message=melding,
        error_code=kode,
        error_json=_som_tekst({"errors": errors}) if errors else None,
    )
    return Response(skriv_json(kropp), status, dict(headere), "application/json")


def _som_tekst(verdi: Any) -> str:
    """JSON as a text that can be shown: control characters that JSON lets stand are escaped too."""
    tekst = json.dumps(verdi, ensure_ascii=False)
    return _STYRETEGN.sub(lambda treff: f"\\u{ord(treff[0]):04x}", tekst)


def _feil_id() -> str:
    """A random id without eleven digits in a row, so that it is never taken for a person's number."""
    while _ELLEVE_SIFRE.search(feil_id := str(uuid4())):
        pass
    return feil_id


class SomFiksfeil:
    """Turns problem answers below Fiks' paths into Fiks' body, whoever made them."""

    def __init__(self, app: ASGIApp, naa: Callable[[], datetime]) -> None:
        self._app = app
        self._naa = naa

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but problems."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIKS):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        kropp = b""

        async def send_videre(melding: Message) -> None:
            nonlocal start, kropp
            if melding["type"] == "http.response.start" and _er_problem(melding):
                start = melding
            elif start is None:
                await send(melding)
            else:
                kropp += melding.get("body", b"")
                if not melding.get("more_body", False):
                    await self._oversatt(start, kropp, scope["path"])(scope, receive, send)

        await self._app(scope, receive, send_videre)

    def _oversatt(self, start: Message, kropp: bytes, path: str) -> Response:
        problem = json.loads(kropp)
        status = int(start["status"])
        headere = {
            navn: verdi
            for navn, verdi in Headers(raw=start["headers"]).items()
            if navn not in _KROPPENS_HEADERE
        }
        return _svar(
            _STATUS.get(status, status),
            problem["detail"],
            problem["type"].removeprefix(TYPEPREFIKS),
            problem.get("errors"),
            path,
            self._naa(),
            headere,
        )


def _er_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(MEDIETYPE)
