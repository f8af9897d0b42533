"""What a case, a calculation, a decision and a settlement look like to a client. Written, never read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from app.calc.kontrakt.etteroppgjoer import EtteroppgjoerUt
from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.langtidsopphold import LangtidUt
from app.calc.kontrakt.lesing import (
    SVAR_MED_FORTEGN,
    UGYLDIG,
    Boolsk,
    Dato,
    Heltall,
    Kanskje,
    Leser,
    Liste,
    Maaned,
    Objekt,
    Skjema,
    Tekst,
    Valgt,
    felt,
)
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandUt
from app.calc.periode import MAANEDER_I_AARET
from app.calc.poster.felt import Opphav, Virkning
from app.db.lager.beregninger import Tilstand
from app.db.lager.manuelle_poster import Slag
from app.db.lager.saker import Status
from app.db.lager.vedtak import Vedtaksart, Vedtakstilstand
from app.services.mangler import Grunn
from app.services.sak.endringer import Maanedsforskjell
from app.services.sak.forespoersler import AAR, Avslutningsgrunn
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.rader import PersonId, Sakstjeneste
from app.services.sak.varsler import Sakvarsel

_MANGE: Final = 10_000
_ID: Final = PersonId()
_VERSJON: Final = Heltall(1, 10**9)


class Tidspunkt(Leser):
    """A moment: as text in answers, as a time when read."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The moment, with its zone."""
        try:
            lest = datetime.fromisoformat(raa) if isinstance(raa, str) else None
        except ValueError:
            lest = None
        if lest is None or lest.tzinfo is None:
            feil.append(
                Feil(
                    sti,
                    "ugyldig-tidspunkt",
                    "Skal være et tidspunkt med tidssone, for eksempel 2026-11-23T08:00:00Z.",
                )
            )
            return UGYLDIG
        return lest

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """RFC 3339."""
        return {"type": "string", "format": "date-time"}


