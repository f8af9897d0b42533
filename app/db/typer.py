"""Columns that mean the same on both databases."""

import zlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, LargeBinary, case, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def utc(tidspunkt: datetime) -> datetime:
    """The same moment as it is kept.

    Raises:
        ValueError: it has no zone, and which one is not for us to guess.
    """
    if tidspunkt.tzinfo is None:
        raise ValueError("tidspunktet mangler tidssone")
    return tidspunkt.astimezone(UTC)


class Tidspunkt(TypeDecorator[datetime]):
    """A point in time in UTC; a time without a zone is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC."""
        return None if value is None else utc(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; it was UTC."""
        if value is None:
            return None
        tidspunkt: datetime = value
        return tidspunkt.replace(tzinfo=UTC) if tidspunkt.tzinfo is None else tidspunkt.astimezone(UTC)


class Kryptert(TypeDecorator[bytes]):
    """A column whose content is encrypted before it comes here; rotation finds it by this type."""

    impl = LargeBinary
    cache_ok = True


def pakk(tekst: str) -> bytes:
    """As a packed column holds it: quickly rather than tightly."""
    return zlib.compress(tekst.encode(), 1)


def pakk_ut(pakket: bytes) -> str:
    """The text of a packed column."""
    return zlib.decompress(pakket).decode()


class Komprimert(TypeDecorator[str]):
    """Text kept packed: an explanation tree is thirty times smaller so, and comes back byte for byte.

    ``bytes`` are taken to be packed already: whoever stores many packs them elsewhere than here.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | bytes | None, dialect: Dialect) -> bytes | None:
        """Packed."""
        return value if value is None or isinstance(value, bytes) else pakk(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """The text."""
        return None if value is None else pakk_ut(value)


def som_pakket(kolonne: ColumnElement[Any], navn: str) -> ColumnElement[Any]:
    """A packed column as it is stored, for whoever unpacks it elsewhere."""
    return type_coerce(kolonne, LargeBinary).label(navn)


def som_pakket_hvis(
    vilkaar: ColumnElement[bool], kolonne: ColumnElement[Any], navn: str
) -> ColumnElement[Any]:
    """The same where a condition holds, and nothing elsewhere: what is not needed is not fetched."""
    return case((vilkaar, type_coerce(kolonne, LargeBinary)), else_=None).label(navn)
