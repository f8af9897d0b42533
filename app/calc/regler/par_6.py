"""§ 6. From when, until when and under which paragraph each day of a stay is charged.

The day counted is the day spent in the institution, the first and the last included; a day that ends one
stay and begins the next counts once, for the later stay. Stays that follow one another without a day
between are one uninterrupted time in institution.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

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
    FRAVAER = "FRAVAER"


BETALES: Final = frozenset({Grunnlag.PARAGRAF_3, Grunnlag.PARAGRAF_4})
"""Grounds with something to pay."""


class Doegnopphold(NamedTuple):
    """A stay by the day. ``til`` is the last day (an open stay runs to the end of the year asked about)."""

    art: Oppholdsart
    fra: date
    til: date
    medregnet_fra: date | None
    nummer: int
    """The stay's place in the request."""
    fravaer: tuple[Spenn, ...] = ()
    """Days of the stay the kommune does not charge, though the stay goes on."""


class Regler(NamedTuple):
    """Rates and choices the division needs."""

    fri_maaneder: int
    grense_doegn: int
    avlastning_teller: bool
    """Relief days count towards the limit."""
    beholder_over_nyttaar: bool
    """A short stay charged under § 3 on 31 December keeps § 3 until it ends."""


class Del(NamedTuple):
    """A run of days of one stay under one ground."""

    spenn: Spenn
    grunnlag: Grunnlag
    nummer: int
    regel: Regel
    doegn_foer: int
    """Days of the calendar year counted towards the limit before this run."""
    teller: bool
    """Whether the days of this run count towards the limit."""


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


@regel(
    "par_6.fravaer",
    "Fravær uten betaling",
    Enhet.DOEGN,
    TIL_OG_MED,
    "fra og med {fra} til og med {til}: {svar} uten betaling etter kommunens valg; oppholdet fortsetter",
)
def fravaer(fra: date, til: date) -> Decimal:
    """Days away that the kommune has chosen not to charge. The regulation says nothing about absence."""
    return Decimal(Spenn(fra, til).doegn)


def del_opp(opphold: Iterable[Doegnopphold], aar: int, regler: Regler) -> tuple[Del, ...]:
    """Divide the stays' days of ``aar`` by the paragraph they are charged under.

    Args:
        opphold: stays sorted by first day, not overlapping except for a shared day.
        aar: the calendar year asked about. Earlier years are walked through for the day count only.
        regler: rates and choices.
    """
    gang = _Gang(regler, aar)
    uten_delt_dag = tuple(_uten_delt_dag(tuple(opphold)))
    return tuple(
        del_
        for stay in uten_delt_dag
        for hel in gang.deler(stay)
        if hel.spenn.fra.year == aar
        for del_ in _uten_fravaer(hel, stay.fravaer)
    )


def _uten_delt_dag(opphold: tuple[Doegnopphold, ...]) -> Iterator[Doegnopphold]:
    for naa, neste in zip(opphold, (*opphold[1:], None), strict=False):
        til = naa.til if neste is None or naa.til < neste.fra else dagen_foer(neste.fra)
        yield naa._replace(til=til)


def _uten_fravaer(hel: Del, borte: tuple[Spenn, ...]) -> Iterator[Del]:
    """Take days away out of what is charged. Count, chain and ground of every other day stand."""
    if hel.grunnlag not in BETALES or not borte:
        yield hel
        return
    fra = hel.spenn.fra
    for dager in sorted(borte):
        foerste, siste = max(dager.fra, fra), min(dager.til, hel.spenn.til)
        if foerste > siste:
            continue
        if fra < foerste:
            yield _utsnitt(hel, Spenn(fra, dagen_foer(foerste)))
        yield _utsnitt(hel, Spenn(foerste, siste))._replace(grunnlag=Grunnlag.FRAVAER, regel=fravaer)
        fra = dagen_etter(siste)
    if fra <= hel.spenn.til:
        yield _utsnitt(hel, Spenn(fra, hel.spenn.til))


def _utsnitt(hel: Del, spenn: Spenn) -> Del:
    foer = hel.doegn_foer + (spenn.fra - hel.spenn.fra).days * hel.teller
    return hel._replace(spenn=spenn, doegn_foer=foer)


