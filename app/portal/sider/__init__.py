"""The pages, one module for each kind of work."""

from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from app.portal.innlogging import ruter as innlogging
from app.portal.ramme.feil import feilside
from app.portal.sider import (
    arbeid,
    avstemminger,
    beregninger,
    brev,
    etteroppgjoer,
    fakturagrunnlag,
    hendelsesregister,
    hvorfor,
    massekjoeringer,
    oppgjoerskoe,
    oppsett,
    poster,
    sak,
    sak_endre,
    sak_ny,
    saker,
    saksstoff,
    spraakvalg,
    start,
    statiske,
    tilsyn,
    vedtak,
    webhooker,
)

_ROUTERE: Final = (
    statiske.router,
    spraakvalg.router,
    innlogging.router,
    start.router,
    sak_ny.router,  # before the pages that take any id after /saker
    sak_endre.router,
    poster.router,
    saker.router,
    massekjoeringer.router,
    oppgjoerskoe.router,
    avstemminger.router,
    arbeid.router,
    sak.router,
    beregninger.router,
    hvorfor.router,
    oppsett.router,
    etteroppgjoer.router,
    saksstoff.router,
    vedtak.router,
    brev.router,
    tilsyn.router,
    hendelsesregister.router,
    webhooker.router,
    fakturagrunnlag.router,
)
"""Every room of pages; a new one is a line here and one in ``app.portal.ramme.meny``."""


class _Utenfor(Convertor[str]):
    """Any path that is not the API's, or the one that answers as Fiks."""

    regex = r"(?!(?:register/)?api(?:/|$)).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("utenfor_api", _Utenfor())

_resten: Final = APIRouter(include_in_schema=False)


@_resten.get("/{sti:utenfor_api}")
async def finnes_ikke(request: Request, sti: str) -> Response:
    """Anything else a browser may ask for."""
    return feilside(request, 404)


def koble_paa(app: FastAPI) -> None:
    """Put the pages on the service, after everything else: they answer what nobody else does."""
    for router in _ROUTERE:
        app.include_router(router)
    app.include_router(_resten)
