"""A new encryption key for everything that is kept, kommune or not: the operator's work, while the service runs.

What is left to do is what the rows themselves say: every ciphertext begins with the name of its key. So it can
stop anywhere and go on later.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, and_, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.kryptering import Noekkelring, forstavelse, sted
from app.db.motor import Database
from app.db.tabeller import metadata
from app.db.typer import Kryptert

PORSJON: Final = 200
"""Rows in each transaction: writers of the service get their turn in between."""

KOLONNER: Final[Sequence[Column[Any]]] = tuple(
    kolonne
    for tabell in metadata.sorted_tables
    for kolonne in tabell.columns
    if isinstance(kolonne.type, Kryptert)
)
"""Everything encrypted there is."""


async def gjenstaar(database: Database, ring: Noekkelring) -> int:
    """How many values are under another key than the one in force."""
    async with database.les() as forbindelse:
        return sum([await _antall(forbindelse, _er_gammel(k, ring)) for k in KOLONNER])


async def roter(database: Database, ring: Noekkelring, porsjon: int = PORSJON) -> AsyncGenerator[int]:
    """Encrypt everything under the key in force.

    Args:
        database: what to go through.
        ring: every key that is in use, and the one that shall be.
        porsjon: rows in each transaction.

    Yields:
        How many values were done since the last time.

    Raises:
        UkjentNoekkelError: a row was written under a key that is not in the ring.
        UlesbarError: a row has been tampered with.
    """
    for kolonne in KOLONNER:
        while True:
            async with database.skriv() as forbindelse:
                gjort = await _en_porsjon(forbindelse, kolonne, ring, porsjon)
            if not gjort:
                break
            yield gjort


async def unoedvendige(database: Database, ring: Noekkelring) -> list[str]:
    """The names of the keys that no row needs, apart from the one in force."""
    async with database.les() as forbindelse:
        return [
            merke
            for merke in ring.merker
            if merke != ring.gjeldende
            and not any([await _antall(forbindelse, _er_under(k, merke)) for k in KOLONNER])
        ]


async def _en_porsjon(
    forbindelse: AsyncConnection, kolonne: Column[Any], ring: Noekkelring, antall: int
) -> int:
    tabell: Table = kolonne.table
    # In the order ``sted`` takes them; what is of no kommune has an empty place for it.
    noekkel = sorted(tabell.primary_key.columns, key=lambda k: k.name != "kommune")
    sporring = select(*noekkel, kolonne).where(_er_gammel(kolonne, ring)).limit(antall)
    rader = (await forbindelse.execute(sporring.with_for_update())).all()
    for *verdier, lukket in rader:
        hvor = sted(tabell.name, kolonne.name, *([] if "kommune" in tabell.c else [""]), *verdier)
        ny = ring.krypter(ring.dekrypter(lukket, hvor), hvor)
        denne = and_(*(k == verdi for k, verdi in zip(noekkel, verdier, strict=True)))
        await forbindelse.execute(update(tabell).where(denne).values({kolonne.name: ny}))
    return len(rader)


async def _antall(forbindelse: AsyncConnection, vilkaar: ColumnElement[bool]) -> int:
    return int((await forbindelse.execute(select(func.count()).where(vilkaar))).scalar_one())


def _er_gammel(kolonne: Column[Any], ring: Noekkelring) -> ColumnElement[bool]:
    return and_(kolonne.is_not(None), not_(_er_under(kolonne, ring.gjeldende)))


def _er_under(kolonne: Column[Any], merke: str) -> ColumnElement[bool]:
    start = forstavelse(merke)
    # Of the column's own type: bytes compared with bytes.
    return func.substr(kolonne, 1, len(start), type_=kolonne.type) == start
