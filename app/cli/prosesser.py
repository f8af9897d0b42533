"""Several processes of the service at one port.

They share the socket, and whoever is free takes the next connection. They live and die together: when one is gone the
others finish what they have and end, and whoever started us starts us anew, as with one process. Nothing is shared
between them but the database.
"""

import os
import signal
import socket
import sys
import time
from threading import Thread
from traceback import print_exc
from typing import Final, NoReturn

import uvicorn

_STOPP: Final = {signal.SIGTERM, signal.SIGINT}
_ALLE: Final = _STOPP | {signal.SIGCHLD}
_FRIST_S: Final = 30
"""How long a process may take to end when the one that started it is gone."""


def kjoer_sammen(tjener: uvicorn.Server, antall: int) -> NoReturn:
    """Serve with so many processes until told to stop, or until one of them is gone."""
    sokkel = tjener.config.bind_socket()
    # Nobody writes to it: it reads as ended when this process is gone, however that came about.
    foelg, hold = os.pipe()
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ALLE)
    barn = set()
    for _ in range(antall):
        pid = os.fork()
        if pid == 0:
            os.close(hold)
            _tjen(tjener, sokkel, foelg)
        barn.add(pid)
    sokkel.close()
    sys.exit(0 if _vent_paa(barn) else 1)


def _vent_paa(barn: set[int]) -> bool:
    """Wait until all are gone; whether that was asked for."""
    bedt_om: bool | None = None
    while barn:
        fikk = signal.sigwait(_ALLE)
        borte = {pid for pid in barn if os.waitpid(pid, os.WNOHANG)[0]}
        barn -= borte
        # One who asks again is in a hurry; that others end when they have been told to, hurries nobody.
        if fikk in _STOPP or (borte and bedt_om is None):
            bedt_om = fikk in _STOPP if bedt_om is None else bedt_om
            for pid in barn:
                os.kill(pid, signal.SIGTERM)
    return bool(bedt_om)


def _tjen(tjener: uvicorn.Server, sokkel: socket.socket, foelg: int) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALLE)
    Thread(target=_slutt_naar_alene, args=[foelg], daemon=True).start()
    try:
        tjener.run(sockets=[sokkel])
    except Exception:
        print_exc()
    finally:
        # What the one that started us has under way is not ours to finish.
        os._exit(0)


def _slutt_naar_alene(foelg: int) -> None:
    os.read(foelg, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_FRIST_S)
    os._exit(1)
