"""Reads one of Skatteetaten's event lists, page by page, on behalf of a kommune that has it.

A page that is refused is asked for again, half as large, until what stands in the way is alone; when pages come, they
grow again. What ends a reading is told in the log as somebody's to see to.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

import structlog

from app import klokke
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Side
from app.db.lager.arbeid import Liste
from app.services.hendelser.lister import API, lesere
from app.services.hendelser.oversettelse import side as som_side
from app.services.oppslag import Oppslag
from app.settings.hendelser import Hendelser
from app.skatt_client import (
    Clock,
    FeilOppsett,
    Funnet,
    HendelserKlient,
    Hendelsesside,
    IngenTilgang,
    Strupet,
    SystemClock,
    UgyldigSvar,
    UtenData,
    Utfall,
    Utilgjengelig,
)

_logg = structlog.get_logger("egenandel.mottak")

T = TypeVar("T")

_FOR_STOR_SIDE: Final = 400
"""The status of a request they will not answer: more events may be asked for than they give."""
_UFORSTAAELIG: Final = "felt"
"""The client's word for a page with an event whose number cannot be read."""
_TIDSAVBRUDD: Final = "tidsavbrudd"
_BRYTER: Final = "bryter-aapen"
"""Nothing was asked, because what was asked before got no answer: the page may have been too large then."""
_KOE: Final = "koe"
_LENGSTE_VENT: Final = 60.0
"""Seconds to wait for Skatteetaten at a time; what asks for more ends the reading."""
_VENT: Final = 1.0
_GANGER: Final = 20
"""Waits for one page, at most."""


class Stans(StrEnum):
    """Why a reading ended before the end of the list."""

    INGEN_HAR_LISTEN = "INGEN_HAR_LISTEN"
    """No kommune has the list, so there is nothing to follow."""
    INGEN_TILGANG = "INGEN_TILGANG"
    """Every kommune that has the list was refused."""
    FEIL_OPPSETT = "FEIL_OPPSETT"
    """We ask wrongly: the address, for one."""
    UTILGJENGELIG = "UTILGJENGELIG"
    """No answer now."""
    AVVIST = "AVVIST"
    """What stands in the way is alone on its page, and is refused still."""
    UFORSTAAELIG = "UFORSTAAELIG"
    """The same, and it is answered: it is the event that cannot be read."""


class StanserError(Exception):
    """The reading is over; the text is the reason."""

    def __init__(self, stans: Stans) -> None:
        super().__init__(stans)
        self.stans = stans


