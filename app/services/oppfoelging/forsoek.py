"""When to try again, and when to stop trying: one person's failure costs that person's attempts and nobody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.services.mangler import Grunn, Mangler

FORSOEK_SOM_GAAR_OVER: Final = 10
"""Attempts at what passes by itself: most of a day, with the waits below."""
FORSOEK_SOM_TRENGER_NOEN: Final = 3
"""Attempts at what somebody must see to: so many that one odd answer is not the end."""

_FOERSTE: Final = timedelta(minutes=1)
_LENGST: Final = timedelta(hours=6)
_STANS: Final = timedelta(minutes=5)
"""How long a kommune is left alone when access is refused, before one piece of work tries the door again."""

_VAAR_EGEN_GRENSE: Final = frozenset({"bryter-aapen", "stille", "ingen-plass"})
"""We did not ask: the door is known to be closed, or the calls are all in use. That is nobody's attempt."""
_HELE_KOMMUNEN: Final = frozenset({Grunn.INGEN_TILGANG, Grunn.FEIL_OPPSETT})


@dataclass(frozen=True, slots=True)
class Utsettelse:
    """What is to be done with work that did not succeed."""

    forsoek: int
    """Attempts spent, this one included if it counts."""
    neste: datetime
    doed: bool
    """It is not tried again by itself."""


def feiltekst(mangel: Mangler | None, feiltype: str | None = None) -> str:
    """What the row of work says: which kind, API and code, and nothing personal."""
    if mangel is None:
        return feiltype or "SAKEN_ENDRES"
    ledd = (str(mangel.grunn), mangel.api.value, mangel.kode)
    return " ".join(en for en in ledd if en)[:200]


class Forsoeksplan:
    """Remembers, for one process, which kommuner are to be left alone.

    Args:
        tilfeldig: between 0 and 1, so that not all come back at once.
    """

    def __init__(self, tilfeldig: Callable[[], float]) -> None:
        self._tilfeldig = tilfeldig
        self._stanset: dict[str, datetime] = {}
        self._lyktes: set[str] = set()

    def stanset(self, naa: datetime) -> set[str]:
        """The kommuner that are to be left alone now."""
        return {kommune for kommune, til in self._stanset.items() if til > naa}

    def lyktes(self, kommune: str) -> None:
        """The kommune's door is open."""
        self._stanset.pop(kommune, None)
        self._lyktes.add(kommune)

    def sviktet(self, kommune: str, forsoek: int, mangel: Mangler | None, naa: datetime) -> Utsettelse:
        """What to do about work of a kommune that has been tried so many times before.

        When access is refused the whole kommune is left alone for a while, and no attempt is spent unless others of the
        kommune got through since last time: then it is this person, not the kommune.
        """
        if mangel is None:
            return self._neste(forsoek + 1, FORSOEK_SOM_GAAR_OVER, naa)
        vent = timedelta(seconds=mangel.proev_igjen_om or 0)
        if mangel.kode in _VAAR_EGEN_GRENSE:
            self._stans(kommune, naa + max(vent, timedelta(seconds=1)))
            return Utsettelse(forsoek, naa + max(vent, _FOERSTE * self._tilfeldig()), doed=False)
        if mangel.gaar_over:
            return self._neste(forsoek + 1, FORSOEK_SOM_GAAR_OVER, naa, vent)
        if mangel.grunn in _HELE_KOMMUNEN:
            bare_denne = kommune in self._lyktes
            self._lyktes.discard(kommune)
            self._stans(kommune, naa + _STANS)
            if not bare_denne:
                return Utsettelse(forsoek, naa + _STANS + self._spredt(_FOERSTE), doed=False)
        return self._neste(forsoek + 1, FORSOEK_SOM_TRENGER_NOEN, naa)

    def _neste(self, forsoek: int, hoeyst: int, naa: datetime, minst: timedelta = timedelta(0)) -> Utsettelse:
        venting = min(_FOERSTE * 2 ** (forsoek - 1), _LENGST)
        return Utsettelse(forsoek, naa + max(minst, self._spredt(venting)), doed=forsoek >= hoeyst)

    def _spredt(self, venting: timedelta) -> timedelta:
        """Between half and the whole of it."""
        return venting * (0.5 + self._tilfeldig() / 2)

    def _stans(self, kommune: str, til: datetime) -> None:
        self._stanset[kommune] = max(til, self._stanset.get(kommune, til))
