"""House rules that no ready-made linter knows. Run as ``python -m lint.husregler app``.

In ``app/calc``: no float in any form, no true division, no ``round``, and no import outside the standard
library and ``app.calc``. In ``app/calc/regler`` also: no number but 0 and 1, except where a place in the
regulation is cited; every number of the law belongs in a rate file.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FLYTTALLSMODULER = {"math", "cmath", "random", "statistics", "time"}
_FORBUDTE_NAVN = {"float", "round", "complex"}
_TILLATTE_TALL = {0, 1}


@dataclass(frozen=True, slots=True)
class Brudd:
    """One place where a house rule is broken."""

    fil: str
    linje: int
    melding: str

    def __str__(self) -> str:
        return f"{self.fil}:{self.linje}: {self.melding}"


def se_over(fil: str, kode: str) -> list[Brudd]:
    """The breaches in one file; ``fil`` is its path from the project's root, with slashes."""
    if not fil.startswith("app/calc/"):
        return []
    tre = ast.parse(kode)
    brudd = list(_uten_flyttall(fil, tre)) + list(_rene_importer(fil, tre))
    if fil.startswith("app/calc/regler/"):
        brudd += _uten_lovens_tall(fil, tre)
    return sorted(brudd, key=lambda b: b.linje)


def _uten_flyttall(fil: str, tre: ast.AST) -> Iterator[Brudd]:
    for node in ast.walk(tre):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield Brudd(fil, node.lineno, f"flyttall {node.value!r}; bruk Decimal fra en satsfil")
        elif isinstance(node, ast.Name) and node.id in _FORBUDTE_NAVN:
            yield Brudd(fil, node.lineno, f"{node.id} er ikke tillatt; avrunding skjer i app.calc.avrunding")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield Brudd(fil, node.lineno, "deling er ikke eksakt; bruk app.calc.avrunding")


def _rene_importer(fil: str, tre: ast.AST) -> Iterator[Brudd]:
    for node in ast.walk(tre):
        if isinstance(node, ast.Import):
            navn = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            navn = [node.module or ""]
        else:
            continue
        for modul in navn:
            rot = modul.split(".", maxsplit=1)[0]
            if rot == "app":
                if modul != "app.calc" and not modul.startswith("app.calc."):
                    yield Brudd(fil, node.lineno, f"import av {modul}; reglene ser bare app.calc")
            elif rot not in sys.stdlib_module_names or rot in _FLYTTALLSMODULER:
                yield Brudd(
                    fil,
                    node.lineno,
                    f"import av {modul}; reglene bruker bare standardbiblioteket, uten {rot}",
                )


def _uten_lovens_tall(fil: str, tre: ast.AST) -> Iterator[Brudd]:
    henvisninger = {
        id(del_)
        for node in ast.walk(tre)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hjemmel"
        for del_ in ast.walk(node)
    }
    for node in ast.walk(tre):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, int)
            and not isinstance(node.value, bool)
            and node.value not in _TILLATTE_TALL
            and id(node) not in henvisninger
        ):
            yield Brudd(fil, node.lineno, f"tallet {node.value}; lovens tall hører hjemme i en satsfil")


def main(rot: Path) -> int:
    """Check every file below ``rot``; the number of breaches decides the exit code."""
    alle = [
        brudd
        for fil in sorted(rot.rglob("*.py"))
        for brudd in se_over(fil.as_posix(), fil.read_text("utf-8"))
    ]
    for brudd in alle:
        print(brudd)
    return 1 if alle else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
