"""A caseworker's day in a real browser, from login to the letter of the settlement, as it is clicked."""

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.portal.nettleser.dagen import AAR, BEBOER, HJEMME, Dag, dagen
from tests.portal.nettleser.side import BRED, TELEFON, Portalside, egenskaper

_FLEST_KLIKK: Final = 6
_TAALMODIGHET: Final = 120.0
"""Seconds; only so that a test that fails, ends."""
_TELL: Final = "addEventListener('click', (e) => { if (e.isTrusted) window.klikket(); }, true)"
_BELOEP: Final = re.compile(r"\d[\d ]* kr")


@pytest.fixture
def dag() -> Iterator[Dag]:
    """A day of its own for each test."""
    with dagen() as en:
        yield en


class Saksbehandler:
    """Somebody at the screen, and how often they click."""

    def __init__(self, kontekst: BrowserContext, dag: Dag, *, skript: bool) -> None:
        self.dag = dag
        self.skript = skript
        self.klikk = 0
        kontekst.expose_function("klikket", self._klikket)
        kontekst.add_init_script(_TELL)
        self.portalside = Portalside(kontekst, dag, dag.tilbyderen)
        self.side: Page = self.portalside.side

    def _klikket(self) -> None:
        self.klikk += 1

    def logg_inn(self) -> None:
        """As one who calculates in Fjordvik."""
        self.side.goto(self.dag.adresse)
        self.knapp("NØYAKTIG KULERAMME")
        self.knapp("Fjordvik kommune")
        expect(self.side.get_by_role("heading", level=1)).to_have_text("Oppgaver")

    def lenke(self, navn: str) -> None:
        """Follow a link."""
        self.side.get_by_role("link", name=navn).first.click()

    def knapp(self, navn: str) -> None:
        """Press a button."""
        self.side.get_by_role("button", name=navn).first.click()

    def ny_sak(self) -> str:
        """A couple of whom one moves in; the address of the case."""
        self.lenke("Ny sak")
        self.felt("person/personidentifikator").fill(self.dag.ident(BEBOER))
        self.felt("person/navn").fill("Beboer Prøve")
        self.knapp("Legg til ektefelle")
        self.felt("husstand/0/person/personidentifikator").fill(self.dag.ident(HJEMME))
        self.felt("husstand/0/person/navn").fill("Hjemme Prøve")
        self.felt("husstand/0/tenktEtterlattepensjon").fill("210 000")
        self.felt("opphold/0/fra").fill(f"{AAR}-01-15")
        self.felt("opphold/0/institusjon").select_option("solbakken")
        self.felt("beregning/aar").select_option(str(AAR))
        self.knapp("Hent og beregn")
        self.side.wait_for_url(re.compile(r"/saker/[0-9a-f-]{36}"))
        return self.side.url.partition("?")[0]

    def plasser(self) -> None:
        """Place every post, and calculate."""
        expect(self.side.get_by_text("Egenandelen er ukjent").first).to_be_visible()
        self.lenke("Plasser postene")
        valg = self.side.locator('select[name$="/som"]')
        for nr in range(valg.count()):
            valg.nth(nr).select_option("offentligTjenestepensjon")
            self.felt(f"manuellePoster/plasseringer/{nr}/begrunnelse").fill("Brev fra ordningen")
        self.knapp("Lagre og beregn")
        self.side.wait_for_url(re.compile(rf"/saker/[0-9a-f-]{{36}}\?aar={AAR}"))
        expect(self.side.get_by_text(f"for hele {AAR}").first).to_be_visible()

    def hvorfor(self) -> None:
        """Unfold the first amount: the sum of the same amount, with its paragraph."""
        beloepet = self.side.locator("details.hvorfor > summary").first
        funnet = _BELOEP.search(_tall(beloepet.inner_text()))
        assert funnet is not None
        beloepet.click()
        if not self.skript:
            self.lenke("Se hvorfor")
        treet = self.side.locator("ul.tre").first
        expect(treet).to_be_visible()
        expect(treet).to_contain_text("§ 3")
        assert funnet[0].removesuffix(" kr") in _tall(treet.inner_text())

    def brev(self, navn: str) -> str:
        """The text of a letter."""
        with self.side.expect_download() as lastet:
            self.lenke(navn)
        fil = lastet.value
        assert fil.suggested_filename.endswith(".pdf")
        sider = PdfReader(BytesIO(fil.path().read_bytes())).pages
        return _tall(" ".join(side.extract_text() for side in sider))

    def felt(self, navn: str) -> Locator:
        """A field by its name in the form."""
        return self.side.locator(f'[name="{navn}"]')

    def se_til(self, sti: str, hva: Callable[[Page], bool]) -> None:
        """Look at a page again and again until it shows what is waited for, as one does."""
        frist = time.monotonic() + _TAALMODIGHET
        while time.monotonic() < frist:
            self.portalside.aapne(sti)
            if hva(self.side):
                return
        raise AssertionError(f"{sti} viste det aldri")


