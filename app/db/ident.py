"""Identities of stored rows: opaque, and in the order they were made."""

import os
from datetime import datetime
from uuid import UUID

_VERSJON = 7
_VARIANT = 0b10
_SLETTET = UUID("00000000-0000-8000-8000-000000000000").int
_TILFELDIG = 48


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


def slettet_id() -> UUID:
    """What stands where a person was who has been erased: it points at nobody, and no two are alike."""
    return UUID(int=_SLETTET | int.from_bytes(os.urandom(_TILFELDIG // 8)))


def er_slettet_id(id_: UUID) -> bool:
    """Whether the reference is what is left of an erased person."""
    return id_.int >> _TILFELDIG == _SLETTET >> _TILFELDIG
