"""What is known about one synthetic person, in Skatteetaten's eyes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

from app.sandbox.befolkning.skatt import Tall


class Skjerming(Enum):
    """How much of a shielded person an API gives away."""

    INGEN = "ingen"
    DELVIS = "delvis"  # sums stay right, details that could place the person are gone
    HELT = "helt"  # only the parameters and ``skjermet: true``


@dataclass(frozen=True)
class Oppgjoer:
    """A settlement. ``ajourholdt`` changes when it is changed."""

    dato: date
    ajourholdt: datetime
    fastland: Tall | None = None
    svalbard: Tall | None = None
    kildeskatt: Tall | None = None

    def deler(self) -> tuple[Tall, ...]:
        """The territories present."""
        return tuple(d for d in (self.fastland, self.svalbard, self.kildeskatt) if d is not None)


@dataclass(frozen=True, repr=False)
class Inntektsrad:
    """One line of a monthly report: ``slag`` is loennsinntekt, ytelseFraOffentlige, pensjonEllerTrygd…"""

    slag: str
    beskrivelse: str
    beloep: int
    fordel: str = "kontantytelse"
    trekkes: bool = True

    def kropp(self) -> dict[str, Any]:
        """The line as Inntekt API writes it."""
        return {
            "fordel": self.fordel,
            "utloeserArbeidsgiveravgift": self.slag == "loennsinntekt" and self.trekkes,
            "inngaarIGrunnlagForTrekk": self.trekkes,
            "beloep": self.beloep,
            self.slag: {"beskrivelse": self.beskrivelse},
        }


@dataclass(frozen=True, repr=False)
class Oppgave:
    """One payer's report of one month (``YYYY-MM``)."""

    maaned: str
    betaler: str
    rader: tuple[Inntektsrad, ...]
    forskuddstrekk: int = 0

    def kropp(self, ident: str) -> dict[str, Any]:
        """The report as Inntekt API writes it."""
        svar: dict[str, Any] = {
            "opplysningspliktigId": self.betaler,
            "virksomhetId": self.betaler,
            "kalendermaaned": self.maaned,
            "inntektsmottaker": {"personidentifikator": ident},
            "inntekt": [rad.kropp() for rad in self.rader],
        }
        if self.forskuddstrekk:
            svar["forskuddstrekk"] = [{"beskrivelse": "forskuddstrekk", "beloep": self.forskuddstrekk}]
        return svar


@dataclass(frozen=True)
class Person:
    """A person. ``identer`` has the one in use first; ``repr`` shows only the nickname.

    Attributes:
        kallenavn: the name the control API and the documentation use.
        navn: a plainly made-up name.
        viser: what the person is there to show, in Norwegian.
        oppgjoer: settlements by income year.
        slettet: income years whose settlement is deleted.
        inntekt: monthly reports.
        skjerming: by API name; APIs not named give everything.
        ektefelle: nickname of the spouse or partner.
        trykte: the ids a published case prints for the person. Look-ups by them are answered; nothing else.
    """

    kallenavn: str
    navn: str
    identer: tuple[str, ...]
    viser: str
    oppgjoer: Mapping[int, Oppgjoer] = field(default_factory=dict)
    slettet: frozenset[int] = frozenset()
    inntekt: tuple[Oppgave, ...] = ()
    skjerming: Mapping[str, Skjerming] = field(default_factory=dict)
    ektefelle: str | None = None
    trykte: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Person({self.kallenavn})"


def oppgjoer(dato: date, fastland: Tall | None = None, **deler: Tall) -> Oppgjoer:
    """A settlement registered at noon of its date."""
    return Oppgjoer(dato, datetime.combine(dato, time(12), UTC), fastland, **deler)
