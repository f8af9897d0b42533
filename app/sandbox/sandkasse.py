"""The whole sandbox put together: one state, one ASGI program per system, and one that holds them all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import RSAKey
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.sandbox.befolkning.register import STANDARD_ANTALL, STANDARD_FROE, Befolkning
from app.sandbox.forstyrrelser import OVERALT, Art, Forstyrrelser
from app.sandbox.innlogging.planting import Planer
from app.sandbox.innlogging.program import Tilbyder
from app.sandbox.innlogging.utforming import Ansattporten, Entra
from app.sandbox.klokke import Klokke
from app.sandbox.kontroll.program import lag_kontroll
from app.sandbox.lokalt import BareLokalt
from app.sandbox.maaling import Loggrad, Maalinger
from app.sandbox.maskinporten.bevilling import Bevilling
from app.sandbox.maskinporten.program import Maskinporten
from app.sandbox.maskinporten.register import SEKUNDER_I_AARET, Register
from app.sandbox.skatteetaten.api import APIER
from app.sandbox.skatteetaten.hendelser import Hendelsesliste
from app.sandbox.skatteetaten.program import Omgivelser, Tjeneste, lag_tjenester
from app.sandbox.skatteetaten.tilgang import Avtaler, Portvakt
from app.sandbox.standard import KLIENT_ID, PORTAL, fyll_avtaler, fyll_register, portalklienter
from app.sandbox.svar import MedDato, udokumentert_svar

UTSTEDER = "https://test.maskinporten.no/"
ROT = "http://127.0.0.1"
MASKINPORTEN = "maskinporten"
SKATTEETATEN = "skatteetaten"
TAK = 5
"""Calls in flight per API and kommune."""


class Sandkasse:
    """A sandbox.

    Attributes:
        app: every system in one program, told apart by host name or by path prefix (see ``programmer``).
        maskinporten: the issuer; ``maskinporten.register`` holds its tables.
        ansattporten: the login provider with organisations.
        entra: the login provider with app roles.
        planer: faults ordered from the login providers.
        skatteetaten: one program per API, by name, each served from its own root.
        befolkning: the people.
    """

    def __init__(
        self,
        *,
        utsteder: str = UTSTEDER,
        rot: str = ROT,
        portal: str = PORTAL,
        klokke: Klokke | None = None,
        sov: Callable[[float], Awaitable[None]] = asyncio.sleep,
        froe: int = STANDARD_FROE,
        antall: int = STANDARD_ANTALL,
    ) -> None:
        """Make a sandbox.

        Args:
            utsteder: Maskinporten's issuer, with the trailing slash.
            rot: where the sandbox is served: the login providers' issuers begin with it.
            portal: where the portal is served: where the login providers may send a browser.
            klokke: the clock everything goes by.
            sov: how slowness is acted out; a test may skip it.
            froe: seed of the crowd.
            antall: size of the crowd.
        """
        self.klokke = klokke or Klokke()
        self.befolkning = Befolkning(froe, antall)
        self.forstyrrelser = Forstyrrelser()
        self.maalinger = Maalinger(TAK)
        self.register = Register()
        self.avtaler = Avtaler()
        fyll_register(self.register)
        fyll_avtaler(self.avtaler)
        self.maskinporten = Maskinporten(utsteder, self.register, self.klokke, self.maalinger)
        self._portal = portal
        self.planer = Planer()
        self.ansattporten, self.entra = (
            Tilbyder(utforming, self.klokke, self.maalinger, self.planer)
            for utforming in (Ansattporten(rot), Entra(rot))
        )
        self._fyll_klienter()
        self.omgivelser = Omgivelser(
            befolkning=self.befolkning,
            avtaler=self.avtaler,
            portvakt=Portvakt(utsteder, self.maskinporten.jwks, self.klokke, self.avtaler),
            maalinger=self.maalinger,
            forstyrrelser=self.forstyrrelser,
            klokke=self.klokke,
            sov=sov,
            oppgjoerliste=Hendelsesliste(self.befolkning, self.klokke, inntekt=False),
            inntektsliste=Hendelsesliste(self.befolkning, self.klokke, inntekt=True),
        )
        self.skatteetaten: dict[str, Tjeneste] = lag_tjenester(self.omgivelser)
        self.app: ASGIApp = MedDato(_Fordeler(self.programmer(), self.verter()), self.klokke)

    def programmer(self) -> dict[str, ASGIApp]:
        """Each system by its path prefix. A new system is one line here and one in ``verter``."""
        return {
            f"/{MASKINPORTEN}": self.maskinporten_app(),
            **{t.utforming.prefiks: self._innlogging_app(t) for t in self.tilbydere().values()},
            **{f"/{SKATTEETATEN}/{navn}": tjeneste for navn, tjeneste in self.skatteetaten.items()},
            "/kontroll": lag_kontroll(self),
        }

    def verter(self) -> dict[str, ASGIApp]:
        """The same systems by the host names of the real test environments.

        Not the login providers: they let anybody in as anybody, so they answer to local names alone.
        """
        return {
            "test.maskinporten.no": self.maskinporten_app(),
            **{api.vert: self.skatteetaten[navn] for navn, api in APIER.items()},
        }

    def maskinporten_app(self) -> ASGIApp:
        """Maskinporten from its own root, with ordered disturbances and the sandbox's ``Date``."""
        return MedDato(_Forstyrret(self, MASKINPORTEN, self.maskinporten.app), self.klokke)

    def tilbydere(self) -> dict[str, Tilbyder]:
        """The login providers by the names the control API calls them."""
        return {tilbyder.utforming.system: tilbyder for tilbyder in (self.ansattporten, self.entra)}

    def _innlogging_app(self, tilbyder: Tilbyder) -> ASGIApp:
        return BareLokalt(_Forstyrret(self, tilbyder.utforming.system, tilbyder.app))

    def _fyll_klienter(self) -> None:
        hos_ansattporten, hos_entra = portalklienter(self._portal)
        self.ansattporten.register.fyll((hos_ansattporten,))
        self.entra.register.fyll((hos_entra,))

    def registrer_noekkel(
        self, noekkel: RSAKey, *, kid: str, klient_id: str = KLIENT_ID, levetid: float = SEKUNDER_I_AARET
    ) -> None:
        """Post a public key on a client; ``levetid`` is seconds until it expires."""
        utloeper = self.klokke.sekunder() + levetid
        self.register.legg_til_noekkel(klient_id, noekkel, kid=kid, utloeper=utloeper)

    def ny_noekkel(self, kid: str, klient_id: str = KLIENT_ID) -> RSAKey:
        """Make a private key, post its public half and return it."""
        noekkel = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})
        self.registrer_noekkel(noekkel, kid=kid, klient_id=klient_id)
        return noekkel

    def token(
        self, kommune: str, scope: str, klient_id: str | None = None, ressurser: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """A token response without a grant, for trying the APIs by hand. Delegation is not checked.

        Args:
            kommune: the consumer.
            scope: one scope.
            klient_id: the client; the first that has the scope unless given.
            ressurser: what ``aud`` shall name.
        """
        klient = self.register.klienter[klient_id or self._klient_med(scope)]
        return self.maskinporten.utsted(
            Bevilling(
                klient=klient,
                scopes=(self.register.scopes[scope],),
                konsument=kommune,
                leverandoer=None if klient.orgnr == kommune else klient.orgnr,
                ressurser=ressurser,
                pid=None,
                systembruker=None,
                autentisert_med="private_key_jwt",
            )
        )

    def _klient_med(self, scope: str) -> str:
        klienter = self.register.klienter.values()
        return next((klient.klient_id for klient in klienter if scope in klient.scopes), KLIENT_ID)

    def nullstill(self) -> None:
        """Back to the start in everything; only the keys posted on the standard clients stay."""
        gamle = self.register.klienter
        self.befolkning.nullstill()
        self.omgivelser.oppgjoerliste.nullstill()
        self.omgivelser.inntektsliste.nullstill()
        self.forstyrrelser.nullstill()
        self.maalinger.nullstill()
        self.maskinporten.tokenkall.clear()
        self.maskinporten.avslag.clear()
        self.planer.nullstill()
        for tilbyder in self.tilbydere().values():
            tilbyder.nullstill()
        self._fyll_klienter()
        self.klokke.forskyvning = 0.0
        self.omgivelser.ventetid = 0.0
        self.omgivelser.ventetider.clear()
        fyll_register(self.register)
        fyll_avtaler(self.avtaler)
        for klient_id in self.register.klienter:
            for noekkel in gamle[klient_id].noekler if klient_id in gamle else ():
                self.register.legg_til_noekkel(
                    klient_id, noekkel.jwk, kid=noekkel.kid, utloeper=noekkel.utloeper
                )


class _Fordeler:
    """Sends a request to the system its host name or path prefix names."""

    def __init__(self, programmer: Mapping[str, ASGIApp], verter: Mapping[str, ASGIApp]) -> None:
        self._programmer = programmer
        self._verter = verter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _livsloep(receive, send)
            return
        if scope["type"] != "http":
            return
        app = self._verter.get(_vert(scope))
        if app is not None:
            await app(scope, receive, send)
            return
        sti = scope["path"]
        for prefiks, program in self._programmer.items():
            if sti == prefiks or sti.startswith(f"{prefiks}/"):
                await program({**scope, "root_path": scope.get("root_path", "") + prefiks}, receive, send)
                return
        await PlainTextResponse("Ukjent system i sandkassen", status_code=404)(scope, receive, send)


@dataclass(frozen=True)
class _Forstyrret:
    """A system behind ordered disturbances: only the undocumented answers and slowness."""

    sandkasse: Sandkasse
    system: str
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        forstyrrelse = self.sandkasse.forstyrrelser.trekk(self.system, arter=OVERALT)
        if forstyrrelse is not None:
            if forstyrrelse.art is Art.TREG:
                await self.sandkasse.omgivelser.sov(forstyrrelse.sekunder)
            svar = udokumentert_svar(forstyrrelse)
            if svar is not None:
                tid = self.sandkasse.klokke.tid().isoformat(timespec="milliseconds")
                self.sandkasse.maalinger.noter(
                    Loggrad(tid, self.system, "(forstyrret)", "", svar.status_code, forstyrrelse.art.value)
                )
                await svar(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _vert(scope: Scope) -> str:
    for navn, verdi in scope["headers"]:
        if navn == b"host":
            return str(verdi.decode("latin-1")).partition(":")[0].lower()
    return ""


async def _livsloep(receive: Receive, send: Send) -> None:
    while True:
        melding = await receive()
        await send({"type": f"{melding['type']}.complete"})
        if melding["type"] == "lifespan.shutdown":
            return
