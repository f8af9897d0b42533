"""Look-ups somebody should ask about: which they are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import pytest

from app.services.personvern.tilsyn import Sett, Slag, finn

EN, TO = date(2026, 11, 19), date(2026, 11, 20)
MERKER: Final = {"anna": "anna selv", "bo": "bo selv"}
MANGE: Final = 3


@dataclass(frozen=True)
class Rad:
    """What users had open, and what there is to ask about: kind, user, day, persons."""

    hva: str
    aapnet: Sequence[tuple[str, str, date]]
    funnet: Sequence[tuple[Slag, str, date, int]] = ()


RADER: Final = (
    Rad("ingenting", []),
    Rad("en innbygger", [("anna", "x", EN)]),
    Rad("seg selv", [("anna", "anna selv", EN)], [(Slag.EGEN, "anna", EN, 1)]),
    Rad("en kollega", [("anna", "bo selv", EN)], [(Slag.KOLLEGA, "anna", EN, 1)]),
    Rad(
        "en bruker tilbyderen ikke sier nummeret til, kan også ha kolleger",
        [("cecilie", "bo selv", EN)],
        [(Slag.KOLLEGA, "cecilie", EN, 1)],
    ),
    Rad("like mange som grensen", [("anna", f"{nr}", EN) for nr in range(MANGE)]),
    Rad(
        "én mer",
        [("anna", f"{nr}", EN) for nr in range(MANGE + 1)],
        [(Slag.MANGE, "anna", EN, MANGE + 1)],
    ),
    Rad("den samme mange ganger", [("anna", "x", EN)] * (MANGE + 1)),
    Rad("fordelt på to døgn", [("anna", f"{nr}", dag) for nr in range(2) for dag in (EN, TO)]),
    Rad("fordelt på to brukere", [(hvem, f"{nr}", EN) for nr in range(2) for hvem in MERKER]),
    Rad(
        "det nyeste døgnet først, og det alvorligste først i døgnet",
        [("anna", "bo selv", EN), ("bo", "anna selv", TO), ("anna", "anna selv", TO)],
        [
            (Slag.EGEN, "anna", TO, 1),
            (Slag.KOLLEGA, "bo", TO, 1),
            (Slag.KOLLEGA, "anna", EN, 1),
        ],
    ),
)


@pytest.mark.parametrize("rad", RADER, ids=lambda rad: rad.hva)
def test_hva_noen_boer_spoerre_om(rad: Rad) -> None:
    sett = [Sett(nr, dag, hvem, merke, None) for nr, (hvem, merke, dag) in enumerate(rad.aapnet, 1)]
    funnet = finn(sett, MERKER, MANGE)
    assert [(ett.slag, ett.bruker, ett.dag, ett.personer) for ett in funnet] == list(rad.funnet)


def test_radene_og_sakene_er_dem_det_gjelder() -> None:
    saker = [UUID(int=nr) for nr in range(30)]
    sett = [Sett(10 + nr, EN, "anna", "anna selv", sak) for nr, sak in enumerate(saker)]
    (egen,) = finn([Sett(1, EN, "anna", "x", UUID(int=99)), *sett, sett[0]], MERKER, MANGE)
    assert (egen.rader, egen.foerste_rad, egen.siste_rad) == (31, 10, 10)
    assert egen.saker == tuple(saker[:20])
