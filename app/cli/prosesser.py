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
    barn = []
    for _ in range(antall):
        pid = os.fork()
        if pid == 0:
            os.close(hold)
            _tjen(tjener, sokkel, foelg)
        barn.append(pid)
    sokkel.close()
    bedt_om = signal.sigwait(_ALLE) in _STOPP
    for pid in barn:
        os.kill(pid, signal.SIGTERM)
    for pid in barn:
        os.waitpid(pid, 0)
    sys.exit(0 if bedt_om else 1)


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
