"""What is sent: a thin body, signed as Standard Webhooks says (standardwebhooks.com).

Nothing in it is personal: it says that something happened in a case, and the receiver asks for the rest.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from app.calc.kontrakt.json_tekst import skriv_json
from app.db.lager.endringer import Endring
from app.services.sak.ut import tidspunkt

_HEMMELIGHET: Final = 32
"""Bytes; Standard Webhooks asks for 24 to 64."""


def ny_hemmelighet() -> str:
    """A new secret, as the receiver keeps it."""
    return f"whsec_{b64encode(token_bytes(_HEMMELIGHET)).decode()}"


def meldings_id(webhook_id: UUID, sekvensnummer: int) -> str:
    """The same however often it is sent, so that the receiver knows it again."""
    return f"msg_{webhook_id.hex}_{sekvensnummer}"


def kropp(endring: Endring) -> str:
    """The body; byte for byte the same each time."""
    return skriv_json(
        {
            "type": endring.type,
            "timestamp": tidspunkt(endring.tidspunkt),
            "data": {
                "sekvensnummer": endring.sekvensnummer,
                "sakId": None if endring.sak_id is None else str(endring.sak_id),
                "gjelder": None if endring.gjelder is None else str(endring.gjelder),
                "aar": endring.aar,
            },
        }
    ).strip()


def hoder(id_: str, innhold: str, hemmeligheter: Sequence[str], naa: datetime) -> dict[str, str]:
    """The headers that prove who sent it and when, with a signature by each secret that is valid now."""
    return {
        "content-type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(int(naa.timestamp())),
        "webhook-signature": " ".join(
            Webhook(en).sign(id_, naa.astimezone(UTC), innhold) for en in hemmeligheter
        ),
    }
