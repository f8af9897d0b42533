"""A value of the contract as plain JSON: what ``skriv_json`` and the readers of the contract both take."""

from dataclasses import Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.calc.kontrakt.json_tekst import camel


def feltene(klasse: type[Any]) -> list[Field[Any]]:
    """The fields as people read them: the date they apply from comes first."""
    return sorted(fields(klasse), key=lambda felt: felt.name != "gjelder_fra")


def som_raa(verdi: Any) -> Any:
    """Dataclasses become objects, tuples lists, dates and choices text. What is not set is left out."""
    if isinstance(verdi, StrEnum):
        return verdi.value
    if isinstance(verdi, date):
        return verdi.isoformat()
    if isinstance(verdi, tuple):
        return [som_raa(del_) for del_ in verdi]
    if is_dataclass(verdi):
        alle = ((camel(felt.name), getattr(verdi, felt.name)) for felt in feltene(type(verdi)))
        return {navn: som_raa(del_) for navn, del_ in alle if del_ is not None}
    return verdi
