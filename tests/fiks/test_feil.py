"""What is refused and how: Fiks' status and body, our sentences, no number in them, nothing without a record."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import httpx2
import pytest
from starlette.exceptions import HTTPException

from app.api.problem import UGYLDIG_INNHOLD, UGYLDIG_JSON, UGYLDIG_PARAMETER
from app.sandbox.standard import FJORDVIK
from app.sandbox.syntetisk import personidentifikator
from app.services.fiks.ekstraposter import EKSTRAPOSTER
from app.services.fiks.feil import Feilkode
from app.services.fiks.meldinger import Kode
from app.services.mangler import Grunn
from app.services.oppsett import InnstillingManglerError
from app.services.oppslag import Hentet
from app.skatt_client import Api
from tests.fiks.test_trykte_eksempler import DOKUMENT
from tests.fiks.verden import (
    BISTAND,
    LANGTID,
    NAA,
    ROLLE,
    V1,
    V2,
    Aktoer,
    Revisjon,
    Tenkt,
    hentet,
    mangel,
    program,
    spoer,
    uten,
)

EN: Final = personidentifikator(date(1944, 3, 3), 10)
TO: Final = personidentifikator(date(1950, 3, 3), 10)
GODE: Final = {EN: hentet({"alderspensjonFraFolketrygden": 300_000}, 40_000), TO: hentet({})}
SOEKER: Final = {"identifikator": EN, "type": "SOEKER"}
EKTEFELLE: Final = {"identifikator": TO, "type": "EKTEFELLE"}


def kropp(*personer: dict[str, Any], **andre: Any) -> dict[str, Any]:
    return {"inntektsaar": 2024, "beregningstype": LANGTID, "personer": [*personer]} | andre


def be(
    innhold: Any,
    svar: dict[str, Hentet] | None = None,
    *,
    sti: str = f"{V1}/beregning",
    revisjon: Revisjon | None = None,
    metode: str = "POST",
    aktoer: Callable[..., Any] = Aktoer,
) -> httpx2.Response:
    kilde = Tenkt(GODE if svar is None else svar)
    return asyncio.run(spoer(program(kilde, revisjon, aktoer=aktoer), sti, innhold, metode))


def fiksfeil(svar: httpx2.Response, sti: str = f"{V1}/beregning") -> dict[str, Any]:
    """The body, with what every error has checked."""
    feil: dict[str, Any] = svar.json()
    assert svar.headers["content-type"] == "application/json"
    assert list(feil) == [
        "timestamp",
        "status",
        "error",
        "errorId",
        "path",
        "message",
        "errorCode",
        "errorJson",
    ]
    assert (feil["status"], feil["path"], feil["timestamp"]) == (svar.status_code, sti, NAA.isoformat())
    assert len(feil["errorId"]) == 36
    uten_sti = svar.text.replace(ROLLE, "")
    assert EN not in uten_sti
    assert TO not in uten_sti
    return feil


def rader(feil: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of every fault."""
    return [(f["pointer"], f["kode"]) for f in json.loads(feil["errorJson"])["errors"]]


