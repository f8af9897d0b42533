"""One fault per token, and its neighbour on the right side of the line. Source: the notes on access, § 3."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.api.tilgang.grunner import Grunn, UgyldigTokenError
from app.api.tilgang.maskinporten import STOERSTE_FELT
from app.sandbox.standard import FJORDVIK, JOURNALLEVERANDOER, RESSURS, SCOPEPREFIKS, SKOGLI
from app.services.tilgang import Aktoer, Aktoertype, Rettighet
from app.services.utsteder.jwks import Noekkel, NoeklerUtilgjengeligError
from tests.api.tilgang.stoette import BORTE, ISSUER, KID, LES, SKRIV, Hyllen, Token, b64, part, vakt
from tests.sandbox.stoette import NAA, noekkel

N = int(NAA)
LESER = frozenset({Rettighet.LES_SAK, Rettighet.LES_KOMMUNE})


@dataclass(frozen=True)
class Rad:
    """A token, and why it is refused (``None``: it is not)."""

    navn: str
    token: Token | Callable[[], list[str]]
    grunn: Grunn | None
    krav: dict[str, Any] = field(default_factory=dict)

    @property
    def felt(self) -> list[str]:
        return self.token.felt if isinstance(self.token, Token) else self.token()


def p(navn: str, grunn: Grunn | None, krav: dict[str, Any] | None = None, **paastander: Any) -> Rad:
    return Rad(navn, Token(paastander), grunn, krav or {})


def h(navn: str, grunn: Grunn | None, **hode: Any) -> Rad:
    return Rad(navn, Token(hode=hode), grunn)


def f(navn: str, grunn: Grunn | None, lag: Callable[[], list[str]]) -> Rad:
    return Rad(navn, lag, grunn)


def med_annen_signatur() -> list[str]:
    hode, paastander, _ = str(Token()).split(".")
    signatur = str(Token({"jti": "en annen"})).split(".")[2]
    return [f"Bearer {hode}.{paastander}.{signatur}"]


def med_byttet_kommune() -> list[str]:
    hode, _, signatur = str(Token()).split(".")
    paastander = str(Token({"consumer": part(SKOGLI)})).split(".")[1]
    return [f"Bearer {hode}.{paastander}.{signatur}"]


FREMMED = noekkel("fremmed")
FREMMED_JWK = FREMMED.as_dict(private=False)
USPESIFISERT = {"godta_uspesifisert": True}

RADER = [
    # One Bearer header of at most 8 KiB.
    f("uten felt", Grunn.IKKE_BEARER, list),
    f("to felt", Grunn.IKKE_BEARER, lambda: Token().felt * 2),
    f("Basic", Grunn.IKKE_BEARER, lambda: ["Basic dTpw"]),
    f("bare tokenet", Grunn.IKKE_BEARER, lambda: [str(Token())]),
    f("bare ordet Bearer", Grunn.ULESELIG, lambda: ["Bearer"]),
    f("to mellomrom", Grunn.ULESELIG, lambda: [f"Bearer  {Token()}"]),
    f("to token i ett felt", Grunn.ULESELIG, lambda: [f"Bearer {Token()}, Bearer {Token()}"]),
    f("skjemaet med små bokstaver", None, lambda: [f"bearer {Token()}"]),
    f("8 KiB og én byte", Grunn.FOR_STORT, lambda: ["Bearer " + "x" * (STOERSTE_FELT - 6)]),
    f("8 KiB av noe annet", Grunn.ULESELIG, lambda: ["Bearer " + "x" * (STOERSTE_FELT - 7)]),
    Rad("nesten 8 KiB", Token({"fyll": "x" * 5000}), None),
    # A JWS with an object in each half.
    f("tull", Grunn.ULESELIG, lambda: ["Bearer a.b.c"]),
    f("to deler", Grunn.ULESELIG, lambda: ["Bearer " + str(Token()).rpartition(".")[0]]),
    f("fire deler", Grunn.ULESELIG, lambda: [f"Bearer {Token()}.x"]),
    f("uten signatur", Grunn.ULESELIG, lambda: ["Bearer " + str(Token()).rpartition(".")[0] + "."]),
    f("fyllt base64", Grunn.ULESELIG, lambda: [f"Bearer {Token()}="]),
    Rad("hodet er en liste", Token(raatt_hode=b'["alg"]'), Grunn.ULESELIG),
    Rad("hodet er tekst", Token(raatt_hode=b'"alg kid"'), Grunn.ULESELIG),
    Rad("hodet er ikke JSON", Token(raatt_hode=b"{alg"), Grunn.ULESELIG),
    Rad("dypt hode", Token(raatt_hode=b'{"alg":' + b"[" * 3000), Grunn.ULESELIG),
    Rad("påstandene er en liste", Token(raa_paastander=b"[]"), Grunn.ULESELIG),
    Rad("påstandene er ikke JSON", Token(raa_paastander=b"consumer"), Grunn.ULESELIG),
    Rad("påstandene er ikke UTF-8", Token(raa_paastander=b'{"a":"\xff"}'), Grunn.ULESELIG),
    # RS256, RS384 or RS512, with a key that Maskinporten has published under that kid.
    h("RS256", None),
    h("RS384", None, alg="RS384"),
    h("RS512", None, alg="RS512"),
    h("uten alg", Grunn.ULESELIG, alg=BORTE),
    h("none", Grunn.ALGORITME, alg="none"),
    h("HS256 med den offentlige nøkkelen", Grunn.ALGORITME, alg="HS256"),
    h("PS256", Grunn.ALGORITME, alg="PS256"),
    h("ES256", Grunn.ALGORITME, alg="ES256"),
    h("alg med små bokstaver", Grunn.ALGORITME, alg="rs256"),
    h("alg som liste", Grunn.ALGORITME, alg=["RS256"]),
    h("uten kid", Grunn.UTEN_KID, kid=BORTE),
    h("tom kid", Grunn.UTEN_KID, kid=""),
    h("kid som tall", Grunn.UTEN_KID, kid=1),
    h("ukjent kid", Grunn.UKJENT_NOEKKEL, kid="ukjent"),
    h("crit", Grunn.CRIT, crit=["exp"], exp=N),
    h("tom crit", Grunn.CRIT, crit=[]),
    h("crit null", Grunn.CRIT, crit=None),
    h("b64 uten crit", Grunn.ULESELIG, b64=False),
    h("b64 med crit", Grunn.ULESELIG, b64=False, crit=["b64"]),
    Rad("en annens nøkkel", Token(noekkel=FREMMED), Grunn.SIGNATUR),
    Rad("nøkkel i hodet: jwk", Token(noekkel=FREMMED, hode={"jwk": FREMMED_JWK}), Grunn.SIGNATUR),
    Rad("nøkkel i hodet: jku", Token(noekkel=FREMMED, hode={"jku": "https://ond.example/jwk"}), Grunn.SIGNATUR),
    Rad("nøkkel i hodet: x5u", Token(noekkel=FREMMED, hode={"x5u": "https://ond.example/x"}), Grunn.SIGNATUR),
    Rad("nøkkel i hodet: x5c", Token(noekkel=FREMMED, hode={"x5c": ["AAAA"]}), Grunn.SIGNATUR),
    h("jwk leses forbi", None, jwk=FREMMED_JWK),
    h("jku leses forbi", None, jku="https://ond.example/jwk"),
    h("x5c leses forbi", None, x5c=["A" * 1500]),
    h("ukjent felt i hodet leses forbi", None, noe={"annet": 1}),
    f("signaturen fra et annet token", Grunn.SIGNATUR, med_annen_signatur),
    f("kommunen byttet ut", Grunn.SIGNATUR, med_byttet_kommune),
    # Issuer, to the letter.
    p("iss uten skråstrek", Grunn.UTSTEDER, iss=ISSUER.rstrip("/")),
    p("iss i prod", Grunn.UTSTEDER, iss="https://maskinporten.no/"),
    p("iss med store bokstaver", Grunn.UTSTEDER, iss="https://TEST.maskinporten.no/"),
    p("iss som liste", Grunn.UTSTEDER, iss=[ISSUER]),
    p("uten iss", Grunn.UTSTEDER, iss=BORTE),
    # Time, with clocks ten seconds apart at most.
    p("utløpt for 10 s siden", Grunn.UTLOEPT, iat=N - 100, exp=N - 10),
    p("utløpt for 9 s siden", None, iat=N - 100, exp=N - 9),
    p("uten exp", Grunn.UTLOEPT, exp=BORTE),
    p("exp som tekst", Grunn.UTLOEPT, exp=str(N + 60)),
    p("exp som desimaltall", Grunn.UTLOEPT, exp=N + 60.5),
    p("exp er true", Grunn.UTLOEPT, exp=True),
    p("iat 11 s fram", Grunn.FRAM_I_TID, iat=N + 11, exp=N + 60),
    p("iat 10 s fram", None, iat=N + 10, exp=N + 60),
    p("uten iat", Grunn.FRAM_I_TID, iat=BORTE),
    p("nbf 11 s fram", Grunn.FRAM_I_TID, nbf=N + 11),
    p("nbf 10 s fram", None, nbf=N + 10),
    p("nbf som tekst", Grunn.FRAM_I_TID, nbf="nå"),
    p("nbf er true", Grunn.FRAM_I_TID, nbf=True),
    p("121 s levetid", Grunn.LEVETID, exp=N + 121),
    p("120 s levetid", None, exp=N + 120),
    p("600 s levetid er tillatt", None, {"at_max_age": 600}, exp=N + 600),
    p("601 s levetid når 600 er tillatt", Grunn.LEVETID, {"at_max_age": 600}, exp=N + 601),
    p("exp før iat", Grunn.LEVETID, iat=N + 5, exp=N),
    p("token_type DPoP", Grunn.TOKENTYPE, token_type="DPoP"),  # noqa: S106
    p("token_type null", Grunn.TOKENTYPE, token_type=None),
    p("uten token_type", None, token_type=BORTE),
    # Audience: our API, by default.
    p("aud er et annet API", Grunn.AUDIENCE, aud="https://annet.example"),
    p("aud begynner som vårt", Grunn.AUDIENCE, aud=f"{RESSURS}.ond.example"),
    p("aud unspecified", Grunn.AUDIENCE, aud="unspecified"),
    p("uten aud", Grunn.AUDIENCE, aud=BORTE),
    p("aud null", Grunn.AUDIENCE, aud=None),
    p("aud tom liste", Grunn.AUDIENCE, aud=[]),
    p("aud er et objekt med vårt navn", Grunn.AUDIENCE, aud={RESSURS: 1}),
    p("aud er oss og en annen", None, aud=["https://annet.example", RESSURS]),
    p("aud unspecified når det er tillatt", None, USPESIFISERT, aud="unspecified"),
    p("uten aud når det er tillatt", None, USPESIFISERT, aud=BORTE),
    p("et annet API når unspecified er tillatt", Grunn.AUDIENCE, USPESIFISERT, aud="https://annet.example"),
    p("unspecified og et annet API", Grunn.AUDIENCE, USPESIFISERT, aud=["unspecified", "https://annet.example"]),
    p("tom aud når unspecified er tillatt", Grunn.AUDIENCE, USPESIFISERT, aud=""),
    p("aud er oss når unspecified er tillatt", None, USPESIFISERT),
    # What would narrow the token, and is not understood here.
    p("systembruker", Grunn.SYSTEMBRUKER, authorization_details=[{"type": "urn:altinn:systemuser"}]),
    p("tom authorization_details", Grunn.SYSTEMBRUKER, authorization_details=[]),
    p("pid", Grunn.PERSONBUNDET, pid="et fødselsnummer"),
    p("pid null", Grunn.PERSONBUNDET, pid=None),
    p("cnf", Grunn.SENDERBUNDET, cnf={"jkt": "x"}),
    p("cnf null", Grunn.SENDERBUNDET, cnf=None),
    p("en påstand vi ikke kjenner", None, noe_nytt="x"),
    # The tenant.
    p("uten consumer", Grunn.KONSUMENT, consumer=BORTE),
    p("consumer som tekst", Grunn.KONSUMENT, consumer=f"0192:{FJORDVIK}"),
    p("consumer som liste", Grunn.KONSUMENT, consumer=[part(FJORDVIK)]),
    p("en annen autoritet", Grunn.KONSUMENT, consumer=part(FJORDVIK, "iso6523")),
    p("uten autoritet", Grunn.KONSUMENT, consumer={"ID": f"0192:{FJORDVIK}"}),
    p("uten ID", Grunn.KONSUMENT, consumer={"authority": "iso6523-actorid-upis"}),
    p("ID som tall", Grunn.KONSUMENT, consumer=part(FJORDVIK) | {"ID": 192}),
    p("et annet register", Grunn.KONSUMENT, consumer=part(FJORDVIK) | {"ID": f"0007:{FJORDVIK}"}),
    p("tre ledd i ID", Grunn.KONSUMENT, consumer=part(f"{FJORDVIK}:avdeling")),
    p("åtte sifre", Grunn.KONSUMENT, consumer=part(FJORDVIK[:8])),
    p("ti sifre", Grunn.KONSUMENT, consumer=part(f"{FJORDVIK}0")),
    p("linjeskift etter ID", Grunn.KONSUMENT, consumer=part(f"{FJORDVIK}\n")),
    p("arabiske sifre", Grunn.KONSUMENT, consumer=part("٣١٠٠٠٠٠٠٠")),
    p("feil kontrollsiffer", Grunn.KONSUMENT, consumer=part("310000001")),
    # The supplier and where the delegation was made.
    p("supplier med feil kontrollsiffer", Grunn.LEVERANDOER, supplier=part("310000001")),
    p("supplier med annen autoritet", Grunn.LEVERANDOER, supplier=part(JOURNALLEVERANDOER, "x")),
    p("supplier null", Grunn.LEVERANDOER, supplier=None),
    p("delegert i et annet miljø", Grunn.DELEGERINGSKILDE, delegation_source="https://altinn.no/"),
    p("supplier uten delegeringskilde", Grunn.DELEGERINGSKILDE, delegation_source=BORTE),
    p("delegeringskilde null når ingen er satt", Grunn.DELEGERINGSKILDE,
      {"delegeringskilde": None}, delegation_source=None),
    p("delegering når ingen kilde er satt", Grunn.DELEGERINGSKILDE, {"delegeringskilde": None}),
    p("delegeringskilde uten supplier", Grunn.DELEGERINGSKILDE, supplier=BORTE),
    p("kommunens egen klient", None, supplier=BORTE, delegation_source=BORTE),
    # For the register.
    p("uten client_id", Grunn.KLIENT, client_id=BORTE),
    p("tom client_id", Grunn.KLIENT, client_id=""),
    p("client_id som er et fødselsnummer", Grunn.KLIENT, client_id="1" * 11),
    p("client_id med linjeskift", Grunn.KLIENT, client_id="a\nb"),
    p("client_id på 201 tegn", Grunn.KLIENT, client_id="a" * 201),
    p("client_id på 200 tegn", None, client_id="a" * 200),
    p("scope som liste", Grunn.SCOPE, scope=[LES]),
    p("uten scope", Grunn.SCOPE, scope=BORTE),
]  # fmt: skip


def doem(rad: Rad) -> Aktoer:
    return asyncio.run(vakt(**rad.krav).aktoer(rad.felt))


@pytest.mark.parametrize("rad", RADER, ids=lambda rad: rad.navn)
def test_token(rad: Rad) -> None:
    if rad.grunn is None:
        assert doem(rad).kommune == FJORDVIK
        return
    with pytest.raises(UgyldigTokenError) as feil:
        doem(rad)
    assert feil.value.grunn is rad.grunn
    assert feil.value.__cause__ is None
    assert feil.value.__suppress_context__ or feil.value.__context__ is None


def test_hver_grunn_har_en_rad() -> None:
    assert {rad.grunn for rad in RADER} == {None, *Grunn}
    assert len({rad.navn for rad in RADER}) == len(RADER)


def test_aktoeren_er_det_tokenet_sier() -> None:
    assert asyncio.run(vakt().aktoer(Token().felt)) == Aktoer(
        kommune=FJORDVIK,
        type=Aktoertype.MASKIN,
        id="journal-sandkasse",
        rettigheter=LESER,
        leverandoer=JOURNALLEVERANDOER,
    )


SKRIVER = LESER | {Rettighet.SKRIV_SAK, Rettighet.SKRIV_KOMMUNE}

SCOPER: list[tuple[str, frozenset[Rettighet]]] = [
    (LES, LESER),
    (SKRIV, SKRIVER),
    (f"{LES} {SKRIV}", SKRIVER),
    (f"annet:scope {LES}", LESER),
    (f"annet:scope  {LES}", LESER),
    (f"annet:scope\t{LES}", frozenset()),
    (f"{LES}x", frozenset()),
    (f"x{LES}", frozenset()),
    (LES.upper(), frozenset()),
    ("egenandel.read", frozenset()),
    (f"annet-{SCOPEPREFIKS}:egenandel.read", frozenset()),
    (SCOPEPREFIKS, frozenset()),
    (f"{SCOPEPREFIKS}:", frozenset()),
    (f"{SCOPEPREFIKS}:egenandel", frozenset()),
    (f"{LES},{SKRIV}", frozenset()),
    ("", frozenset()),
]


@pytest.mark.parametrize(("scope", "ventet"), SCOPER, ids=[s or "tomt" for s, _ in SCOPER])
def test_scope(scope: str, ventet: frozenset[Rettighet]) -> None:
    assert asyncio.run(vakt().aktoer(Token({"scope": scope}).felt)).rettigheter == ventet


@pytest.mark.parametrize(
    ("godtatte", "paastander", "inn"),
    [
        (None, {}, True),
        (frozenset({JOURNALLEVERANDOER}), {}, True),
        (frozenset({SKOGLI}), {}, False),
        (frozenset(), {}, False),
        (frozenset(), {"supplier": BORTE, "delegation_source": BORTE}, True),
        # client_orgno must not decide access.
        (frozenset({SKOGLI}), {"client_orgno": SKOGLI}, False),
    ],
)
def test_leverandoerliste(godtatte: frozenset[str] | None, paastander: dict[str, Any], inn: bool) -> None:
    en_vakt = vakt(leverandoerer=godtatte)
    aktoer = asyncio.run(en_vakt.aktoer(Token(paastander).felt))
    assert en_vakt.godtar_leverandoer(aktoer) is inn


@pytest.mark.parametrize(("alg", "grunn"), [("RS256", None), ("RS512", Grunn.ALGORITME)])
def test_noekkelen_holdes_til_algoritmen_den_er_publisert_med(alg: str, grunn: Grunn | None) -> None:
    hyllen = Hyllen(**{KID: Noekkel("RS256", noekkel("signering"))})
    felt = Token(hode={"alg": alg}).felt
    if grunn is None:
        assert asyncio.run(vakt(hyllen).aktoer(felt)).kommune == FJORDVIK
    else:
        with pytest.raises(UgyldigTokenError, match=grunn.kode):
            asyncio.run(vakt(hyllen).aktoer(felt))


def test_uten_noekler_doemmes_ingen() -> None:
    hyllen = Hyllen()
    hyllen.utilgjengelig = True
    with pytest.raises(NoeklerUtilgjengeligError):
        asyncio.run(vakt(hyllen).aktoer(Token().felt))


HODER: list[Any] = [
    [], 1, "alg", {}, {"alg": None}, {"alg": {}}, {"alg": "RS256", "kid": None}, {"alg": "RS256", "kid": [1]},
]  # fmt: skip


def test_skrot_er_alltid_ugyldig_og_aldri_en_feil() -> None:
    """5 000 damaged tokens: none is let in, and nothing but a refusal comes out."""
    tilfeldig = random.Random(4)
    helt = Token().felt[0]
    en_vakt = vakt()

    async def alle() -> None:
        for _ in range(5_000):
            tegn = list(helt)
            for _ in range(tilfeldig.randint(1, 4)):
                tegn[tilfeldig.randrange(len(tegn))] = tilfeldig.choice("aZ09-_.= é\x00")
            if (skadet := "".join(tegn)).lower() == helt.lower() and skadet[7:] == helt[7:]:
                continue
            with pytest.raises(UgyldigTokenError):
                await en_vakt.aktoer([skadet])
        for hode in HODER:
            skadet = f"Bearer {b64(json.dumps(hode).encode())}.{helt.split('.', 1)[1]}"
            with pytest.raises(UgyldigTokenError):
                await en_vakt.aktoer([skadet])

    asyncio.run(alle())
