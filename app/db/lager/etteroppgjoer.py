"""Etteroppgjør: what a year came to when the settlement arrived. Never changed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.lager.beregninger import Versjoner
from app.db.leie import Leie
from app.db.tabeller import etteroppgjoer


@dataclass(frozen=True, slots=True, kw_only=True)
class Etteroppgjoer:
    """One year of one case."""

    id: UUID
    sak_id: UUID
    aar: int
    endelig_id: UUID
    """The final calculation."""
    inn: str = field(repr=False)
    kilder: str = field(repr=False)
    resultat: str = field(repr=False)
    resultat_hash: str
    sum_oere: int = field(repr=False)
    retning: str
    versjoner: Versjoner
    av: str
    opprettet: datetime


class Etteroppgjoerene:
    """The etteroppgjør of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Etteroppgjoer) -> None:
        """Keep one."""
        await self._leie.sett_inn(
            etteroppgjoer,
            {
                "id": ny.id,
                "sak_id": ny.sak_id,
                "aar": ny.aar,
                "endelig_id": ny.endelig_id,
                "inn": ny.inn,
                "kilder": ny.kilder,
                "resultat": ny.resultat,
                "resultat_hash": ny.resultat_hash,
                "sum_oere": ny.sum_oere,
                "retning": ny.retning,
                "regelversjon": ny.versjoner.regelversjon,
                "satsversjon": ny.versjoner.satsversjon,
                "katalogversjon": ny.versjoner.katalogversjon,
                "kodeversjon": ny.versjoner.kodeversjon,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )

    async def hent(self, id_: UUID, sak_id: UUID) -> Etteroppgjoer | None:
        """One etteroppgjør of a case."""
        rad = await self._leie.en(etteroppgjoer, id=id_, sak_id=sak_id)
        return None if rad is None else _les(rad)

    async def for_sak(self, sak_id: UUID) -> list[Etteroppgjoer]:
        """Every etteroppgjør of a case, the oldest first."""
        rader = await self._leie.mange(etteroppgjoer, sorter=[etteroppgjoer.c.id], sak_id=sak_id)
        return [_les(rad) for rad in rader]

    async def for_saker(self, saker: Collection[UUID]) -> dict[UUID, list[Etteroppgjoer]]:
        """The etteroppgjør of those of these cases that have any, the oldest first."""
        svar: dict[UUID, list[Etteroppgjoer]] = {}
        rader = await self._leie.blant(etteroppgjoer, "sak_id", saker)
        for rad in sorted(rader, key=lambda rad: rad.id):
            svar.setdefault(rad.sak_id, []).append(_les(rad))
        return svar

    async def slett(self, sak_id: UUID) -> None:
        """Take away every etteroppgjør of a case."""
        await self._leie.slett(etteroppgjoer, sak_id=sak_id)


def _les(rad: Row[Any]) -> Etteroppgjoer:
    return Etteroppgjoer(
        id=rad.id,
        sak_id=rad.sak_id,
        aar=rad.aar,
        endelig_id=rad.endelig_id,
        inn=rad.inn,
        kilder=rad.kilder,
        resultat=rad.resultat,
        resultat_hash=rad.resultat_hash,
        sum_oere=rad.sum_oere,
        retning=rad.retning,
        versjoner=Versjoner(rad.regelversjon, rad.satsversjon, rad.katalogversjon, rad.kodeversjon),
        av=rad.av,
        opprettet=rad.opprettet,
    )
