"""Years that can be settled: seen, judged, and settled in bulk; and those whose settlement has not come."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.db.arkiv import Lager
from app.portal.ramme.feil import Sideroute
from app.portal.ramme.kontrakt import les
from app.portal.ramme.side import LesSak, Side, SkrivSak
from app.services.masse.oppgjoerskoe import (
    OPPGJOERSBESTILLING,
    Koesak,
    Oppgjoersbestilling,
    Oppgjoersresultat,
    UtenOppgjoer,
    gjoer_opp_mange,
    les_koe,
    les_uten_oppgjoer,
)
from app.services.sak.forespoersler import FOERSTE_AAR, SISTE_AAR
from app.services.sak.saksvisning import Saksvisning, vis_saker

router = APIRouter(prefix="/etteroppgjoer", include_in_schema=False, route_class=Sideroute)

_PER_SIDE: Final = 50

Aar = Annotated[int | None, Query(ge=FOERSTE_AAR, le=SISTE_AAR)]
Etter = Annotated[UUID | None, Query()]


@dataclass(frozen=True, slots=True)
class Koerad:
    """A year that can be settled, with whom it is about."""

    en: Koesak
    gjelder: Saksvisning | None


@dataclass(frozen=True, slots=True)
class Venterad:
    """Somebody who waits."""

    en: UtenOppgjoer
    gjelder: Saksvisning | None


@router.get("")
async def koe(side: LesSak, aar: Aar = None, etter: Etter = None) -> Response:
    """The queue, page by page."""
    valgt = aar or side.kall.i_dag.year - 1

    async def arbeid(lager: Lager) -> Response:
        funnet = await les_koe(side.drift, lager, side.kall, valgt, etter, _PER_SIDE)
        synlige = funnet[:_PER_SIDE]
        navn = await _navn(lager, side, (en.sak_id for en in synlige))
        return side.vis(
            "oppgjoerskoe.html",
            aar=valgt,
            rader=[Koerad(en, navn.get(en.sak_id)) for en in synlige],
            neste=synlige[-1].beregning_id if len(funnet) > _PER_SIDE else None,
        )

    return await side.gjoer(arbeid)


@router.post("/samlet")
async def samlet(side: SkrivSak) -> Response:
    """What settling would come to, and then exactly that settled.

    What is settled is what the user has been shown: when it would come to something else by now, that is shown
    instead, and nothing is settled.
    """
    raa: dict[str, Any] = {"aar": _heltall(side.tekst("aar")), "toerr": True}
    vist = [verdi for verdi in side.felt.getlist("sak") if isinstance(verdi, str)]
    if vist:
        raa["saker"] = vist
    lest = les(OPPGJOERSBESTILLING, raa)
    if (oenske := lest.verdi) is None:
        return side.videre("/etteroppgjoer")
    toerr = await gjoer_opp_mange(side.drift, side.kall, oenske)
    avtrykk = _avtrykk(toerr)
    if side.tekst("avtrykk") != avtrykk:
        return await _vis_resultat(side, oenske.aar, toerr, avtrykk, endret=bool(side.tekst("avtrykk")))
    saker = tuple(en.sak_id for en in toerr.gjort_opp)
    ekte = await gjoer_opp_mange(
        side.drift, side.kall, Oppgjoersbestilling(aar=oenske.aar, saker=saker, toerr=False)
    )
    return await _vis_resultat(side, oenske.aar, ekte, "", endret=False)


def _heltall(tekst: str) -> int | str:
    return int(tekst) if tekst.isascii() and tekst.isdigit() else tekst


def _avtrykk(resultat: Oppgjoersresultat) -> str:
    """What was shown, in short: which calculations, and the sums."""
    deler = [*sorted(en.beregning_id for en in resultat.gjort_opp), resultat.skyldig, resultat.til_gode]
    return sha256("\n".join(map(str, deler)).encode()).hexdigest()


async def _vis_resultat(
    side: Side, aar: int, resultat: Oppgjoersresultat, avtrykk: str, *, endret: bool
) -> Response:
    alle = [*resultat.gjort_opp, *resultat.utelatt]
    navn = await side.gjoer(lambda lager: _navn(lager, side, (en.sak_id for en in alle)))
    return side.vis(
        "oppgjoersresultat.html",
        aar=aar,
        resultat=resultat,
        ferdige=[Koerad(en, navn.get(en.sak_id)) for en in resultat.gjort_opp],
        utelatt=[Koerad(en, navn.get(en.sak_id)) for en in resultat.utelatt],
        avtrykk=avtrykk,
        endret=endret,
    )


@router.get("/uten")
async def uten(side: LesSak, aar: Aar = None, etter: Etter = None) -> Response:
    """Those whose settlement has not come."""
    valgt = aar or side.kall.i_dag.year - 1

    async def arbeid(lager: Lager) -> Response:
        funnet = await les_uten_oppgjoer(lager, side.kall, valgt, etter, _PER_SIDE)
        synlige = funnet[:_PER_SIDE]
        navn = await _navn(lager, side, (en.sak_id for en in synlige))
        return side.vis(
            "uten_oppgjoer.html",
            aar=valgt,
            rader=[Venterad(en, navn.get(en.sak_id)) for en in synlige],
            neste=synlige[-1].sak_id if len(funnet) > _PER_SIDE else None,
        )

    return await side.gjoer(arbeid)


async def _navn(lager: Lager, side: Side, ider: Iterable[str]) -> dict[str, Saksvisning]:
    saker = await lager.massesaker.hent(sorted({UUID(id_) for id_ in ider}))
    return {str(en.sak.id): en for en in await vis_saker(lager, side.kall, saker.values())}
