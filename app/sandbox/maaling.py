"""What happened: a request log without ids, and the highest number of calls in flight."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LENGDE_PAA_LOGG = 20_000


class TaketNaaddError(Exception):
    """One call too many at the same time."""


@dataclass(frozen=True)
class Loggrad:
    """One request. ``rute`` is the pattern, never the path: a path may end in a national id."""

    tid: str
    system: str
    rute: str
    konsument: str
    status: int
    kode: str


class Maalinger:
    """Counters and log, all cleared together."""

    def __init__(self, tak: int) -> None:
        self.tak = tak
        self.logg: deque[Loggrad] = deque(maxlen=LENGDE_PAA_LOGG)
        self.forespoersler: Counter[tuple[str, int]] = Counter()
        self.topp: dict[tuple[str, str], int] = defaultdict(int)
        self.over_taket: Counter[tuple[str, str]] = Counter()
        self._i_luften: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def i_luften(self, system: str, konsument: str) -> Iterator[None]:
        """Count one call in flight. The refused sixth counts in the peak, so a peak above the ceiling
        proves that a client broke it.

        Raises:
            TaketNaaddError: the ceiling was full already.
        """
        noekkel = (system, konsument)
        self._i_luften[noekkel] += 1
        try:
            self.topp[noekkel] = max(self.topp[noekkel], self._i_luften[noekkel])
            if self._i_luften[noekkel] > self.tak:
                self.over_taket[noekkel] += 1
                raise TaketNaaddError
            yield
        finally:
            self._i_luften[noekkel] -= 1

    def noter(self, rad: Loggrad) -> None:
        """Log a finished request (from whichever system)."""
        self.logg.append(rad)
        self.forespoersler[rad.system, rad.status] += 1

    def nullstill(self) -> None:
        """Forget everything but the calls still in flight."""
        self.logg.clear()
        self.forespoersler.clear()
        self.topp.clear()
        self.over_taket.clear()
