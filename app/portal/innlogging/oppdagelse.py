"""What a provider publishes of itself: its addresses, kept a day and used a while longer in an outage."""

import asyncio
import json
import math
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from pydantic import TypeAdapter, ValidationError

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.skatt_client import Clock, Http, TransportError
from app.skatt_client.oppsett import Url

METADATA: Final = "/.well-known/openid-configuration"
"""After the issuer (OpenID Connect Discovery)."""

LEVETID: Final = 24 * 3600.0
NOEDDRIFT: Final = 24 * 3600.0
MELLOM_FORSOEK: Final = 10.0
"""Seconds between attempts when there is nothing to go on with."""

_URL: Final[TypeAdapter[str]] = TypeAdapter(Url)
_OK: Final = 200

_logg = structlog.get_logger("egenandel.innlogging")


@dataclass(frozen=True, slots=True)
class Metadata:
    """A provider's addresses.

    Attributes:
        utlogging: where the provider's own session is ended; ``None`` when it cannot be.
        par: where requests are pushed; ``None`` when they go with the browser.
        sier_utsteder: whether it promises to say in the callback who it is (RFC 9207).
    """

    autorisasjon: str
    token: str
    utlogging: str | None
    par: str | None
    sier_utsteder: bool


class _UbrukeligError(Exception):
    """An answer that cannot be used; the text says why and repeats nothing of it."""


class Oppdagelse:
    """The published document of one provider.

    Args:
        utsteder: the issuer; the document must name exactly this.
        http: the way out; redirects are refused there.
        clock: only its monotonic side is used.
    """

    def __init__(self, utsteder: str, http: Http, clock: Clock) -> None:
        self._utsteder: Final = utsteder
        self._http: Final = http
        self._clock: Final = clock
        self._laas: Final = asyncio.Lock()
        self._metadata: Metadata | None = None
        self._hentet = -math.inf
        self._neste_forsoek = -math.inf

    async def hent(self) -> Metadata:
        """The addresses; fetched once for all who wait.

        Raises:
            InnloggingAvvistError: they cannot be known now.
        """
        async with self._laas:
            if self._alder() >= LEVETID and self._clock.monotonic() >= self._neste_forsoek:
                await self._forny()
            if self._metadata is None or self._alder() >= LEVETID + NOEDDRIFT:
                raise InnloggingAvvistError(Grunn.UTILGJENGELIG)
            return self._metadata

    def _alder(self) -> float:
        return self._clock.monotonic() - self._hentet

    async def _forny(self) -> None:
        begynt = self._clock.monotonic()
        self._neste_forsoek = begynt + MELLOM_FORSOEK
        try:
            svar = await self._http.get(f"{self._utsteder}{METADATA}")
            if svar.status != _OK:
                raise _UbrukeligError(f"status {svar.status}")
            self._metadata = _les(svar.body, self._utsteder)
            self._hentet = begynt
        except (TransportError, _UbrukeligError) as feil:
            _logg.warning("tilbyderen kan ikke spørres", utsteder=self._utsteder, grunn=str(feil))


def opphav(adresse: str) -> str:
    """Scheme, host and port, as the browser's rules name a place."""
    deler = urlsplit(adresse)
    return f"{deler.scheme}://{deler.netloc}"


def _les(kropp: bytes, utsteder: str) -> Metadata:
    try:
        lest = json.loads(kropp)
    except (ValueError, RecursionError):
        lest = None
    if not isinstance(lest, dict):
        raise _UbrukeligError("svaret er ikke et JSON-objekt")
    if lest.get("issuer") != utsteder:
        raise _UbrukeligError("issuer i metadata er en annen enn i innstillingene")
    autorisasjon, token = (_adresse(lest, navn) for navn in ("authorization_endpoint", "token_endpoint"))
    if autorisasjon is None or token is None:
        raise _UbrukeligError("authorization_endpoint og token_endpoint må være https-adresser")
    return Metadata(
        autorisasjon=autorisasjon,
        token=token,
        utlogging=_adresse(lest, "end_session_endpoint"),
        par=_adresse(lest, "pushed_authorization_request_endpoint"),
        sier_utsteder=lest.get("authorization_response_iss_parameter_supported") is True,
    )


def _adresse(lest: dict[str, Any], navn: str) -> str | None:
    try:
        return _URL.validate_python(lest.get(navn))
    except ValidationError:
        return None
