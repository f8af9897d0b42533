"""A page in the browser, watched: nothing from elsewhere, no error, no breach of what the page may do."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from app.portal.ramme.statisk import PAKKER
from app.services.tilgang import Rolle
from tests.portal.nettleser.vert import Vert

BRED: Final = {"width": 1280, "height": 900}
TELEFON: Final = {"width": 360, "height": 740}
SMALEST: Final = {"width": 320, "height": 640}
_AXE: Final = PAKKER / "axe-core/axe.min.js"
_AXE_NORSK: Final = PAKKER / "axe-core/locales/nb.json"
_REGLER: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_MANGLER: Final = (
    "Nettleseren mangler: installer Debian-pakken chromium, eller sett EGENANDEL_CHROMIUM til programmet."
)
_LYTT: Final = """
window.__brudd = [];
document.addEventListener("securitypolicyviolation", (e) => window.__brudd.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


def chromium() -> str:
    """The browser's program.

    Raises:
        pytest.fail.Exception: there is none, and nothing is skipped in its place.
    """
    funnet = (
        os.environ.get("EGENANDEL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if funnet is None:
        pytest.fail(_MANGLER)
    return funnet


class Sted(Protocol):
    """Where the portal is served."""

    @property
    def adresse(self) -> str:
        """Without a trailing slash."""


def axe(side: Page) -> list[str]:
    """What axe finds on a page as it stands now: rule, and where."""
    side.evaluate(_AXE.read_text("utf-8"))
    side.evaluate("norsk => axe.configure({locale: norsk})", json.loads(_AXE_NORSK.read_text("utf-8")))
    funnet: dict[str, Any] = side.evaluate(
        "regler => axe.run(document, {runOnly: {type: 'tag', values: regler}, resultTypes: ['violations']})",
        list(_REGLER),
    )
    return [
        f"{brudd['id']}: {brudd['help']} ({', '.join(str(node['target'][0]) for node in brudd['nodes'][:5])})"
        for brudd in funnet["violations"]
    ]


class Portalside:
    """One tab, and what was seen while it was used.

    Attributes:
        side: the page itself.
        funn: everything that should not have happened.
    """

    VALG: ClassVar = (
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )

    def __init__(self, kontekst: BrowserContext, vert: Sted, *andre: str) -> None:
        """Open it; ``andre`` are other places it may ask, such as where one logs in."""
        self.vert = vert
        self.funn: list[str] = []
        self._egne = (vert.adresse, *andre)
        self.side: Page = kontekst.new_page()
        self.side.add_init_script(_LYTT)
        self.side.on("request", self._spurt)
        self.side.on("console", self._sagt)
        self.side.on("pageerror", lambda feil: self.funn.append(f"feil i skript: {feil.name}"))

    def aapne(self, sti: str) -> Page:
        """Go to a page of ours."""
        self.side.goto(self.vert.adresse + sti)
        return self.side

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands now: rule, and where."""
        return axe(self.side)

    def kontroller(self) -> None:
        """Nothing has happened that should not.

        Raises:
            AssertionError: something has.
        """
        brudd: list[str] = self.side.evaluate("window.__brudd ?? []")
        if alt := [*self.funn, *brudd]:
            raise AssertionError("; ".join(alt))

    def flyter(self) -> bool:
        """Whether the page fits its width: only what is made for it scrolls sideways."""
        return bool(
            self.side.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        )

    def _spurt(self, forespoersel: Request) -> None:
        if not forespoersel.url.startswith((*self._egne, "data:")):
            self.funn.append(f"spurte et annet sted: {forespoersel.url.split('?')[0]}")

    def _sagt(self, melding: ConsoleMessage) -> None:
        # A page that answers with an error status is noted by the browser itself; that is no fault of the page.
        if melding.type == "error" and "Failed to load resource" not in melding.text:
            self.funn.append(f"konsollen: {melding.text[:200]}")


def egenskaper(stoerrelse: dict[str, int], *, skript: bool = True, spraak: str = "nb") -> dict[str, Any]:
    """How a browser is set up: its size, its language, and whether it runs scripts."""
    return {
        "viewport": stoerrelse,
        "java_script_enabled": skript,
        "locale": f"{spraak}-NO",
        "reduced_motion": "reduce",
    }


@contextmanager
def innlogget(
    nettleser: Browser,
    vert: Vert,
    rolle: Rolle | None = Rolle.BEREGNER,
    *,
    stoerrelse: dict[str, int] | None = None,
    skript: bool = True,
    spraak: str = "nb",
) -> Iterator[Portalside]:
    """A tab of somebody who is logged in; what should not have happened is a failure at the end."""
    kontekst = nettleser.new_context(**egenskaper(stoerrelse or BRED, skript=skript, spraak=spraak))
    if rolle is not None:
        kontekst.add_cookies([vert.kapsel(rolle)])  # type: ignore[list-item]
    try:
        portalside = Portalside(kontekst, vert)
        yield portalside
        if skript:
            portalside.kontroller()
    finally:
        kontekst.close()
