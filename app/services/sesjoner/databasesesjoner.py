"""Sessions in our own database: revocable, unreadable for the browser, and noted in the audit register.

The browser holds 256 random bits and nothing else. The database holds a keyed hash of them, so that whoever reads it
cannot become anybody.
"""

import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import klokke
from app.db.arkiv import Arkiv
from app.db.lager.brukere import Bruker
from app.db.lager.revisjon import NyRad
from app.db.lager.sesjoner import Sesjonsrad
from app.db.motor import OpptattError
from app.db.sesjonsoppslag import Sesjonsoppslag
from app.services.revisjon import Handling, Utfall, ny_rad
from app.services.sesjoner.forsoek import er_hemmelighet, ny_hemmelighet
from app.services.sesjoner.sesjon import Sesjon
from app.services.tilgang import RETTIGHETER, Aktoer, Aktoertype, Rolle
from app.settings.portal import Portal

MELLOM_NOTERINGER: Final = timedelta(minutes=1)
"""How often it is noted that a session is in use: reading a page must not wait for those who write."""

_FORMAAL: Final = "innlogging i portalen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sporing:
    """The request, as the audit register notes it."""

    rute: str
    """Method and route template; no values."""
    korrelasjonsid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identitet:
    """Somebody a provider vouches for.

    Attributes:
        aktoer: who acts from now on.
        navn: what the provider calls the user, if it tells.
        ident: the user's national id, if it tells.
        tilbyder: our name of the provider.
        utsteder: the provider's issuer.
        sid: what the provider calls its own session, if it tells; it asks us to end ours by it.
        id_token: shown to the provider at logout.
    """

    aktoer: Aktoer
    navn: str | None = field(repr=False)
    ident: str | None = field(default=None, repr=False)
    tilbyder: str
    utsteder: str
    sid: str | None = field(repr=False)
    id_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Avsluttet:
    """A session that has ended: what is needed to end the provider's too."""

    tilbyder: str
    id_token: str = field(repr=False)


