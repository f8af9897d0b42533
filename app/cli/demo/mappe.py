"""The demo's folder: database, keys and settings, made the first time and used again."""

import fcntl
import json
import os
import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.cli.arkiv import stopp
from app.cli.sandkasse import innstillinger, portalinnstillinger
from app.db.kryptering import NOEKKELLENGDE

_PREFIKS: Final = "EGENANDEL_"
_NOEKKELNAVN: Final = "demo"
_BARE_EIER: Final = 0o600


class Demomappe:
    """Where everything the demo makes is kept. Nothing outside it is touched.

    Attributes:
        rot: the folder.
        klientnoekkel: the client's private key in Maskinporten, new at every start.
        portalnoekkel: the portal's private key with the login providers, new at every start.
        miljoe: the settings as lines for a shell.
    """

    def __init__(self, rot: Path) -> None:
        self.rot: Final = rot
        self.klientnoekkel: Final = rot / "maskinporten.json"
        self.portalnoekkel: Final = rot / "portal.json"
        self.miljoe: Final = rot / "miljoe"
        self._database: Final = rot / "egenandel.db"
        self._noekler: Final = rot / "noekler.json"

    @contextmanager
    def i_bruk(self, *, fra_start: bool) -> Iterator[None]:
        """Hold the folder for this process; the hold goes with the process, however it ends."""
        try:
            self.rot.mkdir(mode=0o700, exist_ok=True)
            laas = os.open(self.rot / "laas", os.O_RDWR | os.O_CREAT, _BARE_EIER)
        except OSError as feil:
            raise stopp(
                f"Mappen {self.rot} kan ikke brukes: {feil.strerror}. Velg en annen med --mappe."
            ) from None
        try:
            try:
                fcntl.flock(laas, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise stopp(
                    f"Demoen kjører alt med mappen {self.rot}. Stopp den, eller velg en annen med --mappe."
                ) from None
            if fra_start:
                self._slett()
            if self._database.exists() and not self._noekler.exists():
                raise stopp("Nøklene til demoens database er borte. Begynn på nytt med --fra-start.")
            yield
        finally:
            os.close(laas)

    def innstillinger(self, sandkasse: str, port: int) -> dict[str, str]:
        """Environment variables of a service that uses this folder and a sandbox.

        Args:
            sandkasse: the sandbox's root.
            port: the service's own.
        """
        noekler = self._les_noekler()
        egne = {
            "VERT": "127.0.0.1",
            "PORT": str(port),
            "LOGGFORMAT": "tekst",
            "DATABASE__URL": f"sqlite:///{self._database.absolute()}",
            f"KRYPTERING__NOEKLER__{_NOEKKELNAVN.upper()}": noekler["noekkel"],
            "KRYPTERING__GJELDENDE": _NOEKKELNAVN,
            "KRYPTERING__HASHNOEKKEL": noekler["hashnoekkel"],
            "HENDELSER__SEKUNDER_MELLOM": "1",
        }
        return {
            **{f"{_PREFIKS}{navn}": verdi for navn, verdi in egne.items()},
            **innstillinger(sandkasse, self.klientnoekkel),
            **portalinnstillinger(sandkasse, f"http://127.0.0.1:{port}", self.portalnoekkel),
        }

    def ta_i_bruk(self, valg: Mapping[str, str]) -> None:
        """Let these be the settings of this process, and nobody else's: a demo never meets a real database."""
        for navn in [navn for navn in os.environ if navn.upper().startswith(_PREFIKS)]:
            del os.environ[navn]
        os.environ.update(valg)
        linjer = (f"export {navn}={shlex.quote(verdi)}\n" for navn, verdi in valg.items())
        _skriv(self.miljoe, "".join(linjer))

    def _les_noekler(self) -> dict[str, str]:
        if not self._noekler.exists():
            nye = {navn: b64encode(os.urandom(NOEKKELLENGDE)).decode() for navn in ("noekkel", "hashnoekkel")}
            _skriv(self._noekler, json.dumps(nye))
        lest: dict[str, str] = json.loads(self._noekler.read_text("utf-8"))
        return lest

    def _slett(self) -> None:
        for fil in (
            *(self._database.with_name(f"{self._database.name}{ende}") for ende in ("", "-wal", "-shm")),
            self._noekler,
            self.klientnoekkel,
            self.portalnoekkel,
            self.miljoe,
        ):
            fil.unlink(missing_ok=True)


def _skriv(fil: Path, tekst: str) -> None:
    """Whole or not at all, readable by the owner only."""
    halv = fil.with_suffix(".ny")
    halv.unlink(missing_ok=True)
    with os.fdopen(
        os.open(halv, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _BARE_EIER), "w", encoding="utf-8"
    ) as ut:
        ut.write(tekst)
        ut.flush()
        os.fsync(ut.fileno())
    halv.replace(fil)
