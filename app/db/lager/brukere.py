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

    async def ta_inn(self, en: Bruker, ident: str | None = None) -> None:
        """Keep who it is; the newest login tells.

        Args:
            en: the user.
            ident: national id, when the provider tells it. Only the user's own mark in the register is kept.
        """
        navn = None if en.navn is None else self._leie.krypter(en.navn.encode(), bruker, "navn", en.id)
        verdier = {
            "navn": navn,
            "merke": None if ident is None else self._leie.personmerke(ident),
            "rolle": en.rolle,
            "tilbyder": en.tilbyder,
            "sist_innlogget": en.sist_innlogget,
        }
        ny = {"bruker": en.id, **verdier, "opprettet": en.sist_innlogget}
        if not await self._leie.sett_inn_hvis_ny(bruker, ny):
            await self._leie.endre(bruker, verdier, bruker=en.id)

    async def merker(self) -> dict[str, str]:
        """The users' own marks in the register, by their ids: those of whom the provider told it."""
        rader = await self._leie.mange(
            bruker, bruker.c.merke.is_not(None), kolonner=[bruker.c.bruker, bruker.c.merke]
        )
        return {rad.bruker: rad.merke for rad in rader}

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
