"""Faults in a request: where, which, and what to do. No HTTP here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feil:
    """One fault: JSON pointer, a stable code, and a Norwegian sentence that says what to do."""

    pointer: str
    kode: str
    detail: str


class KontraktFeilError(ValueError):
    """The request cannot be calculated; carries every fault found."""

    def __init__(self, feil: list[Feil]) -> None:
        super().__init__(f"{len(feil)} feil i forespørselen")
        self.feil = tuple(feil)


class UlesbarJsonError(ValueError):
    """The body is not JSON; ``detail`` says where it breaks, without repeating its content."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
