"""Persons: the number encrypted, the name encrypted, found by a keyed hash of the one or keyed marks of the other."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.db.ident import ny_id
from app.db.leie import Leie
from app.db.navneord import merker, passer, soekemerker
from app.db.tabeller import arbeid, hendelse, navneord, person, sak_person


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a kommune has a case about. What is personal never shows in a ``repr``."""

    id: UUID
    ident: str = field(repr=False)
    """National id (fødselsnummer or D-nummer)."""
    navn: str | None = field(repr=False)


class Personer:
    """The persons of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def finn(self, ident: str) -> Person | None:
        """The person with this national id, if the kommune knows anybody of that id."""
        rad = await self._leie.en(person, ident_hash=self._leie.personhash(ident))
        return None if rad is None else self._les(rad)

    async def hent(self, id_: UUID) -> Person | None:
        """The person with this reference."""
        rad = await self._leie.en(person, id=id_)
        return None if rad is None else self._les(rad)

    async def laas(self, id_: UUID) -> bool:
        """Hold the person: nobody can refer to it anew until this transaction is over."""
        return await self._leie.laas(person, id=id_) is not None

    async def mange(self, ider: set[UUID]) -> dict[UUID, Person]:
        """The persons with these references, as far as they exist."""
        rader = await self._leie.blant(person, "id", ider)
        return {rad.id: self._les(rad) for rad in rader}

    async def i_sak(self, sak_id: UUID) -> dict[UUID, Person]:
        """Everybody a case is about."""
        rader = await self._leie.pekt_paa(person, sak_person, "person_id", sak_id=sak_id)
        return {rad.id: self._les(rad) for rad in rader}

    async def ta_inn(self, ident: str, navn: str | None, naa: datetime, id_: UUID | None = None) -> Person:
        """The person with this national id, taken in now if new; a name given now replaces the one before.

        Args:
            ident: national id.
            navn: the name, when it is known.
            naa: now.
            id_: the reference a new person gets; one is made unless it is given.
        """
        ny = Person(id_ or ny_id(naa), ident, navn)
        rad = {
            "id": ny.id,
            "ident_hash": self._leie.personhash(ident),
            "ident_kryptert": self._leie.krypter(ident.encode(), person, "ident_kryptert", ny.id),
            "navn_kryptert": self._lukk_navn(ny.id, navn),
            "opprettet": naa,
        }
        if await self._leie.sett_inn_hvis_ny(person, rad):
            await self._merk(ny.id, navn)
            return ny
        funnet = await self.finn(ident)
        if funnet is None:
            raise LookupError("personen ble tatt bort mens den ble tatt inn")
        if navn is not None and navn != funnet.navn:
            await self._leie.endre(person, {"navn_kryptert": self._lukk_navn(funnet.id, navn)}, id=funnet.id)
            await self._leie.slett(navneord, person_id=funnet.id)
            await self._merk(funnet.id, navn)
            return Person(funnet.id, ident, navn)
        return funnet

    async def med_navn(self, soekt: str, hoeyst: int) -> list[Person] | None:
        """Those with a word in their name for every word that is looked for, beginning with it.

        Args:
            soekt: what is looked for; one word at least must be long enough, see ``kan_soekes``.
            hoeyst: how many may be found; ``None`` is answered when there are more.
        """
        merkene = soekemerker(soekt, self._leie.navnemerke)
        ider = await self._leie.med_alle(navneord, "person_id", "merke", merkene, hoeyst + 1)
        if len(ider) > hoeyst:
            return None
        funnet = await self.mange(set(ider))
        return [en for en in funnet.values() if en.navn is not None and passer(en.navn, soekt)]

    async def slett(self, id_: UUID) -> bool:
        """Take the person away with events and the work they gave; everything else that refers must be gone first."""
        for tabell in (hendelse, arbeid, navneord):
            await self._leie.slett(tabell, person_id=id_)
        return await self._leie.slett(person, id=id_) == 1

    async def _merk(self, id_: UUID, navn: str | None) -> None:
        if navn is not None:
            merkene = merker(navn, self._leie.navnemerke)
            rader = ({"person_id": id_, "merke": merke} for merke in sorted(merkene))
            await self._leie.sett_inn(navneord, *rader)

    def _lukk_navn(self, id_: UUID, navn: str | None) -> bytes | None:
        return None if navn is None else self._leie.krypter(navn.encode(), person, "navn_kryptert", id_)

    def _les(self, rad: Row[Any]) -> Person:
        id_: UUID = rad.id
        lukket_navn: bytes | None = rad.navn_kryptert
        ident = self._leie.dekrypter(rad.ident_kryptert, person, "ident_kryptert", id_)
        navn = (
            None
            if lukket_navn is None
            else self._leie.dekrypter(lukket_navn, person, "navn_kryptert", id_).decode()
        )
        return Person(id_, ident.decode(), navn)
