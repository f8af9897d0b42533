"""Everything a database holds, opened: every column of every table, decrypted and unpacked."""

import zlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Row

from app.db.kryptering import sted
from app.db.motor import Database
from app.db.tabeller import metadata
from app.db.typer import Kryptert
from tests.baser import RING


async def alt_lagret(database: Database, kommune: str) -> dict[tuple[str, str], list[str]]:
    """The values of one kommune as text, by table and column."""
    funnet: dict[tuple[str, str], list[str]] = {}
    async with database.les() as forbindelse:
        for tabell in (t for t in metadata.sorted_tables if "kommune" in t.c):
            rader = (await forbindelse.execute(tabell.select().where(tabell.c.kommune == kommune))).all()
            for rad in rader:
                for kolonne in tabell.columns:
                    funnet.setdefault((tabell.name, kolonne.name), []).extend(_tekst(kolonne, rad))
    return funnet


def steder_med(alt: dict[tuple[str, str], list[str]], ord_: str) -> set[tuple[str, str]]:
    """The columns in which a word stands."""
    return {hvor for hvor, verdier in alt.items() if any(ord_ in verdi for verdi in verdier)}


def _tekst(kolonne: Column[Any], rad: Row[Any]) -> Iterator[str]:
    verdi = getattr(rad, kolonne.name)
    if verdi is None:
        return
    if isinstance(kolonne.type, Kryptert):
        tabell = kolonne.table
        noekkel = [getattr(rad, k.name) for k in tabell.primary_key.columns if k.name != "kommune"]
        aapnet = RING.dekrypter(verdi, sted(tabell.name, kolonne.name, rad.kommune, *noekkel))
        verdi = _pakket_ut(aapnet)
    yield verdi.hex() if isinstance(verdi, bytes) else str(verdi)


def _pakket_ut(verdi: bytes) -> str:
    try:
        return zlib.decompress(verdi).decode()
    except zlib.error:
        return verdi.decode()
