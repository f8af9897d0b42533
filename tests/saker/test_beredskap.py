"""``/ready`` and ``/live`` with a database behind."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from app import klokke
from app.db import skjema
from app.db.motor import OpptattError
from app.db.tabeller import hendelsesliste
from app.services.beredskap import Databasestand, Migrering, _migrering
from tests.baser import MOTORER, ny_database, tom_database
from tests.saker.verden import tjeneste

PRODUKT = {"sqlite": "SQLite 3.", "postgresql": "PostgreSQL "}


@pytest.mark.parametrize("motor", MOTORER)
def test_klar_med_alt_satt_opp(motor: str, caplog: pytest.LogCaptureFixture) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base, kommuner=False) as v:
            caplog.clear()
            caplog.set_level("INFO")
            svar = (await v.klient.get("/ready")).json()
            # Asked every few seconds: it has nothing to say in the log.
            assert [rad.name for rad in caplog.records if not rad.name.startswith("httpx2")] == []
            database = svar["database"]
            assert database.pop("produkt").startswith(PRODUKT[motor])
            assert database == {"versjon": skjema.siste_versjon(), "migrering": "OPPDATERT"}
            assert [svar[hva] for hva in ("noekler", "tilgang", "oppslag")] == [True] * 3

    asyncio.run(alt())


def test_klar_uten_oppslag_og_tilgang_sier_det() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base, kommuner=False, maskinporten=None, tilgang=None) as v:
            svar = (await v.klient.get("/ready")).json()
            assert [svar[hva] for hva in ("noekler", "tilgang", "oppslag")] == [True, False, False]

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_ikke_klar_foer_databasen_er_oppgradert(motor: str) -> None:
    base = tom_database(motor)

    async def alt() -> None:
        async with tjeneste(base, kommuner=False) as v:
            for versjon in (None, "0001"):
                svar = await v.klient.get("/ready")
                assert (svar.status_code, svar.json()["kode"]) == (503, "database-ikke-oppgradert"), versjon
                assert "egenandel database oppgrader" in svar.json()["detail"]
                await skjema.oppgrader(v.arkiv.database, "0001" if versjon is None else "head")
            assert (await v.klient.get("/ready")).status_code == 200

    asyncio.run(alt())


def test_ikke_klar_naar_databasen_ikke_svarer_men_prosessen_lever(monkeypatch: pytest.MonkeyPatch) -> None:
    base = ny_database("sqlite")
    nede = True

    @asynccontextmanager
    async def opptatt() -> AsyncGenerator[None]:
        if nede:
            raise OpptattError("SQLITE_IOERR")
        yield

    async def alt() -> None:
        async with tjeneste(base, kommuner=False) as v:
            monkeypatch.setattr(v.arkiv.database, "les", opptatt)
            svar = await v.klient.get("/ready")
            assert (svar.status_code, svar.json()["kode"]) == (503, "database-svarer-ikke")
            assert svar.headers["retry-after"] == "5"
            assert (await v.klient.get("/live")).status_code == 200

    asyncio.run(alt())


@pytest.mark.parametrize(
    ("versjon", "ventet"),
    [
        (skjema.siste_versjon(), Migrering.OPPDATERT),
        ("0001", Migrering.MANGLER),
        (None, Migrering.MANGLER),
        # Upgraded for the next release while this one still serves.
        ("9999", Migrering.NYERE),
    ],
)
def test_hvordan_tabellene_staar_til_koden(versjon: str | None, ventet: Migrering) -> None:
    assert _migrering(versjon) is ventet


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize(("siden", "forsinket"), [(899, False), (1_000, True), (None, True)])
def test_sier_hvor_langt_listene_er_lest_uten_aa_bli_uklar(
    motor: str, siden: int | None, forsinket: bool
) -> None:
    """A list that is not read makes nobody's request go wrong."""
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base, kommuner=False) as v:
            assert (await v.klient.get("/ready")).json()["lister"] == []
            lest = None if siden is None else klokke.naa() - timedelta(seconds=siden)
            rad = {
                "liste": "SKATTEOPPGJOER",
                "neste": 7,
                "mandat": 1,
                "lest": lest,
                "opprettet": klokke.naa(),
            }
            async with v.arkiv.database.skriv() as forbindelse:
                await forbindelse.execute(hendelsesliste.insert().values(rad))
            svar = await v.klient.get("/ready")
            assert svar.status_code == 200
            (liste,) = svar.json()["lister"]
            assert (liste["liste"], liste["neste"], liste["forsinket"]) == ("SKATTEOPPGJOER", 7, forsinket)
            assert any("SKATTEOPPGJOER" in varsel for varsel in svar.json()["varsler"]) is forsinket

    asyncio.run(alt())


@pytest.mark.parametrize(
    ("produkt", "gammel"),
    [
        ("SQLite 3.40.1", True),
        ("SQLite 3.51.9", True),
        ("SQLite 3.52.0", False),
        ("SQLite 4.0.0", False),
        ("PostgreSQL 16.2", False),
    ],
)
def test_varsler_om_sqlite_som_kan_skade_filen(produkt: str, gammel: bool) -> None:
    """sqlite.org/wal.html#walresetbug: mended in 3.52.0."""
    stand = Databasestand(produkt=produkt, versjon=None, migrering=Migrering.OPPDATERT)
    assert stand.gammel_sqlite is gammel
