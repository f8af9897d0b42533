"""Mass runs in the background: what somebody ordered, taken up from wherever it was left."""

from typing import Final

from app.db.lederskap import Mandat
from app.services.masse.fullfoer import fullfoer_alle
from app.services.masse.regning import Regnere
from app.services.sak.drift import Saksdrift


class Massekjoerer:
    """Looks for runs with work left, and does it.

    A portion sees for itself that the run stands where it began, so the mandate is only to spare the work.
    """

    MANDAT: Final = "masse"
    SEKUNDER_MELLOM: Final = 2

    def __init__(self, drift: Saksdrift) -> None:
        self._drift = drift

    async def kjoer(self, _: Mandat) -> None:
        """Once through every kommune."""
        async with Regnere() as regnere:
            await fullfoer_alle(self._drift, regnere)
