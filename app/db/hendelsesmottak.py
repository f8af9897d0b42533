"""What Skatteetaten's event lists bring in: how far each is read, and what was found for whom.

A list is read once for all kommuner, and a page is matched against the persons of every one of them in the same
transaction as the place in the list is moved. So the statements here go across kommuner, and can go through no lease.
They take a keyed hash of a person and give nobody's data back: what is written is that somebody the kommune follows
is to be looked up anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Select,
    and_,
    any_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.ident import ny_id
from app.db.kryptering import Noekkelring
from app.db.lager.arbeid import ALLE_AAR, Arbeidsgrunn, Arbeidstilstand, Liste
from app.db.lager.revisjon import NyRad, Revisjon
from app.db.lager.saker import Status
from app.db.lederskap import Mandat, krev
from app.db.leie import Leie
from app.db.motor import Database
from app.db.naa import naa_ms
from app.db.tabeller import (
    arbeid,
    grunnlag,
    hendelse,
    hendelsesliste,
    lederskap,
    pekerflytting,
    person,
    sak,
    sak_person,
    uleselig_hendelse,
)

SLETTET: Final = "slettet"
"""The type of an event that says that the settlement is deleted."""

_LENGSTE_FELT: Final = 300


class Lesetilstand(StrEnum):
    """Where an event that could not be read stands."""

    AAPEN = "AAPEN"
    LEST = "LEST"
    """It was read later."""
    LUKKET = "LUKKET"
    """Somebody has looked, and decided that it is not to be read."""


class PekerFlyttetError(Exception):
    """The place in the list is another than the page was read from. Read again from where it is now."""


@dataclass(frozen=True, slots=True)
class Hendelsesrad:
    """One event of a page."""

    sekvensnummer: int
    person: bytes = field(repr=False)
    """The keyed hash of the identifier."""
    periode: str | None
    aar: int
    type: str
    registrert: datetime | None
    ajourholdt: datetime | None
    forfall: datetime
    """When it may be looked up."""
    slettet: bool
    ny_identitet: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One page: everything from ``fra`` up to, not including, ``neste``."""

    fra: int
    neste: int
    hendelser: Sequence[Hendelsesrad] = field(repr=False)
    uleselige: Mapping[int, str]
    """Which fields could not be read, by number."""

    @property
    def tom(self) -> bool:
        """Nothing on it."""
        return not self.hendelser and not self.uleselige


@dataclass(frozen=True, slots=True)
class Tatt:
    """What one page led to."""

    nye: int = 0
    """Events about somebody followed, that had not been taken in before; one per kommune."""
    arbeid: int = 0
    """Look-ups ordered."""


@dataclass(frozen=True, slots=True)
class Savnet:
    """An event about somebody followed that has not been taken in."""

    kommune: str
    sekvensnummer: int
    person_id: UUID
    aar: int
    fulgt_siden: datetime
    """When the kommune began to follow the person, as far as we can tell."""


@dataclass(frozen=True, slots=True)
class Dekning:
    """One page held against what was taken in."""

    fulgte: Mapping[str, int]
    """By kommune: events about somebody it follows."""
    savnet: Sequence[Savnet]


@dataclass(frozen=True, slots=True)
class Lestegn:
    """How a list has been followed."""

    neste: int
    lest: datetime | None
    siste_hendelse: datetime | None
    opprettet: datetime
    stoerste: int
    """The highest number taken in for anybody; 0 when there is none."""
    flyttet_fra: int
    flyttet_til: int
    """The last time the place was set: from where, and to where. Both 0 when it never was."""


@dataclass(frozen=True, slots=True)
class Peker:
    """How far a list has been read."""

    liste: Liste
    neste: int
    lest: datetime | None
    siste_hendelse: datetime | None


@dataclass(frozen=True, slots=True)
class Stand:
    """What an operator needs to know of one list."""

    peker: Peker
    venter: int
    """Look-ups that are ordered and not done."""
    eldste: datetime | None
    """When the oldest of them was last touched by an event or an attempt."""
    doede: int
    uleselige: int
    leder: bool
    """Whether some process reads it now."""


@dataclass(frozen=True, slots=True)
class Uleselig:
    """An event of which only the number could be read."""

    liste: Liste
    sekvensnummer: int
    felt: str
    tilstand: Lesetilstand
    forsoek: int
    mottatt: datetime
    avsluttet: datetime | None
    avsluttet_av: str | None
    begrunnelse: str | None


