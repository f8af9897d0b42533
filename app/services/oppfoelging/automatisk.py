"""A decision nobody has looked at: made only where the kommune has said how small a change may be.

It is preliminary, for months that have not begun, and takes the place of a decision in force. Everything that is
unknown or waits for somebody stops it.
"""

from collections.abc import Sequence

from app.calc.kontrakt.json_tekst import les_json
from app.calc.periode import MAANEDER_I_AARET
from app.db.arkiv import Lager
from app.db.lager.beregninger import Beregning, Tilstand
from app.db.lager.vedtak import Vedtaksart
from app.services.kommuneoppsett.aarsoppsett import aarsoppsett
from app.services.oppfoelging.sakene import Foelgesak
from app.services.sak.drift import Kall
from app.services.sak.endringer import Maanedsforskjell
from app.services.sak.feil import KonfliktError
from app.services.sak.forespoersler import NyttVedtak
from app.services.sak.ut import VedtakUt
from app.services.sak.varsler import Alvor
from app.services.sak.vedtak import fatt_vedtak
from app.services.sak.vedtaksrekke import gjeldende


async def vedtak_innenfor_grensen(
    lager: Lager, kall: Kall, sak: Foelgesak, nye: Sequence[Beregning], rader: Sequence[Maanedsforskjell]
) -> VedtakUt | None:
    """Decide on the newest calculation if the kommune lets us; otherwise nothing.

    Args:
        lager: the kommune's.
        kall: the service itself.
        sak: the case as it was before.
        nye: the year's new calculations.
        rader: what they mean for each month.
    """
    nytt = _nytt(kall, sak, nye, rader)
    if nytt is None:
        return None
    try:
        return await fatt_vedtak(lager, kall, sak.id, nytt, alene=True)
    except KonfliktError:
        # Later months have a decision of their own, or a second person is needed: somebody has to see to it.
        return None


def _nytt(
    kall: Kall, sak: Foelgesak, nye: Sequence[Beregning], rader: Sequence[Maanedsforskjell]
) -> NyttVedtak | None:
    i_dag = kall.i_dag
    if not nye or nye[-1].aar != i_dag.year or i_dag.month == MAANEDER_I_AARET:
        return None
    grense = aarsoppsett(sak.oppsett, i_dag.year).automatisk_vedtak_grense
    fra = i_dag.replace(month=i_dag.month + 1, day=1)
    gjelder = gjeldende(sak.vedtak, fra)
    if grense is None or gjelder is None or not all(_er_klar(en) for en in nye):
        return None
    if all(rad.differanse == 0 for rad in rader):
        return None
    if any(rad.differanse is None or abs(rad.differanse) > grense for rad in rader):
        return None
    return NyttVedtak(
        beregning_id=str(nye[-1].id),
        fra=fra,
        til=gjelder.til,
        art=Vedtaksart.FORELOEPIG,
        erstatter=str(gjelder.id),
        begrunnelse=f"Ny skatt eller inntekt endrer egenandelen med høyst {grense:f} kroner i måneden.",
    )


def _er_klar(beregning: Beregning) -> bool:
    """Whether nothing about it waits for anybody."""
    if beregning.tilstand is not Tilstand.BEREGNET or not beregning.foreloepig:
        return False
    svar = les_json(beregning.svar)
    stopper = [ett for ett in svar["varsler"] if ett["alvor"] == Alvor.STOPP]
    return not (svar["aapne"] or svar["mangler"] or stopper)
