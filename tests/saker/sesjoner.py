"""Sessions as the portal will keep them: one for each role in a kommune."""

from datetime import timedelta
from typing import Final

from app import klokke
from app.api.tilgang.sesjon import CSRF_FELT
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL, Sesjon
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle

CSRF: Final = "csrf-av-sesjonen"


class Rollesesjoner:
    """Every role in every kommune is logged in; the cookie says which."""

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        """See ``Sesjoner.finn``."""
        kommune, _, navn = cookieverdi.partition(".")
        if navn not in Rolle.__members__:
            return None
        rolle = Rolle(navn)
        return Aktoer(
            kommune=kommune,
            type=Aktoertype.BRUKER,
            id=f"bruker-{navn.lower()}",
            rettigheter=RETTIGHETER[rolle],
            rolle=rolle,
            eid_nivaa="idporten-loa-high",
        )

    async def hent(self, cookieverdi: str) -> Sesjon | None:
        """See ``Portalsesjoner.hent``."""
        aktoer = await self.finn(cookieverdi)
        if aktoer is None:
            return None
        naa = klokke.naa()
        return Sesjon(
            aktoer=aktoer, navn="Kari Prøve", csrf=CSRF, innlogget=naa, utloeper=naa + timedelta(hours=2)
        )

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        """See ``Sesjoner.godtar_csrf``."""
        return csrf == CSRF


def innlogget(kommune: str, rolle: Rolle, *, csrf: bool = True) -> dict[str, str]:
    """The headers of a browser that is logged in."""
    felt = {CSRF_FELT: CSRF} if csrf else {}
    return {"Cookie": f"{INFORMASJONSKAPSEL}={kommune}.{rolle.value}", **felt}
