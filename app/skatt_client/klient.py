"""The front door: one ``SkattKlient`` per process, small clients per API and kommune from it."""

from app.skatt_client.breaker import BreakerPolicy
from app.skatt_client.clock import Clock, SystemClock
from app.skatt_client.limiter import Limiter, LocalLimiter
from app.skatt_client.maskinporten.tokenkilde import TokenSource
from app.skatt_client.metrics import Metrics, no_metrics
from app.skatt_client.oppsett import (
    BeregnetSkattOppsett,
    HendelserOppsett,
    InntektOppsett,
    SisteOppgjoerOppsett,
    SkattegrunnlagOppsett,
)
from app.skatt_client.retry import Jitter, RetryPolicy, random_jitter
from app.skatt_client.skatteetaten.api import Api
from app.skatt_client.skatteetaten.beregnet_skatt import BeregnetSkattKlient
from app.skatt_client.skatteetaten.hendelser import HendelserKlient
from app.skatt_client.skatteetaten.inntekt import InntektKlient
from app.skatt_client.skatteetaten.kall import Drift
from app.skatt_client.skatteetaten.siste_oppgjoer import SisteOppgjoerKlient
from app.skatt_client.skatteetaten.skattegrunnlag import SkattegrunnlagKlient
from app.skatt_client.transport import Http


class SkattKlient:
    """Shares tokens, slots and breakers between all APIs and kommuner of a process.

    The clients it makes are small: make one per call or keep it, as suits. ``http`` and ``tokens`` belong
    to the caller, who closes them.

    Args:
        http: the way out.
        tokens: where access tokens come from.
        limiter: never more than five calls in flight per API and enterprise.
        clock: time.
        retry: GETs only; timeouts, network errors, 429 and 5xx.
        breaker: one per API and kommune.
        metrics: told of every call.
        jitter: randomness of the backoff.
    """

    def __init__(
        self,
        http: Http,
        tokens: TokenSource,
        *,
        limiter: Limiter | None = None,
        clock: Clock | None = None,
        retry: RetryPolicy | None = None,
        breaker: BreakerPolicy | None = None,
        metrics: Metrics = no_metrics,
        jitter: Jitter = random_jitter,
    ) -> None:
        self._drift = Drift(
            http,
            tokens,
            limiter or LocalLimiter(),
            clock or SystemClock(),
            retry or RetryPolicy(),
            breaker or BreakerPolicy(),
            metrics,
            jitter,
        )

    def skattegrunnlag(self, oppsett: SkattegrunnlagOppsett) -> SkattegrunnlagKlient:
        """Summert skattegrunnlag v2."""
        return SkattegrunnlagKlient(self._drift, oppsett)

    def beregnet_skatt(self, oppsett: BeregnetSkattOppsett) -> BeregnetSkattKlient:
        """Beregnet skatt v2."""
        return BeregnetSkattKlient(self._drift, oppsett)

    def siste_oppgjoer(self, oppsett: SisteOppgjoerOppsett) -> SisteOppgjoerKlient:
        """Siste tilgjengelige skatteoppgjør v1."""
        return SisteOppgjoerKlient(self._drift, oppsett)

    def inntekt(self, oppsett: InntektOppsett) -> InntektKlient:
        """Inntekt v1."""
        return InntektKlient(self._drift, oppsett)

    def skatteoppgjoer_hendelser(self, oppsett: HendelserOppsett) -> HendelserKlient:
        """Events on tax settlements, v1."""
        return HendelserKlient(self._drift, Api.SKATTEOPPGJOER_HENDELSER, oppsett)

    def inntekt_hendelser(self, oppsett: HendelserOppsett) -> HendelserKlient:
        """Events on income of the running year, v1."""
        return HendelserKlient(self._drift, Api.INNTEKT_HENDELSER, oppsett)
