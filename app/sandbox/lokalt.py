"""Loopback only: the sandbox hands out keys and tokens, so nobody outside the machine may reach it."""

import ipaddress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOKALE_NAVN = ("localhost", "127.0.0.1", "::1")


def er_lokal(adresse: str) -> bool:
    """Whether the address or name is this machine's own."""
    navn = adresse.strip("[]").lower()
    if navn in LOKALE_NAVN:
        return True
    try:
        return ipaddress.ip_address(navn).is_loopback
    except ValueError:
        return False


class BareLokalt:
    """Refuses callers from elsewhere, and requests that came under a foreign name (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http":
            avsender = scope.get("client")
            vert = Headers(scope=scope).get("host", "")
            navn = vert if vert.startswith("[") and vert.endswith("]") else vert.rpartition(":")[0] or vert
            if avsender is None or not er_lokal(avsender[0]) or not er_lokal(navn):
                await PlainTextResponse("Bare fra denne maskinen", status_code=403)(scope, receive, send)
                return
        await self._app(scope, receive, send)
