"""Work that has stopped: read by whoever is to see to it, tried again when the cause is gone, or closed with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.calc.kontrakt.feil import Feil
from app.calc.kontrakt.lesing import (
    UGYLDIG,
    Boolsk,
    Deler,
    Heltall,
    Kanskje,
    Objekt,
    Tekst,
    Valgt,
    felt,
)
from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeid, Arbeidsnoekkel, Arbeidstilstand, Liste
from app.services.revisjon import Handling
from app.services.sak.drift import Kall
from app.services.sak.feil import FinnesIkkeError, Konflikt, KonfliktError
from app.services.sak.rader import Fritekst, PersonId
from app.services.sak.ut import Tidspunkt, tidspunkt

_AAR = Heltall(0, 9999)
_FORMAAL = "arbeid etter hendelser"


@dataclass(frozen=True, slots=True)
class ArbeidUt:
    """One piece of work."""

    person_id: str = felt(PersonId(), "Personen som skal slås opp på nytt")
    liste: Liste = felt(Valgt(Liste), "Hendelseslisten det kommer av")
    aar: int = felt(_AAR, "Inntektsåret; 0 er alle år i bruk")
    tilstand: Arbeidstilstand = felt(Valgt(Arbeidstilstand), "DOED venter på at noen ser på det")
    grunn: str = felt(Tekst(20), "Hvorfor det sist ble bestilt")
    forsoek: int = felt(Heltall(0, 10**6), "Forsøk som er brukt")
    neste_forsoek: str = felt(Tidspunkt(), "Når det tidligst prøves igjen")
    feil: str | None = felt(
        Kanskje(Tekst(200)), "Grunn, API og kode fra siste forsøk; når det er lukket, hvorfor"
    )
    slettet: bool = felt(Boolsk(), "Om siste hendelse sa at oppgjøret er slettet")
    ny_identitet: bool = felt(Boolsk(), "Om en hendelse sa at personen har fått nytt nummer")
    opprettet: str = felt(Tidspunkt(), "Når det først ble bestilt")
    endret: str = felt(Tidspunkt(), "Når det sist skjedde noe")


@dataclass(frozen=True, slots=True)
class Arbeidsvalg:
    """Which work that has stopped: one piece, or everything."""

    person_id: str | None = felt(Kanskje(PersonId()), "Personen; utelatt betyr alt som har stoppet", None)
    liste: Liste | None = felt(Kanskje(Valgt(Liste)), "Hendelseslisten, sammen med personId", None)
    aar: int | None = felt(Kanskje(_AAR), "Inntektsåret, sammen med personId", None)


@dataclass(frozen=True, slots=True)
class Arbeidslukking(Arbeidsvalg):
    """Work to be closed."""

    begrunnelse: str = felt(Fritekst(200), "Hvorfor det ikke skal gjøres")


@dataclass(frozen=True, slots=True)
class Arbeidssvar:
    """How much was done."""

    antall: int = felt(Heltall(0, 10**9), "Hvor mye det gjaldt")


def _hele_noekkelen(deler: Deler, sti: str, feil: list[Feil]) -> None:
    gitt = [deler[navn] for navn in ("person_id", "liste", "aar")]
    if UGYLDIG not in gitt and any(del_ is None for del_ in gitt) and any(del_ is not None for del_ in gitt):
        feil.append(
            Feil(
                f"{sti}/personId",
                "ufullstendig",
                "Oppgi personId, liste og aar for ett arbeid, eller utelat alle tre for alt som har stoppet.",
            )
        )


ARBEIDSVALG = Objekt(Arbeidsvalg, _hele_noekkelen)
ARBEIDSLUKKING = Objekt(Arbeidslukking, _hele_noekkelen)


async def les_arbeid(
    lager: Lager, kall: Kall, tilstand: Arbeidstilstand, etter: Arbeidsnoekkel | None, antall: int
) -> Sequence[Arbeid]:
    """Work that stands so; one more than asked for shows that there is more."""
    funnet = await lager.arbeid.i_tilstand(tilstand, etter, antall + 1)
    await lager.revisjon.noter(
        kall.naa, kall.rad(Handling.ARBEID_LEST, formaal=_FORMAAL, antall={"treff": len(funnet)})
    )
    return funnet


async def les_stanset(lager: Lager, kall: Kall, timer: int, antall: int) -> Sequence[Arbeid]:
    """Work that waits, and has been due for so many hours: something is wrong with the service, not with the work."""
    funnet = await lager.arbeid.forfalt(kall.naa - timedelta(hours=timer), antall)
    await lager.revisjon.noter(
        kall.naa, kall.rad(Handling.ARBEID_LEST, formaal=_FORMAAL, antall={"treff": len(funnet)})
    )
    return funnet


async def gjenta(lager: Lager, kall: Kall, valg: Arbeidsvalg) -> int:
    """Let work that has stopped be tried again; how much.

    Raises:
        FinnesIkkeError: the kommune has no such work.
        KonfliktError: it has not stopped.
    """
    rader = await _stoppet(lager, valg)
    for rad in rader:
        await lager.arbeid.gjenta(rad.noekkel, kall.naa)
    await _noter(lager, kall, rader, "gjentatt")
    return len(rader)


async def lukk(lager: Lager, kall: Kall, valg: Arbeidslukking) -> int:
    """Let work that has stopped be; how much.

    Raises:
        FinnesIkkeError: the kommune has no such work.
        KonfliktError: it has not stopped.
    """
    rader = await _stoppet(lager, valg)
    for rad in rader:
        await lager.arbeid.lukk(rad, valg.begrunnelse, kall.naa)
    await _noter(lager, kall, rader, "lukket")
    return len(rader)


async def _stoppet(lager: Lager, valg: Arbeidsvalg) -> list[Arbeid]:
    if valg.person_id is None or valg.liste is None or valg.aar is None:
        noekler = [rad.noekkel for rad in await lager.arbeid.i_tilstand(Arbeidstilstand.DOED)]
        holdt = [await lager.arbeid.laas(noekkel) for noekkel in noekler]
        return [rad for rad in holdt if rad is not None and rad.tilstand is Arbeidstilstand.DOED]
    en = await lager.arbeid.laas(Arbeidsnoekkel(UUID(valg.person_id), valg.liste, valg.aar))
    if en is None:
        raise FinnesIkkeError("arbeidet")
    if en.tilstand is not Arbeidstilstand.DOED:
        raise KonfliktError(
            Konflikt.ARBEID_IKKE_STOPPET,
            "Arbeidet har ikke stoppet, så det er ingenting å gjøre med det. Det prøves av seg selv.",
        )
    return [en]


async def _noter(lager: Lager, kall: Kall, rader: Sequence[Arbeid], hva: str) -> None:
    personer = await lager.personer.mange({rad.noekkel.person_id for rad in rader})
    await lager.revisjon.noter(
        kall.naa,
        *(
            kall.rad(
                Handling.ARBEID_ENDRET,
                ident=personer[rad.noekkel.person_id].ident,
                formaal=_FORMAAL,
                aar=[rad.noekkel.aar],
                data=[rad.noekkel.liste],
                antall={hva: 1},
            )
            for rad in rader
        ),
    )


def arbeid_ut(rad: Arbeid) -> ArbeidUt:
    """One piece of work as a client sees it."""
    return ArbeidUt(
        person_id=str(rad.noekkel.person_id),
        liste=rad.noekkel.liste,
        aar=rad.noekkel.aar,
        tilstand=rad.tilstand,
        grunn=rad.grunn,
        forsoek=rad.forsoek,
        neste_forsoek=tidspunkt(rad.neste_forsoek),
        feil=rad.feil,
        slettet=rad.slettet,
        ny_identitet=rad.ny_identitet,
        opprettet=tidspunkt(rad.opprettet),
        endret=tidspunkt(rad.endret),
    )
