"""What is asked for, whichever version of Fiks' request asked it, and when a request makes no sense."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.services.fiks.ekstraposter import EKSTRAPOSTER, PERSONTYPER, Ekstrapost, ekstrapost
from app.services.fiks.ord import FOERSTE_AAR, PARTNERE, Beregningstype, Persontype


@dataclass(frozen=True, slots=True)
class Raaekstra:
    """A manual post as sent; ``sti`` points at it."""

    teknisk_navn: str
    visningstekst: str | None = field(repr=False)
    beloep: int = field(repr=False)
    sti: str
    tekstfelt: str


@dataclass(frozen=True, slots=True)
class Raaperson:
    """A person as sent; ``sti`` points at the number."""

    identifikator: str = field(repr=False)
    type: Persontype
    ekstraposter: tuple[Raaekstra, ...] = field(repr=False)
    sti: str
    typefelt: str


@dataclass(frozen=True, slots=True)
class Ekstra:
    """A manual post."""

    slag: Ekstrapost
    visningstekst: str = field(repr=False)
    beloep: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bestillingsperson:
    """One person of the case."""

    nr: int
    """Place in the request, from 1."""
    identifikator: str = field(repr=False)
    type: Persontype
    ekstraposter: tuple[Ekstra, ...] = field(repr=False)
    sti: str
    """JSON pointer to the number, for telling who is missing without saying the number."""

    @property
    def omtale(self) -> str:
        """How messages name the person."""
        return f"person {self.nr} ({self.type})"

    def ekstra(self, teknisk_navn: str) -> tuple[Ekstra, ...]:
        """The manual posts of one kind."""
        return tuple(post for post in self.ekstraposter if post.slag.teknisk_navn == teknisk_navn)


@dataclass(frozen=True, slots=True)
class Bestilling:
    """A request that makes sense."""

    type: Beregningstype
    aar: int
    personer: tuple[Bestillingsperson, ...]

    @property
    def soeker(self) -> Bestillingsperson:
        """The one it is about."""
        return next(person for person in self.personer if person.type is Persontype.SOEKER)


def bestilling(
    type_: Beregningstype, aar: int, siste_aar: int, personer: Sequence[Raaperson], liste: str
) -> Bestilling:
    """Check what the reader cannot see, every fault at once.

    Args:
        type_: the kind of basis; not BARNEHAGE_SFO.
        aar: income year.
        siste_aar: the running year; later ones have no income.
        personer: as sent.
        liste: JSON pointer to the list of persons.

    Raises:
        KontraktFeilError: with every fault found.
    """
    feil = [*_aarsfeil(aar, siste_aar), *_personfeil(type_, personer, liste)]
    ferdige = []
    for nr, person in enumerate(personer, 1):
        poster = tuple(_ekstra(type_, person.type, raa, feil) for raa in person.ekstraposter)
        ferdige.append(
            Bestillingsperson(
                nr, person.identifikator, person.type, tuple(p for p in poster if p is not None), person.sti
            )
        )
    if feil:
        raise KontraktFeilError(feil)
    return Bestilling(type_, aar, tuple(ferdige))


def _aarsfeil(aar: int, siste_aar: int) -> Iterator[Feil]:
    if aar > siste_aar:
        yield Feil("/inntektsaar", "utenfor-omraadet", f"Skal være fra {FOERSTE_AAR} til {siste_aar}.")


def _personfeil(type_: Beregningstype, personer: Sequence[Raaperson], liste: str) -> Iterator[Feil]:
    antall = Counter(person.type for person in personer)
    if antall[Persontype.SOEKER] != 1:
        yield Feil(
            liste,
            "feil-antall",
            f"Skal ha nøyaktig én person av typen SOEKER, men har {antall[Persontype.SOEKER]}.",
        )
    if sum(antall[partner] for partner in PARTNERE) > 1:
        yield Feil(liste, "feil-antall", f"Kan ha høyst én person av typene {', '.join(PARTNERE)}.")
    sett: set[str] = set()
    for person in personer:
        if person.type not in PERSONTYPER[type_]:
            yield Feil(
                person.typefelt,
                "ukjent-verdi",
                f"Skal være en av {', '.join(PERSONTYPER[type_])} når beregningstype er {type_}.",
            )
        if person.identifikator in sett:
            yield Feil(person.sti, "dobbelt-person", "Personen står flere ganger. Behold én av dem.")
        sett.add(person.identifikator)


def _ekstra(type_: Beregningstype, hvem: Persontype, raa: Raaekstra, feil: list[Feil]) -> Ekstra | None:
    slag = ekstrapost(type_, raa.teknisk_navn)
    if slag is None or hvem not in slag.persontyper:
        mulige = [post.teknisk_navn for post in EKSTRAPOSTER[type_] if hvem in post.persontyper]
        feil.append(
            Feil(
                f"{raa.sti}/tekniskNavn",
                "ukjent-verdi",
                f"Skal for {hvem} i {type_} være en av {', '.join(mulige) or '(ingen)'}. Se /verdier.",
            )
        )
        return None
    if slag.kan_endre_visningstekst and raa.visningstekst is None:
        felt = raa.tekstfelt
        feil.append(
            Feil(f"{raa.sti}/{felt}", "mangler", f"Feltet {felt} mangler. Legg til hva beløpet gjelder.")
        )
        return None
    egen = raa.visningstekst if slag.kan_endre_visningstekst else None
    return Ekstra(slag, egen or slag.visningstekst, raa.beloep)
