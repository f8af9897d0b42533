"""Settings that cannot work are refused before the first call."""

import pytest
from pydantic import ValidationError

from app.skatt_client import (
    ISSUER_PROD,
    ISSUER_TEST,
    Api,
    HendelserOppsett,
    MaskinportenOppsett,
    OppsettError,
    SkattegrunnlagOppsett,
    standard_base_url,
)
from app.skatt_client.skatteetaten.hendelser import HendelserKlient
from tests.skatt_client.falske import DELEGERING, FA, KOMMUNE, SSG

VANLIG = {"kommune": KOMMUNE, "base_url": "https://x", "tilgang": DELEGERING, "rettighetspakke": "p"}

UGYLDIGE = [
    {"base_url": "http://skatteetaten.no"},
    {"base_url": "https://"},
    {"base_url": "ftp://x"},
    {"base_url": "https://x?a=b"},
    {"base_url": "https://bruker:passord@x"},
    {"kommune": "12345678"},
    {"kommune": "\N{FULLWIDTH DIGIT ZERO}" * 9},
    {"sti": "/{stadie}/{inntektsaar}/{personidentifikator}"},  # The package is set and not used.
    {"sti": "/{stadie}/{rettighetspakke}/{inntektsaar}"},
    {"sti": "/{stadie}/{rettighetspakke}/{inntektsaar}/{personidentifikator}/{tull}"},
    {"sti": "{stadie}/{rettighetspakke}/{inntektsaar}/{personidentifikator}"},
    {"rettighetspakke": None},
    {"scope": "a b"},
    {"stavefeil": 1},
]


@pytest.mark.parametrize("endring", UGYLDIGE)
def test_ubrukelig_oppsett(endring: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SkattegrunnlagOppsett.model_validate(VANLIG | endring)


def test_oppsett_kan_ikke_endres() -> None:
    with pytest.raises(ValidationError):
        SSG.kommune = "310000009"  # type: ignore[misc]


def test_bare_denne_maskinen_uten_tls() -> None:
    assert SkattegrunnlagOppsett.model_validate(VANLIG | {"base_url": "http://127.0.0.1:8000/x"})


MILJOER = [
    ("test", ISSUER_TEST, True),
    ("prod", ISSUER_PROD, True),
    ("sandkasse", "http://localhost:9/", True),
    ("test", ISSUER_PROD, False),
    ("prod", ISSUER_TEST, False),
    ("sandkasse", ISSUER_PROD, False),
    ("test", ISSUER_TEST.rstrip("/"), False),
]


@pytest.mark.parametrize(("miljoe", "issuer", "godt"), MILJOER)
def test_miljoe_og_issuer_hoerer_sammen(miljoe: str, issuer: str, godt: bool) -> None:
    if godt:
        assert MaskinportenOppsett(miljoe=miljoe, issuer=issuer, client_id="x").issuer == issuer
        return
    with pytest.raises(ValidationError):
        MaskinportenOppsett(miljoe=miljoe, issuer=issuer, client_id="x")


VERTER = [
    (Api.SKATTEGRUNNLAG, "prod", "https://summertskattegrunnlag.api.skatteetaten.no/v2"),
    (Api.BEREGNET_SKATT, "test", "https://beregnetskatt.api.skatteetaten-test.no/v2"),
    (Api.SISTE_OPPGJOER, "prod", "https://sistetilgjengeligeskatteoppgjoer.api.skatteetaten.no/v1"),
    (Api.INNTEKT, "test", "https://inntekt.api.skatteetaten-test.no/v1"),
    (Api.SKATTEOPPGJOER_HENDELSER, "prod", "https://skatteoppgjoerhendelser.api.skatteetaten.no/v1"),
    (Api.INNTEKT_HENDELSER, "prod", "https://inntekthendelser.api.skatteetaten.no/v1"),
]


@pytest.mark.parametrize(("api", "miljoe", "ventet"), VERTER)
def test_publiserte_verter(api: Api, miljoe: str, ventet: str) -> None:
    assert standard_base_url(api, "prod" if miljoe == "prod" else "test") == ventet


def test_hendelseslisten_maa_ha_scope_fra_oppsettet() -> None:
    with pytest.raises(ValidationError):
        HendelserOppsett.model_validate({k: v for k, v in VANLIG.items() if k != "rettighetspakke"})


@pytest.mark.parametrize("sti", ["hendelser/start", "/hendelser/{personidentifikator}"])
def test_startstien_har_ingen_felt(sti: str) -> None:
    with pytest.raises(ValidationError):
        HendelserOppsett.model_validate(FA.model_dump() | {"start_sti": sti})


def test_bare_hendelseslister_leses_som_lister() -> None:
    with pytest.raises(OppsettError):
        HendelserKlient(None, Api.INNTEKT, FA)  # type: ignore[arg-type]
