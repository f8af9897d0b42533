"""Langtidsopphold, told person by person: the right figures, with every reason, down to the tax post.

Amounts stand here as the sandbox's persons were written (``app.sandbox.befolkning.navngitte``) or as somebody
printed them; the months are what the stateless calculator answers to the same figures put in by hand.
"""

from decimal import Decimal
from typing import Any, Final

import pytest

from app.sandbox.befolkning import poster as p
from app.sandbox.befolkning.navngitte import OFFENTLIG_PENSJONSKASSE, PRIVAT_PENSJONSSELSKAP, TRYGDEETAT
from app.sandbox.befolkning.skatt import Tall
from app.sandbox.standard import SKOGLI
from tests.saker.historie import (
    Historie,
    Json,
    blader,
    felter,
    for_haand,
    koder,
    kroner,
    langtidssak,
    noder,
    skatten,
    tall,
)

SOLBAKKEN: Final = {2022: 78000, 2023: 78000, 2024: 88500, 2025: 88500, 2026: Decimal("97250.50")}
"""From eksempler/kommuner/fjordvik.toml."""

KS: Final = "KS, «Beskrivelse av API for skatte- og inntektsopplysninger», langtidsopphold 2023"


def ektefelle(h: Historie, hvem: str, tenkt: int | None, **resten: Any) -> Json:
    return {
        "person": h.person(hvem),
        "relasjon": "EKTEFELLE",
        **({} if tenkt is None else {"tenktEtterlattepensjon": tenkt}),
        **resten,
    }


def lik_for_haand(b: Json, **inn: Any) -> Json:
    """The calculation is what the calculator answers to these figures, for a whole year at Solbakken."""
    aar = b["aar"]
    opphold = [
        {"art": "LANGTID", "fra": f"{aar - 1}-01-01", "oppholdsutgiftPerMaaned": SOLBAKKEN[aar]},
    ]
    svar: Json = for_haand("langtidsopphold", **{"aar": aar, "opphold": opphold, **inn})
    assert b["tilstand"] == "BEREGNET", b["varsler"]
    resultat = b["resultat"]
    for felt in ("inntekt", "fradragsberettigetSkatt", "fradragParagraf5", "beregningsgrunnlag", "maaneder"):
        assert resultat[felt] == svar[felt], felt
    assert b["egenandelAar"] == resultat["egenandelAar"] == svar["egenandelAar"]
    return svar


def helt_forklart(h: Historie, b: Json, hvem: str, aar: int) -> None:
    """The tree ends in the yearly sum, every leaf has a source, and no post of the resident's is lost."""
    tre = b["resultat"]["forklaring"]
    assert kroner(tre) == b["egenandelAar"]
    # A sum of nothing has no source but its paragraph: nobody to support gives no deduction.
    assert {blad["id"] for blad in blader(tre) if not blad["kilde"]} <= {"par_5.fradrag"}
    i_treet = {
        (node["id"].removeprefix("skattepost."), int(kroner(node)))
        for node in noder(tre)
        if node["type"] == "FAKTUM" and node["id"].startswith("skattepost.")
    }
    utenfor = {(rad["tekniskNavn"], int(rad["beloep"])) for rad in b["personer"][0]["ikkeRegnet"]}
    gitt = set(tall(h, hvem, aar).poster.items())
    assert gitt <= utenfor | i_treet, "en post er borte"
    assert not gitt & utenfor & i_treet, "en post er både regnet med og ikke"


