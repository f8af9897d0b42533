"""Where the facts of a request came from, as text that can be stored and read back byte for byte.

One JSON object: from the pointer of a fact in the request to the node the fact came from, written as the
answers write nodes. The texts of the nodes are taken as they stand, so a stored calculation that is run
again gives the same bytes.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring as _som_json_streng
from re import compile as moenster
from typing import Any, Final, NoReturn

from app.calc.kontrakt.nodetekst import Kilde, KildefeilError, Kilder, node_som_json
from app.calc.sporing import Node

_FELT: Final = ("id", "type", "navn", "verdi", "enhet", "hjemmel", "formel", "kilde", "barn")
_TYPER: Final = {"FAKTUM", "SATS", "STEG"}
_LUFT: Final = moenster(r"[ \t]*")
_INDEKS: Final = moenster(r"0|[1-9][0-9]*")


def som_kilder(noder: Mapping[str, Node]) -> dict[str, Kilde]:
    """Nodes by pointer, as ``les_kilder`` would read them from what ``skriv_kilder`` writes."""
    skrevet: dict[int, str] = {}
    return {peker: Kilde(_verdi(node), node_som_json(node, skrevet)) for peker, node in noder.items()}


def _verdi(node: Node) -> Decimal | str:
    return node.verdi if isinstance(node.verdi, Decimal) else node.verdi.isoformat()


def skriv_kilder(noder: Mapping[str, Node]) -> str:
    """The sources as one line of JSON and a line feed; the same bytes for the same nodes every time."""
    return kildetekst(som_kilder(noder))


def kildetekst(kilder: Kilder) -> str:
    """Sources as ``skriv_kilder`` writes them."""
    par = (f"{_som_json_streng(peker)}:{kilde.tekst}" for peker, kilde in kilder.items())
    return f"{{{','.join(par)}}}\n"


def flytt_kilder(raa: str | bytes, under: str) -> str:
    """The same sources for a request that now stands inside a larger one, such as under ``/endelig``.

    Raises:
        KildefeilError: not sources as ``skriv_kilder`` writes them.
    """
    return kildetekst({under + peker: kilde for peker, kilde in les_kilder(raa).items()})


def les_kilder(raa: str | bytes) -> dict[str, Kilde]:
    """Read what ``skriv_kilder`` wrote; the text of every node is kept as it stands.

    Raises:
        KildefeilError: not one line with a JSON object of nodes, a node is incomplete, or a pointer stands
            twice.
    """
    try:
        tekst = raa.decode("utf-8") if isinstance(raa, bytes) else raa
        return _les(tekst.rstrip("\n"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, IndexError):
        raise KildefeilError("kildene er ikke gyldig JSON") from None


def _les(tekst: str) -> dict[str, Kilde]:
    kilder: dict[str, Kilde] = {}
    if "\n" in tekst or "\r" in tekst:
        raise KildefeilError("kildene skal stå på én linje, slik svaret gjør")
    plass = _forbi(tekst, 0, "{")
    while tekst[plass] != "}":
        if kilder:
            plass = _forbi(tekst, plass, ",")
        peker, plass = _DEKODER.raw_decode(tekst, plass)
        plass = _forbi(tekst, plass, ":")
        node, slutt = _DEKODER.raw_decode(tekst, plass)
        if type(peker) is not str or peker in kilder:
            raise KildefeilError("en peker i kildene er ikke en tekst, eller står to ganger")
        if not _er_node(node):
            raise KildefeilError(f"{peker}: kilden er ikke en hel node")
        kilder[peker] = Kilde(node["verdi"], tekst[plass:slutt])
        plass = _forbi(tekst, slutt, "")
    if _forbi(tekst, plass, "}") != len(tekst):
        raise KildefeilError("kildene har noe etter slutten")
    return kilder


def _forbi(tekst: str, plass: int, tegn: str) -> int:
    """The place of the next thing after a sign, with white space on both sides of it."""
    foran = _luft(tekst, plass)
    if not tekst.startswith(tegn, foran):
        raise KildefeilError("kildene er ikke ett JSON-objekt")
    return _luft(tekst, foran + len(tegn))


def _luft(tekst: str, plass: int) -> int:
    treff = _LUFT.match(tekst, plass)
    return plass if treff is None else treff.end()


def _er_node(raa: Any) -> bool:
    """Whether it is a node with everything a node has, all the way down."""
    return (
        type(raa) is dict
        and tuple(raa) == _FELT
        and raa["type"] in _TYPER
        and type(raa["verdi"]) in (int, Decimal, str)
        and type(raa["barn"]) is list
        and all(map(_er_node, raa["barn"]))
    )


def _ikke_et_tall(konstant: str) -> NoReturn:
    raise KildefeilError(f"{konstant} er ikke et tall")


_DEKODER: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=_ikke_et_tall)


def krev_pekere(kilder: Kilder, forespoersel: Any) -> None:
    """Every pointer must lead to something in the request.

    Args:
        kilder: the sources.
        forespoersel: the request as parsed JSON.

    Raises:
        KildefeilError: a pointer does not; the message names it.
    """
    for peker in kilder:
        if not _finnes(peker, forespoersel):
            raise KildefeilError(f"{peker}: finnes ikke i forespørselen")


def _finnes(peker: str, her: Any) -> bool:
    """Whether a JSON pointer (RFC 6901) leads to something."""
    if not peker.startswith("/"):
        return False
    for ledd in peker[1:].split("/"):
        if isinstance(her, dict):
            navn = ledd.replace("~1", "/").replace("~0", "~")
            if navn not in her:
                return False
            her = her[navn]
        elif isinstance(her, list) and _INDEKS.fullmatch(ledd) and int(ledd) < len(her):
            her = her[int(ledd)]
        else:
            return False
    return True
