"""The connection to the database: how transactions begin, and that SQLite has one writer.

SQLite lets one transaction write at a time whatever one does. Letting every writer through one connection,
with ``BEGIN IMMEDIATE``, makes them stand in line here instead of timing out there. PostgreSQL needs none of it.
"""

import logging
import os
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.sqlite import BEGYNN_AA_SKRIVE, tilkobler

_DRIVERE: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_LESERE: Final = 4
_VENT_PAA_LAAS_MS: Final = 5_000
_VENT_PAA_TILKOBLING_S: Final = 10
_STILLE_I_TRANSAKSJON_S: Final = 60
"""Nothing is waited for within a transaction but the database. A process that stands still in one, holds what it has
locked, the right to lead with it, so PostgreSQL ends it: well after any pause of ours, and long before somebody calls."""
_NYLIG_BRUKT_S: Final = 1.0
_LAGT_TILBAKE: Final = "lagt_tilbake"

_FORBIGAAENDE: Final = (
    # PostgreSQL: connection, stood still, rollback so that others could go on, resources, locks, the operator, the machine.
    *("08", "25P03", "40", "53", "55P03", "57", "58"),
    # SQLite: busy, locked, the disk, full, cannot open.
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN"),
)
"""How the codes begin that say nothing about the call itself."""


def _ikke_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


# At DEBUG the driver logs every statement with its values. A filter holds whatever is done to the levels.
logging.getLogger("aiosqlite").addFilter(_ikke_debug)


class DatabaseError(Exception):
    """What the database refused, by its code: no statement and no value. By itself a fault in the code or setup."""


class OpptattError(DatabaseError):
    """Nobody could write, or nobody could connect, for too long. The same call may succeed later."""


class AvvistError(DatabaseError):
    """A rule of the tables stands against it: a key that is taken, a row that is gone or may never change."""


class UgyldigAdresseError(DatabaseError, ValueError):
    """The address of the database is not one we can use."""


def _adresse(url: str) -> URL:
    try:
        lest = make_url(url)
    except (ArgumentError, ValueError):
        # A password with an unescaped / or @ is read as a port, and the message would repeat it.
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
    if lest.database is not None and driver == _DRIVERE["sqlite"]:
        mappe = Path(lest.database).absolute().parent
        if not os.access(mappe, os.W_OK):
            raise UgyldigAdresseError(
                f"Mappen {mappe} finnes ikke eller kan ikke skrives i. Lag den, eller rett EGENANDEL_DATABASE__URL."
            )
    if "sslmode" in lest.query:
        # As everybody else spells it.
        lest = lest.difference_update_query(["sslmode"]).update_query_dict({"ssl": lest.query["sslmode"]})
    return lest.set(drivername=driver)


