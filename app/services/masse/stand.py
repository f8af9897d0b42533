"""How far a run has come, and what it found: kept with the run after every portion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_json, skriv_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """The place and the counts of a run."""

    satsversjon: str
    regelversjon: str
    oppsett_versjon: int
    totalt: int
    """Cases there were when it was ordered."""
    etter: UUID | None = None
    """The last case that is done in the part under way."""
    sett: int = 0
    """Cases done in the part under way."""
    uendret: int = 0
    antall: Mapping[str, int] = field(default_factory=dict)
    """Rows by outcome, as they are now."""
    foer_oere: int = 0
    etter_oere: int = 0
    """Sums over the year of the cases that change, before and after."""

    def som_tekst(self) -> str:
        """As it is kept."""
        return skriv_json(
            {
                "satsversjon": self.satsversjon,
                "regelversjon": self.regelversjon,
                "oppsettVersjon": self.oppsett_versjon,
                "totalt": self.totalt,
                "etter": None if self.etter is None else str(self.etter),
                "sett": self.sett,
                "uendret": self.uendret,
                "antall": dict(self.antall),
                "foerOere": self.foer_oere,
                "etterOere": self.etter_oere,
            }
        )


def les_stand(tekst: str) -> Stand:
    """What was kept."""
    raa: dict[str, Any] = les_json(tekst)
    return Stand(
        satsversjon=raa["satsversjon"],
        regelversjon=raa["regelversjon"],
        oppsett_versjon=raa["oppsettVersjon"],
        totalt=raa["totalt"],
        etter=None if raa["etter"] is None else UUID(raa["etter"]),
        sett=raa["sett"],
        uendret=raa["uendret"],
        antall=raa["antall"],
        foer_oere=raa["foerOere"],
        etter_oere=raa["etterOere"],
    )


def lagt_til(antall: Mapping[str, int], nye: Mapping[str, int]) -> dict[str, int]:
    """Counts added up; what came to nothing is left out."""
    alle = {navn: antall.get(navn, 0) + nye.get(navn, 0) for navn in {*antall, *nye}}
    return {navn: alle[navn] for navn in sorted(alle) if alle[navn]}
