"""Idempotency: the same key and the same request have one effect, and every repeat gets the first answer.

There is no "under way" state to clean up after a crash: the answer is kept in the transaction of the effect, and
whoever commits first is the one who did it. In one process, repeats wait for each other so that nothing is
looked up twice.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Final
from weakref import WeakValueDictionary

from fastapi import Request

from app.api.problem import NOEKKEL_BRUKT, UGYLDIG_NOEKKEL, Problem, ProblemError
from app.api.svar import Svar
from app.db.arkiv import Arkiv, Lager
from app.db.lager.idempotens import LagretSvar
from app.db.motor import AvvistError
from app.services.sak.feil import SakError, SamtidigError
from app.services.tilgang import Aktoer

FELT: Final = "Idempotency-Key"
_GYLDIG: Final = re.compile(r"[0-9A-Za-z._:-]{8,100}")
_PERSON: Final = re.compile(r"[0-9]{11}")

Lagring = Callable[[Lager], Awaitable[Svar]]
"""Writes within the transaction it is given, and says what to answer."""

_laaser: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()


class _AndreVarFoerstError(Exception):
    """Another process has committed the same key; ours must be undone."""


_FORSOEK: Final = 3
"""How often the same is prepared anew when others store the same persons meanwhile."""


async def en_gang(
    arkiv: Arkiv,
    aktoer: Aktoer,
    request: Request,
    naa: datetime,
    forbered: Callable[[], Awaitable[Lagring]],
    ved_gjentak: Callable[[Lager], Awaitable[None]],
) -> Svar:
    """Do it once, whatever the caller repeats.

    Args:
        arkiv: the database.
        aktoer: who asks; keys belong to one client in one kommune.
        request: its body and path are what the key stands for.
        naa: now.
        forbered: everything before the transaction, look-ups too; gives what to do within it.
        ved_gjentak: notes in the register that the answer was given again.

    Raises:
        ProblemError: 400 for a key that cannot be one, 422 for a key used for another request.
    """
    noekkel = _noekkel(request)
    if noekkel is None:
        return await _utfoer(arkiv, aktoer.kommune, forbered, _uten_noekkel)
    rute = f"{request.method} {request.url.path}"
    kropp_hash = sha256(request.url.query.encode() + b"\n" + await request.body()).hexdigest()
    laas = _laaser.setdefault((aktoer.kommune, aktoer.merke, noekkel), asyncio.Lock())
    async with laas:
        lagret = await _hent(arkiv, aktoer, noekkel)
        if lagret is None:

            async def behold(lager: Lager, svar: Svar) -> None:
                nytt = LagretSvar(
                    noekkel=noekkel,
                    rute=rute,
                    kropp_hash=kropp_hash,
                    status=svar.status,
                    hoder=json.dumps(dict(svar.hoder), sort_keys=True),
                    svar=svar.kropp.encode(),
                    opprettet=naa,
                )
                if not await lager.idempotens.lagre(aktoer.merke, nytt):
                    raise _AndreVarFoerstError

            try:
                return await _utfoer(arkiv, aktoer.kommune, forbered, behold)
            except (_AndreVarFoerstError, SakError, AvvistError):
                # What stood in our way may be the effect of the same request in another process.
                lagret = await _hent(arkiv, aktoer, noekkel)
                if lagret is None:
                    raise
    if (lagret.rute, lagret.kropp_hash) != (rute, kropp_hash):
        raise ProblemError(
            Problem(
                NOEKKEL_BRUKT,
                f"Nøkkelen i {FELT} er brukt til en annen forespørsel. Lag en ny nøkkel for hver nye forespørsel.",
            )
        )
    async with arkiv.skriv(aktoer.kommune) as lager:
        await ved_gjentak(lager)
    return Svar(
        lagret.status, lagret.svar.decode(), {**json.loads(lagret.hoder), "Idempotent-Replayed": "true"}
    )


async def _hent(arkiv: Arkiv, aktoer: Aktoer, noekkel: str) -> LagretSvar | None:
    async with arkiv.les(aktoer.kommune) as lager:
        return await lager.idempotens.hent(aktoer.merke, noekkel)


async def _uten_noekkel(lager: Lager, svar: Svar) -> None:
    """Nothing is kept for an answer nobody can ask for again."""


async def _utfoer(
    arkiv: Arkiv,
    kommune: str,
    forbered: Callable[[], Awaitable[Lagring]],
    behold: Callable[[Lager, Svar], Awaitable[None]],
) -> Svar:
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


def _noekkel(request: Request) -> str | None:
    sendt = request.headers.getlist(FELT)
    if not sendt:
        return None
    if len(sendt) != 1 or not _GYLDIG.fullmatch(sendt[0]) or _PERSON.search(sendt[0]):
        raise ProblemError(
            Problem(
                UGYLDIG_NOEKKEL,
                f"{FELT} skal være én tilfeldig verdi på 8 til 100 tegn (bokstaver, sifre og . _ : -), for eksempel en UUID. "
                "Den kan ikke inneholde et fødselsnummer.",
            )
        )
    return sendt[0]