def test_ks_ekteparet_for_2023_gir_tallene_ks_har_trykt(h: Historie) -> None:
    svar = h.langtid("ks-langtid-beboer", 2023, husstand=[ektefelle(h, "ks-langtid-partner", 0)])
    b = svar["beregning"]
    r = b["resultat"]
    assert (r["inntekt"], r["fradragsberettigetSkatt"], r["beregningsgrunnlag"]) == (
        801718,
        234591,
        567127,
    ), KS
    assert (b["foreloepig"], b["mangler"], b["aapne"]) == (False, [], [])
    # § 3: 75 % of G less 9 400, 85 % of the rest; G was 111 477 until 1 May and 118 620 from then.
    foer_mai = (Decimal("0.75") * (111477 - 9400) + Decimal("0.85") * (567127 - 111477)) / 12
    fra_mai = (Decimal("0.75") * (118620 - 9400) + Decimal("0.85") * (567127 - 118620)) / 12
    assert [m["egenandel"] for m in r["maaneder"]] == [int(foer_mai)] * 4 + [int(fra_mai)] * 8
    assert b["egenandelAar"] == 463380
    lik_for_haand(
        b,
        inntekter={"arbeidsinntekt": 767670 + 4392, "renteinntekt": 2163, "annenAvkastning": 27493},
        skatt={"beregnetSkatt": 234591},
        forsoergede=[{"relasjon": "EKTEFELLE", "arbeidsinntekt": 142622 + 3600}],
    )
    helt_forklart(h, b, "ks-langtid-beboer", 2023)
    assert [f["opphav"] for f in felter(b).values()] == ["OPPGJOER"] * 5
    assert felter(b, 1)["/arbeidsinntekt"]["beloep"] == 146222, KS
    assert felter(b, 1)["/tenktEtterlattepensjon"]["opphav"] == "OPPGITT"
    assert b["personer"][0]["skatteoppgjoersdato"] == "2024-02-15"
    assert b["personer"][1]["skatteoppgjoersdato"] == "2024-02-19"
    # The printed id of the person nowhere, and the posts that count each with its amount.
    regnet = {(n["id"], int(kroner(n))) for n in noder(r["forklaring"]) if n["id"].startswith("skattepost.")}
    for navn, beloep in ((p.LOENN, 767670), (p.EKOM, 4392), (p.RENTER, 2163), (p.UTBYTTE, 27493)):
        assert (f"skattepost.{navn}", beloep) in regnet
    assert (f"skattepost.{p.UTBYTTE_OPP}", 19795) not in regnet


def test_med_a_ordningen_anslaas_aaret_av_de_komplette_maanedene(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2026)
    b = svar["beregning"]
    # The sandbox's payer is none of the known ones: what it pays must be placed first, and the warning says so.
    assert (b["tilstand"], b["resultat"], b["egenandelAar"]) == ("UFULLSTENDIG", None, None)
    (aapen,) = b["aapne"]
    assert (aapen["beloep"], aapen["utbetaler"], aapen["inntektsaar"]) == (291148, TRYGDEETAT, 2026)
    stopper = [v["tekst"] for v in b["varsler"] if v["kode"] == "POST_MAA_PLASSERES"]
    assert len(stopper) == 1
    assert f"«alderspensjon» fra utbetaler {TRYGDEETAT}" in stopper[0]
    h.plasser(svar["sak"]["id"], 2026, {"noekkel": aapen["noekkel"], "som": "pensjonFraFolketrygden"})
    b = h.beregn(svar["sak"]["id"], 2026)
    # 28 282 a month until May and 29 670 from then; November and December as October, the last complete month.
    pensjon = 4 * 28282 + 8 * 29670
    # Tax withheld is a fifth, cut to kroner, month by month.
    trekk = 4 * 5656 + 8 * 5934
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": pensjon, "renteinntekt": 18400},
        skatt={"beregnetSkatt": trekk},
    )
    assert {f: (rad["beloep"], rad["opphav"]) for f, rad in felter(b).items()} == {
        "/inntekter/pensjonFraFolketrygden": (pensjon, "ANSLAG"),
        "/inntekter/renteinntekt": (18400, "VIDEREFOERT"),
        "/skatt/beregnetSkatt": (trekk, "ANSLAG"),
        "/skatt/formuesskatt": (0, "VIDEREFOERT"),
    }
    assert b["foreloepig"]
    assert b["personer"][0]["foreloepig"]
    saken = [v["tekst"] for v in b["varsler"] if v["kode"] == "FORELOEPIG" and v["personId"] is None]
    assert len(saken) == 1
    assert saken[0].startswith("Beregningen for 2026 er foreløpig.")
    maaneder = [n for n in noder(b["resultat"]["forklaring"]) if "a-ordningen" in (n["kilde"] or "")]
    assert len(maaneder) >= 10, "månedene skal stå i treet"


