"""What goes wrong, as a page that says what to do."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.satser import SatsManglerError
from app.db.motor import AvvistError, DatabaseError, OpptattError
from app.portal.ramme.maler import tegn
from app.portal.ramme.spraak import spraaket
from app.services.korrelasjon import NOEKKEL
from app.services.sak.feil import (
    FinnesIkkeError,
    KonfliktError,
    SamtidigError,
    UgyldigSakError,
    UtdatertError,
)
from app.services.tilgang import Avslagsgrunn

_logg = structlog.get_logger("egenandel.portal")


class PortalError(Exception):
    """A request that ends with a page of its own."""


class IkkeInnloggetError(PortalError):
    """Nobody is logged in."""


class KommerUtenfraError(PortalError):
    """A form that was not sent from our own page, or from one of another session."""


class ManglerRolleError(PortalError):
    """The user's role does not give the right."""


class FeilSideError(PortalError):
    """An error page by its status, for what has no better name.

    Attributes:
        status: the HTTP status.
        raad: what to do, when it is more than the status says.
    """

    def __init__(self, status: int, raad: str | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.raad = raad


class Sideroute(APIRoute):
    """A route that answers with pages also when something goes wrong."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See ``APIRoute``."""
        vanlig = super().get_route_handler()

        async def svar(request: Request) -> Response:
            try:
                return await vanlig(request)
            except Exception as feil:  # what is not known here is raised again
                return await feilsvar(request, feil)

        return svar


_LOGG_INN: Final = "/logg-inn"


@dataclass(frozen=True, slots=True)
class _Svar:
    """The page for one kind of error."""

    status: int
    slag: str = ""


_SIDER: Final[dict[type[Exception], _Svar]] = {
    KommerUtenfraError: _Svar(403, "utenfra"),
    ManglerRolleError: _Svar(403, "rolle"),
    FinnesIkkeError: _Svar(404),
    UtdatertError: _Svar(409, "utdatert"),
    KonfliktError: _Svar(409, "konflikt"),
    UgyldigSakError: _Svar(422),
    KontraktFeilError: _Svar(422),
    SamtidigError: _Svar(503, "opptatt"),
    OpptattError: _Svar(503, "opptatt"),
    AvvistError: _Svar(503, "opptatt"),
    SatsManglerError: _Svar(409, "sats"),
    RequestValidationError: _Svar(404),
}


async def feilsvar(request: Request, feil: Exception) -> Response:
    """The page for what went wrong.

    Raises:
        Exception: what nobody expected; it is logged further out, by kind and place only.
    """
    if isinstance(feil, IkkeInnloggetError):
        return til_innlogging(request)
    if isinstance(feil, FeilSideError):
        return feilside(request, feil.status, raad=feil.raad)
    if isinstance(feil, HTTPException):
        return feilside(request, feil.status_code)
    svar = _SIDER.get(type(feil))
    if svar is None:
        if not isinstance(feil, DatabaseError):
            raise feil
        _logg.error("databasen avviste", feiltype=type(feil).__name__, kode=str(feil))
        return feilside(request, 500)
    if isinstance(feil, FinnesIkkeError) or (isinstance(feil, UgyldigSakError) and feil.gjelder_andre):
        # Another kommune's is as unknown as one that never was; that somebody asked is noted.
        await _noter(request)
    return feilside(
        request,
        svar.status,
        svar.slag,
        raad=feil.tekst if isinstance(feil, KonfliktError) else None,
        hva=feil.hva if isinstance(feil, FinnesIkkeError) else None,
        feil=tuple(feil.feil) if isinstance(feil, (UgyldigSakError, KontraktFeilError)) else (),
    )


def til_innlogging(request: Request) -> Response:
    """Send the browser to log in, and back here afterwards if nothing was being sent."""
    sti = request.url.path if request.method == "GET" else "/"
    hvor = _LOGG_INN if sti == "/" else f"{_LOGG_INN}?retur={quote(sti, safe='/')}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": hvor})
    return RedirectResponse(hvor, 303)


def feilside(
    request: Request,
    status: int,
    slag: str = "",
    *,
    raad: str | None = None,
    hva: str | None = None,
    feil: tuple[Feil, ...] = (),
) -> Response:
    """An error page.

    Args:
        request: what was asked.
        status: the HTTP status.
        slag: which text, where a status has several.
        raad: what to do, when it is known better than the page's own words.
        hva: what is not there.
        feil: faults of what was sent.
    """
    innhold = tegn(
        "feil.html",
        spraaket(request),
        side=getattr(request.state, "side", None),
        status=status,
        slag=slag,
        raad=raad,
        hva=hva,
        feil=feil,
        korrelasjonsid=request.scope.get(NOEKKEL, ""),
    )
    svar = HTMLResponse(innhold, status)
    if request.headers.get("hx-request") == "true":
        # The whole page: a part of one would put an error in the place of what was asked for.
        svar.headers["HX-Retarget"] = "body"
        svar.headers["HX-Reswap"] = "innerHTML"
    return svar


async def _noter(request: Request) -> None:
    side = getattr(request.state, "side", None)
    if side is not None:
        await request.app.state.avslagsregister.avslag(
            side.kall.aktoer,
            side.kall.rute,
            side.rettighet,
            Avslagsgrunn.FINNES_IKKE,
            side.kall.korrelasjonsid,
        )
