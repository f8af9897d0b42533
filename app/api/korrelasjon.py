"""A correlation id on every request: the caller's if it can be trusted in a log, else one of our own."""

import re
import uuid
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FELT: Final = "X-Korrelasjonsid"
NOEKKEL: Final = "egenandel.korrelasjonsid"
"""Where it stands in the ASGI scope."""

_UGJENNOMSIKTIG: Final = re.compile(r"[0-9A-Za-z._-]{8,64}")
_PERSON: Final = re.compile(r"[0-9]{6}[._-]?[0-9]{5}")
"""A national id, alone or inside something, with or without a divider."""


def trygg(verdi: str) -> bool:
    """Whether a value may stand in logs and in the register."""
    return bool(_UGJENNOMSIKTIG.fullmatch(verdi)) and not _PERSON.search(verdi)


def ny() -> str:
    """A random id; one that looks as if it held a national id is drawn again."""
    while not trygg(verdi := str(uuid.uuid4())):
        pass
    return verdi


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
