"""The settings of the portal's login: strict, documented, and silent about keys."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.portal.innlogging.oppsett import lag_tilbydere
from app.settings import Settings
from app.settings.portal import Portal, Tilbyder
from app.skatt_client import OppsettError
from tests.integrasjon.verden import jwk

DOKUMENT = Path(__file__).parents[2] / "docs" / "tilgang.md"
TILBYDER: dict[str, Any] = {
    "slag": "ansattporten",
    "navn": "Ansattporten",
    "issuer": "https://ansattporten.no",
    "klient_id": "portal",
    "noekkel": {"jwk": jwk()},
    "ressurs": "urn:altinn:resource:egenandel",
}
ENTRA: dict[str, Any] = {
    **{navn: verdi for navn, verdi in TILBYDER.items() if navn != "ressurs"},
    "slag": "entra",
    "tider": {"en-tid": "310000000"},
}


def portal(tilbyder: dict[str, Any] | None = None, **endret: Any) -> Portal:
    """Settings with one provider."""
    verdier = {"adresse": "https://egenandel.example", "tilbydere": {"en": tilbyder or TILBYDER}}
    return Portal.model_validate(verdier | endret)


def test_hver_innstilling_staar_i_dokumentet() -> None:
    tekst = DOKUMENT.read_text("utf-8").partition("### Innstillinger: `EGENANDEL_PORTAL__…`")[2]
    for modell in (Portal, Tilbyder):
        for navn, felt in modell.model_fields.items():
            assert f"| `{navn.upper()}` |" in tekst, navn
            if isinstance(felt.default, int | str):
                assert f"| `{navn.upper()}` | `{felt.default}` |" in tekst, navn


def test_fra_miljoeet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().portal is None
    for navn, verdi in {
        "ADRESSE": "https://egenandel.example",
        "TILBYDERE__ANSATTPORTEN__SLAG": "ansattporten",
        "TILBYDERE__ANSATTPORTEN__NAVN": "Ansattporten",
        "TILBYDERE__ANSATTPORTEN__ISSUER": "https://ansattporten.no",
        "TILBYDERE__ANSATTPORTEN__KLIENT_ID": "portal",
        "TILBYDERE__ANSATTPORTEN__RESSURS": "urn:altinn:resource:egenandel",
        "TILBYDERE__ANSATTPORTEN__NOEKKEL__JWK": jwk(),
        "TILBYDERE__FJORDVIK__SLAG": "entra",
        "TILBYDERE__FJORDVIK__NAVN": "Fjordvik",
        "TILBYDERE__FJORDVIK__ISSUER": "https://login.microsoftonline.com/en-tid/v2.0",
        "TILBYDERE__FJORDVIK__KLIENT_ID": "app",
        "TILBYDERE__FJORDVIK__TIDER": '{"en-tid": "310000000"}',
        "TILBYDERE__FJORDVIK__NOEKKEL__JWK": jwk(),
    }.items():
        monkeypatch.setenv(f"EGENANDEL_PORTAL__{navn}", verdi)
    settings = Settings()
    assert settings.portal is not None
    assert {navn: ett.slag for navn, ett in settings.portal.tilbydere.items()} == {
        "ansattporten": "ansattporten",
        "fjordvik": "entra",
    }
    assert settings.portal.tilbydere["fjordvik"].tider == {"en-tid": "310000000"}
    assert '"d"' not in repr(settings)
    assert '"d"' not in settings.model_dump_json()


# What is wrong, and a word the operator must be told.
FEIL: list[tuple[dict[str, Any], str]] = [
    ({"adresse": "http://egenandel.example"}, "https"),
    ({"adresse": "https://egenandel.example/"}, "skråstrek"),
    ({"adresse": "https://egenandel.example/portal"}, "uten sti"),
    ({"adresse": "https://bruker@egenandel.example"}, "brukernavn"),
    ({"adresse": "egenandel.example"}, "https"),
    ({"tilbydere": {}}, "tilbydere"),
    ({"inaktiv_minutter": 31}, "inaktiv_minutter"),
    ({"inaktiv_minutter": 0}, "inaktiv_minutter"),
    ({"lengste_minutter": 121}, "lengste_minutter"),
    ({"forsoek_minutter": 31}, "forsoek_minutter"),
    ({"ukjent": 1}, "ukjent"),
    ({"tilbyder": {**TILBYDER, "ressurs": None}}, "ressurs"),
    ({"tilbyder": {**TILBYDER, "nivaa": "low"}}, "nivaa"),
    ({"tilbyder": {**TILBYDER, "issuer": "https://ansattporten.no/"}}, "skråstrek"),
    ({"tilbyder": {**TILBYDER, "issuer": "http://ansattporten.no"}}, "https"),
    ({"tilbyder": {**TILBYDER, "slag": "annet"}}, "slag"),
    ({"tilbyder": {**ENTRA, "tider": {}}}, "tider"),
    ({"tilbyder": {**ENTRA, "tider": {"en-tid": "12345"}}}, "tider"),
]


@pytest.mark.parametrize(("endret", "ord_"), FEIL, ids=[f"{ord_}-{n}" for n, (_, ord_) in enumerate(FEIL)])
def test_feil_blir_sagt(endret: dict[str, Any], ord_: str) -> None:
    with pytest.raises(ValidationError) as feil:
        portal(**endret)
    assert ord_ in str(feil.value)


def test_paa_egen_maskin_kan_det_vaere_http() -> None:
    assert portal(adresse="http://127.0.0.1:8000").adresse == "http://127.0.0.1:8000"


def test_en_noekkel_som_ikke_kan_brukes_stopper_oppstarten() -> None:
    assert set(lag_tilbydere(portal())) == {"en"}
    with pytest.raises(OppsettError, match="RSA"):
        lag_tilbydere(portal({**TILBYDER, "noekkel": {"jwk": "{}"}}))
