"""Citing the regulation: paragraf, ledd, punktum, bokstav, and the wording in force on a day."""

import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

FORSKRIFT: Final = "FOR-2011-12-16-1349"

_ORDENSTALL: Final = ("", "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende")


@dataclass(frozen=True, slots=True)
class Versjon:
    """One wording of a paragraph: the act that gave it and the first day it applied."""

    forskrift: str
    gjelder_fra: date


@dataclass(frozen=True, slots=True)
class Ledd:
    """What one ledd of the regulation demands, in our own words."""

    paragraf: int
    ledd: int
    krav: str
    utenfor: str | None
    """Why nothing carries it out."""
    varsel: str | None
    """Code of the warning that carries it out, where the law asks for judgement and not for a number."""


@dataclass(frozen=True, slots=True)
class _Forskrift:
    versjoner: dict[int, tuple[Versjon, ...]]
    ledd: tuple[Ledd, ...]


@cache
def _forskriften() -> _Forskrift:
    raa = tomllib.loads(files("app.calc").joinpath("forskrift.toml").read_text("utf-8"))
    ledd = tuple(
        Ledd(rad["paragraf"], rad["ledd"], rad["krav"], rad.get("utenfor"), rad.get("varsel"))
        for rad in raa["ledd"]
    )
    foerste = Versjon(raa["id"], raa["ikrafttredelse"])
    versjoner = {
        paragraf: (
            foerste,
            *(Versjon(e["id"], e["gjelder_fra"]) for e in raa["endring"] if paragraf in e["paragrafer"]),
        )
        for paragraf in sorted({rad.paragraf for rad in ledd})
    }
    return _Forskrift(versjoner, ledd)


def alle_ledd() -> tuple[Ledd, ...]:
    """Every ledd of §§ 1-10, in order."""
    return _forskriften().ledd


def versjoner(paragraf: int) -> tuple[Versjon, ...]:
    """All wordings of a paragraph since 2012, oldest first."""
    return _forskriften().versjoner[paragraf]


class Hjemmel(NamedTuple):
    """A place in the regulation. ``str()`` gives the spoken form: ``§ 3 andre ledd første punktum``."""

    paragraf: int
    ledd: int
    punktum: int | None = None
    bokstav: str | None = None

    def __str__(self) -> str:
        deler = [f"§ {self.paragraf} {_ORDENSTALL[self.ledd]} ledd"]
        if self.punktum is not None:
            deler.append(f"{_ORDENSTALL[self.punktum]} punktum")
        if self.bokstav is not None:
            deler.append(f"bokstav {self.bokstav}")
        return " ".join(deler)

    def paa(self, dato: date) -> str:
        """The citation with the wording in force on ``dato``."""
        return _med_versjon(self, dato)


@lru_cache(maxsize=4096)
def _med_versjon(hjemmel: Hjemmel, dato: date) -> str:
    alle = versjoner(hjemmel.paragraf)
    versjon = alle[bisect_right([v.gjelder_fra for v in alle], dato) - 1]
    if versjon.forskrift == FORSKRIFT:
        return f"{hjemmel} ({FORSKRIFT} som den lød fra {versjon.gjelder_fra})"
    return f"{hjemmel} ({FORSKRIFT} som den lød fra {versjon.gjelder_fra}, endret ved {versjon.forskrift})"
