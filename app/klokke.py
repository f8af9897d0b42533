"""The only clock of the application; everything else is told the date."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def naa() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the system


def i_dag() -> date:
    """Today in Norway."""
    return dagen(naa())


def dagen(tidspunkt: datetime) -> date:
    """The day in Norway at a point in time."""
    return tidspunkt.astimezone(OSLO).date()
