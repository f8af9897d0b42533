"""Decisions. Never changed: a new one names the one it replaces."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import vedtak


class Vedtaksart(StrEnum):
    """Whether the year's settlement was known."""

    FORELOEPIG = "FORELOEPIG"
    ENDELIG = "ENDELIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vedtak:
    """A decision on egenandel from a day, until the next or until a day."""

    id: UUID
    sak_id: UUID
    beregning_id: UUID
    art: Vedtaksart
    fra: date
    til: date | None
    erstatter: UUID | None
    begrunnelse: str | None = field(default=None, repr=False)
    av: str
    opprettet: datetime

    def gjelder(self, fra: date, til: date) -> bool:
        """Whether any day of a period is covered."""
        return self.fra <= til and (self.til is None or self.til >= fra)


class Vedtakene:
    """The decisions of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Vedtak) -> None:
        """Keep a decision."""
        await self._leie.sett_inn(
            vedtak,
            {
                "id": ny.id,
                "sak_id": ny.sak_id,
                "beregning_id": ny.beregning_id,
                "art": ny.art,
                "fra": ny.fra,
                "til": ny.til,
                "erstatter": ny.erstatter,
                "begrunnelse": ny.begrunnelse,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )

    async def hent(self, id_: UUID, sak_id: UUID) -> Vedtak | None:
        """One decision of a case."""
        rad = await self._leie.en(vedtak, id=id_, sak_id=sak_id)
        return None if rad is None else _les(rad)

    async def for_sak(self, sak_id: UUID) -> list[Vedtak]:
        """Every decision of a case, the oldest first."""
        return [_les(rad) for rad in await self._leie.mange(vedtak, sorter=[vedtak.c.id], sak_id=sak_id)]

    async def i_kraft(self, sak_id: UUID) -> list[Vedtak]:
        """Those that no other has replaced, by their first day."""
        alle = await self.for_sak(sak_id)
        erstattet = {ett.erstatter for ett in alle}
        return sorted((ett for ett in alle if ett.id not in erstattet), key=lambda ett: (ett.fra, ett.id))

    async def slett(self, sak_id: UUID) -> None:
        """Take away every decision of a case, at once: they refer to each other."""
        await self._leie.slett(vedtak, sak_id=sak_id)


def _les(rad: Row[Any]) -> Vedtak:
    return Vedtak(
        id=rad.id,
        sak_id=rad.sak_id,
        beregning_id=rad.beregning_id,
        art=Vedtaksart(rad.art),
        fra=rad.fra,
        til=rad.til,
        erstatter=rad.erstatter,
        begrunnelse=rad.begrunnelse,
        av=rad.av,
        opprettet=rad.opprettet,
    )
