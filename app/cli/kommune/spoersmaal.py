"""Asks until the answer can be used, and says why when it cannot.

Works with a person at a terminal and with lines on standard input alike. A field of the contract is asked for with
its own reader, so an answer is accepted here exactly when the document would accept it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import StrEnum
from textwrap import fill
from typing import Any, Final, TypeVar

import typer

from app.calc.beloep import tallstreng
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.lesing import Boolsk, Heltall, Kanskje, Leser, Liste, Tall, Valgt
from app.services.kommuneoppsett.dokument import Tilbud
from app.services.kommuneoppsett.veiledning import VERDIER, forklaring

T = TypeVar("T")
Json = dict[str, Any]

Ekstra = Callable[[Any], Iterable[Feil]]
"""What else must hold for a value that could be read."""

_BREDDE: Final = 100
_TALL: Final = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_JA: Final = {"ja", "j"}
_NEI: Final = {"nei", "n"}


class UbrukeligSvarError(ValueError):
    """The answer cannot be used; the text says why and what to write instead."""


def overskrift(tekst: str) -> None:
    """Begin a part of the questions."""
    typer.echo(f"\n{tekst}\n{'-' * len(tekst)}")


def si(tekst: str) -> None:
    """A paragraph for the one who answers."""
    typer.echo(fill(tekst, _BREDDE, break_long_words=False))


def spoer(spoersmaal: str, les: Callable[[str], T], standard: str | None = None) -> T:
    """Ask until ``les`` takes the answer.

    Args:
        spoersmaal: the prompt.
        les: makes a value of the answer, or raises ``UbrukeligSvarError``.
        standard: the answer when nothing is written; ``""`` lets nothing be an answer of its own.
    """
    while True:
        svar = typer.prompt(spoersmaal, default=standard, show_default=bool(standard))
        try:
            return les(str(svar).strip())
        except UbrukeligSvarError as feil:
            si(f"  {feil}")


def ja_eller_nei(spoersmaal: str, *, standard: bool) -> bool:
    """Ask a question with two answers."""
    return spoer(f"{spoersmaal} (ja/nei)", les_ja_eller_nei, "ja" if standard else "nei")


def les_ja_eller_nei(svar: str) -> bool:
    """``ja`` or ``nei``, or the first letter.

    Raises:
        UbrukeligSvarError: anything else.
    """
    if svar.lower() in _JA:
        return True
    if svar.lower() in _NEI:
        return False
    raise UbrukeligSvarError("Skriv ja eller nei.")


def spoer_felt(
    klasse: type[Any], attributt: str, *, standard: Any = MISSING, ekstra: Ekstra | None = None
) -> Any:
    """Ask for one field of the contract; the raw JSON value, or ``None`` for one left open.

    Args:
        klasse: the class of the contract.
        attributt: the field.
        standard: the answer when nothing is written, instead of the contract's own.
        ekstra: checks beyond the reader's own.
    """
    felt = next(f for f in fields(klasse) if f.name == attributt)
    leser: Leser = felt.metadata["leser"]
    typer.echo()
    si(forklaring(klasse, attributt))
    indre = leser.leser if isinstance(leser, Kanskje) else leser
    if isinstance(indre, Valgt):
        for nr, valg in enumerate(indre.valg, start=1):
            typer.echo(f"  {nr}  {valg}: {VERDIER[valg]}")
    forslag = felt.default if standard is MISSING else standard
    return spoer(
        camel(attributt),
        lambda svar: _les_felt(leser, svar, ekstra),
        None if forslag is MISSING else _som_svar(forslag),
    )


def _les_felt(leser: Leser, svar: str, ekstra: Ekstra | None) -> Any:
    if not svar and isinstance(leser, Kanskje):
        return None
    raa = _raa(leser.leser if isinstance(leser, Kanskje) else leser, svar)
    feil: list[Feil] = []
    verdi = leser.les(raa, "", feil)
    if not feil and ekstra is not None:
        feil.extend(ekstra(verdi))
    if feil:
        raise UbrukeligSvarError(" ".join(f.detail for f in feil))
    return raa


def _raa(leser: Leser, svar: str) -> Any:
    """The JSON value an answer stands for."""
    if isinstance(leser, Tall | Heltall):
        return _tall(svar)
    if isinstance(leser, Boolsk):
        return les_ja_eller_nei(svar)
    if isinstance(leser, Valgt):
        return _valgt(list(leser.valg), svar)
    if isinstance(leser, Liste):
        return [_tall(del_) for del_ in svar.replace(",", " ").split()]
    return svar


def _tall(svar: str) -> int | Decimal:
    """``1 234,50`` as it is written in Norwegian, or ``1234.50``."""
    uten_mellomrom = "".join(svar.split())
    if not _TALL.fullmatch(uten_mellomrom):
        raise UbrukeligSvarError("Skriv et tall, for eksempel 1 234,50.")
    tall = Decimal(uten_mellomrom.replace(",", "."))
    return int(tall) if tall == tall.to_integral_value() else tall


def _valgt(mulige: list[StrEnum], svar: str) -> str:
    if svar.isascii() and svar.isdigit() and 1 <= int(svar) <= len(mulige):
        return mulige[int(svar) - 1].value
    return svar.upper()


def _som_svar(verdi: Any) -> str:
    """A value as the one who answers would write it."""
    if verdi is None or verdi == ():
        return ""
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, Decimal | int):
        return tallstreng(verdi).replace(".", ",")
    return str(verdi)


def spoer_objekt(klasse: type[Any], ekstra: Callable[[str], Ekstra] | None = None) -> Json:
    """Ask for every field of a class without objects in it; fields left open are left out.

    Args:
        klasse: the class of the contract.
        ekstra: from a field's name to the checks beyond its reader's.
    """
    svar: Json = {}
    for felt in fields(klasse):
        raa = spoer_felt(klasse, felt.name, ekstra=None if ekstra is None else ekstra(felt.name))
        if raa is not None:
            svar[camel(felt.name)] = raa
    return svar


def spoer_tilbud() -> list[str]:
    """Which services the kommune computes egenandel for; at least one."""
    while True:
        valgt = [
            tilbud.value
            for tilbud in Tilbud
            if ja_eller_nei(f"Beregner kommunen egenandel for {VERDIER[tilbud]}?", standard=True)
        ]
        if valgt:
            return valgt
        si("  Svar ja på minst én av tjenestene.")
