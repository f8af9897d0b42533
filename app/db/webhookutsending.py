"""The outbox of every kommune, for the one process that sends.

The service's own work, for no caller: what is due lies in the queues of all kommuner, and a receiver may serve several of
them. Everything that is changed here is changed under the mandate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.kryptering import KrypteringError, Noekkelring, sted
from app.db.lager.endringer import Endring
from app.db.lager.revisjon import NyRad, Revisjon
from app.db.lager.webhooker import Leveringstilstand, Webhooktilstand
from app.db.lederskap import Mandat, krev
from app.db.leie import Leie
from app.db.motor import Database
from app.db.tabeller import endring, webhook, webhooklevering
from app.db.typer import utc

_W: Final = webhook.c
_L: Final = webhooklevering.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Krok:
    """A webhook that something is due to."""

    kommune: str
    id: UUID
    url: str = field(repr=False)
    hemmeligheter: tuple[str, ...] = field(repr=False)
    """The secrets that are valid now, the newest first; none when they cannot be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forfalt:
    """A delivery that is due."""

    krok: Krok
    endring: Endring
    forsoek: int
    """Attempts so far."""
    opprettet: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultat:
    """How an attempt went."""

    forfalt: Forfalt
    tilstand: Leveringstilstand
    neste_forsoek: datetime
    status: int | None
    feil: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stans:
    """That a webhook is no longer sent to."""

    krok: Krok
    tilstand: Webhooktilstand
    rad: NyRad
    """What the kommune's audit register says of it."""


class Utboks:
    """What is to be sent.

    Args:
        database: all kommuner's.
        ring: the keys of the secrets.
    """

    def __init__(self, database: Database, ring: Noekkelring) -> None:
        self._database = database
        self._ring = ring

    async def kroker(self, naa: datetime) -> list[Krok]:
        """Every active webhook that something is due to."""
        venter = exists().where(_L.kommune == _W.kommune, _L.webhook_id == _W.id, *_forfalt(naa))
        sporring = select(webhook).where(_W.tilstand == Webhooktilstand.AKTIV, venter)
        async with self._database.les() as forbindelse:
            return [self._krok(rad, naa) for rad in await forbindelse.execute(sporring)]

    async def forfalte(self, krok: Krok, naa: datetime, antall: int) -> list[Forfalt]:
        """So many of the deliveries that are due to a webhook, those that have waited longest first."""
        denne = and_(endring.c.kommune == _L.kommune, endring.c.sekvensnummer == _L.sekvensnummer)
        sporring = (
            select(_L.forsoek, _L.opprettet, endring)
            .join(endring, denne)
            .where(_L.kommune == krok.kommune, _L.webhook_id == krok.id, *_forfalt(naa))
            .order_by(_L.neste_forsoek, _L.sekvensnummer)
            .limit(antall)
        )
        async with self._database.les() as forbindelse:
            return [_les(krok, rad) for rad in await forbindelse.execute(sporring)]

    async def levert_siden(self, krok: Krok, tidspunkt: datetime) -> bool:
        """Whether the receiver has taken anything since a time."""
        levert = select(_L.sekvensnummer).where(
            _L.kommune == krok.kommune,
            _L.webhook_id == krok.id,
            _L.tilstand == Leveringstilstand.LEVERT,
            _L.endret >= utc(tidspunkt),
        )
        async with self._database.les() as forbindelse:
            return (await forbindelse.execute(levert.limit(1))).first() is not None

    async def lagre(
        self, mandat: Mandat, resultater: Iterable[Resultat], stanser: Sequence[Stans], naa: datetime
    ) -> None:
        """Keep how it went.

        A delivery that has been taken away meanwhile, or ordered again, stays as it is.

        Raises:
            MandatTaptError: somebody else sends now, and will send these again.
        """
        async with self._database.skriv() as forbindelse:
            await krev(forbindelse, mandat)
            # Webhooks before deliveries, and the registers last: as those who delete them do.
            stanset = [stans for stans in _i_orden(stanser) if await _stans(forbindelse, stans, naa)]
            for resultat in sorted(resultater, key=_plass):
                await forbindelse.execute(_oppdatering(resultat, naa))
            for stans in stanset:
                leie = Leie(forbindelse, stans.krok.kommune, self._ring)
                await Revisjon(leie).noter(naa, stans.rad)

    def _krok(self, rad: Any, naa: datetime) -> Krok:
        kolonner = ["hemmelighet"]
        if rad.forrige_hemmelighet is not None and rad.forrige_til is not None and rad.forrige_til > naa:
            kolonner.append("forrige_hemmelighet")
        try:
            hemmeligheter = tuple(
                self._ring.dekrypter(getattr(rad, navn), sted("webhook", navn, rad.kommune, rad.id)).decode()
                for navn in kolonner
            )
        except KrypteringError:
            hemmeligheter = ()
        return Krok(kommune=rad.kommune, id=rad.id, url=rad.url, hemmeligheter=hemmeligheter)


def _forfalt(naa: datetime) -> tuple[ColumnElement[bool], ...]:
    return _L.tilstand == Leveringstilstand.VENTER, _L.neste_forsoek <= utc(naa)


def _les(krok: Krok, rad: Any) -> Forfalt:
    return Forfalt(
        krok=krok,
        endring=Endring(
            sekvensnummer=rad.sekvensnummer,
            type=rad.type,
            sak_id=rad.sak_id,
            gjelder=rad.gjelder,
            aar=rad.aar,
            tidspunkt=rad.tidspunkt,
        ),
        forsoek=rad.forsoek,
        opprettet=rad.opprettet,
    )


def _plass(resultat: Resultat) -> tuple[str, UUID, int]:
    forfalt = resultat.forfalt
    return forfalt.krok.kommune, forfalt.krok.id, forfalt.endring.sekvensnummer


def _i_orden(stanser: Sequence[Stans]) -> list[Stans]:
    return sorted(stanser, key=lambda stans: (stans.krok.kommune, stans.krok.id))


async def _stans(forbindelse: AsyncConnection, stans: Stans, naa: datetime) -> bool:
    """Whether it was still sent to."""
    setning = (
        update(webhook)
        .where(_W.kommune == stans.krok.kommune, _W.id == stans.krok.id, _W.tilstand == Webhooktilstand.AKTIV)
        .values(tilstand=stans.tilstand, versjon=_W.versjon + 1, endret=utc(naa))
    )
    return (await forbindelse.execute(setning)).rowcount == 1


def _oppdatering(resultat: Resultat, naa: datetime) -> Any:
    kommune, webhook_id, nr = _plass(resultat)
    return (
        update(webhooklevering)
        .where(_L.kommune == kommune, _L.webhook_id == webhook_id, _L.sekvensnummer == nr)
        .where(_L.tilstand == Leveringstilstand.VENTER, _L.forsoek == resultat.forfalt.forsoek)
        .values(
            tilstand=resultat.tilstand,
            forsoek=resultat.forfalt.forsoek + 1,
            neste_forsoek=utc(resultat.neste_forsoek),
            status=resultat.status,
            feil=resultat.feil,
            endret=utc(naa),
        )
    )
