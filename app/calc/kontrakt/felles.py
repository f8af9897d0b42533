"""What the three calculators' answers and checks have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import Leser, Skjema, Tekst, felt
from app.calc.periode import aaret
from app.calc.satser import SatsManglerError, Satssamling, sats, satser_i_bruk
from app.calc.sporing import FOERSTE_DAG


@dataclass(frozen=True, slots=True)
class Varsel:
    """Something the caseworker should know about an answer that could be given."""

    kode: str = felt(Tekst(60), "Fast kode")
    tekst: str = felt(Tekst(500), "Hva varselet gjelder og hva som bør gjøres")


def kontroller_aar(aar: int, satser: tuple[str, ...], sti: str, feil: list[Feil]) -> bool:
    """Whether every rate exists on the first and the last day of the year; the fault names the missing ones."""
    if aar < FOERSTE_DAG.year:
        tekst = f"Satsene begynner i {FOERSTE_DAG.year}, så {aar} kan ikke beregnes. Velg et senere år."
        feil.append(Feil(sti, "sats-mangler", tekst))
        return False
    mangler = manglende_satser((aaret(aar).fra, aaret(aar).til), satser)
    if mangler:
        feil.append(Feil(sti, "sats-mangler", f"{mangeltekst(mangler, str(aar))} Velg et år som er dekket."))
    return not mangler


def manglende_satser(datoer: tuple[date, ...], satser: tuple[str, ...]) -> tuple[SatsManglerError, ...]:
    """One entry for each rate that is missing on one of the dates."""
    return _manglende(satser_i_bruk(), datoer, satser)


@lru_cache(maxsize=512)
def _manglende(
    _: Satssamling, datoer: tuple[date, ...], satser: tuple[str, ...]
) -> tuple[SatsManglerError, ...]:
    # Every request asks about the same few years. The rates in use are those of the first argument.
    mangler = []
    for id_ in satser:
        for dato in datoer:
            try:
                sats(id_, dato)
            except SatsManglerError as feil:
                mangler.append(feil.with_traceback(None))
                break
    return tuple(mangler)


def mangeltekst(mangler: Sequence[SatsManglerError], naar: str) -> str:
    """Which rates are missing, and how far each is verified."""
    navn = ", ".join(f"{m.navn} ({m.id}, kontrollert {m.foerste}–{m.siste})" for m in mangler)
    return f"Det mangler kontrollert sats for {naar}: {navn}."


class Forklaring(Leser):
    """The explanation tree; only ever written."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """Answers are not read back into nodes."""
        raise TypeError("forklaringen leses ikke")

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """A node: the number, its reason, and the nodes it came from."""
        tekst_eller_null = {"type": ["string", "null"]}
        navngitte["Node"] = {
            "type": "object",
            "title": "Node",
            "description": "Ett tall med begrunnelse. Roten er svaret.",
            "properties": {
                "id": {"type": "string", "description": "Fast navn på regelen, satsen eller faktumet"},
                "type": {"type": "string", "enum": ["FAKTUM", "SATS", "STEG"]},
                "navn": {"type": "string"},
                "verdi": {"type": ["number", "string"], "description": "Tall, eller dato som tekst"},
                "enhet": {"type": "string"},
                "hjemmel": {**tekst_eller_null, "description": "Paragraf, ledd, punktum og versjon"},
                "formel": {**tekst_eller_null, "description": "Utregningen i ord og tall"},
                "kilde": {**tekst_eller_null, "description": "Hvor verdien kommer fra"},
                "barn": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
            },
            "required": ["id", "type", "navn", "verdi", "enhet", "hjemmel", "formel", "kilde", "barn"],
            "additionalProperties": False,
        }
        return {"$ref": "#/components/schemas/Node"}
