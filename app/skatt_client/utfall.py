"""What a call can end in: a closed union to ``match`` on. Nothing remote is ever raised.

Every outcome carries a Norwegian sentence and Skatteetaten's korrelasjonsid; what is not ``Funnet`` also
says who must act. Missing, withheld, deleted and not yet settled are different types, because none of
them is zero income.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from app.skatt_client.feil import Ansvar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _UtenData:
    melding: str
    """A Norwegian sentence for the operator or the caseworker; holds no personal data."""
    ansvar: Ansvar
    """Who must act."""
    status: int | None = None
    """HTTP status, if there was one."""
    kode: str | None = None
    """Skatteetaten's or Maskinporten's code, or our own word for a failure that has none."""
    korrelasjonsid: str | None = None
    """Skatteetaten's reference to this call; give it when asking them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnet(Generic[T_co]):
    """The answer, about the person and year that were asked for."""

    data: T_co = field(repr=False)
    raa: bytes = field(repr=False)
    """The body as it came, for encrypted storage and for comparing with an earlier answer."""
    ukjente_felt: tuple[str, ...] = ()
    """Paths of fields the models do not know; they are kept in the data."""
    melding: str = ""
    korrelasjonsid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IkkeOppgjoerEnnaa(_UtenData):
    """Nothing there for this person and year or period; wait for an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UkjentPerson(_UtenData):
    """No person has this identifier there: check the identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slettet(_UtenData):
    """There was an answer and it is withdrawn: mark the stored copy and tell the caseworker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skjermet(_UtenData):
    """Withheld because the person is shielded: manual work by restricted staff. Never zero income."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngenTilgang(_UtenData):
    """Access is missing: stop this kommune and raise an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strupet(_UtenData):
    """Too many calls, theirs or our own limit."""

    proev_igjen_om: float | None = None
    """Seconds, if known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilgjengelig(_UtenData):
    """No answer now; retries are spent or the breaker is open. Park and try later."""

    proev_igjen_om: float | None = None
    """Seconds, if known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UgyldigSvar(_UtenData):
    """An answer that cannot be trusted: wrong person or year, missing fields, not JSON, too long."""

    felt: tuple[str, ...] = ()
    """Which fields, never their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeilOppsett(_UtenData):
    """We asked wrongly (URL, path, package, format, arguments): raise an alarm, do not repeat."""


UtenData: TypeAlias = (
    IkkeOppgjoerEnnaa
    | UkjentPerson
    | Slettet
    | Skjermet
    | IngenTilgang
    | Strupet
    | Utilgjengelig
    | UgyldigSvar
    | FeilOppsett
)

Utfall: TypeAlias = Funnet[T_co] | UtenData
