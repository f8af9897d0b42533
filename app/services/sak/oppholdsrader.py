"""The stays of a sak as the calculator takes them: with the institution's price and with days away.

A stay is divided where the price changes in the year; dividing it changes nothing else. Days in hospital are
part of the stay whatever the kommune charges: they count towards the 60, and the free month runs on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.calc.kontrakt.langtidsopphold import Fravaer
from app.calc.periode import Spenn, aaret, dagen_foer
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.rader import Saksopphold, Sykehusopphold

Oppholdsutgift = Callable[[str], Sequence[tuple[date, Decimal]]]
"""An institution's price per month by its code: from which day, and how much. Empty when nothing is set."""


@dataclass(frozen=True, slots=True)
class Oppholdsdel:
    """A stay, or a part of it with one price."""

    nummer: int
    """The stay's place in the document."""
    spenn: Spenn
    """Days with this price, within the year asked about."""
    rad: dict[str, Any]
    """As the calculator's contract spells it."""
    uten_pris: bool
    """The institution is told, but has no price for these days."""


def oppholdsdeler(
    innhold: LagretSaksinnhold, aar: int, oppholdsutgift: Oppholdsutgift, sykehusdoegn_betales: bool
) -> Iterator[Oppholdsdel]:
    """The stays that a calculation of the year needs, in the order of the document.

    Stays of earlier years are needed for the day count and the free month; what is after the year is not.
    """
    fra, til = aaret(aar)
    for nr, opphold in enumerate(innhold.opphold):
        if opphold.fra > til or (opphold.art.er_besoek and opphold.fra.year != aar):
            continue
        borte = fravaer(opphold, () if sykehusdoegn_betales else innhold.sykehusopphold)
        for start, slutt, utgift in _med_pris(opphold, aar, oppholdsutgift):
            spenn = Spenn(max(start, fra), min(slutt or til, til))
            berorer = spenn.fra <= spenn.til and not opphold.art.er_besoek
            uten_pris = berorer and opphold.institusjon is not None and utgift is None
            rad = _rad(opphold, start, slutt, utgift)
            if dager := som_fravaer(borte, start, min(slutt or til, til)):
                rad["fravaer"] = [{"fra": d.fra.isoformat(), "til": d.til.isoformat()} for d in dager]
            yield Oppholdsdel(nr, spenn, rad, uten_pris)


def fravaer(opphold: Saksopphold, sykehus: Sequence[Sykehusopphold]) -> tuple[Spenn, ...]:
    """The stay's days that are not charged: its own absences and days in hospital, sorted and apart.

    Args:
        opphold: the stay; visits have no absence.
        sykehus: hospital stays that are not charged, wherever they are.
    """
    if opphold.art.er_besoek:
        return ()
    dager = [Spenn(borte.fra, borte.til) for borte in opphold.fravaer]
    for borte in sykehus:
        felles = Spenn(max(borte.fra, opphold.fra), min(borte.til or date.max, opphold.til or date.max))
        if felles.fra <= felles.til:
            dager.append(felles)
    ferdig: list[Spenn] = []
    for spenn in sorted(dager):
        if ferdig and spenn.fra <= ferdig[-1].til:
            ferdig[-1] = Spenn(ferdig[-1].fra, max(ferdig[-1].til, spenn.til))
        else:
            ferdig.append(spenn)
    return tuple(ferdig)


def som_fravaer(dager: Sequence[Spenn], fra: date, til: date) -> tuple[Fravaer, ...]:
    """Days away between two days, as the contract has them."""
    felles = (Spenn(max(s.fra, fra), min(s.til, til)) for s in dager)
    return tuple(Fravaer(fra=s.fra, til=s.til) for s in felles if s.fra <= s.til)


def _med_pris(
    opphold: Saksopphold, aar: int, oppholdsutgift: Oppholdsutgift
) -> Iterator[tuple[date, date | None, Decimal | None]]:
    if opphold.institusjon is None or opphold.art.er_besoek:
        yield opphold.fra, opphold.til, opphold.oppholdsutgift_per_maaned
        return
    fra, til = aaret(aar)
    priser = sorted(oppholdsutgift(opphold.institusjon))
    foerste, siste = max(opphold.fra, fra), min(opphold.til or til, til)
    start, utgift = opphold.fra, _paa(priser, foerste)
    for dag, ny in priser:
        if foerste < dag <= siste and ny != utgift:
            yield start, dagen_foer(dag), utgift
            start, utgift = dag, ny
    yield start, opphold.til, utgift


def _paa(priser: Sequence[tuple[date, Decimal]], dag: date) -> Decimal | None:
    return next((beloep for fra, beloep in reversed(priser) if fra <= dag), None)


def _rad(opphold: Saksopphold, fra: date, til: date | None, utgift: Decimal | None) -> dict[str, Any]:
    rad: dict[str, Any] = {"art": str(opphold.art), "fra": fra.isoformat()}
    if til is not None:
        rad["til"] = til.isoformat()
    if opphold.antall is not None:
        rad["antall"] = opphold.antall
    if opphold.dobbeltrom_mot_eget_oenske:
        rad["dobbeltromMotEgetOenske"] = True
    if opphold.medregnet_fra is not None and fra == opphold.fra:
        rad["medregnetFra"] = opphold.medregnet_fra.isoformat()
    if utgift is not None:
        rad["oppholdsutgiftPerMaaned"] = utgift
    return rad
