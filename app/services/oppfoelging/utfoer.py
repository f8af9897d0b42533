"""One piece of work: fetch anew, compare, and store everything that comes of it in one transaction.

Killed anywhere, it is as if it had not been begun, except that the register says what was asked. Done once more, the
kept answers are those just fetched, and nothing is new.
"""

from datetime import datetime
from typing import Final

from app import klokke
from app.db.arbeidskoe import Forfalt
from app.db.arkiv import Lager
from app.db.lager.arbeid import ALLE_AAR, Arbeid, Liste
from app.db.lederskap import Mandat
from app.services.hendelser.lister import fulgt_fra
from app.services.hendelser.oversettelse import forfall
from app.services.mangler import Grunn, Mangler
from app.services.oppfoelging.fullfoer import Resultat, fullfoer
from app.services.oppfoelging.hukommelse import Hukommelse, TrengerMerError
from app.services.oppfoelging.sakene import Foelgesak, les_foelgesak, saker_som_foelger
from app.services.oppfoelging.undersoek import Funn, undersoek
from app.services.oppslag import Oppslag
from app.services.sak.drift import Kall, Saksdrift, eget_kall
from app.services.sak.saker import ta_i_bruk
from app.settings.hendelser import Hendelser

HENDELSER: Final = "hendelser"
"""Who stored rows say did it: ``system:hendelser``."""

_OMGANGER: Final = 5
"""How often a case may change while it is looked through."""


class SviktError(Exception):
    """It could not be done now.

    Attributes:
        mangel: why; ``None`` when the case kept changing.
    """

    def __init__(self, mangel: Mangler | None) -> None:
        super().__init__("sviktet" if mangel is None else mangel.grunn)
        self.mangel: Final = mangel


async def utfoer(
    drift: Saksdrift, oppslag: Oppslag, valg: Hendelser, forfalt: Forfalt, mandat: Mandat | None
) -> None:
    """Do it, if it is still to be done.

    Args:
        drift: what is at hand.
        oppslag: the look-ups.
        valg: how long cases are followed.
        forfalt: the work.
        mandat: the right to do it, checked in the transaction that stores.

    Raises:
        SviktError: no usable answer; nothing is changed but the register.
        MandatTaptError: somebody else does it now.
        OpptattError: the database could not be reached.
        KonfliktError: the kommune has no setup.
    """
    kall = eget_kall(drift.hjemmel, forfalt.kommune, HENDELSER, klokke.naa())
    husk = Hukommelse(drift, oppslag, kall)
    for _ in range(_OMGANGER):
        async with drift.arkiv.les(forfalt.kommune) as lager:
            arbeid = await lager.arbeid.hent(forfalt.noekkel)
            sakene = [] if arbeid is None else await _sakene(lager, kall, valg, arbeid)
        if arbeid is None or not arbeid.staar_igjen:
            return
        for sak in sakene:
            ta_i_bruk(drift, sak.oppsett)
            await _undersoek(husk, sak, arbeid, kall, lukket=False)
        await _krev_svar(drift, husk, kall, arbeid, sakene)
        try:
            async with drift.arkiv.skriv(forfalt.kommune, mandat) as lager:
                await _i_ett(drift, lager, valg, husk, arbeid)
            return
        except TrengerMerError:
            continue
    raise SviktError(None)


async def _sakene(lager: Lager, kall: Kall, valg: Hendelser, arbeid: Arbeid) -> list[Foelgesak]:
    ider = await saker_som_foelger(lager, arbeid.noekkel.person_id, fulgt_fra(valg, kall.naa))
    return [await les_foelgesak(lager, id_) for id_ in ider]


async def _undersoek(husk: Hukommelse, sak: Foelgesak, arbeid: Arbeid, kall: Kall, *, lukket: bool) -> Funn:
    ident = sak.identer[arbeid.noekkel.person_id]

    def slettet(hvem: str, aar: int) -> bool:
        return arbeid.slettet and hvem == ident and arbeid.noekkel.aar in (ALLE_AAR, aar)

    return await undersoek(sak, arbeid, husk.kilde(sak.id, slettet, lukket=lukket), kall)


async def _krev_svar(
    drift: Saksdrift, husk: Hukommelse, kall: Kall, arbeid: Arbeid, sakene: list[Foelgesak]
) -> None:
    """See that there is something to go on.

    Raises:
        SviktError: there is not; what was asked is noted.
    """
    if not sakene:
        return
    mangel = husk.svikt(sakene[0].identer[arbeid.noekkel.person_id])
    if mangel is None or (arbeid.ny_identitet and mangel.grunn is Grunn.UKJENT_PERSON):
        # Somebody who has got another number is not found by the old one.
        return
    async with drift.arkiv.skriv(kall.aktoer.kommune) as lager:
        await lager.revisjon.noter(kall.naa, *husk.rader())
    raise SviktError(mangel)


async def _i_ett(drift: Saksdrift, lager: Lager, valg: Hendelser, husk: Hukommelse, sett: Arbeid) -> None:
    """Everything about the work, within one transaction.

    The cases are held first, in a fixed order, then the work: the same order as by everybody else.

    Raises:
        TrengerMerError: a case has changed so that more must be asked.
    """
    naa = klokke.naa()
    kall = eget_kall(drift.hjemmel, lager.kommune, HENDELSER, naa)
    ider = await saker_som_foelger(lager, sett.noekkel.person_id, fulgt_fra(valg, naa))
    for id_ in ider:
        await lager.saker.laas(id_)
    staar = await lager.arbeid.laas(sett.noekkel)
    if staar is None or not staar.staar_igjen or staar.gjort != sett.gjort:
        return
    resultater: list[Resultat] = []
    for id_ in ider:
        sak = await les_foelgesak(lager, id_)
        funn = await _undersoek(husk, sak, sett, kall, lukket=True)
        if sett.ny_identitet and funn.har(Grunn.UKJENT_PERSON):
            funn = Funn(person_id=funn.person_id)
        resultater.append(await fullfoer(drift, lager, kall, sak, sett, funn))
    await lager.arbeid.ferdig(sett, naa, await _igjen(lager, sett, husk.kall.naa))
    await lager.endringer.noter(naa, *(ett for en in resultater for ett in en.endringer))
    await lager.revisjon.noter(naa, *husk.rader(), *(rad for en in resultater for rad in en.rader))


async def _igjen(lager: Lager, sett: Arbeid, spurt: datetime) -> datetime | None:
    """When the first month that was not complete when we asked, is: the calculation left it out.

    Work about another month of the year, or ordered by others than an event, may be done before.
    """
    if sett.noekkel.liste is not Liste.INNTEKT:
        return None
    frister = [forfall(periode, spurt) for periode in await lager.arbeid.perioder(sett.noekkel)]
    return min((frist for frist in frister if frist > spurt), default=None)
