"""A thousand look-ups over twenty kommuner with a fifth of all calls disturbed; ``bench`` has the large one."""

import pytest

from app.services.mangler import Grunn
from app.skatt_client import MAX_IN_FLIGHT
from tests.integrasjon.belastning import Regnskap, bevis


@pytest.fixture(scope="module")
def regnskap() -> Regnskap:
    return bevis(1_000, 20, ventetid=8.0)


def test_ingen_gale_tall_og_ingen_tapte_svar(regnskap: Regnskap) -> None:
    assert regnskap.gale == 0
    assert regnskap.tapt == 0
    assert regnskap.uten_svar_til_slutt == 0
    assert regnskap.rett == 1_000


def test_feilene_skjedde(regnskap: Regnskap) -> None:
    """The proof is worth nothing if the faults were not there."""
    assert 0.15 < regnskap.andel_forstyrret < 0.25
    assert len(regnskap.arter) > 40
    assert regnskap.rett_i_foerste_runde < 1_000
    assert {Grunn.UGYLDIG_SVAR, Grunn.FEIL_OPPSETT, Grunn.INGEN_TILGANG, Grunn.SLETTET} <= set(
        regnskap.grunner
    )


def test_hoeyst_fem_i_luften(regnskap: Regnskap) -> None:
    assert regnskap.mest_i_luften == MAX_IN_FLIGHT
    assert regnskap.over_taket == 0


def test_tokenkall_per_noekkel(regnskap: Regnskap) -> None:
    """Long enough that tokens had to be renewed, and never more often than one per 90 seconds."""
    assert len(regnskap.tokenkall) == 40
    assert 2 < regnskap.mest_tokenkall <= regnskap.tillatte_tokenkall
