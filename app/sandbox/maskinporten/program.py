"""The ASGI program: metadata (RFC 8414), JWKS and the token endpoint."""

import secrets
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox.klokke import Klokke
from app.sandbox.maaling import Loggrad, Maalinger
from app.sandbox.maskinporten.bevilling import (
    ALGORITMER,
    AUTORITET,
    RAR_SYSTEMBRUKER,
    Bevilling,
    Dommer,
)
from app.sandbox.maskinporten.feil import Avslag, NektetError
from app.sandbox.maskinporten.register import Register
from app.sandbox.signering import Signeringsnoekler

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_STOERSTE_SKJEMA = 32_768
_SKJEMA = "application/x-www-form-urlencoded"


class Maskinporten:
    """One issuer with its signing keys, its register and its counters.

    Attributes:
        utsteder: issuer and grant ``aud``, with the trailing slash.
        register: clients, scopes, delegations and system users.
        tokenkall: granted tokens per cache key (no person in the key).
        avslag: refusals per MP code (or text where Digdir has no number).
        noekler: the signing keys.
    """

    def __init__(
        self,
        utsteder: str,
        register: Register,
        klokke: Klokke,
        maalinger: Maalinger,
        *,
        miljoe: str = "test",
    ) -> None:
        self.utsteder = utsteder
        self._maalinger = maalinger
        self.register = register
        self.klokke = klokke
        self.dommer = Dommer(utsteder, miljoe, register, klokke)
        self.tokenkall: Counter[str] = Counter()
        self.avslag: Counter[str] = Counter()
        self.noekler = Signeringsnoekler()
        self.app = Starlette(
            routes=[
                Route("/.well-known/oauth-authorization-server", self._metadata),
                Route("/jwk", self._jwks),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def roter(self, *, behold_gammel: bool = True) -> str:
        """Take a new signing key into use and return its ``kid``; the old one may stay published."""
        return self.noekler.roter(behold_gammel=behold_gammel)

    def ta_i_bruk(self, noekkel: RSAKey, *, behold_gammel: bool = True) -> None:
        """Sign with ``noekkel`` (which has a ``kid``) from now on."""
        self.noekler.ta_i_bruk(noekkel, behold_gammel=behold_gammel)

    def jwks(self) -> dict[str, Any]:
        """The published keys, public halves only: the same object until the keys change."""
        return self.noekler.jwks()

    def utsted(self, bevilling: Bevilling) -> dict[str, Any]:
        """The token response for an accepted grant."""
        naa = int(self.klokke.sekunder())
        levetid = bevilling.levetid()
        scope = " ".join(s.navn for s in bevilling.scopes)
        paastander: dict[str, Any] = {
            "iss": self.utsteder,
            "aud": _en_eller_flere(bevilling.ressurser) or "unspecified",
            "scope": scope,
            "token_type": "Bearer",
            "client_id": bevilling.klient.klient_id,
            "client_orgno": bevilling.klient.orgnr,
            "client_amr": bevilling.autentisert_med,
            "consumer": aktoer(bevilling.konsument),
            "iat": naa,
            "exp": naa + levetid,
            "jti": secrets.token_urlsafe(24),
        }
        if bevilling.leverandoer:
            paastander["supplier"] = aktoer(bevilling.leverandoer)
            paastander["delegation_source"] = bevilling.scopes[0].delegeringskilde
        if bevilling.pid:
            paastander["pid"] = bevilling.pid
        if bevilling.systembruker:
            bruker = bevilling.systembruker
            detalj: dict[str, Any] = {
                "type": RAR_SYSTEMBRUKER,
                "systemuser_id": [bruker.bruker_id],
                "systemuser_org": aktoer(bruker.orgnr),
                "system_id": bruker.system_id,
            }
            if bruker.ekstern_ref is not None:
                detalj["externalRef"] = bruker.ekstern_ref
            paastander["authorization_details"] = [detalj]
        return {
            "access_token": self.signer(paastander),
            "token_type": "Bearer",
            "expires_in": levetid,
            "scope": scope,
        }

    def signer(self, paastander: dict[str, Any]) -> str:
        """Sign any claims at all with the current key; tests make crooked tokens with it."""
        return self.noekler.signer(paastander)

    async def _metadata(self, request: Request) -> Response:
        return self._svar(
            {
                "issuer": self.utsteder,
                "token_endpoint": f"{self.utsteder}token",
                "jwks_uri": f"{self.utsteder}jwk",
                "grant_types_supported": [GRANT_TYPE],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": list(ALGORITMER),
                "authorization_details_types_supported": [RAR_SYSTEMBRUKER],
            }
        )

    async def _jwks(self, request: Request) -> Response:
        svar = self._svar(self.jwks())
        svar.headers["Cache-Control"] = "max-age=86400"
        return svar

    async def _token(self, request: Request) -> Response:
        try:
            bevilling = self.dommer.doem(await _assertion(request))
        except NektetError as nei:
            self.avslag[nei.avslag.kode or nei.avslag.name] += 1
            self._noter("", 400, nei.avslag.kode or nei.avslag.name)
            return self._svar(nei.kropp(), status=400)
        self._noter(bevilling.konsument, 200, "")
        self.tokenkall[bevilling.cachenoekkel()] += 1
        svar = self._svar(self.utsted(bevilling))
        svar.headers["Cache-Control"] = "no-store"
        return svar

    def _noter(self, konsument: str, status: int, kode: str) -> None:
        tid = self.klokke.tid().isoformat(timespec="milliseconds")
        self._maalinger.noter(Loggrad(tid, "maskinporten", "/token", konsument, status, kode))

    def _svar(self, kropp: dict[str, Any], status: int = 200) -> Response:
        return JSONResponse(kropp, status_code=status)


def aktoer(orgnr: str) -> dict[str, str]:
    """An organisation as Maskinporten writes it."""
    return {"authority": AUTORITET, "ID": f"0192:{orgnr}"}


def _en_eller_flere(ressurser: tuple[str, ...]) -> str | list[str] | None:
    if not ressurser:
        return None
    return ressurser[0] if len(ressurser) == 1 else list(ressurser)


async def _assertion(request: Request) -> str:
    """The assertion from the form; no other parameter is known, and no client authentication."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _SKJEMA:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "skjemaet må være application/x-www-form-urlencoded")
    if "authorization" in request.headers:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "klienten skal ikke autentisere seg utenom assertion")
    kropp = await request.body()
    if len(kropp) > _STOERSTE_SKJEMA:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "skjemaet er for stort")
    # Parsed by hand: Starlette's form() wants python-multipart, and doubled fields must be seen.
    felt = _skjemafelt(kropp)
    if len(felt) != len(dict(felt)) or dict(felt).keys() != {"grant_type", "assertion"}:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "skjemaet skal ha grant_type og assertion, og bare det")
    if dict(felt)["grant_type"] != GRANT_TYPE:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "grant_type")
    return dict(felt)["assertion"]


def _skjemafelt(kropp: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(kropp.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "skjemaet kan ikke leses") from None
