"""A new case on one page: who, what, for how long; one button looks up, calculates and stores."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from app.calc.kontrakt.feil import Feil
from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.side import Side, SkrivSak
from app.portal.skjema.avslag import FOR_SKJEMAET, ta_imot
from app.portal.skjema.feiltekst import feiltekst
from app.portal.skjema.gjentak import lagre_en_gang, noekkelen, ny_noekkel
from app.portal.skjema.rader import endre_rader
from app.portal.skjema.sak import (
    FORM,
    Saksskjema,
    Valgene,
    feil_i_skjemaet,
    les_skjema,
    med_kjent,
    navnene,
    nevnte,
    nytt_tre,
    valgene,
)
from app.services.revisjon import Handling
from app.services.sak.forespoersler import NySak
from app.services.sak.kjent_person import finn_kjent, navngi
from app.services.sak.rader import PERSON, Saksperson
from app.services.sak.saker import forbered_ny_sak, lagre_ny_sak, oppsettet

router = APIRouter(prefix="/saker/ny", include_in_schema=False, route_class=Sideroute)

STI: Final = "/saker/ny"
LAGRE: Final = "lagre"
START: Final = "start"
KJENT: Final = "kjent"
_FLEST: Final = 1_000


@router.get("")
async def nytt(side: SkrivSak) -> Response:
    """An empty form."""
    valg = await _valg(side)
    skjema = Saksskjema(sti=STI, tre=nytt_tre(valg, side.kall.i_dag), valg=valg, noekkel=ny_noekkel())
    return await _vis(side, skjema)


@router.post("")
async def send(side: SkrivSak) -> Response:
    """The form with a row more or less, with what is known of the person, or the case itself."""
    valg, gjoer = await _valg(side), side.tekst("gjoer")
    tre = FORM.les(side.felt.multi_items())
    skjema = Saksskjema(sti=STI, tre=tre, valg=valg, noekkel=noekkelen(side))
    if gjoer == START:
        # From a search: the number is not typed again.
        skjema.tre = nytt_tre(valg, side.kall.i_dag)
        skjema.tre["person"]["personidentifikator"] = tre["person"]["personidentifikator"]
    elif gjoer == LAGRE:
        ny, feil, raa = les_skjema(tre)
        if ny is not None:
            return await _opprett(side, skjema, ny, raa)
        skjema.feil = feil_i_skjemaet(tre, feil, feiltekst(side.spraak))
        return await _vis(side, skjema, 422)
    if gjoer in {START, KJENT}:
        return await _vis(side, skjema, await _finn(side, skjema))
    skjema.fokus = endre_rader(FORM, tre, gjoer, "relasjon")
    return await _vis(side, skjema)


@router.post("/husstand")
async def relasjon(side: SkrivSak, rad: Annotated[int, Query(ge=0, le=_FLEST)]) -> Response:
    """Whether somebody can be in the household at all, said as soon as the relation is chosen."""
    tre = FORM.les(side.felt.multi_items())
    _, feil, _ = les_skjema(tre)
    tekst = feiltekst(side.spraak)
    her = f"/husstand/{rad}/relasjon"
    return side.vis("skjema/relasjon.html", feil=[tekst(en) for en in feil if en.pointer == her])


async def _finn(side: Side, skjema: Saksskjema) -> int:
    """Put in the form what the kommune knows of the person; the status of the page."""
    feil: list[Feil] = []
    ident = PERSON.les(FORM.json(skjema.tre)[0].get("person"), "/person", feil)
    if not isinstance(ident, Saksperson):
        skjema.feil = feil_i_skjemaet(skjema.tre, feil, feiltekst(side.spraak))
        return 422
    nummer = ident.personidentifikator
    if nummer is not None:
        skjema.kjent = await side.gjoer(lambda lager: finn_kjent(lager, side.kall, nummer))
        skjema.er_ny = skjema.kjent is None
    if skjema.kjent is not None:
        med_kjent(skjema.tre, skjema.valg, skjema.kjent)
    return 200


async def _opprett(side: Side, skjema: Saksskjema, ny: NySak, raa: Any) -> Response:
    async def forbered() -> Callable[[Lager], Awaitable[str]]:
        klar = await forbered_ny_sak(side.drift, side.kall, ny)

        async def lagre(lager: Lager) -> str:
            lagret = await lagre_ny_sak(lager, side.kall, klar)
            return f"/saker/{lagret.sak.id}"

        return lagre

    try:
        sted = await lagre_en_gang(side, skjema.noekkel, raa, forbered, Handling.SAK_LEST)
    except FOR_SKJEMAET as feil:
        plasser = partial(feil_i_skjemaet, skjema.tre, tekst=feiltekst(side.spraak))
        return await _vis(side, skjema, ta_imot(skjema, feil, plasser))
    return side.videre(sted)


async def _valg(side: Side) -> Valgene:
    async with side.drift.arkiv.les(side.kall.aktoer.kommune) as lager:
        oppsett, _ = await oppsettet(lager)
    return valgene(oppsett, side.kall.i_dag)


async def _vis(side: Side, skjema: Saksskjema, status: int = 200) -> Response:
    personer = nevnte(skjema.tre)
    if personer:
        funnet = await side.gjoer(lambda lager: navngi(lager, side.kall, personer))
        skjema.kjente = navnene(funnet)
    mal = "skjema/ny.html#skjema" if side.htmx else "skjema/ny.html"
    return side.vis(mal, status=status, s=skjema)
