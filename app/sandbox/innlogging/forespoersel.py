"""Judging an authorization request, whether it was pushed (RFC 9126) or came with the browser."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.sandbox.innlogging.feil import (
    UGYLDIG,
    UGYLDIG_SCOPE,
    UGYLDIGE_DETALJER,
    UKJENT_SVARTYPE,
    OAuthError,
)
from app.sandbox.innlogging.register import Klient
from app.sandbox.innlogging.skjema import bare_kjente, krev
from app.sandbox.innlogging.utforming import PROFIL, RAR_RESSURS, RESSURSPREFIKS, Utforming

_SCOPES: Final = frozenset({"openid", PROFIL})
_UTFORDRING: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_MAKS_ALDER: Final = re.compile(r"\d{1,9}", re.ASCII)
_HANDLINGER: Final = re.compile(r"[a-z]+(,[a-z]+)*", re.ASCII)
_KORTESTE: Final = 16
_LENGSTE: Final = 512
_DETALJFELT: Final = {"type", "resource", "actions", "representation_is_required"}


@dataclass(frozen=True, slots=True)
class Ressursoenske:
    """Representation asked for: an Altinn resource and the actions one of which the person must have."""

    ressurs: str
    handlinger: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Forespoersel:
    """An accepted authorization request.

    Attributes:
        utfordring: PKCE's ``code_challenge``.
        nivaa: the lowest ``acr`` that will do; none where the provider has none.
        prompt: ``login``, ``none``, ``select_account`` or nothing.
        maks_alder: ``max_age``: seconds since the person last proved who they are.
        oenske: representation asked for.
    """

    klient_id: str
    returadresse: str
    scope: frozenset[str]
    state: str
    nonce: str
    utfordring: str
    nivaa: str | None = None
    prompt: str | None = None
    maks_alder: int | None = None
    oenske: Ressursoenske | None = None


def returadresse(felt: Mapping[str, str], klient: Klient) -> str:
    """The redirect URI, which decides whether the browser may be sent anywhere at all.

    Raises:
        OAuthError: missing, or not registered character by character.
    """
    adresse = krev(felt, "redirect_uri")
    if adresse not in klient.retur:
        raise OAuthError(UGYLDIG, "redirect_uri er ikke registrert på klienten, tegn for tegn")
    return adresse


def doem(
    felt: Mapping[str, str], klient: Klient, utforming: Utforming, *, forhaandssendt: bool
) -> Forespoersel:
    """Judge everything but the client and the redirect URI, which ``returadresse`` has judged.

    Raises:
        OAuthError: the first thing found wrong.
    """
    bare_kjente(felt, utforming.felt)
    if krev(felt, "response_type") != "code":
        raise OAuthError(UKJENT_SVARTYPE, "response_type må være code")
    if felt.get("response_mode", "query") != "query":
        raise OAuthError(UGYLDIG, "response_mode må være query")
    scope = frozenset(krev(felt, "scope").split(" "))
    if "openid" not in scope or scope - _SCOPES:
        raise OAuthError(UGYLDIG_SCOPE, "scope må være openid, eventuelt med profile")
    if krev(felt, "code_challenge_method") != "S256":
        raise OAuthError(UGYLDIG, "code_challenge_method må være S256")
    if not _UTFORDRING.fullmatch(krev(felt, "code_challenge")):
        raise OAuthError(UGYLDIG, "code_challenge må være 43 tegn base64url")
    if "authorization_details" in felt and not forhaandssendt:
        raise OAuthError(UGYLDIG, "authorization_details må sendes med PAR, ikke med nettleseren")
    return Forespoersel(
        klient_id=klient.klient_id,
        returadresse=felt["redirect_uri"],
        scope=scope,
        state=_uforutsigelig(felt, "state"),
        nonce=_uforutsigelig(felt, "nonce"),
        utfordring=felt["code_challenge"],
        nivaa=_nivaa(felt, utforming),
        prompt=_prompt(felt, utforming),
        maks_alder=_maks_alder(felt),
        oenske=_oenske(felt, klient),
    )


def _uforutsigelig(felt: Mapping[str, str], navn: str) -> str:
    """A value that must be hard to guess: as long as sixteen random bytes can be written."""
    verdi = krev(felt, navn)
    if not _KORTESTE <= len(verdi) <= _LENGSTE:
        raise OAuthError(UGYLDIG, f"{navn} må være {_KORTESTE} til {_LENGSTE} tegn")
    return verdi


def _nivaa(felt: Mapping[str, str], utforming: Utforming) -> str | None:
    """The lowest level asked for: several values are alternatives."""
    if not utforming.nivaaer:
        return None
    oensket = felt.get("acr_values", utforming.nivaaer[0]).split(" ")
    if set(oensket) - set(utforming.nivaaer):
        raise OAuthError(UGYLDIG, f"acr_values må være {' eller '.join(utforming.nivaaer)}")
    return min(oensket, key=utforming.nivaaer.index)


def _prompt(felt: Mapping[str, str], utforming: Utforming) -> str | None:
    prompt = felt.get("prompt")
    if prompt is not None and prompt not in utforming.prompter:
        raise OAuthError(UGYLDIG, f"prompt må være {' eller '.join(sorted(utforming.prompter))}")
    return prompt


def _maks_alder(felt: Mapping[str, str]) -> int | None:
    tekst = felt.get("max_age")
    if tekst is None:
        return None
    if not _MAKS_ALDER.fullmatch(tekst):
        raise OAuthError(UGYLDIG, "max_age må være hele sekunder")
    return int(tekst)


def _oenske(felt: Mapping[str, str], klient: Klient) -> Ressursoenske | None:
    """The one thing asked for in ``authorization_details``, in the form Digdir's page about RAR types gives."""
    if "authorization_details" not in felt:
        return None
    detalj = _en_detalj(felt["authorization_details"])
    if detalj.get("type") != RAR_RESSURS:
        raise OAuthError(UGYLDIGE_DETALJER, f"type må være {RAR_RESSURS}")
    if detalj.keys() - _DETALJFELT:
        raise OAuthError(UGYLDIGE_DETALJER, "Det står et felt i authorization_details som ikke er kjent her")
    ressurs = detalj.get("resource")
    if not isinstance(ressurs, str) or not ressurs.startswith(RESSURSPREFIKS):
        raise OAuthError(UGYLDIGE_DETALJER, f"resource må begynne med {RESSURSPREFIKS}")
    if ressurs not in klient.ressurser:
        raise OAuthError(UGYLDIGE_DETALJER, "Ressursen finnes ikke, eller klienten får ikke be om den")
    handlinger = detalj.get("actions")
    if not isinstance(handlinger, str) or not _HANDLINGER.fullmatch(handlinger):
        raise OAuthError(UGYLDIGE_DETALJER, "actions må være én tekst med komma mellom, uten mellomrom")
    if detalj.get("representation_is_required") is not True:
        raise OAuthError(UGYLDIGE_DETALJER, "representation_is_required må være true")
    return Ressursoenske(ressurs, tuple(handlinger.split(",")))


def _en_detalj(tekst: str) -> dict[str, Any]:
    try:
        detaljer = json.loads(tekst)
    except ValueError:
        raise OAuthError(UGYLDIGE_DETALJER, "authorization_details er ikke JSON") from None
    if not isinstance(detaljer, list) or len(detaljer) != 1 or not isinstance(detaljer[0], dict):
        raise OAuthError(UGYLDIGE_DETALJER, "authorization_details må være en liste med ett objekt")
    return detaljer[0]
