"""Citations: spoken form, the wording in force, and every ledd carried out or explained away."""

from datetime import date

import pytest

from app.calc import kalkulator  # noqa: F401 - loads every rule
from app.calc.hjemmel import Hjemmel, alle_ledd, versjoner
from app.calc.satser import alle_serier
from app.calc.sporing import alle_regler

LEDD_I_FORSKRIFTEN = {1: 3, 2: 3, 3: 7, 4: 1, 5: 6, 6: 4, 7: 1, 8: 3, 9: 4, 10: 6}
"""Number of ledd in each paragraph of FOR-2011-12-16-1349 as in force from 2026-01-01."""


@pytest.mark.parametrize(
    ("hjemmel", "tekst"),
    [
        (Hjemmel(3, 2, 1), "§ 3 andre ledd første punktum"),
        (Hjemmel(10, 2), "§ 10 andre ledd"),
        (Hjemmel(3, 6, 2), "§ 3 sjette ledd andre punktum"),
        (Hjemmel(1, 3, bokstav="b"), "§ 1 tredje ledd bokstav b"),
    ],
)
def test_muntlig_form(hjemmel: Hjemmel, tekst: str) -> None:
    assert str(hjemmel) == tekst


@pytest.mark.parametrize(
    ("hjemmel", "dato", "versjon"),
    [
        (Hjemmel(3, 2, 1), date(2014, 6, 30), "2014-01-01, endret ved FOR-2013-12-12-1448"),
        (Hjemmel(3, 2, 1), date(2014, 7, 1), "2014-07-01, endret ved FOR-2014-06-11-846"),
        (Hjemmel(3, 2, 1), date(2025, 12, 31), "2025-01-01, endret ved FOR-2024-12-16-3180"),
        (Hjemmel(3, 2, 1), date(2026, 1, 1), "2026-01-01, endret ved FOR-2025-12-17-2619"),
        (Hjemmel(10, 2), date(2017, 9, 30), "2017-01-01, endret ved FOR-2016-12-20-1825"),
        (Hjemmel(10, 2), date(2017, 10, 1), "2017-10-01, endret ved FOR-2017-09-04-1345"),
        (Hjemmel(6, 1), date(2026, 1, 1), "FOR-2011-12-16-1349 som den lød fra 2012-01-01)"),
    ],
)
def test_ordlyden_som_gjaldt(hjemmel: Hjemmel, dato: date, versjon: str) -> None:
    assert versjon in hjemmel.paa(dato)


def test_alle_ledd_er_med() -> None:
    antall = {paragraf: 0 for paragraf in LEDD_I_FORSKRIFTEN}
    for ledd in alle_ledd():
        antall[ledd.paragraf] += 1
        assert ledd.ledd == antall[ledd.paragraf]
    assert antall == LEDD_I_FORSKRIFTEN


def test_hvert_ledd_er_gjennomfoert_eller_begrunnet_utenfor() -> None:
    sitert = {(h.paragraf, h.ledd) for regel in alle_regler() for h in (regel.hjemmel, *regel.ogsaa)}
    for ledd in alle_ledd():
        har_regel = (ledd.paragraf, ledd.ledd) in sitert
        maater = [har_regel, ledd.varsel is not None, ledd.utenfor is not None]
        assert maater.count(True) == 1, f"§ {ledd.paragraf} ledd {ledd.ledd}"
        assert ledd.krav.endswith(".")


def test_hver_henvisning_peker_paa_et_ledd_som_finnes() -> None:
    finnes = {(ledd.paragraf, ledd.ledd) for ledd in alle_ledd()}
    for regel in alle_regler():
        for hjemmel in (regel.hjemmel, *regel.ogsaa):
            assert (hjemmel.paragraf, hjemmel.ledd) in finnes, regel.id


def test_versjonene_stiger() -> None:
    for paragraf in LEDD_I_FORSKRIFTEN:
        datoer = [v.gjelder_fra for v in versjoner(paragraf)]
        assert datoer == sorted(set(datoer))


def test_hver_sats_har_en_hjemmel_som_finnes() -> None:
    finnes = {f"§ {ledd.paragraf} " for ledd in alle_ledd()}
    for serie in alle_serier():
        egen = any(serie.hjemmel.startswith(paragraf) for paragraf in finnes)
        assert egen or serie.hjemmel in {"folketrygdloven § 1-4", "Stortingets skattevedtak for inntektsåret"}
