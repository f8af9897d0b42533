"""What each month costs: its days under § 3, its days and visits under § 4, rounded once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from app.calc.kontrakt.langtidsopphold import LangtidInn, Maanedsbeloep, Opphold
from app.calc.langtid.perioder import Prisperiode
from app.calc.langtid.valg import besoekspris, korttidspris
from app.calc.periode import Spenn, maaneden, maanedsnoekkel
from app.calc.regler import par_3_maaned, par_4
from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_6 import Grunnlag
from app.calc.sporing import Enhet, Faktum, Node, Steg


@dataclass(slots=True)
class _Maaned:
    """What has been gathered for one month before it is priced."""

    etter_paragraf_3: list[tuple[Faktum, int]] = field(default_factory=list)
    """Yearly rates with the days they apply to."""
    korttid: int = 0
    besoek: list[tuple[Oppholdsart, int]] = field(default_factory=list)


def maanedsbeloep(
    inn: LangtidInn, perioder: Iterable[Prisperiode], besoek: Iterable[Opphold]
) -> list[tuple[Maanedsbeloep, Steg]]:
    """The months with something to pay for, as rows of the answer and nodes of the tree."""
    samlet = _samlet(perioder, besoek)
    return [_maaned(inn, nummer, samlet[nummer]) for nummer in sorted(samlet)]


def bare_beloep(
    inn: LangtidInn, perioder: Iterable[Prisperiode], besoek: Iterable[Opphold]
) -> dict[str, Decimal]:
    """What those months cost. Months as long, with the same days at the same rates, cost the same."""
    samlet = _samlet(perioder, besoek)
    kjente: dict[tuple[object, ...], Decimal] = {}
    svar: dict[str, Decimal] = {}
    for nummer in sorted(samlet):
        maaned, spenn = samlet[nummer], maaneden(inn.aar, nummer)
        innhold = (
            spenn.til.day,
            maaned.korttid,
            *maaned.besoek,
            *[(id(sats), doegn) for sats, doegn in maaned.etter_paragraf_3],
        )
        if innhold not in kjente:
            kjente[innhold] = _steg(inn, nummer, maaned).verdi
        svar[maanedsnoekkel(spenn.fra)] = kjente[innhold]
    return svar


def _samlet(perioder: Iterable[Prisperiode], besoek: Iterable[Opphold]) -> Mapping[int, _Maaned]:
    samlet: dict[int, _Maaned] = defaultdict(_Maaned)
    for periode in perioder:
        if periode.aarssats is not None:
            for nummer, doegn in _per_maaned(periode.spenn):
                samlet[nummer].etter_paragraf_3.append((periode.aarssats.kort, doegn))
        elif periode.grunnlag is Grunnlag.PARAGRAF_4:
            for nummer, doegn in _per_maaned(periode.spenn):
                samlet[nummer].korttid += doegn
    for opphold in besoek:
        samlet[opphold.fra.month].besoek.append((opphold.art, opphold.antall or 0))
    return samlet


def _per_maaned(spenn: Spenn) -> Iterator[tuple[int, int]]:
    """Days of a span within one year, by the number of the month."""
    fra, til = spenn.fra, spenn.til
    if fra.month == til.month:
        yield fra.month, spenn.doegn
        return
    yield fra.month, maaneden(fra.year, fra.month).til.day - fra.day + 1
    for nummer in range(fra.month + 1, til.month):
        yield nummer, maaneden(fra.year, nummer).til.day
    yield til.month, til.day


def _maaned(inn: LangtidInn, nummer: int, maaned: _Maaned) -> tuple[Maanedsbeloep, Steg]:
    steg = _steg(inn, nummer, maaned)
    return (
        Maanedsbeloep(
            maaned=steg.merke,
            doegn=sum(doegn for _, doegn in maaned.etter_paragraf_3) + maaned.korttid,
            besoek=sum(antall for _, antall in maaned.besoek),
            egenandel=steg.verdi,
        ),
        steg,
    )


def _steg(inn: LangtidInn, nummer: int, maaned: _Maaned) -> Steg:
    valg, spenn = inn.valg, maaneden(inn.aar, nummer)
    etter_paragraf_3 = sum([doegn for _, doegn in maaned.etter_paragraf_3])
    noder: list[Node] = [_fordeling(valg.doegnregel, inn.aar, nummer, etter_paragraf_3 == spenn.doegn)]
    noekkel = maanedsnoekkel(spenn.fra)
    paragraf_4 = _paragraf_4(inn, maaned, spenn.fra, noekkel)
    if paragraf_4 is not None:
        noder.append(paragraf_4)
    for aarssats, doegn in maaned.etter_paragraf_3:
        noder += (aarssats, _doegn(doegn))
    regel = par_3_maaned.MAANED_UTEN_KORTTID if paragraf_4 is None else par_3_maaned.MAANED_MED_KORTTID
    return regel[valg.avrunding](*noder, dato=spenn.fra, merke=noekkel)


def _paragraf_4(inn: LangtidInn, maaned: _Maaned, dag: date, noekkel: str) -> Steg | None:
    ledd: list[Node] = []
    if maaned.korttid:
        ledd.append(par_4.korttid(_doegn(maaned.korttid), korttidspris(inn), dato=dag, merke=noekkel))
    for nr, (art, antall) in enumerate(maaned.besoek, start=1):
        faktum = Faktum(
            "besoek", f"Antall {art.value.lower()}opphold", Decimal(antall), Enhet.OPPHOLD, "/opphold"
        )
        ledd.append(par_4.besoek(faktum, besoekspris(inn), dato=dag, merke=f"{noekkel}.{nr}"))
    return par_4.samlet(*ledd, dato=dag, merke=noekkel) if ledd else None


@cache
def _fordeling(regel: par_3_maaned.Doegnregel, aar: int, nummer: int, hel: bool) -> Faktum:
    spenn = maaneden(aar, nummer)
    return par_3_maaned.fordeling(regel, spenn, spenn.doegn if hel else 0)


@cache
def _doegn(antall: int) -> Faktum:
    return Faktum("doegn", "Døgn med betaling", Decimal(antall), Enhet.DOEGN, "/opphold")
