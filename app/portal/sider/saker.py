"""The list of cases, and the search for one. What is searched for stands in the body, never in the address."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.db.arkiv import Lager
from app.db.lager.saker import Sak, Saksfilter
from app.db.navneord import kan_soekes
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import LesSak, Side
from app.services.personnummer import er_personnummer
from app.services.sak.feil import UgyldigSakError
from app.services.sak.saksvisning import vis_saker
from app.services.sak.soek import Soek, soek_saker

router = APIRouter(prefix="/saker", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50
_LENGDE: Final = 11


@router.get("")
async def liste(
    side: LesSak, etter: Annotated[UUID | None, Query()] = None, uferdige: Annotated[bool, Query()] = False
) -> Response:
    """Every case, or those that lack an amount, page by page."""
    return await _vis(side, Soek(filter_=Saksfilter(uferdig=uferdige)), etter)


@router.post("/soek")
async def soek(side: LesSak) -> Response:
    """The cases of a person, by number or name, or with a reference."""
    tekst = side.tekst("soek")
    sifre = tekst.replace(" ", "")
    if not tekst:
        return side.videre("/saker")
    if sifre.isascii() and sifre.isdigit() and len(sifre) == _LENGDE:
        if not er_personnummer(sifre):
            return side.vis("saker.html", status=422, saker=(), neste=None, soekt=True, feil="nummer")
        return await _vis(side, Soek(ident=sifre), None, soekt=True)
    med_referanse = Soek(filter_=Saksfilter(referanse=tekst))
    ellers = Soek(navn=tekst) if kan_soekes(tekst) else None
    try:
        return await _vis(side, med_referanse, None, soekt=True, ellers=ellers)
    except UgyldigSakError:
        return side.vis("saker.html", status=422, saker=(), neste=None, soekt=True, feil="mange")


async def _vis(
    side: Side, hva: Soek, etter: UUID | None, *, soekt: bool = False, ellers: Soek | None = None
) -> Response:
    """The cases that match; when none does, those that match something else."""

    async def arbeid(lager: Lager) -> Response:
        treff = await soek_saker(lager, side.kall, hva, etter, _PER_SIDE)
        if not treff and ellers is not None:
            treff = await soek_saker(lager, side.kall, ellers, etter, _PER_SIDE)
        synlige = treff[:_PER_SIDE]
        neste: Sak | None = synlige[-1] if len(treff) > _PER_SIDE else None
        vist = await vis_saker(lager, side.kall, synlige)
        if soekt and len(vist) == 1:
            return side.videre(f"/saker/{vist[0].sak.id}")
        return side.vis(
            "saker.html",
            saker=vist,
            neste=None if neste is None else neste.id,
            soekt=soekt,
            feil=None,
            nummer=hva.ident,
            uferdige=hva.filter_.uferdig,
        )

    return await side.gjoer(arbeid)
