"""§ 6. From when, until when and under which paragraph each day of a stay is charged.

The day counted is the day spent in the institution, the first and the last included; a day that ends one
stay and begins the next counts once, for the later stay. Stays that follow one another without a day
between are one uninterrupted time in institution.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.hjemmel import Hjemmel
from app.calc.periode import Spenn, aaret, dagen_etter, dagen_foer, pluss_doegn, pluss_maaneder
from app.calc.regler.par_1 import DEFINISJONER, FRITAK, Oppholdsart
from app.calc.sporing import Enhet, Regel, regel

FRI_TID: Final = Hjemmel(6, 1, 1)
DIREKTE_FLYTTING: Final = Hjemmel(6, 1, 2)
FRA_FOERSTE_DAG: Final = Hjemmel(6, 2)
ETTER_60_DOEGN: Final = Hjemmel(6, 3)
TIL_OG_MED: Final = Hjemmel(6, 4)


class Grunnlag(StrEnum):
    """The paragraph a day is charged under, or why it is free."""

    PARAGRAF_3 = "PARAGRAF_3"
    PARAGRAF_4 = "PARAGRAF_4"
    FRI_MAANED = "FRI_MAANED"
    GRATIS = "GRATIS"


@dataclass(frozen=True, slots=True)
class Doegnopphold:
    """A stay by the day. ``til`` is the last day (an open stay runs to the end of the year asked about)."""

    art: Oppholdsart
    fra: date
    til: date
    medregnet_fra: date | None
    nummer: int
    """The stay's place in the request."""


@dataclass(frozen=True, slots=True)
class Regler:
    """Rates and choices the division needs."""

    fri_maaneder: int
    grense_doegn: int
    avlastning_teller: bool
    """Relief days count towards the limit."""
    beholder_over_nyttaar: bool
    """A short stay charged under § 3 on 31 December keeps § 3 until it ends."""


@dataclass(frozen=True, slots=True)
class Del:
    """A run of days of one stay under one ground."""

    spenn: Spenn
    grunnlag: Grunnlag
    nummer: int
    regel: Regel


@regel(
    "par_6.fri_maaned",
    "Betalingsfri tid etter innflytting",
    Enhet.DOEGN,
    FRI_TID,
    "fra og med {fra} til og med {til}: {svar} uten betaling",
    ogsaa=[DIREKTE_FLYTTING],
)
def fri_maaned(fra: date, til: date) -> Decimal:
    """Days before one month has passed since moving in, time in a stay moved directly from included."""
    return Decimal(Spenn(fra, til).doegn)


@regel(
    "par_6.betalingstid",
    "Langtidsopphold med betaling",
    Enhet.DOEGN,
    TIL_OG_MED,
    "fra og med {fra} til og med {til}: {svar} etter § 3",
    ogsaa=[FRI_TID],
)
def betalingstid(fra: date, til: date) -> Decimal:
    """Days charged under § 3, through the day the stay ends."""
    return Decimal(Spenn(fra, til).doegn)


@regel(
    "par_6.etter_60_doegn",
    "Opphold etter 60 døgn i kalenderåret",
    Enhet.DOEGN,
    ETTER_60_DOEGN,
    "fra og med {fra} til og med {til}: {svar} etter § 3, uten ny betalingsfri måned",
    ogsaa=[DEFINISJONER],
)
def etter_grensen(fra: date, til: date) -> Decimal:
    """Days after the limit of the calendar year was reached: charged under § 3, no free month."""
    return Decimal(Spenn(fra, til).doegn)


@regel(
    "par_6.korttid",
    "Korttidsopphold med betaling fra første dag",
    Enhet.DOEGN,
    FRA_FOERSTE_DAG,
    "fra og med {fra} til og med {til}: {svar} etter § 4",
)
def korttid_fra_foerste_dag(fra: date, til: date) -> Decimal:
    """Days of short stay charged under § 4, from the first."""
    return Decimal(Spenn(fra, til).doegn)


@regel(
    "par_1.fritak",
    "Opphold uten egenandel",
    Enhet.DOEGN,
    FRITAK,
    "fra og med {fra} til og med {til}: {svar} uten egenandel",
)
def fritak(fra: date, til: date) -> Decimal:
    """Relief and emergency days are never charged."""
    return Decimal(Spenn(fra, til).doegn)


