"""What a month costs before and after: unknown is neither free nor unchanged."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from app.calc.beloep import HARDT_MELLOMROM
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.vedtak import Vedtak
from app.services.oppfoelging.forskjell import forskjeller
from app.services.oppgavetekst import endring_per_maaned
from tests.db.verden import ny_beregning, ny_vedtak

SAK = uuid4()
AAR = 2026


def beregning(beloep: int | None, aar: int = AAR) -> Beregning:
    """The same every month; none came to no amount."""
    en = ny_beregning(SAK, aar=aar)
    if beloep is None:
        return replace(en, tilstand=Tilstand.UFULLSTENDIG, resultat=None, resultat_hash=None)
    maaneder = [{"maaned": f"{aar}-{nr:02d}", "egenandel": beloep} for nr in range(1, 13)]
    return replace(en, resultat=json.dumps({"maaneder": maaneder}))


def fra(dag: date, beregning_id: UUID, erstatter: UUID | None = None) -> Vedtak:
    return ny_vedtak(SAK, beregning_id, erstatter, dag)


GAMMEL, DYRERE, I_FJOR, UTEN = beregning(1000), beregning(1300), beregning(900, AAR - 1), beregning(None)
FRA_NYTTAAR = fra(date(AAR, 1, 1), GAMMEL.id)
NYTT_MIDT_I_MAI = fra(date(AAR, 5, 15), DYRERE.id, FRA_NYTTAAR.id)


@pytest.mark.parametrize(
    ("vedtak", "foer", "nye", "antall", "differanser", "sagt"),
    [
        ([FRA_NYTTAAR], [GAMMEL], [DYRERE], 12, {300}, "egenandel +300 kr/md fra januar"),
        ([], [GAMMEL], [DYRERE], 12, {300}, "egenandel +300 kr/md fra januar"),
        ([], [GAMMEL], [GAMMEL], 12, {0}, "egenandelen er uendret"),
        # No amount before: what it costs now is no increase.
        ([], [UTEN], [DYRERE], 12, {None}, "egenandelen kan nå regnes ut: 1 300 kr/md fra januar"),
        ([], [], [DYRERE], 12, {None}, "egenandelen kan nå regnes ut: 1 300 kr/md fra januar"),
        # No amount after: nothing is compared.
        ([FRA_NYTTAAR], [GAMMEL], [UTEN], 0, set(), None),
        # A decision on another year's calculation does not tell what a month costs.
        (
            [fra(date(AAR, 1, 1), I_FJOR.id)],
            [],
            [DYRERE],
            12,
            {None},
            "egenandelen kan nå regnes ut: 1 300 kr/md fra januar",
        ),
        # May is split between two decisions.
        (
            [FRA_NYTTAAR, NYTT_MIDT_I_MAI],
            [GAMMEL, DYRERE],
            [beregning(1300)],
            12,
            {300, None, 0},
            "egenandel +300 kr/md fra januar til april",
        ),
        # Months before the first decision are not charged.
        ([fra(date(AAR, 3, 1), GAMMEL.id)], [GAMMEL], [DYRERE], 10, {300}, "egenandel +300 kr/md fra mars"),
    ],
)
def test_maanedene(
    vedtak: list[Vedtak],
    foer: list[Beregning],
    nye: list[Beregning],
    antall: int,
    differanser: set[int | None],
    sagt: str | None,
) -> None:
    rader = forskjeller(AAR, vedtak, foer, nye)
    assert len(rader) == antall
    assert {rad.differanse for rad in rader} == {None if en is None else Decimal(en) for en in differanser}
    if sagt is not None:
        assert endring_per_maaned(AAR, rader, naevn_aar=False).replace(HARDT_MELLOMROM, " ") == sagt
