"""All settings of the service, read once from the environment (prefix ``EGENANDEL_``)."""

from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings.avstemming import Avstemming
from app.settings.database import Database, Kryptering
from app.settings.hendelser import Hendelser
from app.settings.maaling import Maaling
from app.settings.maskinporten import Maskinporten
from app.settings.personvern import Personvern
from app.settings.portal import Portal
from app.settings.skatteetaten import Skatteetaten
from app.settings.tilgang import Tilgang
from app.settings.webhooker import Webhooker


def _pakkens_versjon() -> str:
    try:
        return version("egenandel")
    except PackageNotFoundError:
        return "ukjent"


class Settings(BaseSettings):
    """Frozen; built in ``main`` or the command line and handed down."""

    model_config = SettingsConfigDict(
        env_prefix="EGENANDEL_", env_nested_delimiter="__", frozen=True, hide_input_in_errors=True
    )

    vert: str = Field(default="127.0.0.1", description="Adressen tjenesten lytter på")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Porten tjenesten lytter på; 0 velger en ledig"
    )
    loggformat: Literal["json", "tekst"] = Field(default="json", description="Form på loggen")
    maks_forespoersel_bytes: int = Field(
        default=1_000_000, ge=1_000, description="Største forespørsel som leses, i byte"
    )
    varsle_doegn_foer_satsene_utloeper: int = Field(
        default=60, ge=0, description="Antall døgn før satsene utløper at det varsles"
    )
    kodeversjon: str = Field(
        default_factory=_pakkens_versjon,
        min_length=1,
        max_length=64,
        description="Versjonen av koden som kjører; lagres med hver beregning",
    )
    database: Database = Field(default_factory=Database, description="Databasen")
    prosesser: int = Field(
        default=1, ge=1, le=64, description="Prosesser som deler porten; flere enn én krever PostgreSQL"
    )
    kryptering: Kryptering | None = Field(
        default=None, description="Nøklene i databasen; uten dem kan ingen saker lagres"
    )
    personvern: Personvern = Field(default_factory=Personvern, description="Oppbevaring og hjemmel")
    maskinporten: Maskinporten | None = Field(
        default=None, description="Klienten i Maskinporten; uten den kan ingenting hentes fra Skatteetaten"
    )
    skatteetaten: Skatteetaten = Field(
        default_factory=Skatteetaten, description="API-ene hos Skatteetaten og kommunene som bruker dem"
    )
    hendelser: Hendelser = Field(
        default_factory=Hendelser, description="Hvordan Skatteetatens hendelseslister følges"
    )
    avstemming: Avstemming = Field(default_factory=Avstemming, description="Avstemmingen hver natt")
    maaling: Maaling = Field(default_factory=Maaling, description="Det som måles, og hvem som får se det")
    avslutt_etter_sekunder: int = Field(
        default=2,
        ge=0,
        le=300,
        description="Sekunder fra SIGTERM, mens /ready svarer 503, til ingen nye forespørsler tas imot",
    )
    webhooker: Webhooker = Field(
        default_factory=Webhooker, description="Hvordan fagsystemene varsles om endringer"
    )
    tilgang: Tilgang | None = Field(
        default=None, description="Hvem som kan kalle vårt eget API; uten den slipper ingen inn"
    )
    portal: Portal | None = Field(
        default=None, description="Innloggingen til portalen; uten den kan ingen logge inn"
    )

    @field_validator("prosesser")
    @classmethod
    def _flere_krever_postgresql(cls, verdi: int, info: ValidationInfo) -> int:
        database = info.data.get("database")
        if verdi > 1 and database is not None and database.url.get_secret_value().startswith("sqlite"):
            raise ValueError("flere enn én krever PostgreSQL: SQLite har én tjeneste per fil")
        return verdi
