"""What is lawful but unusual, or will be missed: warnings, never errors."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from app.calc.beloep import eksakt_regning, tall_paa_norsk
from app.calc.bistand.linjer import selvkost_per_time
from app.calc.kontrakt.json_tekst import camel
from app.calc.kontrakt.lesing import Tekst, felt
from app.calc.kontrakt.praktisk_bistand import Trinn
from app.calc.periode import aaret, dato_paa_norsk
from app.calc.regler.par_3_aarssats import FordelAvFribeloep
from app.calc.regler.par_3_maaned import Doegnregel
from app.services.kommuneoppsett.dokument import (
    Aarsvalg,
    DatertPrisregister,
    Fremskriving,
    Institusjon,
    Kommuneoppsett,
    Tilbud,
)
from app.services.kommuneoppsett.kontroll import STIGESATSER, VALGSATSER, har_satser, med_dekkede_aar

STOR_OEKNING: Final = Decimal("1.25")
"""A price above this times the one before is asked about."""
_FREMSKRIVING: Final = (Decimal("0.8"), Decimal("1.25"))
_KORT_OPPBEVARING_DOEGN: Final = 365


@dataclass(frozen=True, slots=True)
class Oppsettsvarsel:
    """Where, which, and a Norwegian sentence that says what to consider."""

    pointer: str = felt(Tekst(300), "JSON-peker til stedet i oppsettet")
    kode: str = felt(Tekst(60), "Fast kode")
    tekst: str = felt(Tekst(1000), "Hva som bør vurderes")


def _varsel(pointer: str, kode: str, tekst: str) -> Oppsettsvarsel:
    return Oppsettsvarsel(pointer=pointer, kode=kode, tekst=tekst)


def varsler(oppsett: Kommuneoppsett, i_dag: date) -> tuple[Oppsettsvarsel, ...]:
    """Every warning about the document, as seen on a day."""
    with eksakt_regning():
        return tuple(
            [
                *_valg(oppsett, i_dag),
                *_institusjoner(oppsett, i_dag),
                *_prisregister(oppsett, i_dag),
                *_oppbevaring(oppsett),
            ]
        )


def _valg(oppsett: Kommuneoppsett, i_dag: date) -> Iterator[Oppsettsvarsel]:
    if oppsett.valg[0].gjelder_fra > i_dag:
        yield _varsel(
            "/valg/0/gjelderFra",
            "AARET_ER_IKKE_DEKKET",
            f"Ingen valg gjelder i {i_dag.year} ennå, så saker i år kan ikke beregnes. Legg til et tidligere valg.",
        )
    for nr, (valg, aarene) in enumerate(med_dekkede_aar(oppsett.valg)):
        sti = f"/valg/{nr}"
        langtid = valg.langtidsvalg
        if langtid.fordel_av_fribeloep is FordelAvFribeloep.PROSENT_100:
            yield _varsel(
                f"{sti}/langtidsvalg/fordelAvFribeloep",
                "UVANLIG_VALG",
                "100_PROSENT er uvanlig: det vanlige er at fordelen av fribeløpet er 75 prosent av det. Kontroller at "
                "det er vedtatt.",
            )
        if langtid.doegnregel is Doegnregel.DAGER_365:
            yield _varsel(
                f"{sti}/langtidsvalg/doegnregel",
                "UVANLIG_VALG",
                "365_DAGER er uvanlig: hele måneder koster da ulikt. Kontroller at det er vedtatt.",
            )
        siste = max((aar for aar in _til_og_med(aarene, i_dag.year)), default=valg.gjelder_fra.year)
        if langtid.nytt_g_fra is not None and siste > langtid.nytt_g_fra.year:
            yield _varsel(
                f"{sti}/langtidsvalg/nyttGFra",
                "NYTT_G_BARE_ETT_AAR",
                f"Datoen gjelder bare {langtid.nytt_g_fra.year}. Fra {langtid.nytt_g_fra.year + 1} brukes 1. mai til "
                "kommunen legger til nye valg med egen dato.",
            )
        if not har_satser(valg.gjelder_fra.year, VALGSATSER):
            yield _ikke_kontrollert(f"{sti}/gjelderFra", valg.gjelder_fra.year)
        lav, hoey = _FREMSKRIVING
        for faktor in fields(Fremskriving):
            if not lav <= getattr(valg.fremskriving, faktor.name) <= hoey:
                yield _varsel(
                    f"{sti}/fremskriving/{camel(faktor.name)}",
                    "UVANLIG_FREMSKRIVING",
                    f"Faktoren endrer inntekten med mer enn det som er vanlig fra ett år til det neste "
                    f"({tall_paa_norsk(lav)}–{tall_paa_norsk(hoey)}). Kontroller den.",
                )
    for nr, (foer, etter) in enumerate(pairwise(oppsett.valg), start=1):
        yield from _prisoekning_i_valg(foer, etter, f"/valg/{nr}/langtidsvalg")


def _til_og_med(aarene: Iterator[int], siste: int) -> Iterator[int]:
    for aar in aarene:
        if aar > siste:
            return
        yield aar


def _prisoekning_i_valg(foer: Aarsvalg, etter: Aarsvalg, sti: str) -> Iterator[Oppsettsvarsel]:
    for navn in ("korttid_per_doegn", "per_dag_eller_natt"):
        forrige, denne = getattr(foer.langtidsvalg, navn), getattr(etter.langtidsvalg, navn)
        yield from _oekning(forrige, denne, foer.gjelder_fra, f"{sti}/{camel(navn)}")


def _institusjoner(oppsett: Kommuneoppsett, i_dag: date) -> Iterator[Oppsettsvarsel]:
    if Tilbud.LANGTIDSOPPHOLD in oppsett.tjenester and not oppsett.institusjoner:
        yield _varsel(
            "/institusjoner",
            "INSTITUSJON_MANGLER",
            "Kommunen har ingen institusjoner, så egenandelen prøves ikke mot oppholdsutgiftene (§ 3 første ledd). "
            "Legg til institusjonene.",
        )
    for nr, institusjon in enumerate(oppsett.institusjoner):
        sti = f"/institusjoner/{nr}/oppholdsutgift"
        yield from _dekning(institusjon, i_dag, sti)
        utgifter = institusjon.oppholdsutgift
        for rad_nr, rad in enumerate(utgifter):
            if not rad.beloep_per_maaned:
                yield _varsel(
                    f"{sti}/{rad_nr}/beloepPerMaaned",
                    "OPPHOLDSUTGIFT_ER_NULL",
                    "Oppholdsutgiften er 0 kroner, og da blir egenandelen etter § 3 også 0. Kontroller beløpet.",
                )
        for rad_nr, (foer, etter) in enumerate(pairwise(utgifter), start=1):
            peker = f"{sti}/{rad_nr}/beloepPerMaaned"
            yield from _oekning(foer.beloep_per_maaned, etter.beloep_per_maaned, foer.gjelder_fra, peker)


def _dekning(institusjon: Institusjon, i_dag: date, sti: str) -> Iterator[Oppsettsvarsel]:
    aaret_begynner, aaret_slutter = aaret(i_dag.year)
    datoer = [rad.gjelder_fra for rad in institusjon.oppholdsutgift if rad.gjelder_fra <= aaret_slutter]
    if not datoer or datoer[-1] < aaret_begynner:
        naar = f"er fra {dato_paa_norsk(datoer[-1])}" if datoer else f"begynner etter {i_dag.year}"
        yield _varsel(
            sti,
            "OPPHOLDSUTGIFT_MANGLER_I_AAR",
            f"Oppholdsutgiften for {institusjon.navn} {naar}. Legg til den som gjelder i {i_dag.year}.",
        )


def _prisregister(oppsett: Kommuneoppsett, i_dag: date) -> Iterator[Oppsettsvarsel]:
    registre = oppsett.prisregister
    if Tilbud.PRAKTISK_BISTAND in oppsett.tjenester and not any(r.gjelder_fra <= i_dag for r in registre):
        yield _varsel(
            "/prisregister",
            "PRISREGISTER_MANGLER",
            "Kommunen har ikke noe prisregister som gjelder i dag. Bare statens tak under 2 G brukes, og tjenester uten "
            "egen pris avvises. Legg til prisene.",
        )
    for nr, register in enumerate(registre):
        yield from _innhold(register, f"/prisregister/{nr}")
    for nr, (foer, etter) in enumerate(pairwise(registre), start=1):
        yield from _prisoekning(foer, etter, f"/prisregister/{nr}")


def _innhold(register: DatertPrisregister, sti: str) -> Iterator[Oppsettsvarsel]:
    aar = register.gjelder_fra.year
    if not register.trinn:
        yield _varsel(
            f"{sti}/trinn",
            "STIGE_MANGLER",
            "Prisregisteret har ingen trinn. Bare statens tak under 2 G brukes, og tjenester uten egen pris avvises.",
        )
    if not har_satser(aar, (*STIGESATSER, "selvkost_administrasjon")):
        yield _ikke_kontrollert(f"{sti}/gjelderFra", aar)
        return
    selvkost = selvkost_per_time(register.register, sti, register.gjelder_fra, None)
    if selvkost is None:
        yield _varsel(
            f"{sti}/selvkost",
            "SELVKOST_MANGLER",
            "Selvkost er ikke oppgitt, så prisene prøves ikke mot taket i § 9 første ledd. Legg til selvkost.",
        )
        return
    for nr, trinn in enumerate(register.trinn):
        if trinn.timepris is not None and trinn.timepris > selvkost.verdi:
            yield _varsel(
                f"{sti}/trinn/{nr}/timepris",
                "PRIS_OVER_SELVKOST",
                f"Timeprisen er over selvkost, {tall_paa_norsk(selvkost.verdi)} kroner, og blir satt ned når det "
                "beregnes (§ 9 første ledd). Rett prisen.",
            )


def _prisoekning(foer: DatertPrisregister, etter: DatertPrisregister, sti: str) -> Iterator[Oppsettsvarsel]:
    """Steps are compared by their lower limit: those are the same households."""
    forrige = {_nedre_grense(trinn): trinn for trinn in foer.trinn}
    for nr, trinn in enumerate(etter.trinn):
        gammelt = forrige.get(_nedre_grense(trinn))
        if gammelt is not None:
            for navn in ("timepris", "fastpris_per_maaned", "maks_per_maaned"):
                peker = f"{sti}/trinn/{nr}/{camel(navn)}"
                yield from _oekning(getattr(gammelt, navn), getattr(trinn, navn), foer.gjelder_fra, peker)
    if foer.selvkost is not None and etter.selvkost is not None:
        for navn in ("timeloenn", "sosiale_utgifter"):
            peker = f"{sti}/selvkost/{camel(navn)}"
            gammel, ny = getattr(foer.selvkost, navn), getattr(etter.selvkost, navn)
            yield from _oekning(gammel, ny, foer.gjelder_fra, peker)


def _nedre_grense(trinn: Trinn) -> tuple[Decimal | None, Decimal | None]:
    return trinn.fra_g, trinn.fra_kroner


def _oekning(foer: Decimal | None, etter: Decimal | None, fra: date, sti: str) -> Iterator[Oppsettsvarsel]:
    if foer and etter is not None and etter > foer * STOR_OEKNING:
        yield _varsel(
            sti,
            "STOR_OEKNING",
            f"Beløpet er mer enn 25 prosent høyere enn det som gjaldt fra {dato_paa_norsk(fra)} "
            f"({tall_paa_norsk(foer)} kroner). Kontroller at det er riktig.",
        )


def _oppbevaring(oppsett: Kommuneoppsett) -> Iterator[Oppsettsvarsel]:
    if oppsett.oppbevaring.raasvar_doegn < _KORT_OPPBEVARING_DOEGN:
        yield _varsel(
            "/oppbevaring/raasvarDoegn",
            "KORT_OPPBEVARING",
            "Råsvarene slettes før det er gått et år. Da kan de være borte før etteroppgjør og klage er behandlet.",
        )


def _ikke_kontrollert(sti: str, aar: int) -> Oppsettsvarsel:
    return _varsel(
        sti,
        "SATSER_ER_IKKE_KLARE",
        f"Satsene for {aar} er ikke lagt inn ennå, så beløpene er ikke prøvd mot dem. Kontroller filen på nytt når de er.",
    )
