"""Settings the caller gives. The library reads no environment and no file of settings.

Paths marked [I] below are inferred from public code and not from a contract: they are plain settings, and
a correction is a change of configuration.
"""

from string import Formatter
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

ISSUER_TEST: Final = "https://test.maskinporten.no/"
ISSUER_PROD: Final = "https://maskinporten.no/"

_LOKALE: Final = ("localhost", "127.0.0.1", "::1")


def _sikker_url(verdi: str) -> str:
    deler = urlsplit(verdi)
    lokal = deler.scheme == "http" and deler.hostname in _LOKALE
    if not deler.hostname or not (deler.scheme == "https" or lokal):
        raise ValueError("adressen må begynne med https (http bare mot denne maskinen)")
    if deler.query or deler.fragment or deler.username is not None:
        raise ValueError("adressen kan ikke ha spørring, fragment eller brukernavn")
    return verdi


Url = Annotated[str, AfterValidator(_sikker_url)]
Orgnr = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
Scope = Annotated[str, Field(pattern=r"^\S+$")]


class Oppsett(BaseModel):
    """Frozen; an unknown name is a spelling mistake and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class MaskinportenOppsett(Oppsett):
    """One client in one Maskinporten environment."""

    miljoe: str
    """``test``, ``prod``, or a name of one's own for a stand-in. Part of the token cache's key."""
    issuer: Url
    """Compared exactly with the metadata's ``issuer``; the trailing slash belongs to it."""
    client_id: str = Field(min_length=1)
    eget_orgnr: Orgnr | None = None
    """Our own organisation: ``consumer_org`` is left out when it is us, as Maskinporten demands."""
    levetid: int = Field(default=100, gt=0, le=120)
    """Seconds from ``iat`` to ``exp`` of the assertion; Maskinporten's limit is 120."""

    @model_validator(mode="after")
    def _issuer_hoerer_til_miljoet(self) -> "MaskinportenOppsett":
        if (self.miljoe == "prod") != (self.issuer == ISSUER_PROD):
            raise ValueError(f"miljø prod og issuer {ISSUER_PROD} hører sammen, og bare de to")
        if self.miljoe == "test" and self.issuer != ISSUER_TEST:
            raise ValueError(f"miljø test har issuer {ISSUER_TEST}")
        return self


class Egen(Oppsett):
    """The kommune is the client itself: no delegation."""

    type: Literal["egen"] = "egen"


class Delegering(Oppsett):
    """The kommune has delegated the API to us in Altinn: ``consumer_org``."""

    type: Literal["delegering"] = "delegering"
    consumer_org: Orgnr


class Systembruker(Oppsett):
    """The kommune has approved our system's systembruker: ``authorization_details``."""

    type: Literal["systembruker"] = "systembruker"
    orgnr: Orgnr
    ekstern_ref: str | None = None
    """``externalRef``; must be given if it was given when the systembruker was made."""


Tilgang = Annotated[Egen | Delegering | Systembruker, Field(discriminator="type")]


def _felt_i(mal: str) -> set[str]:
    return {felt for _, felt, _, _ in Formatter().parse(mal) if felt is not None}


class ApiOppsett(Oppsett):
    """What one API needs for one kommune."""

    FELT: ClassVar[frozenset[str]] = frozenset()
    """Names the path template must hold, no more and no fewer (``rettighetspakke`` may be left out)."""

    kommune: Orgnr
    base_url: Url
    scope: Scope
    """One scope per token, as Digdir advises."""
    tilgang: Tilgang
    sti: str
    rettighetspakke: str | None = None
    """Never derived from another API's: the same right is spelled differently from API to API."""
    altinn_tjeneste: str | None = None
    """What the kommune must look for in Altinn when it delegates; told with MP-251."""
    resource: tuple[str, ...] = ()
    """Skatteetaten says not to set it."""
    teller_som: Orgnr | None = None
    """Whose allowance of five calls is used; the kommune's unless set. Which one is meant is not clear
    from Skatteetaten's text when a supplier calls for many."""
    korrelasjonsheader: str | None = Field(default=None, pattern=r"^[A-Za-z-]+$")
    """Request header to send a fresh korrelasjonsid in; no consumer seen sends one."""

    @property
    def virksomhet(self) -> str:
        """The enterprise the limit of five counts for."""
        return self.teller_som or self.kommune

    @model_validator(mode="after")
    def _stien_har_feltene(self) -> "ApiOppsett":
        felt = _felt_i(self.sti)
        if felt - {"rettighetspakke"} != self.FELT:
            raise ValueError(f"stien må ha feltene {sorted(self.FELT)}")
        if ("rettighetspakke" in felt) != (self.rettighetspakke is not None):
            raise ValueError("stien og oppsettet må begge ha rettighetspakke, eller ingen av dem")
        if not self.sti.startswith("/"):
            raise ValueError("stien må begynne med skråstrek")
        return self


class SkattegrunnlagOppsett(ApiOppsett):
    """Summert skattegrunnlag v2."""

    FELT = frozenset({"stadie", "inntektsaar", "personidentifikator"})

    scope: Scope = "skatteetaten:summertskattegrunnlag"
    sti: str = "/{stadie}/{rettighetspakke}/{inntektsaar}/{personidentifikator}"
    altinn_tjeneste: str | None = "Summert skattegrunnlag API - På vegne av"
    stadie: str = Field(default="oppgjoer", pattern=r"^[a-z]+$")


class BeregnetSkattOppsett(ApiOppsett):
    """Beregnet skatt v2. Path [I].

    ``altinn_tjeneste`` stays empty unless set: the documentation read names the Altinn services for summert
    skattegrunnlag and inntekt only.
    """

    FELT = frozenset({"inntektsaar", "personidentifikator"})

    scope: Scope = "skatteetaten:beregnetskatt"
    sti: str = "/{rettighetspakke}/{inntektsaar}/{personidentifikator}"


class SisteOppgjoerOppsett(ApiOppsett):
    """Siste tilgjengelige skatteoppgjør v1; uses the scope of summert skattegrunnlag."""

    FELT = frozenset({"personidentifikator"})

    scope: Scope = "skatteetaten:summertskattegrunnlag"
    sti: str = "/{personidentifikator}"
    altinn_tjeneste: str | None = "Summert skattegrunnlag API - På vegne av"


class InntektOppsett(ApiOppsett):
    """Inntekt v1, a-ordningen."""

    FELT = frozenset({"personidentifikator"})

    scope: Scope = "skatteetaten:inntekt"
    sti: str = "/{rettighetspakke}/{personidentifikator}/inntekter"
    altinn_tjeneste: str | None = "Inntekt API - På vegne av"


class HendelserOppsett(ApiOppsett):
    """An event list. The scope is that of the look-up the list serves. Paths [I]."""

    sti: str = "/hendelser"
    start_sti: str = Field(default="/hendelser/start", pattern=r"^/[^{}]*$")
