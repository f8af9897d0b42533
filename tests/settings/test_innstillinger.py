"""The settings of Maskinporten, Skatteetaten and the database: read from the environment, strict, and silent."""

import json
import os
from base64 import b64encode
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from app.services.oppsett import Apioppsett, InnstillingManglerError, maskinporten_oppsett, noekler
from app.settings import Settings
from app.settings.maskinporten import Maskinporten, Noekkel
from app.settings.skatteetaten import ApiNavn, Kommune, Tjeneste
from app.skatt_client import Delegering, Egen, OppsettError, Systembruker
from tests.integrasjon.verden import jwk

K = "310000000"
DOKUMENT = Path(__file__).parents[2] / "docs" / "oppslag.md"
DRIFT = DOKUMENT.with_name("drift.md")
NOEKKEL = b64encode(os.urandom(32)).decode()


def les(monkeypatch: pytest.MonkeyPatch, **verdier: str) -> Settings:
    for navn, verdi in verdier.items():
        monkeypatch.setenv(f"EGENANDEL_{navn}", verdi)
    return Settings()


def med_kommune(monkeypatch: pytest.MonkeyPatch, **verdier: str) -> Apioppsett:
    felles = {f"SKATTEETATEN__KOMMUNER__{K}__NAVN": "Fjordvik"}
    verdier = {f"SKATTEETATEN__{navn}": verdi for navn, verdi in verdier.items()}
    return Apioppsett(les(monkeypatch, **felles, **verdier).skatteetaten, "test")


def test_uten_noe_satt_er_ingenting_koblet_til() -> None:
    settings = Settings()
    assert settings.maskinporten is None
    assert settings.skatteetaten.kommuner == {}


def test_det_publiserte_gjelder_naar_ingenting_er_sagt(monkeypatch: pytest.MonkeyPatch) -> None:
    oppsett = med_kommune(monkeypatch)
    ssg = oppsett.skattegrunnlag(K, Tjeneste.LANGTIDSOPPHOLD)
    assert ssg.base_url == "https://summertskattegrunnlag.api.skatteetaten-test.no/v2"
    assert ssg.rettighetspakke == "kommunelangtidsoppholdinstitusjon"
    assert ssg.scope == "skatteetaten:summertskattegrunnlag"
    assert ssg.tilgang == Delegering(consumer_org=K)
    assert (
        oppsett.skattegrunnlag(K, Tjeneste.PRAKTISK_BISTAND).rettighetspakke == "kommunepersonligassistanse"
    )
    bsa = oppsett.beregnet_skatt(K, Tjeneste.PRAKTISK_BISTAND)
    assert bsa.rettighetspakke == "kommunePraktiskBistand"
    assert oppsett.siste_oppgjoer(K).rettighetspakke is None
    assert oppsett.hendelser(K, ApiNavn.INNTEKT_HENDELSER).scope == "skatteetaten:inntekt"


def test_inntekt_er_av_til_noen_slaar_den_paa() -> None:
    assert ApiNavn.INNTEKT not in Kommune(navn="Fjordvik").paa
    assert ApiNavn.INNTEKT_HENDELSER not in Kommune(navn="Fjordvik").paa


