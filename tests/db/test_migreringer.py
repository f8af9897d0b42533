"""The steps lead from nothing, and from the version before, to the tables the code says, and back."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.db import skjema
from app.db.motor import Database, DatabaseError
from tests.baser import MOTORER, tom_database

FORRIGE = "0005"


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


FEILER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "0002", None, None


def upgrade():
    op.add_column("kommune", sa.Column("ny", sa.Integer()))
    op.execute(sa.text("UPDATE finnes_ikke SET x = 1"))
"""


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("fra", [None, FORRIGE])
def test_et_steg_som_feiler_etterlater_ingenting(
    motor: str, fra: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mappe = Path(shutil.copytree(skjema.MAPPE, tmp_path / "migrations"))
    (mappe / "versions" / "9999_feiler.py").write_text(
        FEILER.replace("0002", skjema.siste_versjon()), "utf-8"
    )

    async def oppgave(database: Database) -> None:
        if fra is not None:
            await skjema.oppgrader(database, fra)
        monkeypatch.setattr(skjema, "MAPPE", mappe)
        with pytest.raises(DatabaseError):
            await skjema.oppgrader(database)
        monkeypatch.undo()
        assert await skjema.versjonen(database) == fra
        await skjema.oppgrader(database)
        assert await skjema.avvik(database) == []

    med_database(motor, oppgave)