FORESPOERSELER: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (kropp(), [("/personer", "feil-antall")]),
    (kropp(EKTEFELLE), [("/personer", "feil-antall")]),
    (kropp(SOEKER, {**EKTEFELLE, "type": "SOEKER"}), [("/personer", "feil-antall")]),
    (
        kropp(
            SOEKER,
            EKTEFELLE,
            {"identifikator": personidentifikator(date(1951, 1, 1), 1), "type": "SAMBOER"},
        ),
        [("/personer", "feil-antall")],
    ),
    (kropp(SOEKER, {**EKTEFELLE, "identifikator": EN}), [("/personer/1/identifikator", "dobbelt-person")]),
    (kropp(SOEKER, {**EKTEFELLE, "type": "MOR"}), [("/personer/1/type", "ukjent-verdi")]),
    (kropp(SOEKER, {**EKTEFELLE, "type": "ANNET"}), [("/personer/1/type", "ukjent-verdi")]),
    (kropp({**SOEKER, "identifikator": EN[:-1]}), [("/personer/0/identifikator", "ugyldig-identifikator")]),
    (kropp({**SOEKER, "identifikator": int(EN)}), [("/personer/0/identifikator", "ugyldig-identifikator")]),
    (kropp(SOEKER, inntektsaar=2020), [("/inntektsaar", "utenfor-omraadet")]),
    (kropp(SOEKER, inntektsaar=2027), [("/inntektsaar", "utenfor-omraadet")]),
    (kropp(SOEKER, beregningstype=None), [("/beregningstype", "mangler")]),
    (kropp(SOEKER, beregningstype="HYTTE"), [("/beregningstype", "ukjent-verdi")]),
    (kropp(SOEKER, kommune="x"), [("/kommune", "ukjent-felt")]),
    ({"beregningstype": LANGTID}, [("/inntektsaar", "mangler"), ("/personer", "mangler")]),
    (
        kropp({**SOEKER, "ekstraposter": [{"tekniskNavn": "kommune.andreInntekter", "beloep": 1}]}),
        [("/personer/0/ekstraposter/0/visningstekst", "mangler")],
    ),
    (
        kropp({**SOEKER, "ekstraposter": [{"tekniskNavn": "kommune.tenktEtterlattePensjon", "beloep": 1}]}),
        [("/personer/0/ekstraposter/0/tekniskNavn", "ukjent-verdi")],
    ),
    (
        kropp({**SOEKER, "ekstraposter": [{"tekniskNavn": "nav.hjelpestoenad", "beloep": 1}]}),
        [("/personer/0/ekstraposter/0/tekniskNavn", "ukjent-verdi")],
    ),
    (
        kropp({**SOEKER, "ekstraposter": [{"tekniskNavn": "kommune.andreInntekter", "beloep": -1}]}),
        [("/personer/0/ekstraposter/0/beloep", "utenfor-omraadet")],
    ),
    (
        kropp({**SOEKER, "ekstraposter": [{"tekniskNavn": "kommune.andreInntekter", "beloep": 1.5}]}),
        [("/personer/0/ekstraposter/0/beloep", "feil-type")],
    ),
]


@pytest.mark.parametrize(("innhold", "feilene"), FORESPOERSELER)
def test_feil_i_forespoerselen(innhold: dict[str, Any], feilene: list[tuple[str, str]]) -> None:
    revisjon = Revisjon()
    svar = be(innhold, revisjon=revisjon)
    feil = fiksfeil(svar)
    assert (svar.status_code, feil["errorCode"], feil["error"]) == (400, "ugyldig-innhold", "Bad Request")
    assert rader(feil) == feilene
    assert feil["message"]
    assert revisjon.oppslag == []


GAMLE: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"inntektsaar": "toogtjue"}, [("/inntektsaar", "feil-type")]),
    ({"inntektsaar": "2020"}, [("/inntektsaar", "utenfor-omraadet")]),
    ({"beregningstype": LANGTID}, [("/beregningstype", "ukjent-verdi")]),
    (
        {"soekere": [{"personidentifikator": EN, "personType": "SOEKER", "navPoster": [{"beloep": "1"}]}]},
        [("/soekere/0/navPoster/0/tekniskNavn", "mangler")],
    ),
    (
        {
            "soekere": [
                {"personidentifikator": EN, "personType": "SOEKER", "kommunePoster": [{"beloep": "1"}]}
            ]
        },
        [("/soekere/0/kommunePoster/0/visningsnavn", "mangler")],
    ),
    (
        {"soekere": [{"personidentifikator": EN, "personType": "SOEKER", "poster": [{"beloep": "1,5"}]}]},
        [("/soekere/0/poster/0/beloep", "feil-type")],
    ),
]


