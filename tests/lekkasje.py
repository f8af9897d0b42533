"""Finds what must never come out: national ids, tokens, and names of the sandbox's people."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, get_args

import pytest
from typer.testing import CliRunner

from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.befolkning.register import STANDARD_FROE
from app.sandbox.innlogging.ansatte import ANSATTE
from app.sandbox.syntetisk import er_syntetisk_person
from app.skatt_client import Maaling, SkattKlientError

_ELLEVE: Final = re.compile(r"(?<!\d)(?<!\d\.)\d{11}(?!\d)")
"""Not the decimals of a number: now and then a measured time has eleven."""
_TOKEN: Final = re.compile(r"eyJ[\w-]{8,}")
_FLOKK: Final = 2_000
"""Enough of the crowd to have met every name it is made of."""

_FORMAT: Final = logging.Formatter()


@cache
def _navn() -> re.Pattern[str]:
    flokk = Flokk(STANDARD_FROE, _FLOKK)
    navn = {person.navn for person in navngitte()} | {flokk.person(nummer).navn for nummer in range(_FLOKK)}
    navn |= {ansatt.navn for ansatt in ANSATTE}
    return re.compile("|".join(map(re.escape, sorted(navn))), re.IGNORECASE)


_FOR_MENNESKER: Final = ("utskrift", "kommandolinje", "Captured")
"""Channels where a person reads amounts and counts; elsewhere any eleven digits in a row are too many."""


def slag(tekst: str, for_mennesker: bool = True) -> set[str]:
    """What kinds of leak the text holds; never the leak itself."""
    funn = set()
    elleve = _ELLEVE.findall(tekst)
    if elleve and (not for_mennesker or any(er_syntetisk_person(tall) for tall in elleve)):
        funn.add("fødselsnummer")
    if _TOKEN.search(tekst):
        funn.add("token")
    if _navn().search(tekst):
        funn.add("navn")
    return funn


@dataclass
class Vakt:
    """Listens while one test runs."""

    funn: set[tuple[str, str]] = field(default_factory=set)
    """Channel and kind."""

    def hoer(self, kanal: str, tekst: str) -> None:
        """Look through a text that came out."""
        self.funn |= {(kanal, hva) for hva in slag(tekst, kanal.startswith(_FOR_MENNESKER))}


_VAKTER: Final[list[Vakt]] = []


def _hoer(kanal: str, tekst: str) -> None:
    if _VAKTER:
        _VAKTER[-1].hoer(kanal, tekst)


@contextmanager
def paa_vakt() -> Iterator[Vakt]:
    """A guard that hears everything until the block ends."""
    vakt = Vakt()
    _VAKTER.append(vakt)
    try:
        yield vakt
    finally:
        _VAKTER.remove(vakt)


def avlytt() -> Callable[[], None]:
    """Put ears on every way out, once per session; the answer takes them off again.

    Logs (after filters, whatever the handlers), what ``capsys`` and ``CliRunner`` swallow, every event of the
    client's metrics and every exception of the client. What pytest itself captures is read by the fixture.
    """
    patch = pytest.MonkeyPatch()
    _etter(patch, logging.Logger, "callHandlers", lambda _, record: _hoer("logg", _loggtekst(record)))
    _svar(
        patch, pytest.CaptureFixture, "readouterr", lambda svar: _hoer("utskrift", f"{svar.out}\n{svar.err}")
    )
    _svar(patch, CliRunner, "invoke", lambda svar: _hoer("kommandolinje", svar.output))
    for hendelse in get_args(Maaling):
        _etter(patch, hendelse, "__init__", lambda selv, *_, **__: _hoer("måling", repr(selv)))
    _etter(patch, SkattKlientError, "__init__", lambda selv, *a, **_: _hoer("feil", f"{selv!r} {a!r}"))
    return patch.undo


def _etter(patch: pytest.MonkeyPatch, klasse: type, navn: str, lytt: Callable[..., None]) -> None:
    gammel = getattr(klasse, navn)

    def ny(selv: Any, *args: Any, **valg: Any) -> Any:
        svar = gammel(selv, *args, **valg)
        lytt(selv, *args, **valg)
        return svar

    patch.setattr(klasse, navn, ny)


def _svar(patch: pytest.MonkeyPatch, klasse: type, navn: str, lytt: Callable[[Any], None]) -> None:
    gammel = getattr(klasse, navn)

    def ny(selv: Any, *args: Any, **valg: Any) -> Any:
        svar = gammel(selv, *args, **valg)
        lytt(svar)
        return svar

    patch.setattr(klasse, navn, ny)


def _loggtekst(record: logging.LogRecord) -> str:
    """The message, the traceback, and everything hung on the record but its clocks and thread numbers."""
    unntak = _FORMAT.formatException(record.exc_info) if record.exc_info else ""
    resten = {navn: verdi for navn, verdi in vars(record).items() if not isinstance(verdi, int | float)}
    return f"{record.getMessage()}\n{unntak}\n{resten!r}"
