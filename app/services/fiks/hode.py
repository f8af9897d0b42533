"""What every answer says of its persons."""

from collections.abc import Sequence

from app.services.fiks.bestilling import Bestilling
from app.services.fiks.ord import Stadie
from app.services.fiks.svar import FiksSvarperson
from app.services.mangler import Grunn
from app.services.oppslag import Hentet


def er_skjermet(hentet: Hentet) -> bool:
    """Whether the posts are withheld."""
    return hentet.svar is None and any(mangler.grunn is Grunn.SKJERMET for mangler in hentet.mangler)


def stadie(hentet: Hentet) -> Stadie:
    """OPPGJOER when there is a settlement."""
    return Stadie.UKJENT if hentet.svar is None else Stadie.OPPGJOER


def svarstadie(hentet: Sequence[Hentet]) -> Stadie:
    """OPPGJOER when everybody has one."""
    return Stadie.OPPGJOER if all(svar.svar is not None for svar in hentet) else Stadie.UKJENT


def svarpersoner(bestilling: Bestilling, hentet: Sequence[Hentet]) -> tuple[FiksSvarperson, ...]:
    """The persons, in the order asked for. Names are not ours to give."""
    return tuple(
        FiksSvarperson(
            identifikator=person.identifikator,
            type=person.type,
            skjermet=er_skjermet(svar),
            skatteoppgjoersdato=svar.skatteoppgjoersdato,
            stadie=stadie(svar),
            registreringstidpunkt=svar.ajourholdt,
        )
        for person, svar in zip(bestilling.personer, hentet, strict=True)
    )
