"""§ 1. What may be charged, and when a limited stay counts as a long one."""

from enum import StrEnum
from typing import Final

from app.calc.hjemmel import Hjemmel

FRITAK: Final = Hjemmel(1, 2)
DEFINISJONER: Final = Hjemmel(1, 3)


class Oppholdsart(StrEnum):
    """Kinds of stay.

    ``LANGTID`` and ``KORTTID_DOEGN`` are charged; ``DAG`` and ``NATT`` are single visits;
    ``AVLASTNING`` (relief for relatives) and ``OEYEBLIKKELIG_HJELP`` (emergency day places) are free
    under § 1 andre ledd, but are days in institution all the same.
    """

    LANGTID = "LANGTID"
    KORTTID_DOEGN = "KORTTID_DOEGN"
    DAG = "DAG"
    NATT = "NATT"
    AVLASTNING = "AVLASTNING"
    OEYEBLIKKELIG_HJELP = "OEYEBLIKKELIG_HJELP"

    @property
    def er_besoek(self) -> bool:
        """Single visits, charged by the visit and not by the day."""
        return self in (Oppholdsart.DAG, Oppholdsart.NATT)

    @property
    def er_fri(self) -> bool:
        """Never charged (§ 1 andre ledd)."""
        return self in (Oppholdsart.AVLASTNING, Oppholdsart.OEYEBLIKKELIG_HJELP)
