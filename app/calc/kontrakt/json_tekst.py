"""JSON text in and out, exactly: numbers are ``int`` or ``Decimal``, never binary fractions.

The standard library cannot write a ``Decimal`` as a JSON number, so the writer is ours.
"""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from json.encoder import encode_basestring as _som_json_streng
from re import compile as moenster
from typing import Any, Final, NoReturn

from app.calc.beloep import tallstreng
from app.calc.kontrakt.feil import UlesbarJsonError
from app.calc.kontrakt.nodetekst import INGEN_KILDER, Kilder, node_som_json
from app.calc.sporing import Faktum, Sats, Steg

_HALVT_TEGN: Final = moenster(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")

STOERSTE_TALL_I_TEGN: Final = 40
"""Longer number literals are refused before they are read; no amount needs them."""


class _DobbeltFelt(dict[str, Any]):
    """A JSON object in which a name stood twice; the reader reports it with its pointer."""

    def __init__(self, par: list[tuple[str, Any]], dobbelt: list[str]) -> None:
        super().__init__(par)
        self.dobbelt = dobbelt


def doble_felt(objekt: dict[str, Any]) -> list[str]:
    """Names that stood more than once in this JSON object."""
    return objekt.dobbelt if isinstance(objekt, _DobbeltFelt) else []


class IkkeEtTall:
    """Stands for ``NaN``, ``Infinity`` and overlong numbers until the reader reports where it stood."""


IKKE_ET_TALL: Final = IkkeEtTall()


def _objekt(par: list[tuple[str, Any]]) -> dict[str, Any]:
    ferdig = dict(par)
    if len(ferdig) == len(par):
        return ferdig
    sett: set[str] = set()
    return _DobbeltFelt(par, [navn for navn, _ in par if navn in sett or sett.add(navn)])  # type: ignore[func-returns-value]


def _tall(som: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda tekst: som(tekst) if len(tekst) <= STOERSTE_TALL_I_TEGN else IKKE_ET_TALL


def _konstant(_: str) -> IkkeEtTall:
    return IKKE_ET_TALL


_DEKODER: Final = json.JSONDecoder(
    parse_int=_tall(int),
    parse_float=_tall(Decimal),
    parse_constant=_konstant,
    object_pairs_hook=_objekt,
)


_EGEN_DEKODER: Final = json.JSONDecoder(parse_float=Decimal)


def les_egen_json(tekst: str) -> Any:
    """Parse JSON text that ``skriv_json`` wrote: it has nothing that must be refused, so nothing is looked for.

    Raises:
        ValueError: not JSON; something else has written it.
    """
    return _EGEN_DEKODER.decode(tekst)


def les_json(raa: bytes | str) -> Any:
    """Parse JSON text.

    Raises:
        UlesbarJsonError: not UTF-8, not JSON, or nested too deep.
    """
    try:
        tekst = raa.decode("utf-8") if isinstance(raa, bytes) else raa
        lest = _DEKODER.decode(tekst.removeprefix("\ufeff"))
    except UnicodeDecodeError as feil:
        raise UlesbarJsonError(
            f"Teksten er ikke gyldig UTF-8 (byte {feil.start}). Send JSON kodet som UTF-8."
        ) from None
    except json.JSONDecodeError as feil:
        raise UlesbarJsonError(
            f"Teksten er ikke gyldig JSON: det stopper på linje {feil.lineno}, tegn {feil.colno}. "
            "Rett opp der og send på nytt."
        ) from None
    except RecursionError:
        raise UlesbarJsonError("JSON-teksten har for mange nivåer inni hverandre.") from None
    if _HALVT_TEGN.search(tekst):
        _krev_hele_tegn(lest)
    return lest


def _krev_hele_tegn(lest: object) -> None:
    """Half of a surrogate pair can be read but never sent back as UTF-8."""
    try:
        json.dumps(lest, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise UlesbarJsonError(
            "Teksten har et halvt Unicode-tegn (\\ud800–\\udfff). Send hele tegn."
        ) from None


def camel(navn: str) -> str:
    """``prosent_inntil_g`` -> ``prosentInntilG``."""
    foerst, *resten = navn.split("_")
    return foerst + "".join(del_.capitalize() for del_ in resten)


def skriv_json(verdi: Any, utelat: Collection[str] = (), kilder: Kilder = INGEN_KILDER) -> str:
    """One line of JSON and a line feed, the same bytes for the same value every time.

    Args:
        verdi: an answer of the contract, or anything made of its kinds of value.
        utelat: attributes of ``verdi`` itself to leave out.
        kilder: what facts of an explanation tree came from.

    Raises:
        KildefeilError: a fact and its source are not the same number.
    """
    skriver = _Skriver(kilder)
    if utelat:
        skriver.objekt(verdi, utelat)
    else:
        skriver.verdi(verdi)
    skriver.ut("\n")
    return "".join(skriver.deler)


@cache
def _felt_i(klasse: Any) -> tuple[tuple[str, str], ...]:
    return tuple((felt.name, f'"{camel(felt.name)}":') for felt in fields(klasse))


class _Skriver:
    """One text being written."""

    def __init__(self, kilder: Kilder) -> None:
        self.kilder = kilder
        self.deler: list[str] = []
        self.ut = self.deler.append

    def verdi(self, verdi: Any) -> None:
        """Any kind of value the contract has."""
        if verdi is None:
            self.ut("null")
        elif verdi is True:
            self.ut("true")
        elif verdi is False:
            self.ut("false")
        elif isinstance(verdi, (Decimal, int)):
            self.ut(tallstreng(verdi))
        elif isinstance(verdi, StrEnum):
            self.ut(_som_json_streng(verdi.value))
        elif isinstance(verdi, str):
            self.ut(_som_json_streng(verdi))
        elif isinstance(verdi, (Faktum, Sats, Steg)):
            self.ut(node_som_json(verdi, {}, self.kilder))
        elif isinstance(verdi, date):
            self.ut(f'"{verdi.isoformat()}"')
        elif isinstance(verdi, (tuple, list)):
            self._mange(verdi, "[", "]", self.verdi)
        elif isinstance(verdi, dict):
            self._mange(verdi.items(), "{", "}", self._par)
        elif is_dataclass(type(verdi)):
            self.objekt(verdi)
        else:
            _kan_ikke_skrives(verdi)

    def objekt(self, verdi: Any, utelat: Collection[str] = ()) -> None:
        """A dataclass of the contract."""
        klasse: Any = type(verdi)
        skille = "{"
        for navn, noekkel in _felt_i(klasse):
            if navn not in utelat:
                self.ut(skille)
                self.ut(noekkel)
                self.verdi(getattr(verdi, navn))
                skille = ","
        self.ut("}" if skille == "," else "{}")

    def _par(self, par: tuple[str, Any]) -> None:
        self.ut(_som_json_streng(par[0]))
        self.ut(":")
        self.verdi(par[1])

    def _mange(self, mange: Iterable[Any], start: str, slutt: str, skriv: Callable[[Any], None]) -> None:
        skille = ""
        self.ut(start)
        for element in mange:
            self.ut(skille)
            skriv(element)
            skille = ","
        self.ut(slutt)


def _kan_ikke_skrives(verdi: object) -> NoReturn:
    raise TypeError(f"{type(verdi).__name__} har ingen plass i kontrakten")