class _Gang:
    """Walks stays in order and keeps what later days depend on: the count and the chain."""

    def __init__(self, regler: Regler, aar: int) -> None:
        self._regler = regler
        self._spurt_om = aar
        self._aar = 0
        self._doegn_i_aaret = 0
        self._start = date.min
        self._siste_dag = date.min
        self._siste_art: Oppholdsart | None = None
        self._siste_grunnlag: Grunnlag | None = None
        self._beholder_paragraf_3 = False
        """In a run of short stay that was under § 3 on 31 December and has not been interrupted since."""

    def deler(self, opphold: Doegnopphold) -> Iterator[Del]:
        dagen_foer_oppholdet = dagen_foer(opphold.fra)
        if self._siste_dag != dagen_foer_oppholdet:
            self._start, self._siste_art, self._siste_grunnlag = opphold.fra, None, None
        self._start = min(self._start, opphold.medregnet_fra or self._start)
        # Also when the stay's only day belongs to the next one: the chain goes on from here.
        self._siste_dag = dagen_foer_oppholdet
        fra = opphold.fra
        while fra <= opphold.til:
            spenn = Spenn(fra, min(opphold.til, aaret(fra.year).til))
            if spenn.fra.year != self._aar:
                self._aar, self._doegn_i_aaret = spenn.fra.year, 0
            self._beholder_paragraf_3 = opphold.art is self._siste_art is Oppholdsart.KORTTID_DOEGN and (
                self._beholder_paragraf_3 or self._var_paragraf_3_foer_nyttaar(spenn.fra)
            )
            yield from self._innen_aaret(opphold, spenn)
            if self._teller(opphold):
                self._doegn_i_aaret += spenn.doegn
            self._siste_dag, self._siste_art = spenn.til, opphold.art
            fra = dagen_etter(spenn.til)
            if self._langtid_betales:
                # Whole years before the one asked about leave everything as it is: charged, and the count at nought.
                fra = max(fra, aaret(min(self._spurt_om, opphold.til.year)).fra)
                self._siste_dag = dagen_foer(fra)

    def _teller(self, opphold: Doegnopphold) -> bool:
        return opphold.art is not Oppholdsart.AVLASTNING or self._regler.avlastning_teller

    @property
    def _langtid_betales(self) -> bool:
        """A long stay once charged is never free again, also when the new year's count begins."""
        return self._siste_art is Oppholdsart.LANGTID and self._siste_grunnlag is Grunnlag.PARAGRAF_3

    def _var_paragraf_3_foer_nyttaar(self, dag: date) -> bool:
        return (
            self._regler.beholder_over_nyttaar
            and dag == aaret(dag.year).fra
            and self._siste_grunnlag is Grunnlag.PARAGRAF_3
        )

    def _innen_aaret(self, opphold: Doegnopphold, spenn: Spenn) -> Iterator[Del]:
        foer_grensen = max(0, self._regler.grense_doegn - self._doegn_i_aaret)
        if opphold.art.er_fri:
            yield from self._del(opphold, spenn, spenn.doegn, Grunnlag.GRATIS, fritak, fritak)
        elif opphold.art is Oppholdsart.LANGTID:
            betaling_fra = pluss_maaneder(self._start, self._regler.fri_maaneder)
            fri = 0 if self._langtid_betales else min(max(0, (betaling_fra - spenn.fra).days), foer_grensen)
            fri_til_grensen = pluss_doegn(spenn.fra, fri) < betaling_fra
            etter = etter_grensen if fri_til_grensen else betalingstid
            yield from self._del(opphold, spenn, fri, Grunnlag.FRI_MAANED, fri_maaned, etter)
        else:
            paragraf_4 = 0 if self._beholder_paragraf_3 else foer_grensen
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
        teller = self._teller(opphold)
        if antall_foerst:
            self._siste_grunnlag = foerst
            hele = Spenn(spenn.fra, dagen_foer(skille))
            yield Del(hele, foerst, opphold.nummer, regel_foerst, self._doegn_i_aaret, teller)
        if skille <= spenn.til:
            self._siste_grunnlag = Grunnlag.PARAGRAF_3
            foer = self._doegn_i_aaret + antall_foerst * teller
            rest = Spenn(skille, spenn.til)
            yield Del(rest, Grunnlag.PARAGRAF_3, opphold.nummer, regel_etter, foer, teller)
