"""The login providers: one row per refusal, and what a login, a logout and a token say."""

import base64
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.forstyrrelser import Art
from app.sandbox.innlogging.ansatte import (
    ANSATTE,
    BETYDELIG,
    ETTER_KALLENAVN,
    FIRMA,
    FREMMED_TENANT,
    HOEYT,
    TENANT,
    VIRKSOMHETER,
)
from app.sandbox.innlogging.planting import Plantet
from app.sandbox.innlogging.register import Klient as Registrert
from app.sandbox.innlogging.tilstand import KODE_LEVETID, LENGSTE_OEKT, LENGSTE_STILLE, TOKEN_LEVETID
from app.sandbox.innlogging.utstedelse import at_hash
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import (
    ALTINNRESSURS,
    FJORDVIK,
    LIA,
    PORTAL,
    PORTALKLIENT,
    PORTALKLIENT_ENTRA,
    SKOGLI,
)
from app.sandbox.syntetisk import er_syntetisk_orgnr, er_syntetisk_person
from tests.sandbox.nettleser import (
    NONCE,
    RETUR,
    STATE,
    Felt,
    Klient,
    detaljer,
    hodet,
    paastander,
    rammer,
    retur,
    trykk,
    utfordring,
    velg,
)
from tests.sandbox.stoette import KID, NAA, ROT, hent, kall, noekkel, ny_sandkasse, signer_for_haand

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
    halv = hashlib.sha256(svar["access_token"].encode()).digest()[:16]
    assert token["at_hash"] == base64.urlsafe_b64encode(halv).decode().rstrip("=")
    assert not token.keys() & {"pid", "name"}
    (detalj,) = svar["authorization_details"]
    (part,) = detalj["authorized_parties"]
    assert (detalj["type"], detalj["resource"]) == ("ansattporten:altinn:resource", ALTINNRESSURS)
    assert part == {
        "orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{FJORDVIK}"},
        "resource": "egenandel",
        "actions": ["beregner"],
        "name": "Fjordvik kommune",
        "unit_type": "KOMM",
    }
    assert token["authorization_details"] == svar["authorization_details"]


def test_pid_kommer_bare_med_profile() -> None:
    s = ny_sandkasse()
    klient = Klient().med(scope="openid profile")
    svar = i_nettleser(s, lambda http: klient.alt(s, http, "fjordvik-beregner"))
    assert er_syntetisk_person(paastander(svar["id_token"])["pid"])


def test_sub_er_parvis_og_resten_nytt_hver_gang() -> None:
    s = ny_sandkasse()
    annen = ny_klient(s)
    klienter = [Klient(), Klient(), annen]
    tokener = [
        paastander(i_nettleser(s, lambda http, k=k: k.alt(s, http, "fjordvik-beregner"))["id_token"])  # type: ignore[misc]
        for k in klienter
    ]
    foerste, andre, fremmed = (token["sub"] for token in tokener)
    assert foerste == andre != fremmed
    for navn in ("jti", "sid", "at_hash"):
        assert len({token[navn] for token in tokener}) == 3


def test_koden_gjelder_en_gang_og_trekker_tilbake_det_den_ga() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[int]:
        kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
        token = (await Klient().token(s, http, kode)).json()["access_token"]
        hoder = {"Authorization": f"Bearer {token}"}
        foer = await http.get(f"{UTSTEDER}/userinfo", headers=hoder)
        igjen = await Klient().token(s, http, kode)
        etter = await http.get(f"{UTSTEDER}/userinfo", headers=hoder)
        assert etter.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        return [foer.status_code, igjen.status_code, etter.status_code]

    assert i_nettleser(s, oppgave) == [200, 400, 401]


@pytest.mark.parametrize(("etter", "status"), [(KODE_LEVETID - 1, 200), (KODE_LEVETID, 400)])
def test_koden_varer_kort(etter: int, status: int) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
        flytt(s, etter)
        return await Klient().token(s, http, kode)

    assert i_nettleser(s, oppgave).status_code == status


