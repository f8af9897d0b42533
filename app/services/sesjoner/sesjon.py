"""What is known of a user who is logged in, and where such things are found."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from app.services.tilgang import Aktoer

INFORMASJONSKAPSEL: Final = "__Host-egenandel"
"""The browser gives a ``__Host-`` cookie to this host alone, over HTTPS, for every path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sesjon:
    """A session that is alive.

    Attributes:
        aktoer: who acts, for which kommune, with which rights.
        navn: what the page calls the user; never in a log.
        csrf: what forms must send back; the session's own.
        innlogget: when the user logged in.
        utloeper: when the session ends however much it is used.
    """

    aktoer: Aktoer
    navn: str = field(repr=False)
    csrf: str = field(repr=False)
    innlogget: datetime
    utloeper: datetime


class Sesjoner(Protocol):
    """The sessions, as far as the API needs them; the cookie is an opaque key to one of them."""

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        """The user of a session that is alive, else ``None``."""
        ...

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        """Whether ``csrf`` is this session's own token, compared in constant time."""
        ...


class Portalsesjoner(Sesjoner, Protocol):
    """The sessions, as the portal needs them."""

    async def hent(self, cookieverdi: str) -> Sesjon | None:
        """The session if it is alive, else ``None``. Being asked for keeps it from falling asleep."""
        ...
