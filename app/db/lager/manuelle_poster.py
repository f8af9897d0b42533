"""What a caseworker has decided about a post or entered by hand, with the reason. Withdrawn, never erased."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import manuell_post


class Slag(StrEnum):
    """What kind of decision."""

    PLASSERING = "PLASSERING"
    BELOEP = "BELOEP"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManuellPost:
    """One decision about one person's figures for one income year."""

    id: UUID
    sak_id: UUID
    person_id: UUID
    aar: int
    slag: Slag
    innhold: str = field(repr=False)
    begrunnelse: str = field(repr=False)
    vedlegg: str | None
    """The archive's reference to what the decision builds on."""
    av: str
    opprettet: datetime
    opphevet: datetime | None = None
    opphevet_av: str | None = None


class ManuellePoster:
    """The manual posts of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, *nye: ManuellPost) -> None:
        """Keep posts."""
        await self._leie.sett_inn(
            manuell_post,
            *(
                {
                    "id": ny.id,
                    "sak_id": ny.sak_id,
                    "person_id": ny.person_id,
                    "aar": ny.aar,
                    "slag": ny.slag,
                    "innhold": ny.innhold,
                    "begrunnelse": ny.begrunnelse,
                    "vedlegg": ny.vedlegg,
                    "av": ny.av,
                    "opprettet": ny.opprettet,
                }
                for ny in nye
            ),
        )

    async def hent(self, id_: UUID, sak_id: UUID) -> ManuellPost | None:
        """One post of a case."""
        rad = await self._leie.en(manuell_post, id=id_, sak_id=sak_id)
        return None if rad is None else _les(rad)

    async def for_sak(self, sak_id: UUID) -> list[ManuellPost]:
        """Every post of a case, withdrawn ones too, the oldest first."""
        rader = await self._leie.mange(manuell_post, sorter=[manuell_post.c.id], sak_id=sak_id)
        return [_les(rad) for rad in rader]

    async def opphev(self, id_: UUID, sak_id: UUID, av: str, naa: datetime) -> bool:
        """Withdraw a post; whether it was in force."""
        endret = await self._leie.endre(
            manuell_post,
            {"opphevet": naa, "opphevet_av": av},
            manuell_post.c.opphevet.is_(None),
            id=id_,
            sak_id=sak_id,
        )
        return endret == 1

    async def for_person(self, person_id: UUID) -> list[ManuellPost]:
        """Every post about a person, withdrawn ones too, the oldest first."""
        rader = await self._leie.mange(manuell_post, sorter=[manuell_post.c.id], person_id=person_id)
        return [_les(rad) for rad in rader]

    async def slett(self, sak_id: UUID, person_id: UUID | None = None) -> int:
        """Take away the posts of a case, or of one person in it."""
        noekler = {"sak_id": sak_id} if person_id is None else {"sak_id": sak_id, "person_id": person_id}
        return await self._leie.slett(manuell_post, **noekler)


def _les(rad: Row[Any]) -> ManuellPost:
    return ManuellPost(
        id=rad.id,
        sak_id=rad.sak_id,
        person_id=rad.person_id,
        aar=rad.aar,
        slag=Slag(rad.slag),
        innhold=rad.innhold,
        begrunnelse=rad.begrunnelse,
        vedlegg=rad.vedlegg,
        av=rad.av,
        opprettet=rad.opprettet,
        opphevet=rad.opphevet,
        opphevet_av=rad.opphevet_av,
    )
