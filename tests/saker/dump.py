"""What the database holds of one kommune, row by row, for comparing before and after."""

from hashlib import sha256

from app.db.motor import Database
from app.db.tabeller import metadata

REGISTERET = frozenset({"revisjon", "revisjon_hode"})
"""Where a refusal is written down."""

Dump = dict[str, list[str]]


async def dump(database: Database, kommune: str, uten: frozenset[str] = frozenset()) -> Dump:
    """Every row of every table but some, as a hash each."""
    funnet: Dump = {}
    async with database.les() as forbindelse:
        for tabell in metadata.sorted_tables:
            if tabell.name in uten or "kommune" not in tabell.c:
                continue
            rader = await forbindelse.execute(tabell.select().where(tabell.c.kommune == kommune))
            funnet[tabell.name] = sorted(sha256(repr(tuple(rad)).encode()).hexdigest() for rad in rader)
    return funnet
