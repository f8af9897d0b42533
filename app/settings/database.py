"""Settings of the database and of what is encrypted in it."""

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator

from app.settings.felles import Gruppe

_LENGDE = 32


def _noekkel(verdi: SecretStr) -> SecretStr:
    try:
        lengde = len(b64decode(verdi.get_secret_value(), validate=True))
    except (Base64Error, ValueError):
        lengde = 0
    if lengde != _LENGDE:
        raise ValueError("nøkkelen skal være 32 byte i base64; lag en med egenandel noekkel ny")
    return verdi


Hemmelighet = Annotated[SecretStr, AfterValidator(_noekkel)]


class Database(Gruppe):
    """Where everything is kept."""

    url: SecretStr = Field(
        default=SecretStr("sqlite:///egenandel.db"),
        description="sqlite:///fil, eller postgresql://bruker:passord@vert/database",
    )
    samtidige: int = Field(default=10, ge=1, le=200, description="Tilkoblinger til PostgreSQL per prosess")
    oppgrader_ved_start: bool | None = Field(
        default=None,
        description="Om tjenesten oppgraderer databasen når den starter; utelatt betyr ja for SQLite, nei for PostgreSQL",
    )


class Kryptering(Gruppe):
    """The keys of what must not be readable in the database."""

    noekler: dict[str, Hemmelighet] = Field(
        description="Krypteringsnøkler etter navn; alle kan åpne", min_length=1
    )
    gjeldende: str = Field(description="Navnet på nøkkelen som krypterer nye rader")
    hashnoekkel: Hemmelighet = Field(description="Nøkkelen personer gjenfinnes med; byttes aldri")

    @model_validator(mode="after")
    def _gjeldende_finnes(self) -> "Kryptering":
        if self.gjeldende not in self.noekler:
            raise ValueError("gjeldende må være navnet på en av nøklene")
        return self
