"""Maskinporten's keys: kept, rotated, flooded with unknown ``kid``, and gone; all in virtual time."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey
from starlette.types import Receive, Scope, Send

from app.services.utsteder.jwks import (
    LEVETID,
    MAKS_BYTES,
    MELLOM_FORSOEK_UTEN_NOEKLER,
    NOEDDRIFT,
    Jwks,
    NoeklerUtilgjengeligError,
)
from app.skatt_client import Http
from tests.api.tilgang.stoette import ISSUER, Klokke
from tests.sandbox.stoette import noekkel

DOEGN = 24 * 3600.0


def rad(kid: str, **endret: Any) -> dict[str, Any]:
    return {**noekkel("signering").as_dict(private=False), "kid": kid, "use": "sig"} | endret


class Utsteder:
    """An issuer as an ASGI program. Counts what it is asked; can be down, slow, moved or wrong."""

    def __init__(self, *kid: str) -> None:
        self.noekler: Any = [rad(navn) for navn in kid]
        self.metadata: dict[str, Any] = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}jwk"}
        self.kall: list[str] = []
        self.status = 200
        self.kropp: bytes | None = None
        self.nede = False
        self.port: asyncio.Event | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.kall.append(scope["path"])
        if self.port is not None:
            await self.port.wait()
        if self.nede:
            raise httpx2.ConnectError("nede")
        kropp = json.dumps(
            self.metadata if "well-known" in scope["path"] else {"keys": self.noekler}
        ).encode()
        hoder = [(b"location", b"https://ond.example/jwk")] if self.status in range(300, 400) else []
        await send({"type": "http.response.start", "status": self.status, "headers": hoder})
        await send({"type": "http.response.body", "body": kropp if self.kropp is None else self.kropp})

    @property
    def hentinger(self) -> int:
        """How often the keys were fetched."""
        return self.kall.count("/jwk")


def koblet(utsteder: Utsteder, adresse: str | None = None) -> tuple[Jwks, Klokke]:
    klokke = Klokke()
    http = Http(transport=httpx2.ASGITransport(app=utsteder), max_bytes=MAKS_BYTES)
    return Jwks(ISSUER, http, klokke, adresse), klokke


def med(
    utsteder: Utsteder, oppgave: Callable[[Jwks, Klokke], Coroutine[Any, Any, None]], **valg: Any
) -> None:
    async def alt() -> None:
        jwks, klokke = koblet(utsteder, **valg)
        await oppgave(jwks, klokke)
        await jwks.lukk()

    asyncio.run(alt())


async def utilgjengelig(jwks: Jwks, kid: str) -> int:
    """Ask, be told that it cannot be known, and say how long to wait."""
    with pytest.raises(NoeklerUtilgjengeligError) as feil:
        await jwks.hent(kid)
    return feil.value.vent


def test_hentes_en_gang_i_doegnet() -> None:
    utsteder = Utsteder("a")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        for naa, ventet in (
            (0.0, 1),
            (1.0, 1),
            (DOEGN - 1, 1),
            (DOEGN, 2),
            (2 * DOEGN - 1, 2),
            (2 * DOEGN, 3),
        ):
            klokke.naa = naa
            assert await jwks.hent("a") is not None
            assert utsteder.hentinger == ventet, naa

    med(utsteder, oppgave)


def test_metadata_sier_hvor_og_en_adresse_i_innstillingene_gaar_foran() -> None:
    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("a") is not None

    utsteder = Utsteder("a")
    med(utsteder, oppgave)
    assert utsteder.kall == ["/.well-known/oauth-authorization-server", "/jwk"]
    utsteder = Utsteder("a")
    med(utsteder, oppgave, adresse="https://annet.example/noekler")
    assert utsteder.kall == ["/noekler"]


def test_tusen_samtidige_gir_en_henting() -> None:
    utsteder = Utsteder("a")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        svar = await asyncio.gather(*(jwks.hent("a") for _ in range(1000)))
        assert all(svar)

    med(utsteder, oppgave)
    assert len(utsteder.kall) == 2


def test_den_som_legger_paa_tar_ikke_med_seg_de_andre() -> None:
    utsteder = Utsteder("a")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        utsteder.port = asyncio.Event()
        foerste, andre = (asyncio.create_task(jwks.hent("a")) for _ in range(2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        foerste.cancel()
        await asyncio.gather(foerste, return_exceptions=True)
        utsteder.port.set()
        assert await andre is not None

    med(utsteder, oppgave)
    assert utsteder.hentinger == 1


def test_en_ny_noekkel_hentes_med_det_samme_naar_det_er_et_minutt_siden_sist() -> None:
    utsteder = Utsteder("gammel")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("gammel") is not None
        utsteder.noekler = [rad("ny"), rad("gammel")]
        klokke.naa = 59.9
        assert await jwks.hent("ny") is None
        klokke.naa = 60.0
        assert await jwks.hent("ny") is not None
        assert utsteder.hentinger == 2
        utsteder.noekler = [rad("ny")]
        klokke.naa = 60.0 + DOEGN
        assert await jwks.hent("gammel") is None

    med(utsteder, oppgave)


def test_en_flom_av_ukjente_kid_koster_en_henting_i_minuttet() -> None:
    utsteder = Utsteder("a")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("a") is not None
        for sekund in range(1, 601):
            klokke.naa = float(sekund)
            svar = await asyncio.gather(*(jwks.hent(f"ukjent-{sekund}-{n}") for n in range(5)))
            assert svar == [None] * 5
        assert utsteder.hentinger == 11
        assert await jwks.hent("a") is not None

    med(utsteder, oppgave)


def test_naar_maskinporten_er_nede_brukes_de_gamle_et_doegn_til() -> None:
    utsteder = Utsteder("a")

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("a") is not None
        utsteder.nede = True
        klokke.naa = LEVETID
        assert await jwks.hent("a") is not None
        klokke.naa = LEVETID + 59
        assert await jwks.hent("a") is not None
        assert len(utsteder.kall) == 3  # One attempt a minute, and everybody else is answered at once.
        klokke.naa = LEVETID + NOEDDRIFT - 1
        assert await jwks.hent("a") is not None
        # Whether another kid is real cannot be known: not the caller's fault.
        assert await utilgjengelig(jwks, "b") == 60
        klokke.naa = LEVETID + NOEDDRIFT
        await utilgjengelig(jwks, "a")
        utsteder.nede = False
        klokke.naa += 60
        assert await jwks.hent("a") is not None
        assert await jwks.hent("b") is None

    med(utsteder, oppgave)


def test_kaldstart_uten_maskinporten() -> None:
    utsteder = Utsteder("a")
    utsteder.nede = True

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await utilgjengelig(jwks, "a") == MELLOM_FORSOEK_UTEN_NOEKLER
        utsteder.nede = False
        klokke.naa = 9.5
        assert await utilgjengelig(jwks, "a") == 1
        klokke.naa = 10.0
        assert await jwks.hent("a") is not None

    med(utsteder, oppgave)


# What Maskinporten answers instead of its keys; the ones we have must survive it.
UBRUKELIG: list[tuple[str, Callable[[Utsteder], object]]] = [
    ("500", lambda u: setattr(u, "status", 500)),
    ("404", lambda u: setattr(u, "status", 404)),
    ("301", lambda u: setattr(u, "status", 301)),
    ("302", lambda u: setattr(u, "status", 302)),
    ("ikke JSON", lambda u: setattr(u, "kropp", b"<html>")),
    ("en liste", lambda u: setattr(u, "kropp", b"[]")),
    ("for stort", lambda u: setattr(u, "kropp", b" " * (MAKS_BYTES + 1))),
    ("tomt sett", lambda u: setattr(u, "noekler", [])),
    ("keys er ikke en liste", lambda u: setattr(u, "noekler", {"a": 1})),
    ("samme kid to ganger", lambda u: setattr(u, "noekler", [rad("a"), rad("a")])),
    ("bare nøkler for annet", lambda u: setattr(u, "noekler", [rad("a", use="enc")])),
    ("en annen issuer", lambda u: u.metadata.update(issuer="https://ond.example/")),
    ("issuer uten skråstrek", lambda u: u.metadata.update(issuer=ISSUER.rstrip("/"))),
    ("uten issuer", lambda u: u.metadata.pop("issuer")),
    ("uten jwks_uri", lambda u: u.metadata.pop("jwks_uri")),
    ("jwks_uri uten https", lambda u: u.metadata.update(jwks_uri="http://test.maskinporten.no/jwk")),
    ("jwks_uri som tall", lambda u: u.metadata.update(jwks_uri=1)),
]


@pytest.mark.parametrize(("navn", "oedelegg"), UBRUKELIG, ids=[navn for navn, _ in UBRUKELIG])
def test_et_ubrukelig_svar(navn: str, oedelegg: Callable[[Utsteder], object]) -> None:
    kald = Utsteder("a")
    oedelegg(kald)

    async def uten_noekler(jwks: Jwks, klokke: Klokke) -> None:
        await utilgjengelig(jwks, "a")

    med(kald, uten_noekler)
    assert "ond.example" not in "".join(kald.kall)
    varm = Utsteder("a")

    async def med_noekler(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("a") is not None
        oedelegg(varm)
        klokke.naa = LEVETID
        assert await jwks.hent("a") is not None

    med(varm, med_noekler)


BRUKBARE: list[tuple[str, dict[str, Any], bool]] = [
    ("som publisert", {}, True),
    ("uten use", {"use": "sig"}, True),
    ("RS512", {"alg": "RS512"}, True),
    ("PS256", {"alg": "PS256"}, False),
    ("for kryptering", {"use": "enc"}, False),
    ("elliptisk", ECKey.generate_key("P-256").as_dict(private=False) | {"use": "sig"}, False),
    ("symmetrisk", {"kty": "oct", "k": "AAAA"}, False),
    ("2040 bit", {"n": str(rad("a")["n"])[:340]}, False),
    ("ødelagt", {"n": "%%%"}, False),
    ("uten n", {"n": None}, False),
    ("kid som tall", {"kid": 1}, False),
    ("tom kid", {"kid": ""}, False),
]


@pytest.mark.parametrize(("navn", "endret", "brukbar"), BRUKBARE, ids=[b[0] for b in BRUKBARE])
def test_bare_noekler_som_kan_signere_tas_i_bruk(navn: str, endret: dict[str, Any], brukbar: bool) -> None:
    utsteder = Utsteder("god")
    utsteder.noekler += ["ikke et objekt", rad("annen") | endret]

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        assert await jwks.hent("god") is not None
        funnet = await jwks.hent("annen")
        assert (funnet is not None) is brukbar
        if funnet is not None:
            assert not funnet.rsa.is_private

    med(utsteder, oppgave)


def test_en_privat_noekkel_som_er_publisert_ved_en_feil_blir_ikke_tatt_vare_paa() -> None:
    utsteder = Utsteder("god")
    utsteder.noekler += [{**noekkel("signering").as_dict(private=True), "kid": "privat"}]

    async def oppgave(jwks: Jwks, klokke: Klokke) -> None:
        funnet = await jwks.hent("privat")
        assert funnet is not None
        assert not funnet.rsa.is_private

    med(utsteder, oppgave)
