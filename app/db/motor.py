"""The connection to the database: how transactions begin, and that SQLite has one writer.

SQLite lets one transaction write at a time whatever one does. Letting every writer through one connection,
with ``BEGIN IMMEDIATE``, makes them stand in line here instead of timing out there. PostgreSQL needs none of it.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_DRIVERE: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_LESERE: Final = 4
_VENT_PAA_LAAS_MS: Final = 5_000


class DatabaseError(Exception):
    """Base of what the database may refuse; holds no statement and no value."""


class OpptattError(DatabaseError):
    """Nobody could write, or nobody could connect, for too long. The same call may succeed later."""


class UgyldigAdresseError(DatabaseError, ValueError):
    """The address of the database is not one we can use."""


def _adresse(url: str) -> URL:
    try:
        lest = make_url(url)
    except ArgumentError:
        lest = None
    driver = _DRIVERE.get(lest.get_backend_name()) if lest is not None else None
    if lest is None or driver is None:
        raise UgyldigAdresseError(
            "Adressen til databasen skal begynne med sqlite:/// eller postgresql://. Rett EGENANDEL_DATABASE__URL."
        )
    if driver == _DRIVERE["sqlite"] and lest.database in (None, "", ":memory:"):
        raise UgyldigAdresseError(
            "SQLite må ha en fil, for eksempel sqlite:///egenandel.db: lesing og skriving har hver sin tilkobling."
        )
    return lest.set(drivername=driver)


class Database:
    """One per process. Close it when done.

    Args:
        url: ``sqlite:///fil`` or ``postgresql://…``.
        samtidige: connections to PostgreSQL; SQLite has one that writes and some that read.
    """

    def __init__(self, url: str, *, samtidige: int = 10) -> None:
        """Prepare; nothing is opened yet.

        Raises:
            UgyldigAdresseError: neither SQLite in a file nor PostgreSQL.
        """
        adresse = _adresse(url)
        self.er_sqlite: Final = adresse.get_backend_name() == "sqlite"
        if self.er_sqlite:
            self._skriver = _sqlite(adresse, antall=1, skriver=True)
            self._leser = _sqlite(adresse, antall=_LESERE, skriver=False)
        else:
            self._skriver = create_async_engine(
                adresse, pool_size=samtidige, max_overflow=0, pool_pre_ping=True, hide_parameters=True
            )
            self._leser = self._skriver.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    async def lukk(self) -> None:
        """Close every connection."""
        await self._leser.dispose()
        await self._skriver.dispose()

    @asynccontextmanager
    async def skriv(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction that may write: committed at the end of the block, undone by an exception.

        Raises:
            OpptattError: no connection, or no turn, within the time allowed.
        """
        async with _transaksjon(self._skriver) as forbindelse:
            yield forbindelse

    @asynccontextmanager
    async def les(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction that reads a single state of the database, and can do nothing else.

        Raises:
            OpptattError: no connection within the time allowed.
        """
        async with _transaksjon(self._leser) as forbindelse:
            yield forbindelse

    async def visk_ut(self) -> bool:
        """Empty SQLite's log of changes, where what was deleted may still stand; whether it could be done now.

        PostgreSQL reuses the room in its own time; nothing is done there.
        """
        if not self.er_sqlite:
            return True
        async with self._skriver.connect() as forbindelse:
            raa: Any = (await forbindelse.get_raw_connection()).driver_connection
            async with raa.execute("PRAGMA wal_checkpoint(TRUNCATE)") as peker:
                (opptatt, *_) = await peker.fetchone()
        return not opptatt

    async def versjon(self) -> str:
        """Product and version, for the operator."""
        spoerring = "SELECT sqlite_version()" if self.er_sqlite else "SHOW server_version"
        async with self.les() as forbindelse:
            svar = (await forbindelse.execute(text(spoerring))).scalar_one()
        return f"{'SQLite' if self.er_sqlite else 'PostgreSQL'} {svar}"


@asynccontextmanager
async def _transaksjon(motor: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    try:
        async with motor.begin() as forbindelse:
            yield forbindelse
    except (PoolTimeoutError, OSError) as feil:
        raise OpptattError(type(feil).__name__) from None
    except OperationalError as feil:
        raise OpptattError(type(feil.orig).__name__) from None
    except DBAPIError as feil:
        if feil.connection_invalidated:
            raise OpptattError(type(feil.orig).__name__) from None
        raise


def _sqlite(adresse: URL, *, antall: int, skriver: bool) -> AsyncEngine:
    motor = create_async_engine(
        adresse, pool_size=antall, max_overflow=0, pool_timeout=30, hide_parameters=True
    )

    @event.listens_for(motor.sync_engine, "connect")
    def ved_tilkobling(forbindelse: Any, _: Any) -> None:
        # The driver would otherwise begin transactions itself, later than we mean.
        forbindelse.isolation_level = None
        peker = forbindelse.cursor()
        for pragma in (
            f"busy_timeout = {_VENT_PAA_LAAS_MS}",
            "journal_mode = WAL",
            # With NORMAL the last commits may be gone after a power cut.
            "synchronous = FULL",
            "foreign_keys = ON",
            # What is deleted is overwritten, so that it is gone from the file too.
            "secure_delete = ON",
            *([] if skriver else ["query_only = ON"]),
        ):
            peker.execute(f"PRAGMA {pragma}")
        peker.close()

    @event.listens_for(motor.sync_engine, "begin")
    def ved_start(forbindelse: Any) -> None:
        forbindelse.exec_driver_sql("BEGIN IMMEDIATE" if skriver else "BEGIN")

    return motor
