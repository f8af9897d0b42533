"""An event list of our own making: what happened, how the list says it, and everything that can be wrong with it."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import parse_qs

from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.register import STANDARD_FROE
from tests.skatt_client.falske import Receive, Scope, Send, Svar, feil_svar

TYPER: Final = ("ny", "NY", "endret", "slettet", "identitetsendring", "omberegnet", None, ...)
"""How a type is written; ``...`` leaves it out."""
PERIODER: Final = ("2023", "2024", "2025", 2024, "2025-03", None, ..., "i fjor")
TOMME: Final = (
    feil_svar(404, "FA-005"),
    Svar(200, {}),
    Svar(200, {"antall": 0}),
    Svar(200, {"hendelser": None}),
    Svar(200, {"hendelser": []}),
)
_TIDER: Final = ("2026-03-21T10:00:00Z", "2024-01-01T00:00:00+02:00", "2025-06-01T12:00:00", "i går", None)


@dataclass(frozen=True, slots=True)
class Sann:
    """What really happened."""

    nummer: int
    ident: str
    type: Any
    periode: Any
    uleselig: bool = False

    def paa_listen(self, tid: object = None, *, rettet: bool = False) -> dict[str, Any]:
        """The event as the list writes it."""
        svar = {
            "sekvensnummer": self.nummer,
            "identifikator": None if self.uleselig and not rettet else self.ident,
            "gjelderPeriode": self.periode,
            "hendelsetype": self.type,
            "registreringstidspunkt": tid,
            "ajourholdstidspunkt": tid,
        }
        return {navn: verdi for navn, verdi in svar.items() if verdi is not ...}


def personer(antall: int) -> list[str]:
    """Synthetic persons."""
    flokk = Flokk(STANDARD_FROE, antall)
    return [flokk.ident(nummer) for nummer in range(antall)]


def jevn(antall: int, identer: Sequence[str], *, uleselig_hver: int = 0) -> list[Sann]:
    """A long list in good order, with gaps; every so many cannot be read."""
    return [
        Sann(
            nummer=1 + nr * 3 + nr // 7,
            ident=identer[nr * 7_919 % len(identer)],
            type="ny",
            periode=str(2021 + nr % 5),
            uleselig=bool(uleselig_hver) and nr % uleselig_hver == uleselig_hver - 1,
        )
        for nr in range(antall)
    ]


def rar(tilfeldig: Random, antall: int, identer: Sequence[str]) -> list[Sann]:
    """A list with every oddity an event can have."""
    nummer, liste = tilfeldig.randint(1, 50), []
    for _ in range(antall):
        liste.append(
            Sann(
                nummer,
                tilfeldig.choice(identer),
                tilfeldig.choice(TYPER),
                tilfeldig.choice(PERIODER),
                uleselig=tilfeldig.random() < 0.03,
            )
        )
        nummer += tilfeldig.choice((1, 1, 1, 2, 11, 10_000))
    return liste


@dataclass
class Listetjener:
    """Serves a list over HTTP, as an ASGI program.

    Attributes:
        forstyrr: told of every page asked for; what it gives is answered instead.
        spurt: every page asked for: from which number, and how many.
        rettet: the unreadable events can now be read.
        tom: how an empty page looks.
        stokk: makes pages short and their events come in any order.
    """

    hendelser: Sequence[Sann]
    forstyrr: Callable[[int, int], Svar | None] = lambda fra, antall: None
    tom: Svar = TOMME[0]
    stokk: Random | None = None
    rettet: bool = False
    raa: Mapping[int, bytes] = field(default_factory=dict)
    """Events as they are written, where it is not as they should be."""
    avvist_for: frozenset[str] = frozenset()
    """Consumers that are refused."""
    spurt: list[tuple[int, int]] = field(default_factory=list)
    _numre: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numre = [en.nummer for en in self.hendelser]

    def _skriv(self, en: Sann) -> bytes:
        tid = _TIDER[en.nummer * 31 % len(_TIDER)]
        return self.raa.get(en.nummer) or json.dumps(en.paa_listen(tid, rettet=self.rettet)).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spoerring = {navn: verdi[0] for navn, verdi in parse_qs(scope["query_string"].decode()).items()}
        if scope["path"].endswith("/start"):
            await Svar(200, {"sekvensnummer": self._numre[0] if self._numre else 1}).send(send)
            return
        await self.side(int(spoerring["fraSekvensnummer"]), int(spoerring["antall"])).send(send)

    def side(self, fra: int, antall: int) -> Svar:
        """One page, or what stands in its place."""
        self.spurt.append((fra, antall))
        if (annet := self.forstyrr(fra, antall)) is not None:
            return annet
        start = bisect_left(self._numre, fra)
        side = [self._skriv(en) for en in self.hendelser[start : start + antall]]
        if not side:
            return self.tom
        if self.stokk is not None:
            del side[self.stokk.randint(1, len(side)) :]
            self.stokk.shuffle(side)
        return Svar(200, b'{"hendelser": [' + b",".join(side) + b"]}")


class Forstyrrer:
    """One answer in five is something else than the page."""

    def __init__(self, tilfeldig: Random) -> None:
        self._tilfeldig = tilfeldig
        self.tjener: Listetjener | None = None
        self._forrige: Svar | None = None
        self.slag: set[str] = set()

    def __call__(self, fra: int, antall: int) -> Svar | None:
        if self._tilfeldig.random() > 0.3:
            return None
        slag = self._tilfeldig.choice(
            ("500", "502", "503", "html", "429", "410", "avkuttet", "levert-foer", "tom", "tull")
        )
        self.slag.add(slag)
        match slag:
            case "500":
                return feil_svar(500, "FA-001")
            case "502" | "503":
                return Svar(int(slag), b"<html>Bad gateway</html>")
            case "html":
                return Svar(200, b"<html>Vi er straks tilbake</html>")
            case "429":
                return Svar(429, b"", {"Retry-After": str(self._tilfeldig.randint(0, 90))})
            case "410":
                return Svar(410, {"kode": "FA-011", "melding": "slettet"})
            case "avkuttet":
                return Svar(200, b'{"hendelser": [{"sekvensnummer": 1, "identi')
            case "levert-foer":
                return Svar(200, {"hendelser": [Sann(max(1, fra - 1), "0", "ny", "2025").paa_listen()]})
            case "tom":
                return self._tilfeldig.choice(TOMME)
            case _:
                return Svar(200, {"hendelser": [{"identifikator": "uten nummer"}]})


@dataclass(frozen=True, slots=True)
class Fasit:
    """What is to be in the database when a list is read to the end."""

    hendelser: set[tuple[str, int, str]]
    """Kommune, number, identifier."""
    arbeid: dict[tuple[str, str, int], tuple[int, bool, bool]]
    """How many times each is ordered, whether the newest event says deleted, and whether one says a new number."""
    uleselige: set[int]
    neste: int


def fasit(liste: Iterable[Sann], foelges: Mapping[str, Iterable[str]], *, rettet: bool = False) -> Fasit:
    """Worked out event by event from what happened, as slowly and plainly as can be.

    Args:
        liste: what happened, in order.
        foelges: the persons each kommune follows.
        rettet: what could not be read has been read since.
    """
    hendelser: set[tuple[str, int, str]] = set()
    arbeid: dict[tuple[str, str, int], tuple[int, bool, bool]] = {}
    uleselige: set[int] = set()
    neste = 1
    for en in liste:
        neste = en.nummer + 1
        if en.uleselig and not rettet:
            uleselige.add(en.nummer)
            continue
        aar = {2024: 2024, "2023": 2023, "2024": 2024, "2025": 2025, "2025-03": 2025}.get(en.periode, 0)
        if isinstance(en.periode, str) and en.periode.isdecimal():
            aar = int(en.periode)
        for kommune, identer in foelges.items():
            if en.ident not in set(identer):
                continue
            hendelser.add((kommune, en.nummer, en.ident))
            antall, _, ny = arbeid.get((kommune, en.ident, aar), (0, False, False))
            arbeid[kommune, en.ident, aar] = (
                antall + 1,
                en.type == "slettet",
                ny or en.type == "identitetsendring",
            )
    return Fasit(hendelser, arbeid, uleselige, neste)
