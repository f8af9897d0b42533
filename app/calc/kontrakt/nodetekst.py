"""An explanation node as JSON text, and the sources that continue the tree below its facts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring as _som_json_streng
from types import MappingProxyType
from typing import Final, NamedTuple

from app.calc.beloep import tallstreng
from app.calc.sporing import Node


class KildefeilError(ValueError):
    """The sources do not fit the request; the message names the pointer, never an amount."""


class Kilde(NamedTuple):
    """A node as it was written: its number (or day, as text), and its JSON text with all below it."""

    verdi: Decimal | int | str
    tekst: str

    def __repr__(self) -> str:
        """Nothing of the content: it is somebody's income."""
        return "<Kilde>"


Kilder = Mapping[str, Kilde]
"""From the JSON pointer of a fact in the request to what the fact came from."""

INGEN_KILDER: Final[Kilder] = MappingProxyType({})


def node_som_json(node: Node, skrevet: dict[int, str], kilder: Kilder = INGEN_KILDER) -> str:
    """The node and all below it.

    Args:
        node: what to write.
        skrevet: texts so far, by the identity of the node: one that stands in many places is written once.
        kilder: a fact whose ``kilde`` is one of these pointers gets that source as its only child.

    Raises:
        KildefeilError: a fact and its source are not the same number.
    """
    ferdig = skrevet.get(id(node))
    if ferdig is not None:
        return ferdig
    tekst = _som_json_streng
    hjemmel, formel, kilde, verdi = node.hjemmel, node.formel, node.kilde, node.verdi
    barn = ",".join([node_som_json(barn, skrevet, kilder) for barn in node.barn])
    if kilde is not None and kilde in kilder and node.type == "FAKTUM":
        barn = _kildetekst(kilde, verdi, kilder[kilde])
    skrevet[id(node)] = ferdig = (
        f'{{"id":{tekst(node.id)},"type":"{node.type}","navn":{tekst(node.navn)},"verdi":'
        f"{tallstreng(verdi) if isinstance(verdi, Decimal) else tekst(verdi.isoformat())}"
        f',"enhet":"{node.enhet}"'
        f',"hjemmel":{"null" if hjemmel is None else tekst(hjemmel)}'
        f',"formel":{"null" if formel is None else tekst(formel)}'
        f',"kilde":{"null" if kilde is None else tekst(kilde)},"barn":[{barn}]}}'
    )
    return ferdig


def _kildetekst(peker: str, verdi: Decimal | date, kilde: Kilde) -> str:
    if kilde.verdi != (verdi if isinstance(verdi, Decimal) else verdi.isoformat()):
        raise KildefeilError(f"{peker}: kilden og forespørselen har ikke samme verdi")
    return kilde.tekst
