"""Skatteetaten's answers that are still kept, oldest first, and what still builds on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from app.db.lager.beregninger import Tilstand
from app.db.lager.saker import Status
from app.db.leie import Leie
from app.db.tabeller import beregning, beregning_grunnlag, etteroppgjoer, grunnlag, sak


@dataclass(frozen=True, slots=True, kw_only=True)
class Bruk:
    """A year of a case whose newest calculation builds on the answer."""

    saksstatus: Status
    tilstand: Tilstand
    foreloepig: bool
    gjort_opp: bool
    """Whether the year has an etteroppgjør."""


@dataclass(frozen=True, slots=True)
class Raasvar:
    """One answer that is kept; not the answer itself."""

    id: UUID
    hentet: datetime
    bruk: tuple[Bruk, ...]


class Raasvarene:
    """The answers one kommune keeps."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def hentet_foer(self, tid: datetime, etter: UUID | None, antall: int) -> list[Raasvar]:
        """Answers fetched before a time, in the order they were noted, after one of them."""
        tabell = grunnlag.c
        vilkaar: list[ColumnElement[bool]] = [tabell.hentet < tid, tabell.raasvar.is_not(None)]
        if etter is not None:
            vilkaar.append(tabell.id > etter)
        rader = await self._leie.mange(
            grunnlag, *vilkaar, sorter=[tabell.id], antall=antall, kolonner=[tabell.id, tabell.hentet]
        )
        bruk = await self._bruk([rad.id for rad in rader])
        return [Raasvar(rad.id, rad.hentet, tuple(bruk.get(rad.id, ()))) for rad in rader]

    async def slett(self, ider: Collection[UUID], naa: datetime) -> int:
        """Take these answers away; what was made of them, and that they once were, stays."""
        return await self._leie.endre(
            grunnlag,
            {"raasvar": None, "raasvar_slettet": naa},
            grunnlag.c.id.in_(ider),
            grunnlag.c.raasvar.is_not(None),
        )

    async def _bruk(self, ider: Collection[UUID]) -> dict[UUID, list[Bruk]]:
        koblinger = await self._leie.mange(beregning_grunnlag, beregning_grunnlag.c.grunnlag_id.in_(ider))
        tabell = beregning.c
        saker = {
            rad.sak_id
            for rad in await self._leie.mange(
                beregning, tabell.id.in_({k.beregning_id for k in koblinger}), kolonner=[tabell.sak_id]
            )
        }
        siste = await self._siste(saker)
        bruk: dict[UUID, list[Bruk]] = {}
        for kobling in koblinger:
            if kobling.beregning_id in siste:
                bruk.setdefault(kobling.grunnlag_id, []).append(siste[kobling.beregning_id])
        return bruk

    async def _siste(self, saker: Collection[UUID]) -> dict[UUID, Bruk]:
        """The newest calculation of every year of these cases."""
        b, e = beregning.c, etteroppgjoer.c
        status = {
            rad.id: Status(rad.status)
            for rad in await self._leie.mange(sak, sak.c.id.in_(saker), kolonner=[sak.c.id, sak.c.status])
        }
        gjort_opp = {
            (rad.sak_id, rad.aar)
            for rad in await self._leie.mange(etteroppgjoer, e.sak_id.in_(saker), kolonner=[e.sak_id, e.aar])
        }
        rader = await self._leie.mange(
            beregning,
            b.sak_id.in_(saker),
            sorter=[b.id],
            kolonner=[b.id, b.sak_id, b.aar, b.virkning_fra, b.tilstand, b.foreloepig],
        )
        # A household that changes in the year gives a calculation for each part of it.
        siste: dict[Any, Any] = {(rad.sak_id, rad.aar, rad.virkning_fra): rad for rad in rader}
        return {
            rad.id: Bruk(
                saksstatus=status[rad.sak_id],
                tilstand=Tilstand(rad.tilstand),
                foreloepig=rad.foreloepig,
                gjort_opp=(rad.sak_id, rad.aar) in gjort_opp,
            )
            for rad in siste.values()
        }
