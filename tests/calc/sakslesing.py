"""Reads the case tables in ``saker/``."""

import csv
import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

SAKER = Path(__file__).parent / "saker"


@dataclass(frozen=True)
class Sak:
    """A whole request with what the answer must hold."""

    fil: str
    tittel: str
    art: str
    hjemmel: str
    kilde: str
    inn: str
    svar: dict[str, str]


def les_saker() -> list[Sak]:
    """Every case of every TOML file."""
    return [
        Sak(fil.name, s["tittel"], s["art"], s["hjemmel"], s["kilde"], s["inn"], s["svar"])
        for fil in sorted(SAKER.glob("*.toml"))
        for s in tomllib.loads(fil.read_text("utf-8"))["sak"]
    ]


def les_tabell(navn: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (SAKER / navn).open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil))


def fra_json(tekst: str) -> Any:
    """JSON with exact numbers."""
    return json.loads(tekst, parse_float=Decimal, parse_int=Decimal)


def slaa_opp(svar: Any, peker: str) -> Any:
    """The value a JSON pointer names."""
    for del_ in peker.split("/")[1:]:
        svar = svar[int(del_)] if isinstance(svar, list) else svar[del_]
    return svar