# The setting, its value, and where the value must end.
VALG: list[tuple[str, str, str, Any]] = [
    ("APIER__SKATTEGRUNNLAG__BASE_URL", "https://x.example/v2", "base_url", "https://x.example/v2"),
    ("APIER__SKATTEGRUNNLAG__SCOPE", "a:b", "scope", "a:b"),
    (
        "APIER__SKATTEGRUNNLAG__STI",
        "/{inntektsaar}/{stadie}/{rettighetspakke}/{personidentifikator}",
        "sti",
        "/{inntektsaar}/{stadie}/{rettighetspakke}/{personidentifikator}",
    ),
    ("APIER__SKATTEGRUNNLAG__RETTIGHETSPAKKE__LANGTIDSOPPHOLD", "annen", "rettighetspakke", "annen"),
    ("APIER__SKATTEGRUNNLAG__KORRELASJONSHEADER", "Korrelasjonsid", "korrelasjonsheader", "Korrelasjonsid"),
    ("APIER__SKATTEGRUNNLAG__TELLER_SOM", "313300005", "virksomhet", "313300005"),
    ("APIER__SKATTEGRUNNLAG__ALTINN_TJENESTE", "Navn", "altinn_tjeneste", "Navn"),
    ("APIER__SKATTEGRUNNLAG__TILGANG", "egen", "tilgang", Egen()),
    (f"KOMMUNER__{K}__TILGANG", "egen", "tilgang", Egen()),
    (f"KOMMUNER__{K}__TILGANG", "systembruker", "tilgang", Systembruker(orgnr=K)),
    (f"KOMMUNER__{K}__APIER__SKATTEGRUNNLAG__SCOPE", "c:d", "scope", "c:d"),
    (f"KOMMUNER__{K}__APIER__SKATTEGRUNNLAG__TILGANG", "systembruker", "tilgang", Systembruker(orgnr=K)),
]


@pytest.mark.parametrize(("navn", "verdi", "felt", "ventet"), VALG, ids=[f"{v[0]}-{v[1][:12]}" for v in VALG])
def test_hvert_valg_naar_fram(
    monkeypatch: pytest.MonkeyPatch, navn: str, verdi: str, felt: str, ventet: Any
) -> None:
    oppsett = med_kommune(monkeypatch, **{navn: verdi})
    assert getattr(oppsett.skattegrunnlag(K, Tjeneste.LANGTIDSOPPHOLD), felt) == ventet


def test_kommunens_valg_gaar_foran_det_felles(monkeypatch: pytest.MonkeyPatch) -> None:
    oppsett = med_kommune(
        monkeypatch,
        APIER__SKATTEGRUNNLAG__SCOPE="felles:scope",
        APIER__SKATTEGRUNNLAG__RETTIGHETSPAKKE__PRAKTISK_BISTAND="felles",
        **{
            f"KOMMUNER__{K}__APIER__SKATTEGRUNNLAG__SCOPE": "kommunens:scope",
            f"KOMMUNER__{K}__APIER__SKATTEGRUNNLAG__RETTIGHETSPAKKE__LANGTIDSOPPHOLD": "kommunens",
        },
    )
    langtid, bistand = (oppsett.skattegrunnlag(K, tjeneste) for tjeneste in Tjeneste)
    assert (langtid.scope, langtid.rettighetspakke) == ("kommunens:scope", "kommunens")
    assert (bistand.scope, bistand.rettighetspakke) == ("kommunens:scope", "felles")


# What is wrong, and a word the operator must be told.
FEIL: list[tuple[dict[str, str], str]] = [
    ({"MASKINPORTEN__MILJOE": "test"}, "klient_id"),
    ({"MASKINPORTEN__MILJOE": "annet"}, "miljoe"),
    ({"MASKINPORTEN__UKJENT": "1"}, "ukjent"),
    ({f"SKATTEETATEN__KOMMUNER__{K}__TILGANG": "egen"}, "navn"),
    ({"SKATTEETATEN__KOMMUNER__12345__NAVN": "Kort"}, "12345"),
    (
        {
            f"SKATTEETATEN__KOMMUNER__{K}__NAVN": "Fjordvik",
            f"SKATTEETATEN__KOMMUNER__{K}__PAA": '["inntekt"]',
        },
        "rettighetspakken",
    ),
]


@pytest.mark.parametrize(("verdier", "ord_"), FEIL, ids=[f[1] for f in FEIL])
def test_feil_blir_sagt(monkeypatch: pytest.MonkeyPatch, verdier: dict[str, str], ord_: str) -> None:
    with pytest.raises(ValidationError) as feil:
        les(monkeypatch, **verdier)
    assert ord_ in str(feil.value)


