"""For those who run the service: how each list stands, and setting the place in one by hand."""

from dataclasses import dataclass
from datetime import datetime

from app.calc.kontrakt.lesing import Boolsk, Heltall, Kanskje, Liste, Objekt, Valgt, felt
from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Stand
from app.db.lager.arbeid import Liste as Hendelsesliste
from app.db.lager.revisjon import NyRad
from app.services.hendelser.lister import MANDAT, fulgt_fra, mottaket
from app.services.revisjon import Aktoer, Handling, Utfall, ny_rad, ser_personlig_ut
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.settings.hendelser import Hendelser

_STOERST = 2**63 - 1
_FLEST = 10**12
KORTESTE_BEGRUNNELSE = 5


class IkkeBegyntError(Exception):
    """The list has not been read yet, so there is no place to set."""


class UbrukeligBegrunnelseError(ValueError):
    """What is written about why says nothing, or looks like a name or a national id."""


@dataclass(frozen=True, slots=True)
class Listestatus:
    """How one list stands."""

    liste: Hendelsesliste = felt(Valgt(Hendelsesliste), "Hvilken liste")
    neste: int = felt(Heltall(1, _STOERST), "Nummeret neste side begynner på")
    lest: str | None = felt(Kanskje(Tidspunkt()), "Når listen sist ble lest")
    siste_hendelse: str | None = felt(Kanskje(Tidspunkt()), "Når det sist kom en hendelse")
    venter: int = felt(Heltall(0, _FLEST), "Oppslag som er bestilt og ikke gjort")
    eldste: str | None = felt(Kanskje(Tidspunkt()), "Når det eldste av dem sist ble bestilt eller forsøkt")
    doede: int = felt(Heltall(0, _FLEST), "Oppslag som er oppgitt og venter på at noen ser på dem")
    uleselige: int = felt(Heltall(0, _FLEST), "Hendelser som ikke lot seg lese")
    leses: bool = felt(Boolsk(), "Om en prosess har mandatet til å lese listen nå")


@dataclass(frozen=True, slots=True)
class Hendelsesstatus:
    """How the lists stand."""

    lister: tuple[Listestatus, ...] = felt(
        Liste(Objekt(Listestatus), len(Hendelsesliste)), "Listene som er begynt på"
    )


async def status(arkiv: Arkiv) -> Hendelsesstatus:
    """Every list that has begun. Numbers only; nothing about anybody."""
    return Hendelsesstatus(lister=tuple(_vis(stand) for stand in await mottaket(arkiv).stand(MANDAT)))


async def flytt(
    arkiv: Arkiv,
    valg: Hendelser,
    liste: Hendelsesliste,
    til: int,
    *,
    aktoer: Aktoer,
    begrunnelse: str,
    naa: datetime,
) -> int:
    """Set the place in a list; where it was.

    Raises:
        IkkeBegyntError: the list has not been read yet.
        UbrukeligBegrunnelseError: nobody can be told why.
    """
    krev_begrunnelse(begrunnelse)

    def rad(fra: int) -> NyRad:
        return ny_rad(
            aktoer,
            Handling.PEKER_FLYTTET,
            Utfall.OK,
            data=[liste],
            formaal=begrunnelse,
            antall={"fra": fra, "til": til},
        )

    fra = await mottaket(arkiv).flytt(liste, til, aktoer.merke, begrunnelse, naa, fulgt_fra(valg, naa), rad)
    if fra is None:
        raise IkkeBegyntError(liste)
    return fra


def krev_begrunnelse(tekst: str) -> None:
    """See that a reason can be noted.

    Raises:
        UbrukeligBegrunnelseError: it cannot.
    """
    if len(tekst.strip()) < KORTESTE_BEGRUNNELSE or ser_personlig_ut(tekst):
        raise UbrukeligBegrunnelseError(
            "Skriv hvorfor, med noen ord. Begrunnelsen lagres, og kan ikke inneholde navn eller fødselsnummer."
        )


def _vis(stand: Stand) -> Listestatus:
    def tid(verdi: datetime | None) -> str | None:
        return None if verdi is None else tidspunkt(verdi)

    return Listestatus(
        liste=stand.peker.liste,
        neste=stand.peker.neste,
        lest=tid(stand.peker.lest),
        siste_hendelse=tid(stand.peker.siste_hendelse),
        venter=stand.venter,
        eldste=tid(stand.eldste),
        doede=stand.doede,
        uleselige=stand.uleselige,
        leses=stand.leder,
    )
