"""Which decision is in force when: the newest one that covers the day. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from app.calc.periode import MAANEDER_I_AARET, Spenn, dagen_etter, maaneden
from app.db.lager.vedtak import Vedtak


@dataclass(frozen=True, slots=True)
class Strekning:
    """Days under one decision, or under none."""

    fra: date
    til: date
    vedtak: Vedtak | None


def gjeldende(alle: Iterable[Vedtak], dag: date) -> Vedtak | None:
    """The decision in force on a day: of those that cover it, the one made last."""
    return max((ett for ett in alle if ett.gjelder(dag, dag)), key=lambda ett: ett.id, default=None)


def strekninger(alle: Sequence[Vedtak], spenn: Spenn) -> tuple[Strekning, ...]:
    """The period, day by day, as runs under the same decision."""
    brudd = {spenn.fra}
    for ett in alle:
        brudd |= {dag for dag in (ett.fra, *_etter(ett.til)) if spenn.fra < dag <= spenn.til}
    start = sorted(brudd)
    slutt = [_foer(dag) for dag in start[1:]] + [spenn.til]
    hver = [(fra, til, gjeldende(alle, fra)) for fra, til in zip(start, slutt, strict=True)]
    return tuple(
        Strekning(gruppe[0][0], gruppe[-1][1], gruppe[0][2])
        for gruppe in (
            list(deler) for _, deler in groupby(hver, key=lambda rad: None if rad[2] is None else rad[2].id)
        )
    )


def per_maaned(alle: Sequence[Vedtak], aar: int) -> dict[str, tuple[UUID | None, ...]]:
    """For every month of the year, the decisions its days stand under, in order; ``None`` is no decision."""
    svar = {}
    for maaned in range(1, MAANEDER_I_AARET + 1):
        spenn = maaneden(aar, maaned)
        svar[f"{aar:04d}-{maaned:02d}"] = tuple(
            None if strekning.vedtak is None else strekning.vedtak.id
            for strekning in strekninger(alle, spenn)
        )
    return svar


def _etter(dag: date | None) -> tuple[date, ...]:
    return () if dag is None else (dagen_etter(dag),)


def _foer(dag: date) -> date:
    return date.fromordinal(dag.toordinal() - 1)
