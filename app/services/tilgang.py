"""Who is acting, for which kommune, and what they may do. No HTTP: the edge decides who, this decides what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol


class Rettighet(StrEnum):
    """What a route or a job demands. One each, small enough to be said in a sentence."""

    LES_SAK = "LES_SAK"
    SKRIV_SAK = "SKRIV_SAK"
    GODKJENN_VEDTAK = "GODKJENN_VEDTAK"
    LES_KOMMUNE = "LES_KOMMUNE"
    SKRIV_KOMMUNE = "SKRIV_KOMMUNE"
    LES_REVISJON = "LES_REVISJON"
    SLETT_PERSON = "SLETT_PERSON"
    LES_AVSTEMMING = "LES_AVSTEMMING"
    LES_DRIFT = "LES_DRIFT"
    SKRIV_DRIFT = "SKRIV_DRIFT"
    """Set going what the service else does by itself: a reconciliation now, stopped work once more."""


class Rolle(StrEnum):
    """What a person is in the kommune. The auditor and the operator see no cases."""

    BEREGNER = "BEREGNER"
    LEDER = "LEDER"
    REVISOR = "REVISOR"
    DRIFT = "DRIFT"


class Aktoertype(StrEnum):
    """A system with a token, a person with a session, or ourselves."""

    MASKIN = "MASKIN"
    BRUKER = "BRUKER"
    SYSTEM = "SYSTEM"


class Avslagsgrunn(StrEnum):
    """Why somebody we know was refused."""

    MANGLER_RETTIGHET = "mangler-rettighet"
    LEVERANDOER_IKKE_GODTATT = "leverandoer-ikke-godtatt"
    MANGLER_CSRF = "mangler-csrf"
    FINNES_IKKE = "finnes-ikke-i-kommunen"


_LES: Final = frozenset({Rettighet.LES_SAK, Rettighet.LES_KOMMUNE})
_BEREGNER: Final = frozenset({Rettighet.LES_SAK, Rettighet.SKRIV_SAK, Rettighet.LES_KOMMUNE})

RETTIGHETER: Final[Mapping[Rolle, frozenset[Rettighet]]] = MappingProxyType(
    {
        Rolle.BEREGNER: _BEREGNER,
        Rolle.LEDER: _BEREGNER
        | {
            Rettighet.GODKJENN_VEDTAK,
            Rettighet.SKRIV_KOMMUNE,
            Rettighet.LES_REVISJON,
            Rettighet.SLETT_PERSON,
            Rettighet.LES_AVSTEMMING,
            Rettighet.SKRIV_DRIFT,
        },
        Rolle.REVISOR: frozenset({Rettighet.LES_REVISJON, Rettighet.LES_AVSTEMMING}),
        Rolle.DRIFT: frozenset({Rettighet.LES_DRIFT, Rettighet.SKRIV_DRIFT, Rettighet.LES_AVSTEMMING}),
    }
)
"""What each role gives."""

SCOPER: Final[Mapping[str, frozenset[Rettighet]]] = MappingProxyType(
    {
        "egenandel.read": _LES,
        "egenandel.write": _LES | {Rettighet.SKRIV_SAK, Rettighet.SKRIV_KOMMUNE},
    }
)
"""What each scope gives, by its name after the prefix. Digdir advises one scope per token, so write reads too."""


def rettigheter_fra_scoper(scoper: Iterable[str], prefiks: str) -> frozenset[Rettighet]:
    """The rights the scopes of a token give; a scope that is not ours, to the letter, gives none."""
    gitt = set(scoper)
    return frozenset().union(*(retter for navn, retter in SCOPER.items() if f"{prefiks}:{navn}" in gitt))


def scope_for(rettighet: Rettighet, prefiks: str) -> str | None:
    """The narrowest scope that gives the right; ``None`` when no machine can have it."""
    for navn, retter in SCOPER.items():
        if rettighet in retter:
            return f"{prefiks}:{navn}"
    return None


_VEKTER: Final = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_ORGNR: Final = re.compile(r"[0-9]{9}")
_PERSON: Final = re.compile(r"[0-9]{11}")


def er_organisasjonsnummer(tekst: str) -> bool:
    """Nine digits whose weighted sum is a multiple of 11 (Brønnøysundregistrene)."""
    return bool(_ORGNR.fullmatch(tekst)) and not (
        sum(vekt * int(siffer) for vekt, siffer in zip(_VEKTER, tekst, strict=True)) % 11
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Aktoer:
    """Who is acting. Made only from a validated token or session, or by ourselves.

    Attributes:
        kommune: organisation number of the tenant; never taken from a path or a body.
        type: machine, user or system.
        id: the client's id, or the user's pairwise ``sub``; never a national id.
        rettigheter: what may be done.
        rolle: the user's role; machines have none.
        leverandoer: organisation number of the supplier that calls for the kommune, if another than it.
        eid_nivaa: how the user was identified.

    Raises:
        ValueError: no tenant, or an id that is missing or a national id.
    """

    kommune: str
    type: Aktoertype
    id: str
    rettigheter: frozenset[Rettighet]
    rolle: Rolle | None = None
    leverandoer: str | None = None
    eid_nivaa: str | None = None

    def __post_init__(self) -> None:
        """Refuse what must never be a principal; the message does not repeat it."""
        if not er_organisasjonsnummer(self.kommune):
            raise ValueError("aktøren må høre til en kommune med gyldig organisasjonsnummer")
        if not self.id or _PERSON.fullmatch(self.id):
            raise ValueError("aktøren må ha en id, og den kan ikke være et fødselsnummer")

    @property
    def merke(self) -> str:
        """What stored rows carry as ``av``."""
        return f"{self.type.lower()}:{self.id}"

    def har(self, rettighet: Rettighet) -> bool:
        """Whether the right is there."""
        return rettighet in self.rettigheter


class Avslagsregister(Protocol):
    """Where a refusal of somebody we know is written down. The audit register is one."""

    async def avslag(
        self,
        aktoer: Aktoer,
        rute_mal: str,
        rettighet: Rettighet,
        grunn: Avslagsgrunn,
        korrelasjonsid: str,
    ) -> None:
        """Write down one refusal.

        Args:
            aktoer: who was refused.
            rute_mal: method and route template, such as ``GET /api/v1/saker/{sakId}``; no values.
            rettighet: what the route demands.
            grunn: why.
            korrelasjonsid: the request's.
        """
        ...
