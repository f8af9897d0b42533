"""The explanation is the result: every number is a node that holds its reason.

Three kinds of node. ``Faktum`` is something told to us, ``Sats`` is a dated rate with its source,
``Steg`` is a rule carried out. A rule is an ordinary function from numbers to a number under
``@regel``; calling it with nodes computes the number *and* keeps the nodes it came from, so value and
reason cannot drift apart. The text of the formula is made from those same nodes when somebody reads it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from inspect import Parameter, signature
from typing import Final, Literal, NamedTuple

from app.calc.beloep import tall_paa_norsk
from app.calc.hjemmel import Hjemmel
from app.calc.periode import MAANEDSNAVN, dato_paa_norsk

Verdi = Decimal | date
"""What a fact may be: a number or a day. Rules always answer with a number."""


class Enhet(StrEnum):
    """What a node's number counts."""

    KRONER = "kroner"
    KRONER_PER_AAR = "kroner per år"
    KRONER_PER_MAANED = "kroner per måned"
    KRONER_PER_DOEGN = "kroner per døgn"
    KRONER_PER_OPPHOLD = "kroner per opphold"
    KRONER_PER_TIME = "kroner per time"
    PROSENT = "prosent"
    DOEGN = "døgn"
    OPPHOLD = "opphold"
    MAANEDER = "måneder"
    TIMER = "timer"
    G = "G"
    FAKTOR = "faktor"
    DATO = "dato"


_ENDELSER: Final = {
    Enhet.PROSENT: " %",
    **{enhet: f" {enhet}" for enhet in (Enhet.DOEGN, Enhet.OPPHOLD, Enhet.MAANEDER, Enhet.TIMER, Enhet.G)},
}
"""What follows a number inside a formula; units that are not here are kroner and left out."""


def tall_med_enhet(verdi: Verdi, enhet: Enhet) -> str:
    """A value as it stands inside a formula: kroner bare, everything else with its unit."""
    if isinstance(verdi, date):
        return dato_paa_norsk(verdi)
    return tall_paa_norsk(verdi) + _ENDELSER.get(enhet, "")


def sum_i_ord(ledd: Iterable[str]) -> str:
    """Terms of a sum as they are written by hand: ``5 − 2``, not ``5 + −2``; no terms is ``0``."""
    return " + ".join(ledd).replace("+ −", "− ") or "0"


class Faktum(NamedTuple):
    """Something told to us or read from the request; ``kilde`` says where it stands."""

    id: str
    navn: str
    verdi: Verdi
    enhet: Enhet
    kilde: str

    type: Literal["FAKTUM"] = "FAKTUM"
    hjemmel: None = None
    formel: None = None
    barn: "tuple[Node, ...]" = ()

    def __repr__(self) -> str:
        """The id only: a fact may be somebody's income."""
        return f"<Faktum {self.id}>"


class Sats(NamedTuple):
    """A dated rate of the law, with the source that gives it."""

    id: str
    navn: str
    verdi: Decimal
    enhet: Enhet
    hjemmel: str
    gjelder_fra: date
    kilde: str

    type: Literal["SATS"] = "SATS"
    formel: None = None
    barn: "tuple[Node, ...]" = ()

    def __repr__(self) -> str:
        """The id only, like the other nodes."""
        return f"<Sats {self.id}>"


class Steg(NamedTuple):
    """A rule carried out on a day: its answer, and the nodes the answer came from."""

    regel: "Regel"
    verdi: Decimal
    argumenter: "tuple[Node, ...]"
    dato: date
    merke: str = ""
    """Tells apart several uses of one rule in a tree: a period's first day, a month, a person."""
    vedlegg: "tuple[Node, ...]" = ()
    """Nodes that belong to the explanation without being terms of this rule's formula."""

    type: Literal["STEG"] = "STEG"
    kilde: None = None

    def __repr__(self) -> str:
        """The id only: an answer may be somebody's egenandel."""
        return f"<Steg {self.id}>"

    @property
    def id(self) -> str:
        """Rule id, with the mark that tells several uses apart."""
        return f"{self.regel.id}@{self.merke}" if self.merke else self.regel.id

    @property
    def navn(self) -> str:
        """The rule's Norwegian name, with what tells several uses apart."""
        return _med_merke(self.regel.navn, self.merke)

    @property
    def enhet(self) -> Enhet:
        """What the answer counts."""
        return self.regel.enhet

    @property
    def hjemmel(self) -> str:
        """The citation, with the wording in force on the day."""
        return self.regel.hjemmel.paa(self.dato)

    @property
    def formel(self) -> str:
        """The formula in words and numbers."""
        return self.regel.skriv_formel(self)

    @property
    def barn(self) -> "tuple[Node, ...]":
        """What the answer came from."""
        return self.vedlegg + self.argumenter


@lru_cache(maxsize=4096)
def _med_merke(navn: str, merke: str) -> str:
    return navn.format(merke=_merke_paa_norsk(merke))


def _merke_paa_norsk(merke: str) -> str:
    """``2025-03`` -> ``mars 2025``, ``2025-03-01`` -> ``1.3.2025``; anything else as it is."""
    deler = merke.split("-")
    if not all(del_.isdigit() for del_ in deler) or len(deler) not in {2, 3}:
        return merke
    if len(deler) == 2:  # noqa: PLR2004 - year and month
        return f"{MAANEDSNAVN[int(deler[1]) - 1]} {deler[0]}"
    return dato_paa_norsk(date.fromisoformat(merke))


Node = Faktum | Sats | Steg

Formel = str | Callable[[Steg], str]


