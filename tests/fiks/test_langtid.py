"""The v1 answer for langtidsopphold, branch by branch."""

import asyncio
import math
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from app.calc.kalkulator import Art, kalkuler
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.poster.skatt import BeregnetSkatt, Skatteart, Skattedel
from app.calc.poster.typer import Skattepost, Svardel
from app.sandbox.befolkning.navngitte import OFFENTLIG_PENSJONSKASSE, PRIVAT_PENSJONSSELSKAP
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK
from app.sandbox.syntetisk import personidentifikator
from app.services.mangler import Grunn
from app.services.oppslag import Hentet, paragraf_3
from app.skatt_client import Api
from tests.fiks.verden import LANGTID, V1, Tenkt, hentet, mangel, mot_sandkassen, program, spoer, uten
from tests.integrasjon.verden import ident, ny_sandkasse, slaa_opp

BEBOER: Final = personidentifikator(date(1944, 3, 3), 10)
HJEMME: Final = personidentifikator(date(1950, 3, 3), 10)
BARN: Final = personidentifikator(date(2014, 3, 3), 10)

PENSJON: Final = "alderspensjonFraFolketrygden"
LOENN: Final = "samletLoennsinntektMedTrygdeavgiftspliktOgMedTrekkplikt"
RENTER: Final = "samledeOpptjenteRenterIInnenlandskeBanker"
GJELDSRENTER: Final = "samledePaaloepteRenterPaaGjeldIInnenlandskeBanker"
OVERSKUDD: Final = "overskuddAvSDF"
UNDERSKUDD: Final = "underskuddFraSDF"
TENKT: Final = "kommune.tenktEtterlattePensjon"


@pytest.fixture(scope="module")
def sandkasse() -> Sandkasse:
    return ny_sandkasse()


def person(nummer: str, type_: str = "SOEKER", **ekstra: int) -> dict[str, Any]:
    """A person; keywords are manual posts, ``kommune_x`` for ``kommune.x``."""
    return {
        "identifikator": nummer,
        "type": type_,
        "ekstraposter": [
            {"tekniskNavn": navn.replace("_", ".", 1), "visningstekst": "Avtalt", "beloep": beloep}
            for navn, beloep in ekstra.items()
        ],
    }


def beregn(svar: dict[str, Hentet], *personer: dict[str, Any], valg: Valg | None = None) -> dict[str, Any]:
    """The answer of made-up look-ups."""
    kropp = {"inntektsaar": 2024, "beregningstype": LANGTID, "personer": personer}
    ut = asyncio.run(spoer(program(Tenkt(svar), valg=valg), f"{V1}/beregning", kropp))
    assert ut.status_code == 200, ut.text
    svaret: dict[str, Any] = ut.json()
    return svaret


def grupper(del_: dict[str, Any]) -> dict[str, Any]:
    """Group name → amount."""
    return {gruppe["tekniskNavn"]: gruppe["beloep"] for gruppe in del_["beregning"]}


def gruppe(svar: dict[str, Any], del_: str, navn: str) -> dict[str, Any]:
    """One group."""
    funnet: dict[str, Any] = next(g for g in svar[del_]["beregning"] if g["tekniskNavn"] == navn)
    return funnet


def koder(svar: dict[str, Any]) -> set[str]:
    """The codes of the messages, but those of every answer."""
    return {m["kode"] for m in svar["feilmeldinger"]} - {"SI-01", "SI-02"}


# --- KS' printed cases, under our own numbers --------------------------------------------------


def test_ks_langtid_2023(sandkasse: Sandkasse) -> None:
    """KS' documentation: 801 718 − 234 591 − max(0, 0 − 146 222) = 567 127."""
    kropp = {
        "inntektsaar": 2023,
        "personer": [
            {"identifikator": ident(sandkasse, "ks-langtid-beboer"), "type": "SOEKER"},
            person(ident(sandkasse, "ks-langtid-partner"), "PARTNER", kommune_tenktEtterlattePensjon=0),
        ],
    }
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning/langtidsopphold-institusjon", kropp).json()
    assert (svar["beregningsbeloep"], svar["inntekt"]["beloep"], svar["fradrag"]["beloep"]) == (
        567_127,
        801_718,
        234_591,
    )
    assert grupper(svar["inntekt"]) == {
        "arbeidsinntekt": 772_062,
        "renteinntekt": 2_163,
        "avkastningFormue": 27_493,
    }
    assert grupper(svar["fradrag"]) == {"skatt": 234_591, "forsorgerfradrag": 0}
    assert [p["stadie"] for p in svar["personer"]] == ["OPPGJOER", "OPPGJOER"]
    assert svar["personer"][0]["skatteoppgjoersdato"] == "2024-02-15"


