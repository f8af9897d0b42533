"""Our side of the protocol with one provider: asking for a login, and exchanging the code. Authlib speaks it.

It is told what it would leave out or choose differently: ``kid`` and a short life on our assertion with the issuer as
``aud``, the request pushed and not carried by the browser, and nothing remembered between two users.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.portal.innlogging.oppdagelse import Metadata
from app.services.sesjoner.forsoek import Forsoek
from app.skatt_client import KeySource, voktet_transport

_METODE: Final = "private_key_jwt"
_LEVETID: Final = 60
"""Seconds our assertion is good for."""

_FRIST: Final = 5.0
_HELE: Final = 10.0
"""Seconds for a step and for a whole exchange; a user waits."""

_STOERSTE_SVAR: Final = 256 * 1024
_OPPRETTET: Final = 201
_FEILKODE: Final = re.compile(r"[a-z_]{1,60}", re.ASCII)

_logg = structlog.get_logger("egenandel.innlogging")


@dataclass(frozen=True, slots=True)
class Tokensvar:
    """What the provider answered a code with."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    alt: Mapping[str, Any] = field(repr=False)


class Klientbevis(PrivateKeyJWT):  # type: ignore[misc]  # Authlib has no types
    """Proves who we are, anew for every call: the key of the moment, and a ``jti`` nobody has seen."""

    def __init__(self, utsteder: str, noekler: KeySource, naa: Callable[[], float]) -> None:
        super().__init__(utsteder)
        self._noekler = noekler
        self._naa = naa

    def sign(self, auth: Any, token_endpoint: str) -> str:
        """The assertion."""
        noekkel = self._noekler.keys()[0]
        bevis: str = private_key_jwt_sign(
            noekkel.jwk,
            client_id=auth.client_id,
            token_endpoint=token_endpoint,
            alg=noekkel.alg,
            header={"kid": noekkel.kid},
            issued_at=int(self._naa()),
            expires_in=_LEVETID,
        )
        return bevis


class Oidcklient:
    """One client at one provider.

    Args:
        utsteder: the issuer.
        klient_id: ours there.
        retur: where the browser comes back.
        noekler: what we sign with.
        naa: seconds since 1970.
        transport: another way out, for tests and sandboxes; the network otherwise.
    """

    def __init__(
        self,
        utsteder: str,
        klient_id: str,
        retur: str,
        noekler: KeySource,
        naa: Callable[[], float],
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._utsteder: Final = utsteder
        self._klient_id: Final = klient_id
        self._klient: Final = AsyncOAuth2Client(
            client_id=klient_id,
            redirect_uri=retur,
            token_endpoint_auth_method=_METODE,
            code_challenge_method="S256",
            transport=voktet_transport(transport, max_bytes=_STOERSTE_SVAR),
            timeout=_FRIST,
            follow_redirects=False,
            trust_env=False,
            # One client serves many users: no cookie of one may follow another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        self._klient.register_client_auth_method(Klientbevis(utsteder, noekler, naa))

    async def lukk(self) -> None:
        """Close all connections."""
        await self._klient.aclose()

    async def adresse(
        self, metadata: Metadata, forsoek: Forsoek, scope: str, lengst_siden: int, oensker: Mapping[str, Any]
    ) -> str:
        """Where to send the browser.

        Args:
            metadata: the provider's addresses.
            forsoek: the login.
            scope: what is asked of the provider.
            lengst_siden: seconds since the user last proved who they are, at most.
            oensker: what else to ask; needs PAR, so that the browser cannot change it.

        Raises:
            InnloggingAvvistError: the provider did not take the request.
        """
        strukturert = {
            navn: json.dumps(verdi) if isinstance(verdi, list) else verdi for navn, verdi in oensker.items()
        }
        hel, _ = self._klient.create_authorization_url(
            metadata.autorisasjon,
            state=forsoek.tilstand,
            code_verifier=forsoek.verifier,
            nonce=forsoek.nonce,
            scope=scope,
            max_age=str(lengst_siden),
            **strukturert,
        )
        if metadata.par is None:
            if oensker:
                _logg.error("tilbyderen har ikke PAR", utsteder=self._utsteder)
                raise InnloggingAvvistError(Grunn.UTILGJENGELIG)
            return str(hel)
        uri = await self._send_foran(metadata.par, dict(parse_qsl(urlsplit(hel).query)))
        return f"{metadata.autorisasjon}?{urlencode({'client_id': self._klient_id, 'request_uri': uri})}"

    async def veksle(self, metadata: Metadata, kode: str, verifier: str) -> Tokensvar:
        """Exchange the code.

        Raises:
            InnloggingAvvistError: the provider did not take it, or answered something else.
        """
        svar: Mapping[str, Any] | None = None
        grunn, hva = Grunn.UTILGJENGELIG, ""
        try:
            async with asyncio.timeout(_HELE):
                svar = await self._klient.fetch_token(
                    metadata.token,
                    grant_type="authorization_code",
                    code=kode,
                    code_verifier=verifier,
                    client_id=self._klient_id,
                )
        except AuthlibBaseError as feil:
            grunn, hva = Grunn.KODEN_AVVIST, _feilkode(feil.error)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as feil:
            hva = type(feil).__name__
        finally:
            # Authlib keeps the last token; the next user has no use for it.
            self._klient.token = None
        if svar is None:
            # Raised out here: the libraries' exceptions hold the request with the code.
            _logg.warning("koden kan ikke veksles", utsteder=self._utsteder, feil=hva)
            raise InnloggingAvvistError(grunn)
        id_token, access_token = svar.get("id_token"), svar.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise InnloggingAvvistError(Grunn.UTEN_ID_TOKEN)
        return Tokensvar(id_token, access_token, svar)

    async def _send_foran(self, adresse: str, felt: dict[str, str]) -> str:
        """Push the request (RFC 9126); what stands for it afterwards."""
        status, lest, hva = 0, None, ""
        try:
            async with asyncio.timeout(_HELE):
                svar = await self._klient.post(adresse, data=felt, auth=self._klient.client_auth(_METODE))
            status, lest = svar.status_code, svar.json()
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as feil:
            hva = type(feil).__name__
        if isinstance(lest, dict):
            uri = lest.get("request_uri")
            if status == _OPPRETTET and isinstance(uri, str) and uri:
                return uri
            hva = _feilkode(lest.get("error"))
        _logg.warning("forespørselen ble ikke tatt imot", utsteder=self._utsteder, status=status, feil=hva)
        raise InnloggingAvvistError(Grunn.UTILGJENGELIG)


def _feilkode(verdi: object) -> str:
    """The provider's word for it, when it is a word."""
    return verdi if isinstance(verdi, str) and _FEILKODE.fullmatch(verdi) else "ukjent"
