"""One kommune's events, work, snapshots and cases as they stand at one moment, by their ids: what is held together.

No national id, name, answer or amount is read.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from app.db.lager.oppgaver import Oppgavetilstand
from app.db.lager.saker import Status
from app.db.lager.webhooker import Leveringstilstand
from app.db.leie import Leie
from app.db.tabeller import (
    arbeid,
    beregning,
    beregning_grunnlag,
    endring,
    endring_hode,
    etteroppgjoer,
    grunnlag,
    hendelse,
    oppgave,
    sak,
    sak_person,
    vedtak,
    webhooklevering,
)

_BOLK: Final = 5_000
_SVAR: Final = 1_000


@dataclass(frozen=True, slots=True)
class Mottatt:
    """An event in the inbox."""

    liste: str
    sekvensnummer: int
    person_id: UUID
    periode: str | None
    ajourholdt: datetime | None
    mottatt: datetime

    @property
    def aar(self) -> int:
        """The income year it is about; 0 when it does not say."""
        foerst = (self.periode or "")[:4]
        return int(foerst) if foerst.isascii() and foerst.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Arbeid:
    """What is to be fetched anew."""

    person_id: UUID
    liste: str
    aar: int
    bestilt: int
    gjort: int
    tilstand: str
    neste_forsoek: datetime
    endret: datetime


@dataclass(frozen=True, slots=True)
class Svar:
    """A snapshot, without what it says."""

    id: UUID
    sak_id: UUID
    person_id: UUID
    aar: int
    api: str
    ajourholdt: datetime | None
    hentet: datetime
    trukket: datetime | None


@dataclass(frozen=True, slots=True)
class Sak:
    """A case, with everybody it is about."""

    id: UUID
    aapen: bool
    personer: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Vedtak:
    """A decision in force: none replaces it."""

    id: UUID
    sak_id: UUID
    art: str
    fra: date
    til: date | None


@dataclass(frozen=True, slots=True)
class Nummerering:
    """The numbers of a kommune's own list of changes."""

    antall: int
    foerste: int
    siste: int
    hode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilde:
    """Everything that should agree."""

    hendelser: tuple[Mottatt, ...]
    arbeid: tuple[Arbeid, ...]
    grunnlag: tuple[Svar, ...]
    saker: tuple[Sak, ...]
    vedtak: tuple[Vedtak, ...]
    gjort_opp: frozenset[tuple[UUID, int]]
    """The case and year of every etteroppgjør."""
    i_bruk: frozenset[UUID]
    """The withdrawn snapshots that the newest calculation of some case and year builds on."""
    saker_med_oppgave: frozenset[UUID]
    """Cases with something open for a caseworker."""
    doede_leveringer: tuple[tuple[UUID, int], ...]
    """The webhook and number of every delivery that was given up."""
    leveringer: int
    endringer: Nummerering


