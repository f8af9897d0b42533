"""The database's own clock, which all processes share."""

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func, literal_column


def naa_ms(er_sqlite: bool) -> ColumnElement[int]:
    """Milliseconds since 1970."""
    if er_sqlite:
        return literal_column("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", BigInteger)
    return cast(extract("epoch", func.clock_timestamp()) * 1000, BigInteger)
