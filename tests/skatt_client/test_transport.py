"""The way out, over a real socket: HTTP/1.1 and a deadline for the whole exchange."""

import asyncio

import httpx2
import pytest

from app.skatt_client import Http, MaskinportenAuth, Transportaarsak, TransportError
from app.skatt_client.retry import http_date
from tests.skatt_client.falske import verden
from tests.skatt_client.test_tokenkilde import FORESP


def test_http_1_1_paa_traaden() -> None:
    linjer: list[bytes] = []

    async def tjener(leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        linjer.append(await leser.readline())
        skriver.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        skriver.close()
        await skriver.wait_closed()

    async def proev() -> None:
        server = await asyncio.start_server(tjener, "127.0.0.1", 0)
        async with server, Http() as http:
            port = server.sockets[0].getsockname()[1]
            svar = await http.get(f"http://127.0.0.1:{port}/sti")
            assert (svar.status, svar.body) == (200, b"hi")
        assert linjer == [b"GET /sti HTTP/1.1\r\n"]

    asyncio.run(proev())


def test_en_tjener_som_drypper_faar_ikke_holde_paa() -> None:
    async def tjener(leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        skriver.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
        while await leser.read(1000):
            pass
        skriver.close()
        await skriver.wait_closed()
        ferdig.set()

    ferdig = asyncio.Event()

    async def proev() -> None:
        server = await asyncio.start_server(tjener, "127.0.0.1", 0)
        async with server, Http(timeout=1000, total=0.05) as http, asyncio.timeout(5):
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(TransportError) as fanget:
                await http.get(f"http://127.0.0.1:{port}/")
            assert fanget.value.aarsak is Transportaarsak.TIDSAVBRUDD
            await ferdig.wait()

    asyncio.run(proev())


def test_ingen_der() -> None:
    async def proev() -> None:
        async with Http() as http:
            with pytest.raises(TransportError) as fanget:
                await http.get("http://127.0.0.1:1/")
            assert fanget.value.aarsak is Transportaarsak.NETTVERK

    asyncio.run(proev())


def test_auth_virker_med_en_vanlig_httpx2_klient() -> None:
    async def proev() -> None:
        async with verden() as v:
            sett: list[str] = []

            def tjener(request: httpx2.Request) -> httpx2.Response:
                sett.append(request.headers["Authorization"])
                return httpx2.Response(401 if len(sett) == 1 else 200)

            auth = MaskinportenAuth(v.tokens, FORESP)
            async with httpx2.AsyncClient(transport=httpx2.MockTransport(tjener), auth=auth) as klient:
                svar = await klient.get("https://et.api/")
            assert svar.status_code == 200
            assert sett == ["Bearer hemmelig-0", "Bearer hemmelig-1"]
            with (
                httpx2.Client(transport=httpx2.MockTransport(tjener), auth=auth) as synkron,
                pytest.raises(RuntimeError, match="AsyncClient"),
            ):
                synkron.get("https://et.api/")

    asyncio.run(proev())


@pytest.mark.parametrize(
    ("tekst", "ventet"),
    [("Thu, 01 Jan 1970 00:01:00 GMT", 60.0), ("tull", None), (None, None), ("", None)],
)
def test_http_date(tekst: str | None, ventet: float | None) -> None:
    assert http_date(tekst) == ventet
