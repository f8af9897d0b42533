"""The way to each kind of work, shown to those who have the right to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.services.tilgang import Aktoer, Rettighet


@dataclass(frozen=True, slots=True)
class Menyvalg:
    """One place to go.

    Attributes:
        sti: the page.
        tekst: what it is called, in bokmål; the template has it translated.
        rettighet: what the page demands.
    """

    sti: str
    tekst: str
    rettighet: Rettighet


VALGENE: Final = (
    Menyvalg("/", "Oppgaver", Rettighet.LES_SAK),
    Menyvalg("/saker", "Saker", Rettighet.LES_SAK),
    Menyvalg("/etteroppgjoer", "Etteroppgjør", Rettighet.LES_SAK),
    Menyvalg("/fakturagrunnlag", "Fakturagrunnlag", Rettighet.LES_SAK),
    Menyvalg("/massekjoeringer", "Massekjøringer", Rettighet.LES_SAK),
    Menyvalg("/oppsett", "Oppsett", Rettighet.LES_KOMMUNE),
    Menyvalg("/webhooker", "Webhooker", Rettighet.SKRIV_KOMMUNE),
    Menyvalg("/avstemminger", "Avstemming", Rettighet.LES_AVSTEMMING),
    Menyvalg("/hendelsesregister", "Hendelsesregister", Rettighet.LES_REVISJON),
    Menyvalg("/drift/arbeid", "Arbeid som har stoppet", Rettighet.SKRIV_DRIFT),
)
"""In the order they are shown."""


def menyen(aktoer: Aktoer) -> Iterator[Menyvalg]:
    """What the user may choose among."""
    return (valg for valg in VALGENE if aktoer.har(valg.rettighet))


def er_her(valg: Menyvalg, sti: str) -> bool:
    """Whether a page belongs to the choice."""
    return sti == valg.sti or (valg.sti != "/" and sti.startswith(f"{valg.sti}/"))
