"""Response time of cases: the real service and the sandbox in processes of their own, on both databases.

Run as ``python -m bench.saker [--krev]``. The measuring process shares the machine with them; what it uses itself is
printed too. What PostgreSQL uses is in neither figure.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from typing import Any, Final

from app.api.eksempler_saker import EKTEPAR, HJEMMEHJELP, KS_PAR
from app.sandbox.standard import FJORDVIK, SKOGLI
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, tom_database
from tests.saker.prosesser import (
    Klient,
    Legitimasjon,
    Mottatt,
    Sandkasseprosess,
    Tjenesteprosess,
    databaseinnstillinger,
    databasemiljoe,
    gjoer_klar,
    ny_kryptering,
    sandkasse,
)

OPPVARMING: Final = 50
EN_OM_GANGEN: Final = 300
KLIENTER: Final = 8
SAMTIDIG: Final = 150
"""Requests from each client."""
RUNDER: Final = 3
"""The quietest is printed: others use the machine too."""

KALD_MS: Final = 1_000.0
LAGRET_MS: Final = 50.0
SAMTIDIG_P99_MS: Final = {"sqlite": 80.0, "postgresql": 40.0}
PROSESSER: Final = {"sqlite": (1,), "postgresql": (1, 2)}
"""SQLite has one process to a file."""

_SAKER: Final = "/api/v1/saker"
_MS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilfelle:
    """A case whose calculation is made again and again."""

    navn: str
    kommune: str
    sak: dict[str, Any]

    @property
    def beregning(self) -> dict[str, Any]:
        """What is asked for."""
        oenske: dict[str, Any] = self.sak["beregning"]
        return oenske


TILFELLER: Final = (
    Tilfelle(navn="READMEs par", kommune=FJORDVIK, sak=KS_PAR),
    # Most kommuner have no monthly income: the couple's last settlement is all there is.
    Tilfelle(
        navn="par, bare siste oppgjør",
        kommune=SKOGLI,
        sak={**EKTEPAR, "opphold": [{**EKTEPAR["opphold"][0], "institusjon": "skoglitunet"}]},
    ),
    Tilfelle(navn="hjemmehjelp, enslig", kommune=FJORDVIK, sak=HJEMMEHJELP),
    Tilfelle(navn="par, månedsinntekt for begge", kommune=FJORDVIK, sak=EKTEPAR),
)
"""README's is the first call a new service gets; the heaviest is last."""


@dataclass(frozen=True, slots=True)
class Maalt:
    """Milliseconds per request, in order, and how long it took altogether."""

    tider: Sequence[float]
    sekunder: float
    cpu: float
    """Seconds of processor the service used."""
    maaleren: float
    """Seconds of processor the measuring itself used."""

    @property
    def p50(self) -> float:
        return median(self.tider)

    @property
    def p99(self) -> float:
        return quantiles(self.tider, n=100)[98]

    @property
    def cpu_ms(self) -> float:
        """The service's processor time per request."""
        return self.cpu * _MS / len(self.tider)

    @property
    def maaleren_ms(self) -> float:
        """The measuring's processor time per request."""
        return self.maaleren * _MS / len(self.tider)

    @property
    def per_sekund(self) -> float:
        return len(self.tider) / self.sekunder


_NUMRE: Final = count()


class Maaler:
    """Sends to one service, each request with a key of its own."""

    def __init__(self, tjeneste: Tjenesteprosess, legitimasjon: Legitimasjon) -> None:
        self._tjeneste = tjeneste
        self._legitimasjon = legitimasjon

    @contextmanager
    def klient(self) -> Iterator[Callable[[str, Any], Mottatt]]:
        """One client with a connection kept open."""
        klient = Klient([self._tjeneste.port], self._legitimasjon)

        def post(sti: str, innhold: Any) -> Mottatt:
            svar = klient.post(sti, json.dumps(innhold).encode(), f"noekkel-{next(_NUMRE):07d}")
            if svar is None or svar.status != 201 or svar.gjentatt:
                raise SystemExit(f"Uventet svar: {None if svar is None else svar.status}")
            return svar

        yield post
        klient.lukk()

    def samtidig(self, sti: str, innhold: Any, klienter: int, antall: int) -> Maalt:
        """So many clients at once, each sending so many, one at a time."""

        def en_klient(_: int) -> list[float]:
            tider = []
            with self.klient() as post:
                for _nr in range(antall):
                    start = time.perf_counter()
                    post(sti, innhold)
                    tider.append((time.perf_counter() - start) * _MS)
            return tider

        cpu, egen, start = self._tjeneste.sekunder_cpu, time.process_time(), time.perf_counter()
        with ThreadPoolExecutor(klienter) as traader:
            tider = [tid for egne in traader.map(en_klient, range(klienter)) for tid in egne]
        return Maalt(
            tider,
            time.perf_counter() - start,
            self._tjeneste.sekunder_cpu - cpu,
            time.process_time() - egen,
        )