class EnAv(Leser):
    """One of several objects, or null."""

    def __init__(self, *klasser: type[Any]) -> None:
        self._klasser = klasser

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """Answers are not read."""
        raise TypeError("svar leses ikke")

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Any of them."""
        return {"anyOf": [*(Objekt(klasse).skjema(navngitte) for klasse in self._klasser), {"type": "null"}]}


def tidspunkt(verdi: datetime) -> str:
    """A moment as answers write it."""
    return verdi.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def slaa_sammen(*objekter: str) -> str:
    """One JSON object with the members of several, each already text."""
    deler = (objekt.strip()[1:-1] for objekt in objekter)
    return f"{{{','.join(del_ for del_ in deler if del_)}}}\n"


def medlem(navn: str, tekst: str | None) -> str:
    """A JSON object with one member that is already text."""
    return f'{{"{navn}":{"null" if tekst is None else tekst.strip()}}}'


@dataclass(frozen=True, slots=True)
class SakUt:
    """A case."""

    id: str = felt(_ID, "Sakens id")
    versjon: int = felt(_VERSJON, "Sakens versjon; samme tall som i ETag")
    status: Status = felt(Valgt(Status), "Om saken er i arbeid")
    avsluttet_dato: date | None = felt(Kanskje(Dato()), "Siste dag saken gjelder")
    avsluttet_grunn: Avslutningsgrunn | None = felt(
        Kanskje(Valgt(Avslutningsgrunn)), "Hvorfor den er avsluttet"
    )
    innhold: LagretSaksinnhold = felt(
        Objekt(LagretSaksinnhold), "Det saken sier; personer er referanser og aldri fødselsnumre"
    )
    opprettet: str = felt(Tidspunkt(), "Når saken ble opprettet")
    endret: str = felt(Tidspunkt(), "Når saken sist ble endret")


@dataclass(frozen=True, slots=True)
class SakIListe:
    """A case in a list."""

    id: str = felt(_ID, "Sakens id")
    tjeneste: Sakstjeneste = felt(Valgt(Sakstjeneste), "Tjenesten saken gjelder")
    person_id: str = felt(_ID, "Personen saken gjelder")
    referanse: str | None = felt(Kanskje(Tekst(100)), "Deres egen referanse")
    status: Status = felt(Valgt(Status), "Om saken er i arbeid")
    versjon: int = felt(_VERSJON, "Sakens versjon")
    opprettet: str = felt(Tidspunkt(), "Når saken ble opprettet")
    endret: str = felt(Tidspunkt(), "Når saken sist ble endret")


@dataclass(frozen=True, slots=True)
class KildeUt:
    """One answer from Skatteetaten."""

    grunnlag_id: str = felt(_ID, "Øyeblikksbildet i saken")
    api: str = felt(Tekst(40), "API-et hos Skatteetaten")
    inntektsaar: int = felt(AAR, "Året svaret gjelder")
    utfall: str = felt(Tekst(30), "FUNNET, eller grunnen til at det ikke er noe svar")
    hentet: str = felt(Tidspunkt(), "Når det ble hentet")
    korrelasjonsid: str | None = felt(Kanskje(Tekst(100)), "Skatteetatens referanse til kallet")
    brukt: bool = felt(Boolsk(), "Om tallene i beregningen kommer herfra")


@dataclass(frozen=True, slots=True)
class FeltUt:
    """One figure that went into the calculation."""

    felt_: str = felt(Tekst(80), "Feltet i kalkulatorens forespørsel, regnet fra personen")
    navn: str = felt(Tekst(200), "Hva beløpet er")
    beloep: Decimal = felt(SVAR_MED_FORTEGN, "Beløp")
    opphav: Opphav = felt(
        Valgt(Opphav), "OPPGJOER, ANSLAG (a-ordningen), VIDEREFOERT (fra et eldre oppgjør) eller OPPGITT"
    )
    erstatter: Decimal | None = felt(Kanskje(SVAR_MED_FORTEGN), "Beløpet som ellers hadde stått her")


@dataclass(frozen=True, slots=True)
class PostUt:
    """A tax post that is not counted, with the reason."""

    teknisk_navn: str = felt(Tekst(200), "Skatteetatens navn på posten")
    navn: str = felt(Tekst(300), "Postens navn")
    beloep: Decimal = felt(SVAR_MED_FORTEGN, "Beløp, kroner")
    grunn: str = felt(Tekst(1000), "Hvorfor posten ikke regnes med")
    hjemmel: str | None = felt(Kanskje(Tekst(300)), "Hjemmelen")


@dataclass(frozen=True, slots=True)
class Persontall:
    """One person's figures in a calculation."""

    person_id: str = felt(_ID, "Personen")
    peker: str = felt(Tekst(60), "Hvor personen står i sakens innhold")
    inntektsaar: int | None = felt(Kanskje(AAR), "Skatteoppgjøret tallene er fra; null når det ikke er noe")
    skatteoppgjoersdato: date | None = felt(Kanskje(Dato()), "Datoen for skatteoppgjøret")
    ajourholdt: str | None = felt(Kanskje(Tidspunkt()), "Når Skatteetaten sist endret det")
    foreloepig: bool = felt(Boolsk(), "Om tallene står til skatteoppgjøret for året kommer")
    kilder: tuple[KildeUt, ...] = felt(Liste(Objekt(KildeUt), _MANGE), "Svarene fra Skatteetaten")
    felter: tuple[FeltUt, ...] = felt(
        Liste(Objekt(FeltUt), _MANGE), "Tallene i beregningen, og hvor de er fra"
    )
    ikke_regnet: tuple[PostUt, ...] = felt(Liste(Objekt(PostUt), _MANGE), "Poster som ikke regnes med")


@dataclass(frozen=True, slots=True)
class MangelUt:
    """Somebody's figures that could not be had. They are unknown, not zero."""

    person_id: str = felt(_ID, "Personen")
    peker: str = felt(Tekst(60), "Hvor personen står i sakens innhold")
    inntektsaar: int = felt(AAR, "Året det ble spurt om")
    api: str = felt(Tekst(40), "API-et hos Skatteetaten")
    grunn: Grunn = felt(Valgt(Grunn), "Hva slags grunn")
    tekst: str = felt(Tekst(1000), "Hva som er galt og hva som må gjøres")
    ansvar: str = felt(Tekst(60), "Hvem som må gjøre noe")
    gaar_over: bool = felt(Boolsk(), "Om det samme kan lykkes litt senere")
    kode: str | None = felt(Kanskje(Tekst(60)), "Skatteetatens eller Maskinportens kode")
    korrelasjonsid: str | None = felt(Kanskje(Tekst(100)), "Skatteetatens referanse til kallet")


