"""The service in memory."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def klient() -> Iterator[TestClient]:
    """A client of the whole service; an unexpected exception becomes the 500 a caller would see."""
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as klient:
        yield klient
