"""Praktisk bistand: who counts, which settlement, both sides of 2 G, and what it costs."""

from decimal import Decimal
from typing import Any, Final

import pytest

from app.sandbox.standard import SKOGLI
from tests.saker.historie import (
    Historie,
    Json,
    Oppslag,
    bistandssak,
    blader,
    felter,
    for_haand,
    koder,
    kroner,
    noder,
    tall,
)

SSG: Final = "summertskattegrunnlag"
TO_G: Final = {2023: 2 * 111477, 2025: 2 * 124028, 2026: 2 * 130160}
"""Kroner; G per 1 January is that of 1 May the year before."""
KS: Final = "KS, «Beskrivelse av API for skatte- og inntektsopplysninger», praktisk bistand 2021"


def partner(h: Historie, hvem: str, relasjon: str = "EKTEFELLE", **resten: Any) -> Json:
    return {"person": h.person(hvem), "relasjon": relasjon, **resten}


def hver_maaned(aar: int, timer: int = 4) -> list[Json]:
    return [{"maaned": f"{aar}-{m:02d}", "art": "TIMER", "timer": timer} for m in range(1, 13)]


def betalt(b: Json) -> list[Decimal]:
    return [m["egenandel"] for m in b["resultat"]["maaneder"]]


def test_ks_eksemplet_for_2021_gir_tallene_ks_har_trykt(h: Historie) -> None:
    svar = h.ny_sak(
        bistandssak(
            *(h.person("ks-bistand-soeker"), 2023),
            husstand=[partner(h, "ks-bistand-ektefelle")],
            forhold=[{"hjelpestoenad": 2000, "omsorgsstoenad": 1000}],
            skjoennsmessigFradrag=[{"beloep": 3000, "begrunnelse": "høye utgifter til medisin"}],
        )
    )
    b = svar["beregning"]
    r = b["resultat"]
    assert [person["grunnlag"] for person in r["perPerson"]] == [93431, 6381000], KS
    assert (r["grunnlag"], r["toG"], r["under2G"]) == (6474431, TO_G[2023], False), KS
    assert [person["inntektsaar"] for person in b["personer"]] == [2021, 2021]
    assert not b["foreloepig"], "siste oppgjør er det § 10 spør etter"
    # From 4 G Fjordvik takes 2 180 a month, but never above selvkost: four hours at 370 + 100 and 10 %.
    assert betalt(b) == [4 * 517]
    assert "VURDER_PERSONLIGE_BEHOV" in koder(b, ["OBS"])
    tre = r["forklaring"]
    assert kroner(tre) == b["egenandelAar"]
    assert all(blad["kilde"] for blad in blader(tre))
    poster = {int(kroner(n)) for n in noder(tre) if n["id"].startswith("skattepost.")}
    assert {6700, 39199, 88840, 39090, 6801000, 200000, 88000, 132000} <= poster, KS


@pytest.mark.parametrize(
    ("alminnelig", "under", "pris"),
    [(TO_G[2026] - 1, True, 220), (TO_G[2026], False, 850)],
    ids=["én krone under 2 G", "akkurat 2 G"],
)
def test_paa_begge_sider_av_2_g(h: Historie, alminnelig: int, under: bool, pris: int) -> None:
    # 73 150 is the sandbox's minstefradrag on a pension in 2024.
    endring = {
        "beloep": {"alderspensjonFraFolketrygden": alminnelig + 73150},
        "dato": "2025-04-10",
        "hendelse": False,
    }
    h.kontroll("PUT", "/personer/ukjent-post/oppgjoer/2024", endring)
    assert tall(h, "ukjent-post", 2024).alminnelig_inntekt == alminnelig
    b = h.ny_sak(bistandssak(h.person("ukjent-post"), 2026))["beregning"]
    r = b["resultat"]
    assert (r["grunnlag"], r["under2G"], r["toG"], betalt(b)) == (alminnelig, under, TO_G[2026], [pris])
    assert (r["maaneder"][0]["tak"] == 245) is under, "statens tak gjelder bare under 2 G"


def test_gevinsten_loefter_ingen_over_2_g(h: Historie) -> None:
    b = h.ny_sak(bistandssak(h.person("gevinst"), 2026))["beregning"]
    alminnelig = tall(h, "gevinst", 2024).alminnelig_inntekt
    uten = alminnelig - 410000 - 410000 * 72 // 100 - 150000
    assert alminnelig > TO_G[2026] > uten
    assert (b["resultat"]["grunnlag"], b["resultat"]["under2G"]) == (uten, True)


def test_utbyttet_teller_men_ikke_oppjusteringen(h: Historie) -> None:
    b = h.ny_sak(bistandssak(h.person("utbytte"), 2026))["beregning"]
    poster = tall(h, "utbytte", 2024).poster
    oppjustering = poster["oppjustertTilleggTilUtbytteFraAksje"]
    assert oppjustering > 0
    assert b["resultat"]["grunnlag"] == tall(h, "utbytte", 2024).alminnelig_inntekt - oppjustering


