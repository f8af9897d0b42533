"""The document as a file: TOML for people, with an explanation of each setting, and JSON for programs.

What is written and read again is the same document, to the last digit.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from textwrap import wrap
from typing import Any, Final, get_args, get_type_hints

import tomli_w

from app.calc.beloep import tallstreng
from app.calc.kontrakt.feil import UlesbarJsonError
from app.calc.kontrakt.json_tekst import camel, les_json, skriv_json
from app.services.kommuneoppsett.dokument import Kommuneoppsett, les_oppsett
from app.services.kommuneoppsett.raa import feltene, som_raa
from app.services.kommuneoppsett.veiledning import VERDIER, forklaring

STOERSTE_FIL_BYTES: Final = 2_000_000
_BREDDE: Final = 100
_STED: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_HODE: Final = (
    "Kommunens oppsett for egenandel. Hver innstilling er forklart første gang den står. Det som gjelder fra en "
    "dato, gjelder til neste rad med senere dato. Legg til nye rader nederst i stedet for å endre gamle, så kan "
    "tidligere år beregnes på nytt. Beløp skrives med punktum: 1234.50. Kontroller filen med «egenandel kommune "
    "kontroller»."
)


class UlesbarFilError(ValueError):
    """The file cannot be read at all; the text says where it breaks, without repeating its content."""


def les_fil(sti: Path) -> Kommuneoppsett:
    """Read a file: JSON when its name ends in ``.json``, else TOML.

    Raises:
        UlesbarFilError: the file is missing, too large, or neither TOML nor JSON.
        KontraktFeilError: the document cannot be used; carries every fault.
    """
    try:
        with sti.open("rb") as fil:
            raa = fil.read(STOERSTE_FIL_BYTES + 1)
    except OSError as feil:
        raise UlesbarFilError(f"Filen kan ikke åpnes: {feil.strerror}. Kontroller navnet.") from None
    if len(raa) > STOERSTE_FIL_BYTES:
        raise UlesbarFilError(
            f"Filen er større enn {STOERSTE_FIL_BYTES} byte. Kontroller at det er riktig fil."
        )
    return fra_json(raa) if sti.suffix == ".json" else fra_toml(raa)


def skriv_fil(sti: Path, oppsett: Kommuneoppsett) -> None:
    """Write the file whole or not at all, readable by its owner only.

    Raises:
        OSError: the folder is missing or not writable.
    """
    tekst = som_json(oppsett) if sti.suffix == ".json" else som_toml(oppsett)
    midlertidig = sti.with_name(f".{sti.name}.{token_hex(4)}")
    try:
        with os.fdopen(os.open(midlertidig, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as fil:
            fil.write(tekst.encode("utf-8"))
            fil.flush()
            os.fsync(fil.fileno())
        midlertidig.replace(sti)
    finally:
        with suppress(FileNotFoundError):
            midlertidig.unlink()


def fra_json(raa: bytes | str) -> Kommuneoppsett:
    """Read the document from JSON.

    Raises:
        UlesbarFilError: not JSON.
        KontraktFeilError: the document cannot be used.
    """
    try:
        return les_oppsett(les_json(raa))
    except UlesbarJsonError as feil:
        raise UlesbarFilError(feil.detail) from None


def som_json(oppsett: Kommuneoppsett) -> str:
    """The document as one line of JSON."""
    return skriv_json(som_raa(oppsett))


def fra_toml(raa: bytes | str) -> Kommuneoppsett:
    """Read the document from TOML.

    Raises:
        UlesbarFilError: not TOML.
        KontraktFeilError: the document cannot be used.
    """
    try:
        tekst = raa.decode("utf-8") if isinstance(raa, bytes) else raa
        lest = tomllib.loads(tekst.removeprefix("\ufeff"), parse_float=_desimaltall)
    except UnicodeDecodeError as feil:
        raise UlesbarFilError(
            f"Filen er ikke gyldig UTF-8 (byte {feil.start}). Lagre den som UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as feil:
        treff = _STED.search(str(feil))
        sted = f"linje {treff[1]}, tegn {treff[2]}" if treff else "slutten av filen"
        raise UlesbarFilError(f"Filen er ikke gyldig TOML: det stopper på {sted}. Rett der.") from None
    except (RecursionError, ValueError):
        raise UlesbarFilError(
            "Filen er ikke gyldig TOML: et tall eller en liste er for stor. Rett den."
        ) from None
    return les_oppsett(_uten_tomldatoer(lest))


def _desimaltall(tekst: str) -> Any:
    """Through the JSON reader, which refuses NaN, infinity and overlong numbers where they stand."""
    konstanter = {"nan": "NaN", "inf": "Infinity"}
    utpakket = konstanter.get(tekst.lower().lstrip("+-"), tekst.replace("_", "").lstrip("+"))
    return les_json(utpakket)


def _uten_tomldatoer(verdi: Any) -> Any:
    """The readers of the contract take dates as text; a point in time stays what it is, and is refused."""
    if isinstance(verdi, dict):
        return {navn: _uten_tomldatoer(del_) for navn, del_ in verdi.items()}
    if isinstance(verdi, list):
        return [_uten_tomldatoer(del_) for del_ in verdi]
    return verdi.isoformat() if type(verdi) is date else verdi


def som_toml(oppsett: Kommuneoppsett) -> str:
    """The document as TOML with comments."""
    return "\n".join([*_kommentar(_HODE), "", *_innhold(oppsett, (), set())]).rstrip() + "\n"


def _innhold(objekt: Any, sti: tuple[str, ...], sett: set[type[Any]]) -> Iterator[str]:
    """The lines of one object: its plain values first, then the tables below it."""
    klasse = type(objekt)
    forklar = klasse not in sett
    sett.add(klasse)
    tabeller: list[tuple[str, Any]] = []
    for felt in feltene(klasse):
        verdi = getattr(objekt, felt.name)
        if _er_tabell(verdi) or (verdi is None and _skal_vaere_tabell(klasse, felt.name)):
            tabeller.append((felt.name, verdi))
        elif forklar:
            linje = (
                f"{camel(felt.name)} = {_verdi(verdi)}" if verdi is not None else f"# {camel(felt.name)} ="
            )
            yield from _forklart(linje, _felttekst(klasse, felt.name, verdi))
        elif verdi is not None:
            yield f"{camel(felt.name)} = {_verdi(verdi)}"
    for attributt, verdi in tabeller:
        under = (*sti, camel(attributt))
        hode = ".".join(under)
        yield ""
        if forklar:
            yield from _kommentar(forklaring(klasse, attributt))
        if verdi is None:
            if forklar:
                yield f"# [{hode}]"
            continue
        for nr, rad in enumerate(verdi if isinstance(verdi, tuple) else (verdi,)):
            if nr:
                yield ""
            yield f"[[{hode}]]" if isinstance(verdi, tuple) else f"[{hode}]"
            yield from _innhold(rad, under, sett)


def _er_tabell(verdi: Any) -> bool:
    return is_dataclass(verdi) or (isinstance(verdi, tuple) and bool(verdi) and is_dataclass(verdi[0]))


def _skal_vaere_tabell(klasse: type[Any], attributt: str) -> bool:
    return any(is_dataclass(mulig) for mulig in get_args(get_type_hints(klasse)[attributt]))


def _forklart(linje: str, tekst: str) -> Iterator[str]:
    """A short explanation stands behind the value, a longer one above it."""
    if len(linje) + len(tekst) < _BREDDE:
        yield f"{linje}  # {tekst}"
    else:
        yield ""
        yield from _kommentar(tekst)
        yield linje


def _felttekst(klasse: type[Any], attributt: str, verdi: Any) -> str:
    tekst = forklaring(klasse, attributt)
    if isinstance(verdi, StrEnum):
        mulige = "; ".join(f"{valg}: {VERDIER[valg]}" for valg in type(verdi))
        tekst = f"{tekst} {mulige[0].upper()}{mulige[1:]}."
    return tekst


def _kommentar(tekst: str) -> list[str]:
    return wrap(tekst, _BREDDE, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _verdi(verdi: Any) -> str:
    if isinstance(verdi, tuple):
        return f"[{', '.join(_verdi(del_) for del_ in verdi)}]"
    if isinstance(verdi, Decimal):
        return tallstreng(verdi)
    if isinstance(verdi, StrEnum):
        verdi = verdi.value
    return tomli_w.dumps({"v": verdi}).removeprefix("v = ").rstrip("\n")
