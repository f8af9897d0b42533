"""What is broken by hand is found by the next reconciliation, and mended where it can be; the one after finds nothing.

One row per control, each broken once, with the service, the sandbox and a case behind.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import Table

from app import klokke
from app.cli.visning import pen_json
from app.db import tabeller
from app.db.ident import ny_id
from app.db.lager.arbeid import Liste
from app.db.lederskap import Lederskap, Mandat
from app.events.arbeider import Arbeider
from app.events.mottak import Mottak
from app.sandbox.standard import FJORDVIK
from app.services.avstemming.funn import Kontrollnavn, Vurdering
from app.services.avstemming.kjoering import AV, Avstemmer
from app.services.avstemming.lister import Oppdrag, Pekerfeil
from app.services.avstemming.rapport import Rapport
from app.services.hendelser.lister import MANDAT
from app.services.sak.drift import Saksdrift
from app.settings.avstemming import Avstemming, Stillhet
from tests.baser import MOTORER, ny_database
from tests.db.test_revisjon import _uten_vern
from tests.saker.lovlige import med_egen_sak
from tests.saker.verden import Verden, tjeneste

LISTE: Final = Liste.SKATTEOPPGJOER
BEBOER: Final = "enslig-pensjonist"
AAR: Final = 2025
VALG: Final = Avstemming(stillhet=Stillhet(stille_maaneder=frozenset()))
"""Silence counts all year round, whenever the test is run."""
_MERKNADER: Final = frozenset({Kontrollnavn.UTEN_OPPGJOER, Kontrollnavn.ALDRI_SLAATT_OPP})


@dataclass
class Verk:
    """A kommune with a case whose person is followed, and hands that can break things."""

    v: Verden
    mottak: Mottak
    mandat: Mandat
    sak: UUID
    person: UUID
    valg: Avstemming = VALG
    rapporter: list[Rapport] = field(default_factory=list)

    @property
    def drift(self) -> Saksdrift:
        drift: Saksdrift = self.v.app.state.saksdrift
        return drift

    async def avstem(self, *, toerr: bool = False) -> Rapport:
        """One reconciliation of Fjordvik."""
        settings = self.v.app.state.settings.model_copy(update={"avstemming": self.valg})
        oppdrag = Oppdrag(naa=klokke.naa(), aktoer=AV, toerr=toerr)
        resultat = await Avstemmer(settings, self.drift).kjoer(oppdrag, [FJORDVIK])
        assert resultat.feilet == []
        (rapport,) = resultat.rapporter
        self.rapporter.append(rapport)
        return rapport

    def publiser(self, type_: str = "ny", ajourholdt: datetime | None = None) -> list[int]:
        """An event about the resident; as old as the settlement unless told."""
        person = self.v.sandkasse.befolkning.person(BEBOER)
        liste = self.v.sandkasse.omgivelser.oppgjoerliste
        return liste.publiser(person, str(AAR), type_, ajourholdt or person.oppgjoer[AAR].ajourholdt)

    async def les(self) -> None:
        """The follower reads to the end of the list."""
        assert (await self.mottak.les(self.mandat)).stans is None

    async def arbeid(self) -> None:
        """The service does everything that is ordered."""
        oppslag = self.drift.oppslag
        assert oppslag is not None
        runde = await Arbeider(self.drift, oppslag, self.v.app.state.settings.hendelser).kjoer(None)
        assert runde.sviktet == 0

    async def nytt_oppgjoer(self) -> None:
        """The settlement is changed, and an event says so."""
        transport = httpx2.ASGITransport(app=self.v.sandkasse.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as klient:
            adresse = f"/kontroll/personer/{BEBOER}/oppgjoer/{AAR}"
            svar = await klient.put(adresse, json={"beloep": {"alderspensjonFraFolketrygden": 333_000}})
        assert svar.is_success, svar.text

    async def sett(self, tabell: Table, **verdier: Any) -> int:
        """Change rows by hand."""
        async with self.v.arkiv.database.skriv() as forbindelse:
            return (await forbindelse.execute(tabell.update().values(verdier))).rowcount

    async def fjern(self, tabell: Table, *vilkaar: Any) -> int:
        """Take rows away by hand."""
        async with self.v.arkiv.database.skriv() as forbindelse:
            return (await forbindelse.execute(tabell.delete().where(*vilkaar))).rowcount

    async def legg_til(self, tabell: Table, **verdier: Any) -> None:
        """Add a row by hand."""
        async with self.v.arkiv.database.skriv() as forbindelse:
            await forbindelse.execute(tabell.insert().values(verdier))

    async def rader(self, tabell: Table) -> list[Any]:
        """Every row."""
        async with self.v.arkiv.database.les() as forbindelse:
            return list(await forbindelse.execute(tabell.select()))

    async def neste(self) -> int:
        """Where the list is to be read from."""
        (rad,) = [rad for rad in await self.rader(tabeller.hendelsesliste) if rad.liste == LISTE]
        return int(rad.neste)


async def ny_sak(v: Verden) -> tuple[UUID, UUID]:
    """A case about the resident, with the settlement looked up: the case and the person."""
    svar = await v.post(
        "/api/v1/saker",
        {
            "tjeneste": "LANGTIDSOPPHOLD",
            "person": {"personidentifikator": v.ident(BEBOER)},
            "opphold": [{"art": "LANGTID", "fra": f"{AAR}-02-01", "institusjon": "solbakken"}],
            "beregning": {"aar": AAR},
        },
    )
    assert svar.status_code == 201, svar.text
    sak = svar.json()["sak"]
    return UUID(sak["id"]), UUID(sak["innhold"]["person"]["personId"])


def proev(motor: str, oppgave: Callable[[Verk], Awaitable[None]]) -> None:
    """Everything agrees, and has been found to once; then ``oppgave``."""
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as v:
            drift = v.app.state.saksdrift
            sak, person = await ny_sak(v)
            mandat = await Lederskap(v.arkiv.database, 600.0).ta(MANDAT[LISTE])
            assert mandat is not None
            mottak = Mottak(LISTE, v.arkiv, drift.oppslag, v.app.state.settings.hendelser)
            verk = Verk(v, mottak, mandat, sak, person)
            verk.publiser()
            await verk.les()
            await verk.avstem()
            verk.publiser()
            await verk.les()
            await verk.arbeid()
            ren = await verk.avstem()
            assert ren.utfall == "OK", pen_json(ren.dokument())
            await oppgave(verk)

    asyncio.run(alt())


def funn(rapport: Rapport, navn: Kontrollnavn) -> Any:
    """What one control said."""
    (ett,) = [ett for ett in rapport.funn if ett.navn is navn]
    return ett


# How each thing is broken.


async def peker_foran(verk: Verk) -> None:
    verk.publiser()
    (nummer,) = verk.publiser()
    await verk.sett(tabeller.hendelsesliste, neste=nummer + 1)


async def peker_bak(verk: Verk) -> None:
    await verk.sett(tabeller.hendelsesliste, neste=1)


async def peker_forbi(verk: Verk) -> None:
    await verk.sett(tabeller.hendelsesliste, neste=10**12)


async def hendelser_borte(verk: Verk) -> None:
    assert await verk.fjern(tabeller.hendelse) > 0


async def en_hendelse_borte(verk: Verk) -> None:
    """Not the newest, so the place in the list is as it should be."""
    foerste, *resten = sorted(rad.sekvensnummer for rad in await verk.rader(tabeller.hendelse))
    assert resten
    assert await verk.fjern(tabeller.hendelse, tabeller.hendelse.c.sekvensnummer == foerste) == 1


async def arbeid_borte(verk: Verk) -> None:
    assert await verk.fjern(tabeller.arbeid) > 0


async def grunnlag_gammelt(verk: Verk) -> None:
    await verk.nytt_oppgjoer()
    await verk.les()
    # Counted as done, and never fetched.
    await verk.sett(tabeller.arbeid, gjort=tabeller.arbeid.c.bestilt, tilstand="FERDIG", endret=klokke.naa())


async def arbeid_staar(verk: Verk) -> None:
    await verk.sett(
        tabeller.arbeid, gjort=0, tilstand="VENTER", neste_forsoek=klokke.naa() - timedelta(days=1)
    )


async def arbeid_oppgitt(verk: Verk) -> None:
    await verk.sett(tabeller.arbeid, gjort=0, tilstand="DOED", feil="http-500")


async def trukket(verk: Verk) -> None:
    await verk.sett(tabeller.grunnlag, trukket=klokke.naa())


async def uleselig(verk: Verk) -> None:
    await verk.legg_til(
        tabeller.uleselig_hendelse,
        liste=LISTE,
        sekvensnummer=1,
        felt="identifikator",
        tilstand="AAPEN",
        forsoek=1,
        mottatt=klokke.naa(),
    )


async def ikke_lest(verk: Verk) -> None:
    await verk.sett(tabeller.hendelsesliste, lest=klokke.naa() - timedelta(hours=3))


async def stille(verk: Verk) -> None:
    await verk.sett(tabeller.hendelsesliste, siste_hendelse=klokke.naa() - timedelta(days=15))


async def ikke_begynt(verk: Verk) -> None:
    await verk.fjern(tabeller.hendelsesliste)


async def levering_oppgitt(verk: Verk) -> None:
    webhook, tid = ny_id(klokke.naa()), {"opprettet": klokke.naa(), "endret": klokke.naa()}
    await verk.legg_til(
        tabeller.webhook,
        kommune=FJORDVIK,
        id=webhook,
        url="https://epj.example/krok",
        typer="[]",
        hemmelighet=b"x",
        tilstand="AKTIV",
        versjon=1,
        av="proeve",
        **tid,
    )
    await verk.legg_til(
        tabeller.webhooklevering,
        kommune=FJORDVIK,
        webhook_id=webhook,
        sekvensnummer=1,
        tilstand="DOED",
        forsoek=9,
        neste_forsoek=klokke.naa(),
        **tid,
    )


async def endring_borte(verk: Verk) -> None:
    k = tabeller.endring.c
    siste = max(rad.sekvensnummer for rad in await verk.rader(tabeller.endring))
    assert await verk.fjern(tabeller.endring, k.sekvensnummer == siste) == 1


async def register_endret(verk: Verk) -> None:
    async with verk.v.arkiv.database.skriv() as forbindelse:
        await _uten_vern(forbindelse)
        k = tabeller.revisjon.c
        await forbindelse.execute(tabeller.revisjon.update().where(k.nr == 2).values(utfall="FEIL"))


async def egen_sak_aapnet(verk: Verk) -> None:
    await med_egen_sak(verk.v, FJORDVIK, str((await verk.rader(tabeller.sak))[0].id), verk.v.ident(BEBOER))


async def foreloepig_vedtak(verk: Verk) -> None:
    (beregning, *_) = await verk.rader(tabeller.beregning)
    await verk.legg_til(
        tabeller.vedtak,
        kommune=FJORDVIK,
        id=ny_id(klokke.naa()),
        sak_id=verk.sak,
        beregning_id=beregning.id,
        art="FORELOEPIG",
        fra=datetime(AAR, 1, 1).date(),  # noqa: DTZ001 - a date
        av="proeve",
        opprettet=klokke.naa(),
    )


async def aldri_slaatt_opp(verk: Verk) -> None:
    person = ny_id(klokke.naa())
    await verk.legg_til(
        tabeller.person,
        kommune=FJORDVIK,
        id=person,
        ident_hash=b"1",
        ident_kryptert=b"1",
        opprettet=klokke.naa(),
    )
    await verk.legg_til(tabeller.sak_person, kommune=FJORDVIK, sak_id=verk.sak, person_id=person)


@dataclass(frozen=True)
class Rad:
    """What is broken, and how the control comes out then and the next time."""

    bryt: Callable[[Verk], Awaitable[None]]
    kontroll: Kontrollnavn
    vurdering: Vurdering
    avvik: str = ""
    """A part of what the report says."""
    ellers: frozenset[Kontrollnavn] = frozenset()
    """Other controls that notice too."""


RADER: Final = [
    Rad(
        peker_foran, Kontrollnavn.PEKER, Vurdering.RETTET, Pekerfeil.FORAN, frozenset({Kontrollnavn.DEKNING})
    ),
    Rad(peker_bak, Kontrollnavn.PEKER, Vurdering.RETTET, Pekerfeil.BAK),
    Rad(peker_forbi, Kontrollnavn.PEKER, Vurdering.RETTET, Pekerfeil.FORBI_SLUTTEN),
    Rad(
        hendelser_borte,
        Kontrollnavn.DEKNING,
        Vurdering.RETTET,
        "sekvensnummer",
        frozenset({Kontrollnavn.PEKER}),
    ),
    Rad(en_hendelse_borte, Kontrollnavn.DEKNING, Vurdering.RETTET, "sekvensnummer"),
    Rad(arbeid_borte, Kontrollnavn.BESTILT, Vurdering.RETTET, "personId"),
    Rad(grunnlag_gammelt, Kontrollnavn.ALDER, Vurdering.RETTET, "personId"),
    Rad(arbeid_staar, Kontrollnavn.STANSET, Vurdering.AVVIK, "personId"),
    Rad(arbeid_oppgitt, Kontrollnavn.OPPGITT, Vurdering.AVVIK, "personId"),
    Rad(trukket, Kontrollnavn.TRUKKET, Vurdering.AVVIK, "grunnlagId"),
    Rad(uleselig, Kontrollnavn.ULESELIGE, Vurdering.AVVIK, "sekvensnummer"),
    Rad(ikke_lest, Kontrollnavn.STILLHET, Vurdering.AVVIK, "IKKE_LEST"),
    Rad(stille, Kontrollnavn.STILLHET, Vurdering.AVVIK, "STILLE"),
    Rad(ikke_begynt, Kontrollnavn.LESTE_LISTER, Vurdering.AVVIK, "IKKE_BEGYNT"),
    Rad(levering_oppgitt, Kontrollnavn.LEVERINGER, Vurdering.AVVIK, "webhookId"),
    Rad(endring_borte, Kontrollnavn.ENDRINGSNUMRE, Vurdering.AVVIK, "hode"),
    Rad(register_endret, Kontrollnavn.REGISTER, Vurdering.AVVIK, "raden er endret"),
    Rad(egen_sak_aapnet, Kontrollnavn.OPPSLAG, Vurdering.AVVIK, "EGEN"),
    Rad(foreloepig_vedtak, Kontrollnavn.UTEN_OPPGJOER, Vurdering.MERKNAD, "vedtakId"),
    Rad(aldri_slaatt_opp, Kontrollnavn.ALDRI_SLAATT_OPP, Vurdering.MERKNAD, "personId"),
]


def test_hver_kontroll_brytes() -> None:
    assert {rad.kontroll for rad in RADER} == set(Kontrollnavn)


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("rad", RADER, ids=[rad.bryt.__name__ for rad in RADER])
def test_det_som_brytes_blir_funnet_og_rettet(motor: str, rad: Rad) -> None:
    async def oppgave(verk: Verk) -> None:
        await rad.bryt(verk)
        toerr = await verk.avstem(toerr=True)
        assert funn(toerr, rad.kontroll).avvik, "en tørr kjøring finner det samme"
        rapport = await verk.avstem()
        funnet = funn(rapport, rad.kontroll)
        assert funnet.vurdering is rad.vurdering, pen_json(rapport.dokument())
        assert rad.avvik in json.dumps([dict(ett.gjelder) for ett in funnet.avvik])
        andre = {ett.navn for ett in rapport.funn if ett.avvik} - {rad.kontroll}
        assert andre <= rad.ellers, andre
        if rad.vurdering is Vurdering.RETTET:
            assert rapport.utfall == "RETTET"
            # As it would be a minute later: what was ordered is fetched, and the list is read on.
            await verk.les()
            await verk.arbeid()
            igjen = await verk.avstem()
            assert igjen.utfall == "OK", pen_json(igjen.dokument())
            assert not any(ett.avvik for ett in igjen.funn)
        elif rad.vurdering is Vurdering.MERKNAD:
            assert rapport.utfall == "OK"

    proev(motor, oppgave)


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("bryt", [peker_foran, peker_forbi, hendelser_borte, en_hendelse_borte])
def test_etter_midnatt_i_norge_er_dagen_en_annen_i_utc(
    motor: str, bryt: Callable[[Verk], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half past midnight in Norway; the sandbox dates its lists by UTC, where it is still the day before."""
    naa = datetime.now(UTC).replace(hour=23, minute=30)
    assert klokke.dagen(naa) == naa.date() + timedelta(days=1)
    monkeypatch.setattr(klokke, "naa", lambda: naa)
    (rad,) = [rad for rad in RADER if rad.bryt is bryt]
    test_det_som_brytes_blir_funnet_og_rettet(motor, rad)
