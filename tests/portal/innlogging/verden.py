"""The service and the sandbox's login providers in memory, and a browser that goes between them."""

import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx2
from fastapi import FastAPI

from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.innlogging.ansatte import TENANT
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import ALTINNRESSURS, FJORDVIK, PORTALKLIENT, PORTALKLIENT_ENTRA
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL
from app.settings.portal import Portal
from tests.integrasjon.verden import jwk
from tests.saker.verden import Verden, tjeneste
from tests.sandbox.stoette import KID, noekkel

ADRESSE: Final = "https://tjenesten"
HOS_TILBYDEREN: Final = "http://127.0.0.1"
ANSATTPORTEN: Final = f"{HOS_TILBYDEREN}/ansattporten"
ENTRA: Final = f"{HOS_TILBYDEREN}/entra/{TENANT}/v2.0"
_SKJEMA: Final = re.compile(r'<form method="post" action="([^"]*)"[^>]*>(.*?)</form>', re.S)
_FELT: Final = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Skrittklokke:
    """The machine's clock, with as much added as a test says; by the one on the wall, or only by the one that counts."""

    def __init__(self) -> None:
        self.foran = 0.0
        self.telt = 0.0

    def time(self) -> float:
        return time.time() + self.foran

    def monotonic(self) -> float:
        return time.monotonic() + self.foran + self.telt

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("ingen skal vente her")


def ansattporten(**endret: Any) -> dict[str, Any]:
    """Settings of the first provider."""
    return {
        "slag": "ansattporten",
        "navn": "Ansattporten",
        "issuer": ANSATTPORTEN,
        "klient_id": PORTALKLIENT,
        "noekkel": {"jwk": jwk()},
        "ressurs": ALTINNRESSURS,
        **endret,
    }


def entra(**endret: Any) -> dict[str, Any]:
    """Settings of the second."""
    return {
        "slag": "entra",
        "navn": "Fjordvik kommune",
        "issuer": ENTRA,
        "klient_id": PORTALKLIENT_ENTRA,
        "noekkel": {"jwk": jwk()},
        "tider": {TENANT: FJORDVIK},
        **endret,
    }


def portalvalg(*navn: str, **endret: Any) -> Portal:
    """Settings of the portal with these providers, both unless told otherwise."""
    alle = {"ansattporten": ansattporten(), "entra": entra()}
    return Portal.model_validate(
        {"adresse": ADRESSE, "tilbydere": {ett: alle[ett] for ett in navn or alle}, **endret}
    )


def sandkassen() -> Sandkasse:
    """A sandbox that knows the portal, by the key of the tests."""
    sandkasse = Sandkasse(portal=ADRESSE, antall=0)
    sandkasse.registrer_noekkel(noekkel(), kid=KID)
    for tilbyder, klient_id in (
        (sandkasse.ansattporten, PORTALKLIENT),
        (sandkasse.entra, PORTALKLIENT_ENTRA),
    ):
        tilbyder.registrer_noekkel(klient_id, noekkel(), kid=KID)
    return sandkasse


