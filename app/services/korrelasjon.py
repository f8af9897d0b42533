"""What follows a request through logs and registers: the id itself, and which ids can be trusted there."""

import re
import uuid
from typing import Final

NOEKKEL: Final = "egenandel.korrelasjonsid"
"""Where it stands in the ASGI scope."""

_UGJENNOMSIKTIG: Final = re.compile(r"[0-9A-Za-z._-]{8,64}")
_PERSON: Final = re.compile(r"[0-9]{6}[._-]?[0-9]{5}")
"""A national id, alone or inside something, with or without a divider."""


def trygg(verdi: str) -> bool:
    """Whether a value may stand in logs and in the register."""
    return bool(_UGJENNOMSIKTIG.fullmatch(verdi)) and not _PERSON.search(verdi)


def ny() -> str:
    """A random id; one that looks as if it held a national id is drawn again."""
    while not trygg(verdi := str(uuid.uuid4())):
        pass
    return verdi
