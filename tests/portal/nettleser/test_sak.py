"""The pages of a case in a real browser: amounts unfold where they stand, everything prints, and axe finds nothing."""

from io import BytesIO

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.portal.nettleser.sakene import Saker
from tests.portal.nettleser.side import SMALEST, TELEFON, innlogget
from tests.portal.nettleser.vert import Vert
from tests.portal.tabeller import kr


def test_et_beloep_foldes_ut_der_det_staar(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert, stoerrelse=TELEFON) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}?aar=2025")
        rad = side.get_by_role("row", name="mai")
        rad.locator("summary").first.click()
        forklart = rad.locator(".forklaring").first
        expect(forklart).to_contain_text("Egenandel i mai 2025")
        expect(forklart).to_contain_text("rundet ned til hele kroner")
        # What it builds on unfolds within it.
        forklart.get_by_text("Hva det er regnet av").click()
        expect(forklart).to_contain_text("Folketrygdens grunnbeløp (G)")
        forklart.get_by_text("Paragrafene med våre ord").first.click()
        expect(forklart).to_contain_text("Inntil 75 prosent av inntekt opp til G")
        assert portalside.axe() == []
        side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
        assert portalside.flyter()


def test_uten_skript_leder_beloepet_til_forklaringen(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert, skript=False) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}?aar=2025")
        rad = side.get_by_role("row", name="mai")
        rad.locator("summary").click()
        rad.get_by_role("link", name="Se hvorfor").click()
        expect(side.get_by_role("heading", level=1)).to_have_text("Hvorfor?")
        expect(side.locator("main")).to_contain_text("rundet ned til hele kroner")


def test_hele_forklaringen_kommer_paa_papir(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}/beregninger/{sakene.ny}/hvorfor")
        papir = PdfReader(BytesIO(side.pdf()))
    skrevet = " ".join(" ".join(ark.extract_text() for ark in papir.pages).split())
    for maaned in sakene.beregning["resultat"]["maaneder"]:
        assert kr(str(maaned["egenandel"])) in skrevet
    assert "Inntil 75 prosent av inntekt opp til G" in skrevet, "paragrafene er foldet ut"
    assert "Massekjøringer" not in skrevet, "menyen skrives ikke ut"
