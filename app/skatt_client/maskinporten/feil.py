"""Why there is no token, and who must mend what.

MaskinportenError
├── MaskinportenUtilgjengeligError  network, 5xx, 429, open breaker: passes by itself
├── MaskinportenUgyldigSvarError    an answer or metadata that cannot be right
├── ForespoerselAvvistError         MP-011, 012, 110, 123, 301, 302, claims: our programme or settings
├── KlientAvvistError               MP-100, 200, 201: how our client is registered
├── NoekkelAvvistError              MP-120, 121, 122, 124: our key or certificate
├── KlokkeAvvistError               MP-130 and "issue time": our clock, also after one repair
└── TilgangManglerError             MP-250, 251, 303: somebody must get, delegate or approve access
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from app.skatt_client.feil import Ansvar, SkattKlientError, Transportaarsak
from app.skatt_client.masking import mask
from app.skatt_client.transport import Svar


@dataclass(frozen=True, slots=True)
class Avslag:
    """What went wrong, as data: one description, and a fresh exception for each caller."""

    klasse: "type[MaskinportenError]"
    kode: str
    """``MP-251``, or our own word for what has no number."""
    melding: str
    """A Norwegian sentence for the operator."""
    ansvar: Ansvar
    varig: bool
    """Whether the same request will be refused again."""
    detaljer: str = ""
    """``error``, ``error_description`` (with trace id) and ``error_uri``, masked."""
    proev_igjen_om: float | None = None
    dato: float | None = None
    """Maskinporten's clock when it answered, seconds since 1970."""

    def feil(self) -> "MaskinportenError":
        """The exception."""
        return self.klasse(self)


class MaskinportenError(SkattKlientError):
    """No token."""

    def __init__(self, avslag: Avslag) -> None:
        super().__init__(f"{avslag.kode}: {avslag.melding}")
        self.avslag = avslag

    @property
    def kode(self) -> str:
        """MP code or our own word."""
        return self.avslag.kode

    @property
    def melding(self) -> str:
        """The sentence for the operator."""
        return self.avslag.melding

    @property
    def ansvar(self) -> Ansvar:
        """Who must act."""
        return self.avslag.ansvar

    @property
    def mangler_delegering(self) -> bool:
        """Whether the kommune must delegate in Altinn, so that naming the service there helps."""
        return self.kode == "MP-251" and self.ansvar is Ansvar.KOMMUNEN


class MaskinportenUtilgjengeligError(MaskinportenError):
    """Passes by itself."""


class MaskinportenUgyldigSvarError(MaskinportenError):
    """An answer or metadata that cannot be right."""


class ForespoerselAvvistError(MaskinportenError):
    """Our programme or settings made a request Maskinporten does not take."""


class KlientAvvistError(MaskinportenError):
    """Our client is unknown or wrongly registered."""


class NoekkelAvvistError(MaskinportenError):
    """Our key or certificate was refused."""


class KlokkeAvvistError(MaskinportenError):
    """Our clock is wrong."""


class TilgangManglerError(MaskinportenError):
    """Access must be got, delegated or approved: by the kommune, or by us when we are the consumer."""


_L: Final = Ansvar.LEVERANDOEREN
_K: Final = Ansvar.KOMMUNEN

KODER: Final[dict[str, tuple[type[MaskinportenError], Ansvar, str]]] = {
    "MP-011": (
        ForespoerselAvvistError,
        _L,
        "Maskinporten avviste en parameter i forespørselen. Leverandøren må rette oppsettet.",
    ),
    "MP-012": (
        ForespoerselAvvistError,
        _L,
        "Maskinporten mener at forespørselen er brukt før, også etter nye forsøk. Leverandøren må undersøke "
        "om to systemer bruker samme klient.",
    ),
    "MP-100": (
        KlientAvvistError,
        _L,
        "Maskinporten kjenner ikke klienten. Leverandøren må kontrollere klient-id og at den hører til dette "
        "miljøet (test eller produksjon).",
    ),
    "MP-110": (
        ForespoerselAvvistError,
        _L,
        "Forespørselen var adressert til feil Maskinporten. Leverandøren må rette issuer i oppsettet.",
    ),
    "MP-120": (
        NoekkelAvvistError,
        _L,
        "Maskinporten godtar ikke virksomhetssertifikatet. Leverandøren må bytte sertifikat.",
    ),
    "MP-121": (
        NoekkelAvvistError,
        _L,
        "Nøkkelen er utløpt. Leverandøren må registrere en ny nøkkel på klienten hos Digdir.",
    ),
    "MP-122": (
        NoekkelAvvistError,
        _L,
        "Sertifikatet tilhører en annen virksomhet enn klienten. Leverandøren må bruke sitt eget sertifikat.",
    ),
    "MP-123": (
        ForespoerselAvvistError,
        _L,
        "Sertifikatkjeden ble sendt på feil form. Leverandøren må rette programmet.",
    ),
    "MP-124": (
        NoekkelAvvistError,
        _L,
        "Signaturen stemmer ikke. Leverandøren må kontrollere at det er denne nøkkelen som er registrert.",
    ),
    "MP-130": (
        KlokkeAvvistError,
        _L,
        "Klokken på maskinen går feil, eller forespørselen kom for sent fram. Leverandøren må rette klokken.",
    ),
    "MP-200": (
        KlientAvvistError,
        _L,
        "Klienten har ikke fått scopet. Leverandøren må legge scopet til på klienten hos Digdir.",
    ),
    "MP-201": (
        KlientAvvistError,
        _L,
        "Klienten har feil integrasjonstype. Leverandøren må registrere den på nytt hos Digdir.",
    ),
    "MP-250": (
        TilgangManglerError,
        _K,
        "Kommunen har ikke fått tilgang til opplysningene. Kommunen må søke om tilgang hos Skatteetaten.",
    ),
    "MP-251": (
        TilgangManglerError,
        _K,
        "Kommunen har ikke gitt leverandøren fullmakt. Kommunen må delegere API-tilgangen til leverandøren i "
        "Altinn; test og produksjon delegeres hver for seg.",
    ),
    "MP-301": (
        ForespoerselAvvistError,
        _L,
        "Maskinporten kjenner ikke typen i authorization_details. Leverandøren må rette oppsettet.",
    ),
    "MP-302": (
        ForespoerselAvvistError,
        _L,
        "Et felt i authorization_details er ugyldig. Leverandøren må rette oppsettet.",
    ),
    "MP-303": (
        TilgangManglerError,
        _K,
        "Maskinporten fant ingen systembruker. Kommunen må godkjenne systembrukeren i Altinn, og "
        "leverandøren må kontrollere organisasjonsnummer, ekstern referanse og systemets klient-id.",
    ),
}
"""Every numbered error of Maskinporten we know: class, who must act, what the operator is told."""