class Hendelsesmottak:
    """The lists of one database.

    Args:
        database: the database.
        ring: its keys, for the register of the kommuner.
    """

    def __init__(self, database: Database, ring: Noekkelring) -> None:
        self._database: Final = database
        self._ring: Final = ring

    async def peker(self, liste: Liste) -> Peker | None:
        """How far a list has been read; nothing before the first time."""
        async with self._database.les() as forbindelse:
            rad = (
                await forbindelse.execute(select(hendelsesliste).where(hendelsesliste.c.liste == liste))
            ).one_or_none()
        return None if rad is None else _peker(rad)

    async def eldste_grunnlag(self) -> datetime | None:
        """When the oldest answer we keep was fetched."""
        async with self._database.les() as forbindelse:
            tid: datetime | None = (await forbindelse.execute(select(func.min(grunnlag.c.hentet)))).scalar()
        return tid

    async def begynn(self, mandat: Mandat, liste: Liste, neste: int, naa: datetime) -> None:
        """Begin a list at a number, unless it has begun."""
        rad = {"liste": liste, "neste": neste, "mandat": mandat.nr, "opprettet": naa}
        async with self._database.skriv() as forbindelse:
            await krev(forbindelse, mandat)
            await forbindelse.execute(
                self._dialekt.insert(hendelsesliste).values(rad).on_conflict_do_nothing()
            )

    async def ta_imot(self, mandat: Mandat, liste: Liste, side: Side, naa: datetime, fulgt_fra: date) -> Tatt:
        """Take a page in and move the place in the list past it: both, or neither.

        Args:
            mandat: the right to read the list.
            liste: which.
            side: the page.
            naa: this moment.
            fulgt_fra: persons of cases that ended on this day or later are still followed.

        Raises:
            MandatTaptError: another reads the list now.
            PekerFlyttetError: the page is not from where the list is to be read.
        """
        flytting: dict[str, Any] = {"neste": side.neste, "mandat": mandat.nr, "lest": naa}
        if not side.tom:
            flytting["siste_hendelse"] = naa
        async with self._database.skriv() as forbindelse:
            await krev(forbindelse, mandat)
            if await _laas(forbindelse, liste) != side.fra:
                raise PekerFlyttetError(liste)
            tatt = await self._ta_inn(forbindelse, liste, side, naa, fulgt_fra)
            await forbindelse.execute(
                update(hendelsesliste).where(hendelsesliste.c.liste == liste).values(flytting)
            )
        return tatt

    async def les_om(self, liste: Liste, side: Side, naa: datetime, fulgt_fra: date) -> Tatt:
        """Take in what is new on a page read once more; the place in the list stays.

        Raises:
            PekerFlyttetError: the list has not begun.
        """
        async with self._database.skriv() as forbindelse:
            if await _laas(forbindelse, liste) is None:
                raise PekerFlyttetError(liste)
            return await self._ta_inn(forbindelse, liste, side, naa, fulgt_fra)

    async def dekning(self, liste: Liste, side: Side, fulgt_fra: date) -> Dekning:
        """Hold a page against what was taken in, by the same matching as it is taken in by. Changes nothing."""
        async with self._database.les() as forbindelse:
            hvem = await self._fulgte(forbindelse, side, fulgt_fra)
            kjente = await _kjente(forbindelse, liste, side, {k for alle in hvem.values() for k, _ in alle})
            fulgte: dict[str, int] = {}
            borte: list[tuple[str, int, UUID, int]] = []
            for rad in side.hendelser:
                for kommune, person_id in hvem.get(rad.person, ()):
                    fulgte[kommune] = fulgte.get(kommune, 0) + 1
                    if (kommune, rad.sekvensnummer) not in kjente:
                        borte.append((kommune, rad.sekvensnummer, person_id, rad.aar))
            siden = {
                noekkel: await _fulgt_siden(forbindelse, *noekkel)
                for noekkel in {(k, p) for k, _, p, _ in borte}
            }
        return Dekning(fulgte, [Savnet(*en, siden[en[0], en[2]]) for en in borte])

    async def lestegn(self, liste: Liste) -> Lestegn | None:
        """How a list has been followed, in one moment; nothing before the first time."""
        k, p = hendelsesliste.c, pekerflytting.c
        stoerste = select(func.max(hendelse.c.sekvensnummer)).where(hendelse.c.liste == liste)
        flytting = select(p.fra, p.til).where(p.liste == liste).order_by(p.id.desc()).limit(1)
        async with self._database.les() as forbindelse:
            rad = (await forbindelse.execute(select(hendelsesliste).where(k.liste == liste))).one_or_none()
            if rad is None:
                return None
            siste = (await forbindelse.execute(flytting)).one_or_none()
            return Lestegn(
                rad.neste,
                rad.lest,
                rad.siste_hendelse,
                rad.opprettet,
                (await forbindelse.execute(stoerste)).scalar() or 0,
                0 if siste is None else siste.fra,
                0 if siste is None else siste.til,
            )

    async def flytt(
        self,
        liste: Liste,
        til: int,
        av: str,
        begrunnelse: str,
        naa: datetime,
        fulgt_fra: date,
        rad: Callable[[int], NyRad],
    ) -> int | None:
        """Set the place in a list, and note it in the register of every kommune that follows anybody.

        Args:
            liste: which.
            til: where to read from next.
            av: who.
            begrunnelse: why.
            naa: this moment.
            fulgt_fra: persons of cases that ended on this day or later are still followed.
            rad: what is noted, made from where it was.

        Returns:
            Where it was; ``None`` when the list has not begun, and nothing is done.
        """
        async with self._database.skriv() as forbindelse:
            fra = await _laas(forbindelse, liste)
            if fra is None:
                return None
            flytting = {"liste": liste, "fra": fra, "til": til, "begrunnelse": begrunnelse, "av": av}
            await forbindelse.execute(insert(pekerflytting), {"id": ny_id(naa), **flytting, "opprettet": naa})
            await forbindelse.execute(
                update(hendelsesliste).where(hendelsesliste.c.liste == liste).values(neste=til)
            )
            foelger = select(sak.c.kommune).where(_foelges(fulgt_fra)).distinct().order_by(sak.c.kommune)
            for kommune in (await forbindelse.execute(foelger)).scalars().all():
                await Revisjon(Leie(forbindelse, kommune, self._ring)).noter(naa, rad(fra))
        return fra

    async def mellom(self, liste: Liste, fra: int, til: int) -> int:
        """How many different events with these numbers somebody was followed by."""
        k = hendelse.c
        antall = select(func.count(k.sekvensnummer.distinct())).where(
            k.liste == liste, k.sekvensnummer >= fra, k.sekvensnummer < til
        )
        async with self._database.les() as forbindelse:
            return int((await forbindelse.execute(antall)).scalar_one())

    async def stand(self, ledelse: Mapping[Liste, str]) -> list[Stand]:
        """Every list that has begun.

        Args:
            ledelse: the name of each list's mandate.
        """
        naa = naa_ms(self._database.er_sqlite)
        venter = and_(arbeid.c.bestilt > arbeid.c.gjort, arbeid.c.tilstand == Arbeidstilstand.VENTER)
        av_arbeid = select(
            arbeid.c.liste,
            func.count().filter(venter).label("venter"),
            func.min(arbeid.c.endret).filter(venter).label("eldste"),
            func.count().filter(arbeid.c.tilstand == Arbeidstilstand.DOED).label("doede"),
        ).group_by(arbeid.c.liste)
        aapne = (
            select(uleselig_hendelse.c.liste, func.count().label("antall"))
            .where(uleselig_hendelse.c.tilstand == Lesetilstand.AAPEN)
            .group_by(uleselig_hendelse.c.liste)
        )
        ledere = select(lederskap.c.navn).where(lederskap.c.eier.is_not(None), lederskap.c.utloeper > naa)
        async with self._database.les() as forbindelse:
            lister = (
                await forbindelse.execute(select(hendelsesliste).order_by(hendelsesliste.c.liste))
            ).all()
            arbeidet = {rad.liste: rad for rad in await forbindelse.execute(av_arbeid)}
            uleselige = {rad.liste: rad.antall for rad in await forbindelse.execute(aapne)}
            ledes = set((await forbindelse.execute(ledere)).scalars())
        return [
            Stand(
                peker=_peker(rad),
                venter=arbeidet[rad.liste].venter if rad.liste in arbeidet else 0,
                eldste=arbeidet[rad.liste].eldste if rad.liste in arbeidet else None,
                doede=arbeidet[rad.liste].doede if rad.liste in arbeidet else 0,
                uleselige=uleselige.get(rad.liste, 0),
                leder=ledelse[Liste(rad.liste)] in ledes,
            )
            for rad in lister
        ]

    async def uleselige(self, liste: Liste | None = None, *, alle: bool = False) -> list[Uleselig]:
        """Events that could not be read, the open ones first seen first; or all there ever were."""
        k = uleselig_hendelse.c
        sporring = select(uleselig_hendelse).order_by(k.mottatt, k.liste, k.sekvensnummer)
        if liste is not None:
            sporring = sporring.where(k.liste == liste)
        if not alle:
            sporring = sporring.where(k.tilstand == Lesetilstand.AAPEN)
        async with self._database.les() as forbindelse:
            return [
                Uleselig(
                    **{
                        **rad._asdict(),
                        "liste": Liste(rad.liste),
                        "tilstand": Lesetilstand(rad.tilstand),
                    }
                )
                for rad in await forbindelse.execute(sporring)
            ]

    async def lukk_uleselig(
        self, liste: Liste, sekvensnummer: int, av: str, begrunnelse: str, naa: datetime
    ) -> bool:
        """Decide that an event is not to be read; whether it was open."""
        k = uleselig_hendelse.c
        lukking = (
            update(uleselig_hendelse)
            .where(k.liste == liste, k.sekvensnummer == sekvensnummer, k.tilstand == Lesetilstand.AAPEN)
            .values(tilstand=Lesetilstand.LUKKET, avsluttet=naa, avsluttet_av=av, begrunnelse=begrunnelse)
        )
        async with self._database.skriv() as forbindelse:
            return (await forbindelse.execute(lukking)).rowcount == 1

    @property
    def _dialekt(self) -> Any:
        return sqlite if self._database.er_sqlite else postgresql

    async def _ta_inn(
        self, forbindelse: AsyncConnection, liste: Liste, side: Side, naa: datetime, fulgt_fra: date
    ) -> Tatt:
        """Everything a page leads to. The list's row is locked, so nobody else takes in the same."""
        await self._noter_uleselige(forbindelse, liste, side, naa)
        hvem = await self._fulgte(forbindelse, side, fulgt_fra)
        if not hvem:
            return Tatt()
        kommuner = {kommune for foelgere in hvem.values() for kommune, _ in foelgere}
        kjente = await _kjente(forbindelse, liste, side, kommuner)
        nye: dict[tuple[str, int], dict[str, Any]] = {}
        bestilt: dict[tuple[str, UUID, int], dict[str, Any]] = {}
        sett: set[tuple[str, int, UUID]] = set()
        felles = {"liste": liste, "mottatt": naa}
        for rad in side.hendelser:
            for kommune, person_id in hvem.get(rad.person, ()):
                funnet = (kommune, rad.sekvensnummer, person_id)
                if (kommune, rad.sekvensnummer) in kjente or funnet in sett:
                    continue
                sett.add(funnet)
                nye.setdefault((kommune, rad.sekvensnummer), _hendelse(rad, kommune, person_id, felles))
                _bestill(bestilt, rad, kommune, person_id)
        if not nye:
            return Tatt()
        lest_igjen = await _finnes_fra(forbindelse, liste, side.fra, kommuner)
        await forbindelse.execute(insert(hendelse), list(nye.values()))
        if lest_igjen:
            for noekkel, ett in bestilt.items():
                ett["slettet"] = await _sist_slettet(forbindelse, liste, *noekkel)
        arbeidet = {
            "liste": liste,
            "gjort": 0,
            "grunn": Arbeidsgrunn.HENDELSE,
            "tilstand": Arbeidstilstand.VENTER,
            "forsoek": 0,
            "opprettet": naa,
            "endret": naa,
        }
        await forbindelse.execute(
            self._bestilling, [arbeidet | bestilt[noekkel] for noekkel in sorted(bestilt)]
        )
        return Tatt(nye=len(nye), arbeid=len(bestilt))

    async def _noter_uleselige(
        self, forbindelse: AsyncConnection, liste: Liste, side: Side, naa: datetime
    ) -> None:
        k = uleselig_hendelse.c
        # What had been unreadable and was now read, or is gone, is no longer open.
        lest = (
            update(uleselig_hendelse)
            .where(k.liste == liste, k.tilstand == Lesetilstand.AAPEN)
            .where(k.sekvensnummer >= side.fra, k.sekvensnummer < side.neste)
            .where(k.sekvensnummer.not_in(list(side.uleselige)))
            .values(tilstand=Lesetilstand.LEST, avsluttet=naa)
        )
        await forbindelse.execute(lest)
        if not side.uleselige:
            return
        ny = self._dialekt.insert(uleselig_hendelse)
        rader = [
            {
                "liste": liste,
                "sekvensnummer": nr,
                "felt": felt[:_LENGSTE_FELT],
                "tilstand": Lesetilstand.AAPEN,
                "forsoek": 1,
                "mottatt": naa,
            }
            for nr, felt in sorted(side.uleselige.items())
        ]
        await forbindelse.execute(
            ny.on_conflict_do_update(
                index_elements=[k.liste, k.sekvensnummer],
                set_={"forsoek": k.forsoek + 1, "felt": ny.excluded.felt},
            ),
            rader,
        )

    async def _fulgte(
        self, forbindelse: AsyncConnection, side: Side, fulgt_fra: date
    ) -> dict[bytes, list[tuple[str, UUID]]]:
        """Who of those on the page are followed, and by which kommuner: one statement."""
        hvem: dict[bytes, list[tuple[str, UUID]]] = {}
        if not side.hendelser:
            return hvem
        svar = await forbindelse.execute(
            self._foelgere,
            {"hasher": list({rad.person for rad in side.hendelser}), "fulgt_fra": fulgt_fra},
        )
        for kommune, person_id, hash_ in svar:
            hvem.setdefault(hash_, []).append((kommune, person_id))
        return hvem

    @property
    def _foelgere(self) -> Select[Any]:
        return _FOELGERE_SQLITE if self._database.er_sqlite else _FOELGERE_POSTGRESQL

    @property
    def _bestilling(self) -> Any:
        return _BESTILLING["sqlite" if self._database.er_sqlite else "postgresql"]


