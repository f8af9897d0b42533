"""Whether the process lives and is ready."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.api.problem import IKKE_KLAR, PROBLEMSVAR, Problem, ProblemError
from app.calc.satser import satsversjon
from app.calc.satsoversikt import dekket_til
from app.calc.versjon import REGELVERSJON
from app.db.motor import DatabaseError
from app.services.beredskap import Databasestand, Migrering, databasestand
from app.services.sak.drift import Saksdrift

router = APIRouter(tags=["drift"])

_SVARER_IKKE: Final = (
    "Databasen svarer ikke. Se om den er startet, og om EGENANDEL_DATABASE__URL er riktig; kjør «egenandel database "
    "kontroller»."
)
_IKKE_OPPGRADERT: Final = "Databasen er ikke oppgradert. Kjør «egenandel database oppgrader»."
_PROEV_IGJEN: Final = {"Retry-After": "5"}


class _Svar(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Liv(BaseModel):
    """The process answers."""

    status: str = "lever"


class Databasen(_Svar):
    """The database as it answers now."""

    produkt: str = Field(description="Produkt og versjon")
    versjon: str | None = Field(description="Versjonen av tabellene")
    migrering: Migrering = Field(description="NYERE når databasen er oppgradert for en nyere utgivelse")


class Beredskap(_Svar):
    """What the service stands ready with."""

    status: str = "klar"
    regelversjon: str
    satsversjon: str
    satser_dekket_til: str
    kodeversjon: str = Field(description="Versjonen av programmet")
    database: Databasen | None = Field(description="null uten nøkler: da lagres ingenting, og saker avvises")
    noekler: bool = Field(description="Om databasen har nøkler, så saker kan lagres")
    tilgang: bool = Field(description="Om tilgang er satt opp, så noen kan slippe inn")
    oppslag: bool = Field(description="Om oppslag hos Skatteetaten er satt opp")


@router.get("/live", summary="Prosessen lever", description="Spør ikke databasen.")
async def live() -> Liv:
    """The process, nothing else: a database that is down is no reason to start it again."""
    return Liv()


@router.get(
    "/ready",
    summary="Tjenesten er klar; 503 når databasen ikke svarer eller ikke er oppgradert",
    openapi_extra={"responses": {"503": PROBLEMSVAR}},
)
async def ready(request: Request) -> Beredskap:
    """Rules and rates are loaded, and the database answers with the tables the code needs."""
    tilstand = request.app.state
    drift: Saksdrift | None = tilstand.saksdrift
    return Beredskap(
        regelversjon=REGELVERSJON,
        satsversjon=satsversjon(),
        satser_dekket_til=dekket_til().isoformat(),
        kodeversjon=tilstand.settings.kodeversjon,
        database=None if drift is None else _vis(await _klar_database(drift)),
        noekler=drift is not None,
        tilgang=tilstand.maskinportenvakt is not None or tilstand.sesjoner is not None,
        oppslag=drift is not None and drift.oppslag is not None,
    )


async def _klar_database(drift: Saksdrift) -> Databasestand:
    try:
        stand = await databasestand(drift.arkiv.database)
    except DatabaseError:
        raise ProblemError(
            Problem(IKKE_KLAR, _SVARER_IKKE, kode="database-svarer-ikke"), _PROEV_IGJEN
        ) from None
    if stand.migrering is Migrering.MANGLER:
        raise ProblemError(
            Problem(IKKE_KLAR, _IKKE_OPPGRADERT, kode="database-ikke-oppgradert"), _PROEV_IGJEN
        )
    return stand


def _vis(stand: Databasestand) -> Databasen:
    return Databasen(produkt=stand.produkt, versjon=stand.versjon, migrering=stand.migrering)
