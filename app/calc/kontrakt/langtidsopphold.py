"""What the long-stay calculator takes and gives, and when a request makes no sense."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
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
    Dato,
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
from app.calc.periode import aaret, maaneden
from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_3_aarssats import FordelAvFribeloep
from app.calc.regler.par_3_maaned import Doegnregel
from app.calc.regler.par_5 import Relasjon
from app.calc.regler.par_6 import Grunnlag
from app.calc.satser import sats
from app.calc.sporing import Node

SATSER: Final = (
    "fribeloep",
    "grunnbeloep",
    "korttid_doegn",
    "dag_eller_natt",
    "skattesats_alminnelig_inntekt",
    "prosent_inntil_g",
    "prosent_over_g",
    "prosent_i_behold",
    "prosent_fordel_av_fribeloep",
    "fradrag_offentlig_tjenestepensjon",
    "fradrag_privat_pensjon",
    "korttid_grense",
    "fri_periode",
)
"""Rates a year must have before it can be calculated."""

_HUNDRE = Decimal(100)
PROSENT = Tall(2, NULL, _HUNDRE, hva="prosenttall")


class _Skattesats(Tall):
    """A tax rate in per cent; 0.22 is read as 22, since no rate of the law is below one per cent."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The rate in per cent."""
        verdi = super().les(raa, sti, feil)
        return verdi.scaleb(2) if isinstance(verdi, Decimal) and 0 < verdi < 1 else verdi


SKATTESATS = _Skattesats(4, NULL, _HUNDRE, hva="prosenttall")
FAKTOR = Tall(4, Decimal(1), Decimal(10), hva="faktor")


@dataclass(frozen=True, slots=True)
class Inntekter:
    """Yearly income before tax, by the groups of § 3 fjerde ledd."""

    pensjon_fra_folketrygden: Decimal = felt(BELOEP, "Pensjon fra folketrygden", NULL)
    andre_loepende_trygdeytelser: Decimal = felt(BELOEP, "Andre løpende trygdeytelser", NULL)
    offentlig_tjenestepensjon: Decimal = felt(
        BELOEP, "Offentlig tjenestepensjon, brutto etter samordning", NULL
    )
    privat_pensjon: Decimal = felt(BELOEP, "Privat pensjon, brutto", NULL)
    arbeidsinntekt: Decimal = felt(BELOEP, "Arbeidsinntekt", NULL)
    naeringsinntekt: Decimal = felt(BELOEP_MED_FORTEGN, "Næringsinntekt; underskudd er negativt", NULL)
    leieinntekt: Decimal = felt(BELOEP, "Leieinntekt, også skattefri", NULL)
    renteinntekt: Decimal = felt(BELOEP, "Renteinntekt", NULL)
    annen_avkastning: Decimal = felt(BELOEP, "Annen avkastning av formue", NULL)


class UtenforArt(StrEnum):
    """Whether the item kept out of income was a gain or a loss."""

    GEVINST = "GEVINST"
    TAP = "TAP"


@dataclass(frozen=True, slots=True)
class HoldtUtenfor:
    """A taxed gain or deducted loss that is not income under § 3."""

    art: UtenforArt = felt(Valgt(UtenforArt), "Gevinst eller tap")
    beloep: Decimal = felt(BELOEP, "Beløp før oppjustering")
    oppjusteringsfaktor: Decimal = felt(
        FAKTOR, "Oppjusteringsfaktor i skatten, for eksempel 1.72", Decimal(1)
    )
    beskrivelse: str | None = felt(Kanskje(Tekst(200)), "Hva beløpet gjelder", None)


@dataclass(frozen=True, slots=True)
class Skatt:
    """The year's tax, and what is needed to take excluded items out of it."""

    beregnet_skatt: Decimal = felt(BELOEP, "Beregnet skatt i alt, medregnet formuesskatt", NULL)
    formuesskatt: Decimal = felt(BELOEP, "Formuesskatt i beregnet skatt", NULL)
    kreditfradrag: Decimal = felt(BELOEP, "Fradrag i norsk skatt for skatt betalt i utlandet", NULL)
    alminnelig_inntekt: Decimal | None = felt(Kanskje(BELOEP), "Alminnelig inntekt (A)", None)
    personfradrag: Decimal | None = felt(Kanskje(BELOEP), "Personfradrag (P)", None)
    skattesats: Decimal | None = felt(
        Kanskje(SKATTESATS),
        "Skattesats i prosent, for eksempel 22 eller 18.5 (0.22 leses som 22); utelatt betyr årets ordinære sats",
        None,
    )
    holdt_utenfor: tuple[HoldtUtenfor, ...] = felt(
        Liste(Objekt(HoldtUtenfor), 100), "Gevinster og tap som ikke regnes som inntekt", ()
    )


