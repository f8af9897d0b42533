"""What every use case has at hand, and who is calling."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from app.db.arkiv import Arkiv
from app.db.lager.revisjon import NyRad
from app.klokke import dagen
from app.services.oppslag import Oppslag
from app.services.revisjon import Handling, Utfall, ny_rad
from app.services.tilgang import Aktoer, Aktoertype
from app.services.webhooker.adresse import Adressevakt
from app.settings.personvern import Personvern
from app.settings.webhooker import Webhooker

_SELV: Final = f"{Aktoertype.SYSTEM.lower()}:"


def er_automatisk(av: str) -> bool:
    """Whether a stored row was made by the service itself."""
    return av.startswith(_SELV)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saksdrift:
    """One per process."""

    arkiv: Arkiv
    oppslag: Oppslag | None
    """``None`` when Maskinporten is not set up: every figure is then missing, and says so."""
    kodeversjon: str
    hjemmel: str
    """The basis the register notes."""
    godta_syntetiske: bool
    """False in production."""
    webhookvakt: Adressevakt = field(default_factory=lambda: Adressevakt(Webhooker()))
    """Says where webhooks may go."""
    personvern: Personvern = field(default_factory=Personvern)
    """What counts as look-ups to ask about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kall:
    """One request."""

    aktoer: Aktoer
    rute: str
    """Method and route template; no values."""
    korrelasjonsid: str
    naa: datetime
    hjemmel: str

    @property
    def i_dag(self) -> date:
        """Today in Norway."""
        return dagen(self.naa)

    @property
    def av(self) -> str:
        """Who, as stored rows carry it."""
        return self.aktoer.merke

    def rad(self, handling: Handling, utfall: Utfall = Utfall.OK, **resten: Any) -> NyRad:
        """One row of the register; see ``app.services.revisjon.ny_rad``."""
        return ny_rad(
            self.aktoer,
            handling,
            utfall,
            hjemmel=self.hjemmel,
            rute=self.rute,
            korrelasjonsid=self.korrelasjonsid,
            **resten,
        )

    def rader(self, identer: Iterable[str], handling: Handling, sak_id: UUID, **resten: Any) -> list[NyRad]:
        """The same row for each person, so that each can be told who saw what was theirs."""
        return [self.rad(handling, ident=ident, sak_id=sak_id, **resten) for ident in sorted(set(identer))]


def eget_kall(hjemmel: str, kommune: str, hva: str, naa: datetime) -> Kall:
    """What the service does for a kommune without being asked.

    Args:
        hjemmel: the basis the register notes.
        kommune: organisation number.
        hva: what does it, as rows and the register carry it: ``hendelser`` becomes ``system:hendelser``.
        naa: now.
    """
    aktoer = Aktoer(kommune=kommune, type=Aktoertype.SYSTEM, id=hva, rettigheter=frozenset())
    return Kall(aktoer=aktoer, rute=hva, korrelasjonsid=str(uuid4()), naa=naa, hjemmel=hjemmel)
