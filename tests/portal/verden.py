"""The portal in memory: the service of ``tests.saker.verden``, and a browser that is logged in by its role."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any, Final

import httpx2

from app.sandbox.standard import FJORDVIK
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL
from app.services.tilgang import Rolle
from tests.baser import ny_database
from tests.saker.sesjoner import CSRF, Rollesesjoner
from tests.saker.verden import Verden, tjeneste
from tests.tid import egen_tid

ADRESSE: Final = "https://tjenesten"


class Nettleser:
    """Pages and forms as one user; cookies are kept, redirections are not followed unless asked."""

    def __init__(self, klient: httpx2.AsyncClient) -> None:
        self.klient = klient

    async def aapne(self, sti: str, **valg: Any) -> httpx2.Response:
        """A page."""
        return await self.klient.get(sti, **valg)

    async def send(self, sti: str, felt: Mapping[str, Any] | None = None, **valg: Any) -> httpx2.Response:
        """A form, with the token that stands in every form."""
        return await self.klient.post(sti, data={"csrf": CSRF, **(felt or {})}, **valg)


@asynccontextmanager
async def nettleser(
    verden: Verden, rolle: Rolle = Rolle.BEREGNER, kommune: str = FJORDVIK
) -> AsyncIterator[Nettleser]:
    """A browser of somebody who is logged in."""
    transport = httpx2.ASGITransport(app=verden.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport, base_url=ADRESSE, cookies={INFORMASJONSKAPSEL: f"{kommune}.{rolle.value}"}
    ) as klient:
        yield Nettleser(klient)


@asynccontextmanager
async def portal(database: str, **valg: Any) -> AsyncIterator[Verden]:
    """The service with sessions, on a day in November 2026: everybody is logged in, the cookie says as whom."""
    with egen_tid() as tid:
        async with tjeneste(database, clock=tid, **valg) as verden:
            verden.app.state.sesjoner = Rollesesjoner()
            yield verden


def i_portalen(motor: str, arbeid: Callable[[Verden], Awaitable[None]]) -> None:
    """Do something with a new portal on one of the engines."""
    database = ny_database(motor)

    async def alt() -> None:
        async with portal(database) as verden:
            await arbeid(verden)

    asyncio.run(alt())


class _Tekst(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.deler: list[str] = []

    def handle_data(self, data: str) -> None:
        self.deler.append(data)


def tekst(svar: httpx2.Response) -> str:
    """What a page says, without tags, every run of space as one."""
    leser = _Tekst()
    leser.feed(svar.text)
    return " ".join(" ".join(leser.deler).split())
