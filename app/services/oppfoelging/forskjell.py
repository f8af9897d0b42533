"""What a month costs now, and what it would cost from the new figures. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from app.calc.beloep import NULL
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.vedtak import Vedtak
from app.services.sak.beregninger import per_maaned
from app.services.sak.endringer import Maanedsforskjell, forskjell
from app.services.sak.vedtaksrekke import per_maaned as vedtak_per_maaned

Maanedsbeloep = Mapping[str, Decimal]


def forskjeller(
    aar: int, vedtak: Sequence[Vedtak], foer: Sequence[Beregning], nye: Sequence[Beregning]
) -> tuple[Maanedsforskjell, ...]:
    """Month by month against the decisions in force; where there is none in the year, against the calculation before.

    A month without a decision is left out when others have one: it is not charged. A month whose decisions do not tell
    what it costs, because it is split between two or the decision is on another year's calculation, has no
    difference; neither has one that had no amount before. Where one of the new calculations has no amount, what is
    charged next is unknown, and nothing is compared.

    Args:
        aar: the calendar year.
        vedtak: every decision of the case.
        foer: the year's calculations before, the oldest first.
        nye: the year's calculations from the new figures.
    """
    if any(en.tilstand is not Tilstand.BEREGNET for en in nye):
        return ()
    ny = _av_aaret(nye)
    gjelder = vedtak_per_maaned(vedtak, aar)
    if any(ider != (None,) for ider in gjelder.values()):
        rader = tuple(_mot_vedtakene(gjelder, vedtak, foer, ny))
    else:
        gammel, kjent = _av_aaret(foer), any(en.tilstand is Tilstand.BEREGNET for en in foer)
        rader = tuple(forskjell(maaned, gammel(maaned), ny(maaned), kjent=kjent) for maaned in gjelder)
    return tuple(rad for rad in rader if rad.gammel is not None or rad.ny is not None)


def _mot_vedtakene(
    gjelder: Mapping[str, tuple[UUID | None, ...]],
    vedtak: Sequence[Vedtak],
    foer: Sequence[Beregning],
    ny: Callable[[str], Decimal | None],
) -> Iterator[Maanedsforskjell]:
    """The months that are decided on."""
    beloep = {en.id: per_maaned(en) for en in foer}
    beregning_av = {ett.id: ett.beregning_id for ett in vedtak}
    for maaned, ider in gjelder.items():
        egne = [id_ for id_ in ider if id_ is not None]
        kostet = beloep.get(beregning_av[egne[0]]) if len(egne) == 1 else None
        if kostet is not None:
            yield forskjell(maaned, kostet.get(maaned, NULL), ny(maaned))
        elif egne:
            yield forskjell(maaned, None, ny(maaned), kjent=False)


def _av_aaret(beregninger: Sequence[Beregning]) -> Callable[[str], Decimal | None]:
    """The cost of a month by the newest calculation of the household it has; the first holds from New Year."""
    nyeste = {en.virkning_fra: en for en in beregninger if en.tilstand is Tilstand.BEREGNET}
    rekke = sorted(nyeste.items())
    beloep = {en.id: per_maaned(en) for en in nyeste.values()}

    def maaned(navn: str) -> Decimal | None:
        gjelder = [en for fra, en in rekke if f"{fra:%Y-%m}" <= navn] or [en for _, en in rekke[:1]]
        return beloep[gjelder[-1].id].get(navn) if gjelder else None

    return maaned
