"""Interleaved measuring: every candidate in turn, many rounds, and the median of each."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Kandidat:
    """Something to be timed. What ``forbered`` makes is used once, and making it is not counted."""

    navn: str
    kjoer: Callable[[Any], object]
    forbered: Callable[[], Any] = lambda: None


def maal(kandidater: Sequence[Kandidat], runder: int, ganger: int) -> dict[str, float]:
    """Median seconds per call, by name.

    A round runs each candidate ``ganger`` times before the next has its turn, so that a slow spell of the
    machine meets them all. One round goes first as warm-up.
    """
    tider: dict[str, list[float]] = {kandidat.navn: [] for kandidat in kandidater}
    for runde in range(runder + 1):
        for kandidat in kandidater:
            tid = _en_runde(kandidat, ganger)
            if runde:
                tider[kandidat.navn].append(tid)
    return {navn: median(maalt) for navn, maalt in tider.items()}


def _en_runde(kandidat: Kandidat, ganger: int) -> float:
    forberedt = [kandidat.forbered() for _ in range(ganger)]
    start = perf_counter()
    for ting in forberedt:
        kandidat.kjoer(ting)
    return (perf_counter() - start) / ganger


@dataclass(frozen=True, slots=True)
class Resultat:
    """A figure with its target: at least ``minst``, or at most ``hoeyst``."""

    hva: str
    verdi: float
    enhet: str
    minst: float | None = None
    hoeyst: float | None = None

    @property
    def naadd(self) -> bool:
        """Whether the target was reached; a figure without a target always is."""
        return (self.minst is None or self.verdi >= self.minst) and (
            self.hoeyst is None or self.verdi <= self.hoeyst
        )

    def __str__(self) -> str:
        maal = ""
        if self.minst is not None:
            maal = f"minst {_tall(self.minst)}: "
        elif self.hoeyst is not None:
            maal = f"høyst {_tall(self.hoeyst)}: "
        dom = f"  ({maal}{'nådd' if self.naadd else 'ikke nådd'})" if maal else ""
        return f"{self.hva:<88} {_tall(self.verdi):>9} {self.enhet}{dom}"


_TUSEN = 1000
_TI = 10


def _tall(verdi: float) -> str:
    if verdi >= _TUSEN:
        return f"{verdi:,.0f}".replace(",", "\u00a0")
    return f"{verdi:.{1 if verdi >= _TI else 2}f}".replace(".", ",")


def krev_er_bedt_om(om: str) -> bool:
    """Read the command line: ``--krev`` makes a missed target an error."""
    leser = argparse.ArgumentParser(description=om)
    leser.add_argument("--krev", action="store_true", help="avslutt med feil når et mål ikke er nådd")
    return bool(leser.parse_args().krev)


def skriv(resultater: Sequence[Resultat], krev: bool) -> None:
    """Print one line per figure; with ``krev``, exit with 1 when a target was missed."""
    for resultat in resultater:
        print(resultat)
    if krev and not all(resultat.naadd for resultat in resultater):
        sys.exit(1)