@dataclass(frozen=True, slots=True)
class AapenUt:
    """A post that waits for a caseworker."""

    noekkel: str = felt(Tekst(300), "Send denne i plasseringer for å plassere posten")
    person_id: str = felt(_ID, "Personen")
    inntektsaar: int = felt(AAR, "Året posten gjelder")
    teknisk_navn: str = felt(Tekst(200), "Navnet i svaret")
    navn: str = felt(Tekst(300), "Hva posten heter")
    beloep: Decimal = felt(SVAR_MED_FORTEGN, "Beløp, kroner")
    utbetaler: str | None = felt(Kanskje(Tekst(60)), "Utbetaleren, når bare dennes del er ment")
    grunn: str = felt(Tekst(1000), "Hvorfor den venter")
    hjemmel: str | None = felt(Kanskje(Tekst(300)), "Hjemmelen")
    kan_plasseres_som: tuple[str, ...] = felt(Liste(Tekst(60), 50), "Hva som kan stå i som")


@dataclass(frozen=True, slots=True)
class Grunnlagssvar:
    """What a calculation tells besides its result; kept with it."""

    personer: tuple[Persontall, ...] = felt(Liste(Objekt(Persontall), _MANGE), "Tallene per person")
    mangler: tuple[MangelUt, ...] = felt(
        Liste(Objekt(MangelUt), _MANGE), "Hvem det mangler tall for, og hvorfor"
    )
    aapne: tuple[AapenUt, ...] = felt(Liste(Objekt(AapenUt), _MANGE), "Poster en saksbehandler må plassere")
    varsler: tuple[Sakvarsel, ...] = felt(Liste(Objekt(Sakvarsel), _MANGE), "Varsler, de alvorligste først")


@dataclass(frozen=True, slots=True)
class VersjonerUt:
    """What a result depends on besides its input."""

    regelversjon: str = felt(Tekst(40), "Versjon av reglene")
    satsversjon: str = felt(Tekst(64), "Fingeravtrykk av satsene")
    katalogversjon: str = felt(Tekst(64), "Fingeravtrykk av katalogen over skatteposter")
    kodeversjon: str = felt(Tekst(64), "Versjon av programmet")


@dataclass(frozen=True, slots=True)
class BeregningMeta:
    """What identifies a calculation."""

    id: str = felt(_ID, "Beregningens id")
    sak_id: str = felt(_ID, "Saken")
    sak_versjon: int = felt(_VERSJON, "Versjonen av saken det ble regnet på")
    oppsett_versjon: int = felt(_VERSJON, "Versjonen av kommunens oppsett")
    aar: int = felt(AAR, "Kalenderåret")
    virkning_fra: date = felt(Dato(), "Dagen husstanden er tatt fra")
    tilstand: Tilstand = felt(
        Valgt(Tilstand), "BEREGNET, eller UFULLSTENDIG når noe mangler; da er resultat null"
    )
    foreloepig: bool = felt(Boolsk(), "Om den står til skatteoppgjøret for året kommer")
    egenandel_aar: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN), "Egenandel for året; null når den er ukjent"
    )
    versjoner: VersjonerUt = felt(Objekt(VersjonerUt), "Det resultatet ellers bygger på")
    av: str = felt(Tekst(200), "Hvem som beregnet")
    automatisk: bool = felt(Boolsk(), "Om tjenesten beregnet av seg selv, for eksempel etter en hendelse")
    opprettet: str = felt(Tidspunkt(), "Når det ble beregnet")


@dataclass(frozen=True, slots=True)
class BeregningUt(BeregningMeta):
    """A calculation, whole."""

    personer: tuple[Persontall, ...] = felt(Liste(Objekt(Persontall), _MANGE), "Tallene per person")
    mangler: tuple[MangelUt, ...] = felt(
        Liste(Objekt(MangelUt), _MANGE), "Hvem det mangler tall for, og hvorfor"
    )
    aapne: tuple[AapenUt, ...] = felt(Liste(Objekt(AapenUt), _MANGE), "Poster en saksbehandler må plassere")
    varsler: tuple[Sakvarsel, ...] = felt(Liste(Objekt(Sakvarsel), _MANGE), "Varsler, de alvorligste først")
    resultat: LangtidUt | PraktiskBistandUt | None = felt(
        EnAv(LangtidUt, PraktiskBistandUt), "Kalkulatorens svar, med forklaringen ned til hver skattepost"
    )
    resultat_hash: str | None = felt(Kanskje(Tekst(64)), "SHA-256 av resultatet")