@dataclass(frozen=True, slots=True)
class Forsoerget:
    """A person the resident supports (§ 5)."""

    relasjon: Relasjon = felt(Valgt(Relasjon), "Relasjon til beboeren")
    hjemmeboende: bool = felt(Boolsk(), "Bor hjemme (har betydning for ektefelle og samboer)", True)
    tenkt_etterlattepensjon: Decimal = felt(
        BELOEP, "Pensjon fra folketrygden om beboeren var død, brutto per år", NULL
    )
    arbeidsinntekt: Decimal = felt(BELOEP, "Egen arbeidsinntekt per år", NULL)
    pensjon_fra_folketrygden: Decimal = felt(BELOEP, "Egen pensjon fra folketrygden per år", NULL)


@dataclass(frozen=True, slots=True)
class SkjoennsmessigFradrag:
    """A deduction the kommune finds reasonable (§ 5 fjerde ledd)."""

    beloep: Decimal = felt(BELOEP, "Beløp per år")
    begrunnelse: str = felt(Tekst(1000), "Begrunnelse")


@dataclass(frozen=True, slots=True)
class Fravaer:
    """Days away from the institution that the kommune does not charge."""

    fra: date = felt(Dato(), "Første døgn uten betaling")
    til: date = felt(Dato(), "Siste døgn uten betaling")


@dataclass(frozen=True, slots=True)
class Opphold:
    """A stay, or the day or night visits of one month."""

    art: Oppholdsart = felt(Valgt(Oppholdsart), "Oppholdets art")
    fra: date = felt(Dato(), "Første dag")
    til: date | None = felt(
        Kanskje(Dato()), "Siste dag; null eller utelatt betyr at oppholdet fortsetter", None
    )
    antall: int | None = felt(Kanskje(Heltall(1, 31)), "Antall besøk i måneden (bare DAG og NATT)", None)
    dobbeltrom_mot_eget_oenske: bool = felt(Boolsk(), "Bor på dobbeltrom uten å ønske det", False)
    medregnet_fra: date | None = felt(
        Kanskje(Dato()), "Første dag i institusjonen beboeren flyttet direkte fra", None
    )
    oppholdsutgift_per_maaned: Decimal | None = felt(
        Kanskje(BELOEP), "Institusjonens faktiske oppholdsutgift per måned, uten kapitalutgifter", None
    )
    fravaer: tuple[Fravaer, ...] = felt(
        Liste(Objekt(Fravaer), 100),
        "Fravær kommunen ikke krever betaling for; døgnene teller fortsatt som opphold",
        (),
    )


@dataclass(frozen=True, slots=True)
class Valg:
    """What the regulation leaves to the kommune."""

    fordel_av_fribeloep: FordelAvFribeloep = felt(
        Valgt(FordelAvFribeloep),
        "Hvor mye av fribeløpet beboeren skal ha i behold",
        FordelAvFribeloep.PROSENT_75,
    )
    avrunding: Avrunding = felt(
        Valgt(Avrunding), "Avrunding av månedsbeløpet, alltid ned", Avrunding.KRONE_NED
    )
    doegnregel: Doegnregel = felt(
        Valgt(Doegnregel), "Hvordan årsbeløpet deles på døgn", Doegnregel.KALENDERMAANED
    )
    trekk_formuesskatt: bool = felt(Boolsk(), "Trekk også fra formuesskatt", False)
    legg_til_kreditfradrag: bool = felt(Boolsk(), "Trekk også fra skatt betalt i utlandet", True)
    samboer_som_ektefelle: bool = felt(Boolsk(), "Samboer gir fradrag som ektefelle", True)
    prosent_inntil_g: Decimal | None = felt(Kanskje(PROSENT), "Prosent av inntekt inntil G, høyst 75", None)
    prosent_over_g: Decimal | None = felt(Kanskje(PROSENT), "Prosent av inntekt over G, høyst 85", None)
    korttid_per_doegn: Decimal | None = felt(
        Kanskje(BELOEP), "Kommunens pris per døgn korttidsopphold; utelatt betyr statens maksimum", None
    )
    per_dag_eller_natt: Decimal | None = felt(
        Kanskje(BELOEP), "Kommunens pris per dag- eller nattopphold; utelatt betyr statens maksimum", None
    )
    nytt_g_fra: date | None = felt(
        Kanskje(Dato()), "Dagen kommunen tar årets nye G i bruk; utelatt betyr 1. mai", None
    )
    avlastning_teller_mot60_doegn: bool = felt(Boolsk(), "Avlastningsdøgn regnes med i de 60 døgnene", True)
    paragraf3_over_nyttaar: bool = felt(
        Boolsk(), "Et korttidsopphold etter § 3 beholder § 3 over nyttår så lenge det varer", True
    )


