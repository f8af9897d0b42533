"""Pension payers a kommune has found out about (§ 5 tredje ledd: half of public and of private pensions)."""

from datetime import date
from decimal import Decimal

import pytest

from app.calc.poster.inntekter import Inntektslinje, Inntektsoppgave, Inntektssvar, anslag_for_aaret
from app.calc.poster.katalog import Utbetaler, Utbetalerart, katalogen
from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_3 import langtidsgrunnlag
from app.calc.poster.typer import Gruppe, Skattepost, Skattesvar, Spesifisering

PENSJON = "samletAnnenPensjonMedTrekkpliktEksklusiveEktefelletillegg"
EGEN, SPK = "311102001", "982583462"


def utbetaler(
    art: Utbetalerart, fra: date = date(2020, 1, 1), til: date | None = None, nummer: str = EGEN
) -> Utbetaler:
    return Utbetaler(nummer, "Pensjon AS", art, fra, til, "kommunen")


def grunnlag(*egne: Utbetaler, nummer: str = EGEN, aar: int = 2025) -> Langtidsgrunnlag:
    post = Skattepost(PENSJON, 100, spesifisering=(Spesifisering("KollektivPensjonsordning", nummer, 100),))
    svar = langtidsgrunnlag(Skattesvar(aar, (post,)), utbetalere=egne)
    assert isinstance(svar, Langtidsgrunnlag)
    return svar


# What the kommune knows, and the group the 100 kroner end in; None waits for the caseworker.
TILFELLER = [
    pytest.param((), None, id="ingen vet"),
    pytest.param((utbetaler(Utbetalerart.OFFENTLIG),), Gruppe.OFFENTLIG_TJENESTEPENSJON, id="offentlig"),
    pytest.param((utbetaler(Utbetalerart.PRIVAT),), Gruppe.PRIVAT_PENSJON, id="privat"),
    pytest.param((utbetaler(Utbetalerart.PRIVAT, date(2025, 12, 31)),), Gruppe.PRIVAT_PENSJON, id="fra årets siste dag"),
    pytest.param((utbetaler(Utbetalerart.PRIVAT, date(2026, 1, 1)),), None, id="først fra neste år"),
    pytest.param((utbetaler(Utbetalerart.PRIVAT, til=date(2025, 12, 30)),), None, id="til dagen før årets siste"),
    pytest.param((utbetaler(Utbetalerart.PRIVAT, nummer="311101005"),), None, id="en annen utbetaler"),
]  # fmt: skip


@pytest.mark.parametrize(("egne", "gruppe"), TILFELLER)
def test_kommunens_utbetalere_avgjoer_gruppen(egne: tuple[Utbetaler, ...], gruppe: Gruppe | None) -> None:
    svar = grunnlag(*egne)
    assert {g: s.verdi for g, s in svar.grupper.items()} == ({} if gruppe is None else {gruppe: 100})
    assert [o.beloep for o in svar.maa_plasseres] == ([100] if gruppe is None else [])


def test_katalogens_egne_gaar_foran() -> None:
    svar = grunnlag(utbetaler(Utbetalerart.PRIVAT, nummer=SPK), nummer=SPK)
    assert list(svar.grupper) == [Gruppe.OFFENTLIG_TJENESTEPENSJON]


def test_etter_at_katalogen_sist_er_kontrollert_gjelder_kommunens() -> None:
    aar = katalogen().utbetalere_kontrollert_til.year + 1
    katalog = katalogen().med((utbetaler(Utbetalerart.PRIVAT),))
    assert katalog.utbetaler(SPK, date(aar, 1, 1)) is None
    assert katalog.utbetaler(EGEN, date(aar, 1, 1)) is not None


@pytest.mark.parametrize(
    ("art", "gruppe"),
    [(Utbetalerart.OFFENTLIG, Gruppe.OFFENTLIG_TJENESTEPENSJON), (Utbetalerart.PRIVAT, None)],
)
def test_en_privat_ufoereytelse_er_ikke_sagt_aa_vaere_pensjon(
    art: Utbetalerart, gruppe: Gruppe | None
) -> None:
    """No source says that § 5 tredje ledd counts it, so it waits."""
    navn = next(
        rad.teknisk_navn
        for rader in katalogen().poster.values()
        for rad in rader
        if rad.paragraf3.id == "ufoereytelse_etter_utbetaler" and rad.foerste_aar <= 2025 <= rad.siste_aar
    )
    post = Skattepost(navn, 100, spesifisering=(Spesifisering("KollektivPensjonsordning", EGEN, 100),))
    svar = langtidsgrunnlag(Skattesvar(2025, (post,)), utbetalere=(utbetaler(art),))
    assert isinstance(svar, Langtidsgrunnlag)
    assert list(svar.grupper) == ([] if gruppe is None else [gruppe])


def test_maanedsinntekt_foelger_de_samme() -> None:
    kode = next(
        noekkel
        for noekkel, rad in katalogen().koder.items()
        if rad.paragraf3.id == "pensjon_etter_utbetaler" and rad.gyldig_til is None
    )
    oppgave = Inntektsoppgave(
        "2026-01", EGEN, (Inntektslinje(*kode, "kontantytelse", Decimal(100)),), (Decimal(10),)
    )
    svar = Inntektssvar(2026, (oppgave,))
    uten = anslag_for_aaret(svar, date(2026, 2, 10))
    med = anslag_for_aaret(svar, date(2026, 2, 10), utbetalere=(utbetaler(Utbetalerart.PRIVAT),))
    assert not hasattr(uten, "tekst")
    assert uten.grupper == {}
    assert list(med.grupper) == [Gruppe.PRIVAT_PENSJON]  # type: ignore[union-attr]
