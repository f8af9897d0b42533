"""Every test is also a test that nothing personal came out of it."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.lekkasje import avlytt, paa_vakt


@pytest.fixture(scope="session", autouse=True)
def avlyttet() -> Iterator[None]:
    """Ears on every way out for the whole session, and everything logged, however small."""
    ta_av = avlytt()
    rot = logging.getLogger()
    nivaa = rot.level
    rot.setLevel(logging.DEBUG)
    yield
    rot.setLevel(nivaa)
    ta_av()


@pytest.fixture(autouse=True)
def ingenting_personlig_kommer_ut(request: pytest.FixtureRequest, avlyttet: None) -> Iterator[None]:
    """No id, token or name in logs, output, metrics or errors.

    A test marked ``planter_lekkasje`` must be caught instead; one marked ``viser_personer`` prints them on
    purpose.
    """
    with paa_vakt() as vakt:
        yield
    for hva, tekst in _fanget(request.node):
        vakt.hoer(hva, tekst)
    if request.node.get_closest_marker("planter_lekkasje"):
        assert vakt.funn, "lekkasjen ble ikke oppdaget"
    elif not request.node.get_closest_marker("viser_personer"):
        assert not vakt.funn, f"personlige opplysninger kom ut: {sorted(vakt.funn)}"


def _fanget(node: pytest.Item) -> list[tuple[str, str]]:
    """What pytest captured of the test so far."""
    return [(f"{hva} under {naar}", tekst) for naar, hva, tekst in node._report_sections]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was tried, where a test counts it."""
    antall: Counter[str] = Counter()
    for rapporter in terminalreporter.stats.values():
        for rapport in rapporter:
            if getattr(rapport, "when", None) == "teardown":
                antall.update({navn: n for navn, n in rapport.user_properties if isinstance(n, int)})
    for hva, n in sorted(antall.items()):
        terminalreporter.write_line(f"{n} {hva}")
