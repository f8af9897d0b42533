"""Roles, scopes and rights, and what can never be a principal."""

from typing import Any

import pytest

from app.sandbox.standard import FJORDVIK, KOMMUNER, LEVERANDOER
from app.services.tilgang import (
    RETTIGHETER,
    SCOPER,
    Aktoer,
    Aktoertype,
    Rettighet,
    Rolle,
    er_organisasjonsnummer,
    rettigheter_fra_scoper,
    scope_for,
)

JA, NEI = True, False

# Source: the design of the saker. What the law asks for is in the notes on access, § 7: the auditor reads the
# log only, the operator no data.
#                          BEREGNER LEDER REVISOR DRIFT  .read .write
TABELL: dict[Rettighet, tuple[bool, bool, bool, bool, bool, bool]] = {
    Rettighet.LES_SAK:       (JA,   JA,   NEI,    NEI,   JA,   JA),
    Rettighet.SKRIV_SAK:     (JA,   JA,   NEI,    NEI,   NEI,  JA),
    Rettighet.GODKJENN_VEDTAK: (NEI, JA,  NEI,    NEI,   NEI,  NEI),
    Rettighet.LES_KOMMUNE:   (JA,   JA,   NEI,    NEI,   JA,   JA),
    Rettighet.SKRIV_KOMMUNE: (NEI,  JA,   NEI,    NEI,   NEI,  JA),
    Rettighet.LES_REVISJON:  (NEI,  JA,   JA,     NEI,   NEI,  NEI),
    Rettighet.SLETT_PERSON:  (NEI,  JA,   NEI,    NEI,   NEI,  NEI),
    Rettighet.LES_AVSTEMMING: (NEI, JA,   JA,     JA,    NEI,  NEI),
    Rettighet.LES_DRIFT:     (NEI,  NEI,  NEI,    JA,    NEI,  NEI),
    Rettighet.SKRIV_DRIFT:   (NEI,  JA,   NEI,    JA,    NEI,  NEI),
}  # fmt: skip


def test_tabellen_er_koden() -> None:
    assert set(TABELL) == set(Rettighet)
    assert set(RETTIGHETER) == set(Rolle)
    for rettighet, rad in TABELL.items():
        roller = tuple(rettighet in RETTIGHETER[rolle] for rolle in Rolle)
        scoper = tuple(rettighet in SCOPER[navn] for navn in ("egenandel.read", "egenandel.write"))
        assert (*roller, *scoper) == rad, rettighet


def test_tabellene_kan_ikke_endres() -> None:
    with pytest.raises(TypeError):
        RETTIGHETER[Rolle.DRIFT] = frozenset(Rettighet)  # type: ignore[index]
    with pytest.raises(TypeError):
        SCOPER["x"] = frozenset(Rettighet)  # type: ignore[index]


def test_scopet_som_trengs_er_det_smaleste() -> None:
    assert {rettighet: scope_for(rettighet, "p") for rettighet in Rettighet} == {
        Rettighet.LES_SAK: "p:egenandel.read",
        Rettighet.SKRIV_SAK: "p:egenandel.write",
        Rettighet.GODKJENN_VEDTAK: None,
        Rettighet.LES_KOMMUNE: "p:egenandel.read",
        Rettighet.SKRIV_KOMMUNE: "p:egenandel.write",
        Rettighet.LES_REVISJON: None,
        Rettighet.SLETT_PERSON: None,
        Rettighet.LES_AVSTEMMING: None,
        Rettighet.LES_DRIFT: None,
        Rettighet.SKRIV_DRIFT: None,
    }


def test_ingen_scoper_ingen_rettigheter() -> None:
    assert rettigheter_fra_scoper([], "p") == frozenset()


def aktoer(**endret: Any) -> Aktoer:
    felt: dict[str, Any] = {
        "kommune": FJORDVIK,
        "type": Aktoertype.BRUKER,
        "id": "sub-1",
        "rettigheter": RETTIGHETER[Rolle.REVISOR],
        "rolle": Rolle.REVISOR,
    }
    return Aktoer(**(felt | endret))


@pytest.mark.parametrize(
    ("type_", "merke"),
    [
        (Aktoertype.MASKIN, "maskin:sub-1"),
        (Aktoertype.BRUKER, "bruker:sub-1"),
        (Aktoertype.SYSTEM, "system:sub-1"),
    ],
)
def test_merket(type_: Aktoertype, merke: str) -> None:
    assert aktoer(type=type_).merke == merke


def test_har_bare_sine_rettigheter() -> None:
    assert {r for r in Rettighet if aktoer().har(r)} == {
        Rettighet.LES_REVISJON,
        Rettighet.LES_AVSTEMMING,
    }


@pytest.mark.parametrize(
    "endret",
    [{"kommune": ""}, {"kommune": "310000001"}, {"kommune": "0192:310000000"}, {"id": ""}, {"id": "1" * 11}],
)
def test_det_som_aldri_kan_vaere_en_aktoer(endret: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="aktøren må") as feil:
        aktoer(**endret)
    assert not any(verdi in str(feil.value) for verdi in endret.values() if verdi)


@pytest.mark.parametrize(
    ("orgnr", "gyldig"),
    [
        *((kommune.orgnr, True) for kommune in KOMMUNER),
        (LEVERANDOER, True),
        ("974761076", True),  # Skatteetaten
        ("991825827", True),  # Digitaliseringsdirektoratet
        ("974761077", False),
        ("974716076", False),
        ("97476107", False),
        ("9747610760", False),
        ("", False),
        ("97476107x", False),
        ("٩٧٤٧٦١٠٧٦", False),
        ("974761076\n", False),
        ("-74761076", False),
    ],
)
def test_organisasjonsnummer(orgnr: str, gyldig: bool) -> None:
    assert er_organisasjonsnummer(orgnr) is gyldig
