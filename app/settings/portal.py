"""Settings of the portal: its address, who vouches for its users, and how long a session lasts."""

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from app.settings.felles import Gruppe, Orgnr
from app.settings.maskinporten import Noekkel

_LOKALE: Final = ("localhost", "127.0.0.1", "::1")
_HIT: Final = ("http", "https")


def _uten_mer(verdi: str) -> str:
    deler = urlsplit(verdi)
    if not deler.hostname or deler.scheme not in _HIT or deler.query or deler.fragment or deler.username:
        raise ValueError("skal være en adresse med https og vert, uten spørring og brukernavn")
    if deler.scheme == "http" and deler.hostname not in _LOKALE:
        raise ValueError("http er bare for denne maskinen; bruk https")
    if verdi.endswith("/"):
        raise ValueError("skal ikke ha skråstrek til slutt")
    return verdi


def _egen_rot(verdi: str) -> str:
    if urlsplit(verdi).path:
        raise ValueError("skal være adressen til portalens rot, uten sti")
    return verdi


Adresse = Annotated[str, AfterValidator(_uten_mer)]
Rot = Annotated[str, AfterValidator(_uten_mer), AfterValidator(_egen_rot)]


class Tilbyder(Gruppe):
    """One provider of login."""

    slag: Literal["ansattporten", "entra"] = Field(description="Hva slags tilbyder det er")
    navn: str = Field(min_length=1, max_length=100, description="Det brukeren velger mellom")
    issuer: Adresse = Field(description="Utsteder slik metadata skriver den, uten skråstrek til slutt")
    klient_id: str = Field(min_length=1, description="Portalens klient hos tilbyderen")
    noekkel: Noekkel = Field(description="Nøkkelen klienten signerer med (private_key_jwt)")
    ny_noekkel: Noekkel | None = Field(
        default=None, description="Neste nøkkel ved bytte; den første som finnes, signerer"
    )
    nivaa: Literal["substantial", "high"] = Field(
        default="high", description="Laveste nivå på eID fra Ansattporten"
    )
    ressurs: str | None = Field(
        default=None, min_length=1, description="Ressursen i Altinn som gir roller (Ansattporten)"
    )
    personidentifikator: bool = Field(
        default=True,
        description="Be Ansattporten om brukerens fødselsnummer, for å kjenne igjen oppslag på seg selv og kolleger; "
        "bare et nøklet merke lagres",
    )
    tider: dict[str, Orgnr] = Field(
        default_factory=dict, description="Kommunen til hver tenant (Entra), som JSON: tid til orgnr"
    )

    @model_validator(mode="after")
    def _alt_er_med(self) -> "Tilbyder":
        if self.slag == "ansattporten" and self.ressurs is None:
            raise ValueError("ansattporten må ha ressurs: den sier hvem som kan representere kommunen")
        if self.slag == "entra" and not self.tider:
            raise ValueError("entra må ha tider: hvilken kommune hver tenant er")
        return self


class Portal(Gruppe):
    """Login to the portal."""

    adresse: Rot = Field(description="Portalens adresse slik nettleseren ser den, uten skråstrek til slutt")
    tilbydere: dict[str, Tilbyder] = Field(
        min_length=1, description="Hvem som kan logge brukere inn, etter et navn dere velger"
    )
    inaktiv_minutter: int = Field(
        default=30, ge=1, le=30, description="Minutter en sesjon varer uten å bli brukt"
    )
    lengste_minutter: int = Field(
        default=120, ge=1, le=120, description="Minutter en sesjon varer uansett hvor mye den brukes"
    )
    forsoek_minutter: int = Field(
        default=10, ge=1, le=30, description="Minutter brukeren har på seg hos tilbyderen"
    )
