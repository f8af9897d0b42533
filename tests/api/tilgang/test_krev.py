"""``krev`` on a small app: who comes in, what the others are told, and what is written down."""

import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.testclient import TestClient

from app.api import feilhaandtering
from app.api.korrelasjon import Korrelasjon
from app.api.tilgang.avhengighet import Avslagslogg, krev, meld_avslag
from app.api.tilgang.maskinporten import Maskinportenvakt
from app.sandbox.standard import FJORDVIK, JOURNALLEVERANDOER, SKOGLI
from app.services.sesjoner.sesjon import Sesjoner
from app.services.tilgang import (
    RETTIGHETER,
    SCOPER,
    Aktoer,
    Aktoertype,
    Avslagsgrunn,
    Avslagsregister,
    Rettighet,
    Rolle,
)
from tests.api.tilgang.stoette import BORTE, LES, SKRIV, Hyllen, Token, part, vakt
from tests.lekkasje import slag

CSRF = "riktig-csrf"
HEMMELIG = "4b1e5c0e"
"""A value in a path."""


@dataclass
class Register:
    """Remembers what it is told, or cannot be written to."""

    rader: list[tuple[Aktoer, str, Rettighet, Avslagsgrunn, str]] = field(default_factory=list)
    full: bool = False

    async def avslag(
        self, aktoer: Aktoer, rute_mal: str, rettighet: Rettighet, grunn: Avslagsgrunn, korrelasjonsid: str
    ) -> None:
        if self.full:
            raise OSError("disken er full")
        self.rader.append((aktoer, rute_mal, rettighet, grunn, korrelasjonsid))


class Innlogget:
    """Sessions named after the role they have."""

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        if cookieverdi not in set(Rolle):
            return None
        rolle = Rolle(cookieverdi)
        return Aktoer(
            kommune=SKOGLI, type=Aktoertype.BRUKER, id="sub-1", rettigheter=RETTIGHETER[rolle], rolle=rolle
        )

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        return hmac.compare_digest(csrf, CSRF)


def lag_app(
    register: Avslagsregister,
    maskinportenvakt: Maskinportenvakt | None = None,
    sesjoner: Sesjoner | None = None,
) -> FastAPI:
    """One route per right and method, below a router with a prefix."""
    router = APIRouter(prefix="/api/v1")

    def rute(rettighet: Rettighet) -> None:
        async def svar(tall: str, aktoer: Annotated[Aktoer, krev(rettighet)]) -> dict[str, str]:
            return {"kommune": aktoer.kommune, "merke": aktoer.merke}

        router.add_api_route(
            f"/{rettighet}/{{tall}}", svar, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
        )

    for rettighet in Rettighet:
        rute(rettighet)

    @router.post("/fremmed")
    async def fremmed(request: Request, aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)]) -> None:
        await meld_avslag(request, aktoer, Rettighet.LES_SAK, Avslagsgrunn.MANGLER_RETTIGHET)

    app = FastAPI()
    app.include_router(router)
    app.state.maskinportenvakt = maskinportenvakt
    app.state.sesjoner = sesjoner
    app.state.avslagsregister = register
    feilhaandtering.registrer(app, 10_000)
    app.add_middleware(Korrelasjon)
    return app


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def klient(register: Register) -> Iterator[TestClient]:
    with TestClient(lag_app(register, vakt(), Innlogget()), raise_server_exceptions=False) as klient:
        yield klient


def med_token(**paastander: Any) -> dict[str, str]:
    return {"authorization": Token(paastander).felt[0]}


def med_sesjon(rolle: str, **hoder: str) -> dict[str, str]:
    return {"cookie": f"__Host-egenandel={rolle}", **{navn.replace("_", "-"): v for navn, v in hoder.items()}}


