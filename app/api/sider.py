"""Pages of a list: a pointer to the last that was seen, opaque to the caller."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Query

from app.api.problem import UGYLDIG_PARAMETER, Problem, ProblemError
from app.calc.kontrakt.feil import Feil

T = TypeVar("T")

STANDARD: Final = 50
STOERST: Final = 200

Antall = Annotated[int, Query(ge=1, le=STOERST, description="Hvor mange som ønskes på siden")]
Peker = Annotated[str | None, Query(max_length=60, description="Verdien av neste fra siden før")]


def skriv_peker(verdi: UUID | int) -> str:
    """The pointer to one element."""
    tekst = verdi.hex if isinstance(verdi, UUID) else str(verdi)
    return urlsafe_b64encode(tekst.encode()).decode().rstrip("=")


def skriv_deler(*deler: str | int) -> str:
    """The pointer to an element with a key of several parts."""
    return urlsafe_b64encode(".".join(map(str, deler)).encode()).decode().rstrip("=")


def les_deler(peker: str | None, antall: int) -> list[str] | None:
    """The parts of the key a pointer names; ``None`` is before the first.

    Raises:
        ProblemError: 422 when it is not a pointer of ours.
    """
    if peker is None:
        return None
    deler = _tekst(peker).split(".")
    if len(deler) != antall:
        raise ugyldig_peker()
    return deler


def les_peker(peker: str | None) -> UUID | None:
    """The element a pointer names; ``None`` is before the first.

    Raises:
        ProblemError: 422 when it is not a pointer of ours.
    """
    if peker is None:
        return None
    try:
        return UUID(_tekst(peker))
    except ValueError:
        raise ugyldig_peker() from None


def les_nummer(peker: str | None) -> int:
    """The number a pointer names; 0 is before the first.

    Raises:
        ProblemError: 422 when it is not a pointer of ours.
    """
    if peker is None:
        return 0
    tekst = _tekst(peker)
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) < 19):  # noqa: PLR2004 - a BigInteger
        raise ugyldig_peker()
    return int(tekst)


def _tekst(peker: str) -> str:
    try:
        return urlsafe_b64decode(peker + "=" * (-len(peker) % 4)).decode("ascii")
    except (Base64Error, ValueError):
        raise ugyldig_peker() from None


def ugyldig_peker() -> ProblemError:
    """What to answer to a pointer that is not ours."""
    raad = "Bruk verdien av neste fra forrige svar, eller utelat peker for å begynne på nytt."
    return ProblemError(Problem(UGYLDIG_PARAMETER, raad, (Feil("/query/peker", "ugyldig-parameter", raad),)))


def side(elementer: Sequence[T], antall: int, ut: Any, noekkel: Any) -> dict[str, Any]:
    """One page, from one element more than asked for.

    Args:
        elementer: up to ``antall`` + 1.
        antall: how many the page may hold.
        ut: makes an element what the caller sees.
        noekkel: what the pointer is made of.
    """
    vist = elementer[:antall]
    neste = skriv_peker(noekkel(vist[-1])) if len(elementer) > antall else None
    return {"elementer": [ut(element) for element in vist], "neste": neste}
