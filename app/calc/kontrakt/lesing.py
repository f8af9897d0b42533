"""Reads a request against its declaration and reports every fault with pointer and remedy.

Each kind of value is a ``Leser``: it reads, and it describes itself as JSON Schema. A class of the
contract is a frozen dataclass whose fields are made with ``felt``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from re import compile as moenster
from typing import Any, Final, Generic, TypeVar

from app.calc.beloep import tall_paa_norsk
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import IkkeEtTall, camel, doble_felt

Skjema = dict[str, Any]
T = TypeVar("T")


class Ugyldig:
    """Stands in the place of a value that could not be read; its fault is already reported."""


UGYLDIG: Final = Ugyldig()

_FORSLAG_TIL_OG_MED: Final = 50
"""Looking for a near name is slow; after this many faults nobody reads the suggestions."""

STOERSTE_BELOEP: Final = Decimal("999999999999.99")
TIDLIGSTE_DATO: Final = date(1900, 1, 1)
SENESTE_DATO: Final = date(2100, 12, 31)

_DATO: Final = moenster(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAANED: Final = moenster(r"[0-9]{4}-(0[1-9]|1[0-2])")
_STYRETEGN: Final = moenster(r"[\u0000-\u001f\u007f-\u009f]")

_TYPENAVN: Final[dict[type, str]] = {
    str: "en tekst",
    bool: "sant/usant",
    int: "et tall",
    Decimal: "et tall",
    list: "en liste",
    type(None): "null",
    IkkeEtTall: "NaN, uendelig eller et altfor langt tall",
}


def _hva(raa: object) -> str:
    return next((navn for klasse, navn in _TYPENAVN.items() if type(raa) is klasse), "et objekt")


def pekerdel(navn: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return navn.replace("~", "~0").replace("/", "~1")


class Leser(ABC):
    """Reads one kind of value."""

    @abstractmethod
    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The value, or ``UGYLDIG`` with the fault added to ``feil``."""

    @abstractmethod
    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """JSON Schema 2020-12; named objects are added to ``navngitte``."""


class Tall(Leser):
    """A number with a limited count of decimals, read exactly."""

    def __init__(
        self,
        desimaler: int,
        minst: Decimal = -STOERSTE_BELOEP,
        hoeyst: Decimal = STOERSTE_BELOEP,
        hva: str = "tall",
    ) -> None:
        self._desimaler = desimaler
        self._minst = minst
        self._hoeyst = hoeyst
        self._hva = hva

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is int:
            verdi = Decimal(raa)
        elif type(raa) is Decimal:
            verdi = raa
        else:
            feil.append(
                Feil(
                    sti,
                    "feil-type",
                    f"Skal være et {self._hva}, men er {_hva(raa)}. Send et JSON-tall uten anførselstegn.",
                )
            )
            return UGYLDIG
        if verdi < self._minst:
            grense = "negativt" if self._minst == 0 else f"mindre enn {tall_paa_norsk(self._minst)}"
            feil.append(
                Feil(
                    sti, "for-lavt", f"Kan ikke være {grense}. Oppgi {tall_paa_norsk(self._minst)} eller mer."
                )
            )
            return UGYLDIG
        if verdi > self._hoeyst:
            feil.append(
                Feil(
                    sti,
                    "for-hoeyt",
                    f"Kan ikke være mer enn {tall_paa_norsk(self._hoeyst)}. Kontroller beløpet.",
                )
            )
            return UGYLDIG
        if type(raa) is Decimal and _desimaler(verdi) > self._desimaler:
            feil.append(
                Feil(
                    sti,
                    "for-mange-desimaler",
                    f"Kan ha høyst {self._desimaler} desimaler. Rund av før du sender.",
                )
            )
            return UGYLDIG
        return verdi if verdi else Decimal(0)

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {
            "type": "number",
            "minimum": _skjematall(self._minst),
            "maximum": _skjematall(self._hoeyst),
            "multipleOf": _skjematall(Decimal(1).scaleb(-self._desimaler)),
        }


def _skjematall(verdi: Decimal) -> Decimal | int:
    return int(verdi) if verdi == verdi.to_integral_value() else verdi


def _desimaler(verdi: Decimal) -> int:
    """Decimals that matter: trailing zeros do not count."""
    _, sifre, eksponent = verdi.as_tuple()
    if not isinstance(eksponent, int) or eksponent >= 0:
        return 0
    nuller = 0
    for siffer in reversed(sifre):
        if siffer:
            break
        nuller += 1
    return 0 if nuller == len(sifre) else max(0, -eksponent - nuller)


class Heltall(Leser):
    """A whole number within bounds."""

    def __init__(self, minst: int, hoeyst: int) -> None:
        self._minst = minst
        self._hoeyst = hoeyst

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is Decimal and _desimaler(raa) == 0 and abs(raa) <= STOERSTE_BELOEP:
            raa = int(raa)
        if type(raa) is not int:
            feil.append(
                Feil(
                    sti,
                    "feil-type",
                    f"Skal være et helt tall, men er {_hva(raa)}. Send et JSON-tall uten desimaler.",
                )
            )
            return UGYLDIG
        if not self._minst <= raa <= self._hoeyst:
            feil.append(Feil(sti, "utenfor-omraadet", f"Skal være fra {self._minst} til {self._hoeyst}."))
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "integer", "minimum": self._minst, "maximum": self._hoeyst}


