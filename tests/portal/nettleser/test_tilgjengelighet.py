"""axe on every page, for every role, in both languages, on a desk and on a phone: nothing is found."""

from dataclasses import dataclass
from itertools import product
from typing import Final

import pytest
from playwright.sync_api import Browser

from app.services.tilgang import Rolle
from tests.portal.nettleser.side import BRED, SMALEST, TELEFON, innlogget
from tests.portal.nettleser.vert import Vert


@dataclass(frozen=True, slots=True)
class Sidetilfelle:
    """A page as somebody sees it."""

    sti: str
    rolle: Rolle | None = Rolle.BEREGNER


SIDER: Final = (
    Sidetilfelle("/"),
    Sidetilfelle("/", Rolle.REVISOR),
    Sidetilfelle("/saker"),
    Sidetilfelle("/saker/ny"),
    Sidetilfelle("/finnes-ikke", None),
    Sidetilfelle("/saker", Rolle.REVISOR),
    Sidetilfelle("/massekjoeringer", Rolle.LEDER),
    Sidetilfelle("/webhooker", Rolle.LEDER),
    Sidetilfelle("/webhooker/ny", Rolle.LEDER),
    Sidetilfelle("/hendelsesregister", Rolle.REVISOR),
    Sidetilfelle("/oppsett", Rolle.LEDER),
    Sidetilfelle("/oppsett/valg/ny", Rolle.LEDER),
    Sidetilfelle("/oppsett/prisregister/0", Rolle.LEDER),
    Sidetilfelle("/oppsett/institusjoner/0"),
    Sidetilfelle("/oppsett/fil", Rolle.LEDER),
    Sidetilfelle("/oppsett/historikk/1"),
    Sidetilfelle("/avstemminger", Rolle.REVISOR),
    Sidetilfelle("/drift/arbeid", Rolle.DRIFT),
    Sidetilfelle("/etteroppgjoer"),
    Sidetilfelle("/etteroppgjoer/uten"),
    Sidetilfelle("/massekjoeringer/hva-om", Rolle.LEDER),
)


@pytest.mark.parametrize("tilfelle", SIDER, ids=lambda t: f"{t.sti} {t.rolle}")
def test_axe_finner_ingenting(nettleseren: Browser, vert: Vert, tilfelle: Sidetilfelle) -> None:
    for spraak, stoerrelse in product(("nb", "nn"), (BRED, TELEFON)):
        with innlogget(nettleseren, vert, tilfelle.rolle, stoerrelse=stoerrelse, spraak=spraak) as side:
            side.aapne(tilfelle.sti)
            assert side.axe() == [], (spraak, stoerrelse)
            side.side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
            assert side.flyter(), spraak


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