@pytest.mark.parametrize(("innhold", "feilene"), GAMLE)
def test_feil_i_den_gamle_forespoerselen(innhold: dict[str, Any], feilene: list[tuple[str, str]]) -> None:
    god = {"inntektsaar": 2024, "soekere": [{"personidentifikator": EN, "personType": "SOEKER"}]}
    feil = fiksfeil(be(god | innhold, sti=V2), V2)
    assert rader(feil) == feilene


MANGLER = [
    # reason, status, code. Source: Skatteetaten's codes, and Fiks' documented statuses.
    (uten(Grunn.UKJENT_PERSON), 404, "SSG-007"),
    (uten(Grunn.IKKE_OPPGJOER_ENNAA), 404, "SSG-008"),
    (uten(Grunn.SLETTET), 410, "SSG-011"),
    (uten(Grunn.INGEN_TILGANG), 403, "EA-TILGANG"),
    (uten(Grunn.IKKE_SLAATT_PAA), 403, "EA-TILGANG"),
    (uten(Grunn.STRUPET), 503, "EA-UTILGJENGELIG"),
    (uten(Grunn.UTILGJENGELIG), 503, "EA-UTILGJENGELIG"),
    (uten(Grunn.UGYLDIG_SVAR), 502, "EA-UBRUKELIG-SVAR"),
    (uten(Grunn.FEIL_OPPSETT), 502, "EA-UBRUKELIG-SVAR"),
    # Tax that cannot be had just now: ask again, rather than answer with half.
    (
        hentet({"loenn": 1}, mangler=(mangel(Grunn.UTILGJENGELIG, Api.BEREGNET_SKATT),)),
        503,
        "EA-UTILGJENGELIG",
    ),
]


@pytest.mark.parametrize(("svar", "status", "kode"), MANGLER)
def test_den_som_mangler_navngis_med_peker(svar: Hentet, status: int, kode: str) -> None:
    feil = fiksfeil(be(kropp(EKTEFELLE, SOEKER), {TO: hentet({}), EN: svar}))
    assert (feil["status"], feil["errorCode"]) == (status, kode)
    assert rader(feil) == [("/personer/1/identifikator", kode)]
    assert "person 2 (SOEKER)" in feil["message"]
    assert f"Tekst om {svar.mangler[0].grunn}." in feil["message"]
    assert ("finnes ikke lenger" in feil["message"]) == (status == 410)


def test_alle_som_mangler_navngis_og_den_verste_bestemmer() -> None:
    svar = be(kropp(SOEKER, EKTEFELLE), {EN: uten(Grunn.IKKE_OPPGJOER_ENNAA), TO: uten(Grunn.SLETTET)})
    feil = fiksfeil(svar)
    assert (feil["status"], feil["errorCode"]) == (410, "SSG-011")
    assert rader(feil) == [
        ("/personer/0/identifikator", "SSG-008"),
        ("/personer/1/identifikator", "SSG-011"),
    ]


def test_ventetiden_sies_videre() -> None:
    svar = be(kropp(SOEKER), {EN: uten(Grunn.STRUPET, om=2.2)})
    assert fiksfeil(svar)["status"] == 503
    assert svar.headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("innhold", "sti", "metode", "status", "kode"),
    [
        (b"{", f"{V1}/beregning", "POST", 400, "ugyldig-json"),
        (b" " * 100_001, f"{V1}/beregning", "POST", 413, "for-stor"),
        (None, f"{V1}/beregning", "POST", 415, "feil-innholdstype"),
        (None, f"{V1}/beregning", "GET", 405, "metode-ikke-tillatt"),
        (None, f"{V1}/finnes-ikke", "GET", 404, "ikke-funnet"),
        ({}, V1.replace(ROLLE, "rolle") + "/beregning", "POST", 400, "ugyldig-parameter"),
        (None, f"{V2}/verdier/HYTTE/2024", "GET", 400, "ugyldig-parameter"),
        (None, f"{V2}/verdier/{BISTAND}/2020", "GET", 400, "ugyldig-parameter"),
    ],
)
def test_rammeverkets_feil_har_ogsaa_fiks_form(
    innhold: Any, sti: str, metode: str, status: int, kode: str
) -> None:
    svar = be(innhold, sti=sti, metode=metode)
    feil = fiksfeil(svar, sti)
    assert (svar.status_code, feil["errorCode"]) == (status, kode)
    if status == 405:
        assert svar.headers["allow"] == "POST"


