"""The dry run: every case judged, and a row for each that comes out otherwise or is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.masse.gang import PORSJON, flytt, hold, oppdraget
from app.services.masse.portion import Lest, Vurdert, les, vurder
from app.services.masse.rad import Radinnhold, endring
from app.services.masse.regning import Regnere
from app.services.masse.slag import SLAAR_OPP, TJENESTER
from app.services.masse.stand import Stand, lagt_til, les_stand
from app.services.sak.drift import Saksdrift

_MED_OPPSLAG: Final = 20
"""Cases in a portion when each may take several look-ups: that few are asked about again after a stop."""


async def toerrkjoer_portion(
    drift: Saksdrift, kjoering: Massekjoering, kommune: str, regnere: Regnere, naa: datetime
) -> None:
    """Judge the next portion and keep what it came to."""
    stand = les_stand(kjoering.innhold)
    async with drift.arkiv.les(kommune) as lager:
        oppdrag = await oppdraget(drift, lager, kjoering, naa)
        antall = _MED_OPPSLAG if oppdrag.slag in SLAAR_OPP else PORSJON
        saker = await lager.massesaker.neste(
            TJENESTER[oppdrag.slag], oppdrag.virkning_fra, stand.etter, antall
        )
        lest = await les(lager, oppdrag, saker)
    vurderte = await vurder(drift, oppdrag, lest, regnere)
    async with drift.arkiv.skriv(kommune) as lager:
        if not await hold(lager, kjoering):
            return
        await lager.massekjoeringer.nye_rader(kjoering.id, (_rad(en) for en in vurderte if en.utfall))
        await flytt(lager, kjoering, _videre(stand, lest, vurderte), naa, ferdig=len(saker) < antall)
        await lager.revisjon.noter(naa, *(rad for en in vurderte for rad in en.rader))


def _rad(en: Vurdert) -> Masserad:
    return Masserad(
        sak_id=en.sak.id,
        foer_id=en.foer_id,
        utfall=str(en.utfall),
        endring_oere=endring(en.foer, en.etter),
        innhold=Radinnhold(foer=en.foer, etter=en.etter, tekst=en.tekst).som_tekst(),
    )


def _videre(stand: Stand, lest: Lest, vurderte: Sequence[Vurdert]) -> Stand:
    return replace(
        stand,
        etter=lest.saker[-1].id if lest.saker else stand.etter,
        sett=stand.sett + len(lest.saker),
        uendret=stand.uendret + sum(en.utfall is None for en in vurderte),
        antall=lagt_til(stand.antall, Counter(str(en.utfall) for en in vurderte if en.utfall)),
        foer_oere=stand.foer_oere + sum(sum((en.foer or {}).values()) for en in vurderte),
        etter_oere=stand.etter_oere + sum(sum((en.etter or {}).values()) for en in vurderte),
    )
