"""An issuer's public keys: kept a day, fetched once for all who wait, and used a while longer in an outage.

Digdir rotates its keys without notice, so an unknown ``kid`` fetches them anew, but never more often than
once a minute: a flood of made-up ``kid`` costs the issuer one call.
"""

import asyncio
import json
import math
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from pydantic import TypeAdapter, ValidationError

from app.skatt_client import Clock, Http, TransportError
from app.skatt_client.oppsett import Url

ALGORITMER: Final = ("RS256", "RS384", "RS512")
LEVETID: Final = 24 * 3600.0
"""Seconds the keys are used without asking again."""

NOEDDRIFT: Final = 24 * 3600.0
"""Seconds more they are used while the issuer cannot be reached."""

MELLOM_HENTINGER: Final = 60.0
MELLOM_FORSOEK_UTEN_NOEKLER: Final = 10.0
"""Seconds between attempts when there is nothing to go on with; everybody is being refused meanwhile."""

MAKS_BYTES: Final = 256 * 1024
MASKINPORTENS_METADATA: Final = ".well-known/oauth-authorization-server"
"""Where Maskinporten says where its keys are, after the issuer."""
_MIN_BITS: Final = 2048
_OK: Final = 200
_URL: Final[TypeAdapter[str]] = TypeAdapter(Url)

_logg = structlog.get_logger("egenandel.utsteder")


@dataclass(frozen=True, slots=True)
class Noekkel:
    """A published key, and the algorithm it is kept to if it says one."""

    alg: str | None
    rsa: RSAKey = field(repr=False)


class Noekler(Protocol):
    """Where keys come from."""

    async def hent(self, kid: str) -> Noekkel | None:
        """The key published under ``kid``; ``None`` if there is none.

        Raises:
            NoeklerUtilgjengeligError: it cannot be known now.
        """
        ...

    async def lukk(self) -> None:
        """Let go of connections."""
        ...


class NoeklerUtilgjengeligError(Exception):
    """The issuer's keys cannot be had, so nothing it has signed can be judged now.

    Attributes:
        vent: seconds until it is worth trying again.
    """

    def __init__(self, vent: int) -> None:
        super().__init__("utstederens nøkler er ikke tilgjengelige")
        self.vent = vent


class _UbrukeligError(Exception):
    """An answer that cannot be used; the text says why and repeats nothing of it."""


class Jwks:
    """The keys of one issuer.

    Args:
        issuer: as it is published; the metadata must name exactly this.
        http: the way out; redirects are refused there.
        clock: only its monotonic side is used.
        adresse: where the keys are, when the metadata is not to be asked.
        metadata: where the metadata is, after the issuer.
    """

    def __init__(
        self,
        issuer: str,
        http: Http,
        clock: Clock,
        adresse: str | None = None,
        *,
        metadata: str = MASKINPORTENS_METADATA,
    ) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._adresse = adresse
        self._metadata = f"{issuer}{metadata}"
        self._noekler: Mapping[str, Noekkel] = {}
        self._hentet = -math.inf
        self._neste_forsoek = -math.inf
        self._sist_gikk_galt = False
        self._under_henting: asyncio.Task[None] | None = None

    async def hent(self, kid: str) -> Noekkel | None:
        """See ``Noekler.hent``."""
        if kid not in self._noekler or self._alder() >= LEVETID:
            await self._hent_samlet()
        if self._alder() >= LEVETID + NOEDDRIFT:
            raise NoeklerUtilgjengeligError(self._vent())
        noekkel = self._noekler.get(kid)
        if noekkel is None and self._sist_gikk_galt:
            raise NoeklerUtilgjengeligError(self._vent())
        return noekkel

    async def lukk(self) -> None:
        """Stop a fetch under way and close the connections."""
        if self._under_henting is not None:
            self._under_henting.cancel()
        await self._http.aclose()

    def _alder(self) -> float:
        return self._clock.monotonic() - self._hentet

    def _vent(self) -> int:
        return max(1, math.ceil(self._neste_forsoek - self._clock.monotonic()))

    async def _hent_samlet(self) -> None:
        """One fetch at a time, as a task of its own: it outlives a caller that hangs up."""
        if self._under_henting is None or self._under_henting.done():
            if self._clock.monotonic() < self._neste_forsoek:
                return
            self._under_henting = asyncio.create_task(self._forny())
        await asyncio.shield(self._under_henting)

    async def _forny(self) -> None:
        begynt = self._clock.monotonic()
        try:
            self._noekler = await self._last_ned()
            self._hentet = begynt
            self._sist_gikk_galt = False
        except (TransportError, _UbrukeligError) as feil:
            # The keys we have stay: a bad answer must not lock everybody out.
            self._sist_gikk_galt = True
            _logg.warning(
                "nøklene kan ikke hentes", utsteder=self._issuer, grunn=str(feil), har=len(self._noekler)
            )
        har_noe = self._alder() < LEVETID + NOEDDRIFT
        self._neste_forsoek = begynt + (MELLOM_HENTINGER if har_noe else MELLOM_FORSOEK_UTEN_NOEKLER)

    async def _last_ned(self) -> Mapping[str, Noekkel]:
        return _les(await self._json(self._adresse or await self._finn_adresse()))

    async def _finn_adresse(self) -> str:
        metadata = await self._json(self._metadata)
        if metadata.get("issuer") != self._issuer:
            raise _UbrukeligError("issuer i metadata er en annen enn i innstillingene")
        try:
            return _URL.validate_python(metadata.get("jwks_uri"))
        except ValidationError:
            pass
        raise _UbrukeligError("jwks_uri i metadata er ikke en https-adresse")

    async def _json(self, adresse: str) -> dict[str, Any]:
        svar = await self._http.get(adresse)
        if svar.status != _OK:
            raise _UbrukeligError(f"status {svar.status}")
        try:
            lest = json.loads(svar.body)
        except (ValueError, RecursionError):
            lest = None
        if not isinstance(lest, dict):
            raise _UbrukeligError("svaret er ikke et JSON-objekt")
        return lest


def _les(jwks: dict[str, Any]) -> Mapping[str, Noekkel]:
    """The keys that may sign tokens. Others in the set are none of our business."""
    rader = jwks.get("keys")
    noekler: dict[str, Noekkel] = {}
    for rad in rader if isinstance(rader, list) else ():
        noekkel = _noekkel(rad) if isinstance(rad, dict) else None
        if noekkel is None:
            continue
        if rad["kid"] in noekler:
            raise _UbrukeligError("to nøkler har samme kid")
        noekler[rad["kid"]] = noekkel
    if not noekler:
        raise _UbrukeligError("ingen brukbare nøkler")
    return noekler


def _noekkel(rad: dict[str, Any]) -> Noekkel | None:
    kid, alg, n, e = (rad.get(navn) for navn in ("kid", "alg", "n", "e"))
    brukbar = (
        rad.get("kty") == "RSA"
        and isinstance(kid, str)
        and kid
        and rad.get("use", "sig") == "sig"
        and (alg is None or alg in ALGORITMER)
    )
    if not (brukbar and isinstance(n, str) and isinstance(e, str)):
        return None
    try:
        # The library warns of a short key; we refuse it before it gets that far.
        if int.from_bytes(urlsafe_b64decode(n + "==")).bit_length() < _MIN_BITS:
            return None
        # Only the public numbers: whatever else the row holds decides nothing.
        return Noekkel(alg, RSAKey.import_key({"kty": "RSA", "n": n, "e": e}))
    except (JoseError, ValueError, TypeError):
        return None
