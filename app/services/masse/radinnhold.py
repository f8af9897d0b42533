"""What is kept of a row of a mass run besides its columns. Pure: the processes that calculate write it too."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.calc.kontrakt.json_tekst import les_egen_json

Maanedsbeloep = Mapping[str, int]
"""Øre per month (``YYYY-MM``); months that are not charged are not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radinnhold:
    """What is kept; amounts in øre."""

    foer: Maanedsbeloep | None = field(default=None, repr=False)
    etter: Maanedsbeloep | None = field(default=None, repr=False)
    tekst: str | None = None
    flere: tuple[UUID, ...] = ()
    """Other calculations the run stored in the case: one for each part of the year with its own household."""

    def som_tekst(self) -> str:
        """As it is kept."""
        alt = {
            "foer": None if self.foer is None else dict(self.foer),
            "etter": None if self.etter is None else dict(self.etter),
            "tekst": self.tekst,
            "flere": [str(id_) for id_ in self.flere],
        }
        # Whole numbers and texts only, and many of them: the library's own writer is ten times faster.
        return json.dumps(alt, ensure_ascii=False, separators=(",", ":"))


def les_radinnhold(tekst: str | None) -> Radinnhold:
    """What was kept."""
    raa: Mapping[str, Any] = {} if tekst is None else les_egen_json(tekst)
    return Radinnhold(
        foer=raa.get("foer"),
        etter=raa.get("etter"),
        tekst=raa.get("tekst"),
        flere=tuple(UUID(id_) for id_ in raa.get("flere", ())),
    )


def endring(foer: Maanedsbeloep | None, etter: Maanedsbeloep | None) -> int | None:
    """Øre over the year; unknown when nothing was known before."""
    return None if foer is None or etter is None else sum(etter.values()) - sum(foer.values())
