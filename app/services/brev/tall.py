"""Amounts, days and citations as the letters write them. The same in bokmål and nynorsk."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk
from app.calc.periode import MAANEDSNAVN

_VERSJON: Final = re.compile(r" \(FOR-[^)]*\)")


def kroner(verdi: Any) -> str:
    """``88 560 kr``, with hard spaces."""
    return f"{tall(verdi)}{HARDT_MELLOMROM}kr"


def prosent(verdi: Any) -> str:
    """``75 %``."""
    return f"{tall(verdi)}{HARDT_MELLOMROM}%"


def tall(verdi: Any) -> str:
    """A number as it was read from stored JSON."""
    return tall_paa_norsk(verdi if isinstance(verdi, int) else Decimal(verdi))


def dato(dag: date | str) -> str:
    """``1. mai 2025``."""
    lest = date.fromisoformat(dag) if isinstance(dag, str) else dag
    return f"{lest.day}.{HARDT_MELLOMROM}{MAANEDSNAVN[lest.month - 1]} {lest.year}"


def maaned(noekkel: str) -> str:
    """``2025-03`` is ``mars 2025``."""
    aar, nummer = noekkel.split("-")
    return f"{MAANEDSNAVN[int(nummer) - 1]} {aar}"


def hjemmel(tekst: str | None) -> str:
    """A node's citation without the wording's number, which the letter names once."""
    return _VERSJON.sub("", tekst or "")


def paragrafen(tekst: str | None) -> str | None:
    """``§ 3 andre ledd`` is ``§ 3``; another law's is nobody's."""
    treff = re.match(r"§ \d+", tekst or "")
    return None if treff is None else treff[0]
