"""Finding what a caseworker's decision is about, the same way for both paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.calc.poster.typer import AvvistPar, Omtale, Svardel, UkjentPlasseringError


class Valg(Protocol):
    """What every decision says: which post, how much of it, and why."""

    @property
    def teknisk_navn(self) -> str: ...
    @property
    def del_(self) -> Svardel: ...
    @property
    def utbetaler(self) -> str | None: ...
    @property
    def beloep(self) -> int | None: ...
    @property
    def begrunnelse(self) -> str: ...


def _noekkel(om: Valg | Omtale) -> tuple[str, Svardel, str | None]:
    return om.teknisk_navn, om.del_, om.utbetaler


def kontroller(valgene: Sequence[Valg]) -> None:
    """Refuse decisions without a reason, and two decisions on one post.

    Raises:
        ValueError: as said.
    """
    if not all(valg.begrunnelse.strip() for valg in valgene):
        raise ValueError("en plassering mangler begrunnelse")
    if len({_noekkel(valg) for valg in valgene}) < len(valgene):
        raise ValueError("samme post er plassert to ganger")


@dataclass(frozen=True, slots=True)
class Uttak:
    """What a decision took out of the waiting lists."""

    omtale: Omtale
    """The post, with the amount decided."""
    rest: Omtale | None
    """What the decision left of it."""
    par: AvvistPar | None
    """The refused pair the decision settles."""


def ta_ut(valg: Valg, lister: Sequence[list[Omtale]], avviste: Sequence[AvvistPar]) -> Uttak:
    """Take the post a decision is about out of its list.

    Raises:
        UkjentPlasseringError: nothing waits under that name.
        ValueError: the amount is not part of the post, or several came and none was chosen.
    """
    for liste in lister:
        treff = [omtale for omtale in liste if _noekkel(omtale) == _noekkel(valg)]
        if treff:
            liste[:] = [omtale for omtale in liste if omtale not in treff]
            return _med_beloep(valg, treff, None)
    for par in avviste:
        treff = [omtale for omtale in par.poster if _noekkel(omtale) == _noekkel(valg)]
        if treff:
            return _med_beloep(valg, treff, par)
    raise UkjentPlasseringError(valg.teknisk_navn)


def _med_beloep(valg: Valg, treff: list[Omtale], par: AvvistPar | None) -> Uttak:
    grunn = f"Plassert av saksbehandler: {valg.begrunnelse}"
    hele = sum(omtale.beloep for omtale in treff)
    if valg.beloep is not None:
        if not 0 <= valg.beloep <= hele:
            raise ValueError(f"plasseringen av {valg.teknisk_navn} er ikke en del av posten")
        rest = replace(treff[0], beloep=hele - valg.beloep, grunn=f"{grunn} (resten av posten)")
        return Uttak(replace(treff[0], beloep=valg.beloep, grunn=grunn), rest if rest.beloep else None, par)
    if len({omtale.beloep for omtale in treff}) > 1:
        raise ValueError(f"{valg.teknisk_navn} kom med flere beløp; plasseringen må si hvilket")
    return Uttak(replace(treff[0], grunn=grunn), None, par)


def uvalgte(
    avviste: list[AvvistPar], avgjorte: Sequence[AvvistPar | None], valgene: Sequence[Valg]
) -> list[Omtale]:
    """Take settled pairs out of ``avviste``; the posts in them that no decision chose."""
    valgt = {_noekkel(valg) for valg in valgene}
    ute = [par for par in avviste if par in avgjorte]
    avviste[:] = [par for par in avviste if par not in avgjorte]
    return [
        replace(omtale, grunn=f"Ikke valgt av saksbehandler. {par.grunn}")
        for par in ute
        for omtale in par.poster
        if _noekkel(omtale) not in valgt
    ]
