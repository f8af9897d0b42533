"""Reading the catalogue: rulings, posts, income codes, payers and warnings. A breach of the format raises."""

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import StringIO
from typing import Any, Final, TypeVar

from app.calc.hjemmel import Hjemmel
from app.calc.poster.typer import Gruppe, Varsel, Varselkode

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class KatalogfeilError(ValueError):
    """A catalogue file breaks the format; the message names the file and the fault."""


class Behandling3(StrEnum):
    """What § 3 does with a post; explained in ``avgjoerelser_3.toml``."""

    INNTEKT = "INNTEKT"
    ETTER_UTBETALER = "ETTER_UTBETALER"
    GJELDSRENTER = "GJELDSRENTER"
    FRADRAG_TELLER_IKKE = "FRADRAG_TELLER_IKKE"
    HOLDT_UTENFOR = "HOLDT_UTENFOR"
    OPPJUSTERING = "OPPJUSTERING"
    SUM_ELLER_DUBLETT = "SUM_ELLER_DUBLETT"
    IKKE_INNTEKT = "IKKE_INNTEKT"
    BARE_VISNING = "BARE_VISNING"
    MAA_PLASSERES = "MAA_PLASSERES"


class Behandling10(StrEnum):
    """What § 10 does with a post; explained in ``avgjoerelser_10.toml``."""

    ALMINNELIG_INNTEKT = "ALMINNELIG_INNTEKT"
    GEVINST = "GEVINST"
    OPPJUSTERING_AV_GEVINST = "OPPJUSTERING_AV_GEVINST"
    TAP = "TAP"
    OPPJUSTERING_AV_TAP = "OPPJUSTERING_AV_TAP"
    OPPJUSTERING_AV_UTBYTTE = "OPPJUSTERING_AV_UTBYTTE"
    I_SUMMEN = "I_SUMMEN"
    IKKE_I_SUMMEN = "IKKE_I_SUMMEN"
    OMSORGSSTOENAD = "OMSORGSSTOENAD"
    MAA_PLASSERES = "MAA_PLASSERES"


class Art(StrEnum):
    """What kind of item is kept out, or lifted."""

    GEVINST = "GEVINST"
    TAP = "TAP"
    UTBYTTE = "UTBYTTE"


class Utbetalerart(StrEnum):
    """What a known payer pays."""

    OFFENTLIG = "OFFENTLIG"
    FOLKETRYGD = "FOLKETRYGD"
    PRIVAT = "PRIVAT"
    """Only private schemes; never from the catalogue, since no public source says it of anybody."""


@dataclass(frozen=True, slots=True)
class Avgjoerelse3:
    """One ruling under § 3."""

    id: str
    behandling: Behandling3
    hjemmel: Hjemmel
    grunn: str
    gruppe: Gruppe | None = None
    fortegn: int = 1
    fra_folketrygden: Gruppe | None = None
    art: Art | None = None


@dataclass(frozen=True, slots=True)
class Avgjoerelse10:
    """One ruling under § 10."""

    id: str
    behandling: Behandling10
    hjemmel: Hjemmel
    grunn: str


@dataclass(frozen=True, slots=True)
class Postrad:
    """The rulings for one technical name in a span of income years."""

    teknisk_navn: str
    foerste_aar: int
    siste_aar: int
    navn: str
    paragraf3: Avgjoerelse3
    paragraf10: Avgjoerelse10
    motpost: str | None
    """The post an uplift lifts."""
    dublett_av: tuple[str, ...]
    """The posts this one repeats; when none of them came, the repeat is not ignored but handed over."""
    kolliderer: frozenset[str]
    """Names for the same money; both directions."""
    varsler: tuple[Varselkode, ...]
    tvil: str | None
    """Why the ruling is doubtful, when it is."""


@dataclass(frozen=True, slots=True)
class Koderad:
    """The rulings for one income code of a-ordningen. Months are ``YYYY-MM``; ``gyldig_til`` is exclusive."""

    inntektstype: str
    beskrivelse: str
    gyldig_fra: str | None
    gyldig_til: str | None
    paragraf3: Avgjoerelse3
    fremfoeres: bool
    """Whether the last complete month may stand for the months to come."""
    paragraf10: Avgjoerelse10
    varsler: tuple[Varselkode, ...]
    tvil: str | None


