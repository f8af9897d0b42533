"""Random saker about a long stay, made from the random requests of the calculators."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random
from typing import Any

from app.services.sak.innhold import LagretSaksinnhold
from tests.calc.tilfeldige import Tilfelle, tilfeldig_langtidsopphold
from tests.omfang import OMFANG
from tests.services.sak.saker import LAGRET_LANGTID, lagret

ANTALL = 300 * OMFANG
PRISER = (Decimal(0), Decimal(8_000), Decimal("21234.56"), Decimal(95_000))


def tilfeller() -> Iterator[tuple[str, Tilfelle, LagretSaksinnhold]]:
    """Name, the calculator's request, and the sak with the same stays and some time in hospital."""
    for froe in islice(count(), ANTALL):
        r = Random(froe)
        inn = tilfeldig_langtidsopphold(r)
        dokument = {**LAGRET_LANGTID, "opphold": inn["opphold"], "sykehusopphold": _sykehus(r, inn["aar"])}
        yield f"frø {froe}", inn, lagret(dokument)


def prisliste(r: Random, aar: int) -> list[tuple[date, Decimal]]:
    """An institution's price, in force before the year or not, and up to three changes in it."""
    dager = r.sample(range(365), r.randint(0, 3))
    liste = [(date(aar, 1, 1) + timedelta(dag), r.choice(PRISER)) for dag in dager]
    if r.random() < 0.7:
        liste.append((date(aar - 2, 5, 1), r.choice(PRISER)))
    r.shuffle(liste)
    return liste


def _sykehus(r: Random, aar: int) -> list[dict[str, Any]]:
    punkter = sorted(r.sample(range(-60, 365), 2 * r.randint(0, 3)))
    rader = [
        {
            "fra": (date(aar, 1, 1) + timedelta(a)).isoformat(),
            "til": (date(aar, 1, 1) + timedelta(b)).isoformat(),
        }
        for a, b in zip(punkter[::2], punkter[1::2], strict=True)
    ]
    if rader and r.random() < 0.2:
        del rader[-1]["til"]
    return rader
