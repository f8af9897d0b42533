"""Every Maskinporten error: class, who must act, what the operator is told, and whether it is tried again."""

import asyncio

import httpx2
import pytest

from app.skatt_client import (
    Ansvar,
    FeilOppsett,
    ForespoerselAvvistError,
    Funnet,
    IngenTilgang,
    KlientAvvistError,
    KlokkeAvvistError,
    MaskinportenError,
    MaskinportenUgyldigSvarError,
    MaskinportenUtilgjengeligError,
    NoekkelAvvistError,
    Systembruker,
    TilgangManglerError,
    TokenHentet,
    TokenRequest,
    Utilgjengelig,
)
from app.skatt_client.maskinporten.feil import KODER, SOM_SYSTEMBRUKER
from tests.skatt_client.falske import ISSUER, KOMMUNE, PERSON, SSG, Svar, mp_feil, verden

FORESP = TokenRequest(("skatteetaten:summertskattegrunnlag",))
L, K = Ansvar.LEVERANDOEREN, Ansvar.KOMMUNEN

# Kilde for kodene: Digdirs feilkodeliste.
RADER = [
    ("MP-011", ForespoerselAvvistError, L, "avviste en parameter", 1),
    ("MP-012", ForespoerselAvvistError, L, "brukt før", 3),
    ("MP-100", KlientAvvistError, L, "kontrollere klient-id", 1),
    ("MP-110", ForespoerselAvvistError, L, "rette issuer", 1),
    ("MP-120", NoekkelAvvistError, L, "bytte sertifikat", 1),
    ("MP-121", NoekkelAvvistError, L, "registrere en ny nøkkel", 1),
    ("MP-122", NoekkelAvvistError, L, "tilhører en annen virksomhet", 1),
    ("MP-123", ForespoerselAvvistError, L, "Sertifikatkjeden", 1),
    ("MP-124", NoekkelAvvistError, L, "Signaturen stemmer ikke", 1),
    ("MP-130", KlokkeAvvistError, L, "rette klokken", 1),
    ("MP-200", KlientAvvistError, L, "legge scopet til på klienten", 1),
    ("MP-201", KlientAvvistError, L, "feil integrasjonstype", 1),
    ("MP-250", TilgangManglerError, K, "Kommunen må søke om tilgang hos Skatteetaten", 1),
    ("MP-251", TilgangManglerError, K, "Kommunen må delegere API-tilgangen til leverandøren i Altinn", 1),
    ("MP-301", ForespoerselAvvistError, L, "kjenner ikke typen", 1),
    ("MP-302", ForespoerselAvvistError, L, "Et felt i authorization_details", 1),
    ("MP-303", TilgangManglerError, K, "Kommunen må godkjenne systembrukeren i Altinn", 1),
]


def test_hver_kode_har_en_rad() -> None:
    assert [rad[0] for rad in RADER] == sorted(KODER)


@pytest.mark.parametrize(("kode", "klasse", "ansvar", "sier", "kall"), RADER)
def test_kode(kode: str, klasse: type[MaskinportenError], ansvar: Ansvar, sier: str, kall: int) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.extend([mp_feil(kode)] * 5)
            with pytest.raises(klasse) as fanget:
                await v.tokens.hent(FORESP)
            assert type(fanget.value) is klasse
            assert fanget.value.kode == kode
            assert fanget.value.ansvar is ansvar
            assert sier in fanget.value.melding
            assert v.maskinporten.kall == kall
            assert [(m.utfall, m.kode) for m in v.maalinger if isinstance(m, TokenHentet)] == [
                (klasse.__name__, kode)
            ]

    asyncio.run(proev())


# Kilde: Digdirs side om systembruker; `consumer` i tokenet er da leverandøren, ikke kommunen.
MED_SYSTEMBRUKER = [
    ("MP-250", L, "leverandøren må søke om tilgang hos Skatteetaten"),
    ("MP-251", L, "kommunen har ingen API-tilgang å delegere. Leverandøren må kontrollere"),
    ("MP-303", K, "Kommunen må godkjenne systembrukeren i Altinn"),
]


def test_hver_egen_tekst_for_systembruker_har_en_rad() -> None:
    assert SOM_SYSTEMBRUKER.keys() <= {rad[0] for rad in MED_SYSTEMBRUKER}


@pytest.mark.parametrize(("kode", "ansvar", "sier"), MED_SYSTEMBRUKER)
def test_kode_med_systembruker(kode: str, ansvar: Ansvar, sier: str) -> None:
    """From the settings to the outcome; no «På vegne av» service is named, for none is to be delegated."""
    oppsett = SSG.model_copy(update={"tilgang": Systembruker(orgnr=KOMMUNE)})

    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(mp_feil(kode))
            svar = await v.skatt.skattegrunnlag(oppsett).hent(PERSON, 2025)
            assert type(svar) is IngenTilgang
            assert (svar.kode, svar.ansvar) == (kode, ansvar)
            assert sier in svar.melding
            assert "På vegne av" not in svar.melding
            # The same kommune without a systembruker has its own answer, not this one remembered.
            assert type(await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)) is not IngenTilgang

    asyncio.run(proev())


