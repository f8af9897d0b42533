"""The control API: every lever moved, and seen to move what it should and nothing else."""

from typing import Any

import httpx2
import pytest

from app.sandbox.forstyrrelser import Art
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, KLIENT_ID, LEVERANDOER, SKOGLI, VIDDEFJELL
from tests.sandbox.stoette import (
    KID,
    NAA,
    SSG_SCOPE,
    Grant,
    be,
    bearer,
    hent,
    kall,
    med_hode,
    noekkel,
    ny_sandkasse,
)
from tests.sandbox.test_hendelser import OPPGJOER, alle
from tests.sandbox.test_skatteetaten import IDENT, PENSJONIST, bsa, im, spoer, ssg


def poster(s: Sandkasse, ident: str, kommune: str = FJORDVIK) -> dict[str, int]:
    svar = spoer(s, ssg(ident), kommune).json()
    return {post["tekniskNavn"]: post["beloep"] for post in svar["grunnlag"]}


def rett(svar: httpx2.Response) -> Any:
    assert svar.status_code == 200, svar.text
    return svar.json()


def test_endret_oppgjoer_regnes_om_og_gir_hendelse() -> None:
    s = ny_sandkasse()
    ident = IDENT["utbytte"]
    foer, skatt_foer = poster(s, ident), spoer(s, bsa(ident)).json()
    numre = rett(
        be(s, "PUT", "/kontroll/personer/utbytte/oppgjoer/2025", {"beloep": {"utbytteFraAksje": 90_000}})
    )
    etter, skatt_etter = poster(s, ident), spoer(s, bsa(ident)).json()
    assert etter["utbytteFraAksje"] == 90_000
    assert etter["oppjustertTilleggTilUtbytteFraAksje"] == 64_800
    assert (
        etter["alminneligInntektFoerSaerfradrag"] - foer["alminneligInntektFoerSaerfradrag"]
        == (90_000 - 52_000) * 172 // 100
    )
    assert (
        skatt_etter["beregnetSkattFastland"]["beregnetSkatt"]
        > skatt_foer["beregnetSkattFastland"]["beregnetSkatt"]
    )
    siste = alle(s)[-1]
    assert [siste["sekvensnummer"]] == numre["sekvensnumre"]
    assert (siste["identifikator"], siste["gjelderPeriode"]) == (ident, "2025")
    assert siste["ajourholdstidspunkt"] == skatt_etter["ajourholdstidspunkt"]


def test_en_post_kan_tas_bort() -> None:
    s = ny_sandkasse()
    rett(be(s, "PUT", "/kontroll/personer/enslig-pensjonist/oppgjoer/2025",
            {"beloep": {"samledeOpptjenteRenterIInnenlandskeBanker": None}}))  # fmt: skip
    assert "samledeOpptjenteRenterIInnenlandskeBanker" not in poster(s, PENSJONIST)


def test_oppgjoeret_kommer() -> None:
    s = ny_sandkasse()
    ident = IDENT["uten-oppgjoer"]
    assert spoer(s, ssg(ident)).json()["kode"] == "SSG-008"
    rett(be(s, "PUT", "/kontroll/personer/uten-oppgjoer/oppgjoer/2025",
            {"beloep": {"alderspensjonFraFolketrygden": 301_000}, "dato": "2026-10-01"}))  # fmt: skip
    svar = spoer(s, ssg(ident)).json()
    assert svar["skatteoppgjoersdato"] == "2026-10-01"
    assert poster(s, ident)["alderspensjonFraFolketrygden"] == 301_000


def test_oppgjoeret_kommer_for_en_som_aldri_har_hatt_noe() -> None:
    s = ny_sandkasse()
    rett(be(s, "PUT", "/kontroll/personer/uten-noe/oppgjoer/2025",
            {"beloep": {"alderspensjonFraFolketrygden": 250_000}}))  # fmt: skip
    assert poster(s, IDENT["uten-noe"])["alderspensjonFraFolketrygden"] == 250_000


