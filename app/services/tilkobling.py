"""The connection to Maskinporten and Skatteetaten, put together from the settings."""

from dataclasses import dataclass
from typing import Self

import httpx2

from app.services.oppsett import Apioppsett, InnstillingManglerError, maskinporten_oppsett, noekler
from app.settings import Settings
from app.skatt_client import (
    BreakerPolicy,
    Clock,
    Http,
    KeySource,
    Limiter,
    Metrics,
    RetryPolicy,
    SkattKlient,
    TokenSource,
    no_metrics,
)


@dataclass(frozen=True, slots=True)
class Tilkobling:
    """One per process. Close it, or use it as an async context manager."""

    http: Http
    tokens: TokenSource
    klient: SkattKlient
    oppsett: Apioppsett
    noekler: KeySource

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.lukk()

    async def lukk(self) -> None:
        """Stop token grants under way and close all connections."""
        await self.tokens.aclose()
        await self.http.aclose()


def koble_til(
    settings: Settings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
    clock: Clock | None = None,
    metrics: Metrics = no_metrics,
    limiter: Limiter | None = None,
    retry: RetryPolicy | None = None,
    breaker: BreakerPolicy | None = None,
) -> Tilkobling:
    """Put the connection together; nothing is sent yet.

    Args:
        settings: all settings.
        transport: another way out, for tests; the network otherwise.
        clock: time.
        metrics: told of every call, grant and key.
        limiter: the limit of five calls in flight; within this process unless another is given.
        retry: when to try again.
        breaker: when to stop trying.

    Raises:
        InnstillingManglerError: Maskinporten is not set up.
        OppsettError: a key cannot be used.
        ValueError: environment and issuer do not belong together.
    """
    if settings.maskinporten is None:
        raise InnstillingManglerError(
            "Maskinporten er ikke satt opp. Leverandøren må sette EGENANDEL_MASKINPORTEN__MILJOE, "
            "__KLIENT_ID og __NOEKKEL__FIL eller __NOEKKEL__JWK."
        )
    maskinporten = maskinporten_oppsett(settings.maskinporten)
    kilde = noekler(settings.maskinporten)
    http = Http(transport=transport)
    tokens = TokenSource(
        maskinporten, kilde, http, clock=clock, metrics=metrics, retry=retry, breaker=breaker
    )
    klient = SkattKlient(
        http, tokens, limiter=limiter, clock=clock, metrics=metrics, retry=retry, breaker=breaker
    )
    return Tilkobling(http, tokens, klient, Apioppsett(settings.skatteetaten, maskinporten.miljoe), kilde)
