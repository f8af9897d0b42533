"""What has been given to the finance system, run by run and line by line. Never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import etteroppgjoer, fakturakjoering, fakturalinje


class Linjeslag(StrEnum):
    """What a line is about."""

    EGENANDEL = "EGENANDEL"
    """A month that has not been given before."""
    KORREKSJON = "KORREKSJON"
    """The difference from what was given for the month before."""
    ETTEROPPGJOER = "ETTEROPPGJOER"
    """What settling a year came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fakturalinje:
    """One line."""

    id: UUID
    kjoering: int
    sak_id: UUID
    slag: Linjeslag
    periode: str
    """A month, or the year of a settlement."""
    nr: int
    """How many lines the case had for the period before."""
    beloep_oere: int = field(repr=False)
    vedtak_id: UUID | None
    etteroppgjoer_id: UUID | None
    opprettet: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fakturakjoering:
    """One run: everything that had not been given by then."""

    nr: int
    maaned: str
    antall: int
    sum_oere: int = field(repr=False)
    uavklarte: str = field(repr=False)
    """Cases and months whose amount the decisions do not tell (JSON)."""
    av: str
    opprettet: datetime


class Fakturaer:
    """The runs of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def neste_nr(self) -> int:
        """The number of the next run."""
        return int(await self._leie.stoerst(fakturakjoering, "nr") or 0) + 1

    async def ny(self, kjoering: Fakturakjoering, linjer: Sequence[Fakturalinje]) -> None:
        """Keep a run. Refused when somebody else has given one of the lines meanwhile."""
        await self._leie.sett_inn(
            fakturakjoering,
            {
                "nr": kjoering.nr,
                "maaned": kjoering.maaned,
                "antall": kjoering.antall,
                "sum_oere": kjoering.sum_oere,
                "uavklarte": kjoering.uavklarte,
                "av": kjoering.av,
                "opprettet": kjoering.opprettet,
            },
        )
        rader = (
            {
                "id": linje.id,
                "kjoering": linje.kjoering,
                "sak_id": linje.sak_id,
                "slag": linje.slag,
                "periode": linje.periode,
                "nr": linje.nr,
                "beloep_oere": linje.beloep_oere,
                "vedtak_id": linje.vedtak_id,
                "etteroppgjoer_id": linje.etteroppgjoer_id,
                "opprettet": linje.opprettet,
            }
            for linje in linjer
        )
        await self._leie.sett_inn(fakturalinje, *rader)

    async def hent(self, nr: int) -> Fakturakjoering | None:
        """One run."""
        rad = await self._leie.en(fakturakjoering, nr=nr)
        return None if rad is None else _kjoering(rad)

    async def kjoeringer(self, antall: int) -> list[Fakturakjoering]:
        """The runs, the newest first."""
        rader = await self._leie.mange(fakturakjoering, sorter=[fakturakjoering.c.nr.desc()], antall=antall)
        return [_kjoering(rad) for rad in rader]

    async def linjer(self, kjoering: int, antall: int | None = None) -> list[Fakturalinje]:
        """The lines of a run, case by case; so many at most."""
        k = fakturalinje.c
        rader = await self._leie.mange(
            fakturalinje, sorter=[k.sak_id, k.periode, k.nr], antall=antall, kjoering=kjoering
        )
        return [_linje(rad) for rad in rader]

    async def for_saker(self, saker: Collection[UUID]) -> dict[UUID, list[Fakturalinje]]:
        """Everything that has been given of these cases, by case and in order."""
        svar: dict[UUID, list[Fakturalinje]] = {}
        rader = await self._leie.blant(fakturalinje, "sak_id", saker)
        for rad in sorted(rader, key=lambda rad: (rad.kjoering, rad.periode, rad.nr)):
            svar.setdefault(rad.sak_id, []).append(_linje(rad))
        return svar

    async def saker(self) -> set[UUID]:
        """The cases something has been given of, or that have been settled."""
        return {
            rad.sak_id
            for tabell in (fakturalinje, etteroppgjoer)
            for rad in await self._leie.mange(tabell, kolonner=[tabell.c.sak_id])
        }


def _kjoering(rad: Row[Any]) -> Fakturakjoering:
    return Fakturakjoering(
        nr=rad.nr,
        maaned=rad.maaned,
        antall=rad.antall,
        sum_oere=rad.sum_oere,
        uavklarte=rad.uavklarte,
        av=rad.av,
        opprettet=rad.opprettet,
    )


def _linje(rad: Row[Any]) -> Fakturalinje:
    return Fakturalinje(
        id=rad.id,
        kjoering=rad.kjoering,
        sak_id=rad.sak_id,
        slag=Linjeslag(rad.slag),
        periode=rad.periode,
        nr=rad.nr,
        beloep_oere=rad.beloep_oere,
        vedtak_id=rad.vedtak_id,
        etteroppgjoer_id=rad.etteroppgjoer_id,
        opprettet=rad.opprettet,
    )
