"""The register: every kind of tampering is found, and however many write, no number is missing."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.lager.revisjon import FOERSTE_HASH, Brudd, Hode, Revisjonsfilter
from app.db.tabeller import metadata
from tests.baser import MOTORER
from tests.db.verden import NAA, SENERE, angret, felles, kjoer, lager_i, ny_ident, ny_rad, nytt_orgnr

RADER: Final = 5


async def _register(arkiv: Arkiv) -> str:
    """Five rows from three transactions."""
    kommune = nytt_orgnr()
    ident = ny_ident()
    for antall in (1, 3, 1):
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(NAA, *(ny_rad(ident, ny_id(NAA)) for _ in range(antall)))
    return kommune


@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_noteres_kommer_ut_i_rekkefoelge(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune, ident, sak_id = nytt_orgnr(), ny_ident(), ny_id(NAA)
        async with arkiv.skriv(kommune) as lager:
            assert await lager.revisjon.hode() == Hode(0, FOERSTE_HASH)
            await lager.revisjon.noter(NAA)
            await lager.revisjon.noter(NAA, ny_rad(ident, sak_id), replace(ny_rad(), utfall="AVVIST"))
            await lager.revisjon.noter(SENERE, ny_rad(ny_ident(), handling="SAK_ENDRET"))
        async with arkiv.les(kommune) as lager:
            en, to, tre = [rad async for rad in lager.revisjon.alle()]
            assert [rad.nr for rad in (en, to, tre)] == [1, 2, 3]
            assert (en.forrige, to.forrige, tre.forrige) == (FOERSTE_HASH, en.hash, to.hash)
            assert await lager.revisjon.hode() == Hode(3, tre.hash)
            assert await lager.revisjon.verifiser(Hode(2, to.hash)) is None
            assert (en.tidspunkt, en.sak_id, to.personmerke) == (NAA, sak_id, None)
            assert json.loads(en.innhold) == ny_rad().innhold
            for filter_, ventet in (
                (Revisjonsfilter(), [en, to, tre]),
                (Revisjonsfilter(ident=ident), [en]),
                (Revisjonsfilter(sak_id=sak_id), [en]),
                (Revisjonsfilter(handling="SAK_ENDRET"), [tre]),
                (Revisjonsfilter(utfall="AVVIST"), [to]),
                (Revisjonsfilter(fra=SENERE), [tre]),
                (Revisjonsfilter(til=SENERE), [en, to]),
                (Revisjonsfilter(utfall="UTFOERT", til=SENERE), [en]),
            ):
                assert await lager.revisjon.soek(filter_, 0, 10) == ventet, filter_
            assert await lager.revisjon.soek(Revisjonsfilter(), 1, 1) == [to]

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_kjeden_holder_hvilken_sone_klokken_enn_gaar_i(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = nytt_orgnr()
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(NAA.astimezone(timezone(timedelta(hours=2))), ny_rad())
        async with arkiv.les(kommune) as lager:
            assert await lager.revisjon.verifiser() is None

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_mange_som_skriver_samtidig(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune, annen = nytt_orgnr(), nytt_orgnr()

        async def skriv(nr: int) -> None:
            for gang in range(4):
                rader = [ny_rad(handling=f"{nr}-{gang}-{rad}") for rad in range(5)]
                async with arkiv.skriv(kommune if nr % 4 else annen) as lager:
                    await lager.revisjon.noter(NAA, *rader)

        await asyncio.gather(*(skriv(nr) for nr in range(20)))
        for orgnr, antall in ((kommune, 300), (annen, 100)):
            async with arkiv.les(orgnr) as lager:
                rader = [rad async for rad in lager.revisjon.alle()]
                assert [rad.nr for rad in rader] == [*range(1, antall + 1)]
                assert len({rad.handling for rad in rader}) == antall
                assert await lager.revisjon.verifiser() is None

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_ble_angret_er_ikke_notert(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await _register(arkiv)
        async with angret(arkiv.database) as forbindelse:
            await lager_i(forbindelse, kommune).revisjon.noter(NAA, ny_rad())
        async with arkiv.skriv(kommune) as lager:
            await lager.revisjon.noter(NAA, ny_rad())
            assert (await lager.revisjon.hode()).nr == RADER + 1
            assert await lager.revisjon.verifiser() is None

    kjoer(felles(motor), oppgave)


# What is done to rows of the kommune, past every guard, and where the chain breaks.
TUKLING: Final[dict[str, tuple[Sequence[str], Brudd]]] = {
    **{
        f"{kolonne} endret": (
            (f"UPDATE revisjon SET {kolonne} = {verdi} WHERE {{k}} AND nr = 3",),
            Brudd(3, hva),
        )
        for kolonne, verdi, hva in (
            ("tidspunkt", "(SELECT MAX(opprettet) FROM kommune)", "raden er endret"),
            ("handling", "'SAK_SLETTET'", "raden er endret"),
            ("utfall", "'AVVIST'", "raden er endret"),
            ("personmerke", "NULL", "raden er endret"),
            ("sak_id", "NULL", "raden er endret"),
            ("innhold", "'{{}}'", "raden er endret"),
            ("forrige", "hash", "raden viser ikke til raden før"),
            ("hash", "forrige", "raden er endret"),
        )
    },
    "en rad i midten tatt ut": (("DELETE FROM revisjon WHERE {k} AND nr = 3",), Brudd(3, "raden mangler")),
    "den foerste tatt ut": (("DELETE FROM revisjon WHERE {k} AND nr = 1",), Brudd(1, "raden mangler")),
    "den siste tatt ut": (
        ("DELETE FROM revisjon WHERE {k} AND nr = 5",),
        Brudd(5, "registeret slutter et annet sted enn hodet sier"),
    ),
    "alle tatt ut": (
        ("DELETE FROM revisjon WHERE {k}",),
        Brudd(1, "registeret slutter et annet sted enn hodet sier"),
    ),
    "to byttet om": (
        (
            "UPDATE revisjon SET nr = 99 WHERE {k} AND nr = 2",
            "UPDATE revisjon SET nr = 2 WHERE {k} AND nr = 3",
            "UPDATE revisjon SET nr = 3 WHERE {k} AND nr = 99",
        ),
        Brudd(2, "raden viser ikke til raden før"),
    ),
    "tatt ut og numrene flyttet ned": (
        (
            "DELETE FROM revisjon WHERE {k} AND nr = 3",
            "UPDATE revisjon SET nr = 3 WHERE {k} AND nr = 4",
            "UPDATE revisjon SET nr = 4 WHERE {k} AND nr = 5",
        ),
        Brudd(3, "raden viser ikke til raden før"),
    ),
    "hodet endret": (
        ("UPDATE revisjon_hode SET hash = '" + "f" * 64 + "' WHERE {k}",),
        Brudd(6, "registeret slutter et annet sted enn hodet sier"),
    ),
    "hodet tatt bort": (
        ("DELETE FROM revisjon_hode WHERE {k}",),
        Brudd(6, "registeret slutter et annet sted enn hodet sier"),
    ),
}


async def _uten_vern(forbindelse: AsyncConnection) -> None:
    if forbindelse.dialect.name == "postgresql":
        await forbindelse.execute(text("ALTER TABLE revisjon DISABLE TRIGGER USER"))
    else:
        for hva in ("update", "delete"):
            await forbindelse.execute(text(f"DROP TRIGGER vern_revisjon_{hva}"))


async def _tukl(arkiv: Arkiv, kommune: str, setninger: Sequence[str], *noterte: Hode | None) -> list[Any]:
    """What the register says of itself after being tampered with, for each head noted; then all is undone."""
    svar: list[Any] = []
    async with angret(arkiv.database) as forbindelse:
        await _uten_vern(forbindelse)
        for setning in setninger:
            await forbindelse.exec_driver_sql(setning.format(k=f"kommune = '{kommune}'"))
        revisjon = lager_i(forbindelse, kommune).revisjon
        svar += [await revisjon.verifiser(notert) for notert in noterte]
    return svar


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("hva", TUKLING)
def test_tukling_blir_funnet(motor: str, hva: str) -> None:
    setninger, brudd = TUKLING[hva]

    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await _register(arkiv)
        async with arkiv.skriv(kommune) as lager:
            await lager.kommuner.opprett("Fjordvik", SENERE)
        assert await _tukl(arkiv, kommune, [], None) == [None]
        assert await _tukl(arkiv, kommune, setninger, None) == [brudd]

    kjoer(felles(motor), oppgave)


def test_hver_kolonne_er_dekket_av_hashen() -> None:
    endret = {navn.removesuffix(" endret") for navn in TUKLING}
    assert set(metadata.tables["revisjon"].columns.keys()) - {"kommune", "nr"} <= endret


@pytest.mark.parametrize("motor", MOTORER)
def test_en_omskrevet_hale_vises_bare_mot_et_notert_hode(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await _register(arkiv)
        async with arkiv.les(kommune) as lager:
            rader, hode = [rad async for rad in lager.revisjon.alle()], await lager.revisjon.hode()
        forrige, setninger = rader[2].forrige, []
        for rad in rader[2:]:
            ny = replace(rad, handling="ALT_I_ORDEN", forrige=forrige)
            forrige = ny.regnet_hash(kommune)
            setninger.append(
                f"UPDATE revisjon SET handling = 'ALT_I_ORDEN', forrige = '{ny.forrige}', hash = '{forrige}' "
                f"WHERE {{k}} AND nr = {rad.nr}"
            )
        setninger.append(f"UPDATE revisjon_hode SET hash = '{forrige}' WHERE {{k}}")
        foer = Hode(2, rader[1].hash)
        assert await _tukl(arkiv, kommune, setninger, None, foer, hode) == [
            None,
            None,
            Brudd(5, "raden er en annen enn den som er notert utenfor databasen"),
        ]

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("igjen", [0, 3])
def test_et_avkuttet_register_vises_bare_mot_et_notert_hode(motor: str, igjen: int) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = await _register(arkiv)
        async with arkiv.les(kommune) as lager:
            rader, hode = [rad async for rad in lager.revisjon.alle()], await lager.revisjon.hode()
        ny_hash = rader[igjen - 1].hash if igjen else FOERSTE_HASH
        setninger = [
            f"DELETE FROM revisjon WHERE {{k}} AND nr > {igjen}",
            f"UPDATE revisjon_hode SET nr = {igjen}, hash = '{ny_hash}' WHERE {{k}}",
        ]
        assert await _tukl(arkiv, kommune, setninger, None, hode) == [
            None,
            Brudd(igjen + 1, "registeret slutter før raden som er notert utenfor databasen"),
        ]

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_rad_kan_ikke_laanes_fra_en_annen_kommune(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        en, to = await _register(arkiv), nytt_orgnr()
        setninger = [
            f"UPDATE {tabell} SET kommune = '{to}' WHERE {{k}}" for tabell in ("revisjon", "revisjon_hode")
        ]
        async with angret(arkiv.database) as forbindelse:
            await _uten_vern(forbindelse)
            for setning in setninger:
                await forbindelse.exec_driver_sql(setning.format(k=f"kommune = '{en}'"))
            assert await lager_i(forbindelse, to).revisjon.verifiser() == Brudd(1, "raden er endret")

    kjoer(felles(motor), oppgave)