class Databasesesjoner:
    """The sessions of the portal; a ``Portalsesjoner``.

    Args:
        arkiv: where they are kept.
        valg: how long they last.
        hjemmel: the basis the register notes.
        naa: the time.
    """

    def __init__(
        self, arkiv: Arkiv, valg: Portal, hjemmel: str, naa: Callable[[], datetime] = klokke.naa
    ) -> None:
        self._arkiv: Final = arkiv
        self._oppslag: Final = Sesjonsoppslag(arkiv.database, arkiv.ring)
        self._inaktiv: Final = timedelta(minutes=valg.inaktiv_minutter)
        self._lengste: Final = timedelta(minutes=valg.lengste_minutter)
        self._hjemmel: Final = hjemmel
        self._naa: Final = naa

    async def hent(self, cookieverdi: str) -> Sesjon | None:
        """See ``Portalsesjoner.hent``."""
        rad = await self._levende(cookieverdi)
        if rad is None:
            return None
        innhold = _les(rad)
        return Sesjon(
            aktoer=_aktoer(rad),
            # Ansattporten tells no name; the role is what the user goes by then.
            navn=innhold.navn or Rolle(rad.rolle).value.capitalize(),
            csrf=innhold.csrf,
            innlogget=rad.opprettet,
            utloeper=rad.utloeper,
        )

    async def finn(self, cookieverdi: str) -> Aktoer | None:
        """See ``Sesjoner.finn``."""
        rad = await self._levende(cookieverdi)
        return None if rad is None else _aktoer(rad)

    async def godtar_csrf(self, cookieverdi: str, csrf: str) -> bool:
        """See ``Sesjoner.godtar_csrf``."""
        rad = await self._levende(cookieverdi)
        return rad is not None and hmac.compare_digest(_les(rad).csrf.encode(), csrf.encode())

    async def kjenner(self, kommune: str) -> bool:
        """Whether a kommune has been taken in."""
        async with self._arkiv.les(kommune) as lager:
            return await lager.kommuner.finnes()

    def brukerid(self, utsteder: str, *deler: str) -> str:
        """The opaque id of a user, the same at every login; who it is stands in the kommune's list of users."""
        return str(UUID(bytes=self._arkiv.ring.sesjonshash("bruker", utsteder, *deler)[:16]))

    async def logg_inn(self, hvem: Identitet, sporing: Sporing, forrige: str | None = None) -> str:
        """Begin a session; what the browser shall show.

        Args:
            hvem: the user.
            sporing: the request.
            forrige: what the browser showed before; that session ends, whoever's it was.
        """
        naa = self._naa()
        if forrige is not None:
            await self.logg_ut(forrige, sporing)
        kapsel = ny_hemmelighet()
        aktoer = hvem.aktoer
        rolle = _rolle(aktoer)
        rad = Sesjonsrad(
            kommune=aktoer.kommune,
            noekkel_hash=self._hash(kapsel),
            sid_hash=None if hvem.sid is None else self._sid(hvem.utsteder, hvem.sid),
            bruker=aktoer.id,
            rolle=rolle.value,
            eid_nivaa=aktoer.eid_nivaa or "",
            tilbyder=hvem.tilbyder,
            innhold=json.dumps([hvem.navn, ny_hemmelighet(), hvem.id_token]).encode(),
            opprettet=naa,
            sist_brukt=naa,
            utloeper=naa + self._lengste,
        )
        bruker = Bruker(
            id=aktoer.id,
            navn=hvem.navn,
            rolle=rolle.value,
            tilbyder=hvem.tilbyder,
            sist_innlogget=naa,
        )
        async with self._arkiv.skriv(aktoer.kommune) as lager:
            await lager.brukere.ta_inn(bruker, hvem.ident)
            await lager.sesjoner.ny(rad)
            await lager.revisjon.noter(
                naa, self._noter(aktoer, Handling.INNLOGGING, Utfall.OK, sporing, hvem.tilbyder)
            )
        return kapsel

    async def nekt(self, aktoer: Aktoer, grunn: str, sporing: Sporing) -> None:
        """Note that somebody of a kommune we know was refused.

        Args:
            aktoer: who; with no rights.
            grunn: why, as a word.
            sporing: the request.
        """
        async with self._arkiv.skriv(aktoer.kommune) as lager:
            await lager.revisjon.noter(
                self._naa(), self._noter(aktoer, Handling.INNLOGGING, Utfall.AVSLAATT, sporing, grunn)
            )

    async def logg_ut(self, cookieverdi: str, sporing: Sporing) -> Avsluttet | None:
        """End the session the browser shows; ``None`` if there is none."""
        rad = await self._finn(cookieverdi)
        if rad is None or not await self._avslutt(rad, sporing, "brukeren"):
            return None
        return Avsluttet(tilbyder=rad.tilbyder, id_token=_les(rad).id_token)

    async def logg_ut_fra(self, utsteder: str, sid: str, sporing: Sporing) -> int:
        """End the sessions that began with a session at the provider, when it says that that is over; how many."""
        rader = await self._oppslag.med_sid(self._sid(utsteder, sid))
        return sum([await self._avslutt(rad, sporing, "tilbyderen") for rad in rader])

    async def rydd(self) -> int:
        """Sweep away what is over; how many sessions and begun logins there were."""
        naa = self._naa()
        return await self._oppslag.rydd(naa, naa - self._inaktiv)

    async def antall_over(self) -> int:
        """How many ``rydd`` would sweep away."""
        naa = self._naa()
        return await self._oppslag.antall_over(naa, naa - self._inaktiv)

    async def _avslutt(self, rad: Sesjonsrad, sporing: Sporing, av: str) -> bool:
        async with self._arkiv.skriv(rad.kommune) as lager:
            if not await lager.sesjoner.avslutt(rad.noekkel_hash):
                return False
            await lager.revisjon.noter(
                self._naa(), self._noter(_aktoer(rad), Handling.UTLOGGING, Utfall.OK, sporing, av)
            )
        return True

    async def _levende(self, cookieverdi: str) -> Sesjonsrad | None:
        naa = self._naa()
        rad = await self._finn(cookieverdi)
        if rad is None or naa >= rad.utloeper or naa >= rad.sist_brukt + self._inaktiv:
            return None
        if naa >= rad.sist_brukt + MELLOM_NOTERINGER:
            # The page is shown all the same; the next one notes it.
            with suppress(OpptattError):
                await self._oppslag.brukt(rad, naa)
        return rad

    async def _finn(self, cookieverdi: str) -> Sesjonsrad | None:
        if not er_hemmelighet(cookieverdi):
            return None
        return await self._oppslag.finn(self._hash(cookieverdi))

    def _noter(self, aktoer: Aktoer, handling: Handling, utfall: Utfall, sporing: Sporing, hva: str) -> NyRad:
        return ny_rad(
            aktoer,
            handling,
            utfall,
            data=[hva],
            formaal=_FORMAAL,
            hjemmel=self._hjemmel,
            rute=sporing.rute,
            korrelasjonsid=sporing.korrelasjonsid,
        )

    def _hash(self, kapsel: str) -> bytes:
        return self._arkiv.ring.sesjonshash("sesjon", kapsel)

    def _sid(self, utsteder: str, sid: str) -> bytes:
        return self._arkiv.ring.sesjonshash("sid", utsteder, sid)


@dataclass(frozen=True, slots=True)
class _Innhold:
    navn: str | None
    csrf: str
    id_token: str


def _les(rad: Sesjonsrad) -> _Innhold:
    return _Innhold(*json.loads(rad.innhold))


def _rolle(aktoer: Aktoer) -> Rolle:
    if aktoer.rolle is None:
        raise ValueError("en sesjon må ha en rolle")
    return aktoer.rolle


def _aktoer(rad: Sesjonsrad) -> Aktoer:
    rolle = Rolle(rad.rolle)
    return Aktoer(
        kommune=rad.kommune,
        type=Aktoertype.BRUKER,
        id=rad.bruker,
        rettigheter=RETTIGHETER[rolle],
        rolle=rolle,
        eid_nivaa=rad.eid_nivaa,
    )
