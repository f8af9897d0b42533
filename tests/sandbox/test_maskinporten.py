"""Maskinporten: one row per documented refusal, and what a granted token says."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from app.sandbox.maskinporten.feil import Avslag
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import (
    DELEGERINGSKILDE,
    FJORDVIK,
    KLIENT_ID,
    LEVERANDOER,
    OEYVAER,
    SYSTEM_ID,
    VIDDEFJELL,
)
from app.sandbox.syntetisk import organisasjonsnummer
from tests.sandbox.stoette import KID, NAA, SSG_SCOPE, Grant, hent, kall, noekkel, ny_sandkasse

FREMMED_ORG = organisasjonsnummer(32_000_000)


def systembruker(**endret: Any) -> dict[str, Any]:
    """Claims for a system user of Fjordvik instead of delegation."""
    detalj = {
        "type": "urn:altinn:systemuser",
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": f"0192:{FJORDVIK}"},
    } | endret
    return {"consumer_org": None, "authorization_details": [detalj]}


def utloept_noekkel(s: Sandkasse) -> Grant:
    s.registrer_noekkel(noekkel(), kid=KID, levetid=-1)
    return Grant()


def feil_miljoe(s: Sandkasse) -> Grant:
    s.register.klienter[KLIENT_ID] = replace(s.register.klienter[KLIENT_ID], miljoe="prod")
    return Grant()


def feil_integrasjonstype(s: Sandkasse) -> Grant:
    s.register.klienter[KLIENT_ID] = replace(s.register.klienter[KLIENT_ID], integrasjonstype="idporten")
    return Grant()


def brukt_jti(s: Sandkasse) -> Grant:
    assert Grant({"jti": "en-gang"}).send(s).status_code == 200
    return Grant({"jti": "en-gang"})


def jti_brukt_av_avslag(s: Sandkasse) -> Grant:
    """A refused grant has spent its jti as well."""
    assert Grant({"jti": "brukt", "scope": "annet:scope"}).send(s).status_code == 400
    return Grant({"jti": "brukt"})


def med_sertifikat(orgnr: str = LEVERANDOER, *, dager: int = 30, **hode: Any) -> Callable[[Sandkasse], Grant]:
    """A grant signed with a certificate; the client has no key posted."""

    def lag(s: Sandkasse) -> Grant:
        s.register.fjern_noekkel(KLIENT_ID, KID)
        naa = s.klokke.tid()
        fra = naa - timedelta(days=60)
        sertifikat = s.maskinporten.dommer.sertifikatutsteder.utsted(orgnr, fra, naa + timedelta(days=dager))
        return Grant(hode={"kid": None, "x5c": sertifikat.x5c} | hode, noekkel=sertifikat.noekkel)

    return lag


def bare_bladet(s: Sandkasse) -> Grant:
    grant = med_sertifikat()(s)
    grant.hode["x5c"] = grant.hode["x5c"][:1]
    return grant


def sertifikat_tross_noekkel(s: Sandkasse) -> Grant:
    grant = med_sertifikat()(s)
    s.registrer_noekkel(noekkel(), kid=KID)
    return grant


@dataclass(frozen=True)
class Rad:
    """One refusal."""

    navn: str
    grant: Callable[[Sandkasse], Grant]
    avslag: Avslag


def p(**paastander: Any) -> Callable[[Sandkasse], Grant]:
    return lambda s: Grant(paastander)


def h(**hode: Any) -> Callable[[Sandkasse], Grant]:
    return lambda s: Grant(hode=hode)


def f(**skjema: str) -> Callable[[Sandkasse], Grant]:
    return lambda s: Grant(skjema=skjema)


# Source of the meanings: Digdir's error table as given in the notes on authentication, § 1.
AVSLAG = [
    Rad("ukjent grant_type", f(grant_type="client_credentials"), Avslag.UGYLDIG_PARAMETER),
    Rad("ukjent felt i skjemaet", f(client_id=KLIENT_ID), Avslag.UGYLDIG_PARAMETER),
    Rad("assertion er ikke en JWT", f(assertion="tull"), Avslag.UGYLDIG_PARAMETER),
    Rad("scope mangler", p(scope=None), Avslag.UGYLDIG_PARAMETER),
    Rad("jti mangler", p(jti=None), Avslag.UGYLDIG_PARAMETER),
    Rad("resource er ikke en liste", p(resource="https://api.no"), Avslag.UGYLDIG_PARAMETER),
    Rad("consumer_org har prefiks", p(consumer_org=f"0192:{FJORDVIK}"), Avslag.UGYLDIG_PARAMETER),
    Rad("iat er tekst", p(iat=str(int(NAA))), Avslag.UGYLDIG_PARAMETER),
    Rad("alg utenfor RS-familien", h(alg="PS256"), Avslag.UGYLDIG_PARAMETER),
    Rad("verken kid eller x5c", h(kid=None), Avslag.UGYLDIG_PARAMETER),
    Rad("ekstra felt i hodet", h(jku="https://ond.no"), Avslag.UGYLDIG_PARAMETER),
    Rad("jti brukt før", brukt_jti, Avslag.GJENBRUK),
    Rad("jti brukt av et avslag", jti_brukt_av_avslag, Avslag.GJENBRUK),
    Rad("ukjent klient", p(iss="en-annen"), Avslag.UKJENT_KLIENT),
    Rad("klient i et annet miljø", feil_miljoe, Avslag.UKJENT_KLIENT),
    Rad("aud er tokenadressen", p(aud="https://test.maskinporten.no/token"), Avslag.FEIL_MOTTAKER),
    Rad("aud uten skråstrek", p(aud="https://test.maskinporten.no"), Avslag.FEIL_MOTTAKER),
    Rad("aud er en liste", p(aud=["https://test.maskinporten.no/"]), Avslag.FEIL_MOTTAKER),
    Rad("sertifikat kan ikke leses", med_sertifikat(x5c=["AAAA", "BBBB"]), Avslag.UGYLDIG_SERTIFIKAT),
    Rad("bare bladet i kjeden", bare_bladet, Avslag.UGYLDIG_SERTIFIKAT),
    Rad("sertifikat når nøkkel er registrert", sertifikat_tross_noekkel, Avslag.UGYLDIG_SERTIFIKAT),
    Rad("registrert nøkkel er utløpt", utloept_noekkel, Avslag.NOEKKEL_UTLOEPT),
    Rad("sertifikatet er utløpt", med_sertifikat(dager=-1), Avslag.NOEKKEL_UTLOEPT),
    Rad("en annens sertifikat", med_sertifikat(FREMMED_ORG), Avslag.FEIL_SERTIFIKATEIER),
    Rad("x5c er tekst", med_sertifikat(x5c="AAAA"), Avslag.X5C_IKKE_LISTE),
    Rad("signert med en annen nøkkel", lambda s: Grant(noekkel=noekkel("fremmed")), Avslag.UGYLDIG_SIGNATUR),
    Rad("ukjent kid", h(kid="ukjent"), Avslag.UGYLDIG_SIGNATUR),
    Rad("exp er passert", p(exp=int(NAA)), Avslag.UTLOEPT),
    Rad("iat 11 s tilbake", p(iat=int(NAA) - 11), Avslag.UTLOEPT),
    Rad("exp 121 s etter iat", p(exp=int(NAA) + 121), Avslag.UTLOEPT),
    Rad("scope ikke på klienten", p(scope="skatteetaten:krr"), Avslag.SCOPE_IKKE_PAA_KLIENT),
    Rad("feil integrasjonstype", feil_integrasjonstype, Avslag.FEIL_INTEGRASJONSTYPE),
    Rad("kommunen mangler scopet", p(consumer_org=OEYVAER), Avslag.MANGLER_TILGANG),
    Rad("ingen konsument: leverandøren har ikke scopet", p(consumer_org=None), Avslag.MANGLER_TILGANG),
    Rad("kommunen har ikke delegert", p(consumer_org=VIDDEFJELL), Avslag.IKKE_DELEGERT),
    Rad("RAR: ukjent type", p(**systembruker(type="urn:altinn:consent")), Avslag.RAR_TYPE),
    Rad("RAR: ukjent felt", p(**systembruker(actions=["read"])), Avslag.RAR_FELT),
    Rad("RAR: to parter", p(consumer_org=None, authorization_details=[{}, {}]), Avslag.RAR_FELT),
    Rad(
        "RAR: feil autoritet",
        p(**systembruker(systemuser_org={"authority": "x", "ID": f"0192:{FJORDVIK}"})),
        Avslag.RAR_VERDI,
    ),
    Rad("RAR: ukjent externalRef", p(**systembruker(externalRef="avdeling")), Avslag.RAR_VERDI),
    Rad("ukjent påstand", p(nbf=int(NAA)), Avslag.UGYLDIG_ASSERTION),
    Rad("avviklet iss_onbehalfof", p(iss_onbehalfof="kommune"), Avslag.UGYLDIG_ASSERTION),
    Rad("iat 11 s fram", p(iat=int(NAA) + 11), Avslag.UTSTEDT_FRAM_I_TID),
    Rad("consumer_org er oss selv", p(consumer_org=LEVERANDOER), Avslag.EGEN_ORGANISASJON),
]


@pytest.mark.parametrize("rad", AVSLAG, ids=lambda rad: rad.navn)
def test_avslag(rad: Rad) -> None:
    s = ny_sandkasse()
    grant = rad.grant(s)
    svar = grant.send(s)
    kropp = svar.json()
    assert svar.status_code == 400
    kode, error, tekst = rad.avslag.value
    assert kropp.keys() == {"error", "error_description", "error_uri"}
    assert kropp["error"] == error
    assert kropp["error_description"].startswith(f"{kode}: {tekst}" if kode else tekst)
    assert re.search(r"\(trace_id: [0-9a-f]{32}\)$", kropp["error_description"])
    assert FJORDVIK not in svar.text  # no value from the request comes back


def test_hver_dokumenterte_kode_har_en_rad() -> None:
    assert {rad.avslag for rad in AVSLAG} == set(Avslag)
    assert {a.kode for a in Avslag if a.kode} == {
        f"MP-{nummer:03d}"
        for nummer in (11, 12, 100, 110, 120, 121, 122, 123, 124, 130, 200, 201, 250, 251, 301, 302, 303)
    }


GODE = [
    ("RS256", Grant()),
    ("RS384", Grant(hode={"alg": "RS384"})),
    ("RS512", Grant(hode={"alg": "RS512", "typ": "JWT"})),
    ("iat 10 s tilbake", Grant({"iat": int(NAA) - 10, "exp": int(NAA) + 110})),
    ("iat 10 s fram", Grant({"iat": int(NAA) + 10, "exp": int(NAA) + 130})),
    ("kort levetid", Grant({"exp": int(NAA) + 1})),
]


@pytest.mark.parametrize(("navn", "grant"), GODE, ids=[navn for navn, _ in GODE])
def test_paa_riktig_side_av_grensene(navn: str, grant: Grant) -> None:
    assert grant.send(ny_sandkasse()).status_code == 200, navn


def paastander(s: Sandkasse, token: str) -> dict[str, Any]:
    """The claims, after checking the signature against what the JWKS endpoint publishes."""
    jwks = hent(s, "/maskinporten/jwk").json()
    assert all("d" not in n for n in jwks["keys"])
    return jwt.decode(token, KeySet.import_key_set(jwks), algorithms=["RS256"]).claims


def test_token_paa_vegne_av_en_kommune() -> None:
    s = ny_sandkasse()
    svar = Grant().send(s).json()
    assert {n: svar[n] for n in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 120,
        "scope": SSG_SCOPE,
    }
    token = paastander(s, svar["access_token"])
    assert token["consumer"] == {"authority": "iso6523-actorid-upis", "ID": f"0192:{FJORDVIK}"}
    assert token["supplier"] == {"authority": "iso6523-actorid-upis", "ID": f"0192:{LEVERANDOER}"}
    assert token["delegation_source"] == DELEGERINGSKILDE
    assert token["aud"] == "unspecified"
    assert (token["iat"], token["exp"]) == (int(NAA), int(NAA) + 120)


def test_token_med_systembruker_har_kommunen_i_detaljene() -> None:
    s = ny_sandkasse()
    s.register.scopes[SSG_SCOPE].tilganger.add(LEVERANDOER)
    token = paastander(s, Grant(systembruker()).send(s).json()["access_token"])
    assert token["consumer"]["ID"] == f"0192:{LEVERANDOER}"
    assert "supplier" not in token
    (detalj,) = token["authorization_details"]
    assert detalj["systemuser_org"]["ID"] == f"0192:{FJORDVIK}"
    assert detalj["system_id"] == SYSTEM_ID


def test_sertifikat_gir_token() -> None:
    s = ny_sandkasse()
    assert med_sertifikat()(s).send(s).status_code == 200


def test_resource_blir_aud_og_pid_foelger_med() -> None:
    s = ny_sandkasse()
    pid = s.befolkning.navngitte()[0].identer[0]
    svar = Grant({"resource": ["https://api.no"], "pid": pid}).send(s).json()
    token = paastander(s, svar["access_token"])
    assert (token["aud"], token["pid"]) == ("https://api.no", pid)
    assert all(pid not in noekkel_ for noekkel_ in s.maskinporten.tokenkall)


@pytest.mark.parametrize(("klient", "scope", "ventet"), [(120, None, 120), (600, 300, 300), (60, 300, 60)])
def test_den_korteste_levetiden_gjelder(klient: int, scope: int | None, ventet: int) -> None:
    s = ny_sandkasse()
    s.register.klienter[KLIENT_ID] = replace(s.register.klienter[KLIENT_ID], levetid=klient)
    s.register.scopes[SSG_SCOPE].levetid = scope
    assert Grant().send(s).json()["expires_in"] == ventet


def test_metadata_navngir_utstederen() -> None:
    svar = hent(ny_sandkasse(), "/maskinporten/.well-known/oauth-authorization-server").json()
    assert svar["issuer"] == "https://test.maskinporten.no/"
    assert svar["token_endpoint"] == f"{svar['issuer']}token"
    assert svar["token_endpoint_auth_signing_alg_values_supported"] == ["RS256", "RS384", "RS512"]


def test_samme_program_under_det_virkelige_vertsnavnet() -> None:
    s = ny_sandkasse()
    svar = kall(s, lambda klient: klient.get("https://test.maskinporten.no/jwk"))
    assert svar.json() == s.maskinporten.jwks()


def test_rotasjon_publiserer_begge_noekler() -> None:
    s = ny_sandkasse()
    foer = Grant().send(s).json()["access_token"]
    s.maskinporten.roter()
    assert paastander(s, foer)["iss"] == "https://test.maskinporten.no/"
    s.maskinporten.roter(behold_gammel=False)
    assert len(s.maskinporten.jwks()["keys"]) == 1


def test_date_hodet_viser_sandkassens_klokke() -> None:
    s = ny_sandkasse()
    s.klokke.forskyvning = 3600
    svar = Grant().send(s)
    assert svar.headers["Date"] == s.klokke.http_dato()
    assert svar.headers.get_list("date") == [s.klokke.http_dato()]
