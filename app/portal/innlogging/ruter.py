"""The way in and the way out, as the browser goes it."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.portal.innlogging.innlogging import FREMRE, LOGGET_UT, RETUR, Innlogging
from app.portal.ramme.feil import KommerUtenfraError, Sideroute
from app.portal.ramme.hoder import INNHOLDSREGLER, innholdsregler
from app.portal.ramme.maler import tegn
from app.portal.ramme.side import fra_oss, les_skjema, rute_mal
from app.portal.ramme.spraak import spraaket
from app.services.korrelasjon import NOEKKEL
from app.services.sesjoner.databasesesjoner import Sporing
from app.services.sesjoner.forsoek import FORSOEKSKAPSEL, er_hemmelighet, ny_hemmelighet
from app.services.sesjoner.sesjon import INFORMASJONSKAPSEL

router = APIRouter(include_in_schema=False, route_class=Sideroute)

_HJEM: Final = "/"
_INN: Final = "/logg-inn"
_EGEN_STI: Final = re.compile(r"/(?![/\\])[\w.~%/-]{0,300}", re.ASCII)
_FOR_INNLOGGING: Final = ("/logg-", LOGGET_UT)
_LENGST: Final = 300
_SEKUNDER_HOS_TILBYDEREN: Final = 1_800
"""How long the browser keeps the cookie of a login; how long the login is good, is decided here."""

_KAPSEL: Final[dict[str, Any]] = {"secure": True, "httponly": True, "samesite": "lax", "path": "/"}
"""Lax and not Strict: the browser comes back from another site, and must be known then."""


@router.get(_INN)
async def logg_inn(
    request: Request,
    tilbyder: Annotated[str, Query(max_length=_LENGST)] = "",
    retur: Annotated[str, Query(max_length=_LENGST)] = _HJEM,
) -> Response:
    """To the provider, or to the choice between several."""
    innlogging = _innlogging(request)
    if innlogging is None:
        return _avvist(request, Grunn.IKKE_SATT_OPP)
    retur = egen_sti(retur)
    navn = next(iter(innlogging.tilbydere)) if len(innlogging.tilbydere) == 1 else tilbyder
    if navn not in innlogging.tilbydere:
        return _side(request, "innlogging_velg.html", tilbydere=innlogging.tilbydere, retur=retur)
    nettleser = request.cookies.get(FORSOEKSKAPSEL, "")
    if not er_hemmelighet(nettleser):
        nettleser = ny_hemmelighet()
    try:
        adresse = await innlogging.begynn(navn, retur, nettleser)
    except InnloggingAvvistError as feil:
        return _avvist(request, feil.grunn, retur)
    svar = RedirectResponse(adresse, 303)
    svar.set_cookie(FORSOEKSKAPSEL, nettleser, max_age=_SEKUNDER_HOS_TILBYDEREN, **_KAPSEL)
    return svar


@router.get(RETUR)
async def tilbake(request: Request) -> Response:
    """Back from the provider."""
    innlogging = _innlogging(request)
    if innlogging is None:
        return _avvist(request, Grunn.IKKE_SATT_OPP)
    nettleser = request.cookies.get(FORSOEKSKAPSEL, "")
    forrige = request.cookies.get(INFORMASJONSKAPSEL)
    try:
        innlogget = await innlogging.fullfoer(
            _hver_en_gang(request.query_params.multi_items()), nettleser, forrige, _sporing(request)
        )
    except InnloggingAvvistError as feil:
        return _avvist(request, feil.grunn)
    svar = RedirectResponse(innlogget.retur, 303)
    svar.set_cookie(INFORMASJONSKAPSEL, innlogget.kapsel, **_KAPSEL)
    svar.delete_cookie(FORSOEKSKAPSEL, **_KAPSEL)
    return svar


@router.post("/logg-ut")
async def logg_ut(request: Request) -> Response:
    """End the session here, and then the provider's."""
    innlogging = _innlogging(request)
    kapsel = request.cookies.get(INFORMASJONSKAPSEL, "")
    sesjon = None if innlogging is None else await innlogging.sesjoner.hent(kapsel)
    if innlogging is None or sesjon is None:
        # It is over already; going by way of the login page could have logged the user in again.
        return _uten_kapsel(RedirectResponse(LOGGET_UT, 303))
    if not fra_oss(request, await les_skjema(request), sesjon):
        raise KommerUtenfraError
    avsluttet = await innlogging.sesjoner.logg_ut(kapsel, _sporing(request))
    skjema = None if avsluttet is None else await innlogging.utlogging(avsluttet)
    if skjema is None:
        return _uten_kapsel(_side(request, "innlogging_logget_ut.html", bare_her=True))
    svar = _side(request, "innlogging_fullfoer.html", skjema=skjema)
    svar.headers[INNHOLDSREGLER] = innholdsregler(skjema_til=" ".join(dict.fromkeys(skjema.opphav)))
    return _uten_kapsel(svar)


@router.get(LOGGET_UT)
async def logget_ut(request: Request) -> Response:
    """Where the browser ends."""
    return _side(request, "innlogging_logget_ut.html", bare_her=False)


@router.get(FREMRE)
async def fremre(
    request: Request,
    iss: Annotated[str, Query(max_length=_LENGST)] = "",
    sid: Annotated[str, Query(max_length=_LENGST)] = "",
) -> Response:
    """The provider says that its session is over, from a frame on its own page: no cookie comes with it."""
    innlogging = _innlogging(request)
    rammer = "'none'"
    if innlogging is not None:
        await innlogging.avslutt_fra(iss, sid, _sporing(request))
        rammer = " ".join(await innlogging.rammet_inn_av())
    regler = f"default-src 'none'; frame-ancestors {rammer}; base-uri 'none'; form-action 'none'"
    return HTMLResponse(
        "<!doctype html><title>Egenandel</title>",
        headers={INNHOLDSREGLER: regler, "Cross-Origin-Resource-Policy": "cross-origin"},
    )


def egen_sti(sti: str) -> str:
    """A path of ours to end at after login; anything else is the start page."""
    if not _EGEN_STI.fullmatch(sti) or sti.startswith(_FOR_INNLOGGING):
        return _HJEM
    return sti


def _innlogging(request: Request) -> Innlogging | None:
    innlogging: Innlogging | None = request.app.state.innlogging
    return innlogging


def _sporing(request: Request) -> Sporing:
    return Sporing(rute=rute_mal(request), korrelasjonsid=request.scope[NOEKKEL])


def _hver_en_gang(felt: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The query; what stands twice stands not at all."""
    funnet: dict[str, list[str]] = {}
    for navn, verdi in felt:
        funnet.setdefault(navn, []).append(verdi)
    return {navn: verdier[0] for navn, verdier in funnet.items() if len(verdier) == 1}


def _uten_kapsel(svar: Response) -> Response:
    svar.delete_cookie(INFORMASJONSKAPSEL, **_KAPSEL)
    return svar


def _avvist(request: Request, grunn: Grunn, retur: str = _HJEM) -> Response:
    side = grunn.side
    return _side(request, "innlogging_avvist.html", side.status, slag=side.kode, retur=retur)


def _side(request: Request, mal: str, status: int = 200, **data: Any) -> Response:
    referanse = request.scope.get(NOEKKEL, "")
    return HTMLResponse(tegn(mal, spraaket(request), side=None, korrelasjonsid=referanse, **data), status)
