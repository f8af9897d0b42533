"""Sessions of one kommune's users: made and ended in the transaction that notes it."""

from dataclasses import dataclass, field
from datetime import datetime

from app.db.leie import Leie
from app.db.tabeller import sesjon


@dataclass(frozen=True, slots=True, kw_only=True)
class Sesjonsrad:
    """A session as it is kept."""

    kommune: str
    noekkel_hash: bytes = field(repr=False)
    sid_hash: bytes | None = field(repr=False)
    bruker: str
    rolle: str
    eid_nivaa: str
    tilbyder: str
    innhold: bytes = field(repr=False)
    """What only the service itself reads; encrypted in the table."""
    opprettet: datetime
    sist_brukt: datetime
    utloeper: datetime


class Sesjonene:
    """The sessions of one kommune."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def ny(self, rad: Sesjonsrad) -> None:
        """Keep a session."""
        await self._leie.sett_inn(
            sesjon,
            {
                "noekkel_hash": rad.noekkel_hash,
                "sid_hash": rad.sid_hash,
                "bruker": rad.bruker,
                "rolle": rad.rolle,
                "eid_nivaa": rad.eid_nivaa,
                "tilbyder": rad.tilbyder,
                "innhold": self._leie.krypter(rad.innhold, sesjon, "innhold", rad.noekkel_hash),
                "opprettet": rad.opprettet,
                "sist_brukt": rad.sist_brukt,
                "utloeper": rad.utloeper,
            },
        )

    async def avslutt(self, noekkel_hash: bytes) -> bool:
        """End a session; whether it was there."""
        return await self._leie.slett(sesjon, noekkel_hash=noekkel_hash) == 1
