"""What a row of the register says, and what it refuses to say."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.services.revisjon import (
    HJEMMEL,
    Driftsaktoer,
    Handling,
    Utfall,
    en_for_hver,
    ny_rad,
    ser_personlig_ut,
)

AKTOER = Driftsaktoer(
    "6f3c1a52-0001-4a5b-9c11-12345678901a", "BRUKER", "BEREGNER", "310000018", "idporten-loa-high"
)
SAK = UUID("01946efc-0e00-7182-8044-b6e78c3b6670")
PERSON = "09819899123"


def test_raden_sier_hvem_hva_hvorfor_og_paa_hvilket_grunnlag() -> None:
    rad = ny_rad(
        AKTOER,
        Handling.GRUNNLAG_LEST,
        Utfall.OK,
        ident=PERSON,
        sak_id=SAK,
        data=["SKATTEGRUNNLAG", "BEREGNET_SKATT", "SKATTEGRUNNLAG"],
        aar=[2024, 2023, 2024],
        rute="GET /api/v1/saker/{sakId}/grunnlag",
        korrelasjonsid="k-1",
        skatteetaten=["s-1"],
    )
    assert (rad.handling, rad.utfall, rad.ident, rad.sak_id) == ("GRUNNLAG_LEST", "OK", PERSON, SAK)
    assert rad.innhold == {
        "aktoer": {
            "type": "BRUKER",
            "id": AKTOER.id,
            "rolle": "BEREGNER",
            "leverandoer": "310000018",
            "eidNivaa": "idporten-loa-high",
        },
        "data": ["BEREGNET_SKATT", "SKATTEGRUNNLAG"],
        "aar": [2023, 2024],
        "formaal": f"sak {SAK}",
        "hjemmel": HJEMMEL,
        "rute": "GET /api/v1/saker/{sakId}/grunnlag",
        "korrelasjonsid": "k-1",
        "skatteetaten": ["s-1"],
        "antall": {},
    }
    assert PERSON not in json.dumps(rad.innhold)
    assert PERSON not in repr(rad)


# A text in the row, and where it stands.
UTENKELIG: list[dict[str, Any]] = [
    {"formaal": f"gjelder {PERSON}"},
    {"formaal": "gjelder 098198 99123"},
    {"formaal": "gjelder 098198-99123"},
    {"formaal": "krav fra Oline Haugland"},
    {"formaal": "krav fra Anne-Grete Ås"},
    {"hjemmel": f"etter {PERSON}"},
    {"rute": f"GET /api/v1/personer/{PERSON}"},
    {"korrelasjonsid": PERSON},
    {"data": [f"svar-{PERSON}"]},
    {"antall": {PERSON: 1}},
    {"formaal": "a" * 501},
]


@pytest.mark.parametrize("felt", UTENKELIG)
def test_det_personlige_nektes_og_gjentas_ikke(felt: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="noteres ikke") as feil:
        ny_rad(AKTOER, Handling.SAK_LEST, Utfall.OK, sak_id=SAK, **felt)
    assert PERSON not in str(feil.value)


@pytest.mark.parametrize("id_", [PERSON, "Kari Nordmann", "kari.nordmann 09819899123"])
def test_en_aktoer_er_aldri_et_nummer_eller_et_navn(id_: str) -> None:
    with pytest.raises(ValueError, match="noteres ikke"):
        ny_rad(Driftsaktoer(id_), Handling.KOMMUNE_LEST, Utfall.OK)


@pytest.mark.parametrize(
    "tekst",
    [
        HJEMMEL,
        "personvernforordningen artikkel 15 og pasientjournalloven § 22 a",
        "Etteroppgjør for 2024",
        "6f3c1a52-0001-4a5b-9c11-12345678901a",
        "sak 01946efc-0e00-7182-8044-123456789012",
        "POST /api/v1/saker/{sakId}/beregninger",
        "310000018",
        "120000000000",
    ],
)
def test_det_upersonlige_gaar_fri(tekst: str) -> None:
    assert not ser_personlig_ut(tekst)


def test_en_fremmed_id_vi_ikke_kan_notere_utelates() -> None:
    rad = ny_rad(
        AKTOER, Handling.OPPSLAG, Utfall.FEIL, skatteetaten=["abc-123", PERSON, "to ord", ""], formaal="prøve"
    )
    assert rad.innhold["skatteetaten"] == ["abc-123", "(utelatt)", "(utelatt)", "(utelatt)"]


def test_en_persons_opplysninger_har_alltid_et_formaal() -> None:
    with pytest.raises(ValueError, match="formaal"):
        ny_rad(AKTOER, Handling.OPPSLAG, Utfall.OK, ident=PERSON)


def test_en_rad_for_hver_av_dem_det_gjelder() -> None:
    annen = "09819899999"
    rader = en_for_hver([annen, PERSON, PERSON], AKTOER, Handling.SAK_LEST, Utfall.OK, sak_id=SAK)
    assert [rad.ident for rad in rader] == sorted([PERSON, annen])
