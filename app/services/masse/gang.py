"""A run carried on until it rests: a portion and a transaction at a time, from wherever it was left.

Every portion locks the run, sees that it still stands where the portion began, and moves it together with what the
portion came to. A process that dies loses only the portion it had in hand, and two that work at once store it once.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.db.arkiv import Lager
from app.db.lager.massekjoeringer import Massekjoering, Massetilstand
from app.services.kommuneoppsett.aarsoppsett import aarsoppsett
from app.services.masse.portion import Oppdrag
from app.services.masse.slag import Masseslag
from app.services.masse.stand import Stand
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.saker import oppsettet, ta_i_bruk
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle

PORSJON: Final = 4_000
"""Cases in one transaction when nothing or little is stored of each."""

Framdrift = Callable[[Massekjoering], None]
"""Told after every portion."""


def systemkall(drift: Saksdrift, kommune: str, naa: datetime) -> Kall:
    """Ourselves, carrying out what somebody ordered."""
    aktoer = Aktoer(
        kommune=kommune, type=Aktoertype.SYSTEM, id="masse", rettigheter=RETTIGHETER[Rolle.BEREGNER]
    )
    return Kall(aktoer=aktoer, rute="masse", korrelasjonsid="masse", naa=naa, hjemmel=drift.hjemmel)


async def oppdraget(drift: Saksdrift, lager: Lager, kjoering: Massekjoering, naa: datetime) -> Oppdrag:
    """What a run is to do to every case, with the kommune's setup of now."""
    oppsett, versjon = await oppsettet(lager)
    ta_i_bruk(drift, oppsett)
    return Oppdrag(
        slag=Masseslag(kjoering.slag),
        aar=kjoering.aar,
        virkning_fra=kjoering.virkning_fra,
        kall=systemkall(drift, lager.kommune, naa),
        oppsett_versjon=versjon,
        aarsoppsett=aarsoppsett(oppsett, kjoering.aar),
        trukket=await lager.massesaker.paa_trukket(),
    )


async def hold(lager: Lager, kjoering: Massekjoering) -> bool:
    """Lock the run; whether it still stands where this portion began."""
    naa = await lager.massekjoeringer.laas(kjoering.id)
    return naa is not None and (naa.tilstand, naa.innhold) == (kjoering.tilstand, kjoering.innhold)


async def flytt(lager: Lager, kjoering: Massekjoering, stand: Stand, naa: datetime, *, ferdig: bool) -> None:
    """Move the run on by one portion; to its rest when that was the last."""
    verdier: dict[str, object] = {"innhold": (replace(stand, etter=None) if ferdig else stand).som_tekst()}
    if ferdig:
        hvile, tid = _HVILE[kjoering.tilstand]
        verdier |= {"tilstand": hvile} | ({} if tid is None else {tid: naa})
    await lager.massekjoeringer.sett(kjoering.id, verdier)


_HVILE: Final = {
    Massetilstand.TOERRKJOERES: (Massetilstand.TOERRKJOERT, None),
    Massetilstand.KJOERES: (Massetilstand.KJOERT, "kjoert"),
    Massetilstand.ANGRES: (Massetilstand.ANGRET, "angret"),
}
"""Where each part ends, and the column that says when."""
