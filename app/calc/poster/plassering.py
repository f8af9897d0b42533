"""Finding what a caseworker's decision is about, the same way for both paragraphs."""

from collections.abc import Sequence
from dataclasses import replace
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


def ta_ut(
    valg: Valg, lister: Sequence[list[Omtale]], avviste: Sequence[AvvistPar]
) -> tuple[Omtale, AvvistPar | None]:
    """The post a decision is about, with the amount decided; it leaves its list.

    Returns:
        The post, and the refused pair the decision settles when it was in one.

    Raises:
        UkjentPlasseringError: nothing waits under that name.
        ValueError: the amount is not part of the post, or several came and none was chosen.
    """
    for liste in lister:
        treff = [omtale for omtale in liste if _noekkel(omtale) == _noekkel(valg)]
        if treff:
            liste[:] = [omtale for omtale in liste if omtale not in treff]
            return _med_beloep(valg, treff), None
    for par in avviste:
        treff = [omtale for omtale in par.poster if _noekkel(omtale) == _noekkel(valg)]
        if treff:
            return _med_beloep(valg, treff), par
    raise UkjentPlasseringError(valg.teknisk_navn)


def _med_beloep(valg: Valg, treff: list[Omtale]) -> Omtale:
    hele = sum(omtale.beloep for omtale in treff)
    if valg.beloep is not None:
        if not 0 <= valg.beloep <= hele:
            raise ValueError(f"plasseringen av {valg.teknisk_navn} er ikke en del av posten")
        return replace(treff[0], beloep=valg.beloep)
    if len({omtale.beloep for omtale in treff}) > 1:
        raise ValueError(f"{valg.teknisk_navn} kom med flere beløp; plasseringen må si hvilket")
    return treff[0]
