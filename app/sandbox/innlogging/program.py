"""The ASGI program of a login provider: discovery, PAR, login with pickers, token, logout."""

import base64
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.sandbox.innlogging.ansatte import ANSATTE, ETTER_KALLENAVN, Ansatt
from app.sandbox.innlogging.feil import (
    AVSLAATT,
    INNLOGGING_KREVES,
    UGYLDIG,
    UGYLDIG_KODE,
    UGYLDIG_TOKEN,
    UKJENT_GRANT,
    UKJENT_KLIENT,
    VALG_KREVES,
    OAuthError,
    SideError,
)
from app.sandbox.innlogging.forespoersel import Forespoersel, doem, returadresse
from app.sandbox.innlogging.klientbevis import BEVISFELT, Klientdommer
from app.sandbox.innlogging.planting import I_RETUR, I_TOKENSVARET, Planer, Plantet
from app.sandbox.innlogging.register import Klient, Register
from app.sandbox.innlogging.sider import STIL, Sider
from app.sandbox.innlogging.skjema import bare_kjente, krev, les_skjema, les_spoerring
from app.sandbox.innlogging.tilstand import (
    FORHAANDSSENDT_LEVETID,
    LENGSTE_OEKT,
    TOKEN_LEVETID,
    Kode,
    Oekt,
    Samtale,
    Tilstand,
)
from app.sandbox.innlogging.utforming import Utforming, rettighetene
from app.sandbox.innlogging.utstedelse import (
    LEVETID,
    at_hash,
    detaljer,
    kopien,
    signer,
    skjeve_detaljer,
    skjeve_paastander,
)
from app.sandbox.klokke import Klokke
from app.sandbox.maaling import Loggrad, Maalinger
from app.sandbox.maskinporten.register import SEKUNDER_I_AARET
from app.sandbox.signering import ALGORITME, Signeringsnoekler, ny_rsa_noekkel

_VERIFIKATOR: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_TOKENFELT: Final = ("grant_type", "code", "redirect_uri", "code_verifier", "client_id", *BEVISFELT)
_AVSLUTNINGSFELT: Final = ("id_token_hint", "post_logout_redirect_uri", "state", "client_id", "ui_locales")
_FREMMED_UTSTEDER: Final = "https://fremmed-utsteder.example"

_Endepunkt = Callable[[Request], Awaitable[Response]]


