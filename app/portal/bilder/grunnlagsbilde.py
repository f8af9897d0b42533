"""The figures behind a calculation, grouped as the regulation groups them, each with where it came from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from app.calc.kontrakt.json_tekst import les_json
from app.calc.poster.felt import Opphav
from app.db.lager.beregninger import Beregning
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.portal.bilder.treet import Hjemmelvisning, feltadresse, hjemmelvisning
from app.services.sak.persondeler import persondeler
from app.services.sak.rader import Sakstjeneste


class Gruppe(StrEnum):
    """What a figure is, in the regulation's order."""

    INNTEKT = "INNTEKT"
    FRADRAG = "FRADRAG"
    SKATT = "SKATT"
    FORSOERGET = "FORSOERGET"
    """A dependant's own income: § 5."""
    HUSSTAND = "HUSSTAND"
    """A member of the household: § 10."""


class Kildeslag(StrEnum):
    """How a figure came into the calculation."""

    HENTET = "HENTET"
    VIDEREFOERT = "VIDEREFOERT"
    FREMSKREVET = "FREMSKREVET"
    ANSLAATT = "ANSLAATT"
    OPPGITT = "OPPGITT"
    """Entered by a caseworker."""
    PLASSERT = "PLASSERT"
    """Fetched, and placed by a caseworker."""


@dataclass(frozen=True, slots=True)
class Postrad:
    """One post within a figure.

    Attributes:
        navn: what it is called.
        beloep: its amount.
        kilde: the API, the year and the post's own name, as the tree says it.
        hjemmel: the place in the regulation that takes it in.
        slag: how it came.
    """

    navn: str
    beloep: Decimal = field(repr=False)
    kilde: str
    hjemmel: Hjemmelvisning | None
    slag: Kildeslag


@dataclass(frozen=True, slots=True)
class Feltrad:
    """One figure of the calculation.

    Attributes:
        felt: the field, read from the person.
        navn: what the calculation calls it.
        adresse: where the tree explains it; ``None`` when nothing is calculated.
        beloep: its amount.
        slag: how it came.
        aar: the year its source is of.
        erstatter: what would have stood there.
        siste_oppgjoer: the same figure in the last settlement, when the year is projected.
        siste_aar: the year of that settlement.
        hjemmel: the place in the regulation.
        poster: what it is made of.
    """

    felt: str
    navn: str
    adresse: str | None
    beloep: Decimal = field(repr=False)
    slag: Kildeslag
    aar: int | None
    erstatter: Decimal | None = field(repr=False)
    siste_oppgjoer: Decimal | None = field(repr=False)
    siste_aar: int | None
    hjemmel: Hjemmelvisning | None
    poster: tuple[Postrad, ...]


@dataclass(frozen=True, slots=True)
class Feltgruppe:
    """Figures of one kind."""

    gruppe: Gruppe
    rader: tuple[Feltrad, ...]


@dataclass(frozen=True, slots=True)
class Kilderad:
    """One answer from Skatteetaten."""

    api: str
    inntektsaar: int
    utfall: str
    hentet: str
    brukt: bool


@dataclass(frozen=True, slots=True)
class Persongrunnlag:
    """One person's figures.

    Attributes:
        person_id: who.
        egen: whether it is the person the case is about.
        inntektsaar: the settlement the figures are from; ``None`` when there is none.
        skatteoppgjoersdato: its date.
        ajourholdt: when Skatteetaten last changed it.
        foreloepig: whether the figures stand until the year's own settlement.
        kilder: the answers.
        grupper: the figures.
        ikke_regnet: posts that are not counted, with the reason.
        projisert: whether some figure is held beside the last settlement.
    """

    person_id: str
    egen: bool
    inntektsaar: int | None
    skatteoppgjoersdato: date | None
    ajourholdt: str | None
    foreloepig: bool
    kilder: tuple[Kilderad, ...]
    grupper: tuple[Feltgruppe, ...]
    ikke_regnet: tuple[Mapping[str, Any], ...] = field(repr=False)

    @property
    def projisert(self) -> bool:
        """Whether some figure stands beside the last settlement's."""
        return any(rad.siste_aar is not None for gruppe in self.grupper for rad in gruppe.rader)