def _kontroller_skatt(deler: Deler, sti: str, feil: list[Feil]) -> None:
    if not gyldig(deler["holdt_utenfor"]) or not deler["holdt_utenfor"]:
        return
    for attributt, navn in (("alminnelig_inntekt", "alminneligInntekt"), ("personfradrag", "personfradrag")):
        if deler[attributt] is None:
            feil.append(
                Feil(
                    f"{sti}/{navn}",
                    "mangler",
                    f"Feltet {navn} trengs når holdtUtenfor ikke er tom. Legg det til.",
                )
            )


def kontroller_opphold(deler: Deler, sti: str, feil: list[Feil]) -> None:
    """Faults of one stay that show without the others."""
    _kontroller_fravaer(deler, sti, feil)
    art, fra, til, antall, medregnet = (
        deler[navn] for navn in ("art", "fra", "til", "antall", "medregnet_fra")
    )
    if gyldig(fra, til) and til is not None and til < fra:
        feil.append(Feil(f"{sti}/til", "til-foer-fra", "Siste dag er før første dag. Rett fra eller til."))
    if gyldig(fra, medregnet) and medregnet is not None and medregnet > fra:
        feil.append(
            Feil(
                f"{sti}/medregnetFra",
                "medregnet-etter-fra",
                "Tiden som medregnes, kan ikke begynne etter at oppholdet begynner. Oppgi en tidligere dato, eller utelat feltet.",
            )
        )
    if not gyldig(art, antall):
        return
    if art.er_besoek and antall is None:
        feil.append(Feil(f"{sti}/antall", "mangler", "Oppgi antall besøk i måneden for DAG og NATT."))
    if not art.er_besoek and antall is not None:
        feil.append(Feil(f"{sti}/antall", "passer-ikke", "Antall gjelder bare DAG og NATT. Utelat feltet."))
    if (
        art.er_besoek
        and gyldig(fra, til)
        and til is not None
        and (fra.year, fra.month) != (til.year, til.month)
    ):
        feil.append(
            Feil(
                f"{sti}/til",
                "flere-maaneder",
                "Besøk oppgis for én måned om gangen. Del dem opp, én rad per måned.",
            )
        )


def _kontroller_fravaer(deler: Deler, sti: str, feil: list[Feil]) -> None:
    art, fra, til, fravaer = (deler[navn] for navn in ("art", "fra", "til", "fravaer"))
    if not gyldig(fravaer) or not fravaer:
        return
    if gyldig(art) and art.er_besoek:
        feil.append(Feil(f"{sti}/fravaer", "passer-ikke", "Fravær gjelder bare døgnopphold. Utelat feltet."))
        return
    for nr, borte in enumerate(fravaer):
        if borte.til < borte.fra:
            feil.append(
                Feil(
                    f"{sti}/fravaer/{nr}/til",
                    "til-foer-fra",
                    "Siste dag er før første dag. Rett fra eller til.",
                )
            )
        elif gyldig(fra, til) and (borte.fra < fra or (til is not None and borte.til > til)):
            feil.append(
                Feil(
                    f"{sti}/fravaer/{nr}",
                    "utenfor-oppholdet",
                    "Fraværet er ikke innenfor oppholdet. Rett datoene.",
                )
            )
    i_rekke = sorted(enumerate(fravaer), key=lambda par: (par[1].fra, par[1].til))
    for (foerst_nr, foerst), (nr, neste) in pairwise(i_rekke):
        if neste.fra <= foerst.til:
            feil.append(
                Feil(
                    f"{sti}/fravaer/{nr}",
                    "overlappende-fravaer",
                    f"Fraværet overlapper fravær {foerst_nr}. Slå dem sammen.",
                )
            )


