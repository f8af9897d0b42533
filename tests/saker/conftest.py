"""A service per module and database, and a story in it."""

from collections.abc import Iterator

import pytest

from tests.baser import MOTORER, ny_database
from tests.saker.historie import Fortelling, Historie, fortelling


@pytest.fixture(scope="module", params=MOTORER)
def fortalt(request: pytest.FixtureRequest) -> Iterator[Fortelling]:
    """The service that a module's stories share, on each kind of database."""
    with fortelling(ny_database(request.param)) as en:
        yield en


@pytest.fixture
def h(fortalt: Fortelling) -> Iterator[Historie]:
    """One story."""
    historie = Historie(fortalt)
    yield historie
    historie.slutt()
