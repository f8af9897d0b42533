"""What the tests of access share: a right token that can be bent one way at a time, keys, and a clock."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from joserfc.jwk import RSAKey

from app.api.tilgang.maskinporten import Maskinportenvakt, Tokenkrav
from app.sandbox.standard import DELEGERINGSKILDE, FJORDVIK, JOURNALLEVERANDOER, RESSURS, SCOPEPREFIKS
from app.services.utsteder.jwks import Noekkel, NoeklerUtilgjengeligError
from tests.sandbox.stoette import NAA, noekkel

ISSUER: Final = "https://test.maskinporten.no/"
KID: Final = "signering"
KLIENT: Final = "journal-sandkasse"
LES: Final = f"{SCOPEPREFIKS}:egenandel.read"
SKRIV: Final = f"{SCOPEPREFIKS}:egenandel.write"
BORTE: Final = object()
"""Takes a claim or a header away."""

_HASH: Final[dict[str, HashAlgorithm]] = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}


def part(orgnr: str, autoritet: str = "iso6523-actorid-upis") -> dict[str, str]:
    """An organisation as Maskinporten writes it."""
    return {"authority": autoritet, "ID": f"0192:{orgnr}"}


def b64(data: bytes) -> str:
    """As a JWT writes bytes."""
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Token:
    """A right token for Fjordvik by the journal supplier; every field can be bent."""

    paastander: dict[str, Any] = field(default_factory=dict)
    hode: dict[str, Any] = field(default_factory=dict)
    noekkel: RSAKey = field(default_factory=lambda: noekkel("signering"))
    raatt_hode: bytes | None = None
    raa_paastander: bytes | None = None

    def __str__(self) -> str:
        alle = {
            "iss": ISSUER,
            "aud": RESSURS,
            "scope": LES,
            "token_type": "Bearer",
            "client_id": KLIENT,
            "client_orgno": JOURNALLEVERANDOER,
            "consumer": part(FJORDVIK),
            "supplier": part(JOURNALLEVERANDOER),
            "delegation_source": DELEGERINGSKILDE,
            "iat": int(NAA),
            "exp": int(NAA) + 120,
            "jti": "en-id",
        } | self.paastander
        hode = {"alg": "RS256", "kid": KID} | self.hode
        signert = ".".join(
            b64(raa if raa is not None else _json(felt))
            for felt, raa in ((hode, self.raatt_hode), (alle, self.raa_paastander))
        )
        return f"{signert}.{b64(self._signatur(str(hode['alg']), signert.encode()))}"

    def _signatur(self, alg: str, signert: bytes) -> bytes:
        if alg == "HS256":
            # The confusion of old: the published key taken for a shared secret.
            return hmac.digest(self.noekkel.as_pem(private=False), signert, hashlib.sha256)
        privat = self.noekkel.private_key
        assert privat is not None
        return privat.sign(signert, PKCS1v15(), _HASH.get(alg, SHA256()))

    @property
    def felt(self) -> list[str]:
        """The ``Authorization`` headers."""
        return [f"Bearer {self}"]


def _json(felt: dict[str, Any]) -> bytes:
    return json.dumps({navn: verdi for navn, verdi in felt.items() if verdi is not BORTE}).encode()


class Hyllen:
    """Keys on a shelf, without a network."""

    def __init__(self, **noekler: Noekkel) -> None:
        self.noekler = noekler or {KID: Noekkel(None, noekkel("signering"))}
        self.utilgjengelig = False
        self.lukket = False

    async def hent(self, kid: str) -> Noekkel | None:
        if self.utilgjengelig:
            raise NoeklerUtilgjengeligError(7)
        return self.noekler.get(kid)

    async def lukk(self) -> None:
        self.lukket = True


class Klokke:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self.naa = 0.0

    def monotonic(self) -> float:
        return self.naa

    def time(self) -> float:
        return NAA + self.naa

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("ingen skal vente her")


def krav(**endret: Any) -> Tokenkrav:
    """What the service asks of a token."""
    standard: dict[str, Any] = {
        "issuer": ISSUER,
        "ressurs": RESSURS,
        "scopeprefiks": SCOPEPREFIKS,
        "delegeringskilde": DELEGERINGSKILDE,
    }
    return Tokenkrav(**(standard | endret))


def vakt(
    hyllen: Hyllen | None = None, naa: Callable[[], float] = lambda: NAA, **endret: Any
) -> Maskinportenvakt:
    """A guard at a fixed time."""
    return Maskinportenvakt(krav(**endret), hyllen or Hyllen(), naa)
