"""Work that is due, in every kommune. Only which rows there are is read here: whoever does the work opens each in its
own kommune's transaction. So this is for the service's own work, and never for a caller."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.db.lager.arbeid import Arbeidsnoekkel, Arbeidstilstand, Liste
from app.db.motor import Database
from app.db.tabeller import arbeid


@dataclass(frozen=True, slots=True, order=True)
class Forfalt:
    """Work that is due."""

    kommune: str
    noekkel: Arbeidsnoekkel


@dataclass(frozen=True, slots=True)
class Koetall:
    """How much work of a kommune stands so."""

    kommune: str
    tilstand: Arbeidstilstand
    antall: int
    eldste: datetime
    """When the first of it was last touched."""


class Arbeidskoe:
    """The work of every kommune in one database."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def forfalt(
        self,
        naa: datetime,
        antall: int,
        *,
        uten_kommuner: Collection[str] = (),
        uten: Collection[Forfalt] = (),
    ) -> Sequence[Forfalt]:
        """Work that is due, what has waited longest first.

        Args:
            naa: now.
            antall: how much.
            uten_kommuner: kommuner that are to be left alone now.
            uten: work that is under way.
        """
        k = arbeid.c
        sporring = (
            select(k.kommune, k.person_id, k.liste, k.aar)
            .where(k.tilstand == Arbeidstilstand.VENTER, k.neste_forsoek <= naa, k.bestilt > k.gjort)
            .order_by(k.neste_forsoek, k.kommune, k.person_id, k.liste, k.aar)
            .limit(antall + len(uten))
        )
        if uten_kommuner:
            sporring = sporring.where(k.kommune.notin_(uten_kommuner))
        async with self._database.les() as forbindelse:
            rader = (await forbindelse.execute(sporring)).all()
        alle = (
            Forfalt(rad.kommune, Arbeidsnoekkel(rad.person_id, Liste(rad.liste), rad.aar)) for rad in rader
        )
        return [en for en in alle if en not in uten][:antall]

    async def tall(self) -> Sequence[Koetall]:
        """How much there is, by kommune and where it stands."""
        k = arbeid.c
        sporring = (
            select(k.kommune, k.tilstand, func.count(), func.min(k.endret))
            .group_by(k.kommune, k.tilstand)
            .order_by(k.kommune, k.tilstand)
        )
        async with self._database.les() as forbindelse:
            rader = (await forbindelse.execute(sporring)).all()
        return [Koetall(kommune, Arbeidstilstand(t), antall, eldste) for kommune, t, antall, eldste in rader]
