"""What the rules say, in nynorsk: names, sums, warnings and reasons, which are made and stored in bokmål.

A stored text is never changed. It is shown in nynorsk when every phrase of it has a nynorsk form in the catalogue, and
otherwise as it is, marked as bokmål: half a sentence in each language helps nobody.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from app.calc.beloep import HARDT_MELLOMROM
from app.calc.periode import MAANEDSNAVN
from app.portal.ramme.spraak import MAPPE, Spraak

KATALOG: Final = MAPPE / "fag"

_LUFT: Final = f" {HARDT_MELLOMROM}"
_MELLOMROM: Final = f"[{_LUFT}]"
_MAANED: Final = "|".join(MAANEDSNAVN)
_VERDI: Final = re.compile(
    r"((?:første|andre|tredje|fjerde|femte|sjette) (?:ledd|punktum)"
    rf"|FOR-[\d-]+|§+ ?\d+(?:-\d+)?|\d+\. (?:{_MAANED})(?: \d{{4}})?|\b(?:{_MAANED})\b(?: \d{{4}})?"
    rf"|[+−-]?\d(?:[\d.,/-]|{_MELLOMROM}(?=\d))*(?:{_MELLOMROM}(?:%|G\b|kr\b(?!/)))?|[()]|(?:[+−×/=,:;.–…]+(?=\s|\)|$)))"
)
"""What is the same in both languages: numbers, days, months, operators, paragraphs and regulations."""
_SETNINGSSLUTT: Final = re.compile(r"(?<=[.!?]) ")
_STED: Final = re.compile(r"\{(\w+)\}")
"""Where something is filled in."""
_EGNE_ORD: Final = "begrunnelse"
"""The place of what a caseworker has written."""
_EGNE_TEGN: Final = 12
"""A sentence with less than this of its own would be found in all kinds of texts."""


class Fagtekster:
    """The catalogue: phrases, and sentences with places that something is filled in for."""

    def __init__(self, meldinger: Iterable[tuple[str, str]]) -> None:
        self._fraser: dict[str, str] = {}
        self._maler: list[tuple[re.Pattern[str], str]] = []
        for nb, nn in meldinger:
            self._ta_inn(nb, nn)
            deler = _SETNINGSSLUTT.split(nb), _SETNINGSSLUTT.split(nn)
            if len(deler[0]) > 1 and len(deler[0]) == len(deler[1]):
                for en, annen in zip(*deler, strict=True):
                    if len(_STED.sub("", en)) >= _EGNE_TEGN:
                        self._ta_inn(en, annen)
        # The one with the most words of its own is tried first.
        self._maler.sort(key=lambda en: -len(en[0].pattern))

    def _ta_inn(self, nb: str, nn: str) -> None:
        if "{" in nb:
            deler = _STED.split(nb)  # words, a place, words …
            moenster = "".join(
                f"(?P<{del_}>.+?)" if nr % 2 else re.escape(del_) for nr, del_ in enumerate(deler)
            )
            self._maler.append((re.compile(moenster, re.DOTALL), nn))
        else:
            self._fraser.setdefault(nb, nn)

    def paa_nynorsk(self, tekst: str) -> str | None:
        """The text in nynorsk; ``None`` when some of it has no nynorsk form."""
        hel = self._en(tekst)
        if hel is not None:
            return hel
        setninger = _SETNINGSSLUTT.split(tekst)
        if len(setninger) == 1:
            return None
        nn = [self._en(setning) for setning in setninger]
        return None if None in nn else " ".join(en for en in nn if en is not None)

    def _en(self, tekst: str) -> str | None:
        hel = self._fraser.get(tekst)
        if hel is None:
            hel = self._med_fraser(tekst)
        return self._etter_mal(tekst) if hel is None else hel

    def _med_fraser(self, tekst: str) -> str | None:
        ut = []
        for nr, del_ in enumerate(_VERDI.split(tekst)):
            ord_ = del_.strip(_LUFT)
            if nr % 2 or not ord_:
                ut.append(del_)
                continue
            nn = self._fraser.get(ord_)
            if nn is None:
                return None
            ut.append(del_.replace(ord_, nn))
        return "".join(ut)

    def _etter_mal(self, tekst: str) -> str | None:
        for moenster, nn in self._maler:
            treff = moenster.fullmatch(tekst)
            if treff is not None:
                return nn.format_map(
                    {sted: self._innsatt(sted, verdi) for sted, verdi in treff.groupdict().items()}
                )
        return None

    def _innsatt(self, sted: str, verdi: str) -> str:
        """What is filled in: ours has a nynorsk form, Skatteetaten's has none, and nobody's own words are changed."""
        return verdi if sted == _EGNE_ORD else self.paa_nynorsk(verdi) or verdi


@cache
def fagtekster() -> Fagtekster:
    """What stands in the catalogue."""
    return Fagtekster(meldinger())


def meldinger() -> list[tuple[str, str]]:
    """Every entry of the catalogue: bokmål and nynorsk."""
    svar = []
    for fil in sorted(KATALOG.glob("*.po")):
        with fil.open("rb") as inn:
            svar += [(str(en.id), str(en.string)) for en in read_po(inn, locale="nn") if en.id]
    return svar


def vis_fagtekst(tekst: object, spraak: Spraak) -> Markup:
    """A text of the rules on a page: in the page's language, or marked as bokmål."""
    nb = str(tekst)
    if spraak is Spraak.NB:
        return escape(nb)
    nn = fagtekster().paa_nynorsk(nb)
    return Markup('<span lang="nb">{}</span>').format(nb) if nn is None else escape(nn)
