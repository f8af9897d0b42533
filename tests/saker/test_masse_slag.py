"""The kinds of mass run that differ from a new G: the last settlement on 1 January, which asks, and amended rules."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

import pytest

from app.calc.regler import par_3_aarssats
from app.calc.satser import regn_med
from app.calc.versjon import REGELVERSJON
from app.db.lager.massekjoeringer import Massekjoering, Masserad
from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.standard import FJORDVIK
from app.services.masse import bestilling
from app.services.masse.radinnhold import les_radinnhold
from app.services.masse.slag import Masseslag
from app.services.masse.stand import les_stand
from app.services.revisjon import Handling
from app.services.sak import beregne
from app.services.sak.feil import Konflikt, KonfliktError
from tests.baser import MOTORER, ny_database
from tests.saker.masseverden import AAR, LANGTID, Masseverden, masseverden, satser_foer

BEREGNET: Final = "enslig-pensjonist"
BEGGE_AAR: Final = {
    "tjeneste": "PRAKTISK_BISTAND",
    "tjenester": [
        {"maaned": f"{aar}-{maaned:02d}", "art": "TIMER", "timer": 6}
        for aar in (2025, 2026)
        for maaned in range(1, 13)
    ],
    "beregning": {"aar": 2025},
}


def _stand(kjoering: Massekjoering) -> tuple[dict[str, int], int]:
    stand = les_stand(kjoering.innhold)
    return dict(stand.antall), stand.uendret


async def _oppslag(m: Masseverden) -> int:
    """Look-ups the register has."""
    async with m.v.arkiv.les(FJORDVIK) as lager:
        return len([_ async for _ in lager.revisjon.alle(Revisjonsfilter(handling=Handling.OPPSLAG))])


async def _grunnlag(m: Masseverden, sak: UUID) -> set[tuple[str, int]]:
    async with m.v.arkiv.les(FJORDVIK) as lager:
        return {(en.api, en.aar) for en in await lager.grunnlag.for_sak(sak)}


async def _raden(m: Masseverden, kjoering: Massekjoering) -> Masserad:
    (rad,) = (await m.rader(kjoering.id)).values()
    return rad


@pytest.mark.parametrize("motor", MOTORER)
def test_siste_oppgjoer_slaar_opp_toerr_uten_aa_lagre_og_lagrer_i_kjoeringen(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            ny = await m.ny_sak(m.v.ident(BEREGNET), BEGGE_AAR)
            assert ny["beregning"]["tilstand"] == "BEREGNET"
            sak, foer = UUID(ny["sak"]["id"]), await m.beregninger()
            # A stay is not about § 10, and is not in it.
            await m.ny_sak(m.v.ident("gammelt-og-nytt-navn"), LANGTID)
            desember = ny["beregning"]["resultat"]["maaneder"][-1]["egenandel"] * 100
            kjente, spurt = await _grunnlag(m, sak), await _oppslag(m)

            toerr = await m.toerr(Masseslag.SISTE_OPPGJOER, 2026)
            rad = await _raden(m, toerr)
            lest = les_radinnhold(rad.innhold)
            assert (rad.sak_id, rad.utfall, rad.foer_id) == (sak, "NY", None)
            assert lest.foer == {f"2026-{maaned:02d}": desember for maaned in range(1, 13)}
            assert await _oppslag(m) > spurt, (
                "hvert oppslag står i registeret, også de som bare ble vist fram"
            )
            assert (await _grunnlag(m, sak), (await m.beregninger())[sak]) == (kjente, foer[sak])

            assert _stand(await m.kjoer(toerr.id)) == ({"KJOERT": 1}, 0)
            (_, lagret) = (await m.beregninger())[sak]
            assert (await _raden(m, toerr)).etter_id == lagret
            nye = await _grunnlag(m, sak) - kjente
            # The settlement that was there on 1 January: of 2024, or of 2023 for those who waited.
            assert nye
            assert {aar for _, aar in nye} <= {2023, 2024}
            async with m.v.arkiv.les(FJORDVIK) as lager:
                siste = await lager.beregninger.hent(lagret)
            assert siste is not None
            assert (siste.aar, siste.av, siste.foreloepig) == (2026, "system:masse", False)

            # Again: nothing comes out otherwise, and nothing is stored.
            igjen = await m.toerr(Masseslag.SISTE_OPPGJOER, 2026)
            assert _stand(igjen) == ({}, 1)
            midt = await m.beregninger()
            await m.kjoer(igjen.id)
            assert (await m.beregninger(), await _grunnlag(m, sak)) == (midt, kjente | nye)

    asyncio.run(alt())


def test_siste_oppgjoer_uten_oppslag_utelater_saken_med_grunn() -> None:
    """A kommune that has not set up look-ups is told so, case by case, and nobody is taken to owe nothing."""
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            await m.ny_sak(m.v.ident(BEREGNET), BEGGE_AAR)
            m.drift = replace(m.drift, oppslag=None)
            rad = await _raden(m, await m.toerr(Masseslag.SISTE_OPPGJOER, 2026))
            assert (rad.utfall, rad.endring_oere) == ("UFULLSTENDIG", None)
            assert les_radinnhold(rad.innhold).tekst

    asyncio.run(alt())


@contextmanager
def _foer_endringen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the regulation had said half of what it says, in an earlier version of the rules."""
    regel = par_3_aarssats.andel_inntil_g

    def halvparten(*alt: Decimal) -> Decimal:
        return regel.funksjon(*alt) / 2

    with monkeypatch.context() as midlertidig:
        midlertidig.setattr(par_3_aarssats, "andel_inntil_g", replace(regel, funksjon=halvparten))
        midlertidig.setattr(beregne, "REGELVERSJON", "0.9.0")
        midlertidig.setattr(bestilling, "REGELVERSJON", "0.9.0")
        yield


