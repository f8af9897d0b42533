"""A form that is sent twice has one effect, and both are sent to the same page."""

import json
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.db.arkiv import Lager
from app.portal.ramme.side import Side
from app.services.gjentak import Gjensvar, Gjentakbar, en_gang
from app.services.revisjon import Handling

FELT: Final = "noekkel"
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{20,60}")
_STED: Final = "Location"
_BYTES: Final = 18

Lagring = Callable[[Lager], Awaitable[str]]
"""Writes within the transaction it is given, and says which page comes next."""


def ny_noekkel() -> str:
    """What a form is known by from when it is shown until it is stored."""
    return secrets.token_urlsafe(_BYTES)


def noekkelen(side: Side) -> str:
    """The key that stood in the form, or a new one."""
    sendt = side.tekst(FELT)
    return sendt if _FORM.fullmatch(sendt) else ny_noekkel()


async def lagre_en_gang(
    side: Side,
    noekkel: str,
    innhold: Any,
    forbered: Callable[[], Awaitable[Lagring]],
    handling: Handling,
    sak_id: UUID | None = None,
) -> str:
    """Do what a form asks for, once.

    A form that was changed after it was stored, by somebody who went back to it, is another form.

    Args:
        side: the request.
        noekkel: what stood in the form.
        innhold: what the form says.
        forbered: everything before the transaction; gives what to do within it.
        handling: what a repeat is noted as.
        sak_id: the case, when there is one.

    Returns:
        The page that comes next.
    """
    merke = sha256(json.dumps(innhold, sort_keys=True, default=str).encode()).hexdigest()
    egen = urlsafe_b64encode(sha256(f"{noekkel}\n{merke}".encode()).digest()).decode().rstrip("=")
    hva = Gjentakbar(noekkel=egen, rute=f"{side.request.method} {side.request.url.path}", kropp_hash=merke)

    async def klar() -> Callable[[Lager], Awaitable[Gjensvar]]:
        lagring = await forbered()

        async def lagre(lager: Lager) -> Gjensvar:
            return Gjensvar(303, "", {_STED: await lagring(lager)})

        return lagre

    async def ved_gjentak(lager: Lager) -> None:
        rad = side.kall.rad(handling, sak_id=sak_id, formaal="gjentak av et tidligere svar")
        await lager.revisjon.noter(side.kall.naa, rad)

    svar, _ = await en_gang(side.drift.arkiv, side.kall.aktoer, hva, side.kall.naa, klar, ved_gjentak)
    return svar.hoder[_STED]