def test_uten_a_ordningen_viderefoeres_nyeste_oppgjoer(h: Historie) -> None:
    innhold = langtidssak(h.person("enslig-pensjonist"), 2026)
    innhold["opphold"][0]["institusjon"] = "skoglitunet"
    b = h.ny_sak(innhold, kommune=SKOGLI)["beregning"]
    # The reports of 2025: four months of 26 950 and eight of 28 282. Skogli has no factor.
    pensjon, skatt = 4 * 26950 + 8 * 28282, skatten(h, "enslig-pensjonist", 2025)
    svar = for_haand(
        "langtidsopphold",
        aar=2026,
        inntekter={"pensjonFraFolketrygden": pensjon, "renteinntekt": 18400},
        skatt={"beregnetSkatt": skatt},
        opphold=[{"art": "LANGTID", "fra": "2025-01-01", "oppholdsutgiftPerMaaned": 101500}],
        valg={"doegnregel": "30_DAGER", "nyttGFra": "2026-07-01"},
    )
    assert b["resultat"]["maaneder"] == svar["maaneder"]
    assert b["egenandelAar"] == svar["egenandelAar"]
    assert {rad["opphav"] for rad in felter(b).values()} == {"VIDEREFOERT"}
    assert b["foreloepig"]
    assert b["mangler"] == []
    assert b["personer"][0]["inntektsaar"] == 2025
    helt_forklart(h, b, "enslig-pensjonist", 2025)


def test_uten_inntekt_i_a_ordningen_brukes_oppgjoeret_med_kommunens_faktor(h: Historie) -> None:
    b = h.langtid("gevinst", 2026)["beregning"]
    # Fjordvik carries pension from folketrygden forward by 1.04 from 2026.
    assert felter(b)["/inntekter/pensjonFraFolketrygden"]["beloep"] == 331000 * Decimal("1.04")
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 331000 * Decimal("1.04"), "renteinntekt": 6500},
        skatt={"beregnetSkatt": skatten(h, "gevinst", 2025)},
    )
    # That a-ordningen has nothing is told, and stops nothing.
    (mangel,) = b["mangler"]
    assert (mangel["api"], mangel["inntektsaar"], mangel["grunn"]) == ("inntekt", 2026, "IKKE_OPPGJOER_ENNAA")
    assert koder(b, ["STOPP"]) == set()
    assert "SKATT_FRA_ANNET_AAR" in koder(b, ["OBS"])


def test_aarets_eget_oppgjoer_er_endelig(h: Historie) -> None:
    b = h.langtid("enslig-pensjonist", 2025)["beregning"]
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 4 * 26950 + 8 * 28282, "renteinntekt": 18400},
        skatt={"beregnetSkatt": skatten(h, "enslig-pensjonist", 2025)},
    )
    assert not b["foreloepig"]
    assert "FORELOEPIG" not in koder(b)
    helt_forklart(h, b, "enslig-pensjonist", 2025)


OFFENTLIG: Final = 4 * 6100 + 8 * 6330
PRIVAT: Final = 12 * 2250


