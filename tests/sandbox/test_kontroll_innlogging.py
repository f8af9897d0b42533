"""The levers on the login providers: every one moved, and seen to move what it should."""

import json
import stat
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey

from app.sandbox.innlogging.ansatte import ANSATTE
from app.sandbox.kjoering import adresser, lag_sandkasse, skriv_portalnoekkel
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import FJORDVIK, PORTAL, PORTALKLIENT, PORTALKLIENT_ENTRA, SKOGLI
from tests.sandbox.nettleser import Klient, paastander, retur, trykk
from tests.sandbox.stoette import be, hent, kall, noekkel, ny_sandkasse
from tests.sandbox.test_innlogging import UTSTEDER, Http

STI = "/kontroll/innlogging"


def rett(svar: httpx2.Response) -> Any:
    assert svar.status_code == 200, svar.text
    return svar.json()


def test_de_ansatte() -> None:
    s = ny_sandkasse()
    alle = {en["kallenavn"]: en for en in rett(hent(s, f"{STI}/ansatte"))}
    assert list(alle) == [ansatt.kallenavn for ansatt in ANSATTE]
    assert alle["to-kommuner"]["rettigheter"] == {FJORDVIK: ["beregner"], SKOGLI: ["leder"]}
    assert alle["uten-flerfaktor"]["entra"]["flerfaktor"] is False
    assert alle["skogli-beregner"]["entra"] is None


def test_rettigheter_gis_og_tas() -> None:
    s = ny_sandkasse()
    sti = f"{STI}/ansatte/uten-rettigheter/rettigheter"
    gitt = rett(be(s, "PUT", sti, {"orgnr": SKOGLI, "handlinger": ["drift", "leder"]}))
    assert gitt["rettigheter"] == {SKOGLI: ["drift", "leder"]}
    svar = kall(s, lambda http: Klient().alt(s, http, "uten-rettigheter", SKOGLI))
    assert svar["authorization_details"][0]["authorized_parties"][0]["actions"] == ["drift", "leder"]
    assert rett(be(s, "PUT", sti, {"orgnr": SKOGLI, "handlinger": []}))["rettigheter"] == {}


def test_oekter_og_utlogging_uten_nettleser() -> None:
    s = ny_sandkasse()

    async def oppgave(http: Http) -> tuple[str, Any, Any, httpx2.Response]:
        sid = paastander((await Klient().alt(s, http, "fjordvik-leder"))["id_token"])["sid"]
        oekter = await http.get(f"{STI}/oekter")
        ut = await http.post(f"{STI}/ansattporten/logg-ut", json={"kallenavn": "fjordvik-leder"})
        return sid, rett(oekter), rett(ut), await Klient().be(s, http)

    sid, oekter, ut, igjen = kall(s, oppgave)
    klienter = [PORTALKLIENT]
    assert oekter == [
        {"tilbyder": "ansattporten", "ansatt": "fjordvik-leder", "sid": sid, "klienter": klienter}
    ]
    assert ut == {"fremre": [f"{PORTAL}/logg-ut/fremre?iss=http%3A%2F%2F127.0.0.1%2Fansattporten&sid={sid}"]}
    assert 'name="ansatt"' in igjen.text
    assert rett(be(s, "POST", f"{STI}/ansattporten/logg-ut", {"kallenavn": "fjordvik-leder"})) == {
        "fremre": []
    }


NY_KLIENT = {"klient_id": "ny", "navn": "Ny tjeneste", "retur": [f"{PORTAL}/logg-inn/retur"]}


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
def test_en_ny_klient_med_noekkel_kan_logge_inn(system: str) -> None:
    s = ny_sandkasse()
    sti = f"{STI}/{system}/klienter"
    assert rett(be(s, "POST", sti, NY_KLIENT))["kid"] == []
    egen = RSAKey.import_key(rett(be(s, "POST", f"{sti}/ny/noekler", {"kid": "k"}))["jwk"])
    klient = Klient(system, noekkel=egen, hode={"kid": "k"}, klient_id="ny").med(authorization_details=None)
    svar = kall(s, lambda http: klient.alt(s, http, "fjordvik-leder"))
    assert paastander(svar["id_token"])["aud"] == "ny"
    assert [k["klient_id"] for k in rett(hent(s, sti))][-1] == "ny"
    assert rett(be(s, "DELETE", f"{sti}/ny/noekler/k")) == {"kid": "k"}

    async def uten_noekkel(http: Http) -> httpx2.Response:
        kode = retur(await klient.logg_inn(s, http, "fjordvik-leder"))["code"]
        return await klient.token(s, http, kode)

    assert kall(s, uten_noekkel).json()["error"] == "invalid_client"


def test_egen_offentlig_noekkel() -> None:
    s = ny_sandkasse()
    sti = f"{STI}/ansattporten/klienter/{PORTALKLIENT}/noekler"
    jwk = noekkel("egen").as_dict(private=False)
    assert rett(be(s, "POST", sti, {"kid": "egen", "jwk": jwk})) == {"kid": "egen", "jwk": None}
    klient = Klient(noekkel=noekkel("egen"), hode={"kid": "egen"})
    assert kall(s, lambda http: klient.par(s, http)).status_code == 201


