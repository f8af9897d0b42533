"""A correlation id on every request: the caller's if it can be trusted in a log, else one of our own."""

from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services.korrelasjon import NOEKKEL, ny, trygg

FELT: Final = "X-Korrelasjonsid"


def korrelasjonsid(request: Request) -> str:
    """The id of this request."""
    verdi: str = request.scope[NOEKKEL]
    return verdi


class Korrelasjon:
    """Outermost of all: gives the request its id, and every answer the header."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sendt = Headers(scope=scope).getlist(FELT)
        verdi = sendt[0] if len(sendt) == 1 and trygg(sendt[0]) else ny()
        scope[NOEKKEL] = verdi

        async def send_videre(melding: Message) -> None:
            if melding["type"] == "http.response.start":
                MutableHeaders(scope=melding)[FELT] = verdi
            await send(melding)

        await self._app(scope, receive, send_videre)
