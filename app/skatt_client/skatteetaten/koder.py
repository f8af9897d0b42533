"""Skatteetaten's errors: what status and code mean per API, and what the operator is told.

The status decides first; a code only tells apart what the status leaves open. Their texts vary and codes
were renumbered in October 2021, so the text is read for one thing only: that a year is not open yet.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.skatt_client.feil import Ansvar
from app.skatt_client.skatteetaten.api import Api


class Betydning(StrEnum):
    """What an answer without data means. The values are labels in metrics."""

    BACKEND = "backend"
    STRUPET = "strupet"
    URL = "url"
    TOKEN = "token"  # noqa: S105
    TILGANG = "tilgang"
    SAMTYKKE = "samtykke"
    FORESPOERSEL = "forespoersel"
    AAR_IKKE_AAPNET = "aar-ikke-aapnet"
    PERSON = "person"
    INGEN_DATA = "ingen-data"
    FORMAT = "format"
    SLETTET = "slettet"
    UVENTET = "uventet"


_SSG: Final = {
    "SSG-003": Betydning.URL,
    "SSG-006": Betydning.FORESPOERSEL,
    "SSG-007": Betydning.PERSON,
    "SSG-008": Betydning.INGEN_DATA,
}
_BSA: Final = {"BSA-003": Betydning.URL, "BSA-009": Betydning.PERSON, "BSA-007": Betydning.INGEN_DATA}
_TD: Final = {"TD-006": Betydning.URL, "TD-004": Betydning.INGEN_DATA}
_FA: Final = {"FA-002": Betydning.URL, "FA-005": Betydning.INGEN_DATA}
_IM: Final = {"IM-003": Betydning.URL, "IM-007": Betydning.PERSON, "IM-008": Betydning.INGEN_DATA}

KODER_FOR_404: Final[Mapping[Api, Mapping[str, Betydning]]] = {
    Api.SKATTEGRUNNLAG: _SSG,
    Api.BEREGNET_SKATT: _BSA,
    Api.SISTE_OPPGJOER: _TD,
    Api.SKATTEOPPGJOER_HENDELSER: _FA,
    Api.INNTEKT_HENDELSER: _FA,
    Api.INNTEKT: _IM,
}
"""404 says four different things. A 404 whose code is not here, or that has none, is a wrong URL: taking
it for "no data" would make an empty answer of our own mistake."""

KODER_FOR_SAMTYKKE: Final = frozenset({"SSG-010", "IM-010"})

KODER_FOR_AAR: Final = frozenset({"SSG-006", "BSA-006"})
"""Codes that also tell that the year is not supported; documented with 400, seen at NAV with 404."""

_AARSTEKST: Final = "inntektsår"
_TILGANG: Final = 403
_IKKE_FUNNET: Final = 404
_SERVERFEIL: Final = 500
_STATUS: Final = {
    400: Betydning.FORESPOERSEL,
    401: Betydning.TOKEN,
    403: Betydning.TILGANG,
    406: Betydning.FORMAT,
    408: Betydning.BACKEND,
    410: Betydning.SLETTET,
    429: Betydning.STRUPET,
}


def betydning(api: Api, status: int, kode: str | None, melding: str) -> Betydning:
    """What an answer other than 200 means.

    Args:
        api: who answered.
        status: HTTP status, 3xx to 5xx.
        kode: Skatteetaten's code, if the body had one.
        melding: their text; never shown or logged.
    """
    if status >= _SERVERFEIL:
        return Betydning.BACKEND
    if status == _TILGANG and kode in KODER_FOR_SAMTYKKE:
        return Betydning.SAMTYKKE
    hva = _STATUS.get(status, Betydning.UVENTET)
    if status == _IKKE_FUNNET:
        hva = KODER_FOR_404[api].get(kode or "", Betydning.URL)
    aaret = kode in KODER_FOR_AAR and _AARSTEKST in melding.lower()
    return Betydning.AAR_IKKE_AAPNET if hva is Betydning.FORESPOERSEL and aaret else hva


_TEKSTER: Final[Mapping[Betydning, tuple[Ansvar, str]]] = {
    Betydning.BACKEND: (
        Ansvar.SKATTEETATEN,
        "Skatteetaten kunne ikke svare på {api} nå. Det prøves igjen senere; varer det, se Skatteetatens "
        "driftsmeldinger.",
    ),
    Betydning.STRUPET: (
        Ansvar.INGEN,
        "Skatteetaten ber oss vente med {api}. Det prøves igjen senere.",
    ),
    Betydning.URL: (
        Ansvar.LEVERANDOEREN,
        "Adressen til {api} finnes ikke hos Skatteetaten. Leverandøren må rette adresse, sti eller "
        "rettighetspakke i oppsettet.",
    ),
    Betydning.TOKEN: (
        Ansvar.LEVERANDOEREN,
        "Skatteetaten godtok ikke tilgangsbeviset for {api}, heller ikke et nytt. Leverandøren må "
        "undersøke miljø, scope og delegering.",
    ),
    Betydning.TILGANG: (
        Ansvar.KOMMUNEN,
        "Kommunen har ikke tilgang til {api} med denne rettighetspakken. Kommunen må få rettighetspakken hos "
        "Skatteetaten og delegere den til leverandøren i Altinn.",
    ),
    Betydning.SAMTYKKE: (
        Ansvar.KOMMUNEN,
        "Skatteetaten krever samtykke for {api} med denne rettighetspakken. Kommunen må avklare med "
        "Skatteetaten hvilken rettighetspakke den skal ha.",
    ),
    Betydning.FORESPOERSEL: (
        Ansvar.LEVERANDOEREN,
        "Skatteetaten forsto ikke forespørselen om {api}. Leverandøren må rette programmet eller oppsettet.",
    ),
    Betydning.AAR_IKKE_AAPNET: (
        Ansvar.INGEN,
        "Skatteetaten har ikke åpnet inntektsåret for {api} ennå. Det hentes når skatteoppgjøret kommer.",
    ),
    Betydning.PERSON: (
        Ansvar.SAKSBEHANDLEREN,
        "Skatteetaten finner ingen person med dette nummeret i {api}. Saksbehandleren må kontrollere "
        "fødselsnummeret eller D-nummeret.",
    ),
    Betydning.INGEN_DATA: (
        Ansvar.INGEN,
        "Skatteetaten har ikke noe for personen og året i {api} ennå. Det hentes når skatteoppgjøret kommer.",
    ),
    Betydning.FORMAT: (
        Ansvar.LEVERANDOEREN,
        "Skatteetaten kan ikke svare på {api} i formatet vi ba om. Leverandøren må rette programmet.",
    ),
    Betydning.SLETTET: (
        Ansvar.SAKSBEHANDLEREN,
        "Skatteetaten har slettet opplysningene i {api}. Saksbehandleren må vurdere vedtak som bygger på "
        "dem.",
    ),
    Betydning.UVENTET: (
        Ansvar.LEVERANDOEREN,
        "Skatteetaten svarte på {api} med noe vi ikke kjenner. Leverandøren må undersøke det.",
    ),
}

_EGNE_TEKSTER: Final[Mapping[tuple[Api, Betydning], tuple[Ansvar, str]]] = {
    (Api.INNTEKT, Betydning.INGEN_DATA): (
        Ansvar.INGEN,
        "A-ordningen har ingen inntekt på personen i perioden, eller den er slettet. En måned er "
        "fullstendig først etter den tiende i neste måned.",
    ),
    (Api.SISTE_OPPGJOER, Betydning.INGEN_DATA): (
        Ansvar.INGEN,
        "Skatteetaten har ikke noe tilgjengelig skatteoppgjør for personen ennå.",
    ),
    (Api.SKATTEOPPGJOER_HENDELSER, Betydning.INGEN_DATA): (
        Ansvar.INGEN,
        "Det er ingen nye hendelser om skatteoppgjør.",
    ),
    (Api.INNTEKT_HENDELSER, Betydning.INGEN_DATA): (Ansvar.INGEN, "Det er ingen nye hendelser om inntekt."),
}


def tekst(api: Api, hva: Betydning) -> tuple[Ansvar, str]:
    """Who must act, and the sentence, for a meaning in one API."""
    ansvar, mal = _EGNE_TEKSTER.get((api, hva)) or _TEKSTER[hva]
    return ansvar, mal.format(api=api.navn)
