"""The start page: what waits, the most pressing first, and the way to a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import Side, SkrivSak, krev_side
from app.services.masse.bestilling import kjoering_ut
from app.services.oppgaver import Oppgaveslag, kort, lukk_oppgave
from app.services.sak.saksvisning import Oppgavevisning, Startside, startside
from app.services.tilgang import Rettighet
from app.services.ventende import Ventende, les_ventende

router = APIRouter(include_in_schema=False, route_class=Sideroute)

_OPPGAVER: Final = 50
_SAKER: Final = 8

Innlogget = Annotated[
    Side, krev_side(Rettighet.LES_SAK, Rettighet.LES_AVSTEMMING, Rettighet.LES_REVISJON, Rettighet.LES_DRIFT)
]


class Gruppe(StrEnum):
    """What tasks have in common; in the order they are shown."""

    STANSER = "STANSER"
    NAER_60 = "NAER_60"
    OPPGJOER = "OPPGJOER"
    ENDRET = "ENDRET"


_GRUPPE: Final = {
    Oppgaveslag.OPPGJOER_TRUKKET: Gruppe.STANSER,
    Oppgaveslag.SKJERMET: Gruppe.STANSER,
    Oppgaveslag.NY_IDENTITET: Gruppe.STANSER,
    Oppgaveslag.MANGLER_AVKLARING: Gruppe.STANSER,
    Oppgaveslag.NAER_60_DOEGN: Gruppe.NAER_60,
    Oppgaveslag.ETTEROPPGJOER_KLART: Gruppe.OPPGJOER,
    Oppgaveslag.AUTOMATISK_VEDTAK: Gruppe.ENDRET,
    Oppgaveslag.NY_SKATT: Gruppe.ENDRET,
    Oppgaveslag.LOENN_ENDRET: Gruppe.ENDRET,
    Oppgaveslag.MASSEKJOERING: Gruppe.ENDRET,
}


@dataclass(frozen=True, slots=True)
class Oppgaverad:
    """A task, with what it says."""

    vist: Oppgavevisning
    tekst: str


@router.get("/")
async def start(side: Innlogget) -> Response:
    """What waits."""

    async def arbeid(lager: Lager) -> tuple[Ventende, Startside | None]:
        venter = await les_ventende(lager, side.kall)
        if not side.har(Rettighet.LES_SAK):
            return venter, None
        return venter, await startside(lager, side.kall, _OPPGAVER, _SAKER)

    venter, funnet = await side.gjoer(arbeid)
    if funnet is None:
        return side.vis("start_uten_saker.html", venter=venter, kjoeringer=())
    return side.vis(
        "start.html",
        grupper=_gruppert(funnet.oppgaver),
        flere=funnet.flere,
        siste=funnet.siste,
        venter=venter,
        kjoeringer=[kjoering_ut(en) for en in venter.massekjoeringer],
    )


def _gruppert(oppgaver: Iterable[Oppgavevisning]) -> list[tuple[str, list[Oppgaverad]]]:
    grupper: dict[Gruppe, list[Oppgaverad]] = {gruppe: [] for gruppe in Gruppe}
    for vist in oppgaver:
        rad = Oppgaverad(vist, kort(vist.oppgave))
        grupper[_GRUPPE[Oppgaveslag(vist.oppgave.slag)]].append(rad)
    return [(gruppe.value, rader) for gruppe, rader in grupper.items() if rader]


@router.post("/oppgaver/{oppgave_id}/lukk")
async def lukk(side: SkrivSak, oppgave_id: UUID) -> Response:
    """Close a task by hand, with the reason."""
    begrunnelse, versjon = side.tekst("begrunnelse"), side.tekst("versjon")

    async def arbeid(lager: Lager) -> None:
        await lukk_oppgave(lager, side.kall, oppgave_id, int(versjon), begrunnelse)

    if not begrunnelse or not versjon.isdigit():
        return side.videre("/")
    await side.gjoer(arbeid)
    return side.videre("/")
