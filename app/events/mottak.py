"""Follows one of Skatteetaten's event lists: reads a page, takes it in with the new place in the list, and goes on.

Only an empty page is the end. When what stands in the way is alone on its page, the readings come farther apart, and
each says so. Nothing is passed over that is not written down.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from app import klokke
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import PekerFlyttetError, Side, Tatt, Uleselig
from app.db.lager.arbeid import Liste
from app.db.lederskap import Mandat
from app.services.hendelser.leser import Listeleser, Stans, StanserError
from app.services.hendelser.lister import foerste_dag, fulgt_fra, mottaket
from app.services.oppslag import Oppslag
from app.settings.hendelser import Hendelser
from app.skatt_client import Clock, SystemClock

_logg = structlog.get_logger("egenandel.mottak")

_LENGSTE_PAUSE: Final = 900.0
"""Seconds between the readings, at most, while they are refused."""
_FLEST_DOBLINGER: Final = 10
_UFORSTAAELIG_NOK: Final = 5
"""Readings in a row that one event by itself makes unusable, before it is put aside."""
HELE_HENDELSEN: Final = "hele hendelsen"
"""What could not be read of an event that was put aside: nothing, its number neither."""


@dataclass(frozen=True, slots=True)
class Lesing:
    """How a reading goes."""

    liste: Liste
    sider: int = 0
    lest: int = 0
    """Events on the pages, those that could not be read too."""
    uleselige: int = 0
    sist: int = 0
    """Events on the last page."""
    nye: int = 0
    """Events about somebody followed, one per kommune."""
    bestilt: int = 0
    """Look-ups ordered."""
    neste: int | None = None
    """Where the next page begins."""
    stans: Stans | None = None
    """Why it ended before the end of the list; nothing when it is read to the end."""

    def med(self, side: Side, tatt: Tatt) -> "Lesing":
        """With one more page."""
        paa_siden = len(side.hendelser) + len(side.uleselige)
        return replace(
            self,
            sider=self.sider + 1,
            lest=self.lest + paa_siden,
            sist=paa_siden,
            uleselige=self.uleselige + len(side.uleselige),
            nye=self.nye + tatt.nye,
            bestilt=self.bestilt + tatt.arbeid,
            neste=side.neste,
        )


def _ingen_ser_paa(_: Lesing) -> None:
    """Nobody watches."""


class Mottak:
    """One list, as one process follows it.

    Args:
        liste: which.
        arkiv: the database.
        oppslag: the way to Skatteetaten, for every kommune.
        valg: how lists are followed.
        clock: time, where Skatteetaten is waited for.
        meld: told of every page that is read by itself.
    """

    def __init__(
        self,
        liste: Liste,
        arkiv: Arkiv,
        oppslag: Oppslag,
        valg: Hendelser,
        clock: Clock | None = None,
        meld: Callable[[Lesing], None] = _ingen_ser_paa,
    ) -> None:
        self.liste: Final = liste
        self._meld: Final = meld
        self._leser: Final = Listeleser(liste, arkiv, oppslag, valg, clock)
        self._mottak: Final = mottaket(arkiv)
        self._valg: Final = valg
        self._clock: Final = clock or SystemClock()
        self._avslag = 0
        """Readings in a row that ended before the end."""
        self._ikke_foer = float("-inf")

    async def kjoer(self, mandat: Mandat) -> None:
        """One reading, unless it is too early after one that was refused."""
        if self._clock.monotonic() >= self._ikke_foer:
            await self.les(mandat, self._meld)

    async def les(self, mandat: Mandat, meld: Callable[[Lesing], None] = _ingen_ser_paa) -> Lesing:
        """Read until the end of the list.

        Args:
            mandat: the right to.
            meld: told of every page.

        Raises:
            MandatTaptError: another reads the list now.
            DatabaseError: a page could not be taken in; the place in the list is as it was.
        """
        lesing, neste = Lesing(self.liste), 0
        try:
            neste = await self._neste(mandat)
            while True:
                side = await self._leser.side(neste)
                try:
                    tatt = await self._ta_imot(mandat, side)
                except PekerFlyttetError:
                    # Somebody has set it by hand meanwhile.
                    neste = await self._neste(mandat)
                    continue
                self._avslag = 0
                if side.tom:
                    return replace(lesing, neste=neste)
                neste, lesing = side.neste, lesing.med(side, tatt)
                meld(lesing)
        except StanserError as feil:
            await self._utsett(mandat, feil.stans, neste)
            return replace(lesing, neste=neste or None, stans=feil.stans)

    async def les_uleselig(self, en: Uleselig) -> bool:
        """Read an event again that could not be read; whether it could now.

        Raises:
            StanserError: its page cannot be had.
        """
        side = await self._leser.en(en.sekvensnummer)
        naa = klokke.naa()
        await self._mottak.les_om(self.liste, side, naa, fulgt_fra(self._valg, naa))
        return not side.tom and en.sekvensnummer not in side.uleselige

    async def _neste(self, mandat: Mandat) -> int:
        """Where to read from. A list that has not begun, begins."""
        if (peker := await self._mottak.peker(self.liste)) is not None:
            return peker.neste
        naa = klokke.naa()
        dag = await foerste_dag(self._mottak, self._valg, naa)
        neste = await self._leser.start(dag)
        await self._mottak.begynn(mandat, self.liste, neste, naa)
        _logg.info("hendelseslisten følges fra nå av", liste=self.liste, fra=dag.isoformat(), neste=neste)
        return neste

    async def _ta_imot(self, mandat: Mandat, side: Side) -> Tatt:
        naa = klokke.naa()
        tatt = await self._mottak.ta_imot(mandat, self.liste, side, naa, fulgt_fra(self._valg, naa))
        for nummer, felt in side.uleselige.items():
            _logg.error(
                "en hendelse kan ikke leses og er lagt til side",
                liste=self.liste,
                sekvensnummer=nummer,
                felt=felt,
            )
        return tatt

    async def _utsett(self, mandat: Mandat, stans: Stans, neste: int) -> None:
        """Wait longer for each reading in a row that is refused; put aside what nobody can read."""
        if stans is Stans.INGEN_HAR_LISTEN:
            return
        self._avslag += 1
        if stans is Stans.UFORSTAAELIG and self._avslag >= _UFORSTAAELIG_NOK:
            self._avslag = 0
            await self._ta_imot(mandat, Side(neste, neste + 1, (), {neste: HELE_HENDELSEN}))
            return
        doblinger = min(self._avslag - 1, _FLEST_DOBLINGER)
        pause = min(self._valg.sekunder_mellom * 2.0**doblinger, _LENGSTE_PAUSE)
        self._ikke_foer = self._clock.monotonic() + pause
