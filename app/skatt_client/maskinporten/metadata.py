"""Maskinporten's own description of itself (RFC 8414): the issuer and where tokens are fetched."""

import asyncio
import json
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.skatt_client.clock import Clock
from app.skatt_client.feil import TransportError
from app.skatt_client.maskinporten.feil import Avslag, MaskinportenError, avslag_fra, ugyldig_svar, uten_svar
from app.skatt_client.oppsett import Url
from app.skatt_client.transport import Http, Svar

LEVETID: Final = 24 * 3600.0
_FRIST_ETTER_FEIL: Final = 60.0
_STI: Final = ".well-known/oauth-authorization-server"
_OK: Final = 200
_URL: Final[TypeAdapter[str]] = TypeAdapter(Url)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The two things needed of it."""

    issuer: str
    token_endpoint: str


class MetadataSource:
    """Fetched once and kept a day; if it cannot be renewed, the old answer is used on."""

    def __init__(self, issuer: str, http: Http, clock: Clock) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._lock = asyncio.Lock()
        self._svar: Metadata | None = None
        self._fornyes = 0.0
        self._avslag: Avslag | None = None
        self._runde = 0

    async def hent(self) -> Metadata:
        """The metadata.

        Raises:
            MaskinportenError: it cannot be had, or names another issuer than the one in the settings.
        """
        runde = self._runde
        async with self._lock:
            if self._svar is None and self._avslag is not None and self._runde != runde:
                # Somebody tried while we waited in line: a line of timeouts helps nobody.
                raise self._avslag.feil()
            if self._svar is None or self._clock.monotonic() >= self._fornyes:
                await self._forny()
            if self._svar is None:
                raise ugyldig_svar("metadata", "metadata mangler").feil()
            return self._svar

    async def _forny(self) -> None:
        try:
            self._svar = await self._hent()
            self._fornyes = self._clock.monotonic() + LEVETID
        except MaskinportenError as feil:
            self._avslag = feil.avslag
            self._runde += 1
            if self._svar is None:
                raise
            self._fornyes = self._clock.monotonic() + _FRIST_ETTER_FEIL

    async def _hent(self) -> Metadata:
        skille = "" if self._issuer.endswith("/") else "/"
        svar: Svar | None = None
        try:
            svar = await self._http.get(f"{self._issuer}{skille}{_STI}")
        except TransportError as feil:
            avslag = uten_svar(feil.aarsak)
        if svar is None:
            raise avslag.feil()
        if svar.status != _OK:
            raise avslag_fra(svar).feil()
        return self._les(svar.body)

    def _les(self, body: bytes) -> Metadata:
        try:
            raa = json.loads(body)
        except (ValueError, RecursionError):
            raa = None
        if not isinstance(raa, dict):
            raise ugyldig_svar("metadata", "metadata er ikke JSON").feil()
        if raa.get("issuer") != self._issuer:
            raise ugyldig_svar("metadata-issuer", "issuer i metadata er en annen enn i oppsettet").feil()
        try:
            endepunkt = _URL.validate_python(raa.get("token_endpoint"))
        except ValidationError:
            endepunkt = None
        if endepunkt is None:
            raise ugyldig_svar("metadata", "token_endpoint i metadata er ikke en https-adresse").feil()
        return Metadata(self._issuer, endepunkt)
