"""A caseworker's day in a real browser, from login to the letter of the settlement, as it is clicked."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.nettleser.dagen import AAR, BEBOER, Dag, dagen
from tests.portal.nettleser.saksbehandler import (
    BELOEP,
    Saksbehandler,
    begges_oppgjoer,
    har_oppgave,
    tall,
)
from tests.portal.nettleser.side import BRED, TELEFON, egenskaper

_FLEST_KLIKK: Final = 6


@pytest.fixture
def dag() -> Iterator[Dag]:
    """A day of its own for each test."""
    with dagen() as en:
        yield en


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
    foer = BELOEP.search(tall(hun.side.locator("table td.tall").first.inner_text()))
    assert foer is not None
    brevet = hun.brev("Hent brevet (PDF)")
    assert foer[0] in brevet
    assert dag.navn(BEBOER) in brevet

    # The settlement comes by itself, and so does the task.
    dag.oppgjoeret_kommer()
    hun.se_til("/", har_oppgave)
    hun.side.locator("li.oppgave a").first.click()
    hun.side.wait_for_url(f"{sak}*")
    hun.se_til(f"{sak.removeprefix(dag.adresse)}?aar={AAR}", begges_oppgjoer)
    hun.plasser()
    hun.side.get_by_role("navigation", name="Sidene i saken").get_by_role("link", name="Etteroppgjør").click()
    hun.lenke(f"Gjør opp {AAR}")
    expect(hun.side.get_by_text("Slik blir det. Ingenting er lagret ennå.")).to_be_visible()
    hun.knapp("Gjør opp")
    expect(hun.side.get_by_role("heading", level=1)).to_have_text(f"Etteroppgjør for {AAR}")
    summen = BELOEP.search(tall(hun.side.locator(".stor").inner_text()))
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
