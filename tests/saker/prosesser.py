"""The real service and the sandbox as processes of their own, on free ports, with keys made for the occasion."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from app.cli.sandkasse import innstillinger
from app.db import skjema
from app.sandbox.standard import FJORDVIK, JOURNALKLIENT, RESSURS, SCOPE_SKRIV
from app.services.arkiv import aapne
from app.settings import Settings
from app.settings.database import Database, Kryptering
from tests.saker.verden import ta_inn

ROT: Final = Path(__file__).parents[2]
VERT: Final = "127.0.0.1"
_STARTFRIST: Final = 60.0
_SVARFRIST: Final = 60.0
_TOKENTID: Final = 60.0
"""Seconds a token is used; the sandbox's last twice as long."""

Prosess = subprocess.Popen[bytes]


def ledig_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as proeve:
        proeve.bind((VERT, 0))
        return int(proeve.getsockname()[1])


def _start(kode: str, *argumenter: str, miljoe: Mapping[str, str] | None = None) -> Prosess:
    alt = {**os.environ, **(miljoe or {}), "PYTHONPATH": str(ROT)}
    return subprocess.Popen(
        [sys.executable, "-c", kode, *argumenter],
        cwd=ROT,
        env=alt,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


_KOMMANDO: Final = "from app.cli import main; main()"


def egenandel(*argumenter: str, miljoe: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-c", _KOMMANDO, *argumenter],
        cwd=ROT,
        env={**os.environ, **miljoe, "PYTHONPATH": str(ROT)},
        capture_output=True,
        text=True,
        check=False,
    )


def _vent(port: int, sti: str, prosess: Prosess) -> None:
    frist = time.monotonic() + _STARTFRIST
    while time.monotonic() < frist and prosess.poll() is None:
        forbindelse = HTTPConnection(VERT, port, timeout=_SVARFRIST)
        try:
            forbindelse.request("GET", sti)
            if forbindelse.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.02)
        finally:
            forbindelse.close()
    raise RuntimeError("prosessen kom ikke i gang")


@dataclass(frozen=True, slots=True)
class Sandkasseprosess:
    """The sandbox; ``miljoe`` is what it prints for the service to use it."""

    port: int
    miljoe: Mapping[str, str] = field(repr=False)

    def token(self, kommune: str = FJORDVIK) -> str:
        """A vendor's token that may write."""
        oenske = {
            "kommune": kommune,
            "scope": SCOPE_SKRIV,
            "klient_id": JOURNALKLIENT,
            "resource": [RESSURS],
        }
        svar = self.kontroll("POST", "/maskinporten/token", oenske)
        token: str = svar["access_token"]
        return token

    def kontroll(self, metode: str, sti: str, kropp: Any = None) -> Any:
        """One call of its control API."""
        forbindelse = HTTPConnection(VERT, self.port, timeout=_SVARFRIST)
        try:
            tekst = None if kropp is None else json.dumps(kropp)
            forbindelse.request(metode, f"/kontroll{sti}", tekst, {"content-type": "application/json"})
            return json.loads(forbindelse.getresponse().read())
        finally:
            forbindelse.close()


@contextmanager
def sandkasse(antall: int) -> Iterator[Sandkasseprosess]:
    """A sandbox with a crowd of so many."""
    port = ledig_port()
    with TemporaryDirectory(prefix="eg-") as mappe:
        noekkelfil = Path(mappe) / "noekkel.json"
        prosess = _start(
            _KOMMANDO,
            *("sandbox", "--port", str(port), "--antall", str(antall), "--noekkelfil", str(noekkelfil)),
        )
        try:
            _vent(port, "/kontroll/maalinger", prosess)
            yield Sandkasseprosess(port, innstillinger(f"http://{VERT}:{port}", noekkelfil))
        finally:
            prosess.kill()
            prosess.wait()


def ny_kryptering() -> Kryptering:
    """Keys that have never been used before."""

    def ny() -> str:
        return b64encode(os.urandom(32)).decode()

    return Kryptering.model_validate({"noekler": {"a": ny()}, "gjeldende": "a", "hashnoekkel": ny()})


def databasemiljoe(url: str, kryptering: Kryptering) -> dict[str, str]:
    """The environment variables of a database with its keys."""
    noekler = {navn: noekkel.get_secret_value() for navn, noekkel in kryptering.noekler.items()}
    return {
        "EGENANDEL_DATABASE__URL": url,
        "EGENANDEL_KRYPTERING__GJELDENDE": kryptering.gjeldende,
        "EGENANDEL_KRYPTERING__HASHNOEKKEL": kryptering.hashnoekkel.get_secret_value(),
        # Calls and rows are counted here, and only those that were asked for.
        "EGENANDEL_HENDELSER__PAA": "false",
        **{f"EGENANDEL_KRYPTERING__NOEKLER__{navn.upper()}": noekkel for navn, noekkel in noekler.items()},
    }


