"""A caseworker's decisions, from the request to storage and from storage to the catalogue."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.poster.felt import Oppgitt, Virkning
from app.calc.poster.inntekter import Aarsanslag, Kodenoekkel, Kodeomtale, Kodeplassering
from app.calc.poster.katalog import Behandling10
from app.calc.poster.langtidsgrunnlag import Plassering, Utfall
from app.calc.poster.paragraf_10 import PLASSERBARE, Plassering10
from app.calc.poster.sammenstilling import FELT_FORSOERGET, FELT_LANGTID
from app.calc.poster.sammenstilling_10 import FELT_HUSSTAND
from app.calc.poster.typer import Gruppe, Omtale, Svardel, UkjentPlasseringError
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.services.sak.forespoersler import OppgittBeloep, PlassertPost
from app.services.sak.rader import Sakstjeneste

IKKE_INNTEKT: Final = str(Utfall.IKKE_INNTEKT)
_SKATT: Final = "ssg"
_INNTEKT: Final = "inntekt"
_SKILLE: Final = "|"
_PRIVAT: Final = "privat"
_LEDD: Final = {_SKATT: 5, _INNTEKT: 6}

SOM_3: Final = (*map(str, Gruppe), *map(str, Utfall))
"""Where a tax post may be placed under § 3."""

SOM_KODE: Final = (*map(str, Gruppe), IKKE_INNTEKT)
"""Where an income code may be placed."""

SOM_10: Final = tuple(sorted(map(str, PLASSERBARE)))
"""Where a tax post may be placed under § 10."""


def skattenoekkel(aar: int, post: Omtale) -> str:
    """What a client names a tax post by."""
    return _SKILLE.join((_SKATT, str(aar), post.del_.name, post.teknisk_navn, post.utbetaler or ""))


def inntektsnoekler(anslag: Aarsanslag) -> dict[str, Kodeomtale]:
    """What a client names the open income codes by; a private employer by a number of its own."""
    aapne = (*anslag.maa_plasseres, *anslag.ukjente)
    private = sorted(
        {o.noekkel.opplysningspliktig for o in aapne if o.noekkel.utbetaler != o.noekkel.opplysningspliktig}
    )

    def utbetaler(noekkel: Kodenoekkel) -> str:
        nummer = noekkel.opplysningspliktig
        return f"{_PRIVAT}-{private.index(nummer) + 1}" if nummer in private else nummer

    return {
        _SKILLE.join(
            (
                _INNTEKT,
                str(anslag.aar),
                omtale.noekkel.inntektstype,
                omtale.noekkel.beskrivelse,
                omtale.noekkel.fordel,
                utbetaler(omtale.noekkel),
            )
        ): omtale
        for omtale in aapne
    }


def noekkelfeil(noekkel: str, sti: str) -> Feil | None:
    """What is wrong with the form of a key, if anything."""
    ledd = noekkel.split(_SKILLE)
    former = (
        len(ledd) == _LEDD.get(ledd[0])
        and ledd[1].isascii()
        and ledd[1].isdigit()
        and (ledd[0] != _SKATT or ledd[2] in Svardel.__members__)
    )
    if former:
        return None
    return Feil(sti, "ukjent-noekkel", "Bruk noekkel slik den står i aapne i beregningen.")


def noekkelaar(noekkel: str) -> int:
    """The income year a key is of."""
    return int(noekkel.split(_SKILLE)[1])


def somfeil(noekkel: str, som: str, tjeneste: Sakstjeneste, sti: str) -> Feil | None:
    """What is wrong with where a post is placed, if anything."""
    if noekkel.startswith(_INNTEKT):
        lovlige = SOM_KODE
    else:
        lovlige = SOM_3 if tjeneste is Sakstjeneste.LANGTIDSOPPHOLD else SOM_10
    if som in lovlige:
        return None
    return Feil(sti, "ukjent-verdi", f"Skal være en av {', '.join(lovlige)}.")


def feltfeil(felt: str, tjeneste: Sakstjeneste, er_sakens_person: bool, sti: str) -> Feil | None:
    """What is wrong with the field an amount is entered for, if anything."""
    if tjeneste is Sakstjeneste.PRAKTISK_BISTAND:
        lovlige = FELT_HUSSTAND
    else:
        lovlige = FELT_LANGTID if er_sakens_person else FELT_FORSOERGET
    if felt in lovlige:
        return None
    return Feil(sti, "ukjent-felt", f"Skal være et av feltene {', '.join(sorted(lovlige))}.")


def innhold_av_beloep(post: OppgittBeloep) -> str:
    """An entered amount as it is stored."""
    return skriv_json(
        {"felt": post.felt_, "beloep": post.beloep, "virkning": str(post.virkning), "kilde": post.kilde}
    )


def innhold_av_plassering(post: PlassertPost) -> str:
    """A placement as it is stored."""
    return skriv_json(
        {
            "noekkel": post.noekkel,
            "som": post.som,
            "beloep": post.beloep,
            "trekkesFra": post.trekkes_fra,
            "fremfoeres": post.fremfoeres,
        }
    )


def les_innhold(post: ManuellPost) -> dict[str, Any]:
    """A stored post's content."""
    lest: dict[str, Any] = les_json(post.innhold)
    return lest


P = TypeVar("P", Plassering, Plassering10)
G = TypeVar("G")