def test_andre_adresser_beholder_sin_form() -> None:
    svar = be(None, sti="/finnes-ikke", metode="GET")
    assert svar.headers["content-type"] == "application/problem+json"


TILBYS_IKKE = [
    ("POST", f"{V1}/beregning/pdf", "uten /pdf"),
    ("POST", f"{V1}/beregning/praktisk-bistand/pdf", "uten /pdf"),
    ("POST", f"{V1}/beregning/langtidsopphold-institusjon/pdf", "uten /pdf"),
    ("POST", f"{V1}/beregning/redusert-foreldrebetaling", "KS Fiks"),
    ("POST", f"{V1}/beregning/redusert-foreldrebetaling/pdf", "KS Fiks"),
    ("POST", f"{V2}/pdf", "uten /pdf"),
    ("GET", f"{V1}/yaml/{BISTAND}/2024", "/verdier"),
    ("GET", f"/register/api/v1/ks/skatteoginntektsopplysninger/yaml/{BISTAND}/2024", "/verdier"),
    ("GET", f"{V2}/verdier/BARNEHAGE_SFO/2024", "KS Fiks"),
]


@pytest.mark.parametrize(("metode", "sti", "raad"), TILBYS_IKKE)
def test_det_som_ikke_tilbys_sier_hva_som_finnes(metode: str, sti: str, raad: str) -> None:
    feil = fiksfeil(be(None, sti=sti, metode=metode), sti)
    assert (feil["status"], feil["errorCode"]) == (400, "EA-TILBYS-IKKE")
    assert raad in feil["message"]


def test_foreldrebetaling_i_kroppen() -> None:
    assert fiksfeil(be(kropp(SOEKER, beregningstype="BARNEHAGE_SFO")))["status"] == 400


# --- Access and audit --------------------------------------------------------------------------


def test_oppslaget_foeres_foer_svaret() -> None:
    revisjon = Revisjon()
    svar = be(kropp(SOEKER, EKTEFELLE), {EN: GODE[EN], TO: uten(Grunn.SKJERMET)}, revisjon=revisjon)
    assert svar.status_code == 200
    foer, foert = revisjon.oppslag
    assert {utfall for _, utfall in foer.personer} == {"PAABEGYNT"}
    assert (foert.kommune, foert.av, foert.formaal, foert.rolle_id, foert.aar) == (
        FJORDVIK,
        "maskin:testklient",
        "Fiks-beregning",
        ROLLE,
        (2024,),
    )
    assert foert.personer == ((EN, "FUNNET"), (TO, "SKJERMET"))
    assert EN not in repr(foert)


def test_ogsaa_det_som_ikke_ble_funnet_foeres() -> None:
    revisjon = Revisjon()
    assert be(kropp(SOEKER), {EN: uten(Grunn.SLETTET)}, revisjon=revisjon).status_code == 410
    assert [f.personer for f in revisjon.oppslag[1:]] == [((EN, "SLETTET"),)]


@pytest.mark.parametrize("svar", [GODE, {EN: uten(Grunn.SLETTET)}])
def test_uten_foering_gis_ingenting(svar: dict[str, Hentet]) -> None:
    ut = be(kropp(SOEKER), svar, revisjon=Revisjon(svikter=True))
    feil = fiksfeil(ut)
    assert (feil["status"], feil["errorCode"]) == (503, "EA-REVISJON")
    assert "300" not in feil["message"]


