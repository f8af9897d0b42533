"""An explanation tree as the pages show it: found by address, told node by node, with every reference resolved.

An address is a place (``0-3-1``: the children's numbers from the root), the id of a step (``par_3.maaned@2026-05``), or
a field of the request with points for slashes (``felt:inntekter.renteinntekt``). None of them says anything of a person.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.calc.beloep import HARDT_MELLOMROM, tall_paa_norsk
from app.calc.hjemmel import Ledd, alle_ledd
from app.calc.periode import dato_paa_norsk

Raanode = Mapping[str, Any]

FELT: Final = "felt:"
_PLASS: Final = re.compile(r"\d{1,4}(?:-\d{1,4}){0,60}")
_HENVISNING: Final = "forklart i "
_HJEMMEL: Final = re.compile(
    r"^(§ (\d+)(?: (\w+) ledd)?.*?)(?: \((FOR-[0-9-]+) som den lød fra ([0-9-]+)(?:, endret ved (FOR-[0-9-]+))?\))?$"
)
_LENKE: Final = re.compile(r"^(.*?),? (https://\S+)$")
_LEDD: Final = ("", "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende")
_FAST: Final = {"kroner": "kr", "prosent": "%"}


class UkjentNodeError(LookupError):
    """The tree has no such node."""


@dataclass(frozen=True, slots=True)
class Hjemmelvisning:
    """A place in the law.

    Attributes:
        tekst: as it is spoken: ``§ 3 andre ledd første punktum``.
        paragraf: the paragraph, when it is of the regulation.
        ledd: its ledd.
        forskrift: the regulation's id.
        fra: the first day of the wording.
        endret_ved: the act that gave the wording.
        med_egne_ord: what the ledd demands, in our words.
    """

    tekst: str
    paragraf: int | None = None
    ledd: int | None = None
    forskrift: str | None = None
    fra: date | None = None
    endret_ved: str | None = None
    med_egne_ord: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One node, ready to be shown. ``repr`` tells no number.

    Attributes:
        plass: its address by place; empty for the root.
        id: the step's or fact's own name.
        type: FAKTUM, SATS or STEG.
        navn: what it is called.
        verdi: its number with the unit.
        formel: the sum; ``None`` when it says no more than the number.
        hjemmel: the place in the law.
        kilde: where a fact or a rate comes from, in words.
        felt: the field of the request a fact stands in.
        lenke: where the source can be read.
        forklart: the place of the node that explains this number.
        barn: what it came from.
    """

    plass: str
    id: str
    type: str
    navn: str = field(repr=False)
    verdi: str = field(repr=False)
    formel: str | None = field(repr=False)
    hjemmel: Hjemmelvisning | None
    kilde: str | None = field(repr=False)
    felt: str | None
    lenke: str | None
    forklart: str | None
    barn: "tuple[Node, ...]"

    @property
    def adresse(self) -> str:
        """What a page asks for it by."""
        return self.plass or "rot"


class Tre:
    """A stored tree."""

    def __init__(self, rot: Raanode) -> None:
        self._rot = rot
        self._etter_id: dict[str, str] = {}
        for plass, node in _alle(rot, ""):
            # A reference has the id of what it refers to; it is never what is looked for.
            if not str(node["kilde"] or "").startswith(_HENVISNING):
                self._etter_id.setdefault(node["id"], plass)

    def finn(self, adresse: str) -> Node:
        """The node with an address, with everything below it.

        Raises:
            UkjentNodeError: there is none.
        """
        plass = self._plass(adresse)
        raa = self._rot
        for nr in (int(del_) for del_ in plass.split("-") if del_):
            if nr >= len(raa["barn"]):
                raise UkjentNodeError
            raa = raa["barn"][nr]
        return self._les(raa, plass)

    def vei(self, plass: str) -> tuple[tuple[str, str], ...]:
        """The nodes from the root down to a place, that one not included: place and name."""
        svar, raa, her = [], self._rot, ""
        for del_ in plass.split("-") if plass else ():
            svar.append((her or "rot", str(raa["navn"])))
            raa, her = raa["barn"][int(del_)], _under(her, int(del_))
        return tuple(svar)

    def _plass(self, adresse: str) -> str:
        if adresse == "rot":
            return ""
        if adresse.startswith(FELT):
            peker = "/" + adresse.removeprefix(FELT).replace(".", "/")
            treff = (plass for plass, node in _alle(self._rot, "") if node["kilde"] == peker)
            plass = next(treff, None)
        elif _PLASS.fullmatch(adresse):
            return adresse
        else:
            plass = self._etter_id.get(adresse)
        if plass is None:
            raise UkjentNodeError
        return plass

    def _les(self, raa: Raanode, plass: str) -> Node:
        kilde = None if raa["kilde"] is None else str(raa["kilde"])
        lenke = None if kilde is None else _LENKE.fullmatch(kilde)
        henviser = kilde is not None and kilde.startswith(_HENVISNING)
        er_felt = kilde is not None and kilde.startswith("/")
        return Node(
            plass=plass,
            id=str(raa["id"]),
            type=str(raa["type"]),
            navn=str(raa["navn"]),
            verdi=verditekst(raa["verdi"], str(raa["enhet"])),
            formel=_formel(raa),
            hjemmel=None if raa["hjemmel"] is None else hjemmelvisning(str(raa["hjemmel"])),
            kilde=None if henviser or er_felt else (lenke[1] if lenke is not None else kilde),
            felt=kilde if er_felt else None,
            lenke=None if lenke is None else lenke[2],
            forklart=self._etter_id.get(str(raa["id"])) if henviser else None,
            barn=tuple(self._les(barn, _under(plass, nr)) for nr, barn in enumerate(raa["barn"])),
        )


