"""What each month costs: its services under the cap, free months, and what stands outside the cap (§ 10)."""

from collections import defaultdict
from datetime import date

from app.calc.beloep import NULL
from app.calc.bistand.linjer import Nummerert
from app.calc.bistand.priser import Prisperiode, i_maaned
from app.calc.kontrakt.praktisk_bistand import Linje, PraktiskBistandInn, PraktiskBistandMaaned
from app.calc.regler import par_10
from app.calc.regler.par_8 import Tjenesteart
from app.calc.sporing import Node, Steg


def maanedsbeloep(
    inn: PraktiskBistandInn, perioder: tuple[Prisperiode, ...]
) -> list[tuple[PraktiskBistandMaaned, Steg]]:
    """The months with services, as rows of the answer and nodes of the tree."""
    samlet: dict[str, list[Nummerert]] = defaultdict(list)
    for nr, tjeneste in enumerate(inn.tjenester):
        samlet[tjeneste.maaned].append((nr, tjeneste))
    return [_maaned(inn, maaned, samlet[maaned], i_maaned(perioder, maaned)) for maaned in sorted(samlet)]


def _maaned(
    inn: PraktiskBistandInn, maaned: str, tjenester: list[Nummerert], priser: Prisperiode
) -> tuple[PraktiskBistandMaaned, Steg]:
    dag, register = date.fromisoformat(f"{maaned}-01"), priser.register
    under_tak: list[Node] = []
    utenfor_tak: list[Node] = []
    linjer: list[Linje] = []
    for linje, steg in priser.prising.linjer(maaned, dag, tjenester):
        linjer.append(linje)
        er_utenfor = linje.art is Tjenesteart.TRYGGHETSALARM and not register.trygghetsalarm_inngaar_i_tak
        (utenfor_tak if er_utenfor else under_tak).append(steg)
    etter = par_10.under_tak(*under_tak, dato=dag, merke=maaned)
    tak = priser.tak(dag, maaned)
    if tak is not None:
        etter = par_10.etter_tak(etter, tak, dato=dag, merke=maaned)
    if dag.month in register.fri_maaneder:
        etter = par_10.i_fri_maaned(etter, dato=dag, merke=maaned)
    steg = par_10.MAANED[inn.valg.avrunding](etter, *utenfor_tak, dato=dag, merke=maaned)
    return (
        PraktiskBistandMaaned(
            maaned=maaned,
            trinn=None if priser.trinn is None else priser.trinn.nummer,
            linjer=tuple(linjer),
            foer_tak=sum((linje.beloep for linje in linjer), NULL),
            tak=None if tak is None else tak.verdi,
            egenandel=steg.verdi,
        ),
        steg,
    )