def _siste_dag(opphold: Opphold) -> date:
    if opphold.til is not None:
        return opphold.til
    return maaneden(opphold.fra.year, opphold.fra.month).til if opphold.art.er_besoek else date.max


def kontroller_overlapp(opphold: tuple[Any, ...], sti: str, feil: list[Feil]) -> None:
    """Faults of the stays taken together: no day in two of them, no visit while staying."""
    nummererte = [(o, nr) for nr, o in enumerate(opphold) if o is not UGYLDIG]
    doegn = sorted(
        ((o, nr) for o, nr in nummererte if not o.art.er_besoek),
        key=lambda par: (par[0].fra, _siste_dag(par[0])),
    )
    for (foerst, foerst_nr), (neste, neste_nr) in pairwise(doegn):
        if neste.fra < _siste_dag(foerst):
            feil.append(
                Feil(
                    f"{sti}/{neste_nr}",
                    "overlappende-opphold",
                    f"Oppholdet overlapper opphold {foerst_nr}. Avslutt det ene før det andre begynner; samme dag er tillatt.",
                )
            )
    opptatt = _sammenhengende([(o.fra, _siste_dag(o)) for o, _ in doegn])
    for besoek, nr in ((o, nr) for o, nr in nummererte if o.art.er_besoek):
        til = _siste_dag(besoek)
        ledige = (til - besoek.fra).days + 1
        ledige -= sum(max(0, (min(til, slutt) - max(besoek.fra, fra)).days + 1) for fra, slutt in opptatt)
        if besoek.antall > ledige:
            feil.append(
                Feil(
                    f"{sti}/{nr}/antall",
                    "overlappende-opphold",
                    f"Det er {ledige} dager uten døgnopphold mellom {besoek.fra} og {til}, men {besoek.antall} besøk. Rett antallet eller datoene.",
                )
            )


def _sammenhengende(spenn: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Runs of days without a day in two of them; ``spenn`` is sorted by first day."""
    ferdig: list[tuple[date, date]] = []
    for fra, til in spenn:
        if ferdig and fra <= ferdig[-1][1]:
            ferdig[-1] = (ferdig[-1][0], max(til, ferdig[-1][1]))
        else:
            ferdig.append((fra, til))
    return ferdig


def kontroller_valg(aar: int, valg: Valg, sti: str, feil: list[Feil]) -> None:
    """No percentage or price is above the law's maximum of the year, and a new G begins within it.

    Args:
        aar: a year that has rates.
        valg: the kommune's choices.
        sti: JSON pointer of the choices.
        feil: takes what is wrong.
    """
    dag = aaret(aar).fra
    for verdi, id_, navn, hva in (
        (valg.prosent_inntil_g, "prosent_inntil_g", "prosentInntilG", "prosent av inntekt inntil G"),
        (valg.prosent_over_g, "prosent_over_g", "prosentOverG", "prosent av inntekt over G"),
        (valg.korttid_per_doegn, "korttid_doegn", "korttidPerDoegn", "kroner per døgn"),
        (valg.per_dag_eller_natt, "dag_eller_natt", "perDagEllerNatt", "kroner per dag- eller nattopphold"),
    ):
        if verdi is not None and verdi > (hoeyst := sats(id_, dag)).verdi:
            feil.append(
                Feil(
                    f"{sti}/{navn}",
                    "over-maksimum",
                    f"Høyeste lovlige verdi i {aar} er {tall_paa_norsk(hoeyst.verdi)} {hva} ({hoeyst.hjemmel}). Sett den ned.",
                )
            )
    if valg.nytt_g_fra is not None and valg.nytt_g_fra.year != aar:
        feil.append(
            Feil(f"{sti}/nyttGFra", "feil-aar", f"Datoen skal være i {aar}, året som beregnes. Rett datoen.")
        )


def _kontroller(deler: Deler, sti: str, feil: list[Feil]) -> None:
    egne: list[Feil] = []
    aar, valg = deler["aar"], deler["valg"]
    if aar is not UGYLDIG and kontroller_aar(aar, SATSER, "/aar", egne) and valg is not UGYLDIG:
        kontroller_valg(aar, valg, "/valg", egne)
    if deler["opphold"] is not UGYLDIG:
        kontroller_overlapp(deler["opphold"], "/opphold", egne)
    feil.extend(Feil(sti + e.pointer, e.kode, e.detail) for e in egne)


@dataclass(frozen=True, slots=True)
class LangtidInn:
    """One calendar year of one resident."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret som beregnes")
    inntekter: Inntekter = felt(Objekt(Inntekter), "Årets inntekter", Inntekter())
    skatt: Skatt = felt(Objekt(Skatt, _kontroller_skatt), "Årets skatt", Skatt())
    gjeldsrenter: Decimal = felt(BELOEP, "Gjeldsrenter i året", NULL)
    forsoergede: tuple[Forsoerget, ...] = felt(Liste(Objekt(Forsoerget), 30), "De beboeren forsørger", ())
    skjoennsmessig_fradrag: tuple[SkjoennsmessigFradrag, ...] = felt(
        Liste(Objekt(SkjoennsmessigFradrag), 30), "Skjønnsmessige fradrag", ()
    )
    opphold: tuple[Opphold, ...] = felt(
        Liste(Objekt(Opphold, kontroller_opphold), 500), "Opphold og besøk", ()
    )
    valg: Valg = felt(Objekt(Valg), "Kommunens valg", Valg())


