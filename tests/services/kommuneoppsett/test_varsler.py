"""What is lawful but unusual is said, with its place."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.services.kommuneoppsett.varsler import varsler
from tests.services.kommuneoppsett.dokumenter import HJEM, PRISER, Json, oppsett

I_DAG = date(2026, 11, 23)
BEGGE = {
    "tjenester": ["LANGTIDSOPPHOLD", "PRAKTISK_BISTAND"],
    "institusjoner": [HJEM],
    "prisregister": [PRISER],
}


def valg(fra: str = "2025-01-01", **langtidsvalg: Any) -> Json:
    return {"gjelderFra": fra, "langtidsvalg": langtidsvalg}


def pris(fra: str, timepris: int, **mer: Any) -> Json:
    return {**PRISER, "gjelderFra": fra, "trinn": [{"fraG": 2, "timepris": timepris}], **mer}


def utgift(*rader: tuple[str, int]) -> Json:
    return {
        **HJEM,
        "oppholdsutgift": [{"gjelderFra": fra, "beloepPerMaaned": kroner} for fra, kroner in rader],
    }


@pytest.mark.parametrize(
    ("endring", "ventet"),
    [
        ({}, []),
        (
            {"valg": [valg(fordelAvFribeloep="100_PROSENT")]},
            [("/valg/0/langtidsvalg/fordelAvFribeloep", "UVANLIG_VALG")],
        ),
        ({"valg": [valg(doegnregel="365_DAGER")]}, [("/valg/0/langtidsvalg/doegnregel", "UVANLIG_VALG")]),
        ({"valg": [valg(doegnregel="30_DAGER")]}, []),
        ({"valg": [valg("2026-01-01", nyttGFra="2026-07-01")]}, []),
        ({"valg": [valg(nyttGFra="2025-07-01")]}, [("/valg/0/langtidsvalg/nyttGFra", "NYTT_G_BARE_ETT_AAR")]),
        ({"valg": [valg(nyttGFra="2025-07-01"), valg("2026-01-01")]}, []),
        (
            {"valg": [valg("2027-01-01")]},
            [("/valg/0/gjelderFra", "AARET_ER_IKKE_DEKKET"), ("/valg/0/gjelderFra", "SATSER_ER_IKKE_KLARE")],
        ),
        (
            {"valg": [{**valg(), "fremskriving": {"leieinntekt": 2}}]},
            [("/valg/0/fremskriving/leieinntekt", "UVANLIG_FREMSKRIVING")],
        ),
        ({"valg": [{**valg(), "fremskriving": {"leieinntekt": Decimal("1.25")}}]}, []),
        ({"valg": [valg(korttidPerDoegn=100), valg("2026-01-01", korttidPerDoegn=125)]}, []),
        (
            {"valg": [valg(korttidPerDoegn=100), valg("2026-01-01", korttidPerDoegn=126)]},
            [("/valg/1/langtidsvalg/korttidPerDoegn", "STOR_OEKNING")],
        ),
        ({"institusjoner": []}, [("/institusjoner", "INSTITUSJON_MANGLER")]),
        ({"tjenester": ["PRAKTISK_BISTAND"], "institusjoner": []}, []),
        (
            {"institusjoner": [utgift(("2025-12-31", 1))]},
            [("/institusjoner/0/oppholdsutgift", "OPPHOLDSUTGIFT_MANGLER_I_AAR")],
        ),
        ({"institusjoner": [utgift(("2026-12-31", 1))]}, []),
        (
            {"institusjoner": [utgift(("2027-01-01", 1))]},
            [("/institusjoner/0/oppholdsutgift", "OPPHOLDSUTGIFT_MANGLER_I_AAR")],
        ),
        (
            {"institusjoner": [utgift(("2026-01-01", 0))]},
            [("/institusjoner/0/oppholdsutgift/0/beloepPerMaaned", "OPPHOLDSUTGIFT_ER_NULL")],
        ),
        ({"institusjoner": [utgift(("2025-01-01", 80_000), ("2026-01-01", 100_000))]}, []),
        (
            {"institusjoner": [utgift(("2025-01-01", 80_000), ("2026-01-01", 100_001))]},
            [("/institusjoner/0/oppholdsutgift/1/beloepPerMaaned", "STOR_OEKNING")],
        ),
        ({"prisregister": []}, [("/prisregister", "PRISREGISTER_MANGLER")]),
        ({"prisregister": [pris("2026-12-01", 400)]}, [("/prisregister", "PRISREGISTER_MANGLER")]),
        ({"tjenester": ["LANGTIDSOPPHOLD"], "prisregister": []}, []),
        ({"prisregister": [{**PRISER, "trinn": []}]}, [("/prisregister/0/trinn", "STIGE_MANGLER")]),
        (
            {"prisregister": [{**PRISER, "selvkost": None}]},
            [("/prisregister/0/selvkost", "SELVKOST_MANGLER")],
        ),
        ({"prisregister": [pris("2026-01-01", 440)]}, []),
        (
            {"prisregister": [pris("2026-01-01", 441)]},
            [("/prisregister/0/trinn/0/timepris", "PRIS_OVER_SELVKOST")],
        ),
        ({"prisregister": [pris("2026-01-01", 320), pris("2026-07-01", 400)]}, []),
        (
            {"prisregister": [pris("2026-01-01", 319), pris("2026-07-01", 400)]},
            [("/prisregister/1/trinn/0/timepris", "STOR_OEKNING")],
        ),
        ({"prisregister": [pris("2026-01-01", 0), pris("2026-07-01", 400)]}, []),
        (
            {"prisregister": [pris("2026-01-01", 200), pris("2027-01-01", 200)]},
            [("/prisregister/1/gjelderFra", "SATSER_ER_IKKE_KLARE")],
        ),
        (
            {
                "prisregister": [
                    pris("2026-01-01", 200),
                    pris("2026-07-01", 200, selvkost={"timeloenn": 376, "sosialeUtgifter": 100}),
                ]
            },
            [("/prisregister/1/selvkost/timeloenn", "STOR_OEKNING")],
        ),
        ({"oppbevaring": {"raasvarDoegn": 364}}, [("/oppbevaring/raasvarDoegn", "KORT_OPPBEVARING")]),
        ({"oppbevaring": {"raasvarDoegn": 365}}, []),
    ],
)
def test_varsel(endring: Json, ventet: list[tuple[str, str]]) -> None:
    funnet = varsler(oppsett(**{**BEGGE, **endring}), I_DAG)
    assert [(v.pointer, v.kode) for v in funnet] == ventet
    assert all(v.tekst.endswith(".") for v in funnet)
