"""The event lists, read again and held against what was taken in. Each is read once for every kommune.

The place in a list is found wrong in three ways: past the end of the list, behind what was taken in, and ahead of
events about somebody followed that were not. What is missing is taken in here, and the place set right.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Hendelsesmottak, Lestegn, Savnet, Side
from app.db.lager.arbeid import Liste
from app.db.lager.revisjon import NyRad
from app.services.avstemming.rapport import Listestand
from app.services.hendelser.leser import Listeleser, StanserError
from app.services.hendelser.lister import API, fulgt_fra, listedag, mottaket, ta_alle_i_bruk
from app.services.oppslag import Oppslag
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad
from app.settings.avstemming import Avstemming
from app.settings.hendelser import Hendelser
from app.skatt_client import Clock

Meld = Callable[[Liste, int, int], None]
"""Told of every page: the list, the number reached, and the number it is read to."""


class Pekerfeil(StrEnum):
    """How the place in a list is wrong."""

    FORBI_SLUTTEN = "FORBI_SLUTTEN"
    """New events would come before it, and never be seen."""
    BAK = "BAK"
    """Events after it were taken in already."""
    FORAN = "FORAN"
    """Events before it, about somebody followed, were not taken in, and none after them was."""


_BEGRUNNELSE: Final[Mapping[Pekerfeil, str]] = {
    Pekerfeil.FORBI_SLUTTEN: "avstemmingen fant pekeren forbi slutten av listen",
    Pekerfeil.BAK: "avstemmingen fant pekeren bak det som er mottatt",
    Pekerfeil.FORAN: "avstemmingen fant pekeren foran det som er mottatt",
}


@dataclass(frozen=True, slots=True)
class Forrige:
    """What a kommune's last reconciliation said of a list."""

    til: datetime
    dekket_til: int
    """Everything before this number was accounted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listefunn:
    """One list, read again."""

    liste: Liste
    tegn: Lestegn | None
    """How it has been followed; nothing when it has not begun."""
    stand: Listestand | None = None
    """Nothing when it could not be read."""
    stans: str | None = None
    """Why it could not be read to the end."""
    feil: Pekerfeil | None = None
    flyttet_til: int | None = None
    rettet: bool = False
    fulgte: Mapping[str, int] = field(default_factory=dict)
    """By kommune: events about those it follows."""
    savnet: Mapping[str, Sequence[Savnet]] = field(default_factory=dict)
    """By kommune: events that should have been taken in, and were not."""
    nye: Mapping[str, Sequence[Savnet]] = field(default_factory=dict)
    """By kommune: events from before it began to follow the person; they were looked up then."""
    uleselige: Sequence[int] = ()
    har: frozenset[str] = frozenset()
    """The kommuner that have the list."""


@dataclass(slots=True)
class _Lest:
    """What one reading has seen so far."""

    fra: int = 0
    slutt: int = 0
    hendelser: int = 0
    fulgte: Counter[str] = field(default_factory=Counter)
    savnet: defaultdict[str, list[Savnet]] = field(default_factory=lambda: defaultdict(list))
    nye: defaultdict[str, list[Savnet]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppdrag:
    """What is asked of one run."""

    naa: datetime
    aktoer: Aktoer
    """Who, for the register when a place is set."""
    fra: date | None = None
    """The day to read from; left out it is since the last time, and some days at least."""
    toerr: bool = False
    """Find, but change nothing."""
    meld: Meld = lambda *_: None


class Listeavstemming:
    """Reads the lists again.

    Args:
        arkiv: the database.
        oppslag: the way to Skatteetaten.
        valg: how lists are followed.
        avstemming: how far back they are read again.
        clock: time, where Skatteetaten is waited for.
    """

    def __init__(
        self,
        arkiv: Arkiv,
        oppslag: Oppslag,
        valg: Hendelser,
        avstemming: Avstemming,
        clock: Clock | None = None,
    ) -> None:
        self._arkiv: Final = arkiv
        self._oppslag: Final = oppslag
        self._valg: Final = valg
        self._avstemming: Final = avstemming
        self._clock: Final = clock
        self._mottak: Final[Hendelsesmottak] = mottaket(arkiv)

    async def les(self, liste: Liste, oppdrag: Oppdrag, forrige: Mapping[str, Forrige]) -> Listefunn:
        """Read one list again, and mend what can be.

        Args:
            liste: which.
            oppdrag: what is asked.
            forrige: what the last reconciliation of each kommune said of the list.

        Raises:
            DatabaseError: the database does not answer.
        """
        await ta_alle_i_bruk(self._arkiv, self._oppslag)
        har = frozenset(self._oppslag.kommuner_med(API[liste]))
        tegn = await self._mottak.lestegn(liste)
        if tegn is None:
            return Listefunn(liste=liste, tegn=None, har=har)
        leser = Listeleser(liste, self._arkiv, self._oppslag, self._valg, self._clock)
        lest = _Lest()
        feil, til, stans = None, tegn.neste, None
        try:
            lest.fra = lest.slutt = await self._start(leser, tegn, oppdrag, forrige)
            await self._les_til_slutten(leser, tegn, oppdrag, forrige, lest)
            feil, til = await self._bedoem(leser, tegn, lest, oppdrag.naa)
        except StanserError as stanset:
            stans = stanset.stans
        rettet = feil is not None and not oppdrag.toerr
        if feil is not None and rettet:
            await self._flytt(liste, til, feil, oppdrag)
        stand = Listestand(
            liste=liste,
            lest_fra=lest.fra,
            lest_til=lest.slutt,
            peker=til if rettet else tegn.neste,
            hendelser=lest.hendelser,
        )
        return Listefunn(
            liste=liste,
            tegn=tegn,
            stand=stand if stans is None else None,
            stans=stans,
            feil=feil,
            flyttet_til=til if feil is not None else None,
            rettet=rettet,
            fulgte=lest.fulgte,
            savnet=lest.savnet,
            nye=lest.nye,
            uleselige=[en.sekvensnummer for en in await self._mottak.uleselige(liste)],
            har=har,
        )

    async def _start(
        self, leser: Listeleser, tegn: Lestegn, oppdrag: Oppdrag, forrige: Mapping[str, Forrige]
    ) -> int:
        """Where to read from: the day that was asked for; or what is not accounted for, and some days more."""
        if oppdrag.fra is not None:
            return await leser.start(oppdrag.fra)
        siden = listedag(oppdrag.naa - timedelta(days=self._avstemming.dager))
        # What was published before the list was begun, was never to be read.
        mulige = [await leser.start(max(siden, listedag(tegn.opprettet)))]
        mulige += [ett.dekket_til for ett in forrige.values()]
        if not forrige and tegn.stoerste:
            mulige.append(tegn.stoerste + 1)
        return min(mulige)

    async def _les_til_slutten(
        self,
        leser: Listeleser,
        tegn: Lestegn,
        oppdrag: Oppdrag,
        forrige: Mapping[str, Forrige],
        lest: _Lest,
    ) -> None:
        fulgt = fulgt_fra(self._valg, oppdrag.naa)
        skal_vaere_tatt = max(tegn.neste, tegn.stoerste + 1)
        aapne = bool(await self._mottak.uleselige(leser.liste))
        while not (side := await leser.side(lest.slutt)).tom:
            tatt = _foer(side, skal_vaere_tatt)
            dekning = await self._mottak.dekning(leser.liste, tatt, fulgt)
            if not oppdrag.toerr and (dekning.savnet or tatt.uleselige or aapne):
                await self._mottak.les_om(leser.liste, tatt, oppdrag.naa, fulgt)
            lest.hendelser += len(side.hendelser) + len(side.uleselige)
            lest.slutt = side.neste
            lest.fulgte.update(dekning.fulgte)
            for ett in dekning.savnet:
                sist = forrige[ett.kommune].til if ett.kommune in forrige else tegn.opprettet
                (lest.savnet if ett.fulgt_siden <= sist else lest.nye)[ett.kommune].append(ett)
            oppdrag.meld(leser.liste, side.neste, skal_vaere_tatt)

    async def _bedoem(
        self, leser: Listeleser, tegn: Lestegn, lest: _Lest, naa: datetime
    ) -> tuple[Pekerfeil | None, int]:
        """How the place in the list is wrong, and where it should be."""
        if tegn.neste > lest.slutt and tegn.neste > await leser.start(listedag(naa)):
            return Pekerfeil.FORBI_SLUTTEN, lest.slutt
        leses_om = tegn.flyttet_til <= tegn.neste < tegn.flyttet_fra
        if tegn.stoerste >= tegn.neste and not leses_om:
            return Pekerfeil.BAK, tegn.stoerste + 1
        savnet = (ett.sekvensnummer for alle in lest.savnet.values() for ett in alle)
        nyere = [nummer for nummer in savnet if nummer > tegn.stoerste]
        if nyere:
            return Pekerfeil.FORAN, min(nyere)
        return None, tegn.neste

    async def _flytt(self, liste: Liste, til: int, feil: Pekerfeil, oppdrag: Oppdrag) -> None:
        def rad(fra: int) -> NyRad:
            return ny_rad(
                oppdrag.aktoer,
                Handling.PEKER_FLYTTET,
                Utfall.OK,
                formaal=_BEGRUNNELSE[feil],
                data=[liste],
                antall={"fra": fra, "til": til},
            )

        dag = fulgt_fra(self._valg, oppdrag.naa)
        await self._mottak.flytt(liste, til, oppdrag.aktoer.merke, _BEGRUNNELSE[feil], oppdrag.naa, dag, rad)


def _foer(side: Side, nummer: int) -> Side:
    """What of a page is before a number."""
    return replace(
        side,
        neste=min(side.neste, nummer),
        hendelser=[en for en in side.hendelser if en.sekvensnummer < nummer],
        uleselige={nr: felt for nr, felt in side.uleselige.items() if nr < nummer},
    )
