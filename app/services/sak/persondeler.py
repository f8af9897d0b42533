"""Whose a figure in a stored request is. The request names nobody; the answer kept beside it does."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_PLASS: Final = re.compile(r"(?:/(?:forsoergede|husstand)/\d+)?")
"""Where a person stands in a calculator's request: the resident at the root, everybody else in a list."""


def persondeler(
    kilder: Mapping[str, Any], personer: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[str | None, str]]:
    """The person and the field of every pointer that has a source.

    Args:
        kilder: the sources, by pointer into the request.
        personer: the persons of the answer, in the order of the request.

    Returns:
        By pointer; the person is ``None`` for somebody the case has no reference to.
    """
    deler: dict[str, list[str]] = {}
    for peker in kilder:
        treff = _PLASS.match(peker)
        plass = "" if treff is None else treff[0]
        deler.setdefault(plass, []).append(peker)
    svar: dict[str, tuple[str | None, str]] = {}
    igjen = list(personer)
    for plass, pekere in deler.items():
        felter = {peker.removeprefix(plass) for peker in pekere}
        person = next((en for en in igjen if {rad["felt"] for rad in en["felter"]} == felter), None)
        if person is not None:
            igjen.remove(person)
        person_id = None if person is None else person["personId"]
        svar |= {peker: (person_id, peker.removeprefix(plass)) for peker in pekere}
    return svar
