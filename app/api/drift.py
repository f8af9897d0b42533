"""Whether the process lives and is ready."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app import klokke
from app.api.problem import IKKE_KLAR, PROBLEMSVAR, Problem, ProblemError
from app.calc.satser import satsversjon
from app.calc.satsoversikt import dekket_til
from app.calc.versjon import REGELVERSJON
from app.db.maalinger import Liste as Listestand
from app.db.motor import DatabaseError
from app.services.beredskap import Databasestand, Migrering, databasestand
from app.services.sak.drift import Saksdrift

router = APIRouter(tags=["drift"])

_SVARER_IKKE: Final = (
    "Databasen svarer ikke. Se om den er startet, og om EGENANDEL_DATABASE__URL er riktig; kjør «egenandel database "
    "kontroller»."
)
_IKKE_OPPGRADERT: Final = "Databasen er ikke oppgradert. Kjør «egenandel database oppgrader»."
_STENGER: Final = "Tjenesten er i ferd med å stenge. Send forespørselen til en annen prosess."
_GAMMEL_SQLITE: Final = (
    "SQLite før 3.52.0 har en sjelden feil som kan skade filen når flere skriver. Bruk én tjeneste per fil."
)
_FORSINKET: Final = (
    "Listen {liste} er ikke lest på {sekunder} sekunder. Se om den følges, og om Skatteetaten svarer."
)
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


class Liste(_Svar):
    """An event list, as far as it is read."""

    liste: str
    neste: int = Field(description="Nummeret neste side begynner på")
    lest: datetime | None = Field(description="Da den sist ble lest")
    siste_hendelse: datetime | None = Field(description="Da det sist kom en hendelse")
    forsinket: bool = Field(description="Om det er for lenge siden den ble lest; er ingen grunn til 503")


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
    lister: list[Liste] = Field(description="Hendelseslistene som følges")
    varsler: list[str] = Field(description="Det driften bør se på")


@router.get("/live", summary="Prosessen lever", description="Spør ikke databasen.")
async def live() -> Liv:
    """The process, nothing else: a database that is down is no reason to start it again."""
    return Liv()


@router.get(
    "/ready",
    summary="Tjenesten er klar; 503 når den stenger, og når databasen ikke svarer eller ikke er oppgradert",
    openapi_extra={"responses": {"503": PROBLEMSVAR}},
)
async def ready(request: Request) -> Beredskap:
    """Rules and rates are loaded, and the database answers with the tables the code needs.

    A list that is not read makes nobody's request go wrong, and sending requests elsewhere would not help: it is told,
    and never 503.
    """
    tilstand = request.app.state
    if tilstand.stenger:
        raise ProblemError(Problem(IKKE_KLAR, _STENGER, kode="stenger"), _PROEV_IGJEN)
    drift: Saksdrift | None = tilstand.saksdrift
    stand = None if drift is None else await _klar_database(drift)
    grense = tilstand.settings.maaling.hoeyeste_forsinkelse
    listene = [_vis_liste(en, grense) for en in (stand.lister if stand else ())]
    return Beredskap(
        regelversjon=REGELVERSJON,
        satsversjon=satsversjon(),
        satser_dekket_til=dekket_til().isoformat(),
        kodeversjon=tilstand.settings.kodeversjon,
        database=None if stand is None else _vis(stand),
        noekler=drift is not None,
        tilgang=tilstand.maskinportenvakt is not None or tilstand.sesjoner is not None,
        oppslag=drift is not None and drift.oppslag is not None,
        lister=listene,
        varsler=[
            *([_GAMMEL_SQLITE] if stand is not None and stand.gammel_sqlite else []),
            *(_FORSINKET.format(liste=en.liste, sekunder=grense) for en in listene if en.forsinket),
        ],
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


def _vis_liste(en: Listestand, grense: int) -> Liste:
    lest = en.lest
    forsinket = lest is None or (klokke.naa() - lest).total_seconds() > grense
    return Liste(
        liste=en.liste, neste=en.neste, lest=lest, siste_hendelse=en.siste_hendelse, forsinket=forsinket
    )


def _vis(stand: Databasestand) -> Databasen:
    return Databasen(produkt=stand.produkt, versjon=stand.versjon, migrering=stand.migrering)
