"""Where a webhook may not go: each form of address, when it is made and when something is sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest

from app.services.sak.feil import UgyldigSakError
from app.services.webhooker.abonnement import Webhookoenske, kontroller_adresse
from app.services.webhooker.adresse import Adressevakt, UtryggAdresseError
from app.services.webhooker.transport import Mottaker, Sendt
from app.settings.webhooker import Webhooker

AAPEN = "93.184.215.14"
AAPEN_6 = "2a00:1450:400f:80c::200e"

SPERRET = {
    "denne maskinen": ["127.0.0.1", "127.8.9.1", "0.0.0.0", "::1", "::"],  # noqa: S104
    "private nett (RFC 1918)": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "delt hos nettleverandør (RFC 6598)": ["100.64.0.1", "100.127.255.255"],
    "lenkelokale, med metadata hos AWS, Azure og Google": [
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fe80::1%2",
    ],
    "metadata på andre adresser": [
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd20:ce::254",
    ],
    "unike lokale og stedlokale": ["fc00::1", "fdff::1", "fec0::1"],
    "multicast og kringkasting": ["224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1", "ff0e::1"],
    "reservert": ["240.0.0.1", "192.0.0.8", "198.18.0.1", "192.88.99.1", "4000::1", "5f00::1"],
    "dokumentasjon": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "IPv4 i IPv6": [
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::ffff:93.184.215.14",
        "::127.0.0.1",
    ],
    "oversatte (NAT64)": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"],
    "tunneler (6to4, Teredo)": ["2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    "ikke en adresse": ["", "tull", "1.2.3", "999.1.1.1"],
}
"""What a name may stand for that we never call."""

TALLFORMER = ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0"]
"""As the machine's own resolver reads them: this machine."""

URLER = [
    ("http://epj.example/", "ikke-https"),
    ("ftp://epj.example/", "ugyldig-url"),
    ("file:///etc/passwd", "ugyldig-url"),
    ("gopher://epj.example/", "ugyldig-url"),
    ("epj.example", "ugyldig-url"),
    ("//epj.example/", "ugyldig-url"),
    ("https://", "ugyldig-url"),
    ("https://bruker@epj.example/", "ugyldig-url"),
    ("https://bruker:ord@epj.example/", "ugyldig-url"),
    ("https://epj.example@10.0.0.1/", "ugyldig-url"),
    ("https://10.0.0.1\\@epj.example/", "ugyldig-url"),
    ("https://epj.example/#del", "ugyldig-url"),
    ("https://epj.example/\r\nHost: x", "ugyldig-url"),
    ("https://epj.example/ mellomrom", "ugyldig-url"),
    ("https://æøå.example/", "ugyldig-url"),
    ("https://[::1", "ugyldig-url"),
    ("https://epj.example:99999/", "port-ikke-tillatt"),
    ("https://epj.example:8443/", "port-ikke-tillatt"),
    ("https://epj.example:22/", "port-ikke-tillatt"),
    ("https://finnes-ikke.example/", "ukjent-vert"),
    (f"https://epj.example/{'x' * 2_000}", "ugyldig-url"),
]


class Nett(httpx2.AsyncBaseTransport):
    """Answers 200 to everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.sett: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sett.append(request)
        return httpx2.Response(200)


class Dns:
    """Names and what they stand for, each time they are asked about."""

    def __init__(self, *svar: Sequence[str]) -> None:
        self._svar = list(svar)
        self.spurt: list[tuple[str, int]] = []

    async def __call__(self, vert: str, port: int) -> Sequence[str]:
        self.spurt.append((vert, port))
        if vert.startswith("finnes-ikke"):
            raise OSError
        return self._svar.pop(0) if len(self._svar) > 1 else self._svar[0]


def registrer(vakt: Adressevakt, url: str) -> str | None:
    """Why an address is refused when a webhook is made."""
    try:
        asyncio.run(kontroller_adresse(vakt, Webhookoenske(url=url)))
    except UgyldigSakError as feil:
        (en,) = feil.feil
        assert en.pointer == "/url"
        return en.kode
    return None


def send(vakt: Adressevakt, url: str, nett: httpx2.AsyncBaseTransport) -> Sendt:
    async def alt() -> Sendt:
        async with Mottaker(vakt, 1.0, 2, nett) as mottaker:
            return await mottaker.send(url, b"{}", {"webhook-id": "msg_1"})

    return asyncio.run(alt())


@pytest.mark.parametrize(("hva", "adresse"), [(h, a) for h, alle in SPERRET.items() for a in alle])
def test_et_navn_som_peker_innover_avvises_baade_foer_og_naar_det_sendes(hva: str, adresse: str) -> None:
    for svar in ([adresse], [AAPEN, adresse], [adresse, AAPEN_6]):
        nett, vakt = Nett(), Adressevakt(Webhooker(), Dns(svar))
        assert registrer(vakt, "https://epj.example/krok") == "sperret-adresse", hva
        assert send(vakt, "https://epj.example/krok", nett) == Sendt(None, "sperret-adresse")
        assert nett.sett == []


@pytest.mark.parametrize("adresse", [a for alle in SPERRET.values() for a in alle if "%" not in a and a])
def test_adressen_selv_avvises_ogsaa_uten_dns(adresse: str) -> None:
    vert = f"[{adresse}]" if ":" in adresse else adresse
    nett, vakt = Nett(), Adressevakt(Webhooker(), Dns([adresse]))
    assert registrer(vakt, f"https://{vert}/") in {"sperret-adresse", "ugyldig-url"}
    assert send(vakt, f"https://{vert}/", nett).levert is False
    assert nett.sett == []


@pytest.mark.parametrize("tall", TALLFORMER)
def test_denne_maskinen_skrevet_som_tall(tall: str) -> None:
    """With the machine's own resolver, which reads more forms than anybody remembers."""
    nett, vakt = Nett(), Adressevakt(Webhooker())
    assert registrer(vakt, f"https://{tall}/") in {"sperret-adresse", "ugyldig-url", "ukjent-vert"}
    assert not send(vakt, f"https://{tall}/", nett).levert
    assert nett.sett == []


