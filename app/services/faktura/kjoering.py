"""Runs: what has not been given is given once, and can be fetched again as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
from app.services.sak.saker import hent_sak, oppsettet
from app.services.sak.skjermede import skjermede
from app.services.sak.ut import Tidspunkt, tidspunkt

_MANGE: Final = 1_000_000
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
    saker: tuple[Fakturasak, ...] = field(repr=False)
    fra: str


async def forbered_kjoering(arkiv: Arkiv, kall: Kall, maaned: str) -> FakturaKlar:
    """Read everything a run is made from.

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
        saker = tuple([await _sak(lager, id_) for id_ in sorted(ider)])
    return FakturaKlar(maaned=maaned, saker=saker, fra=oppsett.fra_maaned)


def _fakturaoppsett(oppsett: Kommuneoppsett) -> Fakturaoppsett:
    if oppsett.fakturagrunnlag is None:
        raise KonfliktError(
            Konflikt.FAKTURA_IKKE_SATT_OPP,
            "Kommunen har ikke fakturagrunnlag i oppsettet. Legg det inn med den første måneden som faktureres herfra.",
        )
    return oppsett.fakturagrunnlag


async def _sak(lager: Lager, sak_id: UUID) -> Fakturasak:
    sak = await lager.saker.hent(sak_id)
    vedtak = await lager.vedtak.for_sak(sak_id)
    beregninger = [await lager.beregninger.hent(ett.beregning_id, sak_id) for ett in vedtak]
    return Fakturasak(
        id=sak_id,
        slutt=None if sak is None else sak.avsluttet_dato,
        vedtak=vedtak,
        beregninger={en.id: en for en in beregninger if en is not None},
        etteroppgjoer=await lager.etteroppgjoer.for_sak(sak_id),
        gitt=await lager.faktura.for_sak(sak_id),
    )


async def lagre_kjoering(lager: Lager, kall: Kall, klar: FakturaKlar) -> FakturakjoeringUt:
    """Store a run with its lines; refused by the database when somebody else has given one of them meanwhile."""
    nr = await lager.faktura.neste_nr()
    linjer: list[Fakturalinje] = []
    uavklarte: list[Uavklart] = []
    for sak in klar.saker:
        krav = kravene(sak, klar.fra, klar.maaned)
        linjer += nye_linjer(sak, krav, klar.fra, klar.maaned, nr, kall.naa)
        uavklarte += [Uavklart(sak_id=str(sak.id), maaned=maaned) for maaned in krav.uavklarte]
    kjoering = Fakturakjoering(
        nr=nr,
        maaned=klar.maaned,
        antall=len(linjer),
        sum_oere=sum(linje.beloep_oere for linje in linjer),
        uavklarte=skriv_json(uavklarte),
        av=kall.av,
        opprettet=kall.naa,
    )
    await lager.faktura.ny(kjoering, linjer)
    await _noter(lager, kall, Handling.FAKTURA_LAGET, kjoering, linjer, ())
    return kjoering_ut(kjoering)


async def les_kjoeringer(lager: Lager, kall: Kall, antall: int) -> list[FakturakjoeringUt]:
    """The runs, the newest first."""
    funnet = await lager.faktura.kjoeringer(antall)
    formaal = "liste over fakturagrunnlag"
    rad = kall.rad(Handling.FAKTURA_LEST, formaal=formaal, antall={"kjoeringer": len(funnet)})
    await lager.revisjon.noter(kall.naa, rad)
    return [kjoering_ut(en) for en in funnet]


async def les_linjer(lager: Lager, kall: Kall, nr: int) -> list[FakturalinjeUt]:
    """The lines of a run, as they were given.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    kjoering, rader = await _rader(lager, nr)
    await _noter(lager, kall, Handling.FAKTURA_LEST, kjoering, [rad.linje for rad in rader], ())
    return [_linje_ut(rad) for rad in rader]


async def les_fil(lager: Lager, kall: Kall, nr: int, filtype: Filtype) -> bytes:
    """A run as the finance system's file. It is the same every time, but for what the kommune has changed in the setup.

    Raises:
        FinnesIkkeError: the kommune has no such run.
        KonfliktError: the setup has no columns, or one of them is too narrow.
    """
    oppsett = _fakturaoppsett((await oppsettet(lager))[0])
    kjoering, rader = await _rader(lager, nr)
    innhold = fil(oppsett, rader, filtype)
    data = [kolonne.kilde.lower() for kolonne in oppsett.kolonner if kolonne.kilde is not Kilde.FAST]
    await _noter(lager, kall, Handling.FAKTURA_LEST, kjoering, [rad.linje for rad in rader], data)
    return innhold


async def _rader(lager: Lager, nr: int) -> tuple[Fakturakjoering, list[Fakturarad]]:
    kjoering = await lager.faktura.hent(nr)
    if kjoering is None:
        raise FinnesIkkeError("kjøringen")
    linjer = await lager.faktura.linjer(nr)
    saker = {id_: await hent_sak(lager, id_) for id_ in dict.fromkeys(linje.sak_id for linje in linjer)}
    personer = await lager.personer.mange({sak.sak.person_id for sak in saker.values()})
    skjulte = await skjermede(lager, personer.keys())
    rader = []
    for linje in linjer:
        sak, innhold = saker[linje.sak_id].sak, saker[linje.sak_id].innhold
        person = personer[sak.person_id]
        rader.append(
            Fakturarad(
                linje=linje,
                person_id=str(person.id),
                ident=person.ident,
                navn=None if person.id in skjulte else person.navn,
                referanse=sak.referanse,
                tjeneste=Sakstjeneste(sak.tjeneste),
                institusjon=_institusjon(innhold, linje.periode),
            )
        )
    return kjoering, rader


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
    linjer: Sequence[Fakturalinje],
    data: Sequence[str],
) -> None:
    """A row for each person, so that each can be told; and one for the run, also when it is empty."""
    formaal = f"fakturagrunnlag, kjøring {kjoering.nr}"
    antall = {"linjer": len(linjer)}
    rader = [kall.rad(handling, formaal=formaal, antall=antall)]
    for sak_id in dict.fromkeys(linje.sak_id for linje in linjer):
        sak = await lager.saker.hent(sak_id)
        person = None if sak is None else await lager.personer.hent(sak.person_id)
        if person is not None:
            rader += kall.rader([person.ident], handling, sak_id, data=data)
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
