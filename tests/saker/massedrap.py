"""A mass run whose process is killed again and again, dry and for real; each time the next takes it up.

The process is forked from one that has everything imported. After each kill the database is looked through: what is
stored of each case, and what the run says of itself.
"""

import asyncio
import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Table

from app import klokke
from app.db import tabeller as t
from app.db.lager.massekjoeringer import I_GANG, Massekjoering
from app.db.leie import Leie
from app.sandbox.standard import FJORDVIK
from app.services.endringer import Endringstype
from app.services.masse import kjoer, toerr
from app.services.masse.bestilling import NyMassekjoering, bestill, bestill_kjoering
from app.services.masse.fullfoer import fullfoer
from app.services.masse.gang import flytt, hold, systemkall
from app.services.masse.rad import Masseutfall
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.masse.stand import les_stand
from app.services.revisjon import Handling
from app.services.sak.drift import Saksdrift
from tests.baser import ny_database
from tests.saker.massesaker import AAR, fyll_kommunen, saksdrift

_SAMTIDIG: Final = multiprocessing.get_context("forkserver")
_SAMTIDIG.set_forkserver_preload(["tests.saker.massedrap"])
_LENGST: Final = 0.2
"""Seconds from the portion that was waited for until the kill, at most."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Oppgave:
    """What is run."""

    saker: int
    portion: int
    prosesser: int = 0
    """Processes that calculate, besides the one that is killed."""


@dataclass(slots=True)
class Utfall:
    """What came of it."""

    drap: int = 0
    midt_i: int = 0
    """Kills with some of the run stored and some not."""
    kjoert: int = 0
    """Cases with a new calculation in the end."""
    ventet: int = 0
    """Cases that should have one."""
    avvik: list[str] = field(default_factory=list)
    """What did not hang together in the database at some time."""
    sekunder: float = 0.0


def gjoer(url: str, id_: UUID, oppgave: Oppgave, portioner: Any, gal: bool) -> None:
    """Carry the run on until it rests, in a process of its own; ``portioner`` counts."""
    vars(toerr)["PORSJON"] = vars(kjoer)["PORSJON"] = oppgave.portion
    if gal:
        vars(kjoer)["_lagre"] = _stedet_foerst(vars(kjoer)["_lagre"])

    def tell(_: Massekjoering) -> None:
        portioner.value += 1

    async def alt() -> None:
        async with saksdrift(url) as drift, Regnere(oppgave.prosesser) as regnere:
            await fullfoer(drift, FJORDVIK, id_, regnere, tell)

    asyncio.run(alt())


def _stedet_foerst(lagre: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Wrong: the run is moved before the portion is stored, so a portion is lost when it dies between."""

    async def galt(
        drift: Saksdrift, kommune: str, kjoering: Massekjoering, lest: Any, alle: Any, ferdig: bool
    ) -> Any:
        etter = lest.rader[-1].sak_id if lest.rader else None
        stand = replace(les_stand(kjoering.innhold), etter=etter)
        async with drift.arkiv.skriv(kommune) as lager:
            if not await hold(lager, kjoering):
                return None
            await flytt(lager, kjoering, stand, klokke.naa(), ferdig=False)
        await asyncio.sleep(0.02)
        videre = replace(kjoering, innhold=stand.som_tekst())
        return await lagre(drift, kommune, videre, lest, alle, ferdig)

    return galt


