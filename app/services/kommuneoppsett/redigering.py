"""The document as forms: every field of a row, described by the contract itself, and a form read back.

A field that is added to the contract stands in the form by that alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from app.calc.kontrakt.json_tekst import camel
from app.services.kommuneoppsett.dokument import (
    Aarsvalg,
    DatertPrisregister,
    Institusjon,
    Kommuneoppsett,
    Pensjonsutbetaler,
)
from app.services.kommuneoppsett.forskjell import Oppsettsdel
from app.services.kommuneoppsett.raa import feltene, som_raa
from app.services.kommuneoppsett.veiledning import VERDIER, veiledning

Json = dict[str, Any]
LesTall = Callable[[str], Any]
"""A number as it was typed; what is none stays text, for the contract to refuse."""

KLASSE: Final[Mapping[Oppsettsdel, type[Any]]] = {
    Oppsettsdel.VALG: Aarsvalg,
    Oppsettsdel.PRISREGISTER: DatertPrisregister,
    Oppsettsdel.INSTITUSJONER: Institusjon,
    Oppsettsdel.UTBETALERE: Pensjonsutbetaler,
}
"""What a row of each part is."""

_LEDIGE: Final = 2
"""Empty rows after those of a list, for new ones."""
_DATO: Final = "gjelderFra"


class Feltslag(StrEnum):
    """How a value is typed."""

    TEKST = "TEKST"
    TALL = "TALL"
    DATO = "DATO"
    VALG = "VALG"
    JA_NEI = "JA_NEI"
    LISTE = "LISTE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skjemafelt:
    """One field of a form, by its pointer from the row without the first slash."""

    sti: str
    tittel: str
    hjelp: str | None
    slag: Feltslag
    verdi: str
    muligheter: tuple[tuple[str, str], ...] = ()
    paakrevd: bool = False


@dataclass(frozen=True, slots=True)
class Skjemagruppe:
    """Fields that belong together; the row's own have no title."""

    sti: str
    tittel: str
    felt: tuple[Skjemafelt, ...]


def skjema(klasse: type[Any], raa: Mapping[str, Any], sti: str = "", tittel: str = "") -> list[Skjemagruppe]:
    """The form of a row.

    Args:
        klasse: what the row is.
        raa: what it says now, as JSON; what a form could not be read as stands there as it was typed.
        sti: where it stands.
        tittel: what it is called.
    """
    egne: list[Skjemafelt] = []
    under: list[Skjemagruppe] = []
    typer = get_type_hints(klasse)
    for felt in feltene(klasse):
        navn, type_ = camel(felt.name), _uten_ingenting(typer[felt.name])
        stien, verdi = f"{sti}{navn}", raa.get(navn)
        if (inni := _klasse(type_)) is not None:
            under += skjema(inni, verdi or {}, f"{stien}/", felt.metadata["tittel"])
        elif (element := _element(type_)) is not None:
            rader = [*(verdi or ()), *({} for _ in range(_LEDIGE))]
            for nr, rad in enumerate(rader):
                under += skjema(element, rad, f"{stien}/{nr}/", f"{felt.metadata['tittel']} {nr + 1}")
        else:
            egne.append(_felt(klasse, felt, type_, stien, verdi))
    return [Skjemagruppe(sti, tittel, tuple(egne)), *under]


def _felt(klasse: type[Any], felt: Field[Any], type_: Any, sti: str, verdi: Any) -> Skjemafelt:
    hva = veiledning(klasse, felt.name)
    hjelp = None if hva is None else f"{hva.betydning}" + (f" ({hva.hjemmel})" if hva.hjemmel else "")
    return Skjemafelt(
        sti=sti,
        tittel=felt.metadata["tittel"],
        hjelp=hjelp,
        slag=_slag(type_),
        verdi=_som_skrevet(verdi),
        muligheter=_muligheter(type_),
        paakrevd=felt.default is MISSING,
    )


def _slag(type_: Any) -> Feltslag:
    if type_ is bool:
        return Feltslag.JA_NEI
    if type_ in (int, Decimal):
        return Feltslag.TALL
    if type_ is date:
        return Feltslag.DATO
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return Feltslag.VALG
    return Feltslag.LISTE if get_origin(type_) is tuple else Feltslag.TEKST


