"""No more is asked about anybody than what is needed, and the register says exactly what was."""

from typing import Any, Final

import pytest

from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.forstyrrelser import Art
from app.sandbox.standard import FJORDVIK, JOURNALKLIENT, JOURNALLEVERANDOER, SKOGLI
from tests.saker.historie import SAKER, Historie, Json, Oppslag, bistandssak, langtidssak

SSG: Final = "summertskattegrunnlag"
BSA: Final = "beregnetskatt"
INNTEKT: Final = "inntekt"


def par(h: Historie, **resten: Any) -> list[Json]:
    return [
        {
            "person": h.person("ektepar-hjemme"),
            "relasjon": "EKTEFELLE",
            "tenktEtterlattepensjon": 210000,
            **resten,
        }
    ]


def spurt(h: Historie, *ventet: tuple[str, str, int]) -> None:
    """Exactly these look-ups have been made, and the sandbox's own log has as many."""
    assert h.oppslag() == sorted(Oppslag(*ett) for ett in ventet)
    assert h.antall_hos_skatteetaten() == len(ventet)


def test_ekteparet_i_et_oppgjort_aar(h: Historie) -> None:
    h.langtid("ektepar-beboer", 2025, husstand=par(h))
    # § 5 asks for the spouse's income, never for the tax of it.
    spurt(h, (SSG, "ektepar-beboer", 2025), (BSA, "ektepar-beboer", 2025), (SSG, "ektepar-hjemme", 2025))


def test_ekteparet_i_det_loepende_aaret_der_kommunen_har_a_ordningen(h: Historie) -> None:
    h.langtid("ektepar-beboer", 2026, husstand=par(h))
    spurt(
        h,
        (SSG, "ektepar-beboer", 2025),
        (BSA, "ektepar-beboer", 2025),
        (INNTEKT, "ektepar-beboer", 2026),
        (SSG, "ektepar-hjemme", 2025),
        (INNTEKT, "ektepar-hjemme", 2026),
    )


def test_kommunen_uten_a_ordningen_spoer_aldri_etter_den(h: Historie) -> None:
    innhold = langtidssak(h.person("enslig-pensjonist"), 2026)
    innhold["opphold"][0]["institusjon"] = "skoglitunet"
    h.ny_sak(innhold, kommune=SKOGLI)
    spurt(h, (SSG, "enslig-pensjonist", 2025), (BSA, "enslig-pensjonist", 2025))


def test_er_oppgjoeret_ikke_kommet_spoerres_det_aaret_foer_og_ikke_lenger(h: Historie) -> None:
    h.langtid("uten-oppgjoer", 2025)
    spurt(h, (SSG, "uten-oppgjoer", 2025), (SSG, "uten-oppgjoer", 2024), (BSA, "uten-oppgjoer", 2024))


def test_uten_noe_oppgjoer_spoerres_det_aldri_etter_skatten(h: Historie) -> None:
    h.langtid("uten-noe", 2025)
    spurt(h, *((SSG, "uten-noe", aar) for aar in (2025, 2024, 2023)))


def test_er_ektefellens_inntekt_foert_inn_slaas_ektefellen_ikke_opp(h: Historie) -> None:
    h.langtid("ektepar-beboer", 2025, husstand=par(h, arbeidsinntekt=288000, pensjonFraFolketrygden=0))
    spurt(h, (SSG, "ektepar-beboer", 2025), (BSA, "ektepar-beboer", 2025))


@pytest.mark.parametrize("felt", ["betalerLangtidsegenandel"])
def test_bor_begge_paa_institusjon_slaas_ektefellen_ikke_opp(h: Historie, felt: str) -> None:
    h.langtid("ektepar-beboer", 2025, husstand=par(h, **{felt: True}))
    spurt(h, (SSG, "ektepar-beboer", 2025), (BSA, "ektepar-beboer", 2025))


def test_korttid_uten_doegn_etter_paragraf_3_slaar_ikke_opp_noen(h: Historie) -> None:
    innhold = langtidssak(h.person("ektepar-beboer"), 2025, husstand=par(h))
    innhold["opphold"] = [{"art": "KORTTID_DOEGN", "fra": "2025-02-01", "til": "2025-02-20"}]
    b = h.ny_sak(innhold)["beregning"]
    assert b["tilstand"] == "BEREGNET"
    assert [v["kode"] for v in b["varsler"]] == ["INNTEKT_IKKE_HENTET"]
    assert b["personer"] == []
    spurt(h)


