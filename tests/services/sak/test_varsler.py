"""The warnings of a sak: every code has a gravity, nothing is said twice, and each says what to do."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import app.calc
from app.calc.kontrakt.felles import Varsel
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag, husstandsgrunnlag
from app.calc.poster.typer import Skattepost, Skattesvar, Spesifisering, Varselkode
from app.services.mangler import Grunn, Mangler
from app.services.sak.husstand import virkning_fra
from app.services.sak.saksvarsler import bistandsvarsler, langtidsvarsler
from app.services.sak.varsler import (
    ALVOR,
    Alvor,
    Sakskode,
    Sakvarsel,
    bare_foerte_tall,
    foreloepig,
    fra_aapne,
    fra_kalkulator,
    fra_katalogen,
    fra_mangler,
    samle,
    stopper,
    varsel,
)
from app.skatt_client import Ansvar, Api
from tests.services.sak.saker import (
    BARN_ID,
    BEBOER_ID,
    EKTEFELLE_ID,
    LAGRET_BISTAND,
    LAGRET_LANGTID,
    lagret,
    lagret_ektefelle,
)

MARS = date(2025, 3, 1)
OPPHOLD = {"art": "LANGTID", "fra": "2024-01-10"}


def kalkulatorenes_koder() -> set[str]:
    """Every code the calculators can give, found in their source."""
    kilde = "\n".join(
        fil.read_text("utf-8")
        for fil in Path(next(iter(app.calc.__path__))).rglob("*.py")
        if fil.name != "satsoversikt.py"
    )
    return set(re.findall(r'(?:kode=|_varsle_om\(\s*)"([A-Z0-9_]+)"', kilde))


def test_hver_kode_har_et_alvor() -> None:
    koder = kalkulatorenes_koder()
    assert len(koder) >= 17
    assert koder | {*map(str, Varselkode)} | {*map(str, Grunn)} | {*map(str, Sakskode)} == ALVOR.keys()


# (case with source, document, codes with the person they concern)
DOKUMENTER: list[tuple[str, dict[str, Any], list[tuple[str, str | None]]]] = [
    ("ingenting å si", {**LAGRET_LANGTID, "opphold": [OPPHOLD], "husstand": [lagret_ektefelle()]}, []),
    (
        "uskiftet bo (Sivilombudet, Trondheim)",
        {**LAGRET_LANGTID, "forhold": [{"uskiftetBo": True}]},
        [("USKIFTET_BO", BEBOER_ID)],
    ),
    (
        "ikke lenger uskiftet bo",
        {**LAGRET_LANGTID, "forhold": [{"uskiftetBo": True, "til": "2025-02-28"}]},
        [],
    ),
    ("§ 3 tredje ledd: barn", {**LAGRET_LANGTID, "fyller18": "2025-03-02"}, [("BEBOER_UNDER_18", BEBOER_ID)]),
    ("fyller 18 samme dag", {**LAGRET_LANGTID, "fyller18": "2025-03-01"}, []),
    (
        "§ 5 første ledd: ektefellen er også beboer",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(betalerLangtidsegenandel=True)]},
        [("EKTEFELLE_OGSAA_BEBOER", EKTEFELLE_ID)],
    ),
    (
        "§ 5 første ledd: ektefellen bor et annet sted",
        {**LAGRET_LANGTID, "husstand": [lagret_ektefelle(hjemmeboende=False)]},
        [("FORSOERGET_GIR_IKKE_FRADRAG", EKTEFELLE_ID)],
    ),
    (
        "husstanden endres",
        {**LAGRET_LANGTID, "opphold": [OPPHOLD], "husstand": [lagret_ektefelle(til="2025-04-30")]},
        [("HUSSTAND_ENDRET", None)],
    ),
    (
        "sykehus under oppholdet",
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "sykehusopphold": [{"fra": "2025-05-01", "til": "2025-05-09"}],
        },
        [("SYKEHUSOPPHOLD", BEBOER_ID)],
    ),
    (
        "sykehus gjennom to opphold på rad",
        {
            **LAGRET_LANGTID,
            "opphold": [
                {"art": "KORTTID_DOEGN", "fra": "2025-04-01", "til": "2025-05-04"},
                {"art": "LANGTID", "fra": "2025-05-05"},
            ],
            "sykehusopphold": [{"fra": "2025-05-01", "til": "2025-05-09"}],
        },
        [("SYKEHUSOPPHOLD", BEBOER_ID)],
    ),
    (
        "sykehus etter utskriving",
        {
            **LAGRET_LANGTID,
            "opphold": [{**OPPHOLD, "til": "2025-05-04"}],
            "sykehusopphold": [{"fra": "2025-05-01", "til": "2025-05-09"}],
        },
        [("SYKEHUSOPPHOLD", BEBOER_ID), ("SYKEHUS_UTENFOR_OPPHOLD", BEBOER_ID)],
    ),
    (
        "sykehus et annet år",
        {**LAGRET_LANGTID, "opphold": [OPPHOLD], "sykehusopphold": [{"fra": "2026-01-01"}]},
        [],
    ),
    (
        "§ 10 fjerde ledd: ektefelle på sykehjem",
        {**LAGRET_BISTAND, "husstand": [lagret_ektefelle(betalerLangtidsegenandel=True)]},
        [("IKKE_MEDREGNET", EKTEFELLE_ID)],
    ),
    (
        "§ 10 fjerde ledd: mottakeren selv",
        {**LAGRET_BISTAND, "forhold": [{"betalerLangtidsegenandel": True, "uskiftetBo": True}]},
        [("USKIFTET_BO", BEBOER_ID), ("IKKE_MEDREGNET", BEBOER_ID)],
    ),
    (
        "§ 10 tredje ledd: barn som regnes med",
        {
            **LAGRET_BISTAND,
            "husstand": [
                {
                    "person": {"personId": BARN_ID},
                    "relasjon": "BARN_UNDER_18",
                    "hjelpenSkyldesBarnetsBehov": True,
                }
            ],
        },
        [],
    ),
]


@pytest.mark.parametrize(
    ("inn", "ventet"), [rad[1:] for rad in DOKUMENTER], ids=[rad[0] for rad in DOKUMENTER]
)
def test_det_dokumentet_gir_grunn_til_aa_si(
    inn: dict[str, Any], ventet: list[tuple[str, str | None]]
) -> None:
    innhold = lagret(inn)
    if inn["tjeneste"] == "LANGTIDSOPPHOLD":
        varsler = list(langtidsvarsler(innhold, 2025, MARS, True, True))
    else:
        varsler = list(bistandsvarsler(innhold, 2025, MARS))
    assert [(v.kode, v.person_id) for v in varsler] == ventet
    assert all(v.tekst.endswith(".") and len(v.tekst) <= 500 for v in varsler)


def test_endring_sier_hvilke_dager() -> None:
    innhold = lagret(
        {
            **LAGRET_LANGTID,
            "opphold": [OPPHOLD],
            "husstand": [lagret_ektefelle(fra="2025-02-10", til="2025-04-30")],
            "skjoennsmessigFradrag": [{"beloep": 1, "begrunnelse": "x", "fra": "2025-08-01"}],
        }
    )
    (endret,) = langtidsvarsler(innhold, 2025, virkning_fra(innhold, 2025, MARS), True, True)
    assert "10.2.2025, 1.5.2025 og 1.8.2025" in endret.tekst


@pytest.mark.parametrize(("betales", "ord_"), [(True, "betales som andre"), (False, "betales ikke")])
def test_sykehusvarselet_sier_hva_kommunen_har_valgt(betales: bool, ord_: str) -> None:
    innhold = lagret({**LAGRET_LANGTID, "opphold": [OPPHOLD], "sykehusopphold": [{"fra": "2025-05-01"}]})
    (sykehus,) = langtidsvarsler(innhold, 2025, MARS, True, betales)
    assert ord_ in sykehus.tekst


SVAR = Skattesvar(
    2023,
    (
        Skattepost("alderspensjonFraFolketrygden", 200_000),
        Skattepost("enPostIngenKjenner", 5),
        Skattepost(
            "samledeOpptjenteRenterIInnenlandskeBanker", 7, spesifisering=(Spesifisering("Konto", land="SE"),)
        ),
    ),
)


def test_katalogens_varsler_faar_person_og_alvor() -> None:
    grunnlag = langtidsgrunnlag(SVAR)
    assert isinstance(grunnlag, Langtidsgrunnlag)
    varsler = fra_aapne(grunnlag, BEBOER_ID) + fra_katalogen(grunnlag.varsler, BEBOER_ID)
    alvor = {v.kode: v.alvor for v in varsler}
    assert alvor["UKJENT_POST"] is alvor["SKATT_MANGLER"] is Alvor.STOPP
    assert alvor["UTLAND"] is Alvor.OBS
    assert {v.person_id for v in varsler} == {BEBOER_ID}
    erstattet = fra_aapne(grunnlag, BEBOER_ID, erstattet=True)
    erstattet += fra_katalogen(grunnlag.varsler, BEBOER_ID, erstattet=True)
    assert [v.kode for v in erstattet] == [v.kode for v in varsler]
    assert not stopper(erstattet)


@pytest.mark.parametrize("les", [langtidsgrunnlag, husstandsgrunnlag])
def test_skjermet_er_aldri_null(les: Callable[[Skattesvar], Any]) -> None:
    (v,) = fra_aapne(les(Skattesvar(2023, (), skjermet=True)), BEBOER_ID)
    assert (v.kode, v.alvor, v.person_id) == ("SKJERMET", Alvor.STOPP, BEBOER_ID)
    assert "2023" in v.tekst


def test_paragraf_10_uten_alminnelig_inntekt_stopper() -> None:
    grunnlag = husstandsgrunnlag(SVAR)
    assert isinstance(grunnlag, Husstandsgrunnlag)
    varsler = fra_aapne(grunnlag, BEBOER_ID) + fra_katalogen(grunnlag.varsler, BEBOER_ID)
    koder = {v.kode: v.alvor for v in varsler}
    assert koder["ALMINNELIG_INNTEKT_MANGLER"] is koder["UKJENT_POST"] is Alvor.STOPP
    assert "SKATT_MANGLER" not in koder


@pytest.mark.parametrize("grunn", Grunn)
def test_det_som_mangler_sier_hvilket_aar_og_hvem(grunn: Grunn) -> None:
    mangler = Mangler(grunn=grunn, api=Api.SKATTEGRUNNLAG, tekst="Vent på oppgjøret.", ansvar=Ansvar.KOMMUNEN)
    (v,) = fra_mangler([mangler], 2025, EKTEFELLE_ID)
    assert (v.kode, v.person_id, v.alvor) == (grunn.value, EKTEFELLE_ID, Alvor.STOPP)
    assert "2025" in v.tekst
    assert not stopper(fra_mangler([mangler], 2025, EKTEFELLE_ID, erstattet=True))


def test_alt_samlet_sies_en_gang_og_det_alvorligste_foerst() -> None:
    uskiftet = varsel("USKIFTET_BO", "Saksbehandleren har merket det.", BEBOER_ID)
    samlet = samle(
        [
            uskiftet,
            varsel("DOEGN_60_NAERMER_SEG", "Snart."),
            varsel("INSTITUSJON_UTEN_OPPHOLDSUTGIFT", "Fjellheimen."),
        ],
        [
            varsel("USKIFTET_BO", "Posten tyder på det.", BEBOER_ID),
            varsel("GEVINST_HOLDT_UTENFOR", "Er med i skatten.", BEBOER_ID),
            varsel("UKJENT_POST", "Den ene.", BEBOER_ID),
            varsel("UKJENT_POST", "Den andre.", BEBOER_ID),
            varsel("UTLAND", "Utlandet.", BEBOER_ID),
            varsel("UTLAND", "Utlandet.", EKTEFELLE_ID),
        ],
        fra_kalkulator(
            [
                {"kode": "SKATTEJUSTERING", "tekst": "Endret med 1 krone."},
                Varsel(kode="OVER_60_DOEGN", tekst="Passert."),
                Varsel(kode="OPPHOLDSUTGIFT_IKKE_OPPGITT", tekst="Ikke prøvd."),
                Varsel(kode="SKATTEJUSTERING", tekst="Endret med 1 krone."),
            ]
        ),
    )
    assert [(v.kode, v.person_id) for v in samlet] == [
        ("UKJENT_POST", BEBOER_ID),
        ("UKJENT_POST", BEBOER_ID),
        ("USKIFTET_BO", BEBOER_ID),
        ("INSTITUSJON_UTEN_OPPHOLDSUTGIFT", None),
        ("UTLAND", BEBOER_ID),
        ("UTLAND", EKTEFELLE_ID),
        ("SKATTEJUSTERING", None),
        ("DOEGN_60_NAERMER_SEG", None),
    ]
    assert samlet[2] is uskiftet


def test_foreloepig_og_foerte_tall() -> None:
    assert (foreloepig(2025).alvor, foreloepig(2025).kode) == (Alvor.INFO, "FORELOEPIG")
    foert = bare_foerte_tall(2025, BEBOER_ID)
    assert (foert.alvor, foert.person_id) == (Alvor.OBS, BEBOER_ID)
    assert skriv_json(foert).startswith('{"kode":"BARE_FOERTE_TALL","tekst":"Alle tallene for 2025')


def test_en_ukjent_kode_skal_ses_paa() -> None:
    assert varsel("NOE_NYTT", "Nytt.") == Sakvarsel(kode="NOE_NYTT", tekst="Nytt.", alvor=Alvor.OBS)