_FELTREGEL: Final = re.compile(r"poster\.felt\.(\w+)(?:@(\d{4})\b)?")
_SLAG: Final = {
    "oppgjoer": Kildeslag.HENTET,
    "viderefoert": Kildeslag.VIDEREFOERT,
    "fremskrevet": Kildeslag.FREMSKREVET,
    "anslag": Kildeslag.ANSLAATT,
    "oppgitt": Kildeslag.OPPGITT,
    "tillegg": Kildeslag.OPPGITT,
}
_ETTER_OPPHAV: Final = {
    Opphav.OPPGJOER: Kildeslag.HENTET,
    Opphav.VIDEREFOERT: Kildeslag.VIDEREFOERT,
    Opphav.ANSLAG: Kildeslag.ANSLAATT,
    Opphav.OPPGITT: Kildeslag.OPPGITT,
}
_FRA_ET_ELDRE: Final = frozenset({Kildeslag.VIDEREFOERT, Kildeslag.FREMSKREVET})


def grunnlagsbilde(
    beregning: Beregning,
    tjeneste: Sakstjeneste,
    person_id: str,
    poster: Sequence[ManuellPost] = (),
    forrige: Beregning | None = None,
) -> tuple[Persongrunnlag, ...]:
    """Every person's figures, the case's own person first.

    Args:
        beregning: the calculation.
        tjeneste: the case's service.
        person_id: the person the case is about.
        poster: the manual posts in force: what they placed is told.
        forrige: the year before, from its own settlement.
    """
    personer: list[dict[str, Any]] = les_json(beregning.svar)["personer"]
    kilder: dict[str, Any] = {} if beregning.kilder is None else les_json(beregning.kilder)
    deler = persondeler(kilder, personer)
    noder = {(hvem, felt): (peker, kilder[peker]) for peker, (hvem, felt) in deler.items()}
    foer = _fjoraaret(forrige)
    return tuple(
        _person(person, person["personId"] == person_id, tjeneste, noder, _plasserte(poster, person), foer)
        for person in personer
    )


def _fjoraaret(forrige: Beregning | None) -> Mapping[tuple[str, str], tuple[int, Decimal]]:
    if forrige is None:
        return {}
    return {
        (person["personId"], rad["felt"]): (forrige.aar, Decimal(rad["beloep"]))
        for person in les_json(forrige.svar)["personer"]
        for rad in person["felter"]
        if rad["opphav"] == Opphav.OPPGJOER
    }


def _plasserte(poster: Iterable[ManuellPost], person: Mapping[str, Any]) -> frozenset[str]:
    """What a caseworker has placed of this person's posts, by Skatteetaten's name."""
    noekler = (
        str(les_json(post.innhold)["noekkel"]).split("|")
        for post in poster
        if post.slag is Slag.PLASSERING and str(post.person_id) == person["personId"]
    )
    return frozenset(deler[3] for deler in noekler if len(deler) > 3)  # noqa: PLR2004 - the name's place


def _person(
    person: Mapping[str, Any],
    egen: bool,
    tjeneste: Sakstjeneste,
    noder: Mapping[tuple[str | None, str], tuple[str, Mapping[str, Any]]],
    plasserte: frozenset[str],
    foer: Mapping[tuple[str, str], tuple[int, Decimal]],
) -> Persongrunnlag:
    hvem = str(person["personId"])
    grupper: dict[Gruppe, list[Feltrad]] = {gruppe: [] for gruppe in Gruppe}
    for rad in person["felter"]:
        felt = str(rad["felt"])
        rader = grupper[_gruppe(felt, egen, tjeneste)]
        rader.append(_felt(rad, noder.get((hvem, felt)), plasserte, foer.get((hvem, felt))))
    oppgjoer = person["skatteoppgjoersdato"]
    return Persongrunnlag(
        person_id=hvem,
        egen=egen,
        inntektsaar=person["inntektsaar"],
        skatteoppgjoersdato=None if oppgjoer is None else date.fromisoformat(oppgjoer),
        ajourholdt=person["ajourholdt"],
        foreloepig=person["foreloepig"],
        kilder=tuple(
            Kilderad(en["api"], en["inntektsaar"], en["utfall"], en["hentet"], en["brukt"])
            for en in person["kilder"]
        ),
        grupper=tuple(Feltgruppe(gruppe, tuple(rader)) for gruppe, rader in grupper.items() if rader),
        ikke_regnet=tuple(
            {**post, "hjemmelvisning": None if post["hjemmel"] is None else hjemmelvisning(post["hjemmel"])}
            for post in person["ikkeRegnet"]
        ),
    )


