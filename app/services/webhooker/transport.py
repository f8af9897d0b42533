"""The way out to a receiver: to an address that was judged, once, with no redirect followed and little of the answer read."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx2

from app.services.webhooker.adresse import Adressevakt, Maal, UtryggAdresseError
from app.skatt_client.retry import http_date, parse_retry_after
from app.skatt_client.silence import silence_http_library

_LES_HOEYST: Final = 16 * 1024
"""Bytes of an answer that are read, so that the connection can be used again; nothing in it is looked at."""

_LES_LENGST: Final = 1.0
"""Seconds the rest of an answer is waited for."""

_OK: Final = range(200, 300)
_FLERE_ADRESSER: Final = 4


class Sendefeil(StrEnum):
    """Why no answer came; those of the address itself are ``Adressefeil``."""

    TIDSAVBRUDD = "tidsavbrudd"
    SERTIFIKAT = "sertifikat"
    NETTVERK = "nettverk"


@dataclass(frozen=True, slots=True)
class Sendt:
    """How it went."""

    status: int | None
    """The receiver's answer; ``None`` when none came."""
    feil: str | None = None
    """Why none came."""
    vent: float | None = None
    """Seconds the receiver asked us to wait."""

    @property
    def levert(self) -> bool:
        """Only 2xx is an acknowledgement."""
        return self.status in _OK


class Mottaker:
    """Calls to one host. Use it as an async context manager.

    Connections are kept between calls, and never shared between hosts: two names at one address are two receivers.

    Args:
        vakt: judges addresses.
        tidsgrense: seconds until the receiver must have said how it went.
        samtidige: calls under way at once.
        innerst: another transport beneath the guard, for tests; the network otherwise.
    """

    def __init__(
        self,
        vakt: Adressevakt,
        tidsgrense: float,
        samtidige: int,
        innerst: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._vakt = vakt
        self._tidsgrense = tidsgrense
        nett = innerst or httpx2.AsyncHTTPTransport(
            verify=_TLS,
            trust_env=False,
            http2=False,
            limits=httpx2.Limits(max_connections=samtidige, max_keepalive_connections=samtidige),
        )
        self._klient = httpx2.AsyncClient(
            transport=_Vaktet(vakt, nett),
            timeout=httpx2.Timeout(tidsgrense, pool=None),
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": "Egenandel-Webhook/1", "Accept": "*/*", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> "Mottaker":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._klient.aclose()

    async def send(self, url: str, kropp: bytes, hoder: Mapping[str, str]) -> Sendt:
        """POST once. Whatever happens is an answer; nothing is raised."""
        silence_http_library()
        try:
            self._vakt.les(url)  # As it was written: the library mends what is crooked.
            return await self._utveksle(url, kropp, hoder)
        except UtryggAdresseError as feil:
            return Sendt(None, feil.hva.value)
        except (TimeoutError, httpx2.TimeoutException):
            return Sendt(None, Sendefeil.TIDSAVBRUDD)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as feil:
            return Sendt(None, Sendefeil.SERTIFIKAT if _er_sertifikatet(feil) else Sendefeil.NETTVERK)

    async def _utveksle(self, url: str, kropp: bytes, hoder: Mapping[str, str]) -> Sendt:
        foresporsel = self._klient.build_request("POST", url, content=kropp, headers=dict(hoder))
        async with asyncio.timeout(self._tidsgrense):
            svar = await self._klient.send(foresporsel, stream=True)
        sendt = Sendt(
            svar.status_code,
            vent=parse_retry_after(svar.headers.get("retry-after"), http_date(svar.headers.get("date"))),
        )
        try:
            # The status has been said; an answer that breaks off or drips changes nothing.
            async with asyncio.timeout(_LES_LENGST):
                lest = 0
                async for bit in svar.aiter_raw():
                    lest += len(bit)
                    if lest > _LES_HOEYST:
                        break
        except (TimeoutError, httpx2.HTTPError, httpx2.StreamError):
            pass
        finally:
            await svar.aclose()
        return sendt


_TLS: Final = ssl.create_default_context()


class _Vaktet(httpx2.AsyncBaseTransport):
    """Sends to an address that was judged just now, with the name still in ``Host`` and in TLS."""

    def __init__(self, vakt: Adressevakt, innerst: httpx2.AsyncBaseTransport) -> None:
        self._vakt = vakt
        self._innerst = innerst

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        maal: Maal = self._vakt.les(str(request.url))
        adresser = await self._vakt.adresser(maal)
        for adresse in adresser[:_FLERE_ADRESSER]:
            til = httpx2.Request(
                request.method,
                request.url.copy_with(host=adresse.partition("%")[0]),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": maal.vert},
            )
            try:
                return await self._innerst.handle_async_request(til)
            except httpx2.ConnectError as feil:
                sist = feil
        raise sist

    async def aclose(self) -> None:
        await self._innerst.aclose()


def _er_sertifikatet(feil: BaseException | None) -> bool:
    while feil is not None:
        if isinstance(feil, ssl.SSLError):
            return True
        feil = feil.__cause__ or feil.__context__
    return False
