"""The first answer to every idempotency key."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime

from app.db.leie import Leie
from app.db.tabeller import idempotens


@dataclass(frozen=True, slots=True, kw_only=True)
class LagretSvar:
    """What a key was answered with."""

    noekkel: str
    rute: str
    kropp_hash: str
    status: int
    hoder: str
    """The headers that belong to the answer (JSON)."""
    svar: bytes = field(repr=False)
    opprettet: datetime


class Idempotens:
    """The keys of one kommune; each client has its own."""

    def __init__(self, leie: Leie) -> None:
        self._leie = leie

    async def hent(self, klient: str, noekkel: str) -> LagretSvar | None:
        """The stored answer, if the key has been used."""
        rad = await self._leie.en(idempotens, klient=klient, noekkel=noekkel)
        if rad is None:
            return None
        aapnet = self._leie.dekrypter(rad.svar, idempotens, "svar", klient, noekkel)
        return LagretSvar(
            noekkel=rad.noekkel,
            rute=rad.rute,
            kropp_hash=rad.kropp_hash,
            status=rad.status,
            hoder=rad.hoder,
            svar=zlib.decompress(aapnet),
            opprettet=rad.opprettet,
        )

    async def lagre(self, klient: str, svar: LagretSvar) -> bool:
        """Keep the answer; ``False`` when another was first, and this transaction must then be undone."""
        lukket = self._leie.krypter(zlib.compress(svar.svar, 1), idempotens, "svar", klient, svar.noekkel)
        return await self._leie.sett_inn_hvis_ny(
            idempotens,
            {
                "klient": klient,
                "noekkel": svar.noekkel,
                "rute": svar.rute,
                "kropp_hash": svar.kropp_hash,
                "status": svar.status,
                "hoder": svar.hoder,
                "svar": lukket,
                "opprettet": svar.opprettet,
            },
        )

    async def slett(self, eldre_enn: datetime) -> int:
        """Take away answers nobody repeats any more."""
        return await self._leie.slett(idempotens, idempotens.c.opprettet < eldre_enn)
