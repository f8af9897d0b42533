"""Idempotency: the same key and the same request have one effect, and every repeat gets the first answer.

There is no "under way" state to clean up after a crash: the answer is kept in the transaction of the effect, and
whoever commits first is the one who did it. In one process, repeats wait for each other so that nothing is
looked up twice.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from app.db.arkiv import Arkiv, Lager
from app.db.lager.idempotens import LagretSvar
from app.db.motor import AvvistError
from app.services.sak.feil import SakError, SamtidigError
from app.services.tilgang import Aktoer


@dataclass(frozen=True, slots=True)
class Gjensvar:
    """An answer that can be kept and given again; ``hoder`` are those that belong to the answer itself."""

    status: int
    kropp: str = field(repr=False)
    hoder: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gjentakbar:
    """A request that may be repeated.

    Attributes:
        noekkel: what the caller named it by; keys belong to one client in one kommune.
        rute: where it was sent.
        kropp_hash: a mark of what it said.
    """

    noekkel: str
    rute: str
    kropp_hash: str


class NoekkelBruktError(Exception):
    """The key was used for another request."""


Lagring = Callable[[Lager], Awaitable[Gjensvar]]
"""Writes within the transaction it is given, and says what to answer."""

_laaser: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()


class _AndreVarFoerstError(Exception):
    """Another process has committed the same key; ours must be undone."""


_FORSOEK: Final = 3
"""How often the same is prepared anew when others store the same persons meanwhile."""


async def en_gang(
    arkiv: Arkiv,
    aktoer: Aktoer,
    hva: Gjentakbar | None,
    naa: datetime,
    forbered: Callable[[], Awaitable[Lagring]],
    ved_gjentak: Callable[[Lager], Awaitable[None]],
) -> tuple[Gjensvar, bool]:
    """Do it once, whatever the caller repeats.

    Args:
        arkiv: the database.
        aktoer: who asks.
        hva: what the key stands for; ``None`` is a request that nobody repeats.
        naa: now.
        forbered: everything before the transaction, look-ups too; gives what to do within it.
        ved_gjentak: notes in the register that the answer was given again.

    Returns:
        The answer, and whether it was given before.

    Raises:
        NoekkelBruktError: the key was used for another request.
    """
    if hva is None:
        return await _utfoer(arkiv, aktoer.kommune, forbered, _uten_noekkel), False
    laas = _laaser.setdefault((aktoer.kommune, aktoer.merke, hva.noekkel), asyncio.Lock())
    async with laas:
        lagret = await arkiv.tidligere_svar(aktoer.kommune, aktoer.merke, hva.noekkel)
        if lagret is None:

            async def behold(lager: Lager, svar: Gjensvar) -> None:
                nytt = LagretSvar(
                    noekkel=hva.noekkel,
                    rute=hva.rute,
                    kropp_hash=hva.kropp_hash,
                    status=svar.status,
                    hoder=json.dumps(dict(svar.hoder), sort_keys=True),
                    svar=svar.kropp.encode(),
                    opprettet=naa,
                )
                if not await lager.idempotens.lagre(aktoer.merke, nytt):
                    raise _AndreVarFoerstError

            try:
                return await _utfoer(arkiv, aktoer.kommune, forbered, behold), False
            except (_AndreVarFoerstError, SakError, AvvistError):
                # What stood in our way may be the effect of the same request in another process.
                lagret = await arkiv.tidligere_svar(aktoer.kommune, aktoer.merke, hva.noekkel)
                if lagret is None:
                    raise
    if (lagret.rute, lagret.kropp_hash) != (hva.rute, hva.kropp_hash):
        raise NoekkelBruktError
    async with arkiv.skriv(aktoer.kommune) as lager:
        await ved_gjentak(lager)
    return Gjensvar(lagret.status, lagret.svar.decode(), json.loads(lagret.hoder)), True


async def _uten_noekkel(lager: Lager, svar: Gjensvar) -> None:
    """Nothing is kept for an answer nobody can ask for again."""


async def _utfoer(
    arkiv: Arkiv,
    kommune: str,
    forbered: Callable[[], Awaitable[Lagring]],
    behold: Callable[[Lager, Gjensvar], Awaitable[None]],
) -> Gjensvar:
    for forsoek in range(_FORSOEK):
        lagring = await forbered()
        try:
            async with arkiv.skriv(kommune) as lager:
                svar = await lagring(lager)
                await behold(lager, svar)
                return svar
        except SamtidigError:
            if forsoek == _FORSOEK - 1:
                raise
    raise AssertionError
