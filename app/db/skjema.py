"""Which version the tables have, and how they are brought to the newest."""

import logging
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from app.db.motor import Database
from app.db.tabeller import metadata

MAPPE: Final = Path(__file__).parents[2] / "migrations"
"""Beside the package, in the repository as in the installed service."""


_STOEY: Final = ("Context impl", "Will assume")
"""What Alembic says every time somebody asks which version there is, and so at every ``/ready``."""


def _ikke_stoey(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_STOEY)


logging.getLogger("alembic.runtime.migration").addFilter(_ikke_stoey)


def _oppsett(forbindelse: Connection | None = None) -> Config:
    oppsett = Config(cmd_opts=Namespace(quiet=True))
    oppsett.set_main_option("script_location", str(MAPPE))
    oppsett.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    oppsett.attributes["connection"] = forbindelse
    return oppsett


def siste_versjon() -> str:
    """The version this code needs."""
    return str(ScriptDirectory.from_config(_oppsett()).get_current_head())


def versjoner() -> set[str]:
    """Every version this code knows."""
    return {steg.revision for steg in ScriptDirectory.from_config(_oppsett()).walk_revisions()}


async def versjonen(database: Database) -> str | None:
    """The version the database has; ``None`` is an empty one."""
    async with database.les() as forbindelse:
        return await forbindelse.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())


async def oppgrader(database: Database, til: str = "head") -> None:
    """Bring the tables forward, every step or none.

    Args:
        database: what to upgrade.
        til: a version; the newest unless another is asked for.
    """
    async with database.skriv() as forbindelse:
        await forbindelse.run_sync(lambda c: command.upgrade(_oppsett(c), til))


async def nedgrader(database: Database, til: str) -> None:
    """Take the tables back to a version; ``base`` empties the database."""
    async with database.skriv() as forbindelse:
        await forbindelse.run_sync(lambda c: command.downgrade(_oppsett(c), til))


async def avvik(database: Database) -> list[Any]:
    """How the tables differ from what the code says; empty when they agree."""

    def sammenlign(forbindelse: Connection) -> list[Any]:
        kontekst = MigrationContext.configure(forbindelse, opts={"compare_type": True})
        return list(compare_metadata(kontekst, metadata))

    async with database.les() as forbindelse:
        return await forbindelse.run_sync(sammenlign)


async def ny_migrasjon(navn: str) -> Path:
    """Write the step from every step there is to the tables as the code says, for a developer to finish.

    Args:
        navn: what the step does, in one word or two.
    """

    def skriv(forbindelse: Connection) -> Path:
        oppsett = _oppsett(forbindelse)
        command.upgrade(oppsett, "head")
        nummer = f"{int(siste_versjon()) + 1:04d}"
        ny = command.revision(oppsett, navn, autogenerate=True, rev_id=nummer)
        if not isinstance(ny, Script):
            raise TypeError("ingen migrasjon ble laget")
        return Path(ny.path)

    with TemporaryDirectory() as mappe:
        database = Database(f"sqlite:///{mappe}/egenandel.db")
        try:
            async with database.skriv() as forbindelse:
                return await forbindelse.run_sync(skriv)
        finally:
            await database.lukk()
