"""Runs the steps on the connection handed over by ``app.db.skjema``, which is the only way in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from app.db.tabeller import metadata


def _skriv_type(slag: str, objekt: Any, _: AutogenContext) -> str | Literal[False]:
    """A step outlives the code it was made for, so it names the database's types and not ours."""
    if slag == "type" and isinstance(objekt, TypeDecorator):
        return f"sa.{objekt.impl_instance!r}"
    return False


def _kjoer(forbindelse: Connection) -> None:
    context.configure(
        connection=forbindelse,
        target_metadata=metadata,
        compare_type=True,
        render_item=_skriv_type,
        # SQLite can change a table only by making it anew.
        render_as_batch=forbindelse.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if forbindelse.dialect.name == "postgresql":
            # A step that cannot get its lock fails, instead of stopping everybody behind it.
            forbindelse.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


_kjoer(context.config.attributes["connection"])
