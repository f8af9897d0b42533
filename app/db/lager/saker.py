"""Cases, and every version of what they say."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.lager.beregninger import Tilstand
from app.db.lager.kommuner import VersjonskonfliktError
from app.db.leie import Leie, har_nyeste_rad
from app.db.tabeller import beregning, fakturalinje, masserad, oppgave, sak, sak_person, sak_versjon

_BOLK: Final = 200


class Status(StrEnum):
    """Whether a case is in work."""

    AAPEN = "AAPEN"
    AVSLUTTET = "AVSLUTTET"


@dataclass(frozen=True, slots=True)
class Sak:
    """A case as its newest version says."""

    id: UUID
    tjeneste: str
    person_id: UUID
    referanse: str | None
    status: Status
    versjon: int
    opprettet: datetime
    endret: datetime
    avsluttet_dato: date | None = None
    avsluttet_grunn: str | None = None


@dataclass(frozen=True, slots=True)
class Saksversjon:
    """What a case said at one time."""

    versjon: int
    innhold: str = field(repr=False)
    av: str
    opprettet: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Saksfilter:
    """Which cases; what is left out does not limit."""

    person_id: UUID | None = None
    """Whoever the case is about, spouse and dependants too."""
    personer: frozenset[UUID] | None = None
    """Any of these."""
    tjeneste: str | None = None
    status: Status | None = None
    referanse: str | None = None
    endret_etter: datetime | None = None
    uferdig: bool = False
    """Open ones where the newest calculation of some year came to no amount."""


_NYESTE_VERSJON: Final = (("id", "sak_id"), ("versjon", "versjon"))


_UFERDIG: Final = har_nyeste_rad(
    beregning, "sak_id", sak, "aar", beregning.c.tilstand == Tilstand.UFULLSTENDIG
)


class Saker:
    """The cases of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def laas(self, id_: UUID) -> bool:
        """Hold the case: nothing can be added to it until this transaction is over."""
        return await self._leie.laas(sak, id=id_) is not None

    async def hent(self, id_: UUID) -> Sak | None:
        """One case."""
        rad = await self._leie.en(sak, id=id_)
        return None if rad is None else les_sak(rad)

    async def med_innhold(self, id_: UUID) -> tuple[Sak, str] | None:
        """One case, and what it says now."""
        rad = await self._leie.en_med(sak, sak_versjon, _NYESTE_VERSJON, sak_versjon.c.innhold, id=id_)
        return None if rad is None else (les_sak(rad), rad.innhold)

    async def innhold(self, id_: UUID, versjon: int) -> Saksversjon | None:
        """What the case said in one version."""
        rad = await self._leie.en(sak_versjon, sak_id=id_, versjon=versjon)
        return None if rad is None else Saksversjon(rad.versjon, rad.innhold, rad.av, rad.opprettet)

    async def versjoner(self, id_: UUID) -> list[Saksversjon]:
        """Every version, the first first."""
        rader = await self._leie.mange(sak_versjon, sorter=[sak_versjon.c.versjon], sak_id=id_)
        return [Saksversjon(rad.versjon, rad.innhold, rad.av, rad.opprettet) for rad in rader]

    async def ny(self, ny: Sak, innhold: str, personer: Collection[UUID], av: str) -> None:
        """Keep a new case."""
        await self._leie.sett_inn(
            sak,
            {
                "id": ny.id,
                "tjeneste": ny.tjeneste,
                "person_id": ny.person_id,
                "referanse": ny.referanse,
                "status": ny.status,
                "versjon": ny.versjon,
                "opprettet": ny.opprettet,
                "endret": ny.endret,
                "avsluttet_dato": ny.avsluttet_dato,
                "avsluttet_grunn": ny.avsluttet_grunn,
            },
        )
        await self._ny_versjon(ny, innhold, av)
        await self._sett_personer(ny.id, personer)

    async def endre(self, gammel: Sak, ny: Sak, innhold: str, personer: Collection[UUID], av: str) -> Sak:
        """Keep the next version of a case.

        Raises:
            VersjonskonfliktError: it has changed since ``gammel``.
        """
        neste = replace(ny, id=gammel.id, versjon=gammel.versjon + 1)
        endret = await self._leie.endre(
            sak,
            {
                "person_id": neste.person_id,
                "referanse": neste.referanse,
                "status": neste.status,
                "versjon": neste.versjon,
                "endret": neste.endret,
                "avsluttet_dato": neste.avsluttet_dato,
                "avsluttet_grunn": neste.avsluttet_grunn,
            },
            id=gammel.id,
            versjon=gammel.versjon,
        )
        if endret != 1:
            raise VersjonskonfliktError
        await self._ny_versjon(neste, innhold, av)
        await self._leie.slett(sak_person, sak_id=gammel.id)
        await self._sett_personer(gammel.id, personer)
        return neste

    async def soek(self, filter_: Saksfilter, etter: UUID | None, antall: int) -> Sequence[Sak]:
        """Cases in the order they were made, after one of them."""
        vilkaar: list[ColumnElement[bool]] = []
        if filter_.person_id is not None:
            med = await self._leie.mange(sak_person, person_id=filter_.person_id)
            vilkaar.append(sak.c.id.in_([rad.sak_id for rad in med]))
        if filter_.personer is not None:
            med = await self._leie.mange(sak_person, sak_person.c.person_id.in_(filter_.personer))
            vilkaar.append(sak.c.id.in_({rad.sak_id for rad in med}))
        if filter_.endret_etter is not None:
            vilkaar.append(sak.c.endret > filter_.endret_etter)
        if filter_.uferdig:
            vilkaar += [sak.c.status == Status.AAPEN, _UFERDIG]
        if etter is not None:
            vilkaar.append(sak.c.id > etter)
        like = {
            navn: verdi
            for navn in ("tjeneste", "status", "referanse")
            if (verdi := getattr(filter_, navn)) is not None
        }
        rader = await self._leie.mange(sak, *vilkaar, sorter=[sak.c.id], antall=antall, **like)
        return [les_sak(rad) for rad in rader]

    async def hovedsaker(self, person_id: UUID) -> list[Sak]:
        """Every case that is the person's own, the oldest first."""
        return [les_sak(rad) for rad in await self._leie.mange(sak, sorter=[sak.c.id], person_id=person_id)]

    async def som_nevner(self, personer: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """The cases of which some version, however old, names each person.

        Every version in the kommune is read: an old one names people the newest does not know.
        """
        funnet: dict[UUID, set[UUID]] = {person_id: set() for person_id in personer}
        if not funnet:
            return funnet
        moenster = re.compile("|".join(map(str, funnet)))
        saker = [rad.id for rad in await self._leie.mange(sak, sorter=[sak.c.id], kolonner=[sak.c.id])]
        for start in range(0, len(saker), _BOLK):
            bolk = sak_versjon.c.sak_id.in_(saker[start : start + _BOLK])
            rader = await self._leie.mange(
                sak_versjon, bolk, kolonner=[sak_versjon.c.sak_id, sak_versjon.c.innhold]
            )
            for rad in rader:
                for treff in moenster.findall(rad.innhold):
                    funnet[UUID(treff)].add(rad.sak_id)
        return funnet

    async def skriv_om(self, id_: UUID, versjon: Saksversjon) -> None:
        """Put another text in the place of a version: only for taking out the reference to an erased person."""
        await self._leie.slett(sak_versjon, sak_id=id_, versjon=versjon.versjon)
        await self._sett_inn_versjon(id_, versjon)

    async def aapen(self, person_id: UUID, tjeneste: str) -> UUID | None:
        """The person's open case about a service."""
        rad = await self._leie.en(sak, person_id=person_id, tjeneste=tjeneste, status=Status.AAPEN)
        return None if rad is None else rad.id

    async def for_person(self, person_id: UUID) -> list[UUID]:
        """Every case the person is part of."""
        return [rad.sak_id for rad in await self._leie.mange(sak_person, person_id=person_id)]

    async def personer(self, id_: UUID) -> set[UUID]:
        """Everybody a case is about."""
        return {rad.person_id for rad in await self._leie.mange(sak_person, sak_id=id_)}

    async def slett(self, id_: UUID) -> None:
        """Take a case away with its versions, tasks and lines; everything else that refers to it must be gone first."""
        for tabell in (oppgave, masserad, fakturalinje):
            await self._leie.slett(tabell, sak_id=id_)
        await self._leie.slett(sak_person, sak_id=id_)
        await self._leie.slett(sak_versjon, sak_id=id_)
        await self._leie.slett(sak, id=id_)

    async def _ny_versjon(self, ny: Sak, innhold: str, av: str) -> None:
        await self._sett_inn_versjon(ny.id, Saksversjon(ny.versjon, innhold, av, ny.endret))

    async def _sett_inn_versjon(self, id_: UUID, ny: Saksversjon) -> None:
        await self._leie.sett_inn(
            sak_versjon,
            {
                "sak_id": id_,
                "versjon": ny.versjon,
                "innhold": ny.innhold,
                "av": ny.av,
                "opprettet": ny.opprettet,
            },
        )

    async def _sett_personer(self, id_: UUID, personer: Collection[UUID]) -> None:
        rader = ({"sak_id": id_, "person_id": person_id} for person_id in sorted(set(personer)))
        await self._leie.sett_inn(sak_person, *rader)


def les_sak(rad: Row[Any]) -> Sak:
    """A case as its row has it."""
    return Sak(
        rad.id,
        rad.tjeneste,
        rad.person_id,
        rad.referanse,
        Status(rad.status),
        rad.versjon,
        rad.opprettet,
        rad.endret,
        rad.avsluttet_dato,
        rad.avsluttet_grunn,
    )
