"""No route is forgotten: each demands a right or stands on the list of open ones."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from app.api import beskrivelse, drift
from app.api.tilgang.avhengighet import krev
from app.api.tilgang.ruter import AAPNE, EGEN_LAAS, UvernetRuteError, kontroller, rettigheter
from app.main import create_app
from app.sandbox.standard import RESSURS
from app.services.tilgang import Aktoer, Rettighet
from app.settings import Settings
from app.settings.tilgang import Tilgang

INGEN: frozenset[tuple[str, str]] = frozenset()
TILGANG = Tilgang(miljoe="test", ressurs=RESSURS, scopeprefiks="prefikset")


async def aapen() -> None: ...


async def vernet(aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)]) -> None: ...


async def under(aktoer: Annotated[Aktoer, krev(Rettighet.LES_KOMMUNE)]) -> str:
    return aktoer.kommune


async def vernet_under(kommune: Annotated[str, Depends(under)]) -> None: ...


async def strengere(
    aktoer: Annotated[Aktoer, krev(Rettighet.LES_SAK)], _: Annotated[Aktoer, krev(Rettighet.LES_REVISJON)]
) -> None: ...


def tom() -> FastAPI:
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


def test_tjenestens_egne_ruter_er_avgjort() -> None:
    """The service starts, and what is open is what is said to be."""
    funnet = rettigheter(create_app(Settings()))
    assert {operasjon for operasjon, krevd in funnet.items() if not krevd} == AAPNE | EGEN_LAAS


def test_tjenesten_starter_ikke_med_en_glemt_rute(monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()
    router.include_router(drift.router)
    router.add_api_route("/api/v1/saker", aapen)
    monkeypatch.setattr(drift, "router", router)
    with pytest.raises(UvernetRuteError, match="/api/v1/saker"):
        create_app(Settings())


def test_de_aapne_svarer_uten_innstillinger(klient: TestClient) -> None:
    for metode, mal in AAPNE:
        assert klient.request(metode, mal, json={}).status_code not in {401, 403, 404, 503}


def glemt(app: FastAPI) -> None:
    app.add_api_route("/api/v1/saker", aapen)


def glemt_metode(app: FastAPI) -> None:
    app.add_api_route("/api/v1/saker", vernet, methods=["GET"])
    app.add_api_route("/api/v1/saker", aapen, methods=["POST"])


def glemt_etter_vernet(app: FastAPI) -> None:
    app.add_api_route("/api/v1/saker", vernet)
    app.add_api_route("/api/v1/saker", aapen)


def glemt_foer_vernet(app: FastAPI) -> None:
    app.add_api_route("/api/v1/saker", aapen)
    app.add_api_route("/api/v1/saker", vernet)


def glemt_i_router(app: FastAPI) -> None:
    innerst = APIRouter(prefix="/v1")
    innerst.add_api_route("/saker", aapen)
    ytterst = APIRouter(prefix="/api")
    ytterst.include_router(innerst)
    app.include_router(ytterst)


def utenfor_beskrivelsen(app: FastAPI) -> None:
    app.add_api_route("/skjult", aapen, include_in_schema=False)


def montert(app: FastAPI) -> None:
    app.router.routes.append(Mount("/under", app=tom()))


def uten_rammeverket(app: FastAPI) -> None:
    app.router.routes.append(Route("/raa", lambda request: PlainTextResponse("")))


def websocket(app: FastAPI) -> None:
    async def kobling(ws: WebSocket) -> None: ...

    app.add_api_websocket_route("/ws", kobling)


@pytest.mark.parametrize(
    "legg_til",
    [
        glemt,
        glemt_metode,
        glemt_etter_vernet,
        glemt_foer_vernet,
        glemt_i_router,
        utenfor_beskrivelsen,
        montert,
        uten_rammeverket,
        websocket,
    ],
    ids=lambda f: f.__name__,
)
def test_en_glemt_rute_stopper_appen(legg_til: Callable[[FastAPI], None]) -> None:
    app = tom()
    kontroller(app, INGEN)
    legg_til(app)
    with pytest.raises(UvernetRuteError, match="uten rettighet"):
        kontroller(app, INGEN)


def test_rettigheten_finnes_hvor_den_enn_staar() -> None:
    router = APIRouter(prefix="/r", dependencies=[krev(Rettighet.LES_DRIFT)])
    router.add_api_route("/a", aapen)
    app = tom()
    app.include_router(router)
    app.add_api_route("/b", vernet_under, methods=["GET", "PUT"])
    app.add_api_route("/c", strengere)
    kontroller(app, INGEN)
    assert rettigheter(app) == {
        ("GET", "/r/a"): {Rettighet.LES_DRIFT},
        ("GET", "/b"): {Rettighet.LES_KOMMUNE},
        ("PUT", "/b"): {Rettighet.LES_KOMMUNE},
        ("GET", "/c"): {Rettighet.LES_SAK, Rettighet.LES_REVISJON},
    }


def test_listen_over_aapne_kan_ikke_foreldes() -> None:
    app = tom()
    with pytest.raises(UvernetRuteError, match="står som åpne"):
        kontroller(app, frozenset({("GET", "/borte")}))
    app.add_api_route("/borte", vernet)
    with pytest.raises(UvernetRuteError, match="står som åpne"):
        kontroller(app, frozenset({("GET", "/borte")}))


@pytest.mark.parametrize(("valg", "prefiks"), [(TILGANG, "prefikset"), (None, "prefiks")])
def test_beskrivelsen_sier_hva_som_trengs(valg: Tilgang | None, prefiks: str) -> None:
    app = create_app(Settings(tilgang=valg))
    app.add_api_route("/api/v1/les", vernet)
    app.add_api_route("/api/v1/revisjon", strengere)
    app.openapi_schema = None
    beskrivelse.installer(app)
    lest: dict[str, Any] = app.openapi()
    les, revisjon = (lest["paths"][f"/api/v1/{navn}"]["get"] for navn in ("les", "revisjon"))
    assert les["security"] == [{"maskinporten": [f"{prefiks}:egenandel.read"]}]
    assert les["x-rettigheter"] == ["LES_SAK"]
    assert revisjon["security"] == [{"sesjon": []}]
    assert {"401", "403", "503"} <= set(les["responses"])
    former = lest["components"]["securitySchemes"]
    assert (former["maskinporten"]["scheme"], former["sesjon"]["name"]) == ("bearer", "__Host-egenandel")
    assert "security" not in lest["paths"]["/api/v1/satser"]["get"]