def test_posten_med_to_pensjonsordninger_venter_til_den_er_plassert(h: Historie) -> None:
    svar = h.langtid("ektepar-beboer", 2025, husstand=[ektefelle(h, "ektepar-hjemme", 350000)])
    id_, b = svar["sak"]["id"], svar["beregning"]
    assert (b["tilstand"], b["egenandelAar"], b["resultat"], b["resultatHash"]) == (
        *("UFULLSTENDIG", None),
        *(None, None),
    )
    aapne = {rad["utbetaler"]: rad for rad in b["aapne"]}
    assert {u: rad["beloep"] for u, rad in aapne.items()} == {
        OFFENTLIG_PENSJONSKASSE: OFFENTLIG,
        PRIVAT_PENSJONSSELSKAP: PRIVAT,
    }
    assert all(
        {"offentligTjenestepensjon", "privatPensjon"} <= set(rad["kanPlasseresSom"]) for rad in b["aapne"]
    )
    tekster = [v["tekst"] for v in b["varsler"] if v["kode"] == "POST_MAA_PLASSERES"]
    assert [u for u in aapne if any(u in tekst for tekst in tekster)] == list(aapne), "hver post nevnes"

    offentlig = {"noekkel": aapne[OFFENTLIG_PENSJONSKASSE]["noekkel"], "som": "offentligTjenestepensjon"}
    privat = {"noekkel": aapne[PRIVAT_PENSJONSSELSKAP]["noekkel"], "som": "privatPensjon"}
    h.plasser(id_, 2025, offentlig)
    halvveis = h.beregn(id_, 2025)
    assert halvveis["tilstand"] == "UFULLSTENDIG"
    assert [rad["utbetaler"] for rad in halvveis["aapne"]] == [PRIVAT_PENSJONSSELSKAP]
    h.plasser(id_, 2025, privat)
    b = h.beregn(id_, 2025)
    assert (b["aapne"], koder(b, ["STOPP"])) == ([], set())
    lik_for_haand(
        b,
        inntekter={
            "pensjonFraFolketrygden": 334056,
            "offentligTjenestepensjon": OFFENTLIG,
            "privatPensjon": PRIVAT,
            "renteinntekt": 9200,
        },
        skatt={"beregnetSkatt": skatten(h, "ektepar-beboer", 2025)},
        forsoergede=[
            {"relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 350000, "arbeidsinntekt": 12 * 24000}
        ],
    )
    # § 5: 350 000 − 288 000, and half of each service pension.
    assert b["resultat"]["fradragParagraf5"] == 350000 - 288000 + (OFFENTLIG + PRIVAT) // 2
    begrunnet = [
        n for n in noder(b["resultat"]["forklaring"]) if "avklart med beboeren" in (n["kilde"] or "")
    ]
    assert begrunnet, "avgjørelsen skal stå i treet med begrunnelsen"


def test_det_nav_har_oppgitt_gaar_foran_og_kan_trekkes_tilbake(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    id_, felt = svar["sak"]["id"], "/inntekter/pensjonFraFolketrygden"
    post = h.beloep(id_, 2025, felt, 360000, kilde="Nav")
    rente = h.beloep(id_, 2025, "/inntekter/renteinntekt", 1600, virkning="LEGGES_TIL", kilde="banken")
    b = h.beregn(id_, 2025)
    rad = felter(b)[felt]
    assert (rad["beloep"], rad["opphav"], rad["erstatter"]) == (360000, "OPPGITT", 334056)
    rad = felter(b)["/inntekter/renteinntekt"]
    assert (rad["beloep"], rad["opphav"], rad["erstatter"]) == (20000, "OPPGITT", 18400)
    skatt = {"beregnetSkatt": skatten(h, "enslig-pensjonist", 2025)}
    lik_for_haand(b, inntekter={"pensjonFraFolketrygden": 360000, "renteinntekt": 20000}, skatt=skatt)
    oppgitt = [
        n["kilde"]
        for n in noder(b["resultat"]["forklaring"])
        if "oppgitt av saksbehandler" in (n["kilde"] or "")
    ]
    assert any("etter Nav: brev fra utbetaleren" in kilde for kilde in oppgitt)
    # Of two in place of one figure, the newest holds.
    nyeste = h.beloep(id_, 2025, felt, 365000)
    assert felter(h.beregn(id_, 2025))[felt]["beloep"] == 365000

    for ett in (post, rente, nyeste):
        slettet = h.faa(200, "DELETE", f"/api/v1/saker/{id_}/manuelle-poster/{ett['id']}")
        assert slettet["opphevet"] is not None
        h.faa(404, "DELETE", f"/api/v1/saker/{id_}/manuelle-poster/{ett['id']}")
    b = h.beregn(id_, 2025)
    assert felter(b)[felt] == felter(svar["beregning"])[felt]
    assert b["resultatHash"] == svar["beregning"]["resultatHash"]
    alle = h.les(f"/api/v1/saker/{id_}/manuelle-poster")
    assert [rad["id"] for rad in alle] == [post["id"], rente["id"], nyeste["id"]], "de blir stående"
    assert all(rad["opphevetAv"] for rad in alle)


def test_et_beloep_for_et_annet_aar_roerer_ikke_beregningen(h: Historie) -> None:
    svar = h.langtid("enslig-pensjonist", 2025)
    h.beloep(svar["sak"]["id"], 2024, "/inntekter/pensjonFraFolketrygden", 1)
    assert h.beregn(svar["sak"]["id"], 2025)["resultatHash"] == svar["beregning"]["resultatHash"]


def uten(h: Historie, hvem: str, aar: int, *navn: str) -> int:
    """The tax the sandbox would have computed without some posts: what the law asks for (Sivilombudet)."""
    beloep = {n: b for n, b in tall(h, hvem, aar).beloep.items() if n not in navn}
    return int(Tall(aar, beloep).beregnet["beregnetSkatt"])


def test_gevinsten_holdes_utenfor_baade_inntekten_og_skatten(h: Historie) -> None:
    b = h.langtid("gevinst", 2024)["beregning"]
    pensjon, renter = 331000 * 955 // 1000, 6500 * 955 // 1000
    ventet = uten(h, "gevinst", 2024, p.GEVINST, p.GEVINST_BOLIG, p.AKSJER)
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": pensjon, "renteinntekt": renter},
        skatt={"beregnetSkatt": ventet},
    )
    # 22 % of 410 000 × 1.72 and 150 000.
    assert b["resultat"]["skattejustering"] == -(Decimal("0.22") * (410000 * Decimal("1.72") + 150000))
    assert felter(b)["/skatt/holdtUtenfor/0/oppjusteringsfaktor"]["beloep"] == Decimal("1.72")
    assert "SKATTEJUSTERING" in koder(b, ["OBS"])
    assert "GEVINST_HOLDT_UTENFOR" not in koder(b), "det samme sies én gang"


def test_tapet_maa_faa_tallene_svaret_ikke_har(h: Historie) -> None:
    svar = h.langtid("tap", 2025)
    id_, b = svar["sak"]["id"], svar["beregning"]
    assert b["tilstand"] == "UFULLSTENDIG"
    assert {"SKATTEJUSTERING_UKJENT", "PERSONFRADRAG_UKJENT"} <= koder(b, ["STOPP"])
    minstefradrag, fradrag = 73150, 108550
    h.beloep(id_, 2025, "/skatt/alminneligInntekt", 344000 + 6500 - minstefradrag - 120000 * 172 // 100)
    h.beloep(id_, 2025, "/skatt/personfradrag", fradrag)
    b = h.beregn(id_, 2025)
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 344000, "renteinntekt": 6500},
        skatt={"beregnetSkatt": uten(h, "tap", 2025, p.TAP)},
    )
    assert b["resultat"]["skattejustering"] > 0, "tapet har senket skatten"


