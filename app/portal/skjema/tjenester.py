"""Services of many months as one row of the form. The contract has one for each month."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import Skjema

RAD: Final[Skjema] = {
    "type": "object",
    "properties": {
        "art": {"type": "string"},
        "timer": {"type": "number"},
        "pris": {"type": "number"},
        "fra": {"type": "string"},
        "til": {"type": "string"},
    },
}
"""A row: the service, and the months from and to."""

_MAANED: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_NORSK_MAANED: Final = re.compile(r"(0?[1-9]|1[0-2])\.([0-9]{4})")
_FLEST: Final = 5_001
"""One more than the contract takes, so that the contract says it is too many."""


def per_maaned(rader: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[str], list[Feil]]:
    """The services of each month.

    Returns:
        The services, the row each came from (a pointer in the form), and what is wrong with the months.
    """
    tjenester: list[dict[str, Any]] = []
    fra_rad: list[str] = []
    feil: list[Feil] = []
    for nr, rad in enumerate(rader):
        fra, til = _maaned(rad.get("fra")), _maaned(rad.get("til"))
        felles = {navn: rad[navn] for navn in ("art", "timer", "pris") if navn in rad}
        if fra is None or (til is None and rad.get("til")):
            # The contract says what is wrong with the month.
            galt = "fra" if fra is None else "til"
            tjenester.append({**felles, **({"maaned": rad[galt]} if galt in rad else {})})
            fra_rad.append(f"/tjenester/{nr}/{galt}")
            continue
        slutt = (fra // 12) * 12 + 11 if til is None else til
        if slutt < fra:
            feil.append(Feil(f"/tjenester/{nr}/til", "til-foer-fra-maaned", "til før fra"))
        for maaned in range(fra, min(slutt, fra + _FLEST - len(tjenester) - 1) + 1):
            tjenester.append({**felles, "maaned": f"{maaned // 12:04d}-{maaned % 12 + 1:02d}"})
            fra_rad.append(f"/tjenester/{nr}/fra")
    return tjenester, fra_rad, feil


def i_skjemaet(feil: Iterable[Feil], fra_rad: list[str]) -> Iterator[Feil]:
    """Faults of the months with pointers to the rows they came from."""
    for en in feil:
        ledd = en.pointer.split("/")
        if ledd[1:2] == ["tjenester"] and len(ledd) > 2 and ledd[2].isdigit() and int(ledd[2]) < len(fra_rad):  # noqa: PLR2004
            her = fra_rad[int(ledd[2])]
            felt = "/".join(ledd[3:])
            peker = her if felt == "maaned" else f"{her.rpartition('/')[0]}{f'/{felt}' if felt else ''}"
            yield Feil(peker, en.kode, en.detail)
        else:
            yield en


def som_rader(tjenester: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored services with months that follow each other as one row; nothing is lost by it."""
    like: dict[tuple[Any, ...], Counter[int]] = {}
    for en in tjenester:
        maaned = _maaned(en["maaned"])
        noekkel = (en["art"], en.get("timer"), en.get("pris"))
        like.setdefault(noekkel, Counter())[maaned or 0] += 1
    rader = [
        {"art": art, "timer": timer, "pris": pris, "fra": _tekst(fra), "til": _tekst(til)}
        for (art, timer, pris), antall in like.items()
        for fra, til in _rekker(antall)
    ]
    return sorted(rader, key=lambda rad: rad["fra"])


def _rekker(antall: Counter[int]) -> Iterator[tuple[int, int]]:
    """Runs of months; a month that stands twice is in two of them."""
    while antall:
        start = min(antall)
        slutt = start
        while slutt + 1 in antall:
            slutt += 1
        antall -= Counter(range(start, slutt + 1))
        yield start, slutt


def _maaned(tekst: Any) -> int | None:
    """Months since the year 0, so that they can be counted."""
    if not isinstance(tekst, str):
        return None
    if treff := _MAANED.fullmatch(tekst):
        return int(treff[1]) * 12 + int(treff[2]) - 1
    if treff := _NORSK_MAANED.fullmatch(tekst):
        return int(treff[2]) * 12 + int(treff[1]) - 1
    return None


def _tekst(maaned: int) -> str:
    return f"{maaned // 12:04d}-{maaned % 12 + 1:02d}"