def _har_oppgave(side: Page) -> bool:
    return side.locator("li.oppgave").count() > 0


def _begges_oppgjoer(side: Page) -> bool:
    """The figures of both are of the year itself."""
    return side.get_by_text(f"Skatteoppgjøret for {AAR}, fra").count() == 2


def _tall(tekst: str) -> str:
    return " ".join(tekst.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    ("skript", "stoerrelse"),
    [(True, BRED), (True, TELEFON), (False, TELEFON)],
    ids=["skjerm", "telefon", "telefon uten skript"],
)
def test_fra_innlogging_til_etteroppgjoer(
    nettleseren: Browser, dag: Dag, skript: bool, stoerrelse: dict[str, int]
) -> None:
    dag.oppgjoeret_er_ikke_kommet()
    kontekst = nettleseren.new_context(**egenskaper(stoerrelse, skript=skript))
    hun = Saksbehandler(kontekst, dag, skript=skript)
    hun.logg_inn()
    sak = hun.ny_sak()
    hun.plasser()
    hun.hvorfor()
    hun.side.goto(f"{sak}?aar={AAR}")

    # The decision, and its letter with the amount of every month.
    hun.lenke("Fatt vedtak")
    hun.knapp("Fatt vedtak")
    expect(hun.side.get_by_role("heading", level=1)).to_contain_text("Vedtak fra")
    foer = _tall(hun.side.locator("table td.tall").first.inner_text())
    brevet = hun.brev("Hent brevet (PDF)")
    assert foer in brevet
    assert "Beboer Prøve" in brevet

    # The settlement comes by itself, and so does the task.
    dag.oppgjoeret_kommer()
    hun.se_til("/", _har_oppgave)
    hun.side.locator("li.oppgave a").first.click()
    hun.side.wait_for_url(f"{sak}*")
    hun.se_til(f"{sak.removeprefix(dag.adresse)}?aar={AAR}", _begges_oppgjoer)
    hun.plasser()
    hun.side.get_by_role("navigation", name="Sidene i saken").get_by_role("link", name="Etteroppgjør").click()
    hun.lenke(f"Gjør opp {AAR}")
    expect(hun.side.get_by_text("Slik blir det. Ingenting er lagret ennå.")).to_be_visible()
    hun.knapp("Gjør opp")
    expect(hun.side.get_by_role("heading", level=1)).to_have_text(f"Etteroppgjør for {AAR}")
    summen = _BELOEP.search(_tall(hun.side.locator(".stor").inner_text()))
    assert summen is not None
    assert summen[0] in hun.brev("Hent brevet (PDF)")
    if skript:
        hun.portalside.kontroller()
    kontekst.close()


def test_fra_innlogging_til_forklart_beloep_uten_aa_skrive_noe_to_ganger(
    nettleseren: Browser, dag: Dag
) -> None:
    kontekst = nettleseren.new_context(**egenskaper(BRED))
    foer = Saksbehandler(kontekst, dag, skript=True)
    foer.logg_inn()
    foer.ny_sak()
    foer.plasser()
    kontekst.close()

    # Another day: everything from an empty browser, with the number typed once.
    kontekst = nettleseren.new_context(**egenskaper(BRED))
    hun = Saksbehandler(kontekst, dag, skript=True)
    hun.logg_inn()
    hun.felt("soek").fill(dag.ident(BEBOER))
    hun.knapp("Søk")
    hun.side.wait_for_url(re.compile(r"/saker/[0-9a-f-]{36}"))
    if hun.side.locator("details.hvorfor").count() == 0:
        hun.lenke(str(AAR))
    hun.hvorfor()
    assert 0 < hun.klikk <= _FLEST_KLIKK, hun.klikk
    hun.portalside.kontroller()
    kontekst.close()
