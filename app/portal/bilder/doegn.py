"""The day register as runs of days that are alike: a year on a page instead of in a list of 365."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.services.sak.doegnregister import Doegn


@dataclass(frozen=True, slots=True)
class Doegnrekke:
    """Days in a row of one stay, charged alike.

    Attributes:
        fra: the first.
        til: the last.
        doegn: how many.
        foerste: the first of them; the others differ from it only by their number.
        antall: how many have counted towards the limit when the last is over.
    """

    fra: date
    til: date
    doegn: int
    foerste: Doegn
    antall: int


def rekker(doegn: tuple[Doegn, ...]) -> Iterator[Doegnrekke]:
    """The days of a register, in order."""
    start = 0
    brudd = [nr for nr, (en, neste) in enumerate(pairwise(doegn), 1) if not _fortsetter(en, neste)]
    for slutt in [*brudd, len(doegn)] if doegn else []:
        del_ = doegn[start:slutt]
        yield Doegnrekke(del_[0].dato, del_[-1].dato, len(del_), del_[0], del_[-1].antall)
        start = slutt


def _fortsetter(en: Doegn, neste: Doegn) -> bool:
    return (neste.dato - en.dato).days == 1 and _slag(en) == _slag(neste)


def _slag(en: Doegn) -> tuple[object, ...]:
    return en.opphold, en.art, en.grunnlag, en.betales, en.teller, en.sykehus
