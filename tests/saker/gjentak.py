"""Keys repeated by many at once: how many effects there were, and whether everybody was told the same."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.db import tabeller
from app.db.arkiv import Arkiv
from app.sandbox.befolkning.generator import Flokk

BEREGN: Final[dict[str, Any]] = {"aar": 2026}
POST: Final[dict[str, Any]] = {
    "aar": 2026,
    "oppgitteBeloep": [{"felt": "/hjelpestoenad", "beloep": 1, "begrunnelse": "Oppgitt"}],
}


def hjelp_til(ident: str) -> dict[str, Any]:
    """A new case about somebody who lives alone and gets help at home."""
    return {
        "tjeneste": "PRAKTISK_BISTAND",
        "person": {"personidentifikator": ident},
        "tjenester": [{"maaned": "2026-02", "art": "TIMER", "timer": 4}],
        "beregning": BEREGN,
    }


@dataclass(frozen=True, slots=True)
class Forespoersel:
    """One key with its request."""

    noekkel: str
    sti: str
    kropp: dict[str, Any] = field(repr=False)


def nye_saker(flokk: Flokk, antall: int) -> Iterator[Forespoersel]:
    """A new case for each of so many persons."""
    for nummer in range(antall):
        yield Forespoersel(f"sak-{nummer:06d}", "/api/v1/saker", hjelp_til(flokk.ident(nummer)))


def i_sakene(saker: Iterable[str], per_sak: int) -> Iterator[Forespoersel]:
    """Calculations and manual posts: nothing but the key tells a repeat from one more."""
    for nr, sak in enumerate(saker):
        for gang in range(per_sak):
            hva, kropp = ("beregninger", BEREGN) if (nr + gang) % 2 else ("manuelle-poster", POST)
            yield Forespoersel(f"{hva}-{nr:06d}-{gang}", f"/api/v1/saker/{sak}/{hva}", kropp)


@dataclass(frozen=True, slots=True)
class Fasit:
    """What everybody who sent one key was told."""

    statuser: frozenset[int]
    kropper: frozenset[bytes]
    steder: frozenset[str | None]
    gjentatt: int
    """How many were told that it was a repeat."""


@dataclass(slots=True)
class Regnskap:
    """The account of all keys."""

    noekler: int = 0
    svar: int = 0
    statuser: Counter[int] = field(default_factory=Counter)
    ulike: int = 0
    """Keys that were answered in more than one way."""
    foerstesvar: int = 0
    """Answers that said they were the first; one for each key, or fewer when the first was never read."""

    def tell(self, fasit: Fasit, svar: int) -> None:
        """Add one key."""
        self.noekler += 1
        self.svar += svar
        self.statuser.update(fasit.statuser)
        self.ulike += len(fasit.statuser) != 1 or len(fasit.kropper) != 1 or len(fasit.steder) != 1
        self.foerstesvar += svar - fasit.gjentatt


async def virkninger(arkiv: Arkiv) -> Counter[str]:
    """How many rows there are of each thing a request makes."""
    telt: Counter[str] = Counter()
    async with arkiv.database.les() as forbindelse:
        for tabell in (tabeller.sak, tabeller.beregning, tabeller.manuell_post, tabeller.idempotens):
            telt[tabell.name] = len((await forbindelse.execute(tabell.select())).all())
    return telt


class UtenLaas(dict[Any, Any]):
    """Stands for as many processes as there are requests: nobody waits for anybody within one."""

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """A lock of one's own."""
        return asyncio.Lock()