LANGTID_INN: Final = Objekt(LangtidInn, _kontroller)


@dataclass(frozen=True, slots=True)
class Periode:
    """A run of days under one ground and one set of rates. What does not apply is ``null``."""

    fra: date = felt(Dato(), "Første dag")
    til: date = felt(Dato(), "Siste dag")
    grunnlag: Grunnlag = felt(Valgt(Grunnlag), "Paragrafen døgnene betales etter, eller hvorfor de er fri")
    grunnbeloep: Decimal | None = felt(Kanskje(SVAR), "G (bare § 3)")
    fribeloep: Decimal | None = felt(Kanskje(SVAR), "Fribeløp per år (bare § 3)")
    aarssats: Decimal | None = felt(Kanskje(SVAR), "Egenandel for et helt år (bare § 3)")
    sats_per_doegn: Decimal | None = felt(Kanskje(SVAR), "Pris per døgn eller besøk (bare § 4)")


@dataclass(frozen=True, slots=True)
class Maanedsbeloep:
    """What one month costs."""

    maaned: str = felt(Maaned(), "Måned")
    doegn: int = felt(Heltall(0, 31), "Døgn med betaling")
    besoek: int = felt(Heltall(0, 62), "Dag- og nattopphold med betaling")
    egenandel: Decimal = felt(SVAR, "Egenandel, kroner")


@dataclass(frozen=True, slots=True)
class LangtidUt:
    """The year, its months and every reason."""

    aar: int = felt(Heltall(1, 9999), "Kalenderåret")
    inntekt: Decimal = felt(SVAR_MED_FORTEGN, "Inntekt før skatt")
    fradragsberettiget_skatt: Decimal = felt(SVAR_MED_FORTEGN, "Skatt som er trukket fra")
    skattejustering: Decimal = felt(SVAR_MED_FORTEGN, "Endring i skatten for beløp holdt utenfor")
    fradrag_paragraf5: Decimal = felt(SVAR_MED_FORTEGN, "Fradrag etter § 5")
    beregningsgrunnlag: Decimal = felt(SVAR, "Beregningsgrunnlag, aldri under 0")
    perioder: tuple[Periode, ...] = felt(Liste(Objekt(Periode), 2000), "Perioder i året")
    maaneder: tuple[Maanedsbeloep, ...] = felt(Liste(Objekt(Maanedsbeloep), 12), "Måneder med betaling")
    egenandel_aar: Decimal = felt(SVAR, "Egenandel for året, kroner")
    varsler: tuple[Varsel, ...] = felt(Liste(Objekt(Varsel), 50), "Varsler")
    forklaring: Node | None = felt(Kanskje(Forklaring()), "Forklaringstreet; utelatt med forklar=false")
    regelversjon: str = felt(Tekst(40), "Versjon av reglene")
    satsversjon: str = felt(Tekst(40), "Fingeravtrykk av satsene")