def test_formuesskatten_trekkes_ikke_fra(h: Historie) -> None:
    b = h.langtid("formue", 2025)["beregning"]
    # One per cent of 3 150 000 + 2 050 000 − 610 000 above 1 760 000.
    formuesskatt = (3150000 + 2050000 - 610000 - 1760000) // 100
    assert felter(b)["/skatt/formuesskatt"]["beloep"] == formuesskatt == 28300
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 352000, "leieinntekt": 96000, "renteinntekt": 104000},
        skatt={"beregnetSkatt": skatten(h, "formue", 2025), "formuesskatt": formuesskatt},
        gjeldsrenter=31000,
    )
    assert b["resultat"]["fradragsberettigetSkatt"] == skatten(h, "formue", 2025) - 28300
    assert "FORMUESSKATT" in koder(b, ["OBS"])
    helt_forklart(h, b, "formue", 2025)


def test_pensjon_fra_utlandet_plasseres_og_skatt_betalt_der_regnes_med(h: Historie) -> None:
    svar = h.langtid("utland", 2024)
    b = svar["beregning"]
    skattepliktig, skattefri = 88000 * 955 // 1000, 21000
    assert {rad["tekniskNavn"]: rad["beloep"] for rad in b["aapne"]} == {
        p.UTENLANDSK_PENSJON: skattepliktig,
        p.SKATTEFRI_UTENLANDSK_PENSJON: skattefri,
    }
    h.plasser(
        svar["sak"]["id"], 2024, *({"noekkel": r["noekkel"], "som": "privatPensjon"} for r in b["aapne"])
    )
    b = h.beregn(svar["sak"]["id"], 2024)
    lik_for_haand(
        b,
        inntekter={
            "pensjonFraFolketrygden": 196000 * 955 // 1000,
            "privatPensjon": skattepliktig + skattefri,
        },
        skatt={"beregnetSkatt": skatten(h, "utland", 2024), "kreditfradrag": 7400},
    )
    assert {"UTLAND", "SKATT_BETALT_I_UTLANDET"} <= koder(b, ["OBS"])


