"""The dry run: every case judged, and a row for each that comes out otherwise or is left out.

While one portion is calculated in other processes, the next is read and the one before is stored.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from app import klokke
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.masse.gang import PORSJON, Framdrift, flytt, hold, oppdraget
from app.services.masse.portion import Lest, Oppdrag, Vurdert, les, vurder
from app.services.masse.rad import Radinnhold, endring
from app.services.masse.regning import Regnere
from app.services.masse.slag import SLAAR_OPP, TJENESTER
from app.services.masse.stand import Stand, lagt_til, les_stand
from app.services.sak.drift import Saksdrift

_MED_OPPSLAG: Final = 20
"""Cases in a portion when each may take several look-ups: that few are asked about again after a stop."""


async def toerrkjoer(
    drift: Saksdrift,
    kjoering: Massekjoering,
    kommune: str,
    regnere: Regnere,
    framdrift: Framdrift | None = None,
) -> None:
    """Judge the portions that are left, until the last or until somebody else has moved the run."""
    async with drift.arkiv.les(kommune) as lager:
        oppdrag = await oppdraget(drift, lager, kjoering, klokke.naa())
    antall = _MED_OPPSLAG if oppdrag.slag in SLAAR_OPP else PORSJON
    lesing = asyncio.create_task(_les(drift, oppdrag, les_stand(kjoering.innhold).etter, antall))
    lagring: asyncio.Task[Massekjoering | None] | None = None
    try:
        while True:
            lest = await lesing
            siste = len(lest.saker) < antall
            if not siste:
                lesing = asyncio.create_task(_les(drift, oppdrag, lest.saker[-1].id, antall))
            vurderte = await vurder(drift, oppdrag, lest, regnere)
            if lagring is not None:
                lagret = await lagring
                if lagret is None:
                    return
                kjoering = lagret
                if framdrift is not None:
                    framdrift(kjoering)
            lagring = asyncio.create_task(_lagre(drift, kommune, kjoering, lest, vurderte, ferdig=siste))
            if siste:
                await lagring
                return
    finally:
        await _stopp(lesing, lagring)


async def _stopp(*oppgaver: asyncio.Task[Any] | None) -> None:
    """See that nothing goes on after the run was broken off; a transaction under way is undone."""
    startet = [en for en in oppgaver if en is not None]
    for en in startet:
        en.cancel()
    await asyncio.gather(*startet, return_exceptions=True)


async def _les(drift: Saksdrift, oppdrag: Oppdrag, etter: UUID | None, antall: int) -> Lest:
    async with drift.arkiv.les(oppdrag.kall.aktoer.kommune) as lager:
        saker = await lager.massesaker.neste(TJENESTER[oppdrag.slag], oppdrag.virkning_fra, etter, antall)
        return await les(lager, oppdrag, saker)


async def _lagre(
    drift: Saksdrift,
    kommune: str,
    kjoering: Massekjoering,
    lest: Lest,
    vurderte: Sequence[Vurdert],
    *,
    ferdig: bool,
) -> Massekjoering | None:
    """Keep what a portion came to; the run as it then stands, or nothing when somebody else had moved it."""
    naa = klokke.naa()
    stand = _videre(les_stand(kjoering.innhold), lest, vurderte)
    async with drift.arkiv.skriv(kommune) as lager:
        if not await hold(lager, kjoering):
            return None
        await lager.massekjoeringer.nye_rader(kjoering.id, [_rad(en) for en in vurderte if en.utfall])
        await flytt(lager, kjoering, stand, naa, ferdig=ferdig)
        await lager.revisjon.noter(naa, *(rad for en in vurderte for rad in en.rader))
    return replace(kjoering, innhold=stand.som_tekst())


def _rad(en: Vurdert) -> Masserad:
    return Masserad(
        sak_id=en.sak.id,
        foer_id=en.foer_id,
        utfall=str(en.utfall),
        endring_oere=endring(en.foer, en.etter),
        innhold=Radinnhold(foer=en.foer, etter=en.etter, tekst=en.tekst).som_tekst(),
    )


def _videre(stand: Stand, lest: Lest, vurderte: Sequence[Vurdert]) -> Stand:
    # What is unknown on one side is in neither sum: an exception is no saving.
    kjente = [(en.foer, en.etter) for en in vurderte if en.foer is not None and en.etter is not None]
    return replace(
        stand,
        etter=lest.saker[-1].id if lest.saker else stand.etter,
        sett=stand.sett + len(lest.saker),
        uendret=stand.uendret + sum(en.utfall is None for en in vurderte),
        antall=lagt_til(stand.antall, Counter(str(en.utfall) for en in vurderte if en.utfall)),
        foer_oere=stand.foer_oere + sum(sum(foer.values()) for foer, _ in kjente),
        etter_oere=stand.etter_oere + sum(sum(etter.values()) for _, etter in kjente),
    )
