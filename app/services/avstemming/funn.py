"""What a control is called, what it found, and how that counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

STOERSTE_LISTE: Final = 1_000
"""Deviations a report names of each control; the number of them is always whole."""


class Kontrollnavn(StrEnum):
    """Every control; stable, for those who follow them over time."""

    LESTE_LISTER = "leste-lister"
    PEKER = "peker"
    DEKNING = "dekning"
    ULESELIGE = "uleselige-hendelser"
    STILLHET = "stillhet"
    BESTILT = "bestilt-arbeid"
    ALDER = "alder-paa-grunnlag"
    STANSET = "stanset-arbeid"
    OPPGITT = "oppgitt-arbeid"
    TRUKKET = "trukket-i-bruk"
    UTEN_OPPGJOER = "uten-oppgjoer"
    ALDRI_SLAATT_OPP = "aldri-slaatt-opp"
    LEVERINGER = "oppgitte-leveringer"
    ENDRINGSNUMRE = "endringsnumre"
    REGISTER = "hendelsesregister"
    OPPSLAG = "oppslag-aa-vurdere"


class Vurdering(StrEnum):
    """How a control came out."""

    OK = "OK"
    RETTET = "RETTET"
    """Something did not agree, and does now."""
    MERKNAD = "MERKNAD"
    """Worth reading; nothing is wrong."""
    AVVIK = "AVVIK"
    """Something does not agree, and somebody must see to it."""


class Utfall(StrEnum):
    """How a whole reconciliation came out: the worst of its controls, notes aside."""

    OK = "OK"
    RETTET = "RETTET"
    AVVIK = "AVVIK"


@dataclass(frozen=True, slots=True, order=True)
class Bestilling:
    """Something to be fetched anew."""

    person_id: UUID
    liste: str
    aar: int


@dataclass(frozen=True, slots=True)
class Avvik:
    """One thing that does not agree: ids and numbers only."""

    gjelder: Mapping[str, Any]
    bestilling: Bestilling | None = None
    """What mends it, when that is to fetch anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funn:
    """One control, carried out."""

    navn: Kontrollnavn
    kontrollert: int
    """How many were looked at."""
    avvik: tuple[Avvik, ...] = ()
    rettet: int = 0
    """How many of the deviations were mended."""
    bare_merknad: bool = False
    antall: Mapping[str, int] = field(default_factory=dict)
    """Other things that were counted."""

    @property
    def vurdering(self) -> Vurdering:
        """How it came out."""
        if not self.avvik:
            return Vurdering.OK
        if self.bare_merknad:
            return Vurdering.MERKNAD
        return Vurdering.RETTET if self.rettet == len(self.avvik) else Vurdering.AVVIK


def samlet(funn: Iterable[Funn]) -> Utfall:
    """The worst of them."""
    sett = {ett.vurdering for ett in funn}
    if Vurdering.AVVIK in sett:
        return Utfall.AVVIK
    return Utfall.RETTET if Vurdering.RETTET in sett else Utfall.OK


FORKLARING: Final[Mapping[Kontrollnavn, tuple[str, str]]] = {
    Kontrollnavn.LESTE_LISTER: (
        "Hver liste kommunen har, er lest om igjen fra forrige avstemming til slutten.",
        "Se om Skatteetaten svarer: egenandel skatt sjekk.",
    ),
    Kontrollnavn.PEKER: (
        "Pekeren i hver liste står der lesingen er kommet: ikke foran, ikke bak og ikke forbi slutten.",
        "Rettet av avstemmingen. Finn ut hvem som flyttet den.",
    ),
    Kontrollnavn.DEKNING: (
        "Hver hendelse om en person kommunen følger, er mottatt.",
        "Satt inn av avstemmingen. Finn ut hvorfor den manglet.",
    ),
    Kontrollnavn.ULESELIGE: (
        "Ingen hendelse i listene står ulest fordi den ikke lot seg lese.",
        "Les dem på nytt, eller avslutt dem: egenandel hendelser.",
    ),
    Kontrollnavn.STILLHET: (
        "Listene blir lest, og det kommer hendelser.",
        "Se om listene følges, og om Skatteetaten melder om driftsavvik.",
    ),
    Kontrollnavn.BESTILT: (
        "Hver mottatt hendelse har gitt arbeid for personen og året.",
        "Bestilt av avstemmingen.",
    ),
    Kontrollnavn.ALDER: (
        "Der arbeidet er gjort, er grunnlaget i åpne saker ikke eldre enn hendelsen.",
        "Bestilt på nytt av avstemmingen.",
    ),
    Kontrollnavn.STANSET: (
        "Ikke noe arbeid har vært forfalt for lenge.",
        "Se om tjenesten går, og om Skatteetaten svarer.",
    ),
    Kontrollnavn.OPPGITT: (
        "Ikke noe arbeid er oppgitt.",
        "Bestill det på nytt eller avslutt det: egenandel arbeid.",
    ),
    Kontrollnavn.TRUKKET: (
        "Ingen sak bygger på et trukket grunnlag uten at saksbehandler har en oppgave om det.",
        "Lag en ny beregning i saken.",
    ),
    Kontrollnavn.UTEN_OPPGJOER: (
        "Foreløpige vedtak for år som er gått, der skatteoppgjøret eller etteroppgjøret ikke er kommet.",
        "Følg dem opp når skatteoppgjøret kommer; senest i desember.",
    ),
    Kontrollnavn.ALDRI_SLAATT_OPP: (
        "Personer i åpne saker som det aldri er hentet noe om.",
        "Lag en beregning i saken, om tallene skal hentes.",
    ),
    Kontrollnavn.LEVERINGER: (
        "Ingen levering til en webhook er oppgitt.",
        "Rett mottakeren og send på nytt: docs/hendelser.md.",
    ),
    Kontrollnavn.ENDRINGSNUMRE: (
        "Endringslisten har alle numre til og med det siste.",
        "Noen har endret databasen. Gjenopprett fra sikkerhetskopi.",
    ),
    Kontrollnavn.REGISTER: (
        "Hendelsesregisteret henger sammen fra første til siste rad.",
        "Noen har endret databasen. Gjenopprett fra sikkerhetskopi.",
    ),
    Kontrollnavn.OPPSLAG: (
        "Brukeres oppslag på seg selv og på kolleger, og uvanlig mange på et døgn, er vurdert av en revisor eller leder.",
        "Se på dem i portalen under hendelsesregisteret, eller med egenandel revisjon tilsyn.",
    ),
}
"""What each control shows, and what to do when it does not hold."""
