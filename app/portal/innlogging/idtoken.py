"""Judges an id_token (OpenID Connect Core § 3.1.3.7), a little stricter than it must be.

``aud`` is us and nobody else: a token that is also somebody else's could have come from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final

from authlib.oidc.core.util import create_half_hash

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.services.utsteder.jwks import Noekler, NoeklerUtilgjengeligError
from app.services.utsteder.signatur import Signert, UgyldigSignaturError, les_signert

KLOKKESLINGRING: Final = 10
"""Seconds our clock and the provider's may disagree."""

LENGSTE_LEVETID: Final = 3_900
"""Seconds from ``iat`` to ``exp``: Entra's last a little over an hour, Ansattporten's two minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Krav:
    """What an id_token must say.

    Attributes:
        utsteder: the issuer, to the letter.
        klient_id: us.
        nonce: what was asked with.
        access_token: what it came with.
        lengst_siden: seconds since the user proved who they are, at most.
        maa_si_naar: whether it must say when that was.
    """

    utsteder: str
    klient_id: str
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    lengst_siden: int
    maa_si_naar: bool


async def les_id_token(id_token: str, krav: Krav, noekler: Noekler, naa: float) -> Mapping[str, Any]:
    """The claims, when everything is as it must be.

    Args:
        id_token: as it came.
        krav: what it must say.
        noekler: the provider's keys.
        naa: seconds since 1970.

    Raises:
        InnloggingAvvistError: something is not.
    """
    signert = await _signert(id_token, noekler)
    paastander = signert.paastander
    if paastander.get("iss") != krav.utsteder:
        raise InnloggingAvvistError(Grunn.UTSTEDER)
    if paastander.get("aud") not in (krav.klient_id, [krav.klient_id]):
        raise InnloggingAvvistError(Grunn.MOTTAKER)
    if paastander.get("azp", krav.klient_id) != krav.klient_id:
        raise InnloggingAvvistError(Grunn.MOTTAKER)
    _kontroller_tid(paastander, krav, naa)
    if not _like(paastander.get("nonce"), krav.nonce):
        raise InnloggingAvvistError(Grunn.NONCE)
    if "at_hash" in paastander:
        ventet = create_half_hash(krav.access_token, signert.alg)
        if ventet is None or not _like(paastander["at_hash"], ventet.decode("ascii")):
            raise InnloggingAvvistError(Grunn.AT_HASH)
    if not isinstance(paastander.get("sub"), str) or not paastander["sub"]:
        raise InnloggingAvvistError(Grunn.UTEN_SUBJEKT)
    return paastander


async def _signert(id_token: str, noekler: Noekler) -> Signert:
    try:
        return await les_signert(id_token, noekler)
    except UgyldigSignaturError as feil:
        grunn = Grunn[feil.feil.name]
    except NoeklerUtilgjengeligError:
        grunn = Grunn.UTILGJENGELIG
    raise InnloggingAvvistError(grunn)


def _kontroller_tid(paastander: Mapping[str, Any], krav: Krav, naa: float) -> None:
    utloep, utstedt = _tidspunkt(paastander, "exp"), _tidspunkt(paastander, "iat")
    if utloep is None or utloep <= naa - KLOKKESLINGRING:
        raise InnloggingAvvistError(Grunn.UTLOEPT)
    if utstedt is None or max(utstedt, _tidspunkt(paastander, "nbf") or 0) > naa + KLOKKESLINGRING:
        raise InnloggingAvvistError(Grunn.FRAM_I_TID)
    if utloep - utstedt > LENGSTE_LEVETID:
        raise InnloggingAvvistError(Grunn.UTLOEPT)
    if "auth_time" not in paastander and not krav.maa_si_naar:
        return
    innlogget = _tidspunkt(paastander, "auth_time")
    if (
        innlogget is None
        or not 0 <= naa - innlogget + KLOKKESLINGRING <= krav.lengst_siden + 2 * KLOKKESLINGRING
    ):
        raise InnloggingAvvistError(Grunn.GAMMEL_INNLOGGING)


def _tidspunkt(paastander: Mapping[str, Any], navn: str) -> int | None:
    verdi = paastander.get(navn)
    return verdi if isinstance(verdi, int) and not isinstance(verdi, bool) else None


def _like(verdi: object, ventet: str) -> bool:
    return isinstance(verdi, str) and compare_digest(verdi.encode(), ventet.encode())
