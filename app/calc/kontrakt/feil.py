"""Faults in a request: where, which, and what to do. No HTTP here."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Feil:
    """One fault: JSON pointer, a stable code, and a Norwegian sentence that says what to do."""

    pointer: str
    kode: str
    detail: str


FLEST_FEIL: Final = 1_000
"""A request with more faults than this is not a request; the answer lists the first ones."""


class KontraktFeilError(ValueError):
    """The request cannot be calculated; carries every fault found, up to ``FLEST_FEIL``."""

    def __init__(self, feil: list[Feil]) -> None:
        super().__init__(f"{len(feil)} feil i forespørselen")
        self.feil = tuple(feil[:FLEST_FEIL])
        self.antall = len(feil)


class UlesbarJsonError(ValueError):
    """The body is not JSON; ``detail`` says where it breaks, without repeating its content."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
