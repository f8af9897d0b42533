"""Many cases made cheaply, straight in the database: each a copy of one of some hundred that were calculated."""

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from app import klokke
from app.calc.kalkulator import Art, utfoer
from app.calc.kontrakt.json_tekst import skriv_json
from app.calc.poster.katalog import katalogversjon
from app.calc.satser import Satssamling, regn_med, satsversjon
from app.calc.versjon import REGELVERSJON
from app.db import tabeller
from app.db.arkiv import Arkiv
from app.db.ident import ny_id
from app.db.lager.beregninger import Tilstand, Versjoner
from app.db.lager.massesaker import Beregningshode, NyPakket, Pakket
from app.db.leie import Leie
from app.db.motor import Database
from app.db.typer import pakk
from app.sandbox.standard import FJORDVIK
from app.services.kommuneoppsett.aarsoppsett import Aarsoppsett, aarsoppsett
from app.services.kommuneoppsett.faktura import Fakturaoppsett
from app.services.kommuneoppsett.fil import les_fil
from app.services.kommuneoppsett.lagring import endre_oppsett, ta_inn_kommune
from app.services.revisjon import Driftsaktoer
from app.services.sak.drift import Saksdrift, eget_kall
from app.services.sak.saker import oppsettet
from tests.baser import RING
from tests.saker.masseverden import satser_foer
from tests.saker.verden import EKSEMPLER

AAR: Final = 2025
OPPRETTET: Final = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
_BOLK: Final = 5_000
_FLEST: Final = 1_000_000
_SVAR: Final = '{"personer":[],"mangler":[],"aapne":[],"varsler":[]}\n'
_FELT: Final = (
    "pensjonFraFolketrygden",
    "offentligTjenestepensjon",
    "privatPensjon",
    "renteinntekt",
    "annenAvkastning",
)


def _inn(tilfeldig: random.Random, oppsett: Aarsoppsett) -> dict[str, Any]:
    """A resident's year: pensions and interest, tax, one or two stays, sometimes a spouse at home."""
    inntekter = {_FELT[0]: tilfeldig.randrange(220_000, 420_000)}
    for navn in _FELT[1:]:
        if tilfeldig.random() < 0.4:
            inntekter[navn] = tilfeldig.randrange(500, 120_000)
    opphold: list[dict[str, Any]] = [
        {
            "art": "LANGTID",
            "fra": date(tilfeldig.randrange(2018, AAR + 1), tilfeldig.randrange(1, 13), 15),
            "oppholdsutgiftPerMaaned": Decimal(tilfeldig.randrange(60_000, 95_000)),
        }
    ]
    if tilfeldig.random() < 0.1:
        opphold[0]["dobbeltromMotEgetOenske"] = True
    inn: dict[str, Any] = {
        "aar": AAR,
        "inntekter": inntekter,
        "skatt": {"beregnetSkatt": tilfeldig.randrange(20_000, 110_000)},
        "gjeldsrenter": tilfeldig.randrange(0, 3_000),
        "forsoergede": [],
        "skjoennsmessigFradrag": [],
        "opphold": opphold,
        "valg": oppsett.langtidsvalg,
    }
    if tilfeldig.random() < 0.25:
        ektefelle = {"relasjon": "EKTEFELLE", "hjemmeboende": True, "tenktEtterlattepensjon": 210_000}
        inn["forsoergede"] = [{**ektefelle, "arbeidsinntekt": tilfeldig.randrange(0, 400_000)}]
    return inn


def maler(antall: int, oppsett: Aarsoppsett, satser: Satssamling, froe: int = 1349) -> list[NyPakket]:
    """So many calculated years, all different, under other rates than those of now."""
    tilfeldig = random.Random(froe)
    svar = []
    with regn_med(satser):
        for _ in range(antall):
            inn = skriv_json(_inn(tilfeldig, oppsett))
            utfoert = utfoer(Art.LANGTIDSOPPHOLD, inn, kilder="{}")
            tekster = Pakket(inn=pakk(inn), resultat=pakk(utfoert.tekst), kilder=pakk("{}"), svar=pakk(_SVAR))
            hode = Beregningshode(
                id=ny_id(OPPRETTET),
                sak_id=ny_id(OPPRETTET),
                sak_versjon=1,
                oppsett_versjon=1,
                aar=AAR,
                virkning_fra=date(AAR, 1, 1),
                tilstand=Tilstand.BEREGNET,
                foreloepig=True,
                resultat_hash="0" * 64,
                egenandel_aar_oere=int(utfoert.svar.egenandel_aar * 100),
                versjoner=Versjoner(REGELVERSJON, satsversjon(), katalogversjon(), "0.1.0"),
                av="system:proeve",
            )
            svar.append(NyPakket(hode=hode, tekster=tekster, opprettet=OPPRETTET, grunnlag=()))
    return svar


@asynccontextmanager
async def saksdrift(url: str) -> AsyncIterator[Saksdrift]:
    """The service's own work on a database, without anything to look up with."""
    arkiv = Arkiv(Database(url), RING)
    try:
        yield Saksdrift(
            arkiv=arkiv, oppslag=None, kodeversjon="bevis", hjemmel="bevis", godta_syntetiske=True
        )
    finally:
        await arkiv.database.lukk()


