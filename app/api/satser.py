"""The rates in force on a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.satsoversikt import satsoversikt
from app.klokke import i_dag
from app.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["satser"])


@router.get(
    "/satser",
    operation_id="satser",
    summary="Satser i kraft på en dag, med kilde og alder",
    response_class=Response,
    openapi_extra={
        "responses": {
            "200": {
                "description": "Satsene",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Satsoversikt"}}},
            }
        }
    },
)
async def hent_satser(
    request: Request,
    dato: Annotated[date | None, Query(description="Dagen det spørres om; utelatt betyr i dag")] = None,
) -> Response:
    """Every rate with value, unit, source, age and how long it is verified."""
    settings: Settings = request.app.state.settings
    dag = i_dag()
    oversikt = satsoversikt(dato or dag, dag, settings.varsle_doegn_foer_satsene_utloeper)
    return Response(skriv_json(oversikt), media_type="application/json")
