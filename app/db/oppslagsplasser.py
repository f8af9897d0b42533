"""Places for calls in flight, shared by every process: held for a while, and free again when the holder dies."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.db.motor import Database
from app.db.naa import naa_ms
from app.db.tabeller import oppslagsplass

_LEDIG: Final = 0


@dataclass(frozen=True, slots=True)
class Plass:
    """A place that is held."""

    virksomhet: str
    api: str
    nr: int
    eier: UUID


class Oppslagsplasser:
    """The places of one database.

    Args:
        database: what the processes share.
        antall: places per enterprise and API.
        levetid: seconds a place is held at most; longer than any call takes.
    """

    def __init__(self, database: Database, antall: int, levetid: float) -> None:
        self._database = database
        self._antall = antall
        self._levetid_ms = int(levetid * 1000)
        self._laget: set[tuple[str, str]] = set()

    async def ta(self, virksomhet: str, api: str) -> Plass | None:
        """A place, or nothing when all are held.

        Raises:
            OpptattError: the database could not be reached.
        """
        await self._lag(virksomhet, api)
        eier = uuid4()
        tabell = oppslagsplass.c
        naa = naa_ms(self._database.er_sqlite)
        fri = (
            select(tabell.nr)
            .where(tabell.virksomhet == virksomhet, tabell.api == api)
            .where(or_(tabell.eier.is_(None), tabell.utloeper <= naa))
            .order_by(tabell.nr)
            .limit(1)
            # Others pass by a place that is just being taken instead of waiting for it.
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taking = (
            update(oppslagsplass)
            .where(tabell.virksomhet == virksomhet, tabell.api == api, tabell.nr == fri)
            .values(eier=eier, utloeper=naa + self._levetid_ms)
            .returning(tabell.nr)
        )
        async with self._database.skriv() as forbindelse:
            nr = (await forbindelse.execute(taking)).scalar_one_or_none()
        return None if nr is None else Plass(virksomhet, api, nr, eier)

    async def slipp(self, plass: Plass) -> None:
        """Give a place back; one that has gone to another holder since stays theirs."""
        tabell = oppslagsplass.c
        slipp = (
            update(oppslagsplass)
            .where(tabell.virksomhet == plass.virksomhet, tabell.api == plass.api, tabell.nr == plass.nr)
            .where(tabell.eier == plass.eier)
            .values(eier=None, utloeper=_LEDIG)
        )
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(slipp)

    async def _lag(self, virksomhet: str, api: str) -> None:
        if (virksomhet, api) in self._laget:
            return
        rader = [
            {"virksomhet": virksomhet, "api": api, "nr": nr, "eier": None, "utloeper": _LEDIG}
            for nr in range(1, self._antall + 1)
        ]
        dialekt: Any = sqlite if self._database.er_sqlite else postgresql
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(dialekt.insert(oppslagsplass).values(rader).on_conflict_do_nothing())
        self._laget.add((virksomhet, api))