def test_ks_openapi_2023(sandkasse: Sandkasse) -> None:
    """KS' OpenAPI: 45 000 + 50 000 + 30 000 − 25 000 = 100 000."""
    kropp = {
        "inntektsaar": 2023,
        "beregningstype": LANGTID,
        "personer": [
            person(ident(sandkasse, "ks-openapi-soeker"), kommune_andreInntekter=30_000),
            {"identifikator": ident(sandkasse, "ks-openapi-ektefelle"), "type": "EKTEFELLE"},
        ],
    }
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning", kropp).json()
    assert svar["beregningsbeloep"] == 100_000
    assert grupper(svar["inntekt"]) == {
        "folketrygdeytelser": 45_000,
        "naeringsinntekt": 50_000,
        "andreInntekterGruppe": 30_000,
    }
    assert koder(svar) == {"EA-ETTERLATTEPENSJON"}


# --- Deductions for those the resident supports ------------------------------------------------

FORSOERGET = [
    # own income, manual posts, deduction. Source: § 5 andre ledd; KS' documentation on the two manual posts.
    ({LOENN: 150_000}, {TENKT: 200_000}, 50_000),
    ({LOENN: 250_000}, {TENKT: 200_000}, 0),
    ({PENSJON: 90_000, RENTER: 40_000}, {TENKT: 200_000}, 110_000),
    ({OVERSKUDD: 60_000}, {TENKT: 200_000}, 140_000),
    (
        {LOENN: 150_000},
        {
            TENKT: 200_000,
            "kommune.oektNaeringsinntekt": 10_000,
            "kommune.redusertNaeringsinntekt": 4_000,
        },
        44_000,
    ),
    ({UNDERSKUDD: 30_000}, {TENKT: 200_000}, 200_000),
]


@pytest.mark.parametrize(("egen", "manuelle", "fradrag"), FORSOERGET)
def test_fradrag_for_forsoerget(egen: dict[str, int], manuelle: dict[str, int], fradrag: int) -> None:
    partner = person(HJEMME, "EKTEFELLE", **{navn.replace(".", "_", 1): b for navn, b in manuelle.items()})
    svar = beregn({BEBOER: hentet({PENSJON: 400_000}, 60_000), HJEMME: hentet(egen)}, person(BEBOER), partner)
    [mellomregning] = gruppe(svar, "fradrag", "forsorgerfradrag")["beregningsgrunnlag"]
    assert mellomregning["beloep"] == fradrag
    assert svar["beregningsbeloep"] == 400_000 - 60_000 - fradrag
    # Every manual post is echoed.
    assert {
        p["tekniskNavn"]: p["beloep"]
        for p in mellomregning["beregningsposter"]
        if p["kilde"] == "MANUELL_INPUT"
    } == manuelle
    assert ("EA-NAERINGSUNDERSKUDD" in koder(svar)) == (UNDERSKUDD in egen)


def test_hver_forsoerget_har_sin_mellomregning() -> None:
    svar = beregn(
        {
            BEBOER: hentet({PENSJON: 400_000}, 60_000),
            HJEMME: hentet({LOENN: 500_000}),
            BARN: hentet({RENTER: 100}),
        },
        person(BEBOER),
        person(HJEMME, "EKTEFELLE", kommune_tenktEtterlattePensjon=300_000),
        person(BARN, "BARN", kommune_tenktEtterlattePensjon=50_000),
    )
    deler = gruppe(svar, "fradrag", "forsorgerfradrag")["beregningsgrunnlag"]
    assert [(d["visningstekst"], d["beloep"]) for d in deler] == [
        ("Forsørgerfradrag (EKTEFELLE)", 0),
        ("Forsørgerfradrag (BARN)", 50_000),
    ]


def test_samboer_kan_velges_bort() -> None:
    svar = beregn(
        {BEBOER: hentet({PENSJON: 400_000}, 60_000), HJEMME: hentet({})},
        person(BEBOER),
        person(HJEMME, "SAMBOER", kommune_tenktEtterlattePensjon=100_000),
        valg=Valg(samboer_som_ektefelle=False),
    )
    assert svar["beregningsbeloep"] == 340_000
    assert "EA-SAMBOER" in koder(svar)