@pytest.mark.parametrize("motor", MOTORER)
def test_ny_forskrift_gjelder_begge_tjenester_fra_nyttaar(
    motor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            with _foer_endringen(monkeypatch):
                langtid = await m.ny_sak(m.v.ident("gammelt-og-nytt-navn"), LANGTID)
                bistand = await m.ny_sak(m.v.ident(BEREGNET), BEGGE_AAR)
            assert {ny["beregning"]["tilstand"] for ny in (langtid, bistand)} == {"BEREGNET"}
            # One made under the rules of now is not calculated at all.
            await m.ny_sak(m.v.ident("uskiftet-bo"), LANGTID)
            spurt = await _oppslag(m)

            toerr = await m.toerr(Masseslag.NY_FORSKRIFT)
            assert f"{toerr.virkning_fra}" == "2025-01-01"
            assert _stand(toerr) == ({"ENDRET": 1}, 2)
            rad = await _raden(m, toerr)
            lest = les_radinnhold(rad.innhold)
            assert rad.sak_id == UUID(langtid["sak"]["id"])
            assert lest.foer is not None
            assert lest.etter is not None
            assert lest.foer.keys() == lest.etter.keys()
            assert all(lest.foer[maaned] < lest.etter[maaned] for maaned in lest.foer)
            assert await _oppslag(m) == spurt, "bare kjøringen 1. januar slår opp"

            await m.kjoer(toerr.id)
            rad = await _raden(m, toerr)
            assert rad.etter_id is not None
            async with m.v.arkiv.les(FJORDVIK) as lager:
                ny = await lager.beregninger.hent(rad.etter_id)
            assert ny is not None
            assert ny.versjoner.regelversjon == REGELVERSJON
            assert ny.egenandel_aar_oere == sum(lest.etter.values())
            midt = await m.beregninger()
            igjen = await m.toerr(Masseslag.NY_FORSKRIFT)
            assert _stand(igjen) == ({}, 3)
            await m.kjoer(igjen.id)
            assert await m.beregninger() == midt

    asyncio.run(alt())


def test_en_toerrkjoering_under_de_gamle_reglene_kan_ikke_kjoeres(monkeypatch: pytest.MonkeyPatch) -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            with _foer_endringen(monkeypatch):
                await m.ny_sak(m.v.ident("enslig-pensjonist"), LANGTID)
                toerr = await m.toerr(Masseslag.NY_FORSKRIFT)
            foer = await m.beregninger()
            with pytest.raises(KonfliktError) as feil:
                await m.kjoer(toerr.id)
            assert feil.value.hva is Konflikt.MASSEKJOERING_FORELDET
            assert await m.beregninger() == foer

    asyncio.run(alt())


def test_nyeste_beregning_er_hel_men_en_eldre_ble_aldri_ferdig() -> None:
    """The older one holds for the start of the year and never came to an amount: the case is left out, not the run."""
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            partner = {
                "person": {"personidentifikator": m.v.ident("ks-langtid-partner")},
                "relasjon": "SAMBOER",
            }
            person = {"personidentifikator": m.v.ident("enslig-pensjonist")}
            alene = {"tjeneste": LANGTID["tjeneste"], "person": person, "opphold": LANGTID["opphold"]}
            with regn_med(satser_foer()):
                ny = await m.ny_sak(m.v.ident("enslig-pensjonist"), {**LANGTID, "husstand": [partner]})
                sak = f"/api/v1/saker/{ny['sak']['id']}"
                endret = await m.v.kall("PUT", sak, alene, hoder={"If-Match": '"1"'})
                hel = await m.v.post(f"{sak}/beregninger", {"aar": AAR, "virkningFra": f"{AAR}-07-01"})
            assert (ny["beregning"]["tilstand"], endret.status_code) == ("UFULLSTENDIG", 200), endret.text
            assert (hel.status_code, hel.json()["tilstand"]) == (201, "BEREGNET"), hel.text
            rad = await _raden(m, await m.toerr())
            assert (rad.utfall, rad.foer_id) == ("KAN_IKKE_BEREGNES", UUID(hel.json()["id"]))

    asyncio.run(alt())
