"""What is unknown: a reason for each way a figure can be missing, never 0 kroner, and a way on."""

from decimal import Decimal
from typing import Any, Final
from unittest.mock import ANY

import pytest

from app import klokke
from app.calc.kontrakt.json_tekst import les_json
from app.sandbox.forstyrrelser import Art
from app.sandbox.standard import LIA, OEYVAER, SKOGLI, VIDDEFJELL
from app.services.kommuneoppsett.dokument import les_oppsett
from app.services.kommuneoppsett.fil import les_fil, som_json
from app.services.kommuneoppsett.lagring import ta_inn_kommune
from app.services.revisjon import Driftsaktoer
from tests.saker.historie import (
    SAKER,
    Fortelling,
    Historie,
    Json,
    Oppslag,
    bistandssak,
    felter,
    for_haand,
    koder,
    langtidssak,
    les,
    skatten,
)
from tests.saker.verden import EKSEMPLER

SSG: Final = "summertskattegrunnlag"
BSA: Final = "beregnetskatt"
INNTEKT: Final = "inntekt"

UTEN_TALL: Final = {"INGEN_POSTER", "SKATT_MANGLER", "OPPGITT_FOR_HAAND", "GRUNNLAG_FORELOEPIG", "FORELOEPIG"}
"""Warnings that speak of figures, where there is none to speak of."""


def er_ukjent(h: Historie, svar: Json, **valg: Any) -> Json:
    """The case is there, and its calculation says nothing of an amount."""
    b: Json = svar["beregning"]
    assert (b["tilstand"], b["egenandelAar"], b["resultat"], b["resultatHash"]) == (
        *("UFULLSTENDIG", None),
        *(None, None),
    )
    sti = f"{SAKER}/{svar['sak']['id']}"
    assert h.les(sti, **valg) == svar["sak"]
    assert h.les(f"{sti}/beregninger/{b['id']}", **valg) == b
    for hva in ("vedtak", "etterproeving"):
        feil = (
            h.send("POST", f"{sti}/vedtak", {"beregningId": b["id"], "fra": f"{b['aar']}-01-01"}, **valg)
            if hva == "vedtak"
            else h.send("POST", f"{sti}/beregninger/{b['id']}/etterproeving", **valg)
        )
        assert (feil.status_code, les(feil)["kode"]) == (409, "beregning-ufullstendig")
    return b


UTEN_SVAR: Final = [
    # hvem, år, grunn, ansvar, kode
    ("skjermet-helt", 2025, "SKJERMET", "saksbehandleren", None),
    ("slettet", 2025, "SLETTET", "saksbehandleren", "SSG-011"),
    ("uten-noe", 2025, "IKKE_OPPGJOER_ENNAA", "ingen", "SSG-008"),
]


@pytest.mark.parametrize(("hvem", "aar", "grunn", "ansvar", "kode"), UTEN_SVAR)
def test_uten_svar_er_inntekten_ukjent_og_grunnen_sagt(
    h: Historie, hvem: str, aar: int, grunn: str, ansvar: str, kode: str | None
) -> None:
    svar = h.langtid(hvem, aar)
    b = er_ukjent(h, svar)
    (mangel,) = b["mangler"]
    assert mangel == {
        "personId": svar["sak"]["innhold"]["person"]["personId"],
        "peker": "/person",
        "inntektsaar": aar,
        "api": SSG,
        "grunn": grunn,
        "tekst": ANY,
        "ansvar": ansvar,
        "gaarOver": False,
        "kode": kode,
        "korrelasjonsid": ANY,
    }
    assert koder(b, ["STOPP"]) == {grunn, "GRUNNLAG_MANGLER"}
    assert koder(b) & UTEN_TALL == set(), "varslene snakker om tall som ikke finnes"
    assert felter(b) == {}
    assert not [o for o in h.oppslag() if o.api == BSA], "skatten trengs ikke når inntekten er ukjent"


def test_en_person_skatteetaten_ikke_kjenner(h: Historie) -> None:
    b = er_ukjent(h, h.ny_sak(langtidssak({"personidentifikator": "14825103768"}, 2025)))
    (mangel,) = b["mangler"]
    assert (mangel["grunn"], mangel["ansvar"], mangel["kode"]) == (
        "UKJENT_PERSON",
        "saksbehandleren",
        "SSG-007",
    )
    assert "kontrollere fødselsnummeret" in mangel["tekst"]
    assert koder(b, ["STOPP"]) == {"UKJENT_PERSON", "GRUNNLAG_MANGLER"}


