"""The whole service in memory: the sandbox behind it, a database under it, and a vendor's token in hand."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr

from app import klokke
from app.db.arkiv import Arkiv
from app.main import create_app
from app.sandbox.klokke import Klokke
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import (
    FJORDVIK,
    JOURNALKLIENT,
    LIA,
    RESSURS,
    SCOPE_LES,
    SCOPE_SKRIV,
    SCOPEPREFIKS,
    SKOGLI,
)
from app.services.kommuneoppsett.fil import les_fil
from app.services.kommuneoppsett.lagring import ta_inn_kommune
from app.services.revisjon import Driftsaktoer
from app.services.webhooker.adresse import Navneoppslag
from app.settings import Settings
from app.settings.database import Database, Kryptering
from app.settings.hendelser import Hendelser
from app.settings.tilgang import Tilgang
from app.skatt_client import Clock
from tests.integrasjon.verden import SandkasseTransport, innstillinger
from tests.sandbox.stoette import KID, noekkel

EKSEMPLER: Final = Path(__file__).parents[2] / "eksempler" / "kommuner"
FILER: Final = {FJORDVIK: "fjordvik.toml", SKOGLI: "skogli.toml", LIA: "lia.toml"}

KRYPTERING: Final = Kryptering(
    noekler={"a": SecretStr(b64encode(b"a" * 32).decode())},
    gjeldende="a",
    hashnoekkel=SecretStr(b64encode(b"h" * 32).decode()),
)
"""The keys of ``tests.baser.RING``."""


def settings(database: str, **resten: Any) -> Settings:
    """Settings of a service wired to the sandbox."""
    return innstillinger().model_copy(
        update={
            "database": Database(url=SecretStr(database), oppgrader_ved_start=False),
            "kryptering": KRYPTERING,
            "tilgang": Tilgang(miljoe="test", ressurs=RESSURS, scopeprefiks=SCOPEPREFIKS),
            # What the service does by itself is called by name where it is tried.
            "hendelser": Hendelser(paa=False),
            **resten,
        }
    )


def sandkassen(antall: int = 20, clock: Clock | None = None) -> Sandkasse:
    """A sandbox with our client's key posted; it goes by the machine's clock unless told of another."""
    sandkasse = Sandkasse(klokke=None if clock is None else Klokke(clock.time), antall=antall)
    sandkasse.registrer_noekkel(noekkel(), kid=KID)
    sandkasse.maskinporten.ta_i_bruk(noekkel("signering"))
    return sandkasse


async def overalt_i_verden(vert: str, port: int) -> list[str]:
    """Every name is known, and stands for an address on the open internet."""
    return ["93.184.215.14"]


class Verden:
    """A running service.

    Attributes:
        sandkasse: Skatteetaten and Maskinporten.
        app: the service.
        klient: sends requests to it.
        arkiv: its database, for looking behind it.
    """

    def __init__(self, sandkasse: Sandkasse, app: FastAPI, klient: httpx2.AsyncClient) -> None:
        self.sandkasse = sandkasse
        self.app = app
        self.klient = klient
        self.arkiv: Arkiv = app.state.saksdrift.arkiv
        self._tokener: dict[tuple[str, str], str] = {}

    def hode(self, kommune: str = FJORDVIK, scope: str = SCOPE_SKRIV) -> dict[str, str]:
        """The header of a vendor that acts for a kommune."""
        noekkel_ = (kommune, scope)
        if noekkel_ not in self._tokener:
            svar = self.sandkasse.token(kommune, scope, JOURNALKLIENT, ressurser=(RESSURS,))
            self._tokener[noekkel_] = svar["access_token"]
        return {"Authorization": f"Bearer {self._tokener[noekkel_]}"}

    async def kall(
        self,
        metode: str,
        sti: str,
        json: Any = None,
        *,
        kommune: str = FJORDVIK,
        scope: str = SCOPE_SKRIV,
        hoder: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """One request."""
        alle = {**self.hode(kommune, scope), **(hoder or {})}
        if json is None:
            return await self.klient.request(metode, sti, headers=alle)
        return await self.klient.request(metode, sti, headers=alle, json=json)

    async def les(self, sti: str, **valg: Any) -> httpx2.Response:
        """GET with the scope that reads."""
        return await self.kall("GET", sti, scope=SCOPE_LES, **valg)

    async def post(self, sti: str, json: Any = None, **valg: Any) -> httpx2.Response:
        """POST with the scope that writes."""
        return await self.kall("POST", sti, json if json is not None else {}, **valg)

    def ident(self, kallenavn: str) -> str:
        """The id in use of one of the sandbox's persons."""
        return self.sandkasse.befolkning.person(kallenavn).identer[0]


@asynccontextmanager
async def tjeneste(
    database: str,
    *,
    sandkasse: Sandkasse | None = None,
    kommuner: bool = True,
    clock: Clock | None = None,
    navneoppslag: Navneoppslag = overalt_i_verden,
    **resten: Any,
) -> AsyncIterator[Verden]:
    """The service, started; with the sandbox's kommuner taken in unless told otherwise.

    Args:
        clock: what both go by, as from ``egen_tid``; the machine's when left out.
    """
    sandkasse = sandkasse or sandkassen(clock=clock)
    app = create_app(
        settings(database, **resten),
        transport=SandkasseTransport(sandkasse),
        clock=clock,
        navneoppslag=navneoppslag,
    )
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://tjenesten") as klient:
            verden = Verden(sandkasse, app, klient)
            if kommuner:
                await ta_inn(verden.arkiv)
            yield verden


async def ta_inn(arkiv: Arkiv) -> None:
    """Take the sandbox's kommuner in with their example setups."""
    for orgnr, fil in FILER.items():
        async with arkiv.skriv(orgnr) as lager:
            await ta_inn_kommune(lager, Driftsaktoer("proeve"), klokke.naa(), les_fil(EKSEMPLER / fil))
