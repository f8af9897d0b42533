"""The running year from a-ordningen: income codes into groups, projected from the complete months.

A month is used from the 10th of the next, never before. Complete months count as reported; the last of them
stands for each month to come, except for what is paid once. It is an estimate until the skatteoppgjør.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from app.calc.beloep import NULL, eksakt_regning
from app.calc.periode import MAANEDER_I_AARET, MAANEDSNAVN, dagen_etter, maaneden
from app.calc.poster.katalog import (
    Behandling3,
    Behandling10,
    Katalog,
    KatalogfeilError,
    Koderad,
    Utbetaler,
    gruppe_for_utbetaler,
    gyldig_organisasjonsnummer,
    katalogen,
    katalogversjon,
    varsel,
)
from app.calc.poster.noder import (
    GRUPPESUM,
    KJENTE_MAANEDER,
    OMSORGSSTOENAD,
    SISTE_MAANED,
    SUM_FORSKUDDSTREKK,
    SUM_INNTEKT,
    aarsanslag,
    siste_dag,
    summer,
)
from app.calc.poster.typer import (
    Api,
    Gruppe,
    Skjermet,
    UfullstendigGrunnlagError,
    UkjentPlasseringError,
    Varsel,
    Varselkode,
)
from app.calc.sporing import Enhet, Faktum, Node, Steg

UTGIFTSGODTGJOERELSE: Final = "utgiftsgodtgjoerelse"
_UTGIFTSDEKNING: Final = "utgiftsdekning"
_YTELSER: Final = {"kontantytelse", "naturalytelse"}
_UKJENT = "Koden er ikke i katalogen. Inntekten må plasseres."
_UGYLDIG = "Koden er ikke gyldig for denne måneden. Inntekten må plasseres."
_FORDEL = "Inntekten er ikke rapportert slik koden tilsier. Den må plasseres."


@dataclass(frozen=True, slots=True)
class Inntektslinje:
    """One ``inntekt`` of an oppgave; ``inntektstype`` is loennsinntekt, ytelseFraOffentlige and so on."""

    inntektstype: str
    beskrivelse: str
    fordel: str
    beloep: Decimal = field(repr=False)
    inngaar_i_grunnlag_for_trekk: bool = True


@dataclass(frozen=True, slots=True)
class Inntektsoppgave:
    """What one payer reported for one month (``YYYY-MM``)."""

    kalendermaaned: str
    opplysningspliktig: str = field(repr=False)
    inntekter: tuple[Inntektslinje, ...]
    forskuddstrekk: tuple[Decimal, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Inntektssvar:
    """One person's oppgaver in one calendar year. The answer is the whole truth for the months asked for."""

    aar: int
    oppgaver: tuple[Inntektsoppgave, ...]
    skjermet: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Kodenoekkel:
    """What a figure is known by: code, payer and kind of benefit."""

    inntektstype: str
    beskrivelse: str
    opplysningspliktig: str = field(repr=False)
    """Organisation number, or the national id of a private employer; hence never shown unless the former."""
    fordel: str

    @property
    def utbetaler(self) -> str:
        """The payer as it may be shown."""
        nummer = self.opplysningspliktig
        return nummer if gyldig_organisasjonsnummer(nummer) else "privat arbeidsgiver"


@dataclass(frozen=True, slots=True)
class Kodeplassering:
    """A caseworker's decision on a code that waits for one. ``gruppe`` ``None`` means not income."""

    noekkel: Kodenoekkel
    gruppe: Gruppe | None
    begrunnelse: str
    fremfoeres: bool


@dataclass(frozen=True, slots=True)
class Kodeomtale:
    """A code that is ignored or waits for a caseworker; the amount is the sum of the complete months."""

    noekkel: Kodenoekkel
    beloep: Decimal = field(repr=False)
    grunn: str
    hjemmel: str | None


