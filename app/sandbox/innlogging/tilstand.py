"""What a provider remembers: pushed requests, conversations, sessions, codes and access tokens. All in memory."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from app.sandbox.innlogging.ansatte import Ansatt
from app.sandbox.innlogging.forespoersel import Forespoersel
from app.sandbox.klokke import Klokke

FORHAANDSSENDT_LEVETID: Final = 60
SAMTALE_LEVETID: Final = 600
KODE_LEVETID: Final = 60
TOKEN_LEVETID: Final = 120
LENGSTE_STILLE: Final = 30 * 60
LENGSTE_OEKT: Final = 120 * 60

FORHAANDSPREFIKS: Final = "urn:ietf:params:oauth:request_uri:"


@dataclass(slots=True, repr=False)
class Oekt:
    """The person's session at the provider: single sign-on.

    Attributes:
        noekkel: the cookie's value; nobody else is told.
        sid: what the clients are told.
        innlogget: when the person last proved who they are, in seconds since 1970.
        sist_brukt: when the session was last used.
        klienter: who is logged in with it.
    """

    noekkel: str
    sid: str
    ansatt: Ansatt
    innlogget: float
    sist_brukt: float
    klienter: set[str] = field(default_factory=set)


@dataclass(slots=True, repr=False)
class Samtale:
    """A login under way: the request, and the session once somebody is picked."""

    nummer: str
    forespoersel: Forespoersel
    utloeper: float
    sid: str | None = None


@dataclass(slots=True, repr=False)
class Kode:
    """An authorization code. ``token`` is the access token it gave, once used."""

    forespoersel: Forespoersel
    ansatt: Ansatt
    orgnr: str | None
    sid: str
    innlogget: float
    utloeper: float
    brukt: bool = False
    token: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Tilgang:
    """What an access token opens."""

    sub: str
    utloeper: float


class Tilstand:
    """The memory of one provider."""

    def __init__(self, klokke: Klokke) -> None:
        self._klokke = klokke
        self._forhaandssendt: dict[str, tuple[Forespoersel, float]] = {}
        self._samtaler: dict[str, Samtale] = {}
        self._oekter: dict[str, Oekt] = {}
        self._koder: dict[str, Kode] = {}
        self._tilganger: dict[str, Tilgang] = {}

    def toem(self) -> None:
        """Forget everything."""
        for alt in (self._forhaandssendt, self._samtaler, self._oekter, self._koder, self._tilganger):
            alt.clear()

    def ta_imot(self, forespoersel: Forespoersel) -> str:
        """Keep a pushed request; its ``request_uri``."""
        uri = f"{FORHAANDSPREFIKS}{secrets.token_urlsafe(32)}"
        self._forhaandssendt[uri] = (forespoersel, self._naa() + FORHAANDSSENDT_LEVETID)
        return uri

    def hent_forhaandssendt(self, uri: str, klient_id: str) -> Forespoersel | None:
        """The pushed request, once, for the client that pushed it."""
        forespoersel, utloeper = self._forhaandssendt.get(uri, (None, 0.0))
        if forespoersel is None or forespoersel.klient_id != klient_id:
            return None
        del self._forhaandssendt[uri]
        return forespoersel if utloeper > self._naa() else None

    def begynn(self, forespoersel: Forespoersel) -> Samtale:
        """A new conversation."""
        samtale = Samtale(secrets.token_urlsafe(32), forespoersel, self._naa() + SAMTALE_LEVETID)
        self._samtaler[samtale.nummer] = samtale
        return samtale

    def samtale(self, nummer: str) -> Samtale | None:
        """A conversation that is still going on."""
        samtale = self._samtaler.get(nummer)
        return samtale if samtale is not None and samtale.utloeper > self._naa() else None

    def avslutt_samtale(self, samtale: Samtale) -> None:
        """Nothing more can be said in it."""
        del self._samtaler[samtale.nummer]

    def oekt(self, noekkel: str | None) -> Oekt | None:
        """The session of a browser, if it is alive."""
        oekt = self._oekter.get(noekkel or "")
        return oekt if oekt is not None and self._lever(oekt) else None

    def oekt_med_sid(self, sid: str) -> Oekt | None:
        """The session the clients know by this name, if it is alive."""
        return next((o for o in self.oekter() if o.sid == sid), None)

    def oekter(self) -> list[Oekt]:
        """Every session that is alive."""
        return [oekt for oekt in self._oekter.values() if self._lever(oekt)]

    def logg_inn(self, ansatt: Ansatt, forrige: Oekt | None) -> Oekt:
        """A session for somebody who has proved who they are, always under a new key.

        The same person again goes on under the same ``sid``, so that logging out reaches every client.
        """
        naa = self._naa()
        oekt = Oekt(secrets.token_urlsafe(32), secrets.token_urlsafe(24), ansatt, naa, naa)
        if forrige is not None:
            del self._oekter[forrige.noekkel]
            if forrige.ansatt.kallenavn == ansatt.kallenavn:
                oekt.sid, oekt.klienter = forrige.sid, forrige.klienter
        self._oekter[oekt.noekkel] = oekt
        return oekt

    def bruk(self, oekt: Oekt) -> None:
        """The session was used now."""
        oekt.sist_brukt = self._naa()

    def logg_ut(self, oekt: Oekt) -> None:
        """End a session, with the codes and access tokens that came of it."""
        self._oekter.pop(oekt.noekkel, None)
        for kode in self._koder.values():
            if kode.sid == oekt.sid:
                self._trekk_tilbake(kode)

    def ny_kode(self, forespoersel: Forespoersel, oekt: Oekt, orgnr: str | None) -> str:
        """A code for the client; it is logged in with the session from now on."""
        verdi = secrets.token_urlsafe(32)
        oekt.klienter.add(forespoersel.klient_id)
        self._koder[verdi] = Kode(
            forespoersel, oekt.ansatt, orgnr, oekt.sid, oekt.innlogget, self._naa() + KODE_LEVETID
        )
        return verdi

    def bruk_kode(self, verdi: str, klient_id: str) -> Kode | None:
        """The code, once, for the client it was given to. Used again, it takes back what it gave (RFC 6749 § 4.1.2)."""
        kode = self._koder.get(verdi)
        if kode is None or kode.forespoersel.klient_id != klient_id:
            return None
        if kode.brukt:
            self._trekk_tilbake(kode)
            return None
        kode.brukt = True
        return kode if kode.utloeper > self._naa() else None

    def nytt_token(self, kode: Kode, sub: str) -> str:
        """An access token from a code."""
        kode.token = secrets.token_urlsafe(32)
        self._tilganger[kode.token] = Tilgang(sub, self._naa() + TOKEN_LEVETID)
        return kode.token

    def tilgang(self, token: str) -> Tilgang | None:
        """What an access token opens, if it is alive."""
        tilgang = self._tilganger.get(token)
        return tilgang if tilgang is not None and tilgang.utloeper > self._naa() else None

    def _trekk_tilbake(self, kode: Kode) -> None:
        kode.brukt = True
        if kode.token is not None:
            self._tilganger.pop(kode.token, None)

    def _lever(self, oekt: Oekt) -> bool:
        naa = self._naa()
        return naa - oekt.sist_brukt <= LENGSTE_STILLE and naa - oekt.innlogget <= LENGSTE_OEKT

    def _naa(self) -> float:
        return self._klokke.sekunder()
