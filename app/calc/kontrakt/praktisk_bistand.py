"""What the practical-help calculator takes and gives, and when a request makes no sense."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from app.calc.avrunding import Avrunding
from app.calc.beloep import NULL, tall_paa_norsk
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.felles import Forklaring, Varsel, kontroller_aar
from app.calc.kontrakt.lesing import (
    BELOEP,
    BELOEP_MED_FORTEGN,
    SVAR,
    SVAR_MED_FORTEGN,
    UGYLDIG,
    Boolsk,
    Deler,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    Tall,
    Tekst,
    Valgt,
    felt,
    gyldig,
)
from app.calc.periode import MAANEDER_I_AARET, aaret
from app.calc.regler.par_8 import Tjenesteart
from app.calc.regler.par_9 import AvrundingAvTid
from app.calc.regler.par_10 import HUSSTAND, Rolle
from app.calc.satser import sats
from app.calc.sporing import Node

SATSER: Final = (
    "grunnbeloep",
    "utgiftstak_under_2g",
    "grense_for_utgiftstak",
    "selvkost_administrasjon",
    "tidsenhet",
)
"""Rates a year must have before it can be calculated."""

ANTALL_G = Tall(4, NULL, Decimal(1000), hva="antall G")
TIMER = Tall(4, NULL, Decimal(2000), hva="timetall")


@dataclass(frozen=True, slots=True)
class Husstandsmedlem:
    """A person of the household with the tax figures of the last settlement (§ 10)."""

    rolle: Rolle = felt(
        Valgt(Rolle, f" Andre kan ikke regnes med i husstanden ({HUSSTAND})."), "Personens plass i husstanden"
    )
    alminnelig_inntekt_foer_saerfradrag: Decimal = felt(
        BELOEP_MED_FORTEGN, "Alminnelig inntekt før særfradrag", NULL
    )
    gevinst: Decimal = felt(BELOEP, "Gevinst ved realisasjon", NULL)
    oppjustering_av_gevinst: Decimal = felt(BELOEP, "Oppjustering av gevinst", NULL)
    tap: Decimal = felt(BELOEP, "Tap ved realisasjon", NULL)
    oppjustering_av_tap: Decimal = felt(BELOEP, "Oppjustering av tap", NULL)
    oppjustering_av_utbytte: Decimal = felt(BELOEP, "Oppjustering av utbytte", NULL)
    hjelpestoenad: Decimal = felt(BELOEP, "Hjelpestønad til hjelp i huset", NULL)
    omsorgsstoenad: Decimal = felt(BELOEP, "Omsorgsstønad (omsorgslønn)", NULL)
    skjoennsmessig_fradrag: Decimal = felt(BELOEP, "Skjønnsmessig fradrag", NULL)
    betaler_langtidsegenandel: bool = felt(Boolsk(), "Betaler egenandel for langtidsopphold", False)
    avkortet_ytelse_borte_fra_hjemmet: bool = felt(
        Boolsk(), "Har avkortet trygd på grunn av opphold utenfor hjemmet", False
    )
    hjelpen_skyldes_barnets_behov: bool = felt(Boolsk(), "Hjelpen gis på grunn av dette barnets behov", False)


@dataclass(frozen=True, slots=True)
class Trinn:
    """A step of the kommune's ladder: from and including the lower limit, up to the upper."""

    fra_g: Decimal | None = felt(Kanskje(ANTALL_G), "Nedre grense i G", None)
    til_g: Decimal | None = felt(Kanskje(ANTALL_G), "Øvre grense i G; utelatt betyr ingen", None)
    fra_kroner: Decimal | None = felt(Kanskje(BELOEP), "Nedre grense i kroner", None)
    til_kroner: Decimal | None = felt(Kanskje(BELOEP), "Øvre grense i kroner; utelatt betyr ingen", None)
    timepris: Decimal | None = felt(Kanskje(BELOEP), "Pris per time", None)
    fastpris_per_maaned: Decimal | None = felt(Kanskje(BELOEP), "Fast pris per måned", None)
    maks_per_maaned: Decimal | None = felt(Kanskje(BELOEP), "Høyeste egenandel per måned", None)
    maks_timer: Decimal | None = felt(
        Kanskje(TIMER),
        "Høyeste antall timer som betales; med fast pris: timene som betales før den faste prisen overtar",
        None,
    )
    fri_timer: Decimal = felt(TIMER, "Timer per måned som ikke betales", NULL)


