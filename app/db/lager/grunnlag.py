"""What Skatteetaten answered, once and for all; the answer itself is encrypted and may be taken away later."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import beregning_grunnlag, grunnlag

FUNNET = "FUNNET"
"""The outcome of an API that answered with data; every other outcome is a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grunnlag:
    """One API's answer about one person and income year."""

    id: UUID
    person_id: UUID
    sak_id: UUID
    aar: int
    tjeneste: str
    api: str
    utfall: str
    mangel: str | None = None
    """Why there is no answer, as the look-up told it (JSON)."""
    raasvar: bytes | None = field(default=None, repr=False)
    """The answer, byte for byte; ``None`` when there was none, or it has been deleted."""
    innhold_hash: str | None = None
    """SHA-256 of the answer; stays when the answer goes."""
    ajourholdt: datetime | None = None
    skatteoppgjoersdato: date | None = None
    korrelasjonsid: str | None = None
    hentet: datetime
    hentet_av: str
    raasvar_slettet: datetime | None = None
    trukket: datetime | None = None
    """When we learnt that Skatteetaten has withdrawn it."""


@dataclass(frozen=True, slots=True)
class Plass:
    """Whose snapshot, and in which case."""

    id: UUID
    sak_id: UUID
    person_id: UUID


class Grunnlagene:
    """The snapshots of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, *nye: Grunnlag) -> None:
        """Keep snapshots."""
        await self._leie.sett_inn(grunnlag, *(self._rad(ny) for ny in nye))

    async def hent(self, id_: UUID) -> Grunnlag | None:
        """One snapshot."""
        rad = await self._leie.en(grunnlag, id=id_)
        return None if rad is None else self._les(rad)

    async def for_sak(self, sak_id: UUID) -> list[Grunnlag]:
        """Every snapshot of a case, the oldest first."""
        rader = await self._leie.mange(grunnlag, sorter=[grunnlag.c.id], sak_id=sak_id)
        return [self._les(rad) for rad in rader]

    async def for_personer(self, personer: Collection[UUID]) -> list[Grunnlag]:
        """Every snapshot of these persons, the oldest first."""
        rader = await self._leie.mange(grunnlag, grunnlag.c.person_id.in_(personer), sorter=[grunnlag.c.id])
        return [self._les(rad) for rad in rader]

    async def siste_utfall(self, personer: Collection[UUID]) -> dict[UUID, set[str]]:
        """How each of these persons' newest look-up of each API ended."""
        k = grunnlag.c
        kolonner = [k.id, k.person_id, k.api, k.utfall]
        rader = await self._leie.blant(grunnlag, "person_id", personer, kolonner=kolonner)
        siste = {(rad.person_id, rad.api): rad.utfall for rad in sorted(rader, key=lambda rad: rad.id)}
        svar: dict[UUID, set[str]] = {}
        for (person_id, _), utfall in siste.items():
            svar.setdefault(person_id, set()).add(utfall)
        return svar

    async def hvor(self, *, sak_id: UUID | None = None, person_id: UUID | None = None) -> list[Plass]:
        """Where the snapshots of a case, a person, or both are. Opens none of them, so no key is needed."""
        k = grunnlag.c
        like = {"sak_id": sak_id, "person_id": person_id}
        vilkaar = [k[navn] == verdi for navn, verdi in like.items() if verdi is not None]
        rader = await self._leie.mange(
            grunnlag, *vilkaar, sorter=[k.id], kolonner=[k.id, k.sak_id, k.person_id]
        )
        return [Plass(rad.id, rad.sak_id, rad.person_id) for rad in rader]

    async def siste(self, sak_id: UUID, person_id: UUID, aar: int, api: str) -> Grunnlag | None:
        """The newest snapshot of one API, person and year in a case."""
        rader = await self._leie.mange(
            grunnlag,
            sorter=[grunnlag.c.id.desc()],
            antall=1,
            sak_id=sak_id,
            person_id=person_id,
            aar=aar,
            api=api,
        )
        return self._les(rader[0]) if rader else None

    async def trekk(self, ider: Collection[UUID], naa: datetime) -> int:
        """Mark snapshots as withdrawn by Skatteetaten; how many that were not already."""
        k = grunnlag.c
        return await self._leie.endre(grunnlag, {"trukket": naa}, k.id.in_(ider), k.trukket.is_(None))

    async def slett(self, sak_id: UUID, person_id: UUID | None = None) -> int:
        """Take away the snapshots of a case, or of one person in it, and what ties them to calculations."""
        ider = [ett.id for ett in await self.hvor(sak_id=sak_id, person_id=person_id)]
        await self._leie.slett(beregning_grunnlag, beregning_grunnlag.c.grunnlag_id.in_(ider))
        return await self._leie.slett(grunnlag, grunnlag.c.id.in_(ider))

    def _rad(self, ny: Grunnlag) -> dict[str, Any]:
        lukket = (
            None
            if ny.raasvar is None
            else self._leie.krypter(zlib.compress(ny.raasvar, 1), grunnlag, "raasvar", ny.id)
        )
        return {
            "id": ny.id,
            "person_id": ny.person_id,
            "sak_id": ny.sak_id,
            "aar": ny.aar,
            "tjeneste": ny.tjeneste,
            "api": ny.api,
            "utfall": ny.utfall,
            "mangel": ny.mangel,
            "raasvar": lukket,
            "innhold_hash": ny.innhold_hash,
            "ajourholdt": ny.ajourholdt,
            "skatteoppgjoersdato": ny.skatteoppgjoersdato,
            "korrelasjonsid": ny.korrelasjonsid,
            "hentet": ny.hentet,
            "hentet_av": ny.hentet_av,
        }

    def _les(self, rad: Row[Any]) -> Grunnlag:
        raasvar = (
            None
            if rad.raasvar is None
            else zlib.decompress(self._leie.dekrypter(rad.raasvar, grunnlag, "raasvar", rad.id))
        )
        return Grunnlag(
            id=rad.id,
            person_id=rad.person_id,
            sak_id=rad.sak_id,
            aar=rad.aar,
            tjeneste=rad.tjeneste,
            api=rad.api,
            utfall=rad.utfall,
            mangel=rad.mangel,
            raasvar=raasvar,
            innhold_hash=rad.innhold_hash,
            ajourholdt=rad.ajourholdt,
            skatteoppgjoersdato=rad.skatteoppgjoersdato,
            korrelasjonsid=rad.korrelasjonsid,
            hentet=rad.hentet,
            hentet_av=rad.hentet_av,
            raasvar_slettet=rad.raasvar_slettet,
            trukket=rad.trukket,
        )
