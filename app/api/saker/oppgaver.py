"""Tasks, and work that has stopped, over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.eksempler_saker import ARBEIDSVALG_EKSEMPLER, LUKK_ARBEID_EKSEMPLER, LUKK_OPPGAVE_EKSEMPLER
from app.api.saker.felles import Les, Skriv, beskriv
from app.api.sider import STANDARD, STOERST, Antall, Peker, les_deler, skriv_deler, ugyldig_peker
from app.api.svar import Svar, etag, krev_if_match, ok
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.kontrakt.lesing import Kanskje, Liste, Objekt, Tekst, felt
from app.db.arkiv import Lager
from app.db.lager.arbeid import Arbeid, Arbeidsnoekkel, Arbeidstilstand
from app.db.lager.arbeid import Liste as Hendelsesliste
from app.db.lager.oppgaver import Oppgave, Oppgavefilter, Oppgavetilstand
from app.services.oppfoelging.stoppet import (
    ARBEIDSLUKKING,
    ARBEIDSVALG,
    Arbeidssvar,
    ArbeidUt,
    arbeid_ut,
    gjenta,
    les_arbeid,
    lukk,
)
from app.services.oppgaver import LUKKING, OppgaveUt, les_oppgave, les_oppgaver, lukk_oppgave, oppgavetekst
from app.services.sak.ut import medlem, slaa_sammen

router = APIRouter(prefix="/api/v1", tags=["oppgaver"])

OppgaveId = Annotated[UUID, Path(alias="oppgaveId", description="Oppgavens id")]
_LISTER = {liste.value[0]: liste for liste in Hendelsesliste}
"""By their first letter, in a pointer."""


@dataclass(frozen=True, slots=True)
class Oppgaveside:
    """A page of tasks."""

    elementer: tuple[OppgaveUt, ...] = felt(
        Liste(Objekt(OppgaveUt), STOERST), "Oppgavene, de som haster mest først"
    )
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@dataclass(frozen=True, slots=True)
class Arbeidsside:
    """A page of work."""

    elementer: tuple[ArbeidUt, ...] = felt(Liste(Objekt(ArbeidUt), STOERST), "Arbeidet")
    neste: str | None = felt(Kanskje(Tekst(60)), "Send denne i peker for neste side; null på den siste")


@router.get(
    "/oppgaver",
    operation_id="oppgaver",
    summary="List oppgavene",
    description="Det tjenesten har funnet av seg selv og en saksbehandler må avgjøre.",
    openapi_extra=beskriv(Objekt(Oppgaveside)),
)
async def oppgaver(
    k: Les,
    tilstand: Annotated[
        Oppgavetilstand | None, Query(description="Bare oppgaver i denne tilstanden; utelatt betyr alle")
    ] = None,
    slag: Annotated[str | None, Query(max_length=40, description="Bare oppgaver av dette slaget")] = None,
    sak_id: Annotated[UUID | None, Query(alias="sakId", description="Bare oppgaver i denne saken")] = None,
    antall: Antall = STANDARD,
    peker: Peker = None,
) -> Response:
    """Tasks in the order they should be taken."""
    filter_ = Oppgavefilter(tilstand=tilstand, slag=slag, sak_id=sak_id)
    etter = _les_oppgavepeker(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_oppgaver(lager, k.kall, filter_, etter, antall)
        vist = funnet[:antall]
        neste = _oppgavepeker(vist[-1]) if len(funnet) > antall else None
        elementer = ",".join(oppgavetekst(en).strip() for en in vist)
        return Svar(200, slaa_sammen(medlem("elementer", f"[{elementer}]"), skriv_json({"neste": neste})))

    return await k.skriv(arbeid)


def _oppgavepeker(oppgave: Oppgave) -> str:
    return skriv_deler(oppgave.hast, oppgave.id.hex)


def _les_oppgavepeker(peker: str | None) -> tuple[int, UUID] | None:
    deler = les_deler(peker, 2)
    if deler is None:
        return None
    try:
        return int(deler[0]), UUID(deler[1])
    except ValueError:
        raise ugyldig_peker() from None


def _oppgave(oppgave: Oppgave) -> Svar:
    return Svar(200, oppgavetekst(oppgave), etag(oppgave.versjon))


@router.get(
    "/oppgaver/{oppgaveId}",
    operation_id="oppgave",
    summary="Hent en oppgave",
    openapi_extra=beskriv(Objekt(OppgaveUt), etag=True),
)
async def oppgave(k: Les, oppgave_id: OppgaveId) -> Response:
    """One task."""

    async def arbeid(lager: Lager) -> Svar:
        return _oppgave(await les_oppgave(lager, k.kall, oppgave_id))

    return await k.skriv(arbeid)


@router.post(
    "/oppgaver/{oppgaveId}/lukk",
    operation_id="lukk_oppgave",
    summary="Lukk en oppgave",
    description="Med grunnen til at det ikke skal gjøres noe mer. Fattes vedtaket eller gjøres året opp, lukkes oppgaven "
    "av seg selv.",
    openapi_extra=beskriv(
        Objekt(OppgaveUt), inn=LUKKING, eksempler=LUKK_OPPGAVE_EKSEMPLER, if_match=True, feil=(409,)
    ),
)
async def lukk_en_oppgave(k: Skriv, oppgave_id: OppgaveId) -> Response:
    """Close a task."""
    versjon = krev_if_match(k.request)
    lukking = await k.kropp(LUKKING)

    async def arbeid(lager: Lager) -> Svar:
        return _oppgave(await lukk_oppgave(lager, k.kall, oppgave_id, versjon, lukking.begrunnelse))

    return await k.skriv(arbeid)


@router.get(
    "/arbeid",
    operation_id="arbeid",
    summary="List arbeid etter hendelser",
    description="Med DOED: det som er prøvd så mange ganger som det har hensikt, og som noen må se på.",
    openapi_extra=beskriv(Objekt(Arbeidsside)),
)
async def arbeidet(
    k: Les,
    tilstand: Annotated[
        Arbeidstilstand, Query(description="Bare arbeid i denne tilstanden")
    ] = Arbeidstilstand.DOED,
    antall: Antall = STANDARD,
    peker: Peker = None,
) -> Response:
    """Work, page by page."""
    etter = _les_arbeidspeker(peker)

    async def arbeid(lager: Lager) -> Svar:
        funnet = await les_arbeid(lager, k.kall, tilstand, etter, antall)
        vist = funnet[:antall]
        neste = _arbeidspeker(vist[-1]) if len(funnet) > antall else None
        return ok({"elementer": [arbeid_ut(rad) for rad in vist], "neste": neste})

    return await k.skriv(arbeid)


def _arbeidspeker(rad: Arbeid) -> str:
    return skriv_deler(rad.noekkel.person_id.hex, rad.noekkel.liste[0], rad.noekkel.aar)


def _les_arbeidspeker(peker: str | None) -> Arbeidsnoekkel | None:
    deler = les_deler(peker, 3)
    if deler is None:
        return None
    try:
        return Arbeidsnoekkel(UUID(deler[0]), _LISTER[deler[1]], int(deler[2]))
    except (ValueError, KeyError):
        raise ugyldig_peker() from None


@router.post(
    "/arbeid/gjenta",
    operation_id="gjenta_arbeid",
    summary="Prøv arbeid som har stoppet, om igjen",
    openapi_extra=beskriv(
        Objekt(Arbeidssvar), inn=ARBEIDSVALG, eksempler=ARBEIDSVALG_EKSEMPLER, feil=(404, 409)
    ),
)
async def gjenta_arbeid(k: Skriv) -> Response:
    """Try again."""
    valg = await k.kropp(ARBEIDSVALG)

    async def arbeid(lager: Lager) -> Svar:
        return ok(Arbeidssvar(antall=await gjenta(lager, k.kall, valg)))

    return await k.skriv(arbeid)


@router.post(
    "/arbeid/lukk",
    operation_id="lukk_arbeid",
    summary="Lukk arbeid som har stoppet",
    description="Det prøves ikke igjen før det kommer en ny hendelse.",
    openapi_extra=beskriv(
        Objekt(Arbeidssvar), inn=ARBEIDSLUKKING, eksempler=LUKK_ARBEID_EKSEMPLER, feil=(404, 409)
    ),
)
async def lukk_arbeid(k: Skriv) -> Response:
    """Close it."""
    valg = await k.kropp(ARBEIDSLUKKING)

    async def arbeid(lager: Lager) -> Svar:
        return ok(Arbeidssvar(antall=await lukk(lager, k.kall, valg)))

    return await k.skriv(arbeid)
