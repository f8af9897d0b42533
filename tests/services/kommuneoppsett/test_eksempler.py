"""The examples in ``eksempler/kommuner`` can be used as they stand, for the sandbox's own kommuner."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.sandbox.standard import KOMMUNER
from app.services.kommuneoppsett.aarsoppsett import aarsoppsett
from app.services.kommuneoppsett.fil import fra_toml, les_fil, som_toml
from app.services.kommuneoppsett.varsler import varsler

FILER = sorted((Path(__file__).parents[3] / "eksempler" / "kommuner").glob("*.toml"))


def test_kommunene_er_sandkassens() -> None:
    funnet = {les_fil(fil).organisasjonsnummer: les_fil(fil).navn for fil in FILER}
    assert funnet == {k.orgnr: k.navn for k in KOMMUNER if k.navn in {"Fjordvik", "Skogli", "Lia"}}


@pytest.mark.parametrize("fil", FILER, ids=lambda fil: fil.stem)
def test_eksempelet_kan_brukes_uten_varsler(fil: Path) -> None:
    oppsett = les_fil(fil)
    assert varsler(oppsett, date(2026, 11, 23)) == ()
    assert fra_toml(som_toml(oppsett)) == oppsett


@pytest.mark.parametrize("aar", range(2021, 2027))
@pytest.mark.parametrize("fil", FILER, ids=lambda fil: fil.stem)
def test_begge_kalkulatorene_tar_eksempelet(fil: Path, aar: int) -> None:
    i_aaret = aarsoppsett(les_fil(fil), aar)
    assert kalkuler("langtidsopphold", skriv_json({"aar": aar, "valg": i_aaret.langtidsvalg}))
    inn = {
        "aar": aar,
        "husstand": [{"rolle": "TJENESTEMOTTAKER"}],
        "valg": i_aaret.bistandsvalg,
        **i_aaret.priser,
    }
    assert kalkuler("praktisk-bistand", skriv_json(inn))
    assert all(i_aaret.oppholdsutgift(inst.kode) for inst in i_aaret.institusjoner)


def maaneder(navn: str, aar: int, grunnlag: int, timer: dict[str, int]) -> list[Any]:
    fil = next(fil for fil in FILER if fil.stem == navn)
    inn = {
        "aar": aar,
        "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": grunnlag}],
        "tjenester": [
            {"maaned": maaned, "art": "TIMER", "timer": antall} for maaned, antall in timer.items()
        ],
        **aarsoppsett(les_fil(fil), aar).priser,
    }
    svar = les_json(kalkuler("praktisk-bistand", skriv_json(inn), forklar=False))
    return [maaned["egenandel"] for maaned in svar["maaneder"]]


@pytest.mark.parametrize(
    ("navn", "aar", "grunnlag", "timer", "ventet"),
    [
        # Sandnes 2023, 2-3 G: 850 a month, not above the hours at 517.
        ("fjordvik", 2023, 300_000, {"2023-01": 4, "2023-02": 1}, [850, 517]),
        # Fjordvik's own change in July 2026: 920 a month from then, and selvkost 561.
        ("fjordvik", 2026, 300_000, {"2026-06": 4, "2026-07": 4, "2026-08": 1}, [850, 920, 561]),
        # Frosta 2024, 3-4 G: 424 an hour, at most 2 051. July is free.
        ("skogli", 2024, 400_000, {"2024-06": 3, "2024-07": 3, "2024-08": 10}, [3 * 424, 0, 2051]),
        # Gjemnes 2023, from 4 G: 397 an hour, at most 2 961.
        ("lia", 2023, 450_000, {"2023-01": 2, "2023-02": 20}, [2 * 397, 2961]),
    ],
)
def test_prisene_er_de_eksempelet_sier(
    navn: str, aar: int, grunnlag: int, timer: dict[str, int], ventet: list[int | Decimal]
) -> None:
    assert maaneder(navn, aar, grunnlag, timer) == ventet
