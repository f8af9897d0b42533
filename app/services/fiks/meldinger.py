"""The ``feilmeldinger``: what is not in the sums, or should be looked at. They never stop an answer."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from app.calc.poster.langtidsgrunnlag import Langtidsgrunnlag
from app.calc.poster.paragraf_10 import Husstandsgrunnlag
from app.calc.poster.typer import Omtale, Varsel
from app.services.fiks.bestilling import Bestillingsperson
from app.services.fiks.svar import FiksFeilmelding


class Kode(StrEnum):
    """Fiks' own two, and ours. A warning of the basis is ``EA-`` and the warning's code."""

    SI_01 = "SI-01"
    SI_02 = "SI-02"
    SKJERMET = "EA-SKJERMET"
    SKATT_MANGLER = "EA-SKATT-MANGLER"
    MAA_PLASSERES = "EA-MAA-PLASSERES"
    UKJENT_POST = "EA-UKJENT-POST"
    DOBBEL_POST = "EA-DOBBEL-POST"
    PENSJON_UTBETALER = "EA-PENSJON-UTBETALER"
    TJENESTEPENSJON = "EA-TJENESTEPENSJON"
    SKATTEJUSTERING = "EA-SKATTEJUSTERING"
    SKATTEJUSTERING_MANGLER = "EA-SKATTEJUSTERING-MANGLER"
    ETTERLATTEPENSJON = "EA-ETTERLATTEPENSJON"
    SAMBOER = "EA-SAMBOER"
    NAERINGSUNDERSKUDD = "EA-NAERINGSUNDERSKUDD"
    HUSSTAND = "EA-HUSSTAND"


TEKST: Final = {
    Kode.SI_01: "Navn er ikke hentet. Vis navnet fra eget system.",
    Kode.SI_02: "Skatt til gode, restskatt og innbetalt skatt er ikke hentet; Skatteetaten gir ikke kommuner "
    "tilgang til avregning. Grunnlaget bruker dem ikke.",
    Kode.SKJERMET: "Opplysningene om {hvem} er skjermet. De er ukjente, ikke null, og saken må behandles manuelt.",
    Kode.SKATT_MANGLER: "Skatten for {hvem} er ukjent, så fradragene og grunnlaget kan ikke regnes ut. {tekst}",
    Kode.MAA_PLASSERES: "«{navn}» ({teknisk}) hos {hvem} er vist, men ikke regnet med: {grunn} Teller den, må den "
    "legges til for hånd.",
    Kode.UKJENT_POST: "«{navn}» ({teknisk}) hos {hvem} er vist, men ikke regnet med: {grunn}",
    Kode.DOBBEL_POST: "{teknisk} hos {hvem} er vist, men ikke regnet med: {grunn}",
    Kode.PENSJON_UTBETALER: "«{navn}» hos {hvem} er regnet som inntekt i en egen gruppe, fordi svaret ikke sier om "
    "den er offentlig eller privat. Det har betydning for fradraget etter § 5 tredje ledd.",
    Kode.TJENESTEPENSJON: "§ 5 tredje ledd gir også fradrag for halvparten av beboerens tjenestepensjon og private "
    "pensjon. Fiks' beregning har det ikke, og det er ikke trukket fra her.",
    Kode.SKATTEJUSTERING: "Gevinst eller tap er holdt utenfor inntekten, og skatten av det er holdt utenfor fradraget "
    "(Sivilombudet 17.11.2025). KS Fiks gjør ikke dette. Se skattejustering under skatt, og kontroller den.",
    Kode.SKATTEJUSTERING_MANGLER: "Gevinst eller tap er holdt utenfor inntekten, men skatten av det kunne ikke regnes "
    "ut og er fortsatt med i fradraget. Den må rettes for hånd.",
    Kode.ETTERLATTEPENSJON: "Tenkt etterlattepensjon er ikke oppgitt for {hvem}, så fradraget for forsørgede er ikke "
    "regnet ut. Oppgi kommune.tenktEtterlattePensjon, også når den er 0.",
    Kode.SAMBOER: "Kommunen har valgt at samboer ikke gir fradrag etter § 5, så fradraget for {hvem} er ikke regnet "
    "med.",
    Kode.NAERINGSUNDERSKUDD: "Næringen til {hvem} går med underskudd. Underskuddet øker ikke fradraget for forsørgede "
    "og er ikke regnet med.",
    Kode.HUSSTAND: "{hvem} er regnet med. Bare ektefelle eller samboer, og barn under 18 når hjelpen skyldes barnets "
    "behov, hører til husstanden (§ 10 tredje ledd).",
}


def melding(kode: Kode, **felt: str) -> FiksFeilmelding:
    """A message with its text filled in."""
    tekst = TEKST[kode].format(**felt)
    return FiksFeilmelding(kode=kode.value, melding=tekst[0].upper() + tekst[1:])


def av_varsler(varsler: Iterable[Varsel]) -> Iterator[FiksFeilmelding]:
    """The warnings of a basis."""
    return (FiksFeilmelding(kode=f"EA-{varsel.kode}", melding=varsel.tekst) for varsel in varsler)


def aapne_poster(
    grunnlag: Langtidsgrunnlag | Husstandsgrunnlag,
    person: Bestillingsperson,
    regnet_med: Iterable[Omtale] = (),
) -> Iterator[FiksFeilmelding]:
    """One message for each post that waits for a caseworker, but those counted after all."""
    regnet = list(regnet_med)
    for kode, omtaler in (
        (Kode.MAA_PLASSERES, grunnlag.maa_plasseres),
        (Kode.UKJENT_POST, (*grunnlag.ukjente, *grunnlag.utenfor_aar)),
    ):
        for omtale in omtaler:
            if omtale in regnet:
                continue
            yield melding(
                kode, navn=omtale.navn, teknisk=omtale.teknisk_navn, hvem=person.omtale, grunn=omtale.grunn
            )
    for par in grunnlag.avviste:
        if par.har_virkning:
            navn = ", ".join(dict.fromkeys(omtale.teknisk_navn for omtale in par.poster))
            yield melding(Kode.DOBBEL_POST, teknisk=navn, hvem=person.omtale, grunn=par.grunn)
