"""From a settlement that changes at Skatteetaten to the vendor who is told, by the service itself with all its jobs."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2
import pytest
from standardwebhooks import Webhook

from app.calc.beloep import HARDT_MELLOMROM
from app.settings.hendelser import Hendelser
from app.settings.webhooker import Webhooker
from tests.baser import MOTORER, ny_database
from tests.saker.historie import langtidssak
from tests.saker.verden import Verden, tjeneste

HVEM: Final = "enslig-pensjonist"
AAR: Final = 2025
_TAALMODIGHET: Final = 120.0
"""Seconds; only so that a test that fails, ends."""


class Mottaker:
    """A vendor's receiver: what came, verified as the vendor would."""

    def __init__(self) -> None:
        self.kom: list[Any] = []
        self.hemmelighet = ""

    async def svar(self, leser: asyncio.StreamReader, skriver: asyncio.StreamWriter) -> None:
        """One message, taken in."""
        linjer = (await leser.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        hoder = {navn.lower(): verdi for navn, _, verdi in (linje.partition(": ") for linje in linjer)}
        kropp = await leser.readexactly(int(hoder["content-length"]))
        self.kom.append(Webhook(self.hemmelighet).verify(kropp, hoder))
        skriver.write(b"HTTP/1.1 204 Tatt\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await skriver.drain()
        skriver.close()

    def om(self, type_: str, sak_id: str) -> list[Any]:
        """What came about a case."""
        return [en for en in self.kom if en["type"] == type_ and en["data"]["sakId"] == sak_id]


@asynccontextmanager
async def scene(database: str) -> AsyncIterator[tuple[Verden, Mottaker]]:
    """The service with its jobs going, and a receiver that has been told of it."""
    mottaker = Mottaker()
    server = await asyncio.start_server(mottaker.svar, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with tjeneste(
            database,
            hendelser=Hendelser(sekunder_mellom=1),
            webhooker=Webhooker(usikre_tillatt=True, sekunder_mellom=0.05),
        ) as v:
            svar = await v.post("/api/v1/webhooker", {"url": f"http://127.0.0.1:{port}/krok", "typer": []})
            assert svar.status_code == 201, svar.text
            mottaker.hemmelighet = svar.json()["hemmelighet"]
            yield v, mottaker
    finally:
        server.close()


async def kontroll(v: Verden, metode: str, sti: str, inn: Any = None) -> None:
    transport = httpx2.ASGITransport(app=v.sandkasse.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as klient:
        svar = await klient.request(metode, f"/kontroll{sti}", json=inn)
    assert svar.is_success, svar.text


async def vent_paa(finn: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(_TAALMODIGHET):
        while not (funnet := await finn()):  # noqa: ASYNC110 - the service tells nobody in the test
            await asyncio.sleep(0.05)
    return funnet


async def fortalt(mottaker: Mottaker, type_: str, sak_id: str) -> list[Any]:
    """What the vendor has been told of this kind."""

    async def finn() -> list[Any]:
        return mottaker.om(type_, sak_id)

    funnet: list[Any] = await vent_paa(finn)
    return funnet


async def oppgave(v: Verden, sak_id: str, slag: str) -> Any:
    """The open task of a kind, when it is there."""

    async def finn() -> Any:
        svar = await v.les(f"/api/v1/oppgaver?tilstand=AAPEN&slag={slag}&sakId={sak_id}")
        assert svar.status_code == 200, svar.text
        return svar.json()["elementer"]

    return (await vent_paa(finn))[0]


async def _historien(database: str) -> None:
    async with scene(database) as (v, mottaker):
        await kontroll(v, "DELETE", f"/personer/{HVEM}/oppgjoer/{AAR}?ikke_kommet=true")
        svar = await v.post("/api/v1/saker", langtidssak({"personidentifikator": v.ident(HVEM)}, AAR))
        assert svar.status_code == 201, svar.text
        sak_id, beregning = svar.json()["sak"]["id"], svar.json()["beregning"]
        await v.post(
            f"/api/v1/saker/{sak_id}/vedtak", {"beregningId": beregning["id"], "fra": f"{AAR}-01-01"}
        )

        # The settlement comes.
        beloep = {"alderspensjonFraFolketrygden": 400_000}
        await kontroll(v, "PUT", f"/personer/{HVEM}/oppgjoer/{AAR}", {"beloep": beloep})
        klar = await oppgave(v, sak_id, "ETTEROPPGJOER_KLART")
        assert klar["innhold"]["tekst"].replace(HARDT_MELLOMROM, " ") == (
            "Ny skatt for 2025: egenandel +4 347 kr/md fra januar, etteroppgjør 52 164 kr å kreve"
        )
        (ny,) = klar["innhold"]["beregninger"]
        lest = (await v.les(f"/api/v1/saker/{sak_id}/beregninger/{ny}")).json()
        assert (lest["tilstand"], lest["foreloepig"], lest["automatisk"]) == ("BEREGNET", False, True)
        assert lest["resultat"]["forklaring"]["barn"], "every number has its reason"
        (om_oppgaven,) = await fortalt(mottaker, "oppgave.ny", sak_id)
        assert om_oppgaven["data"]["gjelder"] == klar["id"]
        assert ny in {en["data"]["gjelder"] for en in await fortalt(mottaker, "beregning.ny", sak_id)}

        # It is deleted.
        await kontroll(v, "DELETE", f"/personer/{HVEM}/oppgjoer/{AAR}")
        trukket = await oppgave(v, sak_id, "OPPGJOER_TRUKKET")
        assert trukket["innhold"]["tekst"].startswith("Skatteetaten har slettet skatteoppgjøret for 2025.")
        assert await fortalt(mottaker, "grunnlag.trukket", sak_id)
        alle = (await v.les(f"/api/v1/saker/{sak_id}/grunnlag")).json()
        assert {
            rad["trukket"] is not None
            for rad in alle
            if rad["utfall"] == "FUNNET" and rad["inntektsaar"] == AAR
        } == {True}

        # No vendor is ever told whose, or how much.
        sagt = json.dumps(mottaker.kom)
        assert v.ident(HVEM) not in sagt
        assert set().union(*(en["data"] for en in mottaker.kom)) <= {
            "sekvensnummer",
            "sakId",
            "gjelder",
            "aar",
            "kommune",
        }


@pytest.mark.parametrize("motor", MOTORER)
def test_et_endret_og_et_slettet_oppgjoer_naar_saksbehandler_og_fagsystem(motor: str) -> None:
    asyncio.run(_historien(ny_database(motor)))
