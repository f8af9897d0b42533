"""Login and logout in a real browser, against the sandbox's providers, with and without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.portal.nettleser.side import BRED, TELEFON, Portalside
from tests.portal.nettleser.tilbydere import Steder, portal_og_tilbydere

begge = pytest.mark.parametrize(
    ("skript", "stoerrelse"), [(True, BRED), (False, TELEFON)], ids=["med skript", "uten skript, telefon"]
)


@pytest.fixture(scope="module")
def steder() -> Iterator[Steder]:
    """The portal and the sandbox on this machine."""
    with portal_og_tilbydere() as begge:
        yield begge


@pytest.fixture
def konteksten(nettleseren: Browser, skript: bool, stoerrelse: Any) -> Iterator[BrowserContext]:
    """A browser nobody has used."""
    kontekst = nettleseren.new_context(viewport=stoerrelse, java_script_enabled=skript, locale="nb-NO")
    yield kontekst
    kontekst.close()


def _logg_inn(side: Page, steder: Steder, tilbyder: str = "Ansattporten") -> None:
    side.goto(f"{steder.adresse}/saker")
    side.get_by_role("link", name=tilbyder).click()
    side.get_by_role("button", name="NØYAKTIG KULERAMME").click()
    if tilbyder == "Ansattporten":
        side.get_by_role("button", name="Fjordvik kommune").click()
    expect(side).to_have_url(f"{steder.adresse}/saker")


def _er_ute(side: Page, steder: Steder) -> None:
    side.goto(f"{steder.adresse}/saker")
    expect(side.get_by_role("heading", name="Logg inn")).to_be_visible()


@begge
@pytest.mark.parametrize("tilbyder", ["Ansattporten", "Fjordvik kommune"])
def test_inn_og_ut_igjen(konteksten: BrowserContext, steder: Steder, tilbyder: str, skript: bool) -> None:
    side = konteksten.new_page()
    sagt: list[str] = []
    side.on("console", lambda melding: sagt.append(melding.text))
    _logg_inn(side, steder, tilbyder)
    expect(side.get_by_role("banner")).to_contain_text(
        "Beregner" if tilbyder == "Ansattporten" else "NØYAKTIG KULERAMME"
    )
    (kapsel,) = [en for en in konteksten.cookies(steder.adresse) if en["name"] == "__Host-egenandel"]
    assert (kapsel["secure"], kapsel["httpOnly"], kapsel["sameSite"], kapsel["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    side.get_by_role("button", name="Logg ut").click()
    if not skript:
        side.get_by_role("button", name="Logg ut også der").click()
    # The provider tells everybody else first, and then sends the browser here.
    expect(side.get_by_role("heading", name="Du er logget ut")).to_be_visible()
    side.wait_for_url(f"{steder.adresse}/logget-ut")
    assert not [en for en in konteksten.cookies(steder.adresse) if en["name"] == "__Host-egenandel"]
    _er_ute(side, steder)
    assert [en for en in sagt if "Content Security Policy" in en] == []


@begge
def test_utlogging_et_annet_sted(konteksten: BrowserContext, steder: Steder) -> None:
    side = konteksten.new_page()
    sagt: list[str] = []
    side.on("console", lambda melding: sagt.append(melding.text))
    _logg_inn(side, steder)
    side.goto(f"{steder.tilbyderen}/oekt")
    side.get_by_role("button", name="Logg ut av alle tjenester").click()
    expect(side.get_by_role("heading", name="Du er logget ut")).to_be_visible()
    side.wait_for_load_state("load")
    (ramme,) = [en for en in side.frames if en != side.main_frame]
    assert ramme.url.startswith(f"{steder.adresse}/logg-ut/fremre?"), "rammen fikk lov til å vises"
    _er_ute(side, steder)
    assert [en for en in sagt if "Content Security Policy" in en or "Refused to" in en] == []


def test_axe_finner_ingenting_paa_veien(nettleseren: Browser, steder: Steder) -> None:
    for stoerrelse in (BRED, TELEFON):
        kontekst = nettleseren.new_context(viewport=stoerrelse, locale="nb-NO")  # type: ignore[arg-type]
        leser = Portalside(kontekst, steder)
        for sti in ("/logg-inn", "/logg-inn/retur", "/logget-ut"):
            leser.aapne(sti)
            assert leser.axe() == [], sti
            assert leser.flyter(), sti
        leser.kontroller()
        kontekst.close()
