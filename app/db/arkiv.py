"""The way in for the rest of the service: a transaction for one kommune, with every repository in it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import select, union

from app.db.kryptering import Noekkelring
from app.db.lager.arbeid import Arbeidene
from app.db.lager.avstemminger import Avstemmingene
from app.db.lager.avstemmingsbilde import Avstemmingsbilder
from app.db.lager.beregninger import Beregninger
from app.db.lager.brev import Brevene
from app.db.lager.brukere import Brukere
from app.db.lager.endringer import Endringer
from app.db.lager.etteroppgjoer import Etteroppgjoerene
from app.db.lager.faktura import Fakturaer
from app.db.lager.grunnlag import Grunnlagene
from app.db.lager.idempotens import Idempotens, LagretSvar
from app.db.lager.kommuner import Kommuner
from app.db.lager.manuelle_poster import ManuellePoster
from app.db.lager.massekjoeringer import Massekjoeringer
from app.db.lager.masseoppgaver import Masseoppgaver
from app.db.lager.massesaker import Massesaker
from app.db.lager.oppgaver import Oppgavene
from app.db.lager.personer import Personer
from app.db.lager.raasvar import Raasvarene
from app.db.lager.revisjon import Revisjon
from app.db.lager.saker import Saker
from app.db.lager.sesjoner import Sesjonene
from app.db.lager.vedtak import Vedtakene
from app.db.lager.webhooker import Webhooker
from app.db.lederskap import Mandat, krev
from app.db.leie import Leie
from app.db.listepekere import Listepekere
from app.db.motor import Database
from app.db.tabeller import kommune as kommunetabell
from app.db.tabeller import revisjon, revisjon_hode
from app.db.tur import Koer


class Lager:
    """Everything one kommune has, within one transaction.

    Attributes:
        kommune: its organisation number.
    """

    def __init__(self, leie: Leie, lister: Listepekere) -> None:
        self.kommune: Final = leie.kommune
        self.lister: Final = lister
        self.kommuner: Final = Kommuner(leie)
        self.personer: Final = Personer(leie)
        self.saker: Final = Saker(leie)
        self.grunnlag: Final = Grunnlagene(leie)
        self.raasvar: Final = Raasvarene(leie)
        self.manuelle_poster: Final = ManuellePoster(leie)
        self.beregninger: Final = Beregninger(leie)
        self.vedtak: Final = Vedtakene(leie)
        self.etteroppgjoer: Final = Etteroppgjoerene(leie)
        self.brev: Final = Brevene(leie)
        self.faktura: Final = Fakturaer(leie)
        self.endringer: Final = Endringer(leie)
        self.arbeid: Final = Arbeidene(leie)
        self.oppgaver: Final = Oppgavene(leie)
        self.webhooker: Final = Webhooker(leie)
        self.avstemminger: Final = Avstemmingene(leie)
        self.avstemmingsbilder: Final = Avstemmingsbilder(leie)
        self.revisjon: Final = Revisjon(leie)
        self.massekjoeringer: Final = Massekjoeringer(leie)
        self.masseoppgaver: Final = Masseoppgaver(leie)
        self.massesaker: Final = Massesaker(leie)
        self.idempotens: Final = Idempotens(leie)
        self.brukere: Final = Brukere(leie)
        self.sesjoner: Final = Sesjonene(leie)


class Arkiv:
    """The database with its keys. One per process.

    Attributes:
        database: for the operator's questions: version, steps, liveness.
        ring: for the operator's change of keys.
    """

    def __init__(self, database: Database, ring: Noekkelring) -> None:
        self.database: Final = database
        self.ring: Final = ring
        self._koer: Final = Koer()

    @asynccontextmanager
    async def skriv(self, kommune: str, mandat: Mandat | None = None) -> AsyncGenerator[Lager]:
        """One transaction that may write for one kommune.

        Args:
            kommune: its organisation number.
            mandat: what only one may do at a time is done under one; it must still hold.

        Raises:
            OpptattError: no turn within the time allowed.
            MandatTaptError: the mandate has gone to another; nothing was done.
        """
        # SQLite has one who writes at a time, and its own line for that.
        plass = None if self.database.er_sqlite else self._koer.plass(kommune)
        try:
            async with self.database.skriv() as forbindelse:
                if mandat is not None:
                    await krev(forbindelse, mandat)
                yield Lager(Leie(forbindelse, kommune, self.ring, plass), Listepekere(forbindelse))
        finally:
            if plass is not None:
                plass.gi()

    @asynccontextmanager
    async def les(self, kommune: str) -> AsyncGenerator[Lager]:
        """One transaction that reads for one kommune.

        Raises:
            OpptattError: no connection within the time allowed.
        """
        async with self.database.les() as forbindelse:
            yield Lager(Leie(forbindelse, kommune, self.ring), Listepekere(forbindelse))

    async def tidligere_svar(self, kommune: str, klient: str, noekkel: str) -> LagretSvar | None:
        """What a client's key was answered with, if it has been used. Asked by every call that has one.

        Raises:
            OpptattError: no connection within the time allowed.
        """
        async with self.database.slaa_opp() as forbindelse:
            return await Idempotens(Leie(forbindelse, kommune, self.ring)).hent(klient, noekkel)

    async def visk_ut(self) -> bool:
        """Leave no trace of what was deleted in SQLite's log; whether it could be done now."""
        return await self.database.visk_ut()

    async def kommuner(self) -> dict[str, str]:
        """Every kommune with its name. For the operator's own work, never for a caller."""
        async with self.database.les() as forbindelse:
            rader = await forbindelse.execute(
                select(kommunetabell.c.kommune, kommunetabell.c.navn).order_by(kommunetabell.c.kommune)
            )
            return {rad.kommune: rad.navn for rad in rader}

    async def registre(self) -> list[str]:
        """Every kommune with an audit register, taken in or not. For the operator's own work."""
        async with self.database.les() as forbindelse:
            alle = union(select(revisjon.c.kommune), select(revisjon_hode.c.kommune))
            return sorted((await forbindelse.execute(alle)).scalars())
