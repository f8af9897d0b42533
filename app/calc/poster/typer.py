"""What goes into the catalogue and what comes out. Amounts never show in a ``repr``."""

from dataclasses import dataclass, field
from enum import StrEnum


class Api(StrEnum):
    """Where a figure comes from; part of every node's ``kilde``."""

    SUMMERT_SKATTEGRUNNLAG = "summert skattegrunnlag"
    BEREGNET_SKATT = "beregnet skatt"
    INNTEKT = "inntekt (a-ordningen)"


class Svardel(StrEnum):
    """The lists of one answer: ``grunnlag``, ``svalbardGrunnlag``, ``kildeskattPaaLoennGrunnlag``."""

    FASTLAND = "fastland"
    SVALBARD = "Svalbard"
    KILDESKATT = "kildeskatt på lønn"


class Gruppe(StrEnum):
    """The income groups of § 3, spelled as the calculator's contract spells them."""

    PENSJON_FRA_FOLKETRYGDEN = "pensjonFraFolketrygden"
    ANDRE_LOEPENDE_TRYGDEYTELSER = "andreLoependeTrygdeytelser"
    OFFENTLIG_TJENESTEPENSJON = "offentligTjenestepensjon"
    PRIVAT_PENSJON = "privatPensjon"
    ARBEIDSINNTEKT = "arbeidsinntekt"
    NAERINGSINNTEKT = "naeringsinntekt"
    LEIEINNTEKT = "leieinntekt"
    RENTEINNTEKT = "renteinntekt"
    ANNEN_AVKASTNING = "annenAvkastning"


@dataclass(frozen=True, slots=True)
class Spesifisering:
    """What we use of one element of a post's ``spesifisering``.

    ``beloep`` is the amount that belongs to the post (for KollektivPensjonsordning
    ``pensjonsinntektPerSkattleggingsperiode``). Specifications repeat under several posts and are never added
    across posts.
    """

    type: str
    organisasjonsnummer: str | None = None
    beloep: int | None = field(default=None, repr=False)
    land: str | None = None
    kontonummer: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Skattepost:
    """One ``grunnlag`` element, whole kroner. ``kategori`` is kept for showing and never decides anything."""

    teknisk_navn: str
    beloep: int = field(repr=False)
    kategori: str | None = None
    spesifisering: tuple[Spesifisering, ...] = ()
    andel_skattefritt: int | None = field(default=None, repr=False)
    andel_overfoert_fra_barn: int | None = field(default=None, repr=False)
    del_: Svardel = Svardel.FASTLAND


@dataclass(frozen=True, slots=True)
class Skattesvar:
    """One person's tax answer for one income year."""

    aar: int
    poster: tuple[Skattepost, ...]
    skjermet: bool = False
    api: Api = Api.SUMMERT_SKATTEGRUNNLAG


@dataclass(frozen=True, slots=True)
class Skjermet:
    """The answer was withheld. There is no basis, not even zero; the case is handled by hand."""

    aar: int
    api: Api
    tekst: str = "Opplysningene er skjermet og kan ikke hentes. Saken må behandles manuelt."


@dataclass(frozen=True, slots=True)
class Omtale:
    """A post that is shown, ignored or waiting for a caseworker, with the reason."""

    teknisk_navn: str
    navn: str
    beloep: int = field(repr=False)
    del_: Svardel
    grunn: str
    hjemmel: str | None = None
    utbetaler: str | None = None
    """Organisation number of the payer when only that payer's part is meant."""


@dataclass(frozen=True, slots=True)
class AvvistPar:
    """Names that stand for the same money came in one answer. None of them is counted."""

    poster: tuple[Omtale, ...]
    grunn: str
    har_virkning: bool
    """Whether any of them could have changed the basis."""


