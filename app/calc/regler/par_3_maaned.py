"""From the yearly rate to months and the year (§ 3 andre ledd, § 6 fjerde ledd).

A day costs the yearly rate divided by the months of the year and the days of the month, so a full month
under one rate is exactly one twelfth. A month is rounded once, downwards: the percentages of § 3 are
maxima, so rounding up would exceed the law.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from itertools import starmap
from operator import mul
from typing import Final, TypeVar

from app.calc.avrunding import Avrunding, kuttet_til_oere, ned
from app.calc.beloep import NULL, tall_paa_norsk
from app.calc.hjemmel import Hjemmel
from app.calc.periode import DOEGN_I_REGNSKAPSMAANED, MAANEDER_I_AARET, Spenn, doegn_i_aaret
from app.calc.sporing import Enhet, Faktum, Node, Regel, Steg, regel, som_tall, tall_med_enhet

_T = TypeVar("_T")

MAANED: Final = Hjemmel(3, 2, 1)
SISTE_DAG: Final = Hjemmel(6, 4)

_AVRUNDINGSTEKST: Final = {
    Avrunding.KRONE_NED: "rundet ned til hele kroner",
    Avrunding.OERE_NED: "rundet ned til hele øre",
}


class Doegnregel(StrEnum):
    """How a yearly rate becomes a daily one (the kommune's choice)."""

    KALENDERMAANED = "KALENDERMAANED"
    DAGER_30 = "30_DAGER"
    DAGER_365 = "365_DAGER"


def fordeling(regel: Doegnregel, maaned: Spenn, doegn_med_betaling: int) -> Faktum:
    """What the yearly rate is divided by for one day of this month.

    The charge may never exceed the yearly rate for the year, so a month charged in full is one twelfth
    under ``30_DAGER`` too, and a leap year has 366 days under ``365_DAGER``.
    """
    if regel is Doegnregel.DAGER_365:
        aarets = doegn_i_aaret(maaned.fra.year)
        return Faktum("fordeling", f"{aarets} døgn i året", Decimal(aarets), Enhet.DOEGN, "/valg/doegnregel")
    delt_paa = maaned.doegn
    if regel is Doegnregel.DAGER_30 and doegn_med_betaling < maaned.doegn:
        delt_paa = DOEGN_I_REGNSKAPSMAANED
    return Faktum(
        "fordeling",
        f"{MAANEDER_I_AARET} måneder × {delt_paa} døgn",
        Decimal(MAANEDER_I_AARET * delt_paa),
        Enhet.DOEGN,
        "/valg/doegnregel",
    )


def _i_par(verdier: Iterable[_T]) -> Iterator[tuple[_T, _T]]:
    enkelt = iter(verdier)
    return zip(enkelt, enkelt, strict=True)


def _sum(sats_og_doegn: tuple[Decimal, ...]) -> Decimal:
    return sum(starmap(mul, _i_par(sats_og_doegn)), NULL)


def _formel_for(avrunding: Avrunding, med_korttid: bool) -> Callable[[Steg], str]:
    def formel(steg: Steg) -> str:
        fordeling, *resten = steg.argumenter
        korttid = resten.pop(0) if med_korttid else None
        ledd = [
            f"{tall_med_enhet(sats.verdi, sats.enhet)} × {tall_med_enhet(doegn.verdi, doegn.enhet)}"
            for sats, doegn in _i_par(resten)
        ]
        deler = [f"({' + '.join(ledd)}) / ({fordeling.navn})"] if ledd else []
        if korttid is not None:
            deler.append(tall_med_enhet(korttid.verdi, korttid.enhet))
        teller, nevner = _broek(steg.argumenter, med_korttid)
        uavrundet = tall_paa_norsk(kuttet_til_oere(teller, nevner))
        svar = tall_med_enhet(steg.verdi, steg.enhet)
        return f"{' + '.join(deler)} = {uavrundet}, {_AVRUNDINGSTEKST[avrunding]}: {svar}"

    return formel


def _broek(noder: tuple[Node, ...], med_korttid: bool) -> tuple[Decimal, Decimal]:
    nevner, *resten = [som_tall(node) for node in noder]
    fast = resten.pop(0) if med_korttid else NULL
    return _sum(tuple(resten)) + fast * nevner, nevner


def _lag_maaned(avrunding: Avrunding) -> Regel:
    @regel(
        "par_3.maaned",
        "Egenandel i {merke}",
        Enhet.KRONER,
        MAANED,
        _formel_for(avrunding, False),
        ogsaa=[SISTE_DAG],
    )
    def maaned(fordeling: Decimal, *sats_og_doegn: Decimal) -> Decimal:
        """Days of the month at their yearly rates, divided and rounded down once."""
        return ned(_sum(sats_og_doegn), fordeling, avrunding)

    return maaned


def _lag_maaned_med_korttid(avrunding: Avrunding) -> Regel:
    @regel(
        "par_3.maaned",
        "Egenandel i {merke}",
        Enhet.KRONER,
        MAANED,
        _formel_for(avrunding, True),
        ogsaa=[SISTE_DAG],
    )
    def maaned_med_korttid(fordeling: Decimal, korttid: Decimal, *sats_og_doegn: Decimal) -> Decimal:
        """As ``maaned``, with short stays of the same month added before the one rounding."""
        return ned(_sum(sats_og_doegn) + korttid * fordeling, fordeling, avrunding)

    return maaned_med_korttid


MAANED_UTEN_KORTTID: Final = {avrunding: _lag_maaned(avrunding) for avrunding in Avrunding}
MAANED_MED_KORTTID: Final = {avrunding: _lag_maaned_med_korttid(avrunding) for avrunding in Avrunding}


@regel(
    "par_3.egenandel_aar",
    "Egenandel for året",
    Enhet.KRONER,
    MAANED,
    "{maaneder} = {svar}",
    ogsaa=[SISTE_DAG],
)
def egenandel_aar(*maaneder: Decimal) -> Decimal:
    """The year is the sum of its months."""
    return sum(maaneder, NULL)
