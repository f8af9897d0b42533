"""The start page: what waits, the most pressing first, and the way to a case."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import Side, SkrivSak, krev_side
from app.services.oppgaver import kort, lukk_oppgave
from app.services.sak.saksvisning import Oppgavevisning, startside
from app.services.tilgang import Rettighet

router = APIRouter(include_in_schema=False, route_class=Sideroute)

_OPPGAVER: Final = 50
_SAKER: Final = 8

Innlogget = Annotated[
    Side, krev_side(Rettighet.LES_SAK, Rettighet.LES_AVSTEMMING, Rettighet.LES_REVISJON, Rettighet.LES_DRIFT)
]


@dataclass(frozen=True, slots=True)
class Oppgaverad:
    """A task, with what it says."""

    vist: Oppgavevisning
    tekst: str


@router.get("/")
async def start(side: Innlogget) -> Response:
    """What waits."""
    if not side.har(Rettighet.LES_SAK):
        return side.vis("start_uten_saker.html")
    funnet = await side.gjoer(lambda lager: startside(lager, side.kall, _OPPGAVER, _SAKER))
    rader = [Oppgaverad(vist, kort(vist.oppgave)) for vist in funnet.oppgaver]
    return side.vis("start.html", rader=rader, flere=funnet.flere, siste=funnet.siste)


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
