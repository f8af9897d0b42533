"""From the fields of a form to what the contract reads, and back.

A field is named by its JSON pointer without the first slash: ``husstand/0/relasjon``. In between stands a tree of
texts, shaped by the contract's own schema: whatever is sent, every place of the tree holds what the templates expect,
and what was typed is shown again as it was typed.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from app.calc.beloep import tallstreng
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import Leser, Skjema

Tre: TypeAlias = Any
"""A text, a row of trees by name, or a list of trees."""

JA: Final = "ja"
NEI: Final = "nei"

_NAVN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:/[A-Za-z0-9]{1,60}){0,6}")
_PLASS: Final = re.compile(r"[0-9]{1,4}")
_NORSK_DATO: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_TALL: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_LUFT: Final = re.compile(r"\s")
_LENGSTE_TALL: Final = 30
_UTEN_LUFT: Final = frozenset({"personidentifikator"})
"""Written in groups on paper; the contract takes the digits alone."""


class Skjemaform:
    """The shape of a form.

    Args:
        leser: the reader of the contract that the form fills in.
        rader: the fields of a row, by the name of its list, where a form has other rows than the contract.
    """

    def __init__(self, leser: Leser, rader: Mapping[str, Skjema] | None = None) -> None:
        self._navngitte: dict[str, Skjema] = {}
        self._rot = leser.skjema(self._navngitte)
        self._rader = dict(rader or {})

    def les(self, felt: Iterable[tuple[str, object]]) -> Tre:
        """The tree of a form that was sent."""
        rot: dict[str, Any] = {}
        for navn, verdi in felt:
            if isinstance(verdi, str) and _NAVN.fullmatch(navn):
                _sett(rot, navn.split("/"), verdi.strip())
        return self._formet(self._rot, rot, "")

    def vis(self, raa: Any) -> Tre:
        """The tree of what the contract holds."""
        return self._formet(self._rot, raa, "")

    def tom(self, peker: str) -> Tre:
        """A row with nothing in it, for the list at a pointer.

        Raises:
            KeyError: there is no list there.
        """
        return self._formet(self._raden(peker), {}, _mal(peker))

    def json(self, tre: Tre) -> tuple[Any, list[Feil]]:
        """What the contract reads, and what could not be made into it."""
        feil: list[Feil] = []
        return self._til_json(self._rot, tre, "", feil), feil

    def _raden(self, peker: str) -> Skjema:
        her = self._rot
        for ledd in peker.split("/"):
            skjema = _uten_null(self._slaa_opp(her))
            her = self._element(skjema, ledd) if _PLASS.fullmatch(ledd) else skjema["properties"][ledd]
        mal = _mal(peker)
        return self._rader.get(mal) or self._element(_uten_null(self._slaa_opp(her)), mal)

    @staticmethod
    def _element(skjema: Skjema, peker: str) -> Skjema:
        if "items" not in skjema:
            raise KeyError(peker)
        element: Skjema = skjema["items"]
        return element

    def _slaa_opp(self, skjema: Skjema) -> Skjema:
        uten = _uten_null(skjema)
        if "$ref" in uten:
            navn: str = uten["$ref"].rpartition("/")[2]
            return self._navngitte[navn]
        return uten

    def _formet(self, skjema: Skjema, raa: Any, sti: str) -> Tre:
        her = self._slaa_opp(skjema)
        if "properties" in her:
            kilde = raa if isinstance(raa, dict) else {}
            return {
                navn: self._formet(under, kilde.get(navn), f"{sti}/{navn}" if sti else navn)
                for navn, under in her["properties"].items()
            }
        if "items" in her:
            rad: Skjema = self._rader.get(sti) or her["items"]
            return [self._formet(rad, en, sti) for en in _som_liste(raa)]
        return _som_tekst(raa)

    def _til_json(self, skjema: Skjema, tre: Tre, sti: str, feil: list[Feil]) -> Any:
        her = self._slaa_opp(skjema)
        if "properties" in her:
            verdier = {
                navn: self._til_json(under, tre[navn], f"{sti}/{navn}", feil)
                for navn, under in her["properties"].items()
                if navn in tre
            }
            utfylt = {navn: verdi for navn, verdi in verdier.items() if verdi is not None}
            return None if _kan_vaere_null(skjema) and not any(map(_sagt, utfylt.values())) else utfylt
        if "items" in her:
            rad: Skjema = self._rader.get(_mal(sti.removeprefix("/"))) or her["items"]
            return [self._til_json(rad, en, f"{sti}/{nr}", feil) for nr, en in enumerate(tre)]
        return _verdi(her, tre, sti, feil) if tre else None


def _mal(peker: str) -> str:
    """A pointer without the places of rows: ``opphold/0/fravaer`` is ``opphold/fravaer``."""
    return "/".join(ledd for ledd in peker.split("/") if not _PLASS.fullmatch(ledd))


def _sett(rot: dict[str, Any], sti: list[str], verdi: str) -> None:
    her = rot
    for ledd in sti[:-1]:
        neste = her.setdefault(ledd, {})
        if not isinstance(neste, dict):
            return
        her = neste
    her[sti[-1]] = verdi


def _som_liste(raa: Any) -> list[Any]:
    if isinstance(raa, (list, tuple)):
        return list(raa)
    if not isinstance(raa, dict):
        return []
    plasser = sorted((navn for navn in raa if _PLASS.fullmatch(navn)), key=int)
    return [raa[navn] for navn in plasser]


def _som_tekst(raa: Any) -> str:
    if isinstance(raa, bool):
        return JA if raa else NEI
    if isinstance(raa, (Decimal, int)):
        return tallstreng(raa).replace(".", ",")
    return raa if isinstance(raa, str) else ""


def _uten_null(skjema: Skjema) -> Skjema:
    if "anyOf" not in skjema:
        return skjema
    uten: Skjema = next(en for en in skjema["anyOf"] if en.get("type") != "null")
    return uten


def _kan_vaere_null(skjema: Skjema) -> bool:
    return "anyOf" in skjema


def _sagt(verdi: Any) -> bool:
    """Whether anything is told: lists and objects with nothing in them tell nothing."""
    if isinstance(verdi, dict):
        return any(map(_sagt, verdi.values()))
    return not isinstance(verdi, list) or any(map(_sagt, verdi))


def _typer(skjema: Skjema) -> frozenset[str]:
    typer = skjema.get("type", "string")
    return frozenset((typer,) if isinstance(typer, str) else typer)


def _verdi(skjema: Skjema, tekst: str, sti: str, feil: list[Feil]) -> Any:
    typer = _typer(skjema)
    if typer & {"number", "integer"}:
        tall = les_tall(tekst)
        if tall is None:
            feil.append(Feil(sti, "ikke-et-tall", "ikke et tall"))
        return tall
    if "boolean" in typer:
        return {JA: True, NEI: False}.get(tekst, tekst)
    if skjema.get("format") == "date" and (treff := _NORSK_DATO.fullmatch(tekst)):
        dag, maaned, aar = treff.groups()
        return f"{aar}-{int(maaned):02d}-{int(dag):02d}"
    return _LUFT.sub("", tekst) if sti.rpartition("/")[2] in _UTEN_LUFT else tekst


def les_tall(tekst: str) -> Decimal | int | None:
    """A number as people write it: ``12 500,50``; ``None`` when it is not one."""
    rent = _LUFT.sub("", tekst).replace("−", "-").replace(",", ".")
    if len(rent) > _LENGSTE_TALL or not _TALL.fullmatch(rent):
        return None
    try:
        return int(rent) if "." not in rent else Decimal(rent)
    except (ValueError, InvalidOperation):
        return None
