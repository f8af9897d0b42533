"""What the kommune has chosen, and the state's rate where it has chosen nothing."""

from datetime import date
from decimal import Decimal
from functools import cache

from app.calc.kontrakt.langtidsopphold import LangtidInn
from app.calc.periode import aaret
from app.calc.satser import sats, serie
from app.calc.sporing import Faktum, Node


def valgt_eller_sats(valgt: Decimal | None, id_: str, dag: date, peker: str) -> Node:
    """The chosen value, or the rate ``id_`` in force on ``dag`` when none or the same was chosen."""
    statens = sats(id_, dag)
    if valgt is None or valgt == statens.verdi:
        return statens
    return Faktum(id_, f"{statens.navn}, valgt", valgt, statens.enhet, peker)


def korttidspris(inn: LangtidInn) -> Node:
    """Kroner for a day of short stay (§ 4)."""
    return valgt_eller_sats(
        inn.valg.korttid_per_doegn, "korttid_doegn", aaret(inn.aar).fra, "/valg/korttidPerDoegn"
    )


def besoekspris(inn: LangtidInn) -> Node:
    """Kroner for a visit by day or by night (§ 4)."""
    return valgt_eller_sats(
        inn.valg.per_dag_eller_natt, "dag_eller_natt", aaret(inn.aar).fra, "/valg/perDagEllerNatt"
    )


def nytt_g_fra(inn: LangtidInn) -> date:
    """The day the kommune takes the year's new G into use."""
    return inn.valg.nytt_g_fra or nytt_g(inn.aar)


def nytt_g(aar: int) -> date:
    """The day in the year a new G takes effect; New Year when there is none, so that one G holds all year."""
    return _foerste_i(serie("grunnbeloep").datoer, aar)


@cache
def _foerste_i(datoer: tuple[date, ...], aar: int) -> date:
    return next((dato for dato in datoer if dato.year == aar), aaret(aar).fra)