def test_prisene_kan_endres_midt_i_aaret(h: Historie) -> None:
    b = h.ny_sak(bistandssak(h.person("tap"), 2026, tjenester=hver_maaned(2026)))["beregning"]
    # 2–3 G: 850 until July, 920 from then; the household's basis and G are the same all the year.
    assert TO_G[2026] <= b["resultat"]["grunnlag"] == tall(h, "tap", 2024).alminnelig_inntekt
    assert betalt(b) == [850] * 6 + [920] * 6
    b = h.ny_sak(bistandssak(h.person("formue"), 2026, tjenester=hver_maaned(2026)))["beregning"]
    assert TO_G[2026] * 3 // 2 <= b["resultat"]["grunnlag"] < TO_G[2026] * 2, "3–4 G"
    assert betalt(b) == [1680] * 6 + [1800] * 6


def test_stigen_med_timepris_tak_og_fri_maaned(h: Historie) -> None:
    innhold = bistandssak(h.person("formue"), 2026, tjenester=hver_maaned(2026, timer=3))
    b = h.ny_sak(innhold, kommune=SKOGLI)["beregning"]
    # Frosta's prices: 424 an hour with a cap of 2 051 between 3 and 4 G; July is free as in Løten.
    assert betalt(b) == [min(3 * 424, 2051)] * 6 + [0] + [3 * 424] * 5
    innhold = bistandssak(h.person("uskiftet-bo"), 2026, tjenester=hver_maaned(2026, timer=8))
    b = h.ny_sak(innhold, kommune=SKOGLI)["beregning"]
    assert b["resultat"]["trinn"]["timepris"] == 424
    assert betalt(b)[0] == b["resultat"]["trinn"]["maksPerMaaned"] == 957, "8 timer når taket"


def test_personlig_stell_koster_aldri_noe(h: Historie) -> None:
    tjenester = [{"maaned": "2026-01", "art": "PERSONLIG_STELL", "timer": 30}]
    b = h.ny_sak(bistandssak(h.person("formue"), 2026, tjenester=tjenester))["beregning"]
    assert b["egenandelAar"] == 0


UTENFOR: Final = [
    ("en forelder", {"relasjon": "FORELDER"}, "§ 10 tredje ledd"),
    ("et søsken", {"relasjon": "SOESKEN"}, "§ 10 tredje ledd"),
    ("et voksent barn", {"relasjon": "BARN_OVER_18"}, "§ 10 tredje ledd"),
    ("et barn som ikke er grunnen til hjelpen", {"relasjon": "BARN_UNDER_18"}, "§ 10 tredje ledd"),
    (
        "en ektefelle som ikke bor hjemme",
        {"relasjon": "EKTEFELLE", "hjemmeboende": False},
        "§ 10 fjerde ledd",
    ),
]


@pytest.mark.parametrize(("rad", "paragraf"), [r[1:] for r in UTENFOR], ids=[r[0] for r in UTENFOR])
def test_andre_i_boligen_avvises_med_paragraf_og_slaas_ikke_opp(
    h: Historie, rad: Json, paragraf: str
) -> None:
    rad = {"person": h.person("ektepar-hjemme"), **rad}
    feil = h.ny_sak(bistandssak(h.person("enslig-pensjonist"), 2026, husstand=[rad]), status=422)
    (en,) = feil["errors"]
    assert en["pointer"].startswith("/husstand/0/")
    assert paragraf in en["detail"]
    assert h.oppslag() == []


def test_barnet_som_er_grunnen_til_hjelpen_regnes_med(h: Historie) -> None:
    rad = partner(h, "barn", "BARN_UNDER_18", hjelpenSkyldesBarnetsBehov=True)
    b = h.ny_sak(bistandssak(h.person("naering"), 2026, husstand=[rad]))["beregning"]
    ventet = [tall(h, hvem, 2024).alminnelig_inntekt for hvem in ("naering", "barn")]
    assert [person["grunnlag"] for person in b["resultat"]["perPerson"]] == ventet
    assert h.oppslag() == [Oppslag(SSG, "barn", 2024), Oppslag(SSG, "naering", 2024)]


@pytest.mark.parametrize("felt", ["betalerLangtidsegenandel", "avkortetYtelseBorteFraHjemmet"])
def test_den_som_betaler_et_annet_sted_regnes_ikke_med(h: Historie, felt: str) -> None:
    rad = partner(h, "ektepar-hjemme", **{felt: True})
    svar = h.ny_sak(bistandssak(h.person("formue"), 2026, husstand=[rad]))
    b = svar["beregning"]
    assert len(b["resultat"]["perPerson"]) == 1
    (varsel,) = [v for v in b["varsler"] if v["kode"] == "IKKE_MEDREGNET"]
    assert varsel["personId"] == svar["sak"]["innhold"]["husstand"][0]["person"]["personId"]
    assert h.oppslag() == [Oppslag(SSG, "formue", 2024)]


