"""What a vendor meets: versions, pages, searches, addresses without persons, and the kommune's own setup."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest

from app.sandbox.standard import FJORDVIK, LIA, OEYVAER, SKOGLI
from app.sandbox.syntetisk import personidentifikator
from tests.saker.historie import SAKER, Historie, Json, bistandssak, koder, langtidssak, les, skatten

OPPSETT: Final = "/api/v1/kommune/oppsett"


# Versions


def test_uendret_sak_sendes_ikke_paa_nytt(h: Historie) -> None:
    id_ = h.langtid("formue", 2025)["sak"]["id"]
    svar = h.send("GET", f"{SAKER}/{id_}")
    assert (svar.headers["ETag"], svar.headers["Cache-Control"]) == ('"1"', "no-store")
    igjen = h.send("GET", f"{SAKER}/{id_}", hoder={"If-None-Match": '"1"'})
    assert (igjen.status_code, igjen.text, igjen.headers["ETag"]) == (304, "", '"1"')
    assert h.send("GET", f"{SAKER}/{id_}", hoder={"If-None-Match": '"2"'}).status_code == 200
    assert [r["handling"] for r in h.register(sak_id=id_)][-3:] == ["SAK_LEST"] * 3, "også 304 er lest"


def test_en_endring_bygger_paa_den_siste_versjonen(h: Historie) -> None:
    svar = h.langtid("formue", 2025)
    id_ = svar["sak"]["id"]
    innhold = langtidssak(h.person("formue"), 2025, referanse="ny-referanse")
    del innhold["beregning"]
    h.faa(428, "PUT", f"{SAKER}/{id_}", innhold)
    h.faa(412, "PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": '"7"'})
    endret = h.send("PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": '"1"'})
    assert (endret.status_code, endret.headers["ETag"]) == (200, '"2"')
    assert les(endret)["innhold"]["referanse"] == "ny-referanse"
    h.faa(412, "PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": '"1"'})
    # What was calculated stands, on the version it was made of.
    b = svar["beregning"]
    assert h.les(f"{SAKER}/{id_}/beregninger/{b['id']}") == b
    assert (b["sakVersjon"], h.beregn(id_, 2025)["sakVersjon"]) == (1, 2)


def test_en_sak_bytter_ikke_person_eller_tjeneste(h: Historie) -> None:
    id_ = h.langtid("formue", 2025)["sak"]["id"]
    for innhold, peker in (
        (langtidssak(h.person("naering"), 2025), "/person"),
        (bistandssak(h.person("formue"), 2025), "/tjeneste"),
    ):
        del innhold["beregning"]
        feil = h.faa(422, "PUT", f"{SAKER}/{id_}", innhold, hoder={"If-Match": '"1"'})
        assert [e["pointer"] for e in feil["errors"]] == [peker]


def test_personen_kan_staa_som_referanse_neste_gang(h: Historie) -> None:
    svar = h.langtid("formue", 2025)
    innhold = svar["sak"]["innhold"]
    assert list(innhold["person"]) == ["personId"]
    tekst = json.dumps({**innhold, "referanse": "fra svaret"}, default=float)
    endret = h.send("PUT", f"{SAKER}/{svar['sak']['id']}", json.loads(tekst), hoder={"If-Match": '"1"'})
    assert endret.status_code == 200, endret.text
    assert les(endret)["innhold"]["person"] == innhold["person"]


def test_uten_forklaring_er_svaret_ellers_det_samme(h: Historie) -> None:
    svar = h.langtid("formue", 2025)
    id_, b = svar["sak"]["id"], svar["beregning"]
    kort = h.les(f"{SAKER}/{id_}/beregninger/{b['id']}?forklar=false")
    assert "forklaring" not in kort["resultat"]
    assert {**kort, "resultat": {**kort["resultat"], "forklaring": b["resultat"]["forklaring"]}} == b
    ny = h.post(f"{SAKER}/{id_}/beregninger?forklar=false", {"aar": 2025})
    assert "forklaring" not in ny["resultat"]
    assert ny["resultatHash"] == b["resultatHash"]


def test_samme_noekkel_til_noe_annet_avvises(h: Historie) -> None:
    id_ = h.langtid("formue", 2025)["sak"]["id"]
    hoder = {"Idempotency-Key": "historie-beregning-1"}
    sti = f"{SAKER}/{id_}/beregninger"
    foerst = h.send("POST", sti, {"aar": 2025}, hoder=hoder)
    igjen = h.send("POST", sti, {"aar": 2025}, hoder=hoder)
    assert (foerst.status_code, foerst.text) == (igjen.status_code, igjen.text)
    h.faa(422, "POST", sti, {"aar": 2024}, hoder=hoder)
    assert len(h.les(sti)["elementer"]) == 2


def test_alle_feil_meldes_samtidig_uten_at_noe_lagres(h: Historie) -> None:
    innhold = langtidssak(h.person("formue"), 2025, husstand=[{"relasjon": "NABO"}], referanse=7)
    innhold["person"] = {"personidentifikator": "12345678901"}
    feil = h.ny_sak(innhold, status=422)
    assert {"/person/personidentifikator", "/husstand/0/relasjon", "/referanse"} <= {
        e["pointer"] for e in feil["errors"]
    }
    assert "12345678901" not in json.dumps(feil)


# Pages and searches


@pytest.fixture
def mange(h: Historie) -> Iterator[list[str]]:
    """120 cases of Lia's, by days that cost the same whoever it is."""
    yield [
        h.ny_sak(
            {
                "tjeneste": "LANGTIDSOPPHOLD",
                "person": {
                    "personidentifikator": personidentifikator(date(1940, 1 + nr % 12, 1 + nr // 12), nr)
                },
                "referanse": f"bunke-{nr % 3}",
                "opphold": [{"art": "KORTTID_DOEGN", "fra": "2026-01-01", "til": "2026-01-03"}],
                "beregning": {"aar": 2026},
            },
            kommune=LIA,
        )["sak"]["id"]
        for nr in range(120)
    ]
    h.glem_sakene()


def sider(h: Historie, antall: int, soek: Json | None = None) -> Iterator[list[Json]]:
    peker = None
    while True:
        if soek is None:
            side = h.les(f"{SAKER}?antall={antall}" + (f"&peker={peker}" if peker else ""), kommune=LIA)
        else:
            side = h.post(
                f"{SAKER}/soek",
                {**soek, "antall": antall, **({"peker": peker} if peker else {})},
                200,
                kommune=LIA,
            )
        yield side["elementer"]
        peker = side["neste"]
        if peker is None:
            return


def test_120_saker_side_for_side_hver_en_gang(h: Historie, mange: list[str]) -> None:
    alle = list(sider(h, 50))
    assert [len(side) for side in alle] == [50, 50, 20]
    assert [sak["id"] for side in alle for sak in side] == mange
    assert [len(side) for side in sider(h, 60)] == [60, 60], "en full side er den siste når det ikke er flere"
    funnet = [sak for side in sider(h, 15, {"referanse": "bunke-1"}) for sak in side]
    assert [sak["id"] for sak in funnet] == mange[1::3]
    assert {sak["referanse"] for sak in funnet} == {"bunke-1"}

    # Changed after a moment: the one that was ended since.
    h.fortelling.tid.hopp(1)
    siste = h.fortelling.tid.naa().isoformat()
    h.faa(
        *(200, "POST", f"{SAKER}/{mange[5]}/avslutning", {"dato": "2026-02-01", "grunn": "FLYTTET"}),
        kommune=LIA,
        hoder={"If-Match": '"1"'},
    )
    for soek in ({"endretEtter": siste}, {"status": "AVSLUTTET"}):
        assert [sak["id"] for side in sider(h, 50, soek) for sak in side] == [mange[5]], soek
    assert [len(side) for side in sider(h, 200, {"status": "AAPEN"})] == [119]
    assert list(sider(h, 50, {"tjeneste": "PRAKTISK_BISTAND"})) == [[]]
    for galt in ("?peker=tull", "?antall=0", "?antall=201"):
        h.les(SAKER + galt, 422, kommune=LIA)


def test_soek_paa_fnr_finner_ogsaa_saken_der_personen_er_ektefelle(h: Historie) -> None:
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 0}
    en = h.langtid("ektepar-beboer", 2025, husstand=[rad])["sak"]["id"]
    to = h.ny_sak(bistandssak(h.person("ektepar-hjemme"), 2026))["sak"]["id"]
    soek = {"personidentifikator": h.ident("ektepar-hjemme"), "status": "AAPEN"}
    assert [sak["id"] for sak in h.post(f"{SAKER}/soek", soek, 200)["elementer"]] == [en, to]
    assert h.post(f"{SAKER}/soek", soek, 200, kommune=SKOGLI)["elementer"] == [], "en annen kommunes register"


def test_ingen_adresse_har_plass_til_et_foedselsnummer(h: Historie) -> None:
    beskrivelse = h.fortelling.verden.app.openapi()
    parametre = {
        p["name"].lower()
        for sti in beskrivelse["paths"].values()
        for rute in sti.values()
        for p in rute.get("parameters", [])
        if p["in"] in {"path", "query"}
    }
    assert not [navn for navn in parametre if re.search("person|ident|fnr|foedsel|nummer", navn)]
    svar = h.send("POST", SAKER, langtidssak(h.person("formue"), 2025))
    sak = les(svar)["sak"]
    assert svar.headers["Location"] == f"{SAKER}/{sak['id']}"
    h.tar_med(sak["id"])
    b = h.send("POST", f"{SAKER}/{sak['id']}/beregninger", {"aar": 2025})
    assert b.headers["Location"] == f"{SAKER}/{sak['id']}/beregninger/{les(b)['id']}"
    assert h.ident("formue") not in svar.text + b.text


# The kommune's setup


@pytest.fixture
def oppsettet(h: Historie) -> Iterator[Json]:
    """Fjordvik's setup as it is; put back when the story is over."""
    foer = json.loads(h.send("GET", OPPSETT).text)["oppsett"]
    yield foer
    naa = h.send("GET", OPPSETT)
    if json.loads(naa.text)["oppsett"] != foer:
        h.faa(200, "PUT", OPPSETT, foer, hoder={"If-Match": naa.headers["ETag"]})


def endre(h: Historie, oppsett: Json, status: int = 200, **hoder: str) -> Any:
    etag = hoder or {"If-Match": h.send("GET", OPPSETT).headers["ETag"]}
    return h.faa(status, "PUT", OPPSETT, oppsett, hoder=etag)


def test_oppsettet_har_versjoner_og_fjoraaret_regnes_likt(h: Historie, oppsettet: Json) -> None:
    svar = h.langtid("formue", 2025)
    id_, foer = svar["sak"]["id"], svar["beregning"]
    versjon = h.les(OPPSETT)["versjon"]
    assert foer["oppsettVersjon"] == versjon
    assert h.send("GET", OPPSETT, hoder={"If-None-Match": f'"{versjon}"'}).status_code == 304

    # From 2026 wealth tax is deducted too, Solbakken costs less, and the percentages are lower.
    nytt = json.loads(json.dumps(oppsettet))
    nytt["valg"][-1]["langtidsvalg"] |= {"trekkFormuesskatt": True, "prosentOverG": 50}
    nytt["institusjoner"][0]["oppholdsutgift"][-1]["beloepPerMaaned"] = 30000
    lagret = endre(h, nytt)
    assert lagret["versjon"] == versjon + 1
    etter = h.beregn(id_, 2025)
    assert (etter["resultatHash"], etter["oppsettVersjon"]) == (foer["resultatHash"], versjon + 1)
    assert etter["resultat"] == foer["resultat"]
    i_aar = h.beregn(id_, 2026)["resultat"]
    assert i_aar["fradragsberettigetSkatt"] == skatten(h, "formue", 2025), "formuesskatten trekkes fra"

    feil = h.send("PUT", OPPSETT, oppsettet, hoder={"If-Match": f'"{versjon}"'})
    assert feil.status_code == 412
    assert h.send("PUT", OPPSETT, oppsettet).status_code == 428


def test_en_annen_kommunes_dokument_avvises(h: Historie, oppsettet: Json) -> None:
    versjon = h.les(OPPSETT)["versjon"]
    (feil,) = endre(h, {**oppsettet, "organisasjonsnummer": SKOGLI}, 422)["errors"]
    assert (feil["pointer"], feil["kode"]) == ("/organisasjonsnummer", "annen-kommune")
    assert h.les(OPPSETT)["versjon"] == versjon
    assert h.les(OPPSETT, kommune=SKOGLI)["oppsett"]["navn"] == "Skogli"


def test_minstebeloepet_avgjoer_om_noe_gjoeres_opp(h: Historie, oppsettet: Json) -> None:
    svar = h.langtid("formue", 2025)
    id_ = svar["sak"]["id"]
    riktig = [(m["maaned"], int(m["egenandel"])) for m in svar["beregning"]["resultat"]["maaneder"]]
    nytt = json.loads(json.dumps(oppsettet))
    nytt["valg"].insert(1, {**nytt["valg"][0], "gjelderFra": "2025-01-01", "minstebeloepEtteroppgjoer": 500})
    endre(h, nytt)
    fakturert = [{"maaned": m, "beloep": beloep - (40 if m <= "2025-06" else 0)} for m, beloep in riktig]
    ett = h.gjoer_opp(id_, 2025, fakturert=fakturert)
    assert (ett["resultat"]["sum"], ett["resultat"]["retning"]) == (6 * 40, "INGEN")
    assert "UNDER_MINSTEBELOEP" in {v["kode"] for v in ett["resultat"]["varsler"]}


def test_en_tjeneste_kommunen_ikke_tilbyr(h: Historie, oppsettet: Json) -> None:
    endre(h, {**oppsettet, "tjenester": ["PRAKTISK_BISTAND"]})
    assert h.langtid("formue", 2025, status=409)["kode"] == "tjenesten-tilbys-ikke"
    assert h.oppslag() == []


def test_et_aar_foer_kommunens_foerste_valg(h: Historie) -> None:
    feil = h.langtid("formue", 2020, status=409)
    assert feil["kode"] == "kommunen-mangler-oppsett"
    assert "2021-01-01" in feil["detail"]


def test_en_kommune_som_ikke_er_tatt_i_bruk(h: Historie) -> None:
    feil = h.langtid("formue", 2025, status=409, kommune=OEYVAER)
    assert feil["kode"] == "kommunen-mangler-oppsett"
    assert "egenandel kommune les-inn" in feil["detail"]
    assert h.les(OPPSETT, 409, kommune=OEYVAER)["kode"] == "kommunen-mangler-oppsett"


def test_en_institusjon_uten_pris_regnes_uten_taket_og_det_sies(h: Historie, oppsettet: Json) -> None:
    nytt = json.loads(json.dumps(oppsettet))
    nytt["institusjoner"].append(
        {
            "kode": "nyheimen",
            "navn": "Nyheimen",
            "oppholdsutgift": [{"gjelderFra": "2026-01-01", "beloepPerMaaned": 1}],
        }
    )
    endre(h, nytt)
    innhold = langtidssak(h.person("formue"), 2025)
    innhold["opphold"][0]["institusjon"] = "nyheimen"
    b = h.ny_sak(innhold)["beregning"]
    assert b["tilstand"] == "BEREGNET"
    assert "INSTITUSJON_UTEN_OPPHOLDSUTGIFT" in koder(b, ["OBS"])
    assert FJORDVIK not in json.dumps(b, default=str)
