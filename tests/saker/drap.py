"""The service is killed, or told to end, again and again while cases are stored; afterwards every request is whole or absent.

Eight clients send, each one request at a time, and repeat under the same key what they got no answer to. The
database is looked through after each kill, before the service is started again, and once more at the end.
"""

import asyncio
import json
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from app.db.arkiv import Arkiv
from app.sandbox.befolkning.generator import Flokk
from app.sandbox.befolkning.register import STANDARD_FROE
from app.services.arkiv import aapne
from app.settings import Settings
from tests.baser import tom_database
from tests.saker.gjentak import BEREGN, POST, hjelp_til
from tests.saker.helhet import Helhet, se_etter
from tests.saker.prosesser import (
    Klient,
    Legitimasjon,
    Mottatt,
    Sandkasseprosess,
    Tjenesteprosess,
    databaseinnstillinger,
    databasemiljoe,
    egenandel,
    gjoer_klar,
    ny_kryptering,
)

KLIENTER: Final = 8
PER_SAK: Final = 5
"""Requests about each person: a case, calculations, manual posts and a decision."""
_SAKER: Final = "/api/v1/saker"
_LENGST_TIL_DRAP: Final = 0.05
"""Seconds from the answer that was waited for until the kill, at most."""
_OPPTATT: Final = 503
_STENGER: Final = {"EGENANDEL_AVSLUTT_ETTER_SEKUNDER": "0"}
"""Told to end, it takes no more requests at once, while others are being sent."""


@dataclass(slots=True)
class Regnskap:
    """What came of it."""

    forespoersler: int = 0
    """Different requests, each with its key."""
    drap: int = 0
    avbrutt: int = 0
    """Requests under way when the service was killed."""
    avbrutt_hele: int = 0
    """Those of them that had been done, though nobody was told."""
    gjentatt: int = 0
    """Requests that were answered when repeated after a kill."""
    avvik: list[str] = field(default_factory=list)
    """What did not hang together in the database at some time."""
    tapt: int = 0
    """Requests somebody was told were done, and that are not there or otherwise."""
    ulike: int = 0
    """Requests that were answered differently the second time."""
    avvist: int = 0
    """Requests that were refused; all of ours can be done."""
    annen_slutt: int = 0
    """Times it ended otherwise than of the signal it got."""
    uhel: str | None = None
    """What the database itself, or ``egenandel revisjon verifiser``, finds wrong."""
    sekunder: float = 0.0

    @property
    def galt(self) -> int:
        """Everything that must not be."""
        return (
            len(self.avvik)
            + self.tapt
            + self.ulike
            + self.avvist
            + self.annen_slutt
            + (self.uhel is not None)
        )


class _AvvistError(Exception):
    """The service refused a request that can be done."""


@dataclass(frozen=True, slots=True)
class _Sendt:
    sti: str
    kropp: bytes = field(repr=False)


