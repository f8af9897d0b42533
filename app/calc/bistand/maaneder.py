"""What each month costs: its services under the cap, free months, and what stands outside the cap (§ 10)."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from app.calc.beloep import NULL
from app.calc.bistand.husstand import Husstandstrinn
from app.calc.bistand.linjer import Nummerert, Prising
from app.calc.kontrakt.praktisk_bistand import Linje, PraktiskBistandInn, PraktiskBistandMaaned
from app.calc.periode import aaret
from app.calc.regler import par_10
from app.calc.regler.par_8 import Tjenesteart
from app.calc.satser import sats
from app.calc.sporing import Enhet, Faktum, Node, Sats, Steg


class Taksgrunnlag(NamedTuple):
    """What caps a month: the state's cap below two G, and the kommune's for the step."""

    statens: Sats | None
    kommunens: Faktum | None

    def tak(self, dag: date, maaned: str) -> Steg | None:
        """The cap of one month, kroner; ``None`` where nothing caps it."""
        if self.kommunens is None:
            return None if self.statens is None else par_10.statens_tak(self.statens, dato=dag, merke=maaned)
        if self.statens is None:
            return par_10.kommunens_tak(self.kommunens, dato=dag, merke=maaned)
        return par_10.laveste_tak(self.statens, self.kommunens, dato=dag, merke=maaned)


def taksgrunnlag(aar: int, under_2g: bool, trinn: Husstandstrinn | None) -> Taksgrunnlag:
    """What caps the household's months."""
    statens = sats("utgiftstak_under_2g", aaret(aar).fra) if under_2g else None
    if trinn is None or trinn.trinn.maks_per_maaned is None:
        return Taksgrunnlag(statens, None)
    kommunens = Faktum(
        "maks_per_maaned",
        "Kommunens tak for trinnet",
        trinn.trinn.maks_per_maaned,
        Enhet.KRONER_PER_MAANED,
        f"{trinn.sti}/maksPerMaaned",
    )
    return Taksgrunnlag(statens, kommunens)


def maanedsbeloep(
    inn: PraktiskBistandInn, prising: Prising, taket: Taksgrunnlag
) -> list[tuple[PraktiskBistandMaaned, Steg]]:
    """The months with services, as rows of the answer and nodes of the tree."""
    samlet: dict[str, list[Nummerert]] = defaultdict(list)
    for nr, tjeneste in enumerate(inn.tjenester):
        samlet[tjeneste.maaned].append((nr, tjeneste))
    return [_maaned(inn, maaned, samlet[maaned], prising, taket) for maaned in sorted(samlet)]


def _maaned(
    inn: PraktiskBistandInn, maaned: str, tjenester: list[Nummerert], prising: Prising, taket: Taksgrunnlag
) -> tuple[PraktiskBistandMaaned, Steg]:
    dag, register = date.fromisoformat(f"{maaned}-01"), inn.prisregister
    under_tak: list[Node] = []
    utenfor_tak: list[Node] = []
    linjer: list[Linje] = []
    for linje, steg in prising.linjer(maaned, dag, tjenester):
        linjer.append(linje)
        er_utenfor = linje.art is Tjenesteart.TRYGGHETSALARM and not register.trygghetsalarm_inngaar_i_tak
        (utenfor_tak if er_utenfor else under_tak).append(steg)
    etter = par_10.under_tak(*under_tak, dato=dag, merke=maaned)
    tak = taket.tak(dag, maaned)
    if tak is not None:
        etter = par_10.etter_tak(etter, tak, dato=dag, merke=maaned)
    if dag.month in register.fri_maaneder:
        etter = par_10.i_fri_maaned(etter, dato=dag, merke=maaned)
    steg = par_10.MAANED[inn.valg.avrunding](etter, *utenfor_tak, dato=dag, merke=maaned)
    return (
        PraktiskBistandMaaned(
            maaned=maaned,
            linjer=tuple(linjer),
            foer_tak=sum((linje.beloep for linje in linjer), NULL),
            tak=None if tak is None else tak.verdi,
            egenandel=steg.verdi,
        ),
        steg,
    )
