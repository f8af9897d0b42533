"""What changed from one result to another of the same year, month by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.calc.beloep import NULL
from app.calc.kontrakt.lesing import (
    SVAR,
    SVAR_MED_FORTEGN,
    Boolsk,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    felt,
)
from app.calc.periode import MAANEDER_I_AARET, maanedsnoekkel


@dataclass(frozen=True, slots=True, repr=False)
class Maanedsforskjell:
    """One month before and after."""

    maaned: str = felt(Maaned(), "Måned")
    gammel: Decimal | None = felt(Kanskje(SVAR), "Egenandel før endringen; null når måneden ikke var med")
    ny: Decimal | None = felt(Kanskje(SVAR), "Egenandel etter endringen; null når måneden ikke er med")
    differanse: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN),
        "Ny minus gammel; en måned som ikke er med, koster 0. null når det ikke er kjent hva den kostet",
    )

    def __repr__(self) -> str:
        return f"<Maanedsforskjell {self.maaned}>"


def forskjell(
    maaned: str, gammel: Decimal | None, ny: Decimal | None, *, kjent: bool = True
) -> Maanedsforskjell:
    """One month before and after.

    Args:
        maaned: the month.
        gammel: what it cost; nothing when it was not charged.
        ny: what it costs; nothing when it is not charged.
        kjent: whether nothing means not charged. Otherwise it is unknown, and so is the difference.
    """
    differanse = (ny or NULL) - (gammel or NULL) if kjent else None
    return Maanedsforskjell(maaned=maaned, gammel=gammel, ny=ny, differanse=differanse)


@dataclass(frozen=True, slots=True, repr=False)
class Endringer:
    """The differences between two results of one year."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret")
    endret: bool = felt(Boolsk(), "Minst én måned er endret")
    gammelt_grunnlag: Decimal = felt(SVAR_MED_FORTEGN, "Beregningsgrunnlag før endringen")
    nytt_grunnlag: Decimal = felt(SVAR_MED_FORTEGN, "Beregningsgrunnlag etter endringen")
    maaneder: tuple[Maanedsforskjell, ...] = felt(
        Liste(Objekt(Maanedsforskjell), MAANEDER_I_AARET), "Hver måned som er med i ett av resultatene"
    )
    sum: Decimal = felt(SVAR_MED_FORTEGN, "Summen av differansene; negativ er lavere egenandel")

    def __repr__(self) -> str:
        return f"<Endringer {self.aar}>"


def endringer(gammelt: Mapping[str, Any], nytt: Mapping[str, Any], *, fra: date | None = None) -> Endringer:
    """Compare two answers of the same calculator, as read from their JSON.

    Args:
        gammelt: the answer before.
        nytt: the answer after.
        fra: leave out months before this day's month, which the change does not touch.

    Raises:
        ValueError: the answers are of different years or of different calculators.
    """
    if gammelt["aar"] != nytt["aar"] or _grunnlagsfelt(gammelt) != _grunnlagsfelt(nytt):
        raise ValueError("resultatene gjelder ikke samme år og tjeneste")
    foer, etter = _per_maaned(gammelt), _per_maaned(nytt)
    foerste = "" if fra is None else maanedsnoekkel(fra)
    rader = tuple(
        forskjell(maaned, foer.get(maaned), etter.get(maaned))
        for maaned in sorted(foer.keys() | etter.keys())
        if maaned >= foerste
    )
    felt_ = _grunnlagsfelt(nytt)
    return Endringer(
        aar=int(nytt["aar"]),
        endret=any(rad.differanse for rad in rader),
        gammelt_grunnlag=Decimal(gammelt[felt_]),
        nytt_grunnlag=Decimal(nytt[felt_]),
        maaneder=rader,
        sum=sum((rad.differanse for rad in rader if rad.differanse is not None), NULL),
    )


def _grunnlagsfelt(resultat: Mapping[str, Any]) -> str:
    return "beregningsgrunnlag" if "beregningsgrunnlag" in resultat else "grunnlag"


def _per_maaned(resultat: Mapping[str, Any]) -> dict[str, Decimal]:
    return {rad["maaned"]: Decimal(rad["egenandel"]) for rad in resultat["maaneder"]}
