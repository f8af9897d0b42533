"""Tables and amounts as they stand on a page."""

from decimal import Decimal
from html.parser import HTMLParser

import httpx2

from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk


class _Leser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tabeller: list[list[list[str]]] = []
        self._celle: list[str] | None = None
        self._utenfor = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "table":
                self.tabeller.append([])
            case "tr" if self.tabeller:
                self.tabeller[-1].append([])
            case "th" | "td" if self.tabeller:
                self._celle = []
            case "div" if self._celle is not None:
                self._utenfor += 1
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"} and self._celle is not None:
            self.tabeller[-1][-1].append(" ".join("".join(self._celle).split()))
            self._celle = None
        elif tag == "div" and self._celle is not None:
            self._utenfor -= 1

    def handle_data(self, data: str) -> None:
        if self._celle is not None and not self._utenfor:
            self._celle.append(data)


def tabeller(svar: httpx2.Response) -> list[list[list[str]]]:
    """Every table of a page as rows of cells; what unfolds in a cell is left out."""
    leser = _Leser()
    leser.feed(svar.text)
    return leser.tabeller


def tabell(svar: httpx2.Response, overskrift: str) -> list[list[str]]:
    """The rows below the head of the table whose first column has a name.

    Raises:
        StopIteration: the page has no such table.
    """
    return next(rader[1:] for rader in tabeller(svar) if rader[0][0] == overskrift)


def kr(beloep: Decimal | int | str) -> str:
    """An amount as pages write it, with ordinary spaces."""
    return f"{tall_paa_norsk(Decimal(beloep))} kr".replace(HARDT_MELLOMROM, " ")


def beloep(celle: str) -> str:
    """The amount of a cell that explains itself."""
    return celle.partition(" – ")[0]
