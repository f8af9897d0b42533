"""Servers on this machine's own address, each on a thread of its own, on the port asked for or a free one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from app.cli.arkiv import stopp

VERT: Final = "127.0.0.1"
_STARTTID_SEKUNDER: Final = 20


def lytt(port: int) -> socket.socket:
    """A socket on the port, or on a free one when somebody has it. Held from now on: nobody can take it between."""
    for mulig in (port, 0):
        sokkel = socket.socket()
        sokkel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sokkel.bind((VERT, mulig))
            sokkel.listen()
        except OSError:
            sokkel.close()
            continue
        return sokkel
    raise stopp("Ingen port er ledig på denne maskinen.")


def rot(sokkel: socket.socket) -> str:
    """The address of what listens there."""
    return f"http://{VERT}:{sokkel.getsockname()[1]}"


@contextmanager
def i_gang(tjener: uvicorn.Server, sokkel: socket.socket) -> Iterator[None]:
    """The server, started; stopped again at the end."""
    traad = threading.Thread(target=tjener.run, kwargs={"sockets": [sokkel]}, daemon=True)
    traad.start()
    try:
        frist = time.monotonic() + _STARTTID_SEKUNDER
        while not tjener.started:
            if time.monotonic() > frist or not traad.is_alive():
                raise stopp(
                    "Tjenesten kom ikke i gang. Se loggen over, eller begynn på nytt med --fra-start."
                )
            time.sleep(0.01)
        yield
    finally:
        tjener.should_exit = True
        traad.join(timeout=_STARTTID_SEKUNDER)
