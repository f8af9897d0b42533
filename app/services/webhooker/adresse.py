"""Where a webhook may go: to the open internet over TLS, and nowhere near ourselves.

A kommune chooses the address, and we call it from inside our own network. So the name is resolved here, every address it
stands for is judged, and the call goes to one that was judged: a name that points elsewhere a moment later changes
nothing. The same is done when a webhook is made and each time something is sent.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import httpx2

from app.settings.webhooker import Webhooker

LENGST: Final = 2_000
_TIDSGRENSE: Final = 5.0
"""Seconds a name has to be resolved in."""

Navneoppslag = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses a host name stands for."""


class Adressefeil(StrEnum):
    """Why an address cannot be used; the word stands in answers and in deliveries."""

    UGYLDIG = "ugyldig-url"
    IKKE_HTTPS = "ikke-https"
    PORT = "port-ikke-tillatt"
    UKJENT_VERT = "ukjent-vert"
    SPERRET = "sperret-adresse"


RAAD: Final = {
    Adressefeil.UGYLDIG: "Skal være en hel adresse uten brukernavn, passord og #, for eksempel "
    "https://epj.example.no/egenandel.",
    Adressefeil.IKKE_HTTPS: "Adressen skal begynne med https://.",
    Adressefeil.PORT: "Porten kan ikke brukes. Utelat den, så brukes 443.",
    Adressefeil.UKJENT_VERT: "Navnet i adressen finnes ikke i DNS. Rett det, eller prøv igjen når det er registrert.",
    Adressefeil.SPERRET: "Adressen peker på et internt eller reservert nett. Mottakeren må kunne nås fra internett.",
}


class UtryggAdresseError(Exception):
    """Not called. Never carries the address: it may hold a token."""

    def __init__(self, hva: Adressefeil) -> None:
        super().__init__(hva.value)
        self.hva = hva


@dataclass(frozen=True, slots=True)
class Maal:
    """A host and a port."""

    vert: str
    port: int


class Adressevakt:
    """Judges addresses.

    Args:
        valg: the settings.
        slaa_opp: resolves names; the machine's own resolver otherwise.
    """

    def __init__(self, valg: Webhooker, slaa_opp: Navneoppslag | None = None) -> None:
        self._valg = valg
        self._slaa_opp = slaa_opp or _maskinens_oppslag

    def les(self, url: str) -> Maal:
        """What an address says, before anything is resolved.

        Raises:
            UtryggAdresseError: it is not one we call.
        """
        try:
            lest = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError):
            lest = httpx2.URL("")
        if (
            len(url) > LENGST
            or not url.isascii()
            or not url.isprintable()
            or any(tegn in url for tegn in ' \\#<>"')
            or lest.scheme not in {"http", "https"}
            or not lest.host
            or lest.userinfo
        ):
            raise UtryggAdresseError(Adressefeil.UGYLDIG)
        if lest.scheme != "https" and not self._valg.usikre_tillatt:
            raise UtryggAdresseError(Adressefeil.IKKE_HTTPS)
        port = lest.port or (443 if lest.scheme == "https" else 80)
        if port not in self._valg.porter and not self._valg.usikre_tillatt:
            raise UtryggAdresseError(Adressefeil.PORT)
        return Maal(lest.host, port)

    async def adresser(self, maal: Maal) -> tuple[str, ...]:
        """The addresses a host may be called at, each of them judged.

        Raises:
            UtryggAdresseError: nobody knows the name, or it stands for an address that is closed to us. One is enough:
                a name that points both in and out is made for somebody to get in.
        """
        try:
            funnet: Sequence[str] = [str(ip_address(maal.vert))]
        except ValueError:
            funnet = await self._oppslag(maal)
        if not funnet:
            raise UtryggAdresseError(Adressefeil.UKJENT_VERT)
        if not self._valg.usikre_tillatt and any(map(er_sperret, funnet)):
            raise UtryggAdresseError(Adressefeil.SPERRET)
        return tuple(dict.fromkeys(funnet))

    async def _oppslag(self, maal: Maal) -> Sequence[str]:
        try:
            async with asyncio.timeout(_TIDSGRENSE):
                return await self._slaa_opp(maal.vert, maal.port)
        except (OSError, UnicodeError, TimeoutError):
            raise UtryggAdresseError(Adressefeil.UKJENT_VERT) from None


async def _maskinens_oppslag(vert: str, port: int) -> Sequence[str]:
    svar = await asyncio.get_running_loop().getaddrinfo(vert, port, type=socket.SOCK_STREAM)
    return [str(sokkeladresse[0]) for *_, sokkeladresse in svar]


_AZURE: Final = ip_address("168.63.129.16")
"""The platform's own service in Azure, on an address that looks like anybody's."""

_SAERSKILTE: Final = tuple(ip_network(nett) for nett in ("192.0.0.0/24", "192.88.99.0/24"))
"""IETF's own and the relays of 6to4; parts of them count as global, or do in some versions of Python."""

_ALT_UTENFOR: Final = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out."""

_OVERGANGER: Final = tuple(
    ip_network(nett)
    for nett in (
        "2002::/16",  # 6to4
        "2001::/23",  # IETF's own: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
"""Addresses that carry another address in them, or that nobody has. NAT64 and IPv4-mapped are outside of 2000::/3."""


def er_sperret(adresse: str) -> bool:
    """Whether an address is anything but one on the open internet."""
    try:
        ip = ip_address(adresse.partition("%")[0])
    except ValueError:
        return True
    return _sperret_6(ip) if isinstance(ip, IPv6Address) else _sperret_4(ip)


def _sperret_4(ip: IPv4Address) -> bool:
    return not ip.is_global or ip.is_multicast or ip == _AZURE or any(ip in nett for nett in _SAERSKILTE)


def _sperret_6(ip: IPv6Address) -> bool:
    return ip not in _ALT_UTENFOR or not ip.is_global or any(ip in nett for nett in _OVERGANGER)
