"""How far the event lists have been read, for whoever begins to follow somebody.

The lists belong to no kommune, so this goes through no lease; it reads numbers and nothing about anybody.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.lager.arbeid import Liste
from app.db.tabeller import hendelsesliste

Pekere = Mapping[Liste, int]
"""The number each list is to be read from next; a list nobody has begun is not there."""


class Listepekere:
    """The place in each list, within one transaction."""

    def __init__(self, forbindelse: AsyncConnection) -> None:
        self._forbindelse = forbindelse

    async def les(self) -> Pekere:
        """Where they are now."""
        k = hendelsesliste.c
        rader = await self._forbindelse.execute(select(k.liste, k.neste))
        return {Liste(rad.liste): rad.neste for rad in rader}

    async def flyttet(self, foer: Pekere) -> list[Liste]:
        """The lists that have been read further since, and no further until this transaction is over.

        A page that is being taken in is waited for. One taken in later sees whom this transaction follows.
        """
        k = hendelsesliste.c
        rader = await self._forbindelse.execute(
            select(k.liste, k.neste).order_by(k.liste).with_for_update(read=True)
        )
        return [Liste(rad.liste) for rad in rader if foer.get(Liste(rad.liste)) != rad.neste]
