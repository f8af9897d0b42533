"""A form read by the same contract as the API: what is lawful to send is decided in one place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import Objekt

T = TypeVar("T")

_HELTALL: Final = re.compile(r"-?[0-9]{1,15}")
_DESIMALTALL: Final = re.compile(r"-?[0-9]{1,15}[.,][0-9]{1,10}")
_MELLOMROM: Final = re.compile(r"[\s\u00a0\u202f]+")
_MINUS: Final = "\u2212"


class Felter(dict[str, str]):
    """Texts by the name of the field; one nobody filled in, or with nothing wrong, is empty."""

    def __missing__(self, navn: str) -> str:
        """Nothing, and nothing is put there."""
        return ""


@dataclass(frozen=True, slots=True)
class Lest(Generic[T]):
    """What a form says.

    Attributes:
        verdi: what it says, or nothing when there are faults.
        feil: what is wrong, by the name of the field.
    """

    verdi: T | None
    feil: Felter


def les(form: Objekt[T], raa: Any) -> Lest[T]:
    """Read what was typed, as the JSON it stands for.

    Args:
        form: the contract.
        raa: the object; its fields are called as the contract calls them.
    """
    feil: list[Feil] = []
    with eksakt_regning():
        lest = form.les(raa, "", feil)
    return Lest(None, per_felt(feil)) if feil else Lest(lest, Felter())  # type: ignore[arg-type]  # without a fault it is what the form says


def per_felt(feil: Iterable[Feil]) -> Felter:
    """The first fault of each field; a field is named by its pointer without the first slash."""
    funnet = Felter()
    for en in feil:
        funnet.setdefault(en.pointer.removeprefix("/"), en.detail)
    return funnet


def tall(tekst: str) -> int | Decimal | str | None:
    """A number as people type it, ``1 234,50``; what is none is given on as text, for the contract to refuse."""
    tett = _MELLOMROM.sub("", tekst).replace(_MINUS, "-")
    if not tett:
        return None
    if _HELTALL.fullmatch(tett):
        return int(tett)
    if _DESIMALTALL.fullmatch(tett):
        return Decimal(tett.replace(",", "."))
    return tekst


def uten_tomme(raa: dict[str, Any]) -> dict[str, Any]:
    """Without the fields nobody filled in: left out means what the contract says it means."""
    return {navn: verdi for navn, verdi in raa.items() if verdi not in ("", None, [], {})}