@dataclass(frozen=True, slots=True)
class Utbetaler:
    """A payer whose nature is known, from ``gjelder_fra`` to ``gjelder_til``."""

    organisasjonsnummer: str
    navn: str
    art: Utbetalerart
    gjelder_fra: date
    gjelder_til: date | None
    kilde: str


@dataclass(frozen=True, slots=True)
class Katalog:
    """Everything read from the files."""

    avgjoerelser3: dict[str, Avgjoerelse3]
    avgjoerelser10: dict[str, Avgjoerelse10]
    poster: dict[str, tuple[Postrad, ...]]
    koder: dict[tuple[str, str], Koderad]
    utbetalere: dict[str, tuple[Utbetaler, ...]]
    utbetalere_kontrollert_til: date
    varsler: dict[Varselkode, str]
    versjon: str
    kommunens_utbetalere: tuple[Utbetaler, ...] = ()
    """Payers a kommune has found out about itself; the catalogue's own go first."""

    def post(self, teknisk_navn: str, aar: int) -> Postrad | None:
        """The row for a name in a year, or ``None`` when the name is unknown or outside its years."""
        for rad in self.poster.get(teknisk_navn, ()):
            if rad.foerste_aar <= aar <= rad.siste_aar:
                return rad
        return None

    def utbetaler(self, organisasjonsnummer: str | None, dato: date) -> Utbetaler | None:
        """The known payer on a day; ``None`` when unknown or outside the verified dates."""
        if organisasjonsnummer is None:
            return None
        kontrollert = dato <= self.utbetalere_kontrollert_til
        katalogens = self.utbetalere.get(organisasjonsnummer, ()) if kontrollert else ()
        egne = (rad for rad in self.kommunens_utbetalere if rad.organisasjonsnummer == organisasjonsnummer)
        for rad in (*katalogens, *egne):
            if rad.gjelder_fra <= dato and (rad.gjelder_til is None or dato <= rad.gjelder_til):
                return rad
        return None

    def med(self, kommunens: tuple[Utbetaler, ...]) -> "Katalog":
        """The catalogue with a kommune's own payers."""
        return replace(self, kommunens_utbetalere=kommunens) if kommunens else self


_HJEMMELFELT: Final = {"paragraf", "ledd"}
_AVGJOERELSESFELT: Final = {"id", "behandling", "hjemmel", "grunn"}
_POSTFELT: Final = (
    *("tekniskNavn", "foersteAar", "sisteAar", "navn", "paragraf3", "paragraf10"),
    *("motpost", "dublettAv", "kolliderer", "varsel", "tvil"),
)
_KODEFELT: Final = (
    *("inntektstype", "beskrivelse", "gyldigFra", "gyldigTil", "paragraf3"),
    *("fremfoeres", "paragraf10", "varsel", "tvil"),
)
_EGNE_FELT3: Final = {
    Behandling3.INNTEKT: {"gruppe", "fortegn"},
    Behandling3.HOLDT_UTENFOR: {"art"},
    Behandling3.OPPJUSTERING: {"art"},
}


def _krev(fil: str, rad: dict[str, Any], krevd: set[str], valgfri: set[str]) -> None:
    mangler, ukjente = krevd - rad.keys(), rad.keys() - krevd - valgfri
    if mangler or ukjente:
        raise KatalogfeilError(
            f"{fil}: {rad.get('id', '?')} mangler {sorted(mangler)}, ukjente {sorted(ukjente)}"
        )


def _enum(fil: str, type_: type[_E], verdi: str) -> _E:
    try:
        return type_(verdi)
    except ValueError:
        raise KatalogfeilError(f"{fil}: {verdi!r} er ikke en {type_.__name__}") from None


def _hjemmel(fil: str, rad: dict[str, Any]) -> Hjemmel:
    _krev(fil, rad, _HJEMMELFELT, {"punktum"})
    return Hjemmel(rad["paragraf"], rad["ledd"], rad.get("punktum"))


def _grunn(fil: str, rad: dict[str, Any]) -> str:
    grunn = str(rad["grunn"]).strip()
    if not grunn:
        raise KatalogfeilError(f"{fil}: {rad['id']} mangler grunn")
    return grunn


