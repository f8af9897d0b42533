"""What each setting means and where it comes from: one text for the questions, the file and the documentation."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from app.calc.avrunding import Avrunding
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandValg, Prisregister, Selvkostgrunnlag, Trinn
from app.calc.regler.par_3_aarssats import FordelAvFribeloep
from app.calc.regler.par_3_maaned import Doegnregel
from app.calc.regler.par_9 import AvrundingAvTid
from app.services.kommuneoppsett.dokument import (
    Aarsvalg,
    Brevhode,
    DatertPrisregister,
    Fremskriving,
    Institusjon,
    Kommuneoppsett,
    Maalform,
    Oppbevaring,
    Oppholdsutgift,
    OppslagsApi,
    Oppslagsoppsett,
    Ordning,
    Pensjonsutbetaler,
    Rettighetspakke,
    Sykehusdoegn,
    Tilbud,
    Tilgangsvei,
)
from app.services.kommuneoppsett.faktura import (
    Fakturaoppsett,
    Filform,
    Justering,
    Kilde,
    Kolonne,
    Kolonneformat,
)


@dataclass(frozen=True, slots=True)
class Veiledning:
    """What a setting means, beyond its name, and the place in the law; ``None`` where no law speaks of it."""

    betydning: str
    hjemmel: str | None


_FELT: Final[dict[tuple[type[Any], str], Veiledning]] = {
    (Valg, "fordel_av_fribeloep"): Veiledning(
        "Beboeren skal ha igjen minst 25 prosent av G og fordelen av fribeløpet. Forskriften sier ikke hvor stor "
        "fordelen er.",
        "§ 3 andre ledd tredje punktum",
    ),
    (Valg, "avrunding"): Veiledning(
        "Prosentene er de høyeste som er lov, så beløpet rundes aldri opp.", "§ 3 andre ledd"
    ),
    (Valg, "doegnregel"): Veiledning(
        "Forskriften sier ikke hvordan egenandelen for et år deles på døgn.", "§ 3 andre ledd"
    ),
    (Valg, "trekk_formuesskatt"): Veiledning(
        "Formue er ikke inntekt, så skatten av den trekkes vanligvis ikke fra inntekten.",
        "§ 3 fjerde ledd første punktum",
    ),
    (Valg, "legg_til_kreditfradrag"): Veiledning(
        "Kreditfradrag senker den norske skatten fordi det er betalt skatt i utlandet. Med ja trekkes også den fra.",
        "§ 3 fjerde ledd første punktum",
    ),
    (Valg, "samboer_som_ektefelle"): Veiledning("Forskriften nevner bare ektefelle.", "§ 5 første ledd"),
    (Valg, "prosent_inntil_g"): Veiledning(
        "Kommunen kan ta mindre enn statens maksimum.", "§ 3 andre ledd første punktum"
    ),
    (Valg, "prosent_over_g"): Veiledning(
        "Kommunen kan ta mindre enn statens maksimum.", "§ 3 andre ledd andre punktum"
    ),
    (Valg, "korttid_per_doegn"): Veiledning("Kommunen kan ta mindre enn statens maksimum.", "§ 4"),
    (Valg, "per_dag_eller_natt"): Veiledning("Kommunen kan ta mindre enn statens maksimum.", "§ 4"),
    (Valg, "nytt_g_fra"): Veiledning(
        "Noen kommuner tar nytt G i bruk senere, for eksempel 1. juli. Datoen gjelder bare sitt eget år.",
        "folketrygdloven § 1-4",
    ),
    (Valg, "avlastning_teller_mot60_doegn"): Veiledning(
        "Avlastning er gratis, men er også opphold i institusjon.", "§ 6 tredje ledd"
    ),
    (Valg, "paragraf3_over_nyttaar"): Veiledning(
        "Døgnene telles per kalenderår. Med ja begynner ikke tellingen på nytt før oppholdet avbrytes.",
        "§ 6 tredje ledd",
    ),
    (PraktiskBistandValg, "avrunding_av_tid"): Veiledning(
        "Tidsforbruket rundes av til nærmeste halvtime; forskriften sier ikke når.",
        "§ 9 andre ledd andre punktum",
    ),
    (PraktiskBistandValg, "avrunding"): Veiledning("Beløpet rundes aldri opp.", "§ 9 første ledd"),
    (Aarsvalg, "minstebeloep_etteroppgjoer"): Veiledning(
        "Forskriften har ingen nedre grense. 0 betyr at alt gjøres opp.", "§ 3 sjette ledd andre punktum"
    ),
    (Aarsvalg, "automatisk_vedtak_grense"): Veiledning(
        "Tom betyr aldri. Ellers fatter tjenesten foreløpig vedtak når ny skatt endrer hver måned med høyst så mye.",
        "forvaltningsloven § 17",
    ),
    (Aarsvalg, "godkjenning_over_maaned"): Veiledning(
        "Tom betyr at én kan fatte alle vedtak. Ellers må en leder godkjenne vedtak med høyere egenandel i en måned.",
        "kommuneloven § 25-1",
    ),
    (Aarsvalg, "godkjenning_over_endring"): Veiledning(
        "Tom betyr aldri. Ellers må en leder godkjenne vedtak som endrer egenandelen i en måned mer enn dette.",
        "kommuneloven § 25-1",
    ),
    (Aarsvalg, "sykehusdoegn"): Veiledning(
        "Forskriften sier ingenting om fravær fra institusjonen.", "§ 6 fjerde ledd"
    ),
    (Aarsvalg, "fremskriving"): Veiledning(
        "Brukes i foreløpige beregninger når året ikke har skatteoppgjør. 1 betyr uendret, 1.04 fire prosent mer.",
        "§ 3 fjerde ledd første punktum",
    ),
    (Institusjon, "oppholdsutgift"): Veiledning(
        "Egenandelen skal ikke overstige de reelle oppholdsutgiftene. Kommunen fastsetter dem for hver institusjon.",
        "§ 3 første ledd",
    ),
    (Oppholdsutgift, "beloep_per_maaned"): Veiledning(
        "Kapitalutgifter skal ikke tas med.", "§ 3 første ledd andre punktum"
    ),
    (Kommuneoppsett, "prisregister"): Veiledning(
        "Prisene kan endres fra den første i en måned. Et nytt register erstatter hele det forrige.",
        "§ 8 første ledd",
    ),
    (Prisregister, "trinn"): Veiledning(
        "Nedre grense er med i trinnet, øvre ikke. Stigen skal dekke alle inntekter fra 2 G og oppover.",
        "§ 8 første ledd",
    ),
    (Prisregister, "selvkost"): Veiledning(
        "Ingen skal betale mer enn tjenesten koster. Kalkulatoren legger til 10 prosent for administrasjon.",
        "§ 9 andre ledd",
    ),
    (Prisregister, "fri_maaneder"): Veiledning("7 betyr at ingen betaler i juli.", "§ 8 første ledd"),
    (Prisregister, "trygghetsalarm_inngaar_i_tak"): Veiledning(
        "Alarmen betales da innenfor utgiftstaket og kommunens eget tak.", "§ 10 andre ledd"
    ),
    (Kommuneoppsett, "oppslag"): Veiledning(
        "Kommunen får tilgangen av Skatteetaten og delegerer den til leverandøren i Altinn.", None
    ),
    (Oppslagsoppsett, "apier"): Veiledning(
        "Månedsinntekt er av til kommunen har fått den; rettighetspakken må da oppgis.", None
    ),
    (Oppslagsoppsett, "rettighetspakker"): Veiledning(
        "Utelatt betyr de publiserte pakkene for tjenesten.", None
    ),
    (Kommuneoppsett, "utbetalere"): Veiledning(
        "Skattepostene blander offentlige og private ordninger. En utbetaler som står her, plasseres likt i alle saker.",
        "§ 5 tredje ledd",
    ),
    (Oppbevaring, "raasvar_doegn"): Veiledning(
        "Ingen kilde sier hvor lenge; kommunen avgjør det. Beregninger og vedtak beholdes uansett.", None
    ),
}

VERDIER: Final[dict[StrEnum, str]] = {
    Filform.SEMIKOLON: "semikolon mellom kolonnene (CSV)",
    Filform.FAST_BREDDE: "fast bredde i hver kolonne",
    Justering.VENSTRE: "innholdet står til venstre",
    Justering.HOEYRE: "innholdet står til høyre",
    Kolonneformat.ISO: "2026-10-31",
    Kolonneformat.AAAAMMDD: "20261031",
    Kolonneformat.DDMMAAAA: "31102026",
    Kolonneformat.KOMMA: "komma foran ørene",
    Kolonneformat.PUNKTUM: "punktum foran ørene",
    Kilde.LINJE_ID: "linjens id",
    Kilde.KJOERING: "kjøringens nummer",
    Kilde.LINJETYPE: "egenandel, korreksjon eller etteroppgjør",
    Kilde.PERSONREFERANSE: "vår referanse til personen",
    Kilde.FOEDSELSNUMMER: "fødselsnummer eller d-nummer",
    Kilde.NAVN: "navnet, tomt for den som er skjermet",
    Kilde.SAK_ID: "sakens id",
    Kilde.SAKSREFERANSE: "kommunens egen referanse",
    Kilde.TJENESTE: "tjenesten",
    Kilde.INSTITUSJON: "institusjonens kode",
    Kilde.PERIODE: "måneden, eller året som er gjort opp",
    Kilde.FRA_DATO: "første dag i perioden",
    Kilde.TIL_DATO: "siste dag i perioden",
    Kilde.BELOEP_OERE: "beløp i øre",
    Kilde.BELOEP_KRONER: "beløp i kroner",
    Kilde.VEDTAK_ID: "vedtakets id",
    Kilde.TEKST: "linjen i klartekst",
    Kilde.FAST: "den samme verdien i hver linje",
    FordelAvFribeloep.PROSENT_75: "75 prosent av fribeløpet, det fribeløpet sparer beboeren for",
    FordelAvFribeloep.PROSENT_100: "hele fribeløpet",
    Avrunding.KRONE_NED: "ned til hele kroner",
    Avrunding.OERE_NED: "ned til hele øre",
    Doegnregel.KALENDERMAANED: "en måned er en tolvdel av året, et døgn måneden delt på døgnene i den",
    Doegnregel.DAGER_30: "en hel måned er en tolvdel av året, et enkelt døgn en trettidel av den",
    Doegnregel.DAGER_365: "et døgn er året delt på døgnene i det",
    AvrundingAvTid.PER_MAANED: "tiden i måneden samlet",
    AvrundingAvTid.PER_BESOEK: "hvert besøk for seg",
    Sykehusdoegn.BETALES: "døgn på sykehus betales som andre døgn",
    Sykehusdoegn.BETALES_IKKE: "døgn på sykehus betales ikke",
    Maalform.NB: "bokmål",
    Maalform.NN: "nynorsk",
    Tilbud.LANGTIDSOPPHOLD: "opphold i institusjon, også korttid, dag og natt",
    Tilbud.PRAKTISK_BISTAND: "praktisk bistand og opplæring i hjemmet",
    Ordning.OFFENTLIG: "bare offentlige tjenestepensjoner",
    Ordning.PRIVAT: "bare private pensjoner",
    Tilgangsvei.DELEGERING: "kommunen har delegert til leverandøren i Altinn",
    Tilgangsvei.SYSTEMBRUKER: "kommunen har opprettet en systembruker",
    Tilgangsvei.EGEN: "kommunen og leverandøren er samme virksomhet",
    OppslagsApi.SKATTEGRUNNLAG: "summert skattegrunnlag, postene i skatteoppgjøret",
    OppslagsApi.BEREGNET_SKATT: "beregnet skatt",
    OppslagsApi.SISTE_OPPGJOER: "siste tilgjengelige skatteoppgjør",
    OppslagsApi.SKATTEOPPGJOER_HENDELSER: "hendelser om skatteoppgjør",
    OppslagsApi.INNTEKT: "månedsinntekt fra a-ordningen",
    OppslagsApi.INNTEKT_HENDELSER: "hendelser om månedsinntekt",
}
"""What each value of a choice means."""

KLASSER: Final[tuple[type[Any], ...]] = (
    Kommuneoppsett,
    Aarsvalg,
    Valg,
    PraktiskBistandValg,
    Fremskriving,
    Institusjon,
    Oppholdsutgift,
    DatertPrisregister,
    Trinn,
    Selvkostgrunnlag,
    Oppslagsoppsett,
    Rettighetspakke,
    Pensjonsutbetaler,
    Oppbevaring,
    Brevhode,
    Fakturaoppsett,
    Kolonne,
)
"""Every kind of object in the document."""


def veiledning(klasse: type[Any], attributt: str) -> Veiledning | None:
    """The guidance for a field, also one inherited from the calculators' contract."""
    for eier in klasse.__mro__:
        if (funnet := _FELT.get((eier, attributt))) is not None:
            return funnet
    return None


def forklaring(klasse: type[Any], attributt: str) -> str:
    """Name, meaning and legal basis of a field as one Norwegian text."""
    felt = next(f for f in fields(klasse) if f.name == attributt)
    tekst = f"{felt.metadata['tittel']}."
    hva = veiledning(klasse, attributt)
    if hva is None:
        return tekst
    return f"{tekst} {hva.betydning}" + (f" ({hva.hjemmel})" if hva.hjemmel else "")
