"""The audit register: who saw or did what, for whom and why. Rows are added, chained and never changed.

Each row's hash covers the row and the hash before it, so that nothing can be changed, moved or taken out of the
middle unseen. That nothing was cut off at the end shows against a head noted outside the database.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.leie import Leie
from app.db.tabeller import revisjon, revisjon_hode
from app.db.typer import utc

FOERSTE_HASH: Final = "0" * 64
_SIDE: Final = 1_000
_NYLIG: Final = 5_000
_BRUKERS: Final = '"type":"BRUKER"'
"""How a row says that a user did it: it is written without spaces."""
_RADER_PER_SAK: Final = 12
"""A case that is opened gives a row for everybody in it, each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NyRad:
    """Something to note."""

    handling: str
    utfall: str
    innhold: Mapping[str, Any]
    """Who, which data, purpose and basis; plain JSON values, nothing personal."""
    ident: str | None = field(default=None, repr=False)
    """Whose data; only its keyed mark is kept."""
    sak_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rad:
    """Something noted."""

    nr: int
    tidspunkt: datetime
    handling: str
    utfall: str
    personmerke: str | None
    sak_id: UUID | None
    innhold: str
    forrige: str
    hash: str

    def dekket(self, kommune: str) -> dict[str, str | int | None]:
        """What the hash covers, in that order, in plain JSON values."""
        return {
            "kommune": kommune,
            "nr": self.nr,
            "tidspunkt": self.tidspunkt.isoformat(timespec="microseconds"),
            "handling": self.handling,
            "utfall": self.utfall,
            "personmerke": self.personmerke,
            "sakId": None if self.sak_id is None else str(self.sak_id),
            "innhold": self.innhold,
            "forrige": self.forrige,
        }

    def regnet_hash(self, kommune: str) -> str:
        """The hash the row should have: SHA-256 of the covered values as a JSON array without spaces."""
        tekst = json.dumps([*self.dekket(kommune).values()], ensure_ascii=False, separators=(",", ":"))
        return sha256(tekst.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Hode:
    """The newest row of a chain."""

    nr: int
    hash: str


@dataclass(frozen=True, slots=True)
class Brudd:
    """The first place where a chain does not hold."""

    nr: int
    hva: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisjonsfilter:
    """Which rows; what is left out does not limit."""

    ident: str | None = field(default=None, repr=False)
    sak_id: UUID | None = None
    handling: str | None = None
    utfall: str | None = None
    fra: datetime | None = None
    til: datetime | None = None


class Revisjon:
    """The register of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def noter(self, naa: datetime, *nye: NyRad) -> None:
        """Add rows. Others who add to the same register wait until this transaction is over."""
        if not nye:
            return
        tidspunkt = utc(naa)
        await self._leie.vent_paa_tur()
        hode = await self._leie.laas(revisjon_hode)
        if hode is None:
            await self._leie.sett_inn_hvis_ny(revisjon_hode, {"nr": 0, "hash": FOERSTE_HASH})
            hode = await self._leie.laas(revisjon_hode)
        if hode is None:
            raise LookupError("registeret har ikke noe hode")
        nr, forrige = hode.nr, hode.hash
        rader = []
        for ny in nye:
            rad = Rad(
                nr=nr + 1,
                tidspunkt=tidspunkt,
                handling=ny.handling,
                utfall=ny.utfall,
                personmerke=None if ny.ident is None else self._leie.personmerke(ny.ident),
                sak_id=ny.sak_id,
                innhold=json.dumps(ny.innhold, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
                forrige=forrige,
                hash="",
            )
            nr, forrige = rad.nr, rad.regnet_hash(self._leie.kommune)
            rader.append(
                {
                    "nr": nr,
                    "tidspunkt": tidspunkt,
                    "handling": rad.handling,
                    "utfall": rad.utfall,
                    "personmerke": rad.personmerke,
                    "sak_id": rad.sak_id,
                    "innhold": rad.innhold,
                    "forrige": rad.forrige,
                    "hash": forrige,
                }
            )
        await self._leie.sett_inn(revisjon, *rader)
        await self._leie.endre(revisjon_hode, {"nr": nr, "hash": forrige})

    async def hode(self) -> Hode:
        """The newest row, for noting outside the database."""
        rad = await self._leie.en(revisjon_hode)
        return Hode(0, FOERSTE_HASH) if rad is None else Hode(rad.nr, rad.hash)

    async def soek(self, filter_: Revisjonsfilter, etter: int, antall: int) -> Sequence[Rad]:
        """Rows in order, after a number."""
        tabell = revisjon.c
        vilkaar: list[ColumnElement[bool]] = [tabell.nr > etter]
        if filter_.ident is not None:
            vilkaar.append(tabell.personmerke == self._leie.personmerke(filter_.ident))
        if filter_.fra is not None:
            vilkaar.append(tabell.tidspunkt >= filter_.fra)
        if filter_.til is not None:
            vilkaar.append(tabell.tidspunkt < filter_.til)
        like = {
            navn: verdi
            for navn in ("sak_id", "handling", "utfall")
            if (verdi := getattr(filter_, navn)) is not None
        }
        rader = await self._leie.mange(revisjon, *vilkaar, sorter=[tabell.nr], antall=antall, **like)
        return [_les(rad) for rad in rader]

    async def om_person(self, ident: str, egne_saker: Collection[UUID]) -> list[Rad]:
        """Every row about a person, and those about the person's own cases that name nobody, in order."""
        tabell = revisjon.c
        merke = self._leie.personmerke(ident)
        uten_person = tabell.personmerke.is_(None) & tabell.sak_id.in_(egne_saker)
        rader = await self._leie.mange(
            revisjon, (tabell.personmerke == merke) | uten_person, sorter=[tabell.nr]
        )
        return [_les(rad) for rad in rader]

    async def brukeres(self, handlinger: Collection[str], fra: datetime) -> AsyncIterator[Rad]:
        """Every row since then of users who did one of these with somebody's data, in order."""
        tabell = revisjon.c
        etter = 0
        while rader := await self._leie.mange(
            revisjon,
            tabell.nr > etter,
            tabell.tidspunkt >= fra,
            tabell.personmerke.is_not(None),
            tabell.handling.in_(sorted(handlinger)),
            tabell.innhold.contains(_BRUKERS, autoescape=True),
            sorter=[tabell.nr],
            antall=_SIDE,
        ):
            for rad in rader:
                yield _les(rad)
            etter = rader[-1].nr

    async def siste_saker(self, aktoer: str, handling: str, antall: int) -> list[UUID]:
        """The cases somebody did something with lately, the newest first. Looks no further back than some thousand rows.

        Args:
            aktoer: the actor's id.
            handling: what was done.
            antall: how many cases.
        """
        tabell = revisjon.c
        siste = await self._leie.stoerst(revisjon, "nr") or 0
        rader = await self._leie.mange(
            revisjon,
            tabell.nr > siste - _NYLIG,
            tabell.sak_id.is_not(None),
            tabell.innhold.contains(f'"id":{json.dumps(aktoer, ensure_ascii=False)}', autoescape=True),
            sorter=[tabell.nr.desc()],
            kolonner=[tabell.sak_id],
            antall=antall * _RADER_PER_SAK,
            handling=handling,
        )
        return list(dict.fromkeys(rad.sak_id for rad in rader))[:antall]

    async def alle(self, filter_: Revisjonsfilter | None = None) -> AsyncIterator[Rad]:
        """Every row in order, or every one a filter lets through."""
        etter = 0
        while rader := await self.soek(filter_ or Revisjonsfilter(), etter, _SIDE):
            for rad in rader:
                yield rad
            etter = rader[-1].nr

    async def verifiser(self, forventet: Hode | None = None) -> Brudd | None:
        """Walk the whole chain; where it breaks, or ``None`` when it holds.

        Args:
            forventet: a head noted earlier; the chain must still hold it.
        """
        siste = Hode(0, FOERSTE_HASH)
        async for rad in self.alle():
            if (hva := self._feil_ved(rad, siste, forventet)) is not None:
                return Brudd(siste.nr + 1, hva)
            siste = Hode(rad.nr, rad.hash)
        if await self.hode() != siste:
            return Brudd(siste.nr + 1, "registeret slutter et annet sted enn hodet sier")
        if forventet is not None and forventet.nr > siste.nr:
            return Brudd(siste.nr + 1, "registeret slutter før raden som er notert utenfor databasen")
        return None

    def _feil_ved(self, rad: Rad, forrige: Hode, forventet: Hode | None) -> str | None:
        if rad.nr != forrige.nr + 1:
            return "raden mangler"
        if rad.forrige != forrige.hash:
            return "raden viser ikke til raden før"
        if rad.hash != rad.regnet_hash(self._leie.kommune):
            return "raden er endret"
        if forventet is not None and forventet.nr == rad.nr and forventet.hash != rad.hash:
            return "raden er en annen enn den som er notert utenfor databasen"
        return None


def _les(rad: Row[Any]) -> Rad:
    return Rad(
        nr=rad.nr,
        tidspunkt=rad.tidspunkt,
        handling=rad.handling,
        utfall=rad.utfall,
        personmerke=rad.personmerke,
        sak_id=rad.sak_id,
        innhold=rad.innhold,
        forrige=rad.forrige,
        hash=rad.hash,
    )