@pytest.mark.parametrize("navn", ["samletPensjonFraFolketrygden", "alderspensjonFraFolketrygden"])
def test_2021_kan_endres_under_begge_navn_paa_posten(navn: str) -> None:
    s = ny_sandkasse()
    rett(be(s, "PUT", "/kontroll/personer/enslig-pensjonist/oppgjoer/2021", {"beloep": {navn: 200_000}}))
    svar = spoer(s, ssg(PENSJONIST, aar=2021)).json()["grunnlag"]
    assert [p["beloep"] for p in svar if "FraFolketrygden" in p["tekniskNavn"]] == [200_000]


def test_slettet_oppgjoer() -> None:
    s = ny_sandkasse()
    rett(be(s, "DELETE", "/kontroll/personer/formue/oppgjoer/2025"))
    assert spoer(s, ssg(IDENT["formue"])).status_code == 410
    assert spoer(s, bsa(IDENT["formue"])).json()["kode"] == "BSA-007"
    assert alle(s)[-1]["hendelsetype"] == "slettet"
    assert be(s, "DELETE", "/kontroll/personer/formue/oppgjoer/2025").status_code == 404


def test_oppgjoer_som_ikke_er_kommet_ennaa_og_saa_kommer_som_det_var() -> None:
    s = ny_sandkasse()
    foer = len(alle(s))
    grunnlag = spoer(s, ssg(IDENT["ektepar-beboer"])).json()["grunnlag"]
    sti = "/kontroll/personer/ektepar-beboer/oppgjoer/2025"
    rett(be(s, "DELETE", f"{sti}?ikke_kommet=true"))
    assert spoer(s, ssg(IDENT["ektepar-beboer"])).status_code == 404
    assert len(alle(s)) == foer
    rett(be(s, "PUT", sti, {}))
    # The posts, and who paid them.
    assert spoer(s, ssg(IDENT["ektepar-beboer"])).json()["grunnlag"] == grunnlag
    assert any("spesifisering" in post for post in grunnlag)
    assert alle(s)[-1]["hendelsetype"] == "ny"


def test_endring_for_en_kommune_ses_ikke_av_en_annen() -> None:
    s = ny_sandkasse()
    foer = len(alle(s))
    kropp = {"beloep": {"utbytteFraAksje": 1}, "kommune": FJORDVIK, "hendelse": False}
    rett(be(s, "PUT", "/kontroll/personer/utbytte/oppgjoer/2025", kropp))
    assert poster(s, IDENT["utbytte"], FJORDVIK)["utbytteFraAksje"] == 1
    assert poster(s, IDENT["utbytte"], SKOGLI)["utbytteFraAksje"] == 52_000
    assert len(alle(s)) == foer


def test_rettet_maaned() -> None:
    s = ny_sandkasse()
    linje = {"slag": "pensjonEllerTrygd", "beskrivelse": "alderspensjon", "beloep": 31_000}
    kropp = {"oppgaver": [{"betaler": "311100009", "rader": [linje], "forskuddstrekk": 6_000}]}
    rett(be(s, "PUT", "/kontroll/personer/enslig-pensjonist/inntekt/2026-09", kropp))
    (oppgave,) = spoer(s, im(PENSJONIST, "fraOgMed=2026-09&tilOgMed=2026-09")).json()[
        "oppgaveInntektsmottaker"
    ]
    assert oppgave["inntekt"][0]["beloep"] == 31_000
    siste = alle(s, "/skatteetaten/inntekthendelser/v1/hendelser")[-1]
    assert (siste["identifikator"], siste["gjelderPeriode"]) == (PENSJONIST, "2026-09")
    rett(be(s, "PUT", "/kontroll/personer/enslig-pensjonist/inntekt/2026-09", {"oppgaver": []}))
    assert spoer(s, im(PENSJONIST, "fraOgMed=2026-09&tilOgMed=2026-09")).json()["kode"] == "IM-008"


def test_mange_hendelser_paa_en_gang() -> None:
    s = ny_sandkasse()
    foer = len(alle(s))
    svar = rett(be(s, "POST", "/kontroll/hendelser/skatteoppgjoer", {"antall": 250, "periode": "2024"}))
    etter = alle(s)
    assert (len(etter) - foer, svar["antall"]) == (250, 250)
    assert (etter[foer]["sekvensnummer"], etter[-1]["sekvensnummer"]) == (svar["foerste"], svar["siste"])