def test_praktisk_bistand_spoer_etter_siste_oppgjoer_foer_nyttaar_og_aldri_etter_skatten(h: Historie) -> None:
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE"}
    h.ny_sak(bistandssak(h.person("ektepar-beboer"), 2026, husstand=[rad]))
    # On 1 January 2026 the settlement of 2025 did not exist.
    spurt(h, (SSG, "ektepar-beboer", 2024), (SSG, "ektepar-hjemme", 2024))


@pytest.mark.parametrize("felt", ["betalerLangtidsegenandel", "avkortetYtelseBorteFraHjemmet"])
def test_den_som_ikke_regnes_med_i_husstanden_slaas_ikke_opp(h: Historie, felt: str) -> None:
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", felt: True}
    h.ny_sak(bistandssak(h.person("ektepar-beboer"), 2026, husstand=[rad]))
    spurt(h, (SSG, "ektepar-beboer", 2024))


def test_det_som_er_lagret_hentes_ikke_igjen(h: Historie) -> None:
    sak = h.langtid("ektepar-beboer", 2026, husstand=par(h))["sak"]
    alle = h.oppslag()
    h.ny_start()
    h.beregn(sak["id"], 2026)
    spurt(h)
    h.beregn(sak["id"], 2026, grunnlag="NYTT")
    assert h.oppslag() == alle


def test_et_nytt_aar_i_samme_sak_spoer_etter_det_aarets_eget_oppgjoer(h: Historie) -> None:
    innhold = langtidssak(h.person("enslig-pensjonist"), 2024)
    sak = h.ny_sak(innhold)["sak"]
    h.ny_start()
    b = h.beregn(sak["id"], 2025)
    # The kept answer is about 2024; it does not stand in for a 2025 nobody has asked for.
    spurt(h, (SSG, "enslig-pensjonist", 2025), (BSA, "enslig-pensjonist", 2025))
    assert (b["foreloepig"], b["personer"][0]["inntektsaar"]) == (False, 2025)
    assert [r for r in h.register(sak_id=sak["id"]) if r["utfall"] == "PAABEGYNT"][-1]["aar"] == [
        2023,
        2024,
        2025,
    ]


def test_lesing_og_avvisning_slaar_ikke_opp_noen(h: Historie) -> None:
    sak = h.langtid("enslig-pensjonist", 2025)["sak"]
    h.ny_start()
    sti = f"{SAKER}/{sak['id']}"
    for under in ("", "/beregninger", "/grunnlag", "/manuelle-poster", "/vedtak", "/doegnregister?aar=2025"):
        h.les(sti + under)
    # The person has an open case already.
    feil = h.ny_sak(langtidssak(h.person("enslig-pensjonist"), 2025), status=409)
    assert (feil["kode"], feil["gjelder"]) == ("sak-finnes", sak["id"])
    # A parent in the household, an unknown institution, a kommune's year without rates.
    mor = {"person": h.person("ektepar-hjemme"), "relasjon": "FORELDER"}
    h.ny_sak(bistandssak(h.person("formue"), 2026, husstand=[mor]), status=422)
    ukjent = langtidssak(h.person("formue"), 2025)
    ukjent["opphold"][0]["institusjon"] = "finnes-ikke"
    h.ny_sak(ukjent, status=422)
    h.ny_sak(langtidssak(h.person("formue"), 2027), status=422)
    spurt(h)


def test_gjentak_med_samme_noekkel_slaar_ikke_opp_igjen(h: Historie) -> None:
    innhold, hoder = langtidssak(h.person("formue"), 2025), {"Idempotency-Key": "historie-formue-1"}
    foerst = h.ny_sak(innhold, hoder=hoder)
    h.ny_start()
    svar = h.send("POST", SAKER, innhold, hoder=hoder)
    assert (svar.status_code, svar.headers["Idempotent-Replayed"]) == (201, "true")
    assert svar.headers["Location"] == f"{SAKER}/{foerst['sak']['id']}"
    spurt(h)


# The register


def rader(h: Historie, hvem: str, sak_id: str) -> list[tuple[str, str, list[str], list[int]]]:
    return [(r["handling"], r["utfall"], r["data"], r["aar"]) for r in h.register(hvem=hvem, sak_id=sak_id)]