def test_er_bare_skatten_holdt_tilbake_vises_inntekten_og_skatten_foeres_inn(h: Historie) -> None:
    svar = h.langtid("skjermet-delvis", 2025)
    b = er_ukjent(h, svar)
    (mangel,) = b["mangler"]
    assert (mangel["api"], mangel["grunn"]) == (BSA, "SKJERMET")
    assert felter(b)["/inntekter/pensjonFraFolketrygden"]["beloep"] == 287000
    assert "/skatt/beregnetSkatt" not in felter(b), "ukjent skatt er ikke 0"
    h.beloep(svar["sak"]["id"], 2025, "/skatt/beregnetSkatt", 45000, kilde="skatteoppgjøret på papir")
    b = h.beregn(svar["sak"]["id"], 2025)
    ventet = for_haand(
        "langtidsopphold",
        aar=2025,
        inntekter={"pensjonFraFolketrygden": 287000, "renteinntekt": 4400},
        skatt={"beregnetSkatt": 45000},
        opphold=[{"art": "LANGTID", "fra": "2024-01-01", "oppholdsutgiftPerMaaned": 88500}],
    )
    assert b["egenandelAar"] == ventet["egenandelAar"]
    assert not b["foreloepig"], "årets eget oppgjør er brukt"
    assert "SKJERMET" in koder(b, ["OBS"])
    assert koder(b, ["STOPP"]) == set()


def test_en_skjermet_person_beregnes_av_det_som_foeres_inn(h: Historie) -> None:
    svar = h.langtid("skjermet-helt", 2025)
    id_ = svar["sak"]["id"]
    h.beloep(id_, 2025, "/inntekter/pensjonFraFolketrygden", 300000)
    b = h.beregn(id_, 2025)
    assert b["tilstand"] == "UFULLSTENDIG", "skatten er fortsatt ukjent"
    assert "SKATT_MANGLER" in koder(b, ["STOPP"])
    assert "INGEN_POSTER" not in koder(b)
    h.beloep(id_, 2025, "/skatt/beregnetSkatt", 50000)
    b = h.beregn(id_, 2025)
    ventet = for_haand(
        "langtidsopphold",
        aar=2025,
        inntekter={"pensjonFraFolketrygden": 300000},
        skatt={"beregnetSkatt": 50000},
        opphold=[{"art": "LANGTID", "fra": "2024-01-01", "oppholdsutgiftPerMaaned": 88500}],
    )
    assert (b["tilstand"], b["egenandelAar"]) == ("BEREGNET", ventet["egenandelAar"])
    assert {rad["opphav"] for rad in felter(b).values()} == {"OPPGITT"}
    (tekst,) = [v["tekst"] for v in b["varsler"] if v["kode"] == "OPPGITT_FOR_HAAND"]
    assert "renteinntekt" in tekst, "det som ikke er oppgitt, nevnes"
    assert "SKJERMET" in koder(b, ["OBS"])
    assert b["mangler"][0]["grunn"] == "SKJERMET"


def test_mangler_aarets_oppgjoer_viderefoeres_det_forrige_og_det_sies(h: Historie) -> None:
    svar = h.langtid("uten-oppgjoer", 2025)
    id_, b = svar["sak"]["id"], svar["beregning"]
    pensjon = 278000 * 955 // 1000
    ventet = for_haand(
        "langtidsopphold",
        aar=2025,
        inntekter={"pensjonFraFolketrygden": pensjon},
        skatt={"beregnetSkatt": skatten(h, "uten-oppgjoer", 2024)},
        opphold=[{"art": "LANGTID", "fra": "2024-01-01", "oppholdsutgiftPerMaaned": 88500}],
    )
    assert (b["egenandelAar"], b["foreloepig"]) == (ventet["egenandelAar"], True)
    assert b["personer"][0]["inntektsaar"] == 2024
    assert {rad["opphav"] for rad in felter(b).values()} == {"VIDEREFOERT"}
    assert all("2024" in rad["navn"] for rad in felter(b).values())
    kilder = [(k["api"], k["inntektsaar"], k["utfall"], k["brukt"]) for k in b["personer"][0]["kilder"]]
    assert kilder == [
        (SSG, 2025, "IKKE_OPPGJOER_ENNAA", False),
        (SSG, 2024, "FUNNET", True),
        (BSA, 2024, "FUNNET", True),
    ]
    assert "FORELOEPIG" in koder(b, ["INFO"])

    h.oppgjoer("uten-oppgjoer", 2025, alderspensjonFraFolketrygden=301000)
    h.ny_start()
    assert h.beregn(id_, 2025)["egenandelAar"] == b["egenandelAar"], "det lagrede brukes til noen ber om nytt"
    assert h.oppslag() == []
    nytt = h.beregn(id_, 2025, grunnlag="NYTT")
    assert (nytt["foreloepig"], nytt["personer"][0]["inntektsaar"]) == (False, 2025)
    assert felter(nytt)["/inntekter/pensjonFraFolketrygden"]["beloep"] == 301000
    # The provisional one stands as it was.
    assert h.les(f"{SAKER}/{id_}/beregninger/{b['id']}") == b


