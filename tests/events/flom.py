"""The real command reads a great many events from the real sandbox, each in a process of its own."""

import asyncio
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.db.arkiv import Arkiv
from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.register import STANDARD_FROE
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.arkiv import aapne
from app.services.hendelser.drift import status
from tests.baser import tom_database
from tests.events.verden import foelg
from tests.saker.prosesser import (
    ROT,
    databaseinnstillinger,
    databasemiljoe,
    gjoer_klar,
    ny_kryptering,
    sandkasse,
)

FLOKK: Final = 20_000
FULGTE: Final = 200
"""Persons of the crowd each of two kommuner follows: one event in fifty is about one of them."""
_FOERST: Final = 0.1
"""The part of the list that is read before memory is measured the first time."""
_SIDE: Final = os.sysconf("SC_PAGE_SIZE")
_KOMMANDO: Final = "from app.cli import main; main()"
_LEST: Final = re.compile(r"SKATTEOPPGJOER: (\d+) hendelser på \d+ sider, (\d+) om noen")


@dataclass(frozen=True, slots=True)
class Flomutfall:
    """What came of it."""

    lest: int
    nye: int
    sekunder: float
    regnetid: float
    """Processor seconds of the reader."""
    minne_foerst: int
    """Bytes when a tenth was read."""
    minne_mest: int
    """Bytes at most since."""

    @property
    def vekst(self) -> float:
        """How much more."""
        return self.minne_mest / self.minne_foerst - 1


def gjennom_sandkassen(motor: str, antall: int) -> Flomutfall:
    """Let the sandbox publish so many events, and read them all with ``egenandel hendelser les``."""
    kryptering, url = ny_kryptering(), tom_database(motor)
    settings = databaseinnstillinger(url, kryptering)
    gjoer_klar(settings)
    flokk = Flokk(STANDARD_FROE, FLOKK)
    identer = [flokk.ident(nummer) for nummer in range(2 * FULGTE)]

    def gjoer(oppgave: Any) -> Any:
        async def alt() -> Any:
            arkiv = aapne(settings)
            try:
                return await oppgave(arkiv)
            finally:
                await arkiv.database.lukk()

        return asyncio.run(alt())

    gjoer(lambda arkiv: foelg(arkiv, {FJORDVIK: identer[:FULGTE], SKOGLI: identer[FULGTE:]}))
    with sandkasse(FLOKK) as verden:
        flom = verden.kontroll("POST", "/hendelser/skatteoppgjoer/flom", {"antall": antall})
        miljoe = {
            **os.environ,
            **verden.miljoe,
            **databasemiljoe(url, kryptering),
            "EGENANDEL_HENDELSER__FRA_DATO": "2021-01-01",
            "PYTHONPATH": str(ROT),
        }
        begynte, brukt = time.perf_counter(), _regnetid()
        leser = subprocess.Popen(
            [sys.executable, "-c", _KOMMANDO, "hendelser", "les", "--liste", "skatteoppgjoer"],
            cwd=ROT,
            env=miljoe,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        foerst = mest = 0
        maal = flom["foerste"] + (flom["siste"] - flom["foerste"]) * _FOERST
        while leser.poll() is None:
            minne = _minne(leser.pid)
            if foerst:
                mest = max(mest, minne)
            elif minne and gjoer(_neste) > maal:
                foerst = minne
            time.sleep(0.2)
        sekunder = time.perf_counter() - begynte
        ut, _ = leser.communicate()
        regnetid = _regnetid() - brukt
    lest = _LEST.search(ut)
    if leser.returncode != 0 or lest is None:
        raise RuntimeError(f"listen ble ikke lest til slutten: {leser.returncode}")
    return Flomutfall(int(lest[1]), int(lest[2]), sekunder, regnetid, foerst or 1, max(mest, foerst))


async def _neste(arkiv: Arkiv) -> int:
    return max((liste.neste for liste in (await status(arkiv)).lister), default=0)


def _regnetid() -> float:
    """Processor seconds of the processes of ours that have ended."""
    barn = resource.getrusage(resource.RUSAGE_CHILDREN)
    return barn.ru_utime + barn.ru_stime


def _minne(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _SIDE
    except (OSError, IndexError, ValueError):
        return 0
