"""The calculators as JSON in, JSON out: what HTTP and the command line call, and Python may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc import etteroppgjoer, langtidsopphold, praktisk_bistand
from app.calc.beloep import eksakt_regning
from app.calc.kontrakt.etteroppgjoer import ETTEROPPGJOER_INN, EtteroppgjoerUt
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.kilder import krev_pekere, les_kilder
from app.calc.kontrakt.langtidsopphold import LANGTID_INN, LangtidUt
from app.calc.kontrakt.lesing import Objekt
from app.calc.kontrakt.nodetekst import INGEN_KILDER, Kilder
from app.calc.kontrakt.praktisk_bistand import PRAKTISK_BISTAND_INN, PraktiskBistandUt


class Art(StrEnum):
    """The three calculators."""

    LANGTIDSOPPHOLD = "langtidsopphold"
    PRAKTISK_BISTAND = "praktisk-bistand"
    ETTEROPPGJOER = "etteroppgjoer"


@dataclass(frozen=True, slots=True)
class Kalkulator:
    """How a calculator reads, what it answers with, and the calculation between."""

    inn: Objekt[Any]
    ut: Objekt[Any]
    beregn: Callable[[Any], Any]
    beloep: Callable[[Any], Mapping[str, Decimal]] | None = None
    """What each month costs and no more; the same as ``beregn`` says, in half the time."""


KALKULATORER: Final = {
    Art.LANGTIDSOPPHOLD: Kalkulator(
        LANGTID_INN, Objekt(LangtidUt), langtidsopphold.beregn, langtidsopphold.beloep
    ),
    Art.PRAKTISK_BISTAND: Kalkulator(
        PRAKTISK_BISTAND_INN, Objekt(PraktiskBistandUt), praktisk_bistand.beregn
    ),
    Art.ETTEROPPGJOER: Kalkulator(ETTEROPPGJOER_INN, Objekt(EtteroppgjoerUt), etteroppgjoer.beregn),
}


def kalkuler(
    art: Art | str, tekst: bytes | str, forklar: bool = True, kilder: str | bytes | None = None
) -> str:
    """Read a request, calculate, and write the answer.

    Args:
        art: which calculator, by its name in the contract.
        tekst: the request as JSON text.
        forklar: whether the answer carries the explanation tree.
        kilder: where facts of the request came from, as ``skriv_kilder`` writes it. A fact of the tree whose
            ``kilde`` is one of these pointers gets that node as its only child, byte for byte, so the tree
            goes on to the tax post. In an etteroppgjoer the pointers begin with ``/endelig`` or
            ``/foreloepig``.

    Returns:
        One line of JSON ending in a line feed; the same text for the same request every time.

    Raises:
        UlesbarJsonError: the text is not JSON.
        KontraktFeilError: the request has faults; all of them are listed.
        KildefeilError: ``kilder`` does not fit the request; the message names the pointer.
        ValueError: no such calculator.
    """
    return utfoer(art, tekst, forklar, kilder).tekst


@dataclass(frozen=True, slots=True)
class Utfoert:
    """An answer, and the text of it."""

    svar: Any = field(repr=False)
    tekst: str = field(repr=False)


def utfoer(
    art: Art | str, tekst: bytes | str, forklar: bool = True, kilder: Kilder | str | bytes | None = None
) -> Utfoert:
    """Like ``kalkuler``, for one who needs the answer itself too, or has just made the sources."""
    kalkulator = KALKULATORER[Art(art)]
    raa = les_json(tekst)
    inn = les_inn(kalkulator.inn, raa)
    utelat = () if forklar else ("forklaring",)
    leste = les_kilder(kilder) if isinstance(kilder, str | bytes) else kilder or INGEN_KILDER
    krev_pekere(leste, raa)
    svar = kalkulator.beregn(inn)
    return Utfoert(svar, skriv_json(svar, utelat, leste))


def maanedsbeloep(art: Art, raa: Any) -> Mapping[str, Decimal]:
    """What each month costs, of a request as parsed JSON; months that are not charged are not there.

    Raises:
        KontraktFeilError: the request has faults.
        SatsManglerError: a rate is missing for the year.
    """
    kalkulator = KALKULATORER[art]
    inn = les_inn(kalkulator.inn, raa)
    if kalkulator.beloep is not None:
        return kalkulator.beloep(inn)
    return {rad.maaned: rad.egenandel for rad in kalkulator.beregn(inn).maaneder}


def les_inn(inn: Objekt[Any], raa: Any) -> Any:
    """A request as the calculator takes it, from parsed JSON.

    Raises:
        KontraktFeilError: the request has faults; all of them are listed.
    """
    feil: list[Feil] = []
    with eksakt_regning():
        lest = inn.les(raa, "", feil)
    if feil:
        raise KontraktFeilError(feil)
    return lest