@pytest.mark.parametrize(("url", "hvorfor"), URLER)
def test_en_adresse_vi_ikke_kaller(url: str, hvorfor: str) -> None:
    nett, vakt = Nett(), Adressevakt(Webhooker(), Dns([AAPEN]))
    assert registrer(vakt, url) == hvorfor
    assert not send(vakt, url, nett).levert
    assert nett.sett == []


@pytest.mark.parametrize(
    "svar", [[AAPEN], [AAPEN_6], [AAPEN, AAPEN_6], ["8.8.8.8"], ["2606:4700::6810:84e5"]]
)
def test_det_aapne_internett_kan_naas(svar: list[str]) -> None:
    nett, vakt = Nett(), Adressevakt(Webhooker(), Dns(svar))
    assert registrer(vakt, "https://epj.example/krok?x=1") is None
    assert send(vakt, "https://epj.example/krok?x=1", nett) == Sendt(200)
    (sett,) = nett.sett
    assert (sett.url.host, sett.url.path) == (svar[0], "/krok")
    assert (sett.headers["host"], sett.extensions["sni_hostname"]) == ("epj.example", "epj.example")


def test_et_navn_som_skifter_mening_naar_ikke_innover() -> None:
    """Rebinding: open when it was made, inside when it is sent. And it is asked about once for each call."""
    dns = Dns([AAPEN], [AAPEN], ["127.0.0.1"], [AAPEN])
    nett, vakt = Nett(), Adressevakt(Webhooker(), dns)
    assert registrer(vakt, "https://epj.example/") is None
    assert [send(vakt, "https://epj.example/", nett).status for _ in range(3)] == [200, None, 200]
    assert [str(sett.url.host) for sett in nett.sett] == [AAPEN, AAPEN]
    assert len(dns.spurt) == 4


def test_den_neste_adressen_proeves_naar_en_ikke_svarer() -> None:
    class Doed(Nett):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.host == AAPEN_6:
                raise httpx2.ConnectError("stengt")
            return await super().handle_async_request(request)

    nett, vakt = Doed(), Adressevakt(Webhooker(), Dns([AAPEN_6, AAPEN]))
    assert send(vakt, "https://epj.example/", nett) == Sendt(200)
    assert [sett.url.host for sett in nett.sett] == [AAPEN]
    bare_doed = Adressevakt(Webhooker(), Dns([AAPEN_6]))
    assert send(bare_doed, "https://epj.example/", Doed()) == Sendt(None, "nettverk")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_en_omdirigering_foelges_ikke(status: int) -> None:
    class Omdirigerer(Nett):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            self.sett.append(request)
            return httpx2.Response(status, headers={"Location": "https://169.254.169.254/latest/"})

    nett = Omdirigerer()
    sendt = send(Adressevakt(Webhooker(), Dns([AAPEN])), "https://epj.example/", nett)
    assert (sendt.status, sendt.levert, len(nett.sett)) == (status, False, 1)


def test_et_svar_uten_ende_leses_ikke_ut() -> None:
    lest = 0

    class Endeloes(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal lest
            while True:
                lest += 1024
                yield b"x" * 1024

    class Pratsom(Nett):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, stream=Endeloes())

    assert send(Adressevakt(Webhooker(), Dns([AAPEN])), "https://epj.example/", Pratsom()).levert
    assert lest <= 32 * 1024


def test_den_som_aldri_svarer_faar_ikke_holde_oss() -> None:
    class Taus(Nett):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            await asyncio.Event().wait()
            raise AssertionError

    vakt = Adressevakt(Webhooker(), Dns([AAPEN]))

    async def alt() -> Sendt:
        async with Mottaker(vakt, 0.05, 1, Taus()) as mottaker:
            return await mottaker.send("https://epj.example/", b"{}", {})

    assert asyncio.run(alt()) == Sendt(None, "tidsavbrudd")


def test_bare_for_utvikling_naas_egen_maskin() -> None:
    usikker = Adressevakt(Webhooker(usikre_tillatt=True), Dns(["127.0.0.1"]))
    assert registrer(usikker, "http://localhost:8123/krok") is None
    strengt = Adressevakt(Webhooker(porter=(443, 8443)), Dns([AAPEN]))
    assert registrer(strengt, "https://epj.example:8443/") is None
    assert registrer(strengt, "http://epj.example:8443/") == "ikke-https"


def test_feilen_gjentar_aldri_adressen() -> None:
    vakt = Adressevakt(Webhooker(), Dns(["10.0.0.1"]))
    with pytest.raises(UtryggAdresseError) as fanget:
        asyncio.run(vakt.adresser(vakt.les("https://epj.example/hemmelig-del")))
    assert "epj" not in str(fanget.value)