class Listeleser:
    """One list, as one process reads it.

    Args:
        liste: which.
        arkiv: the kommuner, and the keys persons are found by.
        oppslag: the way to Skatteetaten.
        valg: on whose behalf to begin, and how large pages to ask for.
        clock: time, where Skatteetaten is waited for.
    """

    def __init__(
        self, liste: Liste, arkiv: Arkiv, oppslag: Oppslag, valg: Hendelser, clock: Clock | None = None
    ) -> None:
        self.liste: Final = liste
        self._arkiv: Final = arkiv
        self._oppslag: Final = oppslag
        self._clock: Final = clock or SystemClock()
        self._leser = valg.les_som
        self._antall = valg.sidestoerrelse
        self._tak = valg.sidestoerrelse

    @property
    def antall(self) -> int:
        """Events that are asked for on the next page."""
        return self._antall

    async def side(self, fra: int) -> Side:
        """The page that begins at a number.

        Raises:
            StanserError: it cannot be had now.
        """
        for _ in range(_GANGER):
            utfall = await self._spoer(lambda klient: klient.side(fra, self._antall))
            if isinstance(utfall, Funnet):
                self._antall = min(self._tak, self._antall * 2)
                return await self._oversett(utfall.data, fra)
            await self._mindre_eller_vent(utfall)
        _logg.error("det er ventet lenge nok på hendelseslisten", liste=self.liste)
        raise StanserError(Stans.UTILGJENGELIG)

    async def en(self, sekvensnummer: int) -> Side:
        """The page that holds one event, or the first after it.

        Raises:
            StanserError: it cannot be had now.
        """
        utfall = await self._spoer(lambda klient: klient.side(sekvensnummer, 1))
        if not isinstance(utfall, Funnet):
            raise self._stans(Stans.AVVIST, utfall)
        return await self._oversett(utfall.data, sekvensnummer)

    async def tell(self, fra: int, til: int, sider: int) -> tuple[int, bool]:
        """How many events have a number from ``fra`` up to, not including, ``til``; and whether that is all of them.

        Args:
            fra: the first number.
            til: the first number that does not count.
            sider: pages read at most.

        Raises:
            StanserError: a page cannot be had now.
        """
        antall = 0
        for _ in range(sider):
            side = await self.side(fra)
            numre = [*(rad.sekvensnummer for rad in side.hendelser), *side.uleselige]
            antall += sum(nummer < til for nummer in numre)
            fra = side.neste
            if side.tom or fra >= til:
                return antall, True
        return antall, False

    async def start(self, dag: date | None) -> int:
        """The first possible number, of the whole list or from a day on.

        Raises:
            StanserError: Skatteetaten does not say.
        """
        utfall = await self._spoer(lambda klient: klient.start(dag))
        if not isinstance(utfall, Funnet):
            raise self._stans(_uten_side(utfall), utfall)
        return max(1, utfall.data.sekvensnummer)

    async def _mindre_eller_vent(self, utfall: UtenData) -> None:
        """Make the next question one that may be answered.

        Raises:
            StanserError: there is none.
        """
        match utfall:
            case Strupet():
                await self._vent(utfall, utfall.proev_igjen_om)
            case Utilgjengelig(kode=kode) if kode == _KOE:
                await self._vent(utfall, None)
            case Utilgjengelig(kode=kode) if kode == _BRYTER:
                self._antall = max(1, self._antall // 2)
                await self._vent(utfall, utfall.proev_igjen_om)
            case FeilOppsett(status=status) if status == _FOR_STOR_SIDE and self._antall > 1:
                self._antall = self._tak = self._antall // 2
            case _ if _uten_side(utfall) is not Stans.AVVIST:
                raise self._stans(_uten_side(utfall), utfall)
            case _ if self._antall > 1:
                self._antall //= 2
            case UgyldigSvar(kode=kode) if kode == _UFORSTAAELIG:
                raise self._stans(Stans.UFORSTAAELIG, utfall)
            case _:
                raise self._stans(Stans.AVVIST, utfall)

    async def _vent(self, utfall: UtenData, sekunder: float | None) -> None:
        if sekunder is not None and sekunder > _LENGSTE_VENT:
            raise self._stans(Stans.UTILGJENGELIG, utfall)
        await self._clock.sleep(max(sekunder or 0.0, _VENT))

    async def _spoer(self, spoersmaal: Callable[[HendelserKlient], Awaitable[Utfall[T]]]) -> Utfall[T]:
        """Ask on behalf of the first kommune that is let in, and of the same one next time."""
        utfall: Utfall[T] | None = None
        async for kommune in lesere(self._arkiv, self._oppslag, self.liste, self._leser):
            utfall = await spoersmaal(self._oppslag.hendelser(kommune, API[self.liste]))
            if not isinstance(utfall, IngenTilgang):
                self._leser = kommune
                return utfall
            _logg.error(
                "kommunen har ikke tilgang til hendelseslisten",
                liste=self.liste,
                kommune=kommune,
                melding=utfall.melding,
                ansvar=utfall.ansvar,
                kode=utfall.kode,
                korrelasjonsid=utfall.korrelasjonsid,
            )
        if utfall is None:
            raise StanserError(Stans.INGEN_HAR_LISTEN)
        return utfall

    async def _oversett(self, lest: Hendelsesside, fra: int) -> Side:
        # Ten thousand keyed hashes take a while; others are answered meanwhile.
        return await asyncio.to_thread(
            som_side, self.liste, lest, fra, self._arkiv.ring.personhash, klokke.naa()
        )

    def _stans(self, stans: Stans, utfall: UtenData) -> StanserError:
        _logg.error(
            "hendelseslisten kan ikke leses nå",
            liste=self.liste,
            stans=stans,
            melding=utfall.melding,
            ansvar=utfall.ansvar,
            status=utfall.status,
            kode=utfall.kode,
            korrelasjonsid=utfall.korrelasjonsid,
        )
        return StanserError(stans)


def _uten_side(utfall: UtenData) -> Stans:
    """Why there is no answer, when it is not the page that is wrong; ``AVVIST`` when it may be the page."""
    match utfall:
        case IngenTilgang():
            return Stans.INGEN_TILGANG
        case FeilOppsett():
            return Stans.FEIL_OPPSETT
        case Utilgjengelig(status=None, kode=kode) if kode != _TIDSAVBRUDD:
            return Stans.UTILGJENGELIG
        case _:
            return Stans.AVVIST
