"""The steps lead from nothing, and from every version before, to the tables the code says, and back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.db import skjema
from app.db.motor import Database
from tests.baser import MOTORER, tom_database

FORRIGE = "0002"


def med_database(motor: str, oppgave: Callable[[Database], Awaitable[None]]) -> None:
    adresse = tom_database(motor)

    async def alt() -> None:
        database = Database(adresse)
        try:
            await oppgave(database)
        finally:
            await database.lukk()

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_fra_tom_base_og_tilbake(motor: str) -> None:
    async def oppgave(database: Database) -> None:
        assert await skjema.versjonen(database) is None
        assert await skjema.avvik(database)
        await skjema.oppgrader(database)
        assert await skjema.versjonen(database) == skjema.siste_versjon()
        assert await skjema.avvik(database) == []
        await skjema.oppgrader(database)
        await skjema.nedgrader(database, "base")
        assert await skjema.versjonen(database) is None
        await skjema.oppgrader(database)
        assert await skjema.avvik(database) == []

    med_database(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_fra_forrige_versjon(motor: str) -> None:
    async def oppgave(database: Database) -> None:
        await skjema.oppgrader(database, FORRIGE)
        assert await skjema.versjonen(database) == FORRIGE
        await skjema.oppgrader(database)
        assert await skjema.versjonen(database) == skjema.siste_versjon()
        assert await skjema.avvik(database) == []

    med_database(motor, oppgave)
