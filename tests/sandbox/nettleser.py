"""A client and its user's browser against the login providers: everything right, each thing to be bent."""

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc.jwk import RSAKey

from app.sandbox.innlogging.ansatte import HANDLINGER, HOEYT
from app.sandbox.innlogging.klientbevis import BEVISTYPE
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import ALTINNRESSURS, FJORDVIK, PORTAL, PORTALKLIENT, PORTALKLIENT_ENTRA
from tests.sandbox.stoette import KID, ROT, noekkel, signer_for_haand

RETUR = f"{PORTAL}/logg-inn/retur"
VERIFIKATOR = "v" * 43
STATE = "state-som-er-lang-nok"
NONCE = "nonce-som-er-lang-nok"
KLIENTER = {"ansattporten": PORTALKLIENT, "entra": PORTALKLIENT_ENTRA}

Felt = dict[str, str | None]


def utfordring(verifikator: str = VERIFIKATOR) -> str:
    """S256 of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifikator.encode()).digest()).decode().rstrip("=")


def detaljer(**endret: Any) -> str:
    """``authorization_details`` for our resource; None takes a field away."""
    detalj = {
        "type": "ansattporten:altinn:resource",
        "resource": ALTINNRESSURS,
        "actions": ",".join(HANDLINGER),
        "representation_is_required": True,
    } | endret
    return json.dumps([{navn: verdi for navn, verdi in detalj.items() if verdi is not None}])


@dataclass(frozen=True)
class Klient:
    """The portal's client with one provider; every part can be bent. None takes a field away.

    Attributes:
        felt: changes to the authorization request.
        paastander: changes to the client assertion's claims.
        hode: changes to its header.
        bevis: changes to the form fields it is sent in, and beside.
        hoder: HTTP headers sent with what the client posts.
    """

    system: str = "ansattporten"
    felt: Felt = field(default_factory=dict)
    paastander: Mapping[str, Any] = field(default_factory=dict)
    hode: Mapping[str, Any] = field(default_factory=dict)
    bevis: Felt = field(default_factory=dict)
    hoder: Mapping[str, str] = field(default_factory=dict)
    noekkel: RSAKey = field(default_factory=noekkel)
    klient_id: str | None = None

    def med(self, **felt: str | None) -> "Klient":
        """The same with changes to the authorization request."""
        return replace(self, felt={**self.felt, **felt})

    @property
    def id(self) -> str:
        """``client_id``."""
        return self.klient_id or KLIENTER[self.system]

    def sti(self, sandkasse: Sandkasse, navn: str) -> str:
        """An endpoint's address, from the discovery document."""
        adresse: str = sandkasse.tilbydere()[self.system].utforming.metadata()[navn]
        return adresse

    def forespoersel(self) -> dict[str, str]:
        """The authorization request."""
        felt: Felt = {
            "client_id": self.id,
            "redirect_uri": RETUR,
            "response_type": "code",
            "scope": "openid",
            "state": STATE,
            "nonce": NONCE,
            "code_challenge": utfordring(),
            "code_challenge_method": "S256",
        }
        if self.system == "ansattporten":
            felt |= {"acr_values": HOEYT, "authorization_details": detaljer()}
        return _uten_tomme(felt | self.felt)

    def bevisfelt(self, sandkasse: Sandkasse) -> dict[str, str]:
        """The client's proof, as form fields."""
        paastander = {
            "iss": self.id,
            "sub": self.id,
            "aud": sandkasse.tilbydere()[self.system].utforming.utsteder,
            "iat": int(sandkasse.klokke.sekunder()),
            "exp": int(sandkasse.klokke.sekunder()) + 60,
            "jti": str(uuid.uuid4()),
        } | dict(self.paastander)
        assertion = signer_for_haand({"alg": "RS256", "kid": KID} | dict(self.hode), paastander, self.noekkel)
        return _uten_tomme({"client_assertion_type": BEVISTYPE, "client_assertion": assertion} | self.bevis)

    async def par(self, sandkasse: Sandkasse, http: httpx2.AsyncClient) -> httpx2.Response:
        """Push the request."""
        felt = self.forespoersel() | self.bevisfelt(sandkasse)
        adresse = self.sti(sandkasse, "pushed_authorization_request_endpoint")
        return await http.post(adresse, data=felt, headers=self.hoder)

    async def be(self, sandkasse: Sandkasse, http: httpx2.AsyncClient) -> httpx2.Response:
        """Send the browser to the provider, with a pushed request where that can be."""
        felt = self.forespoersel()
        if self.system == "ansattporten" and "authorization_details" in felt:
            svar = await self.par(sandkasse, http)
            assert svar.status_code == 201, svar.text
            felt = {"client_id": self.id, "request_uri": svar.json()["request_uri"]}
        return await http.get(self.sti(sandkasse, "authorization_endpoint"), params=felt)

    async def logg_inn(
        self, sandkasse: Sandkasse, http: httpx2.AsyncClient, ansatt: str, orgnr: str = FJORDVIK
    ) -> httpx2.Response:
        """All the way to the redirect back."""
        return await velg(http, await self.be(sandkasse, http), ansatt=ansatt, orgnr=orgnr)

    async def token(
        self, sandkasse: Sandkasse, http: httpx2.AsyncClient, kode: str, **endret: str | None
    ) -> httpx2.Response:
        """Redeem a code."""
        felt: Felt = {
            "grant_type": "authorization_code",
            "code": kode,
            "redirect_uri": RETUR,
            "code_verifier": VERIFIKATOR,
        }
        alle = _uten_tomme({**felt, **self.bevisfelt(sandkasse), **endret})
        return await http.post(self.sti(sandkasse, "token_endpoint"), data=alle, headers=self.hoder)

    async def alt(
        self, sandkasse: Sandkasse, http: httpx2.AsyncClient, ansatt: str, orgnr: str = FJORDVIK
    ) -> dict[str, Any]:
        """The token response of a whole login."""
        kode = retur(await self.logg_inn(sandkasse, http, ansatt, orgnr))["code"]
        svar = await self.token(sandkasse, http, kode)
        assert svar.status_code == 200, svar.text
        kropp: dict[str, Any] = svar.json()
        return kropp