@pytest.mark.parametrize(
    "noekkel",
    [
        {},
        {"jwk": "a", "fil": "b"},
        {"jwk": "a", "passord": "b"},
        {"jwk": "a", "utloeper": "2027-01-01T00:00:00"},
    ],
)
def test_noekkelen_staar_ett_sted(noekkel: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Noekkel.model_validate(noekkel)


def test_sandkassen_maa_ha_sin_egen_adresse() -> None:
    with pytest.raises(ValidationError, match="egenandel sandbox"):
        Maskinporten.model_validate({"miljoe": "sandkasse", "klient_id": "k", "noekkel": {"jwk": "x"}})
    with pytest.raises(ValueError, match="hører sammen"):
        maskinporten_oppsett(
            Maskinporten.model_validate(
                {
                    "miljoe": "sandkasse",
                    "issuer": "https://maskinporten.no/",
                    "klient_id": "k",
                    "noekkel": {"jwk": "x"},
                }
            )
        )


def test_hemmeligheter_vises_aldri(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = les(
        monkeypatch,
        MASKINPORTEN__MILJOE="test",
        MASKINPORTEN__KLIENT_ID="k",
        MASKINPORTEN__NOEKKEL__JWK="hemmelig-jwk",
        MASKINPORTEN__NY_NOEKKEL__FIL=str(tmp_path / "ny.p12"),
        MASKINPORTEN__NY_NOEKKEL__PASSORD="hemmelig-passord",
    )
    assert "hemmelig-" not in repr(settings)
    assert "hemmelig-" not in settings.model_dump_json()
    assert settings.maskinporten is not None
    with pytest.raises(OppsettError) as feil:
        noekler(settings.maskinporten)
    assert "hemmelig-" not in str(feil.value)
    monkeypatch.setenv("EGENANDEL_MASKINPORTEN__NOEKKEL__JWK", "")
    monkeypatch.setenv("EGENANDEL_MASKINPORTEN__NOEKKEL__FIL", "hemmelig-sti")
    with pytest.raises(ValidationError) as ugyldig:
        Settings()
    assert "hemmelig-" not in str(ugyldig.value)


def test_to_noekler_samtidig(tmp_path: Path) -> None:
    """The old in the environment, the new in a file; and both in files, where the second may be missing."""
    fil = tmp_path / "ny.jwk"
    fil.write_text(json.dumps({**json.loads(jwk()), "kid": "ny"}), "utf-8")
    felles = {"miljoe": "test", "klient_id": "k"}
    blandet = Maskinporten.model_validate({**felles, "noekkel": {"jwk": jwk()}, "ny_noekkel": {"fil": fil}})
    assert [noekkel.navn for noekkel in noekler(blandet).keys()] == ["testnoekkel", "ny"]
    filer = Maskinporten.model_validate(
        {**felles, "noekkel": {"fil": fil}, "ny_noekkel": {"fil": tmp_path / "kommer.jwk"}}
    )
    assert [noekkel.navn for noekkel in noekler(filer).keys()] == ["ny"]


def test_ukjent_kommune_og_manglende_adresse_blir_sagt(monkeypatch: pytest.MonkeyPatch) -> None:
    oppsett = med_kommune(monkeypatch)
    with pytest.raises(InnstillingManglerError, match="310001007"):
        oppsett.kommune("310001007")
    sandkasse = Apioppsett(Settings().skatteetaten, "sandkasse")
    with pytest.raises(InnstillingManglerError, match="APIER__BEREGNET_SKATT__BASE_URL"):
        sandkasse.beregnet_skatt(K, Tjeneste.LANGTIDSOPPHOLD)


def _navn(modell: type[BaseModel]) -> set[str]:
    return {navn.upper() for navn in modell.model_fields}


def test_hver_innstilling_staar_i_dokumentet() -> None:
    from app.settings import maskinporten, skatteetaten  # noqa: PLC0415

    tekst = DOKUMENT.read_text("utf-8")
    modeller: list[type[BaseModel]] = [
        maskinporten.Maskinporten,
        maskinporten.Noekkel,
        skatteetaten.ApiValg,
        skatteetaten.Kommune,
    ]
    ventet = set().union(*(_navn(modell) for modell in modeller)) | {api.upper() for api in ApiNavn}
    assert {navn for navn in ventet if f"`{navn}`" not in tekst} == set()


def test_hver_innstilling_av_databasen_staar_i_driftsdokumentet() -> None:
    from app.settings.database import Database, Kryptering  # noqa: PLC0415

    tekst = DRIFT.read_text("utf-8")
    for gruppe, modell in (("DATABASE", Database), ("KRYPTERING", Kryptering)):
        for navn, felt in modell.model_fields.items():
            rad = f"| `EGENANDEL_{gruppe}__{navn.upper()}{'__NAVN' if navn == 'noekler' else ''}` |"
            assert rad in tekst
            if isinstance(felt.default, SecretStr | int):
                verdi = (
                    felt.default.get_secret_value() if isinstance(felt.default, SecretStr) else felt.default
                )
                assert f"{rad} `{verdi}` |" in tekst


KRYPTERINGSFEIL: list[tuple[dict[str, str], str]] = [
    ({"NOEKLER__A": NOEKKEL, "HASHNOEKKEL": NOEKKEL}, "gjeldende"),
    ({"NOEKLER__A": NOEKKEL, "GJELDENDE": "b", "HASHNOEKKEL": NOEKKEL}, "navnet på en av nøklene"),
    ({"NOEKLER__A": NOEKKEL, "GJELDENDE": "a"}, "hashnoekkel"),
    ({"NOEKLER__A": "hemmelig", "GJELDENDE": "a", "HASHNOEKKEL": NOEKKEL}, "egenandel noekkel ny"),
    ({"NOEKLER": "{}", "GJELDENDE": "a", "HASHNOEKKEL": NOEKKEL}, "noekler"),
]


@pytest.mark.parametrize(("verdier", "ord_"), KRYPTERINGSFEIL, ids=[f[1] for f in KRYPTERINGSFEIL])
def test_noekler_som_ikke_kan_brukes(
    monkeypatch: pytest.MonkeyPatch, verdier: dict[str, str], ord_: str
) -> None:
    with pytest.raises(ValidationError) as feil:
        les(monkeypatch, **{f"KRYPTERING__{navn}": verdi for navn, verdi in verdier.items()})
    assert ord_ in str(feil.value)
    assert "hemmelig" not in str(feil.value)
    assert NOEKKEL not in str(feil.value)


def test_noekler_vises_aldri(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = les(
        monkeypatch,
        DATABASE__URL="postgresql://u:hemmelig@vert/d",
        KRYPTERING__NOEKLER__A=NOEKKEL,
        KRYPTERING__GJELDENDE="a",
        KRYPTERING__HASHNOEKKEL=NOEKKEL,
    )
    for vist in (repr(settings), settings.model_dump_json()):
        assert NOEKKEL not in vist
        assert "hemmelig" not in vist


def test_kodeversjonen_er_pakkens_til_noen_sier_noe_annet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().kodeversjon
    assert les(monkeypatch, KODEVERSJON="a4cf605").kodeversjon == "a4cf605"
    monkeypatch.setattr("app.settings.version", _mangler)
    monkeypatch.delenv("EGENANDEL_KODEVERSJON")
    assert Settings().kodeversjon == "ukjent"


def _mangler(navn: str) -> str:
    raise PackageNotFoundError(navn)


def test_flere_prosesser_krever_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="krever PostgreSQL"):
        les(monkeypatch, PROSESSER="2")
    assert les(monkeypatch, PROSESSER="2", DATABASE__URL="postgresql://a@b/c").prosesser == 2