def test_hendelse_av_valgt_type_om_en_person() -> None:
    s = ny_sandkasse()
    rett(be(s, "POST", "/kontroll/hendelser/skatteoppgjoer", {"kallenavn": "barn", "hendelsetype": None}))
    siste = alle(s)[-1]
    assert (siste["identifikator"], siste["hendelsetype"]) == (IDENT["barn"], None)


def test_listens_innstillinger() -> None:
    s = ny_sandkasse()
    rett(be(s, "PUT", "/kontroll/hendelser/skatteoppgjoer/innstillinger",
            {"tom_side": "TOM_LISTE", "maks_per_side": 3}))  # fmt: skip
    hoder = bearer(s)
    assert med_hode(s, f"{OPPGJOER}?fraSekvensnummer=99999999&antall=9", hoder).json() == {"hendelser": []}
    assert len(med_hode(s, f"{OPPGJOER}?fraSekvensnummer=1&antall=9", hoder).json()["hendelser"]) == 3


@pytest.mark.parametrize("retry_after", [None, "7", "Wed, 18 Nov 2026 12:00:00 GMT"])
def test_429(retry_after: str | None) -> None:
    s = ny_sandkasse()
    kropp = {"art": "FOR_MANGE", "retry_after": retry_after, "antall": 1}
    rett(be(s, "POST", "/kontroll/forstyrrelser", kropp))
    svar = spoer(s, ssg(PENSJONIST))
    assert (svar.status_code, svar.headers.get("Retry-After")) == (429, retry_after)


def test_maskinporten_kan_forstyrres() -> None:
    s = ny_sandkasse()
    rett(be(s, "POST", "/kontroll/forstyrrelser", {"system": "maskinporten", "art": "HTML_503", "antall": 1}))
    assert [Grant().send(s).status_code for _ in range(2)] == [503, 200]
    assert [rad.status for rad in s.maalinger.logg] == [503, 200]


def test_maskinporten_bruker_ikke_opp_bestillinger_den_ikke_kan_spille() -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("*", Art.FEIL_PERSON, antall=1)
    assert Grant().send(s).status_code == 200
    assert spoer(s, ssg(PENSJONIST)).json()["personidentifikator"] != PENSJONIST


UMULIGE = [
    {"system": "ukjent", "art": "TREG"},
    {"system": "maskinporten", "art": "KODE", "kode": "SSG-001"},
    {"system": "*", "art": "KODE", "kode": "SSG-001"},
    {"system": "beregnetskatt", "art": "KODE", "kode": "SSG-001"},
    {"system": "beregnetskatt", "art": "KODE"},
    {"system": "*", "art": "ANNET"},
    {"system": "*", "art": "TREG", "sannsynlighet": 1.5},
    {"system": "*", "art": "TREG", "ukjent_felt": 1},
]


@pytest.mark.parametrize("bestilling", UMULIGE)
def test_bestilling_som_aldri_kan_treffe(bestilling: dict[str, Any]) -> None:
    s = ny_sandkasse()
    assert be(s, "POST", "/kontroll/forstyrrelser", bestilling).status_code == 422
    assert s.forstyrrelser.alle == []


def test_bestillinger_vises_og_fjernes() -> None:
    s = ny_sandkasse()
    en = rett(be(s, "POST", "/kontroll/forstyrrelser", {"art": "HTML_500"}))
    rett(be(s, "POST", "/kontroll/forstyrrelser", {"art": "TREG", "antall": 3}))
    assert spoer(s, ssg(PENSJONIST)).status_code == 500
    vist = rett(hent(s, "/kontroll/forstyrrelser"))
    assert [(f["art"], f["truffet"], f["gjenstaar"]) for f in vist] == [("HTML_500", 1, None), ("TREG", 0, 3)]
    rett(be(s, "DELETE", f"/kontroll/forstyrrelser/{en['nummer']}"))
    assert be(s, "DELETE", f"/kontroll/forstyrrelser/{en['nummer']}").status_code == 404
    assert spoer(s, ssg(PENSJONIST)).status_code == 200
    assert rett(be(s, "DELETE", "/kontroll/forstyrrelser")) == {"fjernet": 1}