class Dato(Leser):
    """A calendar date ``YYYY-MM-DD``."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is not str or not _DATO.fullmatch(raa):
            feil.append(
                Feil(sti, "ugyldig-dato", "Skal være en dato på formen ÅÅÅÅ-MM-DD, for eksempel 2025-03-01.")
            )
            return UGYLDIG
        try:
            dato = date.fromisoformat(raa)
        except ValueError:
            feil.append(
                Feil(sti, "ugyldig-dato", "Datoen finnes ikke i kalenderen. Kontroller måned og dag.")
            )
            return UGYLDIG
        if not TIDLIGSTE_DATO <= dato <= SENESTE_DATO:
            feil.append(
                Feil(sti, "ugyldig-dato", f"Datoen skal være fra {TIDLIGSTE_DATO} til {SENESTE_DATO}.")
            )
            return UGYLDIG
        return dato

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "string", "format": "date"}


class Maaned(Leser):
    """A month ``YYYY-MM``, kept as text."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is not str or not _MAANED.fullmatch(raa):
            feil.append(
                Feil(sti, "ugyldig-maaned", "Skal være en måned på formen ÅÅÅÅ-MM, for eksempel 2025-03.")
            )
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


class Tekst(Leser):
    """Free text with something in it."""

    def __init__(self, hoeyst: int) -> None:
        self._hoeyst = hoeyst

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is not str:
            feil.append(Feil(sti, "feil-type", f"Skal være en tekst, men er {_hva(raa)}."))
            return UGYLDIG
        if not raa.strip() or len(raa) > self._hoeyst:
            feil.append(
                Feil(
                    sti,
                    "feil-lengde",
                    f"Skal ha minst ett og høyst {self._hoeyst} tegn. Skriv en kort tekst.",
                )
            )
            return UGYLDIG
        if _STYRETEGN.search(raa):
            feil.append(
                Feil(
                    sti,
                    "ugyldig-tegn",
                    "Teksten har tegn som ikke kan vises. Skriv den på én linje uten styretegn.",
                )
            )
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {
            "type": "string",
            "minLength": 1,
            "maxLength": self._hoeyst,
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$",
        }


