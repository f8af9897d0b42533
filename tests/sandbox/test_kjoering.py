"""Starting the sandbox: what it refuses, what it serves over a socket, and that the page about it is true."""

import asyncio
import json
import re
import shlex
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest
import uvicorn
from joserfc.jwk import RSAKey

from app.sandbox.dokumentasjon import lag
from app.sandbox.forstyrrelser import Art
from app.sandbox.kjoering import (
    SandkasseNektetError,
    adresser,
    kjoer,
    kontroller,
    kontroller_portal,
    lag_sandkasse,
    oppsett,
    skriv_noekkel,
)
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import PORTAL
from tests.sandbox.stoette import Grant, be, bearer, hent, kall, ny_sandkasse
from tests.sandbox.test_skatteetaten import PENSJONIST, ssg

_SIDE = Path(__file__).parents[2] / "docs" / "sandbox.md"


@pytest.mark.parametrize("miljoe", ["prod", "PROD", "production", "produksjon", " prod "])
def test_starter_ikke_i_produksjon(miljoe: str) -> None:
    with pytest.raises(SandkasseNektetError):
        kjoer(miljoe=miljoe)


AAPNE = ["0.0.0.0", "::", "10.1.2.3", "sandkasse.kommune.no", "", "127.0.0.1.nip.io"]  # noqa: S104


@pytest.mark.parametrize("host", AAPNE)
def test_lytter_bare_lokalt(host: str) -> None:
    with pytest.raises(SandkasseNektetError):
        kjoer(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_lokale_adresser_godtas(host: str) -> None:
    kontroller(host, "test")


IKKE_HER = [
    "http://127.0.0.1:8000/",
    "http://127.0.0.1:8000/portal",
    "http://127.0.0.1:8000?a=b",
    "127.0.0.1:8000",
    "ftp://127.0.0.1",
    "https://egenandel.example",
    "http://127.0.0.1.nip.io:8000",
    "http://127.0.0.1@egenandel.example",
    "",
]


@pytest.mark.parametrize("portal", IKKE_HER)
def test_logger_bare_inn_i_en_portal_her(portal: str) -> None:
    with pytest.raises(SandkasseNektetError):
        kjoer(portal=portal)


@pytest.mark.parametrize(
    "portal", [PORTAL, "http://localhost:8123", "http://[::1]:8000", "https://127.0.0.1"]
)
def test_portaler_her_godtas(portal: str) -> None:
    kontroller_portal(portal)


def test_utstederen_er_adressen_den_staar_paa() -> None:
    s = lag_sandkasse("::1", 9000, antall=0)
    assert s.maskinporten.utsteder == "http://[::1]:9000/maskinporten/"
    assert adresser("http://x")["summertskattegrunnlag"] == "http://x/skatteetaten/summertskattegrunnlag/v2"


def test_noekkelfilen_er_bare_for_eieren(tmp_path: Path) -> None:
    s = ny_sandkasse()
    fil = tmp_path / "noekkel.json"
    fil.touch(0o644)
    skriv_noekkel(s, fil)
    innhold = json.loads(fil.read_text(encoding="utf-8"))
    assert stat.S_IMODE(fil.stat().st_mode) == 0o600
    privat = RSAKey.import_key(innhold)
    assert Grant(hode={"kid": privat.kid}, noekkel=privat).send(s).status_code == 200


def over_nettverk(oppgave: Callable[[Sandkasse, httpx2.AsyncClient], Awaitable[None]]) -> None:
    """Serve on a free port just as ``kjoer`` does, and run ``oppgave`` against it."""

    async def alt() -> None:
        with socket.socket() as sokkel:
            sokkel.bind(("127.0.0.1", 0))
            port = sokkel.getsockname()[1]
            s = lag_sandkasse("127.0.0.1", port, antall=20)
            config = oppsett(s, "127.0.0.1", port)
            config.load()
            tjener = uvicorn.Server(config)
            tjener.lifespan = config.lifespan_class(config)
            await tjener.startup(sockets=[sokkel])
            try:
                async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as klient:
                    await oppgave(s, klient)
            finally:
                await tjener.shutdown(sockets=[sokkel])

    asyncio.run(alt())


def test_over_nettverk(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    async def oppgave(s: Sandkasse, klient: httpx2.AsyncClient) -> None:
        metadata = await klient.get("/maskinporten/.well-known/oauth-authorization-server")
        assert metadata.json()["issuer"] == str(klient.base_url.join("/maskinporten/"))
        assert (await klient.get(metadata.json()["jwks_uri"])).json() == s.maskinporten.jwks()
        svar = await klient.get(ssg(PENSJONIST), headers=bearer(s))
        assert svar.json()["personidentifikator"] == PENSJONIST
        assert len(svar.headers.get_list("date")) == 1
        s.forstyrrelser.bestill("*", Art.BRUDD, antall=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            await klient.get(ssg(PENSJONIST), headers=bearer(s))

    with caplog.at_level("INFO", logger="uvicorn"):
        over_nettverk(oppgave)
    ut = capsys.readouterr()
    mine = "".join(r.getMessage() for r in caplog.records if r.name.startswith("uvicorn"))
    assert PENSJONIST not in ut.out + ut.err + mine


def kommandoer() -> list[str]:
    """The shell blocks of the page, each one command."""
    side = _SIDE.read_text(encoding="utf-8")
    return [k.replace("\\\n", " ").strip() for k in re.findall(r"```sh\n(.*?)```", side, flags=re.DOTALL)]


def test_siden_er_fersk() -> None:
    assert _SIDE.read_text(encoding="utf-8") == lag(), (
        "kjør python -m app.sandbox.dokumentasjon docs/sandbox.md"
    )


def test_hver_curl_i_siden_virker() -> None:
    """Each command as printed, in the order printed, against one sandbox."""
    s = ny_sandkasse(antall=1000)
    token = ""
    kjoerte = 0
    for kommando in kommandoer():
        if not (treff := re.search(r"(curl .*?)(?: \| python3 .*)?$", kommando, flags=re.DOTALL)):
            assert kommando.startswith("egenandel sandbox")
            continue
        svar = curl(s, treff[1].replace("$TOKEN", token))
        assert svar.status_code == 200, (kommando, svar.text)
        token = svar.json().get("access_token", token) if "TOKEN=" in kommando else token
        kjoerte += 1
    assert kjoerte > 15


def curl(s: Sandkasse, kommando: str) -> httpx2.Response:
    """What curl would send: GET, or POST when there is data, unless -X says otherwise."""
    ord_ = shlex.split(kommando.removesuffix(")"))
    assert ord_[:2] == ["curl", "-s"]
    metode, data, hoder, url = "", None, {}, ""
    rest = iter(ord_[2:])
    for del_ in rest:
        match del_:
            case "-X":
                metode = next(rest)
            case "-d":
                data = next(rest)
            case "-H":
                navn, _, verdi = next(rest).partition(": ")
                hoder[navn] = verdi
            case _:
                url = del_
    metode = metode or ("POST" if data else "GET")
    return kall(s, lambda klient: klient.request(metode, url, content=data, headers=hoder))


def test_lokal_hjelp() -> None:
    """The helpers the other tests lean on tell right from wrong."""
    s = ny_sandkasse()
    assert hent(s, "/ukjent").status_code == 404
    assert be(s, "POST", "/kontroll/forstyrrelser", {}).status_code == 422
