"""How the finance system wants what is invoiced: which columns, from which field, in which form."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import (
    UGYLDIG,
    Boolsk,
    Deler,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    Tekst,
    Valgt,
    felt,
    gyldig,
)


class Kilde(StrEnum):
    """The field a column is filled from."""

    LINJE_ID = "LINJE_ID"
    KJOERING = "KJOERING"
    LINJETYPE = "LINJETYPE"
    PERSONREFERANSE = "PERSONREFERANSE"
    FOEDSELSNUMMER = "FOEDSELSNUMMER"
    NAVN = "NAVN"
    SAK_ID = "SAK_ID"
    SAKSREFERANSE = "SAKSREFERANSE"
    TJENESTE = "TJENESTE"
    INSTITUSJON = "INSTITUSJON"
    PERIODE = "PERIODE"
    FRA_DATO = "FRA_DATO"
    TIL_DATO = "TIL_DATO"
    BELOEP_OERE = "BELOEP_OERE"
    BELOEP_KRONER = "BELOEP_KRONER"
    VEDTAK_ID = "VEDTAK_ID"
    TEKST = "TEKST"
    FAST = "FAST"


DATOER: Final = frozenset({Kilde.FRA_DATO, Kilde.TIL_DATO})
BELOEP: Final = frozenset({Kilde.BELOEP_OERE, Kilde.BELOEP_KRONER})


class Kolonneformat(StrEnum):
    """How a day or an amount is written."""

    ISO = "ISO"
    AAAAMMDD = "AAAAMMDD"
    DDMMAAAA = "DDMMAAAA"
    KOMMA = "KOMMA"
    PUNKTUM = "PUNKTUM"


_FOR_DATO: Final = frozenset({Kolonneformat.ISO, Kolonneformat.AAAAMMDD, Kolonneformat.DDMMAAAA})
_FOR_KRONER: Final = frozenset({Kolonneformat.KOMMA, Kolonneformat.PUNKTUM})


class Justering(StrEnum):
    """The side of a column of fixed width that is filled up last."""

    VENSTRE = "VENSTRE"
    HOEYRE = "HOEYRE"


class Filform(StrEnum):
    """How the columns of the text file are told apart."""

    SEMIKOLON = "SEMIKOLON"
    FAST_BREDDE = "FAST_BREDDE"


@dataclass(frozen=True, slots=True)
class Kolonne:
    """One column."""

    navn: str = felt(Tekst(60), "Kolonnens navn i filen")
    kilde: Kilde = felt(Valgt(Kilde), "Feltet kolonnen fylles fra; FAST er den samme verdien i hver linje")
    fast: str | None = felt(Kanskje(Tekst(100)), "Verdien, når kilden er FAST", None)
    format: Kolonneformat | None = felt(
        Kanskje(Valgt(Kolonneformat)), "Hvordan en dato eller et kronebeløp skrives", None
    )
    bredde: int | None = felt(Kanskje(Heltall(1, 500)), "Antall tegn, når filen har fast bredde", None)
    justering: Justering = felt(
        Valgt(Justering), "Siden innholdet står på, når filen har fast bredde", Justering.VENSTRE
    )
    fyll: str | None = felt(Kanskje(Tekst(1)), "Tegnet det fylles opp med; utelatt betyr mellomrom", None)


def _kolonne(deler: Deler, sti: str, feil: list[Feil]) -> None:
    kilde, fast, form = deler["kilde"], deler["fast"], deler["format"]
    if gyldig(kilde, fast) and (kilde is Kilde.FAST) != (fast is not None):
        feil.append(Feil(f"{sti}/fast", "fast-verdi", "Oppgi fast når kilden er FAST, og ellers ikke."))
    if gyldig(kilde, form) and form is not None:
        mulige = (
            _FOR_DATO if kilde in DATOER else _FOR_KRONER if kilde is Kilde.BELOEP_KRONER else frozenset()
        )
        if form not in mulige:
            feil.append(
                Feil(
                    f"{sti}/format",
                    "feil-format",
                    "ISO, AAAAMMDD og DDMMAAAA er for datoer, KOMMA og PUNKTUM for BELOEP_KRONER. Utelat format ellers.",
                )
            )


KOLONNE: Final = Objekt(Kolonne, _kolonne)

STANDARDKOLONNER: Final = tuple(
    Kolonne(navn=kilde.value.lower(), kilde=kilde)
    for kilde in (
        Kilde.LINJE_ID,
        Kilde.KJOERING,
        Kilde.LINJETYPE,
        Kilde.PERSONREFERANSE,
        Kilde.SAKSREFERANSE,
        Kilde.TJENESTE,
        Kilde.INSTITUSJON,
        Kilde.PERIODE,
        Kilde.BELOEP_OERE,
        Kilde.TEKST,
    )
)
"""Without a national id: the kommune must ask for it."""


@dataclass(frozen=True, slots=True)
class Fakturaoppsett:
    """What is invoiced from this service, and how the finance system wants it."""

    fra_maaned: str = felt(
        Maaned(), "Første måned som faktureres herfra; det som er før, er fakturert på annen måte"
    )
    filform: Filform = felt(Valgt(Filform), "SEMIKOLON (CSV) eller FAST_BREDDE", Filform.SEMIKOLON)
    overskrift: bool = felt(Boolsk(), "Om første linje i tekstfilen er kolonnenavnene", True)
    kolonner: tuple[Kolonne, ...] = felt(Liste(KOLONNE, 60), "Kolonnene, i rekkefølge", STANDARDKOLONNER)


def _oppsett(deler: Deler, sti: str, feil: list[Feil]) -> None:
    kolonner, form = deler["kolonner"], deler["filform"]
    if kolonner is UGYLDIG:
        return
    if not kolonner:
        feil.append(
            Feil(f"{sti}/kolonner", "ingen-kolonner", "Oppgi minst én kolonne, eller utelat kolonner.")
        )
    sett: set[Any] = set()
    for nr, kolonne in enumerate(kolonner):
        if kolonne is UGYLDIG:
            continue
        if kolonne.navn in sett:
            feil.append(
                Feil(f"{sti}/kolonner/{nr}/navn", "dobbel", "Navnet står flere ganger. Endre det ene.")
            )
        sett.add(kolonne.navn)
        if form is Filform.FAST_BREDDE and kolonne.bredde is None:
            feil.append(
                Feil(f"{sti}/kolonner/{nr}/bredde", "mangler", "Oppgi bredde når filen har fast bredde.")
            )


FAKTURAOPPSETT: Final = Objekt(Fakturaoppsett, _oppsett)