def test_nye_adresser_gjelder_fra_naa() -> None:
    s = ny_sandkasse()
    nye = {"retur": ["http://127.0.0.1:8001/retur"]}
    sti = f"{STI}/ansattporten/klienter/{PORTALKLIENT}/adresser"
    assert rett(be(s, "PUT", sti, nye))["retur"] == nye["retur"]
    assert kall(s, lambda http: Klient().par(s, http)).json()["error"] == "invalid_request"
    ny = Klient().med(redirect_uri="http://127.0.0.1:8001/retur")
    assert kall(s, lambda http: ny.par(s, http)).status_code == 201


def test_feil_plantes_vises_og_fjernes() -> None:
    s = ny_sandkasse()
    ny = {"tilbyder": "ansattporten", "feil": "FEIL_STATE", "antall": 2}
    plantet = {**ny, "nummer": 1, "gjenstaar": 2, "truffet": 0}
    del plantet["antall"]
    assert rett(be(s, "POST", f"{STI}/feil", ny)) == plantet

    async def avbrutt(http: Http) -> dict[str, str]:
        return retur(await trykk(http, await Klient().be(s, http), handling="avbryt"))

    assert kall(s, avbrutt)["state"] != Klient().forespoersel()["state"]
    assert rett(hent(s, f"{STI}/feil")) == [{**plantet, "gjenstaar": 1, "truffet": 1}]
    assert rett(be(s, "DELETE", f"{STI}/feil")) == {"fjernet": 1}
    assert kall(s, avbrutt)["state"] == Klient().forespoersel()["state"]


@pytest.mark.parametrize("system", ["ansattporten", "entra"])
def test_noekkelbytte(system: str) -> None:
    s = ny_sandkasse()
    kid = rett(be(s, "POST", f"{STI}/{system}/roter"))["kid"]
    assert [n["kid"] for n in s.tilbydere()[system].noekler.jwks()["keys"]] == [kid, "signering"]
    rett(be(s, "POST", f"{STI}/{system}/roter?behold_gammel=false"))
    assert len(s.tilbydere()[system].noekler.jwks()["keys"]) == 1


UMULIGE = [
    ("PUT", "/ansatte/ukjent/rettigheter", {"orgnr": FJORDVIK, "handlinger": []}, 404),
    ("PUT", "/ansatte/fjordvik-leder/rettigheter", {"orgnr": "999999999", "handlinger": []}, 404),
    ("PUT", "/ansatte/fjordvik-leder/rettigheter", {"orgnr": FJORDVIK, "handlinger": ["eier"]}, 422),
    ("POST", "/ansattporten/logg-ut", {"kallenavn": "ukjent"}, 404),
    ("POST", "/ukjent/logg-ut", {"kallenavn": "fjordvik-leder"}, 422),
    ("POST", "/feil", {"tilbyder": "entra", "feil": "FEIL_ACR"}, 422),
    ("POST", "/feil", {"tilbyder": "ansattporten", "feil": "FREMMED_TID"}, 422),
    ("POST", "/feil", {"tilbyder": "ansattporten", "feil": "UKJENT"}, 422),
    ("POST", "/feil", {"tilbyder": "ansattporten", "feil": "FEIL_ISS", "antall": 0}, 422),
    ("POST", "/entra/klienter", {**NY_KLIENT, "retur": ["javascript:alert(1)"]}, 422),
    ("POST", "/entra/klienter", {**NY_KLIENT, "hemmelighet": "hysj"}, 422),
    ("PUT", "/entra/klienter/ukjent/adresser", {"retur": []}, 404),
    ("POST", "/entra/klienter/ukjent/noekler", {"kid": "k"}, 404),
    ("POST", f"/entra/klienter/{PORTALKLIENT_ENTRA}/noekler", {"kid": "k", "jwk": {"kty": "EC"}}, 422),
    ("DELETE", "/entra/klienter/ukjent/noekler/k", None, 404),
]


@pytest.mark.parametrize(("metode", "sti", "kropp", "status"), UMULIGE)
def test_det_som_ikke_kan_bestilles(metode: str, sti: str, kropp: Any, status: int) -> None:
    assert be(ny_sandkasse(), metode, f"{STI}{sti}", kropp).status_code == status


def test_portalens_noekkelfil_er_bare_for_eieren_og_gjelder_hos_begge(tmp_path: Path) -> None:
    s = Sandkasse(antall=0)
    fil = tmp_path / "portal.json"
    skriv_portalnoekkel(s, fil)
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600
    privat = RSAKey.import_key(json.loads(fil.read_text(encoding="utf-8")))
    for system in ("ansattporten", "entra"):
        klient = Klient(system, noekkel=privat, hode={"kid": privat.kid})
        assert kall(s, lambda http, k=klient: k.alt(s, http, "fjordvik-leder"))["id_token"]  # type: ignore[misc]


def test_utstederne_er_adressen_de_staar_paa() -> None:
    s = lag_sandkasse("::1", 9000, antall=0)
    for system, tilbyder in s.tilbydere().items():
        assert adresser("http://[::1]:9000")[system] == tilbyder.utforming.utsteder
    assert s.ansattporten.utforming.utsteder == UTSTEDER.replace("127.0.0.1", "[::1]:9000")
