"""Tasks: made by the service, shown to a caseworker, closed when what they ask for is done or by hand with a reason."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.etteroppgjoer import Maanedsendring, Retning
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.lesing import (
    BELOEP,
    SVAR_MED_FORTEGN,
    Dato,
    Heltall,
    Kanskje,
    Liste,
    Objekt,
    Tekst,
    Valgt,
    felt,
)
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.endringer import NyEndring
from app.db.lager.oppgaver import Oppgave, Oppgavefilter, Oppgavetilstand
from app.db.lager.revisjon import NyRad
from app.services.endringer import Endringstype, endring
from app.services.oppgavetekst import endring_per_maaned
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.endringer import Maanedsforskjell, forskjell
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UtdatertError
from app.services.sak.forespoersler import AAR
from app.services.sak.rader import Fritekst, PersonId
from app.services.sak.saker import identene
from app.services.sak.ut import Tidspunkt, medlem, slaa_sammen, tidspunkt


class Oppgaveslag(StrEnum):
    """What kind of decision is asked for."""

    OPPGJOER_TRUKKET = "OPPGJOER_TRUKKET"
    """Skatteetaten has deleted a settlement that the case builds on."""
    SKJERMET = "SKJERMET"
    """The figures are withheld: somebody with access must find them out by hand."""
    NY_IDENTITET = "NY_IDENTITET"
    """The person has got another national id."""
    MANGLER_AVKLARING = "MANGLER_AVKLARING"
    """The new figures cannot be calculated from before something is settled."""
    AUTOMATISK_VEDTAK = "AUTOMATISK_VEDTAK"
    """A decision was made within the kommune's limit: tell the person it is about."""
    ETTEROPPGJOER_KLART = "ETTEROPPGJOER_KLART"
    """The year's own settlement has come: the year can be settled."""
    NY_SKATT = "NY_SKATT"
    """A settlement gives another egenandel."""
    LOENN_ENDRET = "LOENN_ENDRET"
    """A month's income gives another egenandel."""
    MASSEKJOERING = "MASSEKJOERING"
    """A new G, new rates, rules or prices give another egenandel."""
    NAER_60_DOEGN = "NAER_60_DOEGN"
    """A short stay comes near the day when it is charged by income."""


HAST: Final = {
    **{slag.value: 10 * nr for nr, slag in enumerate(Oppgaveslag, 1)},
    # After what stops a case, before what has been made by itself.
    Oppgaveslag.NAER_60_DOEGN.value: 45,
}
"""The lower, the sooner: in the order the kinds are listed."""


@dataclass(frozen=True, slots=True, repr=False)
class Oppgjoersutkast:
    """What settling the year would come to. Nothing is settled yet."""

    sum: Decimal = felt(SVAR_MED_FORTEGN, "Det som er for lite krevd; negativt er for mye")
    retning: Retning = felt(Valgt(Retning), "Hvem som skylder hvem")
    minstebeloep: Decimal = felt(BELOEP, "Kommunens minste sum som gjøres opp")
    maaneder: tuple[Maanedsendring, ...] = felt(Liste(Objekt(Maanedsendring), 12), "Måned for måned")


@dataclass(frozen=True, slots=True, repr=False)
class Oppgaveinnhold:
    """What a task is about."""

    tekst: str = felt(Tekst(2000), "Hva som er nytt, hva det betyr og hva som må gjøres")
    person_id: str | None = felt(Kanskje(PersonId()), "Personen det gjelder; null når det er saken", None)
    inntektsaar: int | None = felt(Kanskje(AAR), "Inntektsåret som er nytt", None)
    beregninger: tuple[str, ...] = felt(
        Liste(PersonId(), 100), "Beregningene tjenesten laget av de nye tallene", ()
    )
    maaneder: tuple[Maanedsforskjell, ...] = felt(
        Liste(Objekt(Maanedsforskjell), 12), "Mot vedtaket som gjelder, ellers mot forrige beregning", ()
    )
    etteroppgjoer: Oppgjoersutkast | None = felt(
        Kanskje(Objekt(Oppgjoersutkast)), "Hva etteroppgjøret blir", None
    )
    vedtak_id: str | None = felt(Kanskje(PersonId()), "Vedtaket tjenesten fattet", None)
    massekjoering_id: str | None = felt(
        Kanskje(PersonId()), "Massekjøringen som laget beregningene; null når det er en hendelse", None
    )


