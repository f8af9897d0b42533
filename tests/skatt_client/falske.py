"""Stand-ins: a clock that never waits, a strict Maskinporten, and a Skatteetaten told what to say."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import httpx2
from cryptography import x509
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from app.skatt_client import (
    BeregnetSkattOppsett,
    BreakerPolicy,
    Delegering,
    HendelserOppsett,
    Http,
    InntektOppsett,
    KeyRing,
    KeySource,
    Maaling,
    MaskinportenOppsett,
    RetryPolicy,
    SigningKey,
    SisteOppgjoerOppsett,
    SkattegrunnlagOppsett,
    SkattKlient,
    TokenSource,
)

ISSUER = "https://maskinporten.falsk/"
API = "https://skatt.falsk/v2"
KLIENT_ID = "11111111-2222-3333-4444-555555555555"
LEVERANDOER = "310000000"
KOMMUNE = "310000001"
PERSON = "09819899123"
ANNEN_PERSON = "03870349520"
KORRELASJONSID = "23a235f5-28f9-47db-9abd-ab78977c32fa"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class FakeClock:
    """Both clocks, moved by hand; sleeping moves them and is written down."""

    def __init__(self, vegg: float = 1_795_000_000.0) -> None:
        self.mono = 1000.0
        self.vegg = vegg
        self.hvil: list[float] = []

    def monotonic(self) -> float:
        return self.mono

    def time(self) -> float:
        return self.vegg

    def gaa(self, sekunder: float) -> None:
        self.mono += sekunder
        self.vegg += sekunder

    async def sleep(self, seconds: float) -> None:
        self.hvil.append(seconds)
        self.gaa(seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Svar:
    """A scripted answer."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, send: Send) -> None:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = [(k.lower().encode(), v.encode()) for k, v in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def til_ro() -> None:
    """Let tasks that can run, run."""
    for _ in range(50):
        await asyncio.sleep(0)


async def _kropp(receive: Receive) -> bytes:
    body = b""
    while True:
        melding = await receive()
        body += bytes(melding.get("body", b""))
        if not melding.get("more_body"):
            return body


@cache
def jwk(nummer: int = 0) -> RSAKey:
    """A test key, made when the tests run."""
    return RSAKey.generate_key(2048, {"kid": f"test-{nummer}", "alg": "RS256", "use": "sig"})


def jwk_tekst(nummer: int = 0, mer: Mapping[str, object] | None = None) -> str:
    return json.dumps({**jwk(nummer).as_dict(private=True), **(mer or {})})


@cache
def noekkel(nummer: int = 0) -> SigningKey:
    return SigningKey.fra_jwk(jwk_tekst(nummer))


def mp_feil(kode: str, tekst: str = "noe gikk galt", *, status: int = 400, dato: str | None = None) -> Svar:
    """A refusal as Maskinporten writes it."""
    body = {
        "error": "invalid_grant",
        "error_description": f"{tekst} ({kode}). (trace_id: abc123)",
        "error_uri": "https://docs.digdir.no/",
    }
    return Svar(status, body, {} if dato is None else {"Date": dato})


