"""The document: what a kommune has decided, each thing from a date, so that any year can be computed again.

Declared with the same readers as the calculators, and with the calculators' own choices and prices inside it:
what the document accepts, the calculators accept.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from app.calc.beloep import NULL, eksakt_regning
from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.langtidsopphold import Valg
from app.calc.kontrakt.lesing import (
    BELOEP,
    Boolsk,
    Dato,
    Heltall,
    Kanskje,
    Leser,
    Liste,
    Objekt,
    Skjema,
    Tall,
    Tekst,
    Valgt,
    felt,
)
from app.calc.kontrakt.praktisk_bistand import PraktiskBistandValg, Prisregister
from app.calc.poster.katalog import gyldig_organisasjonsnummer
from app.services.kommuneoppsett import kontroll
from app.services.kommuneoppsett.faktura import FAKTURAOPPSETT, Fakturaoppsett

RAASVAR_DOEGN: Final = 1_826
"""Five years. No source says how long; the kommune decides, and this is only where it starts."""

FREMSKRIVING = Tall(4, Decimal("0.1"), Decimal(10), hva="faktor")
INGEN_ENDRING: Final = Decimal(1)
_FLERE_ENN_NOEN_HAR: Final = 200
_KOMMUNER: Final = 400
"""As many setups as there are kommuner are kept read."""


class Tilbud(StrEnum):
    """The services the kommune computes egenandel for."""

    LANGTIDSOPPHOLD = "LANGTIDSOPPHOLD"
    PRAKTISK_BISTAND = "PRAKTISK_BISTAND"


class Maalform(StrEnum):
    """The written Norwegian the kommune's letters use."""

    NB = "NB"
    NN = "NN"


class Sykehusdoegn(StrEnum):
    """Whether a resident pays for days in hospital; the regulation is silent."""

    BETALES = "BETALES"
    BETALES_IKKE = "BETALES_IKKE"


class _Organisasjonsnummer(Leser):
    """Nine digits with a right control digit."""

    def les(self, raa: Any, sti: str, feil: list[Feil]) -> Any:
        """The number as text."""
        if type(raa) is str and gyldig_organisasjonsnummer(raa):
            return raa
        raad = "Kontroller sifrene mot Enhetsregisteret." if type(raa) is str else "Sett det i anførselstegn."
        return kontroll.ugyldig(
            feil,
            sti,
            "ugyldig-organisasjonsnummer",
            f"Skal være et organisasjonsnummer: ni sifre der det siste er kontrollsifferet. {raad}",
        )

    def skjema(self, navngitte: dict[str, Skjema]) -> Skjema:
        """Nine digits; the control digit is beyond what a schema can say."""
        return {"type": "string", "pattern": "^[0-9]{9}$"}


@dataclass(frozen=True, slots=True)
class Fremskriving:
    """From the last settlement to the running year, by income group of § 3. One means unchanged."""

    pensjon_fra_folketrygden: Decimal = felt(FREMSKRIVING, "Pensjon fra folketrygden", INGEN_ENDRING)
    andre_loepende_trygdeytelser: Decimal = felt(FREMSKRIVING, "Andre løpende trygdeytelser", INGEN_ENDRING)
    offentlig_tjenestepensjon: Decimal = felt(FREMSKRIVING, "Offentlig tjenestepensjon", INGEN_ENDRING)
    privat_pensjon: Decimal = felt(FREMSKRIVING, "Privat pensjon", INGEN_ENDRING)
    arbeidsinntekt: Decimal = felt(FREMSKRIVING, "Arbeidsinntekt", INGEN_ENDRING)
    naeringsinntekt: Decimal = felt(FREMSKRIVING, "Næringsinntekt", INGEN_ENDRING)
    leieinntekt: Decimal = felt(FREMSKRIVING, "Leieinntekt", INGEN_ENDRING)
    renteinntekt: Decimal = felt(FREMSKRIVING, "Renteinntekt", INGEN_ENDRING)
    annen_avkastning: Decimal = felt(FREMSKRIVING, "Annen avkastning av formue", INGEN_ENDRING)


