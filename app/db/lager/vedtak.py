"""Decisions. Never changed: a new one names the one it replaces.

Some wait for a second person. Until that person has said yes, one is not in force, and ``for_sak`` does not know it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.leie import Leie, har_rad
from app.db.tabeller import vedtak, vedtaksavgjoerelse


class Vedtaksart(StrEnum):
    """Whether the year's settlement was known."""

    FORELOEPIG = "FORELOEPIG"
    ENDELIG = "ENDELIG"


class Vedtakstilstand(StrEnum):
    """Whether a decision is in force, and why."""

    FATTET = "FATTET"
    """No second person was needed."""
    TIL_GODKJENNING = "TIL_GODKJENNING"
    GODKJENT = "GODKJENT"
    AVVIST = "AVVIST"


class Avgjort(StrEnum):
    """What a second person can say."""

    GODKJENT = "GODKJENT"
    AVVIST = "AVVIST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Avgjoerelse:
    """What a second person said of a decision."""

    utfall: Avgjort
    begrunnelse: str | None = field(default=None, repr=False)
    av: str
    opprettet: datetime


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
    til_godkjenning: bool = False
    """Whether it needs a second person."""
    avgjoerelse: Avgjoerelse | None = None

    @property
    def tilstand(self) -> Vedtakstilstand:
        """Whether it is in force, and why."""
        if not self.til_godkjenning:
            return Vedtakstilstand.FATTET
        if self.avgjoerelse is None:
            return Vedtakstilstand.TIL_GODKJENNING
        return Vedtakstilstand(self.avgjoerelse.utfall)

    @property
    def i_kraft(self) -> bool:
        """Whether it holds; the days it holds for are another matter."""
        return self.tilstand in {Vedtakstilstand.FATTET, Vedtakstilstand.GODKJENT}

    def gjelder(self, fra: date, til: date) -> bool:
        """Whether any day of a period is covered."""
        return self.fra <= til and (self.til is None or self.til >= fra)


class Vedtakene:
    """The decisions of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Vedtak) -> None:
        """Keep a decision, and what a second person has said of it."""
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
                "til_godkjenning": ny.til_godkjenning,
            },
        )
        if ny.avgjoerelse is not None:
            await self.avgjoer(ny, ny.avgjoerelse)

    async def avgjoer(self, ett: Vedtak, avgjoerelse: Avgjoerelse) -> Vedtak:
        """Keep what a second person said."""
        rad = {
            "vedtak_id": ett.id,
            "sak_id": ett.sak_id,
            "utfall": avgjoerelse.utfall,
            "begrunnelse": avgjoerelse.begrunnelse,
            "av": avgjoerelse.av,
            "opprettet": avgjoerelse.opprettet,
        }
        await self._leie.sett_inn(vedtaksavgjoerelse, rad)
        return replace(ett, avgjoerelse=avgjoerelse)

    async def hent(self, id_: UUID, sak_id: UUID) -> Vedtak | None:
        """One decision of a case, in force or not."""
        return next((ett for ett in await self.alle(sak_id) if ett.id == id_), None)

    async def for_sak(self, sak_id: UUID) -> list[Vedtak]:
        """Every decision of a case that is in force, the oldest first."""
        return [ett for ett in await self.alle(sak_id) if ett.i_kraft]

    async def alle(self, sak_id: UUID) -> list[Vedtak]:
        """Every decision of a case, also those that wait for a second person or were refused, the oldest first."""
        rader = await self._leie.mange(vedtak, sorter=[vedtak.c.id], sak_id=sak_id)
        avgjort: dict[UUID, Avgjoerelse] = {}
        if any(rad.til_godkjenning for rad in rader):
            funnet = await self._leie.mange(vedtaksavgjoerelse, sak_id=sak_id)
            avgjort = {rad.vedtak_id: _les_avgjoerelse(rad) for rad in funnet}
        return [_les(rad, avgjort.get(rad.id)) for rad in rader]

    async def for_saker(self, saker: Collection[UUID]) -> dict[UUID, list[Vedtak]]:
        """The decisions in force of those of these cases that have any, the oldest first."""
        rader = sorted(await self._leie.blant(vedtak, "sak_id", saker), key=lambda rad: rad.id)
        med_to = {rad.sak_id for rad in rader if rad.til_godkjenning}
        funnet = await self._leie.blant(vedtaksavgjoerelse, "sak_id", med_to)
        avgjort = {rad.vedtak_id: _les_avgjoerelse(rad) for rad in funnet}
        svar: dict[UUID, list[Vedtak]] = {}
        for ett in (_les(rad, avgjort.get(rad.id)) for rad in rader):
            if ett.i_kraft:
                svar.setdefault(ett.sak_id, []).append(ett)
        return svar

    async def ventende(self, etter: UUID | None, antall: int) -> list[Vedtak]:
        """The kommune's decisions that wait for a second person, in the order they were made, after one of them."""
        vilkaar = [] if etter is None else [vedtak.c.id > etter]
        rader = await self._leie.mange(
            vedtak, ~er_avgjort(), *vilkaar, sorter=[vedtak.c.id], antall=antall, til_godkjenning=True
        )
        return [_les(rad, None) for rad in rader]

    async def slett(self, sak_id: UUID) -> None:
        """Take away every decision of a case, at once: they refer to each other."""
        await self._leie.slett(vedtaksavgjoerelse, sak_id=sak_id)
        await self._leie.slett(vedtak, sak_id=sak_id)


def er_avgjort(*utfall: Avgjort) -> ColumnElement[bool]:
    """A condition on a row of ``vedtak``: a second person has said this of it, or anything."""
    sagt = [vedtaksavgjoerelse.c.utfall.in_(utfall)] if utfall else []
    return har_rad(vedtaksavgjoerelse, "vedtak_id", vedtak, *sagt)


def er_i_kraft() -> ColumnElement[bool]:
    """A condition on a row of ``vedtak``: see ``Vedtak.i_kraft``."""
    return ~vedtak.c.til_godkjenning | er_avgjort(Avgjort.GODKJENT)


def _les_avgjoerelse(rad: Row[Any]) -> Avgjoerelse:
    return Avgjoerelse(
        utfall=Avgjort(rad.utfall), begrunnelse=rad.begrunnelse, av=rad.av, opprettet=rad.opprettet
    )


def _les(rad: Row[Any], avgjoerelse: Avgjoerelse | None) -> Vedtak:
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
        til_godkjenning=rad.til_godkjenning,
        avgjoerelse=avgjoerelse,
    )
