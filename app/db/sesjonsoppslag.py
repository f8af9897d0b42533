"""Sessions and logins that have begun, found by what a browser or a provider shows.

Nobody's kommune is known before this: it is the session that tells. So it stands outside ``app.db.leie``, and gives
nothing but the one row that the hash points at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.kryptering import KrypteringError, Noekkelring, sted
from app.db.lager.sesjoner import Sesjonsrad
from app.db.motor import Database
from app.db.tabeller import innlogging, sesjon
from app.db.typer import utc

_S: Final = sesjon.c
_I: Final = innlogging.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Paabegynt:
    """A login that has begun, as it is kept."""

    tilstand_hash: bytes = field(repr=False)
    nettleser_hash: bytes = field(repr=False)
    tilbyder: str
    innhold: bytes = field(repr=False)
    """What only the service itself reads; encrypted in the table."""
    utloeper: datetime


class Sesjonsoppslag:
    """The sessions of all kommuner, one at a time.

    Args:
        database: where they are.
        ring: the keys of what is encrypted in them.
    """

    def __init__(self, database: Database, ring: Noekkelring) -> None:
        self._database = database
        self._ring = ring

    async def finn(self, noekkel_hash: bytes) -> Sesjonsrad | None:
        """The session the browser shows; ``None`` too when its key is gone, so that the user logs in again."""
        rader = await self._hent(_S.noekkel_hash == noekkel_hash)
        return rader[0] if rader else None

    async def med_sid(self, sid_hash: bytes) -> Sequence[Sesjonsrad]:
        """The sessions that began with the same session at the provider."""
        return await self._hent(_S.sid_hash == sid_hash)

    async def brukt(self, rad: Sesjonsrad, naa: datetime) -> None:
        """Note that a session is in use. One that has ended meanwhile stays ended.

        Raises:
            OpptattError: no turn within the time allowed.
        """
        denne = (_S.kommune == rad.kommune, _S.noekkel_hash == rad.noekkel_hash)
        async with self._database.skriv() as forbindelse:
            await forbindelse.execute(update(sesjon).where(*denne).values(sist_brukt=utc(naa)))

    async def begynn(self, ny: Paabegynt, naa: datetime, brukt_etter: datetime) -> None:
        """Keep a login that has begun, and sweep away what is over.

        Args:
            ny: the login.
            naa: now.
            brukt_etter: sessions that nobody has used since then are over.
        """
        hvor = _sted_for_innlogging(ny.tilstand_hash)
        async with self._database.skriv() as forbindelse:
            await _rydd(forbindelse, naa, brukt_etter)
            await forbindelse.execute(
                insert(innlogging).values(
                    tilstand_hash=ny.tilstand_hash,
                    nettleser_hash=ny.nettleser_hash,
                    tilbyder=ny.tilbyder,
                    innhold=self._ring.krypter(ny.innhold, hvor),
                    utloeper=ny.utloeper,
                )
            )

    async def ta(self, tilstand_hash: bytes, nettleser_hash: bytes) -> Paabegynt | None:
        """Take a login that this browser began: it is gone from now on. Another's is left alone."""
        denne = (_I.tilstand_hash == tilstand_hash, _I.nettleser_hash == nettleser_hash)
        async with self._database.skriv() as forbindelse:
            rad = (await forbindelse.execute(delete(innlogging).where(*denne).returning(innlogging))).first()
        if rad is None:
            return None
        try:
            innhold = self._ring.dekrypter(rad.innhold, _sted_for_innlogging(tilstand_hash))
        except KrypteringError:
            return None
        return Paabegynt(
            tilstand_hash=tilstand_hash,
            nettleser_hash=nettleser_hash,
            tilbyder=rad.tilbyder,
            innhold=innhold,
            utloeper=rad.utloeper,
        )

    async def rydd(self, naa: datetime, brukt_etter: datetime) -> int:
        """Sweep away sessions and begun logins that are over; how many there were."""
        async with self._database.skriv() as forbindelse:
            return await _rydd(forbindelse, naa, brukt_etter)

    async def antall_over(self, naa: datetime, brukt_etter: datetime) -> int:
        """How many ``rydd`` would sweep away."""
        async with self._database.les() as forbindelse:
            return sum(
                [
                    int((await forbindelse.execute(select(func.count()).where(vilkaar))).scalar_one())
                    for vilkaar in (_sesjon_over(naa, brukt_etter), _I.utloeper <= utc(naa))
                ]
            )

    async def _hent(self, vilkaar: ColumnElement[bool]) -> list[Sesjonsrad]:
        async with self._database.les() as forbindelse:
            rader = (await forbindelse.execute(select(sesjon).where(vilkaar))).all()
        return [lest for rad in rader if (lest := self._les(rad)) is not None]

    def _les(self, rad: Any) -> Sesjonsrad | None:
        try:
            innhold = self._ring.dekrypter(
                rad.innhold, sted(sesjon.name, "innhold", rad.kommune, rad.noekkel_hash)
            )
        except KrypteringError:
            return None
        return Sesjonsrad(
            kommune=rad.kommune,
            noekkel_hash=rad.noekkel_hash,
            sid_hash=rad.sid_hash,
            bruker=rad.bruker,
            rolle=rad.rolle,
            eid_nivaa=rad.eid_nivaa,
            tilbyder=rad.tilbyder,
            innhold=innhold,
            opprettet=rad.opprettet,
            sist_brukt=rad.sist_brukt,
            utloeper=rad.utloeper,
        )


def _sted_for_innlogging(tilstand_hash: bytes) -> str:
    return sted(innlogging.name, "innhold", "", tilstand_hash)


def _sesjon_over(naa: datetime, brukt_etter: datetime) -> ColumnElement[bool]:
    return or_(_S.utloeper <= utc(naa), _S.sist_brukt <= utc(brukt_etter))


async def _rydd(forbindelse: AsyncConnection, naa: datetime, brukt_etter: datetime) -> int:
    sesjoner = await forbindelse.execute(delete(sesjon).where(_sesjon_over(naa, brukt_etter)))
    innlogginger = await forbindelse.execute(delete(innlogging).where(_I.utloeper <= utc(naa)))
    return sesjoner.rowcount + innlogginger.rowcount