def _unike(fil: str, rader: Iterable[tuple[str, _T]]) -> dict[str, _T]:
    svar: dict[str, _T] = {}
    for noekkel, rad in rader:
        if noekkel in svar:
            raise KatalogfeilError(f"{fil}: {noekkel} står to ganger")
        svar[noekkel] = rad
    return svar


def les_avgjoerelser3(fil: str, innhold: str) -> dict[str, Avgjoerelse3]:
    """Read the § 3 rulings.

    Raises:
        KatalogfeilError: unknown or missing keys, a missing reason, a duplicate id.
    """
    raa = tomllib.loads(innhold)
    _krev(fil, raa, {"avgjoerelse"}, set())
    return _unike(fil, ((rad.get("id", "?"), _les_avgjoerelse3(fil, rad)) for rad in raa["avgjoerelse"]))


def _les_avgjoerelse3(fil: str, rad: dict[str, Any]) -> Avgjoerelse3:
    behandling = _enum(fil, Behandling3, rad.get("behandling", ""))
    valgfri = {"fraFolketrygden"} if behandling is Behandling3.ETTER_UTBETALER else set()
    _krev(fil, rad, _AVGJOERELSESFELT | _EGNE_FELT3.get(behandling, set()), valgfri)
    fortegn = rad.get("fortegn", 1)
    if abs(fortegn) != 1:
        raise KatalogfeilError(f"{fil}: {rad['id']} har fortegn {fortegn}")
    return Avgjoerelse3(
        rad["id"],
        behandling,
        _hjemmel(fil, rad["hjemmel"]),
        _grunn(fil, rad),
        _enum(fil, Gruppe, rad["gruppe"]) if "gruppe" in rad else None,
        fortegn,
        _enum(fil, Gruppe, rad["fraFolketrygden"]) if "fraFolketrygden" in rad else None,
        _enum(fil, Art, rad["art"]) if "art" in rad else None,
    )


def les_avgjoerelser10(fil: str, innhold: str) -> dict[str, Avgjoerelse10]:
    """Read the § 10 rulings.

    Raises:
        KatalogfeilError: unknown or missing keys, a missing reason, a duplicate id.
    """
    raa = tomllib.loads(innhold)
    _krev(fil, raa, {"avgjoerelse"}, set())
    return _unike(fil, ((rad.get("id", "?"), _les_avgjoerelse10(fil, rad)) for rad in raa["avgjoerelse"]))


def _les_avgjoerelse10(fil: str, rad: dict[str, Any]) -> Avgjoerelse10:
    _krev(fil, rad, _AVGJOERELSESFELT, set())
    return Avgjoerelse10(
        rad["id"],
        _enum(fil, Behandling10, rad["behandling"]),
        _hjemmel(fil, rad["hjemmel"]),
        _grunn(fil, rad),
    )


def _csv_rader(fil: str, innhold: str, felt: tuple[str, ...]) -> list[dict[str, str]]:
    leser = csv.DictReader(StringIO(innhold), strict=True)
    if tuple(leser.fieldnames or ()) != felt:
        raise KatalogfeilError(f"{fil}: kolonnene skal være {', '.join(felt)}")
    rader = list(leser)
    for rad in rader:
        if None in rad or None in rad.values():
            raise KatalogfeilError(f"{fil}: feil antall kolonner for {rad[felt[0]]}")
    return rader


def _slaa_opp(fil: str, avgjoerelser: dict[str, _T], id: str, rad: str) -> _T:
    if id not in avgjoerelser:
        raise KatalogfeilError(f"{fil}: {rad} viser til avgjørelsen {id!r}, som ikke finnes")
    return avgjoerelser[id]


