"""What tells the two providers apart: addresses, what may be asked, and what is said about a person."""

import base64
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.sandbox.innlogging.ansatte import ANSATTE, NIVAAER, TENANT, Ansatt

RAR_RESSURS: Final = "ansattporten:altinn:resource"
RESSURSPREFIKS: Final = "urn:altinn:resource:"
PROFIL: Final = "profile"

_PROTOKOLLFELT: Final = frozenset(
    {
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
        "code_challenge", "code_challenge_method", "prompt", "max_age",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adresser:
    """Paths of the endpoints, from where the provider is mounted; ``par`` only where it exists."""

    oppdagelse: str
    autorisasjon: str
    token: str
    noekler: str
    avslutning: str
    par: str | None = None
    brukerinfo: str | None = None


class Utforming(ABC):
    """One provider's shape.

    Attributes:
        system: what the log, the disturbances and the control API call it.
        navn: what its pages call it.
        prefiks: the path it is mounted at.
        rot: the URL it is mounted at.
        utsteder: ``iss``.
        adresser: its endpoints.
        felt: the parameters an authorization request may have.
        prompter: the values of ``prompt``.
        sier_utsteder: whether the callback carries ``iss`` (RFC 9207).
        nivaaer: ``acr`` values, lowest first; none where the provider has none.
        detaljtyper: RAR types.
    """

    system: str
    navn: str
    prefiks: str
    rot: str
    utsteder: str
    adresser: Adresser
    felt: frozenset[str] = _PROTOKOLLFELT
    prompter: frozenset[str] = frozenset({"login", "none"})
    sier_utsteder: bool = False
    nivaaer: tuple[str, ...] = ()
    detaljtyper: tuple[str, ...] = ()

    @abstractmethod
    def ansatte(self) -> tuple[Ansatt, ...]:
        """Everybody in the picker."""

    @abstractmethod
    def om(self, ansatt: Ansatt, klient_id: str, scope: frozenset[str]) -> dict[str, Any]:
        """The claims that say who the person is."""

    def url(self, sti: str) -> str:
        """The full address of an endpoint."""
        return f"{self.rot}{sti}"

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        adresser = self.adresser
        kropp: dict[str, Any] = {
            "issuer": self.utsteder,
            "authorization_endpoint": self.url(adresser.autorisasjon),
            "token_endpoint": self.url(adresser.token),
            "jwks_uri": self.url(adresser.noekler),
            "end_session_endpoint": self.url(adresser.avslutning),
            "scopes_supported": ["openid", PROFIL],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "RS512"],
            "prompt_values_supported": sorted(self.prompter),
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "claims_parameter_supported": False,
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
        }
        if adresser.par is not None:
            kropp["pushed_authorization_request_endpoint"] = self.url(adresser.par)
        if adresser.brukerinfo is not None:
            kropp["userinfo_endpoint"] = self.url(adresser.brukerinfo)
        if self.sier_utsteder:
            kropp["authorization_response_iss_parameter_supported"] = True
        if self.nivaaer:
            kropp["acr_values_supported"] = list(self.nivaaer)
        if self.detaljtyper:
            kropp["authorization_details_types_supported"] = list(self.detaljtyper)
        return kropp


class Ansattporten(Utforming):
    """Ansattporten: eID level, and which organisation the person represents."""

    system = "ansattporten"
    navn = "Ansattporten"
    prefiks = "/ansattporten"
    adresser = Adresser(
        oppdagelse="/.well-known/openid-configuration",
        autorisasjon="/authorize",
        token="/token",  # noqa: S106 – a path
        noekler="/jwks",
        avslutning="/endsession",
        par="/par",
        brukerinfo="/userinfo",
    )
    felt = _PROTOKOLLFELT | {"acr_values", "authorization_details", "ui_locales"}
    sier_utsteder = True
    nivaaer = NIVAAER
    detaljtyper = (RAR_RESSURS,)

    def __init__(self, rot: str) -> None:
        self.rot = f"{rot}{self.prefiks}"
        self.utsteder = self.rot

    def ansatte(self) -> tuple[Ansatt, ...]:
        """Everybody with a national id Ansattporten knows."""
        return tuple(ansatt for ansatt in ANSATTE if not ansatt.bare_entra)

    def om(self, ansatt: Ansatt, klient_id: str, scope: frozenset[str]) -> dict[str, Any]:
        """A pairwise ``sub``; the national id only with the scope ``profile``. Never a name."""
        kropp = {
            "sub": _parvis(klient_id, ansatt.pid),
            "acr": ansatt.nivaa,
            "amr": ["TestID"],
            "locale": "nb",
        }
        return kropp | ({"pid": ansatt.pid} if PROFIL in scope else {})


class Entra(Utforming):
    """Entra ID: one tenant, app roles and how the person logged in. Says nothing of organisations."""

    system = "entra"
    navn = "Entra"
    felt = _PROTOKOLLFELT | {"ui_locales", "login_hint", "domain_hint"}
    prompter = frozenset({"login", "none", "select_account"})
    adresser = Adresser(
        oppdagelse="/v2.0/.well-known/openid-configuration",
        autorisasjon="/oauth2/v2.0/authorize",
        token="/oauth2/v2.0/token",  # noqa: S106 – a path
        noekler="/discovery/v2.0/keys",
        avslutning="/oauth2/v2.0/logout",
    )

    def __init__(self, rot: str, tid: str = TENANT) -> None:
        self.prefiks = f"/entra/{tid}"
        self.rot = f"{rot}{self.prefiks}"
        self.utsteder = f"{self.rot}/v2.0"

    def ansatte(self) -> tuple[Ansatt, ...]:
        """Everybody with an account."""
        return tuple(ansatt for ansatt in ANSATTE if ansatt.entra is not None)

    def om(self, ansatt: Ansatt, klient_id: str, scope: frozenset[str]) -> dict[str, Any]:
        """``tid``, ``oid``, ``roles`` and ``amr``; the name with the scope ``profile``."""
        konto = ansatt.entra
        assert konto is not None, "bare de som har konto, kan velges"  # noqa: S101
        kropp: dict[str, Any] = {
            "sub": _parvis(klient_id, konto.oid),
            "tid": konto.tid,
            "oid": konto.oid,
            "amr": ["pwd", "mfa"] if konto.flerfaktor else ["pwd"],
            "ver": "2.0",
        }
        if konto.roller:
            kropp["roles"] = list(konto.roller)
        return kropp | ({"name": ansatt.navn} if PROFIL in scope else {})


def uten_prefiks(ressurs: str) -> str:
    """The resource as Altinn's register names it."""
    return ressurs.removeprefix(RESSURSPREFIKS)


def rettighetene(
    rettigheter: Mapping[str, tuple[str, ...]], oensket: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """By organisation, the wanted actions the person has; organisations with none of them are left out."""
    har = {
        orgnr: tuple(handling for handling in handlinger if handling in oensket)
        for orgnr, handlinger in rettigheter.items()
    }
    return {orgnr: handlinger for orgnr, handlinger in har.items() if handlinger}


def _parvis(klient_id: str, hvem: str) -> str:
    """An id of the person that is this client's alone, the same every time, also after a new start."""
    avtrykk = hashlib.sha256(f"sandkasse|{klient_id}|{hvem}".encode()).digest()
    return base64.urlsafe_b64encode(avtrykk).decode().rstrip("=")
