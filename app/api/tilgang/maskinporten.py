"""Judges an incoming Maskinporten token: from the ``Authorization`` header to who acts, or a refusal.

The tenant is the token's ``consumer`` and nothing else. What is not understood is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.api.tilgang.grunner import Grunn, UgyldigTokenError
from app.services.tilgang import Aktoer, Aktoertype, er_organisasjonsnummer, rettigheter_fra_scoper
from app.services.utsteder.jwks import Noekler
from app.services.utsteder.signatur import STOERST, UgyldigSignaturError, les_signert

STOERSTE_FELT: Final = STOERST
"""Bytes of the ``Authorization`` header."""

KLOKKESLINGRING: Final = 10
"""Seconds our clock and Maskinporten's may disagree."""

USPESIFISERT: Final = "unspecified"

_AUTORITET: Final = "iso6523-actorid-upis"
_AKTOER: Final = re.compile(r"0192:([0-9]{9})")
_KLIENT: Final = re.compile(r"(?![0-9]{11}$)[\x21-\x7e]{1,200}")
"""Anything printable but a national id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenkrav:
    """What a token must say.

    Attributes:
        issuer: the only issuer, to the letter.
        ressurs: what ``aud`` must name.
        scopeprefiks: the prefix of our scopes.
        godta_uspesifisert: accept a token with no audience, or with Maskinporten's word for none.
        at_max_age: longest life in seconds.
        delegeringskilde: where delegations are made in this environment; ``None`` accepts none.
        leverandoerer: the suppliers let in; ``None`` lets all in.
    """

    issuer: str
    ressurs: str
    scopeprefiks: str
    godta_uspesifisert: bool = False
    at_max_age: int = 120
    delegeringskilde: str | None = None
    leverandoerer: frozenset[str] | None = None


class Maskinportenvakt:
    """Judges tokens for one API.

    Args:
        krav: what a token must say.
        noekler: Maskinporten's keys.
        naa: seconds since 1970.
    """

    def __init__(self, krav: Tokenkrav, noekler: Noekler, naa: Callable[[], float]) -> None:
        self.krav = krav
        self._noekler = noekler
        self._naa = naa

    async def aktoer(self, felt: Sequence[str]) -> Aktoer:
        """Who calls, from every ``Authorization`` header of the request.

        Raises:
            UgyldigTokenError: not one valid token for this API.
            NoeklerUtilgjengeligError: nobody can be judged now.
        """
        paastander = await self._verifiser(_token(felt))
        self._kontroller_utstedelse(paastander)
        self._kontroller_mottaker(paastander)
        _avvis_det_vi_ikke_kan_kontrollere(paastander)
        return Aktoer(
            kommune=_part(paastander.get("consumer"), Grunn.KONSUMENT),
            type=Aktoertype.MASKIN,
            id=_klient(paastander),
            rettigheter=rettigheter_fra_scoper(_scoper(paastander), self.krav.scopeprefiks),
            leverandoer=self._leverandoer(paastander),
        )

    def godtar_leverandoer(self, aktoer: Aktoer) -> bool:
        """Whether the supplier is let in. The kommune's own client has none."""
        godtatte = self.krav.leverandoerer
        return aktoer.leverandoer is None or godtatte is None or aktoer.leverandoer in godtatte

    async def lukk(self) -> None:
        """Let go of connections."""
        await self._noekler.lukk()

    async def _verifiser(self, token: str) -> Mapping[str, Any]:
        """The claims, once the signature is known to be Maskinporten's."""
        try:
            return (await les_signert(token, self._noekler)).paastander
        except UgyldigSignaturError as feil:
            grunn = Grunn[feil.feil.name]
        raise UgyldigTokenError(grunn)

    def _kontroller_utstedelse(self, paastander: Mapping[str, Any]) -> None:
        naa = self._naa()
        if paastander.get("iss") != self.krav.issuer:
            raise UgyldigTokenError(Grunn.UTSTEDER)
        utloep = _tidspunkt(paastander, "exp", Grunn.UTLOEPT)
        utstedt = _tidspunkt(paastander, "iat", Grunn.FRAM_I_TID)
        if utloep <= naa - KLOKKESLINGRING:
            raise UgyldigTokenError(Grunn.UTLOEPT)
        gyldig_fra = _tidspunkt(paastander, "nbf", Grunn.FRAM_I_TID) if "nbf" in paastander else utstedt
        if max(utstedt, gyldig_fra) > naa + KLOKKESLINGRING:
            raise UgyldigTokenError(Grunn.FRAM_I_TID)
        if not 0 < utloep - utstedt <= self.krav.at_max_age:
            raise UgyldigTokenError(Grunn.LEVETID)
        if paastander.get("token_type", "Bearer") != "Bearer":
            raise UgyldigTokenError(Grunn.TOKENTYPE)

    def _kontroller_mottaker(self, paastander: Mapping[str, Any]) -> None:
        aud = paastander.get("aud", USPESIFISERT)
        mottakere = [aud] if isinstance(aud, str) else aud
        if not isinstance(mottakere, list):
            raise UgyldigTokenError(Grunn.AUDIENCE)
        for_oss = self.krav.ressurs in mottakere
        for_hvem_som_helst = self.krav.godta_uspesifisert and mottakere == [USPESIFISERT]
        if not (for_oss or for_hvem_som_helst):
            raise UgyldigTokenError(Grunn.AUDIENCE)

    def _leverandoer(self, paastander: Mapping[str, Any]) -> str | None:
        """The supplier, and the source of its delegation: both or neither."""
        if "supplier" not in paastander:
            if "delegation_source" in paastander:
                raise UgyldigTokenError(Grunn.DELEGERINGSKILDE)
            return None
        leverandoer = _part(paastander["supplier"], Grunn.LEVERANDOER)
        kilde = paastander.get("delegation_source")
        if kilde is None or kilde != self.krav.delegeringskilde:
            raise UgyldigTokenError(Grunn.DELEGERINGSKILDE)
        return leverandoer


