"""Connections to SQLite that do each statement in one visit to their thread.

The driver makes a cursor, executes, fetches and closes in four; with much to do, each visit is a wait for the
interpreter that is longer than the statement itself. Every row is fetched at once, as it is without us.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self, cast

import aiosqlite
from sqlalchemy import URL

_BOLK = 64
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
        return await self._gjoer(lambda raa: raa.execute(setning, verdier))

    async def executemany(self, setning: str, verdier: Iterable[Any]) -> Self:
        """The same statement with many values."""
        return await self._gjoer(lambda raa: raa.executemany(setning, verdier))

    async def fetchall(self) -> Sequence[Any]:
        """Every row; they have been fetched."""
        rader, self._rader = self._rader, ()
        return rader

    async def close(self) -> None:
        """Nothing is open."""

    async def _gjoer(self, hva: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Self:
        def alt(raa: sqlite3.Connection) -> None:
            peker = hva(raa)
            try:
                self._rader = peker.fetchall() if peker.description else ()
                self.description, self.rowcount, self.lastrowid = (
                    peker.description,
                    peker.rowcount,
                    peker.lastrowid,
                )
            finally:
                peker.close()

        await self._forbindelse.i_traaden(alt)
        return self


class _Forbindelse(aiosqlite.Connection):
    """A connection whose cursors are ours."""

    def cursor(self) -> Any:
        """A cursor; nothing is done before it executes."""
        return _Peker(self)

    async def i_traaden(self, hva: Callable[[sqlite3.Connection], None]) -> None:
        """Do something where the connection lives."""
        await self._execute(hva, self._conn)  # type: ignore[no-untyped-call]


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
