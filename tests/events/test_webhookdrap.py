"""The proof of ``bench.webhook_bevis`` in small: killed, nothing lost; and the wrong design is found out."""

import asyncio

import pytest

from tests.baser import MOTORER, ny_database
from tests.events.webhookdrap import spill


@pytest.mark.parametrize("motor", MOTORER)
def test_ingenting_gaar_tapt_naar_senderen_drepes(motor: str) -> None:
    utfall = asyncio.run(spill(ny_database(motor), 200, 1))
    assert (utfall.feil, utfall.drept) == ([], 1)


def test_den_som_kvitterer_foer_den_sender_blir_funnet_ut() -> None:
    utfall = asyncio.run(spill(ny_database("sqlite"), 200, 1, galt=True))
    assert utfall.tapt
