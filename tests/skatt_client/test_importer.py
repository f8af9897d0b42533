"""The library can be lifted out: it imports the standard library, five packages and itself."""

import ast
import sys
from pathlib import Path

import pytest

import app.skatt_client

LOV = {"httpx2", "joserfc", "cryptography", "pydantic", "stamina"}
ROT = Path(app.skatt_client.__file__).parent
FILER = sorted(ROT.rglob("*.py"))


def importert(fil: Path) -> set[str]:
    tre = ast.parse(fil.read_text("utf-8"))
    navn = {alias.name for node in ast.walk(tre) if isinstance(node, ast.Import) for alias in node.names}
    return navn | {node.module or "" for node in ast.walk(tre) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("fil", FILER, ids=lambda fil: str(fil.relative_to(ROT)))
def test_importer(fil: Path) -> None:
    for navn in importert(fil):
        egen = navn == "app.skatt_client" or navn.startswith("app.skatt_client.")
        rot = navn.partition(".")[0]
        assert egen or rot in LOV or rot in sys.stdlib_module_names, navn


def test_miljoet_leses_aldri() -> None:
    for fil in FILER:
        tre = ast.parse(fil.read_text("utf-8"))
        brukt = {node.attr for node in ast.walk(tre) if isinstance(node, ast.Attribute)}
        assert not brukt & {"environ", "getenv"}, fil.name