def _foelges(fulgt_fra: Any) -> ColumnElement[bool]:
    return or_(sak.c.status == Status.AAPEN, sak.c.avsluttet_dato >= fulgt_fra)


_I_EN_SAK: Final = """
    EXISTS (
        SELECT 1 FROM sak_person {indeks}
        JOIN sak ON sak.kommune = sak_person.kommune AND sak.id = sak_person.sak_id
        WHERE sak_person.kommune = person.kommune AND sak_person.person_id = person.id
        AND (sak.status = :aapen OR sak.avsluttet_dato >= :fulgt_fra)
    )"""


def _velg_foelgere(treff: ColumnElement[bool], indeks: str = "") -> Select[Any]:
    i_en_sak = text(_I_EN_SAK.format(indeks=indeks)).bindparams(
        bindparam("aapen", Status.AAPEN.value), bindparam("fulgt_fra", type_=sak.c.avsluttet_dato.type)
    )
    return select(person.c.kommune, person.c.id, person.c.ident_hash).where(treff, i_en_sak)


_FOELGERE_SQLITE: Final = _velg_foelgere(
    person.c.ident_hash.in_(bindparam("hasher", expanding=True)),
    # By itself it would go through every case of the kommune for each person on the page.
    "INDEXED BY ix_sak_person_kommune_person_id",
)
_FOELGERE_POSTGRESQL: Final = _velg_foelgere(
    person.c.ident_hash == any_(bindparam("hasher", type_=ARRAY(LargeBinary)))
)