def _muligheter(type_: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(type_, type) and issubclass(type_, StrEnum):
        return tuple((valg.value, VERDIER.get(valg, valg.value)) for valg in type_)
    return ()


def _som_skrevet(verdi: Any) -> str:
    match verdi:
        case None:
            return ""
        case bool():
            return "ja" if verdi else "nei"
        case list() | tuple():
            return ", ".join(map(_som_skrevet, verdi))
        case Decimal() | int():
            return str(verdi).replace(".", ",")
        case _:
            return str(verdi)


def les_skjema(klasse: type[Any], felt: Mapping[str, str], les_tall: LesTall, sti: str = "") -> Json:
    """What a form says, as JSON for the contract to read. What is empty is left out; dated lists are put in order."""
    raa: Json = {}
    typer = get_type_hints(klasse)
    for en in feltene(klasse):
        navn, type_ = camel(en.name), _uten_ingenting(typer[en.name])
        stien = f"{sti}{navn}"
        verdi: Any
        if (inni := _klasse(type_)) is not None:
            verdi = les_skjema(inni, felt, les_tall, f"{stien}/") or None
        elif (element := _element(type_)) is not None:
            verdi = [rad for rad in _rader(element, felt, les_tall, stien) if rad]
            if verdi and all(_DATO in rad for rad in verdi):
                verdi.sort(key=_datoen)
        else:
            verdi = _verdi(type_, felt.get(stien, "").strip(), les_tall)
        if verdi is not None:
            raa[navn] = verdi
    return raa


def _datoen(rad: Json) -> str:
    return str(rad[_DATO])


def _rader(element: type[Any], felt: Mapping[str, str], les_tall: LesTall, sti: str) -> Iterator[Json]:
    numre = {int(funnet) for navn in felt if (funnet := _nummer(navn, sti)) is not None}
    for nr in sorted(numre):
        yield les_skjema(element, felt, les_tall, f"{sti}/{nr}/")


def _nummer(navn: str, sti: str) -> str | None:
    foran = f"{sti}/"
    if not navn.startswith(foran):
        return None
    nr = navn.removeprefix(foran).split("/")[0]
    return nr if nr.isascii() and nr.isdigit() and len(nr) < len(str(10**4)) else None


def _verdi(type_: Any, tekst: str, les_tall: LesTall) -> Any:
    if not tekst:
        return None
    match _slag(type_):
        case Feltslag.JA_NEI:
            return {"ja": True, "nei": False}.get(tekst, tekst)
        case Feltslag.TALL:
            return les_tall(tekst)
        case Feltslag.LISTE:
            return [les_tall(del_.strip()) for del_ in tekst.split(",") if del_.strip()]
        case _:
            return tekst


def _uten_ingenting(type_: Any) -> Any:
    """The type itself, where there may also be nothing."""
    if get_origin(type_) is UnionType:
        return next(en for en in get_args(type_) if en is not type(None))
    return type_


def _element(type_: Any) -> type[Any] | None:
    """What a list of objects holds."""
    if get_origin(type_) is not tuple:
        return None
    return _klasse(get_args(type_)[0])


def _klasse(type_: Any) -> type[Any] | None:
    """The type itself, where it is an object of the contract."""
    return type_ if isinstance(type_, type) and is_dataclass(type_) else None


def som_dokument(oppsett: Kommuneoppsett) -> Json:
    """The whole document as JSON."""
    raa: Json = som_raa(oppsett)
    return raa


def med_rad(dokument: Json, del_: Oppsettsdel, nr: int | None, rad: Json) -> tuple[Json, int]:
    """The document with a row changed, or a new one put where it belongs; and where it stands.

    Args:
        dokument: the whole.
        del_: the part.
        nr: the row that is changed; nothing for a new one.
        rad: what it is to say.
    """
    rader = list(dokument.get(del_, ()))
    if nr is not None:
        rader[nr] = rad
        return {**dokument, del_.value: rader}, nr
    sted = len(rader)
    if del_ in {Oppsettsdel.VALG, Oppsettsdel.PRISREGISTER}:
        sted = sum(str(en[_DATO]) <= str(rad.get(_DATO, "9999")) for en in rader)
    rader.insert(sted, rad)
    return {**dokument, del_.value: rader}, sted


def uten_rad(dokument: Json, del_: Oppsettsdel, nr: int) -> Json:
    """The document without a row."""
    rader = list(dokument.get(del_, ()))
    del rader[nr]
    return {**dokument, del_.value: rader}


def utgangspunkt(oppsett: Kommuneoppsett, del_: Oppsettsdel) -> Json:
    """What a new row begins as: the newest one without its date, where the part is one row after the other."""
    rader = getattr(oppsett, del_.value)
    if del_ is Oppsettsdel.VALG and rader:
        siste = rader[-1]
        # A date for a new G belongs to its own year.
        raa: Json = som_raa(replace(siste, langtidsvalg=replace(siste.langtidsvalg, nytt_g_fra=None)))
    elif del_ is Oppsettsdel.PRISREGISTER and rader:
        raa = som_raa(rader[-1])
    else:
        return {}
    return {navn: verdi for navn, verdi in raa.items() if navn != _DATO}
