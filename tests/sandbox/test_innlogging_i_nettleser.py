"""The login providers' pages in a real browser, with and without JavaScript, with axe, on a desk and on a phone."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.cli.demo.tjenere import VERT, i_gang, lytt, rot
from app.sandbox.innlogging.register import Klient as Registrert
from app.sandbox.kjoering import lag_sandkasse, oppsett
from app.sandbox.sandkasse import Sandkasse
from app.sandbox.standard import PORTALKLIENT
from tests.portal.nettleser.side import BRED, TELEFON, Portalside, axe, chromium
from tests.sandbox.nettleser import NONCE, STATE, VERIFIKATOR, Klient, utfordring
from tests.sandbox.stoette import KID, noekkel

ANNEN = "annen-tjeneste"


@dataclass
class Tjeneste:
    """A service somebody logs in to: it only remembers what it was asked for."""

    spurt: list[tuple[str, str]] = field(default_factory=list)
    """Path with query, and what the browser says it wanted it for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer anything with a page."""
        request = Request(scope)
        self.spurt.append((request.url.path, request.headers.get("sec-fetch-dest", "")))
        await HTMLResponse("<!DOCTYPE html><title>Tjenesten</title>")(scope, receive, send)


@dataclass
class Oppstilling:
    """A sandbox and two services on this machine."""

    s: Sandkasse
    portal: str
    portalen: Tjeneste
    andre: Tjeneste

    def inngang(self, klient_id: str = PORTALKLIENT) -> str:
        """Where a login begins, without representation."""
        klient = self.s.ansattporten.register.klienter[klient_id]
        felt = {
            "client_id": klient_id,
            "redirect_uri": next(iter(klient.retur)),
            "response_type": "code",
            "scope": "openid",
            "state": STATE,
            "nonce": NONCE,
            "code_challenge": utfordring(),
            "code_challenge_method": "S256",
        }
        return f"{self.s.ansattporten.utforming.metadata()['authorization_endpoint']}?{urlencode(felt)}"

    @property
    def utsteder(self) -> str:
        return self.s.ansattporten.utforming.utsteder


@pytest.fixture(scope="module")
def oppstilling() -> Iterator[Oppstilling]:
    portalen, andre = Tjeneste(), Tjeneste()
    with ExitStack() as stabel:
        sokler = [lytt(0) for _ in range(3)]
        sandkassen, portal, annen = (rot(sokkel) for sokkel in sokler)
        s = lag_sandkasse(VERT, urlsplit(sandkassen).port or 0, portal=portal, antall=0)
        s.ansattporten.registrer_noekkel(PORTALKLIENT, noekkel(), kid=KID)
        s.ansattporten.register.klienter[ANNEN] = Registrert(
            ANNEN, "Annen tjeneste", frozenset({f"{annen}/retur"}), fremre=f"{annen}/ut"
        )
        programmer: list[ASGIApp] = [portalen, andre]
        oppsettene = [
            oppsett(s, VERT, 0),
            *(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off") for app in programmer),
        ]
        for valg, sokkel in zip(oppsettene, sokler, strict=True):
            stabel.enter_context(i_gang(uvicorn.Server(valg), sokkel))
        yield Oppstilling(s, portal, portalen, andre)


@pytest.fixture
def nettleseren() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        nettleser = playwright.chromium.launch(executable_path=chromium(), args=list(Portalside.VALG))
        yield nettleser
        nettleser.close()


@contextmanager
def fane(nettleser: Browser, *, skript: bool = True, smal: bool = False) -> Iterator[Page]:
    """A tab in which nothing is said in the console."""
    stoerrelse = TELEFON if smal else BRED
    kontekst = nettleser.new_context(viewport=stoerrelse, java_script_enabled=skript)  # type: ignore[arg-type]
    side = kontekst.new_page()
    sagt: list[str] = []
    side.on("console", lambda melding: sagt.append(melding.text) if melding.type == "error" else None)
    try:
        yield side
        assert not [tekst for tekst in sagt if "Failed to load resource" not in tekst], sagt
    finally:
        kontekst.close()


def uten_funn(side: Page) -> None:
    assert axe(side) == []
    assert side.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("smal", [False, True], ids=["bred", "telefon"])
def test_axe_finner_ingenting(nettleseren: Browser, oppstilling: Oppstilling, smal: bool) -> None:
    with fane(nettleseren, smal=smal) as side:
        side.goto(oppstilling.inngang())
        uten_funn(side)
        assert side.locator("html").get_attribute("lang") == "nb"
        side.goto(f"{oppstilling.inngang()}&acr_values=idporten-loa-high")
        side.click("button[value=bare-betydelig]")
        assert side.locator("[role=alert]").is_visible()
        uten_funn(side)
        side.click("button[value=fjordvik-leder]")
        for sti in ("/oekt", "/endsession", "/authorize?client_id=ukjent"):
            side.goto(f"{oppstilling.utsteder}{sti}")
            uten_funn(side)
        side.goto(f"{oppstilling.utsteder}/oekt")
        side.get_by_role("button", name="Logg ut").click()
        uten_funn(side)


@pytest.mark.parametrize("skript", [True, False], ids=["med skript", "uten skript"])
def test_logger_inn_med_ett_trykk_og_kommer_tilbake_til_tjenesten(
    nettleseren: Browser, oppstilling: Oppstilling, skript: bool
) -> None:
    with fane(nettleseren, skript=skript) as side:
        side.goto(oppstilling.inngang())
        side.get_by_role("button", name="Beregner i Lia").click()
        side.wait_for_url(f"{oppstilling.portal}/logg-inn/retur?*")
        assert parse_qs(urlsplit(side.url).query).keys() == {"code", "state", "iss"}


@pytest.mark.parametrize("skript", [True, False], ids=["med skript", "uten skript"])
def test_utlogging_aapner_en_ramme_for_hver_tjeneste_og_gaar_videre(
    nettleseren: Browser, oppstilling: Oppstilling, skript: bool
) -> None:
    """The frames are fetched before the browser goes on, and policy and refresh do what they say."""
    with fane(nettleseren, skript=skript) as side:
        side.goto(oppstilling.inngang())
        side.click("button[value=fjordvik-beregner]")
        side.wait_for_url(f"{oppstilling.portal}/**")
        kode = parse_qs(urlsplit(side.url).query)["code"][0]
        side.goto(oppstilling.inngang(ANNEN))  # single sign-on: nobody is asked
        for tjeneste in (oppstilling.portalen, oppstilling.andre):
            tjeneste.spurt.clear()
        hint = loes_inn(oppstilling, side, kode)
        felt = {"id_token_hint": hint, "post_logout_redirect_uri": f"{oppstilling.portal}/logget-ut"}
        side.goto(f"{oppstilling.utsteder}/endsession?{urlencode(felt)}")
        side.wait_for_url(f"{oppstilling.portal}/logget-ut")
    assert [s for s in oppstilling.portalen.spurt if s[0] != "/favicon.ico"] == [
        ("/logg-ut/fremre", "iframe"),
        ("/logget-ut", "document"),
    ]
    assert ("/ut", "iframe") in oppstilling.andre.spurt
    assert not [o for o in oppstilling.s.ansattporten.oekter() if o.ansatt.kallenavn == "fjordvik-beregner"]


def loes_inn(oppstilling: Oppstilling, side: Page, kode: str) -> str:
    """The id_token of a code."""
    klient = Klient()
    svar = side.request.post(
        klient.sti(oppstilling.s, "token_endpoint"),
        form={
            "grant_type": "authorization_code",
            "code": kode,
            "redirect_uri": f"{oppstilling.portal}/logg-inn/retur",
            "code_verifier": VERIFIKATOR,
            **klient.bevisfelt(oppstilling.s),
        },
    )
    token: str = svar.json()["id_token"]
    return token


def test_velgeren_kan_ikke_rammes_inn(nettleseren: Browser, oppstilling: Oppstilling) -> None:
    """No page of another service can lay itself over the picker."""

    def ramm_inn() -> None:
        with fane(nettleseren) as side:
            side.goto(f"{oppstilling.portal}/fremmed")
            side.evaluate(
                "src => new Promise(ferdig => { const r = document.createElement('iframe'); r.onload = ferdig;"
                " r.src = src; document.body.append(r); })",
                oppstilling.inngang(),
            )

    with pytest.raises(AssertionError, match="frame-ancestors"):
        ramm_inn()
