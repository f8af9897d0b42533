"""Tokens, fetched once for all who need them and renewed before they are missed.

- One grant at a time per key; it runs as a task of its own and outlives the caller that started it.
- From 75 % of a token's life it is renewed in the background; 10 seconds before expiry it is dropped.
- Life is counted on the monotonic clock from before the request was sent.
- A permanent refusal is remembered for a minute.
"""

import asyncio
import contextvars
import json
import logging
from dataclasses import dataclass, field
from typing import Final

from app.skatt_client.breaker import Breaker, BreakerPolicy, Permit
from app.skatt_client.clock import Clock, SystemClock
from app.skatt_client.feil import TransportError
from app.skatt_client.maskinporten.feil import (
    Avslag,
    KlokkeAvvistError,
    MaskinportenError,
    MaskinportenUtilgjengeligError,
    NoekkelAvvistError,
    avslag_fra,
    ugyldig_svar,
    uten_svar,
    utilgjengelig,
)
from app.skatt_client.maskinporten.grant import GRANT_TYPE, TokenRequest, signed_assertion
from app.skatt_client.maskinporten.metadata import MetadataSource
from app.skatt_client.maskinporten.noekler import KeySource, SigningKey, noekkelvarsel
from app.skatt_client.metrics import KlokkeRettet, Metrics, NoekkelUtloeper, TokenHentet, no_metrics
from app.skatt_client.oppsett import MaskinportenOppsett
from app.skatt_client.retry import Jitter, RetryPolicy, random_jitter
from app.skatt_client.transport import Http, Svar

FORNYES_VED: Final = 0.75
"""Share of a token's life after which it is renewed in the background."""
STOPP_FOER_UTLOEP: Final = 10.0
"""Seconds before expiry when a token is no longer handed out."""
AVSLAG_HUSKES: Final = 60.0
"""Seconds a permanent refusal is repeated without asking again."""
AVVIST_NOEKKEL_VENTER: Final = 3600.0
"""Seconds a refused key stands behind the other one before it is tried first again."""
FORKASTES_HVERT: Final = 90.0
"""Seconds between two tokens dropped because an API refused them: an API that refuses good tokens would
otherwise have us fetch one for every call."""
MINSTE_KLOKKEFEIL: Final = 2.0
"""Seconds; the Date header has whole seconds, so less than this is no finding."""

_NY_FORNYELSE_ETTER_FEIL: Final = 5.0
_BRYTER_AAPEN: Final = "bryter-aapen"
_VARSEL_HVERT: Final = 24 * 3600.0
_OK: Final = 200
_SERVERFEIL: Final = 500

_log: Final = logging.getLogger("app.skatt_client.maskinporten")


class Token:
    """An access token. Does not print, compare or pickle by its content."""

    __slots__ = ("_verdi", "fornyes", "stopp")

    def __init__(self, verdi: str, fornyes: float, stopp: float) -> None:
        self._verdi = verdi
        self.fornyes = fornyes
        self.stopp = stopp

    def __repr__(self) -> str:
        return "<Token skjult>"

    def __reduce__(self) -> str:
        raise TypeError("et token skal ikke lagres")

    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._verdi}"


@dataclass(frozen=True, slots=True)
class _CacheKey:
    miljoe: str
    client_id: str
    foresp: TokenRequest


@dataclass(slots=True)
class _Plass:
    token: Token | None = None
    avslag: Avslag | None = None
    avslag_til: float = 0.0
    forkastes_fra: float = 0.0
    oppgave: "asyncio.Task[Token | Avslag] | None" = field(default=None, repr=False)

    def kan_glemmes(self, naa: float) -> bool:
        utloept = self.token is None or naa >= self.token.stopp
        return self.oppgave is None and utloept and naa >= max(self.avslag_til, self.forkastes_fra)