async def fyll_kommunen(drift: Saksdrift, antall: int, ulike: int) -> None:
    """So many cases in Fjordvik, so many of them different, calculated before the new G."""
    oppsett = les_fil(EKSEMPLER / "fjordvik.toml")
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        await ta_inn_kommune(lager, Driftsaktoer("bevis"), klokke.naa(), oppsett)
    ferdige = maler(min(antall, ulike), aarsoppsett(oppsett, AAR), satser_foer())
    await fyll(drift.arkiv, FJORDVIK, ferdige, antall)


async def fyll(arkiv: Arkiv, kommune: str, maler_: Sequence[NyPakket], antall: int) -> None:
    """So many cases, each with its person and its calculation."""
    for start in range(0, antall, _BOLK):
        numre = range(start, min(start + _BOLK, antall))
        async with arkiv.database.skriv() as forbindelse:
            leie = Leie(forbindelse, kommune, arkiv.ring)
            rader = list(_rader(leie, numre))
            await leie.sett_inn(tabeller.person, *(rad[0] for rad in rader))
            await leie.sett_inn(tabeller.sak, *(rad[1] for rad in rader))
            await leie.sett_inn(
                tabeller.sak_person, *({"sak_id": s["id"], "person_id": p["id"]} for p, s in rader)
            )
        async with arkiv.skriv(kommune) as lager:
            await lager.massesaker.nye(
                [
                    _for_sak(maler_[nr % len(maler_)], sak["id"])
                    for nr, (_, sak) in zip(numre, rader, strict=True)
                ]
            )


def _for_sak(mal: NyPakket, sak_id: UUID) -> NyPakket:

    return replace(mal, hode=replace(mal.hode, id=ny_id(OPPRETTET), sak_id=sak_id))


def _rader(leie: Leie, numre: range) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for nr in numre:
        person_id, sak_id, ident = ny_id(OPPRETTET), ny_id(OPPRETTET), f"0181{nr:07d}"
        yield (
            {
                "id": person_id,
                "ident_hash": leie.personhash(ident),
                "ident_kryptert": leie.krypter(ident.encode(), tabeller.person, "ident_kryptert", person_id),
                "navn_kryptert": None,
                "opprettet": OPPRETTET,
            },
            {
                "id": sak_id,
                "tjeneste": "LANGTIDSOPPHOLD",
                "person_id": person_id,
                "status": "AAPEN",
                "versjon": 1,
                "opprettet": OPPRETTET,
                "endret": OPPRETTET,
            },
        )


async def fatt_vedtak(drift: Saksdrift) -> None:
    """A decision in force on every calculation in Fjordvik, and what its case says."""
    async with drift.arkiv.les(FJORDVIK) as lager:
        saker = await lager.massesaker.neste(["LANGTIDSOPPHOLD"], date.max, None, _FLEST)
        hoder = await lager.massesaker.hoder(saker[0].id, saker[-1].id, AAR)
    for start in range(0, len(saker), _BOLK):
        async with drift.arkiv.database.skriv() as forbindelse:
            leie = Leie(forbindelse, FJORDVIK, drift.arkiv.ring)
            noen = [sak.id for sak in saker[start : start + _BOLK]]
            await leie.sett_inn(tabeller.sak_versjon, *map(_versjon, noen))
            await leie.sett_inn(tabeller.vedtak, *(_vedtak(id_, hoder[id_][0].id) for id_ in noen))


def _versjon(sak_id: UUID) -> dict[str, Any]:
    opphold = {"art": "LANGTID", "fra": f"{AAR}-01-01", "institusjon": "solbakken"}
    innhold = {"tjeneste": "LANGTIDSOPPHOLD", "person": {"personId": str(sak_id)}, "opphold": [opphold]}
    felles = {"av": "system:proeve", "opprettet": OPPRETTET}
    return {"sak_id": sak_id, "versjon": 1, "innhold": skriv_json(innhold), **felles}


def _vedtak(sak_id: UUID, beregning_id: UUID) -> dict[str, Any]:
    return {
        "id": ny_id(OPPRETTET),
        "sak_id": sak_id,
        "beregning_id": beregning_id,
        "art": "ENDELIG",
        "fra": date(AAR, 1, 1),
        "av": "system:proeve",
        "opprettet": OPPRETTET,
        "til_godkjenning": False,
    }


async def skal_faktureres(drift: Saksdrift, fra_maaned: str) -> None:
    """Fjordvik is invoiced from here from a month on."""
    kall = eget_kall(drift.hjemmel, FJORDVIK, "proeve", klokke.naa())
    async with drift.arkiv.skriv(FJORDVIK) as lager:
        oppsett, versjon = await oppsettet(lager)
        faktura = Fakturaoppsett(fra_maaned=fra_maaned)
        await endre_oppsett(lager, kall, replace(oppsett, fakturagrunnlag=faktura), versjon)
