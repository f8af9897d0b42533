"""Finding one's way in a stored explanation tree."""

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]


def regel(node: Node) -> str:
    """The node's id without the mark that tells several uses of a rule apart."""
    return str(node["id"]).partition("@")[0]


def merke(node: Node) -> str:
    """That mark: a day, a month, a number."""
    return str(node["id"]).partition("@")[2]


def barna(node: Node, *regler: str) -> list[Node]:
    """The children that are uses of one of these rules, in order."""
    return [barn for barn in node["barn"] if regel(barn) in regler]


def barnet(node: Node, *regler: str) -> Node | None:
    """The first of them."""
    return next(iter(barna(node, *regler)), None)


def krev(node: Node, *regler: str) -> Node:
    """The first of them, which must be there.

    Raises:
        LookupError: the tree was made by other rules than the letter knows.
    """
    funnet = barnet(node, *regler)
    if funnet is None:
        raise LookupError(f"forklaringen har ingen {' eller '.join(regler)} under {regel(node)}")
    return funnet


def alle(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for barn in node["barn"]:
        yield from alle(barn)
