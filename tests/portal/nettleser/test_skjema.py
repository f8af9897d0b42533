"""The forms in a real browser: rows without a reload, the effect while they are filled in, and nothing for axe to find."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portal.nettleser.side import BRED, SMALEST, TELEFON, Portalside, innlogget
from tests.portal.nettleser.vert import Vert


def _utfylt(side: Page, ident: str, ektefelle: str) -> None:
    side.get_by_label("Fødselsnummer eller d-nummer").first.fill(ident)
    side.get_by_role("button", name="Legg til ektefelle").click()
    side.locator('[name="husstand/0/person/personidentifikator"]').fill(ektefelle)
    side.locator('[name="husstand/0/tenktEtterlattepensjon"]').fill("210 000")
    side.locator('[name="opphold/0/fra"]').fill("2026-02-02")
    side.locator('[name="opphold/0/institusjon"]').select_option("solbakken")


def _ren(portalside: Portalside) -> None:
    assert portalside.axe() == []
    portalside.side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
    assert portalside.flyter()
    portalside.side.set_viewport_size(BRED)  # type: ignore[arg-type]


def _ident(vert: Vert, kallenavn: str) -> str:
    return vert.verden.ident(kallenavn)


@pytest.mark.parametrize(
    ("skript", "hvem"),
    [(True, ("ektepar-beboer", "ektepar-hjemme")), (False, ("svalbard", "gevinst"))],
    ids=["med", "uten"],
)
def test_ny_sak_poster_og_endring(
    nettleseren: Browser, vert: Vert, skript: bool, hvem: tuple[str, str]
) -> None:
    with innlogget(nettleseren, vert, stoerrelse=TELEFON if skript else BRED, skript=skript) as portalside:
        side = portalside.aapne("/saker/ny")
        # Faults first: they stand at their fields, and the focus is on them.
        side.get_by_role("button", name="Hent og beregn").click()
        expect(side.get_by_role("alert")).to_contain_text("Rett dette for å gå videre")
        side.wait_for_load_state()
        if skript:
            assert portalside.axe() == []
        _utfylt(side, *(_ident(vert, en) for en in hvem))
        if skript:
            # What belongs to the other service is not shown.
            expect(side.get_by_role("heading", name="Tjenester hjemme")).to_be_hidden()
            _ren(portalside)
        side.get_by_role("button", name="Hent og beregn").click()
        side.wait_for_url("**/saker/*-*-*-*-*")
        sti = side.url.removeprefix(vert.adresse).partition("?")[0]
        side = portalside.aapne(f"{sti}/poster?aar=2026")
        side.get_by_role("button", name="Før inn et beløp").click()
        side.locator('[name$="oppgitteBeloep/0/beloep"]').fill("1000")
        side.locator('[name$="oppgitteBeloep/0/begrunnelse"]').fill("Årsoppgave")
        if skript:
            # The effect comes by itself while the form is filled in.
            side.locator('[name$="oppgitteBeloep/0/kilde"]').fill("Banken")
            side.locator('[name$="oppgitteBeloep/0/kilde"]').press("Tab")
            expect(side.locator("#virkning")).to_contain_text("Dette blir endret")
            for rad in range(2):
                side.locator(f'[name$="plasseringer/{rad}/som"]').select_option("privatPensjon")
                side.locator(f'[name$="plasseringer/{rad}/begrunnelse"]').fill("Brev fra ordningen")
            side.locator('[name$="plasseringer/1/begrunnelse"]').press("Tab")
            expect(side.locator("#virkning")).to_contain_text("Egenandel for 2026")
            _ren(portalside)
        side.get_by_role("button", name="Lagre og beregn").click()
        side.wait_for_url(re.compile(rf"{sti}{'' if skript else '(/poster)?'}\?aar=2026"))
        side = portalside.aapne(f"{sti}/endre?aar=2026")
        side.locator('[name="opphold/0/til"]').fill("2026-06-30")
        side.get_by_role("button", name="Vis hva som endres").click()
        expect(side.locator("#virkning")).to_contain_text("Dette blir endret")
        if skript:
            _ren(portalside)
        side.get_by_role("button", name="Lagre og beregn").click()
        side.wait_for_url(f"**{sti}?aar=2026")


def test_praktisk_bistand_viser_bare_sitt_eget(nettleseren: Browser, vert: Vert) -> None:
    with innlogget(nettleseren, vert) as portalside:
        side = portalside.aapne("/saker/ny")
        side.get_by_label("Praktisk bistand", exact=True).check()
        expect(side.get_by_role("heading", name="Tjenester hjemme")).to_be_visible()
        expect(side.get_by_role("heading", name="Opphold", exact=True)).to_be_hidden()
        side.get_by_role("button", name="Legg til barn").click()
        side.get_by_role("button", name="Legg til samboer").click()
        side.locator('[name="husstand/1/relasjon"]').select_option("SOESKEN")
        # Refused as soon as it is chosen, with the paragraph.
        expect(side.locator("#husstand-1-svar")).to_contain_text("§ 10 tredje ledd")
        side.get_by_role("button", name="Hent og beregn").click()
        expect(side.get_by_role("alert")).to_contain_text("§ 10 tredje ledd")
        _ren(portalside)


def test_to_knapper_tett_etter_hverandre_mister_ingen_rad(nettleseren: Browser, vert: Vert) -> None:
    """The answer to each is a new form in place of the old, so the second would have been made without the first."""
    with innlogget(nettleseren, vert) as portalside:
        side = portalside.aapne("/saker/ny")
        side.evaluate(
            """async () => {
                const knapp = (navn) => [...document.querySelectorAll("#skjema button")].find((en) => en.textContent === navn);
                knapp("Legg til barn").click();
                await new Promise((videre) => setTimeout(videre, 1));
                knapp("Legg til samboer").click();
            }"""
        )
        barnet = side.locator('[name="husstand/0/relasjon"]')
        expect(barnet).to_have_value("BARN_UNDER_18")
        side.get_by_role("button", name="Legg til samboer").click()
        expect(side.locator('[name="husstand/1/relasjon"]')).to_have_value("SAMBOER")
        expect(barnet).to_have_value("BARN_UNDER_18")