@dataclass(frozen=True, slots=True)
class Aarsvalg:
    """What the regulation leaves to the kommune, from a 1 January until the next entry."""

    gjelder_fra: date = felt(Dato(), "Første dag valgene gjelder, alltid 1. januar")
    minstebeloep_etteroppgjoer: Decimal = felt(BELOEP, "Minste sum som gjøres opp, kroner", NULL)
    automatisk_vedtak_grense: Decimal | None = felt(
        Kanskje(BELOEP),
        "Største endring per måned som tjenesten fatter foreløpig vedtak om av seg selv, kroner; utelatt betyr aldri",
        None,
    )
    godkjenning_over_maaned: Decimal | None = felt(
        Kanskje(BELOEP),
        "Et vedtak med høyere egenandel i en måned, kroner, må godkjennes av en til; utelatt betyr aldri",
        None,
    )
    godkjenning_over_endring: Decimal | None = felt(
        Kanskje(BELOEP),
        "Et vedtak som endrer egenandelen i en måned mer, kroner, må godkjennes av en til; utelatt betyr aldri",
        None,
    )
    sykehusdoegn: Sykehusdoegn = felt(
        Valgt(Sykehusdoegn), "Om beboeren betaler for døgn på sykehus", Sykehusdoegn.BETALES
    )
    langtidsvalg: Valg = felt(Objekt(Valg), "Langtidsopphold og korttidsopphold", Valg())
    bistandsvalg: PraktiskBistandValg = felt(
        Objekt(PraktiskBistandValg), "Praktisk bistand", PraktiskBistandValg()
    )
    fremskriving: Fremskriving = felt(
        Objekt(Fremskriving), "Faktor fra siste skatteoppgjør til det løpende året", Fremskriving()
    )


@dataclass(frozen=True, slots=True)
class Oppholdsutgift:
    """What a place in an institution costs, from a date until the next entry."""

    gjelder_fra: date = felt(Dato(), "Første dag beløpet gjelder")
    beloep_per_maaned: Decimal = felt(
        BELOEP, "Faktisk oppholdsutgift per måned, uten kapitalutgifter, kroner"
    )


@dataclass(frozen=True, slots=True)
class Institusjon:
    """An institution the kommune pays for."""

    kode: str = felt(Tekst(40), "Kort navn som sakene viser til; skal ikke endres")
    navn: str = felt(Tekst(200), "Institusjonens navn")
    oppholdsutgift: tuple[Oppholdsutgift, ...] = felt(
        Liste(Objekt(Oppholdsutgift), _FLERE_ENN_NOEN_HAR), "Oppholdsutgift over tid"
    )


@dataclass(frozen=True, slots=True)
class DatertPrisregister(Prisregister):
    """The calculators' price register, from the first of a month until the next entry."""

    gjelder_fra: date = felt(Dato(), "Første dag prisene gjelder, alltid den første i en måned")

    @property
    def register(self) -> Prisregister:
        """The prices alone."""
        return Prisregister(**{felt.name: getattr(self, felt.name) for felt in fields(Prisregister)})


@dataclass(frozen=True, slots=True)
class Oppbevaring:
    """How long what was fetched is kept. Results and decisions are kept whatever this says."""

    raasvar_doegn: int = felt(Heltall(1, 36_525), "Døgn råsvarene fra Skatteetaten oppbevares", RAASVAR_DOEGN)


class Ordning(StrEnum):
    """What a pension payer pays, all of it."""

    OFFENTLIG = "OFFENTLIG"
    PRIVAT = "PRIVAT"


@dataclass(frozen=True, slots=True)
class Pensjonsutbetaler:
    """A payer the kommune has found out about, so that it is not asked again in every case (§ 5 tredje ledd)."""

    organisasjonsnummer: str = felt(_Organisasjonsnummer(), "Utbetalerens organisasjonsnummer")
    navn: str = felt(Tekst(200), "Utbetalerens navn")
    ordning: Ordning = felt(
        Valgt(Ordning), "Hva utbetaleren betaler; en som betaler begge deler, skal ikke føres her"
    )
    gjelder_fra: date = felt(Dato(), "Første dag det gjelder")
    gjelder_til: date | None = felt(Kanskje(Dato()), "Siste dag; utelatt betyr fortsatt", None)
    kilde: str = felt(Tekst(300), "Hvor kommunen vet det fra")


class Tilgangsvei(StrEnum):
    """How the kommune has let us look up for it."""

    DELEGERING = "DELEGERING"
    SYSTEMBRUKER = "SYSTEMBRUKER"
    EGEN = "EGEN"


class OppslagsApi(StrEnum):
    """Skatteetaten's APIs, as the document spells them."""

    SKATTEGRUNNLAG = "SKATTEGRUNNLAG"
    BEREGNET_SKATT = "BEREGNET_SKATT"
    SISTE_OPPGJOER = "SISTE_OPPGJOER"
    SKATTEOPPGJOER_HENDELSER = "SKATTEOPPGJOER_HENDELSER"
    INNTEKT = "INNTEKT"
    INNTEKT_HENDELSER = "INNTEKT_HENDELSER"


UTEN_INNTEKT: Final = tuple(api for api in OppslagsApi if not api.startswith("INNTEKT"))
"""What every kommune gets; monthly income is off until it has been granted."""