class Varselkode(StrEnum):
    """Stable codes of the warnings."""

    USKIFTET_BO = "USKIFTET_BO"
    UTLAND = "UTLAND"
    SVALBARD = "SVALBARD"
    FELLES_KONTO = "FELLES_KONTO"
    ENGANGSERSTATNING = "ENGANGSERSTATNING"
    FORMUESSKATT = "FORMUESSKATT"
    FORMUESSKATT_UKJENT = "FORMUESSKATT_UKJENT"
    SKATT_BETALT_I_UTLANDET = "SKATT_BETALT_I_UTLANDET"
    GEVINST_HOLDT_UTENFOR = "GEVINST_HOLDT_UTENFOR"
    MOTPOST_MANGLER = "MOTPOST_MANGLER"
    SKATT_MANGLER = "SKATT_MANGLER"
    PERSONFRADRAG_AVVIKER = "PERSONFRADRAG_AVVIKER"
    SKATTEFRADRAG = "SKATTEFRADRAG"
    ALMINNELIG_INNTEKT_MANGLER = "ALMINNELIG_INNTEKT_MANGLER"
    OMSORGSSTOENAD = "OMSORGSSTOENAD"
    INGEN_POSTER = "INGEN_POSTER"
    SAMME_KONTO = "SAMME_KONTO"
    SKATTESATS_MANGLER = "SKATTESATS_MANGLER"
    SKATTEGRUNNLAG_ULIKE = "SKATTEGRUNNLAG_ULIKE"
    PERSONFRADRAG_UKJENT = "PERSONFRADRAG_UKJENT"
    SKATTESATS_FOR_LAV = "SKATTESATS_FOR_LAV"
    KRIGSPENSJON = "KRIGSPENSJON"
    MAANED_IKKE_KOMPLETT = "MAANED_IKKE_KOMPLETT"
    MAANED_UTEN_OPPGAVE = "MAANED_UTEN_OPPGAVE"
    FORSKUDDSTREKK_FORTEGN = "FORSKUDDSTREKK_FORTEGN"
    FORELOEPIG = "FORELOEPIG"
    TREKKPLIKTIG_GODTGJOERELSE = "TREKKPLIKTIG_GODTGJOERELSE"
    GRUNNLAG_FORELOEPIG = "GRUNNLAG_FORELOEPIG"
    OPPGITT_FOR_HAAND = "OPPGITT_FOR_HAAND"
    UKJENT_UTEN_OPPGJOER = "UKJENT_UTEN_OPPGJOER"
    IKKE_I_A_ORDNINGEN = "IKKE_I_A_ORDNINGEN"
    UTLAND_IKKE_I_A_ORDNINGEN = "UTLAND_IKKE_I_A_ORDNINGEN"
    I_BEGGE_KILDER = "I_BEGGE_KILDER"
    TILLEGG_TIL_UKJENT = "TILLEGG_TIL_UKJENT"
    NEGATIVT_FELT = "NEGATIVT_FELT"
    UTEN_VIRKNING = "UTEN_VIRKNING"
    SKATTEJUSTERING_UKJENT = "SKATTEJUSTERING_UKJENT"
    SKATT_FRA_ANNET_AAR = "SKATT_FRA_ANNET_AAR"
    INGEN_SKATTEJUSTERING = "INGEN_SKATTEJUSTERING"
    FORMUESSKATT_FRA_ANNET_AAR = "FORMUESSKATT_FRA_ANNET_AAR"
    FORMUESSKATT_IKKE_OPPGITT = "FORMUESSKATT_IKKE_OPPGITT"
    KREDITFRADRAG_IKKE_MED = "KREDITFRADRAG_IKKE_MED"


@dataclass(frozen=True, slots=True)
class Varsel:
    """Something a caseworker should look at; it never changes a figure."""

    kode: Varselkode
    tekst: str


class UfullstendigGrunnlagError(ValueError):
    """The basis was asked for as calculator input while something in it is still open."""

    def __init__(self, aapne: int) -> None:
        super().__init__(f"grunnlaget har {aapne} forhold som en saksbehandler må avgjøre først")
        self.aapne = aapne


class UkjentPlasseringError(ValueError):
    """A caseworker's placement points at nothing that waits for one."""

    def __init__(self, teknisk_navn: str) -> None:
        super().__init__(f"{teknisk_navn} venter ikke på plassering i dette svaret")
        self.teknisk_navn = teknisk_navn
