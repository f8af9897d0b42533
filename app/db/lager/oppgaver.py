"""Tasks: what a caseworker is to decide. One open of each kind per case and year, and news is put into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.leie import Leie
from app.db.tabeller import oppgave


class Oppgavetilstand(StrEnum):
    """Whether it waits for somebody."""

    AAPEN = "AAPEN"
    LUKKET = "LUKKET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppgave:
    """One task."""

    id: UUID
    sak_id: UUID
    slag: str
    aar: int
    tilstand: Oppgavetilstand
    hast: int
    """The lower, the sooner."""
    frist: date | None
    innhold: str = field(repr=False)
    """What it is about (JSON); holds amounts, never a name or a national id."""
    versjon: int
    opprettet: datetime
    endret: datetime
    lukket_av: str | None = None
    begrunnelse: str | None = field(default=None, repr=False)
    """Why it was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppgavefilter:
    """Which tasks; what is left out does not limit."""

    tilstand: Oppgavetilstand | None = None
    slag: str | None = None
    sak_id: UUID | None = None


class Oppgavene:
    """The tasks of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Oppgave) -> None:
        """Keep a task. There must be no open one of the same kind, case and year: hold the case first."""
        await self._leie.sett_inn(
            oppgave,
            {
                "id": ny.id,
                "sak_id": ny.sak_id,
                "slag": ny.slag,
                "aar": ny.aar,
                "tilstand": ny.tilstand,
                "hast": ny.hast,
                "frist": ny.frist,
                "innhold": ny.innhold,
                "versjon": ny.versjon,
                "opprettet": ny.opprettet,
                "endret": ny.endret,
            },
        )

    async def oppdater(
        self, gammel: Oppgave, innhold: str, hast: int, frist: date | None, naa: datetime
    ) -> None:
        """Put news into an open task."""
        verdier = {
            "innhold": innhold,
            "hast": hast,
            "frist": frist,
            "versjon": gammel.versjon + 1,
            "endret": naa,
        }
        await self._leie.endre(oppgave, verdier, id=gammel.id)

    async def lukk(self, gammel: Oppgave, av: str, begrunnelse: str, naa: datetime) -> bool:
        """Close a task; whether it was open in that version."""
        verdier = {
            "tilstand": Oppgavetilstand.LUKKET,
            "lukket_av": av,
            "begrunnelse": begrunnelse,
            "versjon": gammel.versjon + 1,
            "endret": naa,
        }
        endret = await self._leie.endre(
            oppgave, verdier, id=gammel.id, versjon=gammel.versjon, tilstand=Oppgavetilstand.AAPEN
        )
        return endret == 1

    async def hent(self, id_: UUID) -> Oppgave | None:
        """One task."""
        rad = await self._leie.en(oppgave, id=id_)
        return None if rad is None else _les(rad)

    async def aapne(self, sak_id: UUID, aar: int) -> list[Oppgave]:
        """The open tasks of a case and year."""
        rader = await self._leie.mange(
            oppgave, sorter=[oppgave.c.id], sak_id=sak_id, aar=aar, tilstand=Oppgavetilstand.AAPEN
        )
        return [_les(rad) for rad in rader]

    async def for_sak(self, sak_id: UUID) -> list[Oppgave]:
        """Every task of a case, the oldest first."""
        return [_les(rad) for rad in await self._leie.mange(oppgave, sorter=[oppgave.c.id], sak_id=sak_id)]

    async def soek(
        self, filter_: Oppgavefilter, etter: tuple[int, UUID] | None, antall: int
    ) -> Sequence[Oppgave]:
        """Tasks in the order they should be taken, after one of them.

        Args:
            filter_: which.
            etter: urgency and id of the last one seen.
            antall: how many.
        """
        k = oppgave.c
        like = {
            navn: verdi
            for navn in ("tilstand", "slag", "sak_id")
            if (verdi := getattr(filter_, navn)) is not None
        }
        vilkaar: list[ColumnElement[bool]] = []
        if etter is not None:
            hast, id_ = etter
            vilkaar.append((k.hast > hast) | ((k.hast == hast) & (k.id > id_)))
        rader = await self._leie.mange(oppgave, *vilkaar, sorter=[k.hast, k.id], antall=antall, **like)
        return [_les(rad) for rad in rader]


def _les(rad: Row[Any]) -> Oppgave:
    return Oppgave(
        id=rad.id,
        sak_id=rad.sak_id,
        slag=rad.slag,
        aar=rad.aar,
        tilstand=Oppgavetilstand(rad.tilstand),
        hast=rad.hast,
        frist=rad.frist,
        innhold=rad.innhold,
        versjon=rad.versjon,
        opprettet=rad.opprettet,
        endret=rad.endret,
        lukket_av=rad.lukket_av,
        begrunnelse=rad.begrunnelse,
    )
