"""Runs: what has not been given is given once, and can be fetched again as it was."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.json_tekst import les_json, skriv_json
from app.calc.kontrakt.lesing import (
    SVAR_MED_FORTEGN,
    Heltall,
    Kanskje,
    Liste,
    Maaned,
    Objekt,
    Tekst,
    Valgt,
    felt,
)
from app.calc.periode import maanedsnoekkel
from app.db.arkiv import Arkiv, Lager
from app.db.lager.faktura import Fakturakjoering, Fakturalinje, Linjeslag
from app.services.faktura.fil import Fakturarad, Filtype, fil, fra_til
from app.services.faktura.krav import Fakturasak, kravene, nye_linjer
from app.services.kommuneoppsett.dokument import Kommuneoppsett
from app.services.kommuneoppsett.faktura import Fakturaoppsett, Kilde
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.innhold import LagretSaksinnhold
from app.services.sak.rader import PersonId, Sakstjeneste
from app.services.sak.saker import les_innhold, oppsettet
from app.services.sak.skjermede import skjermede
from app.services.sak.ut import Tidspunkt, tidspunkt

_MANGE: Final = 1_000_000
_BOLK: Final = 200
"""As many cases as are held at a time."""
_ID: Final = PersonId()
_NR: Final = Heltall(1, 10**9)


@dataclass(frozen=True, slots=True)
class NyFakturakjoering:
    """A month to be invoiced."""

    maaned: str = felt(Maaned(), "Siste måned som tas med; den løpende eller en som er gått")


NY_FAKTURAKJOERING: Final = Objekt(NyFakturakjoering)


@dataclass(frozen=True, slots=True)
class Uavklart:
    """A month whose cost the decisions do not tell: nothing is given of it."""

    sak_id: str = felt(_ID, "Saken")
    maaned: str = felt(Maaned(), "Måneden")


@dataclass(frozen=True, slots=True)
class FakturakjoeringUt:
    """A run."""

    nr: int = felt(_NR, "Kjøringens nummer i kommunen")
    maaned: str = felt(Maaned(), "Siste måned som er med")
    antall: int = felt(Heltall(0, _MANGE), "Antall linjer")
    sum_oere: int = felt(Heltall(-(10**15), 10**15), "Summen av linjene, øre")
    uavklarte: tuple[Uavklart, ...] = felt(
        Liste(Objekt(Uavklart), _MANGE),
        "Måneder som ikke er med fordi vedtakene ikke sier hva de koster: delt mellom vedtak, eller vedtaket er fra et annet år",
    )
    av: str = felt(Tekst(200), "Hvem som kjørte den")
    opprettet: str = felt(Tidspunkt(), "Når")


@dataclass(frozen=True, slots=True)
class FakturalinjeUt:
    """A line."""

    id: str = felt(_ID, "Linjens id: den samme hver gang kjøringen hentes, og aldri brukt på noe annet")
    kjoering: int = felt(_NR, "Kjøringen den ble gitt i")
    sak_id: str = felt(_ID, "Saken")
    person_id: str = felt(_ID, "Personen som skal betale eller ha tilbake")
    slag: Linjeslag = felt(
        Valgt(Linjeslag),
        "EGENANDEL for en ny måned, KORREKSJON av en som er gitt, eller ETTEROPPGJOER av et år",
    )
    periode: str = felt(Tekst(7), "Måneden, eller året som er gjort opp")
    beloep_oere: int = felt(Heltall(-(10**15), 10**15), "Beløp, øre; negativt skal tilbake")
    beloep: Decimal = felt(SVAR_MED_FORTEGN, "Det samme i kroner")
    tjeneste: Sakstjeneste = felt(Valgt(Sakstjeneste), "Tjenesten")
    institusjon: str | None = felt(Kanskje(Tekst(40)), "Institusjonens kode")
    vedtak_id: str | None = felt(Kanskje(_ID), "Vedtaket måneden følger")
    etteroppgjoer_id: str | None = felt(Kanskje(_ID), "Etteroppgjøret")


@dataclass(frozen=True, slots=True, kw_only=True)
class FakturaKlar:
    """A run before it is stored."""

    maaned: str
    linjer: tuple[Fakturalinje, ...] = field(repr=False)
    """What it would give; their number is not known yet."""
    uavklarte: tuple[Uavklart, ...]


async def forbered_kjoering(arkiv: Arkiv, kall: Kall, maaned: str) -> FakturaKlar:
    """Read what a run is made from, and find what it gives.

    Raises:
        KonfliktError: the kommune has not said how it is invoiced.
        UgyldigSakError: the month has not begun, or is before the first that is invoiced from here.
    """
    async with arkiv.les(kall.aktoer.kommune) as lager:
        oppsett = _fakturaoppsett((await oppsettet(lager))[0])
        if not oppsett.fra_maaned <= maaned <= maanedsnoekkel(kall.i_dag):
            raise UgyldigSakError(
                Feil(
                    "/maaned",
                    "utenfor",
                    f"Velg en måned fra {oppsett.fra_maaned} til den løpende, {maanedsnoekkel(kall.i_dag)}.",
                )
            )
        foerste, siste = fra_til(oppsett.fra_maaned)[0], fra_til(maaned)[1]
        ider = await lager.massesaker.med_vedtak(foerste, siste) | await lager.faktura.saker()
        linjer: list[Fakturalinje] = []
        uavklarte: list[Uavklart] = []
        alle = sorted(ider)
        for start in range(0, len(alle), _BOLK):
            saker = await _saker(lager, alle[start : start + _BOLK])
            # In a thread of its own: others are answered meanwhile.
            nye, ukjente = await asyncio.to_thread(_regn, saker, oppsett.fra_maaned, maaned, kall.naa)
            linjer += nye
            uavklarte += ukjente
    return FakturaKlar(maaned=maaned, linjer=tuple(linjer), uavklarte=tuple(uavklarte))


def _fakturaoppsett(oppsett: Kommuneoppsett) -> Fakturaoppsett:
    if oppsett.fakturagrunnlag is None:
        raise KonfliktError(
            Konflikt.FAKTURA_IKKE_SATT_OPP,
            "Kommunen har ikke fakturagrunnlag i oppsettet. Legg det inn med den første måneden som faktureres herfra.",
        )
    return oppsett.fakturagrunnlag


async def _saker(lager: Lager, ider: Sequence[UUID]) -> list[Fakturasak]:
    saker = await lager.massesaker.hent(ider)
    vedtak = await lager.vedtak.for_saker(ider)
    resultater = await lager.beregninger.resultater(
        {ett.beregning_id for egne in vedtak.values() for ett in egne}
    )
    oppgjoer = await lager.etteroppgjoer.for_saker(ider)
    gitt = await lager.faktura.for_saker(ider)
    return [
        Fakturasak(
            id=id_,
            slutt=saker[id_].avsluttet_dato,
            vedtak=vedtak.get(id_, ()),
            beregninger={ett.beregning_id: resultater[ett.beregning_id] for ett in vedtak.get(id_, ())},
            etteroppgjoer=oppgjoer.get(id_, ()),
            gitt=gitt.get(id_, ()),
        )
        for id_ in ider
    ]


def _regn(
    saker: Iterable[Fakturasak], fra: str, til: str, naa: datetime
) -> tuple[list[Fakturalinje], list[Uavklart]]:
    """What cases give, and the months that cannot be told."""
    linjer: list[Fakturalinje] = []
    uavklarte: list[Uavklart] = []
    for sak in saker:
        krav = kravene(sak, fra, til)
        linjer += nye_linjer(sak, krav, fra, til, naa)
        uavklarte += [Uavklart(sak_id=str(sak.id), maaned=maaned) for maaned in krav.uavklarte]
    return linjer, uavklarte


async def lagre_kjoering(lager: Lager, kall: Kall, klar: FakturaKlar) -> FakturakjoeringUt:
    """Store a run with its lines; refused by the database when somebody else has given one of them meanwhile."""
    nr = await lager.faktura.neste_nr()
    linjer = [replace(linje, kjoering=nr) for linje in klar.linjer]
    kjoering = Fakturakjoering(
        nr=nr,
        maaned=klar.maaned,
        antall=len(linjer),
        sum_oere=sum(linje.beloep_oere for linje in linjer),
        uavklarte=skriv_json(klar.uavklarte),
        av=kall.av,
        opprettet=kall.naa,
    )
    await lager.faktura.ny(kjoering, linjer)
    saker = await lager.massesaker.hent(list(dict.fromkeys(linje.sak_id for linje in linjer)))
    identer = await lager.massesaker.identer({sak.person_id for sak in saker.values()})
    gjelder = {sak.id: identer[sak.person_id] for sak in saker.values()}
    await _noter(lager, kall, Handling.FAKTURA_LAGET, kjoering, len(linjer), gjelder, ())
    return kjoering_ut(kjoering)


async def les_kjoeringer(lager: Lager, kall: Kall, antall: int) -> list[FakturakjoeringUt]:
    """The runs, the newest first."""
    funnet = await lager.faktura.kjoeringer(antall)
    formaal = "liste over fakturagrunnlag"
    rad = kall.rad(Handling.FAKTURA_LEST, formaal=formaal, antall={"kjoeringer": len(funnet)})
    await lager.revisjon.noter(kall.naa, rad)
    return [kjoering_ut(en) for en in funnet]


async def les_linjer(arkiv: Arkiv, kall: Kall, nr: int, hoeyst: int | None = None) -> list[FakturalinjeUt]:
    """The lines of a run as they were given, the first of them or all.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    async with arkiv.les(kall.aktoer.kommune) as lager:
        kjoering, rader = await _rader(lager, nr, hoeyst)
    await _noter_lest(arkiv, kall, kjoering, rader, ())
    return [_linje_ut(rad) for rad in rader]


