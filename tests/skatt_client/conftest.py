"""Every test in this folder is also a test that nothing secret was logged."""

import logging
import re
from collections.abc import Iterator

import pytest

HEMMELIG = re.compile(r"(?<!\d)\d{11}(?!\d)|eyJ[\w-]{5,}|hemmelig-\d|Bearer \S")


@pytest.fixture(autouse=True)
def ingenting_hemmelig_i_loggen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Log everything at DEBUG and read all of it afterwards."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.get_records("call"):
        innhold = {navn: verdi for navn, verdi in vars(record).items() if not isinstance(verdi, int | float)}
        tekst = f"{record.getMessage()} {record.args!r} {innhold!r}"
        assert not HEMMELIG.search(tekst), record.name
