"""What differs between two versions of the document, and from which day. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc.beloep import tall_paa_norsk
from app.calc.periode import dato_paa_norsk
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.kommuneoppsett.veiledning import VERDIER


class Oppsettsdel(StrEnum):
    """The dated parts of the document, as the document spells them, and the rest."""

    VALG = "valg"
    PRISREGISTER = "prisregister"
    INSTITUSJONER = "institusjoner"
    UTBETALERE = "utbetalere"
    RESTEN = "resten"


class Hva(StrEnum):
    """What has become of a row."""

    NY = "NY"
    ENDRET = "ENDRET"
    FJERNET = "FJERNET"


@dataclass(frozen=True, slots=True)
class Verdiforskjell:
    """One value, as people read it; nothing where there is none."""

    navn: str
    foer: str | None
    etter: str | None


@dataclass(frozen=True, slots=True)
class Oppsettsforskjell:
    """One row that differs.

    Attributes:
        del_: which part.
        gjelder: which of several, such as the code of an institution; empty where there is one.
        fra: the first day that differs; nothing for what has no date.
        hva: what has become of it.
        verdier: the values; of a new row against the one it takes over from, of one that is gone against the one that now holds.
    """

    del_: Oppsettsdel
    gjelder: str
    fra: date | None
    hva: Hva
    verdier: tuple[Verdiforskjell, ...]


def forskjeller(foer: Kommuneoppsett, etter: Kommuneoppsett) -> tuple[Oppsettsforskjell, ...]:
    """Every row that differs, by part and day."""
    gamle, nye = _rader(foer), _rader(etter)
    daterte = [
        en
        for noekkel in sorted({*gamle, *nye})
        for en in _daterte(*noekkel, gamle.get(noekkel, {}), nye.get(noekkel, {}))
    ]
    return (*daterte, *_udaterte(foer, etter))


_Noekkel = tuple[Oppsettsdel, str]


def _rader(oppsett: Kommuneoppsett) -> dict[_Noekkel, dict[date, Any]]:
    """The dated rows of each thing that has some."""
    funnet: dict[_Noekkel, dict[date, Any]] = {
        (Oppsettsdel.VALG, ""): {rad.gjelder_fra: rad for rad in oppsett.valg},
        (Oppsettsdel.PRISREGISTER, ""): {rad.gjelder_fra: rad for rad in oppsett.prisregister},
    }
    for institusjon in oppsett.institusjoner:
        utgifter = {rad.gjelder_fra: rad for rad in institusjon.oppholdsutgift}
        funnet[Oppsettsdel.INSTITUSJONER, institusjon.kode] = utgifter
    for utbetaler in oppsett.utbetalere:
        noekkel = (Oppsettsdel.UTBETALERE, utbetaler.organisasjonsnummer)
        funnet.setdefault(noekkel, {})[utbetaler.gjelder_fra] = utbetaler
    return funnet


def _daterte(
    del_: Oppsettsdel, gjelder: str, gamle: Mapping[date, Any], nye: Mapping[date, Any]
) -> Iterator[Oppsettsforskjell]:
    for fra in sorted({*gamle, *nye}):
        gammel, ny = gamle.get(fra), nye.get(fra)
        if gammel == ny:
            continue
        hva = Hva.NY if gammel is None else Hva.FJERNET if ny is None else Hva.ENDRET
        # What holds the day before holds on where a row is missing.
        verdier = _verdier(gammel or _gjaldt(gamle, fra), ny or _gjaldt(nye, fra))
        yield Oppsettsforskjell(del_, gjelder, fra, hva, verdier)


def _gjaldt(rader: Mapping[date, Any], dag: date) -> Any:
    tidligere = [fra for fra in rader if fra < dag]
    return rader[max(tidligere)] if tidligere else None


def _udaterte(foer: Kommuneoppsett, etter: Kommuneoppsett) -> Iterator[Oppsettsforskjell]:
    daterte = {del_.value for del_ in Oppsettsdel}
    gamle, nye = (
        {felt.name: getattr(en, felt.name) for felt in fields(Kommuneoppsett) if felt.name not in daterte}
        for en in (foer, etter)
    )
    titler = {felt.name: felt.metadata["tittel"] for felt in fields(Kommuneoppsett)}
    for navn in gamle:
        if gamle[navn] != nye[navn]:
            verdier = _verdier(gamle[navn], nye[navn], titler[navn])
            yield Oppsettsforskjell(Oppsettsdel.RESTEN, titler[navn], None, Hva.ENDRET, verdier)
    gamle_navn, nye_navn = ({inst.kode: inst.navn for inst in en.institusjoner} for en in (foer, etter))
    for kode in sorted({*gamle_navn, *nye_navn}):
        if gamle_navn.get(kode) != nye_navn.get(kode):
            verdi = Verdiforskjell("Institusjonens navn", gamle_navn.get(kode), nye_navn.get(kode))
            hva = Hva.NY if kode not in gamle_navn else Hva.FJERNET if kode not in nye_navn else Hva.ENDRET
            yield Oppsettsforskjell(Oppsettsdel.INSTITUSJONER, kode, None, hva, (verdi,))


def _verdier(foer: Any, etter: Any, navn: str = "") -> tuple[Verdiforskjell, ...]:
    gamle, nye = dict(_blader(foer, navn)), dict(_blader(etter, navn))
    return tuple(
        Verdiforskjell(sti, gamle.get(sti), nye.get(sti))
        for sti in dict.fromkeys((*gamle, *nye))
        if gamle.get(sti) != nye.get(sti)
    )


_UTEN: Final = frozenset({"gjelder_fra"})


def _blader(verdi: Any, navn: str) -> Iterator[tuple[str, str]]:
    """Every value below one, by the names people know them by."""
    if verdi is None or verdi == ():
        return
    if is_dataclass(verdi):
        for felt in fields(verdi):
            if felt.name not in _UTEN:
                yield from _blader(getattr(verdi, felt.name), _under(navn, felt.metadata["tittel"]))
    elif isinstance(verdi, tuple) and is_dataclass(verdi[0]):
        for nr, en in enumerate(verdi, start=1):
            yield from _blader(en, f"{navn} {nr}")
    else:
        yield navn, som_ord(verdi)


def _under(navn: str, tittel: str) -> str:
    return f"{navn}: {tittel}" if navn else tittel


def som_ord(verdi: Any) -> str:
    """One value as people read it."""
    match verdi:
        case StrEnum():
            return VERDIER.get(verdi, verdi.value)
        case bool():
            return "ja" if verdi else "nei"
        case int() | Decimal():
            return tall_paa_norsk(verdi)
        case date():
            return dato_paa_norsk(verdi)
        case tuple():
            return ", ".join(map(som_ord, verdi))
        case _:
            return str(verdi)
