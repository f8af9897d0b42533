"""Style sheets and scripts, for browsers to keep."""

from typing import Final

from fastapi import APIRouter, Response

from app.portal.ramme.feil import FeilSideError, Sideroute
from app.portal.ramme.statisk import FILER, les

router = APIRouter(include_in_schema=False, route_class=Sideroute)

_LENGE: Final = "public, max-age=31536000, immutable"


@router.get("/statisk/{merke}/{navn}")
async def fil(merke: str, navn: str) -> Response:
    """One file.

    Raises:
        FeilSideError: there is none, or it has changed: the page it stood on asks for the new one when it is loaded.
    """
    if navn not in FILER or merke != les(navn).merke:
        raise FeilSideError(404)
    funnet = les(navn)
    return Response(funnet.innhold, media_type=funnet.type, headers={"Cache-Control": _LENGE})