def test_oppslag_som_brister_foeres_og_gir_500() -> None:
    revisjon = Revisjon()
    feil = fiksfeil(be(kropp(SOEKER), {}, revisjon=revisjon))
    assert (feil["status"], feil["errorCode"]) == (500, "intern-feil")
    assert [f.personer for f in revisjon.oppslag[1:]] == [((EN, "FEILET"),)]


def test_kommune_som_ikke_er_satt_opp() -> None:
    class Uten(Tenkt):
        async def langtidsopphold(self, *_: Any, **__: Any) -> Any:
            raise InnstillingManglerError("hemmelig")

    svar = asyncio.run(spoer(program(Uten({})), f"{V1}/beregning", kropp(SOEKER)))
    feil = fiksfeil(svar)
    assert (feil["status"], feil["errorCode"]) == (403, "EA-TILGANG")
    assert "hemmelig" not in feil["message"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("metode", "sti"),
    [
        ("POST", f"{V1}/beregning"),
        ("POST", f"{V1}/beregning/praktisk-bistand"),
        ("POST", f"{V1}/beregning/langtidsopphold-institusjon"),
        ("GET", f"{V1}/verdier"),
        ("POST", f"{V1}/verdier"),
        ("POST", V2),
        ("GET", f"{V2}/verdier/{BISTAND}/2024"),
        *((metode, sti) for metode, sti, _ in TILBYS_IKKE),
    ],
)
def test_den_som_ikke_slipper_til_faar_ingenting(status: int, metode: str, sti: str) -> None:
    def avvis() -> None:
        raise HTTPException(status, headers={"WWW-Authenticate": "Bearer"} if status == 401 else None)

    svar = be(kropp(SOEKER) if metode == "POST" else None, sti=sti, metode=metode, aktoer=avvis)
    assert fiksfeil(svar, sti)["status"] == status
    assert ("www-authenticate" in svar.headers) == (status == 401)


def test_ikke_mer_enn_noedvendig_slaas_opp() -> None:
    """Tax is asked for the resident only, and never for praktisk bistand."""
    kilde = Tenkt(GODE)
    app = program(kilde)
    asyncio.run(spoer(app, f"{V1}/beregning", kropp(SOEKER, EKTEFELLE)))
    asyncio.run(spoer(app, f"{V1}/beregning", kropp(SOEKER, EKTEFELLE, beregningstype=BISTAND)))
    assert kilde.spurt == [("langtid", EN), ("forsoerget", TO), ("bistand", EN), ("bistand", TO)]


# --- The document ------------------------------------------------------------------------------


def test_hver_kode_staar_i_dokumentet() -> None:
    dokument = DOKUMENT.read_text("utf-8")
    koder = [*Kode, *Feilkode, *(p.kode for p in (UGYLDIG_JSON, UGYLDIG_INNHOLD, UGYLDIG_PARAMETER))]
    assert [kode for kode in koder if f"`{kode}`" not in dokument] == []


def test_hver_manuell_post_staar_i_dokumentet() -> None:
    dokument = DOKUMENT.read_text("utf-8")
    navn = {post.teknisk_navn for poster in EKSTRAPOSTER.values() for post in poster}
    assert [n for n in navn if f"| `{n}` |" not in dokument] == []


def test_styretegn_i_det_som_ble_sendt_staar_aldri_i_svaret() -> None:
    """Neither from a field's name nor from the address; the texts can be shown as they are."""
    ikke_en_rolle = f"{V1}/beregning".replace(V1.split("/")[5], "a%C2%96%7F")
    for svar in (be({"a\u007f\u0096å": 1}), be({}, sti=ikke_en_rolle)):
        assert not re.search(r"[\u007f-\u009f]", svar.text)
    errors = json.loads(be({"a\u007f\u0096å": 1}).json()["errorJson"])["errors"]
    assert "/a\u007f\u0096å" in {feil["pointer"] for feil in errors}
    assert be({}, sti=ikke_en_rolle).json()["path"] == ikke_en_rolle
