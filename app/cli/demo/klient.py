"""What the demo says to the service and the sandbox: over HTTP, as a journal system would."""

import time
from typing import Any, Final

import httpx2
import typer

from app.calc.kontrakt.json_tekst import les_json
from app.sandbox.standard import JOURNALKLIENT, RESSURS, SCOPE_SKRIV

_ETT_MINUTT: Final = 60.0
_OPPTATT: Final = 503
_FORSOEK: Final = 4
_LENGST: Final = 15
"""Seconds."""


class Avvist(Exception):  # noqa: N818 - an answer, not a fault
    """The service answered with a problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("type", ""))
        self.status = status
        self.problem = problem


class Demoklient:
    """A vendor's client.

    Attributes:
        tjeneste: the service's root.
        sandkasse: the sandbox's root.
    """

    def __init__(self, tjeneste: str, sandkasse: str) -> None:
        self.tjeneste: Final = tjeneste
        self.sandkasse: Final = sandkasse
        self._http: Final = httpx2.Client(timeout=_ETT_MINUTT)
        self._tokener: dict[str, str] = {}

    def lukk(self) -> None:
        """Close the connections."""
        self._http.close()

    def kontroll(self, metode: str, sti: str, kropp: Any = None) -> Any:
        """A lever of the sandbox."""
        return self._send(metode, f"{self.sandkasse}/kontroll{sti}", kropp, {})

    def kall(self, kommune: str, metode: str, sti: str, kropp: Any = None, **hoder: str) -> Any:
        """A call to the API for a kommune; amounts stay exact.

        Raises:
            Avvist: the answer is a problem.
        """
        if kommune not in self._tokener:
            oenske = {
                "kommune": kommune,
                "scope": SCOPE_SKRIV,
                "resource": [RESSURS],
                "klient_id": JOURNALKLIENT,
            }
            self._tokener[kommune] = self.kontroll("POST", "/maskinporten/token", oenske)["access_token"]
        hoder = {navn.replace("_", "-"): verdi for navn, verdi in hoder.items()}
        hode = {"Authorization": f"Bearer {self._tokener[kommune]}", **hoder}
        return self._send(metode, f"{self.tjeneste}/api/v1{sti}", kropp, hode)

    def _send(self, metode: str, adresse: str, kropp: Any, hoder: dict[str, str]) -> Any:
        svar = self._http.request(metode, adresse, json=kropp, headers=hoder)
        for _ in range(_FORSOEK):
            # Nothing was done: a busy machine is told to come back, as any client is.
            if svar.status_code != _OPPTATT or "retry-after" not in svar.headers:
                break
            time.sleep(min(int(svar.headers["retry-after"]), _LENGST))
            svar = self._http.request(metode, adresse, json=kropp, headers=hoder)
        lest = les_json(svar.content)
        if svar.is_error:
            raise Avvist(svar.status_code, lest)
        return lest


def si(tekst: str = "") -> None:
    """One line to whoever watches."""
    typer.echo(tekst)
