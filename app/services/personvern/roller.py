"""Who somebody is in the document of a case: by the words of the document, wherever the reference stands."""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

HOVEDPERSON: Final = "HOVEDPERSON"
UKJENT: Final = "UKJENT"
"""Named by the document, with no relation given."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RELASJON: Final = ("relasjon", "rolle")


def roller(dokument: Any, person_id: UUID, hovedperson: UUID | None = None) -> set[str]:
    """The relations the document gives a person; empty when it does not name the person.

    Args:
        dokument: the document of the case.
        person_id: our reference to the person.
        hovedperson: whom the case is about.
    """
    funnet = set(_relasjoner(dokument, str(person_id), UKJENT))
    if person_id == hovedperson:
        return {HOVEDPERSON}
    return funnet - {UKJENT} or funnet


def _relasjoner(verdi: Any, person_id: str, arvet: str) -> Iterator[str]:
    if isinstance(verdi, dict):
        egen = next((verdi[navn] for navn in _RELASJON if isinstance(verdi.get(navn), str)), arvet)
        for under in verdi.values():
            yield from _relasjoner(under, person_id, egen)
    elif isinstance(verdi, list):
        for under in verdi:
            yield from _relasjoner(under, person_id, arvet)
    elif verdi == person_id:
        yield arvet


def referanser(dokument: Any) -> set[UUID]:
    """Everything in a document that may be a reference to a person."""
    if isinstance(dokument, dict | list):
        ledd = dokument.values() if isinstance(dokument, dict) else dokument
        return {id_ for under in ledd for id_ in referanser(under)}
    return {UUID(dokument)} if isinstance(dokument, str) and _UUID.fullmatch(dokument) else set()