def som_tall(node: Node) -> Decimal:
    """The number of a node.

    Raises:
        TypeError: the node holds a day.
    """
    if not isinstance(node.verdi, Decimal):
        raise TypeError(f"{node.id} er ikke et tall")
    return node.verdi


def kroner(id_: str, navn: str, verdi: Decimal, kilde: str) -> Faktum:
    """An amount told to us."""
    return Faktum(id_, navn, verdi, Enhet.KRONER, kilde)


def henvisning(steg: Steg) -> Faktum:
    """The same number, explained once elsewhere in the tree."""
    return Faktum(steg.id, steg.navn, steg.verdi, steg.enhet, f"forklart i {steg.id}")


def under(node: Node, sti: str) -> Node:
    """The same tree, read from a larger request: pointers into the smaller one begin with ``sti``."""

    def flytt(faktum: Faktum) -> Faktum:
        id_, navn, verdi, enhet, kilde, *_ = faktum
        return Faktum(id_, navn, verdi, enhet, sti + kilde) if kilde[:1] == "/" else faktum

    return _bygg_om(node, flytt, None, {})


def merket(node: Node, merke: str) -> Node:
    """The same tree with a mark on every step, so that two persons' steps in one tree differ in ``id``."""
    return _bygg_om(node, None, lambda forrige: f"{forrige}, {merke}" if forrige else merke, {})


def _bygg_om(
    node: Node,
    faktum: Callable[[Faktum], Faktum] | None,
    merke: Callable[[str], str] | None,
    ferdige: dict[int, Node],
) -> Node:
    """Build a tree anew; what was one node in many places stays one."""
    ny = ferdige.get(id(node))
    if ny is not None:
        return ny
    if isinstance(node, Steg):
        regel, verdi, argumenter, dato, forrige, vedlegg, *_ = node
        ny = Steg(
            regel,
            verdi,
            tuple([_bygg_om(barn, faktum, merke, ferdige) for barn in argumenter]),
            dato,
            forrige if merke is None else merke(forrige),
            tuple([_bygg_om(barn, faktum, merke, ferdige) for barn in vedlegg]) if vedlegg else vedlegg,
        )
    elif faktum is not None and isinstance(node, Faktum):
        ny = faktum(node)
    else:
        ny = node
    ferdige[id(node)] = ny
    return ny


@dataclass(frozen=True, slots=True)
class Regel:
    """One rule of the regulation: called with nodes it gives a ``Steg``.

    ``gjelder_fra``/``gjelder_til`` bound the dates it applies to; several rules may share an ``id``
    when they are versions of one another.
    """

    id: str
    navn: str
    enhet: Enhet
    hjemmel: Hjemmel
    formel: Formel
    funksjon: Callable[..., Decimal]
    parametre: tuple[str, ...]
    variabel: bool
    gjelder_fra: date
    gjelder_til: date | None
    ogsaa: tuple[Hjemmel, ...] = ()

    def __call__(self, *noder: Node, dato: date, merke: str = "", vedlegg: tuple[Node, ...] = ()) -> Steg:
        """Carry the rule out.

        Raises:
            ValueError: the rule does not apply on ``dato``.
        """
        if dato < self.gjelder_fra or (self.gjelder_til is not None and dato > self.gjelder_til):
            raise ValueError(f"regelen {self.id} gjelder ikke {dato}")
        return Steg(self, self.funksjon(*[node.verdi for node in noder]), noder, dato, merke, vedlegg)

    def skriv_formel(self, steg: Steg) -> str:
        """The formula of one step, with its numbers filled in."""
        if not isinstance(self.formel, str):
            return self.formel(steg)
        tall = [tall_med_enhet(node.verdi, node.enhet) for node in steg.argumenter]
        svar = tall_med_enhet(steg.verdi, self.enhet)
        if self.variabel:
            faste = len(self.parametre) - 1
            ledd = tall[faste:]
            verdier = dict(zip(self.parametre, tall[:faste], strict=False))
            verdier[self.parametre[-1]] = sum_i_ord(ledd)
        else:
            verdier = dict(zip(self.parametre, tall, strict=True))
        return self.formel.format(svar=svar, **verdier)


_REGLER: Final[list[Regel]] = []

FOERSTE_DAG: Final = date(2013, 1, 1)
"""The first day the rates cover; earlier years are refused."""


def regel(
    id: str,
    navn: str,
    enhet: Enhet,
    hjemmel: Hjemmel,
    formel: Formel,
    gjelder_fra: date = FOERSTE_DAG,
    gjelder_til: date | None = None,
    ogsaa: Iterable[Hjemmel] = (),
) -> Callable[[Callable[..., Decimal]], Regel]:
    """Make a function from numbers to a number into a rule.

    Args:
        id: stable for ever; stored with every calculation.
        navn: Norwegian name shown to caseworkers and residents.
        enhet: what the answer counts.
        hjemmel: the place in the regulation the rule carries out.
        formel: text with the function's parameter names in braces and ``{svar}``, or a function of
            the step for formulas that need more than that.
        gjelder_fra: first day the rule applies.
        gjelder_til: last day, or ``None``.
        ogsaa: further ledd the rule carries out.
    """

    def lag(funksjon: Callable[..., Decimal]) -> Regel:
        parametre = signature(funksjon).parameters
        laget = Regel(
            id,
            navn,
            enhet,
            hjemmel,
            formel,
            funksjon,
            tuple(parametre),
            any(p.kind is Parameter.VAR_POSITIONAL for p in parametre.values()),
            gjelder_fra,
            gjelder_til,
            tuple(ogsaa),
        )
        _REGLER.append(laget)
        return laget

    return lag


def alle_regler() -> tuple[Regel, ...]:
    """Every rule that has been loaded, in order of definition."""
    return tuple(_REGLER)
