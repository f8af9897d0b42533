"""axe on every page there is, for every role that may see it, in both languages, on a desk and on a phone: nothing is found."""

import re
from collections.abc import Mapping
from typing import Final

import pytest
from playwright.sync_api import Browser
from starlette.routing import compile_path

from app.api.tilgang.ruter import sidenes_rettigheter
from app.main import create_app
from app.services.tilgang import RETTIGHETER, Rolle
from app.settings import Settings
from tests.portal.nettleser.kontoret import Kontoret
from tests.portal.nettleser.sakene import I_SAKEN, Saker
from tests.portal.nettleser.side import BRED, SMALEST, TELEFON, Portalside, innlogget
from tests.portal.nettleser.vert import Vert

PAA_KONTORET: Final = (
    "/",
    "/saker",
    "/saker/ny",
    "/massekjoeringer",
    "/massekjoeringer/hva-om",
    "/massekjoeringer/{kjoering}",
    "/etteroppgjoer",
    "/etteroppgjoer/uten",
    "/avstemminger",
    "/avstemminger/{avstemming}",
    "/drift/arbeid",
    "/oppsett",
    "/oppsett/valg/ny",
    "/oppsett/prisregister/0",
    "/oppsett/institusjoner/0",
    "/oppsett/fil",
    "/oppsett/historikk",
    "/oppsett/historikk/1",
    "/hendelsesregister",
    "/hendelsesregister/tilsyn",
    "/webhooker",
    "/webhooker/ny",
    "/webhooker/{webhook}",
    "/fakturagrunnlag",
    "/fakturagrunnlag/oppsett",
    "/fakturagrunnlag/{faktura}",
)
"""The pages outside a case."""

FOR_ALLE: Final = ("/finnes-ikke", "/logget-ut")
"""Pages nobody needs to be logged in for; those of logging in are tried where one logs in."""

FILER: Final = frozenset(
    {
        "/avstemminger/{avstemming_id}/rapport.{type_}",
        "/fakturagrunnlag/{nr}/fil.{type_}",
        "/massekjoeringer/{kjoering_id}/liste.{type_}",
        "/oppsett/fil.toml",
        "/saker/{sak_id:uuid}/beregninger/{beregning_id:uuid}/utkast",
        "/saker/{sak_id:uuid}/etteroppgjoer/{etteroppgjoer_id:uuid}/brev",
        "/saker/{sak_id:uuid}/vedtak/{vedtak_id:uuid}/brev",
        "/massekjoeringer/{kjoering_id}/framdrift",
    }
)
"""Files, and the part of a page that a mass run asks for while it goes on."""

_RETTIGHETENE: Final = {
    mal: krevd
    for (metode, mal), krevd in sidenes_rettigheter(create_app(Settings())).items()
    if metode == "GET"
}
_MALENE: Final = {mal: compile_path(mal)[0] for mal in _RETTIGHETENE}
_EN_ID: Final = "01900000-0000-7000-8000-000000000000"
_EN_SAK: Final = f"/saker/{_EN_ID}"
_INGEN: Final = Saker(_EN_SAK, _EN_ID, _EN_ID, _EN_ID, _EN_ID, {}, _EN_SAK, _EN_SAK, _EN_SAK)


def _mal(sti: str) -> str:
    """The route of a page: the first that takes its path, as when it is served."""
    return next(mal for mal, regel in _MALENE.items() if regel.match(sti.partition("?")[0]))


def _ser(rolle: Rolle, sti: str) -> bool:
    return sti == "/" or _RETTIGHETENE[_mal(sti)] <= RETTIGHETER[rolle]


def test_hver_side_staar_i_tabellen() -> None:
    saksider = [lag(_INGEN) for lag in I_SAKEN.values()]
    funnet = {_mal(re.sub(r"\{\w+\}", _EN_ID, sti)) for sti in (*PAA_KONTORET, *saksider)}
    assert funnet.isdisjoint(FILER)
    assert funnet | FILER == set(_RETTIGHETENE)


def _bredder(rolle: Rolle | None, spraak: str, sti: str) -> tuple[dict[str, int], ...]:
    """Both; where the leader and the one who calculates see the same page, they take two of the four each."""
    delt = (Rolle.LEDER, Rolle.BEREGNER)
    if rolle in delt and all(_ser(en, sti) for en in delt):
        return (BRED,) if (rolle is Rolle.LEDER) == (spraak == "nb") else (TELEFON,)
    return (BRED, TELEFON)


def _gaa_gjennom(
    leser: Portalside, sidene: Mapping[str, str], rolle: Rolle | None, spraak: str
) -> dict[str, list[str]]:
    """What is wrong with each page, in its widths and at its narrowest."""
    funnet: dict[str, list[str]] = {}
    for navn, sti in sidene.items():
        side = leser.aapne(sti)
        assert side.locator("h1").count() == 1, navn
        brudd = []
        for bredde in _bredder(rolle, spraak, sti):
            side.set_viewport_size(bredde)  # type: ignore[arg-type]
            brudd += leser.axe()
        side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
        if not leser.flyter():
            brudd.append("siden er bredere enn skjermen")
        if brudd:
            funnet[navn] = brudd
    return funnet


@pytest.mark.parametrize("spraak", ["nb", "nn"])
@pytest.mark.parametrize("rolle", list(Rolle), ids=lambda rolle: rolle.value.lower())
def test_axe_finner_ingenting(
    nettleseren: Browser, vert: Vert, sakene: Saker, kontoret: Kontoret, rolle: Rolle, spraak: str
) -> None:
    alle = {
        **{sti: kontoret.fyll(sti) for sti in PAA_KONTORET},
        **{navn: lag(sakene) for navn, lag in I_SAKEN.items()},
    }
    sidene = {navn: sti for navn, sti in alle.items() if _ser(rolle, sti)}
    assert sidene
    with innlogget(nettleseren, vert, rolle, spraak=spraak) as leser:
        assert _gaa_gjennom(leser, sidene, rolle, spraak) == {}


@pytest.mark.parametrize("spraak", ["nb", "nn"])
def test_axe_finner_ingenting_der_alle_kommer(nettleseren: Browser, vert: Vert, spraak: str) -> None:
    with innlogget(nettleseren, vert, None, spraak=spraak) as leser:
        assert _gaa_gjennom(leser, {sti: sti for sti in FOR_ALLE}, None, spraak) == {}


def test_axe_finner_det_som_er_plantet(nettleseren: Browser, vert: Vert) -> None:
    with innlogget(nettleseren, vert) as side:
        side.aapne("/saker")
        side.side.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=\"data:,\">')"
        )
        funnet = side.axe()
        assert {brudd.partition(":")[0] for brudd in funnet} >= {"label", "image-alt"}


def test_det_som_ikke_faar_kjoere_blir_sett(nettleseren: Browser, vert: Vert) -> None:
    def plant() -> None:
        with innlogget(nettleseren, vert) as side:
            side.aapne("/saker")
            side.side.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = '1'; document.body.append(s); }"
            )

    with pytest.raises(AssertionError, match="script-src"):
        plant()
