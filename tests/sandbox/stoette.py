"""What the sandbox's tests share: a frozen clock, keys made once, and grants bent one way at a time."""

import asyncio
import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import httpx2
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from joserfc.jwk import RSAKey

from app.sandbox.klokke import Klokke
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, KLIENT_ID

NAA = 1_795_000_000.0  # 18 November 2026
ROT = "http://127.0.0.1"
KID = "testnoekkel"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SSG_SCOPE = "skatteetaten:summertskattegrunnlag"
BSA_SCOPE = "skatteetaten:beregnetskatt"


T = TypeVar("T")


@cache
def noekkel(navn: str = KID) -> RSAKey:
    """An RSA key, made once per run."""
    return RSAKey.generate_key(2048, {"kid": navn})


async def uten_venting(sekunder: float) -> None:
    """Yield to the other tasks, whatever the delay."""
    await asyncio.sleep(0)


def ny_sandkasse(antall: int = 20) -> Sandkasse:
    """A small sandbox at a fixed time with the standard client's key posted."""
    sandkasse = Sandkasse(klokke=Klokke(lambda: NAA), sov=uten_venting, antall=antall)
    sandkasse.registrer_noekkel(noekkel(), kid=KID)
    sandkasse.maskinporten.ta_i_bruk(noekkel("signering"))
    for tilbyder in sandkasse.tilbydere().values():
        tilbyder.noekler.ta_i_bruk(noekkel("signering"))
        for klient_id in tilbyder.register.klienter:
            tilbyder.registrer_noekkel(klient_id, noekkel(), kid=KID)
    return sandkasse


def kall(sandkasse: Sandkasse, oppgave: Callable[[httpx2.AsyncClient], Awaitable[T]]) -> T:
    """Run ``oppgave`` with a client wired to the sandbox in memory."""

    async def kjoer() -> T:
        transport = httpx2.ASGITransport(app=sandkasse.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ROT) as klient:
            return await oppgave(klient)

    return asyncio.run(kjoer())


def hent(sandkasse: Sandkasse, sti: str, **hoder: str) -> httpx2.Response:
    """One GET."""
    return kall(sandkasse, lambda klient: klient.get(sti, headers=hoder))


def be(sandkasse: Sandkasse, metode: str, sti: str, kropp: Any = None) -> httpx2.Response:
    """One request with a JSON body."""
    return kall(sandkasse, lambda klient: klient.request(metode, sti, json=kropp))


def bearer(sandkasse: Sandkasse, scope: str = SSG_SCOPE, kommune: str = FJORDVIK) -> dict[str, str]:
    """An Authorization header with a good token."""
    return {"Authorization": f"Bearer {sandkasse.token(kommune, scope)['access_token']}"}


def med_hode(sandkasse: Sandkasse, sti: str, hoder: dict[str, str]) -> httpx2.Response:
    """One GET with the headers given."""
    return kall(sandkasse, lambda klient: klient.get(sti, headers=hoder))


_HASH: dict[str, HashAlgorithm] = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}


def signer_for_haand(hode: dict[str, Any], paastander: dict[str, Any], noekkel: RSAKey) -> str:
    """A JWT with any header and claims at all: a JWT library refuses to make the crooked ones."""
    signert = f"{_b64(hode)}.{_b64(paastander)}"
    privat = noekkel.private_key
    assert privat is not None
    signatur = privat.sign(signert.encode(), PKCS1v15(), _HASH.get(hode["alg"], SHA256()))
    return f"{signert}.{urlsafe_b64encode(signatur).decode().rstrip('=')}"


def _b64(felt: dict[str, Any]) -> str:
    """The fields that have a value, as a JWT writes them."""
    kropp = json.dumps({navn: verdi for navn, verdi in felt.items() if verdi is not None})
    return urlsafe_b64encode(kropp.encode()).decode().rstrip("=")


@dataclass
class Grant:
    """A right grant for Fjordvik; every field can be bent. None takes a claim away."""

    paastander: dict[str, Any] = field(default_factory=dict)
    hode: dict[str, Any] = field(default_factory=dict)
    noekkel: RSAKey = field(default_factory=noekkel)
    skjema: dict[str, str] = field(default_factory=dict)

    def assertion(self) -> str:
        """The signed assertion."""
        alle = {
            "iss": KLIENT_ID,
            "aud": "https://test.maskinporten.no/",
            "scope": SSG_SCOPE,
            "consumer_org": FJORDVIK,
            "iat": int(NAA),
            "exp": int(NAA) + 120,
            "jti": str(uuid.uuid4()),
        } | self.paastander
        hode = {"alg": "RS256", "kid": KID} | self.hode
        return signer_for_haand(hode, alle, self.noekkel)

    def send(self, sandkasse: Sandkasse) -> httpx2.Response:
        """Post it to the token endpoint."""
        skjema = {"grant_type": GRANT, "assertion": self.assertion()} | self.skjema
        return kall(sandkasse, lambda klient: klient.post("/maskinporten/token", data=skjema))
