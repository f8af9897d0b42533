"""What a provider's answer makes of a user: which kommune, which role, and who it is.

Nothing the browser can touch decides: the kommune is the one Ansattporten says was chosen there, in the answer it
gave us directly, or the one the tenant belongs to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, Protocol

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.portal.innlogging.roller import ROLLENAVN, RollerStriderError, rollen
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, er_organisasjonsnummer

RAR_RESSURS: Final = "ansattporten:altinn:resource"
NIVAAER: Final = {"substantial": "idporten-loa-substantial", "high": "idporten-loa-high"}
"""The settings' words and Ansattporten's, lowest first."""

ENTRA_MED_MFA: Final = "entra-mfa"
"""What the register calls the level of a login with several factors in Entra."""

_AUTORITET: Final = "iso6523-actorid-upis"
_PREFIKS: Final = "0192:"
_FLERFAKTOR: Final = "mfa"
_NUMMER: Final = re.compile(r"[0-9]{11}")

LagId = Callable[..., str]
"""Makes the opaque id of a user of the parts that tell one from another."""


@dataclass(frozen=True, slots=True)
class Bruker:
    """Somebody who may come in."""

    aktoer: Aktoer
    navn: str | None = field(repr=False)
    ident: str | None = field(default=None, repr=False)
    """National id, when it was asked for: to know again who looks at what is their own, or a colleague's."""