def databaseinnstillinger(url: str, kryptering: Kryptering) -> Settings:
    """The same for this process."""
    return Settings(database=Database.model_validate({"url": url}), kryptering=kryptering)


def gjoer_klar(settings: Settings) -> None:
    """Bring an empty database up to date and take the sandbox's kommuner in."""

    async def alt() -> None:
        arkiv = aapne(settings)
        await skjema.oppgrader(arkiv.database)
        await ta_inn(arkiv)
        await arkiv.database.lukk()

    asyncio.run(alt())


class Tjenesteprosess:
    """``egenandel tjener`` in a process of its own; can be killed and started again at the same port.

    Args:
        miljoe: its settings.
        kode: what is run instead of the command, for a service that is wrong on purpose.
    """

    def __init__(self, miljoe: Mapping[str, str], kode: str | None = None) -> None:
        self.port: Final = ledig_port()
        self._miljoe: Final = {**miljoe, "EGENANDEL_VERT": VERT, "EGENANDEL_PORT": str(self.port)}
        self._kode: Final = kode
        self._prosess: Prosess | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        argumenter = () if self._kode else ("tjener",)
        self._prosess = _start(self._kode or _KOMMANDO, *argumenter, miljoe=self._miljoe)
        _vent(self.port, "/ready", self._prosess)

    def drep(self) -> None:
        """SIGKILL: nothing is finished and nothing is closed."""
        if self._prosess is not None:
            self._prosess.send_signal(signal.SIGKILL)
            self._prosess.wait()
            self._prosess = None

    @property
    def pider(self) -> list[int]:
        """Its process, and those it has started itself."""
        if self._prosess is None:
            return []
        pid = self._prosess.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    @property
    def sekunder_cpu(self) -> float:
        """Processor time used so far, user and system."""
        felter = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pider]
        return sum(int(felt[11]) + int(felt[12]) for felt in felter) / os.sysconf("SC_CLK_TCK")

    def avslutt(self, signal_: signal.Signals, pid: int | None = None) -> int | None:
        """Send a signal to it, or to one it has started; the exit code when it has ended."""
        if self._prosess is None:
            return None
        os.kill(pid or self._prosess.pid, signal_)
        return self._prosess.wait(_SVARFRIST)

    def __enter__(self) -> Self:
        """Started."""
        self.start()
        return self

    def __exit__(self, *feil: object) -> None:
        """Gone."""
        self.drep()


class Legitimasjon:
    """One vendor's token, renewed before it is too old; shared by the threads that send."""

    def __init__(self, sandkasse: Sandkasseprosess, kommune: str = FJORDVIK) -> None:
        self._sandkasse = sandkasse
        self._kommune = kommune
        self._laas = threading.Lock()
        self._hentet = float("-inf")
        self._token = ""

    def hode(self) -> dict[str, str]:
        """The header."""
        with self._laas:
            if time.monotonic() - self._hentet > _TOKENTID:
                self._token = self._sandkasse.token(self._kommune)
                self._hentet = time.monotonic()
            return {"Authorization": f"Bearer {self._token}"}


@dataclass(frozen=True, slots=True)
class Mottatt:
    """An answer as it came."""

    status: int
    hoder: Mapping[str, str]
    kropp: bytes = field(repr=False)

    @property
    def gjentatt(self) -> bool:
        """Whether it says that it was given before."""
        return self.hoder.get("idempotent-replayed") == "true"


class Klient:
    """One connection kept open, of one thread; opened again when it breaks."""

    def __init__(self, porter: Sequence[int], legitimasjon: Legitimasjon) -> None:
        self._porter = porter
        self._legitimasjon = legitimasjon
        self._forbindelser: dict[int, HTTPConnection] = {}

    def post(self, sti: str, kropp: bytes, noekkel: str, til: int = 0) -> Mottatt | None:
        """One POST to one of the services; ``None`` when no whole answer came."""
        port = self._porter[til % len(self._porter)]
        forbindelse = self._forbindelser.get(port)
        if forbindelse is None:
            forbindelse = self._forbindelser[port] = HTTPConnection(VERT, port, timeout=_SVARFRIST)
        hoder = {
            "content-type": "application/json",
            "idempotency-key": noekkel,
            **self._legitimasjon.hode(),
        }
        try:
            forbindelse.request("POST", sti, kropp, hoder)
            svar = forbindelse.getresponse()
            lest = svar.read()
        except (OSError, HTTPException):
            forbindelse.close()
            return None
        return Mottatt(svar.status, {navn.lower(): verdi for navn, verdi in svar.getheaders()}, lest)

    def lukk(self) -> None:
        """Close every connection."""
        for forbindelse in self._forbindelser.values():
            forbindelse.close()
