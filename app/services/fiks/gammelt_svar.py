"""The answer of v2: numbered sums per person, and the same for the household."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from app.calc.kontrakt.lesing import Boolsk, Dato, Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.services.fiks.bestilling import Bestilling, Ekstra
from app.services.fiks.bistand import RADER, Medlem, medlemmer
from app.services.fiks.ekstraposter import HJELPESTOENAD, OMSORGSLOENN, SKJOENNSMESSIGE_FRADRAG
from app.services.fiks.hode import er_skjermet, stadie, svarstadie
from app.services.fiks.ord import (
    AAR,
    BELOEP,
    Beregningstype,
    GammelKilde,
    Operasjon,
    Personidentifikator,
    Persontype,
    Stadie,
    Tidspunkt,
)
from app.services.fiks.svar import FiksBeregningspost, FiksNavn
from app.services.oppslag import Hentet

_NAVN: Final = Tekst(200)
_MANGE: Final = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class FiksSummertPost:
    """A post that counts."""

    teknisk_navn: str = felt(_NAVN, "Postens tekniske navn")
    visningsnavn: str = felt(_NAVN, "Postens navn")
    beloep: int = felt(BELOEP, "Hele kroner")
    kilde: GammelKilde = felt(Valgt(GammelKilde), "Hvor beløpet kommer fra")
    kan_endre_visningsnavn: bool = felt(Boolsk(), "Om saksbehandleren gir posten navn")


@dataclass(frozen=True, slots=True, repr=False)
class FiksSummertGrunnlag:
    """One line of the formula; a line without posts is left out."""

    navn: str = felt(_NAVN, "Nummer i formelen, eller den manuelle postens navn med store bokstaver")
    beskrivelse: str = felt(_NAVN, "Hva linjen er")
    beloep: int = felt(BELOEP, "Hele kroner")
    operasjon: Operasjon = felt(Valgt(Operasjon), "Om linjen legges til eller trekkes fra")
    poster: tuple[FiksSummertPost, ...] = felt(Liste(Objekt(FiksSummertPost), _MANGE), "Postene")


_GRUNNLAG: Final = Liste(Objekt(FiksSummertGrunnlag), _MANGE)


@dataclass(frozen=True, slots=True, repr=False)
class FiksSummertPerson:
    """One person's part."""

    personidentifikator: str = felt(Personidentifikator(), "Fødselsnummer eller D-nummer")
    person_type: Persontype = felt(Valgt(Persontype), "Personens plass i saken")
    skjermet: bool = felt(Boolsk(), "Skatteetaten holder opplysningene tilbake; de er ukjente, ikke null")
    stadie: Stadie = felt(Valgt(Stadie), "OPPGJOER, eller UKJENT når personen er skjermet")
    beloep: int | None = felt(Kanskje(BELOEP), "Personens grunnlag, hele kroner; null er ukjent")
    grunnlag: tuple[FiksSummertGrunnlag, ...] = felt(_GRUNNLAG, "Linjene i formelen")
    personnavn: FiksNavn | None = felt(Kanskje(Objekt(FiksNavn)), "Navnet hentes ikke; alltid null", None)
    skatteoppgjoersdato: date | None = felt(Kanskje(Dato()), "Dato for skatteoppgjøret", None)
    registreringstidpunkt: datetime | None = felt(
        Kanskje(Tidspunkt()), "Når oppgjøret sist ble endret hos Skatteetaten", None
    )
    skatt_feilmelding: str | None = felt(
        Kanskje(Tekst(20_000)), "Det som ikke er med, eller må vurderes; kode og tekst", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class FiksSummertResponse:
    """The answer of v2."""

    inntektsaar: int = felt(AAR, "Inntektsår")
    stadie: Stadie = felt(Valgt(Stadie), "OPPGJOER når alle personene har det, ellers UKJENT")
    summert_skattegrunnlag_personer: tuple[FiksSummertPerson, ...] = felt(
        Liste(Objekt(FiksSummertPerson), _MANGE), "Personene"
    )
    samlet_beloep: int | None = felt(
        Kanskje(BELOEP), "Husstandens grunnlag, hele kroner; null er ukjent og aldri 0"
    )
    samlet_grunnlag: tuple[FiksSummertGrunnlag, ...] = felt(_GRUNNLAG, "Linjene for hele husstanden")
    soeketidspunkt: datetime = felt(Tidspunkt(), "Når oppslaget ble gjort")
    beregningstype: Beregningstype = felt(Valgt(Beregningstype), "PRAKTISK_BISTAND")


_MANUELLE: Final = {
    HJELPESTOENAD: ("Hjelpestønad fra Folketrygden", Operasjon.ADDERE),
    OMSORGSLOENN: ("Omsorgslønn etter helse- og omsorgstjenesteloven § 3-6", Operasjon.SUBTRAHERE),
    SKJOENNSMESSIGE_FRADRAG: ("Skjønnsmessig fradrag", Operasjon.SUBTRAHERE),
}
"""The signs of § 10 første ledd, and of KS since September 2023."""


def gammelt_svar(bestilling: Bestilling, hentet: Sequence[Hentet], naa: datetime) -> FiksSummertResponse:
    """The answer."""
    husstand = medlemmer(bestilling, hentet)
    personer = tuple(_person(medlem) for medlem in husstand)
    beloep = [person.beloep for person in personer if person.beloep is not None]
    return FiksSummertResponse(
        inntektsaar=bestilling.aar,
        stadie=svarstadie(hentet),
        summert_skattegrunnlag_personer=personer,
        samlet_beloep=sum(beloep) if len(beloep) == len(personer) else None,
        samlet_grunnlag=_samlet(personer),
        soeketidspunkt=naa,
        beregningstype=bestilling.type,
    )


def _person(medlem: Medlem) -> FiksSummertPerson:
    grunnlag = (*_fra_skatten(medlem), *_for_haand(medlem))
    meldinger = [f"{m.kode}: {m.melding}" for m in medlem.meldinger()]
    return FiksSummertPerson(
        personidentifikator=medlem.bestilt.identifikator,
        person_type=medlem.bestilt.type,
        skjermet=er_skjermet(medlem.hentet),
        stadie=stadie(medlem.hentet),
        beloep=sum(g.operasjon.paa(g.beloep) for g in grunnlag) if medlem.kjent else None,
        grunnlag=grunnlag,
        skatteoppgjoersdato=medlem.hentet.skatteoppgjoersdato,
        registreringstidpunkt=medlem.hentet.ajourholdt,
        skatt_feilmelding=" ".join(meldinger) or None,
    )


def _fra_skatten(medlem: Medlem) -> Iterable[FiksSummertGrunnlag]:
    for behandling, rad in RADER.items():
        poster = tuple(_post(post) for post in medlem.poster(behandling))
        if poster:
            yield _linje(rad.nummer, rad.tekst, rad.operasjon, poster)


def _for_haand(medlem: Medlem) -> Iterable[FiksSummertGrunnlag]:
    for navn, (tekst, operasjon) in _MANUELLE.items():
        poster = tuple(_manuell(post) for post in medlem.bestilt.ekstra(navn))
        if poster:
            yield _linje(navn.upper(), tekst, operasjon, poster)


def _linje(
    navn: str, tekst: str, operasjon: Operasjon, poster: tuple[FiksSummertPost, ...]
) -> FiksSummertGrunnlag:
    return FiksSummertGrunnlag(
        navn=navn,
        beskrivelse=tekst,
        beloep=sum(post.beloep for post in poster),
        operasjon=operasjon,
        poster=poster,
    )


def _post(post: FiksBeregningspost) -> FiksSummertPost:
    return FiksSummertPost(
        teknisk_navn=post.teknisk_navn,
        visningsnavn=post.visningstekst,
        beloep=post.operasjon.paa(post.beloep),
        kilde=GammelKilde.SKATTEETATEN,
        kan_endre_visningsnavn=False,
    )


def _manuell(post: Ekstra) -> FiksSummertPost:
    return FiksSummertPost(
        teknisk_navn=post.slag.teknisk_navn,
        visningsnavn=post.visningstekst,
        beloep=post.beloep,
        kilde=post.slag.gammel_kilde,
        kan_endre_visningsnavn=post.slag.kan_endre_visningstekst,
    )


def _samlet(personer: Sequence[FiksSummertPerson]) -> tuple[FiksSummertGrunnlag, ...]:
    """The lines of all persons, posts of the same name added up."""
    rekkefoelge = [*(rad.nummer for rad in RADER.values()), *(navn.upper() for navn in _MANUELLE)]
    linjer = [linje for person in personer for linje in person.grunnlag]
    svar = []
    for navn in rekkefoelge:
        like = [linje for linje in linjer if linje.navn == navn]
        if not like:
            continue
        poster: dict[tuple[str, str], FiksSummertPost] = {}
        for post in (post for linje in like for post in linje.poster):
            noekkel = (post.teknisk_navn, post.visningsnavn)
            foer = poster.get(noekkel)
            poster[noekkel] = post if foer is None else replace(post, beloep=foer.beloep + post.beloep)
        svar.append(_linje(navn, like[0].beskrivelse, like[0].operasjon, tuple(poster.values())))
    return tuple(svar)
