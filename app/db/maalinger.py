"""How the service's own work stands, counted over every kommune: for the operator's measurements and alarms.

Reads across kommuner, because the work is the service's; only numbers, times and organisation numbers leave here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.motor import Database
from app.db.naa import naa_ms
from app.db.tabeller import (
    arbeid,
    avstemming,
    hendelsesliste,
    kommune,
    lederskap,
    oppslagsplass,
    uleselig_hendelse,
    webhooklevering,
)

VENTER: Final = "VENTER"
DOED: Final = "DOED"


@dataclass(frozen=True, slots=True)
class Liste:
    """How far a list is read."""

    liste: str
    neste: int
    lest: datetime | None
    siste_hendelse: datetime | None


@dataclass(frozen=True, slots=True)
class Koe:
    """Work or deliveries of one kommune that stand so."""

    kommune: str
    tilstand: str
    antall: int
    eldste: datetime
    """When the first of them is, or was, to be tried next."""


@dataclass(frozen=True, slots=True)
class Avstemt:
    """The newest reconciliation of a kommune."""

    kommune: str
    utfall: str
    til: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Everything that is told."""

    lister: Sequence[Liste]
    arbeid: Sequence[Koe]
    leveringer: Sequence[Koe]
    uleselige: dict[str, int]
    """By list: events that could not be read, and that nobody has seen to."""
    avstemt: Sequence[Avstemt]
    i_luften: dict[str, int]
    """By API: calls in flight, of every process on the database."""
    mandater: dict[str, bool]
    """By name: whether somebody has it."""


async def lister(database: Database) -> Sequence[Liste]:
    """How far each list is read.

    Raises:
        DatabaseError: the database does not answer.
    """
    async with database.les() as forbindelse:
        return await _lister(forbindelse)


async def uavstemt_siden(database: Database, tidspunkt: datetime) -> Sequence[str]:
    """The kommuner that were there at a time, and have not been reconciled since.

    Raises:
        DatabaseError: the database does not answer.
    """
    k, a = kommune.c, avstemming.c
    etter = exists(select(a.id).where(a.kommune == k.kommune, a.til >= tidspunkt))
    sporring = select(k.kommune).where(k.opprettet < tidspunkt, ~etter).order_by(k.kommune)
    async with database.les() as forbindelse:
        return list((await forbindelse.execute(sporring)).scalars())


async def ta_stand(database: Database) -> Stand:
    """Count, in one moment.

    Raises:
        DatabaseError: the database does not answer.
    """
    naa = naa_ms(database.er_sqlite)
    async with database.les() as forbindelse:
        u, p, m = uleselig_hendelse.c, oppslagsplass.c, lederskap.c
        return Stand(
            lister=await _lister(forbindelse),
            arbeid=await _koe(forbindelse, arbeid),
            leveringer=await _koe(forbindelse, webhooklevering),
            uleselige=await _antall(
                forbindelse, select(u.liste, func.count()).where(u.avsluttet.is_(None)).group_by(u.liste)
            ),
            avstemt=await _avstemt(forbindelse),
            i_luften=await _antall(
                forbindelse,
                select(p.api, func.count()).where(p.eier.is_not(None), p.utloeper > naa).group_by(p.api),
            ),
            mandater={
                rad.navn: bool(rad.holdt)
                for rad in await forbindelse.execute(
                    select(m.navn, (m.eier.is_not(None) & (m.utloeper > naa)).label("holdt"))
                )
            },
        )


async def _lister(forbindelse: AsyncConnection) -> list[Liste]:
    k = hendelsesliste.c
    rader = await forbindelse.execute(select(k.liste, k.neste, k.lest, k.siste_hendelse).order_by(k.liste))
    return [Liste(*rad) for rad in rader]


async def _antall(forbindelse: AsyncConnection, sporring: Select[str, int]) -> dict[str, int]:
    return {rad[0]: rad[1] for rad in await forbindelse.execute(sporring)}


async def _koe(forbindelse: AsyncConnection, tabell: Any) -> list[Koe]:
    k = tabell.c
    telling = select(k.kommune, k.tilstand, func.count(), func.min(k.neste_forsoek))
    rader = await forbindelse.execute(
        telling.where(k.tilstand.in_((VENTER, DOED))).group_by(k.kommune, k.tilstand)
    )
    return [Koe(*rad) for rad in rader]


async def _avstemt(forbindelse: AsyncConnection) -> list[Avstemt]:
    k = avstemming.c
    nyeste = select(k.kommune, func.max(k.til).label("til")).group_by(k.kommune).subquery()
    rader = await forbindelse.execute(
        select(k.kommune, k.utfall, k.til).join(
            nyeste, (nyeste.c.kommune == k.kommune) & (nyeste.c.til == k.til)
        )
    )
    return [Avstemt(*rad) for rad in rader]
