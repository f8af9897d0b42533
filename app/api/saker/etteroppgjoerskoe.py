"""Years that can be settled, and years that wait for their settlement, over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.gjentak import Lagring
from app.api.saker.felles import Les, Skriv, beskriv
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_peker, side
from app.api.svar import Svar, ok
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.services.masse.oppgjoerskoe import (
    OPPGJOERSBESTILLING,
    Koesak,
    Oppgjoersresultat,
    UtenOppgjoer,
    gjoer_opp_mange,
    les_koe,
    les_uten_oppgjoer,
)
from app.services.revisjon import Handling
from app.services.sak.forespoersler import FOERSTE_AAR, SISTE_AAR

router = APIRouter(prefix="/api/v1", tags=["massekjøringer"])

Aar = Annotated[
    int | None, Query(ge=FOERSTE_AAR, le=SISTE_AAR, description="Kalenderåret; utelatt er i fjor")
]

_EKSEMPLER = {"toerr": {"summary": "Hva det blir", "value": {"aar": 2025}}}


@dataclass(frozen=True, slots=True)
class Koeside:
    """A page of the queue."""

    elementer: tuple[Koesak, ...] = felt(Liste(Objekt(Koesak), STOERST), "Det som kan gjøres opp")
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True)
class Ventside:
    """A page of those who wait."""

    elementer: tuple[UtenOppgjoer, ...] = felt(
        Liste(Objekt(UtenOppgjoer), STOERST), "Saker der oppgjøret ikke er kommet"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@router.get(
    "/etteroppgjoerskoe",
    operation_id="etteroppgjoerskoe",
    summary="List det som kan gjøres opp",
    description="Årets eget skatteoppgjør er kommet og beregnet, og året er ikke gjort opp. Ingenting lagres.",
    openapi_extra=beskriv(Objekt(Koeside)),
)
async def koe(k: Les, aar: Aar = None, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """The queue."""
    etter = les_peker(peker)
    valgt = aar or k.kall.i_dag.year - 1

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_koe(k.drift, lager, k.kall, valgt, etter, antall)
        return ok(side(funnet, antall, lambda en: en, lambda en: UUID(en.beregning_id)))

    return await k.skriv(arbeid)


@router.post(
    "/etteroppgjoerskoe",
    operation_id="gjoer_opp_mange",
    summary="Gjør opp det som er klart",
    description="Uten `toerr: false` vises bare hva det blir. Hver sak gjøres opp for seg; det som må vurderes, utelates.",
    openapi_extra=beskriv(
        Objekt(Oppgjoersresultat),
        inn=OPPGJOERSBESTILLING,
        eksempler=_EKSEMPLER,
        gjentak=True,
        feil=(404, 409),
    ),
)
async def gjoer_opp(k: Skriv) -> Response:
    """Settled in bulk."""
    bestilling = await k.kropp(OPPGJOERSBESTILLING)

    async def forbered() -> Lagring:
        resultat = await gjoer_opp_mange(k.drift, k.kall, bestilling)

        async def svar(_: Lager) -> Svar:
            return ok(resultat)

        return svar

    return await k.en_gang(forbered, Handling.ETTEROPPGJOER_LEST)


@router.get(
    "/uten-oppgjoer",
    operation_id="uten_oppgjoer",
    summary="List dem som ikke har fått oppgjør ennå",
    description="Alle med vedtak i året der Skatteetatens oppgjør ikke er kommet, så året ikke kan gjøres opp.",
    openapi_extra=beskriv(Objekt(Ventside)),
)
async def uten(k: Les, aar: Aar = None, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """Those who wait."""
    etter = les_peker(peker)
    valgt = aar or k.kall.i_dag.year - 1

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_uten_oppgjoer(lager, k.kall, valgt, etter, antall)
        return ok(side(funnet, antall, lambda en: en, lambda en: UUID(en.sak_id)))

    return await k.skriv(arbeid)
