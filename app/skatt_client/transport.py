"""The only way out of the process: HTTP/1.1, no redirects, bounded answers, no cookies, no URL in a log."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx2

from app.skatt_client.feil import Transportaarsak, TransportError
from app.skatt_client.retry import http_date, parse_retry_after
from app.skatt_client.silence import silence_http_library

MAX_BYTES: Final = 8 * 1024 * 1024
"""A page of 10 000 events is about 2 MB."""

MAX_ERROR_BYTES: Final = 64 * 1024

_OK: Final = range(200, 300)
_OMDIRIGERING: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class Svar:
    """An HTTP answer, read whole. The body may hold a person's data, so neither it nor headers print."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def dato(self) -> float | None:
        """The server's clock, seconds since 1970."""
        return http_date(self.headers.get("date"))

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asked us to wait."""
        return parse_retry_after(self.headers.get("retry-after"), self.dato)


def voktet_transport(
    innerst: httpx2.AsyncBaseTransport | None,
    *,
    proxy: str | None = None,
    verify: ssl.SSLContext | None = None,
    max_bytes: int = MAX_BYTES,
) -> httpx2.AsyncBaseTransport:
    """The way out itself, for a client that another library makes: no redirects, bounded answers, no URL in a log.

    Args:
        innerst: another transport, for tests and sandboxes; the network otherwise.
        proxy: URL of an HTTP proxy. The environment is never read.
        verify: TLS context; the default trusts the system's authorities.
        max_bytes: longest answer read.
    """
    return _Vakt(
        innerst
        or httpx2.AsyncHTTPTransport(
            verify=True if verify is None else verify,
            trust_env=False,
            http1=True,
            http2=False,  # Skatteetaten's GOAWAY frames under HTTP/2 cost NAV two months; 1.1 cured it.
            proxy=proxy,
        ),
        max_bytes,
    )


class Http:
    """HTTP for this library. Close it with ``aclose`` or use it as an async context manager.

    Args:
        transport: another httpx2 transport, for tests and sandboxes; the network otherwise.
        proxy: URL of an HTTP proxy. The environment is never read.
        verify: TLS context; the default trusts the system's authorities.
        timeout: seconds to wait for each step (connect, read, write).
        total: seconds for a whole exchange, however slowly the bytes drip.
        max_bytes: longest answer read.
    """

    def __init__(
        self,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | None = None,
        timeout: float = 20.0,
        total: float = 60.0,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._total = total
        self._max_bytes = max_bytes
        self._client = httpx2.AsyncClient(
            transport=voktet_transport(transport, proxy=proxy, verify=verify, max_bytes=max_bytes),
            timeout=httpx2.Timeout(timeout, pool=total),
            follow_redirects=False,
            trust_env=False,
            # One client serves many kommuner: no cookie of one may follow another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> "Http":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: httpx2.Auth | None = None,
    ) -> Svar:
        """GET and read the whole answer.

        Raises:
            TransportError: no usable answer came.
        """
        request = self._client.build_request("GET", url, params=params, headers=headers)
        return await self._send(request, auth)

    async def post_form(self, url: str, data: Mapping[str, str]) -> Svar:
        """POST a form and read the whole answer.

        Raises:
            TransportError: no usable answer came.
        """
        return await self._send(self._client.build_request("POST", url, data=dict(data)), None)

    async def _send(self, request: httpx2.Request, auth: httpx2.Auth | None) -> Svar:
        try:
            async with asyncio.timeout(self._total):
                return await self._exchange(request, auth)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, _AvvistError) as feil:
            aarsak = _aarsak(feil)
        # Raised outside the handler: the HTTP library's exception holds the request, and must not follow.
        raise TransportError(aarsak)

    async def _exchange(self, request: httpx2.Request, auth: httpx2.Auth | None) -> Svar:
        response = await self._client.send(request, auth=auth, stream=True)
        body = bytearray()
        try:
            async for bit in response.aiter_bytes():
                body += bit
                if len(body) > self._max_bytes:
                    if response.status_code in _OK:
                        raise _AvvistError(Transportaarsak.FOR_STORT)
                    break
        finally:
            await response.aclose()
        return Svar(response.status_code, bytes(body), response.headers)


class _AvvistError(httpx2.TransportError):
    """Refused by ourselves; for other libraries' clients an error of HTTP like the rest."""

    def __init__(self, aarsak: Transportaarsak) -> None:
        super().__init__(aarsak.value)
        self.aarsak = aarsak


def _aarsak(feil: Exception) -> Transportaarsak:
    match feil:
        case _AvvistError():
            return feil.aarsak
        case httpx2.PoolTimeout():
            return Transportaarsak.KOE
        case TimeoutError() | httpx2.TimeoutException():
            return Transportaarsak.TIDSAVBRUDD
        case httpx2.DecodingError() | httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return Transportaarsak.ULESELIG
        case _:
            return Transportaarsak.NETTVERK


class _Vakt(httpx2.AsyncBaseTransport):
    """Stands innermost, so that it also sees what an auth flow sends and reads on its own."""

    def __init__(self, innerst: httpx2.AsyncBaseTransport, max_bytes: int) -> None:
        self._innerst = innerst
        self._max_bytes = max_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        silence_http_library()
        response = await self._innerst.handle_async_request(request)
        if response.status_code in _OMDIRIGERING:
            await response.aclose()
            raise _AvvistError(Transportaarsak.OMDIRIGERING)
        stream = response.stream
        if isinstance(stream, httpx2.AsyncByteStream):
            ok = response.status_code in _OK
            response.stream = _BegrensetStroem(
                stream, self._max_bytes if ok else MAX_ERROR_BYTES, kutt=not ok
            )
        return response

    async def aclose(self) -> None:
        await self._innerst.aclose()


class _BegrensetStroem(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, tak: int, *, kutt: bool) -> None:
        self._stream = stream
        self._tak = tak
        self._kutt = kutt

    async def __aiter__(self) -> AsyncIterator[bytes]:
        lest = 0
        async for bit in self._stream:
            lest += len(bit)
            if lest > self._tak and not self._kutt:
                raise _AvvistError(Transportaarsak.FOR_STORT)
            yield bit
            if lest > self._tak:
                return  # An error is known by its status; the rest of a long page says nothing more.

    async def aclose(self) -> None:
        await self._stream.aclose()