@dataclass(frozen=True, slots=True)
class OppgaveMeta:
    """What identifies a task."""

    id: str = felt(PersonId(), "Oppgavens id")
    sak_id: str = felt(PersonId(), "Saken")
    slag: str = felt(Tekst(40), "Hva slags oppgave")
    aar: int = felt(Heltall(0, 9999), "Kalenderåret det gjelder")
    tilstand: Oppgavetilstand = felt(Valgt(Oppgavetilstand), "Om den venter på noen")
    hast: int = felt(Heltall(0, 10_000), "Lavest først")
    frist: date | None = felt(Kanskje(Dato()), "Når den bør være gjort")
    versjon: int = felt(Heltall(1, 10**9), "Oppgavens versjon; samme tall som i ETag")
    opprettet: str = felt(Tidspunkt(), "Når den ble til")
    endret: str = felt(Tidspunkt(), "Når det sist kom noe nytt i den")
    lukket_av: str | None = felt(Kanskje(Tekst(200)), "Hvem som lukket den")
    begrunnelse: str | None = felt(Kanskje(Tekst(1000)), "Hvorfor den ble lukket")


@dataclass(frozen=True, slots=True, repr=False)
class OppgaveUt(OppgaveMeta):
    """A task, whole."""

    innhold: Oppgaveinnhold = felt(Objekt(Oppgaveinnhold), "Hva den handler om")


@dataclass(frozen=True, slots=True)
class Lukking:
    """That a task, or work that has stopped, is closed by hand."""

    begrunnelse: str = felt(Fritekst(1000), "Hvorfor det ikke skal gjøres noe mer")


LUKKING: Final = Objekt(Lukking)


@dataclass(frozen=True, slots=True)
class Oppgaveoenske:
    """A task there should be."""

    slag: Oppgaveslag
    aar: int
    innhold: Oppgaveinnhold
    frist: date | None = None


class Hendte(StrEnum):
    """What was done with a task."""

    NY = "NY"
    ENDRET = "ENDRET"
    LUKKET = "LUKKET"


Oppgavehendelse = tuple[Hendte, UUID, int]
"""What was done, with which task, of which year."""


_ENDRING: Final = {
    Hendte.NY: Endringstype.OPPGAVE_NY,
    Hendte.ENDRET: Endringstype.OPPGAVE_ENDRET,
    Hendte.LUKKET: Endringstype.OPPGAVE_LUKKET,
}


def oppgaveendring(sak_id: UUID, hendt: Oppgavehendelse) -> NyEndring:
    """What those who follow the kommune's cases are told."""
    hva, id_, aar = hendt
    return endring(_ENDRING[hva], sak_id, gjelder=id_, aar=aar)


