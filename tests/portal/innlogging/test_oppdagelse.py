"""What a provider publishes of itself: fetched seldom, used in an outage, and never another's; in virtual time."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from app.portal.innlogging.grunner import Grunn, InnloggingAvvistError
from app.portal.innlogging.oppdagelse import LEVETID, MELLOM_FORSOEK, NOEDDRIFT, Oppdagelse
from app.skatt_client import Http
from tests.api.tilgang.stoette import Klokke

UTSTEDER: Final = "https://ansattporten.example"


class Tilbyder:
    """A provider that publishes, counts and fails as it is told."""

    def __init__(self, **endret: Any) -> None:
        self.dokument: Any = {
            "issuer": UTSTEDER,
            "authorization_endpoint": f"{UTSTEDER}/authorize",
            "token_endpoint": f"{UTSTEDER}/token",
        } | endret
        self.kall: list[str] = []
        self.status = 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.kall.append(scope["path"])
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(self.dokument).encode()})


def med(tilbyder: Tilbyder, oppgave: Callable[[Oppdagelse, Klokke], Coroutine[Any, Any, None]]) -> None:
    async def alt() -> None:
        klokke = Klokke()
        async with Http(transport=httpx2.ASGITransport(app=tilbyder)) as http:
            await oppgave(Oppdagelse(UTSTEDER, http, klokke), klokke)

    asyncio.run(alt())


async def utilgjengelig(oppdagelse: Oppdagelse) -> None:
    with pytest.raises(InnloggingAvvistError) as feil:
        await oppdagelse.hent()
    assert feil.value.grunn is Grunn.UTILGJENGELIG


def test_hentes_en_gang_i_doegnet_av_alle_som_venter() -> None:
    tilbyder = Tilbyder()

    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        alle = await asyncio.gather(*(oppdagelse.hent() for _ in range(5)))
        assert len(set(alle)) == 1
        assert tilbyder.kall == ["/.well-known/openid-configuration"]
        for naa, ventet in ((LEVETID - 1, 1), (LEVETID, 2), (2 * LEVETID - 1, 2), (2 * LEVETID, 3)):
            klokke.naa = naa
            await oppdagelse.hent()
            assert len(tilbyder.kall) == ventet, naa

    med(tilbyder, oppgave)


def test_det_vi_har_brukes_et_doegn_til_mens_tilbyderen_er_nede() -> None:
    tilbyder = Tilbyder()

    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        await oppdagelse.hent()
        tilbyder.status = 503
        for naa in (LEVETID, LEVETID + MELLOM_FORSOEK, LEVETID + NOEDDRIFT - 1):
            klokke.naa = naa
            await oppdagelse.hent()
        klokke.naa = LEVETID + NOEDDRIFT
        await utilgjengelig(oppdagelse)
        tilbyder.status = 200
        klokke.naa += MELLOM_FORSOEK
        await oppdagelse.hent()

    med(tilbyder, oppgave)


def test_en_tilbyder_som_er_nede_spoerres_ikke_av_hver_bruker() -> None:
    tilbyder = Tilbyder()
    tilbyder.status = 500

    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        for naa, ventet in ((0.0, 1), (MELLOM_FORSOEK - 1, 1), (MELLOM_FORSOEK, 2)):
            klokke.naa = naa
            await utilgjengelig(oppdagelse)
            assert len(tilbyder.kall) == ventet

    med(tilbyder, oppgave)


UBRUKELIGE: Final[list[tuple[str, Any]]] = [
    ("annen utsteder", {"issuer": "https://fremmed.example"}),
    ("utsteder med skråstrek", {"issuer": f"{UTSTEDER}/"}),
    ("uten utsteder", {"issuer": None}),
    ("usikker adresse", {"token_endpoint": "http://ansattporten.example/token"}),
    ("ingen adresse", {"authorization_endpoint": None}),
    ("adresse med bruker", {"token_endpoint": "https://bruker@ansattporten.example/token"}),
]


@pytest.mark.parametrize(("_", "endret"), UBRUKELIGE, ids=[rad[0] for rad in UBRUKELIGE])
def test_det_som_ikke_kan_vaere_tilbyderens(_: str, endret: dict[str, Any]) -> None:
    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        await utilgjengelig(oppdagelse)

    med(Tilbyder(**endret), oppgave)


@pytest.mark.parametrize("dokument", [[], "tekst", None, 1])
def test_det_som_ikke_er_et_dokument(dokument: Any) -> None:
    tilbyder = Tilbyder()
    tilbyder.dokument = dokument

    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        await utilgjengelig(oppdagelse)

    med(tilbyder, oppgave)


def test_en_usikker_utloggingsadresse_brukes_ikke() -> None:
    async def oppgave(oppdagelse: Oppdagelse, klokke: Klokke) -> None:
        assert (await oppdagelse.hent()).utlogging is None

    med(Tilbyder(end_session_endpoint="http://ansattporten.example/ut"), oppgave)
