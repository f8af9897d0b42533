"""Settings of access to our own API: whose tokens are accepted, and what they must say."""

from typing import Literal

from pydantic import Field, model_validator

from app.settings.felles import Gruppe, Orgnr

_TT02 = "https://tt02.altinn.no/"


class Tilgang(Gruppe):
    """Incoming tokens from Maskinporten."""

    miljoe: Literal["test", "prod", "sandkasse"] = Field(
        description="Hvilken Maskinporten tokenene kommer fra"
    )
    issuer: str | None = Field(
        default=None, description="Utsteder med skråstrek til slutt; utelatt betyr miljøets egen"
    )
    jwks_uri: str | None = Field(
        default=None, description="Hvor Maskinportens nøkler ligger; utelatt betyr det metadata sier"
    )
    ressurs: str = Field(
        min_length=1, pattern=r"^\S+$", description="Vårt API slik det står i tokenets aud (resource)"
    )
    scopeprefiks: str = Field(
        pattern=r"^[^\s:]+$",
        description="Prefikset Digdir har gitt oss; scopene er <prefiks>:egenandel.read og .write",
    )
    godta_uspesifisert_audience: bool = Field(
        default=False, description="Godta token uten aud, eller med aud unspecified"
    )
    at_max_age: int = Field(
        default=120,
        ge=1,
        le=3600,
        description="Lengste levetid for et token i sekunder, som på scopene hos Digdir",
    )
    delegeringskilde: str | None = Field(
        default=None,
        description="Hvor delegeringer er gjort; utelatt betyr TT02 utenom prod, i prod må den settes",
    )
    leverandoerer: frozenset[Orgnr] | None = Field(
        default=None, description="Leverandørene som kan kalle på vegne av kommuner; utelatt betyr alle"
    )

    @property
    def godtatt_delegeringskilde(self) -> str | None:
        """The delegation source of the environment; ``None`` means that no delegated token is accepted."""
        return self.delegeringskilde or (None if self.miljoe == "prod" else _TT02)

    @model_validator(mode="after")
    def _sandkassen_har_ingen_egen_adresse(self) -> "Tilgang":
        if self.miljoe == "sandkasse" and self.issuer is None:
            raise ValueError("miljø sandkasse må ha issuer; egenandel sandbox skriver den ut")
        return self
