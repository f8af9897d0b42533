"""The token response: id_token, access token and who the person represents – and every way to get it wrong."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from app.sandbox.innlogging.ansatte import BETYDELIG, FIRMA, FREMMED_TENANT, VIRKSOMHETER
from app.sandbox.innlogging.planting import Plantet
from app.sandbox.innlogging.utforming import RAR_RESSURS, uten_prefiks
from app.sandbox.maskinporten.program import aktoer
from app.sandbox.signering import ALGORITME, Signeringsnoekler, ny_rsa_noekkel

LEVETID: Final = 120
_ETT_MINUTT: Final = 60
_ETT_DOEGN: Final = 24 * 3600
_FREMMED: Final = "en-annen-klient"
_FREMMED_UTSTEDER: Final = "https://fremmed-utsteder.example"
_MANGLER: Final = object()


def at_hash(access_token: str) -> str:
    """What ties the id_token to the access token: the left half of its SHA-256."""
    return _b64(hashlib.sha256(access_token.encode()).digest()[:16])


def detaljer(ressurs: str, orgnr: str, handlinger: tuple[str, ...]) -> list[dict[str, Any]]:
    """``authorization_details`` as Ansattporten answers for one chosen organisation."""
    virksomhet = VIRKSOMHETER[orgnr]
    return [
        {
            "type": RAR_RESSURS,
            "resource": ressurs,
            "resource_name": "Egenandel",
            "authorized_parties": [
                {
                    "orgno": aktoer(orgnr),
                    "resource": uten_prefiks(ressurs),
                    "actions": list(handlinger),
                    "name": virksomhet.navn,
                    "unit_type": virksomhet.form,
                }
            ],
        }
    ]


def skjeve_detaljer(rette: list[dict[str, Any]], feil: frozenset[Plantet]) -> list[dict[str, Any]] | None:
    """The details with the ordered faults in them; None when they are to be missing."""
    if Plantet.UTEN_DETALJER in feil:
        return None
    detalj = json.loads(json.dumps(rette[0]))
    part = detalj["authorized_parties"][0]
    orgnr = part["orgno"]["ID"]
    if Plantet.FREMMED_VIRKSOMHET in feil:
        part["orgno"] = aktoer(FIRMA)
    if Plantet.UGYLDIG_ORGNR in feil:
        part["orgno"]["ID"] = f"{orgnr[:-1]}{(int(orgnr[-1]) + 1) % 10}"
    if Plantet.UKJENT_HANDLING in feil:
        part["actions"] = ["administrator"]
    if Plantet.TO_VIRKSOMHETER in feil:
        detalj["authorized_parties"].append({**part, "orgno": aktoer(FIRMA)})
    if Plantet.TOMME_DETALJER in feil:
        del detalj["authorized_parties"]
    if Plantet.FEIL_DETALJTYPE in feil:
        detalj["type"] = "ansattporten:orgno"
    if Plantet.FEIL_RESSURS in feil:
        detalj["resource"] = "urn:altinn:resource:en-annen-ressurs"
    return [detalj]


def kopien(i_svaret: list[dict[str, Any]], feil: frozenset[Plantet]) -> list[dict[str, Any]]:
    """The copy in the id_token, which should say the same."""
    if Plantet.ULIK_KOPI not in feil:
        return i_svaret
    kopi = json.loads(json.dumps(i_svaret))
    kopi[0]["authorized_parties"][0]["orgno"] = aktoer(FIRMA)
    return list(kopi)


_Endring = Callable[[dict[str, Any]], dict[str, Any]]

_SKJEVE: Final[Mapping[Plantet, _Endring]] = {
    Plantet.FEIL_NONCE: lambda p: {"nonce": secrets.token_urlsafe(24)},
    Plantet.UTEN_NONCE: lambda p: {"nonce": _MANGLER},
    Plantet.FEIL_AUD: lambda p: {"aud": _FREMMED},
    Plantet.FLERE_AUD: lambda p: {"aud": [p["aud"], _FREMMED], "azp": p["aud"]},
    Plantet.FREMMED_AUD_MED_AZP: lambda p: {"aud": _FREMMED, "azp": p["aud"]},
    Plantet.FREMMED_AZP: lambda p: {"azp": _FREMMED},
    Plantet.FEIL_ISS: lambda p: {"iss": _FREMMED_UTSTEDER},
    Plantet.FEIL_ACR: lambda p: {"acr": BETYDELIG},
    Plantet.UTEN_ACR: lambda p: {"acr": _MANGLER},
    Plantet.UTLOEPT: lambda p: {"iat": p["iat"] - LEVETID - _ETT_MINUTT, "exp": p["iat"] - _ETT_MINUTT},
    Plantet.UTSTEDT_FRAM_I_TID: lambda p: {"iat": p["iat"] + _ETT_MINUTT},
    Plantet.UTEN_EXP: lambda p: {"exp": _MANGLER},
    Plantet.UTEN_SUB: lambda p: {"sub": _MANGLER},
    Plantet.FEIL_AT_HASH: lambda p: {"at_hash": at_hash("et annet token")},
    Plantet.GAMMEL_INNLOGGING: lambda p: {"auth_time": p["auth_time"] - _ETT_DOEGN},
    Plantet.UTEN_FLERFAKTOR: lambda p: {"amr": ["pwd"]},
    Plantet.FREMMED_TID: lambda p: {"tid": FREMMED_TENANT},
    Plantet.UTEN_ROLLER: lambda p: {"roles": _MANGLER},
}


def skjeve_paastander(rette: dict[str, Any], feil: frozenset[Plantet]) -> dict[str, Any]:
    """The claims with the ordered faults in them."""
    alle = dict(rette)
    for plantet, endring in _SKJEVE.items():
        if plantet in feil:
            alle |= endring(alle)
    return {navn: verdi for navn, verdi in alle.items() if verdi is not _MANGLER}


def signer(noekler: Signeringsnoekler, paastander: dict[str, Any], feil: frozenset[Plantet]) -> str:
    """The id_token, signed as it should be unless a fault is ordered.

    Crooked ones are put together by hand: a JWT library refuses to make them.
    """
    gjeldende = noekler.gjeldende()
    if Plantet.ALG_NONE in feil:
        return f"{_del({'alg': 'none', 'kid': gjeldende.kid})}.{_del(paastander)}."
    if Plantet.HS256_MED_OFFENTLIG_NOEKKEL in feil:
        delt = f"{_del({'alg': 'HS256', 'kid': gjeldende.kid})}.{_del(paastander)}"
        return f"{delt}.{_b64(hmac.digest(gjeldende.as_pem(private=False), delt.encode(), 'sha256'))}"
    hode: dict[str, Any] = {"alg": ALGORITME, "kid": gjeldende.kid, "typ": "JWT"}
    if Plantet.UKJENT_KID in feil:
        hode["kid"] = secrets.token_hex(8)
    if Plantet.UTEN_KID in feil:
        del hode["kid"]
    if Plantet.UKJENT_CRIT in feil:
        hode |= {"crit": ["http://sandkassen.example/ukjent"], "http://sandkassen.example/ukjent": True}
    noekkel = ny_rsa_noekkel("fremmed") if Plantet.FREMMED_NOEKKEL in feil else gjeldende
    return _rs256(noekkel, hode, paastander)


def _rs256(noekkel: RSAKey, hode: dict[str, Any], paastander: dict[str, Any]) -> str:
    delt = f"{_del(hode)}.{_del(paastander)}"
    privat = noekkel.private_key
    assert privat is not None, "utstederen har den private delen"  # noqa: S101
    return f"{delt}.{_b64(privat.sign(delt.encode(), PKCS1v15(), SHA256()))}"


def _del(felt: dict[str, Any]) -> str:
    return _b64(json.dumps(felt).encode())


def _b64(raatt: bytes) -> str:
    return base64.urlsafe_b64encode(raatt).decode().rstrip("=")
