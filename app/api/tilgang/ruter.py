"""Which right every route demands, and the proof that none was forgotten."""

from collections.abc import Iterator
from typing import Any, Final

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

AAPNE_SIDER: Final = frozenset(
    {
        ("GET", "/statisk/{merke}/{navn}"),
        ("POST", "/spraak"),
        ("GET", "/logg-inn"),
        ("GET", "/logg-inn/retur"),
        ("POST", "/logg-ut"),
        ("GET", "/logg-ut/fremre"),
        ("GET", "/logget-ut"),
        ("GET", "/{sti:utenfor_api}"),
    }
)
"""Pages of the portal that nobody needs to be logged in for."""

EGEN_LAAS: Final = frozenset({("GET", "/metrics")})
"""Demand no right of a kommune's, but decide for themselves whom they answer."""


class UvernetRuteError(RuntimeError):
    """A route neither demands a right nor is on the list of open ones, or the list names none that exists."""


def rettigheter(app: FastAPI) -> dict[Operasjon, frozenset[Rettighet]]:
    """The rights each operation of the API demands; an empty set is an open one."""
    sidene = AAPNE_SIDER | set(sidenes_rettigheter(app))
    return {operasjon: krevd for operasjon, krevd in _alle(app, Krav).items() if operasjon not in sidene}


def sidenes_rettigheter(app: FastAPI) -> dict[Operasjon, frozenset[Rettighet]]:
    """The rights each page of the portal demands, besides those that demand none."""
    api = _alle(app, Krav)
    return {
        operasjon: krevd for operasjon, krevd in _alle(app, object).items() if krevd and not api[operasjon]
    }


def _alle(app: FastAPI, vakt: type[Any]) -> dict[Operasjon, frozenset[Rettighet]]:
    """What a kind of guard demands of each operation."""
    funnet: dict[Operasjon, frozenset[Rettighet]] = {}
    for rute in iter_route_contexts(app.routes):
        mal = str(rute.path or "ukjent")
        krevd = frozenset(_krevd(getattr(rute, "dependant", None), vakt))
        for metode in sorted(rute.methods or {"*"}):
            # The first of two routes on one operation is served; both must be protected.
            funnet[metode, mal] = funnet.get((metode, mal), krevd) & krevd
    return funnet


def kontroller(app: FastAPI, aapne: frozenset[Operasjon] = AAPNE | AAPNE_SIDER | EGEN_LAAS) -> None:
    """Stop an app with a route that nobody has decided who may use.

    Raises:
        UvernetRuteError: with the operations.
    """
    uten = {operasjon for operasjon, krevd in _alle(app, object).items() if not krevd}
    if glemt := uten - aapne:
        raise UvernetRuteError(f"uten rettighet og ikke åpne: {sorted(glemt)}")
    if borte := aapne - uten:
        raise UvernetRuteError(f"står som åpne, men er det ikke: {sorted(borte)}")


def _krevd(avhengig: Dependant | None, vakt: type[Any]) -> Iterator[Rettighet]:
    """The rights that guards of a kind demand; the API's and the portal's say it in the same word."""
    if avhengig is None:
        return
    rettighet = getattr(avhengig.call, "rettighet", None)
    if isinstance(rettighet, Rettighet) and isinstance(avhengig.call, vakt):
        yield rettighet
    for under in avhengig.dependencies:
        yield from _krevd(under, vakt)
