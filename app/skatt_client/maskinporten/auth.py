"""Maskinporten as an httpx2 ``Auth``: usable with any ``httpx2.AsyncClient``."""

from collections.abc import AsyncGenerator, Generator
from typing import Final

import httpx2

from app.skatt_client.maskinporten.grant import TokenRequest
from app.skatt_client.maskinporten.tokenkilde import TokenSource

_UAUTORISERT: Final = 401


class MaskinportenAuth(httpx2.Auth):
    """Sets the token, and on 401 tries once more with a new one."""

    def __init__(self, kilde: TokenSource, foresp: TokenRequest) -> None:
        self._kilde = kilde
        self._foresp = foresp

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """Called by httpx2 for every request."""
        token = await self._kilde.hent(self._foresp)
        request.headers["Authorization"] = token.authorization()
        response = yield request
        if response.status_code == _UAUTORISERT and self._kilde.forkast(self._foresp, token):
            nytt = await self._kilde.hent(self._foresp)
            request.headers["Authorization"] = nytt.authorization()
            yield request

    def sync_auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        """Not supported: tokens are fetched asynchronously."""
        raise RuntimeError("MaskinportenAuth krever httpx2.AsyncClient")
