"""The years that can be settled now, and those that still wait for their settlement (§ 3 sjette ledd).

A year can be settled when a final calculation of it is there and has not been settled. What it comes to is what
settling it would answer; nothing is kept of that before it is settled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.calc.beloep import NULL
from app.calc.kontrakt.etteroppgjoer import Maanedsendring, Retning
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.lesing import (
    BELOEP,
    SVAR_MED_FORTEGN,
    Boolsk,
    Dato,
    Heltall,
    Kanskje,
    Liste,
    Objekt,
    Tekst,
    Valgt,
    felt,
)
from app.calc.periode import aaret
from app.db.arkiv import Lager
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.saker import Sak, Status
from app.services.masse.portion import rekke
from app.services.masse.rad import angrede_i
from app.services.revisjon import Handling
from app.services.sak.drift import Kall, Saksdrift
from app.services.sak.etteroppgjoer import gjoer_opp, regn_oppgjoer
from app.services.sak.feil import FinnesIkkeError, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import AAR, Avslutningsgrunn, NyttEtteroppgjoer
from app.services.sak.rader import PersonId, Sakstjeneste
from app.services.sak.saker import identene
from app.services.sak.ut import Tidspunkt, tidspunkt
from app.skatt_client import Api

FLEST: Final = 500
"""Years settled in one call."""

BOET: Final = (
    "Beboeren er død. Oppgjøret går til og med dødsdagen. Forskriften sier ikke hvem i boet det rettes til eller innen "
    "hvilken frist; kommunen må avgjøre det, og finne ut hvem som representerer dødsboet."
)
"""What is said when what is settled goes to an estate."""


class Koestatus(StrEnum):
    """Whether a year can be settled as it stands."""

    KLAR = "KLAR"
    UNDER_MINSTEBELOEPET = "UNDER_MINSTEBELOEPET"
    """Something differs, but less than the kommune settles."""
    MAA_VURDERES = "MAA_VURDERES"


@dataclass(frozen=True, slots=True)
class Koesak:
    """A year of a case that can be settled."""

    sak_id: str = felt(PersonId(), "Saken")
    beregning_id: str = felt(PersonId(), "Den endelige beregningen")
    aar: int = felt(AAR, "Kalenderåret")
    status: Koestatus = felt(Valgt(Koestatus), "Om det kan gjøres opp slik det står")
    tekst: str | None = felt(Kanskje(Tekst(2000)), "Hvorfor det må vurderes, og hva som må gjøres")
    sum: Decimal | None = felt(
        Kanskje(SVAR_MED_FORTEGN), "For lite krevd; negativt er for mye; null er ukjent"
    )
    retning: Retning | None = felt(Kanskje(Valgt(Retning)), "Hvem som skylder hvem")
    minstebeloep: Decimal | None = felt(Kanskje(BELOEP), "Kommunens minste sum som gjøres opp")
    doedsdato: date | None = felt(Kanskje(Dato()), "Dødsdagen, når saken er avsluttet med den")
    doedsbo: str | None = felt(Kanskje(Tekst(1000)), "Hva som gjelder når det er et dødsbo")
    maaneder: tuple[Maanedsendring, ...] = felt(Liste(Objekt(Maanedsendring), 12), "Måned for måned")


@dataclass(frozen=True, slots=True)
class Oppgjoersbestilling:
    """Years to be settled in bulk."""

    aar: int = felt(AAR, "Kalenderåret")
    saker: tuple[str, ...] | None = felt(
        Kanskje(Liste(PersonId(), FLEST)), "Bare disse sakene; utelatt betyr alle som er klare", None
    )
    toerr: bool = felt(Boolsk(), "Vis bare hva det blir; ingenting lagres", True)


OPPGJOERSBESTILLING: Final = Objekt(Oppgjoersbestilling)


@dataclass(frozen=True, slots=True)
class Oppgjoersresultat:
    """What settling in bulk came to."""

    toerr: bool = felt(Boolsk(), "Om ingenting ble lagret")
    gjort_opp: tuple[Koesak, ...] = felt(
        Liste(Objekt(Koesak), FLEST), "Gjort opp, eller det som ville blitt det"
    )
    utelatt: tuple[Koesak, ...] = felt(Liste(Objekt(Koesak), FLEST), "Det som må vurderes for seg")
    skyldig: Decimal = felt(BELOEP, "Sum å kreve, kroner")
    til_gode: Decimal = felt(BELOEP, "Sum å betale tilbake, kroner")
    gjenstaar: int = felt(Heltall(0, 10**9), "Oppgjør i køen som ikke fikk plass i dette kallet")


@dataclass(frozen=True, slots=True)
class UtenOppgjoer:
    """A case with a decision in a year whose settlement has not come."""

    sak_id: str = felt(PersonId(), "Saken")
    referanse: str | None = felt(Kanskje(Tekst(100)), "Deres egen referanse")
    status: Status = felt(Valgt(Status), "Om saken er åpen")
    doedsdato: date | None = felt(Kanskje(Dato()), "Dødsdagen, når saken er avsluttet med den")
    sist_spurt: str | None = felt(Kanskje(Tidspunkt()), "Når Skatteetaten sist ble spurt; null er aldri")
    svar: str | None = felt(Kanskje(Tekst(60)), "Hva de svarte")


@dataclass(frozen=True, slots=True)
class _Kandidat:
    sak: Sak
    beregning_id: UUID


async def _koeen(lager: Lager, aar: int) -> list[_Kandidat]:
    """Final calculations that hold and are not settled, in the order of the cases."""
    endelige = await lager.massesaker.endelige(aar)
    if not endelige:
        return []
    ider = sorted(endelige)
    oppgjorte = await lager.massesaker.oppgjorte(aar)
    angrede = await angrede_i(lager, ider[0], ider[-1])
    saker = await lager.massesaker.hent(ider)
    return [
        _Kandidat(saker[id_], hode.id)
        for id_ in ider
        if saker[id_].tjeneste == Sakstjeneste.LANGTIDSOPPHOLD
        for hode in reversed(rekke(endelige[id_], angrede))
        if hode.id not in oppgjorte
    ]


async def les_koe(
    drift: Saksdrift, lager: Lager, kall: Kall, aar: int, etter: UUID | None, antall: int
) -> list[Koesak]:
    """The queue after a calculation; one more than asked for shows that there are more."""
    kandidater = await _koeen(lager, aar)
    plass = next((nr for nr, en in enumerate(kandidater, 1) if en.beregning_id == etter), 0)
    side = kandidater[plass : plass + antall + 1]
    ut = [await _vurder(drift, lager, kall, aar, en) for en in side]
    await _noter(lager, kall, [en.sak.id for en in side], Handling.ETTEROPPGJOER_LEST, aar)
    return ut


async def gjoer_opp_mange(drift: Saksdrift, kall: Kall, bestilling: Oppgjoersbestilling) -> Oppgjoersresultat:
    """Settle what is ready, each in a transaction of its own; or show what it would come to.

    Raises:
        FinnesIkkeError: the kommune has no such case.
    """
    kommune, aar = kall.aktoer.kommune, bestilling.aar
    async with drift.arkiv.skriv(kommune) as lager:
        await _krev_egne(lager, bestilling.saker or ())
        alle = await _koeen(lager, aar)
        valgte = (
            alle if bestilling.saker is None else [en for en in alle if str(en.sak.id) in bestilling.saker]
        )
        await _noter(lager, kall, {en.sak.id for en in valgte[:FLEST]}, Handling.ETTEROPPGJOER_LEST, aar)
    ferdige: list[Koesak] = []
    utelatt: list[Koesak] = []
    for en in valgte[:FLEST]:
        async with drift.arkiv.skriv(kommune) as lager:
            vurdert = await _vurder(drift, lager, kall, aar, en)
            klar = vurdert.status is not Koestatus.MAA_VURDERES
            if klar and not bestilling.toerr:
                await gjoer_opp(lager, kall, en.sak.id, _nytt(aar, en), drift.kodeversjon)
        (ferdige if klar else utelatt).append(vurdert)
    return Oppgjoersresultat(
        toerr=bestilling.toerr,
        gjort_opp=tuple(ferdige),
        utelatt=tuple(utelatt),
        skyldig=_sum(ferdige, Retning.SKYLDIG),
        til_gode=_sum(ferdige, Retning.TIL_GODE),
        gjenstaar=max(0, len(valgte) - FLEST),
    )


async def _krev_egne(lager: Lager, saker: Sequence[str]) -> None:
    ider = [UUID(en) for en in saker]
    if len(await lager.massesaker.hent(ider)) < len(set(ider)):
        raise FinnesIkkeError("saken")


def _sum(saker: Sequence[Koesak], retning: Retning) -> Decimal:
    return sum((abs(en.sum or NULL) for en in saker if en.retning is retning), NULL)


def _nytt(aar: int, en: _Kandidat) -> NyttEtteroppgjoer:
    return NyttEtteroppgjoer(aar=aar, beregning_id=str(en.beregning_id))


async def _vurder(drift: Saksdrift, lager: Lager, kall: Kall, aar: int, en: _Kandidat) -> Koesak:
    try:
        ett = await regn_oppgjoer(lager, kall, en.sak.id, _nytt(aar, en), drift.kodeversjon)
    except KonfliktError as feil:
        return _ut(en, aar, None, feil.tekst)
    except UgyldigSakError as feil:
        return _ut(en, aar, None, " ".join(enkelt.detail for enkelt in feil.feil[:3]))
    return _ut(en, aar, ett, None)


def _ut(en: _Kandidat, aar: int, ett: Etteroppgjoer | None, tekst: str | None) -> Koesak:
    lest = None if ett is None else les_json(ett.resultat)
    doed = doedsdato(en.sak)
    return Koesak(
        sak_id=str(en.sak.id),
        beregning_id=str(en.beregning_id),
        aar=aar,
        status=Koestatus.MAA_VURDERES if lest is None else _status(lest),
        tekst=tekst,
        sum=None if lest is None else Decimal(lest["sum"]),
        retning=None if lest is None else Retning(lest["retning"]),
        minstebeloep=None if ett is None else Decimal(les_json(ett.inn)["minstebeloep"]),
        doedsdato=doed,
        doedsbo=None if doed is None else BOET,
        maaneder=() if lest is None else tuple(_maaned(rad) for rad in lest["maaneder"]),
    )


def _status(resultat: dict[str, object]) -> Koestatus:
    under = resultat["sum"] and resultat["retning"] == Retning.INGEN
    return Koestatus.UNDER_MINSTEBELOEPET if under else Koestatus.KLAR


def _maaned(rad: dict[str, object]) -> Maanedsendring:
    return Maanedsendring(
        maaned=str(rad["maaned"]),
        foer=Decimal(str(rad["foer"])),
        etter=Decimal(str(rad["etter"])),
        differanse=Decimal(str(rad["differanse"])),
    )


def doedsdato(sak: Sak) -> date | None:
    """The day somebody died, when the case has ended with it."""
    return sak.avsluttet_dato if sak.avsluttet_grunn == Avslutningsgrunn.DOED else None


async def les_uten_oppgjoer(
    lager: Lager, kall: Kall, aar: int, etter: UUID | None, antall: int
) -> list[UtenOppgjoer]:
    """Everyone with a decision in a year and no final calculation of it; one more than asked for."""
    spenn = aaret(aar)
    med_vedtak = await lager.massesaker.med_vedtak(spenn.fra, spenn.til)
    venter = sorted(med_vedtak - (await lager.massesaker.endelige(aar)).keys())
    saker = await lager.massesaker.hent(venter)
    gjelder = [
        saker[id_] for id_ in venter if (etter is None or id_ > etter) and _levde(saker[id_], spenn.fra)
    ]
    side = gjelder[: antall + 1]
    ut = []
    for sak in side:
        sist = await lager.grunnlag.siste(sak.id, sak.person_id, aar, Api.SKATTEGRUNNLAG.value)
        ut.append(
            UtenOppgjoer(
                sak_id=str(sak.id),
                referanse=sak.referanse,
                status=sak.status,
                doedsdato=doedsdato(sak),
                sist_spurt=None if sist is None else tidspunkt(sist.hentet),
                svar=None if sist is None else sist.utfall,
            )
        )
    await _noter(lager, kall, [sak.id for sak in side], Handling.SAK_LEST, aar)
    return ut


def _levde(sak: Sak, fra: date) -> bool:
    """Whether § 3 was about the case some day of the year: a decision without an end ends with the case."""
    langtid = sak.tjeneste == Sakstjeneste.LANGTIDSOPPHOLD
    return langtid and (sak.avsluttet_dato is None or sak.avsluttet_dato >= fra)


async def _noter(
    lager: Lager, kall: Kall, saker: Sequence[UUID] | set[UUID], handling: Handling, aar: int
) -> None:
    rader = []
    for sak_id in sorted(set(saker)):
        rader += kall.rader((await identene(lager, sak_id)).values(), handling, sak_id, aar=[aar])
    await lager.revisjon.noter(kall.naa, *rader)