def del_opp(opphold: Iterable[Doegnopphold], aar: int, regler: Regler) -> tuple[Del, ...]:
    """Divide the stays' days of ``aar`` by the paragraph they are charged under.

    Args:
        opphold: stays sorted by first day, not overlapping except for a shared day.
        aar: the calendar year asked about. Earlier years are walked through for the day count only.
        regler: rates and choices.
    """
    gang = _Gang(regler)
    uten_delt_dag = tuple(_uten_delt_dag(tuple(opphold)))
    return tuple(del_ for stay in uten_delt_dag for del_ in gang.deler(stay) if del_.spenn.fra.year == aar)


def _uten_delt_dag(opphold: tuple[Doegnopphold, ...]) -> Iterator[Doegnopphold]:
    for naa, neste in zip(opphold, (*opphold[1:], None), strict=False):
        til = naa.til if neste is None or naa.til < neste.fra else dagen_foer(neste.fra)
        yield Doegnopphold(naa.art, naa.fra, til, naa.medregnet_fra, naa.nummer)


class _Gang:
    """Walks stays in order and keeps what later days depend on: the count and the chain."""

    def __init__(self, regler: Regler) -> None:
        self._regler = regler
        self._aar = 0
        self._doegn_i_aaret = 0
        self._start = date.min
        self._siste_dag = date.min
        self._siste_grunnlag: Grunnlag | None = None

    def deler(self, opphold: Doegnopphold) -> Iterator[Del]:
        sammenhengende = self._siste_dag != date.min and opphold.fra <= dagen_etter(self._siste_dag)
        start = self._start if sammenhengende else opphold.fra
        self._start = min(start, opphold.medregnet_fra or start)
        fra = opphold.fra
        while fra <= opphold.til:
            spenn = Spenn(fra, min(opphold.til, aaret(fra.year).til))
            if spenn.fra.year != self._aar:
                self._aar, self._doegn_i_aaret = spenn.fra.year, 0
            siden = self._siste_grunnlag if sammenhengende else None
            yield from self._innen_aaret(opphold, spenn, siden)
            if opphold.art is not Oppholdsart.AVLASTNING or self._regler.avlastning_teller:
                self._doegn_i_aaret += spenn.doegn
            self._siste_dag, sammenhengende = spenn.til, True
            fra = dagen_etter(spenn.til)

    def _innen_aaret(self, opphold: Doegnopphold, spenn: Spenn, siden: Grunnlag | None) -> Iterator[Del]:
        foer_grensen = max(0, self._regler.grense_doegn - self._doegn_i_aaret)
        if opphold.art.er_fri:
            yield from self._del(opphold, spenn, spenn.doegn, Grunnlag.GRATIS, fritak, fritak)
        elif opphold.art is Oppholdsart.LANGTID:
            betaling_fra = pluss_maaneder(self._start, self._regler.fri_maaneder)
            fri = min(max(0, (betaling_fra - spenn.fra).days), foer_grensen)
            etter = betalingstid if fri < foer_grensen else etter_grensen
            if pluss_doegn(spenn.fra, fri) >= betaling_fra:
                etter = betalingstid
            yield from self._del(opphold, spenn, fri, Grunnlag.FRI_MAANED, fri_maaned, etter)
        else:
            paa_aarets_foerste = spenn.fra == aaret(spenn.fra.year).fra
            beholder = (
                self._regler.beholder_over_nyttaar and paa_aarets_foerste and siden is Grunnlag.PARAGRAF_3
            )
            paragraf_4 = 0 if beholder else foer_grensen
            yield from self._del(
                opphold, spenn, paragraf_4, Grunnlag.PARAGRAF_4, korttid_fra_foerste_dag, etter_grensen
            )

    def _del(
        self,
        opphold: Doegnopphold,
        spenn: Spenn,
        antall_foerst: int,
        foerst: Grunnlag,
        regel_foerst: Regel,
        regel_etter: Regel,
    ) -> Iterator[Del]:
        antall_foerst = min(antall_foerst, spenn.doegn)
        skille = pluss_doegn(spenn.fra, antall_foerst)
        if antall_foerst:
            self._siste_grunnlag = foerst
            yield Del(Spenn(spenn.fra, dagen_foer(skille)), foerst, opphold.nummer, regel_foerst)
        if skille <= spenn.til:
            self._siste_grunnlag = Grunnlag.PARAGRAF_3
            yield Del(Spenn(skille, spenn.til), Grunnlag.PARAGRAF_3, opphold.nummer, regel_etter)