class _Nett(httpx2.AsyncBaseTransport):
    """The portal at its name, and the sandbox at this machine's."""

    def __init__(self, app: FastAPI, sandkasse: Sandkasse) -> None:
        self._portal = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self._sandkasse = httpx2.ASGITransport(app=sandkasse.app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        mot = self._portal if request.url.host == urlsplit(ADRESSE).hostname else self._sandkasse
        return await mot.handle_async_request(request)


class Nettleser:
    """A browser: cookies for each place, redirections followed one at a time."""

    def __init__(self, verden: Verden) -> None:
        self.klient = httpx2.AsyncClient(transport=_Nett(verden.app, verden.sandkasse), base_url=ADRESSE)

    async def aapne(self, adresse: str) -> httpx2.Response:
        """One page, or one redirection."""
        return await self.klient.get(adresse)

    async def foelg(self, svar: httpx2.Response) -> httpx2.Response:
        """Where it leads."""
        assert svar.status_code == 303, (svar.status_code, svar.text)
        return await self.klient.get(urljoin(str(svar.url), svar.headers["location"]))

    async def send(self, side: httpx2.Response, skjema: str, **felt: str) -> httpx2.Response:
        """A form on a page, found by what it is sent to."""
        for handling, innhold in _SKJEMA.findall(side.text):
            if skjema in handling:
                skjult = {navn: unescape(verdi) for navn, verdi in _FELT.findall(innhold)}
                return await self.klient.post(
                    urljoin(str(side.url), unescape(handling)),
                    data=skjult | felt,
                    headers={"content-type": "application/x-www-form-urlencoded"},  # also of an empty one
                )
        raise AssertionError(f"siden har ikke noe skjema til {skjema}: {side.text}")

    async def til_retur(
        self, hvem: str, orgnr: str | None = FJORDVIK, tilbyder: str = "ansattporten", retur: str = "/"
    ) -> str:
        """Log in at the provider; the address it sends the browser back to, not opened yet."""
        spoerring = urlencode({"tilbyder": tilbyder, "retur": retur})
        svar = await self.foelg(await self.aapne(f"/logg-inn?{spoerring}"))
        if "/velg-ansatt" in svar.text:  # Otherwise the provider knows who it is.
            svar = await self.send(svar, "/velg-ansatt", ansatt=hvem)
        if tilbyder == "ansattporten" and orgnr is not None:
            svar = await self.send(svar, "/velg-virksomhet", orgnr=orgnr)
        assert svar.status_code == 303, svar.text
        return str(svar.headers["location"])

    async def logg_inn(self, hvem: str = "fjordvik-beregner", **valg: Any) -> httpx2.Response:
        """The whole way; what the portal answers when the browser comes back."""
        return await self.aapne(await self.til_retur(hvem, **valg))

    def glem_tilbyderen(self) -> None:
        """Be somebody else to the providers."""
        self.klient.cookies.clear(domain="127.0.0.1")

    @property
    def kapsel(self) -> str | None:
        """The session the browser shows."""
        return next((en.value for en in self.klient.cookies.jar if en.name == INFORMASJONSKAPSEL), None)


def med(adresse: str, **felt: str | None) -> str:
    """The address with some of its query changed, or taken away."""
    deler = urlsplit(adresse)
    endret: Mapping[str, str | None] = dict(parse_qsl(deler.query)) | felt
    spoerring = urlencode({navn: verdi for navn, verdi in endret.items() if verdi is not None})
    return deler._replace(query=spoerring).geturl()


async def registeret(verden: Verden, kommune: str = FJORDVIK) -> list[tuple[str, str, str]]:
    """What the register says of logins: what, how it went, and the word for it; the oldest first."""
    async with verden.arkiv.les(kommune) as lager:
        rader = await lager.revisjon.soek(Revisjonsfilter(), 0, 1_000)
    lest = [(rad.nr, rad.handling, rad.utfall, json.loads(rad.innhold)) for rad in rader]
    return [
        (handling, utfall, innhold["data"][0])
        for _, handling, utfall, innhold in sorted(lest, key=lambda rad: rad[0])
        if handling in ("INNLOGGING", "UTLOGGING")
    ]


@asynccontextmanager
async def portalen(
    database: str, *, valg: Portal | None = None, clock: Skrittklokke | None = None, **resten: Any
) -> AsyncIterator[Verden]:
    """The service with login, and the sandbox's kommuner taken in."""
    async with tjeneste(
        database,
        sandkasse=sandkassen(),
        clock=clock,
        portal=valg or portalvalg(),
        **resten,
    ) as verden:
        yield verden


@asynccontextmanager
async def nettleser(verden: Verden) -> AsyncIterator[Nettleser]:
    """A browser nobody has used."""
    ny = Nettleser(verden)
    async with ny.klient:
        yield ny