class Boolsk(Leser):
    """``true`` or ``false``."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is not bool:
            feil.append(Feil(sti, "feil-type", f"Skal være true eller false, men er {_hva(raa)}."))
            return UGYLDIG
        return raa

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "boolean"}


class Valgt(Leser):
    """One of the values of an enumeration."""

    def __init__(self, valg: type[StrEnum], ellers: str = "") -> None:
        self.valg = valg
        self._ellers = ellers
        self._etter_verdi: dict[str, StrEnum] = {en.value: en for en in valg}

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is str and (valgt := self._etter_verdi.get(raa)) is not None:
            return valgt
        mulige = ", ".join(self.valg)
        feil.append(Feil(sti, "ukjent-verdi", f"Skal være en av {mulige}.{self._ellers}"))
        return UGYLDIG

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "string", "enum": [valg.value for valg in self.valg]}


class Kanskje(Leser):
    """The value, or ``null`` where ``null`` has a meaning of its own."""

    def __init__(self, leser: Leser) -> None:
        self.leser = leser

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        return None if raa is None else self.leser.les(raa, sti, feil)

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        skjema = self.leser.skjema(navngitte)
        if "$ref" in skjema:
            return {"anyOf": [skjema, {"type": "null"}]}
        skjema["type"] = [skjema["type"], "null"]
        if "enum" in skjema:
            skjema["enum"] = [*skjema["enum"], None]
        return skjema


class Liste(Leser):
    """A list; what cannot be read stands as ``UGYLDIG`` in its place so that positions hold."""

    def __init__(self, leser: Leser, hoeyst: int) -> None:
        self.leser = leser
        self._hoeyst = hoeyst

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        if type(raa) is not list:
            feil.append(Feil(sti, "feil-type", f"Skal være en liste, men er {_hva(raa)}."))
            return UGYLDIG
        if len(raa) > self._hoeyst:
            feil.append(
                Feil(
                    sti,
                    "for-mange",
                    f"Kan ha høyst {self._hoeyst} elementer. Slå sammen eller del opp forespørselen.",
                )
            )
            return UGYLDIG
        return tuple(self.leser.les(element, f"{sti}/{nr}", feil) for nr, element in enumerate(raa))

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        return {"type": "array", "items": self.leser.skjema(navngitte), "maxItems": self._hoeyst}


Deler = Mapping[str, Any]
"""What was read of an object, by attribute name; ``UGYLDIG`` where a fault is already reported."""

Kontroll = Callable[[Deler, str, list[Feil]], None]
"""Looks at several fields of an object together and adds what is wrong."""


def gyldig(*verdier: object) -> bool:
    """Whether all the values could be read, so that a check over them makes sense."""
    return not any(verdi is UGYLDIG or (isinstance(verdi, tuple) and UGYLDIG in verdi) for verdi in verdier)


_SKJEMANAVN: Final[dict[str, type]] = {}
"""The class behind each named schema: a name that stood for two would describe one by the other."""


class Objekt(Leser, Generic[T]):
    """A JSON object read into a dataclass of the contract."""

    def __init__(self, klasse: type[T], kontroll: Kontroll | None = None) -> None:
        self._klasse = klasse
        self._kontroll = kontroll
        self._felt: dict[str, Field[Any]] = {
            camel(felt.name): felt
            for felt in fields(klasse)  # type: ignore[arg-type]
        }
        self._lesere = {navn: (felt.name, felt.metadata["leser"].les) for navn, felt in self._felt.items()}
        self._standard = {
            felt.name: felt.default for felt in self._felt.values() if felt.default is not MISSING
        }
        self._paakrevd = [
            (navn, felt.name, felt.metadata["tittel"])
            for navn, felt in self._felt.items()
            if felt.default is MISSING
        ]

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> T | Ugyldig:
        if not isinstance(raa, dict):
            feil.append(Feil(sti, "feil-type", f"Skal være et objekt, men er {_hva(raa)}."))
            return UGYLDIG
        foer = len(feil)
        for navn in doble_felt(raa):
            feil.append(
                Feil(
                    f"{sti}/{pekerdel(navn)}", "dobbelt-felt", "Feltet står flere ganger. Behold ett av dem."
                )
            )
        deler: dict[str, Any] = dict(self._standard)
        for navn, verdi in raa.items():
            kjent = self._lesere.get(navn)
            if kjent is None:
                feil.append(self._ukjent(navn, sti, len(feil) < _FORSLAG_TIL_OG_MED))
            else:
                attributt, les = kjent
                deler[attributt] = les(verdi, f"{sti}/{navn}", feil)
        for navn, attributt, tittel in self._paakrevd:
            if attributt not in deler:
                deler[attributt] = UGYLDIG
                feil.append(
                    Feil(
                        f"{sti}/{navn}",
                        "mangler",
                        f"Feltet {navn} mangler. Legg det til: {tittel}.",
                    )
                )
        if self._kontroll is not None:
            self._kontroll(deler, sti, feil)
        return self._klasse(**deler) if len(feil) == foer else UGYLDIG

    def _ukjent(self, navn: str, sti: str, foreslaa: bool) -> Feil:
        naer = get_close_matches(navn, self._felt, n=1) if foreslaa else []
        raad = f"Mente du {naer[0]}?" if naer else f"Feltene her er {', '.join(self._felt)}."
        return Feil(f"{sti}/{pekerdel(navn)}", "ukjent-felt", f"Feltet finnes ikke i kontrakten. {raad}")

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        navn = self._klasse.__name__
        if _SKJEMANAVN.setdefault(navn, self._klasse) is not self._klasse:
            raise TypeError(f"to klasser i kontrakten heter {navn}")
        if navn not in navngitte:
            navngitte[navn] = {}
            egenskaper = {n: _feltskjema(felt, navngitte) for n, felt in self._felt.items()}
            paakrevd = [n for n, felt in self._felt.items() if felt.default is MISSING]
            navngitte[navn] = {
                "type": "object",
                "title": navn,
                "properties": egenskaper,
                "additionalProperties": False,
                **({"required": paakrevd} if paakrevd else {}),
            }
        return {"$ref": f"#/components/schemas/{navn}"}


def _feltskjema(felt: Field[Any], navngitte: dict[str, Skjema]) -> Skjema:
    skjema: Skjema = {**felt.metadata["leser"].skjema(navngitte), "description": felt.metadata["tittel"]}
    if isinstance(felt.default, (Decimal, int, str)):
        skjema["default"] = _skjematall(felt.default) if isinstance(felt.default, Decimal) else felt.default
    return skjema


def felt(leser: Leser, tittel: str, standard: Any = MISSING) -> Any:
    """A field of the contract.

    Args:
        leser: how the value is read.
        tittel: Norwegian name or sentence, shown in the API description and in explanations.
        standard: the value when the field is left out; without it the field is required.
    """
    metadata = {"leser": leser, "tittel": tittel}
    if standard is MISSING:
        return field(metadata=metadata, kw_only=True)
    return field(default=standard, metadata=metadata, kw_only=True)


def tittel(klasse: type[Any], attributt: str) -> str:
    """The Norwegian name of a field."""
    return str(next(f.metadata["tittel"] for f in fields(klasse) if f.name == attributt))


BELOEP: Final = Tall(2, Decimal(0), hva="beløp i kroner")
BELOEP_MED_FORTEGN: Final = Tall(2, hva="beløp i kroner")

_STOERSTE_SVAR: Final = Decimal(10) ** 18
SVAR: Final = Tall(8, Decimal(0), _STOERSTE_SVAR)
"""An amount in an answer: exact, so it may have more decimals and be larger than any amount sent in."""
SVAR_MED_FORTEGN: Final = Tall(8, -_STOERSTE_SVAR, _STOERSTE_SVAR)
