"""A mass run ordered, shown, and sent on: dry first, then for real, then perhaps undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import (
    BELOEP_MED_FORTEGN,
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
from app.calc.satser import SatsManglerError, sats, satsversjon
from app.calc.versjon import REGELVERSJON
from app.db.arkiv import Lager
from app.db.ident import ny_id
from app.db.lager.massekjoeringer import Massekjoering, Masserad, Massetilstand
from app.services.kommuneoppsett.aarsoppsett import OppsettManglerError, aarsoppsett
from app.services.masse.rad import UNNTAK, Masseutfall, kroner
from app.services.masse.slag import TJENESTER, Masseslag, virkning
from app.services.masse.stand import Stand, les_stand
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError, UgyldigSakError
from app.services.sak.forespoersler import AAR
from app.services.sak.rader import PersonId
from app.services.sak.saker import oppsettet
from app.services.sak.ut import Tidspunkt, tidspunkt

_SAKER: Final = Heltall(0, 10**9)


@dataclass(frozen=True, slots=True)
class NyMassekjoering:
    """A run to be made."""

    slag: Masseslag = felt(Valgt(Masseslag), "Hvorfor alle sakene regnes på nytt")
    aar: int | None = felt(Kanskje(AAR), "Kalenderåret; utelatt betyr det løpende", None)
    virkning_fra: date | None = felt(
        Kanskje(Dato()),
        "Første dag det nye gjelder; utelatt betyr 1. januar, og for ny G 1. mai eller kommunens egen dato",
        None,
    )


NY_MASSEKJOERING: Final = Objekt(NyMassekjoering)


@dataclass(frozen=True, slots=True)
class AntallUt:
    """How many came out in a way."""

    utfall: Masseutfall = felt(Valgt(Masseutfall), "Hvordan det gikk")
    antall: int = felt(_SAKER, "Saker")


@dataclass(frozen=True, slots=True)
class MassekjoeringUt:
    """A run as a client sees it."""

    id: str = felt(PersonId(), "Kjøringens id")
    slag: Masseslag = felt(Valgt(Masseslag), "Hvorfor alle sakene regnes på nytt")
    aar: int = felt(AAR, "Kalenderåret")
    virkning_fra: date = felt(Dato(), "Første dag det nye gjelder")
    tilstand: Massetilstand = felt(Valgt(Massetilstand), "Hvor langt kjøringen er kommet")
    totalt: int = felt(_SAKER, "Saker den gjelder")
    sett: int = felt(_SAKER, "Saker som er ferdige i delen som pågår")
    uendret: int = felt(_SAKER, "Saker der ingenting blir annerledes; de har ingen rad")
    endret: int = felt(_SAKER, "Saker som blir annerledes")
    unntak: int = felt(_SAKER, "Saker som er utelatt")
    antall: tuple[AntallUt, ...] = felt(Liste(Objekt(AntallUt), 20), "Radene etter utfall")
    foer: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året før, i sakene som blir annerledes, kroner")
    etter: Decimal = felt(BELOEP_MED_FORTEGN, "Sum for året etter, i de samme sakene, kroner")
    av: str = felt(Tekst(200), "Hvem som bestilte den")
    opprettet: str = felt(Tidspunkt(), "Når den ble bestilt")
    kjoert: str | None = felt(Kanskje(Tidspunkt()), "Når den var ferdig kjørt")
    angret: str | None = felt(Kanskje(Tidspunkt()), "Når den var angret")
    angret_av: str | None = felt(Kanskje(Tekst(200)), "Hvem som angret den")


async def bestill(lager: Lager, kall: Kall, ny: NyMassekjoering) -> Massekjoering:
    """Order a dry run; the work is done afterwards, a portion at a time.

    Raises:
        KonfliktError: the kommune's setup does not cover the year.
        UgyldigSakError: no checked rates for the year, or a day outside it.
    """
    aar = ny.aar or kall.i_dag.year
    _krev_satser(aar)
    oppsett, versjon = await oppsettet(lager)
    try:
        valgt = aarsoppsett(oppsett, aar)
    except OppsettManglerError as feil:
        raise KonfliktError(Konflikt.KOMMUNEN_MANGLER_OPPSETT, str(feil)) from None
    fra = ny.virkning_fra or virkning(ny.slag, aar, valgt)
    if fra.year != aar:
        raise UgyldigSakError(
            Feil("/virkningFra", "feil-aar", f"Datoen skal være i {aar}, året som beregnes.")
        )
    stand = Stand(
        satsversjon=satsversjon(),
        regelversjon=REGELVERSJON,
        oppsett_versjon=versjon,
        totalt=await lager.massesaker.antall(TJENESTER[ny.slag], fra),
    )
    kjoering = Massekjoering(
        id=ny_id(kall.naa),
        slag=ny.slag,
        aar=aar,
        virkning_fra=fra,
        tilstand=Massetilstand.TOERRKJOERES,
        innhold=stand.som_tekst(),
        av=kall.av,
        opprettet=kall.naa,
    )
    await lager.massekjoeringer.ny(kjoering)
    await _noter(lager, kall, Handling.MASSEKJOERING, f"tørrkjøring {kjoering.id}", aar)
    return kjoering


def _krev_satser(aar: int) -> None:
    try:
        for id_ in ("fribeloep", "utgiftstak_under_2g"):
            sats(id_, aaret(aar).til)
    except SatsManglerError:
        raise UgyldigSakError(
            Feil(
                "/aar",
                "sats-mangler",
                f"Det finnes ikke kontrollerte satser for hele {aar}. Velg et annet år, eller legg inn satsene.",
            )
        ) from None


async def bestill_kjoering(lager: Lager, kall: Kall, id_: UUID) -> Massekjoering:
    """Order that what the dry run found, is stored. Doing it twice is doing it once.

    Raises:
        FinnesIkkeError: the kommune has no such run.
        KonfliktError: the dry run is not over, the run is undone, or rates, rules or setup are others since.
    """
    kjoering = await _laas(lager, id_)
    if kjoering.tilstand in {Massetilstand.KJOERES, Massetilstand.KJOERT}:
        return kjoering
    if kjoering.tilstand is not Massetilstand.TOERRKJOERT:
        raise KonfliktError(
            Konflikt.MASSEKJOERING_IKKE_KLAR,
            "Bare en ferdig tørrkjøring som ikke er angret, kan kjøres. Se tilstanden, eller lag en ny tørrkjøring.",
            id_,
        )
    stand = les_stand(kjoering.innhold)
    _, versjon = await oppsettet(lager)
    if (stand.satsversjon, stand.regelversjon, stand.oppsett_versjon) != (
        satsversjon(),
        REGELVERSJON,
        versjon,
    ):
        raise KonfliktError(
            Konflikt.MASSEKJOERING_FORELDET,
            "Satsene, reglene eller kommunens oppsett er endret siden tørrkjøringen. Lag en ny tørrkjøring.",
            id_,
        )
    return await _videre(lager, kall, kjoering, Massetilstand.KJOERES, "kjøring")


async def bestill_angring(lager: Lager, kall: Kall, id_: UUID) -> Massekjoering:
    """Order that a run is undone, as far as nobody has decided on what it led to.

    Raises:
        FinnesIkkeError: the kommune has no such run.
        KonfliktError: it has not been run to its end.
    """
    kjoering = await _laas(lager, id_)
    if kjoering.tilstand in {Massetilstand.ANGRES, Massetilstand.ANGRET}:
        return kjoering
    if kjoering.tilstand is not Massetilstand.KJOERT:
        raise KonfliktError(
            Konflikt.MASSEKJOERING_IKKE_KLAR,
            "Bare en kjøring som er kjørt til slutten, kan angres. Se tilstanden.",
            id_,
        )
    await lager.massekjoeringer.sett(id_, {"angret_av": kall.av})
    return await _videre(lager, kall, replace(kjoering, angret_av=kall.av), Massetilstand.ANGRES, "angring")


async def _laas(lager: Lager, id_: UUID) -> Massekjoering:
    kjoering = await lager.massekjoeringer.laas(id_)
    if kjoering is None:
        raise FinnesIkkeError("massekjøringen")
    return kjoering


async def _videre(
    lager: Lager, kall: Kall, kjoering: Massekjoering, tilstand: Massetilstand, hva: str
) -> Massekjoering:
    stand = replace(les_stand(kjoering.innhold), etter=None, sett=0)
    videre = replace(kjoering, tilstand=tilstand, innhold=stand.som_tekst())
    await lager.massekjoeringer.sett(kjoering.id, {"tilstand": tilstand, "innhold": videre.innhold})
    await _noter(lager, kall, Handling.MASSEKJOERING, f"{hva} {kjoering.id}", kjoering.aar)
    return videre


async def les_massekjoering(lager: Lager, kall: Kall, id_: UUID) -> Massekjoering:
    """One run with its counts.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    kjoering = await lager.massekjoeringer.hent(id_)
    if kjoering is None:
        raise FinnesIkkeError("massekjøringen")
    await _noter(lager, kall, Handling.MASSEKJOERING_LEST, f"massekjøring {id_}", kjoering.aar)
    return kjoering