def test_gjeldsrenter_og_skjoenn_trekkes_fra() -> None:
    svar = beregn(
        {BEBOER: hentet({PENSJON: 400_000, GJELDSRENTER: 12_000}, 60_000)},
        person(BEBOER, kommune_skjoennsmessigeFradrag=5_000),
    )
    assert grupper(svar["fradrag"]) == {
        "skatt": 60_000,
        "gjeldsrenter": 12_000,
        "skjoennsmessigeFradrag": 5_000,
    }
    assert svar["beregningsbeloep"] == 323_000


def test_underskudd_i_naering_er_eget_grunnlag() -> None:
    svar = beregn(
        {BEBOER: hentet({PENSJON: 400_000, OVERSKUDD: 30_000, UNDERSKUDD: 50_000}, 60_000)}, person(BEBOER)
    )
    naering = gruppe(svar, "inntekt", "naeringsinntekt")
    assert naering["beloep"] == -20_000
    assert [(d["tekniskNavn"], d["operasjon"], d["beloep"]) for d in naering["beregningsgrunnlag"]] == [
        ("overskuddNaeringsinntekt", "ADDERE", 30_000),
        ("underskuddNaeringsinntekt", "SUBTRAHERE", 50_000),
    ]
    assert all(
        p["operasjon"] == "ADDERE" for d in naering["beregningsgrunnlag"] for p in d["beregningsposter"]
    )


# --- Tax ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kallenavn", "aar"),
    [("gevinst", 2024), ("formue", 2025), ("utbytte", 2025), ("ufoer", 2024)],
)
def test_skatten_er_kalkulatorens(sandkasse: Sandkasse, kallenavn: str, aar: int) -> None:
    """§ 3 fjerde ledd and Sivilombudet 17.11.2025: the same rule as the calculator, rounded up to a krone."""
    nummer = ident(sandkasse, kallenavn)
    beboer, _ = slaa_opp(sandkasse, lambda o: o.langtidsopphold(FJORDVIK, aar, nummer))
    grunnlag = paragraf_3(beboer)
    assert grunnlag is not None
    inn = {"aar": aar, **grunnlag.kalkulatorfelter(), "opphold": [{"art": "LANGTID", "fra": "2020-01-01"}]}
    fasit = les_json(kalkuler(Art.LANGTIDSOPPHOLD, skriv_json(inn), forklar=False))
    kropp = {"inntektsaar": aar, "beregningstype": LANGTID, "personer": [person(nummer)]}
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning", kropp).json()
    assert grupper(svar["fradrag"])["skatt"] == math.ceil(fasit["fradragsberettigetSkatt"])
    assert svar["inntekt"]["beloep"] == fasit["inntekt"]
    assert svar["beregningsbeloep"] == math.floor(fasit["beregningsgrunnlag"])
    assert ("EA-SKATTEJUSTERING" in koder(svar)) == bool(grunnlag.holdt_utenfor)


JUSTERING = [
    # A 300 000, P 88 250, 22 per cent: the three taxes are 46 585. Source: docs/tolkninger.md, § 3 punkt 2.
    ("gevinstVedRealisasjonAvFastEiendomMv", 50_000, "SUBTRAHERE", 11_000),
    ("gevinstVedRealisasjonAvFastEiendomMv", 50_001, "SUBTRAHERE", 11_000),
    ("gevinstVedRealisasjonAvFastEiendomMv", 400_000, "SUBTRAHERE", 46_585),
    ("tapVedRealisasjonAvAksje", 50_000, "ADDERE", 11_000),
    ("tapVedRealisasjonAvAksje", 50_001, "ADDERE", 11_001),
]


@pytest.mark.parametrize(("post", "beloep", "operasjon", "endring"), JUSTERING)
def test_skatten_av_det_som_holdes_utenfor(post: str, beloep: int, operasjon: str, endring: int) -> None:
    arter = (
        Skatteart("inntektsskattTilKommune", 23_187, 300_000),
        Skatteart("inntektsskattTilFylkeskommune", 5_082, 300_000),
        Skatteart("fellesskatt", 18_316, 300_000),
    )
    beregnet = BeregnetSkatt(2024, (Skattedel(Svardel.FASTLAND, 60_000, arter),))
    svar = beregn({BEBOER: hentet({PENSJON: 400_000, post: beloep}, beregnet)}, person(BEBOER))
    skatt = gruppe(svar, "fradrag", "skatt")
    [justering] = [d for d in skatt["beregningsgrunnlag"] if d["tekniskNavn"] == "skattejustering"]
    [vist] = justering["beregningsposter"]
    assert (vist["operasjon"], vist["beloep"]) == (operasjon, endring)
    assert skatt["beloep"] == 60_000 + (endring if operasjon == "ADDERE" else -endring)
    assert "22" in vist["infotekst"]