def _kontroller_trinn(deler: Deler, sti: str, feil: list[Feil]) -> None:
    fra_g, til_g, fra_kroner, til_kroner = (
        deler[navn] for navn in ("fra_g", "til_g", "fra_kroner", "til_kroner")
    )
    if not gyldig(fra_g, til_g, fra_kroner, til_kroner):
        return
    i_g, i_kroner = fra_g is not None, fra_kroner is not None
    if i_g == i_kroner or (i_g and til_kroner is not None) or (i_kroner and til_g is not None):
        feil.append(
            Feil(
                sti,
                "trinngrense",
                "Oppgi grensene enten i G (fraG, tilG) eller i kroner (fraKroner, tilKroner), ikke begge.",
            )
        )
    elif (i_g and til_g is not None and til_g <= fra_g) or (
        i_kroner and til_kroner is not None and til_kroner <= fra_kroner
    ):
        feil.append(Feil(sti, "trinngrense", "Øvre grense skal være høyere enn nedre grense. Rett trinnet."))
    priser = [deler[navn] for navn in ("timepris", "fastpris_per_maaned", "maks_per_maaned")]
    if gyldig(*priser) and all(pris is None for pris in priser):
        feil.append(
            Feil(
                sti,
                "trinn-uten-pris",
                "Trinnet har ingen pris. Oppgi timepris, fastprisPerMaaned eller maksPerMaaned (0 betyr gratis).",
            )
        )


TRINN: Final = Objekt(Trinn, _kontroller_trinn)


@dataclass(frozen=True, slots=True)
class Selvkostgrunnlag:
    """What an hour costs the kommune, before administration."""

    timeloenn: Decimal = felt(BELOEP, "Gjennomsnittlig timelønn for tjenesten")
    sosiale_utgifter: Decimal = felt(BELOEP, "Sosiale utgifter per time")


@dataclass(frozen=True, slots=True)
class Prisregister:
    """The kommune's prices for the year."""

    trinn: tuple[Trinn, ...] = felt(Liste(TRINN, 50), "Inntektstrinn", ())
    selvkost: Selvkostgrunnlag | None = felt(Kanskje(Objekt(Selvkostgrunnlag)), "Selvkost per time", None)
    fri_maaneder: tuple[int, ...] = felt(
        Liste(Heltall(1, MAANEDER_I_AARET), MAANEDER_I_AARET), "Måneder uten betaling (1–12)", ()
    )
    trygghetsalarm_inngaar_i_tak: bool = felt(Boolsk(), "Trygghetsalarm går inn under taket", True)


@dataclass(frozen=True, slots=True)
class Prisendring:
    """Prices that take over in the middle of the year."""

    fra_maaned: str = felt(Maaned(), "Første måned prisene gjelder")
    prisregister: Prisregister = felt(
        Objekt(Prisregister), "Alle prisene fra og med denne måneden; ingenting arves fra de forrige"
    )


@dataclass(frozen=True, slots=True)
class Tjeneste:
    """A service of one month."""

    maaned: str = felt(Maaned(), "Måned")
    art: Tjenesteart = felt(Valgt(Tjenesteart), "Tjenestens art")
    timer: Decimal | None = felt(Kanskje(TIMER), "Timer", None)
    pris: Decimal | None = felt(
        Kanskje(BELOEP),
        "Pris per time (TIMER) eller per måned; utelatt betyr prisen i husstandens trinn",
        None,
    )