class Slag(Protocol):
    """What one kind of provider says of a user."""

    @property
    def scope(self) -> str:
        """What to ask of the provider."""

    @property
    def maa_si_naar(self) -> bool:
        """Whether the id_token must say when the user proved who they are."""

    @property
    def maa_si_hvem(self) -> bool:
        """Whether the callback must say who the provider is, whatever its metadata promises."""

    def oensker(self) -> dict[str, Any]:
        """What to ask for, besides the login itself."""
        ...

    def bruker(self, paastander: Mapping[str, Any], svar: Mapping[str, Any], id_av: LagId) -> Bruker:
        """Who it is.

        Args:
            paastander: the id_token's, which are known to be the provider's.
            svar: the token response it came in.
            id_av: makes the user's id.

        Raises:
            InnloggingAvvistError: not somebody who may come in.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ansattporten:
    """Employees with eID, and whom Altinn says they represent.

    Attributes:
        ressurs: the resource in Altinn.
        nivaa: the lowest level, in the settings' word.
        scope: with «profile» Ansattporten tells the national id too.
    """

    ressurs: str
    nivaa: str
    scope: str = "openid"
    maa_si_naar: bool = True
    maa_si_hvem: bool = True

    def oensker(self) -> dict[str, Any]:
        """See ``Slag.oensker``."""
        return {
            "acr_values": NIVAAER[self.nivaa],
            "authorization_details": [
                {
                    "type": RAR_RESSURS,
                    "resource": self.ressurs,
                    "actions": ",".join(ROLLENAVN),
                    "representation_is_required": True,
                }
            ],
        }

    def bruker(self, paastander: Mapping[str, Any], svar: Mapping[str, Any], id_av: LagId) -> Bruker:
        """See ``Slag.bruker``."""
        kommune, handlinger = self._representasjon(paastander, svar)
        ukjent = _uten_rolle(kommune, id_av(paastander["sub"]), _nivaa(paastander))
        if not self._hoeyt_nok(paastander):
            raise InnloggingAvvistError(Grunn.LAVT_NIVAA, ukjent)
        pid = paastander.get("pid")
        ident = pid if isinstance(pid, str) and _NUMMER.fullmatch(pid) else None
        return Bruker(_med_rolle(ukjent, handlinger), None, ident)

    def _representasjon(
        self, paastander: Mapping[str, Any], svar: Mapping[str, Any]
    ) -> tuple[str, list[str]]:
        """The kommune the user chose there, and the actions; the copy in the id_token must not say otherwise."""
        detaljer = svar.get("authorization_details")
        if paastander.get("authorization_details", detaljer) != detaljer:
            raise InnloggingAvvistError(Grunn.REPRESENTASJON)
        detalj = _den_ene(detaljer)
        part = _den_ene(detalj.get("authorized_parties"))
        orgno, handlinger = part.get("orgno"), part.get("actions")
        if (
            detalj.get("type") != RAR_RESSURS
            or detalj.get("resource") != self.ressurs
            or not isinstance(orgno, dict)
            or orgno.get("authority") != _AUTORITET
            or not isinstance(handlinger, list)
            or not all(isinstance(en, str) for en in handlinger)
        ):
            raise InnloggingAvvistError(Grunn.REPRESENTASJON)
        return _organisasjon(orgno.get("ID")), handlinger

    def _hoeyt_nok(self, paastander: Mapping[str, Any]) -> bool:
        nivaaer = list(NIVAAER.values())
        acr = paastander.get("acr")
        return acr in nivaaer and nivaaer.index(acr) >= nivaaer.index(NIVAAER[self.nivaa])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entra:
    """Users of the kommuner's own tenants, with app roles.

    Attributes:
        tider: the kommune of each tenant.
    """

    tider: Mapping[str, str]
    scope: str = "openid profile"
    maa_si_naar: bool = False
    maa_si_hvem: bool = False

    def oensker(self) -> dict[str, Any]:
        """See ``Slag.oensker``."""
        return {}

    def bruker(self, paastander: Mapping[str, Any], svar: Mapping[str, Any], id_av: LagId) -> Bruker:
        """See ``Slag.bruker``."""
        tid, oid = paastander.get("tid"), paastander.get("oid")
        if not isinstance(tid, str) or not isinstance(oid, str) or not oid:
            raise InnloggingAvvistError(Grunn.UTEN_SUBJEKT)
        kommune = self.tider.get(tid)
        if kommune is None:
            raise InnloggingAvvistError(Grunn.UKJENT_TENANT)
        ukjent = _uten_rolle(kommune, id_av(tid, oid), ENTRA_MED_MFA)
        metoder, roller = paastander.get("amr"), paastander.get("roles", [])
        if not isinstance(metoder, list) or _FLERFAKTOR not in metoder:
            raise InnloggingAvvistError(Grunn.UTEN_FLERFAKTOR, ukjent)
        navn = paastander.get("name")
        handlinger = [en for en in roller if isinstance(en, str)] if isinstance(roller, list) else []
        return Bruker(_med_rolle(ukjent, handlinger), navn if isinstance(navn, str) and navn else None)


def _uten_rolle(kommune: str, id_: str, nivaa: str) -> Aktoer:
    return Aktoer(kommune=kommune, type=Aktoertype.BRUKER, id=id_, rettigheter=frozenset(), eid_nivaa=nivaa)


def _med_rolle(ukjent: Aktoer, handlinger: list[str]) -> Aktoer:
    try:
        rolle = rollen(handlinger)
    except RollerStriderError:
        raise InnloggingAvvistError(Grunn.ROLLER_STRIDER, ukjent) from None
    if rolle is None:
        raise InnloggingAvvistError(Grunn.MANGLER_ROLLE, ukjent)
    return Aktoer(
        kommune=ukjent.kommune,
        type=ukjent.type,
        id=ukjent.id,
        rettigheter=RETTIGHETER[rolle],
        rolle=rolle,
        eid_nivaa=ukjent.eid_nivaa,
    )


def _nivaa(paastander: Mapping[str, Any]) -> str:
    """The level, for the register: one we know, or a word that says we do not."""
    acr = paastander.get("acr")
    return acr if isinstance(acr, str) and acr in NIVAAER.values() else "ukjent"


def _organisasjon(verdi: object) -> str:
    if not isinstance(verdi, str) or not verdi.startswith(_PREFIKS):
        _avvis()
    orgnr = verdi.removeprefix(_PREFIKS)
    if not er_organisasjonsnummer(orgnr):
        _avvis()
    return orgnr


def _den_ene(verdi: object) -> Mapping[str, Any]:
    """The only element: two would leave it to us which the user meant."""
    if not isinstance(verdi, list) or len(verdi) != 1 or not isinstance(verdi[0], dict):
        _avvis()
    return verdi[0]


def _avvis() -> NoReturn:
    raise InnloggingAvvistError(Grunn.REPRESENTASJON)
