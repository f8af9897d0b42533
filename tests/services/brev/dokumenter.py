"""A decision on a calculator's answer, without a database: for what is tried many times."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import pytest
from pypdf import PdfReader

from app.calc.kalkulator import kalkuler
from app.db.lager.beregninger import Beregning, Tilstand, Versjoner
from app.db.lager.saker import Sak, Status
from app.db.lager.vedtak import Vedtak, Vedtaksart
from app.services.brev import trykk
from app.services.brev.innhold import Brevsak, Spraak, vedtaksdokument
from app.services.brev.rad import Dok
from app.services.kommuneoppsett.fil import les_fil
from app.services.sak.saker import Hentetsak, les_innhold
from tests.saker.verden import EKSEMPLER

NAA: Final = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
PERSON: Final = UUID(int=7)
LANGTID: Final = {
    "aar": 2025,
    "inntekter": {
        "pensjonFraFolketrygden": 321_456,
        "offentligTjenestepensjon": 81_234,
        "renteinntekt": 4_321,
    },
    "skatt": {"beregnetSkatt": 73_219},
    "forsoergede": [{"relasjon": "EKTEFELLE", "tenktEtterlattepensjon": 212_345, "arbeidsinntekt": 98_765}],
    "opphold": [{"art": "LANGTID", "fra": "2025-02-10", "oppholdsutgiftPerMaaned": 88_500}],
}


def om(**bytt: Any) -> tuple[Brevsak, Vedtak]:
    """What a letter is about, and the decision."""
    resultat = kalkuler("langtidsopphold", json.dumps(LANGTID))
    egne = {
        "personId": str(PERSON),
        "inntektsaar": 2025,
        "skatteoppgjoersdato": "2026-01-20",
        "ikkeRegnet": [],
    }
    innhold = {"tjeneste": "LANGTIDSOPPHOLD", "person": {"personId": str(PERSON)}}
    beregning = Beregning(
        id=UUID(int=2),
        sak_id=UUID(int=1),
        sak_versjon=1,
        oppsett_versjon=1,
        aar=2025,
        virkning_fra=date(2025, 1, 1),
        tilstand=Tilstand.BEREGNET,
        foreloepig=False,
        svar=json.dumps({"personer": [egne], "varsler": []}),
        inn=json.dumps(LANGTID),
        kilder="{}",
        resultat=resultat,
        resultat_hash="d" * 64,
        versjoner=Versjoner("1", "2", "3", "4"),
        av="bruker:a",
        opprettet=NAA,
    )
    vedtak = Vedtak(
        id=UUID(int=3),
        sak_id=UUID(int=1),
        beregning_id=UUID(int=2),
        art=Vedtaksart.ENDELIG,
        fra=date(2025, 1, 1),
        til=None,
        erstatter=None,
        av="bruker:a",
        opprettet=NAA,
    )
    sak = Sak(UUID(int=1), "LANGTIDSOPPHOLD", PERSON, None, Status.AAPEN, 1, NAA, NAA)
    brevsak = Brevsak(
        sak=Hentetsak(sak, les_innhold(json.dumps(innhold))),
        beregning=beregning,
        oppsett=les_fil(EKSEMPLER / "fjordvik.toml"),
        navn="Oppdiktet Navn",
        spraak=Spraak.NB,
    )
    return replace(brevsak, **bytt), vedtak


def dokument(begrunnelse: str | None = None, **bytt: Any) -> Dok:
    """The document of a letter."""
    brevsak, vedtak = om(**bytt)
    return vedtaksdokument(brevsak, replace(vedtak, begrunnelse=begrunnelse), None)


@contextmanager
def uten_typst() -> Iterator[None]:
    """As where the typesetter is not installed."""
    patch = pytest.MonkeyPatch()
    patch.setitem(sys.modules, "typst", None)
    trykk._setter.cache_clear()
    try:
        yield
    finally:
        trykk._setter.cache_clear()
        patch.undo()


def tekst_i(pdf: bytes) -> str:
    """What is printed, with every run of white space as one space."""

    return " ".join(" ".join(side.extract_text() for side in PdfReader(BytesIO(pdf)).pages).split())
