"""Where one kommune is kept apart from all others: every statement on its tables is made here.

The repositories have no other way to the tables, and no method here can leave the kommune out.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.kryptering import Noekkelring, sted
from app.db.typer import Kryptert

Verdier = Mapping[str, Any]


class Leie:
    """The rows of one kommune, within one transaction.

    Args:
        forbindelse: the transaction.
        kommune: organisation number, from the validated token or session and nowhere else.
        ring: the keys of encrypted columns.
    """

    def __init__(self, forbindelse: AsyncConnection, kommune: str, ring: Noekkelring) -> None:
        self._forbindelse: Final = forbindelse
        self.kommune: Final = kommune
        self._ring: Final = ring

    async def en(self, tabell: Table, **noekler: Any) -> Row[Any] | None:
        """The row with these values, or nothing."""
        sporring = select(tabell).where(*self._vilkaar(tabell, noekler))
        return (await self._forbindelse.execute(sporring)).one_or_none()

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
        hva = select(*(kolonner or tabell.c)).select_from(tabell)
        sporring = hva.where(*self._vilkaar(tabell, noekler), *vilkaar).order_by(*sorter)
        if antall is not None:
            sporring = sporring.limit(antall)
        return (await self._forbindelse.execute(sporring)).all()

    async def laas(self, tabell: Table, **noekler: Any) -> Row[Any] | None:
        """The row, held for this transaction: others who ask for it wait."""
        sporring = select(tabell).where(*self._vilkaar(tabell, noekler)).with_for_update()
        return (await self._forbindelse.execute(sporring)).one_or_none()

    async def antall(self, tabell: Table, *vilkaar: ColumnElement[bool], **noekler: Any) -> int:
        """How many there are."""
        sporring = select(func.count()).select_from(tabell).where(*self._vilkaar(tabell, noekler), *vilkaar)
        return int((await self._forbindelse.execute(sporring)).scalar_one())

    async def stoerst(self, tabell: Table, kolonne: str, **noekler: Any) -> Any:
        """The largest value of a column, or nothing."""
        sporring = select(func.max(tabell.c[kolonne])).where(*self._vilkaar(tabell, noekler))
        return (await self._forbindelse.execute(sporring)).scalar_one()

    async def sett_inn(self, tabell: Table, *rader: Verdier) -> None:
        """New rows."""
        if rader:
            alle = [{**rad, "kommune": self.kommune} for rad in rader]
            await self._forbindelse.execute(insert(tabell), alle)

    async def sett_inn_hvis_ny(self, tabell: Table, rad: Verdier) -> bool:
        """A new row, unless one with the same key is there; whether it was new.

        Another transaction that is putting in the same key is waited for.
        """
        dialekt = postgresql if self._forbindelse.dialect.name == "postgresql" else sqlite
        innsetting = dialekt.insert(tabell).values({**rad, "kommune": self.kommune}).on_conflict_do_nothing()
        return (await self._forbindelse.execute(innsetting)).rowcount == 1

    async def endre(
        self, tabell: Table, verdier: Verdier, *vilkaar: ColumnElement[bool], **noekler: Any
    ) -> int:
        """Change the rows with these values; how many there were."""
        if "kommune" in verdier:
            raise ValueError("en rad flytter aldri til en annen kommune")
        endring = update(tabell).where(*self._vilkaar(tabell, noekler), *vilkaar).values(**verdier)
        return (await self._forbindelse.execute(endring)).rowcount

    async def slett(self, tabell: Table, *vilkaar: ColumnElement[bool], **noekler: Any) -> int:
        """Take the rows with these values away; how many there were."""
        sletting = delete(tabell).where(*self._vilkaar(tabell, noekler), *vilkaar)
        return (await self._forbindelse.execute(sletting)).rowcount

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

    def personmerke(self, ident: str) -> str:
        """A person's pseudonym in this kommune's audit register."""
        return self._ring.personmerke(ident, self.kommune)

    def _sted(self, tabell: Table, kolonne: str, noekkel: Sequence[object]) -> str:
        if not isinstance(tabell.c[kolonne].type, Kryptert):
            raise TypeError(f"{tabell.name}.{kolonne} er ikke en kryptert kolonne")
        return sted(tabell.name, kolonne, self.kommune, *noekkel)

    def _vilkaar(self, tabell: Table, noekler: Verdier) -> list[ColumnElement[bool]]:
        return [
            tabell.c.kommune == self.kommune,
            *(tabell.c[navn] == verdi for navn, verdi in noekler.items()),
        ]