@dataclass(frozen=True, slots=True)
class PraktiskBistandValg:
    """What the regulation leaves to the kommune."""

    avrunding_av_tid: AvrundingAvTid = felt(
        Valgt(AvrundingAvTid),
        "Om tiden rundes av for måneden samlet eller for hvert besøk",
        AvrundingAvTid.PER_MAANED,
    )
    avrunding: Avrunding = felt(
        Valgt(Avrunding), "Avrunding av månedsbeløpet, alltid ned", Avrunding.OERE_NED
    )


def kontroller_tjeneste(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """Faults of one service that show without the others."""
    art, timer, pris = deler["art"], deler["timer"], deler["pris"]
    if not gyldig(art, timer, pris):
        return
    if art is Tjenesteart.TIMER and timer is None:
        feil.append(Feil(f"{sti}/timer", "mangler", "Oppgi antall timer for tjenester av arten TIMER."))
    if art is Tjenesteart.TRYGGHETSALARM and pris is None:
        feil.append(Feil(f"{sti}/pris", "mangler", "Oppgi prisen per måned for trygghetsalarmen."))


def grenser(trinn: Trinn, g: Decimal) -> tuple[Decimal, Decimal | None]:
    """The limits of a step in kroner, ``None`` for no upper limit."""
    if trinn.fra_g is not None:
        return trinn.fra_g * g, None if trinn.til_g is None else trinn.til_g * g
    return trinn.fra_kroner or NULL, trinn.til_kroner


def kontroller_stige(aar: int, trinn: tuple[Trinn, ...], sti: str, feil: list[Feil]) -> None:
    """The ladder has no overlap, and no gap from 2 G upwards, with G per 1 January of the year.

    Args:
        aar: a year that has rates.
        trinn: the steps, in any order.
        sti: JSON pointer of the list of steps.
        feil: takes what is wrong.
    """
    if not trinn:
        return
    dag = aaret(aar).fra
    g = sats("grunnbeloep", dag).verdi
    to_g = sats("grense_for_utgiftstak", dag).verdi * g
    i_kroner = sorted(((*grenser(t, g), nr) for nr, t in enumerate(trinn)), key=lambda rad: rad[0])
    for (_, til, nr), (fra, _, neste_nr) in pairwise(i_kroner):
        if til is None or fra < til:
            feil.append(
                Feil(
                    f"{sti}/{neste_nr}",
                    "overlappende-trinn",
                    f"Trinnet overlapper trinn {nr}. La øvre grense på det ene være lik nedre grense på det neste.",
                )
            )
        elif fra > max(til, to_g):
            feil.append(
                Feil(
                    f"{sti}/{neste_nr}",
                    "hull-i-trinn",
                    f"Det er et hull mellom trinn {nr} og dette, fra {tall_paa_norsk(max(til, to_g))} til {tall_paa_norsk(fra)} kroner. Tett det.",
                )
            )
    foerste_fra, _, foerste_nr = i_kroner[0]
    if foerste_fra > to_g:
        feil.append(
            Feil(
                f"{sti}/{foerste_nr}",
                "hull-i-trinn",
                f"Ingen trinn dekker grunnlag fra {tall_paa_norsk(to_g)} (2 G) til {tall_paa_norsk(foerste_fra)} kroner. Legg til et trinn.",
            )
        )
    _, siste_til, siste_nr = i_kroner[-1]
    if siste_til is not None:
        feil.append(
            Feil(
                f"{sti}/{siste_nr}",
                "hull-i-trinn",
                f"Ingen trinn dekker grunnlag fra {tall_paa_norsk(siste_til)} kroner og oppover. Utelat øvre grense på det øverste trinnet.",
            )
        )


def _kontroller_husstand(husstand: tuple[Any, ...], feil: list[Feil]) -> None:
    roller = [person.rolle for person in husstand if person is not UGYLDIG]
    uleste = len(husstand) - len(roller)
    mottakere = roller.count(Rolle.TJENESTEMOTTAKER)
    if mottakere > 1 or (mottakere == 0 and uleste == 0):
        feil.append(
            Feil(
                "/husstand",
                "tjenestemottaker",
                "Husstanden skal ha nøyaktig én TJENESTEMOTTAKER. Rett rollene.",
            )
        )
    if sum(rolle.er_partner for rolle in roller) > 1:
        feil.append(
            Feil(
                "/husstand",
                "flere-partnere",
                f"Husstanden kan ha høyst én ektefelle eller samboer ({HUSSTAND}). Rett rollene.",
            )
        )


def _kontroller_maaneder(aar: int, tjenester: tuple[Any, ...], feil: list[Feil]) -> None:
    feil.extend(
        Feil(
            f"/tjenester/{nr}/maaned",
            "feil-aar",
            f"Måneden skal være i {aar}, året som beregnes. Rett måneden.",
        )
        for nr, tjeneste in enumerate(tjenester)
        if tjeneste is not UGYLDIG and not tjeneste.maaned.startswith(f"{aar:04d}-")
    )


def _kontroller_prisendringer(
    aar: int, endringer: tuple[Any, ...], sti: str, dekket: bool, feil: list[Feil]
) -> None:
    sett: set[str] = set()
    for nr, endring in enumerate(endringer):
        if endring is UGYLDIG:
            continue
        if not endring.fra_maaned.startswith(f"{aar:04d}-"):
            tekst = f"Måneden skal være i {aar}, året som beregnes. Rett måneden."
            feil.append(Feil(f"{sti}/{nr}/fraMaaned", "feil-aar", tekst))
        if endring.fra_maaned in sett:
            tekst = f"Måneden {endring.fra_maaned} står flere ganger. Behold én prisendring per måned."
            feil.append(Feil(f"{sti}/{nr}/fraMaaned", "dobbel-maaned", tekst))
        sett.add(endring.fra_maaned)
        if dekket:
            kontroller_stige(aar, endring.prisregister.trinn, f"{sti}/{nr}/prisregister/trinn", feil)


def _kontroller(deler: Deler, sti: str, feil: list[Feil]) -> None:
    aar, register = deler["aar"], deler["prisregister"]
    if aar is not UGYLDIG:
        dekket = kontroller_aar(aar, SATSER, f"{sti}/aar", feil)
        if dekket and register is not UGYLDIG and gyldig(register.trinn):
            kontroller_stige(aar, register.trinn, f"{sti}/prisregister/trinn", feil)
        if deler["prisendringer"] is not UGYLDIG:
            _kontroller_prisendringer(aar, deler["prisendringer"], f"{sti}/prisendringer", dekket, feil)
        if deler["tjenester"] is not UGYLDIG:
            _kontroller_maaneder(aar, deler["tjenester"], feil)
    if deler["husstand"] is not UGYLDIG:
        _kontroller_husstand(deler["husstand"], feil)


@dataclass(frozen=True, slots=True)
class PraktiskBistandInn:
    """One calendar year of one household."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret som beregnes")
    husstand: tuple[Husstandsmedlem, ...] = felt(Liste(Objekt(Husstandsmedlem), 30), "Husstandens medlemmer")
    prisregister: Prisregister = felt(
        Objekt(Prisregister), "Kommunens priser ved årets begynnelse", Prisregister()
    )
    prisendringer: tuple[Prisendring, ...] = felt(
        Liste(Objekt(Prisendring), MAANEDER_I_AARET), "Prisregistre som tar over i løpet av året", ()
    )
    tjenester: tuple[Tjeneste, ...] = felt(
        Liste(Objekt(Tjeneste, kontroller_tjeneste), 5000), "Årets tjenester", ()
    )
    valg: PraktiskBistandValg = felt(Objekt(PraktiskBistandValg), "Kommunens valg", PraktiskBistandValg())


PRAKTISK_BISTAND_INN: Final = Objekt(PraktiskBistandInn, _kontroller)


@dataclass(frozen=True, slots=True)
class PersonUt:
    """Whether a person counts, why, and with how much."""

    rolle: Rolle = felt(Valgt(Rolle), "Rolle")
    medregnet: bool = felt(Boolsk(), "Regnes med i husstanden")
    grunnlag: Decimal = felt(SVAR_MED_FORTEGN, "Personens eget grunnlag")
    grunn: str = felt(Tekst(200), "Hvorfor personen regnes med eller ikke")


@dataclass(frozen=True, slots=True)
class TrinnUt:
    """The step the household is placed in."""

    nummer: int = felt(Heltall(1, 50), "Trinnets plass i prisregisteret som gjelder, fra 1")
    fra_kroner: Decimal = felt(SVAR, "Nedre grense")
    til_kroner: Decimal | None = felt(Kanskje(SVAR), "Øvre grense")
    timepris: Decimal | None = felt(Kanskje(SVAR), "Pris per time")
    fastpris_per_maaned: Decimal | None = felt(Kanskje(SVAR), "Fast pris per måned")
    maks_per_maaned: Decimal | None = felt(Kanskje(SVAR), "Høyeste egenandel per måned")
    maks_timer: Decimal | None = felt(Kanskje(TIMER), "Høyeste antall timer som betales")
    fri_timer: Decimal = felt(TIMER, "Timer per måned som ikke betales")


@dataclass(frozen=True, slots=True)
class Linje:
    """A service of the month with what it costs before the cap."""

    art: Tjenesteart = felt(Valgt(Tjenesteart), "Tjenestens art")
    timer: Decimal | None = felt(Kanskje(SVAR), "Avrundede timer")
    beloep: Decimal = felt(SVAR, "Beløp før tak")


@dataclass(frozen=True, slots=True)
class PraktiskBistandMaaned:
    """What one month costs."""

    maaned: str = felt(Maaned(), "Måned")
    trinn: int | None = felt(
        Kanskje(Heltall(1, 50)), "Plassen til husstandens trinn i prisregisteret som gjelder denne måneden"
    )
    linjer: tuple[Linje, ...] = felt(Liste(Objekt(Linje), 5000), "Tjenestene")
    foer_tak: Decimal = felt(SVAR, "Alle linjene før taket")
    tak: Decimal | None = felt(Kanskje(SVAR), "Taket som gjelder, eller null når det ikke er noe")
    egenandel: Decimal = felt(SVAR, "Egenandel, kroner")


@dataclass(frozen=True, slots=True)
class PraktiskBistandUt:
    """The household's basis, its step, the months and every reason."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret")
    grunnlag: Decimal = felt(SVAR_MED_FORTEGN, "Husstandens grunnlag")
    per_person: tuple[PersonUt, ...] = felt(Liste(Objekt(PersonUt), 30), "Hver person")
    grunnbeloep: Decimal = felt(SVAR, "G per 1. januar")
    to_g: Decimal = felt(SVAR, "2 G")
    under2_g: bool = felt(Boolsk(), "Grunnlaget er under 2 G")
    trinn: TrinnUt | None = felt(Kanskje(Objekt(TrinnUt)), "Trinnet husstanden er i ved årets slutt")
    selvkost_per_time: Decimal | None = felt(
        Kanskje(SVAR), "Selvkost per time ved årets slutt, eller null når den ikke er oppgitt"
    )
    maaneder: tuple[PraktiskBistandMaaned, ...] = felt(
        Liste(Objekt(PraktiskBistandMaaned), MAANEDER_I_AARET), "Måneder med tjenester"
    )
    egenandel_aar: Decimal = felt(SVAR, "Egenandel for året, kroner")
    varsler: tuple[Varsel, ...] = felt(Liste(Objekt(Varsel), 50), "Varsler")
    forklaring: Node | None = felt(Kanskje(Forklaring()), "Forklaringstreet; utelatt med forklar=false")
    regelversjon: str = felt(Tekst(40), "Versjon av reglene")
    satsversjon: str = felt(Tekst(40), "Fingeravtrykk av satsene")
