"""A kommune with a couple: Oline in an institution, Peder at home; and what the service has noted about them.

Every amount of Peder's is a number found nowhere else, so that a leak can be searched for.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

from app.calc.kalkulator import Art, kalkuler
from app.db.arkiv import Arkiv, Lager
from app.db.ident import ny_id
from app.db.lager.beregninger import Beregning, Tilstand, Versjoner
from app.db.lager.brev import LagretBrev
from app.db.lager.etteroppgjoer import Etteroppgjoer
from app.db.lager.grunnlag import FUNNET, Grunnlag
from app.db.lager.idempotens import LagretSvar
from app.db.lager.manuelle_poster import ManuellPost, Slag
from app.db.lager.saker import Sak, Status
from app.db.lager.vedtak import Vedtak, Vedtaksart
from app.db.motor import Database
from app.sandbox.syntetisk import organisasjonsnummer, personidentifikator
from app.services.revisjon import Driftsaktoer, Handling, Utfall, ny_rad
from tests.baser import RING, ny_database

NAA: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
KOMMUNE: Final = organisasjonsnummer(31000000)
ANNEN_KOMMUNE: Final = organisasjonsnummer(31000100)
OLINE: Final = personidentifikator(date(1940, 3, 1), 0)
PEDER: Final = personidentifikator(date(1938, 5, 2), 10)
FREMMED: Final = personidentifikator(date(1950, 1, 1), 20)
NAVN: Final = {OLINE: "Oline Haugland", PEDER: "Peder Haugland"}
SAKSBEHANDLER: Final = Driftsaktoer("klient-1", type="MASKIN")
AV: Final = SAKSBEHANDLER.merke
VERSJONER: Final = Versjoner("r1", "s1", "k1", "kode1")

PEDERS_TALL: Final = (311_117, 71_113, 44_449)
"""What he would have had as a survivor, what he earns, and his pension."""
OLINES_PENSJON: Final = 350_003

T = TypeVar("T")


def i_databasen(motor: str, oppgave: Callable[[Arkiv], Awaitable[T]]) -> T:
    """Run a task on a new database with two kommuner."""
    adresse = ny_database(motor)

    async def alt() -> T:
        database = Database(adresse)
        arkiv = Arkiv(database, RING)
        try:
            for orgnr in (KOMMUNE, ANNEN_KOMMUNE):
                async with arkiv.skriv(orgnr) as lager:
                    await lager.kommuner.opprett("Prøvekommunen", NAA)
            return await oppgave(arkiv)
        finally:
            await database.lukk()

    return asyncio.run(alt())


@dataclass(frozen=True, slots=True)
class Parets:
    """What was made."""

    sak: UUID
    oline: UUID
    peder: UUID
    beregning: UUID
    vedtak: UUID
    etteroppgjoer: UUID


def langtid(aar: int = 2025, arbeid: int = PEDERS_TALL[1]) -> dict[str, Any]:
    """Oline's year, as the calculator is asked."""
    return {
        "aar": aar,
        "inntekter": {"pensjonFraFolketrygden": OLINES_PENSJON, "offentligTjenestepensjon": 90_001},
        "skatt": {"beregnetSkatt": 60_007},
        "forsoergede": [
            {
                "relasjon": "EKTEFELLE",
                "hjemmeboende": True,
                "tenktEtterlattepensjon": PEDERS_TALL[0],
                "arbeidsinntekt": arbeid,
                "pensjonFraFolketrygden": PEDERS_TALL[2],
            }
        ],
        "opphold": [{"art": "LANGTID", "fra": "2024-03-01"}],
    }


def tekst(verdi: Any) -> str:
    return json.dumps(verdi, ensure_ascii=False)


