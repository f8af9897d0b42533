"""What applies in a year, and that later entries never reach back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.poster.typer import Gruppe
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.kommuneoppsett.dokument import Kommuneoppsett, Sykehusdoegn
from tests.calc.orakel import register_i
from tests.omfang import OMFANG
from tests.services.kommuneoppsett.dokumenter import HJEM, PRISER, Json, dokumenter, oppsett

OPPSETT = oppsett(
    valg=[
        {"gjelderFra": "2023-01-01", "langtidsvalg": {"nyttGFra": "2023-07-01", "prosentOverG": 80}},
        {
            "gjelderFra": "2025-01-01",
            "langtidsvalg": {"avrunding": "OERE_NED"},
            "bistandsvalg": {"avrundingAvTid": "PER_BESOEK"},
            "minstebeloepEtteroppgjoer": 250,
            "sykehusdoegn": "BETALES_IKKE",
            "fremskriving": {"leieinntekt": Decimal("1.05")},
        },
    ],
    institusjoner=[
        {
            **HJEM,
            "oppholdsutgift": [
                {"gjelderFra": "2022-03-01", "beloepPerMaaned": 70_000},
                {"gjelderFra": "2024-01-01", "beloepPerMaaned": 80_000},
                {"gjelderFra": "2025-04-15", "beloepPerMaaned": 90_000},
            ],
        }
    ],
    prisregister=[
        {**PRISER, "gjelderFra": "2024-03-01"},
        {**PRISER, "gjelderFra": "2025-01-01", "friMaaneder": [7]},
        {**PRISER, "gjelderFra": "2025-07-01", "trinn": [{"fraG": 2, "timepris": 430}]},
    ],
)


@pytest.mark.parametrize(
    ("aar", "felt", "verdi"),
    [
        (2023, "nyttGFra", "2023-07-01"),
        (2024, "nyttGFra", None),  # a date belongs to its own year
        (2024, "prosentOverG", 80),
        (2025, "prosentOverG", None),
        (2025, "avrunding", "OERE_NED"),
        (2026, "avrunding", "OERE_NED"),
        (2026, "fordelAvFribeloep", "75_PROSENT"),  # defaults are written out
    ],
)
def test_langtidsvalg_er_kalkulatorens(aar: int, felt: str, verdi: object) -> None:
    valg = aarsoppsett(OPPSETT, aar).langtidsvalg
    assert valg.get(felt) == verdi
    assert kalkuler("langtidsopphold", skriv_json({"aar": aar, "valg": valg}))


def test_resten_av_valgene() -> None:
    i_2024, i_2025 = aarsoppsett(OPPSETT, 2024), aarsoppsett(OPPSETT, 2025)
    assert (i_2024.sykehusdoegn, i_2025.sykehusdoegn) == (Sykehusdoegn.BETALES, Sykehusdoegn.BETALES_IKKE)
    assert i_2024.minstebeloep_etteroppgjoer == 0
    assert i_2025.minstebeloep_etteroppgjoer == 250
    assert i_2024.fremskriving == dict.fromkeys(Gruppe, Decimal(1))
    assert i_2025.fremskriving == {**dict.fromkeys(Gruppe, Decimal(1)), Gruppe.LEIEINNTEKT: Decimal("1.05")}
    assert i_2025.bistandsvalg == {"avrundingAvTid": "PER_BESOEK", "avrunding": "OERE_NED"}


@pytest.mark.parametrize(
    ("maaned", "timepris", "fri"),
    [
        ("2024-02", None, []),
        ("2024-03", 400, []),
        ("2024-12", 400, []),
        ("2025-01", 400, [7]),
        ("2025-06", 400, [7]),
        ("2025-07", 430, []),
        ("2026-01", 430, []),
    ],
)
def test_prisregister_paa_hver_side_av_en_endring(maaned: str, timepris: int | None, fri: list[int]) -> None:
    register = aarsoppsett(OPPSETT, int(maaned[:4])).prisregister(maaned)
    assert [trinn["timepris"] for trinn in register["trinn"]] == ([] if timepris is None else [timepris])
    assert register["friMaaneder"] == fri


def test_aarets_priser_er_kalkulatorens() -> None:
    priser = aarsoppsett(OPPSETT, 2025).priser
    inn: Json = {
        "aar": 2025,
        "husstand": [{"rolle": "TJENESTEMOTTAKER", "alminneligInntektFoerSaerfradrag": 300_000}],
        "tjenester": [{"maaned": f"2025-{nr:02d}", "art": "TIMER", "timer": 1} for nr in (6, 7)],
        **priser,
    }
    assert [endring["fraMaaned"] for endring in priser["prisendringer"]] == ["2025-07"]
    assert '"egenandelAar":830' in kalkuler("praktisk-bistand", skriv_json(inn), forklar=False)


@pytest.mark.parametrize(
    ("aar", "ventet"),
    [
        (2023, [("2022-03-01", 70_000)]),
        (2024, [("2024-01-01", 80_000)]),
        (2025, [("2024-01-01", 80_000), ("2025-04-15", 90_000)]),
        (2026, [("2025-04-15", 90_000)]),
    ],
)
def test_oppholdsutgift_i_kraft_i_aaret(aar: int, ventet: list[tuple[str, int]]) -> None:
    svar = aarsoppsett(OPPSETT, aar).oppholdsutgift("hjem")
    assert svar == tuple((date.fromisoformat(fra), Decimal(beloep)) for fra, beloep in ventet)


def test_det_som_mangler_sier_hva_som_skal_legges_til() -> None:
    with pytest.raises(
        OppsettManglerError, match=r"dekker ikke 2022\. Legg til valg med gjelderFra 2022-01-01"
    ):
        aarsoppsett(OPPSETT, 2022)
    with pytest.raises(OppsettManglerError, match=r"«borte» i 2025\. Legg til institusjonen"):
        aarsoppsett(OPPSETT, 2025).oppholdsutgift("borte")
    ny = replace(
        OPPSETT.institusjoner[0], kode="ny", oppholdsutgift=OPPSETT.institusjoner[0].oppholdsutgift[2:]
    )
    with pytest.raises(OppsettManglerError, match=r"«ny» i 2024\. .*senest fra 2024-12-31"):
        aarsoppsett(replace(OPPSETT, institusjoner=(ny,)), 2024).oppholdsutgift("ny")


def uten_senere(dokument: Kommuneoppsett, aar: int) -> Kommuneoppsett:
    """The document as it was before anything from after the year was added."""

    def foer(rader: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(rad for rad in rader if rad.gjelder_fra <= date(aar, 12, 31))

    return replace(
        dokument,
        valg=foer(dokument.valg),
        prisregister=foer(dokument.prisregister),
        institusjoner=tuple(
            replace(inst, oppholdsutgift=foer(inst.oppholdsutgift)) for inst in dokument.institusjoner
        ),
    )


@given(dokumenter(), st.integers(2013, 2026))
@settings(max_examples=80 * OMFANG, deadline=None)
def test_senere_rader_endrer_aldri_et_tidligere_aar(dokument: Kommuneoppsett, aar: int) -> None:
    tidligere = uten_senere(dokument, aar)
    if not tidligere.valg:
        with pytest.raises(OppsettManglerError):
            aarsoppsett(dokument, aar)
        return
    assert aarsoppsett(dokument, aar) == aarsoppsett(tidligere, aar)


@given(dokumenter(), st.integers(2013, 2026))
@settings(max_examples=80 * OMFANG, deadline=None)
def test_kalkulatorene_tar_ethvert_aar(dokument: Kommuneoppsett, aar: int) -> None:
    """And the year's prices put together are those of each month asked for by itself."""
    if dokument.valg[0].gjelder_fra.year > aar:
        return
    i_aaret = aarsoppsett(dokument, aar)
    husstand = [{"rolle": "TJENESTEMOTTAKER"}]
    assert kalkuler("langtidsopphold", skriv_json({"aar": aar, "valg": i_aaret.langtidsvalg}))
    inn = {"aar": aar, "husstand": husstand, "valg": i_aaret.bistandsvalg, **i_aaret.priser}
    assert kalkuler("praktisk-bistand", skriv_json(inn))
    for maaned in (f"{aar}-{nr:02d}" for nr in range(1, 13)):
        assert register_i(inn, maaned) == i_aaret.prisregister(maaned)
