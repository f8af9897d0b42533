"""The day a list is asked from."""

from datetime import UTC, date, datetime

import pytest

from app.klokke import dagen
from app.services.hendelser.lister import listedag


@pytest.mark.parametrize(
    ("tidspunkt", "i_norge", "ventet"),
    [
        # Winter: Norway is an hour ahead.
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), date(2026, 11, 23), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), date(2026, 11, 24), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), date(2026, 11, 24), date(2026, 11, 24)),
        # Summer: two.
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2), date(2026, 7, 1)),
        (datetime(2026, 7, 2, 0, 0, tzinfo=UTC), date(2026, 7, 2), date(2026, 7, 2)),
        # New Year.
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1), date(2026, 12, 31)),
    ],
)
def test_listen_spoerres_fra_den_tidligste_av_dagene(
    tidspunkt: datetime, i_norge: date, ventet: date
) -> None:
    assert (dagen(tidspunkt), listedag(tidspunkt)) == (i_norge, ventet)
