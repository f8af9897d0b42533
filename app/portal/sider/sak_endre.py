"""A case changed: the form filled with what is stored, what the change leads to, and both stored in one."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.db.arkiv import Lager
from app.db.lager.saker import Status
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import Side, SkrivSak
from app.portal.sider.sak import Aar, bildet
from app.portal.skjema.avslag import FOR_SKJEMAET, Plassering, ta_imot
from app.portal.skjema.feiltekst import feiltekst
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.portal.skjema.rader import endre_rader
from app.portal.skjema.sak import (
    FORM,
    Saksskjema,
    feil_i_skjemaet,
    lagret_tre,
    les_skjema,
    navnene,
    valgene,
)
from app.services.revisjon import Handling
from app.services.sak.endre_og_beregne import forbered_endring, lagre_endring
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.forespoersler import NySak, OensketForhaandsvisning
from app.services.sak.forhaandsvisning import vis_endring
from app.services.sak.saker import Hentetsak, hent_sak, les_sak, oppsettet
from app.services.saksside import les_saksside

router = APIRouter(prefix="/saker/{sak_id:uuid}/endre", include_in_schema=False, route_class=Sideroute)

LAGRE: Final = "lagre"
VIS: Final = "vis"


@router.get("")
async def fyll_ut(side: SkrivSak, sak_id: UUID, aar: Aar = None) -> Response:
    """The form, as the case is."""

    async def arbeid(lager: Lager) -> Saksskjema:
        funnet = await les_saksside(lager, side.kall, sak_id, aar=aar)
        valgt = side.kall.i_dag.year if funnet.valgt is None else funnet.valgt.aar
        skjema = await _skjema(lager, side, funnet.sak, lagret_tre(funnet.sak.innhold, aar or valgt))
        skjema.bilde = bildet(side, funnet)
        return skjema

    return _vis(side, await side.gjoer(arbeid))


@router.post("")
async def send(side: SkrivSak, sak_id: UUID) -> Response:
    """The form with a row more or less, with what it leads to, or stored."""
    gjoer, tre = side.tekst("gjoer"), FORM.les(side.felt.multi_items())

    async def arbeid(lager: Lager) -> Saksskjema:
        return await _sendt(lager, side, await les_sak(lager, side.kall, sak_id), tre)

    skjema = await side.gjoer(arbeid)
    skjema.fokus = endre_rader(FORM, tre, gjoer, "relasjon")
    if skjema.fokus is not None or gjoer not in {LAGRE, VIS}:
        return _vis(side, skjema)
    ny, feil, raa = les_skjema(tre)
    if ny is None:
        skjema.feil = feil_i_skjemaet(tre, feil, feiltekst(side.spraak))
        return _vis(side, skjema, 422)
    if gjoer == VIS:
        return _vis(side, skjema, await _med_virkning(side, sak_id, skjema, ny))
    return await _lagre(side, sak_id, skjema, ny, raa)


@router.post("/virkning")
async def virkning(side: SkrivSak, sak_id: UUID) -> Response:
    """What the form leads to as it stands, for the page to show while it is filled in."""
    tre = FORM.les(side.felt.multi_items())
    async with side.drift.arkiv.les(side.kall.aktoer.kommune) as lager:
        skjema = await _sendt(lager, side, await hent_sak(lager, sak_id), tre)
    ny, feil, _ = les_skjema(tre)
    if ny is None:
        skjema.feil = feil_i_skjemaet(tre, feil, feiltekst(side.spraak))
    else:
        await _med_virkning(side, sak_id, skjema, ny)
    return side.vis("skjema/virkning.html", s=skjema)


async def _med_virkning(side: Side, sak_id: UUID, skjema: Saksskjema, ny: NySak) -> int:
    """Put in the form what it leads to; the status of the page."""
    try:
        skjema.virkning = await vis_endring(side.drift, side.kall, sak_id, _oensket(ny))
    except FOR_SKJEMAET as feil:
        return ta_imot(skjema, feil, _plassering(side, skjema))
    return 200


async def _lagre(side: Side, sak_id: UUID, skjema: Saksskjema, ny: NySak, raa: Any) -> Response:
    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        klar = await forbered_endring(side.drift, side.kall, sak_id, skjema.versjon or 0, _oensket(ny))

        async def lagre(lager: Lager) -> str:
            await lagre_endring(lager, side.kall, klar)
            return f"/saker/{sak_id}?aar={klar.hentet.ferdig.beregning.aar}"

        return lagre

    innhold = {"versjon": skjema.versjon, "innhold": raa}
    try:
        sted = await lagre_en_gang(side, skjema.noekkel, innhold, forbered, Handling.SAK_LEST, sak_id)
    except FOR_SKJEMAET as feil:
        return _vis(side, skjema, ta_imot(skjema, feil, _plassering(side, skjema)))
    return side.videre(sted)


def _oensket(ny: NySak) -> OensketForhaandsvisning:
    return OensketForhaandsvisning(innhold=ny, beregning=ny.beregning)


def _plassering(side: Side, skjema: Saksskjema) -> Plassering:
    return partial(feil_i_skjemaet, skjema.tre, tekst=feiltekst(side.spraak))


async def _sendt(lager: Lager, side: Side, sak: Hentetsak, tre: Any) -> Saksskjema:
    """The form as it was sent, for the case it is about."""
    tre["tjeneste"] = sak.innhold.tjeneste.value
    skjema = await _skjema(lager, side, sak, tre)
    versjon = side.tekst("versjon")
    skjema.versjon = int(versjon) if versjon.isascii() and versjon.isdigit() else 0
    skjema.noekkel = noekkelen(side)
    return skjema


async def _skjema(lager: Lager, side: Side, sak: Hentetsak, tre: Any) -> Saksskjema:
    if sak.sak.status is not Status.AAPEN:
        raise KonfliktError(
            Konflikt.SAK_AVSLUTTET, "Saken er avsluttet og kan ikke endres. Opprett en ny sak.", sak.sak.id
        )
    oppsett, _ = await oppsettet(lager)
    personer = await lager.personer.i_sak(sak.sak.id)
    return Saksskjema(
        sti=f"/saker/{sak.sak.id}/endre",
        tre=tre,
        valg=valgene(oppsett, side.kall.i_dag).med_aar(tre["beregning"]["aar"]),
        noekkel=ny_noekkel(),
        versjon=sak.sak.versjon,
        kjente=navnene(personer),
    )


def _vis(side: Side, skjema: Saksskjema, status: int = 200) -> Response:
    mal = "skjema/endre.html#skjema" if side.htmx else "skjema/endre.html"
    return side.vis(mal, status=status, s=skjema)
