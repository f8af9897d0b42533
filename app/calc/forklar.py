"""An explanation tree as text a resident can read. Works on the answer's JSON, whoever sent it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from re import compile as moenster
from typing import Any, Final

from app.calc.beloep import tall_paa_norsk
from app.calc.periode import dato_paa_norsk

_INNRYKK: Final = "  "
_HENVISNING: Final = "forklart i "
_PEKER: Final = "/"
"""A fact of the request names its field; any other fact says in words where it comes from."""
_VERSJON: Final = moenster(r"\((FOR-[0-9-]+) som den lød fra ([0-9-]+)(?:, endret ved (FOR-[0-9-]+))?\)")
_FELT: Final = ("type", "navn", "verdi", "enhet", "hjemmel", "formel", "kilde", "barn")


class UkjentForklaringError(ValueError):
    """The JSON holds no explanation tree; the message says what to do."""


def forklar(svar: Any) -> str:
    """Plain Norwegian text of an answer from a calculator, or of one node.

    Raises:
        UkjentForklaringError: there is no tree, or a node lacks what every node has.
    """
    node = svar.get("forklaring") if isinstance(svar, dict) and "forklaring" in svar else svar
    if not isinstance(node, dict) or "barn" not in node:
        raise UkjentForklaringError(
            "Svaret har ingen forklaring. Kalkuler på nytt uten å utelate den, og send hele svaret."
        )
    linjer = [*_linjer(node, 0), "", *_versjoner(node)]
    return "\n".join(linjer) + "\n"


def _linjer(node: dict[str, Any], dybde: int) -> Iterator[str]:
    if not isinstance(node, dict) or any(felt not in node for felt in _FELT):
        raise UkjentForklaringError(
            "En node i forklaringen er ufullstendig. Send svaret slik det ble mottatt."
        )
    luft = _INNRYKK * dybde
    yield f"{luft}{node['navn']}: {_verdi(node['verdi'], node['enhet'])}{_grunn(node)}"
    if node["type"] == "STEG":
        formel = str(node["formel"])
        utregning, _, svar = formel.rpartition(" = ")
        if utregning != svar:  # a sum of one term says nothing the line above does not
            yield f"{luft}{_INNRYKK}{'= ' if utregning and node['barn'] else ''}{formel}"
    for barn in node["barn"]:
        yield from _linjer(barn, dybde + 1)


def _verdi(verdi: Any, enhet: str) -> str:
    if enhet == "dato":
        return dato_paa_norsk(date.fromisoformat(str(verdi)))
    tall = tall_paa_norsk(verdi) if isinstance(verdi, (Decimal, int)) else str(verdi)
    if enhet == "faktor":
        return tall
    return f"{tall} %" if enhet == "prosent" else f"{tall} {enhet}"


def _grunn(node: dict[str, Any]) -> str:
    if node["hjemmel"]:
        return f" ({_VERSJON.sub('', str(node['hjemmel'])).strip()})"
    if node["barn"]:
        return ""  # what the fact came from follows below it
    kilde = str(node["kilde"] or "")
    if kilde.startswith(_HENVISNING):
        return " (forklart ovenfor)"
    return f" (oppgitt: {kilde})" if kilde.startswith(_PEKER) else f" ({kilde})"


def _versjoner(node: dict[str, Any]) -> list[str]:
    """The wordings of the regulation the tree cites, once each."""
    funnet: dict[str, None] = {}
    _samle(node, funnet)
    return ["Regelverk: " + "; ".join(funnet)] if funnet else []


def _samle(node: dict[str, Any], funnet: dict[str, None]) -> None:
    treff = _VERSJON.search(str(node["hjemmel"] or ""))
    if treff:
        paragraf = str(node["hjemmel"]).split(" ", 2)[1]
        endret = f", endret ved {treff[3]}" if treff[3] else ""
        funnet[
            f"§ {paragraf} i {treff[1]} som den lød fra {dato_paa_norsk(date.fromisoformat(treff[2]))}{endret}"
        ] = None
    for barn in node["barn"]:
        _samle(barn, funnet)