def _token(felt: Sequence[str]) -> str:
    if len(felt) != 1:
        raise UgyldigTokenError(Grunn.IKKE_BEARER)
    if len(felt[0]) > STOERSTE_FELT:
        raise UgyldigTokenError(Grunn.FOR_STORT)
    skjema, _, token = felt[0].partition(" ")
    if skjema.lower() != "bearer":
        raise UgyldigTokenError(Grunn.IKKE_BEARER)
    return token


def _avvis_det_vi_ikke_kan_kontrollere(paastander: Mapping[str, Any]) -> None:
    """Claims that narrow what the token is good for; to read past them would widen it."""
    for navn, grunn in (
        ("authorization_details", Grunn.SYSTEMBRUKER),
        ("pid", Grunn.PERSONBUNDET),
        ("cnf", Grunn.SENDERBUNDET),
    ):
        if navn in paastander:
            raise UgyldigTokenError(grunn)


def _tidspunkt(paastander: Mapping[str, Any], navn: str, grunn: Grunn) -> int:
    verdi = paastander.get(navn)
    if not isinstance(verdi, int) or isinstance(verdi, bool):
        raise UgyldigTokenError(grunn)
    return verdi


def _part(verdi: object, grunn: Grunn) -> str:
    """The organisation number of a party as Maskinporten writes it; other registers are refused."""
    if not isinstance(verdi, dict) or verdi.get("authority") != _AUTORITET:
        raise UgyldigTokenError(grunn)
    treff = _AKTOER.fullmatch(verdi["ID"]) if isinstance(verdi.get("ID"), str) else None
    if treff is None or not er_organisasjonsnummer(treff[1]):
        raise UgyldigTokenError(grunn)
    return treff[1]


def _klient(paastander: Mapping[str, Any]) -> str:
    """For the register only: the client decides nothing."""
    verdi = paastander.get("client_id")
    if not isinstance(verdi, str) or not _KLIENT.fullmatch(verdi):
        raise UgyldigTokenError(Grunn.KLIENT)
    return verdi


def _scoper(paastander: Mapping[str, Any]) -> list[str]:
    verdi = paastander.get("scope")
    if not isinstance(verdi, str):
        raise UgyldigTokenError(Grunn.SCOPE)
    return verdi.split(" ")