async def les_fil(arkiv: Arkiv, kall: Kall, nr: int, filtype: Filtype) -> bytes:
    """A run as the finance system's file. It is the same every time, but for what the kommune has changed in the setup.

    Raises:
        FinnesIkkeError: the kommune has no such run.
        KonfliktError: the setup has no columns, or one of them is too narrow.
    """
    async with arkiv.les(kall.aktoer.kommune) as lager:
        oppsett = _fakturaoppsett((await oppsettet(lager))[0])
        kjoering, rader = await _rader(lager, nr)
    innhold = await asyncio.to_thread(fil, oppsett, rader, filtype)
    data = [kolonne.kilde.lower() for kolonne in oppsett.kolonner if kolonne.kilde is not Kilde.FAST]
    await _noter_lest(arkiv, kall, kjoering, rader, data)
    return innhold


async def _noter_lest(
    arkiv: Arkiv, kall: Kall, kjoering: Fakturakjoering, rader: Sequence[Fakturarad], data: Sequence[str]
) -> None:
    """Note that a run was given, before it is. Reading it takes long, and nobody waits for that."""
    identer = {rad.linje.sak_id: rad.ident for rad in rader}
    async with arkiv.skriv(kall.aktoer.kommune) as lager:
        await _noter(lager, kall, Handling.FAKTURA_LEST, kjoering, len(rader), identer, data)


