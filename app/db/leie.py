"""Where one kommune is kept apart from all others: every statement on its tables is made here.

The repositories have no other way to the tables, and no method here can leave the kommune out.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Delete,
    Insert,
    Row,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from app.db.kryptering import Noekkelring, sted
from app.db.tur import Plass
from app.db.typer import Kryptert

Verdier = Mapping[str, Any]
Kobling = tuple[tuple[str, str], ...]
"""Columns of a table, each with the one of another table that is the same; the kommune always is."""


_NEVNT: Final = 500
"""As many values as one statement names."""


class Leie:
    """The rows of one kommune, within one transaction.

    Args:
        forbindelse: the transaction.
        kommune: organisation number, from the validated token or session and nowhere else.
        ring: the keys of encrypted columns.
        plass: the transaction's place in the kommune's line, where there is one.
    """

    def __init__(
        self, forbindelse: AsyncConnection, kommune: str, ring: Noekkelring, plass: Plass | None = None
    ) -> None:
        self._forbindelse: Final = forbindelse
        self.kommune: Final = kommune
        self._ring: Final = ring
        self._plass: Final = plass

    async def vent_paa_tur(self) -> None:
        """Stand in line for what all of the kommune's transactions end with; ask before the row itself is held."""
        if self._plass is not None:
            await self._plass.ta()

    async def en(self, tabell: Table, **noekler: Any) -> Row[Any] | None:
        """The row with these values, or nothing."""
        return (await self._utfoer(_velg(tabell, tuple(noekler)), noekler)).one_or_none()

    async def en_med(
        self, tabell: Table, annen: Table, kobling: Kobling, *kolonner: ColumnElement[Any], **noekler: Any
    ) -> Row[Any] | None:
        """The row with these values, with columns of the row of another table that is coupled to it; or nothing."""
        sporring = _velg_med(tabell, tuple(noekler), annen, kobling, kolonner)
        return (await self._utfoer(sporring, noekler)).one_or_none()

    async def pekt_paa(self, tabell: Table, fra: Table, peker: str, **noekler: Any) -> Sequence[Row[Any]]:
        """The rows that those of another table with these values point to."""
        return (await self._utfoer(_velg_pekt_paa(tabell, fra, peker, tuple(noekler)), noekler)).all()

    async def mange(
        self,
        tabell: Table,
        *vilkaar: ColumnElement[bool],
        sorter: Sequence[ColumnElement[Any]] = (),
        antall: int | None = None,
        kolonner: Sequence[ColumnElement[Any]] = (),
        **noekler: Any,
    ) -> Sequence[Row[Any]]:
        """The rows with these values that also meet the conditions; whole, or these columns of them."""
        sporring = _velg_mange(tabell, tuple(noekler), tuple(kolonner), tuple(sorter), antall)
        if vilkaar:
            sporring = sporring.where(*vilkaar)
        return (await self._utfoer(sporring, noekler)).all()

    async def blant(
        self,
        tabell: Table,
        kolonne: str,
        verdier: Collection[Any],
        *vilkaar: ColumnElement[bool],
        kolonner: Sequence[ColumnElement[Any]] = (),
        **noekler: Any,
    ) -> list[Row[Any]]:
        """The rows with one of these values, however many those are: a statement names only some of them."""
        alle = list(verdier)
        rader: list[Row[Any]] = []
        for start in range(0, len(alle), _NEVNT):
            en_av = tabell.c[kolonne].in_(alle[start : start + _NEVNT])
            rader += await self.mange(tabell, en_av, *vilkaar, kolonner=kolonner, **noekler)
        return rader

    async def laas(self, tabell: Table, **noekler: Any) -> Row[Any] | None:
        """The row, held for this transaction: others who ask for it wait."""
        return (await self._utfoer(_velg_og_laas(tabell, tuple(noekler)), noekler)).one_or_none()

    async def laas_mange(
        self, tabell: Table, *vilkaar: ColumnElement[bool], sorter: Sequence[ColumnElement[Any]]
    ) -> Sequence[Row[Any]]:
        """The rows that meet the conditions, held for this transaction; in order, so that two never wait for each other."""
        sporring = _velg_og_laas(tabell, ()).where(*vilkaar).order_by(*sorter)
        return (await self._utfoer(sporring, {})).all()

    async def antall(self, tabell: Table, *vilkaar: ColumnElement[bool], **noekler: Any) -> int:
        """How many there are."""
        sporring = select(func.count()).select_from(tabell).where(*_vilkaar(tabell, tuple(noekler)), *vilkaar)
        return int((await self._utfoer(sporring, noekler)).scalar_one())

    async def med_alle(
        self, tabell: Table, kolonne: str, i: str, verdier: Collection[Any], antall: int
    ) -> Sequence[Any]:
        """Values of a column that stand beside every one of some values of another, so many at most."""
        sporring = (
            select(tabell.c[kolonne])
            .where(*_vilkaar(tabell, ()), tabell.c[i].in_(verdier))
            .group_by(tabell.c[kolonne])
            .having(func.count() == len(verdier))
            .limit(antall)
        )
        return (await self._utfoer(sporring, {})).scalars().all()

    async def stoerst(self, tabell: Table, kolonne: str, **noekler: Any) -> Any:
        """The largest value of a column, or nothing."""
        return (await self._utfoer(_velg_stoerst(tabell, kolonne, tuple(noekler)), noekler)).scalar_one()

    async def sett_inn(self, tabell: Table, *rader: Verdier) -> None:
        """New rows."""
        if rader:
            alle = [{**rad, "kommune": self.kommune} for rad in rader]
            await self._forbindelse.execute(_innsetting(tabell), alle)

    async def sett_inn_hvis_ny(self, tabell: Table, rad: Verdier) -> bool:
        """A new row, unless one with the same key is there; whether it was new.

        Another transaction that is putting in the same key is waited for.
        """
        innsetting = _innsetting_hvis_ny(tabell, self._forbindelse.dialect.name)
        return (await self._forbindelse.execute(innsetting, {**rad, "kommune": self.kommune})).rowcount == 1

    async def tell_opp(self, tabell: Table, kolonne: str, antall: int) -> int | None:
        """Add to a number only one row of the kommune has, and hold the row; the new number, ``None`` without the row."""
        return (await self._utfoer(_opptelling(tabell, kolonne), {}, {"antall": antall})).scalar_one_or_none()

    async def endre(
        self, tabell: Table, verdier: Verdier, *vilkaar: ColumnElement[bool], **noekler: Any
    ) -> int:
        """Change the rows with these values; how many there were."""
        if "kommune" in verdier:
            raise ValueError("en rad flytter aldri til en annen kommune")
        endring = _endring(tabell, tuple(noekler), tuple(verdier))
        if vilkaar:
            endring = endring.where(*vilkaar)
        nye = {f"ny_{navn}": verdi for navn, verdi in verdier.items()}
        return (await self._utfoer(endring, noekler, nye)).rowcount

    async def slett(self, tabell: Table, *vilkaar: ColumnElement[bool], **noekler: Any) -> int:
        """Take the rows with these values away; how many there were."""
        sletting = _sletting(tabell, tuple(noekler)).where(*vilkaar)
        return (await self._utfoer(sletting, noekler)).rowcount

    def krypter(self, klartekst: bytes, tabell: Table, kolonne: str, *noekkel: object) -> bytes:
        """Encrypt for one column of the row with this primary key."""
        return self._ring.krypter(klartekst, self._sted(tabell, kolonne, noekkel))

    def dekrypter(self, lukket: bytes, tabell: Table, kolonne: str, *noekkel: object) -> bytes:
        """Open one column of the row with this primary key.

        Raises:
            UkjentNoekkelError: its key is gone.
            UlesbarError: it was changed, or belongs elsewhere.
        """
        return self._ring.dekrypter(lukket, self._sted(tabell, kolonne, noekkel))

    def personhash(self, ident: str) -> bytes:
        """What a person is found by."""
        return self._ring.personhash(ident)

    def navnemerke(self, ord_: str) -> bytes:
        """What the beginning of a word in a name is found by in this kommune."""
        return self._ring.navnemerke(ord_, self.kommune)

    def personmerke(self, ident: str) -> str:
        """A person's pseudonym in this kommune's audit register."""
        return self._ring.personmerke(ident, self.kommune)

    def _sted(self, tabell: Table, kolonne: str, noekkel: Sequence[object]) -> str:
        if not isinstance(tabell.c[kolonne].type, Kryptert):
            raise TypeError(f"{tabell.name}.{kolonne} er ikke en kryptert kolonne")
        return sted(tabell.name, kolonne, self.kommune, *noekkel)

    async def _utfoer(
        self,
        setning: Select[Any] | Update | ReturningUpdate[Any] | Delete,
        noekler: Verdier,
        nye: Verdier | None = None,
    ) -> CursorResult[Any]:
        if None in noekler.values():
            raise ValueError("ingenting er likt det som mangler; bruk et vilkår")
        verdier = {f"er_{navn}": verdi for navn, verdi in noekler.items()}
        return await self._forbindelse.execute(
            setning, {**verdier, **(nye or {}), "er_kommune": self.kommune}
        )