async def avstem(
    lager: Lager,
    kall: Kall,
    sak_id: UUID,
    aar: int,
    slag: Collection[Oppgaveslag],
    oensker: Sequence[Oppgaveoenske],
) -> list[Oppgavehendelse]:
    """See that the open tasks of these kinds are those there should be. Hold the case first.

    An open task gets the news; one that the figures no longer call for is closed.

    Args:
        lager: the kommune's.
        kall: who says so.
        sak_id: the case.
        aar: the year.
        slag: the kinds that are judged.
        oensker: the tasks there should be; each of one of the kinds.
    """
    aapne = {ett.slag: ett for ett in await lager.oppgaver.aapne(sak_id, aar)}
    hendt: list[Oppgavehendelse] = []
    for oenske in oensker:
        innhold = skriv_json(oenske.innhold)
        gammel = aapne.pop(oenske.slag, None)
        if gammel is None:
            ny = _ny(kall, sak_id, oenske, innhold)
            await lager.oppgaver.ny(ny)
            hendt.append((Hendte.NY, ny.id, aar))
        elif gammel.innhold != innhold:
            await lager.oppgaver.oppdater(gammel, innhold, HAST[oenske.slag], oenske.frist, kall.naa)
            hendt.append((Hendte.ENDRET, gammel.id, aar))
    for uaktuell in (aapne[ett] for ett in slag if ett in aapne):
        await lager.oppgaver.lukk(uaktuell, kall.av, _IKKE_AKTUELL, kall.naa)
        hendt.append((Hendte.LUKKET, uaktuell.id, aar))
    return hendt


_IKKE_AKTUELL: Final = "Nye tall gjør at det ikke er noe å avgjøre lenger."


def _ny(kall: Kall, sak_id: UUID, oenske: Oppgaveoenske, innhold: str) -> Oppgave:
    return Oppgave(
        id=ny_id(kall.naa),
        sak_id=sak_id,
        slag=oenske.slag,
        aar=oenske.aar,
        tilstand=Oppgavetilstand.AAPEN,
        hast=HAST[oenske.slag],
        frist=oenske.frist,
        innhold=innhold,
        versjon=1,
        opprettet=kall.naa,
        endret=kall.naa,
    )


VED_BEREGNING: Final = (Oppgaveslag.MANGLER_AVKLARING, Oppgaveslag.SKJERMET)
VED_VEDTAK: Final = (
    Oppgaveslag.NY_SKATT,
    Oppgaveslag.LOENN_ENDRET,
    Oppgaveslag.OPPGJOER_TRUKKET,
    Oppgaveslag.MASSEKJOERING,
    Oppgaveslag.NAER_60_DOEGN,
)
VED_ETTEROPPGJOER: Final = (Oppgaveslag.ETTEROPPGJOER_KLART,)


async def lukk_utfoerte(
    lager: Lager, kall: Kall, sak_id: UUID, aar: int, slag: Collection[Oppgaveslag], beregning_id: UUID
) -> list[NyEndring]:
    """Close what somebody has now done, in the transaction it was done in; what those who follow are to be told.

    Args:
        lager: the kommune's.
        kall: who did it.
        sak_id: the case.
        aar: the year.
        slag: the kinds of task that were done.
        beregning_id: the calculation it was done on; a task with newer figures stays.
    """
    endringer: list[NyEndring] = []
    for ett in await lager.oppgaver.aapne(sak_id, aar):
        nyeste = max(les_json(_innhold(ett))["beregninger"], default="")
        if ett.slag in slag and str(beregning_id) >= nyeste:
            await lager.oppgaver.lukk(ett, kall.av, _UTFOERT, kall.naa)
            endringer.append(oppgaveendring(sak_id, (Hendte.LUKKET, ett.id, aar)))
    return endringer


_UTFOERT: Final = "Det oppgaven ba om, er gjort."


async def les_oppgaver(
    lager: Lager, kall: Kall, filter_: Oppgavefilter, etter: tuple[int, UUID] | None, antall: int
) -> Sequence[Oppgave]:
    """Tasks in the order they should be taken; one more than asked for shows that there are more."""
    funnet = await lager.oppgaver.soek(filter_, etter, antall + 1)
    await _noter(lager, kall, Handling.OPPGAVE_LEST, *sorted({ett.sak_id for ett in funnet}))
    return funnet


async def les_oppgave(lager: Lager, kall: Kall, id_: UUID) -> Oppgave:
    """One task.

    Raises:
        FinnesIkkeError: the kommune has no such task.
    """
    funnet = await lager.oppgaver.hent(id_)
    if funnet is None:
        raise FinnesIkkeError("oppgaven")
    await _noter(lager, kall, Handling.OPPGAVE_LEST, funnet.sak_id)
    return funnet


