"""The choice between bokmål and nynorsk."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from starlette.responses import RedirectResponse

from app.portal.ramme.spraak import INFORMASJONSKAPSEL, KODER

router = APIRouter(include_in_schema=False)

_ANNET_STED: Final = "cross-site"


@router.post("/spraak")
async def velg(request: Request, spraak: Annotated[str, Form()] = "") -> Response:
    """Remember the language, and show the same page in it. Needs no login, and says nothing of anybody."""
    svar = RedirectResponse(_samme_side(request), 303)
    if spraak in KODER and request.headers.get("sec-fetch-site") != _ANNET_STED:
        svar.set_cookie(INFORMASJONSKAPSEL, spraak, secure=True, httponly=True, samesite="lax")
    return svar


def _samme_side(request: Request) -> str:
    """Where the user was, if that was one of our own pages; else the start."""
    deler = urlsplit(request.headers.get("referer", ""))
    if deler.netloc != request.url.netloc or not deler.path.startswith("/") or deler.path.startswith("//"):
        return "/"
    return f"{deler.path}?{deler.query}" if deler.query else deler.path