def _lag_bestilling(dialekt: Any) -> Any:
    setning = dialekt.insert(arbeid)
    ny, k = setning.excluded, arbeid.c
    venter = k.bestilt > k.gjort
    return setning.on_conflict_do_update(
        index_elements=[k.kommune, k.person_id, k.liste, k.aar],
        set_={
            "bestilt": k.bestilt + ny.bestilt,
            "grunn": ny.grunn,
            "slettet": ny.slettet,
            # That somebody has got another number, stands until it is seen to.
            "ny_identitet": or_(ny.ny_identitet, and_(venter, k.ny_identitet)),
            "tilstand": ny.tilstand,
            "forsoek": 0,
            "feil": None,
            # News never puts off what already waits.
            "neste_forsoek": case(
                (and_(venter, k.neste_forsoek < ny.neste_forsoek), k.neste_forsoek), else_=ny.neste_forsoek
            ),
            "endret": ny.endret,
        },
    )


_BESTILLING: Final = {"sqlite": _lag_bestilling(sqlite), "postgresql": _lag_bestilling(postgresql)}


async def _laas(forbindelse: AsyncConnection, liste: Liste) -> int | None:
    """Where the list is to be read from; nobody else moves it until this transaction is over."""
    laast = select(hendelsesliste.c.neste).where(hendelsesliste.c.liste == liste).with_for_update()
    neste: int | None = (await forbindelse.execute(laast)).scalar_one_or_none()
    return neste


