"""Every documented error of every API: HTTP status, code and text.

The codes are those in force since October 2021. Texts vary in reality; a client keys on API, status and
code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from xml.sax.saxutils import escape

_FEIL_NAVNEROM = "urn:no:skatteetaten:datasamarbeid:feil:v1"


class Feilart(Enum):
    """What was wrong, whatever the API calls it."""

    BAKENDE = "Uventet feil på tjenesten"
    BAKENDE_2 = "Uventet feil i et bakenforliggende system"
    UKJENT_URL = "Ukjent url benyttet"
    UAUTENTISERT = "Feil i forbindelse med autentisering"
    UAUTORISERT = "Feil i forbindelse med autorisering"
    SAMTYKKE = "Mangler gyldig samtykke"
    UGYLDIG = "Feil i forespørselen"
    UGYLDIG_AAR = "Oppgitt inntektsår er ikke støttet"
    UKJENT_PERSON = "Fant ikke noen person for gitt personidentifikator"
    INGEN_DATA = "Fant ingen data for gitt personidentifikator og periode"
    IKKE_AKSEPTABELT = "Formatet i Accept støttes ikke"
    SLETTET = "Dataene er slettet"


@dataclass(frozen=True)
class Kode:
    """One row of the table."""

    kode: str
    status: int
    melding: str


@dataclass
class SviktError(Exception):
    """A request that ends in an error body. ``korrelasjonsid`` is put on where the answer is made."""

    art: Feilart
    utdyping: str = field(default="")


def _tabell(prefiks: str, rader: Mapping[Feilart, tuple[int, int]]) -> dict[Feilart, Kode]:
    return {a: Kode(f"{prefiks}-{nummer:03d}", status, a.value) for a, (nummer, status) in rader.items()}


_SOM_SSG = {
    Feilart.BAKENDE: (1, 500),
    Feilart.BAKENDE_2: (2, 500),
    Feilart.UKJENT_URL: (3, 404),
    Feilart.UAUTENTISERT: (4, 401),
    Feilart.UAUTORISERT: (5, 403),
    Feilart.UGYLDIG: (6, 400),
    Feilart.UGYLDIG_AAR: (6, 400),
    Feilart.UKJENT_PERSON: (7, 404),
    Feilart.INGEN_DATA: (8, 404),
    Feilart.IKKE_AKSEPTABELT: (9, 406),
    Feilart.SAMTYKKE: (10, 403),
}
_SOM_BSA = {
    Feilart.BAKENDE: (1, 500),
    Feilart.BAKENDE_2: (2, 500),
    Feilart.UKJENT_URL: (3, 404),
    Feilart.UAUTENTISERT: (4, 401),
    Feilart.UAUTORISERT: (5, 403),
    Feilart.UGYLDIG: (6, 400),
    Feilart.UGYLDIG_AAR: (6, 400),
    Feilart.INGEN_DATA: (7, 404),
    Feilart.IKKE_AKSEPTABELT: (8, 406),
    Feilart.UKJENT_PERSON: (9, 404),
}
_TD = {
    Feilart.BAKENDE: (1, 500),
    Feilart.UAUTENTISERT: (2, 401),
    Feilart.UGYLDIG: (3, 400),
    Feilart.INGEN_DATA: (4, 404),
    Feilart.IKKE_AKSEPTABELT: (5, 406),
    Feilart.UKJENT_URL: (6, 404),
}
_FA = {
    Feilart.BAKENDE: (1, 500),
    Feilart.UKJENT_URL: (2, 404),
    Feilart.UAUTENTISERT: (3, 401),
    Feilart.UGYLDIG: (4, 400),
    Feilart.INGEN_DATA: (5, 404),
    Feilart.IKKE_AKSEPTABELT: (6, 406),
}

TABELLER: dict[str, dict[Feilart, Kode]] = {
    "SSG": _tabell("SSG", {**_SOM_SSG, Feilart.SLETTET: (11, 410)}),
    "BSA": _tabell("BSA", _SOM_BSA),
    "AR": _tabell("AR", _SOM_BSA),
    "TD": _tabell("TD", _TD),
    "FA": _tabell("FA", _FA),
    "IM": _tabell("IM", _SOM_SSG),
}

# The gateway in front of every API. 002 and 008 also stand in where an API has no code of its own.
DAS: dict[str, Kode] = {
    f"DAS-{nummer:03d}": Kode(f"DAS-{nummer:03d}", status, melding)
    for nummer, status, melding in (
        (1, 500, "Uventet feil"),
        (2, 404, "Ukjent url benyttet"),
        *((n, 500, "Uventet feil i datadelingsløsningen") for n in range(3, 8)),
        (8, 403, "Mangler tilgang"),
    )
}


def kode_for(tabell: str, art: Feilart) -> Kode:
    """The API's row; where it has none, the gateway answers, or "no data" for an unknown person."""
    rader = TABELLER[tabell]
    if art in rader:
        return rader[art]
    if art in (Feilart.UAUTORISERT, Feilart.SAMTYKKE):
        return DAS["DAS-008"]
    if art in (Feilart.UKJENT_PERSON, Feilart.SLETTET):
        return rader[Feilart.INGEN_DATA]
    return rader[Feilart.UGYLDIG] if art is Feilart.UGYLDIG_AAR else DAS["DAS-001"]


def alle_koder(tabell: str) -> dict[str, Kode]:
    """By code: those of one API and those of the gateway."""
    return {rad.kode: rad for rad in TABELLER[tabell].values()} | DAS


def som_xml(kode: Kode, melding: str, korrelasjonsid: str) -> str:
    """The error body where XML was asked for."""
    return (
        f'<feil xmlns="{_FEIL_NAVNEROM}"><kode>{kode.kode}</kode><melding>{escape(melding)}</melding>'
        f"<korrelasjonsid>{korrelasjonsid}</korrelasjonsid></feil>"
    )