class Avstemmingsbilder:
    """Takes the picture of one kommune, within one transaction."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ta(self) -> Bilde:
        """As everything stands now."""
        svar = await self._svar()
        return Bilde(
            hendelser=await self._hendelser(),
            arbeid=await self._arbeid(),
            grunnlag=svar,
            saker=await self._saker(),
            vedtak=await self._vedtak(),
            gjort_opp=await self._gjort_opp(),
            i_bruk=await self._i_bruk([ett.id for ett in svar if ett.trukket is not None]),
            saker_med_oppgave=frozenset(
                rad.sak_id for rad in await self._rader(oppgave, "sak_id", tilstand=Oppgavetilstand.AAPEN)
            ),
            doede_leveringer=tuple(
                (rad.webhook_id, rad.sekvensnummer)
                for rad in await self._rader(
                    webhooklevering, "webhook_id", "sekvensnummer", tilstand=Leveringstilstand.DOED
                )
            ),
            leveringer=await self._leie.antall(webhooklevering),
            endringer=await self._nummerering(),
        )

    async def _rader(self, tabell: Any, *navn: str, **noekler: Any) -> Sequence[Row[Any]]:
        return await self._leie.mange(tabell, kolonner=[tabell.c[en] for en in navn], **noekler)

    async def _hendelser(self) -> tuple[Mottatt, ...]:
        navn = ("liste", "sekvensnummer", "person_id", "periode", "ajourholdt", "mottatt")
        return tuple(Mottatt(**rad._asdict()) for rad in await self._rader(hendelse, *navn))

    async def _arbeid(self) -> tuple[Arbeid, ...]:
        navn = ("person_id", "liste", "aar", "bestilt", "gjort", "tilstand", "neste_forsoek", "endret")
        return tuple(Arbeid(**rad._asdict()) for rad in await self._rader(arbeid, *navn))

    async def _svar(self) -> tuple[Svar, ...]:
        """A piece at a time: by far the most there is, and others are answered meanwhile."""
        k = grunnlag.c
        kolonner = [k.id, k.sak_id, k.person_id, k.aar, k.api, k.ajourholdt, k.hentet, k.trukket]
        alle: list[Svar] = []
        while True:
            etter = [k.id > alle[-1].id] if alle else []
            bolk = await self._leie.mange(grunnlag, *etter, sorter=[k.id], antall=_SVAR, kolonner=kolonner)
            alle += (Svar(*tuple(rad)) for rad in bolk)
            if len(bolk) < _SVAR:
                return tuple(alle)
            # SQLite answers without letting anybody else in between.
            await asyncio.sleep(0)

    async def _saker(self) -> tuple[Sak, ...]:
        personer: dict[UUID, set[UUID]] = {}
        for rad in await self._rader(sak_person, "sak_id", "person_id"):
            personer.setdefault(rad.sak_id, set()).add(rad.person_id)
        return tuple(
            Sak(rad.id, rad.status == Status.AAPEN, frozenset(personer.get(rad.id, ())))
            for rad in await self._rader(sak, "id", "status")
        )

    async def _vedtak(self) -> tuple[Vedtak, ...]:
        rader = await self._rader(vedtak, "id", "sak_id", "art", "fra", "til", "erstatter")
        erstattet = {rad.erstatter for rad in rader}
        return tuple(
            Vedtak(rad.id, rad.sak_id, rad.art, rad.fra, rad.til) for rad in rader if rad.id not in erstattet
        )

    async def _gjort_opp(self) -> frozenset[tuple[UUID, int]]:
        rader = await self._rader(etteroppgjoer, "sak_id", "aar")
        return frozenset((rad.sak_id, rad.aar) for rad in rader)

    async def _i_bruk(self, trukne: Sequence[UUID]) -> frozenset[UUID]:
        if not trukne:
            return frozenset()
        nyeste: dict[tuple[UUID, int], UUID] = {}
        for rad in await self._rader(beregning, "id", "sak_id", "aar"):
            noekkel = (rad.sak_id, rad.aar)
            nyeste[noekkel] = max(rad.id, nyeste.get(noekkel, rad.id))
        gjeldende, k = set(nyeste.values()), beregning_grunnlag.c
        funnet: set[UUID] = set()
        for start in range(0, len(trukne), _BOLK):
            bolk = k.grunnlag_id.in_(trukne[start : start + _BOLK])
            rader = await self._leie.mange(beregning_grunnlag, bolk, kolonner=[k.beregning_id, k.grunnlag_id])
            funnet.update(rad.grunnlag_id for rad in rader if rad.beregning_id in gjeldende)
        return frozenset(funnet)

    async def _nummerering(self) -> Nummerering:
        antall = await self._leie.antall(endring)
        hode = await self._leie.en(endring_hode)
        siste = await self._leie.stoerst(endring, "sekvensnummer") or 0
        foerste = await self._leie.mange(
            endring,
            sorter=[endring.c.sekvensnummer],
            antall=1,
            kolonner=[endring.c.sekvensnummer],
        )
        return Nummerering(
            antall,
            foerste[0].sekvensnummer if foerste else 0,
            siste,
            0 if hode is None else hode.sekvensnummer,
        )
