"""Skatteetaten: one row per documented code, and the shapes of the right answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from app.sandbox.befolkning.navngitte import BETALERE, UKJENT_PERSON
from app.sandbox.forstyrrelser import Art
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.skatteetaten.api import APIER, Api
from app.sandbox.skatteetaten.feil import DAS, TABELLER
from app.sandbox.standard import FJORDVIK, LIA, PAKKE_INNTEKT, SKOGLI
from app.sandbox.svar import BruddError
from tests.sandbox.stoette import (
    BSA_SCOPE,
    NAA,
    SSG_SCOPE,
    Grant,
    bearer,
    hent,
    kall,
    med_hode,
    noekkel,
    ny_sandkasse,
    uten_venting,
)

ROT = "/skatteetaten"
SSG = f"{ROT}/summertskattegrunnlag/v2"
BSA = f"{ROT}/beregnetskatt/v2"
AR = f"{ROT}/avregning/v2"
TD = f"{ROT}/sistetilgjengeligeskatteoppgjoer/v1"
FA = f"{ROT}/skatteoppgjoerhendelser/v1"
FA_IM = f"{ROT}/inntekthendelser/v1"
IM = f"{ROT}/inntekt/v1"
SSG_PAKKE = "kommunelangtidsoppholdinstitusjon"
BSA_PAKKE = "kommuneLangtidsoppholdInstitusjon"
AR_PAKKE = "distribusjon"

IDENT = {person.kallenavn: person.identer[0] for person in ny_sandkasse().befolkning.navngitte()}
PENSJONIST = IDENT["enslig-pensjonist"]

SCOPE = {api.navn: min(api.scopes) for api in APIER.values()} | {"skatteoppgjoerhendelser": SSG_SCOPE}


def med_avregning() -> Sandkasse:
    """A sandbox where Fjordvik also has avregning."""
    s = ny_sandkasse()
    s.avtaler.gi(FJORDVIK, "avregning", AR_PAKKE)
    return s


def spoer(
    s: Sandkasse, url: str, kommune: str = FJORDVIK, scope: str | None = None, **hoder: str
) -> httpx2.Response:
    """GET with a good token for the API in the URL."""
    api = url.split("/")[2]
    return med_hode(s, url, bearer(s, scope or SCOPE[api], kommune) | hoder)


def ssg(ident: str, aar: int = 2025, pakke: str = SSG_PAKKE, stadie: str = "oppgjoer") -> str:
    return f"{SSG}/{stadie}/{pakke}/{aar}/{ident}"


def bsa(ident: str, aar: int = 2025, pakke: str = BSA_PAKKE) -> str:
    return f"{BSA}/{pakke}/{aar}/{ident}"


def im(ident: str, sporsmaal: str = "fraOgMed=2026-01", pakke: str = PAKKE_INNTEKT) -> str:
    return f"{IM}/{pakke}/{ident}/inntekter?{sporsmaal}"


@dataclass(frozen=True)
class Rad:
    """A request that goes wrong by itself."""

    url: str
    status: int
    kode: str
    kommune: str = FJORDVIK
    hoder: tuple[tuple[str, str], ...] = ()


XML = (("Accept", "application/xml"),)
UTEN_TOKEN = (("Authorization", "Bearer tull"),)
AR_URL = f"{AR}/{AR_PAKKE}/2025"

# Source: the table of errors per API in the notes on Skatteetaten, § 3.
FEIL = [
    Rad(f"{SSG}/oppgjoer/{SSG_PAKKE}/2025", 404, "SSG-003"),
    Rad(f"{ssg(PENSJONIST)}/", 404, "SSG-003"),
    Rad(ssg(PENSJONIST), 401, "SSG-004", hoder=UTEN_TOKEN),
    Rad(ssg(PENSJONIST), 403, "SSG-005", kommune=LIA),
    Rad(ssg(PENSJONIST, pakke="kommuneLangtidsoppholdInstitusjon"), 403, "SSG-005"),
    Rad(ssg(PENSJONIST, stadie="utkast"), 403, "SSG-005"),
    Rad(ssg("123"), 400, "SSG-006"),
    Rad(ssg(PENSJONIST, aar=2026), 400, "SSG-006"),
    Rad(ssg(PENSJONIST, aar=2016), 400, "SSG-006"),
    Rad(ssg(PENSJONIST, stadie="ferdig"), 400, "SSG-006"),
    Rad(ssg(UKJENT_PERSON), 404, "SSG-007"),
    Rad(ssg(IDENT["uten-oppgjoer"]), 404, "SSG-008"),
    Rad(ssg(IDENT["uten-noe"]), 404, "SSG-008"),
    Rad(ssg(PENSJONIST), 406, "SSG-009", hoder=XML),
    Rad(ssg(IDENT["slettet"]), 410, "SSG-011"),
    Rad(f"{BSA}/oppgjoer/{BSA_PAKKE}/2025/{PENSJONIST}", 404, "BSA-003"),
    Rad(bsa(PENSJONIST), 401, "BSA-004", hoder=UTEN_TOKEN),
    Rad(bsa(PENSJONIST, pakke="kommunelangtidsoppholdinstitusjon"), 403, "BSA-005"),
    Rad(bsa(PENSJONIST, aar=2026), 400, "BSA-006"),
    Rad(bsa(IDENT["slettet"]), 404, "BSA-007"),
    Rad(bsa(PENSJONIST), 406, "BSA-008", hoder=XML),
    Rad(bsa(UKJENT_PERSON), 404, "BSA-009"),
    Rad(f"{AR}/2025/{PENSJONIST}", 404, "AR-003"),
    Rad(f"{AR_URL}/{PENSJONIST}", 401, "AR-004", hoder=UTEN_TOKEN),
    Rad(f"{AR}/ssb/2025/{PENSJONIST}", 403, "AR-005"),
    Rad(f"{AR_URL}/abc", 400, "AR-006"),
    Rad(f"{AR_URL}/{IDENT['slettet']}", 404, "AR-007"),
    Rad(f"{AR_URL}/{PENSJONIST}", 406, "AR-008", hoder=XML),
    Rad(f"{AR_URL}/{UKJENT_PERSON}", 404, "AR-009"),
    Rad(f"{TD}/{PENSJONIST}", 401, "TD-002", hoder=UTEN_TOKEN),
    Rad(f"{TD}/{PENSJONIST}", 403, "DAS-008", kommune=LIA),
    Rad(f"{TD}/12", 400, "TD-003"),
    Rad(f"{TD}/{IDENT['uten-noe']}", 404, "TD-004"),
    Rad(f"{TD}/{PENSJONIST}", 406, "TD-005", hoder=XML),
    Rad(f"{TD}/{PENSJONIST}/2025", 404, "TD-006"),
    Rad(f"{FA}/hendelser/", 404, "FA-002"),
    Rad(f"{FA}/hendelser?fraSekvensnummer=1&antall=1", 401, "FA-003", hoder=UTEN_TOKEN),
    Rad(f"{FA}/hendelser?fraSekvensnummer=0&antall=10", 400, "FA-004"),
    Rad(f"{FA}/hendelser?fraSekvensnummer=1&antall=0", 400, "FA-004"),
    Rad(f"{FA}/hendelser?fraSekvensnummer=1", 400, "FA-004"),
    Rad(f"{FA}/hendelser?antall=10", 400, "FA-004"),
    Rad(f"{FA}/hendelser/start?dato=2026-13-01", 400, "FA-004"),
    Rad(f"{FA}/hendelser?fraSekvensnummer=999999999&antall=10", 404, "FA-005"),
    Rad(f"{FA_IM}/hendelser?fraSekvensnummer=999999999&antall=10", 404, "FA-005"),
    Rad(f"{FA}/hendelser/start", 406, "FA-006", hoder=(("Accept", "text/csv"),)),
    Rad(f"{FA}/hendelser/start", 403, "DAS-008", kommune=LIA),
    Rad(f"{IM}/{PAKKE_INNTEKT}/{PENSJONIST}/oppgave/inntekt", 404, "IM-003"),
    Rad(im(PENSJONIST), 401, "IM-004", hoder=UTEN_TOKEN),
    Rad(im(PENSJONIST), 403, "IM-005", kommune=SKOGLI),
    Rad(im(PENSJONIST, "fraOgMed=2026-13"), 400, "IM-006"),
    Rad(im(PENSJONIST, "fraOgMed=2026-05&tilOgMed=2026-04"), 400, "IM-006"),
    Rad(im(UKJENT_PERSON), 404, "IM-007"),
    Rad(im(IDENT["formue"]), 404, "IM-008"),
    Rad(im(PENSJONIST), 406, "IM-009", hoder=XML),
]

# Codes that no request can provoke; they are ordered.
BESTILT = [
    ("SSG", "SSG-001"), ("SSG", "SSG-002"), ("SSG", "SSG-010"), ("BSA", "BSA-001"), ("BSA", "BSA-002"),
    ("AR", "AR-001"), ("AR", "AR-002"), ("TD", "TD-001"), ("FA", "FA-001"), ("IM", "IM-001"),
    ("IM", "IM-002"), ("IM", "IM-010"), *(("SSG", kode) for kode in DAS),
]  # fmt: skip

RIKTIGE = {
    "SSG": ssg(PENSJONIST),
    "BSA": bsa(PENSJONIST),
    "AR": f"{AR_URL}/{PENSJONIST}",
    "TD": f"{TD}/{PENSJONIST}",
    "FA": f"{FA}/hendelser/start",
    "IM": im(PENSJONIST),
}


@pytest.mark.parametrize("rad", FEIL, ids=lambda rad: rad.kode)
def test_feil(rad: Rad) -> None:
    svar = spoer(med_avregning(), rad.url, rad.kommune, **dict(rad.hoder))
    assert (svar.status_code, svar.json()["kode"]) == (rad.status, rad.kode)
    assert svar.json().keys() == {"kode", "melding", "korrelasjonsid"}


@pytest.mark.parametrize(("tabell", "kode"), BESTILT)
def test_bestilt_feil(tabell: str, kode: str) -> None:
    s = med_avregning()
    url = RIKTIGE[tabell]
    api = url.split("/")[2]
    s.forstyrrelser.bestill(api, Art.KODE, kode=kode, antall=1)
    svar = spoer(s, url)
    ventet = ({rad.kode: rad for rad in TABELLER[tabell].values()} | DAS)[kode]
    assert (svar.status_code, svar.json()["kode"]) == (ventet.status, kode)
    assert spoer(s, url).status_code == 200  # only once


def test_hver_dokumenterte_kode_har_en_rad() -> None:
    dekket = {rad.kode for rad in FEIL} | {kode for _, kode in BESTILT}
    assert dekket >= {rad.kode for tabell in TABELLER.values() for rad in tabell.values()} | set(DAS)


def test_korrelasjonsid_er_ny_for_hvert_kall() -> None:
    s = ny_sandkasse()
    ider = {spoer(s, ssg(UKJENT_PERSON)).json()["korrelasjonsid"] for _ in range(3)}
    assert len(ider) == 3


# The token: what each API refuses before it looks at anything else.
KROKETE: list[tuple[str, dict[str, Any], int]] = [
    ("utløpt", {"exp": int(NAA)}, 401),
    ("feil utsteder", {"iss": "https://maskinporten.no/"}, 401),
    ("feil scope", {"scope": BSA_SCOPE}, 401),
    ("delvis likt scope", {"scope": f"{SSG_SCOPE}.les"}, 401),
    ("aud satt med resource", {"aud": "https://api.no"}, 401),
    ("iat fram i tid", {"iat": int(NAA) + 11}, 401),
    ("ikke Bearer", {"token_type": "DPoP"}, 401),
    ("annet register", {"consumer": {"authority": "iso6523-actorid-upis", "ID": "9908:310000000"}}, 401),
    ("tre ledd i ID", {"consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:310000000:1"}}, 401),
    ("ukjent autoritet", {"consumer": {"authority": "x", "ID": f"0192:{FJORDVIK}"}}, 401),
    ("uten avtale", {"consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{LIA}"}}, 403),
    ("systembruker uten PDP", {"authorization_details": [{"systemuser_org": {}}]}, 403),
]


def paastander(kommune: str = FJORDVIK) -> dict[str, Any]:
    return {
        "iss": "https://test.maskinporten.no/",
        "aud": "unspecified",
        "scope": SSG_SCOPE,
        "token_type": "Bearer",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{kommune}"},
        "iat": int(NAA),
        "exp": int(NAA) + 120,
    }


@pytest.mark.parametrize(("navn", "endret", "status"), KROKETE, ids=[navn for navn, _, _ in KROKETE])
def test_kroket_token(navn: str, endret: dict[str, Any], status: int) -> None:
    s = ny_sandkasse()
    rett, galt = (s.maskinporten.signer(paastander() | e) for e in ({}, endret))
    assert hent(s, ssg(PENSJONIST), Authorization=f"Bearer {rett}").status_code == 200
    assert hent(s, ssg(PENSJONIST), Authorization=f"Bearer {galt}").status_code == status, navn


def test_token_signert_av_en_annen_er_ugyldig() -> None:
    s, annen = ny_sandkasse(), ny_sandkasse()
    annen.maskinporten.ta_i_bruk(noekkel("en-annen-utsteder"))
    token = annen.maskinporten.signer(paastander())
    assert hent(s, ssg(PENSJONIST), Authorization=f"Bearer {token}").status_code == 401


def test_hele_veien_fra_grant_til_oppslag() -> None:
    s = ny_sandkasse()
    token = Grant().send(s).json()["access_token"]
    svar = hent(s, ssg(PENSJONIST), Authorization=f"Bearer {token}").json()
    assert (svar["personidentifikator"], svar["inntektsaar"]) == (PENSJONIST, "2025")
    assert (svar["skjermet"], svar["stadie"]) == (False, "oppgjoer")
    pensjon = next(p for p in svar["grunnlag"] if p["tekniskNavn"] == "alderspensjonFraFolketrygden")
    assert pensjon == {
        "tekniskNavn": "alderspensjonFraFolketrygden",
        "beloep": 4 * 26_950 + 8 * 28_282,
        "kategori": "inntekt",
    }


def test_systembruker_naar_apiet_tar_den() -> None:
    s = ny_sandkasse()
    s.avtaler.systembruker.add("summertskattegrunnlag")
    detalj = {"systemuser_org": {"authority": "iso6523-actorid-upis", "ID": f"0192:{FJORDVIK}"}}
    token = s.maskinporten.signer(paastander("313300005") | {"authorization_details": [detalj]})
    assert hent(s, ssg(PENSJONIST), Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize("api", APIER.values(), ids=lambda api: api.navn)
def test_hvert_api_er_ogsaa_et_program_for_seg(api: Api) -> None:
    """Under its real host name, and alone behind its own transport."""
    s = med_avregning()
    url = next(u for u in [*RIKTIGE.values(), f"{FA_IM}/hendelser/start"] if u.split("/")[2] == api.navn)
    sti = url.removeprefix(f"{ROT}/{api.navn}")
    hoder = bearer(s, SCOPE[api.navn])
    assert kall(s, lambda k: k.get(f"https://{api.vert}{sti}", headers=hoder)).status_code == 200

    async def alene() -> int:
        transport = httpx2.ASGITransport(app=s.skatteetaten[api.navn])
        async with httpx2.AsyncClient(transport=transport, base_url="http://x") as klient:
            return (await klient.get(sti, headers=hoder)).status_code

    assert asyncio.run(alene()) == 200


def test_skjermet_gir_bare_parametre_og_flagg() -> None:
    s = ny_sandkasse()
    ident = IDENT["skjermet-helt"]
    assert spoer(s, ssg(ident)).json() == {
        "personidentifikator": ident, "inntektsaar": "2025", "skjermet": True,
    }  # fmt: skip
    assert spoer(s, bsa(ident)).json() == {
        "personidentifikator": ident, "inntektsaar": 2025, "skjermet": True,
    }  # fmt: skip


def test_delvis_skjermet_mangler_bare_detaljer() -> None:
    s = ny_sandkasse()
    delvis = spoer(s, ssg(IDENT["skjermet-delvis"])).json()
    assert delvis["skjermet"] is False
    assert not any("spesifisering" in post for post in delvis["grunnlag"])
    assert {p["tekniskNavn"] for p in delvis["grunnlag"]} >= {"alminneligInntektFoerSaerfradrag"}
    assert spoer(s, bsa(IDENT["skjermet-delvis"])).json()["skjermet"] is True


def test_svalbard_og_kildeskatt_har_egne_grunnlag() -> None:
    s = ny_sandkasse()
    svalbard, kildeskatt = (spoer(s, ssg(IDENT[navn])).json() for navn in ("svalbard", "kildeskatt"))
    assert svalbard["svalbardGrunnlag"]
    assert svalbard["grunnlag"]
    assert kildeskatt["kildeskattPaaLoennGrunnlag"]
    assert "grunnlag" not in kildeskatt
    assert spoer(s, bsa(IDENT["svalbard"])).json()["beregnetSkattSvalbard"]["beregnetSkatt"] > 0
    assert "beregnetSkattFastland" not in spoer(s, bsa(IDENT["kildeskatt"])).json()


def test_begge_identiteter_svarer_med_den_det_ble_spurt_om() -> None:
    s = ny_sandkasse()
    identer = s.befolkning.person("to-identiteter").identer
    assert [spoer(s, ssg(i)).json()["personidentifikator"] for i in identer] == list(identer)


def test_pakken_filtrerer_ved_kilden() -> None:
    s = ny_sandkasse()
    s.avtaler.felt["summertskattegrunnlag", SSG_PAKKE] = frozenset({"alderspensjonFraFolketrygden"})
    assert [p["tekniskNavn"] for p in spoer(s, ssg(PENSJONIST)).json()["grunnlag"]] == [
        "alderspensjonFraFolketrygden"
    ]
    annen = spoer(s, ssg(PENSJONIST, pakke="kommunepersonligassistanse")).json()
    assert len(annen["grunnlag"]) > 1


def test_foreldrebetaling_kan_be_om_utkast_som_ikke_finnes() -> None:
    s = ny_sandkasse()
    s.avtaler.gi(FJORDVIK, "summertskattegrunnlag", "kommuneforeldrebetaling")
    svar = spoer(s, ssg(PENSJONIST, pakke="kommuneforeldrebetaling", stadie="utkast"))
    assert svar.json()["kode"] == "SSG-008"


def test_siste_tilgjengelige() -> None:
    s = ny_sandkasse()
    svar = spoer(s, f"{TD}/{IDENT['uten-oppgjoer']}").json()
    assert svar == {
        "personidentifikator": IDENT["uten-oppgjoer"],
        "ressursId": "skattegrunnlag",
        "sisteTilgjengeligePeriode": "2024",
    }


def test_avregning_er_aldri_baade_rest_og_til_gode() -> None:
    s = med_avregning()
    fastland = spoer(s, f"{AR_URL}/{IDENT['tap']}").json()["fastland"]
    assert fastland.keys() == {"avregnetForskuddstrekk", "beloepTilgode"}


def test_maanedsinntekt_i_mai_er_hoeyere() -> None:
    s = ny_sandkasse()
    oppgaver = spoer(s, im(PENSJONIST, "fraOgMed=2026-04&tilOgMed=2026-05")).json()["oppgaveInntektsmottaker"]
    april, mai = (o["inntekt"][0]["beloep"] for o in oppgaver)
    assert (april, mai) == (28_282, 29_670)
    assert {o["opplysningspliktigId"] for o in oppgaver} == {next(iter(BETALERE))}


def test_til_og_med_er_denne_maaneden_naar_den_mangler() -> None:
    s = ny_sandkasse()
    maaneder = [
        o["kalendermaaned"]
        for o in spoer(s, im(PENSJONIST, "fraOgMed=2026-09")).json()["oppgaveInntektsmottaker"]
    ]
    assert maaneder == ["2026-09", "2026-10"]


# Disturbances that are not error codes.
RARE: list[tuple[Art, Callable[[httpx2.Response], bool]]] = [
    (Art.BAR_404, lambda r: r.status_code == 404 and r.content == b""),
    (Art.UKJENT_INSTANS, lambda r: r.status_code == 404 and r.text.startswith("Unknown instance. ID=")),
    (Art.HTML_500, lambda r: r.status_code == 500 and r.text.startswith("<!DOCTYPE html>")),
    (Art.HTML_503, lambda r: r.status_code == 503 and r.headers["content-type"].startswith("text/html")),
    (Art.FOR_MANGE, lambda r: r.status_code == 429 and "Retry-After" not in r.headers),
    (Art.TOM_KROPP, lambda r: r.status_code == 200 and r.content == b""),
    (Art.FEIL_PERSON, lambda r: r.json()["personidentifikator"] != PENSJONIST),
    (Art.FEIL_AAR, lambda r: bool(r.json()["inntektsaar"] == "2024")),
    (Art.AVKORTET, lambda r: r.status_code == 200 and not r.text.endswith("}")),
    (Art.TREG, lambda r: bool(r.json()["inntektsaar"] == "2025")),
]


@pytest.mark.parametrize(("art", "som_ventet"), RARE, ids=[art.value for art, _ in RARE])
def test_forstyrrelse(art: Art, som_ventet: Callable[[httpx2.Response], bool]) -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("summertskattegrunnlag", art, antall=1, sekunder=5)
    assert som_ventet(spoer(s, ssg(PENSJONIST)))
    friskt = spoer(s, ssg(PENSJONIST)).json()
    assert (friskt["personidentifikator"], friskt["inntektsaar"]) == (PENSJONIST, "2025")


def test_brudd_i_minnet_er_et_unntak() -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("*", Art.BRUDD, antall=1)
    with pytest.raises(BruddError):
        spoer(s, ssg(PENSJONIST))


def test_loegn_om_maanedsinntekt() -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("inntekt", Art.FEIL_PERSON, antall=1)
    s.forstyrrelser.bestill("inntekt", Art.FEIL_AAR, antall=1)
    person, aar = (spoer(s, im(PENSJONIST)).json()["oppgaveInntektsmottaker"][0] for _ in range(2))
    assert person["inntektsmottaker"]["personidentifikator"] != PENSJONIST
    assert aar["kalendermaaned"] == "2025-01"


def test_tilfeldige_feil_er_like_hver_gang() -> None:
    def statuser() -> list[int]:
        s = ny_sandkasse()
        s.forstyrrelser.bestill("*", Art.HTML_503, sannsynlighet=0.3, froe=7)
        return [spoer(s, f"{TD}/{PENSJONIST}").status_code for _ in range(20)]

    assert statuser() == statuser()
    assert 0 < statuser().count(503) < 20


def test_forstyrrelse_for_en_kommune_rammer_ikke_en_annen() -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("summertskattegrunnlag", Art.KODE, kode="SSG-001", konsument=SKOGLI)
    assert spoer(s, ssg(PENSJONIST), SKOGLI).status_code == 500
    assert spoer(s, ssg(PENSJONIST), FJORDVIK).status_code == 200


@pytest.mark.parametrize(("samtidige", "avvist"), [(5, 0), (6, 1), (20, 15)])
def test_taket_paa_fem(samtidige: int, avvist: int) -> None:
    s = ny_sandkasse()
    hoder = bearer(s)

    async def alle(klient: httpx2.AsyncClient) -> list[httpx2.Response]:
        return await asyncio.gather(*(klient.get(ssg(PENSJONIST), headers=hoder) for _ in range(samtidige)))

    statuser = [svar.status_code for svar in kall(s, alle)]
    assert (statuser.count(200), statuser.count(429)) == (samtidige - avvist, avvist)
    assert s.maalinger.topp["summertskattegrunnlag", FJORDVIK] == min(samtidige, 6)
    assert s.maalinger.over_taket["summertskattegrunnlag", FJORDVIK] == avvist
    assert spoer(s, ssg(PENSJONIST)).status_code == 200  # everything was let go of


def test_taket_gjelder_hvert_api_og_hver_kommune_for_seg() -> None:
    s = ny_sandkasse()
    urler = [(ssg(PENSJONIST), SSG_SCOPE, FJORDVIK), (bsa(PENSJONIST), BSA_SCOPE, FJORDVIK),
             (ssg(PENSJONIST), SSG_SCOPE, SKOGLI)]  # fmt: skip
    kallene = [(url, bearer(s, scope, kommune)) for url, scope, kommune in urler for _ in range(5)]

    async def alle(klient: httpx2.AsyncClient) -> list[httpx2.Response]:
        return await asyncio.gather(*(klient.get(url, headers=hoder) for url, hoder in kallene))

    assert {svar.status_code for svar in kall(s, alle)} == {200}
    assert set(s.maalinger.topp.values()) == {5}


def test_treghet_bruker_den_innsatte_soevnen() -> None:
    sovet: list[float] = []

    async def sov(sekunder: float) -> None:
        sovet.append(sekunder)
        await uten_venting(sekunder)

    s = ny_sandkasse()
    s.omgivelser.sov = sov
    s.omgivelser.ventetid = 0.25
    s.forstyrrelser.bestill("*", Art.TREG, sekunder=12, antall=1)
    spoer(s, ssg(PENSJONIST))
    assert sovet == [0.25, 12]
