"""Those who wait for the same kommune within one process are let in as they came, and nobody is forgotten."""

import asyncio
from typing import Final

import pytest

from app import klokke
from app.db.arkiv import Arkiv
from app.db.lager.revisjon import NyRad
from app.db.motor import Database
from app.db.tur import Koer
from tests.baser import RING, ny_database

KOMMUNE: Final = "310000000"
ANNEN: Final = "310000019"


def test_den_som_kom_foerst_slipper_foerst_til() -> None:
    async def alt() -> list[int]:
        koer, rekkefoelge = Koer(), []
        foerste = koer.plass(KOMMUNE)
        await foerste.ta()

        async def vent(nr: int) -> None:
            plass = koer.plass(KOMMUNE)
            await plass.ta()
            await plass.ta()  # a second time is no second place
            rekkefoelge.append(nr)
            plass.gi()

        ventende = []
        for nr in range(5):
            ventende.append(asyncio.create_task(vent(nr)))
            await asyncio.sleep(0)
        annen = koer.plass(ANNEN)
        await annen.ta()
        annen.gi()
        assert rekkefoelge == []
        foerste.gi()
        foerste.gi()  # given back twice is given back once
        await asyncio.gather(*ventende)
        return rekkefoelge

    assert asyncio.run(alt()) == [0, 1, 2, 3, 4]


def test_plassen_gis_tilbake_ogsaa_naar_transaksjonen_feiler() -> None:
    database = ny_database("postgresql")

    async def alt() -> int:
        arkiv = Arkiv(Database(database), RING)

        async def noter(feiler: bool) -> None:
            async with arkiv.skriv(KOMMUNE) as lager:
                await lager.revisjon.noter(klokke.naa(), NyRad(handling="A", utfall="OK", innhold={}))
                if feiler:
                    raise ValueError("midt i")

        for _ in range(3):
            with pytest.raises(ValueError, match="midt i"):
                await noter(True)
        await asyncio.wait_for(asyncio.gather(*(noter(False) for _ in range(12))), 20)
        async with arkiv.les(KOMMUNE) as lager:
            brudd, hode = await lager.revisjon.verifiser(), await lager.revisjon.hode()
        await arkiv.database.lukk()
        assert brudd is None
        return hode.nr

    assert asyncio.run(alt()) == 12