def test_delegering_og_scope_kan_gis_og_tas() -> None:
    s = ny_sandkasse()
    delegering = {"konsument": VIDDEFJELL, "leverandoer": LEVERANDOER, "scope": SSG_SCOPE}
    rett(be(s, "PUT", "/kontroll/maskinporten/delegeringer", delegering))
    assert Grant({"consumer_org": VIDDEFJELL}).send(s).status_code == 200
    rett(be(s, "DELETE", "/kontroll/maskinporten/delegeringer", delegering))
    assert "MP-251" in Grant({"consumer_org": VIDDEFJELL}).send(s).json()["error_description"]
    tilgang = {"orgnr": FJORDVIK, "scope": SSG_SCOPE}
    rett(be(s, "DELETE", "/kontroll/maskinporten/tilganger", tilgang))
    assert "MP-250" in Grant().send(s).json()["error_description"]
    rett(be(s, "PUT", "/kontroll/maskinporten/tilganger", tilgang))
    assert Grant().send(s).status_code == 200


def test_rettighetspakke_kan_tas_og_gis() -> None:
    s = ny_sandkasse()
    pakke = {
        "kommune": FJORDVIK,
        "api": "summertskattegrunnlag",
        "pakke": "kommunelangtidsoppholdinstitusjon",
    }
    rett(be(s, "DELETE", "/kontroll/rettighetspakker", pakke))
    assert spoer(s, ssg(PENSJONIST)).json()["kode"] == "SSG-005"
    rett(be(s, "PUT", "/kontroll/rettighetspakker", pakke))
    assert spoer(s, ssg(PENSJONIST)).status_code == 200


def test_ny_klient_med_egen_noekkel() -> None:
    s = ny_sandkasse()
    rett(be(s, "POST", "/kontroll/maskinporten/klienter",
            {"klient_id": "annen", "orgnr": LEVERANDOER, "scopes": [SSG_SCOPE], "levetid": 30}))  # fmt: skip
    rett(be(s, "POST", "/kontroll/maskinporten/klienter/annen/noekler",
            {"kid": "k1", "jwk": noekkel("annen").as_dict(private=False)}))  # fmt: skip
    grant = Grant({"iss": "annen"}, hode={"kid": "k1"}, noekkel=noekkel("annen"))
    assert grant.send(s).json()["expires_in"] == 30
    rett(be(s, "DELETE", "/kontroll/maskinporten/klienter/annen/noekler/k1"))
    assert "MP-124" in Grant({"iss": "annen"}, {"kid": "k1"}, noekkel("annen")).send(s).text


def test_sandkassen_lager_noekkelpar_og_beholder_bare_den_offentlige_delen() -> None:
    s = ny_sandkasse()
    svar = rett(be(s, "POST", f"/kontroll/maskinporten/klienter/{KLIENT_ID}/noekler", {"kid": "ny"}))
    grant = Grant(hode={"kid": "ny"}, noekkel=type(noekkel()).import_key(svar["jwk"]))
    assert grant.send(s).status_code == 200
    beholdt = s.register.klienter[KLIENT_ID].noekkel("ny")
    assert beholdt is not None
    assert not beholdt.jwk.is_private
    assert svar["jwk"]["d"] not in repr(s.register)


def test_ugyldig_jwk_avvises() -> None:
    kropp = {"kid": "x", "jwk": {"kty": "RSA", "n": "AQ"}}
    svar = be(ny_sandkasse(), "POST", f"/kontroll/maskinporten/klienter/{KLIENT_ID}/noekler", kropp)
    assert svar.status_code == 422


def test_maalinger() -> None:
    s = ny_sandkasse()
    for _ in range(3):
        assert Grant().send(s).status_code == 200
    Grant({"scope": "x:y"}).send(s)
    spoer(s, ssg(PENSJONIST))
    spoer(s, ssg(PENSJONIST, aar=2016))
    m = rett(hent(s, "/kontroll/maalinger"))
    assert m["tokenkall"] == {f"{KLIENT_ID}|{SSG_SCOPE}|konsument={FJORDVIK}|ressurs=|pid=|systembruker=": 3}
    assert m["avslag"] == {"MP-200": 1}
    assert m["topp"] == [{"api": "summertskattegrunnlag", "kommune": FJORDVIK, "samtidige": 1, "over": 0}]
    assert {(f["system"], f["status"]): f["antall"] for f in m["forespoersler"]} == {
        ("maskinporten", 200): 3, ("maskinporten", 400): 1,
        ("summertskattegrunnlag", 200): 1, ("summertskattegrunnlag", 400): 1,
    }  # fmt: skip


