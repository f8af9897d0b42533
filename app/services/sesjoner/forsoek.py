"""Logins that have begun: what we must remember while the user is at the provider.

It is kept on our side and belongs to one browser, by a cookie of its own. Whoever comes back with somebody else's
answer, with an old one, or with one for the second time, finds nothing.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app import klokke
from app.db.arkiv import Arkiv
from app.db.sesjonsoppslag import Paabegynt, Sesjonsoppslag
from app.settings.portal import Portal

FORSOEKSKAPSEL: Final = "__Host-egenandel-innlogging"
"""Binds a login to the browser that began it."""

_HEMMELIGHET: Final = re.compile(r"[\w-]{43}", re.ASCII)
_BYTES: Final = 32


def ny_hemmelighet() -> str:
    """256 bits nobody can guess, as text."""
    return secrets.token_urlsafe(_BYTES)


def er_hemmelighet(tekst: str) -> bool:
    """Whether it has the form of one of ours; what has not is not looked for."""
    return bool(_HEMMELIGHET.fullmatch(tekst))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forsoek:
    """A login that has begun."""

    tilbyder: str
    retur: str
    """The path of ours the user wanted."""
    tilstand: str = field(repr=False, default_factory=ny_hemmelighet)
    nonce: str = field(repr=False, default_factory=ny_hemmelighet)
    verifier: str = field(repr=False, default_factory=ny_hemmelighet)
    """PKCE's: shown to the provider first when the code is exchanged."""


class Innloggingsforsoek:
    """The logins that have begun.

    Args:
        arkiv: where they are kept.
        valg: how long they and the sessions last.
        naa: the time.
    """

    def __init__(self, arkiv: Arkiv, valg: Portal, naa: Callable[[], datetime] = klokke.naa) -> None:
        self._oppslag: Final = Sesjonsoppslag(arkiv.database, arkiv.ring)
        self._ring: Final = arkiv.ring
        self._varer: Final = timedelta(minutes=valg.forsoek_minutter)
        self._inaktiv: Final = timedelta(minutes=valg.inaktiv_minutter)
        self._naa: Final = naa

    async def begynn(self, nettleser: str, forsoek: Forsoek) -> None:
        """Keep a login for a browser.

        Args:
            nettleser: what the browser's cookie says.
            forsoek: the login.
        """
        naa = self._naa()
        innhold = [forsoek.nonce, forsoek.verifier, forsoek.retur]
        await self._oppslag.begynn(
            Paabegynt(
                tilstand_hash=self._tilstand(forsoek.tilstand),
                nettleser_hash=self._nettleser(nettleser),
                tilbyder=forsoek.tilbyder,
                innhold=json.dumps(innhold).encode(),
                utloeper=naa + self._varer,
            ),
            naa,
            naa - self._inaktiv,
        )

    async def ta(self, nettleser: str, tilstand: str) -> Forsoek | None:
        """Take the login back, once; ``None`` when this browser has no such login that is still good."""
        if not (er_hemmelighet(nettleser) and er_hemmelighet(tilstand)):
            return None
        funnet = await self._oppslag.ta(self._tilstand(tilstand), self._nettleser(nettleser))
        if funnet is None or funnet.utloeper <= self._naa():
            return None
        nonce, verifier, retur = json.loads(funnet.innhold)
        return Forsoek(
            tilbyder=funnet.tilbyder, retur=retur, tilstand=tilstand, nonce=nonce, verifier=verifier
        )

    def _tilstand(self, tilstand: str) -> bytes:
        return self._ring.sesjonshash("tilstand", tilstand)

    def _nettleser(self, nettleser: str) -> bytes:
        return self._ring.sesjonshash("nettleser", nettleser)
