"""A sender that is killed while it sends, to a receiver that fails three times in ten.

The receiver fails in each way a receiver can: with 500, by not answering, by breaking off before it has read, and by
breaking off after it has taken it. What it has taken, it verifies with the library a vendor would use.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from apscheduler.triggers.interval import IntervalTrigger
from standardwebhooks import Webhook, WebhookVerificationError

from app import klokke
from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.lager.endringer import NyEndring
from app.db.lager.webhooker import Leveringstilstand, Webhooktilstand
from app.db.lager.webhooker import Webhook as Krok
from app.db.lederskap import Mandat
from app.db.motor import Database
from app.db.webhookutsending import Forfalt, Resultat, Utboks
from app.events.plan import Jobb, Plan
from app.events.utsending import MANDAT, Utsending
from app.services.webhooker.adresse import Adressevakt
from app.services.webhooker.melding import meldings_id, ny_hemmelighet
from app.services.webhooker.sending import Utsender
from app.services.webhooker.transport import Mottaker
from app.settings.webhooker import Webhooker
from tests.baser import RING

KOMMUNER: Final = ("310000000", "310000001", "310000002", "310000003")
FEILER: Final = 0.3
_LEDERTID: Final = 1.0
VALG: Final = Webhooker(
    usikre_tillatt=True,
    samtidige_per_mottaker=16,
    tidsgrense=0.3,
    foerste_ventetid=0.05,
    lengste_ventetid=0.5,
    forsoek=100,
    sekunder_mellom=0.05,
)
_I_HVER_TRANSAKSJON: Final = 50


@dataclass
class Regnskap:
    """What a receiver has seen."""

    hemmeligheter: dict[str, str]
    """By the beginning of the id."""
    tatt: Counter[str] = field(default_factory=Counter)
    kvittert: set[str] = field(default_factory=set)
    innhold: dict[str, set[bytes]] = field(default_factory=dict)
    feilet: Counter[str] = field(default_factory=Counter)
    uekte: int = 0

    def ta_imot(self, hoder: dict[str, str], kropp: bytes) -> str:
        """Verify one, and note that it came."""
        id_ = hoder["webhook-id"]
        try:
            Webhook(self.hemmeligheter[id_.rpartition("_")[0]]).verify(kropp, hoder)
        except WebhookVerificationError:
            self.uekte += 1
        self.tatt[id_] += 1
        self.innhold.setdefault(id_, set()).add(kropp)
        return id_


@asynccontextmanager
async def mottaker(regnskap: Regnskap, froe: int) -> AsyncIterator[int]:
    """A receiver on this machine; the port."""
    tilfeldig = random.Random(froe)

    async def svar(leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        try:
            while True:
                hode = (await leser.readuntil(b"\r\n\r\n")).decode()
                hoder = dict(linje.split(": ", 1) for linje in hode.split("\r\n")[1:] if linje)
                hoder = {navn.lower(): verdi for navn, verdi in hoder.items()}
                kropp = await leser.readexactly(int(hoder["content-length"]))
                status = _feil(tilfeldig)
                if status in {"tidsavbrudd", "brudd"}:
                    regnskap.feilet[status] += 1
                    if status == "tidsavbrudd":
                        await leser.read(1)  # Until the sender has had enough.
                    skriver.transport.abort()
                    return
                if status == "500":
                    regnskap.feilet[status] += 1
                    skriver.write(b"HTTP/1.1 500 Feil\r\nContent-Length: 0\r\n\r\n")
                    await skriver.drain()
                    continue
                id_ = regnskap.ta_imot(hoder, kropp)
                if status == "kvittering-borte":
                    regnskap.feilet[status] += 1
                    skriver.transport.abort()
                    return
                regnskap.kvittert.add(id_)
                skriver.write(b"HTTP/1.1 204 Tatt\r\nContent-Length: 0\r\n\r\n")
                await skriver.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            skriver.close()

    tjener = await asyncio.start_server(svar, "127.0.0.1", 0)
    try:
        yield int(tjener.sockets[0].getsockname()[1])
    finally:
        tjener.close()


def _feil(tilfeldig: random.Random) -> str | None:
    if tilfeldig.random() >= FEILER:
        return None
    return tilfeldig.choice(["500", "500", "tidsavbrudd", "brudd", "kvittering-borte"])


async def fyll(arkiv: Arkiv, port: int, antall: int) -> tuple[Regnskap, set[str]]:
    """Webhooks, and so many changes to be told; what the receiver knows, and every id that must arrive."""
    regnskap, ventet = Regnskap({}), set[str]()
    for kommune in KOMMUNER:
        krok = Krok(
            id=ny_id(klokke.naa()),
            url=f"http://127.0.0.1:{port}/{kommune}",
            typer=(),
            beskrivelse=None,
            tilstand=Webhooktilstand.AKTIV,
            versjon=1,
            av="bruker:en",
            opprettet=klokke.naa(),
            endret=klokke.naa(),
        )
        hemmelighet = ny_hemmelighet()
        async with arkiv.skriv(kommune) as lager:
            await lager.kommuner.opprett("Fjordvik", klokke.naa())
            await lager.webhooker.ny(krok, hemmelighet)
        regnskap.hemmeligheter[f"msg_{krok.id.hex}"] = hemmelighet
        i_alt = antall // len(KOMMUNER)
        for start in range(0, i_alt, _I_HVER_TRANSAKSJON):
            nye = range(start, min(start + _I_HVER_TRANSAKSJON, i_alt))
            async with arkiv.skriv(kommune) as lager:
                await lager.endringer.noter(
                    klokke.naa(),
                    *(NyEndring(type="sak.endret", sak_id=ny_id(klokke.naa()), aar=2025) for _ in nye),
                )
        ventet |= {meldings_id(krok.id, nr + 1) for nr in range(i_alt)}
    return regnskap, ventet


class KvittererFoerst(Utsender):
    """The wrong design: says that it is delivered, and then delivers it."""

    async def _send_en(self, mandat: Mandat, mottaker: Mottaker, forfalt: Forfalt) -> bool:
        levert = Resultat(
            forfalt=forfalt,
            tilstand=Leveringstilstand.LEVERT,
            neste_forsoek=klokke.naa(),
            status=None,
            feil=None,
        )
        await self._utboks.lagre(mandat, [levert], [], klokke.naa())
        return await super()._send_en(mandat, mottaker, forfalt)


async def send_for_alltid(database: str, *, galt: bool) -> None:
    """What the process that is killed does."""
    base = Database(database)
    slag = KvittererFoerst if galt else Utsender
    utsending = Utsending(slag(Utboks(base, RING), VALG, Adressevakt(VALG)), VALG.sekunder_mellom)
    plan = Plan(base, [Jobb(MANDAT, IntervalTrigger(seconds=1), utsending.kjoer)], _LEDERTID)
    plan.start()
    await asyncio.Event().wait()


@dataclass(frozen=True)
class Utfall:
    """How it went."""

    ventet: set[str]
    regnskap: Regnskap
    drept: int
    sekunder: float

    @property
    def tapt(self) -> set[str]:
        """What was never acknowledged by the receiver."""
        return self.ventet - self.regnskap.kvittert

    @property
    def gjentatt(self) -> int:
        """Deliveries the receiver took more than once."""
        return sum(n > 1 for n in self.regnskap.tatt.values())

    @property
    def feil(self) -> list[str]:
        """What does not hold; nothing when all does."""
        r = self.regnskap
        return [
            hva
            for hva, galt in (
                ("varsler gikk tapt", self.tapt),
                ("ukjente id-er", r.tatt.keys() - self.ventet),
                ("ulikt innhold under samme id", [i for i in r.innhold.values() if len(i) != 1]),
                ("signaturer som ikke holder", r.uekte),
                ("ingenting feilet", not r.feilet),
            )
            if galt
        ]


async def spill(database: str, antall: int, drap: int, *, froe: int = 1, galt: bool = False) -> Utfall:
    """Send so many, with so many kills spread over it."""
    arkiv = Arkiv(Database(database), RING)
    regnskap = Regnskap({})
    async with mottaker(regnskap, froe) as port:
        fylt, ventet = await fyll(arkiv, port, antall)
        regnskap.hemmeligheter.update(fylt.hemmeligheter)
        start, drept = time.monotonic(), 0
        prosess = await _start(database, galt=galt)
        try:
            while await _venter(arkiv):
                if drept < drap and len(regnskap.kvittert) >= antall * (drept + 1) // (drap + 1):
                    os.kill(prosess.pid, signal.SIGKILL)
                    await prosess.wait()
                    drept += 1
                    prosess = await _start(database, galt=galt)
                if prosess.returncode is not None:
                    raise AssertionError("senderen stoppet av seg selv")
                await asyncio.sleep(0.02)
        finally:
            if prosess.returncode is None:
                prosess.kill()
                await prosess.wait()
            await arkiv.database.lukk()
    return Utfall(ventet, regnskap, drept, time.monotonic() - start)


async def _start(database: str, *, galt: bool) -> asyncio.subprocess.Process:
    arg = json.dumps({"database": database, "galt": galt})
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.events.webhookdrap", arg)


async def _venter(arkiv: Arkiv) -> bool:
    for kommune in KOMMUNER:
        async with arkiv.les(kommune) as lager:
            for krok in await lager.webhooker.alle():
                if await lager.webhooker.leveringer(krok.id, Leveringstilstand.VENTER, None, 1):
                    return True
    return False


if __name__ == "__main__":
    oppdrag: Any = json.loads(sys.argv[1])
    asyncio.run(send_for_alltid(oppdrag["database"], galt=oppdrag["galt"]))
