"""Judging a JWT grant: from the bytes of an assertion to what the token shall say, or a refusal.

Stricter than Digdir's documentation where it leaves room: ``jti`` is mandatory, header members other
than ``alg``, ``kid``, ``x5c`` and ``typ`` are refused, ``iss_onbehalfof`` counts as unknown.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.sandbox.klokke import Klokke
from app.sandbox.maskinporten.feil import Avslag, NektetError
from app.sandbox.maskinporten.register import Delegering, Klient, Register, Scope, Systembruker
from app.sandbox.maskinporten.sertifikat import Utsteder

ALGORITMER = ("RS256", "RS384", "RS512")
RAR_SYSTEMBRUKER = "urn:altinn:systemuser"
AUTORITET = "iso6523-actorid-upis"

KLOKKESLINGRING = 10
LENGSTE_LEVETID = 120
STOERSTE_ASSERTION = 24_576


class _RomsligRegister(jws.JWSRegistry):
    """Room in the header for a whole certificate chain."""

    max_header_length = STOERSTE_ASSERTION
    max_payload_length = STOERSTE_ASSERTION


_REGISTER = _RomsligRegister(algorithms=list(ALGORITMER))

_HODEFELT = {"alg", "kid", "x5c", "typ"}
_PAASTANDER = {
    "iss", "aud", "scope", "iat", "exp", "jti",
    "resource", "consumer_org", "pid", "authorization_details",
}  # fmt: skip
_RAR_FELT = {"type", "systemuser_org", "externalRef"}
_ORGNR = re.compile(r"\d{9}", re.ASCII)
_PID = re.compile(r"\d{11}", re.ASCII)
_AKTOER = re.compile(r"0192:(\d{9})", re.ASCII)


@dataclass(frozen=True)
class Bevilling:
    """An accepted grant: what the token shall carry. ``repr`` hides the person."""

    klient: Klient
    scopes: tuple[Scope, ...]
    konsument: str
    leverandoer: str | None
    ressurser: tuple[str, ...]
    pid: str | None
    systembruker: Systembruker | None
    autentisert_med: str

    def __repr__(self) -> str:
        return f"Bevilling({self.klient.klient_id}, {self.konsument})"

    def levetid(self) -> int:
        """Seconds the token lives: the lowest of the client's and the scopes' caps."""
        return min([self.klient.levetid, *(s.levetid for s in self.scopes if s.levetid is not None)])

    def cachenoekkel(self) -> str:
        """What a correct client keys its cache on, without the person."""
        return "|".join(
            [
                self.klient.klient_id,
                " ".join(sorted(s.navn for s in self.scopes)),
                f"konsument={self.konsument if self.leverandoer else ''}",
                f"ressurs={' '.join(self.ressurser)}",
                f"pid={'ja' if self.pid else ''}",
                f"systembruker={self.systembruker.orgnr if self.systembruker else ''}",
            ]
        )


class Dommer:
    """Judges grants for one issuer and remembers which ``jti`` each client has used."""

    def __init__(self, utsteder: str, miljoe: str, register: Register, klokke: Klokke) -> None:
        self._utsteder = utsteder
        self._miljoe = miljoe
        self._register = register
        self._klokke = klokke
        self._brukte: dict[tuple[str, str], float] = {}
        self._sertifikatutsteder: Utsteder | None = None

    @property
    def sertifikatutsteder(self) -> Utsteder:
        """The authority whose certificates are accepted in ``x5c``."""
        if self._sertifikatutsteder is None:
            self._sertifikatutsteder = Utsteder(self._klokke.tid())
        return self._sertifikatutsteder

    def doem(self, assertion: str) -> Bevilling:
        """Judge one assertion.

        Raises:
            NektetError: with the code the documentation gives the first thing found wrong.
        """
        hode, paastander, signert = _les(assertion)
        ukjente = paastander.keys() - _PAASTANDER
        if ukjente:
            raise NektetError(Avslag.UGYLDIG_ASSERTION, "ukjent påstand")
        klient = self._klient(paastander)
        autentisert_med = self._kontroller_signatur(hode, klient, signert)
        if paastander.get("aud") != self._utsteder:
            raise NektetError(Avslag.FEIL_MOTTAKER)
        self._kontroller_tid(paastander)
        self._bruk_jti(klient, paastander)
        scopes = self._scopes(klient, paastander)
        systembruker = self._systembruker(klient, paastander)
        konsument, leverandoer = self._konsument(klient, scopes, paastander)
        return Bevilling(
            klient=klient,
            scopes=scopes,
            konsument=konsument,
            leverandoer=leverandoer,
            ressurser=_ressurser(paastander),
            pid=_pid(paastander),
            systembruker=systembruker,
            autentisert_med=autentisert_med,
        )

    def _klient(self, paastander: Mapping[str, Any]) -> Klient:
        klient = self._register.klienter.get(_tekst(paastander, "iss"))
        if klient is None or klient.miljoe != self._miljoe:
            raise NektetError(Avslag.UKJENT_KLIENT)
        return klient

    def _kontroller_signatur(self, hode: Mapping[str, Any], klient: Klient, signert: str) -> str:
        if "x5c" in hode:
            if klient.noekler:
                raise NektetError(Avslag.UGYLDIG_SERTIFIKAT, "klienten har registrert nøkkel og må bruke kid")
            noekkel = self.sertifikatutsteder.vurder(hode["x5c"], klient.orgnr, self._klokke.tid())
            metode = "virksomhetssertifikat"
        else:
            registrert = klient.noekkel(str(hode["kid"]))
            if registrert is None:
                raise NektetError(Avslag.UGYLDIG_SIGNATUR, "ingen registrert nøkkel med denne kid")
            if registrert.utloeper <= self._klokke.sekunder():
                raise NektetError(Avslag.NOEKKEL_UTLOEPT)
            noekkel = registrert.jwk
            metode = "private_key_jwt"
        _verifiser(signert, noekkel)
        return metode

    def _kontroller_tid(self, paastander: Mapping[str, Any]) -> None:
        naa = self._klokke.sekunder()
        iat, exp = (_heltall(paastander, navn) for navn in ("iat", "exp"))
        if iat > naa + KLOKKESLINGRING:
            raise NektetError(Avslag.UTSTEDT_FRAM_I_TID)
        if iat < naa - KLOKKESLINGRING:
            raise NektetError(Avslag.UTLOEPT, "iat er for gammel")
        if exp <= naa:
            raise NektetError(Avslag.UTLOEPT, "exp er passert")
        if exp > iat + LENGSTE_LEVETID:
            raise NektetError(Avslag.UTLOEPT, f"exp er mer enn {LENGSTE_LEVETID} sekunder etter iat")

    def _bruk_jti(self, klient: Klient, paastander: Mapping[str, Any]) -> None:
        """Spend the ``jti``. It stays spent also when a later check refuses the grant."""
        naa = self._klokke.sekunder()
        for brukt in [b for b, utloep in self._brukte.items() if utloep < naa]:
            del self._brukte[brukt]
        noekkel = (klient.klient_id, _tekst(paastander, "jti"))
        if noekkel in self._brukte:
            raise NektetError(Avslag.GJENBRUK)
        self._brukte[noekkel] = _heltall(paastander, "exp")

    def _scopes(self, klient: Klient, paastander: Mapping[str, Any]) -> tuple[Scope, ...]:
        navn = _tekst(paastander, "scope").split(" ")
        if len(set(navn)) != len(navn) or "" in navn:
            raise NektetError(Avslag.UGYLDIG_PARAMETER, "scope")
        kjente = [self._register.scopes.get(n) for n in navn]
        scopes = tuple(s for s in kjente if s is not None and s.navn in klient.scopes)
        if len(scopes) != len(navn):
            raise NektetError(Avslag.SCOPE_IKKE_PAA_KLIENT)
        if any(klient.integrasjonstype not in s.integrasjonstyper for s in scopes):
            raise NektetError(Avslag.FEIL_INTEGRASJONSTYPE)
        return scopes

    def _konsument(
        self, klient: Klient, scopes: tuple[Scope, ...], paastander: Mapping[str, Any]
    ) -> tuple[str, str | None]:
        """(consumer, supplier). The supplier is only there when the consumer is somebody else."""
        if "consumer_org" not in paastander:
            konsument, leverandoer = klient.orgnr, None
        else:
            if "authorization_details" in paastander:
                raise NektetError(Avslag.UGYLDIG_PARAMETER, "consumer_org sammen med authorization_details")
            konsument, leverandoer = _tekst(paastander, "consumer_org"), klient.orgnr
            if not _ORGNR.fullmatch(konsument):
                raise NektetError(Avslag.UGYLDIG_PARAMETER, "consumer_org")
            if konsument == klient.orgnr:
                raise NektetError(Avslag.EGEN_ORGANISASJON)
        for scope in scopes:
            if konsument not in scope.tilganger:
                raise NektetError(Avslag.MANGLER_TILGANG)
            if leverandoer and (
                scope.delegeringskilde is None
                or Delegering(konsument, leverandoer, scope.navn) not in self._register.delegeringer
            ):
                raise NektetError(Avslag.IKKE_DELEGERT)
        return konsument, leverandoer

    def _systembruker(self, klient: Klient, paastander: Mapping[str, Any]) -> Systembruker | None:
        if "authorization_details" not in paastander:
            return None
        orgnr, referanse = _systembrukeroenske(paastander["authorization_details"])
        for bruker in self._register.systembrukere:
            if (bruker.klient_id, bruker.orgnr, bruker.ekstern_ref) == (klient.klient_id, orgnr, referanse):
                return bruker
        raise NektetError(Avslag.RAR_VERDI, "fant ingen systembruker")


def _les(assertion: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and the assertion itself; signature not yet looked at."""
    if not assertion or len(assertion) > STOERSTE_ASSERTION:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "assertion mangler eller er for stor")
    try:
        delt = jws.extract_compact(assertion.encode("ascii"), registry=_REGISTER)
        hode = delt.headers()
        paastander = json.loads(delt.payload)
    except (JoseError, ValueError):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "assertion kan ikke leses") from None
    if not isinstance(paastander, dict):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "assertion kan ikke leses")
    if hode.get("alg") not in ALGORITMER:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "alg må være RS256, RS384 eller RS512")
    if hode.keys() - _HODEFELT or ("kid" in hode) == ("x5c" in hode):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "hodet skal ha alg og enten kid eller x5c")
    return hode, paastander, assertion


