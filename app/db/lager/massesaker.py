"""Cases many at a time, for mass runs: a stretch of the kommune's cases with the calculations of one year.

Texts are handed on packed, as they are stored: those who calculate unpack what they need, in other processes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement

from app.db.lager.beregninger import Tilstand, Versjoner
from app.db.lager.saker import Sak, Status, les_sak
from app.db.lager.vedtak import Avgjort, er_avgjort, er_i_kraft
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
from app.db.typer import som_pakket, som_pakket_hvis

_BOLK: Final = 500
"""As many cases as one statement holds."""

_PAKKET: Final = ("svar", "inn", "kilder", "resultat")
_TEKSTER: Final = ("inn", "resultat")


class Massesak(NamedTuple):
    """What a mass run needs to know of a case. Anything new in it gives it another version."""

    id: UUID
    tjeneste: str
    status: str
    versjon: int
    avsluttet_dato: date | None


class Massehode(NamedTuple):
    """What a mass run needs to know of a calculation to say whether it must be made again."""

    id: UUID
    sak_id: UUID
    sak_versjon: int
    oppsett_versjon: int
    aar: int
    virkning_fra: date
    tilstand: str
    foreloepig: bool
    regelversjon: str
    satsversjon: str


# Read by their places: a quarter of a million rows are read of each.
_SAK: Final[Sequence[ColumnElement[Any]]] = tuple(sak.c[navn] for navn in Massesak._fields)
_HODE: Final[Sequence[ColumnElement[Any]]] = tuple(beregning.c[navn] for navn in Massehode._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beregningshode:
    """A new calculation without its texts."""

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


class Pakket(NamedTuple):
    """The texts of a calculation, packed. Sent between processes by the thousand, which a tuple does best."""

    inn: bytes | None
    resultat: bytes | None
    kilder: bytes | None = None
    svar: bytes | None = None

    def __repr__(self) -> str:
        """Nothing of the content: it is somebody's income."""
        return "<Pakket>"


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
    ) -> list[Massesak]:
        """The next cases of these services that are open, or ended on this day or later; in their order."""
        vilkaar = _med(tjenester, sluttet_etter)
        if etter is not None:
            vilkaar.append(sak.c.id > etter)
        rader = await self._leie.mange(sak, *vilkaar, sorter=[sak.c.id], antall=antall, kolonner=_SAK)
        return [Massesak._make(rad) for rad in rader]

    async def korte(self, sak_ider: Sequence[UUID]) -> dict[UUID, Massesak]:
        """As much of cases as a run needs, by their ids."""
        rader = await self._leie.blant(sak, "id", sak_ider, kolonner=_SAK)
        return {rad.id: Massesak._make(rad) for rad in rader}

    async def hent(self, sak_ider: Sequence[UUID]) -> dict[UUID, Sak]:
        """Cases by their ids."""
        return {rad.id: les_sak(rad) for rad in await self._leie.blant(sak, "id", sak_ider)}

    async def laas(self, sak_ider: Sequence[UUID]) -> dict[UUID, Massesak]:
        """Hold cases: nothing can be added to them until this transaction is over."""
        funnet = {}
        for start in range(0, len(sak_ider), _BOLK):
            noen = sak.c.id.in_(sak_ider[start : start + _BOLK])
            for rad in await self._leie.laas_mange(sak, noen, sorter=[sak.c.id]):
                funnet[rad.id] = Massesak(*(getattr(rad, navn) for navn in Massesak._fields))
        return funnet

    async def hoder(self, foerste: UUID, siste: UUID, aar: int) -> dict[UUID, list[Massehode]]:
        """The year's calculations of every case between two, both included; the newest first."""
        rader = await self._leie.mange(
            beregning, beregning.c.sak_id.between(foerste, siste), kolonner=_HODE, aar=aar
        )
        return _nyeste_foerst(Massehode._make(rad) for rad in rader)

    async def hoder_med_tekster(
        self, foerste: UUID, siste: UUID, aar: int, uten: tuple[str, str]
    ) -> tuple[dict[UUID, list[Massehode]], dict[UUID, Pakket]]:
        """The same, and with it request and answer of those that may have to be calculated again.

        Args:
            foerste: the first case.
            siste: the last case.
            aar: the calendar year.
            uten: version of rules and of rates; what was made with these comes without its texts.
        """
        k, (regler, satser) = beregning.c, uten
        andre = ((k.regelversjon != regler) | (k.satsversjon != satser)) & (k.tilstand == Tilstand.BEREGNET)
        tekster = [som_pakket_hvis(andre, k[navn], navn) for navn in _TEKSTER]
        rader = await self._leie.mange(
            beregning, k.sak_id.between(foerste, siste), kolonner=(*_HODE, *tekster), aar=aar
        )
        hoder = [Massehode._make(rad[: len(_HODE)]) for rad in rader]
        return _nyeste_foerst(hoder), {
            hode.id: Pakket(*rad[len(_HODE) :])
            for hode, rad in zip(hoder, rader, strict=True)
            if rad[-1] is not None
        }

    async def beregnede(self, tjenester: Collection[str], fra_aar: int) -> set[UUID]:
        """The cases of these services with a calculation of a year or a later one."""
        if not tjenester:
            return set()
        k = beregning.c
        rader = await self._leie.mange(beregning, k.aar >= fra_aar, kolonner=[k.sak_id])
        egne = await self._leie.mange(sak, sak.c.tjeneste.in_(tjenester), kolonner=[sak.c.id])
        return {rad.sak_id for rad in rader} & {rad.id for rad in egne}

    async def antall_beregninger(self, aar: int) -> int:
        """How many calculations there are of a year."""
        return await self._leie.antall(beregning, aar=aar)

    async def pakkede(self, ider: Sequence[UUID], *, alt: bool = False) -> dict[UUID, Pakket]:
        """The texts of calculations: request and answer, or everything."""
        navn = _PAKKET if alt else _TEKSTER
        kolonner = [beregning.c.id, *(som_pakket(beregning.c[en], en) for en in navn)]
        rader = await self._leie.blant(beregning, "id", ider, kolonner=kolonner)
        return {rad.id: Pakket(**{en: getattr(rad, en) for en in navn}) for rad in rader}

    async def grunnlag(self, beregning_ider: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
        """What each calculation was made from."""
        svar: dict[UUID, list[UUID]] = defaultdict(list)
        for rad in await self._leie.blant(beregning_grunnlag, "beregning_id", beregning_ider):
            svar[rad.beregning_id].append(rad.grunnlag_id)
        return {id_: tuple(sorted(alle)) for id_, alle in svar.items()}

    async def paa_trukket(self) -> frozenset[UUID]:
        """Every calculation made from something Skatteetaten has withdrawn since."""
        trukne = await self._leie.mange(grunnlag, grunnlag.c.trukket.is_not(None), kolonner=[grunnlag.c.id])
        ider = [rad.id for rad in trukne]
        kolonner = [beregning_grunnlag.c.beregning_id]
        rader = await self._leie.blant(beregning_grunnlag, "grunnlag_id", ider, kolonner=kolonner)
        return frozenset(rad.beregning_id for rad in rader)

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
        for rad in await self._leie.blant(sak_person, "sak_id", sak_ider):
            svar[rad.sak_id].append(rad.person_id)
        return svar

    async def identer(self, person_ider: Collection[UUID]) -> dict[UUID, str]:
        """The national ids of many, without their names."""
        kolonner = [person.c.id, person.c.ident_kryptert]
        rader = await self._leie.blant(person, "id", sorted(person_ider), kolonner=kolonner)
        return {
            rad.id: self._leie.dekrypter(rad.ident_kryptert, person, "ident_kryptert", rad.id).decode()
            for rad in rader
        }

    async def endelige(self, aar: int) -> dict[UUID, list[Massehode]]:
        """The year's final calculations by case, the newest first; those that have been settled too."""
        rader = await self._leie.mange(
            beregning, kolonner=_HODE, aar=aar, tilstand=Tilstand.BEREGNET, foreloepig=False
        )
        return _nyeste_foerst(Massehode._make(rad) for rad in rader)

    async def oppgjorte(self, aar: int) -> set[UUID]:
        """The final calculations of a year that have been settled."""
        k = etteroppgjoer.c
        return {
            rad.endelig_id for rad in await self._leie.mange(etteroppgjoer, kolonner=[k.endelig_id], aar=aar)
        }

    async def med_vedtak(self, fra: date, til: date) -> set[UUID]:
        """The cases with a decision in force that covers a day of a period."""
        k = vedtak.c
        dekker = (k.fra <= til) & (k.til.is_(None) | (k.til >= fra))
        return {
            rad.sak_id for rad in await self._leie.mange(vedtak, dekker, er_i_kraft(), kolonner=[k.sak_id])
        }

    async def innhold(self, foerste: UUID, siste: UUID) -> dict[tuple[UUID, int], str]:
        """What every case between two said, by case and version."""
        k = sak_versjon.c
        rader = await self._leie.mange(sak_versjon, k.sak_id.between(foerste, siste))
        return {(rad.sak_id, rad.versjon): rad.innhold for rad in rader}

    async def sier(self, saker: Collection[Sak]) -> dict[UUID, str]:
        """What each of these cases says in the version it is in."""
        versjon = {en.id: en.versjon for en in saker}
        rader = await self._leie.blant(sak_versjon, "sak_id", versjon)
        return {rad.sak_id: rad.innhold for rad in rader if rad.versjon == versjon[rad.sak_id]}

    async def avgjorte(self, beregning_ider: Sequence[UUID]) -> set[UUID]:
        """Those of these calculations that a decision or a settlement builds on; one that was refused does not."""
        funnet: set[UUID] = set()
        for tabell, navn, *vilkaar in (
            (vedtak, "beregning_id", ~er_avgjort(Avgjort.AVVIST)),
            (etteroppgjoer, "endelig_id"),
        ):
            rader = await self._leie.blant(
                tabell, navn, beregning_ider, *vilkaar, kolonner=[tabell.c[navn].label("id")]
            )
            funnet.update(rad.id for rad in rader)
        return funnet


def _med(tjenester: Collection[str], sluttet_etter: date) -> list[Any]:
    return [
        sak.c.tjeneste.in_(sorted(tjenester)),
        (sak.c.status == Status.AAPEN) | (sak.c.avsluttet_dato >= sluttet_etter),
    ]


def _nyeste_foerst(hoder: Iterable[Massehode]) -> dict[UUID, list[Massehode]]:
    """By case."""
    svar: dict[UUID, list[Massehode]] = defaultdict(list)
    for hode in hoder:
        svar[hode.sak_id].append(hode)
    for alle in svar.values():
        if len(alle) > 1:
            alle.sort(key=lambda en: en.id, reverse=True)
    return svar


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