@pytest.mark.parametrize("navn", SCOPER)
@pytest.mark.parametrize("rettighet", Rettighet)
def test_hvert_scope_mot_hver_rute(
    klient: TestClient, register: Register, navn: str, rettighet: Rettighet
) -> None:
    scope = LES if navn == "egenandel.read" else SKRIV
    svar = klient.get(f"/api/v1/{rettighet}/{HEMMELIG}", headers=med_token(scope=scope))
    if rettighet in SCOPER[navn]:
        assert (svar.status_code, register.rader) == (200, [])
        assert svar.json() == {"kommune": FJORDVIK, "merke": "maskin:journal-sandkasse"}
        return
    assert svar.status_code == 403
    assert svar.headers["www-authenticate"].startswith('Bearer realm="egenandel", error="insufficient_scope"')
    aktoer, *resten = register.rader[0]
    assert (aktoer.kommune, aktoer.leverandoer) == (FJORDVIK, JOURNALLEVERANDOER)
    assert resten == [
        f"GET /api/v1/{rettighet}/{{tall}}",
        rettighet,
        Avslagsgrunn.MANGLER_RETTIGHET,
        svar.headers["x-korrelasjonsid"],
    ]


@pytest.mark.parametrize("rolle", Rolle)
@pytest.mark.parametrize("rettighet", Rettighet)
def test_hver_rolle_mot_hver_rute(
    klient: TestClient, register: Register, rolle: Rolle, rettighet: Rettighet
) -> None:
    svar = klient.post(
        f"/api/v1/{rettighet}/{HEMMELIG}", headers=med_sesjon(rolle, x_csrf_token=CSRF), json={}
    )
    if rettighet in RETTIGHETER[rolle]:
        assert (svar.status_code, svar.json(), register.rader) == (
            200,
            {"kommune": SKOGLI, "merke": "bruker:sub-1"},
            [],
        )
        return
    assert (svar.status_code, "www-authenticate" in svar.headers) == (403, False)
    assert [rad[1:4] for rad in register.rader] == [
        (f"POST /api/v1/{rettighet}/{{tall}}", rettighet, Avslagsgrunn.MANGLER_RETTIGHET)
    ]


def test_403_sier_hvilket_scope_som_trengs(klient: TestClient) -> None:
    svar = klient.get("/api/v1/SKRIV_SAK/1", headers=med_token())
    assert svar.headers["www-authenticate"] == (
        f'Bearer realm="egenandel", error="insufficient_scope", scope="{SKRIV}"'
    )
    assert svar.json() == {
        "type": "urn:egenandel:problem:ingen-tilgang",
        "title": "Du har ikke tilgang til dette",
        "status": 403,
        "detail": f"Hent et token med scope {SKRIV}.",
    }
    svar = klient.get("/api/v1/LES_REVISJON/1", headers=med_token(scope=SKRIV))
    assert svar.headers["www-authenticate"] == 'Bearer realm="egenandel", error="insufficient_scope"'


def test_et_token_uten_vaare_scoper_er_kjent_men_uten_rett(klient: TestClient, register: Register) -> None:
    assert klient.get("/api/v1/LES_SAK/1", headers=med_token(scope="annet:scope")).status_code == 403
    assert [rad[0].rettigheter for rad in register.rader] == [frozenset()]


# Who sends what, and the challenge and the sentence they get.
UTEN_RETT: list[tuple[str, dict[str, str], str, str]] = [
    ("ingenting", {}, 'Bearer realm="egenandel"', "Send et token"),
    ("Basic", {"authorization": "Basic dTpw"}, 'Bearer realm="egenandel", error="invalid_token"', "Hent et nytt"),
    ("tull", {"authorization": "Bearer tull"}, 'Bearer realm="egenandel", error="invalid_token"', "Hent et nytt"),
    ("utløpt", med_token(exp=1), 'Bearer realm="egenandel", error="invalid_token"', "Hent et nytt"),
    ("feil utsteder", med_token(iss="x"), 'Bearer realm="egenandel", error="invalid_token"', "Hent et nytt"),
    ("feil API", med_token(aud="x"), 'Bearer realm="egenandel", error="invalid_token"', "resource"),
    ("pid", med_token(pid="x"), 'Bearer realm="egenandel", error="invalid_token"', "uten pid"),
    ("systembruker", med_token(authorization_details=[]), 'Bearer realm="egenandel", error="invalid_token"',
     "consumer_org"),
    ("død sesjon", med_sesjon("borte"), 'Bearer realm="egenandel"', "Logg inn på nytt"),
    ("tom sesjon", med_sesjon(""), 'Bearer realm="egenandel"', "Send et token"),
    ("en annen kapsel", {"cookie": "egenandel=LEDER"}, 'Bearer realm="egenandel"', "Send et token"),
    # A bad token is not saved by a good session: whoever sends a token means it.
    ("begge deler", {**med_sesjon("LEDER"), "authorization": "Bearer tull"},
     'Bearer realm="egenandel", error="invalid_token"', "Hent et nytt"),
]  # fmt: skip


