"""Response time of the running service: one client, one connection kept open, one request at a time."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles
from typing import Final

from app.api.eksempler import EKSEMPLER
from app.calc.kalkulator import Art
from bench.maaling import Resultat, krev_er_bedt_om, skriv

FORESPOERSLER: Final = 2_000
OPPVARMING: Final = 200
HOEYST_P50_MS: Final = 3.0

_VERT: Final = "127.0.0.1"
_STARTTID_SEKUNDER: Final = 20
_STI: Final = f"/api/v1/kalkulator/{Art.LANGTIDSOPPHOLD.value}"
_VARIANTER: Final = {"med forklaring": _STI, "uten forklaring": f"{_STI}?forklar=false"}
_EKSEMPEL: Final = EKSEMPLER[Art.LANGTIDSOPPHOLD]["enslig"]
_KROPP: Final = json.dumps(_EKSEMPEL.inn).encode()


@contextmanager
def _tjeneste() -> Iterator[HTTPConnection]:
    """The real service in a process of its own, and an open connection to it."""
    port = _ledig_port()
    prosess = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "tjener"],
        env={**os.environ, "EGENANDEL_VERT": _VERT, "EGENANDEL_PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )
    try:
        forbindelse = _koble_til(port, prosess)
        yield forbindelse
        forbindelse.close()
    finally:
        prosess.terminate()
        prosess.wait(_STARTTID_SEKUNDER)


def _ledig_port() -> int:
    with socket.socket() as proeve:
        proeve.bind((_VERT, 0))
        return int(proeve.getsockname()[1])


def _koble_til(port: int, prosess: "subprocess.Popen[bytes]") -> HTTPConnection:
    frist = time.monotonic() + _STARTTID_SEKUNDER
    forbindelse = HTTPConnection(_VERT, port, timeout=_STARTTID_SEKUNDER)
    while time.monotonic() < frist and prosess.poll() is None:
        try:
            forbindelse.connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return forbindelse
    raise SystemExit("Tjenesten kom ikke i gang. Prøv `egenandel tjener` for å se hvorfor.")


def _send(forbindelse: HTTPConnection, sti: str) -> bytes:
    forbindelse.request("POST", sti, _KROPP, {"content-type": "application/json"})
    svar = forbindelse.getresponse()
    kropp = svar.read()
    if svar.status != 200 or svar.will_close:
        raise SystemExit(f"Uventet svar: {svar.status}")
    return kropp


def _maal(forbindelse: HTTPConnection) -> dict[str, list[float]]:
    """Milliseconds per request, the two kinds taking turns."""
    tider: dict[str, list[float]] = {navn: [] for navn in _VARIANTER}
    for nummer in range(OPPVARMING + FORESPOERSLER):
        for navn, sti in _VARIANTER.items():
            start = time.perf_counter()
            kropp = _send(forbindelse, sti)
            tid = time.perf_counter() - start
            if nummer == 0 and json.loads(kropp)["egenandelAar"] != _EKSEMPEL.egenandel:
                raise SystemExit("Tjenesten svarte med feil beløp.")
            if nummer >= OPPVARMING:
                tider[navn].append(tid * 1000)
    return tider


def _resultater(tider: dict[str, list[float]]) -> Iterator[Resultat]:
    for navn, maalt in tider.items():
        prosentiler = quantiles(maalt, n=100)
        yield Resultat(f"HTTP {navn}, p50", prosentiler[49], "ms", hoeyst=HOEYST_P50_MS)
        yield Resultat(f"HTTP {navn}, p99", prosentiler[98], "ms")


def main() -> None:
    """Start the service, measure, and print."""
    krev = krev_er_bedt_om("Måler svartiden til tjenesten over HTTP.")
    with _tjeneste() as forbindelse:
        tider = _maal(forbindelse)
    print(f"{FORESPOERSLER} forespørsler av hvert slag, én om gangen på én forbindelse.")
    skriv(tuple(_resultater(tider)), krev)


if __name__ == "__main__":
    main()
