"""What a browser sends of a form on a page."""

from html.parser import HTMLParser

import httpx2

from tests.portal.verden import tekst


class Feltene(HTMLParser):
    """What a browser sends when a form's button is pressed: every field as it stands on the page."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.felt: dict[str, str] = {}
        self._inne = self._i_valg = False
        self._navn = ""
        self.feed(side)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        en = dict(attrs)
        if tag == "form":
            self._inne = en.get("id") == "skjema"
        if not self._inne:
            return
        navn = en.get("name") or ""
        if tag == "input" and (en.get("type") not in {"checkbox", "radio"} or "checked" in en):
            self.felt[navn] = en.get("value") or ""
        elif tag == "select":
            self._navn = navn
        elif tag == "option" and (self._navn not in self.felt or "selected" in en):
            self.felt[self._navn] = en.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inne = False


def feltene(svar: httpx2.Response) -> dict[str, str]:
    """The fields of the page's form, without its token."""
    assert svar.status_code == 200, tekst(svar)
    return {navn: verdi for navn, verdi in Feltene(svar.text).felt.items() if navn != "csrf"}