def proev(motor: str, oppgave: Oppgave, drap: int, *, gal: bool = False, froe: int = 1) -> Utfall:
    """Make the cases, and kill the run so many times dry and so many for real before it may end."""
    utfall, tilfeldig, start, url = Utfall(), Random(froe), time.perf_counter(), ny_database(motor)
    id_ = _paa(url, lambda drift: _bestilt(drift, oppgave))
    _gjennom(url, id_, oppgave, drap, utfall, tilfeldig, gal=gal)
    ventet = _paa(url, lambda drift: _rader(drift, id_))
    _se_toerr(url, ventet, utfall)
    _paa(url, lambda drift: _kjoering(drift, id_))
    _gjennom(url, id_, oppgave, drap, utfall, tilfeldig, gal=gal)
    ferdige = _paa(url, lambda drift: _rader(drift, id_))
    utfall.ventet = len(ventet)
    utfall.kjoert = sum(en == Masseutfall.KJOERT for en in ferdige.values())
    if ferdige.keys() != ventet.keys():
        utfall.avvik.append("radene er ikke de samme som etter tørrkjøringen")
    utfall.sekunder = time.perf_counter() - start
    return utfall


def _gjennom(
    url: str, id_: UUID, oppgave: Oppgave, drap: int, utfall: Utfall, tilfeldig: Random, *, gal: bool
) -> None:
    """To the end of what was ordered, with kills on the way."""
    portioner = _SAMTIDIG.Value("l", 0)
    per_drap = oppgave.saker / oppgave.portion / (drap + 1)
    for igjen in range(drap, -1, -1):
        foer = portioner.value
        maal = foer + max(1, round(tilfeldig.uniform(0.3, 1.2) * per_drap))
        prosess = _SAMTIDIG.Process(target=gjoer, args=(url, id_, oppgave, portioner, gal))
        prosess.start()
        while igjen and portioner.value < maal and prosess.is_alive():
            time.sleep(0.001)
        if igjen:
            time.sleep(tilfeldig.uniform(0, _LENGST))
            # It may end by itself meanwhile; then it was not killed.
            prosess.kill()
        prosess.join()
        utfall.drap += prosess.exitcode == -signal.SIGKILL
        kjoering, avvik = _paa(url, lambda drift: _se(drift, id_))
        utfall.midt_i += bool(igjen and kjoering.tilstand in I_GANG and les_stand(kjoering.innhold).sett)
        utfall.avvik += [en for en in avvik if en not in utfall.avvik]
    if kjoering.tilstand in I_GANG:
        utfall.avvik.append(f"kjøringen ble stående i {kjoering.tilstand}")


def _paa(url: str, gjoer_: Callable[[Saksdrift], Awaitable[T]]) -> T:
    async def alt() -> T:
        async with saksdrift(url) as drift:
            await _ro(drift)
            return await gjoer_(drift)

    return asyncio.run(alt())


async def _ro(drift: Saksdrift) -> None:
    """PostgreSQL may still be busy with what the killed process had sent."""
    if drift.arkiv.database.er_sqlite:
        return
    andre = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while True:
        async with drift.arkiv.database.les() as forbindelse:
            if not (await forbindelse.exec_driver_sql(andre)).scalar_one():
                return
        await asyncio.sleep(0.005)


async def _bestilt(drift: Saksdrift, oppgave: Oppgave) -> UUID:
    await fyll_kommunen(drift, oppgave.saker, 50)
    return (await _ny(drift)).id


async def _ny(drift: Saksdrift) -> Massekjoering:
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        bestilling = NyMassekjoering(slag=Masseslag.NY_G, aar=AAR)
        return await bestill(lager, systemkall(drift, FJORDVIK, klokke.naa()), bestilling)


async def _kjoering(drift: Saksdrift, id_: UUID) -> None:
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        await bestill_kjoering(lager, systemkall(drift, FJORDVIK, klokke.naa()), id_)


async def _rader(drift: Saksdrift, id_: UUID) -> dict[UUID, str]:
    async with drift.arkiv.les(FJORDVIK) as lager:
        return {rad.sak_id: rad.utfall for rad in await lager.massekjoeringer.rader(id_, None, 10**9)}


