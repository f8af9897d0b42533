"""The library's exceptions.

SkattKlientError
├── OppsettError       the caller's settings or arguments cannot be used
├── TransportError     no usable HTTP answer; internal, callers of the API clients see an outcome
├── IngenPlassError    a limiter gave up waiting for a slot
└── MaskinportenError  no token; the tree below it is in ``maskinporten.feil``

None of them holds a URL, a body, a token, a key or a national id, and none keeps the HTTP library's
exception as its cause: that one carries the whole request.
"""

from enum import StrEnum


class Ansvar(StrEnum):
    """Who must act."""

    INGEN = "ingen"
    SAKSBEHANDLEREN = "saksbehandleren"
    KOMMUNEN = "kommunen"
    LEVERANDOEREN = "leverandøren"
    SKATTEETATEN = "Skatteetaten"
    DIGDIR = "Digdir"


class SkattKlientError(Exception):
    """Base of everything this library raises."""


class OppsettError(SkattKlientError, ValueError):
    """Settings, key material or an argument cannot be used; the text says which, never the value."""


class IngenPlassError(SkattKlientError):
    """A limiter gave up waiting for a free slot."""


class Transportaarsak(StrEnum):
    """Why there is no usable HTTP answer."""

    TIDSAVBRUDD = "tidsavbrudd"
    NETTVERK = "nettverk"
    KOE = "koe"
    OMDIRIGERING = "omdirigering"
    FOR_STORT = "for-stort"
    ULESELIG = "uleselig"


class TransportError(SkattKlientError):
    """No usable HTTP answer."""

    def __init__(self, aarsak: Transportaarsak) -> None:
        super().__init__(aarsak.value)
        self.aarsak = aarsak

    @property
    def forbigaaende(self) -> bool:
        """Whether the same request may succeed a little later."""
        return self.aarsak in (Transportaarsak.TIDSAVBRUDD, Transportaarsak.NETTVERK, Transportaarsak.KOE)
