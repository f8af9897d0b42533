"""The signed reports of reconciliation. Never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import avstemming


@dataclass(frozen=True, slots=True, kw_only=True)
class Avstemming:
    """One report."""

    id: UUID
    fra: datetime
    til: datetime
    utfall: str
    innhold: str = field(repr=False)
    """The document, exactly as it was signed."""
    signatur: str
    """A detached JWS over ``innhold``."""
    av: str
    opprettet: datetime


class Avstemmingene:
    """The reports of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Avstemming) -> None:
        """Keep a report."""
        await self._leie.sett_inn(
            avstemming,
            {
                "id": ny.id,
                "fra": ny.fra,
                "til": ny.til,
                "utfall": ny.utfall,
                "innhold": ny.innhold,
                "signatur": ny.signatur,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )

    async def hent(self, id_: UUID) -> Avstemming | None:
        """One report."""
        rad = await self._leie.en(avstemming, id=id_)
        return None if rad is None else _les(rad)

    async def siste(self) -> Avstemming | None:
        """The newest report."""
        rader = await self.soek(None, 1)
        return rader[0] if rader else None

    async def soek(self, foer: UUID | None, antall: int) -> Sequence[Avstemming]:
        """Reports, the newest first, from before one of them."""
        vilkaar = [] if foer is None else [avstemming.c.id < foer]
        rader = await self._leie.mange(avstemming, *vilkaar, sorter=[avstemming.c.id.desc()], antall=antall)
        return [_les(rad) for rad in rader]


def _les(rad: Row[Any]) -> Avstemming:
    return Avstemming(
        id=rad.id,
        fra=rad.fra,
        til=rad.til,
        utfall=rad.utfall,
        innhold=rad.innhold,
        signatur=rad.signatur,
        av=rad.av,
        opprettet=rad.opprettet,
    )
