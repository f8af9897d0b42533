"""Damage done to requests that were whole."""

import copy
import random
from typing import Any, Final

SKITT: Final[list[Any]] = [
    None, True, -1, 0.001, 1e300, 10**30, "", "x" * 3000, "\u0000", "2025-13-45", "2025-02-30", [], [[]], {}, {"a": 1},
    "ÅÅÅÅ-MM-DD", "NaN", -0.0, "🦄", [None], "'; drop table saker; --",
]  # fmt: skip


def steder(verdi: Any, sti: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    under = verdi.items() if isinstance(verdi, dict) else enumerate(verdi) if isinstance(verdi, list) else ()
    return [sti, *(sted for navn, del_ in under for sted in steder(del_, (*sti, navn)))]


def skad(inn: Any, tilfeldig: random.Random) -> Any:
    """The request with one to three places replaced, removed or doubled."""
    skadet = copy.deepcopy(inn)
    for _ in range(tilfeldig.randint(1, 3)):
        *vei, sist = tilfeldig.choice(steder(skadet)[1:] or [("nytt",)])
        holder = skadet
        for ledd in vei:
            holder = holder[ledd]
        if tilfeldig.random() < 0.2 and isinstance(holder, dict):
            holder.pop(sist, None)
        elif tilfeldig.random() < 0.2 and isinstance(holder, dict):
            holder["ukjent" + str(tilfeldig.randint(0, 9))] = copy.deepcopy(tilfeldig.choice(SKITT))
        else:
            holder[sist] = copy.deepcopy(tilfeldig.choice(SKITT))
        if not isinstance(skadet, dict) or not skadet:
            break
    return skadet