def les_poster(
    fil: str, innhold: str, tre: dict[str, Avgjoerelse3], ti: dict[str, Avgjoerelse10]
) -> dict[str, tuple[Postrad, ...]]:
    """Read the tax posts; collisions are made to hold both ways.

    Raises:
        KatalogfeilError: wrong columns, an unknown ruling or name, overlapping years.
    """
    raa = _csv_rader(fil, innhold, _POSTFELT)
    navnene = {rad["tekniskNavn"] for rad in raa}
    kollisjoner: dict[str, set[str]] = {}
    for rad in raa:
        navn = rad["tekniskNavn"]
        for felt in ("motpost", "dublettAv", "kolliderer"):
            for annet in rad[felt].split():
                if annet not in navnene or annet == navn:
                    raise KatalogfeilError(f"{fil}: {navn} viser til {annet!r} i {felt}")
                if felt == "kolliderer":
                    kollisjoner.setdefault(navn, set()).add(annet)
                    kollisjoner.setdefault(annet, set()).add(navn)
    svar: dict[str, list[Postrad]] = {}
    for rad in raa:
        lest = _les_post(fil, rad, tre, ti, frozenset(kollisjoner.get(rad["tekniskNavn"], ())))
        forrige = svar.setdefault(lest.teknisk_navn, [])
        if lest.foerste_aar > lest.siste_aar or (forrige and lest.foerste_aar <= forrige[-1].siste_aar):
            raise KatalogfeilError(f"{fil}: årene for {lest.teknisk_navn} overlapper eller går baklengs")
        forrige.append(lest)
    return {navn: tuple(rader) for navn, rader in svar.items()}


def _les_post(
    fil: str,
    rad: dict[str, str],
    tre: dict[str, Avgjoerelse3],
    ti: dict[str, Avgjoerelse10],
    kolliderer: frozenset[str],
) -> Postrad:
    navn = rad["tekniskNavn"]
    if not navn or not rad["navn"]:
        raise KatalogfeilError(f"{fil}: en rad mangler navn")
    return Postrad(
        navn,
        int(rad["foersteAar"]),
        int(rad["sisteAar"]),
        rad["navn"],
        _slaa_opp(fil, tre, rad["paragraf3"], navn),
        _slaa_opp(fil, ti, rad["paragraf10"], navn),
        rad["motpost"] or None,
        tuple(rad["dublettAv"].split()),
        kolliderer,
        tuple(_enum(fil, Varselkode, kode) for kode in rad["varsel"].split()),
        rad["tvil"] or None,
    )


def les_koder(
    fil: str, innhold: str, tre: dict[str, Avgjoerelse3], ti: dict[str, Avgjoerelse10]
) -> dict[tuple[str, str], Koderad]:
    """Read the income codes.

    Raises:
        KatalogfeilError: wrong columns, an unknown ruling, a code twice.
    """
    svar: dict[tuple[str, str], Koderad] = {}
    for rad in _csv_rader(fil, innhold, _KODEFELT):
        noekkel = (rad["inntektstype"], rad["beskrivelse"])
        if noekkel in svar:
            raise KatalogfeilError(f"{fil}: {'/'.join(noekkel)} står to ganger")
        if rad["fremfoeres"] not in {"ja", "nei"}:
            raise KatalogfeilError(f"{fil}: {'/'.join(noekkel)} har fremfoeres {rad['fremfoeres']!r}")
        svar[noekkel] = Koderad(
            *noekkel,
            rad["gyldigFra"] or None,
            rad["gyldigTil"] or None,
            _slaa_opp(fil, tre, rad["paragraf3"], "/".join(noekkel)),
            rad["fremfoeres"] == "ja",
            _slaa_opp(fil, ti, rad["paragraf10"], "/".join(noekkel)),
            tuple(_enum(fil, Varselkode, kode) for kode in rad["varsel"].split()),
            rad["tvil"] or None,
        )
    return svar


