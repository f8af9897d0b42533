"""The rows of a sak's document, with what shows as wrong in one row by itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from re import compile as moenster
from typing import Any, Final, Protocol

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.langtidsopphold import Opphold, kontroller_opphold
from app.calc.kontrakt.lesing import (
    BELOEP,
    UGYLDIG,
    Boolsk,
    Dato,
    Deler,
    Kanskje,
    Leser,
    Objekt,
    Skjema,
    Tekst,
    Valgt,
    felt,
    gyldig,
)
from app.calc.regler.par_5 import VILKAAR, Relasjon
from app.calc.regler.par_10 import HUSSTAND
from app.services.personnummer import LENGDE, er_personnummer

PARTNERE: Final = frozenset({Relasjon.EKTEFELLE, Relasjon.SAMBOER})


class Sakstjeneste(StrEnum):
    """The services a sak may be about."""

    LANGTIDSOPPHOLD = "LANGTIDSOPPHOLD"
    PRAKTISK_BISTAND = "PRAKTISK_BISTAND"


class Personnummer(Leser):
    """A fødselsnummer or d-nummer as text."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The eleven digits."""
        if type(raa) is not str or len(raa) != LENGDE or not raa.isascii() or not raa.isdigit():
            feil.append(
                Feil(
                    sti,
                    "ugyldig-personidentifikator",
                    "Skal være elleve sifre som tekst, uten mellomrom. Rett nummeret.",
                )
            )
            return UGYLDIG
        if not er_personnummer(raa):
            feil.append(
                Feil(
                    sti,
                    "ugyldig-personidentifikator",
                    "Er ikke et gyldig fødselsnummer eller d-nummer. Kontroller sifrene.",
                )
            )
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Eleven digits; the control digits are not shown."""
        return {"type": "string", "pattern": f"^[0-9]{{{LENGDE}}}$"}


_UUID: Final = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ER_UUID: Final = moenster(_UUID)


class PersonId(Leser):
    """Our own reference to a person."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The reference as it is written in answers."""
        if type(raa) is not str or not _ER_UUID.fullmatch(raa):
            feil.append(
                Feil(sti, "ugyldig-person-id", "Skal være en personId slik tjenesten har gitt den. Rett den.")
            )
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """A UUID in lower case."""
        return {"type": "string", "format": "uuid", "pattern": _UUID}


