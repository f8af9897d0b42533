"""Work after events that has stopped: read, tried again, or closed with a reason. Nobody's name is shown."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeidsnoekkel, Arbeidstilstand, Liste
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import Felter, les, tall, uten_tomme
from app.portal.ramme.side import Side, krev_side
from app.services.hendelser.drift import status
from app.services.oppfoelging.stoppet import (
    ARBEIDSLUKKING,
    ARBEIDSVALG,
    arbeid_ut,
    gjenta,
    les_arbeid,
    les_stanset,
    lukk,
)
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/drift/arbeid", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50

Styrer = Annotated[Side, krev_side(Rettighet.SKRIV_DRIFT)]


@router.get("")
async def liste(
    side: Styrer,
    person: Annotated[UUID | None, Query()] = None,
    etter: Annotated[Liste | None, Query()] = None,
    aar: Annotated[int | None, Query(ge=0, le=9999)] = None,
) -> Response:
    """What has stopped, and what stands still; page by page, from after one of them."""
    noekkel = None
    if person is not None and etter is not None and aar is not None:
        noekkel = Arbeidsnoekkel(person, etter, aar)
    return await _vis(side, noekkel, Felter())


async def _vis(side: Side, etter: Arbeidsnoekkel | None, feil: Felter) -> Response:
    timer = side.request.app.state.settings.avstemming.arbeid_timer
    # The lists are the service's own, and say nothing of anybody.
    lister = (await status(side.drift.arkiv)).lister if side.har(Rettighet.LES_DRIFT) else ()

    async def arbeid(lager: Lager) -> Response:
        doede = await les_arbeid(lager, side.kall, Arbeidstilstand.DOED, etter, _PER_SIDE)
        stanset = await les_stanset(lager, side.kall, timer, _PER_SIDE)
        return side.vis(
            "arbeid.html",
            status=422 if feil else 200,
            doede=[arbeid_ut(rad) for rad in doede[:_PER_SIDE]],
            neste=doede[_PER_SIDE - 1].noekkel if len(doede) > _PER_SIDE else None,
            stanset=[arbeid_ut(rad) for rad in stanset],
            timer=timer,
            lister=lister,
            feil=feil,
        )

    return await side.gjoer(arbeid)


def _valg(side: Side, **mer: str) -> dict[str, Any]:
    """Which work: one piece by its key, or everything when the form has none."""
    return uten_tomme(
        {
            "personId": side.tekst("personId"),
            "liste": side.tekst("liste"),
            "aar": tall(side.tekst("aar")),
            **mer,
        }
    )


@router.post("/gjenta")
async def proev_igjen(side: Styrer) -> Response:
    """Let it be tried again."""
    lest = les(ARBEIDSVALG, _valg(side))
    if (valg := lest.verdi) is None:
        return await _vis(side, None, lest.feil)
    await side.gjoer(lambda lager: gjenta(lager, side.kall, valg))
    return side.videre("/drift/arbeid")


@router.post("/lukk")
async def lukk_arbeid(side: Styrer) -> Response:
    """Let it be, with the reason."""
    lest = les(ARBEIDSLUKKING, _valg(side, begrunnelse=side.tekst("begrunnelse")))
    if (valg := lest.verdi) is None:
        return await _vis(side, None, lest.feil)
    await side.gjoer(lambda lager: lukk(lager, side.kall, valg))
    return side.videre("/drift/arbeid")
