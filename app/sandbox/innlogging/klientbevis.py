"""``private_key_jwt``: judging the assertion a client proves itself with."""

import json
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from app.sandbox.innlogging.feil import UGYLDIG, UKJENT_KLIENT, OAuthError
from app.sandbox.innlogging.register import Klient, Register
from app.sandbox.innlogging.skjema import krev
from app.sandbox.klokke import Klokke

BEVISTYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BEVISFELT: Final = ("client_assertion", "client_assertion_type")
ALGORITMER: Final = ("RS256", "RS384", "RS512")
LENGSTE_LEVETID: Final = 120
KLOKKESLINGRING: Final = 10

_HODEFELT: Final = {"alg", "kid", "typ"}
_PAASTANDER: Final = {"iss", "sub", "aud", "iat", "exp", "jti"}
_STOERSTE: Final = 8_192


class Klientdommer:
    """Judges assertions for one issuer and remembers which ``jti`` each client has used."""

    def __init__(self, utsteder: str, register: Register, klokke: Klokke) -> None:
        self._utsteder = utsteder
        self._register = register
        self._klokke = klokke
        self._brukte: dict[tuple[str, str], float] = {}

    def doem(self, felt: Mapping[str, str], autorisasjon: str | None) -> Klient:
        """The client that has proved itself.

        Args:
            felt: the posted form.
            autorisasjon: the ``Authorization`` header, which must not be there.

        Raises:
            OAuthError: ``invalid_request`` when there is no assertion to judge, else ``invalid_client``.
        """
        if autorisasjon is not None:
            raise OAuthError(UGYLDIG, "Klienten skal bare autentisere seg med client_assertion")
        if krev(felt, "client_assertion_type") != BEVISTYPE:
            raise OAuthError(UGYLDIG, "client_assertion_type er ukjent")
        bevis = krev(felt, "client_assertion")
        hode, paastander = _les(bevis)
        klient = self._klient(paastander, felt.get("client_id"))
        noekkel = klient.noekkel(str(hode["kid"]))
        if noekkel is None:
            raise OAuthError(UKJENT_KLIENT, "Ingen registrert nøkkel har denne kid")
        if noekkel.utloeper <= self._klokke.sekunder():
            raise OAuthError(UKJENT_KLIENT, "Nøkkelen er utløpt")
        try:
            jws.deserialize_compact(bevis, noekkel.jwk, algorithms=list(ALGORITMER))
        except JoseError:
            raise OAuthError(UKJENT_KLIENT, "Signaturen er ugyldig") from None
        if paastander.get("aud") != self._utsteder:
            raise OAuthError(UKJENT_KLIENT, "aud må være utstederen, tegn for tegn, og bare den")
        self._kontroller_tid(paastander)
        self._bruk_jti(klient, paastander)
        return klient

    def _klient(self, paastander: Mapping[str, Any], klient_id: str | None) -> Klient:
        iss, sub = paastander.get("iss"), paastander.get("sub")
        klient = self._register.klienter.get(iss) if isinstance(iss, str) else None
        if klient is None:
            raise OAuthError(UKJENT_KLIENT, "iss er ikke en registrert klient")
        if sub != iss:
            raise OAuthError(UKJENT_KLIENT, "iss og sub må være den samme klienten")
        if klient_id not in (None, iss):
            raise OAuthError(UKJENT_KLIENT, "client_id er en annen enn klienten i client_assertion")
        return klient

    def _kontroller_tid(self, paastander: Mapping[str, Any]) -> None:
        naa = self._klokke.sekunder()
        iat, exp = paastander.get("iat"), paastander.get("exp")
        if type(iat) is not int or type(exp) is not int:
            raise OAuthError(UKJENT_KLIENT, "iat og exp må være hele sekunder")
        if abs(naa - iat) > KLOKKESLINGRING:
            raise OAuthError(UKJENT_KLIENT, f"iat er mer enn {KLOKKESLINGRING} sekunder unna klokken her")
        if exp <= naa:
            raise OAuthError(UKJENT_KLIENT, "exp er passert")
        if exp > iat + LENGSTE_LEVETID:
            raise OAuthError(UKJENT_KLIENT, f"exp er mer enn {LENGSTE_LEVETID} sekunder etter iat")

    def _bruk_jti(self, klient: Klient, paastander: Mapping[str, Any]) -> None:
        """Spend the ``jti``, across every endpoint of the issuer."""
        naa = self._klokke.sekunder()
        jti = paastander.get("jti")
        if not isinstance(jti, str) or not jti:
            raise OAuthError(UKJENT_KLIENT, "jti mangler")
        for brukt in [b for b, utloep in self._brukte.items() if utloep < naa]:
            del self._brukte[brukt]
        if (klient.klient_id, jti) in self._brukte:
            raise OAuthError(UKJENT_KLIENT, "jti er brukt før")
        self._brukte[klient.klient_id, jti] = paastander["exp"]


def _les(bevis: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims; signature not yet looked at."""
    if len(bevis) > _STOERSTE:
        raise OAuthError(UKJENT_KLIENT, "client_assertion er for stor")
    try:
        delt = jws.extract_compact(bevis.encode("ascii"))
        hode = delt.headers()
        paastander = json.loads(delt.payload)
    except (JoseError, ValueError):
        raise OAuthError(UKJENT_KLIENT, "client_assertion kan ikke leses") from None
    if not isinstance(paastander, dict):
        raise OAuthError(UKJENT_KLIENT, "client_assertion kan ikke leses")
    if hode.get("alg") not in ALGORITMER:
        raise OAuthError(UKJENT_KLIENT, f"alg må være {', '.join(ALGORITMER)}")
    if "kid" not in hode or hode.keys() - _HODEFELT:
        raise OAuthError(UKJENT_KLIENT, "Hodet skal ha alg og kid, og ellers bare typ")
    if paastander.keys() - _PAASTANDER:
        raise OAuthError(UKJENT_KLIENT, "Det står en påstand i client_assertion som ikke er kjent her")
    return hode, paastander
