"""A case changed and calculated in one: both are stored, or neither.

What is stored is what a preview of the same request shows, but that everybody whose figures are missing is looked up.
"""

from dataclasses import dataclass
from uuid import UUID

from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning
from app.services.sak.beregne import planlegg
from app.services.sak.beregninger import BeregningKlar, lagre_beregning
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.endret_sak import EndretSak, i_forespoerselen, les_endret
from app.services.sak.feil import UgyldigSakError, UtdatertError
from app.services.sak.forespoersler import Beregningsoenske, Grunnlagsvalg, OensketForhaandsvisning
from app.services.sak.henting import Hentet, hent_og_regn, lagrede
from app.services.sak.manuelle import lagre_klare_poster, opphev_post
from app.services.sak.saker import hent_sak, lagre_endret


@dataclass(frozen=True, slots=True, kw_only=True)
class EndringKlar:
    """A change with its calculation, ready to be stored."""

    endret: EndretSak
    versjon: int
    """The version of the case that it builds on."""
    hentet: Hentet


async def forbered_endring(
    drift: Saksdrift, kall: Kall, sak_id: UUID, versjon: int, oenske: OensketForhaandsvisning
) -> EndringKlar:
    """Try the change, look up what is not kept, and calculate; nothing is stored yet.

    Raises:
        FinnesIkkeError: the kommune has no such case, or a person or post is not there.
        UtdatertError: the case has changed since ``versjon``.
        KonfliktError: the case has ended and its content is to be changed, or the setup does not cover the year.
        UgyldigSakError: the case cannot be as it is asked for; every fault with a pointer into the request.
    """
    beregning = oenske.beregning or Beregningsoenske()
    async with drift.arkiv.les(kall.aktoer.kommune) as lager:
        g = await les_endret(drift, lager, kall, sak_id, oenske)
        if g.sak.sak.versjon != versjon:
            raise UtdatertError
        plan = planlegg(g.innhold, beregning, g.oppsett, g.oppsett_versjon, kall.i_dag, "/beregning")
        nytt = beregning.grunnlag is Grunnlagsvalg.NYTT
        kjent = {} if nytt else await lagrede(lager, sak_id, plan.oppgjort_innen)
    try:
        hentet = await hent_og_regn(
            drift,
            kall,
            plan,
            g.innhold,
            sak_id=sak_id,
            sak_versjon=versjon if g.endret is None else versjon + 1,
            identer=g.identer,
            lagret=kjent,
            poster=g.poster,
        )
    except UgyldigSakError as feil:
        raise UgyldigSakError(*i_forespoerselen(feil.feil, oenske)) from None
    return EndringKlar(endret=g, versjon=versjon, hentet=hentet)


async def lagre_endring(lager: Lager, kall: Kall, klar: EndringKlar) -> Beregning:
    """Store the change and its calculation.

    Raises:
        UtdatertError: the case has changed in the meantime.
        FinnesIkkeError: a post was withdrawn by somebody else.
        SamtidigError: one of the persons was taken in by somebody else; prepare again.
    """
    g = klar.endret
    sak = await hent_sak(lager, g.sak.sak.id)
    if sak.sak.versjon != klar.versjon:
        raise UtdatertError
    if g.endret is not None:
        sak = await lagre_endret(lager, kall, sak, klar.versjon, g.endret)
    for post_id in g.opphevede:
        await opphev_post(lager, kall, sak.sak, post_id)
    if g.nye:
        await lagre_klare_poster(lager, kall, sak.sak.id, g.nye, g.identer)
    beregning = BeregningKlar(sak=sak, identer=_i_saken(g), hentet=klar.hentet)
    return await lagre_beregning(lager, kall, beregning)


def _i_saken(g: EndretSak) -> dict[UUID, str]:
    """Those the case is about after the change; the calculation is not of the others."""
    if g.endret is None:
        return dict(g.identer)
    return {en.id: en.ident for en in g.endret.navngitte}
