"""The house rules catch what they promise to catch, and the project keeps them."""

from pathlib import Path

import pytest

from lint.husregler import main, se_over

REGEL = "app/calc/regler/par_3.py"
KALK = "app/calc/noe.py"


@pytest.mark.parametrize(
    ("fil", "kode", "melding"),
    [
        (KALK, "x = 0.75", "flyttall"),
        (KALK, "x = 1e3", "flyttall"),
        (KALK, "x = float('1')", "float"),
        (KALK, "def f(x: float) -> None: ...", "float"),
        (KALK, "x = round(y)", "round"),
        (KALK, "x = a / b", "deling"),
        (KALK, "x /= b", "deling"),
        (KALK, "import math", "import av math"),
        (KALK, "from random import choice", "import av random"),
        (KALK, "import pydantic", "import av pydantic"),
        (KALK, "from app.settings import Settings", "import av app.settings"),
        (REGEL, "prosent = 75", "tallet 75"),
        (REGEL, "x = maks(2, y)", "tallet 2"),
    ],
)
def test_brudd_blir_funnet(fil: str, kode: str, melding: str) -> None:
    assert [melding in str(brudd) for brudd in se_over(fil, kode)] == [True]


@pytest.mark.parametrize(
    ("fil", "kode"),
    [
        (KALK, "x = 12"),
        (KALK, "from decimal import Decimal"),
        (KALK, "from app.calc.beloep import NULL"),
        (REGEL, "HJEMMEL = Hjemmel(3, 2, 4)"),
        (REGEL, "x = max(0, y - 1)"),
        ("app/api/noe.py", "x = 0.5"),
    ],
)
def test_lovlig_kode_gaar_fri(fil: str, kode: str) -> None:
    assert se_over(fil, kode) == []


def test_prosjektet_holder_husreglene(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert main(Path("app")) == 0, capsys.readouterr().out
