"""The whole client side wired to a sandbox in memory, by settings alone."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar

import httpx2

from app.sandbox.befolkning.person import Person
from app.sandbox.klokke import Klokke
from app.sandbox.maskinporten.register import Delegering
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.skatteetaten.api import BSA, SCOPE_BSA, SCOPE_SSG, SSG
from app.sandbox.standard import KLIENT_ID, KOMMUNER, LEVERANDOER, PAKKE_INNTEKT, PAKKER_BSA, PAKKER_SSG
from app.sandbox.svar import BruddError
from app.services.oppslag import Oppslag
from app.services.tilkobling import Tilkobling, koble_til
from app.settings import Settings
from app.settings.maskinporten import Maskinporten, Noekkel
from app.settings.skatteetaten import ApiNavn, ApiValg, Kommune, Skatteetaten, Tjeneste
from app.skatt_client import Maaling, Metrics, no_metrics
from tests.integrasjon.virtuell_tid import NAA, LoopKlokke, kjoer
from tests.sandbox.stoette import KID, noekkel

T = TypeVar("T")

ALT: Final = frozenset(ApiNavn)


def jwk() -> str:
    """The standard client's private key, as it would stand in the environment."""
    return json.dumps({**noekkel().as_dict(private=True), "kid": KID})


def innstillinger(
    kommuner: Iterable[str] = (), *, paa: frozenset[ApiNavn] | None = None, **maskinporten: Any
) -> Settings:
    """Settings of a service in Maskinporten's test environment, with the sandbox's kommuner."""
    navn = {kommune.orgnr: kommune.navn for kommune in KOMMUNER}
    valg: dict[str, Any] = {} if paa is None else {"paa": paa}
    oppsett = {
        "miljoe": "test",
        "klient_id": KLIENT_ID,
        "eget_orgnr": LEVERANDOER,
        "noekkel": Noekkel.model_validate({"jwk": jwk()}),
    } | maskinporten
    return Settings(
        maskinporten=Maskinporten.model_validate(oppsett),
        skatteetaten=Skatteetaten(
            apier={ApiNavn.INNTEKT: ApiValg(rettighetspakke={Tjeneste.LANGTIDSOPPHOLD: PAKKE_INNTEKT})},
            kommuner={
                orgnr: Kommune(navn=navn.get(orgnr, f"Kommune {orgnr}"), **valg)
                for orgnr in (*navn, *kommuner)
            },
        ),
    )


def ny_sandkasse(antall: int = 20) -> Sandkasse:
    """A sandbox that goes by the running loop's clock, with the standard client's key posted."""

    def naa() -> float:
        try:
            return NAA + asyncio.get_running_loop().time()
        except RuntimeError:
            return NAA

    sandkasse = Sandkasse(klokke=Klokke(naa), antall=antall)
    sandkasse.registrer_noekkel(noekkel(), kid=KID)
    sandkasse.maskinporten.ta_i_bruk(noekkel("signering"))
    return sandkasse


class SandkasseTransport(httpx2.AsyncBaseTransport):
    """Into the sandbox in memory; a connection it breaks looks as it does on the wire."""

    def __init__(self, sandkasse: Sandkasse) -> None:
        self._indre = httpx2.ASGITransport(app=sandkasse.app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._indre.handle_async_request(request)
        except BruddError:
            raise httpx2.RemoteProtocolError("peer closed connection") from None


def koblet(sandkasse: Sandkasse, settings: Settings, metrics: Metrics = no_metrics) -> Tilkobling:
    """A connection into the sandbox, by the host names of the real test environments."""
    return koble_til(settings, transport=SandkasseTransport(sandkasse), clock=LoopKlokke(), metrics=metrics)


def slaa_opp(
    sandkasse: Sandkasse,
    oppgave: Callable[[Oppslag], Coroutine[Any, Any, T]],
    settings: Settings | None = None,
    maalinger: list[Maaling] | None = None,
) -> T:
    """One cold start: connect, look up, close."""

    async def alt() -> T:
        metrics = no_metrics if maalinger is None else maalinger.append
        async with koblet(sandkasse, settings or innstillinger(), metrics) as tilkobling:
            return await oppgave(Oppslag(tilkobling.klient, tilkobling.oppsett))

    return kjoer(alt())


def gi_tilgang(sandkasse: Sandkasse, orgnr: str) -> None:
    """A new kommune with everything granted and delegated, but not monthly income."""
    for scope in (SCOPE_SSG, SCOPE_BSA):
        sandkasse.register.scopes[scope].tilganger.add(orgnr)
        sandkasse.register.delegeringer.add(Delegering(orgnr, LEVERANDOER, scope))
    sandkasse.avtaler.gi(orgnr, SSG, *PAKKER_SSG)
    sandkasse.avtaler.gi(orgnr, BSA, *PAKKER_BSA)


def ident(sandkasse: Sandkasse, kallenavn: str) -> str:
    """The id in use of one person."""
    person: Person = sandkasse.befolkning.person(kallenavn)
    return person.identer[0]