def _verifiser(assertion: str, noekkel: RSAKey) -> None:
    try:
        jws.deserialize_compact(assertion, noekkel, registry=_REGISTER)
    except JoseError:
        raise NektetError(Avslag.UGYLDIG_SIGNATUR) from None


def _tekst(paastander: Mapping[str, Any], navn: str) -> str:
    verdi = paastander.get(navn)
    if not isinstance(verdi, str) or not verdi:
        raise NektetError(Avslag.UGYLDIG_PARAMETER, navn)
    return verdi


def _heltall(paastander: Mapping[str, Any], navn: str) -> int:
    verdi = paastander.get(navn)
    if not isinstance(verdi, int) or isinstance(verdi, bool):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, navn)
    return verdi


def _ressurser(paastander: Mapping[str, Any]) -> tuple[str, ...]:
    ressurser = paastander.get("resource", [])
    if not isinstance(ressurser, list) or not all(isinstance(r, str) and r for r in ressurser):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "resource må være en liste")
    return tuple(ressurser)


def _pid(paastander: Mapping[str, Any]) -> str | None:
    if "pid" not in paastander:
        return None
    pid = _tekst(paastander, "pid")
    if not _PID.fullmatch(pid):
        raise NektetError(Avslag.UGYLDIG_PARAMETER, "pid")
    return pid


def _systembrukeroenske(detaljer: object) -> tuple[str, str | None]:
    """(organisation number, externalRef) from ``authorization_details``; one party per token."""
    if not isinstance(detaljer, list) or len(detaljer) != 1 or not isinstance(detaljer[0], dict):
        raise NektetError(Avslag.RAR_FELT, "nøyaktig ett element")
    oenske: dict[str, Any] = detaljer[0]
    if oenske.get("type") != RAR_SYSTEMBRUKER:
        raise NektetError(Avslag.RAR_TYPE)
    part = oenske.get("systemuser_org")
    if oenske.keys() - _RAR_FELT or not isinstance(part, dict) or part.keys() != {"authority", "ID"}:
        raise NektetError(Avslag.RAR_FELT)
    treff = _AKTOER.fullmatch(str(part["ID"]))
    if part["authority"] != AUTORITET or treff is None:
        raise NektetError(Avslag.RAR_VERDI)
    referanse = oenske.get("externalRef")
    if referanse is not None and not isinstance(referanse, str):
        raise NektetError(Avslag.RAR_VERDI)
    return treff[1], referanse