def _krev_forklart(beregning: dict[str, Any]) -> None:
    if beregning["tilstand"] != "BEREGNET" or "forklaring" not in beregning["resultat"]:
        raise SystemExit("Beregningen kom ikke til noe forklart beløp.")


def _plasser(post: Callable[[str, Any], Mottatt], sak: dict[str, Any], aar: int) -> None:
    """Place what waits for a caseworker, so that what is measured ends in an amount with its whole tree."""
    plasseringer = [
        {
            "noekkel": aapen["noekkel"],
            "som": "pensjonFraFolketrygden" if "|alderspensjon|" in aapen["noekkel"] else "privatPensjon",
            "begrunnelse": "Opplyst av utbetaleren",
            "person": {"personId": aapen["personId"]},
        }
        for aapen in sak["beregning"]["aapne"]
    ]
    if plasseringer:
        post(f"{_SAKER}/{sak['sak']['id']}/manuelle-poster", {"aar": aar, "plasseringer": plasseringer})


@dataclass(frozen=True, slots=True)
class Sak:
    """A case that is taken in."""

    maaler: Maaler
    tilfelle: Tilfelle
    sti: str
    """Where its calculations are made."""
    byte: int
    """How much one is."""
    tatt_inn_ms: float

    def maal(self, klienter: int, antall: int) -> Maalt:
        """Calculate again and again, after a little warming up; the quietest of the rounds."""
        self.maaler.samtidig(self.sti, self.tilfelle.beregning, klienter, OPPVARMING // klienter)
        runder = (
            self.maaler.samtidig(self.sti, self.tilfelle.beregning, klienter, antall) for _ in range(RUNDER)
        )
        return min(runder, key=lambda maalt: maalt.p99)


def _ny_sak(tjeneste: Tjenesteprosess, verden: Sandkasseprosess, tilfelle: Tilfelle) -> Sak:
    maaler = Maaler(tjeneste, Legitimasjon(verden, tilfelle.kommune))
    with maaler.klient() as post:
        start = time.perf_counter()
        sak = json.loads(post(_SAKER, tilfelle.sak).kropp)
        tid = (time.perf_counter() - start) * _MS
        _plasser(post, sak, tilfelle.beregning["aar"])
        sti = f"{_SAKER}/{sak['sak']['id']}/beregninger"
        kropp = post(sti, tilfelle.beregning).kropp
    _krev_forklart(json.loads(kropp))
    return Sak(maaler, tilfelle, sti, len(kropp), tid)


def _maal(verden: Sandkasseprosess, motor: str, prosesser: int) -> Iterator[Resultat]:
    kryptering = ny_kryptering()
    url = tom_database(motor)
    gjoer_klar(databaseinnstillinger(url, kryptering))
    miljoe = {**verden.miljoe, **databasemiljoe(url, kryptering), "EGENANDEL_PROSESSER": str(prosesser)}
    hvor = motor if prosesser == 1 else f"{motor}, {prosesser} prosesser"
    with Tjenesteprosess(miljoe) as tjeneste:
        saker = [_ny_sak(tjeneste, verden, tilfelle) for tilfelle in TILFELLER]
        if prosesser == 1:
            yield from _en_om_gangen(motor, saker[0], saker[-1])
        for sak in saker:
            sammen = sak.maal(KLIENTER, SAMTIDIG)
            hva = f"{hvor}: {KLIENTER} klienter, {sak.tilfelle.navn} ({sak.byte // _MS} kB)"
            yield Resultat(f"{hva}, p50", sammen.p50, "ms")
            yield Resultat(f"{hva}, p99", sammen.p99, "ms", hoeyst=SAMTIDIG_P99_MS[motor])
            yield Resultat(hva, sammen.per_sekund, "per sekund")
            yield Resultat(f"{hva}, regnetid", sammen.cpu_ms, "ms per kall i tjenesten")
            yield Resultat(f"{hva}, regnetid", sammen.maaleren_ms, "ms per kall i måleren")


def _en_om_gangen(motor: str, foerste: Sak, tung: Sak) -> Iterator[Resultat]:
    alene = tung.maal(1, EN_OM_GANGEN)
    kald = foerste.tatt_inn_ms
    yield Resultat(f"{motor}: READMEs sak med alle oppslag, første kall", kald, "ms", hoeyst=KALD_MS)
    yield Resultat(f"{motor}: én klient, {tung.tilfelle.navn}, p50", alene.p50, "ms", hoeyst=LAGRET_MS)
    yield Resultat(f"{motor}: én klient, {tung.tilfelle.navn}, p99", alene.p99, "ms", hoeyst=LAGRET_MS)


def main() -> None:
    """Measure on each database and print."""
    krev = krev_er_bedt_om("Måler svartiden for saker, lagret og med nøkkel.")
    with sandkasse(antall=0) as verden:
        resultater = [
            resultat
            for motor in MOTORER
            for prosesser in PROSESSER[motor]
            for resultat in _maal(verden, motor, prosesser)
        ]
    print(f"Den roligste av {RUNDER} runder.")
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
