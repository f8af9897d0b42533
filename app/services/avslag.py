"""Refusals in the audit register."""

from app import klokke
from app.db.arkiv import Arkiv
from app.services.revisjon import Handling, Utfall, ny_rad
from app.services.tilgang import Aktoer, Avslagsgrunn, Rettighet


class Revisjonsavslag:
    """An ``Avslagsregister`` that writes in the register of the kommune that was refused something.

    Args:
        arkiv: the database.
        hjemmel: the basis that is noted.
    """

    def __init__(self, arkiv: Arkiv, hjemmel: str) -> None:
        self._arkiv = arkiv
        self._hjemmel = hjemmel

    async def avslag(
        self,
        aktoer: Aktoer,
        rute_mal: str,
        rettighet: Rettighet,
        grunn: Avslagsgrunn,
        korrelasjonsid: str,
    ) -> None:
        """See ``Avslagsregister.avslag``."""
        rad = ny_rad(
            aktoer,
            Handling.AVSLAG,
            Utfall.AVSLAATT,
            data=[grunn.value, rettighet.value],
            formaal="forsøk som ble avvist",
            hjemmel=self._hjemmel,
            rute=rute_mal,
            korrelasjonsid=korrelasjonsid,
        )
        async with self._arkiv.skriv(aktoer.kommune) as lager:
            await lager.revisjon.noter(klokke.naa(), rad)
