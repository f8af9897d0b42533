"""Whether the database is there and fits the code."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.db import skjema
from app.db.motor import Database


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


_siste = cache(skjema.siste_versjon)
_kjente = cache(skjema.versjoner)


async def databasestand(database: Database) -> Databasestand:
    """Ask the database.

    Raises:
        DatabaseError: it does not answer.
    """
    produkt, versjon = await database.versjon(), await skjema.versjonen(database)
    return Databasestand(produkt=produkt, versjon=versjon, migrering=_migrering(versjon))


def _migrering(versjon: str | None) -> Migrering:
    if versjon == _siste():
        return Migrering.OPPDATERT
    return Migrering.MANGLER if versjon is None or versjon in _kjente() else Migrering.NYERE
