"""The start page: what waits for each role, in the order it presses, and nothing anybody else should see."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import pytest

from app import klokke
from app.calc.satser import regn_med
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.portal.sider.start import _GRUPPE
from app.sandbox.standard import FJORDVIK
from app.services.oppgaver import Oppgaveinnhold, Oppgaveoenske, Oppgaveslag, avstem
from app.services.tilgang import Rolle
from tests.baser import MOTORER, ny_database
from tests.portal.saker import ny, uten_oppgjoer
from tests.portal.verden import nettleser, portal, tekst
from tests.saker.masseverden import LANGTID, Masseverden, leder, satser_foer

motorer = pytest.mark.parametrize("motor", MOTORER)
PENSJONIST: Final = "04817209888"


def i_portalen(motor: str, arbeid: Callable[[Masseverden], Awaitable[None]]) -> None:
    """Do something with a portal."""
    database = ny_database(motor)

    async def alt() -> None:
        async with portal(database) as verden:
            await arbeid(Masseverden(verden))

    asyncio.run(alt())


async def _ny_sak(m: Masseverden) -> dict[str, Any]:
    person = {"personidentifikator": PENSJONIST, "navn": "Olga Prøve"}
    svar = await m.v.post("/api/v1/saker", {**LANGTID, "person": person})
    assert svar.status_code == 201, svar.text
    ny: dict[str, Any] = svar.json()
    return ny


@motorer
def test_det_som_ikke_er_ferdig_beregnet_finnes_fra_startsiden(motor: str) -> None:
    async def arbeid(m: Masseverden) -> None:
        async with nettleser(m.v) as leser:
            ferdig = (await _ny_sak(m))["sak"]["id"]
            start = await leser.aapne("/")
            assert "Ingen oppgaver venter" in tekst(start)
            assert 'href="/saker?uferdige=true"' in start.text
            assert "Alle åpne saker er ferdig beregnet." in tekst(await leser.aapne("/saker?uferdige=true"))
            uten = (await ny(m.v, uten_oppgjoer(m.v)))["sak"]["id"]
            side = await leser.aapne("/saker?uferdige=true")
            assert f'href="/saker/{uten}"' in side.text
            assert f'href="/saker/{ferdig}"' not in side.text
            alle = await leser.aapne("/saker")
            assert f'href="/saker/{uten}"' in alle.text
            assert f'href="/saker/{ferdig}"' in alle.text
            assert 'href="/saker?uferdige=true"' in alle.text

    i_portalen(motor, arbeid)


@motorer
def test_oppgavene_staar_i_grupper_etter_hva_som_haster(motor: str) -> None:
    async def arbeid(m: Masseverden) -> None:
        sak = UUID((await _ny_sak(m))["sak"]["id"])
        oensker = [
            Oppgaveoenske(slag=slag, aar=2025, innhold=Oppgaveinnhold(tekst=f"Sagt om {slag.lower()}."))
            for slag in (
                Oppgaveslag.NY_SKATT,
                Oppgaveslag.NAER_60_DOEGN,
                Oppgaveslag.SKJERMET,
                Oppgaveslag.ETTEROPPGJOER_KLART,
            )
        ]
        async with m.v.arkiv.skriv(FJORDVIK) as lager:
            await avstem(lager, leder(m.v), sak, 2025, list(Oppgaveslag), oensker)
        async with nettleser(m.v) as leser:
            side = tekst(await leser.aapne("/"))
        steder = [
            side.index(overskrift)
            for overskrift in (
                "Må avklares først (1)",
                "Sagt om skjermet.",
                "60 døgn nærmer seg (1)",
                "Etteroppgjør klart (1)",
                "Nye tall (1)",
                "Sagt om ny_skatt.",
            )
        ]
        assert steder == sorted(steder)

    i_portalen(motor, arbeid)


def test_hvert_slag_har_en_gruppe() -> None:
    assert set(_GRUPPE) == set(Oppgaveslag)


@motorer
def test_det_som_venter_vises_for_dem_som_kan_gjoere_noe_med_det(motor: str) -> None:
    async def arbeid(m: Masseverden) -> None:
        with regn_med(satser_foer()):
            await _ny_sak(m)
        kjoering = await m.toerr()
        async with m.v.arkiv.skriv(FJORDVIK) as lager:
            person = await lager.personer.finn(PENSJONIST)
            assert person is not None
            noekkel = Arbeidsnoekkel(person.id, Liste.SKATTEOPPGJOER, 2025)
            await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, klokke.naa())
            await lager.arbeid.stopp(noekkel, klokke.naa(), feil="UKJENT_PERSON", forsoek=3)
        async with (
            nettleser(m.v, Rolle.LEDER) as lederen,
            nettleser(m.v) as beregner,
            nettleser(m.v, Rolle.DRIFT) as drift,
            nettleser(m.v, Rolle.REVISOR) as revisor,
        ):
            await drift.send("/avstemminger")
            sider = {
                navn: tekst(await leser.aapne("/"))
                for navn, leser in (
                    ("leder", lederen),
                    ("beregner", beregner),
                    ("drift", drift),
                    ("revisor", revisor),
                )
            }
            assert f'href="/massekjoeringer/{kjoering.id}"' in (await lederen.aapne("/")).text
        for hva, ser in (
            ("tørrkjørt, 1 saker blir annerledes", {"leder"}),
            ("1 oppslag har stoppet", {"leder", "drift"}),
            ("kontroller med avvik", {"leder", "drift", "revisor"}),
            ("Olga Prøve", {"leder", "beregner"}),
        ):
            # The reader's own name stands on every page; the case's only where cases are seen.
            assert {navn for navn, side in sider.items() if hva in side} <= ser, hva
        assert "tørrkjørt, 1 saker blir annerledes" in sider["leder"]
        assert "1 oppslag har stoppet" in sider["drift"]
        assert "kontroller med avvik" in sider["revisor"]

    i_portalen(motor, arbeid)


@motorer
def test_vedtak_til_godkjenning_og_aar_uten_oppgjoer(motor: str) -> None:
    async def arbeid(m: Masseverden) -> None:
        oppsett = (await m.v.les("/api/v1/kommune/oppsett")).json()["oppsett"]
        oppsett["valg"][0]["godkjenningOverMaaned"] = 1
        svar = await m.v.kall("PUT", "/api/v1/kommune/oppsett", oppsett, hoder={"If-Match": '"1"'})
        assert svar.status_code == 200, svar.text
        ny = await _ny_sak(m)
        sak, beregning = ny["sak"]["id"], ny["beregning"]["id"]
        vedtak = {"beregningId": beregning, "fra": "2025-01-01", "art": "FORELOEPIG"}
        svar = await m.v.post(f"/api/v1/saker/{sak}/vedtak", vedtak)
        assert svar.status_code == 201, svar.text
        async with nettleser(m.v, Rolle.LEDER) as lederen, nettleser(m.v) as beregner:
            side = await lederen.aapne("/")
            assert "Vedtak til godkjenning" in tekst(side)
            assert f'href="/saker/{sak}/vedtak/{svar.json()["id"]}"' in side.text
            assert "Vedtak til godkjenning" not in tekst(await beregner.aapne("/"))
            godkjent = await lederen.send(
                f"/saker/{sak}/vedtak/{svar.json()['id']}/godkjenning", {"utfall": "GODKJENT"}
            )
            assert godkjent.status_code == 303, tekst(godkjent)
            assert "Vedtak til godkjenning" not in tekst(await lederen.aapne("/"))
            # The year is over and not settled: counted by the night's reconciliation, with the way to the list.
            await lederen.send("/avstemminger")
            side = await beregner.aapne("/")
            assert "1 foreløpige vedtak for år som er gått" in tekst(side)
            assert 'href="/etteroppgjoer/uten"' in side.text

    i_portalen(motor, arbeid)