class TokenSource:
    """Tokens of one client in one environment. Belongs to one event loop; close with ``aclose``.

    Args:
        oppsett: environment and client.
        noekler: asked before every grant, so keys may change at any time. If Maskinporten refuses the
            first key, the next is tried, and goes first for an hour.
        http: the way out.
        clock: time.
        metrics: told of every grant, of key expiry and of a corrected clock.
        retry: for network errors, 5xx, 429 and MP-012 only.
        breaker: for Maskinporten as a whole.
        jitter: randomness of the backoff.
    """

    def __init__(
        self,
        oppsett: MaskinportenOppsett,
        noekler: KeySource,
        http: Http,
        *,
        clock: Clock | None = None,
        metrics: Metrics = no_metrics,
        retry: RetryPolicy | None = None,
        breaker: BreakerPolicy | None = None,
        jitter: Jitter = random_jitter,
    ) -> None:
        self._oppsett = oppsett
        self._noekler = noekler
        self._http = http
        self._clock = clock or SystemClock()
        self._metrics = metrics
        self._retry = retry or RetryPolicy(attempts=3)
        self._breaker = Breaker("maskinporten", breaker or BreakerPolicy(), self._clock, metrics)
        self._jitter = jitter
        self._metadata = MetadataSource(oppsett.issuer, http, self._clock)
        self._plasser: dict[_CacheKey, _Plass] = {}
        self._klokkefeil = 0.0
        self._avviste: dict[str, float] = {}
        self._varslet: dict[str, float] = {}

    async def hent(self, foresp: TokenRequest) -> Token:
        """A token good for at least ten seconds more, unless Maskinporten's own are shorter.

        Cancelling the caller does not cancel the grant others wait for.

        Raises:
            MaskinportenError: there is none; says who must mend what.
        """
        naa = self._clock.monotonic()
        plass = self._plass(foresp, naa)
        token = plass.token
        if token is not None and naa < token.stopp:
            if naa >= token.fornyes:
                self._start(plass, foresp, i_bakgrunnen=True)
            return token
        if plass.avslag is not None and naa < plass.avslag_til:
            raise plass.avslag.feil()
        svar = await asyncio.shield(self._start(plass, foresp, i_bakgrunnen=False))
        if isinstance(svar, Avslag):
            raise svar.feil()
        return svar

    def forkast(self, foresp: TokenRequest, token: Token) -> bool:
        """The API refused this token; whether another one is worth a try.

        A newer one, fetched for somebody else meanwhile, is kept. Tokens are dropped once in 90 seconds at
        most.
        """
        plass = self._plasser.get(self._cache_key(foresp))
        if plass is None or plass.token is not token:
            return True
        naa = self._clock.monotonic()
        if naa < plass.forkastes_fra:
            return False
        plass.token, plass.forkastes_fra = None, naa + FORKASTES_HVERT
        return True

    def noekkelvarsler(self) -> tuple[str, ...]:
        """Norwegian sentences on keys that lapse within 30 days, for a status page."""
        naa = self._maskinportens_tid()
        varsler = (noekkelvarsel(noekkel, naa) for noekkel in self._noekler.keys())
        return tuple(varsel for varsel in varsler if varsel is not None)

    async def aclose(self) -> None:
        """Stop grants under way."""
        oppgaver = [plass.oppgave for plass in self._plasser.values() if plass.oppgave is not None]
        for oppgave in oppgaver:
            oppgave.cancel()
        await asyncio.gather(*oppgaver, return_exceptions=True)
        self._plasser.clear()

    def _cache_key(self, foresp: TokenRequest) -> _CacheKey:
        return _CacheKey(self._oppsett.miljoe, self._oppsett.client_id, foresp)

    def _plass(self, foresp: TokenRequest, naa: float) -> _Plass:
        noekkel = self._cache_key(foresp)
        plass = self._plasser.get(noekkel)
        if plass is None:
            # Growing is the time to sweep: tokens bound to persons would otherwise pile up.
            for gammel in [k for k, p in self._plasser.items() if p.kan_glemmes(naa)]:
                del self._plasser[gammel]
            plass = self._plasser[noekkel] = _Plass()
        return plass

    def _start(
        self, plass: _Plass, foresp: TokenRequest, *, i_bakgrunnen: bool
    ) -> "asyncio.Task[Token | Avslag]":
        if plass.oppgave is None:
            # An empty context: what the first caller bound to its log lines is not the others' business.
            plass.oppgave = asyncio.create_task(
                self._forny(plass, foresp, i_bakgrunnen), name="maskinporten", context=contextvars.Context()
            )
            plass.oppgave.add_done_callback(lambda oppgave: self._ferdig(plass, oppgave))
        return plass.oppgave

    def _ferdig(self, plass: _Plass, oppgave: "asyncio.Task[Token | Avslag]") -> None:
        plass.oppgave = None
        if not oppgave.cancelled() and (feil := oppgave.exception()) is not None:
            # Only our own mistakes end here. Nobody may be waiting, so say so; the type is safe to print.
            _log.error("Fornyelse av token stoppet: %s", type(feil).__name__)

    async def _forny(self, plass: _Plass, foresp: TokenRequest, i_bakgrunnen: bool) -> Token | Avslag:
        start = self._clock.monotonic()
        avslag: Avslag | None = None
        try:
            token = await self._utsted(foresp)
        except MaskinportenError as feil:
            avslag = feil.avslag
        slutt = self._clock.monotonic()
        utfall, kode = ("hentet", None) if avslag is None else (avslag.klasse.__name__, avslag.kode)
        self._metrics(TokenHentet(utfall, kode, slutt - start, i_bakgrunnen))
        if avslag is None:
            plass.token, plass.avslag = token, None
            return token
        _log.warning("Fikk ikke token (%s). %s %s", avslag.kode, avslag.melding, avslag.detaljer)
        if avslag.varig:
            plass.avslag, plass.avslag_til = avslag, slutt + AVSLAG_HUSKES
        if plass.token is not None:
            plass.token.fornyes = slutt + _NY_FORNYELSE_ETTER_FEIL
        return avslag

    async def _utsted(self, foresp: TokenRequest) -> Token:
        noekler = self._i_rekkefoelge()
        klokken_rettet = False
        forsoek = 1
        while True:
            regnet_med = self._klokkefeil
            try:
                token = await self._forsoek(foresp, noekler[0])
            except KlokkeAvvistError as feil:
                if klokken_rettet or not self._rett_klokken(feil, regnet_med):
                    raise
                klokken_rettet = True
            except NoekkelAvvistError:
                if len(noekler) == 1:
                    raise
                _log.warning("Maskinporten avviste nøkkelen %s; prøver %s.", noekler[0].navn, noekler[1].navn)
                self._avviste[noekler.pop(0).navn] = self._clock.monotonic() + AVVIST_NOEKKEL_VENTER
            except MaskinportenError as feil:
                venting = None
                if not feil.avslag.varig and feil.kode != _BRYTER_AAPEN:
                    venting = self._retry.delay(forsoek, feil.avslag.proev_igjen_om, self._jitter)
                if venting is None:
                    raise
                forsoek += 1
                await self._clock.sleep(venting)
            else:
                return token

    async def _forsoek(self, foresp: TokenRequest, noekkel: SigningKey) -> Token:
        with self._adgang() as adgang:
            try:
                metadata = await self._metadata.hent()
            except MaskinportenUtilgjengeligError:
                adgang.settle(False)
                raise
            start = self._clock.monotonic()
            assertion = signed_assertion(
                self._oppsett, foresp, noekkel, metadata.issuer, self._maskinportens_tid()
            )
            svar: Svar | None = None
            try:
                svar = await self._http.post_form(
                    metadata.token_endpoint, {"grant_type": GRANT_TYPE, "assertion": assertion}
                )
            except TransportError as feil:
                avslag = uten_svar(feil.aarsak)
            adgang.settle(svar is not None and svar.status < _SERVERFEIL)
            if svar is None:
                raise avslag.feil()
            if svar.status != _OK:
                raise avslag_fra(svar, systembruker=foresp.systembruker is not None).feil()
            return _les_token(svar.body, start)

    def _adgang(self) -> Permit:
        adgang = self._breaker.enter()
        if adgang is None:
            raise utilgjengelig(_BRYTER_AAPEN, self._breaker.wait()).feil()
        return adgang

    def _maskinportens_tid(self) -> float:
        return self._clock.time() + self._klokkefeil

    def _rett_klokken(self, feil: KlokkeAvvistError, regnet_med: float) -> bool:
        """Take the time from the refusal's Date header. False if the refused attempt had it right."""
        if feil.avslag.dato is None:
            return False
        # The header drops the fraction: half a second more is right on average.
        ny = feil.avslag.dato + 0.5 - self._clock.time()
        if abs(ny - regnet_med) < MINSTE_KLOKKEFEIL:
            return False
        if abs(ny - self._klokkefeil) < MINSTE_KLOKKEFEIL:
            return True  # Somebody else's grant has corrected it meanwhile.
        self._klokkefeil = ny
        self._metrics(KlokkeRettet(ny))
        _log.warning(
            "Maskinens klokke går %.0f sekunder for %s, og det tas hensyn til. Leverandøren må rette den.",
            abs(ny),
            "sakte" if ny > 0 else "fort",
        )
        return True

    def _i_rekkefoelge(self) -> list[SigningKey]:
        """Keys to try, as offered: lapsed ones only if no other is left, newly refused ones last."""
        alle = list(self._noekler.keys())
        naa = self._maskinportens_tid()
        self._varsle(alle, naa)
        friske = [n for n in alle if n.utloeper is None or n.utloeper > naa] or alle
        return sorted(friske, key=lambda n: self._avviste.get(n.navn, 0.0) > self._clock.monotonic())

    def _varsle(self, noekler: list[SigningKey], naa: float) -> None:
        for plass, noekkel in enumerate(noekler):
            dager = noekkel.dager_igjen(naa)
            if dager is not None:
                self._metrics(NoekkelUtloeper(plass, dager))
            varsel = noekkelvarsel(noekkel, naa)
            if varsel is not None and naa >= self._varslet.get(noekkel.navn, 0.0) + _VARSEL_HVERT:
                self._varslet[noekkel.navn] = naa
                _log.warning("%s", varsel)


def _les_token(body: bytes, start: float) -> Token:
    try:
        raa = json.loads(body)
    except (ValueError, RecursionError):
        raa = None
    if not isinstance(raa, dict):
        raise ugyldig_svar("token-svar", "det er ikke JSON").feil()
    verdi, levetid = raa.get("access_token"), raa.get("expires_in")
    if not isinstance(verdi, str) or not verdi.isascii() or not verdi.isprintable() or not verdi.strip(" "):
        raise ugyldig_svar("token-svar", "access_token mangler").feil()
    if str(raa.get("token_type", "")).lower() != "bearer":
        raise ugyldig_svar("token-svar", "token_type er ikke Bearer").feil()
    if not isinstance(levetid, int) or isinstance(levetid, bool) or levetid <= 0:
        raise ugyldig_svar("token-svar", "expires_in mangler").feil()
    return Token(verdi, start + FORNYES_VED * levetid, start + levetid - STOPP_FOER_UTLOEP)