SVIKT: Final[list[tuple[str, str, Art, Json, str, bool]]] = [
    # tittel, system, hva som skjer, valg, grunn, går over
    ("Skatteetaten er nede", SSG, Art.HTML_503, {}, "UTILGJENGELIG", True),
    ("svaret brytes av", SSG, Art.BRUDD, {}, "UTILGJENGELIG", True),
    ("Skatteetaten ber oss vente", SSG, Art.FOR_MANGE, {"retry_after": "3600"}, "STRUPET", True),
    ("Maskinporten er nede", "maskinporten", Art.HTML_503, {}, "UTILGJENGELIG", True),
    ("svaret gjelder en annen", SSG, Art.FEIL_PERSON, {}, "UGYLDIG_SVAR", False),
    ("svaret gjelder et annet år", SSG, Art.FEIL_AAR, {}, "UGYLDIG_SVAR", False),
    ("svaret er kuttet", SSG, Art.AVKORTET, {}, "UGYLDIG_SVAR", False),
]


@pytest.mark.parametrize(
    ("system", "art", "valg", "grunn", "gaar_over"), [rad[1:] for rad in SVIKT], ids=[rad[0] for rad in SVIKT]
)
def test_svikter_oppslaget_er_tallet_ukjent_og_kommer_naar_det_virker_igjen(
    h: Historie, system: str, art: Art, valg: Json, grunn: str, gaar_over: bool
) -> None:
    h.glem_token()
    h.sandkasse.forstyrrelser.bestill(system, art, **valg)
    svar = h.langtid("enslig-pensjonist", 2025)
    b = er_ukjent(h, svar)
    (mangel,) = b["mangler"]
    assert (mangel["api"], mangel["inntektsaar"], mangel["grunn"], mangel["gaarOver"]) == (
        *(SSG, 2025),
        *(grunn, gaar_over),
    )
    assert koder(b, ["STOPP"]) == {grunn, "GRUNNLAG_MANGLER"}
    h.sandkasse.forstyrrelser.nullstill()
    h.fortelling.tid.hopp(3700)
    igjen = h.beregn(svar["sak"]["id"], 2025, grunnlag="NYTT")
    assert (igjen["tilstand"], igjen["mangler"]) == ("BEREGNET", [])
    assert h.les(f"{SAKER}/{svar['sak']['id']}/beregninger/{b['id']}") == b, "den første står"


def test_er_bare_beregnet_skatt_nede_hentes_bare_den_paa_nytt(h: Historie) -> None:
    h.sandkasse.forstyrrelser.bestill(BSA, Art.HTML_503)
    svar = h.langtid("enslig-pensjonist", 2025)
    b = er_ukjent(h, svar)
    assert [(m["api"], m["grunn"]) for m in b["mangler"]] == [(BSA, "UTILGJENGELIG")]
    assert {"UTILGJENGELIG", "SKATT_MANGLER"} <= koder(b, ["STOPP"])
    h.sandkasse.forstyrrelser.nullstill()
    h.fortelling.tid.hopp(3700)
    h.ny_start()
    assert h.beregn(svar["sak"]["id"], 2025)["tilstand"] == "BEREGNET"
    assert h.oppslag() == [Oppslag(BSA, "enslig-pensjonist", 2025)]


def test_er_a_ordningen_nede_viderefoeres_oppgjoeret_og_det_sies(h: Historie) -> None:
    h.sandkasse.forstyrrelser.bestill(INNTEKT, Art.HTML_503)
    b = h.langtid("enslig-pensjonist", 2026)["beregning"]
    assert b["tilstand"] == "BEREGNET"
    assert [(m["api"], m["grunn"]) for m in b["mangler"]] == [(INNTEKT, "UTILGJENGELIG")]
    assert "UTILGJENGELIG" in koder(b, ["OBS"])
    h.fortelling.tid.hopp(3700)


KOMMUNER: Final = [
    # kommune, grunn, ansvar, kode
    ("Viddefjell har ikke delegert", VIDDEFJELL, "INGEN_TILGANG", "kommunen", "MP-251"),
    ("Øyvær har ikke fått scopene", OEYVAER, "INGEN_TILGANG", "kommunen", "MP-250"),
    ("Lia mangler rettighetspakker", LIA, "INGEN_TILGANG", "kommunen", "SSG-005"),
]


