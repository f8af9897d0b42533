"""Letters as they were when they were made. Never changed; encrypted, since a letter says everything."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import brev


@dataclass(frozen=True, slots=True, kw_only=True)
class LagretBrev:
    """One letter in one language, of a decision or of a settlement."""

    id: UUID
    sak_id: UUID
    vedtak_id: UUID | None = None
    etteroppgjoer_id: UUID | None = None
    spraak: str
    malversjon: str
    pdf: bytes = field(repr=False)
    sha256: str
    av: str
    opprettet: datetime


class Brevene:
    """The letters of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: LagretBrev) -> None:
        """Keep a letter. There can be one of the same in the same language."""
        await self._leie.sett_inn(
            brev,
            {
                "id": ny.id,
                "sak_id": ny.sak_id,
                "vedtak_id": ny.vedtak_id,
                "etteroppgjoer_id": ny.etteroppgjoer_id,
                "spraak": ny.spraak,
                "malversjon": ny.malversjon,
                "pdf_kryptert": self._leie.krypter(ny.pdf, brev, "pdf_kryptert", ny.id),
                "sha256": ny.sha256,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )

    async def om_vedtak(self, vedtak_id: UUID, spraak: str) -> LagretBrev | None:
        """The letter of a decision, when it has been made."""
        rad = await self._leie.en(brev, vedtak_id=vedtak_id, spraak=spraak)
        return None if rad is None else self._les(rad)

    async def om_etteroppgjoer(self, etteroppgjoer_id: UUID, spraak: str) -> LagretBrev | None:
        """The letter of a settlement, when it has been made."""
        rad = await self._leie.en(brev, etteroppgjoer_id=etteroppgjoer_id, spraak=spraak)
        return None if rad is None else self._les(rad)

    async def for_sak(self, sak_id: UUID) -> list[LagretBrev]:
        """Every letter of a case, the oldest first."""
        rader = await self._leie.mange(brev, sorter=[brev.c.id], sak_id=sak_id)
        return [self._les(rad) for rad in rader]

    async def slett(self, sak_id: UUID) -> int:
        """Take away every letter of a case; how many there were."""
        return await self._leie.slett(brev, sak_id=sak_id)

    def _les(self, rad: Row[Any]) -> LagretBrev:
        return LagretBrev(
            id=rad.id,
            sak_id=rad.sak_id,
            vedtak_id=rad.vedtak_id,
            etteroppgjoer_id=rad.etteroppgjoer_id,
            spraak=rad.spraak,
            malversjon=rad.malversjon,
            pdf=self._leie.dekrypter(rad.pdf_kryptert, brev, "pdf_kryptert", rad.id),
            sha256=rad.sha256,
            av=rad.av,
            opprettet=rad.opprettet,
        )
