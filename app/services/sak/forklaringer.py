"""What explains that two stored calculations of a year differ: one kind of input at a time. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Final

from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import SVAR_MED_FORTEGN, Kanskje, Liste, Objekt, Tekst, Valgt, felt
from app.calc.poster.felt import Opphav
from app.db.lager.beregninger import Beregning
from app.services.mangler import Grunn
from app.services.sak.forespoersler import AAR
from app.services.sak.persondeler import persondeler
from app.services.sak.rader import PersonId

FLEST: Final = 10_000
_ID: Final = PersonId()
_HENVISNING: Final = "forklart i "
_POST: Final = "skattepost."
_OPPSETT: Final = ("valg", "prisregister", "prisendringer")

Json = Mapping[str, Any]


class Forskjellsart(StrEnum):
    """How something differs."""

    LAGT_TIL = "LAGT_TIL"
    FJERNET = "FJERNET"
    ENDRET = "ENDRET"


_ART: Final = Valgt(Forskjellsart)
_BELOEP: Final = Kanskje(SVAR_MED_FORTEGN)


def _art(gammel: object | None, ny: object | None) -> Forskjellsart:
    if gammel is None:
        return Forskjellsart.LAGT_TIL
    return Forskjellsart.FJERNET if ny is None else Forskjellsart.ENDRET


@dataclass(frozen=True, slots=True, repr=False)
class Tallforskjell:
    """One figure of one person that went into the calculations and is not the same."""

    endring: Forskjellsart = felt(_ART, "Hva som er skjedd med tallet")
    person_id: str = felt(_ID, "Personen")
    felt_: str = felt(Tekst(80), "Feltet i kalkulatorens forespørsel, regnet fra personen")
    navn: str = felt(Tekst(200), "Hva beløpet er")
    gammel: Decimal | None = felt(_BELOEP, "Beløp før; null når det ikke var med")
    ny: Decimal | None = felt(_BELOEP, "Beløp nå; null når det ikke er med")
    gammelt_opphav: Opphav | None = felt(Kanskje(Valgt(Opphav)), "Hvor tallet var fra")
    nytt_opphav: Opphav | None = felt(Kanskje(Valgt(Opphav)), "Hvor tallet er fra")
    gammelt_inntektsaar: int | None = felt(Kanskje(AAR), "Skatteoppgjøret personens tall var fra")
    nytt_inntektsaar: int | None = felt(Kanskje(AAR), "Skatteoppgjøret personens tall er fra")


@dataclass(frozen=True, slots=True, repr=False)
class Postforskjell:
    """One leaf below a figure: a tax post, a month's income or an amount entered by hand."""

    endring: Forskjellsart = felt(_ART, "Hva som er skjedd med posten")
    person_id: str | None = felt(
        Kanskje(_ID), "Personen; null når tallet er ført i saken om en uten referanse"
    )
    felt_: str = felt(Tekst(80), "Feltet posten er med i")
    post: str = felt(Tekst(300), "Postens tekniske navn")
    navn: str = felt(Tekst(300), "Hva posten heter")
    gammel: Decimal | None = felt(_BELOEP, "Beløp før; null når posten ikke var med")
    ny: Decimal | None = felt(_BELOEP, "Beløp nå; null når posten ikke er med")
    gammel_kilde: str | None = felt(Kanskje(Tekst(1000)), "Kilde og år før")
    ny_kilde: str | None = felt(Kanskje(Tekst(1000)), "Kilde og år nå")


@dataclass(frozen=True, slots=True, repr=False)
class Mangelforskjell:
    """Figures that are missing in one of them only."""

    endring: Forskjellsart = felt(_ART, "LAGT_TIL når tallene mangler nå, FJERNET når de manglet før")
    person_id: str = felt(_ID, "Personen")
    inntektsaar: int = felt(AAR, "Året det ble spurt om")
    api: str = felt(Tekst(40), "API-et hos Skatteetaten")
    grunn: Grunn = felt(Valgt(Grunn), "Hva slags grunn")


