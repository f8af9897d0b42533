"""Settings of Skatteetaten's APIs, for all and per kommune.

What is not set is the published value. A kommune's own value wins over the common one, because some paths
and rettighetspakker are unverified and may turn out to differ.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from app.settings.felles import Gruppe, Orgnr


class Tjeneste(StrEnum):
    """The service a look-up is for; decides the rettighetspakke."""

    LANGTIDSOPPHOLD = "langtidsopphold"
    PRAKTISK_BISTAND = "praktisk_bistand"


class ApiNavn(StrEnum):
    """The APIs, as the settings spell them."""

    SKATTEGRUNNLAG = "skattegrunnlag"
    BEREGNET_SKATT = "beregnet_skatt"
    SISTE_OPPGJOER = "siste_oppgjoer"
    INNTEKT = "inntekt"
    SKATTEOPPGJOER_HENDELSER = "skatteoppgjoer_hendelser"
    INNTEKT_HENDELSER = "inntekt_hendelser"


INNTEKT_APIER = frozenset({ApiNavn.INNTEKT, ApiNavn.INNTEKT_HENDELSER})
"""Off until a kommune has been granted them: no rettighetspakke for egenandel is published."""

TilgangType = Literal["egen", "delegering", "systembruker"]

RETTIGHETSPAKKER: Mapping[ApiNavn, Mapping[Tjeneste, str]] = {
    ApiNavn.SKATTEGRUNNLAG: {
        Tjeneste.LANGTIDSOPPHOLD: "kommunelangtidsoppholdinstitusjon",
        Tjeneste.PRAKTISK_BISTAND: "kommunepersonligassistanse",
    },
    ApiNavn.BEREGNET_SKATT: {
        Tjeneste.LANGTIDSOPPHOLD: "kommuneLangtidsoppholdInstitusjon",
        Tjeneste.PRAKTISK_BISTAND: "kommunePraktiskBistand",
    },
}
"""As Skatteetaten's pages spell them, each in its own way. Inntekt has none yet."""


class ApiValg(Gruppe):
    """What may be set for one API, for all kommuner or for one."""

    base_url: str | None = Field(
        default=None, description="Adresse med versjon; utelatt betyr den publiserte"
    )
    sti: str | None = Field(default=None, description="Mal for stien; utelatt betyr den publiserte")
    rettighetspakke: dict[Tjeneste, str] = Field(
        default_factory=dict, description="Rettighetspakke per tjeneste (langtidsopphold, praktisk_bistand)"
    )
    scope: str | None = Field(default=None, description="Scope i Maskinporten; utelatt betyr det publiserte")
    tilgang: TilgangType | None = Field(
        default=None, description="egen, delegering eller systembruker; utelatt betyr kommunens"
    )
    altinn_tjeneste: str | None = Field(default=None, description="Hva kommunen delegerer i Altinn")
    korrelasjonsheader: str | None = Field(default=None, description="Header for vår korrelasjonsid")
    teller_som: Orgnr | None = Field(
        default=None, description="Hvem de fem samtidige kallene telles for; utelatt betyr kommunen"
    )

    def over(self, under: "ApiValg") -> "ApiValg":
        """This, with what it leaves open taken from ``under``."""
        satt = {navn: getattr(self, navn) for navn in self.model_fields_set}
        if self.rettighetspakke:
            satt["rettighetspakke"] = {**under.rettighetspakke, **self.rettighetspakke}
        return under.model_copy(update=satt)


class Kommune(Gruppe):
    """One kommune we look up for."""

    navn: str = Field(min_length=1, description="Kommunens navn, for den som leser meldinger")
    tilgang: TilgangType = Field(default="delegering", description="Hvordan kommunen har gitt oss tilgang")
    ekstern_ref: str | None = Field(
        default=None, description="Systembrukerens externalRef, hvis den ble opprettet med en"
    )
    paa: frozenset[ApiNavn] = Field(
        default=frozenset(ApiNavn) - INNTEKT_APIER,
        description="API-ene kommunen har; inntekt er av til kommunen har fått det",
    )
    apier: dict[ApiNavn, ApiValg] = Field(
        default_factory=dict, description="Kommunens egne valg per API, på samme form som de felles"
    )


class Skatteetaten(Gruppe):
    """All APIs and all kommuner."""

    apier: dict[ApiNavn, ApiValg] = Field(default_factory=dict, description="Felles valg per API")
    kommuner: dict[Orgnr, Kommune] = Field(
        default_factory=dict, description="Kommunene, etter organisasjonsnummer"
    )

    def valg(self, orgnr: str, api: ApiNavn) -> ApiValg:
        """What is set for one API and kommune."""
        felles = self.apier.get(api, ApiValg())
        eget = self.kommuner[orgnr].apier.get(api)
        return felles if eget is None else eget.over(felles)

    def pakke(self, orgnr: str, api: ApiNavn, tjeneste: Tjeneste) -> str | None:
        """The rettighetspakke, or ``None`` if nobody has named one."""
        valgt = self.valg(orgnr, api).rettighetspakke.get(tjeneste)
        return valgt or RETTIGHETSPAKKER.get(api, {}).get(tjeneste)

    @model_validator(mode="after")
    def _inntekt_har_rettighetspakke(self) -> "Skatteetaten":
        for orgnr, kommune in self.kommuner.items():
            pakke = self.pakke(orgnr, ApiNavn.INNTEKT, Tjeneste.LANGTIDSOPPHOLD)
            if ApiNavn.INNTEKT in kommune.paa and pakke is None:
                raise ValueError(
                    f"inntekt er på for {kommune.navn}, men rettighetspakken for langtidsopphold mangler"
                )
        return self
