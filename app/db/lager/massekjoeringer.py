"""Mass runs: what was asked for, how far it has come, and one row per case that changed or was left out.

A row is written once by the dry run. Later only its outcome and the calculation it led to are added.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import massekjoering, masserad


class Massetilstand(StrEnum):
    """How far a run has come. Those in ``I_GANG`` have work left, and are taken up again by whoever is free."""

    TOERRKJOERES = "TOERRKJOERES"
    TOERRKJOERT = "TOERRKJOERT"
    KJOERES = "KJOERES"
    KJOERT = "KJOERT"
    ANGRES = "ANGRES"
    ANGRET = "ANGRET"


I_GANG = (Massetilstand.TOERRKJOERES, Massetilstand.KJOERES, Massetilstand.ANGRES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Massekjoering:
    """One run."""

    id: UUID
    slag: str
    aar: int
    virkning_fra: date
    tilstand: Massetilstand
    innhold: str = field(repr=False)
    """Versions, place and counts (JSON); see ``app.services.masse.stand``."""
    av: str
    opprettet: datetime
    kjoert: datetime | None = None
    angret: datetime | None = None
    angret_av: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Masserad:
    """One case in a run."""

    sak_id: UUID
    foer_id: UUID | None
    """The newest calculation when the row was made."""
    etter_id: UUID | None = None
    """The calculation the run led to."""
    utfall: str
    endring_oere: int | None = field(default=None, repr=False)
    innhold: str | None = field(default=None, repr=False)
    """Months before and after, or why it was left out (JSON); see ``app.services.masse.radinnhold``."""
    pakket: bytes | None = field(default=None, repr=False)
    """The same packed already, from those who make many of them elsewhere."""


class Massekjoeringer:
    """The mass runs of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Massekjoering) -> None:
        """Keep a new run."""
        rad = {
            "id": ny.id,
            "slag": ny.slag,
            "aar": ny.aar,
            "virkning_fra": ny.virkning_fra,
            "tilstand": ny.tilstand,
            "innhold": ny.innhold,
            "av": ny.av,
            "opprettet": ny.opprettet,
        }
        await self._leie.sett_inn(massekjoering, rad)

    async def hent(self, id_: UUID) -> Massekjoering | None:
        """One run."""
        rad = await self._leie.en(massekjoering, id=id_)
        return None if rad is None else _les(rad)

    async def laas(self, id_: UUID) -> Massekjoering | None:
        """One run, held for this transaction."""
        rad = await self._leie.laas(massekjoering, id=id_)
        return None if rad is None else _les(rad)

    async def sett(self, id_: UUID, verdier: Mapping[str, Any]) -> None:
        """Move a run on; hold it first."""
        await self._leie.endre(massekjoering, verdier, id=id_)

    async def mange(self, foer: UUID | None, antall: int) -> list[Massekjoering]:
        """The runs, the newest first, older than one of them."""
        vilkaar = [] if foer is None else [massekjoering.c.id < foer]
        rader = await self._leie.mange(
            massekjoering, *vilkaar, sorter=[massekjoering.c.id.desc()], antall=antall
        )
        return [_les(rad) for rad in rader]

    async def i_gang(self) -> list[Massekjoering]:
        """The runs with work left, the oldest first."""
        rader = await self._leie.mange(
            massekjoering, massekjoering.c.tilstand.in_(I_GANG), sorter=[massekjoering.c.id]
        )
        return [_les(rad) for rad in rader]

    async def nye_rader(self, id_: UUID, rader: Iterable[Masserad]) -> None:
        """Keep the rows of a portion."""
        await self._leie.sett_inn(
            masserad,
            *(
                {
                    "kjoering_id": id_,
                    "sak_id": rad.sak_id,
                    "foer_id": rad.foer_id,
                    "etter_id": rad.etter_id,
                    "utfall": rad.utfall,
                    "endring_oere": rad.endring_oere,
                    "innhold": rad.innhold if rad.pakket is None else rad.pakket,
                }
                for rad in rader
            ),
        )

    async def rader(
        self, id_: UUID, etter: UUID | None, antall: int, utfall: Collection[str] = ()
    ) -> list[Masserad]:
        """Rows of a run in the order of the cases, after one of them; those with these outcomes, or all."""
        k = masserad.c
        vilkaar = [k.sak_id > etter] if etter is not None else []
        if utfall:
            vilkaar.append(k.utfall.in_(utfall))
        rader = await self._leie.mange(masserad, *vilkaar, sorter=[k.sak_id], antall=antall, kjoering_id=id_)
        return [_les_rad(rad) for rad in rader]

    async def erstatt_rader(self, id_: UUID, rader: Sequence[Masserad]) -> None:
        """Put rows in the place of those of the same cases: what a run led to is known only afterwards."""
        if rader:
            await self._leie.slett(
                masserad, masserad.c.sak_id.in_([rad.sak_id for rad in rader]), kjoering_id=id_
            )
            await self.nye_rader(id_, rader)

    async def med_utfall_i(self, foerste: UUID, siste: UUID, utfall: str) -> list[Masserad]:
        """The rows with this outcome, in any run, of every case between two, both included."""
        vilkaar = masserad.c.sak_id.between(foerste, siste)
        return [_les_rad(rad) for rad in await self._leie.mange(masserad, vilkaar, utfall=utfall)]


def _les(rad: Row[Any]) -> Massekjoering:
    return Massekjoering(
        id=rad.id,
        slag=rad.slag,
        aar=rad.aar,
        virkning_fra=rad.virkning_fra,
        tilstand=Massetilstand(rad.tilstand),
        innhold=rad.innhold,
        av=rad.av,
        opprettet=rad.opprettet,
        kjoert=rad.kjoert,
        angret=rad.angret,
        angret_av=rad.angret_av,
    )


def _les_rad(rad: Row[Any]) -> Masserad:
    return Masserad(
        sak_id=rad.sak_id,
        foer_id=rad.foer_id,
        etter_id=rad.etter_id,
        utfall=rad.utfall,
        endring_oere=rad.endring_oere,
        innhold=rad.innhold,
    )
