"""Documents to test with: made-up persons, references that show whose they are."""

from datetime import date
from typing import Any

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.lesing import Objekt
from app.sandbox.syntetisk import personidentifikator
from app.services.sak.innhold import LAGRET_SAKSINNHOLD, SAKSINNHOLD, LagretSaksinnhold, Saksinnhold

BEBOER, EKTEFELLE, SAMBOER, BARN = (
    personidentifikator(date(aar, 3, 1), 7) for aar in (1938, 1941, 1950, 2015)
)
BEBOER_ID, EKTEFELLE_ID, SAMBOER_ID, BARN_ID = (
    f"00000000-0000-7000-8000-00000000000{nr}" for nr in range(1, 5)
)
REFERANSER = {BEBOER: BEBOER_ID, EKTEFELLE: EKTEFELLE_ID, SAMBOER: SAMBOER_ID, BARN: BARN_ID}

LANGTID: dict[str, Any] = {"tjeneste": "LANGTIDSOPPHOLD", "person": {"personidentifikator": BEBOER}}
BISTAND: dict[str, Any] = {"tjeneste": "PRAKTISK_BISTAND", "person": {"personidentifikator": BEBOER}}
LAGRET_LANGTID: dict[str, Any] = {"tjeneste": "LANGTIDSOPPHOLD", "person": {"personId": BEBOER_ID}}
LAGRET_BISTAND: dict[str, Any] = {"tjeneste": "PRAKTISK_BISTAND", "person": {"personId": BEBOER_ID}}


def ektefelle(**mer: Any) -> dict[str, Any]:
    """A spouse, as sent."""
    return {"person": {"personidentifikator": EKTEFELLE}, "relasjon": "EKTEFELLE", **mer}


def lagret_ektefelle(**mer: Any) -> dict[str, Any]:
    """A spouse, as stored."""
    return {"person": {"personId": EKTEFELLE_ID}, "relasjon": "EKTEFELLE", **mer}


def les(inn: Any, objekt: Objekt[Any]) -> Any:
    """Read through JSON text, as the service does.

    Raises:
        KontraktFeilError: with every fault.
    """
    feil: list[Feil] = []
    lest = objekt.les(les_json(skriv_json(inn)), "", feil)
    if feil:
        raise KontraktFeilError(feil)
    return lest


def sendt(inn: Any) -> Saksinnhold:
    """A document as sent."""
    lest = les(inn, SAKSINNHOLD)
    assert isinstance(lest, Saksinnhold)
    return lest


def lagret(inn: Any) -> LagretSaksinnhold:
    """A document as stored."""
    lest = les(inn, LAGRET_SAKSINNHOLD)
    assert isinstance(lest, LagretSaksinnhold)
    return lest
