"""The requests of v1 and v2 as declared, and how they are read."""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from app.calc.kontrakt.feil import Feil, KontraktFeilError
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.services.fiks.bestilling import Bestilling, Raaekstra, Raaperson, bestilling
from app.services.fiks.ekstraposter import SKJOENNSMESSIGE_FRADRAG
from app.services.fiks.feil import tilbys_ikke
from app.services.fiks.ord import (
    AAR,
    BELOEP_INN,
    FOERSTE_AAR,
    Beregningstype,
    Personidentifikator,
    Persontype,
    Tallstreng,
)

T = TypeVar("T")

_FLEST_PERSONER: Final = 20
_FLEST_POSTER: Final = 50
_NAVN: Final = Tekst(100)
_TEKST: Final = Kanskje(Tekst(200))


@dataclass(frozen=True, slots=True, repr=False)
class FiksEkstrapost:
    """A manual post in v1."""

    teknisk_navn: str = felt(_NAVN, "Postens tekniske navn, se /verdier")
    visningstekst: str | None = felt(_TEKST, "Hva beløpet gjelder; må med når teksten kan endres", None)
    beloep: int = felt(BELOEP_INN, "Hele kroner")


@dataclass(frozen=True, slots=True, repr=False)
class FiksPerson:
    """A person in v1."""

    identifikator: str = felt(Personidentifikator(), "Fødselsnummer eller D-nummer")
    type: Persontype = felt(Valgt(Persontype), "Personens plass i saken")
    ekstraposter: tuple[FiksEkstrapost, ...] | None = felt(
        Kanskje(Liste(Objekt(FiksEkstrapost), _FLEST_POSTER)), "Manuelle poster", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class FiksBeregningRequest:
    """The request of v1; ``beregningstype`` may be left out where the path says it."""

    inntektsaar: int = felt(AAR, "Inntektsår")
    beregningstype: Beregningstype | None = felt(
        Kanskje(Valgt(Beregningstype)), "Hva grunnlaget skal brukes til; må med når stien ikke sier det", None
    )
    personer: tuple[FiksPerson, ...] = felt(Liste(Objekt(FiksPerson), _FLEST_PERSONER), "Personene i saken")


@dataclass(frozen=True, slots=True, repr=False)
class FiksGammelPost:
    """A manual post in v2."""

    teknisk_navn: str | None = felt(
        Kanskje(_NAVN), "Postens tekniske navn; kan utelates i kommunePoster", None
    )
    visningsnavn: str | None = felt(_TEKST, "Hva beløpet gjelder; må med når teksten kan endres", None)
    beloep: int = felt(Tallstreng(0, 999_999_999_999), "Hele kroner, helst som tekst")
    kilde: str | None = felt(_TEKST, "Brukes ikke", None)
    post_type: str | None = felt(_TEKST, "Brukes ikke", None)


_GAMLE_POSTER: Final = Kanskje(Liste(Objekt(FiksGammelPost), _FLEST_POSTER))


@dataclass(frozen=True, slots=True, repr=False)
class FiksGammelPerson:
    """A person in v2; the manual posts stand in one list or in two, both are printed."""

    personidentifikator: str = felt(Personidentifikator(), "Fødselsnummer eller D-nummer")
    person_type: Persontype = felt(Valgt(Persontype), "Personens plass i saken")
    poster: tuple[FiksGammelPost, ...] | None = felt(_GAMLE_POSTER, "Manuelle poster", None)
    nav_poster: tuple[FiksGammelPost, ...] | None = felt(_GAMLE_POSTER, "Manuelle poster fra Nav", None)
    kommune_poster: tuple[FiksGammelPost, ...] | None = felt(
        _GAMLE_POSTER, "Manuelle poster fra kommunen", None
    )


@dataclass(frozen=True, slots=True, repr=False)
class FiksSummertRequest:
    """The request of v2, for praktisk bistand."""

    inntektsaar: int = felt(Tallstreng(FOERSTE_AAR, 2100), "Inntektsår, som tall eller tekst")
    beregningstype: Beregningstype | None = felt(Kanskje(Valgt(Beregningstype)), "PRAKTISK_BISTAND", None)
    soekere: tuple[FiksGammelPerson, ...] = felt(
        Liste(Objekt(FiksGammelPerson), _FLEST_PERSONER), "Personene i saken"
    )


def _les(klasse: type[T], raa: bytes) -> T:
    feil: list[Feil] = []
    lest: Any = Objekt(klasse).les(les_json(raa), "", feil)
    if feil:
        raise KontraktFeilError(feil)
    ferdig: T = lest
    return ferdig


def les_v1(raa: bytes, stien_sier: Beregningstype | None, siste_aar: int) -> Bestilling:
    """A request of v1.

    Raises:
        UlesbarJsonError: not JSON.
        KontraktFeilError: with every fault.
        FiksFeilError: a kind of calculation we do not offer.
    """
    inn = _les(FiksBeregningRequest, raa)
    type_ = _type(inn.beregningstype, stien_sier)
    personer = [
        Raaperson(
            person.identifikator,
            person.type,
            tuple(
                Raaekstra(
                    post.teknisk_navn,
                    post.visningstekst,
                    post.beloep,
                    f"/personer/{nr}/ekstraposter/{postnr}",
                    "visningstekst",
                )
                for postnr, post in enumerate(person.ekstraposter or ())
            ),
            f"/personer/{nr}/identifikator",
            f"/personer/{nr}/type",
        )
        for nr, person in enumerate(inn.personer)
    ]
    return bestilling(type_, inn.inntektsaar, siste_aar, personer, "/personer")


def les_v2(raa: bytes, siste_aar: int) -> Bestilling:
    """A request of v2.

    Raises:
        UlesbarJsonError: not JSON.
        KontraktFeilError: with every fault.
        FiksFeilError: a kind of calculation we do not offer.
    """
    inn = _les(FiksSummertRequest, raa)
    type_ = _type(inn.beregningstype, Beregningstype.PRAKTISK_BISTAND)
    feil: list[Feil] = []
    personer = [
        Raaperson(
            person.personidentifikator,
            person.person_type,
            (
                *_gamle(person.poster, f"/soekere/{nr}/poster", None, feil),
                *_gamle(person.nav_poster, f"/soekere/{nr}/navPoster", None, feil),
                *_gamle(person.kommune_poster, f"/soekere/{nr}/kommunePoster", SKJOENNSMESSIGE_FRADRAG, feil),
            ),
            f"/soekere/{nr}/personidentifikator",
            f"/soekere/{nr}/personType",
        )
        for nr, person in enumerate(inn.soekere)
    ]
    if feil:
        raise KontraktFeilError(feil)
    return bestilling(type_, inn.inntektsaar, siste_aar, personer, "/soekere")


def _gamle(
    poster: tuple[FiksGammelPost, ...] | None, sti: str, ellers: str | None, feil: list[Feil]
) -> list[Raaekstra]:
    ferdige = []
    for nr, post in enumerate(poster or ()):
        navn = post.teknisk_navn or ellers
        if navn is None:
            feil.append(
                Feil(
                    f"{sti}/{nr}/tekniskNavn",
                    "mangler",
                    "Feltet tekniskNavn mangler. Legg det til: postens tekniske navn.",
                )
            )
        else:
            ferdige.append(Raaekstra(navn, post.visningsnavn, post.beloep, f"{sti}/{nr}", "visningsnavn"))
    return ferdige


def _type(sendt: Beregningstype | None, stien_sier: Beregningstype | None) -> Beregningstype:
    valgt = sendt or stien_sier
    if valgt is None:
        raise KontraktFeilError(
            [
                Feil(
                    "/beregningstype",
                    "mangler",
                    "Feltet beregningstype mangler. Legg det til: hva grunnlaget skal brukes til.",
                )
            ]
        )
    if valgt is Beregningstype.BARNEHAGE_SFO:
        raise tilbys_ikke("foreldrebetaling")
    if stien_sier is not None and valgt is not stien_sier:
        raise KontraktFeilError(
            [
                Feil(
                    "/beregningstype",
                    "ukjent-verdi",
                    f"Skal være {stien_sier} på denne adressen. For {valgt}: bruk "
                    "/register/api/v1/ks/{rolleId}/skatteoginntektsopplysninger/beregning.",
                )
            ]
        )
    return valgt
