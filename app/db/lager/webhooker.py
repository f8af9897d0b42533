"""Webhooks: who wants to be told of changes, and what is to be told them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from app.db.leie import Leie, Verdier
from app.db.tabeller import webhook
from app.db.typer import utc


class Webhooktilstand(StrEnum):
    """Whether a webhook is sent to."""

    AKTIV = "AKTIV"
    PAUSET = "PAUSET"
    """Deliveries wait until it is taken up again."""
    STENGT = "STENGT"
    """The receiver has said that it is gone."""


class Leveringstilstand(StrEnum):
    """How far a delivery has come."""

    VENTER = "VENTER"
    LEVERT = "LEVERT"
    DOED = "DOED"
    """Given up; can be sent again by hand."""


async def aktuelle(leie: Leie, naa: datetime, endringer: Sequence[Verdier]) -> list[Verdier]:
    """A delivery of each change to every webhook that wants its type. The list of changes must be held."""
    tidspunkt = utc(naa)
    mottakere = await leie.mange(
        webhook,
        webhook.c.tilstand != Webhooktilstand.STENGT,
        kolonner=[webhook.c.id, webhook.c.typer],
        sorter=[webhook.c.id],
    )
    return [
        ny_levering(mottaker.id, endring["sekvensnummer"], tidspunkt)
        for mottaker in mottakere
        for endring in endringer
        if not mottaker.typer or endring["type"] in mottaker.typer.split()
    ]


def ny_levering(webhook_id: object, sekvensnummer: int, naa: datetime) -> Verdier:
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
