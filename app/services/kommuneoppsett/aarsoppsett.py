"""What the document says for one calendar year. Pure: entries from later years change nothing.

This is why every setting is dated: last year is computed again with last year's choices and prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandValg, Prisregister
from app.calc.periode import aaret, maanedsnoekkel
from app.calc.poster.katalog import Utbetaler, Utbetalerart
from app.calc.poster.typer import Gruppe
from app.services.kommuneoppsett.dokument import (
    Aarsvalg,
    DatertPrisregister,
    Fremskriving,
    Institusjon,
    Kommuneoppsett,
    Sykehusdoegn,
)
from app.services.kommuneoppsett.raa import som_raa

Json = dict[str, Any]


class _Datert(Protocol):
    @property
    def gjelder_fra(self) -> date: ...


D = TypeVar("D", bound=_Datert)


class OppsettManglerError(LookupError):
    """The kommune has decided nothing that covers what is asked for; the text says what to add."""


@dataclass(frozen=True, slots=True)
class Aarsoppsett:
    """The kommune's choices, costs and prices in one calendar year."""

    aar: int
    langtid: Valg
    bistand: PraktiskBistandValg
    sykehusdoegn: Sykehusdoegn
    minstebeloep_etteroppgjoer: Decimal
    """The least sum that is settled, kroner."""
    automatisk_vedtak_grense: Decimal | None
    """The largest change of a month that is decided on without a caseworker, kroner; ``None`` is never."""
    godkjenning_over_maaned: Decimal | None
    """The largest amount of a month that one person may decide, kroner; ``None`` is any."""
    godkjenning_over_endring: Decimal | None
    """The largest change of a month that one person may decide, kroner; ``None`` is any."""
    fremskriving: Mapping[Gruppe, Decimal]
    """Factor from the last settlement to this year, for every income group; one means unchanged."""
    institusjoner: tuple[Institusjon, ...]
    """Those with a cost in force in the year, with those costs only."""
    prisregistre: tuple[DatertPrisregister, ...]
    """Those in force on some day of the year, in order."""
    utbetalere: tuple[Utbetaler, ...]
    """Pension payers; each says itself from when."""

    @property
    def langtidsvalg(self) -> Json:
        """``valg`` of a langtidsopphold request, every choice written out."""
        return _json(self.langtid)

    @property
    def bistandsvalg(self) -> Json:
        """``valg`` of a praktisk-bistand request, every choice written out."""
        return _json(self.bistand)

    def prisregister(self, maaned: str) -> Json:
        """The calculators' price register in a month (``YYYY-MM``) of the year.

        Empty before the kommune's first prices: then only the state's cap is known, and the calculator
        refuses hours it finds no price for.
        """
        gjelder = [rad for rad in self.prisregistre if maanedsnoekkel(rad.gjelder_fra) <= maaned]
        return _json(gjelder[-1].register if gjelder else Prisregister())

    @property
    def priser(self) -> Json:
        """``prisregister`` and ``prisendringer`` of a praktisk-bistand request for the whole year."""
        fra = aaret(self.aar).fra
        endringer = [
            {"fraMaaned": maanedsnoekkel(rad.gjelder_fra), "prisregister": _json(rad.register)}
            for rad in self.prisregistre
            if rad.gjelder_fra > fra
        ]
        return {"prisregister": self.prisregister(maanedsnoekkel(fra)), "prisendringer": endringer}

    def oppholdsutgift(self, kode: str) -> tuple[tuple[date, Decimal], ...]:
        """What a place costs a month, kroner, with the date from which; the first may begin before the year.

        Raises:
            OppsettManglerError: no such institution, or no cost of it in force in the year.
        """
        for institusjon in self.institusjoner:
            if institusjon.kode == kode:
                return tuple((rad.gjelder_fra, rad.beloep_per_maaned) for rad in institusjon.oppholdsutgift)
        raise OppsettManglerError(
            f"Oppsettet har ingen oppholdsutgift for institusjonen «{kode}» i {self.aar}. Legg til institusjonen, "
            f"eller en oppholdsutgift som gjelder senest fra {self.aar}-12-31."
        )


def aarsoppsett(oppsett: Kommuneoppsett, aar: int) -> Aarsoppsett:
    """What applies in a calendar year.

    Raises:
        OppsettManglerError: the kommune's first choices begin after the year.
    """
    valg = _i_kraft(oppsett, aar)
    langtid = valg.langtidsvalg
    if langtid.nytt_g_fra is not None and langtid.nytt_g_fra.year != aar:
        # A date belongs to its own year; in later years the state's applies until the kommune enters its own.
        langtid = replace(langtid, nytt_g_fra=None)
    institusjoner = (
        replace(inst, oppholdsutgift=_i_aaret(inst.oppholdsutgift, aar)) for inst in oppsett.institusjoner
    )
    return Aarsoppsett(
        aar=aar,
        langtid=langtid,
        bistand=valg.bistandsvalg,
        sykehusdoegn=valg.sykehusdoegn,
        minstebeloep_etteroppgjoer=valg.minstebeloep_etteroppgjoer,
        automatisk_vedtak_grense=valg.automatisk_vedtak_grense,
        godkjenning_over_maaned=valg.godkjenning_over_maaned,
        godkjenning_over_endring=valg.godkjenning_over_endring,
        fremskriving={
            Gruppe(camel(felt.name)): getattr(valg.fremskriving, felt.name) for felt in fields(Fremskriving)
        },
        institusjoner=tuple(inst for inst in institusjoner if inst.oppholdsutgift),
        prisregistre=_i_aaret(oppsett.prisregister, aar),
        utbetalere=tuple(
            Utbetaler(
                rad.organisasjonsnummer,
                rad.navn,
                Utbetalerart(rad.ordning),
                rad.gjelder_fra,
                rad.gjelder_til,
                rad.kilde,
            )
            for rad in oppsett.utbetalere
        ),
    )


def _i_kraft(oppsett: Kommuneoppsett, aar: int) -> Aarsvalg:
    gjelder = _i_aaret(oppsett.valg, aar)
    if not gjelder:
        raise OppsettManglerError(
            f"Kommunens valg begynner {oppsett.valg[0].gjelder_fra} og dekker ikke {aar}. "
            f"Legg til valg med gjelderFra {aar}-01-01 eller tidligere."
        )
    return gjelder[-1]


def _i_aaret(rader: tuple[D, ...], aar: int) -> tuple[D, ...]:
    """The dated rows in force on some day of the year."""
    fra, til = aaret(aar)
    foer = [rad for rad in rader if rad.gjelder_fra <= fra]
    return (*foer[-1:], *(rad for rad in rader if fra < rad.gjelder_fra <= til))


def _json(verdi: object) -> Json:
    ferdig: Json = som_raa(verdi)
    return ferdig
