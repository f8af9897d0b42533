"""One of everything in a kommune of its own, so that cases share a database without meeting."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import tabeller
from app.db.arkiv import Arkiv, Lager
from app.db.ident import ny_id
from app.db.kryptering import Noekkelring
from app.db.lager.beregninger import Beregning, Tilstand, Versjoner
from app.db.lager.brev import LagretBrev
from app.db.lager.brukere import Bruker
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.faktura import Fakturakjoering, Fakturalinje, Linjeslag
from app.db.lager.grunnlag import FUNNET, Grunnlag
from app.db.lager.idempotens import LagretSvar
from app.db.lager.kommuner import Oppsettversjon
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.db.lager.oppgaver import Oppgave, Oppgavetilstand
from app.db.lager.personer import Person
from app.db.lager.revisjon import NyRad
from app.db.lager.saker import Sak, Status
from app.db.lager.sesjoner import Sesjonsrad
from app.db.lager.vedtak import Avgjoerelse, Avgjort, Vedtak, Vedtaksart
from app.db.leie import Leie
from app.db.listepekere import Listepekere
from app.db.motor import Database
from app.db.tabeller import metadata
from tests.baser import RING, ny_database

NAA: Final = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
SENERE: Final = NAA + timedelta(days=1)
AV: Final = "bruker:en-saksbehandler"
KLIENT: Final = "maskin:epj"
SVAR: Final = '{"æøå":"  som det sto  "}'
VERSJONER: Final = Versjoner("1.0.0", "s" * 64, "k" * 64, "0.1.0")

_NUMRE: Final = count(310_000_000)
T = TypeVar("T")


def nytt_orgnr() -> str:
    """A kommune nobody has used."""
    return str(next(_NUMRE))


def ny_ident() -> str:
    """A synthetic national id; only its form matters here."""
    return f"0181{next(_NUMRE) % 10_000_000:07d}"


@cache
def felles(motor: str) -> str:
    """The database the cases share."""
    return ny_database(motor)


def kjoer(adresse: str, oppgave: Callable[[Arkiv], Awaitable[T]], ring: Noekkelring = RING) -> T:
    """Do something with a database, in an event loop of its own."""

    async def alt() -> T:
        arkiv = Arkiv(Database(adresse), ring)
        try:
            return await oppgave(arkiv)
        finally:
            await arkiv.database.lukk()

    return asyncio.run(alt())


@dataclass(frozen=True, kw_only=True)
class Verden:
    """What a kommune has."""

    kommune: str
    oppsett: Oppsettversjon
    person: Person
    ektefelle: Person
    sak: Sak
    grunnlag: Grunnlag
    post: ManuellPost
    beregning: Beregning
    vedtak: Vedtak
    venter: Vedtak
    fakturalinje: Fakturalinje
    etteroppgjoer: Etteroppgjoer
    brev: LagretBrev
    svar: LagretSvar
    oppgave: Oppgave
    bruker: Bruker
    sesjon: Sesjonsrad
    kjoering_id: UUID = field(default_factory=lambda: ny_id(NAA))
    webhook: UUID
    avstemming_id: UUID = field(default_factory=lambda: ny_id(NAA))


async def fyll(arkiv: Arkiv, kommune: str | None = None) -> Verden:
    """Put one of everything in a kommune."""
    kommune = kommune or nytt_orgnr()
    async with arkiv.skriv(kommune) as lager:
        verden = await _fyll(lager, kommune)
    async with arkiv.database.skriv() as forbindelse:
        await _fyll_hendelser(Leie(forbindelse, kommune, arkiv.ring), verden)
    return verden


async def _fyll_hendelser(leie: Leie, v: Verden) -> None:
    """One row of everything that events lead to."""
    person, sak, tid = {"person_id": v.person.id}, {"sak_id": v.sak.id}, {"opprettet": NAA, "endret": NAA}
    venter = {"tilstand": "VENTER", "forsoek": 0, "neste_forsoek": NAA}
    innhold = {"innhold": SVAR, "av": AV, "opprettet": NAA}
    webhook_id, kjoering_id = v.webhook, v.kjoering_id
    lukket = leie.krypter(SVAR.encode(), tabeller.webhook, "hemmelighet", webhook_id)
    rader: list[tuple[Table, dict[str, Any]]] = [
        (
            tabeller.hendelse,
            {
                "liste": "SKATTEOPPGJOER",
                "sekvensnummer": 1,
                **person,
                "periode": "2025",
                "type": "ny",
                "mottatt": NAA,
            },
        ),
        (
            tabeller.arbeid,
            {
                **person,
                "liste": "SKATTEOPPGJOER",
                "aar": 2025,
                "bestilt": 1,
                "gjort": 0,
                "grunn": "HENDELSE",
                "slettet": False,
                "ny_identitet": False,
                **venter,
                **tid,
            },
        ),
        (tabeller.endring, {"sekvensnummer": 1, "type": "beregning.ny", **sak, "tidspunkt": NAA}),
        (tabeller.endring_hode, {"sekvensnummer": 1}),
        (
            tabeller.webhook,
            {
                "id": webhook_id,
                "url": "https://epj.example/krok",
                "typer": "",
                "hemmelighet": lukket,
                "tilstand": "AKTIV",
                "versjon": 1,
                "av": AV,
                **tid,
            },
        ),
        (tabeller.webhooklevering, {"webhook_id": webhook_id, "sekvensnummer": 1, **venter, **tid}),
        (
            tabeller.avstemming,
            {"id": v.avstemming_id, "fra": NAA, "til": NAA, "utfall": "OK", "signatur": "x", **innhold},
        ),
        (
            tabeller.massekjoering,
            {
                "id": kjoering_id,
                "slag": "NYTT_AAR",
                "aar": 2027,
                "virkning_fra": date(2027, 1, 1),
                "tilstand": "TOERRKJOERES",
                **innhold,
            },
        ),
        (tabeller.masserad, {"kjoering_id": kjoering_id, **sak, "utfall": "ENDRET"}),
    ]
    for tabell, rad in rader:
        await leie.sett_inn(tabell, rad)


async def _fyll(lager: Lager, kommune: str) -> Verden:
    await lager.kommuner.opprett("Fjordvik", NAA)
    oppsett = await lager.kommuner.nytt_oppsett(SVAR, AV, NAA, 0)
    person = await lager.personer.ta_inn(ny_ident(), "Oppdiktet Navn", NAA)
    ektefelle = await lager.personer.ta_inn(ny_ident(), None, NAA)
    sak = Sak(ny_id(NAA), "LANGTIDSOPPHOLD", person.id, "epj-1", Status.AAPEN, 1, NAA, NAA)
    await lager.saker.ny(sak, SVAR, {person.id, ektefelle.id}, AV)
    grunnlag = Grunnlag(
        id=ny_id(NAA),
        person_id=person.id,
        sak_id=sak.id,
        aar=2025,
        tjeneste="langtidsopphold",
        api="skattegrunnlag",
        utfall=FUNNET,
        raasvar=SVAR.encode() * 50,
        innhold_hash="c" * 64,
        ajourholdt=NAA,
        skatteoppgjoersdato=date(2026, 6, 1),
        korrelasjonsid="k-1",
        hentet=NAA,
        hentet_av=AV,
    )
    mangel = replace(
        grunnlag,
        id=ny_id(NAA),
        api="beregnet-skatt",
        utfall="SKJERMET",
        mangel=SVAR,
        raasvar=None,
        innhold_hash=None,
    )
    await lager.grunnlag.ny(grunnlag, mangel)
    post = ManuellPost(
        id=ny_id(NAA),
        sak_id=sak.id,
        person_id=person.id,
        aar=2025,
        slag=Slag.BELOEP,
        innhold=SVAR,
        begrunnelse="Opplyst på telefon",
        vedlegg="arkiv/1",
        av=AV,
        opprettet=NAA,
    )
    await lager.manuelle_poster.ny(post)
    beregning = ny_beregning(sak.id, grunnlag.id, mangel.id)
    await lager.beregninger.ny(beregning)
    ja = Avgjoerelse(utfall=Avgjort.GODKJENT, begrunnelse="Sett på", av="bruker:b", opprettet=NAA)
    vedtak = replace(ny_vedtak(sak.id, beregning.id), til_godkjenning=True, avgjoerelse=ja)
    venter = replace(ny_vedtak(sak.id, beregning.id, fra=date(2027, 1, 1)), til_godkjenning=True)
    for ett in (vedtak, venter):
        await lager.vedtak.ny(ett)
    kjoering = Fakturakjoering(
        nr=1, maaned="2026-01", antall=1, sum_oere=100, uavklarte="[]", av=AV, opprettet=NAA
    )
    linje = Fakturalinje(
        id=ny_id(NAA),
        kjoering=1,
        sak_id=sak.id,
        slag=Linjeslag.EGENANDEL,
        periode="2026-01",
        nr=0,
        beloep_oere=100,
        vedtak_id=vedtak.id,
        etteroppgjoer_id=None,
        opprettet=NAA,
    )
    await lager.faktura.ny(kjoering, [linje])
    oppgjoer = nytt_etteroppgjoer(sak.id, beregning.id)
    await lager.etteroppgjoer.ny(oppgjoer)
    brev = nytt_brev(sak.id, vedtak_id=vedtak.id)
    await lager.brev.ny(brev)
    svar = LagretSvar(
        noekkel="n-1",
        rute="POST /api/v1/saker",
        kropp_hash="b" * 64,
        status=201,
        hoder='{"etag":"1"}',
        svar=SVAR.encode(),
        opprettet=NAA,
    )
    await lager.idempotens.lagre(KLIENT, svar)
    oppgave = Oppgave(
        id=ny_id(NAA),
        sak_id=sak.id,
        slag="NY_SKATT",
        aar=2025,
        tilstand=Oppgavetilstand.AAPEN,
        hast=1,
        frist=None,
        innhold=SVAR,
        versjon=1,
        opprettet=NAA,
        endret=NAA,
    )
    await lager.oppgaver.ny(oppgave)
    await lager.revisjon.noter(NAA, ny_rad(person.ident, sak.id))
    bruker, sesjon = ny_bruker(), ny_sesjon(kommune)
    await lager.brukere.ta_inn(bruker, person.ident)
    await lager.sesjoner.ny(sesjon)
    return Verden(
        kommune=kommune,
        oppsett=oppsett,
        person=person,
        ektefelle=ektefelle,
        sak=sak,
        grunnlag=grunnlag,
        post=post,
        beregning=beregning,
        vedtak=vedtak,
        venter=venter,
        fakturalinje=linje,
        etteroppgjoer=oppgjoer,
        brev=brev,
        svar=svar,
        oppgave=oppgave,
        bruker=bruker,
        sesjon=sesjon,
        webhook=ny_id(NAA),
    )


def ny_bruker() -> Bruker:
    """Somebody who has logged in."""
    return Bruker(
        id="en-bruker", navn="Bruker Brukersen", rolle="BEREGNER", tilbyder="proeve", sist_innlogget=NAA
    )


def ny_sesjon(kommune: str, *, brukt: datetime = NAA, utloeper: datetime = SENERE) -> Sesjonsrad:
    """Somebody who is logged in."""
    return Sesjonsrad(
        kommune=kommune,
        noekkel_hash=os.urandom(32),
        sid_hash=os.urandom(32),
        bruker="en-bruker",
        rolle="BEREGNER",
        eid_nivaa="idporten-loa-high",
        tilbyder="proeve",
        innhold=SVAR.encode(),
        opprettet=NAA,
        sist_brukt=brukt,
        utloeper=utloeper,
    )


def ny_beregning(sak_id: UUID, *grunnlag: UUID, naa: datetime = NAA, aar: int = 2026) -> Beregning:
    """A calculation that came to an amount."""
    return Beregning(
        id=ny_id(naa),
        sak_id=sak_id,
        sak_versjon=1,
        oppsett_versjon=1,
        aar=aar,
        virkning_fra=date(aar, 1, 1),
        tilstand=Tilstand.BEREGNET,
        foreloepig=True,
        svar=SVAR,
        inn=SVAR,
        kilder="{}",
        resultat=SVAR * 100,
        resultat_hash="d" * 64,
        egenandel_aar_oere=25_560_000,
        versjoner=VERSJONER,
        av=AV,
        opprettet=naa,
        grunnlag=tuple(sorted(grunnlag)),
    )


def ny_vedtak(
    sak_id: UUID, beregning_id: UUID, erstatter: UUID | None = None, fra: date = date(2026, 1, 1)
) -> Vedtak:
    """A preliminary decision."""
    return Vedtak(
        id=ny_id(NAA),
        sak_id=sak_id,
        beregning_id=beregning_id,
        art=Vedtaksart.FORELOEPIG,
        fra=fra,
        til=None,
        erstatter=erstatter,
        begrunnelse="Etter forskriften",
        av=AV,
        opprettet=NAA,
    )


def nytt_brev(sak_id: UUID, spraak: str = "nb", **om: UUID) -> LagretBrev:
    """A letter of a decision or a settlement."""
    return LagretBrev(
        id=ny_id(NAA),
        sak_id=sak_id,
        spraak=spraak,
        malversjon="1",
        pdf=b"%PDF-1.7 " + SVAR.encode(),
        sha256="e" * 64,
        av=AV,
        opprettet=NAA,
        **om,
    )


def nytt_etteroppgjoer(sak_id: UUID, beregning_id: UUID) -> Etteroppgjoer:
    """A year settled."""
    return Etteroppgjoer(
        id=ny_id(NAA),
        sak_id=sak_id,
        aar=2026,
        endelig_id=beregning_id,
        inn=SVAR,
        kilder="{}",
        resultat=SVAR,
        resultat_hash="e" * 64,
        sum_oere=-120_050,
        retning="TILBAKEBETALING",
        versjoner=VERSJONER,
        av=AV,
        opprettet=NAA,
    )


def ny_rad(ident: str | None = None, sak_id: UUID | None = None, handling: str = "SAK_LEST") -> NyRad:
    """Something to note."""
    return NyRad(
        handling=handling,
        utfall="UTFOERT",
        innhold={"av": AV, "aar": [2024, 2025], "formaal": "ø"},
        ident=ident,
        sak_id=sak_id,
    )


class _AngreError(Exception):
    """Leaves the database as it was."""


@asynccontextmanager
async def angret(database: Database) -> AsyncGenerator[AsyncConnection]:
    """A transaction that is undone when the block ends."""
    with suppress(_AngreError):
        async with database.skriv() as forbindelse:
            yield forbindelse
            raise _AngreError


def lager_i(forbindelse: AsyncConnection, kommune: str) -> Lager:
    """The repositories of a kommune in a transaction somebody else opened."""
    return Lager(Leie(forbindelse, kommune, RING), Listepekere(forbindelse))


async def avbilde(forbindelse: AsyncConnection, kommune: str) -> dict[str, list[Any]]:
    """Every row a kommune has, as it stands."""
    return {
        tabell.name: sorted(
            map(repr, await forbindelse.execute(select(tabell).where(tabell.c.kommune == kommune)))
        )
        for tabell in metadata.sorted_tables
        if "kommune" in tabell.c
    }


async def sql(database: Database, setning: str, **verdier: Any) -> int:
    """A statement past the repositories; how many rows it met."""
    async with database.skriv() as forbindelse:
        return (await forbindelse.execute(text(setning), verdier)).rowcount