def test_registeret_sier_hvem_hva_og_hvilke_aar_for_hver_av_dem(h: Historie) -> None:
    id_ = h.langtid("ektepar-beboer", 2025, husstand=par(h))["sak"]["id"]
    assert rader(h, "ektepar-beboer", id_) == [
        ("OPPSLAG", "PAABEGYNT", [], [2023, 2024, 2025]),
        ("SAK_OPPRETTET", "OK", [], []),
        ("OPPSLAG", "OK", ["beregnet skatt", "summert skattegrunnlag"], [2025]),
        ("BEREGNING_LAGET", "OK", [], [2025]),
    ]
    assert rader(h, "ektepar-hjemme", id_) == [
        ("OPPSLAG", "PAABEGYNT", [], [2023, 2024, 2025]),
        ("SAK_OPPRETTET", "OK", [], []),
        ("OPPSLAG", "OK", ["summert skattegrunnlag"], [2025]),
        ("BEREGNING_LAGET", "OK", [], [2025]),
    ]
    alle = h.register(sak_id=id_)
    assert len(alle) == 8, "ingen rader uten person"
    for rad in alle:
        assert rad["aktoer"]["id"] == JOURNALKLIENT
        assert rad["aktoer"]["leverandoer"] == JOURNALLEVERANDOER
        assert rad["formaal"] == f"sak {id_}"
        assert rad["rute"] == f"POST {SAKER}"
        assert "2011-12-16-1349" in rad["hjemmel"] or "helse- og omsorgstjenesteloven" in rad["hjemmel"]
        assert rad["korrelasjonsid"]


def test_lesing_noteres_for_hver_av_dem(h: Historie) -> None:
    svar = h.langtid("ektepar-beboer", 2025, husstand=par(h))
    id_ = svar["sak"]["id"]
    foer = len(rader(h, "ektepar-hjemme", id_))
    sti = f"{SAKER}/{id_}"
    for under, handling, aar, data in (
        ("", "SAK_LEST", [], []),
        ("/beregninger", "BEREGNING_LEST", [2025], []),
        (f"/beregninger/{svar['beregning']['id']}", "BEREGNING_LEST", [2025], []),
        ("/grunnlag", "GRUNNLAG_LEST", [2025], ["beregnetskatt", "summertskattegrunnlag"]),
        ("/manuelle-poster", "MANUELL_POST_LEST", [], []),
        ("/vedtak", "VEDTAK_LEST", [], []),
        ("/etteroppgjoer", "ETTEROPPGJOER_LEST", [], []),
    ):
        h.les(sti + under)
        for hvem in ("ektepar-beboer", "ektepar-hjemme"):
            assert rader(h, hvem, id_)[-1] == (handling, "OK", data, aar), under
    assert len(rader(h, "ektepar-hjemme", id_)) == foer + 7


def test_oppslaget_er_notert_foer_det_gjoeres(h: Historie) -> None:
    """What the register held at the moment Skatteetaten was asked."""
    sett: list[list[str]] = []
    arkiv, ident = h.fortelling.verden.arkiv, h.ident("formue")

    async def lytter() -> None:
        async with arkiv.les(FJORDVIK) as lager:
            alle = await lager.revisjon.soek(Revisjonsfilter(ident=ident), 0, 10_000)
        sett.append([rad.utfall for rad in alle if rad.handling == "OPPSLAG"][-1:])

    h.fortelling.lyttere.append(lytter)
    h.langtid("formue", 2025)
    assert sett == [["PAABEGYNT"], ["PAABEGYNT"]]


def test_ogsaa_det_forgjeves_oppslaget_staar_i_registeret_med_skatteetatens_referanse(h: Historie) -> None:
    h.sandkasse.forstyrrelser.bestill(SSG, Art.KODE, kode="SSG-002")
    svar = h.langtid("enslig-pensjonist", 2025)
    id_ = svar["sak"]["id"]
    assert [(r[0], r[1]) for r in rader(h, "enslig-pensjonist", id_)] == [
        ("OPPSLAG", "PAABEGYNT"),
        ("SAK_OPPRETTET", "OK"),
        ("OPPSLAG", "UTEN_DATA"),
        ("BEREGNING_LAGET", "OK"),
    ]
    (uten,) = [r for r in h.register(hvem="enslig-pensjonist", sak_id=id_) if r["utfall"] == "UTEN_DATA"]
    (mangel,) = svar["beregning"]["mangler"]
    assert uten["skatteetaten"] == [mangel["korrelasjonsid"]]
    assert mangel["korrelasjonsid"]
    h.fortelling.tid.hopp(3700)


def test_soek_paa_person_noteres_paa_personen(h: Historie) -> None:
    h.langtid("formue", 2025)
    funnet = h.post(f"{SAKER}/soek", {"personidentifikator": h.ident("formue")}, 200)
    assert len(funnet["elementer"]) >= 1
    siste = h.register(hvem="formue")[-1]
    assert (siste["handling"], siste["utfall"], siste["formaal"]) == ("SAK_SOEKT", "OK", "søk etter saker")
    # Nobody is there: that somebody asked is noted all the same.
    h.post(f"{SAKER}/soek", {"personidentifikator": h.ident("kildeskatt")}, 200)
    assert [r["handling"] for r in h.register(hvem="kildeskatt")] == ["SAK_SOEKT"]