def _gruppe(felt: str, egen: bool, tjeneste: Sakstjeneste) -> Gruppe:
    if tjeneste is Sakstjeneste.PRAKTISK_BISTAND:
        return Gruppe.HUSSTAND
    if not egen:
        return Gruppe.FORSOERGET
    if felt.startswith("/inntekter/"):
        return Gruppe.INNTEKT
    return Gruppe.SKATT if felt.startswith("/skatt/") else Gruppe.FRADRAG


def _felt(
    rad: Mapping[str, Any],
    kilde: tuple[str, Mapping[str, Any]] | None,
    plasserte: frozenset[str],
    foer: tuple[int, Decimal] | None,
) -> Feltrad:
    slag, aar = _ETTER_OPPHAV[Opphav(rad["opphav"])], None
    siste: Decimal | None = None
    siste_aar: int | None = None
    hjemmel: Hjemmelvisning | None = None
    poster: tuple[Postrad, ...] = ()
    if kilde is not None:
        node = kilde[1]
        if (treff := _FELTREGEL.match(str(node["id"]))) is not None:
            slag = _SLAG.get(treff[1], slag)
            aar = None if treff[2] is None else int(treff[2])
        if slag in _FRA_ET_ELDRE and node["barn"]:
            siste, siste_aar = Decimal(node["barn"][0]["verdi"]), aar
        hjemmel = None if node["hjemmel"] is None else hjemmelvisning(str(node["hjemmel"]))
        poster = tuple(_poster(node, None, plasserte))
    if siste is None and foer is not None and slag is not Kildeslag.HENTET:
        siste_aar, siste = foer
    return Feltrad(
        felt=str(rad["felt"]),
        navn=str(rad["navn"]),
        adresse=None if kilde is None else feltadresse(kilde[0]),
        beloep=Decimal(rad["beloep"]),
        slag=slag,
        aar=aar,
        erstatter=None if rad["erstatter"] is None else Decimal(rad["erstatter"]),
        siste_oppgjoer=siste,
        siste_aar=siste_aar,
        hjemmel=hjemmel,
        poster=poster,
    )


_POST: Final = "skattepost."
_KODE: Final = "poster.aarsanslag@"
_UTEN_POST: Final = "skattepost.ingen."


def _poster(node: Mapping[str, Any], hjemmel: str | None, plasserte: frozenset[str]) -> Iterator[Postrad]:
    """The posts below a figure, each with the citation of the nearest step above it; those of nothing are left out."""
    id_ = str(node["id"])
    over = hjemmel if node["hjemmel"] is None else str(node["hjemmel"])
    if id_.startswith(_POST) and not id_.startswith(_UTEN_POST):
        navn = id_.removeprefix(_POST).partition(".")[0]
        slag = Kildeslag.PLASSERT if navn in plasserte else Kildeslag.HENTET
        yield _rad(node, str(node["navn"]), str(node["kilde"] or ""), over, slag)
    elif id_.startswith(_KODE):
        maaned = _foerste_blad(node)
        navn = str(maaned["navn"]).rpartition(", ")[0] or str(maaned["navn"])
        kilde = str(maaned["kilde"] or "").rpartition(", ")[0]
        kode = id_.removeprefix(_KODE).partition(".")[0]
        slag = Kildeslag.PLASSERT if kode in plasserte else Kildeslag.ANSLAATT
        yield _rad(node, navn, kilde, over, slag)
    elif node["type"] == "FAKTUM" and id_.startswith("oppgitt"):
        yield _rad(node, str(node["navn"]), str(node["kilde"] or ""), over, Kildeslag.OPPGITT)
    else:
        for barn in node["barn"]:
            yield from _poster(barn, over, plasserte)


def _foerste_blad(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while node["barn"]:
        node = node["barn"][0]
    return node


def _rad(node: Mapping[str, Any], navn: str, kilde: str, hjemmel: str | None, slag: Kildeslag) -> Postrad:
    return Postrad(
        navn=navn,
        beloep=Decimal(node["verdi"]),
        kilde=kilde,
        hjemmel=None if hjemmel is None else hjemmelvisning(hjemmel),
        slag=slag,
    )