class _Sending:
    """What the clients share."""

    def __init__(self, tjeneste: Tjenesteprosess, legitimasjon: Legitimasjon) -> None:
        self.tjeneste = tjeneste
        self.legitimasjon = legitimasjon
        self.oppe = threading.Event()
        self.laas = threading.Lock()
        self.sendt: dict[str, _Sendt] = {}
        self.besvart: dict[str, Mottatt] = {}
        self.avbrutt: set[str] = set()
        self.avvist = 0
        self.ferdig = False
        self._ute = 0

    def om_en_person(self, klient: Klient, nummer: int, ident: str) -> None:
        """Everything about one person, in order."""
        try:
            sak = json.loads(self._post(klient, f"p{nummer:05d}-sak", _SAKER, _sak(nummer, ident)).kropp)
            sti = f"{_SAKER}/{sak['sak']['id']}"
            self._post(klient, f"p{nummer:05d}-beregning", f"{sti}/beregninger", BEREGN)
            self._post(klient, f"p{nummer:05d}-poster", f"{sti}/manuelle-poster", _poster(nummer))
            svar = self._post(
                klient, f"p{nummer:05d}-nytt", f"{sti}/beregninger", {**BEREGN, "grunnlag": "NYTT"}
            )
            ny = json.loads(svar.kropp)
            if ny["tilstand"] == "BEREGNET":
                vedtak = {"beregningId": ny["id"], "fra": ny["virkningFra"]}
                self._post(klient, f"p{nummer:05d}-vedtak", f"{sti}/vedtak", vedtak)
            else:
                self._post(klient, f"p{nummer:05d}-siste", f"{sti}/beregninger", BEREGN)
        except _AvvistError:
            with self.laas:
                self.avvist += 1

    def _post(self, klient: Klient, noekkel: str, sti: str, innhold: Any) -> Mottatt:
        kropp = json.dumps(innhold).encode()
        with self.laas:
            self.sendt[noekkel] = _Sendt(sti, kropp)
        while not self.ferdig:
            self.oppe.wait()
            with self._spoer():
                svar = klient.post(sti, kropp, noekkel)
                if svar is not None and svar.status == 201:
                    with self.laas:
                        self.besvart[noekkel] = svar
            if svar is None or svar.status == _OPPTATT:
                with self.laas:
                    self.avbrutt.add(noekkel)
                continue
            if svar.status != 201:
                with self.laas:
                    del self.sendt[noekkel]
                raise _AvvistError
            return svar
        raise _AvvistError

    @contextmanager
    def _spoer(self) -> Iterator[None]:
        with self.laas:
            self._ute += 1
        try:
            yield
        finally:
            with self.laas:
                self._ute -= 1

    def under_veis(self) -> set[str]:
        """Keys sent and not answered. What is answered may still be on its way when the one who answered has ended."""
        while self._ute:
            time.sleep(0.001)
        with self.laas:
            return self.sendt.keys() - self.besvart.keys()


def _sak(nummer: int, ident: str) -> dict[str, Any]:
    if nummer % 2:
        return hjelp_til(ident)
    return {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": ident},
        "opphold": [{"art": "LANGTID", "fra": "2026-02-02", "institusjon": "solbakken"}],
        "beregning": BEREGN,
    }


def _poster(nummer: int) -> dict[str, Any]:
    if nummer % 2:
        return POST
    beloep = {"felt": "/inntekter/privatPensjon", "beloep": 1000, "begrunnelse": "Oppgitt"}
    return {"aar": 2026, "oppgitteBeloep": [beloep]}


def bevis(
    verden: Sandkasseprosess,
    motor: str,
    personer: int,
    drap: int,
    *,
    kode: str | None = None,
    froe: int = 1349,
    signal_: signal.Signals = signal.SIGKILL,
) -> Regnskap:
    """Send ``PER_SAK`` requests about each person, and kill the service so many times meanwhile.

    Args:
        verden: the sandbox.
        motor: which database.
        personer: how many.
        drap: how many times.
        kode: another service than ours.
        froe: decides when it is killed, as far as anything does.
        signal_: SIGTERM tells it to end instead.
    """
    start = time.perf_counter()
    kryptering = ny_kryptering()
    url = tom_database(motor)
    settings = databaseinnstillinger(url, kryptering)
    gjoer_klar(settings)
    miljoe = {**verden.miljoe, **databasemiljoe(url, kryptering), **_STENGER}
    regnskap = Regnskap()
    with Tjenesteprosess(miljoe, kode) as tjeneste, ThreadPoolExecutor(KLIENTER) as traader:
        sending = _Sending(tjeneste, Legitimasjon(verden))
        sending.oppe.set()
        loep = [traader.submit(_klient, sending, nr, personer) for nr in range(KLIENTER)]
        try:
            for antall, ventetid in _tider(personer * PER_SAK, drap, froe):
                while len(sending.besvart) < antall and not all(ett.done() for ett in loep):
                    time.sleep(0.001)
                time.sleep(ventetid)
                _stans(sending, settings, regnskap, signal_)
        except BaseException:
            # Nobody is left to wake the clients up.
            sending.ferdig = True
            sending.oppe.set()
            raise
        for ett in loep:
            ett.result()
        _en_gang_til(sending, regnskap)
        tjeneste.drep()
    helhet = asyncio.run(_se(settings))
    _sammenlign(sending, helhet, regnskap)
    regnskap.forespoersler = len(helhet.svar)
    regnskap.gjentatt = len(sending.avbrutt & sending.besvart.keys())
    regnskap.avvist = sending.avvist
    if egenandel("revisjon", "verifiser", miljoe=miljoe).returncode != 0:
        regnskap.uhel = "egenandel revisjon verifiser"
    regnskap.sekunder = time.perf_counter() - start
    return regnskap


