"""The list of changes as a vendor reads it: in order, from a number or from a day. See ``app.services.endringer``."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from app.calc.kontrakt.lesing import Heltall, Kanskje, Liste, Objekt, Valgt, felt
from app.db.arkiv import Lager
from app.db.lager.endringer import Endring
from app.klokke import OSLO
from app.services.endringer import Endringstype
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.forespoersler import AAR
from app.services.sak.rader import PersonId
from app.services.sak.ut import Tidspunkt, tidspunkt

STOERSTE: Final = 2**63 - 1
"""The largest number the database can count to."""
STANDARD: Final = 1_000
FLEST: Final = 10_000
"""As many as Skatteetaten gives on a page."""

SEKVENSNUMMER: Final = Heltall(0, STOERSTE)


@dataclass(frozen=True, slots=True)
class EndringUt:
    """One change."""

    sekvensnummer: int = felt(SEKVENSNUMMER, "Plassen i listen; stigende, men numre kan mangle")
    type: Endringstype = felt(Valgt(Endringstype), "Hva som har skjedd; nye ord kan komme til")
    sak_id: str | None = felt(Kanskje(PersonId()), "Saken; null når det ikke gjelder én sak")
    gjelder: str | None = felt(
        Kanskje(PersonId()), "Id-en til beregningen, vedtaket, oppgaven eller det andre det gjelder"
    )
    aar: int | None = felt(Kanskje(AAR), "Året det gjelder, når det gjelder ett")
    tidspunkt: str = felt(Tidspunkt(), "Når")


@dataclass(frozen=True, slots=True)
class Endringsside:
    """A page of changes."""

    endringer: tuple[EndringUt, ...] = felt(Liste(Objekt(EndringUt), FLEST), "Endringene i rekkefølge")
    neste: int = felt(
        SEKVENSNUMMER, "Send dette i etter neste gang, også når siden er tom; ta vare på det til da"
    )


@dataclass(frozen=True, slots=True)
class Endringsstart:
    """Where to begin."""

    etter: int = felt(SEKVENSNUMMER, "Send dette i etter første gang")


async def les_endringer(lager: Lager, kall: Kall, etter: int, antall: int) -> Endringsside:
    """A page, and that it was read."""
    funnet = await lager.endringer.etter(etter, antall)
    await _noter(lager, kall, len(funnet))
    return Endringsside(
        endringer=tuple(map(endring_ut, funnet)), neste=funnet[-1].sekvensnummer if funnet else etter
    )


async def finn_start(lager: Lager, kall: Kall, dato: date | None) -> Endringsstart:
    """Where to begin to see everything from a day on in Norway; without a day, everything from now on."""
    if dato is None:
        etter = await lager.endringer.siste()
    else:
        etter = await lager.endringer.foer(datetime.combine(dato, time(), OSLO))
    await _noter(lager, kall, 0)
    return Endringsstart(etter=etter)


def endring_ut(endring: Endring) -> EndringUt:
    """A change as a client sees it."""
    return EndringUt(
        sekvensnummer=endring.sekvensnummer,
        type=Endringstype(endring.type),
        sak_id=None if endring.sak_id is None else str(endring.sak_id),
        gjelder=None if endring.gjelder is None else str(endring.gjelder),
        aar=endring.aar,
        tidspunkt=tidspunkt(endring.tidspunkt),
    )


async def _noter(lager: Lager, kall: Kall, antall: int) -> None:
    rad = kall.rad(Handling.ENDRINGER_LEST, formaal="følge endringer i sakene", antall={"endringer": antall})
    await lager.revisjon.noter(kall.naa, rad)