def test_svalbard_og_fastland_legges_sammen(h: Historie) -> None:
    svar = h.langtid("svalbard", 2025)
    (aapen,) = svar["beregning"]["aapne"]
    assert (aapen["tekniskNavn"], aapen["beloep"]) == (p.SVALBARD_PENSJON, 298000)
    h.plasser(svar["sak"]["id"], 2025, {"noekkel": aapen["noekkel"], "som": "pensjonFraFolketrygden"})
    b = h.beregn(svar["sak"]["id"], 2025)
    svalbard = h.sandkasse.befolkning.person("svalbard").oppgjoer[2025].svalbard
    assert svalbard is not None
    skatt = skatten(h, "svalbard", 2025) + svalbard.beregnet_svalbard()["beregnetSkatt"]
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 298000, "renteinntekt": 3900},
        skatt={"beregnetSkatt": skatt},
    )
    assert "SVALBARD" in koder(b, ["INFO"])


def test_naeringsinntekt_som_staar_to_ganger_regnes_en_gang(h: Historie) -> None:
    b = h.langtid("naering", 2025)["beregning"]
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 142000, "naeringsinntekt": 214000},
        skatt={"beregnetSkatt": skatten(h, "naering", 2025)},
    )
    assert p.NAERING_PERSON in {rad["tekniskNavn"] for rad in b["personer"][0]["ikkeRegnet"]}
    helt_forklart(h, b, "naering", 2025)


def test_et_barn_betaler_bare_av_egen_inntekt(h: Historie) -> None:
    b = h.langtid("barn", 2025, fyller18="2030-04-20")["beregning"]
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 114000, "renteinntekt": 1200},
        skatt={"beregnetSkatt": skatten(h, "barn", 2025)},
    )
    (tekst,) = [v["tekst"] for v in b["varsler"] if v["kode"] == "BEBOER_UNDER_18"]
    assert "20.4.2030" in tekst
    assert [o.hvem for o in h.oppslag()] == ["barn", "barn"]


@pytest.mark.parametrize(
    ("som", "gruppe"), [("annenAvkastning", {"annenAvkastning": 33000}), ("IKKE_INNTEKT", {})]
)
def test_en_ukjent_post_stopper_til_den_er_avgjort(h: Historie, som: str, gruppe: Json) -> None:
    svar = h.langtid("ukjent-post", 2025)
    id_, b = svar["sak"]["id"], svar["beregning"]
    (aapen,) = b["aapne"]
    assert (aapen["tekniskNavn"], aapen["beloep"]) == (p.UKJENT_POST, 33000)
    assert "UKJENT_POST" in koder(b, ["STOPP"])
    # What is entered does not settle a post that may be something else.
    h.beloep(id_, 2025, "/inntekter/annenAvkastning", 0)
    assert h.beregn(id_, 2025)["tilstand"] == "UFULLSTENDIG"
    h.faa(
        200,
        "DELETE",
        f"/api/v1/saker/{id_}/manuelle-poster/{h.les(f'/api/v1/saker/{id_}/manuelle-poster')[0]['id']}",
    )
    h.plasser(id_, 2025, {"noekkel": aapen["noekkel"], "som": som})
    b = h.beregn(id_, 2025)
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 266000, **gruppe},
        skatt={"beregnetSkatt": skatten(h, "ukjent-post", 2025)},
    )


