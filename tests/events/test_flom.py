"""A list through the sandbox, over HTTP; ``bench/hendelser_bevis.py`` reads five million."""

import pytest

from tests.baser import MOTORER
from tests.events.flom import gjennom_sandkassen


@pytest.mark.parametrize("motor", MOTORER)
def test_listen_leses_av_kommandoen_til_slutten(motor: str) -> None:
    flom = gjennom_sandkassen(motor, 20_000)
    assert flom.lest > 20_000  # What the sandbox has from before, too.
    assert flom.nye > 0
