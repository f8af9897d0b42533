"""Five calls in flight over all processes (Skatteetaten: at most five at once per API and enterprise)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.db.motor import Database
from app.db.oppslagsplasser import Oppslagsplasser
from app.services.plasser import DelteLimiter
from app.skatt_client import MAX_IN_FLIGHT, IngenPlassError
from tests.baser import MOTORER, ny_database

A, B = "310000000", "310001007"
API = "summertskattegrunnlag"


def med_to_prosesser(motor: str, oppgave: Callable[[Database, Database], Awaitable[None]]) -> None:
    """Two services on one database."""
    adresse = ny_database(motor)

    async def alt() -> None:
        en, annen = Database(adresse), Database(adresse)
        try:
            await oppgave(en, annen)
        finally:
            await annen.lukk()
            await en.lukk()

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_plassene_deles_av_alle(motor: str) -> None:
    async def oppgave(en: Database, annen: Database) -> None:
        her, der = (Oppslagsplasser(base, MAX_IN_FLIGHT, 60) for base in (en, annen))
        tatt = [await plasser.ta(A, API) for plasser in (her, der, her, der, her)]
        assert sorted(plass.nr for plass in tatt if plass) == [1, 2, 3, 4, 5]
        assert await der.ta(A, API) is None
        assert await der.ta(B, API) is not None, "en annen virksomhet har sine egne"
        assert await der.ta(A, "beregnetskatt") is not None, "et annet API har sine egne"
        assert tatt[1] is not None
        await her.slipp(tatt[1])
        igjen = await der.ta(A, API)
        assert igjen is not None
        assert igjen.nr == tatt[1].nr

    med_to_prosesser(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_doer_mister_plassen_og_kan_ikke_gi_bort_en_annens(motor: str) -> None:
    async def oppgave(en: Database, annen: Database) -> None:
        doed = Oppslagsplasser(en, 1, 0.0)
        levende = Oppslagsplasser(annen, 1, 60)
        mistet = await doed.ta(A, API)
        assert mistet is not None
        holdt = await levende.ta(A, API)
        assert holdt is not None, "plassen er løpt ut"
        await doed.slipp(mistet)
        assert await levende.ta(A, API) is None, "den gamle holderen ga ikke bort den nyes plass"

    med_to_prosesser(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_aldri_mer_enn_fem_i_luften_og_alle_slipper_til(motor: str) -> None:
    async def oppgave(en: Database, annen: Database) -> None:
        limitere = [DelteLimiter(Oppslagsplasser(base, MAX_IN_FLIGHT, 60)) for base in (en, annen)]
        i_luften = mest = ferdige = 0

        async def kall(limiter: DelteLimiter) -> None:
            nonlocal i_luften, mest, ferdige
            async with limiter.slot(API, A):
                i_luften += 1
                mest = max(mest, i_luften)
                await asyncio.sleep(0)
                i_luften -= 1
            ferdige += 1

        await asyncio.gather(*(kall(limitere[nr % 2]) for nr in range(40)))
        assert (mest <= MAX_IN_FLIGHT, ferdige) == (True, 40)

    med_to_prosesser(motor, oppgave)


class Klokke:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.naa = 0.0

    def monotonic(self) -> float:
        return self.naa

    def time(self) -> float:
        return self.naa

    async def sleep(self, seconds: float) -> None:
        self.naa += seconds


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_venter_for_lenge_faar_vite_det(motor: str) -> None:
    async def oppgave(en: Database, annen: Database) -> None:
        andre = Oppslagsplasser(annen, MAX_IN_FLIGHT, 60)
        for _ in range(MAX_IN_FLIGHT):
            assert await andre.ta(A, API) is not None
        klokke = Klokke()
        limiter = DelteLimiter(Oppslagsplasser(en, MAX_IN_FLIGHT, 60), klokke, taalmodighet=3.0)
        with pytest.raises(IngenPlassError):
            async with limiter.slot(API, A):
                pytest.fail("det var ingen plass")
        assert 2.0 <= klokke.naa <= 3.0

    med_to_prosesser(motor, oppgave)


def test_uten_database_er_det_ingen_plass() -> None:
    """Without the count we cannot know that we are within it, so nothing is asked."""

    async def oppgave() -> None:
        borte = Database("postgresql://ingen@127.0.0.1:1/borte")
        with pytest.raises(IngenPlassError):
            async with DelteLimiter(Oppslagsplasser(borte, MAX_IN_FLIGHT, 60)).slot(API, A):
                pytest.fail("det var ingen plass")
        await borte.lukk()

    asyncio.run(oppgave())
