"""Carrying a run on until it rests."""

from uuid import UUID

from app import klokke
from app.db.lager.massekjoeringer import I_GANG, Massekjoering, Massetilstand
from app.services.masse.angre import angre_portion
from app.services.masse.gang import Framdrift
from app.services.masse.kjoer import kjoer
from app.services.masse.regning import Regnere
from app.services.masse.toerr import toerrkjoer
from app.services.sak.drift import Saksdrift
from app.services.sak.feil import FinnesIkkeError


async def fullfoer(
    drift: Saksdrift, kommune: str, id_: UUID, regnere: Regnere, framdrift: Framdrift | None = None
) -> Massekjoering:
    """Do the portions that are left of a run, from wherever it was left.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    while True:
        async with drift.arkiv.les(kommune) as lager:
            kjoering = await lager.massekjoeringer.hent(id_)
        if kjoering is None:
            raise FinnesIkkeError("massekjøringen")
        if framdrift is not None:
            framdrift(kjoering)
        if kjoering.tilstand not in I_GANG:
            return kjoering
        if kjoering.tilstand is Massetilstand.TOERRKJOERES:
            await toerrkjoer(drift, kjoering, kommune, regnere, framdrift)
        elif kjoering.tilstand is Massetilstand.KJOERES:
            await kjoer(drift, kjoering, kommune, regnere, framdrift)
        else:
            await angre_portion(drift, kjoering, kommune, klokke.naa())


async def fullfoer_alle(drift: Saksdrift, regnere: Regnere) -> None:
    """Do what is left of every kommune's runs."""
    for kommune in await drift.arkiv.kommuner():
        async with drift.arkiv.les(kommune) as lager:
            i_gang = await lager.massekjoeringer.i_gang()
        for kjoering in i_gang:
            await fullfoer(drift, kommune, kjoering.id, regnere)
