"""The document of a sak: what the caseworker or the EPJ knows, as sent and as stored.

As sent a person is named by number (or by our reference); as stored only by reference. Nothing here says what
Skatteetaten says: income and tax are looked up or entered elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final, TypeVar

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.lesing import Dato, Kanskje, Liste, Objekt, Valgt, felt
from app.calc.kontrakt.praktisk_bistand import Tjeneste, kontroller_tjeneste
from app.services.personnummer import er_syntetisk
from app.services.sak.kontroll import kontroller, kontroller_personer
from app.services.sak.rader import (
    FORHOLD,
    HUSSTANDSRAD,
    LAGRET_HUSSTANDSRAD,
    LAGRET_PERSON,
    OPPHOLD,
    PERSON,
    SKJOENN,
    SYKEHUSOPPHOLD,
    DatertSkjoenn,
    Forhold,
    Fritekst,
    Husstandsrad,
    LagretHusstandsrad,
    LagretPerson,
    Saksopphold,
    Saksperson,
    Sakstjeneste,
    Sykehusopphold,
)


@dataclass(frozen=True, slots=True, repr=False)
class Saksopplysninger:
    """The part of the document that names nobody."""

    tjeneste: Sakstjeneste = felt(Valgt(Sakstjeneste), "Tjenesten saken gjelder")
    referanse: str | None = felt(
        Kanskje(Fritekst(100)), "Deres egen referanse, uten personopplysninger", None
    )
    fyller_18: date | None = felt(Kanskje(Dato()), "Dagen personen fyller 18 år; bare for barn", None)
    forhold: tuple[Forhold, ...] = felt(Liste(FORHOLD, 100), "Det som gjelder personen selv", ())
    opphold: tuple[Saksopphold, ...] = felt(Liste(OPPHOLD, 400), "Opphold og besøk", ())
    sykehusopphold: tuple[Sykehusopphold, ...] = felt(
        Liste(SYKEHUSOPPHOLD, 200), "Sykehusopphold mens oppholdet varer", ()
    )
    tjenester: tuple[Tjeneste, ...] = felt(
        Liste(Objekt(Tjeneste, kontroller_tjeneste), 5000), "Tjenester per måned", ()
    )
    skjoennsmessig_fradrag: tuple[DatertSkjoenn, ...] = felt(Liste(SKJOENN, 30), "Skjønnsmessige fradrag", ())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.tjeneste}>"


@dataclass(frozen=True, slots=True, repr=False)
class Saksinnhold(Saksopplysninger):
    """The document as sent."""

    person: Saksperson = felt(PERSON, "Personen saken gjelder")
    husstand: tuple[Husstandsrad, ...] = felt(
        Liste(HUSSTANDSRAD, 50), "Ektefelle eller samboer, og barn, med datoer", ()
    )


@dataclass(frozen=True, slots=True, repr=False)
class LagretSaksinnhold(Saksopplysninger):
    """The document as stored."""

    person: LagretPerson = felt(LAGRET_PERSON, "Personen saken gjelder")
    husstand: tuple[LagretHusstandsrad, ...] = felt(
        Liste(LAGRET_HUSSTANDSRAD, 50), "Ektefelle eller samboer, og barn, med datoer", ()
    )


SAKSINNHOLD: Final = Objekt(Saksinnhold, kontroller)
LAGRET_SAKSINNHOLD: Final = Objekt(LagretSaksinnhold, kontroller)

T = TypeVar("T")


def personer(innhold: Saksinnhold) -> tuple[Saksperson, ...]:
    """Everybody the document names, each once, the sak's own person first."""
    alle = [innhold.person, *(rad.person for rad in innhold.husstand if rad.person is not None)]
    unike: dict[str | None, Saksperson] = {}
    for person in alle:
        unike.setdefault(person.noekkel, person)
    return tuple(unike.values())


def syntetiske(innhold: Saksinnhold, sti: str = "") -> tuple[Feil, ...]:
    """A fault for every number that is made up for testing; ask this in production."""
    steder = [(innhold.person, f"{sti}/person")] + [
        (rad.person, f"{sti}/husstand/{nr}/person")
        for nr, rad in enumerate(innhold.husstand)
        if rad.person is not None
    ]
    return tuple(
        Feil(
            f"{hvor}/personidentifikator",
            "syntetisk-person",
            "Nummeret tilhører en oppdiktet testperson. Bruk testmiljøet for testpersoner.",
        )
        for person, hvor in steder
        if person.personidentifikator is not None and er_syntetisk(person.personidentifikator)
    )


def ukjente_institusjoner(
    innhold: Saksopplysninger, kjente: Iterable[str], sti: str = ""
) -> tuple[Feil, ...]:
    """A fault for every institution the kommune's setup does not have."""
    koder = frozenset(kjente)
    return tuple(
        Feil(
            f"{sti}/opphold/{nr}/institusjon",
            "ukjent-institusjon",
            "Institusjonen finnes ikke i kommunens oppsett. Rett koden, eller legg inn institusjonen først.",
        )
        for nr, opphold in enumerate(innhold.opphold)
        if opphold.institusjon is not None and opphold.institusjon not in koder
    )


def med_referanser(
    innhold: Saksinnhold, person_id: Callable[[Saksperson], str], sti: str = ""
) -> LagretSaksinnhold:
    """The document with every person as a reference.

    Args:
        innhold: the document as sent.
        person_id: our reference to a person; called once for each of ``personer(innhold)``.
        sti: where the document stands in the request.

    Raises:
        KontraktFeilError: two numbers turned out to be one person.
    """
    referanser = {person.noekkel: LagretPerson(person_id=person_id(person)) for person in personer(innhold)}
    husstand = tuple(
        _kopi(rad, LagretHusstandsrad, person=None if rad.person is None else referanser[rad.person.noekkel])
        for rad in innhold.husstand
    )
    lagret = _kopi(innhold, LagretSaksinnhold, person=referanser[innhold.person.noekkel], husstand=husstand)
    feil = list(kontroller_personer(lagret.person, list(enumerate(husstand)), sti))
    if feil:
        raise KontraktFeilError(feil)
    return lagret


def _kopi(fra: Any, klasse: type[T], **bytt: Any) -> T:
    felles: Mapping[str, Any] = {
        navn: getattr(fra, navn)
        for navn in (f.name for f in fields(klasse))  # type: ignore[arg-type]
        if navn not in bytt
    }
    return klasse(**felles, **bytt)