async def _fulgt_siden(forbindelse: AsyncConnection, kommune: str, person_id: UUID) -> datetime:
    """Not before the kommune knew the person, nor before the first case the person is part of."""
    kjent = select(person.c.opprettet).where(person.c.kommune == kommune, person.c.id == person_id)
    i_sak = (
        select(sak.c.opprettet)
        .join(sak_person, and_(sak.c.kommune == sak_person.c.kommune, sak.c.id == sak_person.c.sak_id))
        .where(sak_person.c.kommune == kommune, sak_person.c.person_id == person_id)
        .order_by(sak.c.opprettet)
        .limit(1)
    )
    tider: list[datetime] = [
        (await forbindelse.execute(spoersmaal)).scalar_one() for spoersmaal in (kjent, i_sak)
    ]
    return max(tider)


async def _kjente(
    forbindelse: AsyncConnection, liste: Liste, side: Side, kommuner: set[str]
) -> set[tuple[str, int]]:
    """The page's events that were taken in before, by kommune."""
    k = hendelse.c
    tatt = (
        select(k.kommune, k.sekvensnummer)
        .where(k.kommune.in_(sorted(kommuner)), k.liste == liste)
        .where(k.sekvensnummer >= side.fra, k.sekvensnummer < side.neste)
    )
    return {(rad.kommune, rad.sekvensnummer) for rad in await forbindelse.execute(tatt)}


