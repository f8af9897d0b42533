"""The header that names a request, so that a repeat has one effect and gets the first answer."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Final

from fastapi import Request

from app.api.problem import NOEKKEL_BRUKT, UGYLDIG_NOEKKEL, Problem, ProblemError
from app.api.svar import Svar
from app.db.arkiv import Arkiv, Lager
from app.services import gjentak
from app.services.gjentak import Gjentakbar, NoekkelBruktError
from app.services.tilgang import Aktoer

FELT: Final = "Idempotency-Key"
_GYLDIG: Final = re.compile(r"[0-9A-Za-z._:-]{8,100}")
_PERSON: Final = re.compile(r"[0-9]{11}")

Lagring = Callable[[Lager], Awaitable[Svar]]
"""Writes within the transaction it is given, and says what to answer."""


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
    hva = None if noekkel is None else await _gjentakbar(request, noekkel)
    try:
        svar, gjentatt = await gjentak.en_gang(arkiv, aktoer, hva, naa, forbered, ved_gjentak)
    except NoekkelBruktError:
        raise ProblemError(
            Problem(
                NOEKKEL_BRUKT,
                f"Nøkkelen i {FELT} er brukt til en annen forespørsel. Lag en ny nøkkel for hver nye forespørsel.",
            )
        ) from None
    hoder = {**svar.hoder, "Idempotent-Replayed": "true"} if gjentatt else svar.hoder
    return Svar(svar.status, svar.kropp, hoder)


async def _gjentakbar(request: Request, noekkel: str) -> Gjentakbar:
    return Gjentakbar(
        noekkel=noekkel,
        rute=f"{request.method} {request.url.path}",
        kropp_hash=sha256(request.url.query.encode() + b"\n" + await request.body()).hexdigest(),
    )


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