def test_samme_pensjon_under_to_navn_legges_aldri_sammen(h: Historie) -> None:
    svar = h.langtid("gammelt-og-nytt-navn", 2022)
    id_, b = svar["sak"]["id"], svar["beregning"]
    assert {rad["tekniskNavn"]: rad["beloep"] for rad in b["aapne"]} == {
        p.ALDERSPENSJON: 251000,
        p.ALDERSPENSJON_2021: 251000,
    }
    assert koder(b, ["STOPP"]) == {"POSTER_I_STRID", "GRUNNLAG_MANGLER"}, "svaret har inntekt"
    (en,) = [rad for rad in b["aapne"] if rad["tekniskNavn"] == p.ALDERSPENSJON]
    h.plasser(id_, 2022, {"noekkel": en["noekkel"], "som": "pensjonFraFolketrygden"})
    b = h.beregn(id_, 2022)
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 251000},
        skatt={"beregnetSkatt": skatten(h, "gammelt-og-nytt-navn", 2022)},
    )
    (ikke,) = [r for r in b["personer"][0]["ikkeRegnet"] if r["tekniskNavn"] == p.ALDERSPENSJON_2021]
    assert ikke["grunn"].startswith("Ikke valgt av saksbehandler")


def test_null_inntekt_er_null_kroner(h: Historie) -> None:
    b = h.langtid("null-inntekt", 2025)["beregning"]
    lik_for_haand(b, inntekter={"arbeidsinntekt": 0})
    assert b["egenandelAar"] == 0
    assert b["egenandelAar"] is not None
    assert {rad["beloep"] for rad in felter(b).values()} == {0}
    assert len(b["resultat"]["maaneder"]) == 12
    assert koder(b, ["STOPP"]) == set()


def test_ingen_inntekt_er_ikke_null_kroner(h: Historie) -> None:
    b = h.langtid("uten-noe", 2025)["beregning"]
    assert (b["tilstand"], b["egenandelAar"], b["resultat"]) == ("UFULLSTENDIG", None, None)
    assert felter(b) == {}


def test_uskiftet_bo_sies_og_egen_rente_foeres_inn(h: Historie) -> None:
    svar = h.langtid("uskiftet-bo", 2025, forhold=[{"uskiftetBo": True}])
    id_ = svar["sak"]["id"]
    tekster = [v["tekst"] for v in svar["beregning"]["varsler"] if v["kode"] == "USKIFTET_BO"]
    assert len(tekster) == 1, "det samme sies én gang"
    assert tekster[0].startswith("Personen sitter i uskiftet bo.")
    h.beloep(id_, 2025, "/inntekter/renteinntekt", 9000, begrunnelse="resten hører til boet")
    b = h.beregn(id_, 2025)
    lik_for_haand(
        b,
        inntekter={"pensjonFraFolketrygden": 305000 + 28000, "renteinntekt": 9000},
        skatt={"beregnetSkatt": skatten(h, "uskiftet-bo", 2025), "formuesskatt": 9000},
    )
    assert felter(b)["/inntekter/renteinntekt"]["erstatter"] == 61000


def test_oppholdsutgiften_er_taket(h: Historie) -> None:
    innhold = langtidssak(h.person("formue"), 2025)
    innhold["opphold"] = [{"art": "LANGTID", "fra": "2024-01-01", "oppholdsutgiftPerMaaned": 20000}]
    b = h.ny_sak(innhold)["beregning"]
    assert [m["egenandel"] for m in b["resultat"]["maaneder"]] == [20000] * 12


def test_innflytting_femtende_januar_betales_fra_femtende_februar(h: Historie) -> None:
    innhold = langtidssak(h.person("enslig-pensjonist"), 2025)
    innhold["opphold"] = [
        {"art": "LANGTID", "fra": "2025-01-15", "til": "2025-06-30", "institusjon": "solbakken"}
    ]
    b = h.ny_sak(innhold)["beregning"]
    maaneder = {m["maaned"]: m["doegn"] for m in b["resultat"]["maaneder"]}
    assert maaneder == {"2025-02": 14, "2025-03": 31, "2025-04": 30, "2025-05": 31, "2025-06": 30}
    assert b["virkningFra"] == "2025-01-01"


def test_prisen_kan_endres_mens_noen_bor_der(h: Historie) -> None:
    # Solbakken costs 88 500 until New Year 2026; a stay over New Year is divided and nothing else changes.
    svar = h.langtid("enslig-pensjonist", 2025)
    perioder = h.beregn(svar["sak"]["id"], 2025)["resultat"]["perioder"]
    assert [(per["fra"], per["til"]) for per in perioder] == [
        ("2025-01-01", "2025-04-30"),
        ("2025-05-01", "2025-12-31"),
    ]