async def lukk_oppgave(lager: Lager, kall: Kall, id_: UUID, versjon: int, begrunnelse: str) -> Oppgave:
    """Close a task by hand.

    Raises:
        FinnesIkkeError: the kommune has no such task.
        UtdatertError: something new has come into it since ``versjon``.
        KonfliktError: it is closed already.
    """
    funnet = await lager.oppgaver.hent(id_)
    if funnet is None:
        raise FinnesIkkeError("oppgaven")
    if funnet.versjon != versjon:
        raise UtdatertError
    if funnet.tilstand is Oppgavetilstand.LUKKET:
        raise KonfliktError(
            Konflikt.OPPGAVE_LUKKET, "Oppgaven er lukket. Det er ikke noe mer å gjøre med den.", id_
        )
    if not await lager.oppgaver.lukk(funnet, kall.av, begrunnelse, kall.naa):
        raise UtdatertError
    await lager.endringer.noter(kall.naa, oppgaveendring(funnet.sak_id, (Hendte.LUKKET, id_, funnet.aar)))
    await _noter(lager, kall, Handling.OPPGAVE_LUKKET, funnet.sak_id)
    lukket = await lager.oppgaver.hent(id_)
    if lukket is None:
        raise LookupError("oppgaven ble borte mens den ble lukket")
    return lukket


async def _noter(lager: Lager, kall: Kall, handling: Handling, *saker: UUID) -> None:
    """A row for everybody in each case: a task tells what they are charged."""
    rader: list[NyRad] = []
    for sak_id in saker:
        rader += kall.rader((await identene(lager, sak_id)).values(), handling, sak_id)
    await lager.revisjon.noter(kall.naa, *rader)


def meta(oppgave: Oppgave) -> OppgaveMeta:
    """What identifies a task."""
    return OppgaveMeta(
        id=str(oppgave.id),
        sak_id=str(oppgave.sak_id),
        slag=oppgave.slag,
        aar=oppgave.aar,
        tilstand=oppgave.tilstand,
        hast=oppgave.hast,
        frist=oppgave.frist,
        versjon=oppgave.versjon,
        opprettet=tidspunkt(oppgave.opprettet),
        endret=tidspunkt(oppgave.endret),
        lukket_av=oppgave.lukket_av,
        begrunnelse=oppgave.begrunnelse,
    )


def oppgavetekst(oppgave: Oppgave) -> str:
    """A task as a client sees it."""
    return slaa_sammen(skriv_json(meta(oppgave)), medlem("innhold", _innhold(oppgave)))


def _innhold(oppgave: Oppgave) -> str:
    """What it is about: the stored text itself, or what a mass run has kept put in the same words."""
    if _MASSE not in oppgave.innhold:
        return oppgave.innhold
    lest = les_json(oppgave.innhold)
    maaneder = tuple(_forskjeller(lest["maaneder"]))
    endring_ = endring_per_maaned(oppgave.aar, maaneder, naevn_aar=False)
    return skriv_json(
        Oppgaveinnhold(
            tekst=f"Massekjøring for {oppgave.aar}: {endring_}. Vurder om det skal fattes vedtak.",
            beregninger=(lest["beregningId"],),
            maaneder=maaneder,
            massekjoering_id=lest["massekjoering"],
        )
    )


_MASSE: Final = '"massekjoering":'


def _forskjeller(rader: Sequence[dict[str, Any]]) -> Iterator[Maanedsforskjell]:
    kjent = any(rad["foer"] is not None for rad in rader)
    for rad in rader:
        foer, etter = (None if rad[n] is None else Decimal(rad[n]) for n in ("foer", "etter"))
        yield forskjell(rad["maaned"], foer, etter, kjent=kjent)


def kort(oppgave: Oppgave) -> str:
    """The sentence of a task."""
    tekst: str = les_json(_innhold(oppgave))["tekst"]
    return tekst
