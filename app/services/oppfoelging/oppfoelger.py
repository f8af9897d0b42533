"""Work done one by one, whatever becomes of each: what fails is tried later or set aside, and the next is taken."""

from typing import Final

import structlog

from app import klokke
from app.db.arbeidskoe import Arbeidskoe, Forfalt
from app.db.lederskap import Mandat, MandatTaptError
from app.db.motor import OpptattError
from app.services.mangler import Mangler
from app.services.oppfoelging.forsoek import Forsoeksplan, feiltekst
from app.services.oppfoelging.utfoer import SviktError, utfoer
from app.services.oppslag import Oppslag
from app.services.sak.drift import Saksdrift
from app.settings.hendelser import Hendelser

_logg = structlog.get_logger("egenandel.oppfoelging")


class Oppfoelger:
    """Does work that is due, for one process.

    Args:
        drift: what is at hand.
        oppslag: the look-ups.
        valg: how long cases are followed.
        plan: when to try again.
    """

    def __init__(self, drift: Saksdrift, oppslag: Oppslag, valg: Hendelser, plan: Forsoeksplan) -> None:
        self._drift: Final = drift
        self._oppslag: Final = oppslag
        self._valg: Final = valg
        self._plan: Final = plan
        self._koe: Final = Arbeidskoe(drift.arkiv.database)

    async def forfalt(self, antall: int) -> list[Forfalt]:
        """Work to be done now; kommuner to be left alone are passed by."""
        naa = klokke.naa()
        return list(await self._koe.forfalt(naa, antall, uten_kommuner=self._plan.stanset(naa)))

    async def gjoer(self, forfalt: Forfalt, mandat: Mandat | None) -> bool:
        """One piece of work; whether it was done.

        Raises:
            MandatTaptError: somebody else does this now.
            OpptattError: the database could not be reached.
        """
        if forfalt.kommune in self._plan.stanset(klokke.naa()):
            return False
        try:
            await utfoer(self._drift, self._oppslag, self._valg, forfalt, mandat)
        except (MandatTaptError, OpptattError):
            raise
        except SviktError as svikt:
            await self._sviktet(forfalt, mandat, svikt.mangel, None)
            return False
        except Exception as feil:
            # One person's odd figures must not stop the others. The text may hold anything; the type says where to look.
            _logg.error("et arbeid stoppet", feiltype=type(feil).__name__)
            await self._sviktet(forfalt, mandat, None, type(feil).__name__)
            return False
        self._plan.lyktes(forfalt.kommune)
        return True

    async def _sviktet(
        self, forfalt: Forfalt, mandat: Mandat | None, mangel: Mangler | None, feiltype: str | None
    ) -> None:
        naa = klokke.naa()
        async with self._drift.arkiv.skriv(forfalt.kommune, mandat) as lager:
            rad = await lager.arbeid.laas(forfalt.noekkel)
            if rad is None or not rad.staar_igjen:
                return
            hva = self._plan.sviktet(forfalt.kommune, rad.forsoek, mangel, naa)
            feil = feiltekst(mangel, feiltype)
            if hva.doed:
                await lager.arbeid.stopp(forfalt.noekkel, naa, feil=feil, forsoek=hva.forsoek)
            else:
                await lager.arbeid.utsett(forfalt.noekkel, hva.neste, naa, feil=feil, forsoek=hva.forsoek)
        if hva.doed:
            _logg.warning("et arbeid er satt til side", feil=feil, forsoek=hva.forsoek)