@dataclass(frozen=True, slots=True, repr=False)
class Feltforskjell:
    """One field of a row, as text."""

    felt_: str = felt(Tekst(200), "Feltet i raden")
    gammel: str | None = felt(Kanskje(Tekst(4000)), "Verdien før")
    ny: str | None = felt(Kanskje(Tekst(4000)), "Verdien nå")


@dataclass(frozen=True, slots=True, repr=False)
class Innholdsforskjell:
    """One row of what the case says."""

    endring: Forskjellsart = felt(_ART, "Hva som er skjedd med raden")
    del_: str = felt(Tekst(60), "Delen av saken: opphold, husstand, tjenester eller annet")
    felter: tuple[Feltforskjell, ...] = felt(Liste(Objekt(Feltforskjell), FLEST), "Feltene som er ulike")


@dataclass(frozen=True, slots=True, repr=False)
class Oppsettforskjell:
    """One of the kommune's choices or prices."""

    endring: Forskjellsart = felt(_ART, "Hva som er skjedd med verdien")
    felt_: str = felt(Tekst(300), "Feltet i kalkulatorens forespørsel")
    gammel: str | None = felt(Kanskje(Tekst(4000)), "Verdien før")
    ny: str | None = felt(Kanskje(Tekst(4000)), "Verdien nå")


@dataclass(frozen=True, slots=True)
class Satsverdi:
    """A rate as a calculation used it."""

    verdi: Decimal = felt(SVAR_MED_FORTEGN, "Verdien")
    enhet: str = felt(Tekst(60), "Enheten")
    kilde: str = felt(Tekst(1000), "Kunngjøringen, og fra når satsen gjelder")


@dataclass(frozen=True, slots=True)
class Satsforskjell:
    """A rate both use, with other values; a year may have two of one rate."""

    id: str = felt(Tekst(200), "Satsens navn")
    navn: str = felt(Tekst(200), "Hva satsen er")
    gammel: tuple[Satsverdi, ...] = felt(Liste(Objekt(Satsverdi), FLEST), "Verdiene før")
    ny: tuple[Satsverdi, ...] = felt(Liste(Objekt(Satsverdi), FLEST), "Verdiene nå")


@dataclass(frozen=True, slots=True)
class Versjonsforskjell:
    """A version the results depend on besides their input."""

    navn: str = felt(Tekst(40), "Hva det er en versjon av")
    gammel: str = felt(Tekst(64), "Versjonen før")
    ny: str = felt(Tekst(64), "Versjonen nå")


