"""What a run would give, before it is made: the same lines, none of them given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from app.db.arkiv import Lager
from app.db.lager.faktura import Fakturalinje
from app.services.faktura.kjoering import FakturaKlar, Uavklart
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.saksvisning import Saksvisning, vis_saker


@dataclass(frozen=True, slots=True)
class Forhaandsrad:
    """A line that would be given, with whom it is about."""

    linje: Fakturalinje
    gjelder: Saksvisning | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forhaandsvisning:
    """What a run would give.

    Attributes:
        maaned: the last month.
        rader: the first lines, with names.
        antall: how many lines there are.
        sum_oere: what they come to, in øre.
        uavklarte: months whose cost the decisions do not tell.
        avtrykk: a mark of every line, so that what is made is what was shown.
    """

    maaned: str
    rader: tuple[Forhaandsrad, ...] = field(repr=False)
    antall: int
    sum_oere: int = field(repr=False)
    uavklarte: tuple[Uavklart, ...]
    avtrykk: str


def avtrykk(linjer: Sequence[Fakturalinje]) -> str:
    """A mark of lines: which they are, and how much."""
    tekst = "\n".join(f"{linje.id}:{linje.beloep_oere}" for linje in linjer)
    return sha256(tekst.encode()).hexdigest()


async def forhaandsvis(lager: Lager, kall: Kall, klar: FakturaKlar, viste: int) -> Forhaandsvisning:
    """What a run would give; that each person's lines were shown is noted.

    Args:
        lager: the kommune's.
        kall: who looks.
        klar: what the run would be made from.
        viste: how many lines are shown.
    """
    linjer = klar.linjer
    synlige = linjer[:viste]
    saker = await lager.massesaker.hent(sorted({linje.sak_id for linje in synlige}))
    navn = {en.sak.id: en for en in await vis_saker(lager, kall, saker.values())}
    rad = kall.rad(
        Handling.FAKTURA_LEST,
        formaal=f"forhåndsvisning av fakturagrunnlag til og med {klar.maaned}",
        antall={"linjer": len(linjer)},
    )
    await lager.revisjon.noter(kall.naa, rad)
    return Forhaandsvisning(
        maaned=klar.maaned,
        rader=tuple(Forhaandsrad(linje, navn.get(linje.sak_id)) for linje in synlige),
        antall=len(linjer),
        sum_oere=sum(linje.beloep_oere for linje in linjer),
        uavklarte=klar.uavklarte,
        avtrykk=avtrykk(linjer),
    )
