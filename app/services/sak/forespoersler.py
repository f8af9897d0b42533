"""What a client may ask of a case besides its content: a calculation, manual posts, a decision, a settlement."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import (
    BELOEP,
    BELOEP_MED_FORTEGN,
    UGYLDIG,
    Boolsk,
    Dato,
    Deler,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    Tekst,
    Valgt,
    felt,
    gyldig,
)
from app.calc.poster.felt import Virkning
from app.db.lager.vedtak import Avgjort, Vedtaksart
from app.services.sak.innhold import SAKSINNHOLD, Saksinnhold
from app.services.sak.kontroll import kontroller
from app.services.sak.rader import PERSON, Fritekst, PersonId, Saksperson

FOERSTE_AAR: Final = 2013
SISTE_AAR: Final = 2100
AAR = Heltall(FOERSTE_AAR, SISTE_AAR)
_MANGE: Final = 200


class Grunnlagsvalg(StrEnum):
    """Whether kept answers from Skatteetaten may be used."""

    LAGRET = "LAGRET"
    NYTT = "NYTT"


@dataclass(frozen=True, slots=True, repr=False)
class OppgittBeloep:
    """A figure a caseworker enters for the year that is calculated."""

    felt_: str = felt(
        Tekst(80),
        "Feltet i kalkulatorens forespørsel, regnet fra personen, for eksempel /inntekter/privatPensjon",
    )
    beloep: Decimal = felt(BELOEP_MED_FORTEGN, "Beløp, kroner per år")
    virkning: Virkning = felt(
        Valgt(Virkning),
        "Om beløpet trer i stedet for det hentede, eller kommer i tillegg",
        Virkning.ERSTATTER,
    )
    begrunnelse: str = felt(Fritekst(1000), "Hvorfor beløpet er ført inn")
    kilde: str | None = felt(Kanskje(Fritekst(100)), "Hvem som har oppgitt det, for eksempel Nav", None)
    vedlegg: str | None = felt(Kanskje(Fritekst(200)), "Arkivets referanse til dokumentasjonen", None)
    person: Saksperson | None = felt(
        Kanskje(PERSON), "Hvem beløpet gjelder; utelatt betyr sakens person", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class PlassertPost:
    """How a caseworker places a post that waits for it."""

    noekkel: str = felt(Tekst(300), "Postens noekkel, slik den står i aapne")
    som: str = felt(Tekst(60), "En av verdiene i kanPlasseresSom")
    beloep: int | None = felt(
        Kanskje(Heltall(-(10**12), 10**12)), "Bare så mye av posten, hele kroner; utelatt betyr hele", None
    )
    trekkes_fra: bool = felt(Boolsk(), "Trekk beløpet fra i gruppen i stedet for å legge det til", False)
    fremfoeres: bool = felt(
        Boolsk(), "Bare for månedsinntekt: regn med at beløpet kommer i månedene som er igjen", True
    )
    begrunnelse: str = felt(Fritekst(1000), "Hvorfor posten plasseres slik")
    vedlegg: str | None = felt(Kanskje(Fritekst(200)), "Arkivets referanse til dokumentasjonen", None)
    person: Saksperson | None = felt(
        Kanskje(PERSON), "Hvem posten tilhører; utelatt betyr sakens person", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class NyeManuellePoster:
    """Manual posts for one year."""

    aar: int = felt(AAR, "Kalenderåret som beregnes")
    oppgitte_beloep: tuple[OppgittBeloep, ...] = felt(
        Liste(Objekt(OppgittBeloep), _MANGE), "Beløp som føres inn", ()
    )
    plasseringer: tuple[PlassertPost, ...] = felt(
        Liste(Objekt(PlassertPost), _MANGE), "Poster som plasseres", ()
    )


def _kontroller_poster(deler: Deler, sti: str, feil: list[Feil]) -> None:
    beloep, plasseringer = deler["oppgitte_beloep"], deler["plasseringer"]
    if beloep is not UGYLDIG and plasseringer is not UGYLDIG and not beloep and not plasseringer:
        feil.append(Feil(sti, "ingen-poster", "Oppgi minst én post i oppgitteBeloep eller plasseringer."))


NYE_MANUELLE_POSTER: Final = Objekt(NyeManuellePoster, _kontroller_poster)


@dataclass(frozen=True, slots=True, repr=False)
class Beregningsoenske:
    """Which year to calculate, and from what."""

    aar: int | None = felt(Kanskje(AAR), "Kalenderåret; utelatt betyr det løpende", None)
    virkning_fra: date | None = felt(
        Kanskje(Dato()),
        "Dagen husstanden tas fra, den første i en måned; utelatt betyr etter siste endring i året",
        None,
    )
    inntektsaar: int | None = felt(
        Kanskje(AAR), "Skatteoppgjøret som skal brukes, når inntekten er vesentlig endret", None
    )
    inntektsaar_begrunnelse: str | None = felt(
        Kanskje(Fritekst(1000)), "Hvorfor et annet inntektsår brukes", None
    )
    endelig_begrunnelse: str | None = felt(
        Kanskje(Fritekst(1000)),
        "Hvorfor beregningen er endelig uten et oppgjør som kan hentes, når alle tallene er ført inn for hånd",
        None,
    )
    grunnlag: Grunnlagsvalg = felt(
        Valgt(Grunnlagsvalg),
        "LAGRET bruker det som er hentet før, NYTT henter alt på nytt",
        Grunnlagsvalg.LAGRET,
    )


def _kontroller_oenske(deler: Deler, sti: str, feil: list[Feil]) -> None:
    aar, virkning, inntektsaar, grunn = (
        deler[navn] for navn in ("aar", "virkning_fra", "inntektsaar", "inntektsaar_begrunnelse")
    )
    if gyldig(virkning) and virkning is not None and virkning.day != 1:
        feil.append(
            Feil(
                f"{sti}/virkningFra",
                "ikke-foerste-i-maaneden",
                "Egenandelen kreves per måned. Oppgi den første dagen i måneden endringen skal gjelde fra.",
            )
        )
    if gyldig(aar, virkning) and aar is not None and virkning is not None and virkning.year != aar:
        feil.append(Feil(f"{sti}/virkningFra", "feil-aar", f"Datoen skal være i {aar}, året som beregnes."))
    if gyldig(inntektsaar, grunn) and (inntektsaar is None) != (grunn is None):
        feil.append(
            Feil(
                f"{sti}/inntektsaarBegrunnelse",
                "begrunnelse",
                "Et annet inntektsår enn det forskriften peker på, må begrunnes: oppgi både inntektsaar og "
                "inntektsaarBegrunnelse.",
            )
        )


BEREGNINGSOENSKE: Final = Objekt(Beregningsoenske, _kontroller_oenske)


@dataclass(frozen=True, slots=True, repr=False)
class NySak(Saksinnhold):
    """A case and its first calculation in one."""

    beregning: Beregningsoenske | None = felt(
        Kanskje(BEREGNINGSOENSKE), "Beregningen som ønskes; null eller utelatt betyr det løpende året", None
    )
    manuelle_poster: NyeManuellePoster | None = felt(
        Kanskje(NYE_MANUELLE_POSTER), "Beløp og plasseringer som er kjent på forhånd", None
    )


NY_SAK: Final = Objekt(NySak, kontroller)


@dataclass(frozen=True, slots=True, repr=False)
class OensketForhaandsvisning:
    """What a case is to be tried with; what is left out is as it is stored."""

    innhold: Saksinnhold | None = felt(
        Kanskje(SAKSINNHOLD), "Det saken skal si; utelatt betyr som den er lagret", None
    )
    manuelle_poster: NyeManuellePoster | None = felt(
        Kanskje(NYE_MANUELLE_POSTER), "Beløp og plasseringer som kommer i tillegg til dem som gjelder", None
    )
    opphevede_poster: tuple[str, ...] = felt(
        Liste(PersonId(), _MANGE), "Id-ene til manuelle poster som ses bort fra", ()
    )
    beregning: Beregningsoenske | None = felt(
        Kanskje(BEREGNINGSOENSKE), "Beregningen som ønskes; null eller utelatt betyr det løpende året", None
    )
    slaa_opp_nye: bool = felt(
        Boolsk(), "Slå opp personer det ikke er hentet noe om i saken; ellers er tallene deres ukjente", False
    )


def _kontroller_forhaandsvisning(deler: Deler, sti: str, feil: list[Feil]) -> None:
    oenske = deler["beregning"]
    if gyldig(oenske) and oenske is not None and oenske.grunnlag is Grunnlagsvalg.NYTT:
        feil.append(
            Feil(
                f"{sti}/beregning/grunnlag",
                "bare-lagret",
                "En forhåndsvisning bruker det som er lagret. Utelat grunnlag, eller lag en beregning.",
            )
        )


FORHAANDSVISNING: Final = Objekt(OensketForhaandsvisning, _kontroller_forhaandsvisning)


class Avslutningsgrunn(StrEnum):
    """Why a case ends."""

    DOED = "DOED"
    FLYTTET = "FLYTTET"
    TJENESTEN_SLUTT = "TJENESTEN_SLUTT"
    FEILREGISTRERT = "FEILREGISTRERT"


@dataclass(frozen=True, slots=True)
class Avslutning:
    """That a case ends."""

    dato: date = felt(Dato(), "Siste dag saken gjelder, ved dødsfall dødsdagen")
    grunn: Avslutningsgrunn = felt(Valgt(Avslutningsgrunn), "Hvorfor saken avsluttes")


AVSLUTNING: Final = Objekt(Avslutning)


@dataclass(frozen=True, slots=True, repr=False)
class NyttVedtak:
    """A decision to be made."""

    beregning_id: str = felt(PersonId(), "Beregningen vedtaket bygger på")
    fra: date = felt(Dato(), "Første dag vedtaket gjelder")
    til: date | None = felt(
        Kanskje(Dato()), "Siste dag; utelatt betyr til et nytt vedtak erstatter det", None
    )
    art: Vedtaksart | None = felt(
        Kanskje(Valgt(Vedtaksart)), "FORELOEPIG eller ENDELIG; utelatt betyr etter beregningen", None
    )
    erstatter: str | None = felt(
        Kanskje(PersonId()), "Vedtaket dette kommer i stedet for, fra og med samme dag som fra", None
    )
    begrunnelse: str | None = felt(Kanskje(Fritekst(4000)), "Kommunens egen begrunnelse i brevet", None)


NYTT_VEDTAK: Final = Objekt(NyttVedtak)


@dataclass(frozen=True, slots=True, repr=False)
class Vedtaksavgjoerelse:
    """What a second person says of a decision that waits."""

    utfall: Avgjort = felt(Valgt(Avgjort), "GODKJENT eller AVVIST")
    begrunnelse: str | None = felt(Kanskje(Fritekst(1000)), "Hvorfor; må oppgis når vedtaket avvises", None)


def _kontroller_avgjoerelse(deler: Deler, sti: str, feil: list[Feil]) -> None:
    utfall, begrunnelse = deler["utfall"], deler["begrunnelse"]
    if gyldig(utfall, begrunnelse) and utfall is Avgjort.AVVIST and begrunnelse is None:
        feil.append(Feil(f"{sti}/begrunnelse", "begrunnelse", "Si hvorfor vedtaket avvises."))


VEDTAKSAVGJOERELSE: Final = Objekt(Vedtaksavgjoerelse, _kontroller_avgjoerelse)


@dataclass(frozen=True, slots=True, repr=False)
class FakturertMaaned:
    """What was charged for a month."""

    maaned: str = felt(Maaned(), "Måned")
    beloep: Decimal = felt(BELOEP, "Fakturert egenandel, kroner")


@dataclass(frozen=True, slots=True, repr=False)
class NyttEtteroppgjoer:
    """A year to be settled."""

    aar: int = felt(AAR, "Kalenderåret")
    beregning_id: str | None = felt(
        Kanskje(PersonId()),
        "Den endelige beregningen; utelatt betyr årets nyeste som ikke er foreløpig",
        None,
    )
    fakturert: tuple[FakturertMaaned, ...] | None = felt(
        Kanskje(Liste(Objekt(FakturertMaaned), 12)),
        "Det som er fakturert; utelatt betyr egenandelen i vedtakene som gjaldt, til saken ble avsluttet",
        None,
    )


NYTT_ETTEROPPGJOER: Final = Objekt(NyttEtteroppgjoer)
