"""Sends what is due: at least once, each receiver in a lane of its own, and never in a promised order.

A receiver is a host: one that is slow holds up only what goes to itself, however many kommuner send there. Each attempt
is kept as soon as it is over. If the process dies in between, the attempt is made again under the same id.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import httpx2
import structlog

from app import klokke
from app.db.lager.webhooker import Leveringstilstand, Webhooktilstand
from app.db.lederskap import Mandat
from app.db.webhookutsending import Forfalt, Krok, Resultat, Stans, Utboks
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from app.services.webhooker.adresse import Adressevakt, Maal, UtryggAdresseError
from app.services.webhooker.melding import hoder, kropp, meldings_id
from app.services.webhooker.transport import Mottaker, Sendt
from app.settings.webhooker import Webhooker

_logg = structlog.get_logger("egenandel.webhooker")

_BUNKE: Final = 50
"""Deliveries taken from each webhook at a time."""
_BORTE: Final = 410
_TILFELDIG: Final = secrets.SystemRandom()
_ULESELIG: Final = "hemmeligheten-kan-ikke-aapnes"

_AKTOER: Final = Driftsaktoer("utsending")


class Utsender:
    """Sends from an outbox.

    Args:
        utboks: what is due.
        valg: the settings.
        vakt: judges addresses.
        naa: the time.
        tilfeldig: a number from 0 to 1, for spreading attempts.
        transport: another way out for each lane, for tests; the network otherwise.
    """

    def __init__(
        self,
        utboks: Utboks,
        valg: Webhooker,
        vakt: Adressevakt,
        *,
        naa: Callable[[], datetime] = klokke.naa,
        tilfeldig: Callable[[], float] = _TILFELDIG.random,
        transport: Callable[[], httpx2.AsyncBaseTransport] | None = None,
    ) -> None:
        self._utboks = utboks
        self._valg = valg
        self._vakt = vakt
        self._naa = naa
        self._tilfeldig = tilfeldig
        self._transport = transport

    async def mottakere(self) -> dict[str, list[Krok]]:
        """The webhooks that something is due to, by the host they go to."""
        funnet: dict[str, list[Krok]] = {}
        for krok in await self._utboks.kroker(self._naa()):
            funnet.setdefault(_vert(self._vakt, krok), []).append(krok)
        return funnet

    async def bane(self, mandat: Mandat, vert: str) -> None:
        """Send what is due to one host now, until nothing more is.

        Raises:
            MandatTaptError: somebody else sends now.
            DatabaseError: nothing more can be kept, so nothing more is sent.
        """
        samtidige = self._valg.samtidige_per_mottaker
        innerst = None if self._transport is None else self._transport()
        async with Mottaker(self._vakt, self._valg.tidsgrense, samtidige, innerst) as mottaker:
            # Read anew for each batch: a webhook may have been paused, moved or given another secret.
            while bunke := await self._bunke((await self.mottakere()).get(vert, [])):
                await self._send_bunke(mandat, mottaker, bunke)

    async def _bunke(self, kroker: Sequence[Krok]) -> list[Forfalt]:
        """Some of what is due to each webhook, in turns."""
        naa = self._naa()
        koer = [await self._utboks.forfalte(krok, naa, _BUNKE) for krok in kroker]
        return [koe[nr] for nr in range(_BUNKE) for koe in koer if nr < len(koe)]

    async def _send_bunke(self, mandat: Mandat, mottaker: Mottaker, bunke: Iterable[Forfalt]) -> None:
        """Send a batch, keeping each outcome as it comes."""
        igjen, stanset = iter(bunke), set[UUID]()

        async def arbeider() -> None:
            # The iterator is shared: each takes the next that nobody has taken.
            for forfalt in igjen:
                if forfalt.krok.id not in stanset and await self._send_en(mandat, mottaker, forfalt):
                    stanset.add(forfalt.krok.id)

        try:
            async with asyncio.TaskGroup() as gruppe:
                for _ in range(self._valg.samtidige_per_mottaker):
                    gruppe.create_task(arbeider())
        except ExceptionGroup as feil:
            raise feil.exceptions[0] from None  # The mandate or the database: the same for all of them.

    async def _send_en(self, mandat: Mandat, mottaker: Mottaker, forfalt: Forfalt) -> bool:
        """Make one attempt; whether the webhook was stopped by it."""
        krok, innhold = forfalt.krok, kropp(forfalt.endring)
        id_ = meldings_id(krok.id, forfalt.endring.sekvensnummer)
        if krok.hemmeligheter:
            signert = hoder(id_, innhold, krok.hemmeligheter, self._naa())
            sendt = await mottaker.send(krok.url, innhold.encode(), signert)
        else:
            sendt = Sendt(None, _ULESELIG)
        resultat = self._resultat(forfalt, sendt)
        stans = await self._stans(resultat)
        await self._utboks.lagre(mandat, [resultat], [] if stans is None else [stans], self._naa())
        if stans is not None:
            _logg.error(
                "en webhook er stanset",
                kommune=krok.kommune,
                webhook=str(krok.id),
                tilstand=stans.tilstand.value,
                status=sendt.status,
                feil=sendt.feil,
            )
        return stans is not None

    def _resultat(self, forfalt: Forfalt, sendt: Sendt) -> Resultat:
        naa = self._naa()
        if sendt.levert:
            tilstand = Leveringstilstand.LEVERT
        elif sendt.status == _BORTE or forfalt.forsoek + 1 >= self._valg.forsoek:
            tilstand = Leveringstilstand.DOED
        else:
            tilstand = Leveringstilstand.VENTER
        vent = max(self._ventetid(forfalt.forsoek), min(sendt.vent or 0.0, self._valg.lengste_ventetid))
        return Resultat(
            forfalt=forfalt,
            tilstand=tilstand,
            neste_forsoek=naa + timedelta(seconds=vent),
            status=sendt.status,
            feil=sendt.feil,
        )

    def _ventetid(self, forsoek: int) -> float:
        """Seconds to the next attempt: three times as long as the last, and never for all at once."""
        full = min(self._valg.foerste_ventetid * 3.0 ** min(forsoek, 30), self._valg.lengste_ventetid)
        return full * (0.5 + self._tilfeldig() / 2)

    async def _stans(self, resultat: Resultat) -> Stans | None:
        """Stop sending to a receiver that says it is gone, or that has taken nothing for as long as we try."""
        if resultat.tilstand is not Leveringstilstand.DOED:
            return None
        krok, tilstand = resultat.forfalt.krok, Webhooktilstand.STENGT
        if resultat.status != _BORTE:
            if await self._utboks.levert_siden(krok, resultat.forfalt.opprettet):
                return None
            tilstand = Webhooktilstand.PAUSET
        rad = ny_rad(
            _AKTOER,
            Handling.WEBHOOK_ENDRET,
            Utfall.OK,
            data=["webhook", tilstand.value],
            formaal="mottakeren svarer ikke" if tilstand is Webhooktilstand.PAUSET else "mottakeren er borte",
        )
        return Stans(krok=krok, tilstand=tilstand, rad=rad)


def _vert(vakt: Adressevakt, krok: Krok) -> str:
    try:
        maal: Maal = vakt.les(krok.url)
    except UtryggAdresseError:
        # The settings have changed since it was made; each attempt says so.
        return ""
    return f"{maal.vert}:{maal.port}"
