"""How Skatteetaten's JSON is read: tolerant of what is new, strict about what is asked for.

Unknown fields are kept and their paths reported; missing required ones refuse the answer. Nothing prints
its content: every model holds a person's data.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Final, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from app.skatt_client.masking import safe_field

_HELTALL: Final = re.compile(r"-?[0-9]{1,30}")
_AAR: Final = re.compile(r"[0-9]{4}")
_DATO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _heltall(verdi: object) -> object:
    """Whole numbers only; a truth value or a fraction is not an amount."""
    match verdi:
        case bool():
            raise ValueError("ikke et heltall")
        case int():
            return verdi
        case Decimal() if verdi.is_finite() and verdi == verdi.to_integral_value():
            return int(verdi)
        case str() if _HELTALL.fullmatch(verdi):
            return int(verdi)
        case _:
            raise ValueError("ikke et heltall")


def _desimaltall(verdi: object) -> object:
    if isinstance(verdi, int | Decimal) and not isinstance(verdi, bool):
        return Decimal(verdi)
    raise ValueError("ikke et tall")


def _tekst(verdi: object) -> object:
    if not isinstance(verdi, str) or verdi.isdecimal():
        raise ValueError("ikke et tidspunkt")
    return verdi


def _dato(verdi: object) -> object:
    if not isinstance(verdi, str) or not _DATO.fullmatch(verdi):
        raise ValueError("ikke en dato")
    return verdi


def _inntektsaar(verdi: object) -> object:
    """A string in one API and a number in another."""
    if isinstance(verdi, str) and not _AAR.fullmatch(verdi):
        raise ValueError("ikke et år")
    return _heltall(verdi)


Heltall = Annotated[int, BeforeValidator(_heltall)]
"""A whole number of any size."""

Dato = Annotated[date, BeforeValidator(_dato)]
"""A day written as YYYY-MM-DD; not seconds since 1970, which pydantic would also take."""

Tidspunkt = Annotated[datetime, BeforeValidator(_tekst)]
"""A moment in ISO 8601."""

Kroner = Annotated[int, BeforeValidator(_heltall)]
"""Whole kroner of any size."""

Beloep = Annotated[Decimal, BeforeValidator(_desimaltall)]
"""Kroner, exact, where the source may have oere."""

Inntektsaar = Annotated[int, BeforeValidator(_inntektsaar)]


class Modell(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )

    TELL_UKJENTE: ClassVar[bool] = True
    """False where the fields vary so much that we do not name them."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Print the type only."""
        return iter(())

    def ukjente_felt(self) -> tuple[str, ...]:
        """Paths of fields the models do not know, sorted, each once."""
        return tuple(sorted(set(_ukjente(self, ""))))


@cache
def _ledd(klasse: type[Modell]) -> tuple[tuple[str, str], ...]:
    """Every field with its part of a path."""
    return tuple((navn, f"{to_camel(navn)}.") for navn in klasse.model_fields)


_SAMMENSATT: Final = (Modell, tuple, list, dict)


def _ukjente(verdi: object, sti: str) -> Iterator[str]:
    match verdi:
        case Modell():
            if verdi.TELL_UKJENTE:
                yield from (f"{sti}{safe_field(navn)}" for navn in verdi.model_extra or {})
            for navn, ledd in _ledd(type(verdi)):
                under = getattr(verdi, navn)
                if isinstance(under, _SAMMENSATT):
                    yield from _ukjente(under, f"{sti}{ledd}")
        case tuple() | list():
            for element in verdi:
                yield from _ukjente(element, sti)
        case dict():
            for element in verdi.values():
                yield from _ukjente(element, f"{sti}*.")
        case _:
            return


class UleseligError(Exception):
    """A 200 that cannot be trusted. Says why and which fields, never what they held."""

    def __init__(self, kode: str, *felt: str) -> None:
        super().__init__(kode)
        self.kode = kode
        self.felt = felt


class SkjermetError(Exception):
    """A 200 that says the person is shielded."""


class TomError(Exception):
    """A 200 that says there is nothing."""


def les_json(body: bytes) -> dict[str, Any]:
    """A JSON object, numbers exact.

    Raises:
        UleseligError: not JSON, or not an object.
    """
    try:
        lest = json.loads(body, parse_float=Decimal, parse_constant=_ikke_tall)
    except (ValueError, RecursionError):
        lest = None
    if not isinstance(lest, dict):
        raise UleseligError("ikke-json")
    return lest


def _ikke_tall(_: str) -> NoReturn:
    raise ValueError("NaN og Infinity er ikke JSON")


M = TypeVar("M", bound=Modell)


def les_modell(modell: type[M], raa: object) -> M:
    """Read one model.

    Raises:
        UleseligError: required fields are missing or have another form.
    """
    try:
        return modell.model_validate(raa)
    except ValidationError as feil:
        felt = tuple(
            sorted({_sti(e["loc"]) for e in feil.errors(include_input=False, include_context=False)})
        )
    raise UleseligError("felt", *felt)


def _sti(loc: tuple[int | str, ...]) -> str:
    return ".".join("[]" if isinstance(ledd, int) else safe_field(ledd) for ledd in loc)
