"""Tables for spreadsheets: text is never run, and amounts are amounts."""

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from app.services.regneark import som_csv, som_xlsx


@pytest.mark.parametrize(
    ("verdi", "ventet"),
    [
        ("=1+1", "'=1+1"),
        ("+47", "'+47"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("Olga = ja", "Olga = ja"),
        ('a;b"c', 'a;b"c'),
        (None, ""),
        (-312, "-312"),
        (Decimal("-312.50"), "-312,50"),
        (Decimal("3744"), "3744"),
    ],
)
def test_en_celle_i_csv(verdi: Any, ventet: str) -> None:
    tekst = som_csv(["a", "b"], [[verdi, "siste"]]).decode("utf-8-sig")
    leser = csv.reader(io.StringIO(tekst, newline=""), delimiter=";")
    assert list(leser) == [["a", "b"], [ventet, "siste"]]


def test_en_celle_i_xlsx_er_tekst_eller_tall() -> None:
    bok = som_xlsx("Ark", ["a"], [["=1+1"], [Decimal("-312.5")]])
    ark = zipfile.ZipFile(io.BytesIO(bok)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in ark
    assert "<v>-312.5</v>" in ark
