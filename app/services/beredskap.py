"""Whether the database is there and fits the code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from app.db import maalinger, skjema
from app.db.motor import Database

_UTEN_WAL_FEIL: Final = (3, 52, 0)
"""The first SQLite without the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""


class Migrering(StrEnum):
    """How the tables stand to the code."""

    OPPDATERT = "OPPDATERT"
    MANGLER = "MANGLER"
    """Steps are missing; nothing can be relied on before they are taken."""
    NYERE = "NYERE"
    """From a newer release: so it is while the services are replaced one by one after an upgrade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Databasestand:
    """What an operator needs to know; nothing about anybody."""

    produkt: str
    """Product and version."""
    versjon: str | None
    """The tables' version; ``None`` is an empty database."""
    migrering: Migrering
    lister: Sequence[maalinger.Liste] = ()
    """How far each event list is read; empty when tables are missing."""

    @property
    def gammel_sqlite(self) -> bool:
        """Whether it is a SQLite that may damage its file when several write."""
        treff = re.fullmatch(r"SQLite (\d+)\.(\d+)\.(\d+)", self.produkt)
        return treff is not None and tuple(map(int, treff.groups())) < _UTEN_WAL_FEIL


_siste = cache(skjema.siste_versjon)
_kjente = cache(skjema.versjoner)


async def databasestand(database: Database) -> Databasestand:
    """Ask the database.

    Raises:
        DatabaseError: it does not answer.
    """
    produkt, versjon = await database.versjon(), await skjema.versjonen(database)
    migrering = _migrering(versjon)
    lister = [] if migrering is Migrering.MANGLER else await maalinger.lister(database)
    return Databasestand(produkt=produkt, versjon=versjon, migrering=migrering, lister=lister)


def _migrering(versjon: str | None) -> Migrering:
    if versjon == _siste():
        return Migrering.OPPDATERT
    return Migrering.MANGLER if versjon is None or versjon in _kjente() else Migrering.NYERE
