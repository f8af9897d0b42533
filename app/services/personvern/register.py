"""The audit register, read: who saw or did what. Reading it is noted in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import Kanskje, Objekt, Valgt, felt
from app.db.arkiv import Lager
from app.db.lager.brukere import Bruker
from app.db.lager.revisjon import Brudd, Hode, Rad, Revisjonsfilter
from app.services.revisjon import Handling, Utfall
from app.services.sak.drift import Kall
from app.services.sak.rader import PersonId, Personnummer
from app.services.sak.ut import Tidspunkt

_FORMAAL: Final = "innsyn i registeret"


@dataclass(frozen=True, slots=True, repr=False)
class Registersoek:
    """What is searched for in the register."""

    personidentifikator: str | None = felt(Kanskje(Personnummer()), "Rader om én person", None)
    sak_id: str | None = felt(Kanskje(PersonId()), "Rader om én sak", None)
    handling: Handling | None = felt(Kanskje(Valgt(Handling)), "Hva som ble gjort", None)
    utfall: Utfall | None = felt(Kanskje(Valgt(Utfall)), "Hvordan det gikk", None)
    fra: datetime | None = felt(Kanskje(Tidspunkt()), "Fra og med", None)
    til: datetime | None = felt(Kanskje(Tidspunkt()), "Til", None)


REGISTERSOEK: Final = Objekt(Registersoek)


@dataclass(frozen=True, slots=True)
class Registerrad:
    """A row, read; and who the user was, when it was one that has logged in."""

    rad: Rad
    innhold: dict[str, Any]
    bruker: Bruker | None = field(repr=False)


async def soek_registeret(
    lager: Lager, kall: Kall, soek: Registersoek, etter: int, antall: int
) -> Sequence[Rad]:
    """Rows in order, after a number; one more than asked for shows that there are more."""
    filter_ = Revisjonsfilter(
        ident=soek.personidentifikator,
        sak_id=None if soek.sak_id is None else UUID(soek.sak_id),
        handling=soek.handling,
        utfall=soek.utfall,
        fra=soek.fra,
        til=soek.til,
    )
    rader = await lager.revisjon.soek(filter_, etter, antall + 1)
    await lager.revisjon.noter(
        kall.naa,
        kall.rad(
            Handling.REVISJON_LEST,
            ident=soek.personidentifikator,
            formaal=_FORMAAL,
            antall={"rader": min(len(rader), antall)},
        ),
    )
    return rader


async def kontroller_registeret(lager: Lager, kall: Kall) -> tuple[Brudd | None, Hode]:
    """Walk the whole chain: where it breaks, if it does, and the newest row."""
    brudd = await lager.revisjon.verifiser()
    hode = await lager.revisjon.hode()
    await lager.revisjon.noter(kall.naa, kall.rad(Handling.REVISJON_LEST, antall={"rader": hode.nr}))
    return brudd, hode


async def om_person(lager: Lager, kall: Kall, ident: str) -> list[Rad]:
    """Every row about a person, and those about the person's own cases that name nobody; given out of the house."""
    person = await lager.personer.finn(ident)
    egne = [] if person is None else [sak.id for sak in await lager.saker.hovedsaker(person.id)]
    rader = await lager.revisjon.om_person(ident, egne)
    await lager.revisjon.noter(
        kall.naa,
        kall.rad(
            Handling.REVISJON_EKSPORTERT,
            ident=ident,
            formaal="utskrift av registeret til personen",
            antall={"rader": len(rader)},
        ),
    )
    return rader


async def med_brukere(lager: Lager, rader: Sequence[Rad]) -> list[Registerrad]:
    """Rows with who the users were."""
    leste = [(rad, les_json(rad.innhold)) for rad in rader]
    brukere = await lager.brukere.hent({innhold["aktoer"]["id"] for _, innhold in leste})
    return [Registerrad(rad, innhold, brukere.get(innhold["aktoer"]["id"])) for rad, innhold in leste]


KOLONNER: Final = (
    "nr",
    "tidspunkt",
    "handling",
    "utfall",
    "aktør",
    "navn",
    "id",
    "rolle",
    "leverandør",
    "innlogging",
    "opplysninger",
    "år",
    "formål",
    "hjemmel",
    "sak",
    "korrelasjonsid",
)
"""Of the table."""


def tabell(rader: Sequence[Registerrad]) -> Iterator[Sequence[Any]]:
    """As rows of a table."""
    for en in rader:
        aktoer, innhold = en.innhold["aktoer"], en.innhold
        yield [
            en.rad.nr,
            en.rad.tidspunkt.isoformat(timespec="seconds"),
            en.rad.handling,
            en.rad.utfall,
            aktoer["type"],
            None if en.bruker is None else en.bruker.navn,
            aktoer["id"],
            aktoer["rolle"],
            aktoer["leverandoer"],
            aktoer["eidNivaa"],
            ", ".join(innhold["data"]),
            ", ".join(map(str, innhold["aar"])),
            innhold["formaal"],
            innhold["hjemmel"],
            None if en.rad.sak_id is None else str(en.rad.sak_id),
            innhold["korrelasjonsid"],
        ]