def test_mottakeren_selv_kan_falle_utenfor(h: Historie) -> None:
    b = h.ny_sak(
        bistandssak(
            *(h.person("ektepar-beboer"), 2026),
            forhold=[{"betalerLangtidsegenandel": True}],
            husstand=[partner(h, "ektepar-hjemme")],
        )
    )["beregning"]
    assert [person["medregnet"] for person in b["resultat"]["perPerson"]] == [False, True]
    assert h.oppslag() == [Oppslag(SSG, "ektepar-hjemme", 2024)]


def test_et_oppgjoer_som_kom_etter_nyttaar_var_ikke_det_siste_da(h: Historie) -> None:
    endring = {"beloep": {"alderspensjonFraFolketrygden": 500000}, "dato": "2026-02-01"}
    h.kontroll("PUT", "/personer/formue/oppgjoer/2024", endring)
    b = h.ny_sak(bistandssak(h.person("formue"), 2026))["beregning"]
    assert b["personer"][0]["inntektsaar"] == 2023
    assert b["resultat"]["grunnlag"] == tall(h, "formue", 2023).alminnelig_inntekt


def test_er_inntekten_vesentlig_endret_velges_et_annet_aar_med_begrunnelse(h: Historie) -> None:
    innhold = bistandssak(h.person("formue"), 2026)
    innhold["beregning"] |= {"inntektsaar": 2025}
    h.ny_sak(innhold, status=422)
    innhold["beregning"] |= {"inntektsaarBegrunnelse": "gikk av med pensjon i 2025"}
    b = h.ny_sak(innhold)["beregning"]
    assert b["personer"][0]["inntektsaar"] == 2025
    assert b["resultat"]["grunnlag"] == tall(h, "formue", 2025).alminnelig_inntekt
    (varsel,) = [v for v in b["varsler"] if v["kode"] == "ANNET_INNTEKTSAAR"]
    assert "gikk av med pensjon i 2025" in varsel["tekst"]
    assert h.oppslag() == [Oppslag(SSG, "formue", 2025)]


def test_eller_aarets_tall_foeres_inn(h: Historie) -> None:
    svar = h.ny_sak(bistandssak(h.person("formue"), 2026))
    h.beloep(svar["sak"]["id"], 2026, "/alminneligInntektFoerSaerfradrag", 250000)
    b = h.beregn(svar["sak"]["id"], 2026)
    assert b["resultat"]["grunnlag"] == 250000
    rad = felter(b)["/alminneligInntektFoerSaerfradrag"]
    assert (rad["opphav"], rad["erstatter"]) == ("OPPGITT", tall(h, "formue", 2024).alminnelig_inntekt)


@pytest.mark.parametrize(("som", "trekkes_ut"), [("I_SUMMEN", 0), ("GEVINST", 33000)])
def test_en_ukjent_post_stopper_ogsaa_her(h: Historie, som: str, trekkes_ut: int) -> None:
    annet = {"inntektsaar": 2025, "inntektsaarBegrunnelse": "endret inntekt"}
    innhold = bistandssak(h.person("ukjent-post"), 2026)
    svar = h.ny_sak({**innhold, "beregning": {"aar": 2026, **annet}})
    (aapen,) = svar["beregning"]["aapne"]
    assert (svar["beregning"]["tilstand"], aapen["beloep"]) == ("UFULLSTENDIG", 33000)
    h.plasser(svar["sak"]["id"], 2026, {"noekkel": aapen["noekkel"], "som": som})
    b = h.beregn(svar["sak"]["id"], 2026, **annet)
    assert b["resultat"]["grunnlag"] == tall(h, "ukjent-post", 2025).alminnelig_inntekt - trekkes_ut


def test_kalkulatoren_svarer_det_samme_paa_tallene_for_haand(h: Historie) -> None:
    b = h.ny_sak(
        bistandssak(
            *(h.person("ektepar-beboer"), 2025),
            husstand=[partner(h, "ektepar-hjemme", "SAMBOER")],
            tjenester=hver_maaned(2025),
        )
    )["beregning"]
    svar = for_haand(
        "praktisk-bistand",
        aar=2025,
        husstand=[
            {
                "rolle": rolle,
                "alminneligInntektFoerSaerfradrag": tall(h, hvem, 2023).alminnelig_inntekt,
            }
            for rolle, hvem in (("TJENESTEMOTTAKER", "ektepar-beboer"), ("SAMBOER", "ektepar-hjemme"))
        ],
        prisregister={
            "selvkost": {"timeloenn": 370, "sosialeUtgifter": 100},
            "trinn": [
                {"fraG": 0, "tilG": 2, "fastprisPerMaaned": 220},
                {"fraG": 2, "tilG": 3, "fastprisPerMaaned": 850},
                {"fraG": 3, "tilG": 4, "fastprisPerMaaned": 1680},
                {"fraG": 4, "fastprisPerMaaned": 2180},
            ],
        },
        tjenester=hver_maaned(2025),
    )
    assert b["resultat"]["maaneder"] == svar["maaneder"]
    assert (b["egenandelAar"], b["resultat"]["grunnlag"]) == (svar["egenandelAar"], svar["grunnlag"])
