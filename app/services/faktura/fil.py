"""The finance system's file: lines as the kommune's columns ask for them. Pure.

Text from people is never run as a formula by a spreadsheet, and an amount below zero stays an amount.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.periode import aaret, maaneden
from app.db.lager.faktura import Fakturalinje, Linjeslag
from app.services.kommuneoppsett.faktura import (
    BELOEP,
    DATOER,
    Fakturaoppsett,
    Filform,
    Justering,
    Kilde,
    Kolonne,
    Kolonneformat,
)
from app.services.regneark import som_xlsx, uten_formel
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.rader import Sakstjeneste

_AAR: Final = 4
_TJENESTE: Final = {
    Sakstjeneste.LANGTIDSOPPHOLD: "opphold i institusjon",
    Sakstjeneste.PRAKTISK_BISTAND: "praktisk bistand",
}
_DATOFORM: Final = {
    Kolonneformat.AAAAMMDD: "%Y%m%d",
    Kolonneformat.DDMMAAAA: "%d%m%Y",
}


class Filtype(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    """The text file, also when its columns have fixed widths."""
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fakturarad:
    """A line with everything a column may ask for."""

    linje: Fakturalinje
    person_id: str
    ident: str = field(repr=False)
    navn: str | None = field(repr=False)
    referanse: str | None
    tjeneste: Sakstjeneste
    institusjon: str | None


def fra_til(periode: str) -> tuple[date, date]:
    """The first and the last day of a month or a year."""
    if len(periode) == _AAR:
        return aaret(int(periode))
    return maaneden(int(periode[:_AAR]), int(periode[_AAR + 1 :]))


def _tekst(rad: Fakturarad) -> str:
    hva, periode = _TJENESTE[rad.tjeneste], rad.linje.periode
    match rad.linje.slag:
        case Linjeslag.EGENANDEL:
            return f"Egenandel for {hva}, {periode}"
        case Linjeslag.KORREKSJON:
            return f"Rettet egenandel for {hva}, {periode}"
        case Linjeslag.ETTEROPPGJOER:
            return f"Etteroppgjør av egenandel for {hva}, {periode}"


def _kroner(rad: Fakturarad) -> Decimal:
    return Decimal(rad.linje.beloep_oere).scaleb(-2)


_VERDI: Final[Mapping[Kilde, Callable[[Fakturarad], Any]]] = {
    Kilde.LINJE_ID: lambda rad: str(rad.linje.id),
    Kilde.KJOERING: lambda rad: rad.linje.kjoering,
    Kilde.LINJETYPE: lambda rad: str(rad.linje.slag),
    Kilde.PERSONREFERANSE: lambda rad: rad.person_id,
    Kilde.FOEDSELSNUMMER: lambda rad: rad.ident,
    Kilde.NAVN: lambda rad: rad.navn,
    Kilde.SAK_ID: lambda rad: str(rad.linje.sak_id),
    Kilde.SAKSREFERANSE: lambda rad: rad.referanse,
    Kilde.TJENESTE: lambda rad: str(rad.tjeneste),
    Kilde.INSTITUSJON: lambda rad: rad.institusjon,
    Kilde.PERIODE: lambda rad: rad.linje.periode,
    Kilde.FRA_DATO: lambda rad: fra_til(rad.linje.periode)[0],
    Kilde.TIL_DATO: lambda rad: fra_til(rad.linje.periode)[1],
    Kilde.BELOEP_OERE: lambda rad: rad.linje.beloep_oere,
    Kilde.BELOEP_KRONER: _kroner,
    Kilde.VEDTAK_ID: lambda rad: None if rad.linje.vedtak_id is None else str(rad.linje.vedtak_id),
    Kilde.TEKST: _tekst,
}


def verdi(kolonne: Kolonne, rad: Fakturarad) -> Any:
    """What stands in a column, before it is written."""
    return kolonne.fast if kolonne.kilde is Kilde.FAST else _VERDI[kolonne.kilde](rad)


def som_tekst(kolonne: Kolonne, innhold: Any) -> str:
    """What stands in a column of a text file, on one line."""
    if innhold is None:
        return ""
    if kolonne.kilde in DATOER:
        form = None if kolonne.format is None else _DATOFORM.get(kolonne.format)
        return innhold.isoformat() if form is None else f"{innhold:{form}}"
    if kolonne.kilde is Kilde.BELOEP_KRONER:
        kroner = f"{innhold:.2f}"
        return kroner if kolonne.format is Kolonneformat.PUNKTUM else kroner.replace(".", ",")
    return " ".join(str(innhold).split()) if isinstance(innhold, str) else str(innhold)


def _celle(kolonne: Kolonne, innhold: Any) -> str:
    tekst = som_tekst(kolonne, innhold)
    return tekst if kolonne.kilde in BELOEP else uten_formel(tekst)


def fil(oppsett: Fakturaoppsett, rader: Sequence[Fakturarad], filtype: Filtype) -> bytes:
    """The file.

    Raises:
        KonfliktError: a value is longer than its column is wide.
    """
    kolonner = oppsett.kolonner
    if filtype is Filtype.XLSX:
        return som_xlsx("Fakturagrunnlag", [uten_formel(k.navn) for k in kolonner], _xlsx(kolonner, rader))
    if filtype is Filtype.JSON:
        alle = [{k.navn: _json(k, verdi(k, rad)) for k in kolonner} for rad in rader]
        return skriv_json(alle).encode()
    overskrift = [[k.navn for k in kolonner]] if oppsett.overskrift else []
    tabell = [[som_tekst(k, verdi(k, rad)) for k in kolonner] for rad in rader]
    if oppsett.filform is Filform.FAST_BREDDE:
        linjer = [_fast(kolonner, linje, bare_tekst=True) for linje in overskrift]
        linjer += [_fast(kolonner, linje) for linje in tabell]
        return "".join(f"{linje}\r\n" for linje in linjer).encode()
    ut = io.StringIO()
    skriver = csv.writer(ut, delimiter=";")
    skriver.writerows([uten_formel(navn) for navn in linje] for linje in overskrift)
    skriver.writerows([_celle(k, verdi(k, rad)) for k in kolonner] for rad in rader)
    return ut.getvalue().encode("utf-8-sig")


def _xlsx(kolonner: Sequence[Kolonne], rader: Iterable[Fakturarad]) -> Iterator[list[Any]]:
    for rad in rader:
        alle = [(kolonne, verdi(kolonne, rad)) for kolonne in kolonner]
        yield [
            innhold if isinstance(innhold, int | Decimal) else _celle(kolonne, innhold)
            for kolonne, innhold in alle
        ]


def _json(kolonne: Kolonne, innhold: Any) -> Any:
    """Amounts are numbers, exact; the rest is as in the text file, and what is unknown is null."""
    return innhold if innhold is None or isinstance(innhold, int | Decimal) else som_tekst(kolonne, innhold)


def _fast(kolonner: Sequence[Kolonne], celler: Sequence[str], *, bare_tekst: bool = False) -> str:
    return "".join(
        _i_bredde(kolonne, celle, bare_tekst=bare_tekst)
        for kolonne, celle in zip(kolonner, celler, strict=True)
    )


def _i_bredde(kolonne: Kolonne, celle: str, *, bare_tekst: bool) -> str:
    bredde = kolonne.bredde or len(celle)
    if bare_tekst:
        return celle[:bredde].ljust(bredde)
    if len(celle) > bredde:
        raise KonfliktError(
            Konflikt.KOLONNEN_ER_FOR_SMAL,
            f"Kolonnen {kolonne.navn} er {bredde} tegn bred, og en verdi er {len(celle)}. Gjør den bredere i oppsettet.",
        )
    fyll = kolonne.fyll or " "
    if kolonne.justering is Justering.VENSTRE:
        return celle.ljust(bredde, fyll)
    if fyll == "0" and celle.startswith("-"):
        # The sign stands first: 00-12 is no number.
        return "-" + celle[1:].rjust(bredde - 1, fyll)
    return celle.rjust(bredde, fyll)