def test_kan_ikke_skatten_av_gevinsten_leses_sies_det() -> None:
    gevinst = {PENSJON: 400_000, "gevinstVedRealisasjonAvFastEiendomMv": 100_000}
    svar = beregn({BEBOER: hentet(gevinst, 82_000)}, person(BEBOER))
    assert grupper(svar["fradrag"]) == {"skatt": 82_000}
    assert "EA-SKATTEJUSTERING-MANGLER" in koder(svar)
    [post] = [
        p
        for g in svar["visningsposter"]
        for p in g["poster"]
        if p["tekniskNavn"] == "gevinstVedRealisasjonAvFastEiendomMv"
    ]
    assert "holdes også utenfor" in post["infotekst"]


@pytest.mark.parametrize(
    ("valg", "skatt"),
    [
        (Valg(), 100_000 - 30_000 + 7_000),
        (Valg(trekk_formuesskatt=True), 100_000 + 7_000),
        (Valg(legg_til_kreditfradrag=False), 100_000 - 30_000),
    ],
)
def test_kommunens_valg_om_skatt(valg: Valg, skatt: int) -> None:
    beregnet = BeregnetSkatt(
        2024,
        (
            Skattedel(
                Svardel.FASTLAND,
                100_000,
                (Skatteart("formuesskattTilStat", 10_000), Skatteart("formuesskattTilKommune", 20_000)),
                (Skatteart("skattefradragForInntektsskattBetaltIUtlandet", 7_000),),
            ),
        ),
    )
    svar = beregn({BEBOER: hentet({PENSJON: 400_000}, beregnet)}, person(BEBOER), valg=valg)
    assert grupper(svar["fradrag"]) == {"skatt": skatt}


# --- What is unknown is never zero -------------------------------------------------------------


def test_skjermet_soeker() -> None:
    svar = beregn(
        {BEBOER: uten(Grunn.SKJERMET), HJEMME: hentet({LOENN: 100_000})},
        person(BEBOER, kommune_andreInntekter=1_000),
        person(HJEMME, "EKTEFELLE", kommune_tenktEtterlattePensjon=200_000),
    )
    assert (svar["beregningsbeloep"], svar["inntekt"]["beloep"], svar["fradrag"]["beloep"]) == (
        None,
        None,
        None,
    )
    assert [(p["skjermet"], p["stadie"]) for p in svar["personer"]] == [
        (True, "UKJENT"),
        (False, "OPPGJOER"),
    ]
    assert svar["stadie"] == "UKJENT"
    assert koder(svar) == {"EA-SKJERMET"}
    assert grupper(svar["inntekt"]) == {"andreInntekterGruppe": 1_000}


def test_skjermet_ektefelle() -> None:
    svar = beregn(
        {BEBOER: hentet({PENSJON: 400_000}, 60_000), HJEMME: uten(Grunn.SKJERMET)},
        person(BEBOER),
        person(HJEMME, "EKTEFELLE", kommune_tenktEtterlattePensjon=200_000),
    )
    assert (svar["beregningsbeloep"], svar["inntekt"]["beloep"], svar["fradrag"]["beloep"]) == (
        None,
        400_000,
        None,
    )
    assert grupper(svar["fradrag"]) == {"skatt": 60_000, "forsorgerfradrag": None}


@pytest.mark.parametrize("grunn", [Grunn.SKJERMET, Grunn.IKKE_OPPGJOER_ENNAA, Grunn.INGEN_TILGANG])
def test_ukjent_skatt(grunn: Grunn) -> None:
    svar = beregn(
        {BEBOER: hentet({PENSJON: 400_000}, mangler=(mangel(grunn, Api.BEREGNET_SKATT),))}, person(BEBOER)
    )
    assert (svar["beregningsbeloep"], svar["inntekt"]["beloep"], svar["fradrag"]) == (
        None,
        400_000,
        {"beloep": None, "beregning": []},
    )
    assert "EA-SKATT-MANGLER" in koder(svar)
    assert any(f"Tekst om {grunn}." in m["melding"] for m in svar["feilmeldinger"])


