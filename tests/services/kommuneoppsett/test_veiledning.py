"""Everything a kommune decides is explained: to the one who answers, in the file, and in the documentation."""

from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.lesing import Kanskje, Liste, Valgt
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandValg
from app.services.kommuneoppsett.fil import fra_toml
from app.services.kommuneoppsett.veiledning import KLASSER, VERDIER, veiledning

DOKUMENT = (Path(__file__).parents[3] / "docs" / "kommuneoppsett.md").read_text("utf-8")
FELT = [(klasse, felt) for klasse in KLASSER for felt in fields(klasse)]


@pytest.mark.parametrize("klasse", [Valg, PraktiskBistandValg])
def test_hvert_valg_har_betydning_og_hjemmel(klasse: type[Any]) -> None:
    for felt in fields(klasse):
        hva = veiledning(klasse, felt.name)
        assert hva is not None
        assert hva.hjemmel is not None


def test_hver_verdi_er_forklart() -> None:
    valg: set[StrEnum] = set()
    for _, felt in FELT:
        leser = felt.metadata["leser"]
        innerst = leser.leser if isinstance(leser, Kanskje | Liste) else leser
        if isinstance(innerst, Valgt):
            valg |= set(innerst.valg)
    assert valg == set(VERDIER)


@pytest.mark.parametrize(
    ("klasse", "felt"), FELT, ids=lambda del_: getattr(del_, "__name__", getattr(del_, "name", ""))
)
def test_hvert_felt_staar_i_dokumentet(klasse: type[Any], felt: Any) -> None:
    assert f"`{camel(felt.name)}`" in DOKUMENT
    leser = felt.metadata["leser"]
    if isinstance(leser, Valgt):
        assert all(f"`{verdi}`" in DOKUMENT for verdi in leser.valg)


def test_hjemlene_i_dokumentet_er_de_samme() -> None:
    for klasse, felt in FELT:
        hva = veiledning(klasse, felt.name)
        if hva is not None and hva.hjemmel is not None:
            assert hva.hjemmel in DOKUMENT


def test_eksempelet_i_dokumentet_kan_brukes() -> None:
    assert fra_toml(DOKUMENT.split("```toml\n")[1].split("```")[0])
