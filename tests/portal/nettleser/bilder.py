"""The pictures of the portal that README and the documentation show, taken as the pages are used.

Run as ``python -m tests.portal.nettleser.bilder``. Everybody in them is made up.
"""

import json
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from playwright.sync_api import Browser, expect, sync_playwright

from app.services.brev import trykk
from app.services.brev.rad import Dok
from tests.portal.nettleser.dagen import AAR, Dag, dagen
from tests.portal.nettleser.saksbehandler import Saksbehandler, begges_oppgjoer, har_oppgave
from tests.portal.nettleser.side import BRED, TELEFON, Portalside, chromium, egenskaper

MAPPE: Final = Path(__file__).parents[3] / "docs/bilder"
STOERST: Final = 200_000
"""Bytes of a picture: what is worth carrying in the repository."""
_PUNKTER_PER_TOMME: Final = 80


def main() -> None:
    """Take them all."""
    MAPPE.mkdir(exist_ok=True)
    brevene: list[Dok] = []

    def husk(dokument: Dok) -> bytes:
        brevene.append(dokument)
        return ekte(dokument)

    ekte = trykk.trykk_naa
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=list(Portalside.VALG)) as nettleser,
        patch.object(trykk, "trykk_naa", husk),
        dagen() as dag,
    ):
        _dagen(nettleser, dag)
    _brevet(brevene[0])
    for bilde in sorted(MAPPE.glob("*.png")):
        stoerrelse = bilde.stat().st_size
        print(f"{bilde.name}: {stoerrelse // 1000} kB")
        if stoerrelse > STOERST:
            raise SystemExit(f"{bilde.name} er for stort")


def _dagen(nettleser: Browser, dag: Dag) -> None:
    dag.oppgjoeret_er_ikke_kommet()
    kontekst = nettleser.new_context(**egenskaper(BRED))
    hun = Saksbehandler(kontekst, dag, skript=True)
    hun.logg_inn()
    hun.lenke("Ny sak")
    hun.fyll_ut_sak()
    _ta(hun, "skjemaet")
    sak = hun.hent_og_beregn()
    hun.plasser()
    hun.hvorfor()
    _ta(hun, "saken")
    hun.portalside.aapne(f"{sak.removeprefix(dag.adresse)}?aar={AAR}")
    hun.lenke("Fatt vedtak")
    hun.knapp("Fatt vedtak")
    expect(hun.side.get_by_role("heading", level=1)).to_contain_text("Vedtak fra")
    hun.brev("Hent brevet (PDF)")
    dag.oppgjoeret_kommer()
    hun.se_til(f"{sak.removeprefix(dag.adresse)}?aar={AAR}", begges_oppgjoer)
    hun.se_til("/", har_oppgave)
    _ta(hun, "oppgaver")
    hun.portalside.aapne(f"{sak.removeprefix(dag.adresse)}?aar={AAR}")
    hun.plasser()
    hun.side.set_viewport_size(TELEFON)  # type: ignore[arg-type]
    _ta(hun, "telefon", fra="#resultat")
    kontekst.close()


def _ta(hun: Saksbehandler, navn: str, *, fra: str = "body") -> None:
    """What is on the screen when the page is read from somewhere."""
    hun.side.mouse.move(0, 0)
    hun.side.evaluate("document.activeElement?.blur()")
    hun.side.locator(fra).evaluate("en => en.scrollIntoView()")
    hun.side.screenshot(path=MAPPE / f"{navn}.png", animations="disabled")


def _brevet(dokument: Dok) -> None:
    """The first page of a letter, by the typesetter that made it."""
    sider: Any = trykk._setter().compile(
        format="png", ppi=_PUNKTER_PER_TOMME, sys_inputs={"data": json.dumps(dokument, ensure_ascii=False)}
    )
    foerste = sider[0] if isinstance(sider, list) else sider
    (MAPPE / "brev.png").write_bytes(foerste)


if __name__ == "__main__":
    main()
