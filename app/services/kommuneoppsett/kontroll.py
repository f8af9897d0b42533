"""What must hold across the fields of the document. The calculators' own checks are asked, never repeated."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise, takewhile
from typing import Any, Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.felles import manglende_satser
from app.calc.kontrakt.langtidsopphold import Valg, kontroller_valg
from app.calc.kontrakt.lesing import UGYLDIG, Deler, Ugyldig, gyldig
from app.calc.kontrakt.praktisk_bistand import Trinn, kontroller_stige
from app.calc.periode import aaret, dagen_foer
from app.calc.sporing import FOERSTE_DAG

VALGSATSER: Final = ("prosent_inntil_g", "prosent_over_g", "korttid_doegn", "dag_eller_natt")
STIGESATSER: Final = ("grunnbeloep", "grense_for_utgiftstak")


def ugyldig(feil: list[Feil], sti: str, kode: str, tekst: str) -> Ugyldig:
    """Report a fault; what stands in the place of the value."""
    feil.append(Feil(sti, kode, tekst))
    return UGYLDIG


def aarsvalg(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """Choices begin on a 1 January and are lawful that year; a date for the new G belongs to it."""
    fra, valg = deler["gjelder_fra"], deler["langtidsvalg"]
    if not gyldig(fra):
        return
    if (fra.month, fra.day) != (1, 1):
        ugyldig(
            feil,
            f"{sti}/gjelderFra",
            "ikke-foerste-januar",
            f"Valgene gjelder hele kalenderår, så datoen skal være 1. januar. Skriv {fra.year}-01-01.",
        )
    if fra < FOERSTE_DAG:
        _for_tidlig(f"{sti}/gjelderFra", feil)
    if gyldig(valg) and valg.nytt_g_fra is not None and valg.nytt_g_fra.year != fra.year:
        ugyldig(
            feil,
            f"{sti}/langtidsvalg/nyttGFra",
            "feil-aar",
            f"Datoen skal være i {fra.year}, året valgene gjelder fra. Rett datoen.",
        )
    if gyldig(valg):
        feil.extend(_valgfeil(valg, fra.year, sti))


def prisregister(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """Prices begin on the first of a month, and the ladder is whole that year."""
    fra = deler["gjelder_fra"]
    if not gyldig(fra):
        return
    if fra.day != 1:
        ugyldig(
            feil,
            f"{sti}/gjelderFra",
            "ikke-foerste-i-maaneden",
            f"Prisene gjelder hele måneder, så datoen skal være den første i en måned. Skriv {fra:%Y-%m}-01.",
        )
    if fra < FOERSTE_DAG:
        _for_tidlig(f"{sti}/gjelderFra", feil)
    if gyldig(deler["trinn"]):
        feil.extend(_stigefeil(deler["trinn"], fra.year, sti))


def institusjon(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """An institution has a cost, and its costs stand in order of date."""
    utgifter = deler["oppholdsutgift"]
    if utgifter == ():
        ugyldig(
            feil,
            f"{sti}/oppholdsutgift",
            "tom-liste",
            "Institusjonen har ingen oppholdsutgift. Legg til minst én, med dato og beløp per måned.",
        )
    _i_rekkefoelge(utgifter, f"{sti}/oppholdsutgift", feil)


def kommuneoppsett(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """The document as a whole; each row has been checked for the year it begins in."""
    if deler["tjenester"] == ():
        ugyldig(
            feil,
            f"{sti}/tjenester",
            "tom-liste",
            "Kommunen har ingen tjenester. Oppgi LANGTIDSOPPHOLD, PRAKTISK_BISTAND eller begge.",
        )
    _unike(deler["tjenester"], lambda tjeneste: tjeneste, f"{sti}/tjenester", "", feil)
    if deler["valg"] == ():
        ugyldig(
            feil,
            f"{sti}/valg",
            "tom-liste",
            "Kommunen har ingen valg. Legg til ett med gjelderFra; det som utelates, er standard.",
        )
    _unike(deler["institusjoner"], lambda inst: inst.kode, f"{sti}/institusjoner", "/kode", feil)
    for navn, kontroller in (("valg", _hvert_valg), ("prisregister", _hver_stige)):
        if _i_rekkefoelge(deler[navn], f"{sti}/{navn}", feil):
            for nr, (rad, aar) in enumerate(med_dekkede_aar(deler[navn])):
                _en_gang(kontroller(rad, aar, f"{sti}/{navn}/{nr}"), feil)


def med_dekkede_aar(rader: tuple[Any, ...]) -> Iterator[tuple[Any, Iterator[int]]]:
    """Each dated row with the calendar years in which it is in force on some day, without end for the last."""
    for nr, rad in enumerate(rader, start=1):
        slutt = dagen_foer(rader[nr].gjelder_fra) if nr < len(rader) else date.max
        yield rad, iter(range(rad.gjelder_fra.year, slutt.year + 1))


def har_satser(aar: int, satser: tuple[str, ...]) -> bool:
    """Whether the rates a check compares with are known for the year."""
    return not manglende_satser((aaret(aar).fra,), satser)


def _hvert_valg(rad: Any, aarene: Iterable[int], sti: str) -> Iterator[Feil]:
    for aar in takewhile(lambda aar: har_satser(aar, VALGSATSER), aarene):
        yield from _valgfeil(rad.langtidsvalg, aar, sti)


def _valgfeil(valg: Valg, aar: int, sti: str) -> list[Feil]:
    funnet: list[Feil] = []
    if har_satser(aar, VALGSATSER):
        # The date of a new G belongs to the first year only, and is checked there.
        kontroller_valg(aar, replace(valg, nytt_g_fra=None), f"{sti}/langtidsvalg", funnet)
    return funnet


def _hver_stige(rad: Any, aarene: Iterable[int], sti: str) -> Iterator[Feil]:
    for aar in takewhile(lambda aar: har_satser(aar, STIGESATSER), aarene):
        yield from _stigefeil(rad.trinn, aar, sti)


def _stigefeil(trinn: tuple[Trinn, ...], aar: int, sti: str) -> list[Feil]:
    funnet: list[Feil] = []
    if har_satser(aar, STIGESATSER):
        kontroller_stige(aar, trinn, f"{sti}/trinn", funnet)
    return [Feil(f.pointer, f.kode, f"I {aar}: {f.detail}") for f in funnet]


def _en_gang(funnet: Iterable[Feil], feil: list[Feil]) -> None:
    """The first year a fault shows is enough: the remedy is the same."""
    sett = {(f.pointer, f.kode): f for f in reversed(list(funnet))}
    feil.extend(reversed(sett.values()))


def _i_rekkefoelge(rader: Any, sti: str, feil: list[Feil]) -> bool:
    """Whether the dates rise strictly, so that it is plain how long each row applies."""
    if rader is UGYLDIG:
        return False
    foer = len(feil)
    leste = [(nr, rad) for nr, rad in enumerate(rader) if rad is not UGYLDIG]
    for (_, forrige), (nr, denne) in pairwise(leste):
        if denne.gjelder_fra == forrige.gjelder_fra:
            tekst = f"Datoen {denne.gjelder_fra} står flere ganger. Behold én rad per dato."
            ugyldig(feil, f"{sti}/{nr}/gjelderFra", "dobbel-dato", tekst)
        elif denne.gjelder_fra < forrige.gjelder_fra:
            tekst = f"Radene skal stå etter dato, og denne er før {forrige.gjelder_fra}. Flytt den opp."
            ugyldig(feil, f"{sti}/{nr}/gjelderFra", "feil-rekkefoelge", tekst)
    return len(feil) == foer and gyldig(rader)


def _unike(rader: Any, noekkel: Callable[[Any], str], sti: str, felt: str, feil: list[Feil]) -> None:
    if rader is UGYLDIG:
        return
    sett: set[str] = set()
    for nr, rad in enumerate(rader):
        if rad is UGYLDIG:
            continue
        if noekkel(rad) in sett:
            ugyldig(feil, f"{sti}/{nr}{felt}", "dobbel", "Står flere ganger. Fjern eller endre den ene.")
        sett.add(noekkel(rad))


def _for_tidlig(sti: str, feil: list[Feil]) -> None:
    tekst = f"Satsene begynner i {FOERSTE_DAG.year}. Skriv {FOERSTE_DAG} eller senere."
    ugyldig(feil, sti, "for-tidlig", tekst)