def har_rad(tabell: Table, peker: str, til: Table, *vilkaar: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on a row of ``til``: another table has a row of the same kommune that points to it."""
    samme = tabell.c.kommune == til.c.kommune
    return exists().where(samme, tabell.c[peker] == til.c.id, *vilkaar)


def har_nyeste_rad(
    tabell: Table, peker: str, til: Table, per: str, *vilkaar: ColumnElement[bool]
) -> ColumnElement[bool]:
    """As ``har_rad``, and no newer row that points to the same has the same value in the column ``per``."""
    nyere = tabell.alias("nyere")
    like = [nyere.c[navn] == tabell.c[navn] for navn in ("kommune", peker, per)]
    # By time and not by id: with the id, SQLite would go through every newer row of the kommune.
    return har_rad(
        tabell, peker, til, *vilkaar, ~exists().where(*like, nyere.c.opprettet > tabell.c.opprettet)
    )


# A statement is built once for a table and its names: building one takes longer than executing it.

_FLEST_SETNINGER: Final = 500
"""Some are made of an order or a number that is new each time; those that are used again stay."""


def _er(tabell: Table, navn: str) -> BindParameter[Any]:
    return bindparam(f"er_{navn}", type_=tabell.c[navn].type)


def _vilkaar(tabell: Table, navn: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [tabell.c[en] == _er(tabell, en) for en in ("kommune", *navn)]


@cache
def _velg(tabell: Table, navn: tuple[str, ...]) -> Select[Any]:
    return select(tabell).where(*_vilkaar(tabell, navn))


@lru_cache(_FLEST_SETNINGER)
def _velg_mange(
    tabell: Table,
    navn: tuple[str, ...],
    kolonner: tuple[ColumnElement[Any], ...],
    sorter: tuple[ColumnElement[Any], ...],
    antall: int | None,
) -> Select[Any]:
    return _velg(tabell, navn).with_only_columns(*(kolonner or tabell.c)).order_by(*sorter).limit(antall)


@cache
def _velg_med(
    tabell: Table,
    navn: tuple[str, ...],
    annen: Table,
    kobling: Kobling,
    kolonner: tuple[ColumnElement[Any], ...],
) -> Select[Any]:
    like = (tabell.c[en] == annen.c[samme] for en, samme in (("kommune", "kommune"), *kobling))
    return select(*tabell.c, *kolonner).join_from(tabell, annen, and_(*like)).where(*_vilkaar(tabell, navn))


@cache
def _velg_pekt_paa(tabell: Table, fra: Table, peker: str, navn: tuple[str, ...]) -> Select[Any]:
    pekere = select(fra.c[peker]).where(*_vilkaar(fra, navn))
    return select(tabell).where(*_vilkaar(tabell, ()), tabell.c.id.in_(pekere))


@cache
def _velg_og_laas(tabell: Table, navn: tuple[str, ...]) -> Select[Any]:
    return _velg(tabell, navn).with_for_update()


@cache
def _velg_stoerst(tabell: Table, kolonne: str, navn: tuple[str, ...]) -> Select[Any]:
    return select(func.max(tabell.c[kolonne])).where(*_vilkaar(tabell, navn))


@cache
def _innsetting(tabell: Table) -> Insert:
    return insert(tabell)


@cache
def _innsetting_hvis_ny(tabell: Table, dialekt: str) -> Insert:
    if dialekt == "postgresql":
        return postgresql.insert(tabell).on_conflict_do_nothing()
    return sqlite.insert(tabell).on_conflict_do_nothing()


@cache
def _endring(tabell: Table, navn: tuple[str, ...], nye: tuple[str, ...]) -> Update:
    verdier = {en: bindparam(f"ny_{en}", type_=tabell.c[en].type) for en in nye}
    return update(tabell).where(*_vilkaar(tabell, navn)).values(verdier)


@cache
def _opptelling(tabell: Table, kolonne: str) -> ReturningUpdate[Any]:
    ny = tabell.c[kolonne] + bindparam("antall", type_=tabell.c[kolonne].type)
    return update(tabell).where(*_vilkaar(tabell, ())).values({kolonne: ny}).returning(tabell.c[kolonne])


@cache
def _sletting(tabell: Table, navn: tuple[str, ...]) -> Delete:
    return delete(tabell).where(*_vilkaar(tabell, navn))
