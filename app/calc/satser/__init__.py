"""Dated rates of the law: one TOML file per rate, every value with a source.

A lookup outside the verified dates raises ``SatsManglerError``; nothing is ever carried forward.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from app.calc.sporing import Enhet, Sats

_FILFELT: Final = {"id", "navn", "enhet", "hjemmel", "kontrollert_til", "verdi"}
_VERDIFELT: Final = {"gjelder_fra", "verdi", "kilde"}
_VALGFRIE_VERDIFELT: Final = {"vedtatt", "merknad"}
_KILDEFELT: Final = {"tittel", "url", "paragraf"}


class SatsfeilError(ValueError):
    """A rate file breaks the format; the message names the file and the fault."""


class SatsManglerError(LookupError):
    """No verified rate on that date."""

    def __init__(self, id: str, navn: str, dato: date, foerste: date, siste: date) -> None:
        super().__init__(
            f"{navn} ({id}) har ingen kontrollert sats for {dato}; satsen dekker {foerste}–{siste}"
        )
        self.id = id
        self.navn = navn
        self.dato = dato
        self.foerste = foerste
        self.siste = siste


@dataclass(frozen=True, slots=True)
class Satsverdi:
    """One value of a rate, as its file states it."""

    gjelder_fra: date
    vedtatt: date | None
    verdi: Decimal
    kilde_tittel: str
    kilde_url: str
    kilde_paragraf: str
    merknad: str | None


@dataclass(frozen=True, slots=True)
class Satsserie:
    """All values of one rate over time."""

    id: str
    navn: str
    enhet: Enhet
    hjemmel: str
    kontrollert_til: date
    verdier: tuple[Satsverdi, ...]
    noder: tuple[Sats, ...]
    datoer: tuple[date, ...]

    def paa(self, dato: date) -> Sats:
        """The rate in force on ``dato``.

        Raises:
            SatsManglerError: the date lies outside the verified dates.
        """
        if dato > self.kontrollert_til or dato < self.datoer[0]:
            raise SatsManglerError(self.id, self.navn, dato, self.datoer[0], self.kontrollert_til)
        return self.noder[bisect_right(self.datoer, dato) - 1]

    def verdi_paa(self, dato: date) -> Satsverdi:
        """Like ``paa``, with the source taken apart."""
        self.paa(dato)
        return self.verdier[bisect_right(self.datoer, dato) - 1]


def les_satsfil(filnavn: str, innhold: str) -> Satsserie:
    """Read one rate file.

    Raises:
        SatsfeilError: unknown or missing keys, a missing source, values out of order.
    """
    raa: dict[str, Any] = tomllib.loads(innhold, parse_float=Decimal)
    _krev_felt(filnavn, raa, _FILFELT, set())
    if filnavn != f"{raa['id']}.toml":
        raise SatsfeilError(f"{filnavn}: id er {raa['id']!r}, filen skal hete det samme")
    verdier = tuple(_les_verdi(filnavn, rad) for rad in raa["verdi"])
    datoer = tuple(v.gjelder_fra for v in verdier)
    if not datoer or any(a >= b for a, b in pairwise(datoer)):
        raise SatsfeilError(f"{filnavn}: gjelder_fra skal stige strengt, én rad per dato")
    if raa["kontrollert_til"] < datoer[-1]:
        raise SatsfeilError(f"{filnavn}: kontrollert_til er før siste verdi")
    enhet = Enhet(raa["enhet"])
    noder = tuple(
        Sats(
            raa["id"],
            raa["navn"],
            v.verdi,
            enhet,
            raa["hjemmel"],
            v.gjelder_fra,
            f"{v.kilde_tittel} {v.kilde_paragraf}, gjelder fra {v.gjelder_fra}, {v.kilde_url}",
        )
        for v in verdier
    )
    return Satsserie(
        raa["id"], raa["navn"], enhet, raa["hjemmel"], raa["kontrollert_til"], verdier, noder, datoer
    )


def _les_verdi(filnavn: str, rad: dict[str, Any]) -> Satsverdi:
    _krev_felt(filnavn, rad, _VERDIFELT, _VALGFRIE_VERDIFELT)
    kilde = rad["kilde"]
    _krev_felt(filnavn, kilde, _KILDEFELT, set())
    if not all(str(kilde[felt]).strip() for felt in _KILDEFELT):
        raise SatsfeilError(f"{filnavn}: tom kilde for {rad['gjelder_fra']}")
    return Satsverdi(
        rad["gjelder_fra"],
        rad.get("vedtatt"),
        Decimal(rad["verdi"]),
        kilde["tittel"],
        kilde["url"],
        kilde["paragraf"],
        rad.get("merknad"),
    )


def _krev_felt(filnavn: str, rad: dict[str, Any], krevd: set[str], valgfri: set[str]) -> None:
    mangler, ukjente = krevd - rad.keys(), rad.keys() - krevd - valgfri
    if mangler or ukjente:
        raise SatsfeilError(f"{filnavn}: mangler {sorted(mangler)}, ukjente {sorted(ukjente)}")


@dataclass(frozen=True, slots=True, eq=False)
class Satssamling:
    """Every rate, and a fingerprint of them all. The same as itself only."""

    serier: dict[str, Satsserie]
    versjon: str


@cache
def gjeldende_satser() -> Satssamling:
    """The rates of the law, as the files state them."""
    serier: dict[str, Satsserie] = {}
    sum_av_alt = sha256()
    filer = [fil for fil in files("app.calc.satser").iterdir() if fil.name.endswith(".toml")]
    for fil in sorted(filer, key=lambda f: f.name):
        innhold = fil.read_text("utf-8")
        sum_av_alt.update(fil.name.encode() + b"\0" + innhold.encode() + b"\0")
        serie = les_satsfil(fil.name, innhold)
        serier[serie.id] = serie
    return Satssamling(serier, sum_av_alt.hexdigest()[:16])


_I_STEDET: Final[ContextVar[Satssamling | None]] = ContextVar("satser", default=None)


@contextmanager
def regn_med(samling: Satssamling) -> Iterator[None]:
    """Calculate with other rates within the block: only what runs in this context, never another request."""
    forrige = _I_STEDET.set(samling)
    try:
        yield
    finally:
        _I_STEDET.reset(forrige)


def satser_i_bruk() -> Satssamling:
    """The rates this context calculates with: the law's, unless within ``regn_med``."""
    return _I_STEDET.get() or gjeldende_satser()


def alle_serier() -> tuple[Satsserie, ...]:
    """Every rate, by id."""
    return tuple(satser_i_bruk().serier.values())


def serie(id: str) -> Satsserie:
    """One rate by id."""
    return satser_i_bruk().serier[id]


def sats(id: str, dato: date) -> Sats:
    """The rate ``id`` in force on ``dato``.

    Raises:
        SatsManglerError: no verified rate on that date.
    """
    return _sats(satser_i_bruk(), id, dato)


@lru_cache(maxsize=4096)
def _sats(samling: Satssamling, id: str, dato: date) -> Sats:
    return samling.serier[id].paa(dato)


def satsversjon() -> str:
    """Fingerprint of all rates; stored with every calculation."""
    return satser_i_bruk().versjon
