"""Retention: Skatteetaten's answers go when the kommune's time is out; what was calculated from them stays.

An answer older than the kommune's window is deleted, unless a case still needs it. A case needs it when it is open
and the newest calculation of a year builds on the answer, and that calculation

* could not be finished, or
* is provisional, and the year has no etteroppgjør yet.

Even then it goes when it is older than the window and the time of grace together: a case that nobody finishes must
not keep tax answers for ever. Nothing younger than the window is ever deleted, and without a window nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.calc.kontrakt.feil import KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json
from app.db.arkiv import Arkiv, Lager
from app.db.lager.beregninger import Tilstand
from app.db.lager.raasvar import Bruk, Raasvar
from app.db.lager.revisjon import NyRad
from app.db.lager.saker import Status
from app.services.kommuneoppsett.dokument import les_oppsett
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad
from app.settings.personvern import Personvern

BOLK: Final = 500
"""Rows per transaction: few enough that nobody waits long for SQLite's one writer."""

Dager = Callable[[str], int | None]
"""How many days a kommune keeps answers; ``None`` when it has no setup that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ryddet:
    """What was done for one kommune, or would be."""

    kommune: str
    dager: int | None
    raasvar: int = 0
    """Answers deleted."""
    holdt: int = 0
    """Answers past the window that a case still needs."""
    idempotens: int = 0
    """Stored answers to idempotency keys deleted."""
    leveringer: int = 0
    """Deliveries to webhooks deleted, long after they were over with."""


def trengs(bruk: Bruk) -> bool:
    """Whether a case still needs an answer it builds on."""
    if bruk.saksstatus is not Status.AAPEN:
        return False
    return bruk.tilstand is Tilstand.UFULLSTENDIG or (bruk.foreloepig and not bruk.gjort_opp)


async def raasvarvinduer(arkiv: Arkiv) -> dict[str, int | None]:
    """The window of every kommune, from the newest version of its setup: the document's own default where it says none."""
    vinduer: dict[str, int | None] = {}
    for kommune in await arkiv.kommuner():
        async with arkiv.les(kommune) as lager:
            oppsett = await lager.kommuner.oppsett()
        vinduer[kommune] = None if oppsett is None else _vindu(oppsett.innhold)
    return vinduer


async def rydd(
    arkiv: Arkiv, dager: Dager, valg: Personvern, aktoer: Aktoer, naa: datetime, bolk: int = BOLK
) -> list[Ryddet]:
    """Delete what is due in every kommune. Running it again deletes nothing more.

    Each batch is a transaction of its own, with the row that notes it. A kommune with nothing due gets a row
    that says so.

    Args:
        arkiv: the database.
        dager: each kommune's window.
        valg: the settings.
        aktoer: who notes it.
        naa: now.
        bolk: rows per transaction.

    Raises:
        OpptattError: no turn to write within the time allowed; what was done before stays done.
    """
    ferdig = []
    for kommune in await arkiv.kommuner():
        plan = _Plan(kommune, dager(kommune), valg, naa, bolk)
        sum_ = Ryddet(kommune=kommune, dager=plan.dager)
        foerste, mer = True, True
        while mer:
            async with arkiv.skriv(kommune) as lager:
                gjort, mer = await plan.neste(lager, slett=True)
                if foerste or gjort.raasvar or gjort.idempotens or gjort.leveringer:
                    await lager.revisjon.noter(naa, _rad(aktoer, gjort))
            sum_, foerste = _pluss(sum_, gjort), False
        ferdig.append(sum_)
    return ferdig


async def se_over(
    arkiv: Arkiv, dager: Dager, valg: Personvern, naa: datetime, bolk: int = BOLK
) -> list[Ryddet]:
    """What ``rydd`` would do at a point in time. Changes nothing and notes nothing."""
    ferdig = []
    for kommune in await arkiv.kommuner():
        plan = _Plan(kommune, dager(kommune), valg, naa, bolk)
        sum_, mer = Ryddet(kommune=kommune, dager=plan.dager), True
        while mer:
            async with arkiv.les(kommune) as lager:
                gjort, mer = await plan.neste(lager, slett=False)
            sum_ = _pluss(sum_, gjort)
        ferdig.append(sum_)
    return ferdig


