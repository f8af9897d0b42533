"""Bodies of the control API."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.sandbox.forstyrrelser import Art
from app.sandbox.innlogging.planting import Plantet
from app.sandbox.skatteetaten.hendelser import TomSide

Orgnr = Annotated[str, Field(pattern=r"^\d{9}$")]
Maaned = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Liste = Literal["skatteoppgjoer", "inntekt"]
Tilbydernavn = Literal["ansattporten", "entra"]
Handling = Literal["beregner", "leder", "revisor", "drift"]
Webadresse = Annotated[str, Field(pattern=r"^https?://[^\s;#]+$", max_length=500)]


class _Skjema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Oppgjoersendring(_Skjema):
    """Posts to set, by name; null takes a post away. Sums and tax are worked out anew."""

    beloep: dict[str, int | None] = {}
    dato: date | None = None
    kommune: Orgnr | None = None
    hendelsetype: str | None = "ny"
    hendelse: bool = True


class Inntektslinje(_Skjema):
    """One line of a monthly report."""

    slag: Literal["loennsinntekt", "ytelseFraOffentlige", "pensjonEllerTrygd", "naeringsinntekt"]
    beskrivelse: str
    beloep: int
    fordel: Literal["kontantytelse", "naturalytelse", "utgiftsgodtgjoerelse"] = "kontantytelse"
    trekkes: bool = True


class Maanedsoppgave(_Skjema):
    """One payer's report."""

    betaler: Orgnr
    rader: list[Inntektslinje]
    forskuddstrekk: int = 0


class Maanedsendring(_Skjema):
    """Everything reported for a month; an empty list takes it away."""

    oppgaver: list[Maanedsoppgave]
    kommune: Orgnr | None = None
    hendelse: bool = True


class NyeHendelser(_Skjema):
    """Events to publish: about one person, or without a nickname about the crowd in turn."""

    antall: int = Field(1, ge=1, le=100_000)
    kallenavn: str | None = None
    periode: str = Field("2025", pattern=r"^\d{4}(-\d{2})?$")
    hendelsetype: str | None = "ny"


class NyFlom(_Skjema):
    """A great many events at once, about the whole crowd in turn."""

    antall: int = Field(ge=1, le=100_000_000)


class Listeinnstillinger(_Skjema):
    """How a list behaves."""

    tom_side: TomSide = TomSide.FA_005
    maks_per_side: int | None = Field(None, ge=1)


class Bestilling(_Skjema):
    """A disturbance: see ``app.sandbox.forstyrrelser``."""

    system: str = "*"
    art: Art
    kode: str | None = None
    konsument: Orgnr | None = None
    sannsynlighet: float = Field(1.0, ge=0, le=1)
    antall: int | None = Field(None, ge=1)
    froe: int = 0
    sekunder: float = Field(0.0, ge=0, le=300)
    retry_after: str | None = None


class Ventetid(_Skjema):
    """Seconds every call takes; for one API, or for all."""

    sekunder: float = Field(ge=0, le=60)
    system: str | None = None


class Klokkestilling(_Skjema):
    """Seconds the sandbox's clock is ahead of the machine's."""

    forskyvning: float


class NyKlient(_Skjema):
    """A client to register; ``jwk`` is its public key, if it has one already."""

    klient_id: str = Field(min_length=1, max_length=100)
    orgnr: Orgnr
    scopes: list[str]
    levetid: int = Field(120, ge=1, le=3600)


class NyNoekkel(_Skjema):
    """A public JWK to post, or nothing: then a pair is made and the private half is in the answer."""

    kid: str = Field(min_length=1, max_length=100)
    jwk: dict[str, str | list[str]] | None = None
    levetid: float = Field(365 * 24 * 3600, gt=0)


class Delegasjon(_Skjema):
    """A delegation in Altinn."""

    konsument: Orgnr
    leverandoer: Orgnr
    scope: str


class Scopetilgang(_Skjema):
    """A grant of a scope to an organisation."""

    orgnr: Orgnr
    scope: str


class Pakke(_Skjema):
    """A rettighetspakke for a kommune."""

    kommune: Orgnr
    api: str
    pakke: str


class Tokenoenske(_Skjema):
    """A token to try the APIs with; ``resource`` becomes its ``aud``."""

    kommune: Orgnr
    scope: str
    klient_id: str | None = None
    resource: list[str] = []


class Innloggingsadresser(_Skjema):
    """Where a login provider may send the browser; compared character by character."""

    retur: list[Webadresse]
    utlogget: list[Webadresse] = []
    fremre: Webadresse | None = None


class NyInnloggingsklient(Innloggingsadresser):
    """A client of a login provider."""

    klient_id: str = Field(min_length=1, max_length=100)
    navn: str = Field(min_length=1, max_length=100)
    ressurser: list[str] = []


class NyRettighet(_Skjema):
    """What an employee may do for an organisation, in our resource in Altinn."""

    orgnr: Orgnr
    handlinger: list[Handling]


class Utlogging(_Skjema):
    """Who to log out."""

    kallenavn: str


class NyFeil(_Skjema):
    """A fault to plant: see ``app.sandbox.innlogging.planting``."""

    tilbyder: Tilbydernavn
    feil: Plantet
    antall: int | None = Field(None, ge=1)
