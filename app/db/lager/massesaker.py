"""Cases many at a time, for mass runs: a stretch of the kommune's cases with the calculations of one year.

Texts are handed on packed, as they are stored: those who calculate unpack what they need, in other processes.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.lager.beregninger import Tilstand, Versjoner
from app.db.lager.saker import Sak, Status, les_sak
from app.db.leie import Leie
from app.db.tabeller import (
    beregning,
    beregning_grunnlag,
    etteroppgjoer,
    grunnlag,
    person,
    sak,
    sak_person,
    sak_versjon,
    vedtak,
)
from app.db.typer import som_pakket

_BOLK: Final = 500
"""As many references as one statement names."""

_PAKKET: Final = ("svar", "inn", "kilder", "resultat")
_HODE: Final[Sequence[ColumnElement[Any]]] = tuple(k for k in beregning.c if k.name not in _PAKKET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beregningshode:
    """A calculation without its texts."""

    id: UUID
    sak_id: UUID
    sak_versjon: int
    oppsett_versjon: int
    aar: int
    virkning_fra: date
    tilstand: Tilstand
    foreloepig: bool
    resultat_hash: str | None
    egenandel_aar_oere: int | None = field(repr=False)
    versjoner: Versjoner
    av: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pakket:
    """The texts of a calculation, packed."""

    inn: bytes | None = field(repr=False)
    resultat: bytes | None = field(repr=False)
    kilder: bytes | None = field(default=None, repr=False)
    svar: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NyPakket:
    """A calculation ready to be stored, with its texts packed."""

    hode: Beregningshode
    tekster: Pakket
    opprettet: datetime
    grunnlag: tuple[UUID, ...]


class Massesaker:
    """The cases of one kommune, many at a time."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def antall(self, tjenester: Collection[str], sluttet_etter: date) -> int:
        """How many there are."""
        return await self._leie.antall(sak, *_med(tjenester, sluttet_etter))

    async def neste(
        self, tjenester: Collection[str], sluttet_etter: date, etter: UUID | None, antall: int
    ) -> list[Sak]:
        """The next cases of these services that are open, or ended on this day or later; in their order."""
        vilkaar = _med(tjenester, sluttet_etter)
        if etter is not None:
            vilkaar.append(sak.c.id > etter)
        return [
            les_sak(rad) for rad in await self._leie.mange(sak, *vilkaar, sorter=[sak.c.id], antall=antall)
        ]

    async def hent(self, sak_ider: Sequence[UUID]) -> dict[UUID, Sak]:
        """Cases by their ids."""
        funnet = {}
        for ider in _bolker(sak_ider):
            funnet.update({rad.id: les_sak(rad) for rad in await self._leie.mange(sak, sak.c.id.in_(ider))})
        return funnet

    async def laas(self, sak_ider: Sequence[UUID]) -> dict[UUID, Sak]:
        """Hold cases: nothing can be added to them until this transaction is over."""
        funnet = {}
        for ider in _bolker(sak_ider):
            rader = await self._leie.laas_mange(sak, sak.c.id.in_(ider), sorter=[sak.c.id])
            funnet.update({rad.id: les_sak(rad) for rad in rader})
        return funnet

    async def hoder(self, foerste: UUID, siste: UUID, aar: int) -> dict[UUID, list[Beregningshode]]:
        """The year's calculations of every case between two, both included; the newest first."""
        svar: dict[UUID, list[Beregningshode]] = defaultdict(list)
        rader = await self._leie.mange(
            beregning,
            beregning.c.sak_id.between(foerste, siste),
            kolonner=_HODE,
            aar=aar,
        )
        for rad in rader:
            svar[rad.sak_id].append(_hode(rad))
        for alle in svar.values():
            alle.sort(key=lambda en: en.id, reverse=True)
        return svar

    async def antall_beregninger(self, aar: int) -> int:
        """How many calculations there are of a year."""
        return await self._leie.antall(beregning, aar=aar)

    async def pakkede(self, ider: Sequence[UUID], *, alt: bool = False) -> dict[UUID, Pakket]:
        """The texts of calculations: request and answer, or everything."""
        navn = _PAKKET if alt else ("inn", "resultat")
        kolonner = [beregning.c.id, *(som_pakket(beregning.c[en], en) for en in navn)]
        svar = {}
        for bolk in _bolker(ider):
            rader = await self._leie.mange(beregning, beregning.c.id.in_(bolk), kolonner=kolonner)
            for rad in rader:
                svar[rad.id] = Pakket(**{en: getattr(rad, en) for en in navn})
        return svar

    async def grunnlag(self, beregning_ider: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
        """What each calculation was made from."""
        svar: dict[UUID, list[UUID]] = defaultdict(list)
        for bolk in _bolker(beregning_ider):
            vilkaar = beregning_grunnlag.c.beregning_id.in_(bolk)
            for rad in await self._leie.mange(beregning_grunnlag, vilkaar):
                svar[rad.beregning_id].append(rad.grunnlag_id)
        return {id_: tuple(sorted(alle)) for id_, alle in svar.items()}

    async def paa_trukket(self) -> frozenset[UUID]:
        """Every calculation made from something Skatteetaten has withdrawn since."""
        trukne = await self._leie.mange(grunnlag, grunnlag.c.trukket.is_not(None), kolonner=[grunnlag.c.id])
        funnet: set[UUID] = set()
        for bolk in _bolker([rad.id for rad in trukne]):
            vilkaar = beregning_grunnlag.c.grunnlag_id.in_(bolk)
            rader = await self._leie.mange(
                beregning_grunnlag, vilkaar, kolonner=[beregning_grunnlag.c.beregning_id]
            )
            funnet.update(rad.beregning_id for rad in rader)
        return frozenset(funnet)

    async def nye(self, nye: Sequence[NyPakket]) -> None:
        """Keep calculations."""
        await self._leie.sett_inn(beregning, *(_rad(ny) for ny in nye))
        await self._leie.sett_inn(
            beregning_grunnlag,
            *({"beregning_id": ny.hode.id, "grunnlag_id": id_} for ny in nye for id_ in ny.grunnlag),
        )

    async def personer(self, sak_ider: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """Everybody each case is about."""
        svar: dict[UUID, list[UUID]] = defaultdict(list)
        for bolk in _bolker(sak_ider):
            for rad in await self._leie.mange(sak_person, sak_person.c.sak_id.in_(bolk)):
                svar[rad.sak_id].append(rad.person_id)
        return svar

    async def identer(self, person_ider: Collection[UUID]) -> dict[UUID, str]:
        """The national ids of many, without their names."""
        svar = {}
        for bolk in _bolker(sorted(person_ider)):
            rader = await self._leie.mange(
                person, person.c.id.in_(bolk), kolonner=[person.c.id, person.c.ident_kryptert]
            )
            for rad in rader:
                klar = self._leie.dekrypter(rad.ident_kryptert, person, "ident_kryptert", rad.id)
                svar[rad.id] = klar.decode()
        return svar

    async def endelige(self, aar: int) -> dict[UUID, list[Beregningshode]]:
        """The year's final calculations by case, the newest first; those that have been settled too."""
        svar: dict[UUID, list[Beregningshode]] = defaultdict(list)
        rader = await self._leie.mange(
            beregning,
            sorter=[beregning.c.id.desc()],
            kolonner=_HODE,
            aar=aar,
            tilstand=Tilstand.BEREGNET,
            foreloepig=False,
        )
        for rad in rader:
            svar[rad.sak_id].append(_hode(rad))
        return svar

    async def oppgjorte(self, aar: int) -> set[UUID]:
        """The final calculations of a year that have been settled."""
        k = etteroppgjoer.c
        return {
            rad.endelig_id for rad in await self._leie.mange(etteroppgjoer, kolonner=[k.endelig_id], aar=aar)
        }

    async def med_vedtak(self, fra: date, til: date) -> set[UUID]:
        """The cases with a decision that covers a day of a period."""
        k = vedtak.c
        dekker = (k.fra <= til) & (k.til.is_(None) | (k.til >= fra))
        return {rad.sak_id for rad in await self._leie.mange(vedtak, dekker, kolonner=[k.sak_id])}

    async def innhold(self, foerste: UUID, siste: UUID) -> dict[tuple[UUID, int], str]:
        """What every case between two said, by case and version."""
        k = sak_versjon.c
        rader = await self._leie.mange(sak_versjon, k.sak_id.between(foerste, siste))
        return {(rad.sak_id, rad.versjon): rad.innhold for rad in rader}

    async def avgjorte(self, beregning_ider: Sequence[UUID]) -> set[UUID]:
        """Those of these calculations that a decision or a settlement builds on."""
        funnet: set[UUID] = set()
        for bolk in _bolker(beregning_ider):
            for tabell, navn in ((vedtak, "beregning_id"), (etteroppgjoer, "endelig_id")):
                rader = await self._leie.mange(
                    tabell, tabell.c[navn].in_(bolk), kolonner=[tabell.c[navn].label("id")]
                )
                funnet.update(rad.id for rad in rader)
        return funnet


def _med(tjenester: Collection[str], sluttet_etter: date) -> list[Any]:
    return [
        sak.c.tjeneste.in_(sorted(tjenester)),
        (sak.c.status == Status.AAPEN) | (sak.c.avsluttet_dato >= sluttet_etter),
    ]


def _bolker(ider: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ider[start : start + _BOLK] for start in range(0, len(ider), _BOLK)]


def _hode(rad: Row[Any]) -> Beregningshode:
    return Beregningshode(
        id=rad.id,
        sak_id=rad.sak_id,
        sak_versjon=rad.sak_versjon,
        oppsett_versjon=rad.oppsett_versjon,
        aar=rad.aar,
        virkning_fra=rad.virkning_fra,
        tilstand=Tilstand(rad.tilstand),
        foreloepig=rad.foreloepig,
        resultat_hash=rad.resultat_hash,
        egenandel_aar_oere=rad.egenandel_aar_oere,
        versjoner=Versjoner(rad.regelversjon, rad.satsversjon, rad.katalogversjon, rad.kodeversjon),
        av=rad.av,
    )


def _rad(ny: NyPakket) -> dict[str, Any]:
    hode, tekster = ny.hode, ny.tekster
    return {
        "id": hode.id,
        "sak_id": hode.sak_id,
        "sak_versjon": hode.sak_versjon,
        "oppsett_versjon": hode.oppsett_versjon,
        "aar": hode.aar,
        "virkning_fra": hode.virkning_fra,
        "tilstand": hode.tilstand,
        "foreloepig": hode.foreloepig,
        "svar": tekster.svar,
        "inn": tekster.inn,
        "kilder": tekster.kilder,
        "resultat": tekster.resultat,
        "resultat_hash": hode.resultat_hash,
        "egenandel_aar_oere": hode.egenandel_aar_oere,
        "regelversjon": hode.versjoner.regelversjon,
        "satsversjon": hode.versjoner.satsversjon,
        "katalogversjon": hode.versjoner.katalogversjon,
        "kodeversjon": hode.versjoner.kodeversjon,
        "av": hode.av,
        "opprettet": ny.opprettet,
    }
