"""What a task says, in a caseworker's words: what is new, what it means a month, and what is to be settled. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk
from app.calc.kontrakt.etteroppgjoer import Retning
from app.db.lager.arbeid import Liste
from app.services.sak.endringer import Maanedsforskjell

_MAANEDER: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_FLEST_STREKNINGER: Final = 3


@dataclass(frozen=True, slots=True)
class Nytt:
    """What has come, about whom."""

    liste: Liste
    inntektsaar: int
    egen: bool
    """Whether it is about the case's own person."""

    @property
    def hva(self) -> str:
        """The news itself."""
        hvem = "" if self.egen else " for en i husstanden"
        if self.liste is Liste.INNTEKT:
            return f"Ny månedsinntekt i {self.inntektsaar}{hvem}"
        return f"Ny skatt for {self.inntektsaar}{hvem}"


def kr(beloep: Decimal) -> str:
    """An amount, as ``3 744 kr``."""
    return f"{tall_paa_norsk(beloep)}{HARDT_MELLOMROM}kr"


def endring_per_maaned(aar: int, maaneder: Sequence[Maanedsforskjell], *, naevn_aar: bool) -> str:
    """How much more or less, and from when: ``egenandel +312 kr/md fra januar``."""
    sted = f" i {aar}" if naevn_aar else ""
    nye = [(rad.maaned, rad.ny) for rad in maaneder if rad.ny]
    if nye and all(rad.differanse is None for rad in maaneder):
        return f"egenandelen{sted} kan nå regnes ut: {kr(nye[0][1])}/md fra {_maaned(nye[0][0])}"
    kjente = [(rad.maaned, rad.differanse) for rad in maaneder if rad.differanse is not None]
    strekninger = list(_strekninger(kjente))
    if not strekninger:
        return f"egenandelen{sted} er uendret"
    if len(strekninger) > _FLEST_STREKNINGER:
        tall = [differanse for _, differanse in kjente if differanse]
        fra = _maaned(strekninger[0][0])
        return f"egenandel{sted} mellom {_fortegn(min(tall))} og {_fortegn(max(tall))} kr/md fra {fra}"
    siste = kjente[-1][0]
    ledd = (
        f"{_fortegn(beloep)} kr/md "
        + (f"fra {_maaned(fra)}" if til == siste else f"fra {_maaned(fra)} til {_maaned(til)}")
        for fra, til, beloep in strekninger
    )
    return f"egenandel{sted} {', '.join(ledd)}"


def oppgjoer(sum_: Decimal, retning: str) -> str:
    """What settling the year would come to."""
    match retning:
        case Retning.SKYLDIG:
            return f"etteroppgjør {kr(abs(sum_))} å kreve"
        case Retning.TIL_GODE:
            return f"etteroppgjør {kr(abs(sum_))} å betale tilbake"
        case _ if sum_:
            return f"etteroppgjør {kr(abs(sum_))}, under kommunens minstebeløp"
        case _:
            return "ingenting å gjøre opp"


def _strekninger(maaneder: Sequence[tuple[str, Decimal]]) -> Iterator[tuple[str, str, Decimal]]:
    """Months in a row with the same difference; those without one are passed by."""
    fra = til = ""
    beloep = Decimal(0)
    for maaned, differanse in maaneder:
        if differanse != beloep:
            if beloep:
                yield fra, til, beloep
            fra, beloep = maaned, differanse
        til = maaned
    if beloep:
        yield fra, til, beloep


def _maaned(noekkel: str) -> str:
    return _MAANEDER[int(noekkel[5:]) - 1]


def _fortegn(beloep: Decimal) -> str:
    return f"{'+' if beloep > 0 else '−'}{tall_paa_norsk(abs(beloep))}"
