"""Identities of stored rows: opaque, and in the order they were made."""

import os
from datetime import datetime
from itertools import count
from typing import Final
from uuid import UUID

_VERSJON: Final = 7
_VARIANT: Final = 0b10

_TELLER: Final = count(int.from_bytes(os.urandom(5)))
"""Starts somewhere in 40 bits and has 42, so it never comes to an end."""


def ny_id(naa: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds first, so that sorting by it sorts by age.

    A process counts its own, so that those of one millisecond sort too; the rest is random.
    """
    millisekunder = int(naa.timestamp() * 1000)
    hale = next(_TELLER) << 32 | int.from_bytes(os.urandom(4))
    return UUID(
        int=(millisekunder & (1 << 48) - 1) << 80
        | _VERSJON << 76
        | (hale >> 62 & (1 << 12) - 1) << 64
        | _VARIANT << 62
        | hale & (1 << 62) - 1
    )
