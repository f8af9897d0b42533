"""Mass runs over HTTP: ordered here, carried out in the background, a portion at a time."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.saker.felles import Kontekst, Les, beskriv, klar, kontekst
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_peker, side
from app.api.svar import Svar, ok
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.services.masse.bestilling import (
    NY_MASSEKJOERING,
    MassekjoeringUt,
    bestill,
    bestill_angring,
    bestill_kjoering,
    kjoering_ut,
    les_massekjoering,
    les_massekjoeringer,
    les_rader,
)
from app.services.masse.hva_om import HVA_OM, HvaOmUt, hva_om
from app.services.masse.rad import MasseradUt, Masseutfall, rad_ut
from app.services.masse.regning import Regnere
from app.services.revisjon import Handling
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1/massekjoeringer", tags=["massekjøringer"])
budsjett = APIRouter(prefix="/api/v1", tags=["massekjøringer"])

Styr = Annotated[Kontekst, kontekst(Rettighet.SKRIV_KOMMUNE)]
KjoeringId = Annotated[UUID, Path(alias="massekjoeringId", description="Massekjøringens id")]

_HVA_OM = {
    "ny-g": {
        "summary": "G på 136 000 fra mai",
        "value": {
            "aar": 2026,
            "satser": [{"id": "grunnbeloep", "gjelderFra": "2026-05-01", "verdi": 136000}],
        },
    }
}
_EKSEMPLER = {"ny-g": {"summary": "Ny G fra 1. mai", "value": {"slag": "NY_G"}}}


@dataclass(frozen=True, slots=True)
class Kjoeringsside:
    """A page of runs."""

    elementer: tuple[MassekjoeringUt, ...] = felt(
        Liste(Objekt(MassekjoeringUt), STOERST), "Kjøringene, den nyeste først"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True)
class Radside:
    """A page of rows."""

    elementer: tuple[MasseradUt, ...] = felt(
        Liste(Objekt(MasseradUt), STOERST), "Sakene som blir annerledes eller er utelatt"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@router.post(
    "",
    status_code=201,
    operation_id="ny_massekjoering",
    summary="Tørrkjør alle sakene",
    description="Ingenting lagres i sakene. Kjøringen går i bakgrunnen; hent den for å se hvor langt den er kommet.",
    openapi_extra=beskriv(
        Objekt(MassekjoeringUt),
        inn=NY_MASSEKJOERING,
        status=201,
        eksempler=_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def ny_massekjoering(k: Styr) -> Response:
    """A dry run."""
    ny = await k.kropp(NY_MASSEKJOERING)

    async def lagre(lager: Lager) -> Svar:
        kjoering = await bestill(lager, k.kall, ny)
        sted = {"Location": f"/api/v1/massekjoeringer/{kjoering.id}"}
        return Svar(201, skriv_json(kjoering_ut(kjoering)), sted)

    return await k.en_gang(klar(lagre), Handling.MASSEKJOERING_LEST)


@router.get(
    "",
    operation_id="massekjoeringene",
    summary="List massekjøringene",
    openapi_extra=beskriv(Objekt(Kjoeringsside)),
)
async def massekjoeringene(k: Les, antall: Antall = STANDARD, peker: Peker = None) -> Response:
    """The runs, the newest first."""
    foer = les_peker(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_massekjoeringer(lager, k.kall, foer, antall)
        return ok(side(funnet, antall, kjoering_ut, lambda en: en.id))

    return await k.skriv(arbeid)


@router.get(
    "/{massekjoeringId}",
    operation_id="massekjoering",
    summary="Hent en massekjøring",
    openapi_extra=beskriv(Objekt(MassekjoeringUt)),
)
async def massekjoering(k: Les, kjoering_id: KjoeringId) -> Response:
    """One run, with how far it has come."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(kjoering_ut(await les_massekjoering(lager, k.kall, kjoering_id)))

    return await k.skriv(arbeid)


@router.get(
    "/{massekjoeringId}/rader",
    operation_id="massekjoeringens_rader",
    summary="List sakene i en massekjøring",
    description="Saker der ingenting blir annerledes, har ingen rad.",
    openapi_extra=beskriv(Objekt(Radside)),
)
async def rader(
    k: Les,
    kjoering_id: KjoeringId,
    utfall: Annotated[Masseutfall | None, Query(description="Bare saker med dette utfallet")] = None,
    antall: Antall = STANDARD,
    peker: Peker = None,
) -> Response:
    """The cases that change or are left out."""
    etter = les_peker(peker)

    async def arbeid(lager: Lager) -> Svar:
        valgt = [] if utfall is None else [utfall]
        funnet = await les_rader(lager, k.kall, kjoering_id, etter, antall, valgt)
        return ok(side(funnet, antall, rad_ut, lambda en: en.sak_id))

    return await k.skriv(arbeid)


@budsjett.post(
    "/hva-om",
    operation_id="hva_om",
    summary="Regn ut et budsjett med antatte satser",
    description=(
        "Alle åpne saker regnes om med satser som ikke er vedtatt. Ingenting lagres, og svaret nevner ingen sak. "
        "Det er et budsjett, ikke egenandel."
    ),
    openapi_extra=beskriv(Objekt(HvaOmUt), inn=HVA_OM, eksempler=_HVA_OM),
)
async def regn_hva_om(k: Styr) -> Response:
    """A budget."""
    oenske = await k.kropp(HVA_OM)
    async with Regnere() as regnere:
        return ok(await hva_om(k.drift, k.kall, oenske, regnere)).respons()


@router.post(
    "/{massekjoeringId}/kjoer",
    status_code=202,
    operation_id="kjoer_massekjoering",
    summary="Kjør det tørrkjøringen fant",
    description=(
        "Hver sak som blir annerledes, får en ny beregning ved siden av den gamle og en oppgave. Ingen vedtak fattes. "
        "Å sende det om igjen gjør ingenting mer."
    ),
    openapi_extra=beskriv(Objekt(MassekjoeringUt), status=202, feil=(409,)),
)
async def kjoer(k: Styr, kjoering_id: KjoeringId) -> Response:
    """For real."""

    async def arbeid(lager: Lager) -> Svar:
        return Svar(202, skriv_json(kjoering_ut(await bestill_kjoering(lager, k.kall, kjoering_id))))

    return await k.skriv(arbeid)


@router.post(
    "/{massekjoeringId}/angre",
    status_code=202,
    operation_id="angre_massekjoering",
    summary="Angre en massekjøring",
    description=(
        "Lukker oppgavene, og ingen bygger videre på beregningene. Saker det er fattet vedtak eller gjort etteroppgjør i, "
        "står, og har utfallet KAN_IKKE_ANGRES."
    ),
    openapi_extra=beskriv(Objekt(MassekjoeringUt), status=202, feil=(409,)),
)
async def angre(k: Styr, kjoering_id: KjoeringId) -> Response:
    """Undone."""

    async def arbeid(lager: Lager) -> Svar:
        return Svar(202, skriv_json(kjoering_ut(await bestill_angring(lager, k.kall, kjoering_id))))

    return await k.skriv(arbeid)