class FalskMaskinporten:
    """Strict: registered key, exact audience, clock within 10 s, each jti once, no unknown claim."""

    KRAV = frozenset(
        (
            "aud",
            "iss",
            "scope",
            "iat",
            "exp",
            "jti",
            "resource",
            "consumer_org",
            "pid",
            "authorization_details",
        )
    )

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.skjevhet = 0.0
        self.levetid = 120
        self.registrert: dict[str, RSAKey] = {"test-0": jwk(0)}
        self.koe: deque[Svar | Exception] = deque()
        self.metadata: dict[str, object] = {"issuer": ISSUER, "token_endpoint": ISSUER + "token"}
        self.metadata_kall = 0
        self.krav: list[dict[str, Any]] = []
        self.hoder: list[dict[str, Any]] = []
        self.assertions: list[str] = []
        self.tokens: list[str] = []
        self.port = asyncio.Event()
        self.port.set()
        self.metadata_port = asyncio.Event()
        self.metadata_port.set()

    @property
    def kall(self) -> int:
        return len(self.assertions)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("oauth-authorization-server"):
            self.metadata_kall += 1
            await self.metadata_port.wait()
            await Svar(200, self.metadata).send(send)
            return
        skjema = parse_qs((await _kropp(receive)).decode())
        assert skjema["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        (assertion,) = skjema["assertion"]
        self.assertions.append(assertion)
        skript = self.koe.popleft() if self.koe else None
        await self.port.wait()
        if isinstance(skript, Exception):
            raise skript
        svar = self._vurder(assertion)
        await (skript or svar).send(send)

    def _vurder(self, assertion: str) -> Svar:
        hode = json.loads(base64.urlsafe_b64decode(assertion.split(".", maxsplit=1)[0] + "=="))
        self.hoder.append(hode)
        naa = self.clock.time() + self.skjevhet
        dato = formatdate(naa, usegmt=True)
        if "x5c" in hode:
            blad = x509.load_der_x509_certificate(base64.b64decode(hode["x5c"][0]))
            offentlig = RSAKey.import_key(_pem(blad))
        elif hode.get("kid") in self.registrert:
            offentlig = self.registrert[hode["kid"]]
        else:
            return mp_feil("MP-124", "unknown kid")
        try:
            krav = jwt.decode(assertion, offentlig, ["RS256"], _REGISTER).claims
        except JoseError:
            return mp_feil("MP-124", "bad signature")
        gjentatt = krav["jti"] in {k["jti"] for k in self.krav}
        self.krav.append(krav)
        feil_tid = abs(krav["iat"] - naa) > 10 or krav["exp"] - krav["iat"] > 120
        avslag = [
            (gjentatt, mp_feil("MP-012")),
            (bool(set(krav) - self.KRAV), mp_feil("", "Invalid assertion")),
            (krav["aud"] != ISSUER, mp_feil("MP-110")),
            (feil_tid, mp_feil("MP-130", "expired", dato=dato)),
        ]
        for gjelder, svar in avslag:
            if gjelder:
                return svar
        self.tokens.append(f"hemmelig-{len(self.tokens)}")
        body = {
            "access_token": self.tokens[-1],
            "token_type": "Bearer",
            "expires_in": self.levetid,
            "scope": "x",
        }
        return Svar(200, body, {"Date": dato})


_REGISTER = JWSRegistry()
_REGISTER.max_header_length = 20_000  # A certificate chain is long.


def _pem(sertifikat: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    return sertifikat.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class FalskSkatteetaten:
    """Answers from a queue, then with the standing answer; counts what is in flight."""

    def __init__(self, svar: Svar | None = None) -> None:
        self.svar = svar or Svar(200, {})
        self.koe: deque[Svar | Exception] = deque()
        self.stier: list[str] = []
        self.spoerringer: list[str] = []
        self.tokens: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.http_versjoner: set[str] = set()
        self.i_luften = 0
        self.mest_i_luften = 0
        self.port = asyncio.Event()
        self.port.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.stier.append(scope["path"])
        self.spoerringer.append(scope["query_string"].decode())
        self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
        self.tokens.append(self.headers[-1]["authorization"].removeprefix("Bearer "))
        self.http_versjoner.add(scope["http_version"])
        self.i_luften += 1
        self.mest_i_luften = max(self.mest_i_luften, self.i_luften)
        try:
            await asyncio.sleep(0)
            await self.port.wait()
            svar = self.koe.popleft() if self.koe else self.svar
            if isinstance(svar, Exception):
                raise svar
            await svar.send(send)
        finally:
            self.i_luften -= 1


@dataclass
class Verden:
    """Everything a test needs, wired together."""

    clock: FakeClock
    maskinporten: FalskMaskinporten
    skatteetaten: FalskSkatteetaten
    http: Http
    tokens: TokenSource
    skatt: SkattKlient
    maalinger: list[Maaling]

    async def __aenter__(self) -> "Verden":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.tokens.aclose()
        await self.http.aclose()


def verden(
    *,
    svar: Svar | None = None,
    noekler: KeySource | None = None,
    retry: RetryPolicy | None = None,
    breaker: BreakerPolicy | None = None,
    max_bytes: int = 1_000_000,
    eget_orgnr: str | None = None,
    skriptet: Iterable[Svar | Exception] = (),
) -> Verden:
    """Build a world. Must be called inside a running loop."""
    clock = FakeClock()
    maskinporten = FalskMaskinporten(clock)
    skatteetaten = FalskSkatteetaten(svar)
    skatteetaten.koe.extend(skriptet)
    maalinger: list[Maaling] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        vert: App = maskinporten if scope["server"][0] == "maskinporten.falsk" else skatteetaten
        await vert(scope, receive, send)

    http = Http(transport=httpx2.ASGITransport(app), max_bytes=max_bytes)
    oppsett = MaskinportenOppsett(miljoe="falsk", issuer=ISSUER, client_id=KLIENT_ID, eget_orgnr=eget_orgnr)
    tokens = TokenSource(
        oppsett,
        noekler or KeyRing(noekkel()),
        http,
        clock=clock,
        metrics=maalinger.append,
        jitter=lambda: 0.0,
    )
    skatt = SkattKlient(
        http,
        tokens,
        clock=clock,
        retry=retry,
        breaker=breaker,
        metrics=maalinger.append,
        jitter=lambda: 0.0,
    )
    return Verden(clock, maskinporten, skatteetaten, http, tokens, skatt, maalinger)


DELEGERING = Delegering(consumer_org=KOMMUNE)

SSG = SkattegrunnlagOppsett(
    kommune=KOMMUNE, base_url=API, tilgang=DELEGERING, rettighetspakke="kommunelangtidsoppholdinstitusjon"
)
BSA = BeregnetSkattOppsett(
    kommune=KOMMUNE, base_url=API, tilgang=DELEGERING, rettighetspakke="kommuneLangtidsoppholdInstitusjon"
)
TD = SisteOppgjoerOppsett(kommune=KOMMUNE, base_url=API, tilgang=DELEGERING)
IM = InntektOppsett(
    kommune=KOMMUNE, base_url=API, tilgang=DELEGERING, rettighetspakke="kommuneBoligsosialeFormaal"
)
FA = HendelserOppsett(
    kommune=KOMMUNE, base_url=API, tilgang=DELEGERING, scope="skatteetaten:summertskattegrunnlag"
)


def ssg_svar(**mer: object) -> dict[str, object]:
    """A small summert skattegrunnlag, about ``PERSON`` and 2025."""
    return {
        "personidentifikator": PERSON,
        "inntektsaar": "2025",
        "skjermet": False,
        "grunnlag": [
            {"tekniskNavn": "alderspensjonFraFolketrygden", "beloep": 250_000, "kategori": "inntekt"}
        ],
        "stadie": "oppgjoer",
        "skatteoppgjoersdato": "2026-03-21",
        **mer,
    }


def feil_svar(status: int, kode: str, melding: str = "tekst fra Skatteetaten", **headers: str) -> Svar:
    """An error as Skatteetaten writes it."""
    return Svar(status, {"kode": kode, "melding": melding, "korrelasjonsid": KORRELASJONSID}, headers)