SOM_SYSTEMBRUKER: Final[dict[str, tuple[type[MaskinportenError], Ansvar, str]]] = {
    "MP-250": (
        TilgangManglerError,
        _L,
        "Leverandøren har ikke fått tilgang til opplysningene. Med systembruker er leverandøren selv "
        "konsument, så leverandøren må søke om tilgang hos Skatteetaten.",
    ),
    "MP-251": (
        TilgangManglerError,
        _L,
        "Maskinporten savner en delegering. Med systembruker er leverandøren selv konsument, så kommunen har "
        "ingen API-tilgang å delegere. Leverandøren må kontrollere at den selv har fått tilgangen hos "
        "Skatteetaten, og at klienten er registrert som dens egen.",
    ),
}
"""What means something else with a systembruker: the consumer is then the client's owner, not the kommune."""

PROEVES_PAA_NYTT: Final = frozenset({"MP-012"})
"""Refusals that a new attempt with a new jti may turn."""

_MP: Final = re.compile(r"MP-(\d{3})")
_IAT: Final = re.compile(r"issue time|\biat\b", re.IGNORECASE)
_BRUKERFEIL: Final = range(400, 500)
_FOR_MANGE: Final = 429


def utilgjengelig(kode: str, proev_igjen_om: float | None = None) -> Avslag:
    """Maskinporten did not answer, or said it cannot now."""
    return Avslag(
        MaskinportenUtilgjengeligError,
        kode,
        "Maskinporten svarer ikke nå. Det prøves igjen. Varer det, må leverandøren se Digdirs "
        "driftsmeldinger.",
        Ansvar.DIGDIR,
        varig=False,
        proev_igjen_om=proev_igjen_om,
    )


def ugyldig_svar(kode: str, hva: str) -> Avslag:
    """An answer that cannot be right; ``hva`` is our own text."""
    return Avslag(
        MaskinportenUgyldigSvarError,
        kode,
        f"Svaret fra Maskinporten kan ikke brukes: {hva}. Leverandøren må undersøke adressen og nettet.",
        _L,
        varig=True,
    )


def uten_svar(aarsak: Transportaarsak) -> Avslag:
    """No usable HTTP answer."""
    match aarsak:
        case Transportaarsak.TIDSAVBRUDD | Transportaarsak.NETTVERK | Transportaarsak.KOE:
            return utilgjengelig(aarsak.value)
        case Transportaarsak.OMDIRIGERING | Transportaarsak.FOR_STORT | Transportaarsak.ULESELIG:
            return ugyldig_svar(aarsak.value, f"det var {aarsak.value}")


def avslag_fra(svar: Svar, *, systembruker: bool = False) -> Avslag:
    """Describe any answer but 200. The status is read first, then the code.

    Args:
        svar: the answer.
        systembruker: whether the token was asked for as a systembruker.
    """
    if svar.status == _FOR_MANGE or svar.status not in _BRUKERFEIL:
        return utilgjengelig(f"http-{svar.status}", svar.retry_after)
    oauth = _oauth_feil(svar.body)
    beskrivelse = oauth.get("error_description", "")
    detaljer = mask(" | ".join(oauth.get(navn, "") for navn in ("error", "error_description", "error_uri")))
    funnet = _MP.search(beskrivelse) or _MP.search(oauth.get("error", ""))
    kode = funnet.group() if funnet else ""
    koder = KODER | SOM_SYSTEMBRUKER if systembruker else KODER
    if kode in koder:
        klasse, ansvar, melding = koder[kode]
        return Avslag(klasse, kode, melding, ansvar, kode not in PROEVES_PAA_NYTT, detaljer, dato=svar.dato)
    if _IAT.search(beskrivelse):
        return Avslag(KlokkeAvvistError, "iat", KODER["MP-130"][2], _L, True, detaljer, dato=svar.dato)
    if "consumer_org" in beskrivelse:
        melding = (
            "Maskinporten avviste consumer_org. Leverandøren må sette eget organisasjonsnummer i oppsettet, "
            "og bruke delegering bare for andre enn seg selv."
        )
        return Avslag(ForespoerselAvvistError, "consumer-org", melding, _L, True, detaljer)
    melding = (
        f"Maskinporten avviste forespørselen uten en kjent feilkode (HTTP {svar.status}). "
        "Leverandøren må undersøke loggen."
    )
    return Avslag(ForespoerselAvvistError, kode or f"http-{svar.status}", melding, _L, True, detaljer)


def _oauth_feil(body: bytes) -> dict[str, str]:
    try:
        lest = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in lest.items() if isinstance(v, str)} if isinstance(lest, dict) else {}