async def _rader(
    lager: Lager, nr: int, hoeyst: int | None = None
) -> tuple[Fakturakjoering, list[Fakturarad]]:
    kjoering = await lager.faktura.hent(nr)
    if kjoering is None:
        raise FinnesIkkeError("kjøringen")
    linjer = await lager.faktura.linjer(nr, hoeyst)
    saker = await lager.massesaker.hent(list({linje.sak_id for linje in linjer}))
    tekster = await lager.massesaker.sier(saker.values())
    personer = await lager.personer.mange({sak.person_id for sak in saker.values()})
    skjulte = await skjermede(lager, personer.keys())
    steder = await asyncio.to_thread(_steder, linjer, tekster)
    rader = []
    for linje in linjer:
        sak = saker[linje.sak_id]
        person = personer[sak.person_id]
        rader.append(
            Fakturarad(
                linje=linje,
                person_id=str(person.id),
                ident=person.ident,
                navn=None if person.id in skjulte else person.navn,
                referanse=sak.referanse,
                tjeneste=Sakstjeneste(sak.tjeneste),
                institusjon=steder[linje.id],
            )
        )
    return kjoering, rader


def _steder(linjer: Iterable[Fakturalinje], tekster: Mapping[UUID, str]) -> dict[UUID, str | None]:
    """The institution of every line."""
    innhold = {id_: les_innhold(tekst) for id_, tekst in tekster.items()}
    return {linje.id: _institusjon(innhold[linje.sak_id], linje.periode) for linje in linjer}


def _institusjon(innhold: LagretSaksinnhold, periode: str) -> str | None:
    """Where the person was last in the period."""
    fra, til = fra_til(periode)
    inne = [
        rad
        for rad in innhold.opphold
        if not rad.art.er_besoek and rad.fra <= til and (rad.til is None or rad.til >= fra)
    ]
    return max(inne, key=lambda rad: rad.fra).institusjon if inne else None


async def _noter(
    lager: Lager,
    kall: Kall,
    handling: Handling,
    kjoering: Fakturakjoering,
    linjer: int,
    identer: Mapping[UUID, str],
    data: Sequence[str],
) -> None:
    """A row for the person of each case, so that each can be told; and one for the run, also when it is empty."""
    formaal = f"fakturagrunnlag, kjøring {kjoering.nr}"
    rader = [kall.rad(handling, formaal=formaal, antall={"linjer": linjer})]
    for sak_id, ident in identer.items():
        rader += kall.rader([ident], handling, sak_id, data=data)
    await lager.revisjon.noter(kall.naa, *rader)


def kjoering_ut(en: Fakturakjoering) -> FakturakjoeringUt:
    """A run as a client sees it."""
    uavklarte: list[dict[str, Any]] = les_json(en.uavklarte)
    return FakturakjoeringUt(
        nr=en.nr,
        maaned=en.maaned,
        antall=en.antall,
        sum_oere=en.sum_oere,
        uavklarte=tuple(Uavklart(sak_id=rad["sakId"], maaned=rad["maaned"]) for rad in uavklarte),
        av=en.av,
        opprettet=tidspunkt(en.opprettet),
    )


def _linje_ut(rad: Fakturarad) -> FakturalinjeUt:
    linje = rad.linje
    return FakturalinjeUt(
        id=str(linje.id),
        kjoering=linje.kjoering,
        sak_id=str(linje.sak_id),
        person_id=rad.person_id,
        slag=linje.slag,
        periode=linje.periode,
        beloep_oere=linje.beloep_oere,
        beloep=Decimal(linje.beloep_oere).scaleb(-2),
        tjeneste=rad.tjeneste,
        institusjon=rad.institusjon,
        vedtak_id=None if linje.vedtak_id is None else str(linje.vedtak_id),
        etteroppgjoer_id=None if linje.etteroppgjoer_id is None else str(linje.etteroppgjoer_id),
    )
