"""How the work stands in the database, as measurements: read anew at each scrape, the same from every process."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.db.maalinger import DOED, VENTER, Koe, Stand
from app.services.avstemming.funn import Utfall

_UTFALL: Final = {utfall.value: nr for nr, utfall in enumerate(Utfall)}


class _Stand(Collector):
    def __init__(self, stand: Stand, naa: datetime) -> None:
        self._stand = stand
        self._naa = naa

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every measurement; a list or kommune without a value has no line."""
        s = self._stand
        yield _maaling(
            "egenandel_liste_neste",
            "Nummeret neste side av listen begynner på",
            ("liste",),
            (((en.liste,), en.neste) for en in s.lister),
        )
        yield _maaling(
            "egenandel_liste_lest_sekunder",
            "Sekunder siden listen sist ble lest",
            ("liste",),
            (((en.liste,), self._alder(en.lest)) for en in s.lister if en.lest),
        )
        yield _maaling(
            "egenandel_liste_siste_hendelse_sekunder",
            "Sekunder siden det sist kom en hendelse",
            ("liste",),
            (((en.liste,), self._alder(en.siste_hendelse)) for en in s.lister if en.siste_hendelse),
        )
        yield _maaling(
            "egenandel_liste_uleselige",
            "Hendelser som ikke lot seg lese, og som ingen har sett på",
            ("liste",),
            (((en.liste,), s.uleselige.get(en.liste, 0)) for en in s.lister),
        )
        yield from self._koe("egenandel_arbeid", "Arbeid", s.arbeid)
        yield from self._koe("egenandel_webhook", "Leveringer til webhooker", s.leveringer)
        yield _maaling(
            "egenandel_avstemming_utfall",
            "Siste avstemming: 0 OK, 1 RETTET, 2 AVVIK",
            ("kommune",),
            (((en.kommune,), _UTFALL.get(en.utfall, _UTFALL[Utfall.AVVIK])) for en in s.avstemt),
        )
        yield _maaling(
            "egenandel_avstemming_alder_sekunder",
            "Sekunder siden siste avstemming",
            ("kommune",),
            (((en.kommune,), self._alder(en.til)) for en in s.avstemt),
        )
        yield _maaling(
            "egenandel_skatteetaten_plasser_i_bruk",
            "Kall i luften fra alle prosesser på databasen (PostgreSQL)",
            ("api",),
            (((api,), antall) for api, antall in s.i_luften.items()),
        )
        yield _maaling(
            "egenandel_mandat_holdt",
            "1 når en prosess har mandatet, 0 når ingen har det",
            ("mandat",),
            (((navn,), int(holdt)) for navn, holdt in s.mandater.items()),
        )

    def _koe(self, navn: str, hva: str, koe: Sequence[Koe]) -> Iterator[GaugeMetricFamily]:
        venter = [en for en in koe if en.tilstand == VENTER]
        yield _maaling(
            f"{navn}_venter", f"{hva} som venter", ("kommune",), (((en.kommune,), en.antall) for en in venter)
        )
        yield _maaling(
            f"{navn}_eldste_sekunder",
            f"{hva}: sekunder det eldste har vært forfalt",
            ("kommune",),
            (((en.kommune,), max(0.0, self._alder(en.eldste))) for en in venter),
        )
        yield _maaling(
            f"{navn}_oppgitt",
            f"{hva} som er oppgitt",
            ("kommune",),
            (((en.kommune,), en.antall) for en in koe if en.tilstand == DOED),
        )

    def _alder(self, tidspunkt: datetime) -> float:
        return (self._naa - tidspunkt).total_seconds()


def stand_som_tekst(stand: Stand, naa: datetime) -> bytes:
    """The measurements, as Prometheus reads them."""
    register = CollectorRegistry()
    register.register(_Stand(stand, naa))
    return generate_latest(register)


def _maaling(
    navn: str, hjelp: str, merker: Sequence[str], verdier: Iterable[tuple[Sequence[Any], float]]
) -> GaugeMetricFamily:
    familie = GaugeMetricFamily(navn, hjelp, labels=merker)
    for merke, verdi in verdier:
        familie.add_metric([str(ett) for ett in merke], verdi)
    return familie