def _under(plass: str, nr: int) -> str:
    return f"{plass}-{nr}" if plass else str(nr)


def _alle(raa: Raanode, plass: str) -> Iterator[tuple[str, Raanode]]:
    yield plass, raa
    for nr, barn in enumerate(raa["barn"]):
        yield from _alle(barn, _under(plass, nr))


def noder(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield node
    for barn in node.barn:
        yield from noder(barn)


def hjemler(node: Node) -> tuple[Hjemmelvisning, ...]:
    """The ledd of the regulation that the steps below a node carry out, each once, in the order of the regulation."""
    unike: dict[tuple[int, int], Hjemmelvisning] = {}
    for en in noder(node):
        hjemmel = en.hjemmel
        if hjemmel is not None and hjemmel.med_egne_ord is not None:
            unike.setdefault((hjemmel.paragraf or 0, hjemmel.ledd or 0), hjemmel)
    return tuple(hjemmel for _, hjemmel in sorted(unike.items(), key=lambda par: par[0]))


def feltadresse(felt: str) -> str:
    """The address of a field of the request."""
    return FELT + felt.strip("/").replace("/", ".")


def verditekst(verdi: Any, enhet: str) -> str:
    """A number with its unit, as ``38 655 kr`` or ``205 kr per døgn``."""
    if enhet == "dato":
        return dato_paa_norsk(date.fromisoformat(str(verdi)))
    tall = tall_paa_norsk(verdi) if isinstance(verdi, (Decimal, int)) else str(verdi)
    if enhet == "faktor":
        return tall
    slag, _, rest = enhet.partition(" ")
    enheten = f"{_FAST.get(slag, slag)} {rest}".strip()
    return f"{tall}{HARDT_MELLOMROM}{enheten}"


def hjemmelvisning(hjemmel: str) -> Hjemmelvisning:
    """A citation taken apart, with what the ledd demands."""
    treff = _HJEMMEL.fullmatch(hjemmel)
    if treff is None:
        return Hjemmelvisning(hjemmel)
    tekst, paragraf, ledd, forskrift, fra, endret_ved = treff.groups()
    nr = _LEDD.index(ledd) if ledd in _LEDD else 1
    kjent = _ledd(int(paragraf), nr)
    return Hjemmelvisning(
        tekst=tekst,
        paragraf=int(paragraf),
        ledd=nr,
        forskrift=forskrift,
        fra=None if fra is None else date.fromisoformat(fra),
        endret_ved=endret_ved,
        med_egne_ord=None if kjent is None else kjent.krav,
    )


def _ledd(paragraf: int, ledd: int) -> Ledd | None:
    alle: Sequence[Ledd] = alle_ledd()
    return next((ett for ett in alle if (ett.paragraf, ett.ledd) == (paragraf, ledd)), None)


def _formel(raa: Raanode) -> str | None:
    """The sum, unless it is a sum of one term, which says nothing the number does not."""
    if raa["type"] != "STEG" or raa["formel"] is None:
        return None
    formel = str(raa["formel"])
    utregning, _, svar = formel.rpartition(" = ")
    return None if utregning == svar else formel