async def velg(http: httpx2.AsyncClient, svar: httpx2.Response, **valg: str) -> httpx2.Response:
    """Press the button asked for on each page, until there is no page with such a button.

    Args:
        valg: what to choose, by the field's name (``ansatt``, ``orgnr``).
    """
    while svar.status_code == 200:
        for navn, verdi in valg.items():
            if f'name="{navn}" value="{verdi}"' in svar.text:
                svar = await trykk(http, svar, **{navn: verdi})
                break
        else:
            return svar
    return svar


async def trykk(http: httpx2.AsyncClient, side: httpx2.Response, **felt: str) -> httpx2.Response:
    """Post the page's first form that has the field, or the one asked for by its action."""
    handling = felt.pop("handling", None)
    for skjema in re.findall(r"<form.*?</form>", side.text, flags=re.DOTALL):
        action = re.search(r'action="([^"]+)"', skjema)
        assert action is not None
        har = all(f'name="{navn}"' in skjema for navn in felt)
        if har and (handling is None or action[1].endswith(handling)):
            skjulte = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', skjema))
            return await http.post(f"{ROT}{action[1]}", data={**skjulte, **felt})
    raise AssertionError("siden har ikke det skjemaet")


def retur(svar: httpx2.Response) -> dict[str, str]:
    """The parameters of a redirect to the portal."""
    assert svar.status_code == 303, svar.text
    adresse = urlsplit(svar.headers["location"])
    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == RETUR
    return {navn: verdi for navn, (verdi,) in parse_qs(adresse.query, strict_parsing=True).items()}


def rammer(svar: httpx2.Response) -> list[str]:
    """The addresses a logout page opens in frames."""
    return [unescape(adresse) for adresse in re.findall(r'<iframe [^>]*src="([^"]+)"', svar.text)]


def paastander(token: str) -> dict[str, Any]:
    """The claims of a JWT, whoever signed it."""
    return _les(token, 1)


def hodet(token: str) -> dict[str, Any]:
    """Its header."""
    return _les(token, 0)


def _les(token: str, del_: int) -> dict[str, Any]:
    raatt = token.split(".")[del_]
    lest: dict[str, Any] = json.loads(base64.urlsafe_b64decode(raatt + "=" * (-len(raatt) % 4)))
    return lest


def _uten_tomme(felt: Mapping[str, str | None]) -> dict[str, str]:
    return {navn: verdi for navn, verdi in felt.items() if verdi is not None}
