"""A run carried on until it rests: a portion and a transaction at a time, from wherever it was left.

Every portion locks the run, sees that it still stands where the portion began, and moves it together with what the
portion came to. A process that dies loses only the portion it had in hand, and two that work at once store it once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

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


L = TypeVar("L")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gang(Generic[L, V]):
    """How the portions of a run are done."""

    les: Callable[[UUID | None], Awaitable[tuple[L, UUID | None]]]
    """What is after a case, and the last case of it; nothing when it is the last portion."""
    vurder: Callable[[L], Awaitable[V]]
    lagre: Callable[[Massekjoering, L, V, bool], Awaitable[Massekjoering | None]]
    """Store the portion of a run as it stands, told whether it is the last; the run as it then stands, or nothing when
    somebody else had moved it."""
    samtidig: int = 2
    """Portions judged at once: with one, those that calculate would wait while the next is made ready."""


async def gaa(
    gang: Gang[L, V], kjoering: Massekjoering, etter: UUID | None, framdrift: Framdrift | None = None
) -> None:
    """Do the portions after a case, until the last or until somebody else has moved the run.

    While some are calculated in other processes, the next is read and the one before is stored. They are stored in
    their order, each only when the one before is.
    """
    startet: set[asyncio.Task[Any]] = set()

    def _glem(oppgave: asyncio.Task[Any]) -> None:
        startet.discard(oppgave)
        # What broke the run off is raised where it was waited for; what broke beside it, is known to be.
        _ = oppgave.cancelled() or oppgave.exception()

    def start(arbeid: Awaitable[Any]) -> asyncio.Task[Any]:
        oppgave = asyncio.ensure_future(arbeid)
        startet.add(oppgave)
        oppgave.add_done_callback(_glem)
        return oppgave

    lesing: asyncio.Task[Any] | None = start(gang.les(etter))
    vurderes: deque[tuple[L, asyncio.Task[Any]]] = deque()
    lagring: asyncio.Task[Any] | None = None
    try:
        while lesing is not None or vurderes:
            while lesing is not None and len(vurderes) < gang.samtidig:
                lest, siste = await lesing
                lesing = None if siste is None else start(gang.les(siste))
                vurderes.append((lest, start(gang.vurder(lest))))
            lest, vurdering = vurderes.popleft()
            vurderte = await vurdering
            if lagring is not None:
                lagret = await lagring
                if lagret is None:
                    return
                kjoering = lagret
                if framdrift is not None:
                    framdrift(kjoering)
            er_siste = lesing is None and not vurderes
            lagring = start(gang.lagre(kjoering, lest, vurderte, er_siste))
        if lagring is not None:
            await lagring
    finally:
        # Nothing goes on after the run was broken off; a transaction under way is undone.
        igjen = list(startet)
        for oppgave in igjen:
            oppgave.cancel()
        await asyncio.gather(*igjen, return_exceptions=True)


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
