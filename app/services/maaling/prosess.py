"""What this process counts itself. Labels come from closed tables: no person, no address, no kommune."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from app.skatt_client import (
    BryterEndret,
    Gjentak,
    Kall,
    KlokkeRettet,
    Limiter,
    Maaling,
    NoekkelUtloeper,
    TokenHentet,
    UkjenteFelt,
)

_SEKUNDER: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Prosessmaalinger:
    """One per process. ``skatt`` and ``limiter`` are what the client library takes."""

    def __init__(self) -> None:
        self._register: Final = CollectorRegistry()
        ProcessCollector(registry=self._register)
        self._http: Final = Histogram(
            "egenandel_http_sekunder",
            "Svartid per rutemal",
            ("metode", "rute", "status"),
            buckets=_SEKUNDER,
            registry=self._register,
        )
        self._kall: Final = Histogram(
            "egenandel_skatteetaten_kall_sekunder",
            "Kall til Skatteetaten med gjentak, per API og utfall",
            ("api", "utfall"),
            buckets=_SEKUNDER,
            registry=self._register,
        )
        self._gjentak: Final = Counter(
            "egenandel_skatteetaten_gjentak",
            "Forsøk som ble gjort om igjen",
            ("api", "grunn"),
            registry=self._register,
        )
        self._bryter: Final = Counter(
            "egenandel_skatteetaten_bryter",
            "Ganger en bryter gikk til tilstanden",
            ("api", "tilstand"),
            registry=self._register,
        )
        self._ukjente: Final = Counter(
            "egenandel_skatteetaten_ukjente_felt",
            "Felt i svar som vi ikke kjenner",
            ("api",),
            registry=self._register,
        )
        self._i_luften: Final = Gauge(
            "egenandel_skatteetaten_i_luften",
            "Kall i luften fra denne prosessen",
            ("api",),
            registry=self._register,
        )
        self._token: Final = Histogram(
            "egenandel_maskinporten_token_sekunder",
            "Henting av token, per utfall",
            ("utfall",),
            buckets=_SEKUNDER,
            registry=self._register,
        )
        self._noekkel: Final = Gauge(
            "egenandel_maskinporten_noekkel_dager",
            "Døgn til nøkkelen utløper",
            ("plass",),
            registry=self._register,
        )
        self._klokke: Final = Gauge(
            "egenandel_klokke_feil_sekunder",
            "Hvor galt klokken sist ble funnet å gå",
            registry=self._register,
        )
        self._sider: Final = Counter(
            "egenandel_liste_sider", "Sider lest av en hendelsesliste", ("liste",), registry=self._register
        )
        self._lest: Final = Counter(
            "egenandel_liste_hendelser",
            "Hendelser lest av en hendelsesliste",
            ("liste",),
            registry=self._register,
        )

    def tekst(self) -> bytes:
        """Everything counted, as Prometheus reads it."""
        return generate_latest(self._register)

    def http(self, metode: str, rute: str, status: int, sekunder: float) -> None:
        """A request was answered. ``rute`` is the template."""
        self._http.labels(metode, rute, status).observe(sekunder)

    def side(self, liste: str, hendelser: int) -> None:
        """A page of a list was read and is stored."""
        self._sider.labels(liste).inc()
        self._lest.labels(liste).inc(hendelser)

    def skatt(self, maaling: Maaling) -> None:
        """What the client library tells."""
        match maaling:
            case Kall(api=api, utfall=utfall, sekunder=sekunder):
                self._kall.labels(api, utfall).observe(sekunder)
            case Gjentak(api=api, grunn=grunn):
                self._gjentak.labels(api, grunn).inc()
            case BryterEndret(api=api, tilstand=tilstand):
                self._bryter.labels(api, tilstand).inc()
            case UkjenteFelt(api=api, antall=antall):
                self._ukjente.labels(api).inc(antall)
            case TokenHentet(utfall=utfall, sekunder=sekunder):
                self._token.labels(utfall).observe(sekunder)
            case NoekkelUtloeper(plass=plass, dager=dager):
                self._noekkel.labels(plass).set(dager)
            case KlokkeRettet(sekunder=sekunder):
                self._klokke.set(sekunder)

    def limiter(self, indre: Limiter) -> Limiter:
        """The same limit, counted."""
        return _TellendeLimiter(indre, self._i_luften)


class _TellendeLimiter:
    def __init__(self, indre: Limiter, i_luften: Gauge) -> None:
        self._indre = indre
        self._i_luften = i_luften

    @asynccontextmanager
    async def slot(self, api: str, virksomhet: str) -> AsyncGenerator[None]:
        """See ``Limiter.slot``."""
        async with self._indre.slot(api, virksomhet):
            with self._i_luften.labels(str(api)).track_inprogress():
                yield
