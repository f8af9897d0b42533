"""Hvorfor? Every amount unfolds to the sum, the figures, the paragraph and the rates behind it.

A part of the tree is fetched as it is unfolded; without a script the same address is a page of its own.
"""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.calc.hjemmel import alle_ledd
from app.calc.sporing import alle_regler
from app.db.arkiv import Lager
from app.portal.bilder.hvem import Navneliste
from app.portal.bilder.treet import Node, Tre, UkjentNodeError, hjemler
from app.portal.ramme.feil import FeilSideError, Sideroute
from app.portal.ramme.side import LesSak, Side
from app.services.sak.beregninger import les_beregning
from app.services.sak.etteroppgjoer import les_ett_etteroppgjoer
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError
from app.services.sak.saker import Hentetsak, hent_sak
from app.services.saksside import treet

router = APIRouter(include_in_schema=False, route_class=Sideroute)

_BEREGNING: Final = "/saker/{sak_id:uuid}/beregninger/{beregning_id:uuid}/hvorfor"
_ETTEROPPGJOER: Final = "/saker/{sak_id:uuid}/etteroppgjoer/{etteroppgjoer_id:uuid}/hvorfor"


@router.get(_BEREGNING)
async def hele(side: LesSak, sak_id: UUID, beregning_id: UUID) -> Response:
    """The whole tree, for reading and for printing."""
    return await _beregning(side, sak_id, beregning_id, None)


@router.get(f"{_BEREGNING}/{{node}}")
async def en_del(side: LesSak, sak_id: UUID, beregning_id: UUID, node: str) -> Response:
    """One amount."""
    return await _beregning(side, sak_id, beregning_id, node)


@router.get(_ETTEROPPGJOER)
async def hele_etteroppgjoeret(side: LesSak, sak_id: UUID, etteroppgjoer_id: UUID) -> Response:
    """The whole tree of a settlement."""
    return await _etteroppgjoer(side, sak_id, etteroppgjoer_id, None)


@router.get(f"{_ETTEROPPGJOER}/{{node}}")
async def en_del_av_etteroppgjoeret(
    side: LesSak, sak_id: UUID, etteroppgjoer_id: UUID, node: str
) -> Response:
    """One amount of a settlement."""
    return await _etteroppgjoer(side, sak_id, etteroppgjoer_id, node)


async def _beregning(side: Side, sak_id: UUID, beregning_id: UUID, node: str | None) -> Response:
    async def arbeid(lager: Lager) -> tuple[Hentetsak, Navneliste, str, int]:
        sak = await hent_sak(lager, sak_id)
        funnet = await les_beregning(lager, side.kall, sak_id, beregning_id)
        if funnet.resultat is None:
            raise KonfliktError(
                Konflikt.BEREGNING_UFULLSTENDIG,
                "Beregningen mangler noe og har ikke noe beløp å forklare. Gå til saken og se hva som mangler.",
            )
        return sak, await _navnene(lager, sak_id), funnet.resultat, funnet.aar

    sak, hvem, resultat, aar = await side.gjoer(arbeid)
    return _vis(side, sak, hvem, resultat, aar, f"/saker/{sak_id}/beregninger/{beregning_id}", node)


async def _etteroppgjoer(side: Side, sak_id: UUID, etteroppgjoer_id: UUID, node: str | None) -> Response:
    async def arbeid(lager: Lager) -> tuple[Hentetsak, Navneliste, str, int]:
        sak = await hent_sak(lager, sak_id)
        ett = await les_ett_etteroppgjoer(lager, side.kall, sak_id, etteroppgjoer_id)
        return sak, await _navnene(lager, sak_id), ett.resultat, ett.aar

    sak, hvem, resultat, aar = await side.gjoer(arbeid)
    return _vis(side, sak, hvem, resultat, aar, f"/saker/{sak_id}/etteroppgjoer/{etteroppgjoer_id}", node)


async def _navnene(lager: Lager, sak_id: UUID) -> Navneliste:
    return Navneliste(await lager.personer.i_sak(sak_id))


def _vis(
    side: Side, sak: Hentetsak, hvem: Navneliste, resultat: str, aar: int, sti: str, adresse: str | None
) -> Response:
    tre = Tre(treet(resultat))
    try:
        node: Node = tre.finn(adresse or "rot")
    except UkjentNodeError:
        raise FinnesIkkeError("forklaringen") from None
    data: dict[str, Any] = {"node": node, "sti": sti, "hjemler": hjemler(node)}
    if side.htmx:
        return side.vis("hvorfor.html#del", **data)
    return side.vis(
        "hvorfor.html", sak=sak, hvem=hvem, aar=aar, hele=not node.plass, vei=tre.vei(node.plass), **data
    )


@router.get("/regler/{nr}")
async def paragraf(side: LesSak, nr: str) -> Response:
    """What a paragraph of the regulation demands, in our words, and the rules that carry it out.

    Raises:
        FeilSideError: the regulation has no such paragraph.
    """
    ledd = [ett for ett in alle_ledd() if str(ett.paragraf) == nr]
    if not ledd:
        raise FeilSideError(404)
    her = ledd[0].paragraf
    regler = [en for en in alle_regler() if en.hjemmel.paragraf == her]
    andre = sorted({ett.paragraf for ett in alle_ledd()})
    return side.vis("regler.html", paragraf=her, ledd=ledd, regler=regler, paragrafene=andre)