UTEN_NUMMER = [
    ("Issue time is after now", "iat", KlokkeAvvistError, "rette klokken"),
    (
        "consumer_org cannot equal own org",
        "consumer-org",
        ForespoerselAvvistError,
        "eget organisasjonsnummer",
    ),
    ("Invalid assertion", "http-400", ForespoerselAvvistError, "uten en kjent feilkode"),
]


@pytest.mark.parametrize(("tekst", "kode", "klasse", "sier"), UTEN_NUMMER)
def test_uten_nummer(tekst: str, kode: str, klasse: type[MaskinportenError], sier: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(Svar(400, {"error": "invalid_grant", "error_description": tekst}))
            with pytest.raises(klasse) as fanget:
                await v.tokens.hent(FORESP)
            assert fanget.value.kode == kode
            assert sier in fanget.value.melding

    asyncio.run(proev())


FORBIGAAENDE = [
    (Svar(500, b"<html>"), "http-500"),
    (Svar(503, b""), "http-503"),
    (Svar(429, b""), "http-429"),
    (httpx2.ConnectError("nede"), "nettverk"),
    (httpx2.ReadTimeout("tregt"), "tidsavbrudd"),
]


def test_koden_leses_ogsaa_naar_maskinporten_er_overbelastet() -> None:
    """Status first: a 5xx passes by itself whatever code its body holds."""

    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(mp_feil("MP-251", status=502))
            await v.tokens.hent(FORESP)
            assert v.maskinporten.kall == 2

    asyncio.run(proev())


@pytest.mark.parametrize(("svar", "kode"), FORBIGAAENDE)
def test_forbigaaende_feil_proeves_tre_ganger(svar: Svar | Exception, kode: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.extend([svar] * 3)
            with pytest.raises(MaskinportenUtilgjengeligError) as fanget:
                await v.tokens.hent(FORESP)
            assert fanget.value.kode == kode
            assert v.maskinporten.kall == 3
            assert v.clock.hvil == [0.25, 0.5]
            await v.tokens.hent(FORESP)  # Not remembered: the next caller asks again.

    asyncio.run(proev())


UGYLDIGE = [
    (b"<html>logg inn</html>", "ikke JSON"),
    ({"token_type": "Bearer", "expires_in": 120}, "access_token mangler"),
    ({"access_token": "x\ny", "token_type": "Bearer", "expires_in": 120}, "access_token mangler"),
    ({"access_token": "x", "token_type": "mac", "expires_in": 120}, "token_type"),
    ({"access_token": "x", "token_type": "Bearer"}, "expires_in"),
    ({"access_token": "x", "token_type": "Bearer", "expires_in": True}, "expires_in"),
]


@pytest.mark.parametrize(("body", "sier"), UGYLDIGE)
def test_ugyldig_token_svar(body: object, sier: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.append(Svar(200, body))
            with pytest.raises(MaskinportenUgyldigSvarError, match=sier):
                await v.tokens.hent(FORESP)

    asyncio.run(proev())


@pytest.mark.parametrize(
    ("metadata", "kode"),
    [
        ({"issuer": ISSUER.rstrip("/"), "token_endpoint": ISSUER + "token"}, "metadata-issuer"),
        ({"token_endpoint": ISSUER + "token"}, "metadata-issuer"),
        ({"issuer": ISSUER}, "metadata"),
        ({"issuer": ISSUER, "token_endpoint": "http://maskinporten.falsk/token"}, "metadata"),
    ],
)
def test_metadata_maa_stemme_paa_tegnet(metadata: dict[str, object], kode: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.metadata = metadata
            with pytest.raises(MaskinportenUgyldigSvarError) as fanget:
                await v.tokens.hent(FORESP)
            assert fanget.value.kode == kode
            assert v.maskinporten.kall == 0

    asyncio.run(proev())


@pytest.mark.parametrize(
    ("kode", "utfall", "ventet_kode"),
    [
        ("MP-251", IngenTilgang, "MP-251"),
        ("MP-121", FeilOppsett, "MP-121"),
        ("MP-012", Utilgjengelig, "MP-012"),
    ],
)
def test_oppslag_uten_token_blir_et_utfall(kode: str, utfall: type, ventet_kode: str) -> None:
    async def proev() -> None:
        async with verden() as v:
            v.maskinporten.koe.extend([mp_feil(kode)] * 5)
            svar = await v.skatt.skattegrunnlag(SSG).hent(PERSON, 2025)
            assert type(svar) is utfall
            assert not isinstance(svar, Funnet)
            assert svar.kode == ventet_kode
            assert svar.melding.startswith(KODER[kode][2])
            assert ("«Summert skattegrunnlag API - På vegne av»" in svar.melding) == (kode == "MP-251")
            assert not v.skatteetaten.stier

    asyncio.run(proev())
