"""Letters: given as files, so that nothing of a person stays in a tab, and the rules of the page are the same for all."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.portal.ramme.feil import Sideroute
from app.portal.ramme.nedlasting import Filtype, fil
from app.portal.ramme.side import LesSak, Side
from app.services.brev.brev import Brev, etteroppgjoersbrev, vedtaksbrev, vedtaksutkast
from app.services.brev.feil import IKKE_SATT_OPP, BrevIkkeSattOppError
from app.services.brev.innhold import Spraak

router = APIRouter(prefix="/saker/{sak_id:uuid}", include_in_schema=False, route_class=Sideroute)

Maalform = Annotated[Spraak | None, Query()]
"""The kommune's own when it is left out."""

_UTEN_BREV: Final = 503


@router.get("/vedtak/{vedtak_id:uuid}/brev")
async def om_vedtak(side: LesSak, sak_id: UUID, vedtak_id: UUID, spraak: Maalform = None) -> Response:
    """The letter of a decision."""
    try:
        return _fil(await vedtaksbrev(side.drift, side.kall, sak_id, vedtak_id, spraak))
    except BrevIkkeSattOppError:
        return _ikke_satt_opp(side)


@router.get("/etteroppgjoer/{etteroppgjoer_id:uuid}/brev")
async def om_etteroppgjoer(
    side: LesSak, sak_id: UUID, etteroppgjoer_id: UUID, spraak: Maalform = None
) -> Response:
    """The letter of a settlement."""
    try:
        return _fil(await etteroppgjoersbrev(side.drift, side.kall, sak_id, etteroppgjoer_id, spraak))
    except BrevIkkeSattOppError:
        return _ikke_satt_opp(side)


@router.get("/beregninger/{beregning_id:uuid}/utkast")
async def utkast(side: LesSak, sak_id: UUID, beregning_id: UUID, spraak: Maalform = None) -> Response:
    """What the letter of a decision on the calculation would look like. Nothing is kept."""
    try:
        return _fil(await vedtaksutkast(side.drift, side.kall, sak_id, beregning_id, spraak))
    except BrevIkkeSattOppError:
        return _ikke_satt_opp(side)


def _fil(brev: Brev) -> Response:
    return fil(brev.pdf, brev.filnavn.removesuffix(f".{Filtype.PDF}"), Filtype.PDF)


def _ikke_satt_opp(side: Side) -> Response:
    return side.vis("uten_brev.html", status=_UTEN_BREV, raad=IKKE_SATT_OPP)
