"""The assertion: exactly the claims Maskinporten takes, in each way of getting access."""

import asyncio
import base64
from typing import Any

import pytest
from cryptography import x509

from app.skatt_client import (
    Delegering,
    Egen,
    KeyRing,
    MaskinportenOppsett,
    SigningKey,
    Systembruker,
    Tilgang,
    TokenRequest,
)
from tests.skatt_client.falske import ISSUER, KLIENT_ID, KOMMUNE, LEVERANDOER, PERSON, SSG, verden
from tests.skatt_client.test_noekler import PASSORD, p12

FASTE = {"aud", "iss", "scope", "iat", "exp", "jti"}


def krav(foresp: TokenRequest, eget_orgnr: str | None = None) -> dict[str, Any]:
    async def proev() -> dict[str, Any]:
        async with verden(eget_orgnr=eget_orgnr) as v:
            await v.tokens.hent(foresp)
            (hode,) = v.maskinporten.hoder
            assert hode == {"alg": "RS256", "kid": "test-0"}
            return v.maskinporten.krav[0]

    return asyncio.run(proev())


def test_faste_krav() -> None:
    sendt = krav(TokenRequest(("b:b", "a:a")))
    assert set(sendt) == FASTE
    assert sendt["aud"] == ISSUER
    assert sendt["iss"] == KLIENT_ID
    assert sendt["scope"] == "a:a b:b"
    assert 0 < sendt["exp"] - sendt["iat"] <= 120


RAR = {
    "type": "urn:altinn:systemuser",
    "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": f"0192:{KOMMUNE}"},
}

TILGANGER: list[tuple[Tilgang, dict[str, object]]] = [
    (Egen(), {}),
    (Delegering(consumer_org=KOMMUNE), {"consumer_org": KOMMUNE}),
    (Delegering(consumer_org=LEVERANDOER), {}),  # Ourselves: Maskinporten refuses our own organisation there.
    (Systembruker(orgnr=KOMMUNE), {"authorization_details": [RAR]}),
    (Systembruker(orgnr=KOMMUNE, ekstern_ref="a"), {"authorization_details": [RAR | {"externalRef": "a"}]}),
]


@pytest.mark.parametrize(("tilgang", "ventet"), TILGANGER)
def test_tilgang_per_api(tilgang: Tilgang, ventet: dict[str, object]) -> None:
    oppsett = SSG.model_copy(update={"tilgang": tilgang})
    sendt = krav(TokenRequest.for_api(oppsett), eget_orgnr=LEVERANDOER)
    assert {navn: verdi for navn, verdi in sendt.items() if navn not in FASTE} == ventet


def test_resource_er_en_liste_og_pid_er_med() -> None:
    sendt = krav(TokenRequest(("a:b",), resource=("https://r",), pid=PERSON))
    assert sendt["resource"] == ["https://r"]
    assert sendt["pid"] == PERSON


def test_sertifikat_sendes_som_kjede_og_uten_kid() -> None:
    async def proev() -> None:
        data, kjede = p12()
        async with verden(noekler=KeyRing(SigningKey.fra_pkcs12(data, PASSORD))) as v:
            await v.tokens.hent(TokenRequest(("a:b",)))
            (hode,) = v.maskinporten.hoder
            assert set(hode) == {"alg", "x5c"}
            assert [x509.load_der_x509_certificate(base64.b64decode(ledd)) for ledd in hode["x5c"]] == kjede

    asyncio.run(proev())


def test_levetiden_kan_ikke_bli_lengre_enn_120() -> None:
    with pytest.raises(ValueError, match="120"):
        MaskinportenOppsett(miljoe="x", issuer=ISSUER, client_id="x", levetid=121)