async def ta_inn_paret(lager: Lager, naa: datetime = NAA) -> Parets:
    """Oline's case with everything in it."""
    oline = (await lager.personer.ta_inn(OLINE, NAVN[OLINE], naa)).id
    peder = (await lager.personer.ta_inn(PEDER, NAVN[PEDER], naa)).id
    sak_id = await ny_sak(lager, oline, {peder: "EKTEFELLE"}, naa)
    grunnlag = [
        nytt_grunnlag(sak_id, hvem, naa, {"personidentifikator": ident, "merke": merke})
        for hvem, ident, merke in ((oline, OLINE, "svar-om-oline"), (peder, PEDER, "svar-om-peder"))
    ]
    await lager.grunnlag.ny(*grunnlag)
    await lager.manuelle_poster.ny(
        *(
            ManuellPost(
                id=ny_id(naa),
                sak_id=sak_id,
                person_id=hvem,
                aar=2025,
                slag=Slag.BELOEP,
                innhold=tekst({"post": f"post-{merke}"}),
                begrunnelse=f"grunn-{merke}",
                vedlegg=None,
                av=AV,
                opprettet=naa,
            )
            for hvem, merke in ((oline, "oline"), (peder, "peder"))
        )
    )
    svar = {
        "grunnlag": [
            {"personId": str(oline), "poster": ["linje-om-oline"]},
            {"personId": str(peder), "poster": ["linje-om-peder"]},
        ],
        "felles": "linje-om-begge",
    }
    beregning = await ny_beregning(lager, sak_id, naa, svar, tuple(ett.id for ett in grunnlag))
    vedtak = ny_id(naa)
    await lager.vedtak.ny(
        Vedtak(
            id=vedtak,
            sak_id=sak_id,
            beregning_id=beregning,
            art=Vedtaksart.FORELOEPIG,
            fra=date(2025, 1, 1),
            til=None,
            erstatter=None,
            begrunnelse="vedtak-om-oline",
            av=AV,
            opprettet=naa,
        )
    )
    oppgjoer = await nytt_etteroppgjoer(lager, sak_id, beregning, naa)
    for om in ({"vedtak_id": vedtak}, {"etteroppgjoer_id": oppgjoer}):
        await lager.brev.ny(
            LagretBrev(
                id=ny_id(naa),
                sak_id=sak_id,
                spraak="nb",
                malversjon="1",
                pdf=f"%PDF-1.7 brev-til-oline {NAVN[OLINE]}".encode(),
                sha256="e" * 64,
                av=AV,
                opprettet=naa,
                **om,
            )
        )
    await lager.revisjon.noter(
        naa,
        ny_rad(SAKSBEHANDLER, Handling.OPPSLAG, Utfall.OK, ident=OLINE, sak_id=sak_id, aar=[2025]),
        ny_rad(SAKSBEHANDLER, Handling.OPPSLAG, Utfall.OK, ident=PEDER, sak_id=sak_id, aar=[2025]),
        ny_rad(SAKSBEHANDLER, Handling.SAK_OPPRETTET, Utfall.OK, sak_id=sak_id),
    )
    await lagre_svar(lager, "om-saken", {"sakId": str(sak_id), "personidentifikator": OLINE})
    await lagre_svar(lager, "om-noe-annet", {"svar": 1})
    return Parets(sak_id, oline, peder, beregning, vedtak, oppgjoer)


async def ny_sak(
    lager: Lager,
    person: UUID,
    husstand: dict[UUID, str],
    naa: datetime = NAA,
    tjeneste: str = "LANGTIDSOPPHOLD",
) -> UUID:
    """A case with these others in it."""
    dokument = {
        "tjeneste": tjeneste,
        "person": {"personId": str(person)},
        "husstand": [
            {
                "relasjon": relasjon,
                "person": {"personId": str(hvem)},
                "tenktEtterlattepensjon": PEDERS_TALL[0],
            }
            for hvem, relasjon in husstand.items()
        ],
    }
    ny = Sak(ny_id(naa), tjeneste, person, None, Status.AAPEN, 1, naa, naa)
    await lager.saker.ny(ny, tekst(dokument), {person, *husstand}, AV)
    return ny.id


