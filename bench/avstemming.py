"""How long a large kommune takes to reconcile, and in how much memory. Run as ``python -m bench.avstemming``."""

import asyncio
import resource
import time
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Table

from app.db import tabeller
from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.motor import Database
from app.klokke import naa
from app.services.avstemming.kjoering import AV, Avstemmer
from app.services.avstemming.lister import Oppdrag
from app.services.sak.drift import Saksdrift
from app.settings import Settings
from tests.baser import MOTORER, RING, ny_database

PERSONER: Final = 30_000
"""A large kommune: each with a case, four years of two answers, and two events with their work done."""
AAR: Final = (2022, 2023, 2024, 2025)
KOMMUNE: Final = "399999992"
_BOLK: Final = 2_000


async def _fyll(database: Database) -> None:
    tid = naa() - timedelta(days=1)
    await _sett_inn(database, tabeller.kommune, [{"kommune": KOMMUNE, "navn": "Stor", "opprettet": tid}])
    rader: dict[Table, list[dict[str, Any]]] = {}

    def rad(tabell: Table, **verdier: Any) -> None:
        rader.setdefault(tabell, []).append({"kommune": KOMMUNE, **verdier})

    for nr in range(PERSONER):
        person, sak = ny_id(tid), ny_id(tid)
        hvem = nr.to_bytes(8)
        rad(tabeller.person, id=person, ident_hash=hvem, ident_kryptert=hvem, opprettet=tid)
        felles = {"person_id": person, "opprettet": tid, "endret": tid}
        rad(tabeller.sak, id=sak, tjeneste="LANGTIDSOPPHOLD", status="AAPEN", versjon=1, **felles)
        rad(tabeller.sak_person, sak_id=sak, person_id=person)
        for aar in AAR:
            for api in ("summertskattegrunnlag", "beregnetskatt"):
                svar = {"sak_id": sak, "person_id": person, "aar": aar, "api": api, "ajourholdt": tid}
                rest = {"tjeneste": "langtidsopphold", "utfall": "FUNNET", "hentet": tid, "hentet_av": "x"}
                rad(tabeller.grunnlag, id=ny_id(tid), **svar, **rest)
        for ett, aar in enumerate(AAR[-2:]):
            nummer = {"liste": "SKATTEOPPGJOER", "person_id": person}
            om = {"sekvensnummer": nr * 2 + ett + 1, "periode": str(aar), "type": "ny", "mottatt": tid}
            rad(tabeller.hendelse, **nummer, **om, ajourholdt=tid)
            gjort = {"bestilt": 1, "gjort": 1, "grunn": "HENDELSE", "slettet": False, "ny_identitet": False}
            stand = {"tilstand": "FERDIG", "forsoek": 0, "neste_forsoek": tid}
            rad(tabeller.arbeid, **nummer, aar=aar, **gjort, **stand, opprettet=tid, endret=tid)
    for tabell, alle in rader.items():
        await _sett_inn(database, tabell, alle)


async def _sett_inn(database: Database, tabell: Table, rader: list[dict[str, Any]]) -> None:
    for fra in range(0, len(rader), _BOLK):
        async with database.skriv() as forbindelse:
            await forbindelse.execute(tabell.insert(), rader[fra : fra + _BOLK])


_STANS: Final = [0.0]


async def _lengste_stans() -> None:
    """How long anybody else has had to wait for a turn."""
    while True:
        foer = time.perf_counter()
        await asyncio.sleep(0.01)
        _STANS[0] = max(_STANS[0], time.perf_counter() - foer - 0.01)


async def _maal(motor: str, adresse: str) -> None:
    arkiv = Arkiv(Database(adresse), RING)
    await _fyll(arkiv.database)
    drift = Saksdrift(arkiv=arkiv, oppslag=None, kodeversjon="x", hjemmel="x", godta_syntetiske=True)
    avstemmer = Avstemmer(Settings(), drift)
    _STANS[0] = 0.0
    foer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lengst = asyncio.create_task(_lengste_stans())
    for gang in ("første", "andre"):
        start = time.perf_counter()
        (rapport,) = (await avstemmer.kjoer(Oppdrag(naa=naa(), aktoer=AV), [KOMMUNE])).rapporter
        brukt = time.perf_counter() - start
        print(f"{motor}: {gang} avstemming av {PERSONER} personer {brukt:.1f} s, {rapport.utfall}")
    lengst.cancel()
    vokst = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - foer) // 1024
    print(f"{motor}: største minne vokste {vokst} MB; andre ventet høyst {_STANS[0]:.1f} s på tur")
    await arkiv.database.lukk()


def main() -> None:
    """Both databases."""
    for motor in MOTORER:
        asyncio.run(_maal(motor, ny_database(motor)))


if __name__ == "__main__":
    main()
