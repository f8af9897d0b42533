"""An issuer's signing keys: the one in use, the ones still published, and a change of them."""

import secrets
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

ALGORITME = "RS256"


def ny_rsa_noekkel(kid: str) -> RSAKey:
    """A new private key for RS256."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": ALGORITME})


class Signeringsnoekler:
    """The keys of one issuer. The first is made when it is first needed."""

    def __init__(self) -> None:
        self._noekler: list[RSAKey] = []
        self._jwks_kropp: dict[str, Any] = {"keys": []}

    def gjeldende(self) -> RSAKey:
        """The key in use."""
        if not self._noekler:
            self.roter()
        return self._noekler[0]

    def publiserte(self) -> list[RSAKey]:
        """Every key in the JWKS, the one in use first."""
        self.gjeldende()
        return self._noekler

    def roter(self, *, behold_gammel: bool = True) -> str:
        """Take a new signing key into use and return its ``kid``; the old one may stay published."""
        kid = secrets.token_hex(8)
        self.ta_i_bruk(ny_rsa_noekkel(kid), behold_gammel=behold_gammel)
        return kid

    def ta_i_bruk(self, noekkel: RSAKey, *, behold_gammel: bool = True) -> None:
        """Sign with ``noekkel`` (which has a ``kid``) from now on."""
        self._noekler = [noekkel, *(self._noekler if behold_gammel else ())]
        self._jwks_kropp = {"keys": [n.as_dict(private=False) for n in self._noekler]}

    def jwks(self) -> dict[str, Any]:
        """The published keys, public halves only: the same object until the keys change."""
        self.gjeldende()
        return self._jwks_kropp

    def signer(self, paastander: dict[str, Any]) -> str:
        """Sign any claims at all with the current key; tests make crooked tokens with it."""
        noekkel = self.gjeldende()
        hode = {"alg": ALGORITME, "kid": noekkel.kid}
        return jwt.encode(hode, paastander, noekkel, algorithms=[ALGORITME])
