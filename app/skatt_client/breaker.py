"""A circuit breaker: stop knocking on a door nobody opens, and try it again with one call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.skatt_client.clock import Clock
from app.skatt_client.metrics import BryterEndret, Metrics


class Tilstand(StrEnum):
    """What the breaker does with the next call."""

    LUKKET = "lukket"
    AAPEN = "aapen"
    PROEVER = "proever"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """Opens after ``failures`` failed attempts in a row, for ``seconds``; each failed probe doubles it."""

    failures: int = 5
    seconds: float = 30.0
    longest: float = 300.0


@dataclass(slots=True)
class Breaker:
    """One door. ``navn`` is the API, for metrics."""

    navn: str
    policy: BreakerPolicy
    clock: Clock
    metrics: Metrics
    _tilstand: Tilstand = Tilstand.LUKKET
    _feil_paa_rad: int = 0
    _aapen_til: float = 0.0
    _varighet: float = 0.0
    _runde: int = field(default=0)

    @property
    def tilstand(self) -> Tilstand:
        """The state now."""
        return self._tilstand

    def wait(self) -> float:
        """Seconds until the next call may be let through."""
        return (
            max(0.0, self._aapen_til - self.clock.monotonic())
            if self._tilstand is not Tilstand.LUKKET
            else 0.0
        )

    def enter(self) -> "Permit | None":
        """Leave to make one attempt, or ``None``. The permit must be settled or released."""
        match self._tilstand:
            case Tilstand.LUKKET:
                return Permit(self._runde, self._settle)
            case Tilstand.AAPEN if self.clock.monotonic() >= self._aapen_til:
                self._bli(Tilstand.PROEVER)
                return Permit(self._runde, self._settle)
            case _:
                return None

    def _settle(self, runde: int, gikk_bra: bool | None) -> None:
        if runde != self._runde:
            return  # An attempt begun before the last change says nothing about the door now.
        if self._tilstand is Tilstand.PROEVER:
            self._etter_proeve(gikk_bra)
        elif gikk_bra:
            self._feil_paa_rad = 0
        elif gikk_bra is False:
            self._feil_paa_rad += 1
            if self._feil_paa_rad >= self.policy.failures:
                self._aapne(self.policy.seconds)

    def _etter_proeve(self, gikk_bra: bool | None) -> None:
        if gikk_bra is None:
            # The probe was abandoned: let the next caller be the probe at once.
            self._bli(Tilstand.AAPEN)
        elif gikk_bra:
            self._feil_paa_rad = 0
            self._bli(Tilstand.LUKKET)
        else:
            self._aapne(min(self.policy.longest, self._varighet * 2))

    def _aapne(self, varighet: float) -> None:
        self._varighet = varighet
        self._aapen_til = self.clock.monotonic() + varighet
        self._bli(Tilstand.AAPEN)

    def _bli(self, tilstand: Tilstand) -> None:
        self._tilstand = tilstand
        self._runde += 1
        self.metrics(BryterEndret(self.navn, tilstand.value))


@dataclass(slots=True)
class Permit:
    """Leave to make one attempt. Use as a context manager: left unsettled, it is given back."""

    _runde: int
    _settle: Callable[[int, bool | None], None]
    _ferdig: bool = False

    def settle(self, gikk_bra: bool) -> None:
        """Say whether the other side answered; any answer but 5xx is an answer."""
        if not self._ferdig:
            self._ferdig = True
            self._settle(self._runde, gikk_bra)

    def __enter__(self) -> "Permit":
        return self

    def __exit__(self, *_: object) -> None:
        if not self._ferdig:
            self._ferdig = True
            self._settle(self._runde, None)
