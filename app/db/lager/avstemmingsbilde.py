"""One kommune's events, work, snapshots and cases as they stand at one moment, by their ids: what is held together.

No national id, name, answer or amount is read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, tuple_

from app.db.lager.oppgaver import Oppgavetilstand
from app.db.lager.saker import Status
from app.db.lager.vedtak import Avgjort
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
    vedtaksavgjoerelse,
    webhooklevering,
)

_BOLK: Final = 500
"""Rows read before others get a turn: some ten milliseconds."""

_T = TypeVar("_T")


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
                await self._rader(_selv, oppgave, "sak_id", tilstand=Oppgavetilstand.AAPEN)
            ),
            doede_leveringer=tuple(
                await self._rader(
                    _par, webhooklevering, "webhook_id", "sekvensnummer", tilstand=Leveringstilstand.DOED
                )
            ),
            leveringer=await self._leie.antall(webhooklevering),
            endringer=await self._nummerering(),
        )

    async def _bolker(
        self, tabell: Table, *navn: str, **noekler: Any
    ) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """The values by these names, in the order of the primary key and a piece at a time.

        Others are answered between the pieces.
        """
        noekkel = [k for k in tabell.primary_key.columns if k.name != "kommune"]
        valgt = [tabell.c[en] for en in navn]
        etter: tuple[ColumnElement[bool], ...] = ()
        while True:
            bolk = await self._leie.mange(
                tabell, *etter, sorter=noekkel, antall=_BOLK, kolonner=[*valgt, *noekkel], **noekler
            )
            yield [rad[: len(navn)] for rad in bolk]
            if len(bolk) < _BOLK:
                return
            etter = (tuple_(*noekkel) > tuple(bolk[-1][len(navn) :]),)
            # SQLite answers without letting anybody else in between.
            await asyncio.sleep(0)

    async def _rader(self, type_: Callable[..., _T], tabell: Table, *navn: str, **noekler: Any) -> list[_T]:
        """One of these for each row, from its values."""
        bolker = self._bolker(tabell, *navn, **noekler)
        return [type_(*rad) async for bolk in bolker for rad in bolk]

    async def _hendelser(self) -> tuple[Mottatt, ...]:
        navn = ("liste", "sekvensnummer", "person_id", "periode", "ajourholdt", "mottatt")
        return tuple(await self._rader(Mottatt, hendelse, *navn))

    async def _arbeid(self) -> tuple[Arbeid, ...]:
        navn = ("person_id", "liste", "aar", "bestilt", "gjort", "tilstand", "neste_forsoek", "endret")
        return tuple(await self._rader(Arbeid, arbeid, *navn))

    async def _svar(self) -> tuple[Svar, ...]:
        navn = ("id", "sak_id", "person_id", "aar", "api", "ajourholdt", "hentet", "trukket")
        return tuple(await self._rader(Svar, grunnlag, *navn))

    async def _saker(self) -> tuple[Sak, ...]:
        personer: dict[UUID, set[UUID]] = {}
        async for bolk in self._bolker(sak_person, "sak_id", "person_id"):
            for sak_id, person_id in bolk:
                personer.setdefault(sak_id, set()).add(person_id)

        def en(id_: UUID, status: str) -> Sak:
            return Sak(id_, status == Status.AAPEN, frozenset(personer.get(id_, ())))

        return tuple(await self._rader(en, sak, "id", "status"))

    async def _vedtak(self) -> tuple[Vedtak, ...]:
        alle: list[Vedtak] = []
        erstattet: set[UUID] = set()
        godkjent = set(await self._rader(_selv, vedtaksavgjoerelse, "vedtak_id", utfall=Avgjort.GODKJENT))
        navn = ("id", "sak_id", "art", "fra", "til", "til_godkjenning", "erstatter")
        async for bolk in self._bolker(vedtak, *navn):
            for *verdier, til_godkjenning, erstatter in bolk:
                if til_godkjenning and verdier[0] not in godkjent:
                    continue
                alle.append(Vedtak(*verdier))
                erstattet.add(erstatter)
        return tuple(ett for ett in alle if ett.id not in erstattet)

    async def _gjort_opp(self) -> frozenset[tuple[UUID, int]]:
        return frozenset(await self._rader(_par, etteroppgjoer, "sak_id", "aar"))

    async def _i_bruk(self, trukne: Sequence[UUID]) -> frozenset[UUID]:
        if not trukne:
            return frozenset()
        nyeste: dict[tuple[UUID, int], UUID] = {}
        async for rader in self._bolker(beregning, "id", "sak_id", "aar"):
            nyeste.update(((sak_id, aar), id_) for id_, sak_id, aar in rader)
        gjeldende, k = set(nyeste.values()), beregning_grunnlag.c
        funnet: set[UUID] = set()
        for start in range(0, len(trukne), _BOLK):
            bolk = k.grunnlag_id.in_(trukne[start : start + _BOLK])
            rader = await self._leie.mange(beregning_grunnlag, bolk, kolonner=[k.beregning_id, k.grunnlag_id])
            funnet.update(rad.grunnlag_id for rad in rader if rad.beregning_id in gjeldende)
            await asyncio.sleep(0)
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


def _par(en: UUID, nummer: int) -> tuple[UUID, int]:
    return en, nummer


def _selv(id_: UUID) -> UUID:
    return id_
