"""What has happened in the kommune's cases, numbered, with what is to be told to those who asked to be told.

Numbers become visible in order: whoever adds holds the newest number until the transaction is over. So a reader who has
seen a number has seen every one before it. A number may be missing; it was never used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.lager.webhooker import aktuelle, ny_levering
from app.db.leie import Leie, Verdier
from app.db.tabeller import endring, endring_hode, webhooklevering
from app.db.typer import utc


@dataclass(frozen=True, slots=True, kw_only=True)
class NyEndring:
    """Something that happened: which, never whose or how much."""

    type: str
    sak_id: UUID | None = None
    gjelder: UUID | None = None
    """The calculation, decision, task … it is about."""
    aar: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endring(NyEndring):
    """Something that has happened."""

    sekvensnummer: int
    tidspunkt: datetime


class Endringer:
    """The changes of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def noter(self, naa: datetime, *nye: NyEndring) -> None:
        """Add rows, and a delivery of each to every webhook that wants it.

        Others who add wait until this transaction is over. Hold the rows of the cases first, and note in the audit
        register last: everybody in the same order, or two may wait for each other.
        """
        if nye:
            rader = await self._legg_til(naa, nye)
            await self._leie.sett_inn(webhooklevering, *await aktuelle(self._leie, naa, rader))

    async def noter_for(self, naa: datetime, webhook_id: UUID, ny: NyEndring) -> int:
        """Add a row that is told to one webhook, whatever it wants, and to no other; its number."""
        (rad,) = await self._legg_til(naa, [ny])
        nr: int = rad["sekvensnummer"]
        await self._leie.sett_inn(webhooklevering, ny_levering(webhook_id, nr, utc(naa)))
        return nr

    async def _legg_til(self, naa: datetime, nye: Sequence[NyEndring]) -> list[Verdier]:
        siste = await self._tell_opp(len(nye))
        rader: list[Verdier] = [
            {
                "sekvensnummer": nr,
                "type": ny.type,
                "sak_id": ny.sak_id,
                "gjelder": ny.gjelder,
                "aar": ny.aar,
                "tidspunkt": utc(naa),
            }
            for nr, ny in enumerate(nye, siste - len(nye) + 1)
        ]
        await self._leie.sett_inn(endring, *rader)
        return rader

    async def _tell_opp(self, antall: int) -> int:
        """Take so many numbers, and hold the newest until this transaction is over; the newest."""
        await self._leie.vent_paa_tur()
        siste = await self._leie.tell_opp(endring_hode, "sekvensnummer", antall)
        if siste is None:
            await self._leie.sett_inn_hvis_ny(endring_hode, {"sekvensnummer": 0})
            siste = await self._leie.tell_opp(endring_hode, "sekvensnummer", antall)
        if siste is None:
            raise LookupError("endringslisten har ikke noe hode")
        return siste

    async def laas(self) -> int:
        """Hold the newest number, and with it who is told what, until this transaction is over; the number."""
        return await self._tell_opp(0)

    async def etter(self, nr: int, antall: int) -> Sequence[Endring]:
        """So many in order, after a number."""
        k = endring.c
        rader = await self._leie.mange(endring, k.sekvensnummer > nr, sorter=[k.sekvensnummer], antall=antall)
        return [_les(rad) for rad in rader]

    async def siste(self) -> int:
        """The newest number; 0 before the first."""
        rad = await self._leie.en(endring_hode)
        return 0 if rad is None else int(rad.sekvensnummer)

    async def foer(self, tidspunkt: datetime) -> int:
        """The number to read after, to see everything that happened at a time or later."""
        k = endring.c
        rader = await self._leie.mange(
            endring,
            k.tidspunkt >= utc(tidspunkt),
            sorter=[k.sekvensnummer],
            antall=1,
            kolonner=[k.sekvensnummer],
        )
        return int(rader[0].sekvensnummer) - 1 if rader else await self.siste()


def _les(rad: Row[Any]) -> Endring:
    return Endring(
        sekvensnummer=rad.sekvensnummer,
        type=rad.type,
        sak_id=rad.sak_id,
        gjelder=rad.gjelder,
        aar=rad.aar,
        tidspunkt=rad.tidspunkt,
    )
