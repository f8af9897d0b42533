"""Siste tilgjengelige skatteoppgjør v1: which income year is the newest that is settled."""

from typing import Any, Final

from app.skatt_client.oppsett import SisteOppgjoerOppsett
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.kall import ApiKall, Drift, kontroller_person
from app.skatt_client.skatteetaten.modell import Inntektsaar, Modell, UleseligError, les_modell
from app.skatt_client.utfall import Utfall


class SisteOppgjoer(Modell):
    """The answer; ``siste_tilgjengelige_periode`` is an income year."""

    personidentifikator: str
    siste_tilgjengelige_periode: Inntektsaar
    ressurs_id: str | None = None


class SisteOppgjoerKlient:
    """Looks up the newest settled year for one kommune."""

    def __init__(self, drift: Drift, oppsett: SisteOppgjoerOppsett) -> None:
        self._oppsett: Final = oppsett
        self._kall: Final = ApiKall(drift, Api.SISTE_OPPGJOER, oppsett)

    async def hent(self, personidentifikator: str) -> Utfall[SisteOppgjoer]:
        """The newest settled income year of one person.

        Raises:
            OppsettError: the identifier is not eleven digits.
        """
        kontroller_person(personidentifikator)

        def les(raa: dict[str, Any]) -> SisteOppgjoer:
            svar = les_modell(SisteOppgjoer, raa)
            if svar.personidentifikator != personidentifikator:
                raise UleseligError("annen-person", "personidentifikator")
            return svar

        return await self._kall.hent(self._oppsett.sti, {"personidentifikator": personidentifikator}, les)
