"""What the § 3 basis of one person looks like, and what a caseworker may decide about it."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.calc.beloep import NULL
from app.calc.poster.katalog import (
    Art,
)
from app.calc.poster.skatt import Skattedata
from app.calc.poster.typer import (
    AvvistPar,
    Gruppe,
    Omtale,
    Svardel,
    UfullstendigGrunnlagError,
    Varsel,
)
from app.calc.sporing import Faktum, Steg


class Utfall(StrEnum):
    """Where a caseworker may put a post besides the income groups."""

    GJELDSRENTER = "GJELDSRENTER"
    IKKE_INNTEKT = "IKKE_INNTEKT"
    HOLDT_UTENFOR_GEVINST = "HOLDT_UTENFOR_GEVINST"
    HOLDT_UTENFOR_TAP = "HOLDT_UTENFOR_TAP"


@dataclass(frozen=True, slots=True)
class Plassering:
    """A caseworker's decision on one post that waits for one, or whose ruling carries a doubt or a warning.

    ``beloep`` limits it to part of the post; the rest is then not income. ``trekkes_fra`` turns the sign
    inside a group. Placing one post of a refused pair settles the pair.
    """

    teknisk_navn: str
    som: Gruppe | Utfall
    begrunnelse: str
    del_: Svardel = Svardel.FASTLAND
    utbetaler: str | None = None
    beloep: int | None = field(default=None, repr=False)
    trekkes_fra: bool = False


@dataclass(frozen=True, slots=True)
class HoldtUtenfor:
    """A gain or loss kept out of income, as the calculator's ``skatt.holdtUtenfor`` takes it."""

    art: Art
    beloep: Decimal = field(repr=False)
    oppjusteringsfaktor: Decimal
    beskrivelse: str
    poster: tuple[Faktum, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Langtidsgrunnlag:
    """The § 3 basis of one person and income year. A group without posts is absent, not zero."""

    aar: int
    grupper: dict[Gruppe, Steg] = field(repr=False)
    inntekt: Steg | None = field(repr=False)
    gjeldsrenter: Steg | None = field(repr=False)
    skatt: Skattedata | None = field(repr=False)
    holdt_utenfor: tuple[HoldtUtenfor, ...]
    maa_plasseres: tuple[Omtale, ...]
    ukjente: tuple[Omtale, ...]
    utenfor_aar: tuple[Omtale, ...]
    avviste: tuple[AvvistPar, ...]
    bare_vist: tuple[Omtale, ...]
    ikke_regnet: tuple[Omtale, ...]
    varsler: tuple[Varsel, ...]
    katalogversjon: str

    @property
    def aapne_poster(self) -> int:
        """How many things in the posts a caseworker must settle."""
        return (
            len(self.maa_plasseres)
            + len(self.ukjente)
            + len(self.utenfor_aar)
            + sum(par.har_virkning for par in self.avviste)
        )

    @property
    def aapne(self) -> int:
        """Like ``aapne_poster``, and tax or skattejustering that cannot be read, or a group below zero.

        Only næringsinntekt may be negative.
        """
        uten_justering = bool(self.holdt_utenfor) and (self.skatt is None or self.skatt.justering is None)
        negative = sum(
            steg.verdi < NULL for gruppe, steg in self.grupper.items() if gruppe is not Gruppe.NAERINGSINNTEKT
        )
        return self.aapne_poster + (self.skatt is None) + uten_justering + (self.inntekt is None) + negative

    def kalkulatorfelter(self) -> dict[str, Any]:
        """``inntekter``, ``gjeldsrenter`` and ``skatt`` as the calculator's contract spells them.

        Raises:
            UfullstendigGrunnlagError: something is still open.
        """
        if self.aapne or self.skatt is None:
            raise UfullstendigGrunnlagError(self.aapne)
        skatt: dict[str, Any] = {"beregnetSkatt": self.skatt.beregnet_skatt.verdi}
        if self.skatt.formuesskatt is not None:
            skatt["formuesskatt"] = self.skatt.formuesskatt.verdi
        if self.skatt.betalt_i_utlandet is not None:
            skatt["kreditfradrag"] = self.skatt.betalt_i_utlandet.verdi
        if self.holdt_utenfor and self.skatt.justering is not None:
            skatt |= {
                "alminneligInntekt": self.skatt.justering.alminnelig_inntekt.verdi,
                "personfradrag": self.skatt.justering.personfradrag.verdi,
                "skattesats": self.skatt.justering.skattesats.verdi,
                "holdtUtenfor": [
                    {
                        "art": str(holdt.art),
                        "beloep": holdt.beloep,
                        "oppjusteringsfaktor": holdt.oppjusteringsfaktor,
                        "beskrivelse": holdt.beskrivelse,
                    }
                    for holdt in self.holdt_utenfor
                ],
            }
        felter: dict[str, Any] = {
            "inntekter": {str(gruppe): steg.verdi for gruppe, steg in self.grupper.items()},
            "skatt": skatt,
        }
        if self.gjeldsrenter is not None:
            felter["gjeldsrenter"] = self.gjeldsrenter.verdi
        return felter

    def forsoergetfelter(self) -> dict[str, Decimal]:
        """What § 5 andre ledd asks of a dependant: work income and pension from folketrygden.

        Raises:
            UfullstendigGrunnlagError: something in the posts is still open.
        """
        if self.aapne_poster:
            raise UfullstendigGrunnlagError(self.aapne_poster)
        return {
            str(gruppe): self.grupper[gruppe].verdi
            for gruppe in (Gruppe.ARBEIDSINNTEKT, Gruppe.PENSJON_FRA_FOLKETRYGDEN)
            if gruppe in self.grupper
        }
