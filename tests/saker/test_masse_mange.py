"""The proof of bench/masse_bevis.py in small: in other processes, and the same again stores nothing."""

import asyncio

import pytest

from bench.masse_bevis import bevis
from tests.baser import MOTORER, ny_database

SAKER = 120
"""Enough to be sent to other processes."""


@pytest.mark.parametrize("motor", MOTORER)
def test_mange_saker_regnes_om_og_det_samme_om_igjen_lagrer_ingenting(motor: str) -> None:
    resultater = asyncio.run(bevis(motor, ny_database(motor), SAKER))
    assert all(resultat.naadd for resultat in resultater), [str(en) for en in resultater]