async def les_rader(
    lager: Lager, kall: Kall, id_: UUID, etter: UUID | None, antall: int, utfall: Sequence[Masseutfall] = ()
) -> list[Masserad]:
    """Rows of a run in the order of the cases; one more than asked for shows that there are more.

    Raises:
        FinnesIkkeError: the kommune has no such run.
    """
    await les_massekjoering(lager, kall, id_)
    return await lager.massekjoeringer.rader(id_, etter, antall + 1, utfall)


async def les_massekjoeringer(
    lager: Lager, kall: Kall, foer: UUID | None, antall: int
) -> list[Massekjoering]:
    """The runs, the newest first; one more than asked for shows that there are more."""
    await _noter(lager, kall, Handling.MASSEKJOERING_LEST, "listen over massekjøringer", None)
    return await lager.massekjoeringer.mange(foer, antall + 1)


async def _noter(lager: Lager, kall: Kall, handling: Handling, formaal: str, aar: int | None) -> None:
    rad = kall.rad(handling, formaal=formaal, aar=[] if aar is None else [aar])
    await lager.revisjon.noter(kall.naa, rad)


def kjoering_ut(kjoering: Massekjoering) -> MassekjoeringUt:
    """A run as a client sees it."""
    stand = les_stand(kjoering.innhold)
    return MassekjoeringUt(
        id=str(kjoering.id),
        slag=Masseslag(kjoering.slag),
        aar=kjoering.aar,
        virkning_fra=kjoering.virkning_fra,
        tilstand=kjoering.tilstand,
        totalt=stand.totalt,
        sett=stand.sett,
        uendret=stand.uendret,
        endret=sum(antall for utfall, antall in stand.antall.items() if utfall not in UNNTAK),
        unntak=sum(antall for utfall, antall in stand.antall.items() if utfall in UNNTAK),
        antall=tuple(
            AntallUt(utfall=Masseutfall(navn), antall=antall) for navn, antall in stand.antall.items()
        ),
        foer=kroner(stand.foer_oere) or Decimal(0),
        etter=kroner(stand.etter_oere) or Decimal(0),
        av=kjoering.av,
        opprettet=tidspunkt(kjoering.opprettet),
        kjoert=None if kjoering.kjoert is None else tidspunkt(kjoering.kjoert),
        angret=None if kjoering.angret is None else tidspunkt(kjoering.angret),
        angret_av=kjoering.angret_av,
    )
