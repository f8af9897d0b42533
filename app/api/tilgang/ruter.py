"""Which right every route demands, and the proof that none was forgotten."""

from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.api.tilgang.avhengighet import Krav
from app.services.tilgang import Rettighet

Operasjon = tuple[str, str]
"""Method and route template."""

AAPNE: Final = frozenset(
    {
        ("GET", "/live"),
        ("GET", "/ready"),
        ("GET", "/openapi.json"),
        ("HEAD", "/openapi.json"),
        ("GET", "/api/v1/satser"),
        ("GET", "/api/v1/avstemminger/noekler"),
        ("POST", "/api/v1/kalkulator/langtidsopphold"),
        ("POST", "/api/v1/kalkulator/praktisk-bistand"),
        ("POST", "/api/v1/kalkulator/etteroppgjoer"),
    }
)
"""Open to all: they store nothing and know nobody."""

EGEN_LAAS: Final = frozenset({("GET", "/metrics")})
"""Demand no right of a kommune's, but decide for themselves whom they answer."""


class UvernetRuteError(RuntimeError):
    """A route neither demands a right nor is on the list of open ones, or the list names none that exists."""


def rettigheter(app: FastAPI) -> dict[Operasjon, frozenset[Rettighet]]:
    """The rights each operation demands; an empty set is an open one."""
    funnet: dict[Operasjon, frozenset[Rettighet]] = {}
    for rute in iter_route_contexts(app.routes):
        mal = str(rute.path or "ukjent")
        krevd = frozenset(_krevd(getattr(rute, "dependant", None)))
        for metode in sorted(rute.methods or {"*"}):
            # The first of two routes on one operation is served; both must be protected.
            funnet[metode, mal] = funnet.get((metode, mal), krevd) & krevd
    return funnet


def kontroller(app: FastAPI, aapne: frozenset[Operasjon] = AAPNE | EGEN_LAAS) -> None:
    """Stop an app with a route that nobody has decided who may use.

    Raises:
        UvernetRuteError: with the operations.
    """
    uten = {operasjon for operasjon, krevd in rettigheter(app).items() if not krevd}
    if glemt := uten - aapne:
        raise UvernetRuteError(f"uten rettighet og ikke åpne: {sorted(glemt)}")
    if borte := aapne - uten:
        raise UvernetRuteError(f"står som åpne, men er det ikke: {sorted(borte)}")


def _krevd(avhengig: Dependant | None) -> Iterator[Rettighet]:
    if avhengig is None:
        return
    if isinstance(avhengig.call, Krav):
        yield avhengig.call.rettighet
    for under in avhengig.dependencies:
        yield from _krevd(under)
