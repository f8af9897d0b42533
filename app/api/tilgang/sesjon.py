"""The session seam: how the portal's users will come in. No portal, no sessions: the service then knows none."""

from typing import Final, Protocol

from fastapi import Request

from app.services.tilgang import Aktoer

INFORMASJONSKAPSEL: Final = "__Host-egenandel"
"""The browser gives a ``__Host-`` cookie to this host alone, over HTTPS, for every path."""

CSRF_FELT: Final = "X-CSRF-Token"
_ENDRER_IKKE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Sesjoner(Protocol):
    """Sessions, kept on our side; the cookie is an opaque key."""

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        """The user of a session that is alive, else ``None``."""
        ...

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        """Whether ``csrf`` is this session's own token. Compare in constant time."""
        ...


async def csrf_i_orden(sesjoner: Sesjoner, cookieverdi: str, request: Request) -> bool:
    """Whether the request was made by our own pages, or changes nothing.

    A cookie follows along wherever a request starts; the header does not.
    """
    if request.method in _ENDRER_IKKE:
        return True
    # Browsers tell where a request started; what is not a browser sends nothing.
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    sendt = request.headers.getlist(CSRF_FELT)
    return len(sendt) == 1 and bool(sendt[0]) and await sesjoner.godtar_csrf(cookieverdi, sendt[0])
