"""The kommune's own setup over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Response

from app.api.eksempler_saker import OPPSETT_EKSEMPLER
from app.api.saker.felles import Kontekst, beskriv, kontekst
from app.api.svar import Svar, etag, krev_if_match, uendret
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Heltall, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.services.kommuneoppsett.dokument import KOMMUNEOPPSETT, Kommuneoppsett
from app.services.kommuneoppsett.lagring import LagretOppsett, endre_oppsett, les_lagret_oppsett
from app.services.kommuneoppsett.varsler import Oppsettsvarsel
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1/kommune", tags=["kommune"])

LesKommune = Annotated[Kontekst, kontekst(Rettighet.LES_KOMMUNE)]
SkrivKommune = Annotated[Kontekst, kontekst(Rettighet.SKRIV_KOMMUNE)]


@dataclass(frozen=True, slots=True)
class OppsettUt:
    """The setup with its version."""

    versjon: int = felt(Heltall(1, 10**9), "Versjonen; samme tall som i ETag")
    oppsett: Kommuneoppsett = felt(KOMMUNEOPPSETT, "Kommunens oppsett")
    varsler: tuple[Oppsettsvarsel, ...] = felt(
        Liste(Objekt(Oppsettsvarsel), 10_000), "Det som er uvanlig eller snart utløper"
    )
    av: str = felt(Tekst(200), "Hvem som lagret denne versjonen")
    opprettet: str = felt(Tidspunkt(), "Når den ble lagret")


def _svar(lest: LagretOppsett) -> Svar:
    ut = OppsettUt(
        versjon=lest.versjon,
        oppsett=lest.oppsett,
        varsler=lest.varsler,
        av=lest.av,
        opprettet=tidspunkt(lest.opprettet),
    )
    return Svar(200, skriv_json(ut), etag(lest.versjon))


@router.get(
    "/oppsett",
    operation_id="kommuneoppsett",
    summary="Hent kommunens oppsett",
    openapi_extra=beskriv(Objekt(OppsettUt), hvis_endret=True, feil=(409,)),
)
async def les(k: LesKommune) -> Response:
    """The newest version."""

    async def arbeid(lager: Lager) -> Svar:
        lest = await les_lagret_oppsett(lager, k.kall)
        if uendret(k.request, lest.versjon):
            return Svar(304, "", etag(lest.versjon))
        return _svar(lest)

    return await k.skriv(arbeid)


@router.put(
    "/oppsett",
    operation_id="endre_kommuneoppsett",
    summary="Endre kommunens oppsett",
    description="En ny versjon lagres; tidligere versjoner og beregningene som bygger på dem, står.",
    openapi_extra=beskriv(
        Objekt(OppsettUt), inn=KOMMUNEOPPSETT, eksempler=OPPSETT_EKSEMPLER, if_match=True, feil=(409,)
    ),
)
async def endre(k: SkrivKommune) -> Response:
    """A new version."""
    bygger_paa = krev_if_match(k.request)
    nytt = await k.kropp(KOMMUNEOPPSETT)

    async def arbeid(lager: Lager) -> Svar:
        lest = await endre_oppsett(lager, k.kall, nytt, bygger_paa)
        return _svar(lest)

    return await k.skriv(arbeid)
