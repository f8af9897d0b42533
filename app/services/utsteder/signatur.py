"""What an issuer has signed: read only when the signature is known to be the issuer's."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from app.services.utsteder.jwks import ALGORITMER, Noekler

STOERST: Final = 8 * 1024
"""Bytes of a whole token."""

_TOKEN: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class Signaturfeil(Enum):
    """Why it is not the issuer's word."""

    ULESELIG = "uleselig"
    ALGORITME = "algoritme"
    UTEN_KID = "uten-kid"
    CRIT = "crit"
    UKJENT_NOEKKEL = "ukjent-noekkel"
    SIGNATUR = "signatur"


class UgyldigSignaturError(Exception):
    """It is not the issuer's word. Holds nothing of it."""

    def __init__(self, feil: Signaturfeil) -> None:
        super().__init__(feil.value)
        self.feil = feil


@dataclass(frozen=True, slots=True)
class Signert:
    """What is known to be the issuer's."""

    alg: str
    paastander: Mapping[str, Any] = field(repr=False)


class _Register(jws.JWSRegistry):
    """Room for a header with a certificate chain, which is read past; the whole token is bounded already."""

    max_header_length = STOERST
    max_payload_length = STOERST


_REGISTER: Final = _Register(algorithms=ALGORITMER, strict_check_header=False)


async def les_signert(token: str, noekler: Noekler) -> Signert:
    """The claims, once the signature is known to be the issuer's.

    Args:
        token: a JWT in compact form.
        noekler: the issuer's keys.

    Raises:
        UgyldigSignaturError: it is not the issuer's.
        NoeklerUtilgjengeligError: it cannot be known now.
    """
    if len(token) > STOERST or not _TOKEN.fullmatch(token):
        raise UgyldigSignaturError(Signaturfeil.ULESELIG)
    try:
        delt = jws.extract_compact(token.encode("ascii"), registry=_REGISTER)
        hode, paastander = delt.protected, json.loads(delt.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise UgyldigSignaturError(Signaturfeil.ULESELIG) from None
    if not isinstance(hode, dict) or not isinstance(paastander, dict):
        raise UgyldigSignaturError(Signaturfeil.ULESELIG)
    if hode.get("alg") not in ALGORITMER:
        raise UgyldigSignaturError(Signaturfeil.ALGORITME)
    if "crit" in hode:
        raise UgyldigSignaturError(Signaturfeil.CRIT)
    kid = hode.get("kid")
    if not isinstance(kid, str) or not kid:
        raise UgyldigSignaturError(Signaturfeil.UTEN_KID)
    # jwk, jku, x5u and x5c are read past: the key is the issuer's own, found by kid.
    noekkel = await noekler.hent(kid)
    if noekkel is None:
        raise UgyldigSignaturError(Signaturfeil.UKJENT_NOEKKEL)
    if noekkel.alg not in (None, hode["alg"]):
        raise UgyldigSignaturError(Signaturfeil.ALGORITME)
    try:
        ekte = jws.validate_compact(delt, noekkel.rsa, registry=_REGISTER)
    except (JoseError, ValueError, TypeError):
        ekte = False
    if not ekte:
        raise UgyldigSignaturError(Signaturfeil.SIGNATUR)
    return Signert(hode["alg"], paastander)
