"""§ 3: which source each field of the year comes from, and what is open until somebody says.

The sources of the rows are places in the regulation and in ``docs/tolkninger.md``, § 3 punkt 2 (skatt) and
punkt 9 (foreløpig).
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from app.calc.poster.felt import Oppgitt, Sammenstilling, Virkning
from app.calc.poster.inntekter import Aarsanslag, Kodenoekkel, Kodeplassering
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag, Plassering
from app.calc.poster.sammenstilling import sammenstill_forsoerget, sammenstill_langtid
from app.calc.poster.typer import Gruppe, UfullstendigGrunnlagError
from tests.calc.poster.sammenstilt import (
    ARBEID,
    FOLKETRYGD,
    GEVINST,
    KLP,
    LAAN,
    LEIE,
    LOEFT,
    LOENN,
    NAV,
    PENSJON,
    RENTE,
    SPK,
    TJENESTEPENSJON,
    UNDERSKUDD,
    UTBYTTE,
    UTLANDSPENSJON,
    anslag,
    koder,
    oppgitt,
    oppgjoer,
    verdier,
)

FOLKETRYGDPENSJON, RENTEFELT, SKATT = (
    "/inntekter/pensjonFraFolketrygden",
    "/inntekter/renteinntekt",
    "/skatt/beregnetSkatt",
)
LEGGES_TIL = Virkning.LEGGES_TIL


class Rad(NamedTuple):
    """One year put together."""

    navn: str
    kilde: str
    oppgjoer: Langtidsgrunnlag | None
    anslag: Aarsanslag | None
    oppgitte: tuple[Oppgitt, ...]
    faktorer: dict[Gruppe, Decimal]
    felter: dict[str, tuple[Any, str]]
    varsler: set[str] = set()  # noqa: RUF012 - never changed
    """The codes that must be there beside what every foreløpig year has."""


OPPGJOER_2023 = oppgjoer(2023, (PENSJON, 250_000), (RENTE, 2_163), (LAAN, 90), skatt=40_000)
OPPGJOER_2025 = oppgjoer(2025, (PENSJON, 280_000), (RENTE, 3_000), skatt=50_000)

RADER = [
    Rad(
        "årets eget oppgjør: alle felt derfra",
        "§ 3 sjette ledd andre punktum",
        OPPGJOER_2025,
        anslag(2025, (NAV, FOLKETRYGD, 1), trekk=1),
        (),
        {Gruppe.RENTEINNTEKT: Decimal(2)},
        {
            FOLKETRYGDPENSJON: (280_000, "OPPGJOER"),
            RENTEFELT: (3_000, "OPPGJOER"),
            SKATT: (50_000, "OPPGJOER"),
        },
    ),
    Rad(
        "årets eget oppgjør med en rettelse",
        "§ 3 sjette ledd første punktum: uriktige opplysninger",
        OPPGJOER_2025,
        None,
        (oppgitt(RENTEFELT, 1_500),),
        {},
        {
            FOLKETRYGDPENSJON: (280_000, "OPPGJOER"),
            RENTEFELT: (1_500, "OPPGITT"),
            SKATT: (50_000, "OPPGJOER"),
        },
    ),
    Rad(
        "eldre oppgjør: hvert felt videreført uendret",
        "punkt 9: ellers videreføres posten uendret",
        OPPGJOER_2023,
        None,
        (),
        {},
        {
            FOLKETRYGDPENSJON: (250_000, "VIDEREFOERT"),
            RENTEFELT: (2_163, "VIDEREFOERT"),
            SKATT: (40_000, "VIDEREFOERT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
    ),
    Rad(
        "kommunens faktor for en gruppe, kuttet til øre; skatten følger ikke med",
        "punkt 9: kommunens faktor [valg]",
        OPPGJOER_2023,
        None,
        (),
        {Gruppe.RENTEINNTEKT: Decimal("1.0371")},
        {
            FOLKETRYGDPENSJON: (250_000, "VIDEREFOERT"),
            RENTEFELT: (Decimal("2243.24"), "VIDEREFOERT"),
            SKATT: (40_000, "VIDEREFOERT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
        {"SKATT_FRA_ANNET_AAR"},
    ),
    Rad(
        "oppgitt går foran, og kan legges til",
        "punkt 9: det som er oppgitt, erstatter posten",
        OPPGJOER_2023,
        None,
        (
            oppgitt(FOLKETRYGDPENSJON, 300_000),
            oppgitt(RENTEFELT, 37, LEGGES_TIL),
            oppgitt("/inntekter/leieinntekt", 12_000, LEGGES_TIL),
        ),
        {},
        {
            FOLKETRYGDPENSJON: (300_000, "OPPGITT"),
            "/inntekter/leieinntekt": (12_000, "OPPGITT"),
            RENTEFELT: (2_200, "OPPGITT"),
            SKATT: (40_000, "VIDEREFOERT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
        {"SKATT_FRA_ANNET_AAR"},
    ),
    Rad(
        "a-ordningen for pensjon og skattetrekk, oppgjøret for resten",
        "punkt 9: a-ordningen for det den kjenner",
        OPPGJOER_2023,
        anslag(2025, (NAV, FOLKETRYGD, 290_000), (SPK, TJENESTEPENSJON, 60_000), trekk=55_000),
        (),
        {},
        {
            FOLKETRYGDPENSJON: (290_000, "ANSLAG"),
            "/inntekter/offentligTjenestepensjon": (60_000, "ANSLAG"),
            RENTEFELT: (2_163, "VIDEREFOERT"),
            SKATT: (55_000, "ANSLAG"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
    ),
    Rad(
        "a-ordningen uten skattetrekk: skatten videreføres, med varsel",
        "punkt 9: skatt fra et annet år",
        OPPGJOER_2023,
        anslag(2025, (NAV, FOLKETRYGD, 290_000)),
        (),
        {},
        {
            FOLKETRYGDPENSJON: (290_000, "ANSLAG"),
            RENTEFELT: (2_163, "VIDEREFOERT"),
            SKATT: (40_000, "VIDEREFOERT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
        {"SKATT_FRA_ANNET_AAR"},
    ),
    Rad(
        "a-ordningen har ingen inntekt ennå: alt videreføres",
        "punkt 9; en måned brukes fra den 10. i neste",
        OPPGJOER_2023,
        anslag(2025),
        (),
        {},
        {
            FOLKETRYGDPENSJON: (250_000, "VIDEREFOERT"),
            RENTEFELT: (2_163, "VIDEREFOERT"),
            SKATT: (40_000, "VIDEREFOERT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
    ),
    Rad(
        "forskuddsskatt legges til skattetrekket",
        "punkt 9: forskuddsskatt oppgis",
        OPPGJOER_2023,
        anslag(2025, (NAV, FOLKETRYGD, 290_000), trekk=55_000),
        (oppgitt(SKATT, 8_000, LEGGES_TIL),),
        {},
        {
            FOLKETRYGDPENSJON: (290_000, "ANSLAG"),
            RENTEFELT: (2_163, "VIDEREFOERT"),
            SKATT: (63_000, "OPPGITT"),
            "/gjeldsrenter": (90, "VIDEREFOERT"),
        },
    ),
    Rad(
        "oppgjøret uten beregnet skatt: oppgitt skatt gjør det helt",
        "§ 3 fjerde ledd; punkt 2",
        oppgjoer(2025, (PENSJON, 280_000)),
        None,
        (oppgitt(SKATT, 50_000),),
        {},
        {FOLKETRYGDPENSJON: (280_000, "OPPGJOER"), SKATT: (50_000, "OPPGITT")},
        {"FORMUESSKATT_IKKE_OPPGITT"},
    ),
    Rad(
        "bare oppgitte tall, når oppgjøret er skjermet eller ikke finnes",
        "punkt 9: skatt og minst én inntekt, uttrykkelig",
        None,
        None,
        (oppgitt(FOLKETRYGDPENSJON, 280_000), oppgitt(SKATT, 50_000)),
        {},
        {FOLKETRYGDPENSJON: (280_000, "OPPGITT"), SKATT: (50_000, "OPPGITT")},
        {"OPPGITT_FOR_HAAND"},
    ),
    Rad(
        "uten oppgjør, med a-ordningen: det den ikke kjenner, er oppgitt",
        "punkt 9: ukjent er ikke null",
        None,
        anslag(2025, (NAV, FOLKETRYGD, 290_000), trekk=55_000),
        tuple(
            oppgitt(felt, 0)
            for felt in (
                "/inntekter/naeringsinntekt",
                "/inntekter/leieinntekt",
                RENTEFELT,
                "/inntekter/annenAvkastning",
                "/skatt/formuesskatt",
                "/gjeldsrenter",
            )
        ),
        {},
        {
            FOLKETRYGDPENSJON: (290_000, "ANSLAG"),
            "/inntekter/naeringsinntekt": (0, "OPPGITT"),
            "/inntekter/leieinntekt": (0, "OPPGITT"),
            RENTEFELT: (0, "OPPGITT"),
            "/inntekter/annenAvkastning": (0, "OPPGITT"),
            SKATT: (55_000, "ANSLAG"),
            "/skatt/formuesskatt": (0, "OPPGITT"),
            "/gjeldsrenter": (0, "OPPGITT"),
        },
    ),
    Rad(
        "en ytelse som er opphørt, oppgis som 0",
        "punkt 9: det a-ordningen ikke har, må avgjøres",
        oppgjoer(2023, (PENSJON, 250_000), (ARBEID, 30_000), skatt=40_000),
        anslag(2025, (NAV, FOLKETRYGD, 290_000), trekk=55_000),
        (oppgitt("/inntekter/arbeidsinntekt", 0),),
        {},
        {
            FOLKETRYGDPENSJON: (290_000, "ANSLAG"),
            "/inntekter/arbeidsinntekt": (0, "OPPGITT"),
            SKATT: (55_000, "ANSLAG"),
        },
    ),
    Rad(
        "underskudd i næring videreføres negativt",
        "§ 3 fjerde ledd: næringsinntekt",
        oppgjoer(2023, (PENSJON, 250_000), (UNDERSKUDD, 1_000), skatt=40_000),
        None,
        (),
        {},
        {
            FOLKETRYGDPENSJON: (250_000, "VIDEREFOERT"),
            "/inntekter/naeringsinntekt": (-1_000, "VIDEREFOERT"),
            SKATT: (40_000, "VIDEREFOERT"),
        },
    ),
]


@pytest.mark.parametrize("rad", RADER, ids=lambda rad: rad.navn)
def test_hvert_felt_sier_hvor_det_kommer_fra(rad: Rad) -> None:
    svar = sammenstill_langtid(2025, rad.oppgjoer, rad.anslag, rad.oppgitte, rad.faktorer)
    assert verdier(svar) == {p: (Decimal(str(v)), o) for p, (v, o) in rad.felter.items()}
    assert svar.aapne == 0
    assert rad.varsler <= koder(svar)
    if not rad.varsler:
        assert "SKATT_FRA_ANNET_AAR" not in koder(svar)
    eget = rad.oppgjoer is not None and rad.oppgjoer.aar == 2025
    assert svar.foreloepig is not eget
    assert ("GRUNNLAG_FORELOEPIG" in koder(svar)) is not eget
    assert svar.kalkulatorfelter()["skatt"]["beregnetSkatt"] == rad.felter[SKATT][0]


MED_GEVINST = oppgjoer(
    2022,
    (PENSJON, 250_050),
    (GEVINST, 50_000),
    (LOEFT, 30_000),
    skatt=120_148,
    formuesskatt=33_250,
    alminnelig=(300_000, 50_000),
)
SKATTEFELT = {
    "alminneligInntekt": 300_000,
    "personfradrag": 300_000 - 227_273,
    "skattesats": 22,
    "holdtUtenfor": [
        {
            "art": "GEVINST",
            "beloep": 50_000,
            "oppjusteringsfaktor": Decimal("1.6"),
            "beskrivelse": "Gevinst ved salg av aksjer",
        }
    ],
}


@pytest.mark.parametrize(
    ("aar", "trekk", "oppgitte", "skatt", "varsler"),
    [
        # The year's own settlement: gain, tax and adjustment of one year.
        (
            2022,
            None,
            (),
            {"beregnetSkatt": 120_148, "formuesskatt": 33_250, **SKATTEFELT},
            {"GEVINST_HOLDT_UTENFOR"},
        ),
        # The same tax entered by hand has the same gain in it.
        (
            2022,
            None,
            (oppgitt(SKATT, 120_000),),
            {"beregnetSkatt": 120_000, "formuesskatt": 33_250, **SKATTEFELT},
            {"GEVINST_HOLDT_UTENFOR"},
        ),
        # Carried forward: the older tax has the gain in it, the carried income has not.
        (
            2025,
            None,
            (),
            {"beregnetSkatt": 120_148, "formuesskatt": 33_250, **SKATTEFELT},
            {"GEVINST_HOLDT_UTENFOR"},
        ),
        # Forskuddstrekk of this year knows nothing of the gain; formuesskatt is taken out all the same.
        (
            2025,
            60_000,
            (),
            {"beregnetSkatt": 60_000, "formuesskatt": 33_250},
            {"INGEN_SKATTEJUSTERING", "FORMUESSKATT_FRA_ANNET_AAR"},
        ),
        # So also a tax that is entered for this year, and formuesskatt may be entered away.
        (
            2025,
            None,
            (oppgitt(SKATT, 70_000), oppgitt("/skatt/formuesskatt", 0)),
            {"beregnetSkatt": 70_000, "formuesskatt": 0},
            {"INGEN_SKATTEJUSTERING"},
        ),
        # More tax on top of the carried one does not make it another tax.
        (
            2025,
            None,
            (oppgitt(SKATT, 100, LEGGES_TIL),),
            {"beregnetSkatt": 120_248, "formuesskatt": 33_250, **SKATTEFELT},
            {"GEVINST_HOLDT_UTENFOR"},
        ),
    ],
)
def test_skatten_og_det_som_er_holdt_utenfor_foelges_ad(
    aar: int, trekk: int | None, oppgitte: tuple[Oppgitt, ...], skatt: dict[str, Any], varsler: set[str]
) -> None:
    """Tolkninger § 3 punkt 2 and 9: tax mirrors the income that counts."""
    a_ordningen = None if trekk is None else anslag(aar, (NAV, FOLKETRYGD, 260_000), trekk=trekk)
    svar = sammenstill_langtid(aar, MED_GEVINST, a_ordningen, oppgitte)
    assert svar.kalkulatorfelter()["skatt"] == skatt
    alle = {"GEVINST_HOLDT_UTENFOR", "INGEN_SKATTEJUSTERING", "FORMUESSKATT_FRA_ANNET_AAR"}
    assert koder(svar) & alle == varsler


def test_justeringen_gaar_ned_til_postene() -> None:
    svar = sammenstill_langtid(2025, MED_GEVINST)
    noder = svar.kilder("/endelig")
    faktor = noder["/endelig/skatt/holdtUtenfor/0/oppjusteringsfaktor"]
    assert faktor.verdi == Decimal("1.6")
    assert [barn.id for barn in faktor.barn] == [f"skattepost.{GEVINST}", f"skattepost.{LOEFT}"]
    assert noder["/endelig/skatt/personfradrag"].barn[0].id == "poster.personfradrag"


@pytest.mark.parametrize(
    ("poster", "oppgitte", "leie", "aapne"),
    [
        ([], (), (700, "ANSLAG"), 0),
        ([(LEIE, 900)], (), (900, "VIDEREFOERT"), 1),
        ([(LEIE, 900)], (oppgitt("/inntekter/leieinntekt", 1_600),), (1_600, "OPPGITT"), 0),
    ],
)
def test_en_kode_plassert_i_en_gruppe_a_ordningen_ellers_ikke_kjenner(
    poster: list[tuple[str, int]], oppgitte: tuple[Oppgitt, ...], leie: tuple[int, str], aapne: int
) -> None:
    """Tolkninger § 3 punkt 9: leie comes from the settlement, so the same rent is never counted twice."""
    kode = ("naeringsinntekt", "nyKode")
    plassert = Kodeplassering(Kodenoekkel(*kode, KLP, "kontantytelse"), Gruppe.LEIEINNTEKT, "husleie", False)
    svar = sammenstill_langtid(
        2025,
        oppgjoer(2023, (PENSJON, 250_000), *poster, skatt=40_000),
        anslag(2025, (NAV, FOLKETRYGD, 290_000), (KLP, kode, 700), trekk=1, plasseringer=(plassert,)),
        oppgitte,
    )
    assert verdier(svar)["/inntekter/leieinntekt"] == (Decimal(leie[0]), leie[1])
    assert svar.aapne == aapne
    assert ("I_BEGGE_KILDER" in koder(svar)) is bool(aapne)


def test_gevinst_uten_lest_skatt_er_aapen_til_alminnelig_inntekt_og_personfradrag_er_oppgitt() -> None:
    skjermet_skatt = oppgjoer(2025, (PENSJON, 250_000), (GEVINST, 50_000))
    uten = sammenstill_langtid(2025, skjermet_skatt, oppgitte=(oppgitt(SKATT, 60_000),))
    assert uten.aapne == 1
    assert "SKATTEJUSTERING_UKJENT" in koder(uten)
    med = sammenstill_langtid(
        2025,
        skjermet_skatt,
        oppgitte=(
            oppgitt(SKATT, 60_000),
            oppgitt("/skatt/alminneligInntekt", 250_000),
            oppgitt("/skatt/personfradrag", 88_250),
            oppgitt("/skatt/skattesats", "18.5"),
        ),
    )
    skatt = med.kalkulatorfelter()["skatt"]
    assert (skatt["alminneligInntekt"], skatt["personfradrag"], skatt["skattesats"]) == (
        250_000,
        88_250,
        Decimal("18.5"),
    )
    assert len(skatt["holdtUtenfor"]) == 1


def test_kreditfradraget_hoerer_til_den_skatten_det_ble_gitt_i() -> None:
    utland = oppgjoer(2023, (PENSJON, 250_000), skatt=40_000, utland=70)
    videre = sammenstill_langtid(2025, utland)
    assert verdier(videre)["/skatt/kreditfradrag"] == (Decimal(70), "VIDEREFOERT")
    trekk = sammenstill_langtid(2025, utland, anslag(2025, (NAV, FOLKETRYGD, 250_000), trekk=41_000))
    assert "/skatt/kreditfradrag" not in trekk.felter
    assert "KREDITFRADRAG_IKKE_MED" in koder(trekk)
    assert "SKATT_BETALT_I_UTLANDET" not in koder(trekk)


def test_det_som_ikke_har_virkning_sies() -> None:
    svar = sammenstill_langtid(2025, OPPGJOER_2025, oppgitte=(oppgitt("/skatt/personfradrag", 1),))
    assert "/skatt/personfradrag" not in svar.felter
    assert "UTEN_VIRKNING" in koder(svar)


AAPNE = [
    ("skatten er ukjent", oppgjoer(2023, (PENSJON, 1)), None, (), 1, "SKATT_MANGLER"),
    ("ingen inntekt i noen kilde", oppgjoer(2025, (LAAN, 1), skatt=1), None, (), 1, "INGEN_POSTER"),
    ("post som må plasseres", oppgjoer(2023, (PENSJON, 1), ("nyttNavn", 5), skatt=1), None, (), 1, None),
    (
        "ukjent post er åpen også når alt er oppgitt",
        oppgjoer(2025, ("nyttNavn", 5)),
        None,
        (oppgitt(FOLKETRYGDPENSJON, 1), oppgitt(SKATT, 1)),
        1,
        None,
    ),
    (
        "arbeidsinntekten fra oppgjøret er ikke i a-ordningen",
        oppgjoer(2023, (PENSJON, 1), (ARBEID, 1), skatt=1),
        anslag(2025, (NAV, FOLKETRYGD, 1), trekk=1),
        (),
        1,
        "IKKE_I_A_ORDNINGEN",
    ),
    (
        "pensjon fra utlandet er ikke i a-ordningen",
        oppgjoer(
            2023,
            (UTLANDSPENSJON, 9),
            skatt=1,
            plasseringer=(Plassering(UTLANDSPENSJON, Gruppe.OFFENTLIG_TJENESTEPENSJON, "brev"),),
        ),
        anslag(2025, (KLP, TJENESTEPENSJON, 1), trekk=1),
        (),
        1,
        "UTLAND_IKKE_I_A_ORDNINGEN",
    ),
    (
        "a-ordningen uten oppgjør: næring, leie, renter, avkastning, formuesskatt og gjeldsrenter er ukjent",
        None,
        anslag(2025, (NAV, FOLKETRYGD, 1), trekk=1),
        (),
        6,
        "UKJENT_UTEN_OPPGJOER",
    ),
    ("bare skatt er oppgitt", None, None, (oppgitt(SKATT, 1),), 1, "INGEN_POSTER"),
    ("bare inntekt er oppgitt", None, None, (oppgitt(RENTEFELT, 1),), 1, "SKATT_MANGLER"),
    ("ingenting", None, None, (), 2, "OPPGITT_FOR_HAAND"),
    (
        "tillegg til en ukjent skatt",
        oppgjoer(2023, (PENSJON, 1)),
        None,
        (oppgitt(SKATT, 1, LEGGES_TIL),),
        1,
        "TILLEGG_TIL_UKJENT",
    ),
    (
        "tillegg til en ukjent inntekt",
        None,
        None,
        (oppgitt(SKATT, 1), oppgitt(FOLKETRYGDPENSJON, 1), oppgitt(RENTEFELT, 1, LEGGES_TIL)),
        1,
        "TILLEGG_TIL_UKJENT",
    ),
    (
        "mer er trukket fra enn det som var",
        oppgjoer(2023, (PENSJON, 1), (LEIE, 5), (UTBYTTE, 3), skatt=1),
        None,
        (oppgitt("/inntekter/leieinntekt", -6, LEGGES_TIL),),
        1,
        "NEGATIVT_FELT",
    ),
    (
        "kode fra a-ordningen som må plasseres",
        OPPGJOER_2023,
        anslag(2025, (NAV, FOLKETRYGD, 1), (NAV, ("loennsinntekt", "nyKode"), 1), trekk=1),
        (),
        1,
        None,
    ),
]


@pytest.mark.parametrize(
    ("kilde", "oppgjoeret", "a_ordningen", "oppgitte", "aapne", "varsel"),
    AAPNE,
    ids=[rad[0] for rad in AAPNE],
)
def test_det_ukjente_er_aapent_og_aldri_null(
    kilde: str,
    oppgjoeret: Langtidsgrunnlag | None,
    a_ordningen: Aarsanslag | None,
    oppgitte: tuple[Oppgitt, ...],
    aapne: int,
    varsel: str | None,
) -> None:
    svar = sammenstill_langtid(2025, oppgjoeret, a_ordningen, oppgitte)
    assert svar.aapne == aapne, kilde
    assert varsel is None or varsel in koder(svar)
    with pytest.raises(UfullstendigGrunnlagError):
        svar.kalkulatorfelter()


@pytest.mark.parametrize(
    ("oppgitte", "melding"),
    [
        ((oppgitt("/inntekter/loenn", 1),), "/inntekter/loenn kan ikke oppgis"),
        ((oppgitt("/skatt/holdtUtenfor/0/beloep", 1),), "kan ikke oppgis"),
        ((oppgitt("/skatt/skattesats", 1, LEGGES_TIL),), "kan ikke oppgis"),
        ((oppgitt("/skatt/skattesats", "0.22"),), "i prosent"),
        ((oppgitt(RENTEFELT, 1), oppgitt(RENTEFELT, 2)), "to ganger"),
        ((replace(oppgitt(RENTEFELT, 1), begrunnelse=" "),), "begrunnelse"),
    ],
)
def test_det_som_ikke_kan_oppgis_avvises(oppgitte: tuple[Oppgitt, ...], melding: str) -> None:
    with pytest.raises(ValueError, match=melding):
        sammenstill_langtid(2025, OPPGJOER_2025, oppgitte=oppgitte)


def test_kilder_av_feil_aar_og_umulige_faktorer_avvises() -> None:
    with pytest.raises(ValueError, match="senere år"):
        sammenstill_langtid(2024, OPPGJOER_2025)
    with pytest.raises(ValueError, match="annet år"):
        sammenstill_langtid(2026, OPPGJOER_2025, anslag(2025, (NAV, FOLKETRYGD, 1)))
    with pytest.raises(ValueError, match="større enn 0"):
        sammenstill_langtid(2026, OPPGJOER_2025, faktorer={Gruppe.RENTEINNTEKT: Decimal(0)})


def test_beloep_og_begrunnelse_vises_aldri_i_repr() -> None:
    svar = sammenstill_langtid(2025, OPPGJOER_2023, oppgitte=(oppgitt(RENTEFELT, 4_711),))
    for tekst in (repr(svar), repr(svar.felter), repr(oppgitt(RENTEFELT, 4_711))):
        assert "4711" not in tekst
        assert "telefon" not in tekst
        assert "250" not in tekst


def test_det_som_er_erstattet_kan_vises() -> None:
    felt = sammenstill_langtid(2025, OPPGJOER_2023, oppgitte=(oppgitt(RENTEFELT, 1),)).felter[RENTEFELT]
    assert felt.erstatter is not None
    assert felt.erstatter.verdi == 2_163
    assert [barn.kilde for barn in felt.node.barn] == [
        "oppgitt av saksbehandler, etter Nav: opplyst på telefon"
    ]


EKTEFELLE = oppgjoer(2023, (PENSJON, 100_000), (ARBEID, 20_000), (RENTE, 7))
ARBEIDSFELT, PENSJONSFELT = "/forsoergede/1/arbeidsinntekt", "/forsoergede/1/pensjonFraFolketrygden"


@pytest.mark.parametrize(
    ("aar", "oppgjoeret", "a_ordningen", "oppgitte", "felter", "aapne"),
    [
        (
            2023,
            EKTEFELLE,
            None,
            (),
            {ARBEIDSFELT: (20_000, "OPPGJOER"), PENSJONSFELT: (100_000, "OPPGJOER")},
            0,
        ),
        (
            2025,
            EKTEFELLE,
            None,
            (oppgitt("/forsoergede/1/tenktEtterlattepensjon", 200_000), oppgitt(ARBEIDSFELT, 5)),
            {
                "/forsoergede/1/tenktEtterlattepensjon": (200_000, "OPPGITT"),
                ARBEIDSFELT: (5, "OPPGITT"),
                PENSJONSFELT: (100_000, "VIDEREFOERT"),
            },
            0,
        ),
        (2025, None, anslag(2025, (NAV, FOLKETRYGD, 9)), (), {PENSJONSFELT: (9, "ANSLAG")}, 0),
        (2025, EKTEFELLE, anslag(2025, (NAV, LOENN, 9)), (), {ARBEIDSFELT: (9, "ANSLAG")}, 1),
        (2025, None, None, (), {}, 2),
        (
            2025,
            None,
            None,
            (oppgitt(ARBEIDSFELT, 0), oppgitt(PENSJONSFELT, 0)),
            {ARBEIDSFELT: (0, "OPPGITT"), PENSJONSFELT: (0, "OPPGITT")},
            0,
        ),
    ],
)
def test_den_forsoergede(
    aar: int,
    oppgjoeret: Langtidsgrunnlag | None,
    a_ordningen: Aarsanslag | None,
    oppgitte: tuple[Oppgitt, ...],
    felter: dict[str, tuple[Any, str]],
    aapne: int,
) -> None:
    """§ 5 andre ledd: own work income and pension from folketrygden; tax is not asked for."""
    svar: Sammenstilling = sammenstill_forsoerget(1, aar, oppgjoeret, a_ordningen, oppgitte)
    assert verdier(svar) == felter
    assert svar.aapne == aapne
    assert "SKATT_MANGLER" not in koder(svar)
    if not aapne:
        assert svar.kalkulatorfelter() == {
            peker.rsplit("/", 1)[1]: verdi for peker, (verdi, _) in felter.items()
        }
