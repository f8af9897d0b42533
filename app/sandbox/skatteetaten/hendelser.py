"""The event lists: thin events under increasing numbers with gaps.

``registreringstidspunkt`` is when the cause was registered and is out of order on purpose; the list's own
order is when the event was published.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import escape

from app.sandbox.befolkning.person import Person
from app.sandbox.befolkning.register import Befolkning
from app.sandbox.befolkning.satser import AAR
from app.sandbox.klokke import Klokke
from app.sandbox.skatteetaten.feil import Feilart, SviktError

_NAVNEROM = "urn:no:skatteetaten:datasamarbeid:hendelser:v1"
FOERSTE_MULIGE = 1
HVER_TIENDE = 10
_HULL = 7
"""Events of a flood between two numbers that are left out."""
_SPREDNING = 7_919

UTELATT: Literal["(utelatt)"] = "(utelatt)"
"""As a type: leave the field out altogether (None writes null)."""

# Types of the newest settlement's event, for the persons that show how untidy the field is.
_SAERLIGE_TYPER: dict[str, str | None] = {
    "gevinst": "NY",
    "tap": None,
    "utbytte": UTELATT,
    "formue": "endret",
    "ukjent-post": "omberegnet",
}


class TomSide(Enum):
    """How an empty page looks; all four are known from documentation or from consumers' tests."""

    FA_005 = "FA_005"  # 404 with the code
    TOMT_OBJEKT = "TOMT_OBJEKT"  # 200 {}
    UTEN_FELT = "UTEN_FELT"  # 200, other fields but no ``hendelser``
    TOM_LISTE = "TOM_LISTE"  # 200 {"hendelser": []}


class Hendelse(NamedTuple):
    """One event; ``publisert`` is not on the wire."""

    sekvensnummer: int
    identifikator: str
    periode: str
    hendelsetype: str | None
    ajourholdt: datetime | None
    publisert: date

    def __repr__(self) -> str:
        """The number, not the person."""
        return f"Hendelse({self.sekvensnummer})"

    def kropp(self) -> dict[str, Any]:
        """The event as the list writes it."""
        svar: dict[str, Any] = {
            "sekvensnummer": self.sekvensnummer,
            "identifikator": self.identifikator,
            "gjelderPeriode": self.periode,
        }
        if self.ajourholdt is not None:
            tidligere = timedelta(minutes=self.sekvensnummer * 7_919 % 4_000)
            svar["registreringstidspunkt"] = tidspunkt(self.ajourholdt - tidligere)
            if self.hendelsetype != UTELATT:
                svar["hendelsetype"] = self.hendelsetype
            svar["ajourholdstidspunkt"] = tidspunkt(self.ajourholdt)
        return svar


class Flom:
    """A great many events about the crowd, none of them kept: each is made when it is read.

    Args:
        befolkning: the crowd.
        foerste: the number of the first.
        antall: how many.
        publisert: the day all of them were published.
    """

    def __init__(self, befolkning: Befolkning, foerste: int, antall: int, publisert: date) -> None:
        self.foerste = foerste
        self.siste = foerste + antall - 1 + (antall - 1) // _HULL
        self.publisert = publisert
        self._flokk = befolkning.flokk
        self._antall = antall
        self._ident = lru_cache(maxsize=50_000)(self._flokk.ident)

    def fra(self, nummer: int) -> Iterator[Hendelse]:
        """The events from a number on."""
        bolk, rest = divmod(max(0, nummer - self.foerste), _HULL + 1)
        for nr in range(bolk * _HULL + min(rest, _HULL), self._antall):
            ident = self._ident(nr * _SPREDNING % self._flokk.antall)
            tid = _middag(self.publisert)
            yield Hendelse(
                self.foerste + nr + nr // _HULL, ident, str(AAR[nr % len(AAR)]), "ny", tid, self.publisert
            )


