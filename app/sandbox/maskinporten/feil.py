"""Every refusal Maskinporten documents, in one table.

Codes and meanings are Digdir's. Digdir publishes no HTTP status or ``error`` member per code; those two
columns are the sandbox's choice, and this table is the place to change them.
"""

import secrets
from dataclasses import dataclass, field
from enum import Enum

FEILSIDE = "https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking"


class Avslag(Enum):
    """Why a token was refused: (MP code or empty, ``error``, text)."""

    UGYLDIG_PARAMETER = ("MP-011", "invalid_request", "Ugyldig eller manglende parameter")
    GJENBRUK = ("MP-012", "invalid_grant", "Assertion eller jti er brukt før")
    UKJENT_KLIENT = ("MP-100", "invalid_client", "Klienten er ukjent eller hører til et annet miljø")
    FEIL_MOTTAKER = ("MP-110", "invalid_grant", "aud er ikke denne utstederen")
    UGYLDIG_SERTIFIKAT = ("MP-120", "invalid_client", "Sertifikatet er ugyldig")
    NOEKKEL_UTLOEPT = ("MP-121", "invalid_client", "Nøkkelen er utløpt")
    FEIL_SERTIFIKATEIER = ("MP-122", "invalid_client", "Sertifikatets virksomhet er ikke klientens")
    X5C_IKKE_LISTE = ("MP-123", "invalid_request", "x5c må være en liste")
    UGYLDIG_SIGNATUR = ("MP-124", "invalid_client", "Signaturen er ugyldig")
    UTLOEPT = ("MP-130", "invalid_grant", "Assertion er utløpt, varer for lenge eller klokken går feil")
    SCOPE_IKKE_PAA_KLIENT = ("MP-200", "invalid_scope", "Klienten har ikke scopet")
    FEIL_INTEGRASJONSTYPE = ("MP-201", "invalid_scope", "Scopet kan ikke brukes av denne integrasjonstypen")
    MANGLER_TILGANG = ("MP-250", "invalid_scope", "Konsumenten har ikke fått tilgang til scopet")
    IKKE_DELEGERT = ("MP-251", "invalid_scope", "Konsumenten har ikke delegert scopet til leverandøren")
    RAR_TYPE = ("MP-301", "invalid_authorization_details", "Ukjent type i authorization_details")
    RAR_FELT = ("MP-302", "invalid_authorization_details", "Ugyldig felt i authorization_details")
    RAR_VERDI = (
        "MP-303",
        "invalid_authorization_details",
        "Ugyldig verdi i authorization_details, eller systembrukeren finnes ikke",
    )
    UGYLDIG_ASSERTION = ("", "invalid_grant", "Invalid assertion")
    UTSTEDT_FRAM_I_TID = ("", "invalid_grant", "Issue time is after now")
    EGEN_ORGANISASJON = ("", "invalid_grant", "consumer_org er klientens egen organisasjon")

    @property
    def kode(self) -> str:
        """``MP-nnn``, or empty for the refusals Digdir has not numbered."""
        return self.value[0]


@dataclass(eq=False)
class NektetError(Exception):
    """A refused grant. ``utdyping`` says what was wrong without repeating any value from the request."""

    avslag: Avslag
    utdyping: str = ""
    spor: str = field(default_factory=lambda: secrets.token_hex(16))

    def kropp(self) -> dict[str, str]:
        """The error body: ``error``, ``error_description`` with code and trace id, ``error_uri``."""
        kode, error, tekst = self.avslag.value
        beskrivelse = f"{kode}: {tekst}" if kode else tekst
        if self.utdyping:
            beskrivelse = f"{beskrivelse}: {self.utdyping}"
        return {
            "error": error,
            "error_description": f"{beskrivelse} (trace_id: {self.spor})",
            "error_uri": FEILSIDE,
        }
