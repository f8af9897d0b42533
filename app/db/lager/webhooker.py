"""Webhooks: who wants to be told of changes, and what has been told them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from app.db.lager.kommuner import VersjonskonfliktError
from app.db.leie import Leie, Verdier
from app.db.tabeller import webhook, webhooklevering
from app.db.typer import utc


class Webhooktilstand(StrEnum):
    """Whether a webhook is sent to."""

    AKTIV = "AKTIV"
    PAUSET = "PAUSET"
    """Deliveries wait until it is taken up again."""
    STENGT = "STENGT"
    """The receiver has said that it is gone; nothing more is put in its queue."""


class Leveringstilstand(StrEnum):
    """How far a delivery has come."""

    VENTER = "VENTER"
    LEVERT = "LEVERT"
    DOED = "DOED"
    """Given up; can be sent again by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Who wants to be told of what."""

    id: UUID
    url: str = field(repr=False)
    """May hold a token of the receiver's, so it is never logged."""
    typer: tuple[str, ...]
    """The kinds of change; empty is every kind."""
    beskrivelse: str | None
    tilstand: Webhooktilstand
    versjon: int
    forrige_til: datetime | None = None
    """How long the secret before this one signs too."""
    av: str
    opprettet: datetime
    endret: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Levering:
    """One change to be told to one webhook."""

    webhook_id: UUID
    sekvensnummer: int
    tilstand: Leveringstilstand
    forsoek: int
    neste_forsoek: datetime
    status: int | None
    """What the receiver answered last."""
    feil: str | None
    """Why it did not answer."""
    opprettet: datetime
    endret: datetime