class Fritekst(Tekst):
    """Text that must not carry a person's number: it is shown, searched and exported."""

    _ELLEVE: Final = moenster(r"(?<!\d)\d{6}[ .\-]?\d{5}(?!\d)")

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The text."""
        lest = super().les(raa, sti, feil)
        if isinstance(lest, str) and self._ELLEVE.search(lest):
            feil.append(
                Feil(
                    sti,
                    "elleve-sifre",
                    "Teksten har elleve sifre på rad, som kan være et fødselsnummer. Bruk en tekst uten.",
                )
            )
            return UGYLDIG
        return lest


class Datert(Protocol):
    """A row that holds from a day and to a day; ``None`` is no limit that is known."""

    @property
    def fra(self) -> date | None:
        """First day."""

    @property
    def til(self) -> date | None:
        """Last day."""


def gjelder(rad: Datert, dag: date) -> bool:
    """Whether the row holds on the day."""
    return (rad.fra or date.min) <= dag <= (rad.til or date.max)


def overlapper(en: Datert, annen: Datert) -> bool:
    """Whether some day is in both rows."""
    return (en.fra or date.min) <= (annen.til or date.max) and (annen.fra or date.min) <= (en.til or date.max)


def kontroller_datoer(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """The last day is not before the first."""
    fra, til = deler["fra"], deler["til"]
    if gyldig(fra, til) and fra is not None and til is not None and til < fra:
        feil.append(Feil(f"{sti}/til", "til-foer-fra", "Siste dag er før første dag. Rett fra eller til."))


@dataclass(frozen=True, slots=True, repr=False)
class Saksperson:
    """A person as a client names them: by number the first time, or by our reference."""

    personidentifikator: str | None = felt(Kanskje(Personnummer()), "Fødselsnummer eller d-nummer", None)
    person_id: str | None = felt(
        Kanskje(PersonId()), "Tjenestens referanse til personen; i stedet for personidentifikator", None
    )
    navn: str | None = felt(Kanskje(Fritekst(200)), "Navn", None)

    def __repr__(self) -> str:
        return "<Saksperson>"

    @property
    def noekkel(self) -> str | None:
        """What tells persons apart within one document."""
        return self.person_id or self.personidentifikator


def _kontroller_person(deler: Deler, sti: str, feil: list[Feil]) -> None:
    nummer, referanse, navn = (deler[n] for n in ("personidentifikator", "person_id", "navn"))
    if not gyldig(nummer, referanse, navn):
        return
    if (nummer is None) == (referanse is None):
        feil.append(
            Feil(
                sti, "personidentifikator-eller-person-id", "Oppgi enten personidentifikator eller personId."
            )
        )
    elif referanse is not None and navn is not None:
        feil.append(
            Feil(
                f"{sti}/navn",
                "passer-ikke",
                "Navn oppgis sammen med personidentifikator. Utelat det når personId er oppgitt.",
            )
        )


@dataclass(frozen=True, slots=True, repr=False)
class LagretPerson:
    """A person by our reference."""

    person_id: str = felt(PersonId(), "Tjenestens referanse til personen")

    def __repr__(self) -> str:
        return "<LagretPerson>"

    @property
    def noekkel(self) -> str | None:
        """What tells persons apart within one document."""
        return self.person_id


PERSON: Final = Objekt(Saksperson, _kontroller_person)
LAGRET_PERSON: Final = Objekt(LagretPerson)


@dataclass(frozen=True, slots=True, repr=False)
class Medlemskap:
    """What is known of a member of the household or a dependant, besides who it is."""

    relasjon: Relasjon = felt(
        Valgt(
            Relasjon,
            f" Foreldre, søsken, voksne barn og andre i boligen regnes ikke med ({HUSSTAND}); ved "
            f"langtidsopphold regnes også barn over 18 år som forsørges ({VILKAAR}). Fjern raden.",
        ),
        "Relasjon til personen saken gjelder",
    )
    fra: date | None = felt(Kanskje(Dato()), "Første dag; utelatt betyr fra før saken", None)
    til: date | None = felt(Kanskje(Dato()), "Siste dag; utelatt betyr fortsatt", None)
    hjemmeboende: bool = felt(Boolsk(), "Bor hjemme (langtidsopphold)", True)
    tenkt_etterlattepensjon: Decimal | None = felt(
        Kanskje(BELOEP), "Pensjon fra folketrygden om beboeren var død, brutto per år (langtidsopphold)", None
    )
    arbeidsinntekt: Decimal | None = felt(
        Kanskje(BELOEP), "Egen arbeidsinntekt per år, i stedet for oppslag (langtidsopphold)", None
    )
    pensjon_fra_folketrygden: Decimal | None = felt(
        Kanskje(BELOEP), "Egen pensjon fra folketrygden per år, i stedet for oppslag (langtidsopphold)", None
    )
    betaler_langtidsegenandel: bool = felt(Boolsk(), "Betaler selv egenandel for langtidsopphold", False)
    avkortet_ytelse_borte_fra_hjemmet: bool = felt(
        Boolsk(), "Har avkortet trygd på grunn av opphold utenfor hjemmet (praktisk bistand)", False
    )
    hjelpen_skyldes_barnets_behov: bool = felt(
        Boolsk(), "Hjelpen gis på grunn av dette barnets behov (praktisk bistand)", False
    )
    hjelpestoenad: Decimal | None = felt(
        Kanskje(BELOEP), "Hjelpestønad til hjelp i huset per år (praktisk bistand)", None
    )
    omsorgsstoenad: Decimal | None = felt(Kanskje(BELOEP), "Omsorgsstønad per år (praktisk bistand)", None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.relasjon}>"


@dataclass(frozen=True, slots=True, repr=False)
class Husstandsrad(Medlemskap):
    """A member of the household or a dependant, as sent."""

    person: Saksperson | None = felt(
        Kanskje(PERSON), "Personen; utelates når inntekten er ført inn (langtidsopphold)", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class LagretHusstandsrad(Medlemskap):
    """A member of the household or a dependant, as stored."""

    person: LagretPerson | None = felt(
        Kanskje(LAGRET_PERSON), "Personen; utelatt når inntekten er ført inn (langtidsopphold)", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class Forhold:
    """What holds for the sak's own person for a time."""

    fra: date | None = felt(Kanskje(Dato()), "Første dag; utelatt betyr fra før saken", None)
    til: date | None = felt(Kanskje(Dato()), "Siste dag; utelatt betyr fortsatt", None)
    uskiftet_bo: bool = felt(Boolsk(), "Sitter i uskiftet bo", False)
    betaler_langtidsegenandel: bool = felt(
        Boolsk(), "Betaler egenandel for langtidsopphold (praktisk bistand)", False
    )
    avkortet_ytelse_borte_fra_hjemmet: bool = felt(
        Boolsk(), "Har avkortet trygd på grunn av opphold utenfor hjemmet (praktisk bistand)", False
    )
    hjelpestoenad: Decimal | None = felt(
        Kanskje(BELOEP), "Hjelpestønad til hjelp i huset per år (praktisk bistand)", None
    )
    omsorgsstoenad: Decimal | None = felt(Kanskje(BELOEP), "Omsorgsstønad per år (praktisk bistand)", None)

    def __repr__(self) -> str:
        return "<Forhold>"


