"""Response time of cases: the real service and the sandbox in processes of their own, on both databases.

Run as ``python -m bench.saker [--krev]``. The measuring process shares the machine with them.
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

from app.api.eksempler_saker import EKTEPAR, KS_PAR
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, tom_database
from tests.saker.gjentak import BEREGN
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

_SAKER: Final = "/api/v1/saker"
_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Maalt:
    """Milliseconds per request, in order, and how long it took altogether."""

    tider: Sequence[float]
    sekunder: float
    cpu: float
    """Seconds of processor the service used."""

    @property
    def p50(self) -> float:
        return median(self.tider)

    @property
    def p99(self) -> float:
        return quantiles(self.tider, n=100)[98]

    @property
    def per_sekund(self) -> float:
        return len(self.tider) / self.sekunder


class Maaler:
    """Sends to one service, each request with a key of its own."""

    def __init__(self, tjeneste: Tjenesteprosess, legitimasjon: Legitimasjon) -> None:
        self._tjeneste = tjeneste
        self._legitimasjon = legitimasjon
        self._noekler = (f"noekkel-{nummer:07d}" for nummer in count())

    @contextmanager
    def klient(self) -> Iterator[Callable[[str, Any], Mottatt]]:
        """One client with a connection kept open."""
        klient = Klient([self._tjeneste.port], self._legitimasjon)

        def post(sti: str, innhold: Any) -> Mottatt:
            svar = klient.post(sti, json.dumps(innhold).encode(), next(self._noekler))
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

        cpu, start = self._tjeneste.sekunder_cpu, time.perf_counter()
        with ThreadPoolExecutor(klienter) as traader:
            tider = [tid for egne in traader.map(en_klient, range(klienter)) for tid in egne]
        return Maalt(tider, time.perf_counter() - start, self._tjeneste.sekunder_cpu - cpu)


def _kald(post: Callable[[str, Any], Mottatt]) -> float:
    """The call README shows, as the first a newly started service gets."""
    start = time.perf_counter()
    kropp = post(_SAKER, KS_PAR).kropp
    tid = (time.perf_counter() - start) * _MS
    _krev_forklart(json.loads(kropp)["beregning"])
    return tid


def _krev_forklart(beregning: dict[str, Any]) -> None:
    if beregning["tilstand"] != "BEREGNET" or "forklaring" not in beregning["resultat"]:
        raise SystemExit("Beregningen kom ikke til noe forklart beløp.")


def _plasser(post: Callable[[str, Any], Mottatt], sak: dict[str, Any]) -> None:
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
        post(f"{_SAKER}/{sak['sak']['id']}/manuelle-poster", {"aar": 2026, "plasseringer": plasseringer})


def _maal(verden: Sandkasseprosess, motor: str) -> Iterator[Resultat]:
    kryptering = ny_kryptering()
    url = tom_database(motor)
    gjoer_klar(databaseinnstillinger(url, kryptering))
    with Tjenesteprosess({**verden.miljoe, **databasemiljoe(url, kryptering)}) as tjeneste:
        maaler = Maaler(tjeneste, Legitimasjon(verden))
        with maaler.klient() as post:
            kald = _kald(post)
            # A couple in the running year, with monthly income: more to read than in the year README shows.
            sak = json.loads(post(_SAKER, EKTEPAR).kropp)
            _plasser(post, sak)
            sti = f"{_SAKER}/{sak['sak']['id']}/beregninger"
            _krev_forklart(json.loads(post(sti, BEREGN).kropp))
            stoerrelse = len(post(sti, BEREGN).kropp) / 1_000
        maaler.samtidig(sti, BEREGN, 1, OPPVARMING)
        alene = min(
            (maaler.samtidig(sti, BEREGN, 1, EN_OM_GANGEN) for _ in range(RUNDER)), key=lambda m: m.p99
        )
        sammen = min(
            (maaler.samtidig(sti, BEREGN, KLIENTER, SAMTIDIG) for _ in range(RUNDER)), key=lambda m: m.p99
        )
    yield Resultat(f"{motor}: READMEs sak med alle oppslag, første kall", kald, "ms", hoeyst=KALD_MS)
    yield Resultat(f"{motor}: beregning av det som er hentet, p50", alene.p50, "ms", hoeyst=LAGRET_MS)
    yield Resultat(f"{motor}: beregning av det som er hentet, p99", alene.p99, "ms", hoeyst=LAGRET_MS)
    yield Resultat(f"{motor}: {KLIENTER} klienter samtidig, p50", sammen.p50, "ms")
    yield Resultat(
        f"{motor}: {KLIENTER} klienter samtidig, p99", sammen.p99, "ms", hoeyst=SAMTIDIG_P99_MS[motor]
    )
    yield Resultat(f"{motor}: {KLIENTER} klienter samtidig", sammen.per_sekund, "per sekund")
    yield Resultat(f"{motor}: regnetid i tjenesten", sammen.cpu * _MS / len(sammen.tider), "ms per kall")
    yield Resultat(f"{motor}: {KLIENTER} klienter mot én, p50", sammen.p50 / alene.p50, "×")
    yield Resultat(f"{motor}: svaret med forklaring", stoerrelse, "kB")


def main() -> None:
    """Measure on each database and print."""
    krev = krev_er_bedt_om("Måler svartiden for saker, lagret og med nøkkel.")
    with sandkasse(antall=0) as verden:
        resultater = [resultat for motor in MOTORER for resultat in _maal(verden, motor)]
    print(f"Den roligste av {RUNDER} runder.")
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
