"""Calculations: what went in, what came out and under which versions. Never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from app.db.leie import Leie
from app.db.tabeller import beregning, beregning_grunnlag


class Tilstand(StrEnum):
    """Whether a calculation came to an amount."""

    BEREGNET = "BEREGNET"
    UFULLSTENDIG = "UFULLSTENDIG"


@dataclass(frozen=True, slots=True)
class Versjoner:
    """What a result depends on besides its input."""

    regelversjon: str
    satsversjon: str
    katalogversjon: str
    kodeversjon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beregning:
    """One calendar year of one case."""

    id: UUID
    sak_id: UUID
    sak_versjon: int
    oppsett_versjon: int
    aar: int
    virkning_fra: date
    tilstand: Tilstand
    foreloepig: bool
    svar: str = field(repr=False)
    """What the caller was told besides the result: posts, sources, what is missing, warnings (JSON)."""
    inn: str | None = field(default=None, repr=False)
    """The calculator's request."""
    kilder: str | None = field(default=None, repr=False)
    """Where the figures of ``inn`` come from: trees down to the tax post."""
    resultat: str | None = field(default=None, repr=False)
    """The calculator's answer with the whole tree."""
    resultat_hash: str | None = None
    egenandel_aar_oere: int | None = field(default=None, repr=False)
    versjoner: Versjoner
    av: str
    opprettet: datetime
    grunnlag: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beregningsrad:
    """A calculation in a list: everything but its texts."""

    id: UUID
    sak_versjon: int
    aar: int
    virkning_fra: date
    tilstand: Tilstand
    foreloepig: bool
    egenandel_aar_oere: int | None = field(repr=False)
    av: str
    opprettet: datetime


class Aarsresultat(NamedTuple):
    """What a calculation came to."""

    aar: int
    resultat: str | None
    """The calculator's answer with the whole tree."""

    def __repr__(self) -> str:
        """The year only: the rest is somebody's income."""
        return f"<Aarsresultat {self.aar}>"


_RAD: Final = (
    beregning.c.id,
    beregning.c.sak_versjon,
    beregning.c.aar,
    beregning.c.virkning_fra,
    beregning.c.tilstand,
    beregning.c.foreloepig,
    beregning.c.egenandel_aar_oere,
    beregning.c.av,
    beregning.c.opprettet,
)


class Beregninger:
    """The calculations of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Beregning) -> None:
        """Keep a calculation."""
        await self._leie.sett_inn(
            beregning,
            {
                "id": ny.id,
                "sak_id": ny.sak_id,
                "sak_versjon": ny.sak_versjon,
                "oppsett_versjon": ny.oppsett_versjon,
                "aar": ny.aar,
                "virkning_fra": ny.virkning_fra,
                "tilstand": ny.tilstand,
                "foreloepig": ny.foreloepig,
                "svar": ny.svar,
                "inn": ny.inn,
                "kilder": ny.kilder,
                "resultat": ny.resultat,
                "resultat_hash": ny.resultat_hash,
                "egenandel_aar_oere": ny.egenandel_aar_oere,
                "regelversjon": ny.versjoner.regelversjon,
                "satsversjon": ny.versjoner.satsversjon,
                "katalogversjon": ny.versjoner.katalogversjon,
                "kodeversjon": ny.versjoner.kodeversjon,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )
        rader = ({"beregning_id": ny.id, "grunnlag_id": id_} for id_ in ny.grunnlag)
        await self._leie.sett_inn(beregning_grunnlag, *rader)

    async def hent(self, id_: UUID, sak_id: UUID | None = None) -> Beregning | None:
        """One calculation, of one case when that is given."""
        noekler = {"id": id_} if sak_id is None else {"id": id_, "sak_id": sak_id}
        rad = await self._leie.en(beregning, **noekler)
        if rad is None:
            return None
        brukt = await self._leie.mange(beregning_grunnlag, beregning_id=id_)
        return _les(rad, sorted(kobling.grunnlag_id for kobling in brukt))

    async def for_sak(
        self, sak_id: UUID, etter: UUID | None = None, antall: int | None = None
    ) -> list[Beregning]:
        """The calculations of a case in the order they were made, after one of them; without their sources."""
        vilkaar = [] if etter is None else [beregning.c.id > etter]
        rader = await self._leie.mange(
            beregning, *vilkaar, sorter=[beregning.c.id], antall=antall, sak_id=sak_id
        )
        return [_les(rad, ()) for rad in rader]

    async def rader(self, sak_id: UUID) -> list[Beregningsrad]:
        """The calculations of a case without their texts, the newest first."""
        rader = await self._leie.mange(
            beregning, sorter=[beregning.c.id.desc()], kolonner=_RAD, sak_id=sak_id
        )
        return [
            Beregningsrad(
                id=rad.id,
                sak_versjon=rad.sak_versjon,
                aar=rad.aar,
                virkning_fra=rad.virkning_fra,
                tilstand=Tilstand(rad.tilstand),
                foreloepig=rad.foreloepig,
                egenandel_aar_oere=rad.egenandel_aar_oere,
                av=rad.av,
                opprettet=rad.opprettet,
            )
            for rad in rader
        ]

    async def alle(self, etter: UUID | None, antall: int) -> list[Beregning]:
        """The kommune's calculations in the order they were made, after one of them; without their sources."""
        vilkaar = [] if etter is None else [beregning.c.id > etter]
        rader = await self._leie.mange(beregning, *vilkaar, sorter=[beregning.c.id], antall=antall)
        return [_les(rad, ()) for rad in rader]

    async def siste(self, sak_id: UUID, aar: int, *, uten: Collection[UUID]) -> Beregning | None:
        """The newest calculation of a year, but for these: those that come from a run that was undone."""
        rader = await self._leie.mange(
            beregning,
            beregning.c.id.not_in(uten),
            sorter=[beregning.c.id.desc()],
            antall=1,
            sak_id=sak_id,
            aar=aar,
        )
        return _les(rader[0], ()) if rader else None

    async def resultater(self, ider: Collection[UUID]) -> dict[UUID, Aarsresultat]:
        """What each of these calculations came to."""
        k = beregning.c
        rader = await self._leie.blant(beregning, "id", ider, kolonner=[k.id, k.aar, k.resultat])
        return {rad.id: Aarsresultat(rad.aar, rad.resultat) for rad in rader}

    async def slett(self, sak_id: UUID) -> None:
        """Take away every calculation of a case; decisions that build on them must be gone first."""
        ider: Collection[UUID] = [rad.id for rad in await self._leie.mange(beregning, sak_id=sak_id)]
        await self._leie.slett(beregning_grunnlag, beregning_grunnlag.c.beregning_id.in_(ider))
        await self._leie.slett(beregning, sak_id=sak_id)


def _les(rad: Row[Any], brukt: Sequence[UUID]) -> Beregning:
    return Beregning(
        id=rad.id,
        sak_id=rad.sak_id,
        sak_versjon=rad.sak_versjon,
        oppsett_versjon=rad.oppsett_versjon,
        aar=rad.aar,
        virkning_fra=rad.virkning_fra,
        tilstand=Tilstand(rad.tilstand),
        foreloepig=rad.foreloepig,
        svar=rad.svar,
        inn=rad.inn,
        kilder=rad.kilder,
        resultat=rad.resultat,
        resultat_hash=rad.resultat_hash,
        egenandel_aar_oere=rad.egenandel_aar_oere,
        versjoner=Versjoner(rad.regelversjon, rad.satsversjon, rad.katalogversjon, rad.kodeversjon),
        av=rad.av,
        opprettet=rad.opprettet,
        grunnlag=tuple(brukt),
    )