def _klient(sending: _Sending, nr: int, personer: int) -> None:
    klient = Klient([sending.tjeneste.port], sending.legitimasjon)
    flokk = Flokk(STANDARD_FROE, personer)
    for nummer in range(nr, personer, KLIENTER):
        sending.om_en_person(klient, nummer, flokk.ident(nummer))
    klient.lukk()


def _tider(forespoersler: int, drap: int, froe: int) -> Iterator[tuple[int, float]]:
    """After how many answers, and how long after."""
    tilfeldig = random.Random(froe)
    hver = forespoersler / (drap + 1)
    for gang in range(drap):
        yield int(hver * (gang + tilfeldig.uniform(0.5, 1.4))), tilfeldig.uniform(0, _LENGST_TIL_DRAP)


def _stans(sending: _Sending, settings: Settings, regnskap: Regnskap, signal_: signal.Signals) -> None:
    """Stop the service, look through what it left, and start it again."""
    if signal_ is signal.SIGKILL:
        sending.oppe.clear()
        sending.tjeneste.drep()
    else:
        # It is sent to until it takes no more.
        regnskap.annen_slutt += sending.tjeneste.avslutt(signal_) != -signal_
        sending.oppe.clear()
    under_veis = sending.under_veis()
    helhet = asyncio.run(_se(settings))
    regnskap.drap += 1
    regnskap.avbrutt += len(under_veis)
    regnskap.avbrutt_hele += len(under_veis & helhet.svar.keys())
    _sammenlign(sending, helhet, regnskap)
    sending.tjeneste.start()
    sending.oppe.set()


def _en_gang_til(sending: _Sending, regnskap: Regnskap) -> None:
    klient = Klient([sending.tjeneste.port], sending.legitimasjon)
    for noekkel, foerste in sending.besvart.items():
        sendt = sending.sendt[noekkel]
        andre = klient.post(sendt.sti, sendt.kropp, noekkel)
        if andre is None or not andre.gjentatt or andre.kropp != foerste.kropp:
            regnskap.ulike += 1
    klient.lukk()


def _sammenlign(sending: _Sending, helhet: Helhet, regnskap: Regnskap) -> None:
    regnskap.avvik += [ett for ett in helhet.avvik if ett not in regnskap.avvik]
    with sending.laas:
        besvart = dict(sending.besvart)
    regnskap.tapt += sum(
        noekkel not in helhet.svar or helhet.svar[noekkel].svar != svar.kropp
        for noekkel, svar in besvart.items()
    )
    if helhet.uhel is not None:
        regnskap.uhel = helhet.uhel


async def _se(settings: Settings) -> Helhet:
    arkiv = aapne(settings)
    try:
        await _ro(arkiv)
        return await se_etter(arkiv)
    finally:
        await arkiv.database.lukk()


async def _ro(arkiv: Arkiv) -> None:
    """PostgreSQL may still be busy with what the killed process had sent."""
    if arkiv.database.er_sqlite:
        return
    andre = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while True:
        async with arkiv.database.les() as forbindelse:
            if not (await forbindelse.exec_driver_sql(andre)).scalar_one():
                return
        await asyncio.sleep(0.01)
