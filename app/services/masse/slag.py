"""What can be run over all cases, and which cases each of them is about."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from app.calc.langtid.valg import nytt_g
from app.calc.periode import aaret
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett
from app.services.sak.rader import Sakstjeneste


class Masseslag(StrEnum):
    """Why everything is calculated again."""

    NY_G = "NY_G"
    """New grunnbeløp from 1 May, or from the day the kommune takes it into use (§ 3)."""
    NYTT_AAR = "NYTT_AAR"
    """A new year with its rates."""
    NY_FORSKRIFT = "NY_FORSKRIFT"
    """The regulation was amended."""
    NYE_SATSER = "NYE_SATSER"
    """The rate files were changed."""
    NYTT_PRISREGISTER = "NYTT_PRISREGISTER"
    """The kommune changed its prices or choices."""
    SISTE_OPPGJOER = "SISTE_OPPGJOER"
    """The last settlement there was on 1 January (§ 10 tredje ledd)."""


_BEGGE: Final = frozenset(Sakstjeneste)

TJENESTER: Final[Mapping[Masseslag, frozenset[Sakstjeneste]]] = {
    # § 10 goes by G on 1 January, so a G from 1 May changes nothing there.
    Masseslag.NY_G: frozenset({Sakstjeneste.LANGTIDSOPPHOLD}),
    Masseslag.NYTT_AAR: _BEGGE,
    Masseslag.NY_FORSKRIFT: _BEGGE,
    Masseslag.NYE_SATSER: _BEGGE,
    Masseslag.NYTT_PRISREGISTER: _BEGGE,
    Masseslag.SISTE_OPPGJOER: frozenset({Sakstjeneste.PRAKTISK_BISTAND}),
}

SLAAR_OPP: Final = frozenset({Masseslag.SISTE_OPPGJOER})
"""Those that may ask Skatteetaten for what is not kept."""

BEGYNNER_AARET: Final = frozenset({Masseslag.NYTT_AAR, Masseslag.SISTE_OPPGJOER})
"""Those that make a year's first calculation for a case that has none."""

HVORFOR: Final[Mapping[Masseslag, str]] = {
    Masseslag.NY_G: "Nytt grunnbeløp",
    Masseslag.NYTT_AAR: "Nytt år",
    Masseslag.NY_FORSKRIFT: "Ny forskrift",
    Masseslag.NYE_SATSER: "Nye satser",
    Masseslag.NYTT_PRISREGISTER: "Nye priser eller valg i kommunen",
    Masseslag.SISTE_OPPGJOER: "Siste skatteoppgjør per 1. januar",
}
"""How a task begins."""


def virkning(slag: Masseslag, aar: int, oppsett: Aarsoppsett) -> date:
    """The first day a run of this kind has effect, unless told otherwise."""
    if slag is Masseslag.NY_G:
        return oppsett.langtid.nytt_g_fra or nytt_g(aar)
    return aaret(aar).fra
