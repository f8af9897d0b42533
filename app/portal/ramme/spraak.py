"""Bokmål and nynorsk. Bokmål is what the templates say; nynorsk is a catalogue for each room of pages."""

from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

MAPPE: Final = Path(__file__).parents[1] / "tekster"
INFORMASJONSKAPSEL: Final = "spraak"
"""Holds nothing but the language; it lives as long as the browser's window."""


class Spraak(StrEnum):
    """The languages of the pages, by the code a page declares."""

    NB = "nb"
    NN = "nn"


KODER: Final = frozenset(ett.value for ett in Spraak)


def spraaket(request: Request) -> Spraak:
    """The language the user has chosen, else the one the browser asks for, else bokmål."""
    valgt = request.cookies.get(INFORMASJONSKAPSEL, "")
    if valgt in KODER:
        return Spraak(valgt)
    foretrukne = request.headers.get("accept-language", "").lower().split(",")
    for ett in foretrukne:
        kode = ett.split(";")[0].strip().partition("-")[0]
        if kode in KODER:
            return Spraak(kode)
        if kode == "no":
            break
    return Spraak.NB


@cache
def oversettelser(spraak: Spraak) -> NullTranslations:
    """What stands in the catalogues of a language; bokmål needs none."""
    if spraak is Spraak.NB:
        return NullTranslations()
    samlet = Catalog(locale="nn")
    for fil in sorted((MAPPE / spraak).glob("*.po")):
        with fil.open("rb") as inn:
            for melding in read_po(inn, locale="nn"):
                if melding.id:
                    samlet.add(melding.id, melding.string, context=melding.context)
    ut = BytesIO()
    write_mo(ut, samlet)
    ut.seek(0)
    return Translations(ut)