async def _finnes_fra(forbindelse: AsyncConnection, liste: Liste, fra: int, kommuner: set[str]) -> bool:
    """Whether anything from this number on was taken in before: then the page's events need not be the newest."""
    k = hendelse.c
    en = select(k.sekvensnummer).where(k.kommune.in_(sorted(kommuner)), k.liste == liste)
    return (await forbindelse.execute(en.where(k.sekvensnummer >= fra).limit(1))).one_or_none() is not None


async def _sist_slettet(
    forbindelse: AsyncConnection, liste: Liste, kommune: str, person_id: UUID, aar: int
) -> bool:
    """Whether the newest event about a person and year says that the settlement is deleted."""
    k = hendelse.c
    om_aaret = k.periode.is_(None) if aar == ALLE_AAR else k.periode.startswith(f"{aar:04d}")
    siste = (
        select(k.type)
        .where(k.kommune == kommune, k.person_id == person_id, k.liste == liste, om_aaret)
        .order_by(k.sekvensnummer.desc())
        .limit(1)
    )
    return bool((await forbindelse.execute(siste)).scalar_one() == SLETTET)


def _hendelse(rad: Hendelsesrad, kommune: str, person_id: UUID, felles: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kommune": kommune,
        "sekvensnummer": rad.sekvensnummer,
        "person_id": person_id,
        "periode": rad.periode,
        "type": rad.type,
        "registrert": rad.registrert,
        "ajourholdt": rad.ajourholdt,
        **felles,
    }


def _bestill(
    bestilt: dict[tuple[str, UUID, int], dict[str, Any]], rad: Hendelsesrad, kommune: str, person_id: UUID
) -> None:
    """Order what an event asks for, together with what the events before it on the page did."""
    foer = bestilt.get((kommune, person_id, rad.aar))
    bestilt[kommune, person_id, rad.aar] = {
        "kommune": kommune,
        "person_id": person_id,
        "aar": rad.aar,
        "bestilt": 1 + (foer["bestilt"] if foer else 0),
        "slettet": rad.slettet,
        "ny_identitet": rad.ny_identitet or bool(foer and foer["ny_identitet"]),
        "neste_forsoek": min(rad.forfall, foer["neste_forsoek"]) if foer else rad.forfall,
    }


def _peker(rad: Any) -> Peker:
    return Peker(Liste(rad.liste), rad.neste, rad.lest, rad.siste_hendelse)
