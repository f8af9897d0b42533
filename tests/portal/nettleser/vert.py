"""The service on this machine's own address, as a browser meets it."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx2
import uvicorn

from app.main import create_app
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL
from app.services.tilgang import Rolle
from tests.integrasjon.verden import SandkasseTransport
from tests.saker.sesjoner import Rollesesjoner
from tests.saker.verden import Verden, overalt_i_verden, sandkassen, settings, ta_inn
from tests.tid import Tid, egen_tid

T = TypeVar("T")

_VERT = "127.0.0.1"
_STARTTID = 30.0


@dataclass(frozen=True, slots=True)
class Vert:
    """A service that is being served.

    Attributes:
        adresse: where, without a trailing slash.
        verden: the service, for calls of its API.
        sandkasse: Skatteetaten and Maskinporten behind it.
    """

    adresse: str
    verden: Verden
    sandkasse: Sandkasse
    _loekke: asyncio.AbstractEventLoop

    def gjoer(self, arbeid: Callable[[], Awaitable[T]]) -> T:
        """Do something on the service's own loop, and wait for it."""
        self.verden._tokener.clear()  # the service lives longer than a token

        async def inne() -> T:
            return await arbeid()

        return asyncio.run_coroutine_threadsafe(inne(), self._loekke).result(_STARTTID)

    def kapsel(self, rolle: Rolle, kommune: str = FJORDVIK) -> dict[str, str]:
        """The cookie of somebody who is logged in."""
        return {
            "name": INFORMASJONSKAPSEL,
            "value": f"{kommune}.{rolle.value}",
            "url": self.adresse.replace("http:", "https:"),
        }


class _Meldende(uvicorn.Server):
    """A server that says when it is up, or that it will never be."""

    def __init__(self, oppsett: uvicorn.Config, ferdig: threading.Event) -> None:
        super().__init__(oppsett)
        self._ferdig = ferdig

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self._ferdig.set()


@contextmanager
def tjener(database: str) -> Iterator[Vert]:
    """The service with the sandbox behind it, on a day in November 2026; everybody logged in by what their cookie says."""
    with egen_tid() as tid:
        yield from _tjener(database, tid)


def _tjener(database: str, tid: Tid) -> Iterator[Vert]:
    sandkasse = sandkassen(clock=tid)
    app = create_app(
        settings(database),
        transport=SandkasseTransport(sandkasse),
        clock=tid,
        navneoppslag=overalt_i_verden,
    )
    app.state.sesjoner = Rollesesjoner()
    sokkel = socket.socket()
    sokkel.bind((_VERT, 0))
    startet = threading.Event()
    oppsett = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on")
    tjeneren = _Meldende(oppsett, startet)
    loekker: list[asyncio.AbstractEventLoop] = []

    def kjoer() -> None:
        async def alt() -> None:
            loekker.append(asyncio.get_running_loop())
            await tjeneren.serve(sockets=[sokkel])

        asyncio.run(alt())

    traad = threading.Thread(target=kjoer, daemon=True)
    traad.start()
    try:
        if not startet.wait(_STARTTID) or not tjeneren.started:
            raise RuntimeError("tjenesten kom ikke i gang")
        adresse = f"http://{_VERT}:{sokkel.getsockname()[1]}"
        klient = httpx2.AsyncClient(base_url=adresse)
        vert = Vert(adresse, Verden(sandkasse, app, klient), sandkasse, loekker[0])
        vert.gjoer(lambda: ta_inn(vert.verden.arkiv))
        yield vert
        vert.gjoer(klient.aclose)
    finally:
        tjeneren.should_exit = True
        traad.join(_STARTTID)
