"""Settings of the nightly reconciliation."""

from datetime import time

from pydantic import Field

from app.settings.felles import Gruppe


class Stillhet(Gruppe):
    """How long an event list may be silent. Nothing published says; these are what the seasons make likely."""

    skatteoppgjoer: int = Field(
        default=14, ge=1, le=366, description="Døgn uten hendelser om skatteoppgjør før det er et avvik"
    )
    inntekt: int = Field(
        default=40, ge=1, le=366, description="Døgn uten hendelser om inntekt før det er et avvik"
    )
    stille_maaneder: frozenset[int] = Field(
        default=frozenset({1, 2, 12}),
        description="Måneder da det er vanlig at skatteoppgjør er stille; da er det bare en merknad",
    )


class Avstemming(Gruppe):
    """When it runs, how far back it reads, and what counts as too late."""

    klokkeslett: time = Field(
        default=time(3, 30), description="Når på natten det avstemmes, norsk tid (TT:MM)"
    )
    dager: int = Field(
        default=7, ge=1, le=90, description="Døgn listene leses om igjen, om forrige avstemming er nyere"
    )
    arbeid_timer: int = Field(
        default=6, ge=1, le=720, description="Timer et arbeid kan være forfalt før det har stanset"
    )
    lest_timer: int = Field(
        default=2, ge=1, le=168, description="Timer en liste kan stå ulest før det er et avvik"
    )
    stillhet: Stillhet = Field(default_factory=Stillhet, description="Hvor lenge en liste kan være stille")
