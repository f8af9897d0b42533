"""What clients call: discovery, keys, PAR, the token endpoint. JSON, and errors as JSON."""

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.sandbox.innlogging.feil import UGYLDIG_KODE, UGYLDIG_TOKEN, UKJENT_GRANT, OAuthError
from app.sandbox.innlogging.forespoersel import doem, returadresse
from app.sandbox.innlogging.kjerne import IKKE_LAGRE, Kjerne
from app.sandbox.innlogging.klientbevis import BEVISFELT, Klientdommer
from app.sandbox.innlogging.planting import I_TOKENSVARET, Plantet
from app.sandbox.innlogging.register import Klient
from app.sandbox.innlogging.skjema import bare_kjente, krev, les_skjema
from app.sandbox.innlogging.tilstand import FORHAANDSSENDT_LEVETID, TOKEN_LEVETID, Kode
from app.sandbox.innlogging.utstedelse import (
    LEVETID,
    at_hash,
    detaljer,
    kopien,
    signer,
    skjeve_detaljer,
    skjeve_paastander,
)

_VERIFIKATOR: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_TOKENFELT: Final = ("grant_type", "code", "redirect_uri", "code_verifier", "client_id", *BEVISFELT)

_Endepunkt = Callable[[Request], Awaitable[Response]]


class ForKlienter:
    """The endpoints a client calls itself."""

    def __init__(self, kjerne: Kjerne) -> None:
        self._kjerne = kjerne
        self._dommer = Klientdommer(kjerne.utforming.utsteder, kjerne.register, kjerne.klokke)

    def ruter(self) -> list[Route]:
        """Where they are."""
        adresser = self._kjerne.utforming.adresser
        ruter = [
            Route(adresser.oppdagelse, self._svar(self._metadata)),
            Route(adresser.noekler, self._svar(self._jwks)),
            Route(adresser.token, self._svar(self._token), methods=["POST"]),
        ]
        if adresser.par is not None:
            ruter.append(Route(adresser.par, self._svar(self._par), methods=["POST"]))
        if adresser.brukerinfo is not None:
            ruter.append(Route(adresser.brukerinfo, self._svar(self._brukerinfo)))
        return ruter

    def _svar(self, endepunkt: _Endepunkt) -> _Endepunkt:
        async def svar(request: Request) -> Response:
            try:
                godt = await endepunkt(request)
            except OAuthError as nei:
                self._kjerne.noter(request, nei.status, nei.kode)
                daarlig = JSONResponse(nei.kropp(), nei.status, IKKE_LAGRE)
                if nei.kode == UGYLDIG_TOKEN:
                    daarlig.headers["WWW-Authenticate"] = f'Bearer error="{nei.kode}"'
                return daarlig
            self._kjerne.noter(request, godt.status_code, "")
            return godt

        return svar

    async def _metadata(self, request: Request) -> Response:
        return JSONResponse(self._kjerne.utforming.metadata())

    async def _jwks(self, request: Request) -> Response:
        return JSONResponse(self._kjerne.noekler.jwks(), headers={"Cache-Control": "max-age=86400"})

    async def _par(self, request: Request) -> Response:
        felt = await les_skjema(request)
        klient = self._dommer.doem(felt, request.headers.get("authorization"))
        resten = {navn: verdi for navn, verdi in felt.items() if navn not in BEVISFELT}
        returadresse(resten, klient)
        forespoersel = doem(resten, klient, self._kjerne.utforming, forhaandssendt=True)
        uri = self._kjerne.tilstand.ta_imot(forespoersel)
        return JSONResponse({"request_uri": uri, "expires_in": FORHAANDSSENDT_LEVETID}, 201, IKKE_LAGRE)

    async def _token(self, request: Request) -> Response:
        felt = await les_skjema(request)
        klient = self._dommer.doem(felt, request.headers.get("authorization"))
        bare_kjente(felt, _TOKENFELT)
        if krev(felt, "grant_type") != "authorization_code":
            raise OAuthError(UKJENT_GRANT, "grant_type må være authorization_code")
        verdi, adresse, verifikator = (krev(felt, navn) for navn in ("code", "redirect_uri", "code_verifier"))
        # Spent by the first try, also one that is refused.
        kode = self._kjerne.tilstand.bruk_kode(verdi, klient.klient_id)
        if kode is None:
            raise OAuthError(UGYLDIG_KODE, "Koden er ukjent, brukt, utløpt eller gitt til en annen klient")
        if adresse != kode.forespoersel.returadresse:
            raise OAuthError(UGYLDIG_KODE, "redirect_uri er en annen enn i forespørselen")
        if not _VERIFIKATOR.fullmatch(verifikator) or not _passer(verifikator, kode.forespoersel.utfordring):
            raise OAuthError(UGYLDIG_KODE, "code_verifier passer ikke til code_challenge")
        return JSONResponse(self._utsted(kode, klient), headers=IKKE_LAGRE)

    async def _brukerinfo(self, request: Request) -> Response:
        ordning, _, token = request.headers.get("authorization", "").partition(" ")
        tilgang = self._kjerne.tilstand.tilgang(token) if ordning.lower() == "bearer" else None
        if tilgang is None:
            raise OAuthError(UGYLDIG_TOKEN, "access_token er ukjent, utløpt eller trukket tilbake")
        return JSONResponse({"sub": tilgang.sub}, headers=IKKE_LAGRE)

    def _utsted(self, kode: Kode, klient: Klient) -> dict[str, Any]:
        """The token response."""
        feil = self._kjerne.trekk(I_TOKENSVARET)
        spurt = kode.forespoersel
        hvem = self._kjerne.utforming.om(kode.ansatt, klient.klient_id, spurt.scope)
        access_token = self._kjerne.tilstand.nytt_token(kode, hvem["sub"])
        naa = int(self._kjerne.klokke.sekunder())
        paastander = {
            "iss": self._kjerne.utforming.utsteder,
            "aud": klient.klient_id,
            "iat": naa,
            "exp": naa + LEVETID,
            "auth_time": int(kode.innlogget),
            "nonce": spurt.nonce,
            "sid": kode.sid,
            "jti": secrets.token_urlsafe(24),
            "at_hash": at_hash(access_token),
            **hvem,
        }
        kropp: dict[str, Any] = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LEVETID,
            "scope": " ".join(sorted(spurt.scope)),
        }
        if spurt.oenske is not None and kode.orgnr is not None:
            kan = self._kjerne.kan_representere(kode.ansatt, spurt)
            if kode.orgnr not in kan:
                raise OAuthError(UGYLDIG_KODE, "Rettigheten er trukket tilbake")
            rette = detaljer(spurt.oenske.ressurs, kode.orgnr, kan[kode.orgnr])
            svaret = skjeve_detaljer(rette, feil)
            if svaret is not None:
                paastander["authorization_details"] = kopien(svaret, feil)
                kropp["authorization_details"] = svaret
        if Plantet.DETALJER_BARE_I_ID_TOKEN in feil:
            kropp.pop("authorization_details", None)
        if Plantet.UTEN_ID_TOKEN not in feil:
            kropp["id_token"] = signer(self._kjerne.noekler, skjeve_paastander(paastander, feil), feil)
        return kropp


def _passer(verifikator: str, utfordring: str) -> bool:
    avtrykk = base64.urlsafe_b64encode(hashlib.sha256(verifikator.encode("ascii")).digest())
    return secrets.compare_digest(avtrykk.decode().rstrip("="), utfordring)
