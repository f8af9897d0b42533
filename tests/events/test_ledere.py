"""Who leads is killed; ``bench/hendelser_bevis.py`` does it fifty times."""

import pytest

from tests.baser import MOTORER
from tests.events.drap import Oppgave
from tests.events.ledere import proev

LITEN = Oppgave(hendelser=5_000, personer=300, fulgt=150, side=20)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_annen_tar_over_og_den_gamle_endrer_ingenting(motor: str) -> None:
    utfall = proev(motor, LITEN, drap=2, opphold=1)
    assert (utfall.drept, utfall.oppholdt, len(utfall.overtakelser)) == (2, 1, 2)
    assert (utfall.utdatert, utfall.tapt_eller_doble) == (0, 0)
    assert utfall.flyttinger > 3