@pytest.mark.parametrize(("etter", "status"), [(TOKEN_LEVETID - 1, 200), (TOKEN_LEVETID, 401)])
def test_tokenet_varer_kort(etter: int, status: int) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        token = (await Klient().alt(s, http, "fjordvik-beregner"))["access_token"]
        flytt(s, etter)
        return await http.get(f"{UTSTEDER}/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert i_nettleser(s, oppgave).status_code == status


def test_et_avvist_forsoek_bruker_opp_koden_men_ikke_en_annens_forsoek() -> None:
    s = ny_sandkasse()
    annen = ny_klient(s)

    async def oppgave(http: Http) -> list[int]:
        svar = []
        for foerst, felt in ((annen, {}), (Klient(), {"code_verifier": "w" * 43})):
            kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
            svar += [
                (await foerst.token(s, http, kode, **felt)).status_code,
                (await Klient().token(s, http, kode)).status_code,
            ]
        return svar

    assert i_nettleser(s, oppgave) == [400, 200, 400, 400]


def test_koden_er_verdiloes_naar_oekten_er_avsluttet() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
        s.ansattporten.logg_ut("fjordvik-beregner")
        return await Klient().token(s, http, kode)

    kontroller_nei(i_nettleser(s, oppgave), "invalid_grant")


def test_rettighet_som_trekkes_mens_koden_er_paa_vei() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        kode = retur(await Klient().logg_inn(s, http, "fjordvik-beregner"))["code"]
        s.ansattporten.rettigheter["fjordvik-beregner"].clear()
        return await Klient().token(s, http, kode)

    kontroller_nei(i_nettleser(s, oppgave), "invalid_grant")


# Single sign-on.

UTEN_DETALJER = Klient().med(authorization_details=None)


@dataclass(frozen=True)
class Igjen:
    """Asking again with a session: after how long, with what, and what comes of it."""

    navn: str
    etter: float
    felt: Felt
    ventet: str


SAMME_OEKT = [
    Igjen("rett etter", 0, {}, "code"),
    Igjen("snart for stille", LENGSTE_STILLE, {}, "code"),
    Igjen("for lenge stille", LENGSTE_STILLE + 1, {}, "velger"),
    Igjen("prompt login", 0, {"prompt": "login"}, "velger"),
    Igjen("prompt none", 0, {"prompt": "none"}, "code"),
    Igjen("prompt none for sent", LENGSTE_STILLE + 1, {"prompt": "none"}, "login_required"),
    Igjen("fersk nok", 60, {"max_age": "60"}, "code"),
    Igjen("ikke fersk nok", 61, {"max_age": "60"}, "velger"),
    Igjen("ikke fersk nok og prompt none", 61, {"max_age": "60", "prompt": "none"}, "login_required"),
]


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
@pytest.mark.parametrize("rad", SAMME_OEKT, ids=lambda rad: rad.navn)
def test_logger_inn_igjen(rad: Igjen, system: str) -> None:
    s = ny_sandkasse()
    klient = replace(UTEN_DETALJER, system=system)

    async def oppgave(http: Http) -> httpx2.Response:
        retur(await klient.logg_inn(s, http, "fjordvik-beregner"))
        flytt(s, rad.etter)
        return await klient.med(**rad.felt).be(s, http)

    svar = i_nettleser(s, oppgave)
    if rad.ventet == "velger":
        assert 'name="ansatt"' in svar.text
    elif rad.ventet == "code":
        assert "code" in retur(svar)
    else:
        assert retur(svar)["error"] == rad.ventet


def test_oekten_varer_ikke_lenger_enn_to_timer_hvor_mye_den_enn_brukes() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[bool]:
        retur(await UTEN_DETALJER.logg_inn(s, http, "fjordvik-beregner"))
        svar = []
        for etter in (*[LENGSTE_STILLE] * (LENGSTE_OEKT // LENGSTE_STILLE), 1):
            flytt(s, etter)
            svar.append("location" in (await UTEN_DETALJER.be(s, http)).headers)
        return svar

    assert i_nettleser(s, oppgave) == [True] * 4 + [False]


def test_virksomheten_maa_velges_paa_nytt() -> None:
    """Single sign-on spares the person, not the choice; and nobody can choose in silence."""
    s = ny_sandkasse()

    async def oppgave(http: Http) -> tuple[httpx2.Response, httpx2.Response]:
        retur(await Klient().logg_inn(s, http, "to-kommuner"))
        return await Klient().be(s, http), await Klient().med(prompt="none").be(s, http)

    side, stille = i_nettleser(s, oppgave)
    assert 'name="orgnr"' in side.text
    assert 'name="ansatt"' not in side.text
    assert retur(stille)["error"] == "interaction_required"


def test_auth_time_er_da_personen_viste_hvem_de_er() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[tuple[int, str]]:
        svar = []
        for felt in ({}, {}, {"prompt": "login"}):
            token = await Klient().med(**felt).alt(s, http, "fjordvik-beregner")
            svar.append(paastander(token["id_token"]))
            flytt(s, 100)
        return [(p["auth_time"] - int(NAA), p["sid"]) for p in svar]

    (foerst, sid), (igjen, samme), (paa_nytt, etter) = i_nettleser(s, oppgave)
    assert (foerst, igjen, paa_nytt) == (0, 0, 200)
    assert sid == samme == etter


def test_en_annen_person_er_en_annen_oekt() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> set[str]:
        return {
            paastander((await Klient().med(prompt="login").alt(s, http, ansatt))["id_token"])["sid"]
            for ansatt in ("fjordvik-beregner", "fjordvik-leder")
        }

    assert len(i_nettleser(s, oppgave)) == 2
    assert [oekt.ansatt.kallenavn for oekt in s.ansattporten.oekter()] == ["fjordvik-leder"]


def test_kapselen_er_ny_ved_hver_innlogging_og_kan_ikke_leses_av_skript() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[str]:
        svar = []
        for _ in range(2):
            side = await Klient().med(prompt="login").be(s, http)
            svar.append((await trykk(http, side, ansatt="fjordvik-beregner")).headers["set-cookie"])
        return svar

    foerste, andre = i_nettleser(s, oppgave)
    assert foerste.split(";")[0] != andre.split(";")[0]
    for kapsel in (foerste, andre):
        assert {"HttpOnly", "Path=/ansattporten", "SameSite=lax"} <= set(kapsel.split("; "))


# Levels.

NIVAAER: list[tuple[str, str, Felt, str | None]] = [
    ("høyt kreves, betydelig kan", "bare-betydelig", {"acr_values": HOEYT}, None),
    ("betydelig kreves, betydelig kan", "bare-betydelig", {"acr_values": BETYDELIG}, BETYDELIG),
    ("det ene eller det andre", "bare-betydelig", {"acr_values": f"{HOEYT} {BETYDELIG}"}, BETYDELIG),
    ("ingenting kreves", "bare-betydelig", {"acr_values": None}, BETYDELIG),
    ("betydelig kreves, høyt kan", "fjordvik-beregner", {"acr_values": BETYDELIG}, HOEYT),
]


@pytest.mark.parametrize(("navn", "ansatt", "felt", "acr"), NIVAAER, ids=[n for n, *_ in NIVAAER])
def test_nivaa(navn: str, ansatt: str, felt: Felt, acr: str | None) -> None:
    s = ny_sandkasse()
    klient = Klient().med(**felt)

    async def oppgave(http: Http) -> httpx2.Response:
        return await trykk(http, await klient.be(s, http), ansatt=ansatt)

    side = i_nettleser(s, oppgave)
    if acr is None:
        kontroller_side(side, 400)
        assert 'role="alert"' in side.text
        assert 'name="ansatt"' in side.text
    else:
        svar = i_nettleser(s, lambda http: klient.alt(s, http, ansatt))
        assert paastander(svar["id_token"])["acr"] == acr


def test_en_svakere_oekt_er_ikke_nok() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        await UTEN_DETALJER.med(acr_values=BETYDELIG).logg_inn(s, http, "bare-betydelig")
        return await UTEN_DETALJER.be(s, http)

    assert 'name="ansatt"' in i_nettleser(s, oppgave).text


# The pickers.


def velger(s: Sandkasse, ansatt: str, klient: Klient | None = None) -> httpx2.Response:
    """The organisation picker of an employee."""
    klient = klient or Klient()

    async def oppgave(http: Http) -> httpx2.Response:
        return await trykk(http, await klient.be(s, http), ansatt=ansatt)

    return i_nettleser(s, oppgave)


VIRKSOMHETSVALG: list[tuple[str, str, str, list[str]]] = [
    ("en kommune", "fjordvik-leder", "beregner,leder,revisor,drift", [FJORDVIK]),
    ("to kommuner", "to-kommuner", "beregner,leder,revisor,drift", [FJORDVIK, SKOGLI]),
    ("bare den det spørres om", "to-kommuner", "leder", [SKOGLI]),
    ("et firma", "annen-virksomhet", "beregner", [FIRMA]),
    ("ingen", "uten-rettigheter", "beregner,leder,revisor,drift", []),
    ("en annen rolle", "fjordvik-revisor", "beregner,leder", []),
    ("en annen kommune", "lia-beregner", "beregner", [LIA]),
]


@pytest.mark.parametrize(("navn", "ansatt", "handlinger", "ventet"), VIRKSOMHETSVALG)
def test_virksomhetsvelgeren(navn: str, ansatt: str, handlinger: str, ventet: list[str]) -> None:
    s = ny_sandkasse()
    klient = Klient().med(authorization_details=detaljer(actions=handlinger))
    side = velger(s, ansatt, klient)
    kontroller_side(side)
    assert [orgnr for orgnr in VIRKSOMHETER if f'value="{orgnr}"' in side.text] == ventet
    assert ('role="alert"' in side.text) == (not ventet)


def test_svaret_har_bare_handlinger_det_ble_spurt_om() -> None:
    s = ny_sandkasse()
    klient = Klient().med(authorization_details=detaljer(actions="leder,drift"))
    svar = i_nettleser(s, lambda http: klient.alt(s, http, "fjordvik-flere-roller"))
    assert svar["authorization_details"][0]["authorized_parties"][0]["actions"] == ["leder"]


def test_den_valgte_virksomheten_er_den_som_staar_i_svaret() -> None:
    s = ny_sandkasse()
    svar = i_nettleser(s, lambda http: Klient().alt(s, http, "to-kommuner", SKOGLI))
    (part,) = svar["authorization_details"][0]["authorized_parties"]
    assert (part["orgno"]["ID"], part["actions"]) == (f"0192:{SKOGLI}", ["leder"])


@pytest.mark.parametrize("ansatt", ["fjordvik-beregner", "uten-rettigheter", None])
def test_personen_avbryter(ansatt: str | None) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        side = await Klient().be(s, http)
        if ansatt is not None:
            side = await trykk(http, side, ansatt=ansatt)
        return await trykk(http, side, handling="avbryt")

    svar = retur(i_nettleser(s, oppgave))
    assert (svar["error"], svar["state"], svar["iss"]) == ("access_denied", STATE, UTSTEDER)


async def _ukjent_ansatt(s: Sandkasse, http: Http) -> httpx2.Response:
    return await trykk(http, await Klient().be(s, http), ansatt="en-annen")


async def _bare_i_entra(s: Sandkasse, http: Http) -> httpx2.Response:
    return await trykk(http, await Klient().be(s, http), ansatt="uten-flerfaktor")


async def _annens_virksomhet(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await trykk(http, await Klient().be(s, http), ansatt="fjordvik-beregner")
    return await trykk(http, side, orgnr=SKOGLI)


async def _ikke_spurt_om(s: Sandkasse, http: Http) -> httpx2.Response:
    klient = Klient().med(authorization_details=detaljer(actions="leder"))
    side = await trykk(http, await klient.be(s, http), ansatt="to-kommuner")
    return await trykk(http, side, orgnr=FJORDVIK)


async def _annen_nettleser(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await trykk(http, await Klient().be(s, http), ansatt="fjordvik-beregner")
    http.cookies.clear()
    return await trykk(http, side, orgnr=FJORDVIK)


async def _annen_person_i_samme_nettleser(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await trykk(http, await Klient().be(s, http), ansatt="fjordvik-beregner")
    ny = await Klient().med(prompt="login").be(s, http)
    await trykk(http, ny, ansatt="fjordvik-leder")
    return await trykk(http, side, orgnr=FJORDVIK)


async def _uten_person(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await Klient().be(s, http)
    nummer = re.search(r'name="samtale" value="([^"]+)"', side.text)
    assert nummer is not None
    felt = {"samtale": nummer[1], "orgnr": FJORDVIK}
    return await http.post(f"{UTSTEDER}/velg-virksomhet", data=felt)


async def _ferdig_samtale(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await Klient().be(s, http)
    retur(await velg(http, side, ansatt="fjordvik-beregner", orgnr=FJORDVIK))
    return await trykk(http, side, ansatt="fjordvik-beregner")


async def _utloept_samtale(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await Klient().be(s, http)
    flytt(s, 600)
    return await trykk(http, side, ansatt="fjordvik-beregner")


async def _ukjent_samtale(s: Sandkasse, http: Http) -> httpx2.Response:
    return await http.post(f"{UTSTEDER}/avbryt", data={"samtale": "ukjent"})


async def _klienten_er_borte(s: Sandkasse, http: Http) -> httpx2.Response:
    side = await Klient().be(s, http)
    s.ansattporten.register.klienter.clear()
    return await trykk(http, side, ansatt="fjordvik-beregner")


SAMTALEFEIL = [
    _ukjent_ansatt,
    _bare_i_entra,
    _annens_virksomhet,
    _ikke_spurt_om,
    _annen_nettleser,
    _annen_person_i_samme_nettleser,
    _uten_person,
    _ferdig_samtale,
    _utloept_samtale,
    _ukjent_samtale,
    _klienten_er_borte,
]


@pytest.mark.parametrize("rad", SAMTALEFEIL, ids=lambda rad: rad.__name__)
def test_samtalen_stopper(rad: Callable[[Sandkasse, Http], Awaitable[httpx2.Response]]) -> None:
    s = ny_sandkasse()
    kontroller_side(i_nettleser(s, lambda http: rad(s, http)), 400)


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
def test_velgeren_kan_bare_sende_nettleseren_til_klienten(system: str) -> None:
    s = ny_sandkasse()
    side = i_nettleser(s, lambda http: Klient(system).be(s, http))
    kontroller_side(side)
    assert f"form-action 'self' {PORTAL};" in side.headers["content-security-policy"]
    assert "frame-src 'none'" in side.headers["content-security-policy"]
    ventet = [a.kallenavn for a in s.tilbydere()[system].utforming.ansatte()]
    assert re.findall(r'name="ansatt" value="([^"]+)"', side.text) == ventet


def test_navn_kan_ikke_bli_til_html() -> None:
    s = ny_sandkasse()
    klienter = s.ansattporten.register.klienter
    klienter[PORTALKLIENT] = replace(klienter[PORTALKLIENT], navn="<script>alert(1)</script>")
    side = i_nettleser(s, lambda http: Klient().be(s, http))
    kontroller_side(side)
    assert "&lt;script&gt;" in side.text


# Logout.

UTLOGGET = f"{PORTAL}/logget-ut"


async def hint(s: Sandkasse, http: Http, klient: Klient | None = None) -> str:
    """An id_token to log out with."""
    token: str = (await (klient or Klient()).alt(s, http, "fjordvik-beregner"))["id_token"]
    return token


@pytest.mark.parametrize("metode", ["GET", "POST"])
@pytest.mark.parametrize("system", ["ansattporten", "entra"])
def test_utlogging_sier_fra_til_alle_og_sender_videre(system: str, metode: str) -> None:
    s = ny_sandkasse()
    klient, annen = Klient(system), ny_klient(s, system=system)

    async def oppgave(http: Http) -> tuple[httpx2.Response, str, httpx2.Response]:
        await hint(s, http, annen)
        token = await hint(s, http, klient)
        felt = {"id_token_hint": token, "post_logout_redirect_uri": UTLOGGET, "state": "s&t"}
        adresse = klient.sti(s, "end_session_endpoint")
        hvordan = {"params": felt} if metode == "GET" else {"data": felt}
        side = await http.request(metode, adresse, **hvordan)  # type: ignore[arg-type]
        return side, paastander(token)["sid"], await klient.be(s, http)

    side, sid, igjen = i_nettleser(s, oppgave)
    kontroller_side(side)
    spoerring = urlencode({"iss": s.tilbydere()[system].utforming.utsteder, "sid": sid})
    assert sorted(rammer(side)) == [
        f"{PORTAL}/logg-ut/fremre?{spoerring}",
        f"http://127.0.0.1:9999/ut?{spoerring}",
    ]
    assert f"frame-src {PORTAL} http://127.0.0.1:9999;" in side.headers["content-security-policy"]
    assert side.headers["refresh"] == f"1; url={UTLOGGET}?state=s%26t"
    assert f'<a href="{UTLOGGET}?state=s%26t">' in side.text
    assert "Max-Age=0" in side.headers["set-cookie"]
    assert 'name="ansatt"' in igjen.text
    assert s.tilbydere()[system].oekter() == []


def test_utlogging_naar_oekten_er_borte_alt_sender_rett_videre() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        felt = {"id_token_hint": await hint(s, http), "post_logout_redirect_uri": UTLOGGET}
        s.ansattporten.logg_ut("fjordvik-beregner")
        flytt(s, 3_600)  # the hint is long expired
        return await http.get(f"{UTSTEDER}/endsession", params=felt)

    svar = i_nettleser(s, oppgave)
    assert (svar.status_code, svar.headers["location"]) == (303, UTLOGGET)


def test_utlogging_uten_videre() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        felt = {"id_token_hint": await hint(s, http)}
        return await http.post(f"{UTSTEDER}/endsession", data=felt)

    side = i_nettleser(s, oppgave)
    kontroller_side(side)
    assert len(rammer(side)) == 1
    assert "refresh" not in side.headers


def test_uten_hint_maa_personen_bekrefte() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> tuple[httpx2.Response, int, httpx2.Response]:
        await hint(s, http)
        spoersmaal = await http.get(f"{UTSTEDER}/endsession")
        oekter = len(s.ansattporten.oekter())
        return spoersmaal, oekter, await trykk(http, spoersmaal)

    spoersmaal, oekter, etter = i_nettleser(s, oppgave)
    kontroller_side(spoersmaal)
    assert oekter == 1
    assert len(rammer(etter)) == 1
    assert s.ansattporten.oekter() == []


def fremmed_hint(token: str, **endret: Any) -> str:
    return signer_for_haand(
        {"alg": "RS256", "kid": "signering"}, paastander(token) | endret, noekkel("fremmed")
    )


def eget_hint(token: str, **endret: Any) -> str:
    return signer_for_haand(
        {"alg": "RS256", "kid": "signering"}, paastander(token) | endret, noekkel("signering")
    )


AVSLUTNINGSFEIL: list[tuple[str, Callable[[str], Felt]]] = [
    ("adresse uten hint", lambda t: {"id_token_hint": None}),
    ("ukjent adresse", lambda t: {"post_logout_redirect_uri": "https://ond.example/"}),
    ("adresse med skråstrek", lambda t: {"post_logout_redirect_uri": f"{UTLOGGET}/"}),
    ("innloggingsadressen", lambda t: {"post_logout_redirect_uri": RETUR}),
    ("hint er ikke en JWT", lambda t: {"id_token_hint": "tull"}),
    ("hint fra en annen", lambda t: {"id_token_hint": fremmed_hint(t)}),
    ("hint fra den andre tilbyderen", lambda t: {"id_token_hint": eget_hint(t, iss=ENTRA)}),
    ("hint til en ukjent klient", lambda t: {"id_token_hint": eget_hint(t, aud="en-annen")}),
    ("en annen client_id", lambda t: {"client_id": "en-annen"}),
    ("ukjent parameter", lambda t: {"redirect_uri": UTLOGGET}),
]


@pytest.mark.parametrize(("navn", "felt"), AVSLUTNINGSFEIL, ids=[navn for navn, _ in AVSLUTNINGSFEIL])
def test_utlogging_som_ikke_kan_godtas_avslutter_ingenting(navn: str, felt: Callable[[str], Felt]) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> httpx2.Response:
        token = await hint(s, http)
        alle: Felt = {"id_token_hint": token, "post_logout_redirect_uri": UTLOGGET, **felt(token)}
        valgte = {n: v for n, v in alle.items() if v is not None}
        return await http.get(f"{UTSTEDER}/endsession", params=valgte)

    kontroller_side(i_nettleser(s, oppgave), 400)
    assert len(s.ansattporten.oekter()) == 1


def test_utlogging_fra_en_annen_tjeneste() -> None:
    """The provider's own page logs out of every service at once."""
    s = ny_sandkasse()
    annen = ny_klient(s)

    async def oppgave(http: Http) -> tuple[httpx2.Response, httpx2.Response, httpx2.Response]:
        await hint(s, http)
        await hint(s, http, annen)
        side = await http.get(f"{UTSTEDER}/oekt")
        return side, await trykk(http, side), await http.get(f"{UTSTEDER}/oekt")

    side, etter, tom = i_nettleser(s, oppgave)
    for en in (side, etter, tom):
        kontroller_side(en)
    assert all(f"<li>{navn}</li>" in side.text for navn in ("Egenandel", "Annen tjeneste"))
    assert len(rammer(etter)) == 2
    assert "Du er ikke logget inn" in tom.text
    assert s.ansattporten.oekter() == []


# Keys.


@pytest.mark.parametrize("behold", [True, False])
def test_noekkelbytte(behold: bool) -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> tuple[str, str, list[str], int]:
        gammelt = await hint(s, http)
        s.ansattporten.noekler.roter(behold_gammel=behold)
        nytt = await hint(s, http)
        jwks = (await http.get(Klient().sti(s, "jwks_uri"))).json()
        felt = {"id_token_hint": gammelt}
        ut = (await http.post(f"{UTSTEDER}/endsession", data=felt)).status_code
        return hodet(gammelt)["kid"], hodet(nytt)["kid"], [n["kid"] for n in jwks["keys"]], ut

    gammel, ny, publisert, ut = i_nettleser(s, oppgave)
    assert publisert == ([ny, gammel] if behold else [ny])
    assert ut == (200 if behold else 400)
    assert not any(set(n) & {"d", "p", "q"} for n in s.ansattporten.noekler.jwks()["keys"])


# Entra.


def i_entra(s: Sandkasse, ansatt: str, **felt: str | None) -> dict[str, Any]:
    svar = i_nettleser(s, lambda http: Klient("entra", felt=felt).alt(s, http, ansatt))
    assert "authorization_details" not in svar
    return paastander(svar["id_token"])


def test_entra_sier_tenant_roller_og_hvordan() -> None:
    token = i_entra(ny_sandkasse(), "fjordvik-flere-roller", scope="openid profile")
    assert (token["iss"], token["aud"], token["tid"]) == (ENTRA, PORTALKLIENT_ENTRA, TENANT)
    assert token["roles"] == ["beregner", "leder", "revisor"]
    assert token["amr"] == ["pwd", "mfa"]
    assert token["name"]
    assert not token.keys() & {"acr", "pid", "authorization_details"}


@pytest.mark.parametrize(
    ("ansatt", "ventet"),
    [
        ("uten-flerfaktor", {"amr": ["pwd"]}),
        ("fremmed-tenant", {"tid": FREMMED_TENANT}),
        ("uten-rettigheter", {"roles": None}),
        ("fjordvik-leder", {"roles": ["leder"], "name": None}),
    ],
)
def test_entras_egne_tilfeller(ansatt: str, ventet: dict[str, Any]) -> None:
    token = i_entra(ny_sandkasse(), ansatt)
    assert {navn: token.get(navn) for navn in ventet} == ventet


@pytest.mark.parametrize("felt", [{"acr_values": HOEYT}, {"authorization_details": detaljer()}])
def test_entra_kjenner_ikke_ansattportens_parametre(felt: Felt) -> None:
    s = ny_sandkasse()
    svar = retur(i_nettleser(s, lambda http: Klient("entra", felt=felt).be(s, http)))
    assert svar["error"] == "invalid_request"


# Discovery.


@pytest.mark.parametrize(("system", "utsteder"), [("ansattporten", UTSTEDER), ("entra", ENTRA)])
def test_oppdagelse(system: str, utsteder: str) -> None:
    s = ny_sandkasse()
    svar = hent(s, f"{utsteder}/.well-known/openid-configuration").json()
    assert svar["issuer"] == utsteder
    assert svar["code_challenge_methods_supported"] == ["S256"]
    assert svar["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert ("pushed_authorization_request_endpoint" in svar) == (system == "ansattporten")
    assert svar.get("authorization_response_iss_parameter_supported", False) == (system == "ansattporten")
    assert hent(s, svar["jwks_uri"]).json() == s.tilbydere()[system].noekler.jwks()
    for navn, metode in (("token_endpoint", "GET"), ("authorization_endpoint", "DELETE")):
        assert i_nettleser(s, lambda http, a=svar[navn], m=metode: http.request(m, a)).status_code == 405  # type: ignore[misc]
    assert (
        hent(s, f"{svar['issuer'].removesuffix('/v2.0')}/stil.css")
        .headers["content-type"]
        .startswith("text/css")
    )


# Faults.


@dataclass(frozen=True)
class Skjevt:
    """What a planted fault changes: read from the callback, the response, the token's header and claims."""

    feil: Plantet
    sett: Callable[["Svar"], object]
    ventet: object


@dataclass(frozen=True)
class Svar:
    retur: dict[str, str]
    svar: dict[str, Any]
    hode: dict[str, Any]
    token: dict[str, Any]
    raatt: str

    def part(self) -> dict[str, Any]:
        detalj: dict[str, Any] = self.svar["authorization_details"][0]
        part: dict[str, Any] = detalj["authorized_parties"][0]
        return part


def bekreftet(svar: Svar) -> bool:
    """Whether the signature is the published key's."""
    try:
        jwt.decode(svar.raatt, noekkel("signering"), algorithms=["RS256"])
    except JoseError:
        return False
    return True


FIRMAETS_ID = f"0192:{FIRMA}"
SKJEVE = [
    Skjevt(Plantet.FEIL_NONCE, lambda s: s.token["nonce"] != NONCE, True),
    Skjevt(Plantet.UTEN_NONCE, lambda s: "nonce" in s.token, False),
    Skjevt(Plantet.FEIL_AUD, lambda s: s.token["aud"], "en-annen-klient"),
    Skjevt(Plantet.FLERE_AUD, lambda s: s.token["aud"], [PORTALKLIENT, "en-annen-klient"]),
    Skjevt(Plantet.FREMMED_AUD_MED_AZP, lambda s: (s.token["aud"], s.token.get("azp")), ("en-annen-klient", PORTALKLIENT)),
    Skjevt(Plantet.FREMMED_AZP, lambda s: (s.token["aud"], s.token.get("azp")), (PORTALKLIENT, "en-annen-klient")),
    Skjevt(Plantet.FEIL_ISS, lambda s: s.token["iss"], "https://fremmed-utsteder.example"),
    Skjevt(Plantet.FEIL_ACR, lambda s: s.token["acr"], BETYDELIG),
    Skjevt(Plantet.UTEN_ACR, lambda s: "acr" in s.token, False),
    Skjevt(Plantet.UTLOEPT, lambda s: s.token["exp"] - int(NAA), -60),
    Skjevt(Plantet.UTSTEDT_FRAM_I_TID, lambda s: s.token["iat"] - int(NAA), 60),
    Skjevt(Plantet.UTEN_EXP, lambda s: "exp" in s.token, False),
    Skjevt(Plantet.UTEN_SUB, lambda s: "sub" in s.token, False),
    Skjevt(Plantet.FEIL_AT_HASH, lambda s: s.token["at_hash"] == at_hash(s.svar["access_token"]), False),
    Skjevt(Plantet.GAMMEL_INNLOGGING, lambda s: int(NAA) - s.token["auth_time"], 86_400),
    Skjevt(Plantet.ALG_NONE, lambda s: (s.hode["alg"], s.raatt[-1]), ("none", ".")),
    Skjevt(Plantet.HS256_MED_OFFENTLIG_NOEKKEL, lambda s: (s.hode["alg"], bekreftet(s)), ("HS256", False)),
    Skjevt(Plantet.UKJENT_KID, lambda s: s.hode["kid"] != "signering", True),
    Skjevt(Plantet.UTEN_KID, lambda s: "kid" in s.hode, False),
    Skjevt(Plantet.FREMMED_NOEKKEL, lambda s: (s.hode["kid"], bekreftet(s)), ("signering", False)),
    Skjevt(Plantet.UKJENT_CRIT, lambda s: "crit" in s.hode, True),
    Skjevt(Plantet.UTEN_ID_TOKEN, lambda s: "id_token" in s.svar, False),
    Skjevt(Plantet.UTEN_DETALJER, lambda s: "authorization_details" in {**s.svar, **s.token}, False),
    Skjevt(Plantet.TOMME_DETALJER, lambda s: "authorized_parties" in s.svar["authorization_details"][0], False),
    Skjevt(Plantet.FREMMED_VIRKSOMHET, lambda s: s.part()["orgno"]["ID"], FIRMAETS_ID),
    Skjevt(Plantet.UGYLDIG_ORGNR, lambda s: er_syntetisk_orgnr(s.part()["orgno"]["ID"][5:]), False),
    Skjevt(Plantet.TO_VIRKSOMHETER, lambda s: len(s.svar["authorization_details"][0]["authorized_parties"]), 2),
    Skjevt(Plantet.FEIL_DETALJTYPE, lambda s: s.svar["authorization_details"][0]["type"], "ansattporten:orgno"),
    Skjevt(Plantet.FEIL_RESSURS, lambda s: s.svar["authorization_details"][0]["resource"] == ALTINNRESSURS, False),
    Skjevt(Plantet.UKJENT_HANDLING, lambda s: s.part()["actions"], ["administrator"]),
    Skjevt(
        Plantet.DETALJER_BARE_I_ID_TOKEN,
        lambda s: ("authorization_details" in s.svar, "authorization_details" in s.token),
        (False, True),
    ),
    Skjevt(
        Plantet.ULIK_KOPI,
        lambda s: s.token["authorization_details"][0]["authorized_parties"][0]["orgno"]["ID"],
        FIRMAETS_ID,
    ),
    Skjevt(Plantet.UTEN_FLERFAKTOR, lambda s: s.token["amr"], ["pwd"]),
    Skjevt(Plantet.FREMMED_TID, lambda s: s.token["tid"], FREMMED_TENANT),
    Skjevt(Plantet.UTEN_ROLLER, lambda s: "roles" in s.token, False),
    Skjevt(Plantet.FEIL_ISS_I_RETUR, lambda s: s.retur["iss"], "https://fremmed-utsteder.example"),
    Skjevt(Plantet.UTEN_ISS_I_RETUR, lambda s: "iss" in s.retur, False),
    Skjevt(Plantet.FEIL_STATE, lambda s: s.retur["state"] == STATE, False),
    Skjevt(Plantet.UTEN_STATE, lambda s: "state" in s.retur, False),
    Skjevt(Plantet.FREMMED_KODE, lambda s: "error" in s.svar, True),
]  # fmt: skip


def innlogget(s: Sandkasse, system: str) -> Svar:
    """A whole login, whatever comes of it."""
    klient = Klient(system)

    async def oppgave(http: Http) -> Svar:
        tilbake = retur(await klient.logg_inn(s, http, "fjordvik-beregner"))
        svar = (await klient.token(s, http, tilbake["code"])).json()
        raatt = svar.get("id_token", "e30.e30.")
        return Svar(tilbake, svar, hodet(raatt), paastander(raatt), raatt)

    return i_nettleser(s, oppgave)


@pytest.mark.parametrize("rad", SKJEVE, ids=lambda rad: rad.feil.value)
def test_plantet_feil(rad: Skjevt) -> None:
    """The fault is seen as often as it was ordered, and a login without it does not look like that."""
    s = ny_sandkasse()
    system = "ansattporten" if rad.feil.gjelder("ansattporten") else "entra"
    s.planer.plant(system, rad.feil, antall=1)
    assert rad.sett(innlogget(s, system)) == rad.ventet
    assert rad.sett(innlogget(s, system)) != rad.ventet


def test_hver_feil_er_proevd_og_forklart() -> None:
    assert [rad.feil for rad in SKJEVE] == list(Plantet)
    assert all(feil.forklaring.endswith(".") for feil in Plantet)


def test_feilen_som_er_signert_med_den_offentlige_noekkelen_ville_gaatt_igjennom_hos_en_som_lar_hodet_velge() -> (
    None
):
    s = ny_sandkasse()
    s.planer.plant("ansattporten", Plantet.HS256_MED_OFFENTLIG_NOEKKEL)
    raatt = innlogget(s, "ansattporten").raatt
    delt, _, signatur = raatt.rpartition(".")
    offentlig = noekkel("signering").as_pem(private=False)
    ventet = hmac.digest(offentlig, delt.encode(), "sha256")
    assert base64.urlsafe_b64decode(signatur + "=") == ventet


def test_feil_hos_den_ene_roerer_ikke_den_andre() -> None:
    s = ny_sandkasse()
    s.planer.plant("ansattporten", Plantet.FEIL_NONCE)
    assert innlogget(s, "entra").token["nonce"] == NONCE


# What nobody shall find.


def test_loggen_har_ruter_og_feilkoder_og_ingenting_om_noen() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> list[str]:
        svar = await Klient().med(scope="openid profile").alt(s, http, "fjordvik-beregner")
        await Klient().med(scope="alt", authorization_details=None).be(s, http)
        await Klient().token(s, http, "ukjent")
        await http.get(f"{UTSTEDER}/endsession", params={"id_token_hint": svar["id_token"]})
        return [
            str(v) for v in [*paastander(svar["id_token"]).values(), svar["access_token"], svar["id_token"]]
        ]

    hemmelig = [v for v in i_nettleser(s, oppgave) if len(v) > 10 and v not in (UTSTEDER, PORTALKLIENT)]
    logg = repr(list(s.maalinger.logg))
    ansatt = ETTER_KALLENAVN["fjordvik-beregner"]
    assert not [v for v in [*hemmelig, ansatt.pid, ansatt.navn, ansatt.kallenavn, STATE, NONCE] if v in logg]
    sett = [(rad.rute, rad.status, rad.kode) for rad in s.maalinger.logg]
    assert ("/authorize", 303, "invalid_scope") in sett
    assert ("/token", 400, "invalid_grant") in sett
    assert len(sett) == 8


@pytest.mark.parametrize("sti", [f"{UTSTEDER}/authorize", ENTRA, f"{UTSTEDER}/oekt"])
def test_bare_denne_maskinen(sti: str) -> None:
    s = ny_sandkasse()
    assert hent(s, sti, Host="ansattporten.ond.example").status_code == 403


def test_de_ansatte_er_oppdiktet() -> None:
    assert len({ansatt.pid for ansatt in ANSATTE}) == len({ansatt.navn for ansatt in ANSATTE}) == len(ANSATTE)
    kjente = {ident for person in navngitte() for ident in person.identer}
    for ansatt in ANSATTE:
        assert er_syntetisk_person(ansatt.pid)
        assert ansatt.pid not in kjente
        assert ansatt.pid not in repr(ansatt)
        assert ansatt.navn not in repr(ansatt)
        assert ansatt.rettigheter.keys() <= VIRKSOMHETER.keys()
    assert all(er_syntetisk_orgnr(orgnr) for orgnr in VIRKSOMHETER)


def test_tilbyderne_kan_forstyrres() -> None:
    s = ny_sandkasse()
    s.forstyrrelser.bestill("ansattporten", Art.HTML_503, antall=1)
    assert [hent(s, f"{UTSTEDER}/jwks").status_code for _ in range(2)] == [503, 200]


def test_portalen_er_der_sandkassen_faar_vite_at_den_er() -> None:
    s = Sandkasse(portal="http://127.0.0.1:8123", antall=0)
    for tilbyder in s.tilbydere().values():
        (klient,) = tilbyder.register.klienter.values()
        assert klient.retur == {"http://127.0.0.1:8123/logg-inn/retur"}
        assert klient.utlogget == {"http://127.0.0.1:8123/logget-ut"}
        assert klient.fremre == "http://127.0.0.1:8123/logg-ut/fremre"


def test_nullstill() -> None:
    s = ny_sandkasse()
    ny_klient(s)
    s.planer.plant("ansattporten", Plantet.FEIL_NONCE)
    s.ansattporten.rettigheter["fjordvik-beregner"].clear()
    i_nettleser(s, lambda http: Klient().logg_inn(s, http, "fjordvik-leder"))
    s.nullstill()
    assert s.ansattporten.oekter() == []
    assert list(s.ansattporten.register.klienter) == [PORTALKLIENT]
    i_nettleser(s, lambda http: Klient().alt(s, http, "fjordvik-beregner"))
