"""Webhooks over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.eksempler_saker import WEBHOOK_EKSEMPLER
from app.api.saker.felles import Kontekst, beskriv
from app.api.saker.kommune import LesKommune, SkrivKommune
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_nummer, skriv_peker
from app.api.svar import Svar, etag, krev_if_match, ok, uendret
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.db.lager.webhooker import Leveringstilstand
from app.services.endringsliste import STOERSTE
from app.services.webhooker.abonnement import (
    WEBHOOKOENSKE,
    LeveringUt,
    Proeveut,
    WebhookMedHemmelighet,
    Webhookoenske,
    WebhookUt,
    endre_webhook,
    gjenta_levering,
    kontroller_adresse,
    les_leveringer,
    les_webhook,
    les_webhooker,
    levering_ut,
    ny_webhook,
    proev_webhook,
    roter_hemmelighet,
    slett_webhook,
    ut,
)

router = APIRouter(prefix="/api/v1/webhooker", tags=["webhooker"])

WebhookId = Annotated[UUID, Path(alias="webhookId", description="Webhookens id")]
Nr = Annotated[int, Path(ge=0, le=STOERSTE, description="Endringens sekvensnummer")]
Tilstand = Annotated[Leveringstilstand | None, Query(description="Bare leveringer med denne tilstanden")]


@dataclass(frozen=True, slots=True)
class Leveringsside:
    """A page of deliveries."""

    elementer: tuple[LeveringUt, ...] = felt(
        Liste(Objekt(LeveringUt), STOERST), "Leveringene, de nyeste først"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


async def _oenske(k: Kontekst) -> Webhookoenske:
    oenske = await k.kropp(WEBHOOKOENSKE)
    await kontroller_adresse(k.drift.webhookvakt, oenske)
    return oenske


@router.post(
    "",
    status_code=201,
    operation_id="ny_webhook",
    summary="Lag en webhook",
    description="Svaret har hemmeligheten signaturene kontrolleres med. Den vises bare nå.",
    openapi_extra=beskriv(
        Objekt(WebhookMedHemmelighet),
        inn=WEBHOOKOENSKE,
        status=201,
        eksempler=WEBHOOK_EKSEMPLER,
        etag=True,
        feil=(409,),
    ),
)
async def lag(k: SkrivKommune) -> Response:
    """A new webhook."""
    oenske = await _oenske(k)

    async def arbeid(lager: Lager) -> Svar:
        laget = await ny_webhook(lager, k.kall, k.request.app.state.settings.webhooker, oenske)
        sted = {"Location": f"{router.prefix}/{laget.id}"}
        return Svar(201, skriv_json(laget), {**etag(laget.versjon), **sted})

    return await k.skriv(arbeid)


@router.get(
    "",
    operation_id="webhookene",
    summary="List webhookene",
    openapi_extra=beskriv(Liste(Objekt(WebhookUt), 1_000)),
)
async def alle(k: LesKommune) -> Response:
    """Every webhook."""

    async def arbeid(lager: Lager) -> Svar:
        return ok([ut(krok) for krok in await les_webhooker(lager, k.kall)])

    return await k.skriv(arbeid)


@router.get(
    "/{webhookId}",
    operation_id="webhook",
    summary="Hent en webhook",
    openapi_extra=beskriv(Objekt(WebhookUt), hvis_endret=True),
)
async def en(k: LesKommune, webhook_id: WebhookId) -> Response:
    """One webhook."""

    async def arbeid(lager: Lager) -> Svar:
        krok = await les_webhook(lager, k.kall, webhook_id)
        if uendret(k.request, krok.versjon):
            return Svar(304, "", etag(krok.versjon))
        return Svar(200, skriv_json(ut(krok)), etag(krok.versjon))

    return await k.skriv(arbeid)


@router.put(
    "/{webhookId}",
    operation_id="endre_webhook",
    summary="Endre, pause eller gjenoppta en webhook",
    description="Alt erstattes, bortsett fra hemmeligheten. Varsler som har ventet, sendes straks den er AKTIV igjen.",
    openapi_extra=beskriv(Objekt(WebhookUt), inn=WEBHOOKOENSKE, eksempler=WEBHOOK_EKSEMPLER, if_match=True),
)
async def endre(k: SkrivKommune, webhook_id: WebhookId) -> Response:
    """Replace what a webhook says."""
    versjon = krev_if_match(k.request)
    oenske = await _oenske(k)

    async def arbeid(lager: Lager) -> Svar:
        krok = await endre_webhook(lager, k.kall, webhook_id, versjon, oenske)
        return Svar(200, skriv_json(ut(krok)), etag(krok.versjon))

    return await k.skriv(arbeid)


@router.delete(
    "/{webhookId}",
    operation_id="slett_webhook",
    summary="Slett en webhook",
    description="Varsler som venter, sendes ikke. Endringene står fortsatt i endringslisten.",
    openapi_extra=beskriv(Objekt(WebhookUt), if_match=True),
)
async def slett(k: SkrivKommune, webhook_id: WebhookId) -> Response:
    """Take a webhook away; the answer is what it was."""
    versjon = krev_if_match(k.request)

    async def arbeid(lager: Lager) -> Svar:
        krok = await slett_webhook(lager, k.kall, webhook_id, versjon)
        return Svar(200, skriv_json(ut(krok)), etag(krok.versjon))

    return await k.skriv(arbeid)


@router.post(
    "/{webhookId}/roter",
    operation_id="roter_webhook",
    summary="Bytt hemmeligheten",
    description="Det signeres med begge hemmelighetene til den forrige er ute. Den nye vises bare nå.",
    openapi_extra=beskriv(Objekt(WebhookMedHemmelighet), if_match=True),
)
async def roter(k: SkrivKommune, webhook_id: WebhookId) -> Response:
    """A new secret."""
    versjon = krev_if_match(k.request)

    async def arbeid(lager: Lager) -> Svar:
        valg = k.request.app.state.settings.webhooker
        rotert = await roter_hemmelighet(lager, k.kall, valg, webhook_id, versjon)
        return Svar(200, skriv_json(rotert), etag(rotert.versjon))

    return await k.skriv(arbeid)


@router.post(
    "/{webhookId}/proev",
    status_code=202,
    operation_id="proev_webhook",
    summary="Send et prøvevarsel",
    description="Legges i køen som alle andre varsler, med typen webhook.proeve; se i leveringene hvordan det gikk.",
    openapi_extra=beskriv(Objekt(Proeveut), status=202),
)
async def proev(k: SkrivKommune, webhook_id: WebhookId) -> Response:
    """A test."""

    async def arbeid(lager: Lager) -> Svar:
        return Svar(202, skriv_json(await proev_webhook(lager, k.kall, webhook_id)))

    return await k.skriv(arbeid)


@router.get(
    "/{webhookId}/leveringer",
    operation_id="leveringene",
    summary="List leveringene til en webhook",
    openapi_extra=beskriv(Objekt(Leveringsside)),
)
async def leveringene(
    k: LesKommune,
    webhook_id: WebhookId,
    tilstand: Tilstand = None,
    antall: Antall = STANDARD,
    peker: Peker = None,
) -> Response:
    """The deliveries."""
    foer = None if peker is None else les_nummer(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_leveringer(lager, k.kall, webhook_id, tilstand, foer, antall)
        neste = skriv_peker(funnet[antall - 1].sekvensnummer) if len(funnet) > antall else None
        return ok(Leveringsside(elementer=tuple(map(levering_ut, funnet[:antall])), neste=neste))

    return await k.skriv(arbeid)


@router.post(
    "/{webhookId}/leveringer/{nr}/gjenta",
    status_code=202,
    operation_id="gjenta_levering",
    summary="Send en levering på nytt",
    description="Varselet har samme webhook-id som før. Kan brukes også når det er levert eller gitt opp.",
    openapi_extra=beskriv(Objekt(LeveringUt), status=202),
)
async def gjenta(k: SkrivKommune, webhook_id: WebhookId, nr: Nr) -> Response:
    """A delivery again."""

    async def arbeid(lager: Lager) -> Svar:
        return Svar(202, skriv_json(levering_ut(await gjenta_levering(lager, k.kall, webhook_id, nr))))

    return await k.skriv(arbeid)