class Database:
    """One per process. Close it when done.

    Args:
        url: ``sqlite:///fil`` or ``postgresql://…``.
        samtidige: connections to PostgreSQL; SQLite has one that writes and some that read.
        stille_i_transaksjon: seconds a transaction may stand still before PostgreSQL ends it.
    """

    def __init__(
        self, url: str, *, samtidige: int = 10, stille_i_transaksjon: float = _STILLE_I_TRANSAKSJON_S
    ) -> None:
        """Prepare; nothing is opened yet.

        Raises:
            UgyldigAdresseError: neither PostgreSQL nor SQLite in a file in a folder we can write to.
        """
        adresse = _adresse(url)
        self.er_sqlite: Final = adresse.get_backend_name() == "sqlite"
        if self.er_sqlite:
            self._skriver = _sqlite(adresse, antall=1, skriver=True)
            self._leser = self._enkelt = _sqlite(adresse, antall=_LESERE, skriver=False)
        else:
            self._skriver = create_async_engine(
                adresse,
                pool_size=samtidige,
                max_overflow=0,
                hide_parameters=True,
                connect_args={
                    "timeout": _VENT_PAA_TILKOBLING_S,
                    "server_settings": {
                        "idle_in_transaction_session_timeout": f"{stille_i_transaksjon * 1000:.0f}ms"
                    },
                },
            )
            _proev_ved_uttak(self._skriver)
            self._leser = self._skriver.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            self._enkelt = self._skriver.execution_options(isolation_level="AUTOCOMMIT")

    async def lukk(self) -> None:
        """Close every connection."""
        await self._leser.dispose()
        await self._skriver.dispose()

    @asynccontextmanager
    async def skriv(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction that may write: committed at the end of the block, undone by an exception.

        Raises:
            OpptattError: no connection, or no turn, within the time allowed.
            AvvistError: a rule of the tables stands against what was done.
            DatabaseError: anything else the database refused.
        """
        async with _transaksjon(self._skriver) as forbindelse:
            yield forbindelse

    @asynccontextmanager
    async def les(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction that reads a single state of the database, and can do nothing else.

        Raises:
            OpptattError: no connection within the time allowed.
            DatabaseError: anything else the database refused; a change, for one.
        """
        async with _transaksjon(self._leser) as forbindelse:
            yield forbindelse

    @asynccontextmanager
    async def slaa_opp(self) -> AsyncGenerator[AsyncConnection]:
        """For one statement that reads: it is a transaction by itself, so PostgreSQL is not asked to begin one.

        Raises:
            OpptattError: no connection within the time allowed.
            DatabaseError: anything else the database refused.
        """
        async with _transaksjon(self._enkelt) as forbindelse:
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

    async def kopier(self, til: Path) -> None:
        """Copy SQLite to a file while others read and write; the file is whole or not there.

        Raises:
            FileExistsError: there is one already. It could be the database itself.
            OSError: it cannot be written.
            ValueError: PostgreSQL is copied with its own tools.
        """
        if not self.er_sqlite:
            raise ValueError("PostgreSQL kopieres med pg_dump")
        halv = _halvferdig(til)
        try:
            async with self.les() as forbindelse:
                kilde = (await forbindelse.get_raw_connection()).driver_connection
                if kilde is None:
                    raise TypeError("tilkoblingen er borte")
                with closing(sqlite3.connect(halv, check_same_thread=False)) as maal:
                    await kilde.backup(maal)
            _ferdig(halv, til)
        except sqlite3.Error as feil:
            raise OSError(feil.sqlite_errorname) from None
        finally:
            halv.unlink(missing_ok=True)


@asynccontextmanager
async def _transaksjon(motor: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    async with AsyncExitStack() as aapent:
        try:
            forbindelse = await aapent.enter_async_context(motor.connect())
        except (PoolTimeoutError, OSError) as feil:
            raise OpptattError(type(feil).__name__) from None
        except DBAPIError as feil:
            raise _uten_innhold(feil) from None
        try:
            async with forbindelse.begin():
                yield forbindelse
        except DBAPIError as feil:
            raise _uten_innhold(feil).with_traceback(feil.__traceback__) from None


def _uten_innhold(feil: DBAPIError) -> DatabaseError:
    """What it was, without the statement and the values its text holds."""
    kode = getattr(feil.orig, "sqlite_errorname", None) or getattr(feil.orig, "sqlstate", None)
    navn = str(kode or type(feil.orig).__name__)
    if feil.connection_invalidated or navn.startswith(_FORBIGAAENDE):
        return OpptattError(navn)
    return AvvistError(navn) if isinstance(feil, IntegrityError) else DatabaseError(navn)


def _halvferdig(til: Path) -> Path:
    if til.exists():
        raise FileExistsError(til)
    halv = til.with_name(f"{til.name}.halv")
    # Nobody else may read it, not even while it is being made.
    os.close(os.open(halv, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    return halv


def _ferdig(halv: Path, til: Path) -> None:
    _til_disk(halv)
    halv.rename(til)
    _til_disk(til.parent)


def _til_disk(sti: Path) -> None:
    fil = os.open(sti, os.O_RDONLY)
    try:
        os.fsync(fil)
    finally:
        os.close(fil)


def _proev_ved_uttak(motor: AsyncEngine) -> None:
    """Replace connections that were cut while they lay idle: one round trip, where the pool's own takes three.

    One that was just in use is only asked whether it knows that it is cut.
    """

    @event.listens_for(motor.sync_engine, "checkin")
    def ved_retur(_: Any, post: Any) -> None:
        post.info[_LAGT_TILBAKE] = monotonic()

    @event.listens_for(motor.sync_engine, "checkout")
    def ved_uttak(forbindelse: Any, post: Any, _: Any) -> None:
        if forbindelse.driver_connection.is_closed():
            raise InvalidatePoolError
        if monotonic() - post.info.get(_LAGT_TILBAKE, -inf) < _NYLIG_BRUKT_S:
            return
        try:
            forbindelse.run_async(lambda raa: raa.execute("SELECT 1"))
        except Exception:
            raise InvalidatePoolError from None


def _sqlite(adresse: URL, *, antall: int, skriver: bool) -> AsyncEngine:
    motor = create_async_engine(
        adresse,
        async_creator=tilkobler(adresse),
        pool_size=antall,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
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
        forbindelse.exec_driver_sql(BEGYNN_AA_SKRIVE if skriver else "BEGIN")

    return motor
