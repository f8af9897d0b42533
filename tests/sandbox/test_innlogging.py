"""The login providers: one row per refusal, and what a login, a logout and a token say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from app.sandbox.innlogging.ansatte import HOEYT, TENANT
from app.sandbox.innlogging.register import Klient as Registrert
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import ALTINNRESSURS, FJORDVIK, PORTAL, PORTALKLIENT
from tests.sandbox.nettleser import NONCE, RETUR, STATE, Klient, detaljer, retur, utfordring
from tests.sandbox.stoette import KID, NAA, ROT, kall, noekkel, ny_sandkasse

T = TypeVar("T")
UTSTEDER = f"{ROT}/ansattporten"
ENTRA = f"{ROT}/entra/{TENANT}/v2.0"
Http = httpx2.AsyncClient


def i_nettleser(s: Sandkasse, oppgave: Callable[[Http], Awaitable[T]]) -> T:
    """Run ``oppgave`` in a browser of its own."""
    return kall(s, oppgave)


def flytt(s: Sandkasse, sekunder: float) -> None:
    s.klokke.forskyvning += sekunder


# What a client is refused, answered as JSON.


@dataclass(frozen=True)
class Nei:
    """One refusal of a client: what is bent, and the error."""

    navn: str
    klient: Klient
    kode: str
    gjoer: Callable[[Sandkasse], None] = lambda s: None


def f(**felt: str | None) -> Klient:
    return Klient(felt=felt)


def p(**paastander: Any) -> Klient:
    return Klient(paastander=paastander)


def h(**hode: Any) -> Klient:
    return Klient(hode=hode)


def d(**endret: Any) -> Klient:
    return f(authorization_details=detaljer(**endret))


def utloept_noekkel(s: Sandkasse) -> None:
    for tilbyder in s.tilbydere().values():
        for klient_id in tilbyder.register.klienter:
            tilbyder.registrer_noekkel(klient_id, noekkel(), kid=KID, levetid=-1)


KLIENTBEVIS = [
    Nei("bevistype mangler", Klient(bevis={"client_assertion_type": None}), "invalid_request"),
    Nei("ukjent bevistype", Klient(bevis={"client_assertion_type": "saml2-bearer"}), "invalid_request"),
    Nei("bevis mangler", Klient(bevis={"client_assertion": None}), "invalid_request"),
    Nei("hemmelighet i hodet også", Klient(hoder={"Authorization": "Basic YTpi"}), "invalid_request"),
    Nei("bevis er ikke en JWT", Klient(bevis={"client_assertion": "tull"}), "invalid_client"),
    Nei("bevis er for stort", p(jti="x" * 8_000), "invalid_client"),
    Nei("ukjent klient", Klient(klient_id="en-annen"), "invalid_client"),
    Nei("iss er ikke tekst", p(iss=["egenandel-portal"]), "invalid_client"),
    Nei("sub er en annen enn iss", p(sub="en-annen"), "invalid_client"),
    Nei("client_id er en annen", Klient(bevis={"client_id": "en-annen"}), "invalid_client"),
    Nei("aud er tokenadressen", p(aud=f"{UTSTEDER}/token"), "invalid_client"),
    Nei("aud har skråstrek", p(aud=f"{UTSTEDER}/"), "invalid_client"),
    Nei("aud er en liste", p(aud=[UTSTEDER]), "invalid_client"),
    Nei("aud er den andre tilbyderen", p(aud=ENTRA), "invalid_client"),
    Nei("alg utenfor RS-familien", h(alg="PS256"), "invalid_client"),
    Nei("alg none", h(alg="none"), "invalid_client"),
    Nei("kid mangler", h(kid=None), "invalid_client"),
    Nei("ukjent kid", h(kid="ukjent"), "invalid_client"),
    Nei("ekstra felt i hodet", h(jku="https://ond.example"), "invalid_client"),
    Nei("signert med en annen nøkkel", Klient(noekkel=noekkel("fremmed")), "invalid_client"),
    Nei("nøkkelen er utløpt", Klient(), "invalid_client", utloept_noekkel),
    Nei("exp mangler", p(exp=None), "invalid_client"),
    Nei("exp er passert", p(exp=int(NAA)), "invalid_client"),
    Nei("exp 121 s etter iat", p(exp=int(NAA) + 121), "invalid_client"),
    Nei("iat er tekst", p(iat=str(int(NAA))), "invalid_client"),
    Nei("iat 11 s tilbake", p(iat=int(NAA) - 11), "invalid_client"),
    Nei("iat 11 s fram", p(iat=int(NAA) + 11), "invalid_client"),
    Nei("jti mangler", p(jti=None), "invalid_client"),
    Nei("ukjent påstand", p(nbf=int(NAA)), "invalid_client"),
]

FORESPOERSEL = [
    Nei("response_type mangler", f(response_type=None), "invalid_request"),
    Nei("implisitt flyt", f(response_type="code id_token"), "unsupported_response_type"),
    Nei("form_post", f(response_mode="form_post"), "invalid_request"),
    Nei("scope mangler", f(scope=None), "invalid_request"),
    Nei("uten openid", f(scope="profile"), "invalid_scope"),
    Nei("ukjent scope", f(scope="openid email"), "invalid_scope"),
    Nei("state mangler", f(state=None), "invalid_request"),
    Nei("state kan gjettes", f(state="kort"), "invalid_request"),
    Nei("nonce mangler", f(nonce=None), "invalid_request"),
    Nei("nonce kan gjettes", f(nonce="kort"), "invalid_request"),
    Nei("code_challenge mangler", f(code_challenge=None), "invalid_request"),
    Nei("code_challenge er for kort", f(code_challenge="x" * 42), "invalid_request"),
    Nei("PKCE plain", f(code_challenge_method="plain"), "invalid_request"),
    Nei("PKCE uten metode", f(code_challenge_method=None), "invalid_request"),
    Nei("ukjent acr", f(acr_values="Level4"), "invalid_request"),
    Nei("ukjent prompt", f(prompt="consent"), "invalid_request"),
    Nei("max_age er ikke et tall", f(max_age="-1"), "invalid_request"),
    Nei("ukjent parameter", f(acr_value=HOEYT), "invalid_request"),
    Nei("request-objekt", f(request="eyJ"), "invalid_request"),
]

PAR = [
    Nei("redirect_uri mangler", f(redirect_uri=None), "invalid_request"),
    Nei("redirect_uri med skråstrek", f(redirect_uri=f"{RETUR}/"), "invalid_request"),
    Nei("redirect_uri med spørring", f(redirect_uri=f"{RETUR}?a=b"), "invalid_request"),
    Nei("redirect_uri på en annen vert", f(redirect_uri="http://localhost:8000/logg-inn/retur"), "invalid_request"),
    Nei("request_uri i PAR", f(request_uri="urn:x"), "invalid_request"),
    Nei("detaljer er ikke JSON", f(authorization_details="{"), "invalid_authorization_details"),
    Nei("detaljer er et objekt", f(authorization_details="{}"), "invalid_authorization_details"),
    Nei("to detaljer", f(authorization_details="[{}, {}]"), "invalid_authorization_details"),
    Nei("ukjent type", d(type="ansattporten:orgno"), "invalid_authorization_details"),
    Nei("ukjent felt", d(action="beregner"), "invalid_authorization_details"),
    Nei("ressurs mangler", d(resource=None), "invalid_authorization_details"),
    Nei("ressurs uten prefiks", d(resource="egenandel"), "invalid_authorization_details"),
    Nei("en annens ressurs", d(resource="urn:altinn:resource:annet"), "invalid_authorization_details"),
    Nei("actions mangler", d(actions=None), "invalid_authorization_details"),
    Nei("actions er en liste", d(actions=["beregner"]), "invalid_authorization_details"),
    Nei("actions med mellomrom", d(actions="beregner, leder"), "invalid_authorization_details"),
    Nei("representasjon kreves ikke", d(representation_is_required=False), "invalid_authorization_details"),
    Nei("krav som tekst", d(representation_is_required="true"), "invalid_authorization_details"),
]  # fmt: skip


def kontroller_nei(svar: httpx2.Response, kode: str) -> None:
    assert svar.json()["error"] == kode, svar.text
    assert svar.status_code == (401 if kode == "invalid_client" else 400)
    assert svar.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("rad", [*KLIENTBEVIS, *FORESPOERSEL, *PAR], ids=lambda rad: rad.navn)
def test_par_nekter(rad: Nei) -> None:
    s = ny_sandkasse()
    rad.gjoer(s)
    kontroller_nei(i_nettleser(s, lambda http: rad.klient.par(s, http)), rad.kode)


@pytest.mark.parametrize("rad", KLIENTBEVIS, ids=lambda rad: rad.navn)
def test_tokenendepunktet_krever_det_samme_beviset(rad: Nei) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
        rad.gjoer(s)
        return await rad.klient.token(s, http, kode)

    kontroller_nei(i_nettleser(s, oppgave), rad.kode)


@pytest.mark.parametrize("hvor", ["par", "token"])
def test_jti_kan_brukes_en_gang(hvor: str) -> None:
    s = ny_sandkasse()
    klient = Klient(paastander={"jti": "en-gang"})

    async def oppgave(http: Http) -> httpx2.Response:
        assert (await klient.par(s, http)).status_code == 201
        return await (klient.par(s, http) if hvor == "par" else klient.token(s, http, "kode"))

    kontroller_nei(i_nettleser(s, oppgave), "invalid_client")


@pytest.mark.parametrize(
    ("kropp", "type_"),
    [
        (b"client_id=a&client_id=b", "application/x-www-form-urlencoded"),
        (b"%zz=\xff", "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 40_000, "application/x-www-form-urlencoded"),
        (b'{"client_id": "a"}', "application/json"),
    ],
    ids=["to ganger", "uleselig", "for stort", "JSON"],
)
@pytest.mark.parametrize("sti", ["par", "token"])
def test_skjemaet_maa_vaere_et_skjema(sti: str, kropp: bytes, type_: str) -> None:
    s = ny_sandkasse()
    hoder = {"Content-Type": type_}
    svar = i_nettleser(s, lambda http: http.post(f"{UTSTEDER}/{sti}", content=kropp, headers=hoder))
    kontroller_nei(svar, "invalid_request")


# What a browser is refused: back to the client when it is known where that is, else a page.


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
@pytest.mark.parametrize("rad", FORESPOERSEL, ids=lambda rad: rad.navn)
def test_feil_i_forespoerselen_sendes_tilbake(rad: Nei, system: str) -> None:
    s = ny_sandkasse()
    klient = replace(rad.klient, system=system).med(authorization_details=None)
    svar = retur(i_nettleser(s, lambda http: klient.be(s, http)))
    assert svar["error"] == rad.kode
    assert "code" not in svar
    assert svar.get("state") == klient.forespoersel().get("state")
    assert svar.get("iss") == (UTSTEDER if system == "ansattporten" else None)


def test_detaljer_maa_sendes_med_par() -> None:
    s = ny_sandkasse()
    felt = Klient().forespoersel()
    svar = retur(i_nettleser(s, lambda http: http.get(f"{UTSTEDER}/authorize", params=felt)))
    assert svar["error"] == "invalid_request"


@pytest.mark.parametrize("felt", ["acr_values", "prompt", "scope", "authorization_details", "redirect_uri"])
def test_ingenting_kan_legges_til_en_forhaandssendt_forespoersel(felt: str) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        uri = (await Klient().par(s, http)).json()["request_uri"]
        valg = {"client_id": PORTALKLIENT, "request_uri": uri, felt: "noe"}
        return await http.get(f"{UTSTEDER}/authorize", params=valg)

    svar = retur(i_nettleser(s, oppgave))
    assert (svar["error"], svar["state"], svar["iss"]) == ("invalid_request", STATE, UTSTEDER)


SIDER: list[tuple[str, dict[str, str | None]]] = [
    ("ukjent klient", {"client_id": "en-annen"}),
    ("klient mangler", {"client_id": None}),
    ("redirect_uri mangler", {"redirect_uri": None}),
    ("redirect_uri er ikke registrert", {"redirect_uri": "https://ond.example/"}),
    ("redirect_uri med skråstrek", {"redirect_uri": f"{RETUR}/"}),
    ("redirect_uri med store bokstaver", {"redirect_uri": RETUR.upper()}),
    ("redirect_uri uten port", {"redirect_uri": "http://127.0.0.1/logg-inn/retur"}),
    ("utloggingsadressen", {"redirect_uri": f"{PORTAL}/logget-ut"}),
    ("ukjent request_uri", {"request_uri": "urn:ietf:params:oauth:request_uri:ukjent"}),
]


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
@pytest.mark.parametrize(("navn", "felt"), SIDER, ids=[navn for navn, _ in SIDER])
def test_uten_kjent_adresse_blir_det_en_side(navn: str, felt: dict[str, str | None], system: str) -> None:
    s = ny_sandkasse()
    klient = Klient(system, felt={"authorization_details": None, **felt})
    svar = i_nettleser(s, lambda http: klient.be(s, http))
    kontroller_side(svar, 400)
    assert "location" not in svar.headers


def kontroller_side(svar: httpx2.Response, status: int = 200) -> None:
    """A page that a person can read and that can do nothing but what it should."""
    assert svar.status_code == status, svar.text
    assert svar.text.startswith('<!DOCTYPE html><html lang="nb">')
    assert svar.text.count("<h1>") == svar.text.count("<main>") == svar.text.count("<title>") == 1
    assert "<script" not in svar.text
    assert "style=" not in svar.text
    policy = svar.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert svar.headers["cache-control"] == "no-store"


def test_request_uri_gjelder_en_gang() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[int]:
        uri = (await Klient().par(s, http)).json()["request_uri"]
        valg = {"client_id": PORTALKLIENT, "request_uri": uri}
        return [(await http.get(f"{UTSTEDER}/authorize", params=valg)).status_code for _ in range(2)]

    assert i_nettleser(s, oppgave) == [200, 400]


@pytest.mark.parametrize(("etter", "status"), [(59, 200), (60, 400)])
def test_request_uri_varer_et_minutt(etter: int, status: int) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        par = (await Klient().par(s, http)).json()
        assert par["expires_in"] == 60
        flytt(s, etter)
        valg = {"client_id": PORTALKLIENT, "request_uri": par["request_uri"]}
        return await http.get(f"{UTSTEDER}/authorize", params=valg)

    assert i_nettleser(s, oppgave).status_code == status


def ny_klient(s: Sandkasse, klient_id: str = "annen-tjeneste", system: str = "ansattporten") -> Klient:
    """Another service with the same kind of client."""
    tilbyder = s.tilbydere()[system]
    tilbyder.register.klienter[klient_id] = Registrert(
        klient_id,
        "Annen tjeneste",
        retur=frozenset({RETUR}),
        fremre="http://127.0.0.1:9999/ut",
        ressurser=frozenset({ALTINNRESSURS}),
    )
    tilbyder.registrer_noekkel(klient_id, noekkel(), kid=KID)
    return Klient(system, klient_id=klient_id)


def test_request_uri_er_bare_for_klienten_som_sendte_den() -> None:
    s = ny_sandkasse()
    annen = ny_klient(s)

    async def oppgave(http: Http) -> list[int]:
        uri = (await Klient().par(s, http)).json()["request_uri"]
        return [
            (
                await http.get(f"{UTSTEDER}/authorize", params={"client_id": klient, "request_uri": uri})
            ).status_code
            for klient in (annen.id, PORTALKLIENT)
        ]

    assert i_nettleser(s, oppgave) == [400, 200]


# Redeeming the code.

KODEFEIL: list[tuple[str, dict[str, str | None], str]] = [
    ("grant_type mangler", {"grant_type": None}, "invalid_request"),
    ("annen grant_type", {"grant_type": "client_credentials"}, "unsupported_grant_type"),
    ("kode mangler", {"code": None}, "invalid_request"),
    ("ukjent kode", {"code": "ukjent"}, "invalid_grant"),
    ("redirect_uri mangler", {"redirect_uri": None}, "invalid_request"),
    ("en annen redirect_uri", {"redirect_uri": f"{RETUR}/"}, "invalid_grant"),
    ("verifikator mangler", {"code_verifier": None}, "invalid_request"),
    ("feil verifikator", {"code_verifier": "w" * 43}, "invalid_grant"),
    ("verifikator er for kort", {"code_verifier": "v" * 42}, "invalid_grant"),
    ("verifikator er for lang", {"code_verifier": "v" * 129}, "invalid_grant"),
    ("ukjent parameter", {"scope": "openid"}, "invalid_request"),
    ("hemmelighet i skjemaet", {"client_secret": "hysj"}, "invalid_request"),
]


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
@pytest.mark.parametrize(("navn", "felt", "kode"), KODEFEIL, ids=[navn for navn, *_ in KODEFEIL])
def test_koden_loeses_ikke_inn(navn: str, felt: dict[str, str | None], kode: str, system: str) -> None:
    s = ny_sandkasse()
    klient = Klient(system)

    async def oppgave(http: Http) -> httpx2.Response:
        gitt = retur(await klient.logg_inn(s, http, "fjordvik-beregner"))["code"]
        return await klient.token(s, http, gitt, **{"code": gitt, **felt})

    kontroller_nei(i_nettleser(s, oppgave), kode)


def test_verifikator_som_er_for_kort_godtas_ikke_om_den_passer() -> None:
    s = ny_sandkasse()
    klient = Klient().med(code_challenge=utfordring("v" * 42))

    async def oppgave(http: Http) -> httpx2.Response:
        kode = retur(await klient.logg_inn(s, http, "fjordvik-beregner"))["code"]
        return await klient.token(s, http, kode, code_verifier="v" * 42)

    kontroller_nei(i_nettleser(s, oppgave), "invalid_grant")


def test_en_hel_innlogging() -> None:
    s = ny_sandkasse()
    svar = i_nettleser(s, lambda http: Klient().alt(s, http, "fjordvik-beregner"))
    token = jwt.decode(svar["id_token"], KeySet([noekkel("signering")]), algorithms=["RS256"]).claims
    assert (token["iss"], token["aud"], token["nonce"]) == (UTSTEDER, PORTALKLIENT, NONCE)
    assert (token["iat"], token["exp"], token["auth_time"]) == (int(NAA), int(NAA) + 120, int(NAA))
    assert token["acr"] == HOEYT
    assert not token.keys() & {"pid", "name"}
    (detalj,) = svar["authorization_details"]
    (part,) = detalj["authorized_parties"]
    assert (detalj["type"], detalj["resource"]) == ("ansattporten:altinn:resource", ALTINNRESSURS)
    assert part["orgno"] == {"authority": "iso6523-actorid-upis", "ID": f"0192:{FJORDVIK}"}
    assert part["actions"] == ["beregner"]
    assert token["authorization_details"] == svar["authorization_details"]
