"""Somebody at the screen who does what a caseworker does."""

import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Final

from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.portal.nettleser.dagen import AAR, BEBOER, HJEMME, Dag
from tests.portal.nettleser.side import Portalside

BELOEP: Final = re.compile(r"\d[\d ]* kr")
_TAALMODIGHET: Final = 120.0
"""Seconds; only so that a test that fails, ends."""
_TELL: Final = "addEventListener('click', (e) => { if (e.isTrusted) window.klikket(); }, true)"


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
        """Follow a link, and wait for the whole page: a click returns when its first bytes have come."""
        self.side.get_by_role("link", name=navn).first.click()
        self.side.wait_for_load_state()

    def knapp(self, navn: str) -> None:
        """Press a button, and wait for the whole page."""
        self.side.get_by_role("button", name=navn).first.click()
        self.side.wait_for_load_state()

    def ny_sak(self) -> str:
        """A couple of whom one moves in; the address of the case."""
        self.lenke("Ny sak")
        self.fyll_ut_sak()
        return self.hent_og_beregn()

    def fyll_ut_sak(self) -> None:
        """The form of a new case."""
        self.felt("person/personidentifikator").fill(self.dag.ident(BEBOER))
        self.felt("person/navn").fill(self.dag.navn(BEBOER))
        self.knapp("Legg til ektefelle")
        self.felt("husstand/0/person/personidentifikator").fill(self.dag.ident(HJEMME))
        self.felt("husstand/0/person/navn").fill(self.dag.navn(HJEMME))
        self.felt("husstand/0/tenktEtterlattepensjon").fill("210 000")
        self.felt("opphold/0/fra").fill(f"{AAR}-01-15")
        self.felt("opphold/0/institusjon").select_option("solbakken")
        self.felt("beregning/aar").select_option(str(AAR))

    def hent_og_beregn(self) -> str:
        """Look up and calculate; the address of the case."""
        self.knapp("Hent og beregn")
        self.side.wait_for_url(re.compile(r"/saker/[0-9a-f-]{36}"))
        return self.side.url.partition("?")[0]

    def plasser(self) -> None:
        """Place every post, and calculate."""
        expect(self.side.get_by_text("Egenandelen er ukjent").first).to_be_visible()
        self.lenke("Plasser postene")
        self.side.wait_for_url(re.compile(r"/poster\?aar="))
        valg = self.side.locator('select[name$="/som"]')
        assert valg.count() > 0, "ingen poster å plassere"
        for nr in range(valg.count()):
            valg.nth(nr).select_option("offentligTjenestepensjon")
            self.felt(f"manuellePoster/plasseringer/{nr}/begrunnelse").fill("Brev fra ordningen")
        self.knapp("Lagre og beregn")
        self.side.wait_for_url(re.compile(rf"/saker/[0-9a-f-]{{36}}\?aar={AAR}"))
        expect(self.side.get_by_text(f"for hele {AAR}").first).to_be_visible()

    def hvorfor(self) -> None:
        """Unfold the first amount: the sum of the same amount, with its paragraph."""
        beloepet = self.side.locator("details.hvorfor > summary").first
        funnet = BELOEP.search(tall(beloepet.inner_text()))
        assert funnet is not None
        beloepet.click()
        if not self.skript:
            self.lenke("Se hvorfor")
        treet = self.side.locator("ul.tre").first
        expect(treet).to_be_visible()
        expect(treet).to_contain_text("§ 3")
        assert funnet[0].removesuffix(" kr") in tall(treet.inner_text())

    def brev(self, navn: str) -> str:
        """The text of a letter."""
        with self.side.expect_download() as lastet:
            self.lenke(navn)
        fil = lastet.value
        assert fil.suggested_filename.endswith(".pdf")
        sider = PdfReader(BytesIO(fil.path().read_bytes())).pages
        return tall(" ".join(side.extract_text() for side in sider))

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


def har_oppgave(side: Page) -> bool:
    return side.locator("li.oppgave").count() > 0


def begges_oppgjoer(side: Page) -> bool:
    """The figures of both are of the year itself."""
    return side.get_by_text(f"Skatteoppgjøret for {AAR}, fra").count() == 2


def tall(tekst: str) -> str:
    """Text with ordinary spaces, every run of them as one."""
    return " ".join(tekst.replace("\u00a0", " ").replace("\u202f", " ").split())
