"""Who does what only one may do at a time, among all processes on one database.

A holder has a mandate for a while and renews it. Each new holder gets a higher number, and everything done under a
mandate checks it in the same transaction: one who was away for too long finds out there, and changes nothing.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.motor import Database
from app.db.naa import naa_ms
from app.db.tabeller import lederskap

_LEDIG: Final = 0


class MandatTaptError(Exception):
    """Somebody else does this now. What was being done must be left as it was."""


@dataclass(frozen=True, slots=True)
class Mandat:
    """The right to do something alone, for a while."""

    navn: str
    eier: UUID
    nr: int
    """Grows with every holder."""


class Lederskap:
    """The mandates of one database.

    Args:
        database: what the processes share.
        levetid: seconds a mandate lasts without being renewed.
    """

    def __init__(self, database: Database, levetid: float) -> None:
        self._database = database
        self._levetid_ms = int(levetid * 1000)
        self._laget: set[str] = set()

    async def ta(self, navn: str) -> Mandat | None:
        """The mandate, or nothing while somebody else has it.

        Raises:
            OpptattError: the database could not be reached.
        """
        await self._lag(navn)
        eier, k = uuid4(), lederskap.c
        naa = naa_ms(self._database.er_sqlite)
        taking = (
            update(lederskap)
            .where(k.navn == navn, or_(k.eier.is_(None), k.utloeper <= naa))
            .values(eier=eier, mandat=k.mandat + 1, utloeper=naa + self._levetid_ms)
            .returning(k.mandat)
        )
        async with self._database.skriv() as forbindelse:
            nr = (await forbindelse.execute(taking)).scalar_one_or_none()
        return None if nr is None else Mandat(navn, eier, nr)

    async def forny(self, mandat: Mandat) -> bool:
        """Hold it for as long again; ``False`` when it has gone to another."""
        naa = naa_ms(self._database.er_sqlite)
        return await self._endre(mandat, utloeper=naa + self._levetid_ms)

    async def slipp(self, mandat: Mandat) -> None:
        """Let the next one in at once."""
        await self._endre(mandat, eier=None, utloeper=_LEDIG)

    async def _endre(self, mandat: Mandat, **verdier: Any) -> bool:
        async with self._database.skriv() as forbindelse:
            svar = await forbindelse.execute(update(lederskap).where(*_er(mandat)).values(**verdier))
        return svar.rowcount == 1

    async def _lag(self, navn: str) -> None:
        if navn in self._laget:
            return
        dialekt: Any = sqlite if self._database.er_sqlite else postgresql
        rad = {"navn": navn, "eier": None, "mandat": 0, "utloeper": _LEDIG}
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(dialekt.insert(lederskap).values(rad).on_conflict_do_nothing())
        self._laget.add(navn)


async def krev(forbindelse: AsyncConnection, mandat: Mandat) -> None:
    """See that the mandate still holds, and keep it from being taken until this transaction is over.

    A mandate that has run out but that nobody has taken still holds: nobody else does anything meanwhile.

    Raises:
        MandatTaptError: it has gone to another. Undo the transaction.
    """
    holder = select(lederskap.c.mandat).where(*_er(mandat)).with_for_update(read=True)
    if (await forbindelse.execute(holder)).scalar_one_or_none() is None:
        raise MandatTaptError(mandat.navn)


def _er(mandat: Mandat) -> tuple[Any, ...]:
    k = lederskap.c
    return k.navn == mandat.navn, k.eier == mandat.eier, k.mandat == mandat.nr
