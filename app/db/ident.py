"""Identities of stored rows: opaque, and in the order they were made."""

import os
from datetime import datetime
from itertools import count
from typing import Final
from uuid import UUID

_VERSJON: Final = 7
_VARIANT: Final = 0b10
_SLETTET: Final = UUID("00000000-0000-8000-8000-000000000000").int
_TILFELDIG: Final = 48

_teller = count()


def _begynn_aa_telle() -> None:
    """Start somewhere in 40 bits; there are 42, so it never comes to an end."""
    global _teller  # noqa: PLW0603 - one per process
    _teller = count(int.from_bytes(os.urandom(5)))


_begynn_aa_telle()
os.register_at_fork(after_in_child=_begynn_aa_telle)


def ny_id(naa: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds first, so that sorting by it sorts by age.

    A process counts its own, so that those of one millisecond sort too; the rest is random.
    """
    millisekunder = int(naa.timestamp() * 1000)
    hale = next(_teller) << 32 | int.from_bytes(os.urandom(4))
    return UUID(
        int=(millisekunder & (1 << 48) - 1) << 80
        | _VERSJON << 76
        | (hale >> 62 & (1 << 12) - 1) << 64
        | _VARIANT << 62
        | hale & (1 << 62) - 1
    )


def slettet_id() -> UUID:
    """What stands where a person was who has been erased: it points at nobody, and no two are alike."""
    return UUID(int=_SLETTET | int.from_bytes(os.urandom(_TILFELDIG // 8)))


def er_slettet_id(id_: UUID) -> bool:
    """Whether the reference is what is left of an erased person."""
    return id_.int >> _TILFELDIG == _SLETTET >> _TILFELDIG
