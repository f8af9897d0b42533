"""Connections to SQLite that do most of their work where they are asked.

The driver does everything in a thread of its own, in four visits for each statement; with much to do, each visit is
a wait for the interpreter that is much longer than the statement itself. Only what can wait for others or for the
disk is done there: to begin a transaction that writes, and to commit it. Every row is fetched at once, as it is
without us.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final, Self, cast

import aiosqlite
from sqlalchemy import URL

BEGYNN_AA_SKRIVE: Final = "BEGIN IMMEDIATE"

_BOLK: Final = 64
"""The driver's own; we never fetch by parts."""


class _Peker:
    """One statement with its rows; what SQLAlchemy asks of an asynchronous cursor."""

    arraysize = 1

    def __init__(self, forbindelse: "_Forbindelse") -> None:
        self._forbindelse = forbindelse
        self._rader: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, setning: str, verdier: Any = ()) -> Self:
        """One statement."""
        if setning == BEGYNN_AA_SKRIVE:
            return self._ta_imot(await self._forbindelse.i_traaden(setning))
        return self._ta_imot(self._forbindelse.raa.execute(setning, verdier))

    async def executemany(self, setning: str, verdier: Iterable[Any]) -> Self:
        """The same statement with many values."""
        return self._ta_imot(self._forbindelse.raa.executemany(setning, verdier))

    async def fetchall(self) -> Sequence[Any]:
        """Every row; they have been fetched."""
        rader, self._rader = self._rader, ()
        return rader

    async def close(self) -> None:
        """Nothing is open."""

    def _ta_imot(self, peker: sqlite3.Cursor) -> Self:
        try:
            self._rader = peker.fetchall() if peker.description else ()
            self.description, self.rowcount, self.lastrowid = (
                peker.description,
                peker.rowcount,
                peker.lastrowid,
            )
        finally:
            peker.close()
        return self


class _Forbindelse(aiosqlite.Connection):
    """A connection whose cursors are ours."""

    _endringer = 0
    """How many rows had been changed when it last committed or undid."""

    @property
    def raa(self) -> sqlite3.Connection:
        """The connection itself; never used in two places at once."""
        return self._conn

    def cursor(self) -> Any:
        """A cursor; nothing is done before it executes."""
        return _Peker(self)

    async def commit(self) -> None:
        """What was written is on the disk afterwards; one that only reads has nothing to wait for."""
        if self._conn.total_changes == self._endringer:
            self._conn.commit()
            return
        await super().commit()
        self._endringer = self._conn.total_changes

    async def rollback(self) -> None:
        """Undone."""
        self._conn.rollback()
        self._endringer = self._conn.total_changes

    async def i_traaden(self, setning: str) -> sqlite3.Cursor:
        """A statement that may have to wait."""
        peker: sqlite3.Cursor = await self._execute(self._conn.execute, setning)  # type: ignore[no-untyped-call]
        return peker


def tilkobler(adresse: URL) -> Callable[[], Awaitable[Any]]:
    """What opens a connection to the file an address names."""
    deler, valg = adresse.get_dialect()().create_connect_args(adresse)

    aapne: Callable[[], sqlite3.Connection] = partial(sqlite3.connect, *deler, **valg)

    def koble() -> Awaitable[Any]:
        forbindelse = _Forbindelse(aapne, _BOLK)
        # A process that ends does not wait for it.
        forbindelse._thread.daemon = True
        return cast(Awaitable[Any], forbindelse)

    return koble