def test_loggen_har_ingen_fodselsnumre() -> None:
    s = ny_sandkasse()
    pid = {"pid": PENSJONIST}
    Grant(pid).send(s)
    for url in (ssg(PENSJONIST), bsa(PENSJONIST), im(PENSJONIST), f"{ssg(PENSJONIST)}/x"):
        spoer(s, url)
    logg = hent(s, "/kontroll/logg")
    assert len(logg.json()) == 5
    assert PENSJONIST not in logg.text
    assert len(rett(hent(s, "/kontroll/logg?siste=2"))) == 2


def test_klokken_kan_flyttes() -> None:
    s = ny_sandkasse()
    token = bearer(s)
    rett(be(s, "PUT", "/kontroll/klokke", {"forskyvning": 121}))
    assert med_hode(s, ssg(PENSJONIST), token).status_code == 401
    assert "MP-130" in Grant().send(s).json()["error_description"]
    assert Grant({"iat": int(NAA) + 121, "exp": int(NAA) + 200}).send(s).status_code == 200


def test_ventetid_og_rotasjon() -> None:
    s = ny_sandkasse()
    rett(be(s, "PUT", "/kontroll/ventetid", {"sekunder": 0.5, "system": "inntekt"}))
    assert (s.omgivelser.ventetid, s.omgivelser.ventetider) == (0.0, {"inntekt": 0.5})
    rett(be(s, "PUT", "/kontroll/ventetid", {"sekunder": 0.1}))
    assert s.omgivelser.ventetid == 0.1
    kid = rett(be(s, "POST", "/kontroll/maskinporten/roter"))["kid"]
    assert s.maskinporten.jwks()["keys"][0]["kid"] == kid


def test_nullstill_tar_alt_tilbake_men_beholder_noekler() -> None:
    s = ny_sandkasse()
    foer = alle(s)
    be(s, "PUT", "/kontroll/personer/utbytte/oppgjoer/2025", {"beloep": {"utbytteFraAksje": 1}})
    be(s, "PUT", "/kontroll/klokke", {"forskyvning": 500})
    be(s, "PUT", "/kontroll/ventetid", {"sekunder": 1})
    be(s, "DELETE", "/kontroll/maskinporten/tilganger", {"orgnr": FJORDVIK, "scope": SSG_SCOPE})
    s.forstyrrelser.bestill("*", Art.HTML_500)
    rett(be(s, "POST", "/kontroll/nullstill"))
    assert rett(hent(s, "/kontroll/maalinger"))["forespoersler"] == []
    assert Grant().send(s).status_code == 200
    assert poster(s, IDENT["utbytte"])["utbytteFraAksje"] == 52_000
    assert alle(s) == foer
    assert s.omgivelser.ventetid == 0
    assert s.register.klienter[KLIENT_ID].noekkel(KID) is not None


def test_personene_vises() -> None:
    s = ny_sandkasse()
    svar = rett(hent(s, "/kontroll/personer"))
    assert {p["kallenavn"]: p["identer"][0] for p in svar["personer"]} == IDENT
    en = rett(hent(s, "/kontroll/personer/flokk-000003"))
    assert en["identer"] == [s.befolkning.flokk.ident(3)]
    assert hent(s, "/kontroll/personer/ingen").status_code == 404


@pytest.mark.parametrize(
    ("avsender", "vert", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8790", 200),
        ("::1", "[::1]:8790", 200),
        ("127.0.0.1", "localhost", 200),
        ("10.0.0.7", "127.0.0.1:8790", 403),
        ("127.0.0.1", "ond.example:8790", 403),
    ],
)
def test_bare_fra_denne_maskinen(avsender: str, vert: str, status: int) -> None:
    s = ny_sandkasse()

    async def spoer_fra() -> int:
        transport = httpx2.ASGITransport(app=s.app, client=(avsender, 1234))
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{vert}") as klient:
            return (await klient.get("/kontroll/maalinger")).status_code

    assert kall(s, lambda _: spoer_fra()) == status