@dataclass(frozen=True, slots=True)
class ForhaandsvisningMeta:
    """What identifies a calculation that is not kept, and what it is held against."""

    sak_id: str = felt(_ID, "Saken")
    oppsett_versjon: int = felt(_VERSJON, "Versjonen av kommunens oppsett")
    aar: int = felt(AAR, "Kalenderåret")
    virkning_fra: date = felt(Dato(), "Dagen husstanden er tatt fra")
    tilstand: Tilstand = felt(
        Valgt(Tilstand), "BEREGNET, eller UFULLSTENDIG når noe mangler; da er resultat null"
    )
    foreloepig: bool = felt(Boolsk(), "Om den står til skatteoppgjøret for året kommer")
    egenandel_aar: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN), "Egenandel for året; null når den er ukjent"
    )
    mot: str | None = felt(
        Kanskje(_ID), "Beregningen det sammenlignes med: årets nyeste i saken; null når året ikke har noen"
    )
    maaneder: tuple[Maanedsforskjell, ...] = felt(
        Liste(Objekt(Maanedsforskjell), MAANEDER_I_AARET),
        "Hver måned som er med i en av dem: gammel er den lagrede, ny er denne; tom når mot er null",
    )
    sum: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN), "Summen av differansene; null når en av dem ikke har noe resultat"
    )


@dataclass(frozen=True, slots=True)
class ForhaandsvisningUt(ForhaandsvisningMeta):
    """What a change would lead to. Nothing of it is stored."""

    personer: tuple[Persontall, ...] = felt(Liste(Objekt(Persontall), _MANGE), "Tallene per person")
    mangler: tuple[MangelUt, ...] = felt(
        Liste(Objekt(MangelUt), _MANGE), "Hvem det mangler tall for, og hvorfor"
    )
    aapne: tuple[AapenUt, ...] = felt(Liste(Objekt(AapenUt), _MANGE), "Poster en saksbehandler må plassere")
    varsler: tuple[Sakvarsel, ...] = felt(Liste(Objekt(Sakvarsel), _MANGE), "Varsler, de alvorligste først")
    resultat: LangtidUt | PraktiskBistandUt | None = felt(
        EnAv(LangtidUt, PraktiskBistandUt), "Kalkulatorens svar, med forklaringen ned til hver skattepost"
    )


@dataclass(frozen=True, slots=True)
class SakMedBeregning:
    """The answer to a new case."""

    sak: SakUt = felt(Objekt(SakUt), "Saken")
    beregning: BeregningUt = felt(Objekt(BeregningUt), "Beregningen")


@dataclass(frozen=True, slots=True)
class Etterproeving:
    """A kept calculation run again."""

    lik: bool = felt(Boolsk(), "Om det kom ut nøyaktig det samme")
    resultat_hash: str = felt(Tekst(64), "SHA-256 av det som er lagret")
    ny_hash: str | None = felt(Kanskje(Tekst(64)), "SHA-256 av det som kom ut nå")
    avvik: tuple[str, ...] = felt(
        Liste(Tekst(300), 10), "Hvilken versjon som er en annen, når det ikke er likt"
    )


@dataclass(frozen=True, slots=True)
class ManuellPostUt:
    """A manual post."""

    id: str = felt(_ID, "Postens id")
    person_id: str = felt(_ID, "Personen")
    aar: int = felt(AAR, "Kalenderåret som beregnes")
    slag: Slag = felt(Valgt(Slag), "BELOEP er ført inn, PLASSERING er en avgjørelse om en hentet post")
    felt_: str | None = felt(Kanskje(Tekst(80)), "Feltet (BELOEP)")
    noekkel: str | None = felt(Kanskje(Tekst(300)), "Posten (PLASSERING)")
    som: str | None = felt(Kanskje(Tekst(60)), "Hva posten er plassert som (PLASSERING)")
    beloep: Decimal | None = felt(Kanskje(SVAR_MED_FORTEGN), "Beløp, kroner")
    virkning: Virkning | None = felt(Kanskje(Valgt(Virkning)), "Hva beløpet gjør (BELOEP)")
    begrunnelse: str = felt(Tekst(1000), "Begrunnelsen")
    kilde: str | None = felt(Kanskje(Tekst(100)), "Hvem som har oppgitt det")
    vedlegg: str | None = felt(Kanskje(Tekst(200)), "Arkivets referanse")
    av: str = felt(Tekst(200), "Hvem som avgjorde")
    opprettet: str = felt(Tidspunkt(), "Når")
    opphevet: str | None = felt(Kanskje(Tidspunkt()), "Når posten ble opphevet; null når den gjelder")
    opphevet_av: str | None = felt(Kanskje(Tekst(200)), "Hvem som opphevet den")