class Hendelsesliste:
    """One list. It is built from the population the first time somebody reads it.

    Attributes:
        tom_side: the form of an empty page.
        maks_per_side: fewer events per page than asked for, if set: a short page is not the end.
        minst: what is published from now on gets no lower number.
    """

    def __init__(self, befolkning: Befolkning, klokke: Klokke, *, inntekt: bool) -> None:
        self._befolkning = befolkning
        self._klokke = klokke
        self._inntekt = inntekt
        self._hendelser: list[Hendelse] | None = None
        self._flom: Flom | None = None
        self.tom_side = TomSide.FA_005
        self.maks_per_side: int | None = None
        self.minst = FOERSTE_MULIGE

    @property
    def hendelser(self) -> list[Hendelse]:
        """All events, in order."""
        if self._hendelser is None:
            self._hendelser = []
            grunnlag = self._fra_inntekt() if self._inntekt else self._fra_oppgjoer()
            for rad in sorted(grunnlag, key=lambda r: r[-1]):
                self._legg_til(self._neste(), *rad)
        return self._hendelser

    def publiser(
        self, person: Person, periode: str, hendelsetype: str | None, ajourholdt: datetime | None = None
    ) -> list[int]:
        """Publish a change now: one event per identity the person has. Returns their numbers."""
        naa = self._klokke.tid()
        tid = None if self._inntekt else ajourholdt or naa
        _ = self.hendelser
        return [
            self._legg_til(self._ny(), ident, periode, hendelsetype, tid, naa.date())
            for ident in person.identer
        ]

    def side(self, fra: int, antall: int) -> list[Hendelse]:
        """At most ``antall`` events with number ``fra`` or higher."""
        antall = min(antall, self.maks_per_side or antall)
        start = bisect_left(self.hendelser, fra, key=lambda h: h.sekvensnummer)
        if self._flom is None or fra > self._flom.siste:
            return self.hendelser[start : start + antall]
        skille = bisect_left(self.hendelser, self._flom.foerste, key=lambda h: h.sekvensnummer)
        foer, etter = self.hendelser[start:skille], self.hendelser[skille : skille + antall]
        return list(islice(chain(foer, self._flom.fra(fra), etter), antall))

    def flom(self, antall: int) -> tuple[int, int]:
        """Publish a great many events about the crowd now. Returns the first number and the last.

        Raises:
            ValueError: there is one already, or nobody to tell of.
        """
        if self._flom is not None or not self._befolkning.flokk.antall:
            raise ValueError("listen har en flom, eller flokken er tom")
        _ = self.hendelser
        self._flom = Flom(self._befolkning, self._ny(), antall, self._klokke.tid().date())
        return self._flom.foerste, self._flom.siste

    def start(self, dato: date | None) -> int:
        """Where to begin: the first possible number, or the first published on the day or later."""
        if dato is None:
            return FOERSTE_MULIGE
        plass = bisect_left(self.hendelser, dato, key=lambda h: h.publisert)
        neste = self.hendelser[plass].sekvensnummer if plass < len(self.hendelser) else self._ny()
        flom = self._flom
        return min(neste, flom.foerste) if flom is not None and flom.publisert >= dato else neste

    def kropp(self, side: list[Hendelse]) -> dict[str, Any]:
        """The JSON body of a page.

        Raises:
            SviktError: 404 FA-005 for an empty page, when that is the form chosen.
        """
        if side:
            return {"hendelser": [h.kropp() for h in side]}
        match self.tom_side:
            case TomSide.FA_005:
                raise SviktError(Feilart.INGEN_DATA)
            case TomSide.TOMT_OBJEKT:
                return {}
            case TomSide.UTEN_FELT:
                return {"antall": 0}
            case TomSide.TOM_LISTE:
                return {"hendelser": []}

    def nullstill(self) -> None:
        """Back to the list the population gives."""
        self._hendelser = None
        self._flom = None
        self.tom_side = TomSide.FA_005
        self.maks_per_side = None

    def _ny(self) -> int:
        """The number of what is published now."""
        return max(self._neste(), self.minst)

    def _neste(self) -> int:
        """The next number. Gaps of up to eleven are normal."""
        siste = self._hendelser[-1].sekvensnummer if self._hendelser else FOERSTE_MULIGE + 1
        siste = max(siste, self._flom.siste if self._flom else 0)
        hopp = siste * 2_654_435_761 % 2**32
        return siste + (1 + hopp % 11 if hopp % 5 == 0 else 1)

    def _legg_til(
        self,
        nummer: int,
        ident: str,
        periode: str,
        hendelsetype: str | None,
        ajourholdt: datetime | None,
        publisert: date,
    ) -> int:
        hendelser = self._hendelser if self._hendelser is not None else []
        hendelser.append(Hendelse(nummer, ident, periode, hendelsetype, ajourholdt, publisert))
        return nummer

    def _fra_oppgjoer(self) -> Iterator[tuple[str, str, str | None, datetime | None, date]]:
        for person in self._befolkning.navngitte():
            nyeste = max(person.oppgjoer, default=None)
            for ident in person.identer:
                for aar, oppgjoer in person.oppgjoer.items():
                    type_ = _SAERLIGE_TYPER.get(person.kallenavn, "ny") if aar == nyeste else "ny"
                    yield ident, str(aar), type_, oppgjoer.ajourholdt, oppgjoer.dato
                for aar in person.slettet:
                    dag = date(aar + 1, 9, 15)
                    yield ident, str(aar), "ny", _middag(dag - timedelta(days=120)), dag - timedelta(days=120)
                    yield ident, str(aar), "slettet", _middag(dag), dag
            if len(person.identer) > 1 and nyeste is not None:
                dag = date(nyeste + 1, 8, 3)
                for ident in person.identer:
                    yield ident, str(nyeste), "identitetsendring", _middag(dag), dag
        flokk = self._befolkning.flokk
        for nummer in range(flokk.antall):
            ident = flokk.ident(nummer)
            for aar, dag in flokk.oppgjoersdager(nummer):
                yield ident, str(aar), "ny", _middag(dag), dag

    def _fra_inntekt(self) -> Iterator[tuple[str, str, str | None, datetime | None, date]]:
        """One event per month and payer; for the crowd every tenth person, one event a month."""
        for person in self._befolkning.navngitte():
            for ident in person.identer:
                for oppgave in person.inntekt:
                    yield ident, oppgave.maaned, None, None, _meldt(oppgave.maaned)
        flokk = self._befolkning.flokk
        for nummer in range(0, flokk.antall, HVER_TIENDE):
            for maaned in dict.fromkeys(o.maaned for o in flokk.person(nummer).inntekt):
                yield flokk.ident(nummer), maaned, None, None, _meldt(maaned)


def som_xml(side: Iterable[Hendelse]) -> str:
    """A page in the XML variant."""
    rader = "".join(
        "<hendelse>"
        + "".join(
            f"<{navn}>{escape(str(verdi))}</{navn}>"
            for navn, verdi in hendelse.kropp().items()
            if verdi is not None
        )
        + "</hendelse>"
        for hendelse in side
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><hendelser xmlns="{_NAVNEROM}">{rader}</hendelser>'


def tidspunkt(tid: datetime) -> str:
    """A timestamp as Skatteetaten writes it."""
    return tid.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _middag(dag: date) -> datetime:
    return datetime.combine(dag, time(12), UTC)


def _meldt(maaned: str) -> date:
    """A-meldingen of a month is due on the 5th of the next."""
    aar, mnd = (int(d) for d in maaned.split("-"))
    return date(aar + mnd // 12, mnd % 12 + 1, 5)