@pytest.mark.parametrize(("navn", "hoder", "utfordring", "sagt"), UTEN_RETT, ids=[r[0] for r in UTEN_RETT])
def test_401(
    klient: TestClient, register: Register, navn: str, hoder: dict[str, str], utfordring: str, sagt: str
) -> None:
    svar = klient.get("/api/v1/LES_SAK/1", headers=hoder)
    assert (svar.status_code, svar.headers["www-authenticate"]) == (401, utfordring)
    assert svar.headers["content-type"] == "application/problem+json"
    assert svar.headers["cache-control"] == "no-store"
    problem = svar.json()
    assert problem["type"] == "urn:egenandel:problem:ikke-autentisert"
    assert sagt in problem["detail"]
    assert slag(svar.text) == set()
    assert register.rader == []  # Nobody we know.


def test_et_token_og_en_sesjon_er_tokenet(klient: TestClient) -> None:
    svar = klient.post("/api/v1/SKRIV_SAK/1", headers={**med_sesjon("REVISOR"), **med_token(scope=SKRIV)})
    assert svar.json()["kommune"] == FJORDVIK


CSRF_RADER: list[tuple[str, str, dict[str, str], int]] = [
    ("lesing uten", "GET", {}, 200),
    ("skriving med", "POST", {"x-csrf-token": CSRF, "sec-fetch-site": "same-origin"}, 200),
    ("skriving med, ikke nettleser", "POST", {"x-csrf-token": CSRF}, 200),
    ("POST uten", "POST", {}, 403),
    ("PUT uten", "PUT", {}, 403),
    ("PATCH uten", "PATCH", {}, 403),
    ("DELETE uten", "DELETE", {}, 403),
    ("tom", "POST", {"x-csrf-token": ""}, 403),
    ("en annens", "POST", {"x-csrf-token": "en annens"}, 403),
    ("fra et annet nettsted", "POST", {"x-csrf-token": CSRF, "sec-fetch-site": "cross-site"}, 403),
    ("fra et annet underdomene", "POST", {"x-csrf-token": CSRF, "sec-fetch-site": "same-site"}, 403),
]


@pytest.mark.parametrize(("navn", "metode", "hoder", "status"), CSRF_RADER, ids=[r[0] for r in CSRF_RADER])
def test_csrf(
    klient: TestClient, register: Register, navn: str, metode: str, hoder: dict[str, str], status: int
) -> None:
    svar = klient.request(metode, "/api/v1/SKRIV_SAK/1", headers={**med_sesjon("LEDER"), **hoder})
    assert svar.status_code == status
    assert [rad[3] for rad in register.rader] == ([] if status == 200 else [Avslagsgrunn.MANGLER_CSRF])


def test_to_csrf_felt_er_ingen(klient: TestClient) -> None:
    hoder = [("cookie", "__Host-egenandel=LEDER"), ("x-csrf-token", CSRF), ("x-csrf-token", CSRF)]
    assert klient.post("/api/v1/SKRIV_SAK/1", headers=hoder).status_code == 403


def test_token_trenger_ikke_csrf(klient: TestClient) -> None:
    assert klient.post("/api/v1/SKRIV_SAK/1", headers=med_token(scope=SKRIV)).status_code == 200


def test_to_authorization_felt(klient: TestClient) -> None:
    felt = Token().felt[0]
    svar = klient.get("/api/v1/LES_SAK/1", headers=[("authorization", felt), ("authorization", felt)])
    assert svar.status_code == 401


def test_leverandoer_som_ikke_er_paa_listen(register: Register) -> None:
    app = lag_app(register, vakt(leverandoerer=frozenset()))
    svar = TestClient(app).get("/api/v1/LES_SAK/1", headers=med_token())
    assert (svar.status_code, "Leverandøren" in svar.json()["detail"]) == (403, True)
    assert [rad[3] for rad in register.rader] == [Avslagsgrunn.LEVERANDOER_IKKE_GODTATT]
    eget = med_token(supplier=BORTE, delegation_source=BORTE)
    assert TestClient(app).get("/api/v1/LES_SAK/1", headers=eget).status_code == 200


