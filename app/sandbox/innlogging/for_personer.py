"""What the person's browser calls: login with pickers, logout. Pages and redirects."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.sandbox.innlogging.ansatte import ETTER_KALLENAVN, Ansatt
from app.sandbox.innlogging.feil import (
    AVSLAATT,
    INNLOGGING_KREVES,
    UGYLDIG,
    UKJENT_KLIENT,
    VALG_KREVES,
    OAuthError,
    SideError,
)
from app.sandbox.innlogging.forespoersel import Forespoersel, doem, returadresse
from app.sandbox.innlogging.kjerne import FREMMED_UTSTEDER, IKKE_LAGRE, Kjerne, med_felt
from app.sandbox.innlogging.planting import I_RETUR, Plantet
from app.sandbox.innlogging.register import Klient
from app.sandbox.innlogging.sider import STIL, Sider
from app.sandbox.innlogging.skjema import bare_kjente, krev, les_skjema, les_spoerring
from app.sandbox.innlogging.tilstand import LENGSTE_OEKT, Oekt, Samtale
from app.sandbox.signering import ALGORITME

_AVSLUTNINGSFELT: Final = ("id_token_hint", "post_logout_redirect_uri", "state", "client_id", "ui_locales")

_Endepunkt = Callable[[Request], Awaitable[Response]]


class ForPersoner:
    """The pages."""

    def __init__(self, kjerne: Kjerne) -> None:
        self._kjerne = kjerne
        self._sider = Sider(kjerne.utforming.navn, kjerne.utforming.prefiks)
        self._kapsel = f"sandkasse-{kjerne.utforming.system}"

    def ruter(self) -> list[Route]:
        """Where they are."""
        adresser = self._kjerne.utforming.adresser
        return [
            Route(adresser.autorisasjon, self._svar(self._autoriser), methods=["GET", "POST"]),
            Route(adresser.avslutning, self._svar(self._avslutt), methods=["GET", "POST"]),
            Route("/velg-ansatt", self._svar(self._velg_ansatt), methods=["POST"]),
            Route("/velg-virksomhet", self._svar(self._velg_virksomhet), methods=["POST"]),
            Route("/avbryt", self._svar(self._avbryt), methods=["POST"]),
            Route("/oekt", self._svar(self._vis_oekt)),
            Route("/oekt/avslutt", self._svar(self._avslutt_oekt), methods=["POST"]),
            Route("/stil.css", _stil),
        ]

    def _svar(self, endepunkt: _Endepunkt) -> _Endepunkt:
        async def svar(request: Request) -> Response:
            try:
                svaret = await endepunkt(request)
            except SideError as nei:
                self._kjerne.noter(request, nei.status, nei.kode)
                return self._sider.feil(nei)
            except OAuthError as nei:
                self._kjerne.noter(request, nei.status, nei.kode)
                return self._sider.feil(SideError(nei.kode, nei.beskrivelse))
            self._kjerne.noter(request, svaret.status_code, getattr(request.state, "kode", ""))
            return svaret

        return svar

    async def _autoriser(self, request: Request) -> Response:
        felt = les_spoerring(request) if request.method == "GET" else await les_skjema(request)
        klient = self._klient(felt)
        if "request_uri" in felt:
            forespoersel = self._kjerne.tilstand.hent_forhaandssendt(felt["request_uri"], klient.klient_id)
            if forespoersel is None:
                raise SideError(UGYLDIG, "request_uri er ukjent, brukt, utløpt eller en annen klients")
            if felt.keys() != {"client_id", "request_uri"}:
                nei = OAuthError(UGYLDIG, "Med request_uri kan det ellers bare stå client_id")
                return self._avslag(request, forespoersel.returadresse, forespoersel.state, nei)
        else:
            adresse = returadresse(felt, klient)
            try:
                forespoersel = doem(felt, klient, self._kjerne.utforming, forhaandssendt=False)
            except OAuthError as nei:
                return self._avslag(request, adresse, felt.get("state"), nei)
        return self._begynn(request, klient, forespoersel)

    def _begynn(self, request: Request, klient: Klient, spurt: Forespoersel) -> Response:
        """Single sign-on when it will do, else the picker."""
        oekt = self._oekten(request)
        if oekt is not None and self._duger(oekt, spurt):
            self._kjerne.tilstand.bruk(oekt)
            if spurt.oenske is None:
                return self._ferdig(spurt, oekt, None)
            if spurt.prompt == "none":
                nei = OAuthError(VALG_KREVES, "Personen må velge virksomhet")
                return self._avslag(request, spurt.returadresse, spurt.state, nei)
            samtale = self._kjerne.tilstand.begynn(spurt)
            samtale.sid = oekt.sid
            return self._vis_virksomheter(samtale, klient, oekt.ansatt)
        if spurt.prompt == "none":
            nei = OAuthError(INNLOGGING_KREVES, "Personen er ikke logget inn, eller ikke slik det kreves")
            return self._avslag(request, spurt.returadresse, spurt.state, nei)
        return self._sider.velg_ansatt(
            self._kjerne.tilstand.begynn(spurt), klient, self._kjerne.utforming.ansatte()
        )

    def _duger(self, oekt: Oekt, spurt: Forespoersel) -> bool:
        """Whether the session is fresh and strong enough for what is asked."""
        alder = self._kjerne.klokke.sekunder() - oekt.innlogget
        return (
            spurt.prompt not in ("login", "select_account")
            and (spurt.maks_alder is None or alder <= spurt.maks_alder)
            and self._naar_nivaaet(oekt.ansatt, spurt)
        )

    def _naar_nivaaet(self, ansatt: Ansatt, spurt: Forespoersel) -> bool:
        nivaaer = self._kjerne.utforming.nivaaer
        return spurt.nivaa is None or nivaaer.index(ansatt.nivaa) >= nivaaer.index(spurt.nivaa)

    async def _velg_ansatt(self, request: Request) -> Response:
        felt = await les_skjema(request)
        samtale, klient = self._samtalen(felt)
        ansatt = ETTER_KALLENAVN.get(krev(felt, "ansatt"))
        if ansatt is None or ansatt not in self._kjerne.utforming.ansatte():
            raise SideError(UGYLDIG, "Ingen ansatt heter det")
        if not self._naar_nivaaet(ansatt, samtale.forespoersel):
            return self._sider.velg_ansatt(
                samtale,
                klient,
                self._kjerne.utforming.ansatte(),
                "Den du valgte, kan bare logge inn på nivå betydelig, og tjenesten krever nivå høyt. Velg en"
                " annen, eller avbryt.",
            )
        oekt = self._kjerne.tilstand.logg_inn(ansatt, self._oekten(request))
        samtale.sid = oekt.sid
        if samtale.forespoersel.oenske is None:
            self._kjerne.tilstand.avslutt_samtale(samtale)
            svar = self._ferdig(samtale.forespoersel, oekt, None)
        else:
            svar = self._vis_virksomheter(samtale, klient, ansatt)
        # Not Secure: the sandbox is served over http on this machine alone.
        svar.set_cookie(
            self._kapsel,
            oekt.noekkel,
            max_age=LENGSTE_OEKT,
            path=self._kjerne.utforming.prefiks,
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
        if orgnr not in self._kjerne.kan_representere(oekt.ansatt, samtale.forespoersel):
            raise SideError(UGYLDIG, "Du kan ikke representere den virksomheten")
        self._kjerne.tilstand.avslutt_samtale(samtale)
        return self._ferdig(samtale.forespoersel, oekt, orgnr)

    async def _avbryt(self, request: Request) -> Response:
        samtale, _ = self._samtalen(await les_skjema(request))
        self._kjerne.tilstand.avslutt_samtale(samtale)
        spurt = samtale.forespoersel
        nei = OAuthError(AVSLAATT, "Personen avbrøt innloggingen")
        return self._avslag(request, spurt.returadresse, spurt.state, nei)

    async def _vis_oekt(self, request: Request) -> Response:
        oekt = self._oekten(request)
        if oekt is None:
            return self._sider.oekt(None, ())
        return self._sider.oekt(oekt.ansatt, self._kjerne.klientene(oekt))

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
        klient = self._kjerne.register.klienter.get(str(hint.get("aud")))
        if klient is None or felt.get("client_id", klient.klient_id) != klient.klient_id:
            raise SideError(UGYLDIG, "id_token_hint hører ikke til klienten")
        videre = felt.get("post_logout_redirect_uri")
        if videre is not None and videre not in klient.utlogget:
            raise SideError(UGYLDIG, "post_logout_redirect_uri er ikke registrert på klienten, tegn for tegn")
        if videre is not None and "state" in felt:
            videre = med_felt(videre, {"state": felt["state"]})
        oekt = self._kjerne.tilstand.oekt_med_sid(str(hint.get("sid")))
        return self._logget_ut(self._logg_ut_oekt(oekt), videre)

    def _les_hint(self, hint: str) -> dict[str, Any]:
        """The claims of one of our own id_tokens; expired ones are as good."""
        try:
            lest = jwt.decode(hint, KeySet(list(self._kjerne.noekler.publiserte())), algorithms=[ALGORITME])
        except (JoseError, ValueError):
            raise SideError(UGYLDIG, "id_token_hint er ikke utstedt her") from None
        if lest.claims.get("iss") != self._kjerne.utforming.utsteder:
            raise SideError(UGYLDIG, "id_token_hint er ikke utstedt her")
        return lest.claims

    def _logg_ut_oekt(self, oekt: Oekt | None) -> list[tuple[Klient, str]]:
        if oekt is None:
            return []
        self._kjerne.tilstand.logg_ut(oekt)
        return self._kjerne.rammer(oekt)

    def _logget_ut(self, rammer: list[tuple[Klient, str]], videre: str | None) -> Response:
        svar: Response
        if videre is not None and not rammer:
            svar = RedirectResponse(videre, 303, IKKE_LAGRE)
        else:
            svar = self._sider.utlogging(rammer, videre)
        svar.delete_cookie(self._kapsel, path=self._kjerne.utforming.prefiks, httponly=True, samesite="lax")
        return svar

    def _klient(self, felt: Mapping[str, str]) -> Klient:
        klient = self._kjerne.register.klienter.get(felt.get("client_id", ""))
        if klient is None:
            raise SideError(UKJENT_KLIENT, "client_id er ukjent")
        return klient

    def _samtalen(self, felt: Mapping[str, str]) -> tuple[Samtale, Klient]:
        samtale = self._kjerne.tilstand.samtale(felt.get("samtale", ""))
        klient = self._kjerne.register.klienter.get(samtale.forespoersel.klient_id) if samtale else None
        if samtale is None or klient is None:
            raise SideError(UGYLDIG, "Innloggingen er utløpt eller ferdig")
        return samtale, klient

    def _oekten(self, request: Request) -> Oekt | None:
        return self._kjerne.tilstand.oekt(request.cookies.get(self._kapsel))

    def _vis_virksomheter(self, samtale: Samtale, klient: Klient, ansatt: Ansatt) -> Response:
        kan = self._kjerne.kan_representere(ansatt, samtale.forespoersel)
        return self._sider.velg_virksomhet(samtale, klient, kan)

    def _ferdig(self, spurt: Forespoersel, oekt: Oekt, orgnr: str | None) -> Response:
        """Back to the client with a code."""
        retur = {"code": self._kjerne.tilstand.ny_kode(spurt, oekt, orgnr), "state": spurt.state}
        return self._retur(spurt.returadresse, retur)

    def _avslag(self, request: Request, adresse: str, state: str | None, nei: OAuthError) -> Response:
        """Back to the client with an error."""
        request.state.kode = nei.kode
        return self._retur(adresse, nei.kropp() | ({"state": state} if state is not None else {}))

    def _retur(self, adresse: str, felt: dict[str, str]) -> Response:
        feil = self._kjerne.trekk(I_RETUR)
        if self._kjerne.utforming.sier_utsteder:
            felt["iss"] = self._kjerne.utforming.utsteder
        if Plantet.FEIL_ISS_I_RETUR in feil:
            felt["iss"] = FREMMED_UTSTEDER
        if Plantet.UTEN_ISS_I_RETUR in feil:
            felt.pop("iss", None)
        if Plantet.FEIL_STATE in feil:
            felt["state"] = secrets.token_urlsafe(24)
        if Plantet.UTEN_STATE in feil:
            felt.pop("state", None)
        if Plantet.FREMMED_KODE in feil and "code" in felt:
            felt["code"] = secrets.token_urlsafe(32)
        return RedirectResponse(med_felt(adresse, felt), 303, IKKE_LAGRE)


async def _stil(request: Request) -> Response:
    return Response(STIL, media_type="text/css")
