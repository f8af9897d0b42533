"""How the event lists stand, for those who run the service."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.saker.felles import Kontekst, beskriv, kontekst
from app.api.svar import ok
from app.calc.kontrakt.lesing import Objekt
from app.services.hendelser.drift import Hendelsesstatus, status
from app.services.tilgang import Rettighet

router = APIRouter(prefix="/api/v1/hendelser", tags=["drift"])


@router.get(
    "/status",
    operation_id="hendelsesstatus",
    summary="Se hvordan hendelseslistene følges",
    description="Hvor langt hver liste er lest, når, og hva som venter. Tall for hele tjenesten, ingenting om noen.",
    openapi_extra=beskriv(Objekt(Hendelsesstatus)),
)
async def les(k: Annotated[Kontekst, kontekst(Rettighet.LES_DRIFT)]) -> Response:
    """Every list that has begun."""
    return ok(await status(k.drift.arkiv)).respons()
