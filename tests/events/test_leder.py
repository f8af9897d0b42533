"""Only one does it at a time, and who is told to stop, stops."""

import asyncio

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from structlog.testing import capture_logs

from app.db.arkiv import Arkiv
from app.db.lederskap import Lederskap, Mandat, MandatTaptError
from app.events.leder import Leder
from app.events.plan import Jobb, Plan
from tests.baser import MOTORER
from tests.db.verden import felles, kjoer

LENGE = 60.0
KORT = 0.3
motorer = pytest.mark.parametrize("motor", MOTORER)


async def _for_alltid(_: Mandat) -> None:
    await asyncio.Event().wait()


@motorer
def test_bare_den_som_har_mandatet_arbeider(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        gjort: list[str] = []
        en, to = (Leder(Lederskap(arkiv.database, LENGE), "arbeider", LENGE) for _ in range(2))

        async def av_en(_: Mandat) -> None:
            gjort.append("en")

        async def av_to(_: Mandat) -> None:
            gjort.append("to")

        await en.kjoer(av_en)  # Nobody has the mandate yet.
        assert await en.vokt()
        assert not await to.vokt()
        await en.kjoer(av_en)
        await to.kjoer(av_to)
        await en.slipp()
        assert not await en.vokt()  # One that has let go is on its way out.
        assert await to.vokt()
        await to.kjoer(av_to)
        assert gjort == ["en", "to"]

    kjoer(felles(motor), oppgave)


@motorer
def test_arbeidet_avbrytes_naar_mandatet_gaar_til_en_annen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Leder(Lederskap(arkiv.database, KORT), "avbrytes", KORT)
        assert await leder.vokt()
        arbeid = asyncio.create_task(leder.kjoer(_for_alltid))
        await asyncio.sleep(KORT * 2)  # Away for longer than the mandate lasts.
        assert await Lederskap(arkiv.database, LENGE).ta("avbrytes") is not None
        assert not arbeid.done()
        await leder.vokt()
        await asyncio.wait_for(arbeid, LENGE)
        assert leder.mandat is None

    kjoer(felles(motor), oppgave)


@motorer
def test_den_som_fornyer_i_tide_beholder_det(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Leder(Lederskap(arkiv.database, KORT), "fornyer", KORT)
        assert await leder.vokt()
        foerst = leder.mandat
        for _ in range(10):
            await asyncio.sleep(KORT / 6)
            await leder.vokt()
            assert await Lederskap(arkiv.database, KORT).ta("fornyer") is None
        assert leder.mandat is foerst

    kjoer(felles(motor), oppgave)


@motorer
def test_et_avvist_mandat_er_tapt(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Leder(Lederskap(arkiv.database, LENGE), "avvist", LENGE)
        assert await leder.vokt()

        async def avvises(mandat: Mandat) -> None:
            raise MandatTaptError(mandat.navn)

        await leder.kjoer(avvises)
        assert leder.mandat is None

    kjoer(felles(motor), oppgave)


def test_den_som_ikke_naar_databasen_gir_seg_naar_mandatet_er_ute() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        leder = Leder(Lederskap(arkiv.database, KORT), "borte", KORT)
        assert await leder.vokt()
        arbeid = asyncio.create_task(leder.kjoer(_for_alltid))
        await asyncio.sleep(KORT / 2)
        async with arkiv.database.skriv() as forbindelse:
            await forbindelse.exec_driver_sql("ALTER TABLE lederskap RENAME TO borte")
        await leder.vokt()
        assert not arbeid.done()  # The mandate may still be ours.
        await asyncio.sleep(KORT)
        await leder.vokt()
        await asyncio.wait_for(arbeid, LENGE)
        assert leder.mandat is None
        async with arkiv.database.skriv() as forbindelse:
            await forbindelse.exec_driver_sql("ALTER TABLE borte RENAME TO lederskap")

    kjoer(felles("sqlite"), oppgave)


@motorer
def test_planen_gjoer_jobbene_og_slipper_alt_naar_den_stopper(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        i_gang = asyncio.Event()

        async def arbeid(_: Mandat) -> None:
            i_gang.set()
            await asyncio.Event().wait()

        plan = Plan(arkiv.database, [Jobb("planlagt", IntervalTrigger(seconds=3600), arbeid)], LENGE)
        plan.start()
        await asyncio.wait_for(i_gang.wait(), LENGE)  # At once, not in an hour.
        assert await Lederskap(arkiv.database, LENGE).ta("planlagt") is None
        await plan.stopp()
        assert await Lederskap(arkiv.database, LENGE).ta("planlagt") is not None

    kjoer(felles(motor), oppgave)


@motorer
def test_en_jobb_som_feiler_stopper_ingen_og_sier_ikke_hvorfor_i_klartekst(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        ganger, nok = 0, asyncio.Event()

        async def feiler(_: Mandat) -> None:
            nonlocal ganger
            ganger += 1
            if ganger == 2:
                nok.set()
            raise ValueError("noe om en person")

        plan = Plan(arkiv.database, [Jobb("feiler", IntervalTrigger(seconds=1), feiler)], LENGE)
        with capture_logs() as logg:
            plan.start()
            await asyncio.wait_for(nok.wait(), LENGE)
            await plan.stopp()
        feil = [linje for linje in logg if linje["event"] == "en jobb stoppet"]
        assert feil[0]["feiltype"] == "ValueError"
        assert "person" not in str(logg)

    kjoer(felles(motor), oppgave)