def test_noekler_utilgjengelige(register: Register) -> None:
    hyllen = Hyllen()
    hyllen.utilgjengelig = True
    svar = TestClient(lag_app(register, vakt(hyllen))).get("/api/v1/LES_SAK/1", headers=med_token())
    assert (svar.status_code, svar.headers["retry-after"]) == (503, "7")
    assert svar.json()["type"] == "urn:egenandel:problem:tilgang-kan-ikke-kontrolleres"


@pytest.mark.parametrize(
    "hoder", [{}, med_token(), med_sesjon("LEDER")], ids=["ingenting", "token", "sesjon"]
)
@pytest.mark.parametrize("rettighet", Rettighet)
def test_uten_innstillinger_slipper_ingen_inn(
    register: Register, hoder: dict[str, str], rettighet: Rettighet
) -> None:
    svar = TestClient(lag_app(register)).get(f"/api/v1/{rettighet}/1", headers=hoder)
    assert (svar.status_code, svar.json()["type"]) == (503, "urn:egenandel:problem:tilgang-ikke-satt-opp")
    for navn in ("MILJOE", "RESSURS", "SCOPEPREFIKS"):
        assert f"EGENANDEL_TILGANG__{navn}" in svar.json()["detail"]


def test_en_app_uten_tilstand_er_lukket() -> None:
    app = FastAPI()

    @app.get("/x")
    async def rute(aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)]) -> None: ...

    feilhaandtering.registrer(app, 10_000)
    app.add_middleware(Korrelasjon)
    assert TestClient(app).get("/x", headers=med_token()).status_code == 503


@pytest.mark.parametrize(
    ("med_vakt", "hoder"),
    [(True, med_sesjon("LEDER")), (False, med_token()), (False, med_sesjon("LEDER") | med_token())],
    ids=["bare token", "bare sesjon", "bare sesjon, og begge sendes"],
)
def test_den_ene_veien_aapner_ikke_den_andre(
    register: Register, med_vakt: bool, hoder: dict[str, str]
) -> None:
    app = lag_app(register, vakt()) if med_vakt else lag_app(register, None, Innlogget())
    assert TestClient(app).get("/api/v1/LES_SAK/1", headers=hoder).status_code == 401


def test_et_avslag_som_ikke_kan_skrives_ned_er_fortsatt_et_avslag(
    klient: TestClient, register: Register
) -> None:
    register.full = True
    svar = klient.get("/api/v1/SKRIV_SAK/1", headers=med_token())
    assert (svar.status_code, svar.json()["type"]) == (500, "urn:egenandel:problem:intern-feil")


def test_ruten_kan_melde_avslag_selv(klient: TestClient, register: Register) -> None:
    assert klient.post("/api/v1/fremmed", headers=med_token()).status_code == 200
    assert [rad[1] for rad in register.rader] == ["POST /api/v1/fremmed"]


def test_tilgang_kommer_foer_innholdet(klient: TestClient) -> None:
    """Somebody without access learns nothing of what the route would have said of the body."""
    svar = klient.post("/api/v1/SKRIV_SAK/1", content="{", headers={"content-type": "application/json"})
    assert svar.status_code == 401


def test_loggen_sier_hvorfor_og_ikke_hvem(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    klient = TestClient(lag_app(Avslagslogg(), vakt()))
    hoder = {"x-korrelasjonsid": "min-egen-id"}
    klient.get(f"/api/v1/LES_SAK/{HEMMELIG}", headers=hoder | med_token(exp=1))
    klient.get(f"/api/v1/SKRIV_SAK/{HEMMELIG}", headers=hoder | med_token())
    logget = "".join(capsys.readouterr()) + caplog.text
    for ord_ in ("utloept", "mangler-rettighet", "SKRIV_SAK/{tall}", "min-egen-id", FJORDVIK):
        assert ord_ in logget
    assert HEMMELIG not in logget.replace("min-egen-id", "")
    assert "journal-sandkasse" not in logget
    assert slag(logget, for_mennesker=False) == set()


def test_konsumenten_bestemmer_kommunen_ikke_klienten(klient: TestClient) -> None:
    svar = klient.get("/api/v1/LES_SAK/1", headers=med_token(consumer=part(SKOGLI), client_orgno=FJORDVIK))
    assert svar.json()["kommune"] == SKOGLI