@pytest.mark.parametrize(
    ("kommune", "grunn", "ansvar", "kode"), [rad[1:] for rad in KOMMUNER], ids=[rad[0] for rad in KOMMUNER]
)
def test_en_kommune_uten_tilgang_faar_vite_hva_den_maa_gjoere(
    h: Historie, kommune: str, grunn: str, ansvar: str, kode: str
) -> None:
    ta_i_bruk(h.fortelling, kommune)
    b = er_ukjent(h, h.langtid("enslig-pensjonist", 2025, kommune=kommune), kommune=kommune)
    (mangel,) = b["mangler"]
    assert (mangel["grunn"], mangel["ansvar"], mangel["kode"]) == (grunn, ansvar, kode), mangel["tekst"]
    assert not mangel["gaarOver"]


def ta_i_bruk(fortelling: Fortelling, kommune: str) -> None:
    """Take a kommune in with Fjordvik's setup under its own number."""
    raa = les_json(som_json(les_fil(EKSEMPLER / "fjordvik.toml")))
    oppsett = les_oppsett({**raa, "organisasjonsnummer": kommune, "navn": f"Kommune {kommune}"})
    fortelling.bak(
        lambda lager: ta_inn_kommune(lager, Driftsaktoer("proeve"), klokke.naa(), oppsett), kommune
    )


def test_er_det_ektefellen_som_mangler_tall_peker_mangelen_paa_ektefellen(h: Historie) -> None:
    rad = {"person": h.person("skjermet-helt"), "relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 250000}
    svar = h.langtid("enslig-pensjonist", 2025, husstand=[rad])
    b = er_ukjent(h, svar)
    (mangel,) = b["mangler"]
    ektefellen = svar["sak"]["innhold"]["husstand"][0]["person"]["personId"]
    assert (mangel["peker"], mangel["personId"], mangel["grunn"]) == ("/husstand/0", ektefellen, "SKJERMET")
    assert {v["personId"] for v in b["varsler"] if v["alvor"] == "STOPP"} == {ektefellen}
    for felt in ("/arbeidsinntekt", "/pensjonFraFolketrygden"):
        h.beloep(svar["sak"]["id"], 2025, felt, 100000, person={"personId": ektefellen})
    b = h.beregn(svar["sak"]["id"], 2025)
    assert b["resultat"]["fradragParagraf5"] == 250000 - 100000 - 100000
    assert "SKJERMET" in koder(b, ["OBS"])


def test_uten_tenkt_etterlattepensjon_stopper_det_og_raden_nevnes(h: Historie) -> None:
    rad = {"person": h.person("ektepar-hjemme"), "relasjon": "EKTEFELLE"}
    svar = h.langtid("enslig-pensjonist", 2025, husstand=[rad])
    b = er_ukjent(h, svar)
    assert koder(b, ["STOPP"]) == {"TENKT_ETTERLATTEPENSJON_MANGLER"}
    ektefellen = svar["sak"]["innhold"]["husstand"][0]["person"]["personId"]
    h.beloep(svar["sak"]["id"], 2025, "/tenktEtterlattepensjon", 300000, person={"personId": ektefellen})
    b = h.beregn(svar["sak"]["id"], 2025)
    assert b["resultat"]["fradragParagraf5"] == 300000 - 12 * 24000


def test_i_praktisk_bistand_er_en_ukjent_ektefelle_heller_ikke_null(h: Historie) -> None:
    rad = {"person": h.person("skjermet-helt"), "relasjon": "EKTEFELLE"}
    svar = h.ny_sak(bistandssak(h.person("enslig-pensjonist"), 2026, husstand=[rad]), kommune=SKOGLI)
    b = er_ukjent(h, svar, kommune=SKOGLI)
    assert [(m["peker"], m["grunn"], m["inntektsaar"]) for m in b["mangler"]] == [
        ("/husstand/0", "SKJERMET", 2024)
    ]
    assert koder(b, ["STOPP"]) == {"SKJERMET", "GRUNNLAG_MANGLER"}
    assert koder(b) & UTEN_TALL == set()
    ektefellen = svar["sak"]["innhold"]["husstand"][0]["person"]["personId"]
    h.beloep(
        *(svar["sak"]["id"], 2026, "/alminneligInntektFoerSaerfradrag", 200000),
        person={"personId": ektefellen},
        kommune=SKOGLI,
    )
    b = h.beregn(svar["sak"]["id"], 2026, kommune=SKOGLI)
    assert b["tilstand"] == "BEREGNET"
    assert {"SKJERMET", "OPPGITT_FOR_HAAND"} <= koder(b, ["OBS"])
    assert b["resultat"]["perPerson"][1]["grunnlag"] == Decimal(200000)
