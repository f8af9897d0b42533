"""What a row of a mass run says of one case, and how it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.calc.kontrakt.lesing import BELOEP_MED_FORTEGN, Kanskje, Liste, Maaned, Objekt, Tekst, Valgt, felt
from app.db.arkiv import Lager
from app.db.lager.massekjoeringer import Masserad
from app.services.masse.radinnhold import Maanedsbeloep, les_radinnhold
from app.services.sak.rader import PersonId

_OERE: Final = Decimal(100)


class Masseutfall(StrEnum):
    """How a case came out of a run."""

    ENDRET = "ENDRET"
    NY = "NY"
    """The year's first calculation."""
    INGEN_BEREGNING = "INGEN_BEREGNING"
    UFULLSTENDIG = "UFULLSTENDIG"
    MANGLER_GRUNNLAG = "MANGLER_GRUNNLAG"
    GRUNNLAG_TRUKKET = "GRUNNLAG_TRUKKET"
    MANGLER_OPPSETT = "MANGLER_OPPSETT"
    KAN_IKKE_BEREGNES = "KAN_IKKE_BEREGNES"
    AVSLUTTET = "AVSLUTTET"
    FORELDET = "FORELDET"
    """Something happened in the case between the dry run and the run."""
    KJOERT = "KJOERT"
    ANGRET = "ANGRET"
    KAN_IKKE_ANGRES = "KAN_IKKE_ANGRES"


KAN_KJOERES: Final = (Masseutfall.ENDRET, Masseutfall.NY)
ER_KJOERT: Final = (Masseutfall.KJOERT,)
UNNTAK: Final = (
    Masseutfall.INGEN_BEREGNING,
    Masseutfall.UFULLSTENDIG,
    Masseutfall.MANGLER_GRUNNLAG,
    Masseutfall.GRUNNLAG_TRUKKET,
    Masseutfall.MANGLER_OPPSETT,
    Masseutfall.KAN_IKKE_BEREGNES,
    Masseutfall.AVSLUTTET,
    Masseutfall.FORELDET,
)


class UnntakError(Exception):
    """A case is left out of the run; ``tekst`` says why and what to do."""

    def __init__(self, utfall: Masseutfall, tekst: str) -> None:
        super().__init__(utfall.value)
        self.utfall = utfall
        self.tekst = tekst


@dataclass(frozen=True, slots=True)
class MassemaanedUt:
    """One month before and after."""

    maaned: str = felt(Maaned(), "Måned")
    foer: Decimal | None = felt(Kanskje(BELOEP_MED_FORTEGN), "Før, kroner; null når ingenting var beregnet")
    etter: Decimal | None = felt(Kanskje(BELOEP_MED_FORTEGN), "Etter, kroner; null når måneden ikke betales")


@dataclass(frozen=True, slots=True)
class MasseradUt:
    """One case in a run, as a client sees it."""

    sak_id: str = felt(PersonId(), "Saken")
    utfall: Masseutfall = felt(Valgt(Masseutfall), "Hvordan det gikk")
    tekst: str | None = felt(Kanskje(Tekst(2000)), "Hvorfor saken er utelatt, og hva som må gjøres")
    foer_id: str | None = felt(Kanskje(PersonId()), "Den nyeste beregningen før kjøringen")
    etter_id: str | None = felt(Kanskje(PersonId()), "Beregningen kjøringen lagret")
    foer_aar: Decimal | None = felt(Kanskje(BELOEP_MED_FORTEGN), "Hele året før, kroner")
    etter_aar: Decimal | None = felt(Kanskje(BELOEP_MED_FORTEGN), "Hele året etter, kroner")
    endring: Decimal | None = felt(Kanskje(BELOEP_MED_FORTEGN), "Endring for hele året, kroner")
    maaneder: tuple[MassemaanedUt, ...] = felt(Liste(Objekt(MassemaanedUt), 12), "Hver måned før og etter")


async def angrede_i(lager: Lager, foerste: UUID, siste: UUID) -> frozenset[UUID]:
    """Calculations that come from a run that was undone, of the cases between two: nothing is to build on them."""
    return frozenset(
        id_
        for rad in await lager.massekjoeringer.med_utfall_i(foerste, siste, Masseutfall.ANGRET)
        for id_ in beregninger_i(rad)
    )


def beregninger_i(rad: Masserad) -> tuple[UUID, ...]:
    """Every calculation a run stored in a case."""
    siste = () if rad.etter_id is None else (rad.etter_id,)
    return (*les_radinnhold(rad.innhold).flere, *siste)


def rad_ut(rad: Masserad) -> MasseradUt:
    """A row as a client sees it."""
    lest = les_radinnhold(rad.innhold)
    return MasseradUt(
        sak_id=str(rad.sak_id),
        utfall=Masseutfall(rad.utfall),
        tekst=lest.tekst,
        foer_id=None if rad.foer_id is None else str(rad.foer_id),
        etter_id=None if rad.etter_id is None else str(rad.etter_id),
        foer_aar=_sum(lest.foer),
        etter_aar=_sum(lest.etter),
        endring=kroner(rad.endring_oere),
        maaneder=tuple(maaneder_ut(lest.foer, lest.etter)),
    )


def maaneder_ut(foer: Maanedsbeloep | None, etter: Maanedsbeloep | None) -> Iterable[MassemaanedUt]:
    """Every month that is charged before or after."""
    for maaned in sorted({*(foer or {}), *(etter or {})}):
        yield MassemaanedUt(
            maaned=maaned, foer=kroner((foer or {}).get(maaned)), etter=kroner((etter or {}).get(maaned))
        )


def kroner(oere: int | None) -> Decimal | None:
    """Kroner, exactly."""
    return None if oere is None else Decimal(oere) / _OERE


def _sum(maaneder: Maanedsbeloep | None) -> Decimal | None:
    return None if maaneder is None else kroner(sum(maaneder.values()))
