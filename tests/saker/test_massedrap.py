"""The process of a mass run is killed while it works; ``bench/massedrap_bevis.py`` does it many times over."""

import time

import pytest

from tests.baser import MOTORER
from tests.saker.massedrap import Oppgave, drep_den_som_startet, lever, proev

LITEN = Oppgave(saker=60, portion=5)
DRAP = 3
"""Dry, and as many for real."""


@pytest.mark.parametrize("motor", MOTORER)
def test_drept_midt_i_lagres_hver_sak_en_gang_og_ingen_tapes(motor: str) -> None:
    utfall = proev(motor, LITEN, DRAP)
    assert utfall.avvik == []
    assert utfall.midt_i > 0
    assert utfall.kjoert == utfall.ventet > 0


def test_en_som_flytter_stedet_foerst_blir_avsloert() -> None:
    """What the proof is worth: a run that is moved in a transaction of its own loses cases, and it is seen."""
    assert any(
        utfall.kjoert < utfall.ventet
        for utfall in (proev("sqlite", LITEN, 2 * DRAP, gal=True, froe=froe) for froe in range(5))
    )


def test_de_som_regner_ender_naar_den_som_startet_dem_drepes() -> None:
    """Otherwise each kill would leave some behind for ever."""
    pider = drep_den_som_startet(2)
    assert len(pider) == 2
    for _ in range(600):
        if not any(map(lever, pider)):
            return
        time.sleep(0.05)
    raise AssertionError("de venter fortsatt på arbeid")
