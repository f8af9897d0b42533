"""Settings of our client in Maskinporten: environment, client and keys."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from app.settings.felles import Gruppe, Orgnr

_PKCS12 = (".p12", ".pfx")


class Noekkel(Gruppe):
    """One signing key: a JWK in the environment, or a file with a JWK or a PKCS#12."""

    jwk: SecretStr | None = Field(default=None, description="Privat RSA-nøkkel som JWK med kid")
    fil: Path | None = Field(
        default=None, description="Fil med JWK, eller PKCS#12 (.p12, .pfx); leses på nytt når den endres"
    )
    passord: SecretStr | None = Field(default=None, description="Passordet til PKCS#12-filen")
    utloeper: datetime | None = Field(
        default=None, description="Når nøkkelen utløper hos Digdir; et sertifikat sier det selv"
    )

    @model_validator(mode="after")
    def _ett_sted(self) -> "Noekkel":
        if (self.jwk is None) == (self.fil is None):
            raise ValueError("nøkkelen må stå enten i jwk eller i fil, og bare ett av stedene")
        if self.passord is not None and (self.fil is None or self.fil.suffix.lower() not in _PKCS12):
            raise ValueError("bare en PKCS#12-fil (.p12, .pfx) har passord")
        if self.utloeper is not None and self.utloeper.tzinfo is None:
            raise ValueError("tidspunktet nøkkelen utløper må ha tidssone, for eksempel 2027-01-31T00:00:00Z")
        return self


class Maskinporten(Gruppe):
    """Our client."""

    miljoe: Literal["test", "prod", "sandkasse"] = Field(description="Hvilken Maskinporten")
    issuer: str | None = Field(
        default=None, description="Utsteder med skråstrek til slutt; utelatt betyr miljøets egen"
    )
    klient_id: str = Field(min_length=1, description="Klientens id hos Digdir")
    eget_orgnr: Orgnr | None = Field(
        default=None, description="Vår egen virksomhet; delegering sendes ikke når kommunen er oss selv"
    )
    noekkel: Noekkel = Field(description="Nøkkelen som signerer")
    ny_noekkel: Noekkel | None = Field(
        default=None, description="Neste nøkkel ved bytte: begge gjelder til den gamle er tatt bort"
    )

    @model_validator(mode="after")
    def _sandkassen_har_ingen_egen_adresse(self) -> "Maskinporten":
        if self.miljoe == "sandkasse" and self.issuer is None:
            raise ValueError("miljø sandkasse må ha issuer; egenandel sandbox skriver den ut")
        return self
