"""Marks for the names that were taken in before there were marks: the operator's work, while the service runs.

What is left to do is what the rows themselves say: a person with a name and no mark. So it can stop anywhere and go
on later.
"""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

from sqlalchemy import Select, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.kryptering import Noekkelring, sted
from app.db.motor import Database
from app.db.navneord import merker
from app.db.rotasjon import PORSJON
from app.db.tabeller import navneord, person


async def uten_merker(database: Database) -> int:
    """How many persons have a name that cannot be searched for yet."""
    async with database.les() as forbindelse:
        sporring = select(func.count()).select_from(_uten().subquery())
        return int((await forbindelse.execute(sporring)).scalar_one())


async def merk_alle(database: Database, ring: Noekkelring, porsjon: int = PORSJON) -> AsyncGenerator[int]:
    """Give every name its marks.

    Args:
        database: what to go through.
        ring: the keys.
        porsjon: persons in each transaction.

    Yields:
        How many persons were done since the last time.

    Raises:
        UkjentNoekkelError: a name was written under a key that is not in the ring.
        UlesbarError: a row has been tampered with.
    """
    while True:
        async with database.skriv() as forbindelse:
            gjort = await _en_porsjon(forbindelse, ring, porsjon)
        if not gjort:
            return
        yield gjort


async def _en_porsjon(forbindelse: AsyncConnection, ring: Noekkelring, antall: int) -> int:
    # Held, so that nobody gives the person another name in between.
    rader = (await forbindelse.execute(_uten().limit(antall).with_for_update())).all()
    nye = []
    for kommune, id_, lukket in rader:
        navn = ring.dekrypter(lukket, sted(person.name, "navn_kryptert", kommune, id_)).decode()
        alle = merker(navn, partial(ring.navnemerke, kommune=kommune)) or {ring.navnemerke("", kommune)}
        nye += [{"kommune": kommune, "person_id": id_, "merke": merke} for merke in alle]
    if nye:
        await forbindelse.execute(insert(navneord), nye)
    return len(rader)


def _uten() -> Select[Any]:
    har = exists().where(navneord.c.kommune == person.c.kommune, navneord.c.person_id == person.c.id)
    return select(person.c.kommune, person.c.id, person.c.navn_kryptert).where(
        person.c.navn_kryptert.is_not(None), ~har
    )