@dataclass(frozen=True, slots=True)
class Avvist:
    """A placement that could not be carried out, by its key; it changes nothing."""

    noekkel: str


class Avgjoerelser:
    """What has been decided about one person and is in force."""

    def __init__(self, poster: Iterable[ManuellPost]) -> None:
        gjeldende = [(post, les_innhold(post)) for post in poster if post.opphevet is None]
        self._beloep = [(p, i) for p, i in gjeldende if p.slag is Slag.BELOEP]
        self._plasseringer = [(p, i) for p, i in gjeldende if p.slag is Slag.PLASSERING]

    def oppgitte(self, aar: int, prefiks: str) -> tuple[Oppgitt, ...]:
        """The amounts entered for a calculated year; of two in place of one figure, the newest."""
        rader: list[Oppgitt] = []
        for post, innhold in self._beloep:
            if post.aar != aar:
                continue
            felt, virkning = f"{prefiks}{innhold['felt']}", Virkning(innhold["virkning"])
            if virkning is Virkning.ERSTATTER:
                rader = [r for r in rader if (r.felt, r.virkning) != (felt, virkning)]
            rader.append(
                Oppgitt(felt, Decimal(innhold["beloep"]), virkning, post.begrunnelse, innhold["kilde"])
            )
        return tuple(rader)

    def plasser(self, aar: int, lag: Callable[[tuple[Plassering, ...]], G]) -> tuple[G, tuple[Avvist, ...]]:
        """A § 3 basis with the placements that fit it."""
        return _plasser(list(self._til_skatt(aar, _plassering_3)), lag)

    def plasser_10(
        self, aar: int, lag: Callable[[tuple[Plassering10, ...]], G]
    ) -> tuple[G, tuple[Avvist, ...]]:
        """A § 10 basis with the placements that fit it."""
        return _plasser(list(self._til_skatt(aar, _plassering_10)), lag)

    def _til_skatt(
        self, aar: int, lag: Callable[[list[str], dict[str, Any], str], P | None]
    ) -> Iterator[tuple[str, P | None]]:
        for post, innhold in self._plasseringer:
            ledd = innhold["noekkel"].split(_SKILLE)
            if ledd[0] == _SKATT and int(ledd[1]) == aar:
                yield innhold["noekkel"], lag(ledd, innhold, post.begrunnelse)

    def kodeplasseringer(self, anslag: Aarsanslag) -> tuple[tuple[Kodeplassering, ...], tuple[Avvist, ...]]:
        """The placements of income codes that meet an open code, and those that meet none."""
        aapne = inntektsnoekler(anslag)
        treff: dict[str, Kodeplassering] = {}
        avvist: list[Avvist] = []
        for post, innhold in self._plasseringer:
            noekkel = innhold["noekkel"]
            if not noekkel.startswith(f"{_INNTEKT}{_SKILLE}{anslag.aar}{_SKILLE}"):
                continue
            if noekkel not in aapne:
                avvist.append(Avvist(noekkel))
                continue
            som = innhold["som"]
            gruppe = None if som == IKKE_INNTEKT else Gruppe(som)
            treff[noekkel] = Kodeplassering(
                aapne[noekkel].noekkel, gruppe, post.begrunnelse, innhold["fremfoeres"]
            )
        return tuple(treff.values()), tuple(avvist)


def _plasser(
    oensket: list[tuple[str, P | None]], lag: Callable[[tuple[P, ...]], G]
) -> tuple[G, tuple[Avvist, ...]]:
    """Carry out as many as fit; a new answer may lack the post an old decision was about."""
    brukt: list[P] = []
    avvist: list[Avvist] = []
    ferdig: G | None = None
    for noekkel, plassering in oensket:
        if plassering is None:
            avvist.append(Avvist(noekkel))
            continue
        proeves: list[P] = [p for p in brukt if not _samme_post(p, plassering)]
        proeves.append(plassering)
        try:
            ferdig = lag(tuple(proeves))
        except (UkjentPlasseringError, ValueError):
            avvist.append(Avvist(noekkel))
        else:
            brukt = proeves
    return lag(()) if ferdig is None else ferdig, tuple(avvist)


def _samme_post(en: Plassering | Plassering10, annen: Plassering | Plassering10) -> bool:
    return (en.teknisk_navn, en.del_, en.utbetaler) == (annen.teknisk_navn, annen.del_, annen.utbetaler)


def _plassering_3(ledd: list[str], innhold: dict[str, Any], begrunnelse: str) -> Plassering | None:
    som = innhold["som"]
    if som not in SOM_3:
        return None
    return Plassering(
        ledd[3],
        Utfall(som) if som in Utfall.__members__ else Gruppe(som),
        begrunnelse,
        Svardel[ledd[2]],
        ledd[4] or None,
        innhold["beloep"],
        innhold["trekkesFra"],
    )


def _plassering_10(ledd: list[str], innhold: dict[str, Any], begrunnelse: str) -> Plassering10 | None:
    som = innhold["som"]
    if som not in SOM_10 or ledd[4]:
        return None
    return Plassering10(ledd[3], Behandling10(som), begrunnelse, Svardel[ledd[2]], innhold["beloep"])


def postnavn(noekkel: str) -> str:
    """What a key is about, for people."""
    return noekkel.split(_SKILLE)[3]