class _Plan:
    """The batches of one kommune: where the next begins."""

    def __init__(self, kommune: str, dager: int | None, valg: Personvern, naa: datetime, bolk: int) -> None:
        self.dager: Final = dager
        self._kommune = kommune
        self._naa = naa
        self._bolk = bolk
        self._idempotens_foer = naa - timedelta(days=valg.idempotens_doegn)
        self._foer = None if dager is None else naa - timedelta(days=dager)
        self._uansett_foer = self._foer and self._foer - timedelta(days=valg.raasvar_utsatt_doegn)
        self._etter: UUID | None = None
        self._raasvar_igjen = self._foer is not None
        self._idempotens_igjen = True
        self._leveringer_foer = naa - timedelta(days=valg.leveringer_doegn)
        self._leveringer_igjen = True

    async def neste(self, lager: Lager, *, slett: bool) -> tuple[Ryddet, bool]:
        """The next batch, and whether there are more."""
        gjort = Ryddet(kommune=self._kommune, dager=self.dager)
        if self._raasvar_igjen:
            gjort = await self._raasvar(lager, gjort, slett=slett)
        if self._idempotens_igjen:
            gjort = await self._idempotens(lager, gjort, slett=slett)
        if self._leveringer_igjen:
            gjort = await self._leveringer(lager, gjort, slett=slett)
        return gjort, self._raasvar_igjen or self._idempotens_igjen or self._leveringer_igjen

    async def _raasvar(self, lager: Lager, gjort: Ryddet, *, slett: bool) -> Ryddet:
        if self._foer is None:
            return gjort
        gamle = await lager.raasvar.hentet_foer(self._foer, self._etter, self._bolk)
        self._raasvar_igjen = len(gamle) == self._bolk
        if gamle:
            self._etter = gamle[-1].id
        ut = [ett.id for ett in gamle if not self._holdes(ett)]
        slettet = await lager.raasvar.slett(ut, self._naa) if slett else len(ut)
        return replace(gjort, raasvar=slettet, holdt=len(gamle) - len(ut))

    def _holdes(self, svar: Raasvar) -> bool:
        frist = self._uansett_foer
        return frist is not None and svar.hentet >= frist and any(map(trengs, svar.bruk))

    async def _idempotens(self, lager: Lager, gjort: Ryddet, *, slett: bool) -> Ryddet:
        if slett:
            antall = await lager.idempotens.slett(self._idempotens_foer, self._bolk)
            self._idempotens_igjen = antall == self._bolk
        else:
            antall = await lager.idempotens.antall(self._idempotens_foer)
            self._idempotens_igjen = False
        return replace(gjort, idempotens=antall)

    async def _leveringer(self, lager: Lager, gjort: Ryddet, *, slett: bool) -> Ryddet:
        if slett:
            antall = await lager.webhooker.rydd(self._leveringer_foer, self._bolk)
            self._leveringer_igjen = antall == self._bolk
        else:
            antall = await lager.webhooker.antall_ferdige(self._leveringer_foer)
            self._leveringer_igjen = False
        return replace(gjort, leveringer=antall)


def _pluss(en: Ryddet, annen: Ryddet) -> Ryddet:
    return replace(
        en,
        raasvar=en.raasvar + annen.raasvar,
        holdt=en.holdt + annen.holdt,
        idempotens=en.idempotens + annen.idempotens,
        leveringer=en.leveringer + annen.leveringer,
    )


def _rad(aktoer: Aktoer, gjort: Ryddet) -> NyRad:
    vindu = {} if gjort.dager is None else {"vinduDoegn": gjort.dager}
    return ny_rad(
        aktoer,
        Handling.RYDDING,
        Utfall.OK,
        formaal="oppbevaringstiden er ute",
        hjemmel="personvernforordningen artikkel 5 nr. 1 bokstav e",
        antall={
            **vindu,
            "raasvarSlettet": gjort.raasvar,
            "raasvarHoldt": gjort.holdt,
            "idempotenssvarSlettet": gjort.idempotens,
            "webhookleveringerSlettet": gjort.leveringer,
        },
    )


def _vindu(innhold: str) -> int | None:
    try:
        return les_oppsett(les_json(innhold)).oppbevaring.raasvar_doegn
    except KontraktFeilError:
        return None
