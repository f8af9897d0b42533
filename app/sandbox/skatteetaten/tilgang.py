"""Who is asking: the bearer token and the agreements between Skatteetaten and the kommuner."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.sandbox.klokke import Klokke
from app.sandbox.skatteetaten.api import Api
from app.sandbox.skatteetaten.feil import Feilart, SviktError

_AUTORITET = "iso6523-actorid-upis"
_AKTOER = re.compile(r"0192:(\d{9})", re.ASCII)
_STOERSTE_TOKEN = 8192
_KLOKKESLINGRING = 10


@dataclass
class Avtaler:
    """What each kommune may ask for.

    Attributes:
        pakker: rettighetspakker by (kommune, API). Names match to the letter: whether Skatteetaten is
            case-blind is not known, so the sandbox is not.
        felt: the posts a package receives, by (API, package); a package not named receives every post.
        stadier: the stadier a package in summert skattegrunnlag may ask for; others get ``oppgjoer`` only.
        systembruker: APIs that take a system user instead of delegation.
    """

    pakker: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    felt: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    stadier: dict[str, frozenset[str]] = field(
        default_factory=lambda: {"kommuneforeldrebetaling": frozenset({"oppgjoer", "utkast"})}
    )
    systembruker: set[str] = field(default_factory=set)

    def gi(self, kommune: str, api: str, *pakker: str) -> None:
        """Grant packages."""
        self.pakker.setdefault((kommune, api), set()).update(pakker)

    def ta(self, kommune: str, api: str, pakke: str) -> None:
        """Withdraw a package."""
        self.pakker.get((kommune, api), set()).discard(pakke)

    def krev_pakke(self, kommune: str, api: str, pakke: str) -> None:
        """Raise ``SviktError`` (403) unless the kommune has the package."""
        if pakke not in self.pakker.get((kommune, api), set()):
            raise SviktError(Feilart.UAUTORISERT)


class Portvakt:
    """Checks bearer tokens against the issuer's published keys."""

    def __init__(
        self, utsteder: str, jwks: Callable[[], Mapping[str, Any]], klokke: Klokke, avtaler: Avtaler
    ) -> None:
        self._utsteder = utsteder
        self._jwks = jwks
        self._klokke = klokke
        self._avtaler = avtaler
        self._importert: tuple[Mapping[str, Any], KeySet] | None = None

    def kommune(self, api: Api, autorisasjon: list[str]) -> str:
        """The organisation number that stands behind the call.

        Raises:
            SviktError: 401 when the token is not valid here, 403 when the kommune has no agreement.
        """
        paastander = self._les(autorisasjon)
        self._kontroller(api, paastander)
        kommune = self._hvem(api, paastander)
        if not any(self._avtaler.pakker.get((kommune, avtale)) for avtale in api.avtaler):
            raise SviktError(Feilart.UAUTORISERT)
        return kommune

    def _les(self, autorisasjon: list[str]) -> dict[str, Any]:
        if len(autorisasjon) != 1:
            raise SviktError(Feilart.UAUTENTISERT)
        skjema, _, token = autorisasjon[0].partition(" ")
        if skjema != "Bearer" or not token or len(token) > _STOERSTE_TOKEN:
            raise SviktError(Feilart.UAUTENTISERT)
        try:
            dekodet = jwt.decode(token, self._noekler(), algorithms=["RS256", "RS384", "RS512"])
        except (JoseError, ValueError):
            raise SviktError(Feilart.UAUTENTISERT) from None
        if "kid" not in dekodet.header:
            raise SviktError(Feilart.UAUTENTISERT)
        return dekodet.claims

    def _noekler(self) -> KeySet:
        """The issuer's keys, imported anew only when it has published others."""
        jwks = self._jwks()
        if self._importert is None or self._importert[0] is not jwks:
            self._importert = (jwks, KeySet.import_key_set({"keys": list(jwks["keys"])}))
        return self._importert[1]

    def _kontroller(self, api: Api, paastander: dict[str, Any]) -> None:
        naa = self._klokke.sekunder()
        utloep, utstedt = paastander.get("exp"), paastander.get("iat")
        gyldig = (
            paastander.get("iss") == self._utsteder
            and paastander.get("token_type") == "Bearer"
            and paastander.get("aud", "unspecified") == "unspecified"
            and isinstance(utloep, int)
            and utloep > naa
            and isinstance(utstedt, int)
            and utstedt <= naa + _KLOKKESLINGRING
            and not api.scopes.isdisjoint(str(paastander.get("scope", "")).split(" "))
        )
        if not gyldig:
            raise SviktError(Feilart.UAUTENTISERT)

    def _hvem(self, api: Api, paastander: dict[str, Any]) -> str:
        part = paastander.get("consumer")
        if "authorization_details" in paastander:
            if api.navn not in self._avtaler.systembruker:
                raise SviktError(Feilart.UAUTORISERT)
            part = paastander["authorization_details"][0]["systemuser_org"]
        if not isinstance(part, dict) or part.get("authority") != _AUTORITET:
            raise SviktError(Feilart.UAUTENTISERT)
        treff = _AKTOER.fullmatch(str(part.get("ID")))
        if treff is None:
            raise SviktError(Feilart.UAUTENTISERT)
        return treff[1]
