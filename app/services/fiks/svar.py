"""The answer of v1, as Fiks spells it. A sum that is unknown is ``null``; that is where we differ from Fiks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.calc.kontrakt.lesing import Boolsk, Dato, Heltall, Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.services.fiks.ord import (
    AAR,
    BELOEP,
    Beregningstype,
    Gruppetype,
    Justeringstype,
    Kilde,
    Operasjon,
    Personidentifikator,
    Persontype,
    Stadie,
    Tidspunkt,
    Tilhoerighetskategori,
    Visningskategori,
)

_NAVN: Final = Tekst(200)
_TEKST: Final = Tekst(2_000)
_KANSKJE_TEKST: Final = Kanskje(_TEKST)
_KANSKJE_BELOEP: Final = Kanskje(BELOEP)
_MANGE: Final = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class FiksNavn:
    """A person's name."""

    etternavn: str = felt(_NAVN, "Etternavn")
    fornavn: str = felt(_NAVN, "Fornavn")
    mellomnavn: str | None = felt(Kanskje(_NAVN), "Mellomnavn", None)


@dataclass(frozen=True, slots=True, repr=False)
class FiksSvarperson:
    """A person of the case and the settlement that was found."""

    identifikator: str = felt(Personidentifikator(), "Fødselsnummer eller D-nummer")
    navn: FiksNavn | None = felt(Kanskje(Objekt(FiksNavn)), "Navnet hentes ikke; alltid null, se SI-01", None)
    type: Persontype = felt(Valgt(Persontype), "Personens plass i saken")
    skjermet: bool = felt(Boolsk(), "Skatteetaten holder opplysningene tilbake; de er ukjente, ikke null")
    skatteoppgjoersdato: date | None = felt(Kanskje(Dato()), "Dato for skatteoppgjøret", None)
    stadie: Stadie = felt(Valgt(Stadie), "OPPGJOER, eller UKJENT når personen er skjermet")
    registreringstidpunkt: datetime | None = felt(
        Kanskje(Tidspunkt()), "Når oppgjøret sist ble endret hos Skatteetaten", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class FiksPersonbeloep:
    """One person's part of a shown post."""

    identifikator: str = felt(Personidentifikator(), "Fødselsnummer eller D-nummer")
    beloep: int = felt(BELOEP, "Hele kroner")


@dataclass(frozen=True, slots=True, repr=False)
class FiksVisningspost:
    """A post as shown, whether it counts or not."""

    teknisk_navn: str = felt(_NAVN, "Postens tekniske navn")
    visningstekst: str = felt(_TEKST, "Postens navn")
    beloep: int = felt(BELOEP, "Sum for personene, hele kroner")
    personer: tuple[FiksPersonbeloep, ...] = felt(Liste(Objekt(FiksPersonbeloep), _MANGE), "Hver persons del")
    infotekst: str | None = felt(_KANSKJE_TEKST, "Hvorfor posten ikke teller, eller venter", None)


@dataclass(frozen=True, slots=True, repr=False)
class FiksVisningsgruppe:
    """Shown posts of one category."""

    kategori: Visningskategori = felt(Valgt(Visningskategori), "Overskrift")
    poster: tuple[FiksVisningspost, ...] = felt(Liste(Objekt(FiksVisningspost), _MANGE), "Postene")


@dataclass(frozen=True, slots=True, repr=False)
class FiksBeregningspost:
    """A post that counts."""

    teknisk_navn: str = felt(_NAVN, "Postens tekniske navn")
    visningstekst: str = felt(_TEKST, "Postens navn")
    operasjon: Operasjon = felt(Valgt(Operasjon), "Om beløpet legges til eller trekkes fra")
    beloep: int = felt(BELOEP, "Hele kroner")
    kilde: Kilde = felt(Valgt(Kilde), "Hvor beløpet kommer fra")
    kan_endre_visningstekst: bool = felt(Boolsk(), "Om saksbehandleren gir posten navn")
    identifikator: str = felt(Personidentifikator(), "Hvem posten gjelder")
    infotekst: str | None = felt(_KANSKJE_TEKST, "Det saksbehandleren bør vite", None)
    eksempeltekst: str | None = felt(_KANSKJE_TEKST, "Hva en manuell post brukes til", None)


_POSTER: Final = Liste(Objekt(FiksBeregningspost), _MANGE)


@dataclass(frozen=True, slots=True, repr=False)
class FiksBeregningsgrunnlag:
    """A sum of posts inside a group."""

    teknisk_navn: str = felt(_NAVN, "Grunnlagets tekniske navn")
    visningstekst: str = felt(_TEKST, "Grunnlagets navn")
    beloep: int | None = felt(_KANSKJE_BELOEP, "Hele kroner; null er ukjent")
    operasjon: Operasjon = felt(Valgt(Operasjon), "Om grunnlaget legges til eller trekkes fra gruppen")
    beregningsposter: tuple[FiksBeregningspost, ...] = felt(_POSTER, "Postene")


@dataclass(frozen=True, slots=True, repr=False)
class FiksGruppe:
    """A group of posts (POST) or of sums (GRUNNLAG); the list not in use is empty."""

    teknisk_navn: str = felt(_NAVN, "Gruppens tekniske navn")
    visningstekst: str = felt(_TEKST, "Gruppens navn")
    beloep: int | None = felt(_KANSKJE_BELOEP, "Hele kroner; null er ukjent")
    operasjon: Operasjon = felt(Valgt(Operasjon), "Om gruppen legges til eller trekkes fra")
    type: Gruppetype = felt(Valgt(Gruppetype), "Om gruppen har poster eller grunnlag")
    beregningsgrunnlag: tuple[FiksBeregningsgrunnlag, ...] = felt(
        Liste(Objekt(FiksBeregningsgrunnlag), _MANGE), "Grunnlagene", ()
    )
    beregningsposter: tuple[FiksBeregningspost, ...] = felt(_POSTER, "Postene", ())


@dataclass(frozen=True, slots=True, repr=False)
class FiksBeregning:
    """Income, or deductions."""

    beloep: int | None = felt(_KANSKJE_BELOEP, "Hele kroner; null er ukjent")
    beregning: tuple[FiksGruppe, ...] = felt(Liste(Objekt(FiksGruppe), _MANGE), "Gruppene")


@dataclass(frozen=True, slots=True)
class FiksFeilmelding:
    """Something that did not stop the answer; the codes stand in docs/fiks.md."""

    kode: str = felt(Tekst(60), "Fast kode")
    melding: str = felt(_TEKST, "Hva som mangler eller bør ses på")


@dataclass(frozen=True, slots=True, repr=False)
class FiksBeregningResponse:
    """The answer of v1."""

    inntektsaar: int = felt(AAR, "Inntektsår")
    stadie: Stadie = felt(Valgt(Stadie), "OPPGJOER når alle personene har det, ellers UKJENT")
    personer: tuple[FiksSvarperson, ...] = felt(Liste(Objekt(FiksSvarperson), _MANGE), "Personene")
    visningsposter: tuple[FiksVisningsgruppe, ...] = felt(
        Liste(Objekt(FiksVisningsgruppe), _MANGE), "Alle poster, også de som ikke teller"
    )
    beregningsbeloep: int | None = felt(
        _KANSKJE_BELOEP, "Inntekt minus fradrag, hele kroner; null er ukjent og aldri 0"
    )
    inntekt: FiksBeregning = felt(Objekt(FiksBeregning), "Inntekten som teller")
    fradrag: FiksBeregning | None = felt(
        Kanskje(Objekt(FiksBeregning)), "Fradragene; kan være null for praktisk bistand", None
    )
    soeketidspunkt: datetime = felt(Tidspunkt(), "Når oppslaget ble gjort")
    beregningstype: Beregningstype = felt(Valgt(Beregningstype), "Hva grunnlaget er for")
    feilmeldinger: tuple[FiksFeilmelding, ...] = felt(
        Liste(Objekt(FiksFeilmelding), _MANGE), "Det som ikke er med, eller må vurderes"
    )


@dataclass(frozen=True, slots=True)
class FiksTilhoerighet:
    """Which group a manual post ends in."""

    teknisk_navn: str = felt(_NAVN, "Gruppens tekniske navn")
    visningstekst: str = felt(_TEKST, "Gruppens navn")
    kategori: Tilhoerighetskategori = felt(Valgt(Tilhoerighetskategori), "Inntekt eller fradrag")


@dataclass(frozen=True, slots=True)
class FiksVerdipost:
    """A manual post that may be sent."""

    teknisk_navn: str = felt(_NAVN, "Postens tekniske navn")
    visningstekst: str = felt(_TEKST, "Postens navn")
    persontyper: tuple[Persontype, ...] = felt(Liste(Valgt(Persontype), _MANGE), "Hvem som kan ha posten")
    paakrevd: bool = felt(Boolsk(), "Om posten må med")
    kilde: Kilde = felt(Valgt(Kilde), "Alltid MANUELL_INPUT")
    kan_endre_visningstekst: bool = felt(Boolsk(), "Om visningstekst må med")
    eksempeltekst: str | None = felt(_KANSKJE_TEKST, "Hva posten brukes til", None)
    justeringstype: Justeringstype = felt(Valgt(Justeringstype), "Om posten øker eller reduserer gruppen")
    tilhorighet: FiksTilhoerighet = felt(Objekt(FiksTilhoerighet), "Gruppen posten ender i")


@dataclass(frozen=True, slots=True)
class FiksVerdier:
    """What may be sent for one kind of calculation and one year."""

    beregningstype: Beregningstype = felt(Valgt(Beregningstype), "Hva grunnlaget er for")
    inntektsaar: int = felt(AAR, "Inntektsår")
    persontyper: tuple[Persontype, ...] = felt(Liste(Valgt(Persontype), _MANGE), "Gyldige persontyper")
    ekstraposter: tuple[FiksVerdipost, ...] = felt(
        Liste(Objekt(FiksVerdipost), _MANGE), "Gyldige manuelle poster"
    )


@dataclass(frozen=True, slots=True)
class FiksFeil:
    """Fiks' error body."""

    timestamp: datetime = felt(Tidspunkt(), "Når feilen oppsto")
    status: int = felt(Heltall(400, 599), "HTTP-status")
    error: str = felt(Tekst(100), "Statusens navn")
    error_id: str = felt(Tekst(36), "Oppgi denne ved feilmelding")
    path: str = felt(Tekst(4_000), "Adressen")
    message: str = felt(_TEKST, "Hva som er galt og hva som må gjøres")
    error_code: str | None = felt(Kanskje(Tekst(60)), "Fast kode", None)
    error_json: str | None = felt(
        Kanskje(Tekst(1_000_000)),
        'JSON som tekst: {"errors":[{"pointer","kode","detail"}]}, én rad per feil',
        None,
    )