class Tilbyder:
    """One login provider.

    Attributes:
        utforming: what it looks like from outside.
        register: its clients.
        rettigheter: what Altinn gives each employee on our resource, by organisation; may be changed.
        noekler: its signing keys.
    """

    def __init__(
        self, utforming: Utforming, register: Register, klokke: Klokke, maalinger: Maalinger, planer: Planer
    ) -> None:
        self.utforming = utforming
        self.register = register
        self.rettigheter: dict[str, dict[str, tuple[str, ...]]] = {}
        self.noekler = Signeringsnoekler()
        self._klokke = klokke
        self._maalinger = maalinger
        self._planer = planer
        self._tilstand = Tilstand(klokke)
        self._dommer = Klientdommer(utforming.utsteder, register, klokke)
        self._sider = Sider(utforming.navn, utforming.prefiks)
        self._kapsel = f"sandkasse-{utforming.system}"
        self.nullstill()
        self.app = Starlette(routes=self._ruter())

    def nullstill(self) -> None:
        """Everybody logged out, and rights as at the start; clients are the register's business."""
        self._tilstand.toem()
        self.rettigheter = {ansatt.kallenavn: dict(ansatt.rettigheter) for ansatt in ANSATTE}

    def registrer_noekkel(
        self, klient_id: str, noekkel: RSAKey, *, kid: str, levetid: float = SEKUNDER_I_AARET
    ) -> None:
        """Post a public key on a client; ``levetid`` is seconds until it expires."""
        utloeper = self._klokke.sekunder() + levetid
        self.register.legg_til_noekkel(klient_id, noekkel, kid=kid, utloeper=utloeper)

    def ny_noekkel(self, klient_id: str, kid: str) -> RSAKey:
        """Make a private key, post its public half and return it."""
        noekkel = ny_rsa_noekkel(kid)
        self.registrer_noekkel(klient_id, noekkel, kid=kid)
        return noekkel

    def oekter(self) -> list[Oekt]:
        """Every session that is alive."""
        return self._tilstand.oekter()

    def logg_ut(self, kallenavn: str) -> list[str]:
        """End every session of an employee without a browser; the addresses a browser would have opened."""
        adresser = []
        for oekt in self._tilstand.oekter():
            if oekt.ansatt.kallenavn == kallenavn:
                adresser += [adresse for _, adresse in self._rammer(oekt)]
                self._tilstand.logg_ut(oekt)
        return adresser

    def _ruter(self) -> list[Route]:
        adresser = self.utforming.adresser
        ruter = [
            Route(adresser.oppdagelse, self._til_klient(self._metadata)),
            Route(adresser.noekler, self._til_klient(self._jwks)),
            Route(adresser.token, self._til_klient(self._token), methods=["POST"]),
            Route(adresser.autorisasjon, self._til_person(self._autoriser), methods=["GET", "POST"]),
            Route(adresser.avslutning, self._til_person(self._avslutt), methods=["GET", "POST"]),
            Route("/velg-ansatt", self._til_person(self._velg_ansatt), methods=["POST"]),
            Route("/velg-virksomhet", self._til_person(self._velg_virksomhet), methods=["POST"]),
            Route("/avbryt", self._til_person(self._avbryt), methods=["POST"]),
            Route("/oekt", self._til_person(self._vis_oekt)),
            Route("/oekt/avslutt", self._til_person(self._avslutt_oekt), methods=["POST"]),
            Route("/stil.css", _stil),
        ]
        if adresser.par is not None:
            ruter.append(Route(adresser.par, self._til_klient(self._par), methods=["POST"]))
        if adresser.brukerinfo is not None:
            ruter.append(Route(adresser.brukerinfo, self._til_klient(self._brukerinfo)))
        return ruter

    # What clients call: JSON, and errors as JSON.

    def _til_klient(self, endepunkt: _Endepunkt) -> _Endepunkt:
        async def svar(request: Request) -> Response:
            try:
                godt = await endepunkt(request)
            except OAuthError as nei:
                self._noter(request, nei.status, nei.kode)
                daarlig = JSONResponse(nei.kropp(), nei.status, _IKKE_LAGRE)
                if nei.kode == UGYLDIG_TOKEN:
                    daarlig.headers["WWW-Authenticate"] = f'Bearer error="{nei.kode}"'
                return daarlig
            self._noter(request, godt.status_code, "")
            return godt

        return svar

    async def _metadata(self, request: Request) -> Response:
        return JSONResponse(self.utforming.metadata())

    async def _jwks(self, request: Request) -> Response:
        return JSONResponse(self.noekler.jwks(), headers={"Cache-Control": "max-age=86400"})

    async def _par(self, request: Request) -> Response:
        felt = await les_skjema(request)
        klient = self._dommer.doem(felt, request.headers.get("authorization"))
        resten = {navn: verdi for navn, verdi in felt.items() if navn not in BEVISFELT}
        returadresse(resten, klient)
        forespoersel = doem(resten, klient, self.utforming, forhaandssendt=True)
        uri = self._tilstand.ta_imot(forespoersel)
        return JSONResponse({"request_uri": uri, "expires_in": FORHAANDSSENDT_LEVETID}, 201, _IKKE_LAGRE)

    async def _token(self, request: Request) -> Response:
        felt = await les_skjema(request)
        klient = self._dommer.doem(felt, request.headers.get("authorization"))
        bare_kjente(felt, _TOKENFELT)
        if krev(felt, "grant_type") != "authorization_code":
            raise OAuthError(UKJENT_GRANT, "grant_type må være authorization_code")
        verdi, adresse, verifikator = (krev(felt, navn) for navn in ("code", "redirect_uri", "code_verifier"))
        # Spent by the first try, also one that is refused.
        kode = self._tilstand.bruk_kode(verdi, klient.klient_id)
        if kode is None:
            raise OAuthError(UGYLDIG_KODE, "Koden er ukjent, brukt, utløpt eller gitt til en annen klient")
        if adresse != kode.forespoersel.returadresse:
            raise OAuthError(UGYLDIG_KODE, "redirect_uri er en annen enn i forespørselen")
        if not _VERIFIKATOR.fullmatch(verifikator) or not _passer(verifikator, kode.forespoersel.utfordring):
            raise OAuthError(UGYLDIG_KODE, "code_verifier passer ikke til code_challenge")
        return JSONResponse(self._utsted(kode, klient), headers=_IKKE_LAGRE)

    async def _brukerinfo(self, request: Request) -> Response:
        ordning, _, token = request.headers.get("authorization", "").partition(" ")
        tilgang = self._tilstand.tilgang(token) if ordning.lower() == "bearer" else None
        if tilgang is None:
            raise OAuthError(UGYLDIG_TOKEN, "access_token er ukjent, utløpt eller trukket tilbake")
        return JSONResponse({"sub": tilgang.sub}, headers=_IKKE_LAGRE)

    def _utsted(self, kode: Kode, klient: Klient) -> dict[str, Any]:
        """The token response."""
        feil = self._planer.trekk(self.utforming.system, I_TOKENSVARET)
        spurt = kode.forespoersel
        hvem = self.utforming.om(kode.ansatt, klient.klient_id, spurt.scope)
        access_token = self._tilstand.nytt_token(kode, hvem["sub"])
        naa = int(self._klokke.sekunder())
        paastander = {
            "iss": self.utforming.utsteder,
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
            kan = self._kan_representere(kode.ansatt, spurt)
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
            kropp["id_token"] = signer(self.noekler, skjeve_paastander(paastander, feil), feil)
        return kropp

    # What the person's browser calls: pages and redirects.

    def _til_person(self, endepunkt: _Endepunkt) -> _Endepunkt:
        async def svar(request: Request) -> Response:
            try:
                svaret = await endepunkt(request)
            except SideError as nei:
                self._noter(request, nei.status, nei.kode)
                return self._sider.feil(nei)
            except OAuthError as nei:
                self._noter(request, nei.status, nei.kode)
                return self._sider.feil(SideError(nei.kode, nei.beskrivelse))
            self._noter(request, svaret.status_code, getattr(request.state, "kode", ""))
            return svaret

        return svar

    async def _autoriser(self, request: Request) -> Response:
        felt = les_spoerring(request) if request.method == "GET" else await les_skjema(request)
        klient = self._klient(felt)
        if "request_uri" in felt:
            forespoersel = self._tilstand.hent_forhaandssendt(felt["request_uri"], klient.klient_id)
            if forespoersel is None:
                raise SideError(UGYLDIG, "request_uri er ukjent, brukt, utløpt eller en annen klients")
            if felt.keys() != {"client_id", "request_uri"}:
                nei = OAuthError(UGYLDIG, "Med request_uri kan det ellers bare stå client_id")
                return self._avslag(request, forespoersel.returadresse, forespoersel.state, nei)
        else:
            adresse = returadresse(felt, klient)
            try:
                forespoersel = doem(felt, klient, self.utforming, forhaandssendt=False)
            except OAuthError as nei:
                return self._avslag(request, adresse, felt.get("state"), nei)
        return self._begynn(request, klient, forespoersel)

    def _begynn(self, request: Request, klient: Klient, spurt: Forespoersel) -> Response:
        """Single sign-on when it will do, else the picker."""
        oekt = self._oekten(request)
        if oekt is not None and self._duger(oekt, spurt):
            self._tilstand.bruk(oekt)
            if spurt.oenske is None:
                return self._ferdig(spurt, oekt, None)
            if spurt.prompt == "none":
                nei = OAuthError(VALG_KREVES, "Personen må velge virksomhet")
                return self._avslag(request, spurt.returadresse, spurt.state, nei)
            samtale = self._tilstand.begynn(spurt)
            samtale.sid = oekt.sid
            return self._vis_virksomheter(samtale, klient, oekt.ansatt)
        if spurt.prompt == "none":
            nei = OAuthError(INNLOGGING_KREVES, "Personen er ikke logget inn, eller ikke slik det kreves")
            return self._avslag(request, spurt.returadresse, spurt.state, nei)
        return self._sider.velg_ansatt(self._tilstand.begynn(spurt), klient, self.utforming.ansatte())

    def _duger(self, oekt: Oekt, spurt: Forespoersel) -> bool:
        """Whether the session is fresh and strong enough for what is asked."""
        alder = self._klokke.sekunder() - oekt.innlogget
        return (
            spurt.prompt not in ("login", "select_account")
            and (spurt.maks_alder is None or alder <= spurt.maks_alder)
            and self._naar_nivaaet(oekt.ansatt, spurt)
        )

    def _naar_nivaaet(self, ansatt: Ansatt, spurt: Forespoersel) -> bool:
        nivaaer = self.utforming.nivaaer
        return spurt.nivaa is None or nivaaer.index(ansatt.nivaa) >= nivaaer.index(spurt.nivaa)

    async def _velg_ansatt(self, request: Request) -> Response:
        felt = await les_skjema(request)
        samtale, klient = self._samtalen(felt)
        ansatt = ETTER_KALLENAVN.get(krev(felt, "ansatt"))
        if ansatt is None or ansatt not in self.utforming.ansatte():
            raise SideError(UGYLDIG, "Ingen ansatt heter det")
        if not self._naar_nivaaet(ansatt, samtale.forespoersel):
            return self._sider.velg_ansatt(
                samtale,
                klient,
                self.utforming.ansatte(),
                "Den du valgte, kan bare logge inn på nivå betydelig, og tjenesten krever nivå høyt. Velg en"
                " annen, eller avbryt.",
            )
        oekt = self._tilstand.logg_inn(ansatt, self._oekten(request))
        samtale.sid = oekt.sid
        if samtale.forespoersel.oenske is None:
            self._tilstand.avslutt_samtale(samtale)
            svar = self._ferdig(samtale.forespoersel, oekt, None)
        else:
            svar = self._vis_virksomheter(samtale, klient, ansatt)
        # Not Secure: the sandbox is served over http on this machine alone.
        svar.set_cookie(
            self._kapsel,
            oekt.noekkel,
            max_age=LENGSTE_OEKT,
            path=self.utforming.prefiks,
            httponly=True,
            samesite="lax",
        )
        return svar

    async def _velg_virksomhet(self, request: Request) -> Response:
        felt = await les_skjema(request)
        samtale, _ = self._samtalen(felt)
        oekt = self._oekten(request)
        if oekt is None or oekt.sid != samtale.sid:
            raise SideError(UGYLDIG, "Innloggingen ble begynt i en annen nettleser, eller er avsluttet")
        orgnr = krev(felt, "orgnr")
        if orgnr not in self._kan_representere(oekt.ansatt, samtale.forespoersel):
            raise SideError(UGYLDIG, "Du kan ikke representere den virksomheten")
        self._tilstand.avslutt_samtale(samtale)
        return self._ferdig(samtale.forespoersel, oekt, orgnr)

    async def _avbryt(self, request: Request) -> Response:
        samtale, _ = self._samtalen(await les_skjema(request))
        self._tilstand.avslutt_samtale(samtale)
        spurt = samtale.forespoersel
        nei = OAuthError(AVSLAATT, "Personen avbrøt innloggingen")
        return self._avslag(request, spurt.returadresse, spurt.state, nei)

    async def _vis_oekt(self, request: Request) -> Response:
        oekt = self._oekten(request)
        if oekt is None:
            return self._sider.oekt(None, ())
        return self._sider.oekt(oekt.ansatt, self._klientene(oekt))

    async def _avslutt_oekt(self, request: Request) -> Response:
        """Log out of everything from the provider's own page, as when another service asked for it."""
        return self._logget_ut(self._logg_ut_oekt(self._oekten(request)), None)

    async def _avslutt(self, request: Request) -> Response:
        """RP-initiated logout."""
        felt = les_spoerring(request) if request.method == "GET" else await les_skjema(request)
        bare_kjente(felt, _AVSLUTNINGSFELT)
        if "id_token_hint" not in felt:
            if "post_logout_redirect_uri" in felt:
                raise SideError(UGYLDIG, "post_logout_redirect_uri krever id_token_hint")
            return self._sider.bekreft_utlogging()
        hint = self._les_hint(felt["id_token_hint"])
        klient = self.register.klienter.get(str(hint.get("aud")))
        if klient is None or felt.get("client_id", klient.klient_id) != klient.klient_id:
            raise SideError(UGYLDIG, "id_token_hint hører ikke til klienten")
        videre = felt.get("post_logout_redirect_uri")
        if videre is not None and videre not in klient.utlogget:
            raise SideError(UGYLDIG, "post_logout_redirect_uri er ikke registrert på klienten, tegn for tegn")
        if videre is not None and "state" in felt:
            videre = _med(videre, {"state": felt["state"]})
        oekt = self._tilstand.oekt_med_sid(str(hint.get("sid")))
        return self._logget_ut(self._logg_ut_oekt(oekt), videre)

    def _les_hint(self, hint: str) -> dict[str, Any]:
        """The claims of one of our own id_tokens; expired ones are as good."""
        try:
            lest = jwt.decode(hint, KeySet(list(self.noekler.publiserte())), algorithms=[ALGORITME])
        except (JoseError, ValueError):
            raise SideError(UGYLDIG, "id_token_hint er ikke utstedt her") from None
        if lest.claims.get("iss") != self.utforming.utsteder:
            raise SideError(UGYLDIG, "id_token_hint er ikke utstedt her")
        return lest.claims

    def _logg_ut_oekt(self, oekt: Oekt | None) -> list[tuple[Klient, str]]:
        if oekt is None:
            return []
        self._tilstand.logg_ut(oekt)
        return self._rammer(oekt)

    def _logget_ut(self, rammer: list[tuple[Klient, str]], videre: str | None) -> Response:
        svar: Response
        if videre is not None and not rammer:
            svar = RedirectResponse(videre, 303, _IKKE_LAGRE)
        else:
            svar = self._sider.utlogging(rammer, videre)
        svar.delete_cookie(self._kapsel, path=self.utforming.prefiks, httponly=True, samesite="lax")
        return svar

    def _rammer(self, oekt: Oekt) -> list[tuple[Klient, str]]:
        """What to open for front-channel logout: every client of the session that has such an address."""
        return [
            (klient, _med(klient.fremre, {"iss": self.utforming.utsteder, "sid": oekt.sid}))
            for klient in self._klientene(oekt)
            if klient.fremre is not None
        ]

    def _klientene(self, oekt: Oekt) -> list[Klient]:
        klienter = self.register.klienter
        return [klienter[klient_id] for klient_id in sorted(oekt.klienter) if klient_id in klienter]

    def _klient(self, felt: Mapping[str, str]) -> Klient:
        klient = self.register.klienter.get(felt.get("client_id", ""))
        if klient is None:
            raise SideError(UKJENT_KLIENT, "client_id er ukjent")
        return klient

    def _samtalen(self, felt: Mapping[str, str]) -> tuple[Samtale, Klient]:
        samtale = self._tilstand.samtale(felt.get("samtale", ""))
        klient = self.register.klienter.get(samtale.forespoersel.klient_id) if samtale else None
        if samtale is None or klient is None:
            raise SideError(UGYLDIG, "Innloggingen er utløpt eller ferdig")
        return samtale, klient

    def _oekten(self, request: Request) -> Oekt | None:
        return self._tilstand.oekt(request.cookies.get(self._kapsel))

    def _kan_representere(self, ansatt: Ansatt, spurt: Forespoersel) -> dict[str, tuple[str, ...]]:
        oensket = spurt.oenske.handlinger if spurt.oenske is not None else ()
        return rettighetene(self.rettigheter.get(ansatt.kallenavn, {}), oensket)

    def _vis_virksomheter(self, samtale: Samtale, klient: Klient, ansatt: Ansatt) -> Response:
        kan = self._kan_representere(ansatt, samtale.forespoersel)
        return self._sider.velg_virksomhet(samtale, klient, kan)

    def _ferdig(self, spurt: Forespoersel, oekt: Oekt, orgnr: str | None) -> Response:
        """Back to the client with a code."""
        retur = {"code": self._tilstand.ny_kode(spurt, oekt, orgnr), "state": spurt.state}
        return self._retur(spurt.returadresse, retur)

    def _avslag(self, request: Request, adresse: str, state: str | None, nei: OAuthError) -> Response:
        """Back to the client with an error."""
        request.state.kode = nei.kode
        return self._retur(adresse, nei.kropp() | ({"state": state} if state is not None else {}))

    def _retur(self, adresse: str, felt: dict[str, str]) -> Response:
        feil = self._planer.trekk(self.utforming.system, I_RETUR)
        if self.utforming.sier_utsteder:
            felt["iss"] = self.utforming.utsteder
        if Plantet.FEIL_ISS_I_RETUR in feil:
            felt["iss"] = _FREMMED_UTSTEDER
        if Plantet.UTEN_ISS_I_RETUR in feil:
            felt.pop("iss", None)
        if Plantet.FEIL_STATE in feil:
            felt["state"] = secrets.token_urlsafe(24)
        if Plantet.UTEN_STATE in feil:
            felt.pop("state", None)
        if Plantet.FREMMED_KODE in feil and "code" in felt:
            felt["code"] = secrets.token_urlsafe(32)
        return RedirectResponse(_med(adresse, felt), 303, _IKKE_LAGRE)

    def _noter(self, request: Request, status: int, kode: str) -> None:
        """Log the route, never the query: it may hold a code."""
        tid = self._klokke.tid().isoformat(timespec="milliseconds")
        rute = request.scope["path"].removeprefix(self.utforming.prefiks)
        self._maalinger.noter(Loggrad(tid, self.utforming.system, rute, "", status, kode))


_IKKE_LAGRE: Final = {"Cache-Control": "no-store"}


async def _stil(request: Request) -> Response:
    return Response(STIL, media_type="text/css")


def _passer(verifikator: str, utfordring: str) -> bool:
    avtrykk = base64.urlsafe_b64encode(hashlib.sha256(verifikator.encode("ascii")).digest())
    return secrets.compare_digest(avtrykk.decode().rstrip("="), utfordring)


def _med(adresse: str, felt: Mapping[str, str]) -> str:
    return f"{adresse}{'&' if '?' in adresse else '?'}{urlencode(felt)}"
