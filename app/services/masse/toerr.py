"""The dry run: every case judged, and a row for each that comes out otherwise or is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from app import klokke
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.services.masse.gang import PORSJON, Framdrift, Gang, flytt, gaa, hold, oppdraget
from app.services.masse.portion import Lest, Oppdrag, Vurdert, les, vurder
from app.services.masse.radinnhold import Radinnhold, endring
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
    slaar_opp = oppdrag.slag in SLAAR_OPP
    gang = Gang(
        les=partial(_les, drift, oppdrag, _MED_OPPSLAG if slaar_opp else PORSJON),
        vurder=lambda lest: vurder(drift, oppdrag, lest, regnere),
        lagre=partial(_lagre, drift, kommune),
        samtidig=1 if slaar_opp else 2,
    )
    await gaa(gang, kjoering, les_stand(kjoering.innhold).etter, framdrift)


async def _les(
    drift: Saksdrift, oppdrag: Oppdrag, antall: int, etter: UUID | None
) -> tuple[Lest, UUID | None]:
    async with drift.arkiv.les(oppdrag.kall.aktoer.kommune) as lager:
        saker = await lager.massesaker.neste(TJENESTER[oppdrag.slag], oppdrag.virkning_fra, etter, antall)
        return await les(lager, oppdrag, saker), saker[-1].id if len(saker) == antall else None


async def _lagre(
    drift: Saksdrift,
    kommune: str,
    kjoering: Massekjoering,
    lest: Lest,
    vurderte: Sequence[Vurdert],
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
    utfall, forskjell = str(en.utfall), en.forskjell
    if forskjell is not None:
        oere = forskjell.etter_oere - forskjell.foer_oere
        return Masserad(
            sak_id=en.sak.id,
            foer_id=en.foer_id,
            utfall=utfall,
            endring_oere=oere,
            pakket=forskjell.innhold,
        )
    return Masserad(
        sak_id=en.sak.id,
        foer_id=en.foer_id,
        utfall=utfall,
        endring_oere=endring(en.foer, en.etter),
        innhold=Radinnhold(foer=en.foer, etter=en.etter, tekst=en.tekst).som_tekst(),
    )


def _summer(en: Vurdert) -> tuple[int, int]:
    """Øre over the year, before and after. What is unknown on one side is in neither sum: an exception is no saving."""
    if en.forskjell is not None:
        return en.forskjell.foer_oere, en.forskjell.etter_oere
    if en.foer is None or en.etter is None:
        return 0, 0
    return sum(en.foer.values()), sum(en.etter.values())


def _videre(stand: Stand, lest: Lest, vurderte: Sequence[Vurdert]) -> Stand:
    summer = [_summer(en) for en in vurderte if en.utfall is not None]
    return replace(
        stand,
        etter=lest.saker[-1].id if lest.saker else stand.etter,
        sett=stand.sett + len(lest.saker),
        uendret=stand.uendret + sum(en.utfall is None for en in vurderte),
        antall=lagt_til(stand.antall, Counter(str(en.utfall) for en in vurderte if en.utfall)),
        foer_oere=stand.foer_oere + sum(foer for foer, _ in summer),
        etter_oere=stand.etter_oere + sum(etter for _, etter in summer),
    )
