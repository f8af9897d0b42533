"""A database with persons that are followed, and a list to follow them in."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final
from uuid import UUID

import httpx2
from sqlalchemy import insert, select

from app.db.arkiv import Arkiv
from app.db.hendelsesmottak import Hendelsesmottak
from app.db.ident import ny_id
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap, Mandat
from app.db.tabeller import (
    arbeid,
    hendelse,
    hendelsesliste,
    kommune,
    person,
    sak,
    sak_person,
    uleselig_hendelse,
)
from app.events.mottak import Mottak
from app.services.hendelser.lister import MANDAT
from app.services.oppsett import Apioppsett
from app.services.oppslag import Oppslag
from app.settings.hendelser import Hendelser
from app.settings.skatteetaten import ApiNavn, ApiValg, Skatteetaten
from app.settings.skatteetaten import Kommune as Kommunevalg
from app.skatt_client import Http, KeyRing, MaskinportenOppsett, SkattKlient, TokenSource
from tests.db.verden import NAA
from tests.events.liste import Fasit
from tests.skatt_client.falske import (
    API,
    ISSUER,
    KLIENT_ID,
    App,
    FakeClock,
    FalskMaskinporten,
    Receive,
    Scope,
    Send,
    Svar,
    noekkel,
)

FJORDVIK: Final = "310000000"
SKOGLI: Final = "310000123"
LISTE: Final = Liste.SKATTEOPPGJOER
LENGE: Final = 600.0
_BOLK: Final = 5_000

__all__ = ["FJORDVIK", "LISTE", "SKOGLI", "Svar"]


async def foelg(
    arkiv: Arkiv,
    foelges: Mapping[str, Iterable[str]],
    *,
    status: str = "AAPEN",
    avsluttet: date | None = None,
) -> None:
    """Give each person a case in the kommune."""
    async with arkiv.database.skriv() as forbindelse:
        finnes = set((await forbindelse.execute(select(kommune.c.kommune))).scalars())
        for orgnr, identer in foelges.items():
            if orgnr not in finnes:
                await forbindelse.execute(
                    insert(kommune), {"kommune": orgnr, "navn": orgnr, "opprettet": NAA}
                )
            alle = list(identer)
            for fra in range(0, len(alle), _BOLK):
                rader = [(ny_id(NAA), ny_id(NAA), ident) for ident in alle[fra : fra + _BOLK]]
                await forbindelse.execute(insert(person), [_person(arkiv, orgnr, *rad) for rad in rader])
                await forbindelse.execute(
                    insert(sak), [_sak(orgnr, *rad[:2], status, avsluttet) for rad in rader]
                )
                await forbindelse.execute(
                    insert(sak_person),
                    [{"kommune": orgnr, "sak_id": s, "person_id": p} for p, s, _ in rader],
                )


def _person(arkiv: Arkiv, orgnr: str, person_id: UUID, _: UUID, ident: str) -> dict[str, Any]:
    return {
        "kommune": orgnr,
        "id": person_id,
        "ident_hash": arkiv.ring.personhash(ident),
        "ident_kryptert": b"",
        "opprettet": NAA,
    }


def _sak(orgnr: str, person_id: UUID, sak_id: UUID, status: str, avsluttet: date | None) -> dict[str, Any]:
    return {
        "kommune": orgnr,
        "id": sak_id,
        "tjeneste": "LANGTIDSOPPHOLD",
        "person_id": person_id,
        "status": status,
        "versjon": 1,
        "opprettet": NAA,
        "endret": NAA,
        "avsluttet_dato": avsluttet,
    }


@asynccontextmanager
async def koblet(
    tjener: App, kommuner: Sequence[str] = (FJORDVIK,), *, inntekt: bool = False
) -> AsyncIterator[tuple[Oppslag, FakeClock]]:
    """The way to a list, for these kommuner; waiting takes no time."""
    clock = FakeClock()
    maskinporten = FalskMaskinporten(clock)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        til: App = maskinporten if scope["server"][0] == "maskinporten.falsk" else tjener
        await til(scope, receive, send)

    http = Http(transport=httpx2.ASGITransport(app))
    oppsett = MaskinportenOppsett(miljoe="falsk", issuer=ISSUER, client_id=KLIENT_ID)
    tokens = TokenSource(oppsett, KeyRing(noekkel()), http, clock=clock, jitter=lambda: 0.0)
    klient = SkattKlient(http, tokens, clock=clock, jitter=lambda: 0.0)
    lister = {ApiNavn.SKATTEOPPGJOER_HENDELSER} | ({ApiNavn.INNTEKT_HENDELSER} if inntekt else set())
    valg = Skatteetaten(
        apier={navn: ApiValg(base_url=API) for navn in lister},
        kommuner={orgnr: Kommunevalg(navn=f"Kommune {orgnr}", paa=frozenset(lister)) for orgnr in kommuner},
    )
    try:
        yield Oppslag(klient, Apioppsett(valg, "falsk")), clock
    finally:
        await tokens.aclose()
        await http.aclose()


async def mandatet(arkiv: Arkiv, liste: Liste = LISTE) -> Mandat:
    """The right to read a list."""
    mandat = await Lederskap(arkiv.database, LENGE).ta(MANDAT[liste])
    assert mandat is not None
    return mandat


@asynccontextmanager
async def holder(arkiv: Arkiv, liste: Liste = LISTE) -> AsyncIterator[Mandat]:
    """The right to read a list, given back afterwards."""
    mandat = await mandatet(arkiv, liste)
    try:
        yield mandat
    finally:
        await Lederskap(arkiv.database, LENGE).slipp(mandat)


def mottak(arkiv: Arkiv, oppslag: Oppslag, clock: FakeClock, liste: Liste = LISTE, **valg: Any) -> Mottak:
    """One list as one process follows it."""
    return Mottak(liste, arkiv, oppslag, Hendelser(fra_dato=date(2026, 1, 1), **valg), clock)


async def stand(arkiv: Arkiv, identer: Iterable[str]) -> Fasit:
    """What is in the database, in the same words as ``fasit``."""
    ident = {arkiv.ring.personhash(en): en for en in identer}
    async with arkiv.database.les() as forbindelse:
        personer = {
            (rad.kommune, rad.id): ident[rad.ident_hash]
            for rad in await forbindelse.execute(select(person))
            if rad.ident_hash in ident
        }
        hendelser = {
            (rad.kommune, rad.sekvensnummer, personer[rad.kommune, rad.person_id])
            for rad in await forbindelse.execute(select(hendelse))
        }
        arbeidet = {
            (rad.kommune, personer[rad.kommune, rad.person_id], rad.aar): (
                rad.bestilt,
                rad.slettet,
                rad.ny_identitet,
            )
            for rad in await forbindelse.execute(select(arbeid))
        }
        uleselige = set(
            (
                await forbindelse.execute(
                    select(uleselig_hendelse.c.sekvensnummer).where(uleselig_hendelse.c.tilstand == "AAPEN")
                )
            ).scalars()
        )
        neste = (await forbindelse.execute(select(hendelsesliste.c.neste))).scalar_one_or_none()
    return Fasit(hendelser, arbeidet, uleselige, neste or 1)


def hendelsesmottaket(arkiv: Arkiv) -> Hendelsesmottak:
    """Where it is kept."""
    return Hendelsesmottak(arkiv.database, arkiv.ring)
