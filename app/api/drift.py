"""Whether the process lives and is ready."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app.calc.satser import satsversjon
from app.calc.satsoversikt import dekket_til
from app.calc.versjon import REGELVERSJON

router = APIRouter(tags=["drift"])


class Liv(BaseModel):
    """The process answers."""

    status: str = "lever"


class Beredskap(BaseModel):
    """What the service stands ready with."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    status: str = "klar"
    regelversjon: str
    satsversjon: str
    satser_dekket_til: str


@router.get("/live", summary="Prosessen lever")
async def live() -> Liv:
    """The process, nothing else."""
    return Liv()


@router.get("/ready", summary="Tjenesten er klar")
async def ready() -> Beredskap:
    """Rules and rates are loaded."""
    return Beredskap(
        regelversjon=REGELVERSJON, satsversjon=satsversjon(), satser_dekket_til=dekket_til().isoformat()
    )
