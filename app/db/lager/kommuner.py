"""The kommune itself, and the versions of what it has decided."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.db.leie import Leie
from app.db.tabeller import kommune, kommuneoppsett


@dataclass(frozen=True, slots=True)
class Oppsettversjon:
    """One version of a kommune's setup: the whole document, exactly as it was taken in."""

    versjon: int
    innhold: str = field(repr=False)
    av: str
    opprettet: datetime


class VersjonskonfliktError(Exception):
    """Somebody else has changed it since the version the change was made from."""


_NYESTE_FOERST: Final = (kommuneoppsett.c.versjon.desc(),)


class Kommuner:
    """The kommune of this transaction."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def finnes(self) -> bool:
        """Whether it has been taken in."""
        return await self._leie.en(kommune) is not None

    async def navnet(self) -> str | None:
        """What it is called, if it has been taken in."""
        rad = await self._leie.en(kommune)
        return None if rad is None else str(rad.navn)

    async def opprett(self, navn: str, naa: datetime) -> None:
        """Take it in, or give it its new name."""
        ny = await self._leie.sett_inn_hvis_ny(kommune, {"navn": navn, "opprettet": naa})
        if not ny:
            await self._leie.endre(kommune, {"navn": navn})

    async def oppsett(self, versjon: int | None = None) -> Oppsettversjon | None:
        """One version of the setup, the newest unless another is asked for; ``None`` when there is none."""
        hvilken: dict[str, Any] = {} if versjon is None else {"versjon": versjon}
        rader = await self._leie.mange(kommuneoppsett, sorter=_NYESTE_FOERST, antall=1, **hvilken)
        return next((Oppsettversjon(rad.versjon, rad.innhold, rad.av, rad.opprettet) for rad in rader), None)

    async def oppsettene(self, foer: int | None, antall: int) -> list[Oppsettversjon]:
        """The versions of the setup, the newest first, from before one of them."""
        vilkaar = [] if foer is None else [kommuneoppsett.c.versjon < foer]
        rader = await self._leie.mange(kommuneoppsett, *vilkaar, sorter=_NYESTE_FOERST, antall=antall)
        return [Oppsettversjon(rad.versjon, rad.innhold, rad.av, rad.opprettet) for rad in rader]

    async def nytt_oppsett(self, innhold: str, av: str, naa: datetime, bygger_paa: int) -> Oppsettversjon:
        """Keep a new version.

        Args:
            innhold: the document.
            av: who decided it.
            naa: when.
            bygger_paa: the version it was made from; 0 for the first.

        Raises:
            VersjonskonfliktError: that is not the newest.
        """
        ny = Oppsettversjon(bygger_paa + 1, innhold, av, naa)
        siste = await self._leie.stoerst(kommuneoppsett, "versjon") or 0
        rad = {"versjon": ny.versjon, "innhold": innhold, "av": av, "opprettet": naa}
        if siste != bygger_paa or not await self._leie.sett_inn_hvis_ny(kommuneoppsett, rad):
            raise VersjonskonfliktError
        return ny
