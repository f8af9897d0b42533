"""Identities of stored rows: opaque, and in the order they were made."""

import os
from datetime import datetime
from uuid import UUID

_VERSJON = 7
_VARIANT = 0b10


def ny_id(naa: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds first, so that sorting by it sorts by age; the rest is random."""
    millisekunder = int(naa.timestamp() * 1000)
    tilfeldig = int.from_bytes(os.urandom(10))
    return UUID(
        int=(millisekunder & (1 << 48) - 1) << 80
        | _VERSJON << 76
        | (tilfeldig >> 64 & (1 << 12) - 1) << 64
        | _VARIANT << 62
        | tilfeldig & (1 << 62) - 1
    )
