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
from typing import Any, Final

from app.calc.beloep import tallstreng
from app.calc.kontrakt.feil import UlesbarJsonError
from app.calc.kontrakt.nodetekst import INGEN_KILDER, Kilder, node_som_json
from app.calc.sporing import Faktum, Node, Sats, Steg

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
        skriver.objekt(verdi, tuple(utelat))
    else:
        skriver.verdi(verdi)
    skriver.ut("\n")
    return "".join(skriver.deler)


@cache
def _felt_i(klasse: Any, utelat: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The attributes that are written, each with what stands before its value."""
    navn = [felt.name for felt in fields(klasse) if felt.name not in utelat]
    return tuple((en, f'{"," if nr else ""}"{camel(en)}":') for nr, en in enumerate(navn))


class _Skriver:
    """One text being written."""

    def __init__(self, kilder: Kilder) -> None:
        self.kilder = kilder
        self.deler: list[str] = []
        self.ut = self.deler.append

    def verdi(self, verdi: Any) -> None:
        """Any kind of value the contract has."""
        _MAATE[type(verdi)](self, verdi)

    def objekt(self, verdi: Any, utelat: tuple[str, ...] = ()) -> None:
        """A dataclass of the contract."""
        klasse: Any = type(verdi)
        self.ut("{")
        for navn, foran in _felt_i(klasse, utelat):
            self.ut(foran)
            under = getattr(verdi, navn)
            _MAATE[type(under)](self, under)
        self.ut("}")

    def liste(self, verdier: Iterable[Any]) -> None:
        """Values one after the other."""
        skille = "["
        for verdi in verdier:
            self.ut(skille)
            self.verdi(verdi)
            skille = ","
        self.ut("]" if skille == "," else "[]")

    def par(self, verdier: dict[str, Any]) -> None:
        """Values with a name each."""
        skille = "{"
        for navn, verdi in verdier.items():
            self.ut(f"{skille}{_som_json_streng(navn)}:")
            self.verdi(verdi)
            skille = ","
        self.ut("}" if skille == "," else "{}")

    def node(self, node: Node) -> None:
        """A tree."""
        self.ut(node_som_json(node, {}, self.kilder))


Maate = Callable[[_Skriver, Any], None]


def _enkelt(som_tekst: Callable[[Any], str]) -> Maate:
    return lambda skriver, verdi: skriver.ut(som_tekst(verdi))


_SLAG: Final[tuple[tuple[tuple[type, ...], Maate], ...]] = (
    ((type(None),), _enkelt(lambda _: "null")),
    ((bool,), _enkelt(lambda verdi: "true" if verdi else "false")),
    ((Decimal, int), _enkelt(tallstreng)),
    ((StrEnum,), _enkelt(lambda verdi: _som_json_streng(verdi.value))),
    ((str,), _enkelt(_som_json_streng)),
    ((Faktum, Sats, Steg), _Skriver.node),
    ((date,), _enkelt(lambda verdi: f'"{verdi.isoformat()}"')),
    ((tuple, list), _Skriver.liste),
    ((dict,), _Skriver.par),
)
"""Every kind of value, and how it is written: the first that fits, since some kinds are of another too."""


class _Maater(dict[type, Maate]):
    """How each type is written: looked for once."""

    def __missing__(self, klasse: type) -> Maate:
        for klasser, maate in _SLAG:
            if issubclass(klasse, klasser):
                return self.setdefault(klasse, maate)
        if is_dataclass(klasse):
            return self.setdefault(klasse, _Skriver.objekt)
        raise TypeError(f"{klasse.__name__} har ingen plass i kontrakten")


_MAATE: Final = _Maater()
