"""Who has logged in: the names behind the opaque ids that stored rows and the audit register carry."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from app.db.leie import Leie
from app.db.tabeller import bruker


@dataclass(frozen=True, slots=True, kw_only=True)
class Bruker:
    """A user of one kommune, as of the last login."""

    id: str
    navn: str | None = field(repr=False)
    """What the provider called the user; some providers tell no name."""
    rolle: str
    tilbyder: str
    sist_innlogget: datetime


class Brukere:
    """The users of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ta_inn(self, en: Bruker) -> None:
        """Keep who it is; the newest login tells."""
        navn = None if en.navn is None else self._leie.krypter(en.navn.encode(), bruker, "navn", en.id)
        verdier = {
            "navn": navn,
            "rolle": en.rolle,
            "tilbyder": en.tilbyder,
            "sist_innlogget": en.sist_innlogget,
        }
        ny = {"bruker": en.id, **verdier, "opprettet": en.sist_innlogget}
        if not await self._leie.sett_inn_hvis_ny(bruker, ny):
            await self._leie.endre(bruker, verdier, bruker=en.id)

    async def hent(self, ider: Collection[str]) -> dict[str, Bruker]:
        """Those of them that have logged in, by id."""
        rader = await self._leie.mange(bruker, bruker.c.bruker.in_(sorted(set(ider)))) if ider else ()
        return {
            rad.bruker: Bruker(
                id=rad.bruker,
                navn=None
                if rad.navn is None
                else self._leie.dekrypter(rad.navn, bruker, "navn", rad.bruker).decode(),
                rolle=rad.rolle,
                tilbyder=rad.tilbyder,
                sist_innlogget=rad.sist_innlogget,
            )
            for rad in rader
        }
