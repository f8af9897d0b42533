"""How a name is found without being readable: by keyed marks of the beginnings of its words.

Which words a name has, and which marks it is kept and looked for by. A mark tells nothing without the key, but that
two persons have one in common tells that their names begin alike; see docs/personvern.md.
"""

import os
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from app.db.kryptering import MERKELENGDE

KORTEST: Final = 3
"""Letters in the shortest beginning of a word that is found; a shorter word is found whole."""
LENGST: Final = 8
"""Letters in the longest; what comes after is compared when the name has been opened."""
BOLK: Final = 8
"""Marks are filled up to a multiple of this, so that their number does not tell the length of the name."""

_SKILLE: Final = re.compile(r"[^a-zæøå]+")
_SOM: Final = str.maketrans(
    {"ä": "æ", "ö": "ø", "ø": "ø", "æ": "æ", "å": "å", "ß": "ss", "ð": "d", "þ": "th"}
)


def ordene(navn: str) -> tuple[str, ...]:
    """The words of a name as they are compared: small letters, Norwegian alphabet, no other accents."""
    smaa = unicodedata.normalize("NFC", navn).casefold().translate(_SOM)
    bokstaver = "".join(tegn if tegn in "æøå" else _uten_aksent(tegn) for tegn in smaa)
    return tuple(ord_ for ord_ in _SKILLE.split(bokstaver) if ord_)


def passer(navn: str, soekt: str) -> bool:
    """Whether every word that is looked for begins a word of the name."""
    i_navnet = ordene(navn)
    return all(any(_begynner(ord_, en) for ord_ in i_navnet) for en in ordene(soekt))


def merker(navn: str, merk: Callable[[str], bytes]) -> frozenset[bytes]:
    """What a name is kept by.

    Args:
        navn: the name.
        merk: the keyed mark of a text.
    """
    ekte = {merk(del_) for ord_ in ordene(navn) for del_ in _begynnelser(ord_)}
    fyll = -len(ekte) % BOLK
    return frozenset(ekte | {os.urandom(MERKELENGDE) for _ in range(fyll)})


def soekemerker(soekt: str, merk: Callable[[str], bytes]) -> frozenset[bytes]:
    """What a name must have every one of to be what is looked for."""
    return frozenset(merk(ord_[:LENGST]) for ord_ in ordene(soekt))


def kan_soekes(soekt: str) -> bool:
    """Whether at least one word is long enough not to find everybody."""
    return any(len(ord_) >= KORTEST for ord_ in ordene(soekt))


def _uten_aksent(tegn: str) -> str:
    return "".join(en for en in unicodedata.normalize("NFD", tegn) if not unicodedata.combining(en))


def _begynnelser(ord_: str) -> tuple[str, ...]:
    if len(ord_) < KORTEST:
        return (ord_,)
    return tuple(ord_[:lengde] for lengde in range(KORTEST, min(len(ord_), LENGST) + 1))


def _begynner(ord_: str, soekt: str) -> bool:
    return ord_ == soekt if len(soekt) < KORTEST else ord_.startswith(soekt)
