"""The settings of access: read from the environment, strict, and closed until they are there."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.api.tilgang.oppsett import lag_vakt
from app.sandbox.standard import DELEGERINGSKILDE
from app.settings import Settings
from app.settings.tilgang import Tilgang

MINST = {"miljoe": "test", "ressurs": "https://egenandel.example", "scopeprefiks": "kommune"}


def tilgang(**endret: Any) -> Tilgang:
    return Tilgang.model_validate({**MINST, **endret})


def test_uten_noe_satt_er_det_lukket() -> None:
    assert Settings().tilgang is None


def test_fra_miljoevariablene(monkeypatch: pytest.MonkeyPatch) -> None:
    for navn, verdi in {
        **MINST,
        "godta_uspesifisert_audience": "true",
        "at_max_age": "60",
        "delegeringskilde": "https://altinn.no/",
        "leverandoerer": '["313400018"]',
    }.items():
        monkeypatch.setenv(f"EGENANDEL_TILGANG__{navn.upper()}", verdi)
    valg = Settings().tilgang
    assert valg is not None
    krav = lag_vakt(valg).krav
    assert (krav.issuer, krav.ressurs) == ("https://test.maskinporten.no/", "https://egenandel.example")
    assert (krav.scopeprefiks, krav.at_max_age, krav.godta_uspesifisert) == ("kommune", 60, True)
    assert (krav.delegeringskilde, krav.leverandoerer) == ("https://altinn.no/", frozenset({"313400018"}))


def test_det_strenge_er_standard() -> None:
    krav = lag_vakt(tilgang()).krav
    assert (krav.at_max_age, krav.godta_uspesifisert, krav.leverandoerer) == (120, False, None)


# The environment, the source that is set, and the one that is accepted: production has no default.
KILDER: list[tuple[str, str | None, str | None]] = [
    ("test", None, DELEGERINGSKILDE),
    ("prod", None, None),
    ("prod", "https://altinn.no/", "https://altinn.no/"),
    ("test", "https://annen.example/", "https://annen.example/"),
]


@pytest.mark.parametrize(("miljoe", "satt", "godtatt"), KILDER)
def test_delegeringskilde(miljoe: str, satt: str | None, godtatt: str | None) -> None:
    krav = lag_vakt(tilgang(miljoe=miljoe, delegeringskilde=satt)).krav
    assert krav.delegeringskilde == godtatt


ISSUERE: list[tuple[str, str | None, str | None]] = [
    ("test", None, "https://test.maskinporten.no/"),
    ("prod", None, "https://maskinporten.no/"),
    ("prod", "https://maskinporten.no/", "https://maskinporten.no/"),
    ("sandkasse", "http://127.0.0.1:8790/maskinporten/", "http://127.0.0.1:8790/maskinporten/"),
    ("prod", "https://test.maskinporten.no/", None),
    ("test", "https://maskinporten.no/", None),
    ("test", "https://ond.example/", None),
    ("test", "https://test.maskinporten.no", None),
    ("sandkasse", "https://maskinporten.no/", None),
    ("sandkasse", "https://test.maskinporten.no/", None),
    ("sandkasse", "http://ond.example/", None),
    ("sandkasse", "http://127.0.0.1:8790/maskinporten", None),
]


@pytest.mark.parametrize(("miljoe", "satt", "issuer"), ISSUERE)
def test_issuer_hoerer_til_miljoet(miljoe: str, satt: str | None, issuer: str | None) -> None:
    valg = tilgang(miljoe=miljoe, issuer=satt)
    if issuer is None:
        with pytest.raises(ValueError, match=r"ISSUER|https"):
            lag_vakt(valg)
    else:
        assert lag_vakt(valg).krav.issuer == issuer


def test_adressen_til_noeklene_maa_vaere_https() -> None:
    with pytest.raises(ValueError, match="https"):
        lag_vakt(tilgang(jwks_uri="http://test.maskinporten.no/jwk"))


# What is wrong, and a word the operator must be told.
FEIL: list[tuple[dict[str, Any], str]] = [
    ({"miljoe": "annet"}, "miljoe"),
    ({"ressurs": ""}, "ressurs"),
    ({"ressurs": "to ord"}, "ressurs"),
    ({"scopeprefiks": ""}, "scopeprefiks"),
    ({"scopeprefiks": "med:kolon"}, "scopeprefiks"),
    ({"at_max_age": 0}, "at_max_age"),
    ({"at_max_age": 3601}, "at_max_age"),
    ({"leverandoerer": ["12345"]}, "leverandoerer"),
    ({"ukjent": 1}, "ukjent"),
    ({"miljoe": "sandkasse"}, "egenandel sandbox"),
]


@pytest.mark.parametrize(("endret", "ord_"), FEIL, ids=[f"{ord_}-{n}" for n, (_, ord_) in enumerate(FEIL)])
def test_feil_blir_sagt(endret: dict[str, Any], ord_: str) -> None:
    with pytest.raises(ValidationError) as feil:
        tilgang(**endret)
    assert ord_ in str(feil.value)


@pytest.mark.parametrize("mangler", MINST)
def test_det_som_maa_settes(mangler: str) -> None:
    with pytest.raises(ValidationError, match=mangler):
        Tilgang.model_validate({navn: verdi for navn, verdi in MINST.items() if navn != mangler})
