"""How a provider says no: as JSON to a client, as a redirect to a client, or as a page to the person."""

from dataclasses import dataclass
from typing import Final

UGYLDIG: Final = "invalid_request"
UKJENT_KLIENT: Final = "invalid_client"
UGYLDIG_KODE: Final = "invalid_grant"
UGYLDIG_SCOPE: Final = "invalid_scope"
UGYLDIGE_DETALJER: Final = "invalid_authorization_details"
UKJENT_GRANT: Final = "unsupported_grant_type"
UKJENT_SVARTYPE: Final = "unsupported_response_type"
INNLOGGING_KREVES: Final = "login_required"
VALG_KREVES: Final = "interaction_required"
AVSLAATT: Final = "access_denied"
UGYLDIG_TOKEN: Final = "invalid_token"  # noqa: S105 – the name of an error


@dataclass(eq=False)
class OAuthError(Exception):
    """A refusal with OAuth's own code. ``beskrivelse`` never repeats a value from the request."""

    kode: str
    beskrivelse: str

    def kropp(self) -> dict[str, str]:
        """The error as a client reads it."""
        return {"error": self.kode, "error_description": self.beskrivelse}

    @property
    def status(self) -> int:
        """The HTTP status when a client is answered directly."""
        return 401 if self.kode in {UKJENT_KLIENT, UGYLDIG_TOKEN} else 400


@dataclass(eq=False)
class SideError(Exception):
    """A refusal only the person may see: whoever asked is not somebody to send the browser to.

    Attributes:
        kode: OAuth's code, for the log.
        beskrivelse: what is wrong.
        status: the page's HTTP status.
    """

    kode: str
    beskrivelse: str
    status: int = 400