@dataclass(frozen=True, slots=True)
class Aarsanslag:
    """The estimate of the year. Always foreløpig; a group without figures is absent, not zero."""

    aar: int
    grupper: dict[Gruppe, Steg] = field(repr=False)
    inntekt: Steg | None = field(repr=False)
    forskuddstrekk: Steg | None = field(repr=False)
    omsorgsstoenad: Steg | None = field(repr=False)
    """Proposal for § 10's subtraction; the code also covers fosterhjemsgodtgjørelse."""
    maa_plasseres: tuple[Kodeomtale, ...]
    ukjente: tuple[Kodeomtale, ...]
    ikke_inntekt: tuple[Kodeomtale, ...]
    siste_maaned: str | None
    """The month carried forward: the last complete month that has any oppgave."""
    ikke_komplette: tuple[str, ...]
    varsler: tuple[Varsel, ...]
    katalogversjon: str

    @property
    def aapne(self) -> int:
        """How many things a caseworker must settle before the estimate may be used."""
        return (
            len(self.maa_plasseres)
            + len(self.ukjente)
            + (self.inntekt is None)
            + (self.forskuddstrekk is None)
            + sum(steg.verdi < NULL for steg in self.grupper.values())
        )

    def kalkulatorfelter(self) -> dict[str, Any]:
        """``inntekter`` and ``skatt`` as the calculator's contract spells them.

        Raises:
            UfullstendigGrunnlagError: something is still open.
        """
        if self.aapne or self.forskuddstrekk is None:
            raise UfullstendigGrunnlagError(self.aapne)
        return {
            "inntekter": {str(gruppe): steg.verdi for gruppe, steg in self.grupper.items()},
            "skatt": {"beregnetSkatt": self.forskuddstrekk.verdi},
        }


@cache
def _komplett_fra_dag() -> int:
    raa = tomllib.loads(files("app.calc.poster").joinpath("fremskriving.toml").read_text("utf-8"))
    if raa.keys() != {"komplett_fra_dag", "kilde"}:
        raise KatalogfeilError("fremskriving.toml: feltene skal være komplett_fra_dag og kilde")
    return int(raa["komplett_fra_dag"])


def komplett_fra(aar: int, maaned: int) -> date:
    """The day a month may be used from: the 10th of the month after."""
    return dagen_etter(maaneden(aar, maaned).til).replace(day=_komplett_fra_dag())


def er_komplett(aar: int, maaned: int, per_dato: date) -> bool:
    """Whether a month may be used on a day."""
    return per_dato >= komplett_fra(aar, maaned)


def komplette_maaneder(aar: int, per_dato: date) -> int:
    """How many months of a year may be used on a day."""
    return sum(er_komplett(aar, maaned, per_dato) for maaned in range(1, MAANEDER_I_AARET + 1))


def anslag_for_aaret(
    svar: Inntektssvar,
    per_dato: date,
    plasseringer: tuple[Kodeplassering, ...] = (),
    utbetalere: tuple[Utbetaler, ...] = (),
) -> Aarsanslag | Skjermet:
    """The year's § 3 income from the months known on ``per_dato``.

    Args:
        svar: the oppgaver.
        per_dato: the day that decides which months are complete.
        plasseringer: the caseworker's decisions.
        utbetalere: pension payers the kommune has found out about, after the catalogue's own.

    Raises:
        UkjentPlasseringError: a placement points at nothing that waits.
        ValueError: an oppgave of another year, or a placement without a reason.
    """
    if svar.skjermet:
        return Skjermet(svar.aar, Api.INNTEKT)
    with eksakt_regning():
        return _Anslag(svar, per_dato, plasseringer, katalogen().med(utbetalere)).lag()


def _maaned(svar: Inntektssvar, oppgave: Inntektsoppgave) -> int:
    aar, _, maaned = oppgave.kalendermaaned.partition("-")
    if int(aar) != svar.aar or not 1 <= int(maaned) <= MAANEDER_I_AARET:
        raise ValueError("en oppgave gjelder ikke året som skal anslås")
    return int(maaned)


