"""Signed so that somebody outside can see that it is ours and unchanged: a JWS with Ed25519 (RFC 7515, RFC 9864)."""

import json
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import urlsafe_b64encode

from app.db.kryptering import Noekkelring

ALG: Final = "Ed25519"
TYPE: Final = "egenandel-avstemming+json"


class UgyldigSignaturError(ValueError):
    """It is not what was signed. The text says what to do."""


class Signering:
    """The key of one service. It is made from the hash key, so that it lasts as long as the data does.

    Args:
        ring: the service's keys.
    """

    def __init__(self, ring: Noekkelring) -> None:
        privat = Ed25519PrivateKey.from_private_bytes(ring.signaturfroe)
        self._noekkel = OKPKey.import_key(
            privat.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        self.kid: Final = self._noekkel.thumbprint()

    def __repr__(self) -> str:
        """The name of the key only."""
        return f"<Signering {self.kid}>"

    def noekler(self) -> dict[str, Any]:
        """The public key, as a JWK set."""
        return {"keys": [{**self._noekkel.as_dict(private=False), "kid": self.kid, "alg": ALG, "use": "sig"}]}

    def signer(self, innhold: str) -> str:
        """A detached JWS over a text (RFC 7515 appendix F)."""
        hode = {"alg": ALG, "kid": self.kid, "typ": TYPE}
        hel = jws.serialize_compact(hode, innhold.encode(), self._noekkel, algorithms=[ALG])
        detached: str = jws.detach_content(hel)
        return detached


def hel_jws(innhold: str, signatur: str) -> str:
    """A text and its detached signature as one compact JWS."""
    hode, _, underskrift = signatur.split(".")
    return f"{hode}.{urlsafe_b64encode(innhold.encode()).decode()}.{underskrift}"


def som_svar(innhold: str, signatur: str) -> str:
    """A text and its signature as one JSON object; the text stands as it was signed, character for character."""
    return f'{{"rapport":{innhold},"jws":{json.dumps(hel_jws(innhold, signatur))}}}'


def verifiser(tekst: str, noekler: dict[str, Any]) -> str:
    """What was signed.

    Args:
        tekst: a compact JWS, or the answer of ``GET /api/v1/avstemminger/{id}``, which has one.
        noekler: a JWK set with the public key.

    Raises:
        UgyldigSignaturError: it was changed, or signed with another key.
    """
    vist, jws_tekst = _del_opp(tekst.strip())
    try:
        lest = jws.deserialize_compact(jws_tekst, KeySet.import_key_set(noekler), algorithms=[ALG])  # type: ignore[arg-type]
        innhold = (lest.payload or b"").decode()
        er_som_vist = vist is None or vist == json.loads(innhold)
    except (JoseError, ValueError, KeyError):
        raise UgyldigSignaturError(_ENDRET) from None
    if not er_som_vist:
        raise UgyldigSignaturError(_VIST_ER_ENDRET)
    return innhold


def _del_opp(tekst: str) -> tuple[Any, str]:
    """What the answer shows, and what is signed."""
    if not tekst.startswith("{"):
        return None, tekst
    try:
        svar = json.loads(tekst)
        vist, signert = svar["rapport"], svar["jws"]
    except (ValueError, KeyError):
        raise UgyldigSignaturError(_IKKE_EN_RAPPORT) from None
    if set(svar) != {"rapport", "jws"} or not isinstance(signert, str):
        raise UgyldigSignaturError(_IKKE_EN_RAPPORT)
    return vist, signert


_IKKE_EN_RAPPORT: Final = "Filen er ikke en avstemming. Bruk svaret fra GET /api/v1/avstemminger/{id} slik det kom, eller bare jws fra det."
_ENDRET: Final = "Signaturen stemmer ikke: innholdet er endret, eller det er signert med en annen nøkkel."
_VIST_ER_ENDRET: Final = (
    "Signaturen stemmer, men rapporten som vises, er en annen enn den som er signert: den er endret etterpå."
)
