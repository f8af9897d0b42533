"""One at a time: a mandate is taken, renewed, lost and checked."""

import asyncio

import pytest

from app.db.arkiv import Arkiv
from app.db.lederskap import Lederskap, MandatTaptError, krev
from tests.baser import MOTORER
from tests.db.verden import felles, kjoer

LENGE = 60.0
KORT = 0.2


@pytest.mark.parametrize("motor", MOTORER)
def test_bare_en_om_gangen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Lederskap(arkiv.database, LENGE)
        mandat = await leder.ta("bare-en")
        assert mandat is not None
        assert await leder.ta("bare-en") is None
        assert await leder.ta("noe-annet") is not None
        assert await leder.forny(mandat)
        await leder.slipp(mandat)
        neste = await leder.ta("bare-en")
        assert neste is not None
        assert neste.nr == mandat.nr + 1
        assert not await leder.forny(mandat)

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_var_borte_for_lenge_endrer_ingenting(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Lederskap(arkiv.database, KORT)
        foerste = await leder.ta("borte")
        assert foerste is not None
        await asyncio.sleep(KORT * 2)
        async with arkiv.database.skriv() as forbindelse:
            await krev(forbindelse, foerste)  # Nobody has taken it yet.
        andre = await leder.ta("borte")
        assert andre is not None
        await leder.slipp(foerste)  # Lets nobody in: it is not theirs.
        async with arkiv.database.skriv() as forbindelse:
            await krev(forbindelse, andre)
        with pytest.raises(MandatTaptError):
            async with arkiv.database.skriv() as forbindelse:
                await krev(forbindelse, foerste)

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_overtar_venter_paa_det_som_er_i_gang(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Lederskap(arkiv.database, KORT)
        mandat = await leder.ta("venter")
        assert mandat is not None
        async with arkiv.database.skriv() as forbindelse:
            await krev(forbindelse, mandat)
            await asyncio.sleep(KORT * 2)
            overtar = asyncio.create_task(leder.ta("venter"))
            await asyncio.sleep(KORT)
            assert not overtar.done()
        assert await overtar is not None

    kjoer(felles(motor), oppgave)