def _i_begge(gammel: Mapping[Any, Any], ny: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Every key of one or both in the order they stand, with what each has; only those that differ."""
    for noekkel in dict.fromkeys((*gammel, *ny)):
        foer, etter = gammel.get(noekkel), ny.get(noekkel)
        if foer != etter:
            yield noekkel, foer, etter


def tallforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Tallforskjell, ...]:
    """The figures per person that differ in amount, origin or income year."""
    foer, etter = _tallene(gammel), _tallene(ny)
    return tuple(
        Tallforskjell(
            endring=_art(a, b),
            person_id=person_id,
            felt_=felt_,
            navn=(b or a).navn,
            gammel=None if a is None else a.beloep,
            ny=None if b is None else b.beloep,
            gammelt_opphav=None if a is None else a.opphav,
            nytt_opphav=None if b is None else b.opphav,
            gammelt_inntektsaar=None if a is None else a.inntektsaar,
            nytt_inntektsaar=None if b is None else b.inntektsaar,
        )
        for (person_id, felt_), a, b in _i_begge(foer, etter)
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Tall:
    navn: str
    beloep: Decimal
    opphav: Opphav
    inntektsaar: int | None


def _tallene(beregning: Beregning) -> dict[tuple[str, str], _Tall]:
    return {
        (person["personId"], rad["felt"]): _Tall(
            rad["navn"], Decimal(rad["beloep"]), Opphav(rad["opphav"]), person["inntektsaar"]
        )
        for person in les_json(beregning.svar)["personer"]
        for rad in person["felter"]
    }


@dataclass(frozen=True, slots=True, repr=False)
class _Post:
    navn: str
    beloep: Decimal
    kilde: str


def postforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Postforskjell, ...]:
    """The leaves below the figures that differ in amount, source or year."""
    foer, etter = _postene(gammel), _postene(ny)
    rader = []
    for (person_id, felt_, post), a, b in _i_begge(foer, etter):
        for en, annen in _uten_like(a or (), b or ()):
            rader.append(
                Postforskjell(
                    endring=_art(en, annen),
                    person_id=person_id,
                    felt_=felt_,
                    post=post,
                    navn=(annen or en).navn,
                    gammel=None if en is None else en.beloep,
                    ny=None if annen is None else annen.beloep,
                    gammel_kilde=None if en is None else en.kilde,
                    ny_kilde=None if annen is None else annen.kilde,
                )
            )
    return tuple(rader)


def _uten_like(gamle: Sequence[_Post], nye: Sequence[_Post]) -> Iterator[tuple[Any, Any]]:
    """Leaves of one name paired, those that are the same left out."""
    igjen = list(nye)
    borte = []
    for post in gamle:
        if post in igjen:
            igjen.remove(post)
        else:
            borte.append(post)
    return zip_longest(borte, igjen)


def _postene(beregning: Beregning) -> dict[tuple[str | None, str, str], tuple[_Post, ...]]:
    """Every leaf by person, field and technical name."""
    if beregning.kilder is None:
        return {}
    kilder: Json = les_json(beregning.kilder)
    svar: list[Json] = les_json(beregning.svar)["personer"]
    funnet: dict[tuple[str | None, str, str], tuple[_Post, ...]] = {}
    for peker, (person_id, felt_) in persondeler(kilder, svar).items():
        for blad in _blader(kilder[peker]):
            noekkel = (person_id, felt_, blad["id"].removeprefix(_POST))
            post = _Post(blad["navn"], Decimal(str(blad["verdi"])), blad["kilde"] or "")
            if post not in funnet.get(noekkel, ()):
                funnet[noekkel] = (*funnet.get(noekkel, ()), post)
    return funnet


def _blader(node: Json) -> Iterator[Json]:
    """The amounts at the bottom of a tree; what refers to another place is explained there."""
    for under in node["barn"]:
        yield from _blader(under)
    er_tall = not isinstance(node["verdi"], str)
    if node["type"] == "FAKTUM" and not node["barn"] and er_tall:
        if not (node["kilde"] or "").startswith(_HENVISNING):
            yield node


def mangelforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Mangelforskjell, ...]:
    """Whose figures are missing in one of them only."""
    foer, etter = _manglene(gammel), _manglene(ny)
    bare = [(Forskjellsart.FJERNET, en) for en in foer if en not in etter]
    bare += [(Forskjellsart.LAGT_TIL, en) for en in etter if en not in foer]
    return tuple(
        Mangelforskjell(endring=art, person_id=person_id, inntektsaar=aar, api=api, grunn=Grunn(grunn))
        for art, (person_id, aar, api, grunn) in bare
    )


def _manglene(beregning: Beregning) -> dict[tuple[str, int, str, str], None]:
    rader = les_json(beregning.svar)["mangler"]
    return dict.fromkeys((rad["personId"], rad["inntektsaar"], rad["api"], rad["grunn"]) for rad in rader)


_GJENKJENT: Final[Mapping[str, tuple[str, ...]]] = {
    "opphold": ("art", "fra"),
    "sykehusopphold": ("fra",),
    "tjenester": ("maaned", "art"),
    "husstand": ("person/personId", "relasjon", "fra"),
    "forhold": ("fra",),
    "skjoennsmessigFradrag": ("fra",),
}
"""What makes a row the same row in two versions of a case."""


def innholdsforskjeller(gammelt: Json, nytt: Json) -> tuple[Innholdsforskjell, ...]:
    """The rows and fields that differ in what the case said."""
    rader: list[Innholdsforskjell] = []
    for del_ in _GJENKJENT:
        foer, etter = _radene(gammelt.get(del_), del_), _radene(nytt.get(del_), del_)
        rader += [_rad(del_, a, b) for _, a, b in _i_begge(foer, etter)]
    enkle = {navn for navn in (*gammelt, *nytt) if navn not in _GJENKJENT}
    for navn in sorted(enkle):
        a, b = dict(_flatt(gammelt.get(navn), navn)), dict(_flatt(nytt.get(navn), navn))
        if a != b:
            rader.append(_rad(navn, a or None, b or None))
    return tuple(rader)


def _radene(liste: Any, del_: str) -> dict[tuple[Any, ...], dict[str, str]]:
    svar: dict[tuple[Any, ...], dict[str, str]] = {}
    for rad in liste or ():
        flat = dict(_flatt(rad, ""))
        kjenne = tuple(flat.get(navn) for navn in _GJENKJENT[del_])
        like = sum(noekkel[:-1] == kjenne for noekkel in svar)
        svar[(*kjenne, like)] = flat
    return svar


def _rad(del_: str, gammel: dict[str, str] | None, ny: dict[str, str] | None) -> Innholdsforskjell:
    felter = tuple(
        Feltforskjell(felt_=navn, gammel=a, ny=b) for navn, a, b in _i_begge(gammel or {}, ny or {})
    )
    return Innholdsforskjell(endring=_art(gammel, ny), del_=del_, felter=felter)


def _flatt(verdi: Any, sti: str) -> Iterator[tuple[str, str]]:
    """Every value in a document by its path; what is not given is not there."""
    if isinstance(verdi, dict):
        for navn, under in verdi.items():
            yield from _flatt(under, f"{sti}/{navn}" if sti else navn)
    elif isinstance(verdi, list):
        for nr, under in enumerate(verdi):
            yield from _flatt(under, f"{sti}/{nr}")
    elif verdi is not None:
        yield sti, _som_tekst(verdi)


def _som_tekst(verdi: Any) -> str:
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    return f"{verdi:f}" if isinstance(verdi, Decimal) else str(verdi)


def oppsettforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Oppsettforskjell, ...]:
    """The kommune's choices and prices that differ; unknown when one of them was never calculated."""
    if gammel.inn is None or ny.inn is None:
        return ()
    foer, etter = _oppsettet(les_json(gammel.inn)), _oppsettet(les_json(ny.inn))
    return tuple(
        Oppsettforskjell(endring=_art(a, b), felt_=felt_, gammel=a, ny=b)
        for felt_, a, b in _i_begge(foer, etter)
    )


def _oppsettet(inn: Json) -> dict[str, str]:
    svar = {sti: verdi for navn in _OPPSETT for sti, verdi in _flatt(inn.get(navn), f"/{navn}")}
    for opphold in inn.get("opphold", ()):
        utgift = opphold.get("oppholdsutgiftPerMaaned")
        if utgift is not None:
            svar[f"/opphold/{opphold['fra']}/oppholdsutgiftPerMaaned"] = _som_tekst(utgift)
    return svar


def satsforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Satsforskjell, ...]:
    """The rates both use whose values differ. A rate only one uses follows from something else."""
    foer, etter = _satsene(gammel), _satsene(ny)
    return tuple(
        Satsforskjell(id=id_, navn=b.navn, gammel=tuple(a.verdier), ny=tuple(b.verdier))
        for id_, a, b in _i_begge(foer, etter)
        if a is not None and b is not None
    )


@dataclass(frozen=True, slots=True)
class _Sats:
    navn: str
    verdier: dict[Satsverdi, None]


def _satsene(beregning: Beregning) -> dict[str, _Sats]:
    svar: dict[str, _Sats] = {}
    if beregning.resultat is not None:
        _samle(les_json(beregning.resultat)["forklaring"], svar)
    return svar


def _samle(node: Json, svar: dict[str, _Sats]) -> None:
    if node["type"] == "SATS":
        sats = svar.setdefault(node["id"], _Sats(node["navn"], {}))
        verdi = Satsverdi(verdi=Decimal(node["verdi"]), enhet=node["enhet"], kilde=node["kilde"])
        sats.verdier[verdi] = None
    for under in node["barn"]:
        _samle(under, svar)


def versjonsforskjeller(gammel: Beregning, ny: Beregning) -> tuple[Versjonsforskjell, ...]:
    """The versions that differ."""
    foer, etter = asdict(gammel.versjoner), asdict(ny.versjoner)
    return tuple(Versjonsforskjell(navn=navn, gammel=a, ny=b) for navn, a, b in _i_begge(foer, etter))