class Webhooker:
    """The webhooks of one kommune. Whoever changes them holds the list of changes first (``Endringer.laas``)."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, ny: Webhook, hemmelighet: str) -> None:
        """Keep a new webhook with its secret."""
        await self._leie.sett_inn(
            webhook,
            {
                "id": ny.id,
                "hemmelighet": self._leie.krypter(hemmelighet.encode(), webhook, "hemmelighet", ny.id),
                "av": ny.av,
                "opprettet": ny.opprettet,
                **_kolonner(ny),
            },
        )

    async def hent(self, id_: UUID) -> Webhook | None:
        """One webhook."""
        rad = await self._leie.en(webhook, id=id_)
        return None if rad is None else _les(rad)

    async def alle(self) -> list[Webhook]:
        """Every webhook, the oldest first."""
        return [_les(rad) for rad in await self._leie.mange(webhook, sorter=[webhook.c.id])]

    async def endre(self, gammel: Webhook, ny: Webhook) -> Webhook:
        """Keep the next version of a webhook.

        Raises:
            VersjonskonfliktError: it has changed since ``gammel``.
        """
        neste = replace(ny, versjon=gammel.versjon + 1)
        await self._endre(gammel, _kolonner(neste))
        return neste

    async def roter(self, gammel: Webhook, hemmelighet: str, forrige_til: datetime, naa: datetime) -> Webhook:
        """A new secret; the one before signs too until a time.

        Raises:
            VersjonskonfliktError: it has changed since ``gammel``.
        """
        rad = await self._leie.en(webhook, id=gammel.id)
        if rad is None:
            raise VersjonskonfliktError
        forrige = self._leie.dekrypter(rad.hemmelighet, webhook, "hemmelighet", gammel.id)
        neste = replace(gammel, versjon=gammel.versjon + 1, forrige_til=utc(forrige_til), endret=utc(naa))
        lukket = {
            "hemmelighet": self._leie.krypter(hemmelighet.encode(), webhook, "hemmelighet", gammel.id),
            "forrige_hemmelighet": self._leie.krypter(forrige, webhook, "forrige_hemmelighet", gammel.id),
        }
        await self._endre(gammel, {**_kolonner(neste), **lukket})
        return neste

    async def slett(self, id_: UUID) -> bool:
        """Take a webhook away with its deliveries; whether it was there."""
        # Held first: the sender holds it before its deliveries too.
        if await self._leie.laas(webhook, id=id_) is None:
            return False
        await self._leie.slett(webhooklevering, webhook_id=id_)
        return await self._leie.slett(webhook, id=id_) == 1

    async def leveringer(
        self, webhook_id: UUID, tilstand: Leveringstilstand | None, foer: int | None, antall: int
    ) -> Sequence[Levering]:
        """The deliveries to a webhook, the newest first, before a number."""
        k = webhooklevering.c
        vilkaar: list[ColumnElement[bool]] = [] if foer is None else [k.sekvensnummer < foer]
        if tilstand is not None:
            vilkaar.append(k.tilstand == tilstand)
        rader = await self._leie.mange(
            webhooklevering,
            *vilkaar,
            sorter=[k.sekvensnummer.desc()],
            antall=antall,
            webhook_id=webhook_id,
        )
        return [_levering(rad) for rad in rader]

    async def gjenta(self, webhook_id: UUID, sekvensnummer: int, naa: datetime) -> Levering | None:
        """Send a delivery again from the first attempt on; nothing when there is none."""
        await self._leie.endre(
            webhooklevering,
            {
                "tilstand": Leveringstilstand.VENTER,
                "forsoek": 0,
                "neste_forsoek": utc(naa),
                "endret": utc(naa),
            },
            webhook_id=webhook_id,
            sekvensnummer=sekvensnummer,
        )
        rad = await self._leie.en(webhooklevering, webhook_id=webhook_id, sekvensnummer=sekvensnummer)
        return None if rad is None else _levering(rad)

    async def antall_ferdige(self, eldre_enn: datetime) -> int:
        """How many deliveries have been over with for a while."""
        return await self._leie.antall(webhooklevering, *_ferdig(eldre_enn))

    async def rydd(self, eldre_enn: datetime, antall: int) -> int:
        """Take away deliveries that have been over with for a while, so many at most; how many there were."""
        k = webhooklevering.c
        rader = await self._leie.mange(
            webhooklevering, *_ferdig(eldre_enn), kolonner=[k.webhook_id, k.sekvensnummer], antall=antall
        )
        return sum(
            [
                await self._leie.slett(
                    webhooklevering, webhook_id=rad.webhook_id, sekvensnummer=rad.sekvensnummer
                )
                for rad in rader
            ]
        )

    async def straks(self, webhook_id: UUID, naa: datetime) -> None:
        """What waits for a webhook is due now."""
        await self._leie.endre(
            webhooklevering,
            {"neste_forsoek": utc(naa)},
            webhook_id=webhook_id,
            tilstand=Leveringstilstand.VENTER,
        )

    async def _endre(self, gammel: Webhook, verdier: Verdier) -> None:
        if await self._leie.endre(webhook, verdier, id=gammel.id, versjon=gammel.versjon) != 1:
            raise VersjonskonfliktError


_MOTTAKER: Final = (webhook.c.id, webhook.c.typer, webhook.c.tilstand)


async def aktuelle(leie: Leie, naa: datetime, endringer: Sequence[Verdier]) -> list[Verdier]:
    """A delivery of each change to every webhook that wants its type. The list of changes must be held."""
    tidspunkt = utc(naa)
    mottakere = await leie.mange(webhook, kolonner=_MOTTAKER, sorter=[webhook.c.id])
    return [
        ny_levering(mottaker.id, endring["sekvensnummer"], tidspunkt)
        for mottaker in mottakere
        if mottaker.tilstand != Webhooktilstand.STENGT
        for endring in endringer
        if not mottaker.typer or endring["type"] in mottaker.typer.split()
    ]


def ny_levering(webhook_id: UUID, sekvensnummer: int, naa: datetime) -> Verdier:
    """A delivery that is due at once."""
    return {
        "webhook_id": webhook_id,
        "sekvensnummer": sekvensnummer,
        "tilstand": Leveringstilstand.VENTER,
        "forsoek": 0,
        "neste_forsoek": naa,
        "status": None,
        "feil": None,
        "opprettet": naa,
        "endret": naa,
    }


def _ferdig(eldre_enn: datetime) -> tuple[ColumnElement[bool], ...]:
    k = webhooklevering.c
    return k.tilstand.in_([Leveringstilstand.LEVERT, Leveringstilstand.DOED]), k.endret < utc(eldre_enn)


def _kolonner(krok: Webhook) -> dict[str, Any]:
    return {
        "url": krok.url,
        "typer": " ".join(krok.typer),
        "beskrivelse": krok.beskrivelse,
        "tilstand": krok.tilstand,
        "versjon": krok.versjon,
        "forrige_til": krok.forrige_til,
        "endret": krok.endret,
    }


def _les(rad: Row[Any]) -> Webhook:
    return Webhook(
        id=rad.id,
        url=rad.url,
        typer=tuple(rad.typer.split()),
        beskrivelse=rad.beskrivelse,
        tilstand=Webhooktilstand(rad.tilstand),
        versjon=rad.versjon,
        forrige_til=rad.forrige_til,
        av=rad.av,
        opprettet=rad.opprettet,
        endret=rad.endret,
    )


def _levering(rad: Row[Any]) -> Levering:
    return Levering(
        webhook_id=rad.webhook_id,
        sekvensnummer=rad.sekvensnummer,
        tilstand=Leveringstilstand(rad.tilstand),
        forsoek=rad.forsoek,
        neste_forsoek=rad.neste_forsoek,
        status=rad.status,
        feil=rad.feil,
        opprettet=rad.opprettet,
        endret=rad.endret,
    )
