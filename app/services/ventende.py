"""What waits for somebody besides the tasks: for leaders, for those who run the service, and for those who audit.

Numbers, and what is kept already: the start page is the one that is opened most.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeidstilstand
from app.db.lager.avstemminger import Avstemming
from app.db.lager.massekjoeringer import Massekjoering, Massetilstand
from app.services.avstemming.funn import Kontrollnavn, Vurdering
from app.services.sak.drift import Kall
from app.services.sak.saksvisning import Saksvisning, vis_saker
from app.services.tilgang import Rettighet

_VISTE: Final = 20
_NYESTE: Final = 20
"""Runs that are looked at: older ones nobody waits for."""
_DESEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class VentendeVedtak:
    """A decision that waits for a second person."""

    id: UUID
    gjelder: Saksvisning


@dataclass(frozen=True, slots=True)
class SisteAvstemming:
    """How the newest reconciliation came out."""

    id: UUID
    utfall: str
    avvik: int
    """Controls that did not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ventende:
    """What waits; nothing where the user has not the right to see it."""

    vedtak: tuple[VentendeVedtak, ...] = ()
    flere_vedtak: bool = False
    massekjoeringer: tuple[Massekjoering, ...] = ()
    """Dry runs that are done, with something found."""
    uten_oppgjoer: int | None = None
    """Provisional decisions of years that are over, as of the newest reconciliation."""
    i_desember: bool = False
    doede: int | None = None
    avstemming: SisteAvstemming | None = None


async def les_ventende(lager: Lager, kall: Kall) -> Ventende:
    """What waits for whoever asks."""
    har = kall.aktoer.har
    siste = None
    if har(Rettighet.LES_SAK) or har(Rettighet.LES_AVSTEMMING):
        siste = await lager.avstemminger.siste()
    kontroller = [] if siste is None else les_json(siste.innhold)["kontroller"]
    uten = next((en["antallAvvik"] for en in kontroller if en["navn"] == Kontrollnavn.UTEN_OPPGJOER), None)
    vedtak, flere = await _vedtak(lager, kall) if har(Rettighet.GODKJENN_VEDTAK) else ((), False)
    return Ventende(
        vedtak=vedtak,
        flere_vedtak=flere,
        massekjoeringer=await _massekjoeringer(lager) if har(Rettighet.SKRIV_KOMMUNE) else (),
        uten_oppgjoer=uten if har(Rettighet.LES_SAK) else None,
        i_desember=kall.i_dag.month == _DESEMBER,
        doede=await lager.arbeid.antall(Arbeidstilstand.DOED) if har(Rettighet.SKRIV_DRIFT) else None,
        avstemming=_avstemming(siste, kontroller) if har(Rettighet.LES_AVSTEMMING) else None,
    )


async def _vedtak(lager: Lager, kall: Kall) -> tuple[tuple[VentendeVedtak, ...], bool]:
    funnet = await lager.vedtak.ventende(None, _VISTE + 1)
    synlige = funnet[:_VISTE]
    saker = await lager.massesaker.hent(sorted({ett.sak_id for ett in synlige}))
    navn = {en.sak.id: en for en in await vis_saker(lager, kall, saker.values())}
    return (
        tuple(VentendeVedtak(ett.id, navn[ett.sak_id]) for ett in synlige if ett.sak_id in navn),
        len(funnet) > _VISTE,
    )


async def _massekjoeringer(lager: Lager) -> tuple[Massekjoering, ...]:
    """The newest dry run of each kind and year, when nothing has come of it."""
    nyeste: dict[tuple[str, int], Massekjoering] = {}
    for en in await lager.massekjoeringer.mange(None, _NYESTE):
        nyeste.setdefault((en.slag, en.aar), en)
    return tuple(
        en
        for en in nyeste.values()
        if en.tilstand is Massetilstand.TOERRKJOERT and les_json(en.innhold)["antall"]
    )


def _avstemming(siste: Avstemming | None, kontroller: list[dict[str, object]]) -> SisteAvstemming | None:
    if siste is None:
        return None
    avvik = sum(en["vurdering"] == Vurdering.AVVIK for en in kontroller)
    return SisteAvstemming(siste.id, siste.utfall, avvik)
