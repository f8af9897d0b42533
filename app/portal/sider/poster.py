"""Posts and amounts of a case: placed, entered and withdrawn by a caseworker, and calculated with in one."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Lager
from app.portal.bilder.hvem import Navneliste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import Side, SkrivSak
from app.portal.sider.sak import Aar, bildet
from app.portal.skjema.avslag import FOR_SKJEMAET, Plassering, ta_imot
from app.portal.skjema.feiltekst import feiltekst
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.portal.skjema.poster import (
    FORM,
    Posterskjema,
    feil_i_skjemaet,
    les_skjema,
    nytt_tre,
    sendt_tre,
    vist,
)
from app.portal.skjema.rader import endre_rader
from app.services.revisjon import Handling
from app.services.sak.endre_og_beregne import forbered_endring, lagre_endring
from app.services.sak.feil import FinnesIkkeError
from app.services.sak.forespoersler import FOERSTE_AAR, SISTE_AAR, OensketForhaandsvisning
from app.services.sak.forhaandsvisning import vis_endring
from app.services.saksside import les_saksside

router = APIRouter(prefix="/saker/{sak_id:uuid}/poster", include_in_schema=False, route_class=Sideroute)

LAGRE: Final = "lagre"
VIS: Final = "vis"


@router.get("")
async def fyll_ut(side: SkrivSak, sak_id: UUID, aar: Aar = None) -> Response:
    """The posts of a year, with the figures they are among."""
    return _vis(side, await _skjema(side, sak_id, aar))


@router.post("")
async def send(side: SkrivSak, sak_id: UUID) -> Response:
    """The form with a row more or less, with what it leads to, or stored."""
    gjoer, skjema = side.tekst("gjoer"), await _sendt(side, sak_id)
    skjema.fokus = endre_rader(FORM, skjema.tre, gjoer)
    if skjema.fokus is not None or gjoer not in {LAGRE, VIS}:
        return _vis(side, skjema)
    oenske, feil, raa = les_skjema(skjema.tre)
    if oenske is None:
        skjema.feil = feil_i_skjemaet(skjema.tre, feil, feiltekst(side.spraak))
        return _vis(side, skjema, 422)
    if _er_opphevet(skjema, oenske):
        skjema.utdatert = True
        return _vis(side, skjema, 409)
    if gjoer == VIS:
        return _vis(side, skjema, await _med_virkning(side, sak_id, skjema, oenske))
    return await _lagre(side, sak_id, skjema, oenske, raa)


@router.post("/virkning")
async def virkning(side: SkrivSak, sak_id: UUID) -> Response:
    """What the form leads to as it stands, for the page to show while it is filled in."""
    skjema = await _sendt(side, sak_id)
    oenske, feil, _ = les_skjema(skjema.tre)
    if oenske is None:
        skjema.feil = feil_i_skjemaet(skjema.tre, feil, feiltekst(side.spraak))
    elif _er_opphevet(skjema, oenske):
        skjema.utdatert = True
    else:
        await _med_virkning(side, sak_id, skjema, oenske)
    return side.vis("skjema/virkning.html", s=skjema)


def _er_opphevet(skjema: Posterskjema, oenske: OensketForhaandsvisning) -> bool:
    """Whether a post that is to be withdrawn already has been.

    Raises:
        FinnesIkkeError: the case has never had it.
    """
    sendt = set(oenske.opphevede_poster)
    opphevede = {post.id for post in skjema.opphevede}
    if sendt - opphevede - {post.id for post in skjema.gjelder}:
        raise FinnesIkkeError("posten")
    return bool(sendt & opphevede)


async def _med_virkning(
    side: Side, sak_id: UUID, skjema: Posterskjema, oenske: OensketForhaandsvisning
) -> int:
    """Put in the form what it leads to; the status of the page."""
    try:
        skjema.virkning = await vis_endring(side.drift, side.kall, sak_id, oenske)
    except FOR_SKJEMAET as feil:
        return ta_imot(skjema, feil, _plassering(side, skjema))
    return 200


async def _lagre(
    side: Side, sak_id: UUID, skjema: Posterskjema, oenske: OensketForhaandsvisning, raa: Any
) -> Response:
    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        klar = await forbered_endring(side.drift, side.kall, sak_id, skjema.versjon or 0, oenske)

        async def lagre(lager: Lager) -> str:
            ny = await lagre_endring(lager, side.kall, klar)
            # What still waits is placed next; else the case shows the amount.
            igjen = "/poster" if les_json(ny.svar)["aapne"] else ""
            return f"/saker/{sak_id}{igjen}?aar={ny.aar}"

        return lagre

    innhold = {"versjon": skjema.versjon, "innhold": raa}
    try:
        sted = await lagre_en_gang(side, skjema.noekkel, innhold, forbered, Handling.SAK_LEST, sak_id)
    except FinnesIkkeError:
        # A post was withdrawn since the form was sent.
        skjema.utdatert = True
        return _vis(side, skjema, 409)
    except FOR_SKJEMAET as feil:
        return _vis(side, skjema, ta_imot(skjema, feil, _plassering(side, skjema)))
    return side.videre(sted)


def _plassering(side: Side, skjema: Posterskjema) -> Plassering:
    return partial(feil_i_skjemaet, skjema.tre, tekst=feiltekst(side.spraak))


async def _sendt(side: Side, sak_id: UUID) -> Posterskjema:
    """The form as it was sent, for the case it is about."""
    aar = side.tekst("beregning/aar")
    er_aar = aar.isascii() and aar.isdigit() and FOERSTE_AAR <= int(aar[:5]) <= SISTE_AAR
    skjema = await _skjema(side, sak_id, int(aar) if er_aar else None)
    skjema.tre = sendt_tre(side.felt.multi_items(), skjema.aar, skjema.aapne)
    versjon = side.tekst("versjon")
    skjema.versjon = int(versjon) if versjon.isascii() and versjon.isdigit() else 0
    skjema.noekkel = noekkelen(side)
    return skjema


async def _skjema(side: Side, sak_id: UUID, aar: int | None) -> Posterskjema:
    async def arbeid(lager: Lager) -> Posterskjema:
        funnet = await les_saksside(lager, side.kall, sak_id, aar=aar)
        bilde = bildet(side, funnet)
        valgt = side.kall.i_dag.year if bilde is None else bilde.b.aar
        alle = await lager.manuelle_poster.for_sak(sak_id)
        return Posterskjema(
            sti=f"/saker/{sak_id}/poster",
            tre=nytt_tre(aar or valgt, () if bilde is None else bilde.aapne),
            noekkel=ny_noekkel(),
            versjon=funnet.sak.sak.versjon,
            side=funnet,
            hvem=Navneliste(funnet.personer),
            bilde=bilde,
            gjelder=vist(post for post in alle if post.opphevet is None),
            opphevede=vist(post for post in alle if post.opphevet is not None),
            aar=aar or valgt,
        )

    return await side.gjoer(arbeid)


def _vis(side: Side, skjema: Posterskjema, status: int = 200) -> Response:
    mal = "skjema/poster.html#skjema" if side.htmx else "skjema/poster.html"
    return side.vis(mal, status=status, s=skjema, hvem=skjema.hvem)
