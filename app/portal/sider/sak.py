"""The page of a case: the amount now, the months, the figures behind it, and what the case says."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.json_tekst import les_json
from app.db.lager.oppgaver import Oppgave
from app.db.lager.vedtak import Vedtakstilstand
from app.portal.bilder.beregningsbilde import Beregningsbilde, beregningsbilde
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import LesSak, Side
from app.services.sak.forespoersler import FOERSTE_AAR, SISTE_AAR
from app.services.sak.rader import Sakstjeneste
from app.services.sak.vedtaksrekke import gjeldende
from app.services.saksside import Saksside, les_saksside

router = APIRouter(prefix="/saker", include_in_schema=False, route_class=Sideroute)

Aar = Annotated[int | None, Query(ge=FOERSTE_AAR, le=SISTE_AAR)]


@dataclass(frozen=True, slots=True)
class Oppgaverad:
    """A task, with what it says."""

    oppgave: Oppgave
    innhold: dict[str, Any]


@router.get("/{sak_id:uuid}")
async def sak(side: LesSak, sak_id: UUID, aar: Aar = None) -> Response:
    """A case."""
    funnet = await side.gjoer(lambda lager: les_saksside(lager, side.kall, sak_id, aar=aar))
    return side.vis(
        "sak.html",
        s=funnet,
        bilde=bildet(side, funnet),
        hvem=Navneliste(funnet.personer),
        oppgaver=[Oppgaverad(ett, les_json(ett.innhold)) for ett in funnet.oppgaver],
        aarene=_aarene(side, funnet, aar),
        gjeldende=gjeldende(funnet.vedtak_i_kraft, side.kall.i_dag),
        venter=[ett for ett in funnet.vedtak if ett.tilstand is Vedtakstilstand.TIL_GODKJENNING],
    )


def bildet(side: Side, funnet: Saksside) -> Beregningsbilde | None:
    """The calculation that is shown."""
    if funnet.valgt is None:
        return None
    sak = funnet.sak.sak
    return beregningsbilde(
        funnet.valgt,
        Sakstjeneste(sak.tjeneste),
        str(sak.person_id),
        side.kall.i_dag,
        poster=funnet.poster,
        forrige=funnet.forrige,
    )


def _aarene(side: Side, funnet: Saksside, aar: int | None) -> list[int]:
    """The years to choose among: those that are calculated, and the running one."""
    alle = {en.aar for en in funnet.beregninger} | {side.kall.i_dag.year}
    return sorted(alle | ({aar} if aar is not None else set()))
