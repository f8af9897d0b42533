"""RFC 9457 problem details: the one shape every error has, over HTTP and on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.calc.kontrakt.feil import Feil, KontraktFeilError, UlesbarJsonError
from app.calc.kontrakt.json_tekst import skriv_json

MEDIETYPE: Final = "application/problem+json"
TYPEPREFIKS: Final = "urn:egenandel:problem:"


@dataclass(frozen=True, slots=True)
class Problemtype:
    """A stable kind of problem."""

    kode: str
    status: int
    title: str

    @property
    def uri(self) -> str:
        """The ``type`` member."""
        return TYPEPREFIKS + self.kode


UGYLDIG_JSON: Final = Problemtype("ugyldig-json", 400, "Innholdet kan ikke leses som JSON")
UGYLDIG_INNHOLD: Final = Problemtype("ugyldig-innhold", 422, "Forespørselen har feil som må rettes")
SATS_MANGLER: Final = Problemtype(
    "sats-mangler", 422, "Det finnes ingen kontrollert sats for tiden det spørres om"
)
UGYLDIG_PARAMETER: Final = Problemtype("ugyldig-parameter", 422, "En parameter i adressen har feil verdi")
IKKE_FUNNET: Final = Problemtype("ikke-funnet", 404, "Adressen finnes ikke")
METODE_IKKE_TILLATT: Final = Problemtype("metode-ikke-tillatt", 405, "Adressen tar ikke imot denne metoden")
FEIL_INNHOLDSTYPE: Final = Problemtype("feil-innholdstype", 415, "Innholdet skal være JSON")
FOR_STOR: Final = Problemtype("for-stor", 413, "Forespørselen er for stor")
ANNEN_FEIL: Final = Problemtype("annen-feil", 400, "Forespørselen kan ikke behandles")
INTERN_FEIL: Final = Problemtype("intern-feil", 500, "Noe gikk galt hos oss")
IKKE_AUTENTISERT: Final = Problemtype("ikke-autentisert", 401, "Kallet mangler et gyldig token")
INGEN_TILGANG: Final = Problemtype("ingen-tilgang", 403, "Du har ikke tilgang til dette")
TILGANG_IKKE_SATT_OPP: Final = Problemtype("tilgang-ikke-satt-opp", 503, "Tilgang er ikke satt opp")
TILGANG_KAN_IKKE_KONTROLLERES: Final = Problemtype(
    "tilgang-kan-ikke-kontrolleres", 503, "Tilgangen kan ikke kontrolleres nå"
)
FORHAANDSKRAV_MANGLER: Final = Problemtype(
    "forhaandskrav-mangler", 428, "Si hvilken versjon endringen bygger på"
)
UTDATERT: Final = Problemtype("utdatert", 412, "Noen andre har endret det siden du hentet det")
UGYLDIG_NOEKKEL: Final = Problemtype("ugyldig-noekkel", 400, "Idempotency-Key kan ikke brukes")
NOEKKEL_BRUKT: Final = Problemtype("noekkel-brukt", 422, "Idempotency-Key er brukt til noe annet")
FINNES_IKKE: Final = Problemtype("finnes-ikke", 404, "Det finnes ikke i kommunen")
KONFLIKT: Final = Problemtype("konflikt", 409, "Saken er ikke i en tilstand som tillater dette")
OPPTATT: Final = Problemtype("opptatt", 503, "Databasen er opptatt")
LAGRING_IKKE_SATT_OPP: Final = Problemtype("lagring-ikke-satt-opp", 503, "Lagring er ikke satt opp")
BREV_IKKE_SATT_OPP: Final = Problemtype("brev-ikke-satt-opp", 503, "Brev kan ikke lages her")
IKKE_KLAR: Final = Problemtype("ikke-klar", 503, "Tjenesten er ikke klar")

ALLE: Final = (
    UGYLDIG_JSON,
    UGYLDIG_INNHOLD,
    SATS_MANGLER,
    UGYLDIG_PARAMETER,
    IKKE_FUNNET,
    METODE_IKKE_TILLATT,
    FEIL_INNHOLDSTYPE,
    FOR_STOR,
    ANNEN_FEIL,
    INTERN_FEIL,
    IKKE_AUTENTISERT,
    INGEN_TILGANG,
    TILGANG_IKKE_SATT_OPP,
    TILGANG_KAN_IKKE_KONTROLLERES,
    FORHAANDSKRAV_MANGLER,
    UTDATERT,
    UGYLDIG_NOEKKEL,
    NOEKKEL_BRUKT,
    FINNES_IKKE,
    KONFLIKT,
    OPPTATT,
    LAGRING_IKKE_SATT_OPP,
    BREV_IKKE_SATT_OPP,
    IKKE_KLAR,
)
ETTER_STATUS: Final = {
    p.status: p for p in (IKKE_FUNNET, METODE_IKKE_TILLATT, FEIL_INNHOLDSTYPE, FOR_STOR, INTERN_FEIL)
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One occurrence of a problem."""

    type: Problemtype
    detail: str
    errors: tuple[Feil, ...] = ()
    status: int | None = None
    """Overrides the type's own status."""
    kode: str | None = None
    """A stable word for which of several states the type covers."""
    gjelder: str | None = None
    """The id of what stands in the way."""

    @property
    def http_status(self) -> int:
        """The HTTP status code."""
        return self.status or self.type.status

    def som_json(self) -> str:
        """The body, one line; the same bytes over HTTP and on the command line."""
        kropp: Mapping[str, Any] = {
            "type": self.type.uri,
            "title": self.type.title,
            "status": self.http_status,
            "detail": self.detail,
            **({"kode": self.kode} if self.kode else {}),
            **({"gjelder": self.gjelder} if self.gjelder else {}),
            **({"errors": self.errors} if self.errors else {}),
        }
        return skriv_json(kropp)


class ProblemError(Exception):
    """Ends a request with a problem answer. Its text is the kind only: the detail is for the caller.

    Attributes:
        problem: the answer.
        headers: HTTP headers that go with it.
    """

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.type.kode)
        self.problem = problem
        self.headers = dict(headers or {})


def fra_kontrakt(feil: KontraktFeilError | UlesbarJsonError) -> Problem:
    """What is wrong with a calculator's request, every fault listed."""
    if isinstance(feil, UlesbarJsonError):
        return Problem(UGYLDIG_JSON, feil.detail)
    bare_satser = all(f.kode == "sats-mangler" for f in feil.feil)
    detail = (
        feil.feil[0].detail
        if feil.antall == 1
        else f"Forespørselen har {feil.antall} feil. Rett dem som står i errors, og send på nytt."
    )
    return Problem(SATS_MANGLER if bare_satser else UGYLDIG_INNHOLD, detail, feil.feil)


PROBLEMSVAR: Final[dict[str, Any]] = {
    "description": "Feil; svaret sier hva som må gjøres",
    "content": {MEDIETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
"""An answer in the API description."""

SKJEMA: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "Feil etter RFC 9457",
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "enum": [p.uri for p in ALLE],
            "description": "Fast type",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Hva som er galt og hva som må gjøres"},
        "kode": {"type": "string", "description": "Fast ord for tilstanden (konflikt og ikke-klar)"},
        "gjelder": {"type": "string", "format": "uuid", "description": "Det som står i veien (konflikt)"},
        "errors": {
            "type": "array",
            "description": "Én rad per feil",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON-peker til feltet (RFC 6901)"},
                    "kode": {"type": "string", "description": "Fast kode"},
                    "detail": {"type": "string", "description": "Hva som må gjøres"},
                },
                "required": ["pointer", "kode", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