@dataclass(frozen=True, slots=True, repr=False)
class DatertSkjoenn:
    """A deduction the kommune has decided for a time, with its reason."""

    beloep: Decimal = felt(BELOEP, "Beløp per år")
    begrunnelse: str = felt(Fritekst(1000), "Begrunnelse")
    fra: date | None = felt(Kanskje(Dato()), "Første dag; utelatt betyr fra før saken", None)
    til: date | None = felt(Kanskje(Dato()), "Siste dag; utelatt betyr fortsatt", None)

    def __repr__(self) -> str:
        return "<DatertSkjoenn>"


@dataclass(frozen=True, slots=True)
class Saksopphold(Opphold):
    """A stay as the calculator takes it, or with the institution that has the price."""

    institusjon: str | None = felt(Kanskje(Fritekst(60)), "Institusjonens kode i kommunens oppsett", None)


def _kontroller_saksopphold(deler: Deler, sti: str, feil: list[Feil]) -> None:
    kontroller_opphold(deler, sti, feil)
    institusjon, utgift = deler["institusjon"], deler["oppholdsutgift_per_maaned"]
    if gyldig(institusjon, utgift) and institusjon is not None and utgift is not None:
        feil.append(
            Feil(
                f"{sti}/oppholdsutgiftPerMaaned",
                "institusjon-eller-beloep",
                "Oppholdsutgiften hentes fra institusjonen. Oppgi enten institusjon eller "
                "oppholdsutgiftPerMaaned.",
            )
        )


@dataclass(frozen=True, slots=True)
class Sykehusopphold:
    """Days in hospital during a stay."""

    fra: date = felt(Dato(), "Første døgn på sykehus")
    til: date | None = felt(Kanskje(Dato()), "Siste døgn på sykehus; utelatt betyr fortsatt", None)


FORHOLD: Final = Objekt(Forhold, kontroller_datoer)
SKJOENN: Final = Objekt(DatertSkjoenn, kontroller_datoer)
OPPHOLD: Final = Objekt(Saksopphold, _kontroller_saksopphold)
SYKEHUSOPPHOLD: Final = Objekt(Sykehusopphold, kontroller_datoer)
HUSSTANDSRAD: Final = Objekt(Husstandsrad, kontroller_datoer)
LAGRET_HUSSTANDSRAD: Final = Objekt(LagretHusstandsrad, kontroller_datoer)
