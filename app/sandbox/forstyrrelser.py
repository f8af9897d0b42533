"""Disturbances: failures ordered in advance, always, now and then (seeded) or a number of times."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from itertools import count


class Art(Enum):
    """What goes wrong. ``forklaring`` says it in Norwegian, for the documentation."""

    KODE = "KODE"
    BAR_404 = "BAR_404"
    UKJENT_INSTANS = "UKJENT_INSTANS"
    HTML_500 = "HTML_500"
    HTML_503 = "HTML_503"
    FOR_MANGE = "FOR_MANGE"
    TREG = "TREG"
    BRUDD = "BRUDD"
    AVKORTET = "AVKORTET"
    TOM_KROPP = "TOM_KROPP"
    FEIL_PERSON = "FEIL_PERSON"
    FEIL_AAR = "FEIL_AAR"

    @property
    def forklaring(self) -> str:
        """What the caller sees."""
        return _FORKLARINGER[self]


_FORKLARINGER = {
    Art.KODE: "Feilkoden i `kode`: en av API-ets egne, eller DAS-001 til DAS-008 fra portneren foran.",
    Art.BAR_404: "404 uten innhold.",
    Art.UKJENT_INSTANS: "404 med teksten «Unknown instance. ID=…».",
    Art.HTML_500: "500 med en HTML-side.",
    Art.HTML_503: "503 med en HTML-side.",
    Art.FOR_MANGE: "429, med `Retry-After` når `retry_after` er oppgitt (sekunder eller HTTP-dato).",
    Art.TREG: "Riktig svar etter `sekunder`.",
    Art.BRUDD: "Forbindelsen brytes midt i svaret.",
    Art.AVKORTET: "Et riktig svar der siste halvdel mangler.",
    Art.TOM_KROPP: "200 uten innhold.",
    Art.FEIL_PERSON: "Et helt svar, men om en annen person.",
    Art.FEIL_AAR: "Et helt svar, men for året før.",
}


ALLE_SYSTEMER = "*"

BARE_OPPSLAG = frozenset({Art.KODE, Art.AVKORTET, Art.FEIL_PERSON, Art.FEIL_AAR})
"""What only Skatteetaten's APIs can do."""

OVERALT = frozenset(Art) - BARE_OPPSLAG


@dataclass
class Forstyrrelse:
    """An order. ``antall`` is how many times it will still happen; None is for ever."""

    nummer: int
    system: str
    art: Art
    kode: str | None = None
    konsument: str | None = None
    sannsynlighet: float = 1.0
    antall: int | None = None
    froe: int = 0
    sekunder: float = 0.0
    retry_after: str | None = None
    truffet: int = 0
    _terning: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Seed the die: the same order fails on the same calls every time."""
        self._terning = random.Random(self.froe)  # noqa: S311 – a test that can be repeated, not a secret

    def treffer(self, system: str, konsument: str | None) -> bool:
        """Whether this call is hit; rolls the die when the call is one it could hit."""
        if self.system not in (system, ALLE_SYSTEMER) or self.antall == 0:
            return False
        if self.konsument is not None and self.konsument != konsument:
            return False
        if self._terning.random() >= self.sannsynlighet:
            return False
        self.truffet += 1
        if self.antall is not None:
            self.antall -= 1
        return True


class Forstyrrelser:
    """The orders in force, oldest first."""

    def __init__(self) -> None:
        self._nummer = count(1)
        self.alle: list[Forstyrrelse] = []

    def bestill(
        self,
        system: str,
        art: Art,
        *,
        kode: str | None = None,
        konsument: str | None = None,
        sannsynlighet: float = 1.0,
        antall: int | None = None,
        froe: int = 0,
        sekunder: float = 0.0,
        retry_after: str | None = None,
    ) -> Forstyrrelse:
        """Order a disturbance on ``system`` (``maskinporten``, an API name, or ``*``)."""
        ny = Forstyrrelse(
            next(self._nummer),
            system,
            art,
            kode,
            konsument,
            sannsynlighet,
            antall,
            froe,
            sekunder,
            retry_after,
        )
        self.alle.append(ny)
        return ny

    def trekk(
        self, system: str, konsument: str | None = None, arter: Collection[Art] = tuple(Art)
    ) -> Forstyrrelse | None:
        """The first order that hits this call; ``arter`` is what the system is able to act out."""
        return next((f for f in self.alle if f.art in arter and f.treffer(system, konsument)), None)

    def avbestill(self, nummer: int) -> bool:
        """Take one order away; False when there is none with the number."""
        foer = len(self.alle)
        self.alle = [f for f in self.alle if f.nummer != nummer]
        return len(self.alle) < foer

    def nullstill(self) -> None:
        """Take every order away."""
        self.alle.clear()
