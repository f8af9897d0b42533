"""The process that reads a list is killed; ``bench/hendelser_bevis.py`` does it a hundred times."""

import pytest

from tests.baser import MOTORER
from tests.events.drap import Oppgave, proev

LITEN = Oppgave(hendelser=3_000, personer=300, fulgt=150, side=50)


@pytest.mark.parametrize("motor", MOTORER)
def test_drept_midt_i_lesingen_er_ingenting_tapt_og_ingenting_dobbelt(motor: str) -> None:
    utfall = proev(motor, LITEN, 5)
    assert utfall.drap == 5
    assert (utfall.tapt, utfall.doble, utfall.underveis) == (0, 0, 0)
    assert (utfall.ved_slutten, utfall.helt) == (True, "ok")


@pytest.mark.parametrize(("utgave", "galt"), [("peker først", "tapt"), ("peker sist", "doble")])
def test_en_som_flytter_pekeren_for_seg_blir_avsloert(utgave: str, galt: str) -> None:
    """What the proof is worth: neither of the two designs one might think of passes it."""
    assert any(getattr(proev("sqlite", LITEN, 10, utgave, froe), galt) for froe in range(5))
