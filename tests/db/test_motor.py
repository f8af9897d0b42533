"""How the databases behave: one writer, readers that only read, all or nothing, and errors without content."""

import asyncio
import os
import socket
import sqlite3
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db.arkiv import Arkiv
from app.db.motor import AvvistError, Database, DatabaseError, OpptattError, UgyldigAdresseError
from tests.baser import MOTORER, ny_database
from tests.db.verden import NAA, angret, felles, fyll, kjoer, nytt_orgnr, sql

INN = "INSERT INTO kommune VALUES (:k, 'hemmelig navn', '2026-01-01 00:00:00+00')"


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_leser_kan_ikke_skrive(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = nytt_orgnr()
        with pytest.raises(DatabaseError) as feil:
            async with arkiv.les(kommune) as lager:
                await lager.kommuner.opprett("Fjordvik", NAA)
        assert type(feil.value) is DatabaseError
        assert kommune not in await arkiv.kommuner()
        # And nothing of it is left in the connection for the next one who writes.
        async with arkiv.skriv(kommune) as lager:
            await lager.kommuner.opprett("Fjordvik", NAA)
        assert kommune in await arkiv.kommuner()

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_den_som_leser_ser_en_tilstand(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = nytt_orgnr()
        async with arkiv.les(kommune) as leser:
            assert not await leser.kommuner.finnes()
            async with arkiv.skriv(kommune) as lager:
                await lager.kommuner.opprett("Fjordvik", NAA)
            assert not await leser.kommuner.finnes()
        async with arkiv.les(kommune) as leser:
            assert await leser.kommuner.finnes()

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_femti_som_skriver_samtidig_faar_alle_skrevet(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommuner = [nytt_orgnr() for _ in range(50)]

        async def skriv(kommune: str) -> None:
            async with arkiv.skriv(kommune) as lager:
                assert not await lager.kommuner.finnes()
                await asyncio.sleep(0)
                await lager.kommuner.opprett("Fjordvik", NAA)

        async with asyncio.timeout(20):
            await asyncio.gather(*map(skriv, kommuner))
        assert set(kommuner) <= (await arkiv.kommuner()).keys()

    kjoer(felles(motor), oppgave)


def test_en_transaksjon_som_staar_stille_avsluttes_og_slipper_det_den_holder() -> None:
    """PostgreSQL: a process that is frozen cannot keep the others from going on."""

    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.database.les() as forbindelse:
            vist = await forbindelse.execute(text("SHOW idle_in_transaction_session_timeout"))
            assert vist.scalar_one() == "1min"
        frosset = Database(felles("postgresql"), stille_i_transaksjon=0.2)
        kommune = nytt_orgnr()
        holder = asyncio.Event()

        async def frys() -> None:
            async with frosset.skriv() as forbindelse:
                await forbindelse.execute(text(INN), {"k": kommune})
                holder.set()
                await forventet.wait()
                await forbindelse.execute(text("SELECT 1"))

        forventet = asyncio.Event()
        frossen = asyncio.create_task(frys())
        await holder.wait()
        # The same key waits for the one who stands still, and gets its turn.
        async with asyncio.timeout(20):
            await sql(arkiv.database, INN, k=kommune)
        forventet.set()
        with pytest.raises(OpptattError):
            await frossen
        await frosset.lukk()
        assert kommune in await arkiv.kommuner()

    kjoer(felles("postgresql"), oppgave)


def test_to_prosesser_mot_samme_sqlite_venter_paa_hverandre() -> None:
    """The other process is another ``Database``: its turn comes when the first is done."""

    async def oppgave(arkiv: Arkiv) -> None:
        annen = Database(felles("sqlite"))
        en, to = nytt_orgnr(), nytt_orgnr()
        holdt = asyncio.Event()

        async def foerst() -> None:
            async with arkiv.database.skriv() as forbindelse:
                await forbindelse.execute(text(INN), {"k": en})
                holdt.set()
                await asyncio.sleep(0.05)

        async def saa() -> None:
            await holdt.wait()
            await sql(annen, INN, k=to)

        await asyncio.gather(foerst(), saa())
        await annen.lukk()
        assert {en, to} <= (await arkiv.kommuner()).keys()

    kjoer(felles("sqlite"), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_et_unntak_etterlater_ingenting(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune = nytt_orgnr()
        async with angret(arkiv.database) as forbindelse:
            await forbindelse.execute(text(INN), {"k": kommune})
        assert kommune not in await arkiv.kommuner()

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_en_avbrutt_oppgave_etterlater_ingenting_og_slipper_plassen(motor: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        kommune, inne = nytt_orgnr(), asyncio.Event()

        async def skriv() -> None:
            async with arkiv.database.skriv() as forbindelse:
                await forbindelse.execute(text(INN), {"k": kommune})
                inne.set()
                await asyncio.Event().wait()

        for _ in range(12):
            oppgaven = asyncio.create_task(skriv())
            await inne.wait()
            inne.clear()
            oppgaven.cancel()
            await asyncio.wait([oppgaven])
        async with asyncio.timeout(5):
            await sql(arkiv.database, INN, k=kommune)

    kjoer(felles(motor), oppgave)


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize(
    ("setning", "type_"),
    [
        ("INSERT INTO kommune VALUES ('310009999', NULL, '2026-01-01 00:00:00+00')", AvvistError),
        ("INSERT INTO kommuneoppsett VALUES ('319999999', 1, 'hemmelig', 'x', '2026-01-01')", AvvistError),
        ("SELECT 'hemmelig' FROM finnes_ikke", DatabaseError),
        ("SELEKT 'hemmelig'", DatabaseError),
    ],
)
def test_en_feil_sier_ikke_hva_som_ble_spurt_om(motor: str, setning: str, type_: type[DatabaseError]) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        with pytest.raises(DatabaseError) as feil:
            await sql(arkiv.database, setning)
        assert type(feil.value) is type_
        vist = "".join(traceback.format_exception(feil.value))
        assert "hemmelig" not in vist
        assert "[SQL" not in vist
        # Where it happened is still told.
        assert "verden.py" in vist

    kjoer(felles(motor), oppgave)


def _ledig_port() -> int:
    with socket.socket() as kontakt:
        kontakt.bind(("127.0.0.1", 0))
        return int(kontakt.getsockname()[1])


def test_en_base_som_ikke_svarer_er_opptatt() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        with pytest.raises(OpptattError) as feil:
            await arkiv.kommuner()
        assert "hemmelig" not in "".join(traceback.format_exception(feil.value))

    kjoer(f"postgresql://bruker:hemmelig@127.0.0.1:{_ledig_port()}/d", oppgave)


def test_en_fil_som_er_laast_for_lenge_er_opptatt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.motor._VENT_PAA_LAAS_MS", 1)

    async def oppgave(arkiv: Arkiv) -> None:
        annen = Database(felles("sqlite"))
        async with arkiv.database.skriv():
            with pytest.raises(OpptattError, match="SQLITE_BUSY"):
                await sql(annen, INN, k=nytt_orgnr())
        await annen.lukk()

    kjoer(felles("sqlite"), oppgave)


def test_en_base_som_ikke_finnes_er_en_feil_i_oppsettet() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        with pytest.raises(DatabaseError) as feil:
            await arkiv.kommuner()
        assert type(feil.value) is DatabaseError

    hode, _, hale = felles("postgresql").partition("?")
    kjoer(f"{hode}_finnes_ikke?{hale}", oppgave)


@pytest.mark.parametrize("nylig_s", [0.0, 60.0], ids=["prøves", "vet det selv"])
def test_en_tilkobling_som_blir_brutt_er_opptatt_og_den_neste_virker(
    nylig_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.motor._NYLIG_BRUKT_S", nylig_s)

    async def oppgave(arkiv: Arkiv) -> None:
        with pytest.raises(OpptattError):
            await sql(arkiv.database, "SELECT pg_terminate_backend(pg_backend_pid())")
        # One cut while it lay idle is replaced unseen.
        async with arkiv.database.skriv() as en, arkiv.database.skriv() as annen:
            pid = (await annen.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await annen.rollback()
            await annen.close()
            # Waits until it is gone.
            await en.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert await arkiv.kommuner() is not None

    kjoer(felles("postgresql"), oppgave)


def test_en_laas_som_ikke_kommer_er_opptatt() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        v = await fyll(arkiv)
        async with arkiv.database.skriv() as holder:
            await holder.execute(
                text("SELECT * FROM kommune WHERE kommune = :k FOR UPDATE"), {"k": v.kommune}
            )
            with pytest.raises(OpptattError, match="55P03"):
                await sql(
                    arkiv.database, "SELECT * FROM kommune WHERE kommune = :k FOR UPDATE NOWAIT", k=v.kommune
                )

    kjoer(felles("postgresql"), oppgave)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hemmelig",
        "mysql://u:hemmelig@vert/d",
        "postgresql://u:hemmelig@vert:abc/d",
        # A password somebody forgot to escape.
        "postgresql://u:p@x:hemmelig/y@vert:5432/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////finnes/ikke/egenandel.db",
    ],
)
def test_en_adresse_som_ikke_kan_brukes(url: str) -> None:
    with pytest.raises(UgyldigAdresseError) as feil:
        Database(url)
    assert "hemmelig" not in "".join(traceback.format_exception(feil.value))


def test_sslmode_skrives_som_alle_andre_skriver_det() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        assert await arkiv.kommuner() is not None

    kjoer(felles("postgresql") + "&sslmode=disable", oppgave)


@pytest.mark.parametrize(("motor", "navn"), [("sqlite", "SQLite 3."), ("postgresql", "PostgreSQL ")])
def test_versjonen_kan_vises(motor: str, navn: str) -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        assert (await arkiv.database.versjon()).startswith(navn)

    kjoer(felles(motor), oppgave)


def test_sqlite_kopieres_mens_noen_skriver(tmp_path: Path) -> None:
    fil = tmp_path / "kopi.db"

    async def oppgave(arkiv: Arkiv) -> None:
        v, kommune = await fyll(arkiv), nytt_orgnr()
        async with arkiv.database.skriv() as forbindelse:
            await forbindelse.execute(text(INN), {"k": kommune})
            await arkiv.database.kopier(fil)
        assert os.listdir(tmp_path) == ["kopi.db"]
        assert fil.stat().st_mode & 0o777 == 0o600
        with pytest.raises(FileExistsError):
            await arkiv.database.kopier(fil)
        kopi = Arkiv(Database(f"sqlite:///{fil}"), arkiv.ring)
        async with kopi.les(v.kommune) as lager:
            assert await lager.personer.hent(v.person.id) == v.person
        assert kommune not in await kopi.kommuner()
        await kopi.database.lukk()

    kjoer(felles("sqlite"), oppgave)


def test_en_kopi_som_ikke_kan_skrives_etterlater_ingenting(tmp_path: Path) -> None:
    adresse = ny_database("sqlite")

    async def oppgave(arkiv: Arkiv) -> None:
        with pytest.raises(OSError, match="finnes-ikke"):
            await arkiv.database.kopier(tmp_path / "finnes-ikke" / "kopi.db")
        assert os.listdir(tmp_path) == []

    kjoer(adresse, oppgave)


def test_sqlite_er_satt_opp_for_stroembrudd() -> None:
    async def oppgave(arkiv: Arkiv) -> None:
        async with arkiv.database.skriv() as forbindelse:
            svar = {
                navn: (await forbindelse.execute(text(f"PRAGMA {navn}"))).scalar_one()
                for navn in ("journal_mode", "synchronous", "foreign_keys", "query_only")
            }
        assert svar == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}

    kjoer(felles("sqlite"), oppgave)
    with sqlite3.connect(felles("sqlite").removeprefix("sqlite:///")) as fil:
        assert fil.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    fil.close()
