"""Rates: sourced, dated, complete for 2013–2026, and equal to the texts they come from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.satser import SatsfeilError, SatsManglerError, alle_serier, les_satsfil, sats, satsversjon
from app.calc.satsoversikt import dekket_til, satsoversikt, utloepsvarsel
from tests.calc.sakslesing import les_tabell

GYLDIG = """
id = "proeve"
navn = "Prøve"
enhet = "kroner"
hjemmel = "§ 3 første ledd"
kontrollert_til = 2026-12-31
[[verdi]]
gjelder_fra = 2025-01-01
verdi = 1.25
kilde = { tittel = "T", url = "https://lovdata.no/", paragraf = "§ 3" }
"""


@pytest.mark.parametrize("rad", les_tabell("satser.csv"), ids=lambda r: r["aar"])
def test_hvert_aars_beloep(rad: dict[str, str]) -> None:
    """The figures of each year's amending act, which the rate names, and G on 1 January and 1 May."""
    aar = int(rad["aar"])
    for id_, kolonne in (
        ("fribeloep", "fribeloep"),
        ("korttid_doegn", "korttid_doegn"),
        ("dag_eller_natt", "dag_eller_natt"),
        ("utgiftstak_under_2g", "utgiftstak_under_2g"),
    ):
        for dag in (date(aar, 1, 1), date(aar, 12, 31)):
            assert sats(id_, dag).verdi == Decimal(rad[kolonne])
            assert sats(id_, dag).kilde.startswith(f"{rad['kilde']} ")
    assert sats("grunnbeloep", date(aar, 4, 30)).verdi == Decimal(rad["g_januar"])
    assert sats("grunnbeloep", date(aar, 5, 1)).verdi == Decimal(rad["g_mai"])
    if rad["fribeloep_dobbeltrom"]:
        assert sats("fribeloep_dobbeltrom", date(aar, 12, 31)).verdi == Decimal(rad["fribeloep_dobbeltrom"])


def test_dobbeltrom_begynner_1_juli_2014() -> None:
    """FOR-2014-06-11-846 took effect on 1 July 2014; the wording before gave no such right."""
    assert sats("fribeloep_dobbeltrom", date(2014, 7, 1)).verdi == 35000
    with pytest.raises(SatsManglerError, match="fribeloep_dobbeltrom"):
        sats("fribeloep_dobbeltrom", date(2014, 6, 30))


@pytest.mark.parametrize(
    ("fra", "prosent"),
    [(2013, 28), (2014, 27), (2015, 27), (2016, 25), (2017, 24), (2018, 23), (2019, 22), (2026, 22)],
)
def test_skattesatsen_hvert_aar_den_endres(fra: int, prosent: int) -> None:
    """Finansdepartementet, «Skattesatser» of the year (the file names each)."""
    assert sats("skattesats_alminnelig_inntekt", date(fra, 1, 1)).verdi == prosent


def test_regelsettet_finnes_paa_hver_knekkdato() -> None:
    """A rule set exists on the day before, on and after every date a rate changes."""
    knekk = {d for serie in alle_serier() for d in serie.datoer if d >= date(2013, 1, 1)}
    for dag in sorted({k + timedelta(n) for k in knekk for n in (-1, 0, 1)} - {date(2012, 12, 31)}):
        inn = {"aar": dag.year, "opphold": [{"art": "LANGTID", "fra": "2012-01-01", "til": dag.isoformat()}]}
        assert '"egenandelAar":0' in kalkuler("langtidsopphold", skriv_json(inn))


@pytest.mark.parametrize("aar", [2012, 1999, 2027, 2100])
def test_aar_uten_sats_navngir_satsen(aar: int) -> None:
    with pytest.raises(KontraktFeilError) as feil:
        kalkuler("langtidsopphold", skriv_json({"aar": aar, "opphold": []}))
    assert [(f.pointer, f.kode) for f in feil.value.feil] == [("/aar", "sats-mangler")]
    assert ("2013" if aar < 2013 else "Fribeløp (fribeloep") in feil.value.feil[0].detail


@pytest.mark.parametrize(
    ("fra", "til"),
    [
        ("verdi = 1.25", "verdi = 1.25\nukjent = 1"),
        ('navn = "Prøve"', ""),
        ("kilde = {", "kilde_ = {"),
        ('tittel = "T"', 'tittel = " "'),
        (', paragraf = "§ 3"', ""),
        ("kontrollert_til = 2026-12-31", "kontrollert_til = 2024-12-31"),
        ('id = "proeve"', 'id = "annet"'),
        ("[[verdi]]\ngjelder_fra = 2025-01-01", "[[verdi]]\ngjelder_fra = 2025-01-01\nekstra = 1"),
    ],
)
def test_satsfil_med_feil_blir_avvist(fra: str, til: str) -> None:
    assert fra in GYLDIG
    with pytest.raises(SatsfeilError, match=r"proeve\.toml"):
        les_satsfil("proeve.toml", GYLDIG.replace(fra, til))


def test_dobbel_eller_usortert_dato_blir_avvist() -> None:
    rad = GYLDIG[GYLDIG.index("[[verdi]]") :]
    with pytest.raises(SatsfeilError, match="stige strengt"):
        les_satsfil("proeve.toml", GYLDIG + rad)
    with pytest.raises(SatsfeilError, match="stige strengt"):
        les_satsfil("proeve.toml", GYLDIG + rad.replace("2025-01-01", "2024-01-01"))


def test_gyldig_satsfil_leses_eksakt() -> None:
    assert les_satsfil("proeve.toml", GYLDIG).verdier[0].verdi == Decimal("1.25")


@pytest.mark.parametrize(
    ("i_dag", "varsel"),
    [
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), "om 59 døgn"),
        (date(2026, 12, 31), "om 0 døgn"),
        (date(2027, 1, 1), "for 1 døgn siden"),
    ],
)
def test_varsel_naar_satsene_snart_utloeper(i_dag: date, varsel: str | None) -> None:
    """Within 60 days of 31 December 2026: from 1 November there are 60 left."""
    tekster = [v.tekst for v in utloepsvarsel(date(2026, 12, 31), i_dag, 59)]
    assert [varsel in tekst for tekst in tekster if varsel] == ([True] if varsel else [])
    assert bool(tekster) is (varsel is not None)


def test_oversikten_viser_kilde_og_alder() -> None:
    oversikt = satsoversikt(date(2025, 5, 2), date(2026, 11, 23), 60)
    g = next(s for s in oversikt.satser if s.id == "grunnbeloep")
    assert (g.verdi, g.gjelder_fra, g.alder_doegn) == (Decimal(130160), date(2025, 5, 1), 1)
    assert all(s.kilde.url.startswith("https://") and s.kilde.paragraf for s in oversikt.satser)
    assert oversikt.dekket_til == dekket_til() == date(2026, 12, 31)
    assert [v.kode for v in oversikt.varsler] == ["SATSER_UTLOEPER"]
    assert oversikt.satsversjon == satsversjon()


def test_oversikt_i_2013_mangler_ikke_en_rett_som_ikke_fantes() -> None:
    assert "fribeloep_dobbeltrom" not in {
        s.id for s in satsoversikt(date(2013, 6, 1), date(2026, 1, 1), 60).satser
    }


def test_dato_uten_sats_navngir_satsene() -> None:
    with pytest.raises(KontraktFeilError) as feil:
        satsoversikt(date(2027, 1, 1), date(2026, 1, 1), 60)
    assert "fribeloep" in feil.value.feil[0].detail
    assert "grunnbeloep" not in feil.value.feil[0].detail  # G is verified to 30 April 2027
