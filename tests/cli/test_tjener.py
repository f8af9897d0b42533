"""SIGTERM: the service says it is closing, lets go of its mandates, and finishes what it was asked."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import uvicorn

from app.cli.tjener import lag_tjener
from app.settings import Settings


class _Plan:
    def __init__(self) -> None:
        self.stoppet = 0

    async def stopp(self) -> None:
        self.stoppet += 1


async def _til(vilkaar: Callable[[], object]) -> None:
    while not vilkaar():  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.01)


async def _kjoer(vent: int, etter: Any) -> None:
    tjener = lag_tjener(Settings(port=0, avslutt_etter_sekunder=vent))
    tjener.config.lifespan = "on"
    # Signals would reach the test run itself.
    i_gang = asyncio.create_task(tjener._serve())
    await _til(lambda: tjener.started)
    port = tjener.servers[0].sockets[0].getsockname()[1]
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as klient:
        await etter(tjener, klient)
    await i_gang


def test_sier_fra_foer_den_stenger() -> None:
    async def etter(tjener: uvicorn.Server, klient: httpx2.AsyncClient) -> None:
        app = tjener.config.app
        app.state.plan = plan = _Plan()  # type: ignore[union-attr]
        assert (await klient.get("/ready")).status_code == 200
        tjener.handle_exit(signal.SIGTERM, None)
        svar = await klient.get("/ready")
        assert (svar.status_code, svar.json()["kode"]) == (503, "stenger")
        assert (await klient.get("/live")).status_code == 200
        await _til(lambda: plan.stoppet)
        assert tjener.should_exit is False
        # A new connection is still answered: nobody has had time to look elsewhere.
        async with httpx2.AsyncClient(base_url=klient.base_url) as ny:
            assert (await ny.get("/live")).status_code == 200
        # One who is in a hurry says so again.
        tjener.handle_exit(signal.SIGTERM, None)
        assert (tjener.should_exit, plan.stoppet) == (True, 1)

    asyncio.run(_kjoer(300, etter))


@pytest.mark.parametrize(("vent", "sig"), [(0, signal.SIGTERM), (300, signal.SIGINT)])
def test_uten_ventetid_og_med_ctrl_c_stenger_den_med_en_gang(vent: int, sig: int) -> None:
    async def etter(tjener: uvicorn.Server, klient: httpx2.AsyncClient) -> None:
        tjener.handle_exit(sig, None)
        assert tjener.should_exit

    asyncio.run(_kjoer(vent, etter))


def test_stenger_av_seg_selv_naar_tiden_er_ute() -> None:
    async def etter(tjener: uvicorn.Server, klient: httpx2.AsyncClient) -> None:
        tjener.handle_exit(signal.SIGTERM, None)
        await _til(lambda: tjener.should_exit)

    asyncio.run(_kjoer(1, etter))