def nytt_grunnlag(
    sak_id: UUID, person: UUID, hentet: datetime, svar: Any = None, aar: int = 2024
) -> Grunnlag:
    raa = tekst(svar or {"inntektsaar": aar}).encode()
    return Grunnlag(
        id=ny_id(hentet),
        person_id=person,
        sak_id=sak_id,
        aar=aar,
        tjeneste="LANGTIDSOPPHOLD",
        api="SKATTEGRUNNLAG",
        utfall=FUNNET,
        raasvar=raa,
        innhold_hash=sha256(raa).hexdigest(),
        hentet=hentet,
        hentet_av=AV,
    )


async def ny_beregning(
    lager: Lager,
    sak_id: UUID,
    naa: datetime,
    svar: Any,
    grunnlag: tuple[UUID, ...],
    *,
    tilstand: Tilstand = Tilstand.BEREGNET,
    foreloepig: bool = True,
    aar: int = 2025,
) -> UUID:
    """A calculation of Oline's year."""
    inn = tekst(langtid(aar))
    resultat = kalkuler(Art.LANGTIDSOPPHOLD, inn) if tilstand is Tilstand.BEREGNET else None
    ny = Beregning(
        id=ny_id(naa),
        sak_id=sak_id,
        sak_versjon=1,
        oppsett_versjon=1,
        aar=aar,
        virkning_fra=date(aar, 1, 1),
        tilstand=tilstand,
        foreloepig=foreloepig,
        svar=tekst(svar),
        inn=None if resultat is None else inn,
        kilder=None if resultat is None else tekst(KILDER),
        resultat=resultat,
        resultat_hash=None if resultat is None else sha256(resultat.encode()).hexdigest(),
        versjoner=VERSJONER,
        av=AV,
        opprettet=naa,
        grunnlag=grunnlag,
    )
    await lager.beregninger.ny(ny)
    return ny.id


def _node(verdi: int, barn: list[Any] | None = None) -> dict[str, Any]:
    return {"id": "post", "type": "FAKTUM", "navn": "Post", "verdi": verdi, "barn": barn or []}


KILDER: Final = {
    "/inntekter/pensjonFraFolketrygden": _node(OLINES_PENSJON, [_node(OLINES_PENSJON)]),
    "/forsoergede/0/arbeidsinntekt": _node(PEDERS_TALL[1], [_node(PEDERS_TALL[1])]),
}


async def nytt_etteroppgjoer(
    lager: Lager, sak_id: UUID, endelig: UUID, naa: datetime = NAA, aar: int = 2025
) -> UUID:
    inn = tekst({"endelig": langtid(aar), "foreloepig": langtid(aar, arbeid=PEDERS_TALL[1] + 60_000)})
    resultat = kalkuler(Art.ETTEROPPGJOER, inn)
    ny = Etteroppgjoer(
        id=ny_id(naa),
        sak_id=sak_id,
        aar=aar,
        endelig_id=endelig,
        inn=inn,
        kilder=tekst({f"/endelig{peker}": node for peker, node in KILDER.items()}),
        resultat=resultat,
        resultat_hash=sha256(resultat.encode()).hexdigest(),
        sum_oere=0,
        retning="INGEN",
        versjoner=VERSJONER,
        av=AV,
        opprettet=naa,
    )
    await lager.etteroppgjoer.ny(ny)
    return ny.id


async def lagre_svar(lager: Lager, noekkel: str, kropp: Any, naa: datetime = NAA) -> None:
    await lager.idempotens.lagre(
        "klient-1",
        LagretSvar(
            noekkel=noekkel,
            rute="POST /api/v1/saker",
            kropp_hash="0" * 64,
            status=201,
            hoder="{}",
            svar=tekst(kropp).encode(),
            opprettet=naa,
        ),
    )


def doegn(antall: int) -> datetime:
    """So many days before now."""
    return NAA - timedelta(days=antall)
