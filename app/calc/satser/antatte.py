"""Assumed rates over the law's, for a budget: what would it come to if.

What is calculated with them can never be taken for the real thing: the fingerprint says ``antatt``, and so does the
source of every rate that was assumed or carried past the day it was verified to.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Final

from app.calc.periode import aaret
from app.calc.satser import Satssamling, Satsserie, Satsverdi, gjeldende_satser
from app.calc.sporing import Sats

ANTATT: Final = "antatt-"
"""How the fingerprint of assumed rates begins."""

_ANTATT_KILDE: Final = "ANTATT, ikke vedtatt"
_HOEYEST: Final = Decimal(10) ** 9


class AntakelseError(ValueError):
    """The assumptions cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Antakelse:
    """One rate that is assumed from a day on."""

    id: str
    gjelder_fra: date
    verdi: Decimal


@dataclass(frozen=True, slots=True)
class Antakelser:
    """What is assumed.

    Attributes:
        satser: assumed values.
        viderefoer_til: rates are taken to hold until this day though nobody has verified it.
    """

    satser: tuple[Antakelse, ...] = ()
    viderefoer_til: date | None = None


def les_antakelser(tekst: str) -> Antakelser:
    """Read assumptions.

    Raises:
        AntakelseError: not TOML, or not what we expect in it.
    """
    try:
        raa: dict[str, Any] = tomllib.loads(tekst, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, InvalidOperation) as feil:
        raise AntakelseError(f"Antakelsene er ikke gyldig TOML: {feil}") from None
    ukjente = raa.keys() - {"sats", "videreforer_til"}
    if ukjente:
        raise AntakelseError(f"Ukjente felt i antakelsene: {', '.join(sorted(ukjente))}.")
    til = raa.get("videreforer_til")
    if til is not None and type(til) is not date:
        raise AntakelseError("videreforer_til skal være en dato, ÅÅÅÅ-MM-DD uten anførselstegn.")
    rader = raa.get("sats", [])
    if not isinstance(rader, list):
        raise AntakelseError("Hver antatt sats skal stå i sin egen [[sats]].")
    return Antakelser(tuple(_les(rad) for rad in rader), til)


def _les(rad: Any) -> Antakelse:
    if not isinstance(rad, dict) or rad.keys() != {"id", "gjelder_fra", "verdi"}:
        raise AntakelseError("Hver [[sats]] skal ha id, gjelder_fra og verdi, og ikke noe annet.")
    if type(rad["gjelder_fra"]) is not date:
        raise AntakelseError("gjelder_fra skal være en dato, ÅÅÅÅ-MM-DD uten anførselstegn.")
    if type(rad["verdi"]) not in {int, Decimal}:
        raise AntakelseError("verdi skal være et tall.")
    return Antakelse(str(rad["id"]), rad["gjelder_fra"], Decimal(rad["verdi"]))


def antatte_satser(antakelser: Antakelser) -> Satssamling:
    """The law's rates with the assumed ones over them.

    Raises:
        AntakelseError: no such rate, an amount that makes no sense, or a day before the rate begins.
    """
    ekte = gjeldende_satser()
    serier = dict(ekte.serier)
    for antatt in sorted(antakelser.satser, key=lambda en: en.gjelder_fra):
        if antatt.id not in serier:
            raise AntakelseError(
                f"Det finnes ingen sats {antatt.id!r}. Disse finnes: {', '.join(sorted(serier))}."
            )
        serier[antatt.id] = _med(serier[antatt.id], antatt)
    if antakelser.viderefoer_til is not None:
        serier = {id_: _videre(en, antakelser.viderefoer_til) for id_, en in serier.items()}
    merke = sha256(repr((ekte.versjon, antakelser)).encode()).hexdigest()[:16]
    return Satssamling(serier, ANTATT + merke)


def _med(serie: Satsserie, antatt: Antakelse) -> Satsserie:
    if not antatt.verdi.is_finite() or not 0 <= antatt.verdi <= _HOEYEST:
        raise AntakelseError(f"{antatt.id} kan ikke være {antatt.verdi}.")
    if serie.enhet == "prosent" and antatt.verdi > 100:  # noqa: PLR2004 - per cent
        raise AntakelseError(f"{antatt.id} er en prosent og kan ikke være {antatt.verdi}.")
    if antatt.gjelder_fra < serie.datoer[0]:
        raise AntakelseError(
            f"{antatt.id} begynner {serie.datoer[0]}; velg en senere dag enn {antatt.gjelder_fra}."
        )
    verdi = Satsverdi(antatt.gjelder_fra, None, antatt.verdi, _ANTATT_KILDE, "", "", None)
    node = Sats(
        serie.id,
        f"{serie.navn} (antatt)",
        antatt.verdi,
        serie.enhet,
        serie.hjemmel,
        antatt.gjelder_fra,
        f"{_ANTATT_KILDE}, gjelder fra {antatt.gjelder_fra}",
    )
    foer = [i for i, dag in enumerate(serie.datoer) if dag != antatt.gjelder_fra]
    rader = sorted(
        [*((serie.verdier[i], serie.noder[i]) for i in foer), (verdi, node)],
        key=lambda rad: rad[0].gjelder_fra,
    )
    return replace(
        serie,
        verdier=tuple(rad[0] for rad in rader),
        noder=tuple(rad[1] for rad in rader),
        datoer=tuple(rad[0].gjelder_fra for rad in rader),
        kontrollert_til=max(serie.kontrollert_til, aaret(antatt.gjelder_fra.year).til),
    )


def _videre(serie: Satsserie, til: date) -> Satsserie:
    if til <= serie.kontrollert_til:
        return serie
    noder = (*serie.noder[:-1], _ikke_kontrollert(serie.noder[-1], serie.kontrollert_til))
    return replace(serie, kontrollert_til=til, noder=noder)


def _ikke_kontrollert(node: Sats, til: date) -> Sats:
    return node._replace(kilde=f"{node.kilde}; ANTATT uendret etter {til}")