class _Anslag:
    """One estimate being made."""

    def __init__(
        self,
        svar: Inntektssvar,
        per_dato: date,
        plasseringer: tuple[Kodeplassering, ...],
        katalog: Katalog,
    ) -> None:
        self.aar = svar.aar
        self.katalog = katalog
        if not all(valg.begrunnelse.strip() for valg in plasseringer):
            raise ValueError("en plassering mangler begrunnelse")
        self.plasseringer = {valg.noekkel: valg for valg in plasseringer}
        if len(self.plasseringer) < len(plasseringer):
            raise ValueError("samme kode er plassert to ganger")
        alle = [(_maaned(svar, oppgave), oppgave) for oppgave in svar.oppgaver]
        self.oppgaver = [(m, o) for m, o in alle if er_komplett(svar.aar, m, per_dato)]
        brukt = {m for m, _ in self.oppgaver}
        self.siste = max(brukt, default=0)
        self.ikke_komplette = sorted({m for m, _ in alle} - brukt)
        komplette = {m for m in range(1, MAANEDER_I_AARET + 1) if er_komplett(svar.aar, m, per_dato)}
        self.uten_oppgave = sorted(komplette - brukt)
        self.varsler: list[Varsel] = []
        self.plasseres: list[Kodeomtale] = []
        self.ukjente: list[Kodeomtale] = []
        self.ikke_inntekt: list[Kodeomtale] = []

    def lag(self) -> Aarsanslag:
        """Work through the codes and put the estimate together."""
        dag = siste_dag(self.aar)
        ledd: dict[Gruppe, list[Node]] = {}
        omsorg: list[Node] = []
        for noekkel, per_maaned in sorted(self._samlet().items()):
            rad = self.katalog.koder.get((noekkel.inntektstype, noekkel.beskrivelse))
            self._varsle(noekkel, rad, per_maaned)
            gruppe, fremfoeres = self._plasser(noekkel, rad, per_maaned)
            if gruppe is None:
                continue
            node = self._aarsnode(noekkel, per_maaned, fremfoeres)
            ledd.setdefault(gruppe, []).append(node)
            if rad is not None and rad.paragraf10.behandling is Behandling10.OMSORGSSTOENAD:
                omsorg.append(node)
        if self.plasseringer:
            raise UkjentPlasseringError(next(iter(self.plasseringer)).beskrivelse)
        grupper = {g: GRUPPESUM[g](*ledd[g], dato=dag) for g in Gruppe if g in ledd}
        inntekt = summer(SUM_INNTEKT, list(grupper.values()), dag)
        trekk = self._forskuddstrekk()
        return Aarsanslag(
            self.aar,
            grupper,
            inntekt,
            trekk,
            summer(OMSORGSSTOENAD, omsorg, dag),
            tuple(self.plasseres),
            tuple(self.ukjente),
            tuple(self.ikke_inntekt),
            self._noekkel(self.siste) if self.siste else None,
            tuple(self._noekkel(m) for m in self.ikke_komplette),
            tuple(self._varsler(inntekt)),
            katalogversjon(),
        )

    def _noekkel(self, maaned: int) -> str:
        return f"{self.aar:04d}-{maaned:02d}"

    def _samlet(self) -> dict[Kodenoekkel, dict[int, list[Inntektslinje]]]:
        samlet: dict[Kodenoekkel, dict[int, list[Inntektslinje]]] = {}
        for maaned, oppgave in self.oppgaver:
            for linje in oppgave.inntekter:
                noekkel = Kodenoekkel(
                    linje.inntektstype, linje.beskrivelse, oppgave.opplysningspliktig, linje.fordel
                )
                samlet.setdefault(noekkel, {}).setdefault(maaned, []).append(linje)
        return samlet

    def _plasser(
        self, noekkel: Kodenoekkel, rad: Koderad | None, per_maaned: dict[int, list[Inntektslinje]]
    ) -> tuple[Gruppe | None, bool]:
        """The group and whether the last month is carried forward; ``None`` when the code is not counted."""
        gruppe, grunn, aapen = self._avgjoer(noekkel, rad, per_maaned)
        valg = self.plasseringer.pop(noekkel, None) if aapen else None
        if valg is not None:
            gruppe, grunn = valg.gruppe, f"Plassert av saksbehandler: {valg.begrunnelse}"
        if gruppe is not None:
            return gruppe, valg.fremfoeres if valg is not None else rad is not None and rad.fremfoeres
        beloep = sum((linje.beloep for linjer in per_maaned.values() for linje in linjer), NULL)
        omtale = Kodeomtale(noekkel, beloep, grunn, None if rad is None else str(rad.paragraf3.hjemmel))
        liste = self.ikke_inntekt
        if aapen and valg is None:
            liste = self.ukjente if grunn in (_UKJENT, _UGYLDIG) else self.plasseres
        liste.append(omtale)
        return None, False

    def _avgjoer(
        self, noekkel: Kodenoekkel, rad: Koderad | None, maaneder: Iterable[int]
    ) -> tuple[Gruppe | None, str, bool]:
        """Group, reason, and whether a caseworker must decide."""
        if rad is None or not all(_gyldig(rad, self._noekkel(m)) for m in maaneder):
            return None, _UKJENT if rad is None else _UGYLDIG, True
        utgiftsdekning = self.katalog.avgjoerelser3[_UTGIFTSDEKNING]
        if noekkel.fordel == UTGIFTSGODTGJOERELSE:
            return None, utgiftsdekning.grunn, False
        regel = rad.paragraf3
        if regel is utgiftsdekning or noekkel.fordel not in _YTELSER:
            return None, _FORDEL, True
        gruppe = regel.gruppe
        if regel.behandling is Behandling3.ETTER_UTBETALER:
            kjent = self.katalog.utbetaler(noekkel.opplysningspliktig, siste_dag(self.aar))
            gruppe = None if kjent is None else gruppe_for_utbetaler(regel, kjent.art)
        return gruppe, regel.grunn, gruppe is None and regel.behandling is not Behandling3.IKKE_INNTEKT

    def _aarsnode(
        self, noekkel: Kodenoekkel, per_maaned: dict[int, list[Inntektslinje]], fremfoeres: bool
    ) -> Node:
        """Known months, and the last of them for the rest of the year when it may be carried forward."""
        merke = ".".join((noekkel.beskrivelse, noekkel.utbetaler, noekkel.fordel))
        navn = f"{noekkel.inntektstype}, {noekkel.beskrivelse}"
        per = {
            maaned: self._faktum(
                f"{merke}.{self._noekkel(maaned)}",
                f"{navn}, {MAANEDSNAVN[maaned - 1]}",
                sum((linje.beloep for linje in linjer), NULL),
                f"{noekkel.beskrivelse}, utbetaler {noekkel.utbetaler}, {self._noekkel(maaned)}",
            )
            for maaned, linjer in sorted(per_maaned.items())
        }
        return self._fremskriv(per, merke, fremfoeres)

    def _faktum(self, id: str, navn: str, beloep: Decimal, kilde: str) -> Faktum:
        return Faktum(
            f"inntekt.{id}", navn, beloep, Enhet.KRONER_PER_MAANED, f"{Api.INNTEKT} {self.aar}, {kilde}"
        )

    def _fremskriv(self, per: dict[int, Faktum], merke: str, fremfoeres: bool) -> Steg:
        dag = siste_dag(self.aar)
        kjent = KJENTE_MAANEDER(*per.values(), dato=dag, merke=merke)
        rest = MAANEDER_I_AARET - self.siste
        if not fremfoeres or not rest or self.siste not in per:
            return kjent
        return aarsanslag(
            kjent,
            SISTE_MAANED(per[self.siste], dato=dag, merke=merke),
            Faktum(
                "inntekt.maaneder_igjen",
                "Måneder som siste måned står for",
                Decimal(rest),
                Enhet.MAANEDER,
                f"{Api.INNTEKT} {self.aar}, etter {self._noekkel(self.siste)}",
            ),
            dato=dag,
            merke=merke,
        )

    def _forskuddstrekk(self) -> Steg | None:
        """Withheld tax, projected like income. The sign is not documented, so it must be one and the same."""
        alle = [(m, beloep) for m, oppgave in self.oppgaver for beloep in oppgave.forskuddstrekk]
        if not alle:
            return None
        if any(beloep > 0 for _, beloep in alle) and any(beloep < 0 for _, beloep in alle):
            self.varsler.append(varsel(Varselkode.FORSKUDDSTREKK_FORTEGN))
            return None
        per = {
            maaned: self._faktum(
                f"forskuddstrekk.{self._noekkel(maaned)}",
                f"Skatt trukket, {MAANEDSNAVN[maaned - 1]}",
                abs(sum((beloep for m, beloep in alle if m == maaned), NULL)),
                f"forskuddstrekk, {self._noekkel(maaned)}",
            )
            for maaned in sorted({m for m, _ in self.oppgaver})
        }
        return SUM_FORSKUDDSTREKK(self._fremskriv(per, "forskuddstrekk", True), dato=siste_dag(self.aar))

    def _varsle(
        self, noekkel: Kodenoekkel, rad: Koderad | None, per_maaned: dict[int, list[Inntektslinje]]
    ) -> None:
        trekkpliktig = noekkel.fordel == UTGIFTSGODTGJOERELSE and any(
            linje.inngaar_i_grunnlag_for_trekk for linjer in per_maaned.values() for linje in linjer
        )
        nye = [varsel(kode) for kode in (() if rad is None else rad.varsler)]
        if trekkpliktig:
            nye.append(varsel(Varselkode.TREKKPLIKTIG_GODTGJOERELSE, navn=noekkel.beskrivelse))
        self.varsler.extend(v for v in nye if v not in self.varsler)

    def _varsler(self, inntekt: Steg | None) -> list[Varsel]:
        tillegg = [varsel(Varselkode.FORELOEPIG)]
        if inntekt is None:
            tillegg.append(varsel(Varselkode.INGEN_POSTER))
        for kode, maaneder in (
            (Varselkode.MAANED_IKKE_KOMPLETT, self.ikke_komplette),
            (Varselkode.MAANED_UTEN_OPPGAVE, self.uten_oppgave),
        ):
            if maaneder:
                tillegg.append(varsel(kode, maaneder=", ".join(MAANEDSNAVN[m - 1] for m in maaneder)))
        return self.varsler + tillegg


def _gyldig(rad: Koderad, maaned: str) -> bool:
    return (rad.gyldig_fra is None or rad.gyldig_fra <= maaned) and (
        rad.gyldig_til is None or maaned < rad.gyldig_til
    )