def _se_toerr(url: str, rader: dict[UUID, str], utfall: Utfall) -> None:
    """A dry run nobody disturbs finds the same."""

    async def uforstyrret(drift: Saksdrift) -> dict[UUID, str]:
        ny = await _ny(drift)
        async with Regnere(0) as regnere:
            await fullfoer(drift, FJORDVIK, ny.id, regnere)
        return await _rader(drift, ny.id)

    if _paa(url, uforstyrret) != rader:
        utfall.avvik.append("tørrkjøringen fant noe annet enn en som ikke ble drept")


async def _se(drift: Saksdrift, id_: UUID) -> tuple[Massekjoering, list[str]]:
    """The run, and what does not hang together: with it, in a case, in the register or in the file."""
    async with drift.arkiv.les(FJORDVIK) as lager:
        kjoering = await lager.massekjoeringer.hent(id_)
        brudd = await lager.revisjon.verifiser()
    if kjoering is None:
        raise LookupError("kjøringen er borte")
    rader = await _rader(drift, id_)
    avvik = []
    stand = les_stand(kjoering.innhold)
    if Counter(rader.values()) != stand.antall:
        avvik.append("radene er ikke de kjøringen sier")
    if stand.etter is not None and kjoering.kjoert is None and any(en > stand.etter for en in rader):
        foran = {rader[en] for en in rader if en > stand.etter}
        if foran - {Masseutfall.ENDRET}:
            avvik.append("noe er gjort foran stedet kjøringen står på")
    kjoert = {sak_id for sak_id, utfall in rader.items() if utfall == Masseutfall.KJOERT}
    for hva, tabell, vilkaar in (
        ("beregninger", t.beregning, [t.beregning.c.av == "system:masse"]),
        ("oppgaver", t.oppgave, []),
        ("endringer", t.endring, [t.endring.c.type == Endringstype.BEREGNING_NY]),
        ("rader i registeret", t.revisjon, [t.revisjon.c.handling == Handling.BEREGNING_LAGET]),
    ):
        antall = await _per_sak(drift, tabell, vilkaar)
        if any(en != 1 for en in antall.values()):
            avvik.append(f"{hva}: noen står to ganger")
        if antall.keys() - kjoert:
            avvik.append(f"{hva}: noe er lagret som kjøringen ikke sier")
        if kjoert - antall.keys():
            avvik.append(f"{hva}: noe mangler som kjøringen sier er gjort")
    if brudd is not None:
        avvik.append("registeret holder ikke")
    if drift.arkiv.database.er_sqlite:
        async with drift.arkiv.database.les() as forbindelse:
            if (await forbindelse.exec_driver_sql("PRAGMA integrity_check")).scalar_one() != "ok":
                avvik.append("filen er ødelagt")
    return kjoering, avvik


async def _per_sak(drift: Saksdrift, tabell: Table, vilkaar: Sequence[Any]) -> Counter[UUID]:
    k = tabell.c.sak_id
    async with drift.arkiv.database.les() as forbindelse:
        leie = Leie(forbindelse, FJORDVIK, drift.arkiv.ring)
        rader = await leie.mange(tabell, k.is_not(None), *vilkaar, kolonner=[k])
    return Counter(rad.sak_id for rad in rader)


def regn_og_vent(prosesser: int, si_fra: Any) -> None:
    """Start those that calculate, tell which they are, and wait to be killed."""

    async def alt() -> None:
        async with Regnere(prosesser) as regnere:
            await regnere.finn_forskjeller([[] for _ in range(200)])
            si_fra.send([en.pid for en in multiprocessing.active_children()])
            await asyncio.sleep(600)

    asyncio.run(alt())


def drep_den_som_startet(prosesser: int) -> list[int]:
    """Kill a process that has others calculating; those others."""
    hoer, si_fra = _SAMTIDIG.Pipe(duplex=False)
    prosess = _SAMTIDIG.Process(target=regn_og_vent, args=(prosesser, si_fra))
    prosess.start()
    pider: list[int] = hoer.recv()
    prosess.kill()
    prosess.join()
    return pider


def lever(pid: int) -> bool:
    """Whether a process is there and is not only waiting to be counted out."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