def les_utbetalere(fil: str, innhold: str) -> tuple[dict[str, tuple[Utbetaler, ...]], date]:
    """Read the payers and the last day the list is verified for.

    Raises:
        KatalogfeilError: unknown or missing keys, a missing source, a number that is not nine digits.
    """
    raa = tomllib.loads(innhold)
    _krev(fil, raa, {"kontrollert_til", "utbetaler"}, set())
    svar: dict[str, list[Utbetaler]] = {}
    for rad in raa["utbetaler"]:
        _krev(fil, rad, {"organisasjonsnummer", "navn", "art", "gjelder_fra", "kilde"}, {"gjelder_til"})
        _krev(fil, rad["kilde"], {"tittel", "url"}, set())
        nummer = rad["organisasjonsnummer"]
        if not gyldig_organisasjonsnummer(nummer) or not all(rad["kilde"].values()):
            raise KatalogfeilError(f"{fil}: {nummer!r} er ikke et organisasjonsnummer med kilde")
        svar.setdefault(nummer, []).append(
            Utbetaler(
                nummer,
                rad["navn"],
                _enum(fil, Utbetalerart, rad["art"]),
                rad["gjelder_fra"],
                rad.get("gjelder_til"),
                f"{rad['kilde']['tittel']}, {rad['kilde']['url']}",
            )
        )
    return {nummer: tuple(rader) for nummer, rader in svar.items()}, raa["kontrollert_til"]


_ORGVEKTER: Final = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_MODULUS: Final = 11


def gyldig_organisasjonsnummer(nummer: str) -> bool:
    """Nine digits whose weighted sum is divisible by 11."""
    if len(nummer) != len(_ORGVEKTER) or not (nummer.isascii() and nummer.isdigit()):
        return False
    vektet = sum(vekt * int(siffer) for vekt, siffer in zip(_ORGVEKTER, nummer, strict=True))
    return vektet % _MODULUS == 0


def gruppe_for_utbetaler(regel: Avgjoerelse3, art: Utbetalerart) -> Gruppe | None:
    """The group a payer of this kind gives under the ruling, or ``None`` when it does not decide.

    A private payer decides only where the post is a pension: of an uføreytelse no source says that it is one.
    """
    match art:
        case Utbetalerart.OFFENTLIG:
            return Gruppe.OFFENTLIG_TJENESTEPENSJON
        case Utbetalerart.PRIVAT:
            return Gruppe.PRIVAT_PENSJON if regel.fra_folketrygden is None else None
        case Utbetalerart.FOLKETRYGD:
            return regel.fra_folketrygden


@cache
def katalogen() -> Katalog:
    """The catalogue of this version of the program.

    Raises:
        KatalogfeilError: a file breaks the format.
    """
    mappe = files("app.calc.poster")
    innhold = {
        navn: mappe.joinpath(navn).read_text("utf-8")
        for navn in (
            *("avgjoerelser_3.toml", "avgjoerelser_10.toml"),
            *("inntektskoder.csv", "skatteposter.csv", "utbetalere.toml", "varsler.toml"),
        )
    }
    sum_av_alt = sha256()
    for navn, tekst in sorted(innhold.items()):
        sum_av_alt.update(navn.encode() + b"\0" + tekst.encode() + b"\0")
    tre = les_avgjoerelser3("avgjoerelser_3.toml", innhold["avgjoerelser_3.toml"])
    ti = les_avgjoerelser10("avgjoerelser_10.toml", innhold["avgjoerelser_10.toml"])
    utbetalere, kontrollert_til = les_utbetalere("utbetalere.toml", innhold["utbetalere.toml"])
    return Katalog(
        tre,
        ti,
        les_poster("skatteposter.csv", innhold["skatteposter.csv"], tre, ti),
        les_koder("inntektskoder.csv", innhold["inntektskoder.csv"], tre, ti),
        utbetalere,
        kontrollert_til,
        les_varsler("varsler.toml", innhold["varsler.toml"]),
        sum_av_alt.hexdigest()[:16],
    )


def les_varsler(fil: str, innhold: str) -> dict[Varselkode, str]:
    """Read the text of every warning.

    Raises:
        KatalogfeilError: an unknown code, or a code without text.
    """
    raa = tomllib.loads(innhold)
    _krev(fil, raa, {str(kode) for kode in Varselkode}, set())
    if not all(isinstance(tekst, str) and tekst.strip() for tekst in raa.values()):
        raise KatalogfeilError(f"{fil}: et varsel mangler tekst")
    return {Varselkode(kode): tekst for kode, tekst in raa.items()}


def varsel(kode: Varselkode, **felt: str) -> Varsel:
    """A warning with its text filled in."""
    return Varsel(kode, katalogen().varsler[kode].format(**felt))


def katalogversjon() -> str:
    """Fingerprint of the catalogue's files; stored with every basis made from it."""
    return katalogen().versjon
