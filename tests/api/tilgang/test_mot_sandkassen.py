"""The service beside the sandbox's Maskinporten: tokens fetched as vendors fetch them, and used on us."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import httpx2
import pytest

from app.api.tilgang.avhengighet import krev
from app.cli.sandkasse import innstillinger
from app.main import create_app
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import (
    FJORDVIK,
    JOURNALKLIENT,
    KOMMUNEKLIENT,
    LIA,
    OEYVAER,
    RESSURS,
    SCOPE_LES,
    SCOPE_SKRIV,
    SCOPEPREFIKS,
    SKOGLI,
    VIDDEFJELL,
)
from app.services.tilgang import Aktoer, Rettighet
from app.services.utsteder import jwks
from app.settings import Settings
from app.settings.tilgang import Tilgang
from tests.api.tilgang.stoette import BORTE, Klokke
from tests.sandbox.stoette import KID, Grant, be, noekkel, ny_sandkasse

T = TypeVar("T")


@pytest.fixture
def sandkasse() -> Sandkasse:
    """With a key posted on the vendor's client and on the kommune's own."""
    sandkasse = ny_sandkasse()
    for klient in (JOURNALKLIENT, KOMMUNEKLIENT):
        sandkasse.registrer_noekkel(noekkel(), kid=KID, klient_id=klient)
    return sandkasse


def hent_token(sandkasse: Sandkasse, **paastander: Any) -> httpx2.Response:
    """A grant by the vendor for Fjordvik, bent."""
    alle = {"iss": JOURNALKLIENT, "scope": SCOPE_SKRIV, "resource": [RESSURS], "consumer_org": FJORDVIK}
    bend = {navn: None if verdi is BORTE else verdi for navn, verdi in (alle | paastander).items()}
    return Grant(bend).send(sandkasse)


def med_tjenesten(
    sandkasse: Sandkasse, oppgave: Callable[[httpx2.AsyncClient, Klokke], Awaitable[T]], **tilgang: Any
) -> T:
    """The real app with one protected route, wired to the sandbox."""
    valg = {"miljoe": "test", "ressurs": RESSURS, "scopeprefiks": SCOPEPREFIKS} | tilgang
    klokke = Klokke()
    app = create_app(
        Settings(tilgang=Tilgang.model_validate(valg)),
        transport=httpx2.ASGITransport(app=sandkasse.app),
        clock=klokke,
    )

    @app.post("/api/v1/hvem")
    async def hvem(aktoer: Annotated[Aktoer, krev(Rettighet.SKRIV_SAK)]) -> dict[str, str | None]:
        return {"kommune": aktoer.kommune, "leverandoer": aktoer.leverandoer}

    async def alt() -> T:
        async with app.router.lifespan_context(app):
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://oss") as klient:
                return await oppgave(klient, klokke)

    return asyncio.run(alt())


def hvem(sandkasse: Sandkasse, token: str, **tilgang: Any) -> httpx2.Response:
    async def oppgave(klient: httpx2.AsyncClient, klokke: Klokke) -> httpx2.Response:
        return await klient.post("/api/v1/hvem", headers={"Authorization": f"Bearer {token}"})

    return med_tjenesten(sandkasse, oppgave, **tilgang)


# Who asks for whom, and what Maskinporten answers: the kommuner differ in what they have and have delegated.
TILDELT: list[tuple[str, str, str | None]] = [
    (JOURNALKLIENT, FJORDVIK, None),
    (JOURNALKLIENT, SKOGLI, None),
    (JOURNALKLIENT, LIA, "MP-251"),
    (JOURNALKLIENT, VIDDEFJELL, "MP-250"),
    (JOURNALKLIENT, OEYVAER, "MP-250"),
    (KOMMUNEKLIENT, SKOGLI, "MP-251"),
]


@pytest.mark.parametrize(("klient", "kommune", "avslag"), TILDELT)
@pytest.mark.parametrize("scope", [SCOPE_LES, SCOPE_SKRIV])
def test_hvem_maskinporten_gir_token(
    sandkasse: Sandkasse, klient: str, kommune: str, avslag: str | None, scope: str
) -> None:
    svar = hent_token(sandkasse, iss=klient, consumer_org=kommune, scope=scope)
    if avslag is None:
        assert svar.status_code == 200
    else:
        assert avslag in svar.json()["error_description"]


def test_vaar_egen_klient_faar_ikke_kalle_oss(sandkasse: Sandkasse) -> None:
    assert "MP-200" in hent_token(sandkasse, iss="egenandel-sandkasse").json()["error_description"]


def test_journalleverandoeren_for_kommunen(sandkasse: Sandkasse) -> None:
    token = hent_token(sandkasse).json()["access_token"]
    assert hvem(sandkasse, token).json() == {"kommune": FJORDVIK, "leverandoer": "313400018"}


def test_kommunens_egen_klient(sandkasse: Sandkasse) -> None:
    token = hent_token(sandkasse, iss=KOMMUNEKLIENT, consumer_org=BORTE).json()["access_token"]
    assert hvem(sandkasse, token).json() == {"kommune": FJORDVIK, "leverandoer": None}


def test_uten_resource(sandkasse: Sandkasse) -> None:
    token = hent_token(sandkasse, resource=BORTE).json()["access_token"]
    svar = hvem(sandkasse, token)
    assert (svar.status_code, "resource" in svar.json()["detail"]) == (401, True)
    assert hvem(sandkasse, token, godta_uspesifisert_audience=True).status_code == 200


def test_token_til_skatteetaten_aapner_ingenting(sandkasse: Sandkasse) -> None:
    token = sandkasse.token(FJORDVIK, "skatteetaten:summertskattegrunnlag")["access_token"]
    assert hvem(sandkasse, token).status_code == 401
    svar = hvem(sandkasse, token, godta_uspesifisert_audience=True)
    assert (svar.status_code, svar.json()["type"]) == (403, "urn:egenandel:problem:ingen-tilgang")


def test_systembruker_og_pid_fra_maskinporten(sandkasse: Sandkasse) -> None:
    pid = sandkasse.befolkning.navngitte()[0].identer[0]
    token = hent_token(sandkasse, pid=pid).json()["access_token"]
    svar = hvem(sandkasse, token)
    assert (svar.status_code, "uten pid" in svar.json()["detail"], pid in svar.text) == (401, True, False)


def test_maskinporten_bytter_noekkel(sandkasse: Sandkasse) -> None:
    async def oppgave(klient: httpx2.AsyncClient, klokke: Klokke) -> list[int]:
        async def kall() -> int:
            token = sandkasse.token(FJORDVIK, SCOPE_SKRIV, ressurser=(RESSURS,))["access_token"]
            hoder = {"Authorization": f"Bearer {token}"}
            return (await klient.post("/api/v1/hvem", headers=hoder)).status_code

        statuser = [await kall()]
        sandkasse.maskinporten.ta_i_bruk(noekkel("neste"), behold_gammel=False)
        statuser.append(await kall())
        klokke.naa = jwks.MELLOM_HENTINGER
        statuser.append(await kall())
        return statuser

    assert med_tjenesten(sandkasse, oppgave) == [200, 401, 200]


def test_kontrollen_gir_token_for_curl(sandkasse: Sandkasse) -> None:
    oenske = {"kommune": SKOGLI, "scope": SCOPE_SKRIV, "resource": [RESSURS]}
    svar = be(sandkasse, "POST", "/kontroll/maskinporten/token", oenske)
    assert hvem(sandkasse, svar.json()["access_token"]).json()["kommune"] == SKOGLI
    eget = be(
        sandkasse,
        "POST",
        "/kontroll/maskinporten/token",
        {**oenske, "kommune": FJORDVIK, "klient_id": KOMMUNEKLIENT},
    )
    assert hvem(sandkasse, eget.json()["access_token"]).json() == {"kommune": FJORDVIK, "leverandoer": None}
    ukjent = be(sandkasse, "POST", "/kontroll/maskinporten/token", {**oenske, "klient_id": "ukjent"})
    assert ukjent.status_code == 404


def test_nullstill_beholder_noeklene_paa_alle_standardklientene(sandkasse: Sandkasse) -> None:
    be(sandkasse, "POST", "/kontroll/nullstill")
    assert hent_token(sandkasse).status_code == 200
    assert hent_token(sandkasse, iss=KOMMUNEKLIENT, consumer_org=BORTE).status_code == 200


def test_linjene_sandkassen_skriver_ut_setter_opp_tilgangen(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fil = tmp_path_factory.mktemp("n") / "noekkel.json"
    for navn, verdi in innstillinger("http://127.0.0.1:8790", fil).items():
        monkeypatch.setenv(navn, verdi)
    vakt = create_app(Settings()).state.maskinportenvakt
    assert vakt.krav.issuer == "http://127.0.0.1:8790/maskinporten/"
    assert (vakt.krav.ressurs, vakt.krav.scopeprefiks) == (RESSURS, SCOPEPREFIKS)


def test_tjenesten_lukker_etter_seg(sandkasse: Sandkasse) -> None:
    async def oppgave(klient: httpx2.AsyncClient, klokke: Klokke) -> None: ...

    lukket: list[bool] = []
    with pytest.MonkeyPatch.context() as patch:

        async def lukk(selv: jwks.Jwks) -> None:
            lukket.append(True)

        patch.setattr(jwks.Jwks, "lukk", lukk)
        med_tjenesten(sandkasse, oppgave)
    assert lukket == [True]
