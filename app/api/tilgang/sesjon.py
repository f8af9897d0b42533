"""The session seam: how the portal's users come in. Without login there are no sessions: the service then knows none."""

from typing import Final

from fastapi import Request

from app.services.sesjoner.sesjon import Sesjoner

CSRF_FELT: Final = "X-CSRF-Token"
_ENDRER_IKKE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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