@pytest.mark.parametrize(
    ("andre", "inntekt", "sum_"), [({}, None, None), ({"kommune_andreInntekter": 5_000}, 5_000, 5_000)]
)
def test_uten_inntektsposter_er_inntekten_ukjent_til_noen_sier_noe(
    andre: dict[str, int], inntekt: int | None, sum_: int | None
) -> None:
    svar = beregn({BEBOER: hentet({"innskudd": 90_000}, 0)}, person(BEBOER, "SOEKER", **andre))
    assert (svar["inntekt"]["beloep"], svar["beregningsbeloep"]) == (inntekt, sum_)
    assert "EA-INGEN_POSTER" in koder(svar)


def test_null_inntekt_er_null(sandkasse: Sandkasse) -> None:
    kropp = {
        "inntektsaar": 2025,
        "beregningstype": LANGTID,
        "personer": [person(ident(sandkasse, "null-inntekt"))],
    }
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning", kropp).json()
    assert (svar["beregningsbeloep"], svar["inntekt"]["beloep"]) == (0, 0)


# --- Posts that wait for a caseworker ----------------------------------------------------------

VENTER = [
    ("ukjent-post", 2025, "sandkasseytelseSomIkkeFinnesIKatalogen", "EA-UKJENT-POST"),
    ("gammelt-og-nytt-navn", 2022, "samletPensjonFraFolketrygden", "EA-DOBBEL-POST"),
    ("utland", 2024, "pensjonFraUtlandetSkattepliktigINorge", "EA-MAA-PLASSERES"),
]


@pytest.mark.parametrize(("kallenavn", "aar", "post", "kode"), VENTER)
def test_post_som_venter_er_vist_og_nevnt_og_ikke_regnet_med(
    sandkasse: Sandkasse, kallenavn: str, aar: int, post: str, kode: str
) -> None:
    kropp = {
        "inntektsaar": aar,
        "beregningstype": LANGTID,
        "personer": [person(ident(sandkasse, kallenavn))],
    }
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning", kropp).json()
    [vist] = [p for g in svar["visningsposter"] for p in g["poster"] if p["tekniskNavn"] == post]
    assert vist["beloep"] > 0
    assert vist["infotekst"]
    assert any(m["kode"] == kode and post in m["melding"] for m in svar["feilmeldinger"])
    assert post not in skriv_json(svar["inntekt"])


def test_pensjon_uten_kjent_utbetaler_er_inntekt_og_nevnt(sandkasse: Sandkasse) -> None:
    """The pension is income whoever pays it; only § 5 tredje ledd asks who."""
    kropp = {
        "inntektsaar": 2025,
        "beregningstype": LANGTID,
        "personer": [
            person(ident(sandkasse, "ektepar-beboer")),
            person(ident(sandkasse, "ektepar-hjemme"), "EKTEFELLE", kommune_tenktEtterlattePensjon=0),
        ],
    }
    svar = mot_sandkassen(sandkasse, f"{V1}/beregning", kropp).json()
    poster = gruppe(svar, "inntekt", "pensjonUtenKjentUtbetaler")["beregningsposter"]
    person_ = sandkasse.befolkning.person("ektepar-beboer").oppgjoer[2025].fastland
    assert person_ is not None
    detaljer = person_.spesifisering["samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"]
    assert {d["organisasjonsnummer"] for d in detaljer} == {OFFENTLIG_PENSJONSKASSE, PRIVAT_PENSJONSSELSKAP}
    assert [p["beloep"] for p in poster] == [d["pensjonsinntektPerSkattleggingsperiode"] for d in detaljer]
    assert {"EA-PENSJON-UTBETALER", "EA-TJENESTEPENSJON"} <= koder(svar)
    assert "EA-MAA-PLASSERES" not in koder(svar)


@pytest.mark.parametrize("hinder", [{"andel_skattefritt": 1}, {"andel_overfoert_fra_barn": 1}])
def test_en_pensjon_med_noe_annet_i_veien_venter(hinder: dict[str, int]) -> None:
    navn = "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"
    pensjon = replace(Skattepost(navn, 70_000), **hinder)  # type: ignore[arg-type]
    svar = beregn({BEBOER: hentet((Skattepost(PENSJON, 300_000), pensjon), 40_000)}, person(BEBOER))
    assert svar["inntekt"]["beloep"] == 300_000
    assert "EA-MAA-PLASSERES" in koder(svar)