@dataclass(frozen=True, slots=True)
class Rettighetspakke:
    """The package of fields the kommune has been granted in one API for one service."""

    api: OppslagsApi = felt(Valgt(OppslagsApi), "API-et hos Skatteetaten")
    tjeneste: Tilbud = felt(Valgt(Tilbud), "Tjenesten pakken gjelder")
    pakke: str = felt(Tekst(100), "Pakkens navn, slik Skatteetaten skriver det")


@dataclass(frozen=True, slots=True)
class Oppslagsoppsett:
    """How we look up for the kommune."""

    tilgang: Tilgangsvei = felt(
        Valgt(Tilgangsvei), "Hvordan kommunen har gitt oss tilgang", Tilgangsvei.DELEGERING
    )
    ekstern_ref: str | None = felt(
        Kanskje(Tekst(200)), "Systembrukerens externalRef, hvis den ble opprettet med en", None
    )
    apier: tuple[OppslagsApi, ...] = felt(
        Liste(Valgt(OppslagsApi), len(OppslagsApi)), "API-ene kommunen har", UTEN_INNTEKT
    )
    rettighetspakker: tuple[Rettighetspakke, ...] = felt(
        Liste(Objekt(Rettighetspakke), 30), "Pakker som avviker fra de publiserte", ()
    )


@dataclass(frozen=True, slots=True)
class Brevhode:
    """What stands at the top of the kommune's letters."""

    avdeling: str | None = felt(Kanskje(Tekst(200)), "Avdeling", None)
    adresse: str | None = felt(Kanskje(Tekst(300)), "Postadresse på én linje", None)
    telefon: str | None = felt(Kanskje(Tekst(40)), "Telefon", None)
    epost: str | None = felt(Kanskje(Tekst(200)), "E-post", None)
    vis_andres_tall: bool = felt(
        Boolsk(),
        "Om brevene viser tallene til ektefelle, samboer og forsørgede, og ikke bare hva de gir",
        False,
    )


@dataclass(frozen=True, slots=True)
class Kommuneoppsett:
    """Everything a kommune decides for itself."""

    organisasjonsnummer: str = felt(_Organisasjonsnummer(), "Kommunens organisasjonsnummer")
    navn: str = felt(Tekst(100), "Kommunens navn")
    maalform: Maalform = felt(Valgt(Maalform), "Målform i brev", Maalform.NB)
    tjenester: tuple[Tilbud, ...] = felt(
        Liste(Valgt(Tilbud), len(Tilbud)), "Tjenestene kommunen beregner egenandel for"
    )
    oppslag: Oppslagsoppsett = felt(Objekt(Oppslagsoppsett), "Oppslag hos Skatteetaten", Oppslagsoppsett())
    oppbevaring: Oppbevaring = felt(Objekt(Oppbevaring), "Oppbevaring", Oppbevaring())
    brev: Brevhode | None = felt(Kanskje(Objekt(Brevhode)), "Brevhode", None)
    valg: tuple[Aarsvalg, ...] = felt(
        Liste(Objekt(Aarsvalg, kontroll.aarsvalg), _FLERE_ENN_NOEN_HAR), "Kommunens valg over tid"
    )
    institusjoner: tuple[Institusjon, ...] = felt(
        Liste(Objekt(Institusjon, kontroll.institusjon), 500), "Institusjoner", ()
    )
    utbetalere: tuple[Pensjonsutbetaler, ...] = felt(
        Liste(Objekt(Pensjonsutbetaler), 500), "Pensjonsutbetalere kommunen har funnet ut av", ()
    )
    prisregister: tuple[DatertPrisregister, ...] = felt(
        Liste(Objekt(DatertPrisregister, kontroll.prisregister), _FLERE_ENN_NOEN_HAR),
        "Priser for praktisk bistand over tid",
        (),
    )
    fakturagrunnlag: Fakturaoppsett | None = felt(
        Kanskje(FAKTURAOPPSETT),
        "Hvordan økonomisystemet vil ha det som skal faktureres; utelatt betyr ikke herfra",
        None,
    )


KOMMUNEOPPSETT: Final = Objekt(Kommuneoppsett, kontroll.kommuneoppsett)


def les_oppsett(raa: Any) -> Kommuneoppsett:
    """Read the document from parsed JSON (``les_json``) or TOML.

    Raises:
        KontraktFeilError: it cannot be used; carries every fault with a JSON pointer.
    """
    feil: list[Feil] = []
    with eksakt_regning():
        oppsett = KOMMUNEOPPSETT.les(raa, "", feil)
    if not isinstance(oppsett, Kommuneoppsett):
        raise KontraktFeilError(feil)
    return oppsett


@lru_cache(_KOMMUNER)
def les_oppsettstekst(tekst: str) -> Kommuneoppsett:
    """Read a stored version. It is never changed, so it is read once.

    Raises:
        KontraktFeilError: it is not one; the contract has changed since.
    """
    return les_oppsett(les_json(tekst))
