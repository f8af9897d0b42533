"""Decisions and settlements over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.api.eksempler_saker import ETTEROPPGJOER_EKSEMPLER, GODKJENNING_EKSEMPLER, VEDTAK_EKSEMPLER
from app.api.saker.felles import Kontekst, Les, SakId, Skriv, beskriv, klar, kontekst
from app.api.svar import Svar, ok
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Liste, Objekt
from app.db.arkiv import Lager
from app.services.revisjon import Handling
from app.services.sak.etteroppgjoer import (
    etteroppgjoertekst,
    gjoer_opp,
    les_ett_etteroppgjoer,
    les_etteroppgjoer,
    meta,
)
from app.services.sak.forespoersler import NYTT_ETTEROPPGJOER, NYTT_VEDTAK, VEDTAKSAVGJOERELSE
from app.services.sak.godkjenning import avgjoer_vedtak
from app.services.sak.ut import EtteroppgjoerMeta, EtteroppgjoerSvar, VedtakUt
from app.services.sak.vedtak import fatt_vedtak, les_ett_vedtak, les_vedtak
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1/saker/{sakId}", tags=["saker"])

VedtakId = Annotated[UUID, Path(alias="vedtakId", description="Vedtakets id")]
Godkjenn = Annotated[Kontekst, kontekst(Rettighet.GODKJENN_VEDTAK)]
EtteroppgjoerId = Annotated[UUID, Path(alias="etteroppgjoerId", description="Etteroppgjørets id")]


@router.post(
    "/vedtak",
    status_code=201,
    operation_id="nytt_vedtak",
    summary="Fatt vedtak",
    openapi_extra=beskriv(
        Objekt(VedtakUt),
        inn=NYTT_VEDTAK,
        status=201,
        eksempler=VEDTAK_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def nytt_vedtak(k: Skriv, sak_id: SakId) -> Response:
    """A decision on a calculation."""
    nytt = await k.kropp(NYTT_VEDTAK)

    async def lagre(lager: Lager) -> Svar:
        vedtak = await fatt_vedtak(lager, k.kall, sak_id, nytt)
        return Svar(201, skriv_json(vedtak), {"Location": f"/api/v1/saker/{sak_id}/vedtak/{vedtak.id}"})

    return await k.en_gang(klar(lagre), Handling.VEDTAK_LEST, sak_id)


@router.get(
    "/vedtak",
    operation_id="vedtakene",
    summary="List vedtakene i en sak",
    openapi_extra=beskriv(Liste(Objekt(VedtakUt), 10_000)),
)
async def vedtakene(k: Les, sak_id: SakId) -> Response:
    """Every decision of a case."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await les_vedtak(lager, k.kall, sak_id))

    return await k.skriv(arbeid)


@router.get(
    "/vedtak/{vedtakId}",
    operation_id="vedtak",
    summary="Hent et vedtak",
    openapi_extra=beskriv(Objekt(VedtakUt)),
)
async def vedtak(k: Les, sak_id: SakId, vedtak_id: VedtakId) -> Response:
    """One decision."""

    async def arbeid(lager: Lager) -> Svar:
        return ok(await les_ett_vedtak(lager, k.kall, sak_id, vedtak_id))

    return await k.skriv(arbeid)


@router.post(
    "/vedtak/{vedtakId}/godkjenning",
    operation_id="avgjoer_vedtak",
    summary="Godkjenn eller avvis et vedtak som venter",
    description="Bare en leder som er logget inn, og ikke den som fattet vedtaket. Et vedtak over kommunens grense gjelder "
    "ikke før det er godkjent.",
    openapi_extra=beskriv(
        Objekt(VedtakUt), inn=VEDTAKSAVGJOERELSE, eksempler=GODKJENNING_EKSEMPLER, feil=(409,)
    ),
)
async def avgjoer(k: Godkjenn, sak_id: SakId, vedtak_id: VedtakId) -> Response:
    """Approve or refuse a decision."""
    valg = await k.kropp(VEDTAKSAVGJOERELSE)

    async def arbeid(lager: Lager) -> Svar:
        await avgjoer_vedtak(lager, k.kall, sak_id, vedtak_id, valg)
        return ok(await les_ett_vedtak(lager, k.kall, sak_id, vedtak_id))

    return await k.skriv(arbeid)


@router.post(
    "/etteroppgjoer",
    status_code=201,
    operation_id="nytt_etteroppgjoer",
    summary="Gjør opp et år",
    openapi_extra=beskriv(
        Objekt(EtteroppgjoerSvar),
        inn=NYTT_ETTEROPPGJOER,
        status=201,
        eksempler=ETTEROPPGJOER_EKSEMPLER,
        gjentak=True,
        feil=(409,),
    ),
)
async def nytt_etteroppgjoer(k: Skriv, sak_id: SakId) -> Response:
    """Settle a year."""
    nytt = await k.kropp(NYTT_ETTEROPPGJOER)

    async def lagre(lager: Lager) -> Svar:
        ett = await gjoer_opp(lager, k.kall, sak_id, nytt, k.drift.kodeversjon)
        return Svar(
            201, etteroppgjoertekst(ett), {"Location": f"/api/v1/saker/{sak_id}/etteroppgjoer/{ett.id}"}
        )

    return await k.en_gang(klar(lagre), Handling.ETTEROPPGJOER_LEST, sak_id)


@router.get(
    "/etteroppgjoer",
    operation_id="etteroppgjoerene",
    summary="List etteroppgjørene i en sak",
    openapi_extra=beskriv(Liste(Objekt(EtteroppgjoerMeta), 10_000)),
)
async def etteroppgjoerene(k: Les, sak_id: SakId) -> Response:
    """Every settlement of a case."""

    async def arbeid(lager: Lager) -> Svar:
        return ok([meta(ett) for ett in await les_etteroppgjoer(lager, k.kall, sak_id)])

    return await k.skriv(arbeid)


@router.get(
    "/etteroppgjoer/{etteroppgjoerId}",
    operation_id="etteroppgjoer",
    summary="Hent et etteroppgjør",
    openapi_extra=beskriv(Objekt(EtteroppgjoerSvar)),
)
async def etteroppgjoer(k: Les, sak_id: SakId, etteroppgjoer_id: EtteroppgjoerId) -> Response:
    """One settlement, whole."""

    async def arbeid(lager: Lager) -> Svar:
        return Svar(
            200, etteroppgjoertekst(await les_ett_etteroppgjoer(lager, k.kall, sak_id, etteroppgjoer_id))
        )

    return await k.skriv(arbeid)