@dataclass(frozen=True, slots=True)
class GrunnlagUt:
    """A snapshot of what Skatteetaten answered."""

    id: str = felt(_ID, "Øyeblikksbildets id")
    person_id: str = felt(_ID, "Personen")
    inntektsaar: int = felt(AAR, "Året")
    api: str = felt(Tekst(40), "API-et hos Skatteetaten")
    utfall: str = felt(Tekst(30), "FUNNET, eller grunnen til at det ikke er noe svar")
    innhold_hash: str | None = felt(Kanskje(Tekst(64)), "SHA-256 av svaret")
    skatteoppgjoersdato: date | None = felt(Kanskje(Dato()), "Datoen for skatteoppgjøret")
    ajourholdt: str | None = felt(Kanskje(Tidspunkt()), "Når Skatteetaten sist endret det")
    korrelasjonsid: str | None = felt(Kanskje(Tekst(100)), "Skatteetatens referanse til kallet")
    hentet: str = felt(Tidspunkt(), "Når det ble hentet")
    hentet_av: str = felt(Tekst(200), "Hvem som hentet det")
    raasvar_slettet: str | None = felt(
        Kanskje(Tidspunkt()), "Når svaret selv ble slettet; null når det finnes"
    )
    trukket: str | None = felt(
        Kanskje(Tidspunkt()), "Når vi fikk vite at Skatteetaten har trukket det tilbake; det brukes ikke mer"
    )


@dataclass(frozen=True, slots=True)
class Maanedsvedtak:
    """What a decision says for one month."""

    maaned: str = felt(Maaned(), "Måned")
    egenandel: Decimal = felt(SVAR_MED_FORTEGN, "Egenandel, kroner")


@dataclass(frozen=True, slots=True)
class VedtakUt:
    """A decision."""

    id: str = felt(_ID, "Vedtakets id")
    sak_id: str = felt(_ID, "Saken")
    beregning_id: str = felt(_ID, "Beregningen det bygger på")
    art: Vedtaksart = felt(Valgt(Vedtaksart), "Om årets skatteoppgjør var kjent")
    fra: date = felt(Dato(), "Første dag")
    til: date | None = felt(Kanskje(Dato()), "Siste dag; null betyr til et nytt vedtak erstatter det")
    erstatter: str | None = felt(Kanskje(_ID), "Vedtaket det kom i stedet for")
    erstattet_av: str | None = felt(Kanskje(_ID), "Vedtaket som kom i stedet")
    maaneder: tuple[Maanedsvedtak, ...] = felt(Liste(Objekt(Maanedsvedtak), 12), "Egenandel per måned i året")
    begrunnelse: str | None = felt(Kanskje(Tekst(4000)), "Kommunens egen begrunnelse")
    av: str = felt(Tekst(200), "Hvem som fattet det")
    opprettet: str = felt(Tidspunkt(), "Når")
    tilstand: Vedtakstilstand = felt(
        Valgt(Vedtakstilstand),
        "FATTET og GODKJENT gjelder; TIL_GODKJENNING venter på en til og gjelder ikke, AVVIST gjelder aldri",
    )
    avgjort_av: str | None = felt(Kanskje(Tekst(200)), "Hvem som godkjente eller avviste det")
    avgjort: str | None = felt(Kanskje(Tidspunkt()), "Når det ble godkjent eller avvist")
    avgjoerelse: str | None = felt(Kanskje(Tekst(1000)), "Hvorfor det ble godkjent eller avvist")


@dataclass(frozen=True, slots=True)
class EtteroppgjoerMeta:
    """What identifies an etteroppgjør."""

    id: str = felt(_ID, "Etteroppgjørets id")
    sak_id: str = felt(_ID, "Saken")
    aar: int = felt(AAR, "Kalenderåret")
    beregning_id: str = felt(_ID, "Den endelige beregningen")
    versjoner: VersjonerUt = felt(Objekt(VersjonerUt), "Det resultatet ellers bygger på")
    av: str = felt(Tekst(200), "Hvem som gjorde det")
    opprettet: str = felt(Tidspunkt(), "Når")
    resultat_hash: str = felt(Tekst(64), "SHA-256 av resultatet")


@dataclass(frozen=True, slots=True)
class EtteroppgjoerSvar(EtteroppgjoerMeta):
    """An etteroppgjør, whole."""

    resultat: EtteroppgjoerUt = felt(Objekt(EtteroppgjoerUt), "Kalkulatorens svar, måned for måned")


def skriv(*verdier: Any) -> str:
    """Several values of the contract as one JSON object."""
    return slaa_sammen(*(skriv_json(verdi) for verdi in verdier))
