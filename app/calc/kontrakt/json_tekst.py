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


def les_json(raa: bytes | str) -> Any:
    """Parse JSON text.

    Raises:
        UlesbarJsonError: not UTF-8, not JSON, or nested too deep.
    """
    try:
        tekst = raa.decode("utf-8") if isinstance(raa, bytes) else raa
        lest = json.loads(
            tekst.removeprefix("\ufeff"),
            parse_int=_tall(int),
            parse_float=_tall(Decimal),
            parse_constant=_konstant,
            object_pairs_hook=_objekt,
        )
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


def skriv_json(verdi: Any, utelat: Collection[str] = ()) -> str:
    """One line of JSON and a line feed, the same bytes for the same value every time.

    Args:
        verdi: an answer of the contract, or anything made of its kinds of value.
        utelat: attributes of ``verdi`` itself to leave out.
    """
    ut: list[str] = []
    if utelat:
        _skriv_objekt(verdi, ut.append, utelat)
    else:
        _skriv(verdi, ut.append)
    ut.append("\n")
    return "".join(ut)


@cache
def _felt_i(klasse: Any) -> tuple[tuple[str, str], ...]:
    return tuple((felt.name, f'"{camel(felt.name)}":') for felt in fields(klasse))


def _skriv(verdi: Any, ut: Callable[[str], None]) -> None:
    if verdi is None:
        ut("null")
    elif verdi is True:
        ut("true")
    elif verdi is False:
        ut("false")
    elif isinstance(verdi, (Decimal, int)):
        ut(tallstreng(verdi))
    elif isinstance(verdi, StrEnum):
        ut(_som_json_streng(verdi.value))
    elif isinstance(verdi, str):
        ut(_som_json_streng(verdi))
    elif isinstance(verdi, (Faktum, Sats, Steg)):
        _skriv_node(verdi, ut)
    elif isinstance(verdi, date):
        ut(f'"{verdi.isoformat()}"')
    elif isinstance(verdi, (tuple, list)):
        _skriv_mange(verdi, "[", "]", lambda element: _skriv(element, ut), ut)
    elif isinstance(verdi, dict):
        _skriv_mange(verdi.items(), "{", "}", lambda par: _skriv_par(par, ut), ut)
    elif is_dataclass(type(verdi)):
        _skriv_objekt(verdi, ut)
    else:
        _kan_ikke_skrives(verdi)


def _skriv_objekt(verdi: Any, ut: Callable[[str], None], utelat: Collection[str] = ()) -> None:
    klasse: Any = type(verdi)
    skille = "{"
    for navn, noekkel in _felt_i(klasse):
        if navn not in utelat:
            ut(skille)
            ut(noekkel)
            _skriv(getattr(verdi, navn), ut)
            skille = ","
    ut("}" if skille == "," else "{}")


def _skriv_par(par: tuple[str, Any], ut: Callable[[str], None]) -> None:
    ut(_som_json_streng(par[0]))
    ut(":")
    _skriv(par[1], ut)


def _skriv_mange(
    mange: Iterable[Any], start: str, slutt: str, skriv: Callable[[Any], None], ut: Callable[[str], None]
) -> None:
    skille = ""
    ut(start)
    for element in mange:
        ut(skille)
        skriv(element)
        skille = ","
    ut(slutt)


def _skriv_node(node: Node, ut: Callable[[str], None]) -> None:
    tekst = _som_json_streng
    hjemmel, formel, kilde, verdi = node.hjemmel, node.formel, node.kilde, node.verdi
    ut(
        f'{{"id":{tekst(node.id)},"type":"{node.type}","navn":{tekst(node.navn)},"verdi":'
        f"{tallstreng(verdi) if isinstance(verdi, Decimal) else tekst(verdi.isoformat())}"
        f',"enhet":"{node.enhet.value}"'
        f',"hjemmel":{"null" if hjemmel is None else tekst(hjemmel)}'
        f',"formel":{"null" if formel is None else tekst(formel)}'
        f',"kilde":{"null" if kilde is None else tekst(kilde)},"barn":'
    )
    _skriv_mange(node.barn, "[", "]", lambda barn: _skriv_node(barn, ut), ut)
    ut("}")


def _kan_ikke_skrives(verdi: object) -> NoReturn:
    raise TypeError(f"{type(verdi).__name__} har ingen plass i kontrakten")
