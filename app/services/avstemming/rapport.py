"""The report: the document that is signed and kept, and what of it a table shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.json_tekst import skriv_json
from app.db.lager.avstemminger import Avstemming
from app.db.lager.revisjon import Hode
from app.services.avstemming.funn import FORKLARING, STOERSTE_LISTE, Funn, samlet
from app.services.avstemming.signatur import Signering

SKJEMA: Final = "egenandel-avstemming/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listestand:
    """One list as the reconciliation found it. The same for every kommune: the list is read once for the service."""

    liste: str
    lest_fra: int
    """The number it was read again from."""
    lest_til: int
    """The number after the last that was there."""
    peker: int
    """Where the next page begins."""
    hendelser: int
    """Events that were read, about anybody."""

    @property
    def dekket_til(self) -> int:
        """Everything before this number is accounted for."""
        return min(self.peker, self.lest_til)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapport:
    """One kommune, reconciled."""

    id: UUID
    kommune: str
    fra: datetime
    til: datetime
    av: str
    kodeversjon: str
    funn: tuple[Funn, ...]
    lister: tuple[Listestand, ...] = ()
    register: Hode | None = None
    """The head of the audit register when it was walked through: signed here, it is noted outside of the register."""
    forrige: Avstemming | None = field(default=None, repr=False)

    @property
    def utfall(self) -> str:
        """OK, RETTET or AVVIK."""
        return samlet(self.funn).value

    def dokument(self) -> dict[str, Any]:
        """What is signed. Ids and numbers only."""
        return {
            "skjema": SKJEMA,
            "id": str(self.id),
            "kommune": self.kommune,
            "fra": _tid(self.fra),
            "til": _tid(self.til),
            "utfall": self.utfall,
            "av": self.av,
            "kodeversjon": self.kodeversjon,
            "forrige": None if self.forrige is None else _forrige(self.forrige),
            "register": None
            if self.register is None
            else {"nr": self.register.nr, "hash": self.register.hash},
            "lister": [
                {
                    "liste": en.liste,
                    "lestFra": en.lest_fra,
                    "lestTil": en.lest_til,
                    "peker": en.peker,
                    "dekketTil": en.dekket_til,
                    "hendelser": en.hendelser,
                }
                for en in self.lister
            ],
            "kontroller": [_kontroll(ett) for ett in self.funn],
        }

    def signert(self, signering: Signering) -> Avstemming:
        """As it is kept."""
        innhold = skriv_json(self.dokument())
        return Avstemming(
            id=self.id,
            fra=self.fra,
            til=self.til,
            utfall=self.utfall,
            innhold=innhold,
            signatur=signering.signer(innhold),
            av=self.av,
            opprettet=self.til,
        )


def _tid(tidspunkt: datetime) -> str:
    return tidspunkt.isoformat(timespec="microseconds")


def _forrige(forrige: Avstemming) -> dict[str, str]:
    """Names the report before by what it said, so that one that is taken away is missed."""
    return {"id": str(forrige.id), "sha256": sha256(forrige.innhold.encode()).hexdigest()}


def _kontroll(funn: Funn) -> dict[str, Any]:
    hva, tiltak = FORKLARING[funn.navn]
    return {
        "navn": funn.navn.value,
        "hva": hva,
        "kontrollert": funn.kontrollert,
        "vurdering": funn.vurdering.value,
        "antall": dict(funn.antall),
        "antallAvvik": len(funn.avvik),
        "rettet": funn.rettet,
        "tiltak": tiltak if funn.avvik else None,
        "avvik": [dict(ett.gjelder) for ett in funn.avvik[:STOERSTE_LISTE]],
    }


KOLONNER: Final = (
    "kommune",
    "avstemming",
    "til",
    "utfall",
    "kontroll",
    "hva",
    "kontrollert",
    "vurdering",
    "antall avvik",
    "rettet",
    "tiltak",
    "avvik",
)
"""Of the tables: one row for each control, and one more for each further deviation."""


def rader(dokument: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """A report as rows."""
    hode = [dokument[navn] for navn in ("kommune", "id", "til", "utfall")]
    for kontroll in dokument["kontroller"]:
        felles = [
            *hode,
            *(
                kontroll[navn]
                for navn in (
                    "navn",
                    "hva",
                    "kontrollert",
                    "vurdering",
                    "antallAvvik",
                    "rettet",
                    "tiltak",
                )
            ),
        ]
        for avvik in kontroll["avvik"] or [None]:
            yield [
                *felles,
                None if avvik is None else ", ".join(f"{navn} {verdi}" for navn, verdi in avvik.items()),
            ]
