"""Tables for people's spreadsheets: CSV as Norwegian ones read it, and XLSX. No cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

_FORMELTEGN: Final = ("=", "+", "-", "@", "\t", "\r")
_BREDDE: Final = 24


def uten_formel(verdi: Any) -> Any:
    """A spreadsheet runs what begins like a formula; an apostrophe makes it text."""
    return f"'{verdi}" if isinstance(verdi, str) and verdi.startswith(_FORMELTEGN) else verdi


def csv_linje(verdier: Iterable[Any]) -> str:
    """One line, its cells parted by semicolons."""
    linje = io.StringIO()
    csv.writer(linje, delimiter=";").writerow([_celle(verdi) for verdi in verdier])
    return linje.getvalue()


def _celle(verdi: Any) -> Any:
    """An amount with the comma Norwegian spreadsheets expect; below zero it stays an amount."""
    return str(verdi).replace(".", ",") if isinstance(verdi, Decimal) else uten_formel(verdi)


def som_csv(overskrifter: Sequence[str], rader: Iterable[Sequence[Any]]) -> bytes:
    """A whole table, marked as UTF-8 for the programs that would guess otherwise."""
    return "".join(map(csv_linje, (overskrifter, *rader))).encode("utf-8-sig")


def som_xlsx(navn: str, overskrifter: Sequence[str], rader: Iterable[Sequence[Any]]) -> bytes:
    """A whole table as a workbook with one sheet. Text is text whatever it begins with."""
    fil = io.BytesIO()
    valg = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(fil, valg) as bok:
        ark = bok.add_worksheet(navn)
        ark.write_row(0, 0, overskrifter, bok.add_format({"bold": True}))
        for nr, rad in enumerate(rader, 1):
            for kolonne, verdi in enumerate(rad):
                if verdi is not None:
                    ark.write(nr, kolonne, verdi)
        ark.freeze_panes(1, 0)
        ark.set_column(0, len(overskrifter) - 1, _BREDDE)
    return fil.getvalue()
