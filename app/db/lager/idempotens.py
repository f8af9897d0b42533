"""The first answer to every idempotency key."""

import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from app.db.kryptering import KrypteringError
from app.db.leie import Leie
from app.db.tabeller import idempotens

_BOLK: Final = 200


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
        return LagretSvar(
            noekkel=rad.noekkel,
            rute=rad.rute,
            kropp_hash=rad.kropp_hash,
            status=rad.status,
            hoder=rad.hoder,
            svar=self._aapne(rad),
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

    async def antall(self, eldre_enn: datetime) -> int:
        """How many answers nobody repeats any more."""
        return await self._leie.antall(idempotens, idempotens.c.opprettet < eldre_enn)

    async def slett(self, eldre_enn: datetime, antall: int | None = None) -> int:
        """Take away answers nobody repeats any more, so many at most; how many there were."""
        tabell = idempotens.c
        rader = await self._leie.mange(
            idempotens, tabell.opprettet < eldre_enn, kolonner=[tabell.klient, tabell.noekkel], antall=antall
        )
        return await self._slett(rader)

    async def slett_som_nevner(self, ord_: Collection[str]) -> int:
        """Take away every answer that holds one of these words, and those nobody can open; how many."""
        if not ord_:
            return 0
        tabell = idempotens.c
        moenster = re.compile("|".join(map(re.escape, sorted(ord_))))
        alle = await self._leie.mange(idempotens, kolonner=[tabell.klient, tabell.noekkel])
        slettes: list[Row[Any]] = []
        for klient, bolk in _bolker(alle):
            rader = await self._leie.mange(idempotens, tabell.noekkel.in_(bolk), klient=klient)
            slettes += [rad for rad in rader if self._nevner(rad, moenster)]
        return await self._slett(slettes)

    def _nevner(self, rad: Row[Any], moenster: re.Pattern[str]) -> bool:
        try:
            svar = self._aapne(rad)
        except KrypteringError:
            return True
        return any(map(moenster.search, (rad.rute, rad.hoder, svar.decode(errors="replace"))))

    def _aapne(self, rad: Row[Any]) -> bytes:
        return zlib.decompress(self._leie.dekrypter(rad.svar, idempotens, "svar", rad.klient, rad.noekkel))

    async def _slett(self, rader: Iterable[Row[Any]]) -> int:
        return sum(
            [
                await self._leie.slett(idempotens, idempotens.c.noekkel.in_(bolk), klient=klient)
                for klient, bolk in _bolker(rader)
            ]
        )


def _bolker(rader: Iterable[Row[Any]]) -> Iterator[tuple[str, list[str]]]:
    """Keys by client, some at a time."""
    samlet: dict[str, list[str]] = {}
    for rad in rader:
        samlet.setdefault(rad.klient, []).append(rad.noekkel)
    for klient, noekler in samlet.items():
        for start in range(0, len(noekler), _BOLK):
            yield klient, noekler[start : start + _BOLK]
