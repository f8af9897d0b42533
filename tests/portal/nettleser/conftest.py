"""A service per test process, and a browser per test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.baser import ny_database
from tests.portal.nettleser.kontoret import kontoret
from tests.portal.nettleser.sakene import sakene
from tests.portal.nettleser.side import Portalside, chromium
from tests.portal.nettleser.vert import Vert, tjener

__all__ = ["kontoret", "sakene"]


@pytest.fixture
def nettleseren(vert: Vert) -> Iterator[Browser]:
    """Debian's Chromium, without a screen.

    One for each test: while it is open there is a running loop on this thread, and other tests have loops of their own.
    """
    with sync_playwright() as playwright:
        nettleser = playwright.chromium.launch(executable_path=chromium(), args=list(Portalside.VALG))
        yield nettleser
        nettleser.close()


@pytest.fixture(scope="module")
def vert() -> Iterator[Vert]:
    """The service. It has a time of its own, which other tests shall not have."""
    with tjener(ny_database("sqlite")) as en:
        yield en
