"""Why a figure could not be had: one reason per kind of outcome, none of them zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.skatt_client import (
    Ansvar,
    Api,
    FeilOppsett,
    IkkeOppgjoerEnnaa,
    IngenTilgang,
    Skjermet,
    Slettet,
    Strupet,
    UgyldigSvar,
    UkjentPerson,
    UtenData,
    Utilgjengelig,
)


class Grunn(StrEnum):
    """What kind of reason; stable, for the API and for statistics."""

    IKKE_OPPGJOER_ENNAA = "IKKE_OPPGJOER_ENNAA"
    UKJENT_PERSON = "UKJENT_PERSON"
    SLETTET = "SLETTET"
    SKJERMET = "SKJERMET"
    INGEN_TILGANG = "INGEN_TILGANG"
    STRUPET = "STRUPET"
    UTILGJENGELIG = "UTILGJENGELIG"
    UGYLDIG_SVAR = "UGYLDIG_SVAR"
    FEIL_OPPSETT = "FEIL_OPPSETT"
    IKKE_SLAATT_PAA = "IKKE_SLAATT_PAA"
    IKKE_HENTET = "IKKE_HENTET"
    """Never asked: a preview looks nobody up unless told to."""


_GRUNN: Final[Mapping[type[UtenData], Grunn]] = {
    IkkeOppgjoerEnnaa: Grunn.IKKE_OPPGJOER_ENNAA,
    UkjentPerson: Grunn.UKJENT_PERSON,
    Slettet: Grunn.SLETTET,
    Skjermet: Grunn.SKJERMET,
    IngenTilgang: Grunn.INGEN_TILGANG,
    Strupet: Grunn.STRUPET,
    Utilgjengelig: Grunn.UTILGJENGELIG,
    UgyldigSvar: Grunn.UGYLDIG_SVAR,
    FeilOppsett: Grunn.FEIL_OPPSETT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mangler:
    """One API did not give what was asked for."""

    grunn: Grunn
    api: Api
    tekst: str
    """Norwegian, for the caseworker or the operator; holds no personal data."""
    ansvar: Ansvar
    """Who must act."""
    kode: str | None = None
    korrelasjonsid: str | None = None
    """Skatteetaten's reference to the call."""
    proev_igjen_om: float | None = None
    """Seconds, when known."""

    @property
    def gaar_over(self) -> bool:
        """Whether the same look-up may succeed a little later."""
        return self.grunn in (Grunn.STRUPET, Grunn.UTILGJENGELIG)


def mangler(api: Api, utfall: UtenData) -> Mangler:
    """The reason behind an outcome without data."""
    return Mangler(
        grunn=_GRUNN[type(utfall)],
        api=api,
        tekst=utfall.melding,
        ansvar=utfall.ansvar,
        kode=utfall.kode,
        korrelasjonsid=utfall.korrelasjonsid,
        proev_igjen_om=utfall.proev_igjen_om if isinstance(utfall, Strupet | Utilgjengelig) else None,
    )


def ikke_slaatt_paa(api: Api, kommune: str) -> Mangler:
    """The kommune does not have this API."""
    return Mangler(
        grunn=Grunn.IKKE_SLAATT_PAA,
        api=api,
        tekst=f"{kommune} har ikke slått på {api.navn}. Opplysningene må skaffes på annen måte. De er ukjente, "
        "ikke null.",
        ansvar=Ansvar.KOMMUNEN,
    )


def ikke_satt_opp(api: Api, tekst: str) -> Mangler:
    """The service has not been told how to ask for this kommune; ``tekst`` says what to set."""
    return Mangler(grunn=Grunn.FEIL_OPPSETT, api=api, tekst=tekst, ansvar=Ansvar.LEVERANDOEREN)


def ikke_hentet(api: Api) -> Mangler:
    """Nobody has been asked, because a preview only uses what is kept."""
    return Mangler(
        grunn=Grunn.IKKE_HENTET,
        api=api,
        tekst=f"{api.navn} er ikke hentet. Forhåndsvisningen bruker det som er lagret; lagre og beregn for å hente. "
        "Tallene er ukjente, ikke null.",
        ansvar=Ansvar.KOMMUNEN,
    )


def uforstaaelig(api: Api, felt: str, korrelasjonsid: str | None) -> Mangler:
    """An accepted answer with a part the catalogue cannot take."""
    return Mangler(
        grunn=Grunn.UGYLDIG_SVAR,
        api=api,
        tekst=f"Svaret fra Skatteetaten om {api.navn} har feltet {felt} på en form vi ikke kjenner, og er ikke "
        "brukt. Leverandøren må undersøke det.",
        ansvar=Ansvar.LEVERANDOEREN,
        kode="felt",
        korrelasjonsid=korrelasjonsid,
    )
