"""What the settlement calculator takes and gives, and when a request makes no sense."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc.beloep import NULL
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.felles import Forklaring, Varsel
from app.calc.kontrakt.langtidsopphold import LANGTID_INN, LangtidInn
from app.calc.kontrakt.lesing import (
    BELOEP,
    SVAR,
    SVAR_MED_FORTEGN,
    UGYLDIG,
    Deler,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    Tekst,
    Valgt,
    felt,
    gyldig,
)
from app.calc.periode import MAANEDER_I_AARET
from app.calc.sporing import Node


class Retning(StrEnum):
    """Who owes whom when the settlement is done."""

    TIL_GODE = "TIL_GODE"
    SKYLDIG = "SKYLDIG"
    INGEN = "INGEN"


@dataclass(frozen=True, slots=True)
class Fakturert:
    """What the resident was charged for a month."""

    maaned: str = felt(Maaned(), "Måned")
    beloep: Decimal = felt(BELOEP, "Fakturert beløp")


def _kontroller_fakturert(aar: int, fakturert: tuple[Any, ...], sti: str, feil: list[Feil]) -> None:
    sett: set[str] = set()
    for nr, rad in enumerate(fakturert):
        if rad is UGYLDIG:
            continue
        if not rad.maaned.startswith(f"{aar:04d}-"):
            feil.append(
                Feil(
                    f"{sti}/{nr}/maaned",
                    "feil-aar",
                    f"Måneden skal være i {aar}, året i endelig. Rett måneden.",
                )
            )
        if rad.maaned in sett:
            feil.append(
                Feil(
                    f"{sti}/{nr}/maaned",
                    "dobbel-maaned",
                    f"Måneden {rad.maaned} står flere ganger. Slå sammen beløpene.",
                )
            )
        sett.add(rad.maaned)


def _kontroller_maaneder(deler: Deler, aar: int, sti: str, feil: list[Feil]) -> None:
    fra, til = deler["fra_maaned"], deler["til_maaned"]
    for navn, maaned in (("fraMaaned", fra), ("tilMaaned", til)):
        if gyldig(maaned) and maaned is not None and not maaned.startswith(f"{aar:04d}-"):
            feil.append(Feil(f"{sti}/{navn}", "feil-aar", f"Måneden skal være i {aar}, året i endelig."))
    if gyldig(fra, til) and fra is not None and til is not None and til < fra:
        feil.append(
            Feil(
                f"{sti}/tilMaaned",
                "til-foer-fra",
                "Siste måned er før den første. Rett fraMaaned eller tilMaaned.",
            )
        )


def _kontroller(deler: Deler, sti: str, feil: list[Feil]) -> None:
    endelig, foreloepig, fakturert = deler["endelig"], deler["foreloepig"], deler["fakturert"]
    if gyldig(foreloepig, fakturert) and (foreloepig is None) == (fakturert is None):
        feil.append(
            Feil(
                sti,
                "foreloepig-eller-fakturert",
                "Oppgi enten foreloepig eller fakturert: det som er krevd før oppgjøret.",
            )
        )
    if endelig is UGYLDIG:
        return
    _kontroller_maaneder(deler, endelig.aar, sti, feil)
    if foreloepig is not None and foreloepig is not UGYLDIG and foreloepig.aar != endelig.aar:
        feil.append(
            Feil(
                f"{sti}/foreloepig/aar",
                "feil-aar",
                f"Skal være {endelig.aar}, samme år som endelig. Rett året.",
            )
        )
    if fakturert is not None and fakturert is not UGYLDIG:
        _kontroller_fakturert(endelig.aar, fakturert, f"{sti}/fakturert", feil)


@dataclass(frozen=True, slots=True)
class EtteroppgjoerInn:
    """One year: what it should have cost, and what was charged."""

    endelig: LangtidInn = felt(LANGTID_INN, "Året med skatteoppgjøret lagt til grunn")
    foreloepig: LangtidInn | None = felt(
        Kanskje(LANGTID_INN), "Året slik det ble beregnet før oppgjøret", None
    )
    fakturert: tuple[Fakturert, ...] | None = felt(
        Kanskje(Liste(Objekt(Fakturert), MAANEDER_I_AARET * 2)), "Det som er fakturert per måned", None
    )
    minstebeloep: Decimal = felt(BELOEP, "Minste sum som gjøres opp", NULL)
    fra_maaned: str | None = felt(
        Kanskje(Maaned()), "Første måned som gjøres opp; utelatt betyr fra nyttår", None
    )
    til_maaned: str | None = felt(
        Kanskje(Maaned()), "Siste måned som gjøres opp; utelatt betyr ut året", None
    )

    def gjelder(self, maaned: str) -> bool:
        """Whether a month is settled here; another calculation may hold for the rest of the year."""
        return (self.fra_maaned or maaned) <= maaned <= (self.til_maaned or maaned)


ETTEROPPGJOER_INN: Final = Objekt(EtteroppgjoerInn, _kontroller)


@dataclass(frozen=True, slots=True)
class Maanedsendring:
    """One month before and after."""

    maaned: str = felt(Maaned(), "Måned")
    foer: Decimal = felt(SVAR, "Krevd før oppgjøret")
    etter: Decimal = felt(SVAR, "Riktig egenandel")
    differanse: Decimal = felt(SVAR_MED_FORTEGN, "Etter minus før")


@dataclass(frozen=True, slots=True)
class Grunnlagspar:
    """The basis before and after; ``foer`` is ``null`` when only invoiced amounts were given."""

    foer: Decimal | None = felt(Kanskje(SVAR), "Foreløpig beregningsgrunnlag")
    etter: Decimal = felt(SVAR, "Endelig beregningsgrunnlag")


@dataclass(frozen=True, slots=True)
class EtteroppgjoerUt:
    """Month by month, and the net."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret")
    beregningsgrunnlag: Grunnlagspar = felt(Objekt(Grunnlagspar), "Beregningsgrunnlaget før og etter")
    maaneder: tuple[Maanedsendring, ...] = felt(Liste(Objekt(Maanedsendring), MAANEDER_I_AARET), "Månedene")
    sum: Decimal = felt(SVAR_MED_FORTEGN, "Summen av differansene; negativ er til gode")
    retning: Retning = felt(Valgt(Retning), "Hvem som skylder hvem; INGEN under minstebeløpet")
    varsler: tuple[Varsel, ...] = felt(Liste(Objekt(Varsel), 100), "Varsler fra beregningene")
    forklaring: Node | None = felt(Kanskje(Forklaring()), "Forklaringstreet; utelatt med forklar=false")
    regelversjon: str = felt(Tekst(40), "Versjon av reglene")
    satsversjon: str = felt(Tekst(40), "Fingeravtrykk av satsene")
