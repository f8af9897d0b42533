"""One line of a worked sum: what it is, how much, and the paragraph."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.services.brev.tall import hjemmel, kroner, paragrafen
from app.services.brev.tre import Node, alle, regel

Dok = dict[str, Any]
"""A part of the document the templates are given: texts, numbers already written, and keys of words."""


def rad(node: Node, *, sum_: bool = False, ord_: str | None = None, nr: str | None = None) -> Dok:
    """A line of the sum.

    Args:
        node: the number.
        sum_: whether it is what the lines above come to.
        ord_: key of the words, when it is not the rule's.
        nr: what tells it apart from others of its kind, for the words.
    """
    return {
        "ord": ord_ or regel(node),
        "navn": node["navn"],
        "beloep": kroner(node["verdi"]),
        "hjemmel": hjemmel(node["hjemmel"]),
        "sum": sum_,
        "nr": nr,
    }


def med_beloep(noder: Iterable[Node]) -> Iterator[Node]:
    """Those that are not nothing: a rule has a term for everything there might be."""
    return (node for node in noder if node["verdi"])


def paragrafer(*traer: Node) -> list[str]:
    """The paragraphs of the regulation the trees cite, in order."""
    funnet = {funn for tre in traer for node in alle(tre) if (funn := paragrafen(node["hjemmel"]))}
    return sorted(funnet, key=lambda tekst: int(tekst.removeprefix("§ ")))
