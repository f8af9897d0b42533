"""A new G over every case of a kommune: dry, for real, once more, undone, and broken off on the way.

The cases are calculated while G is as if it had not been raised in May 2025; the run meets the real one.
"""

import asyncio
from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest

from app.calc.kontrakt.json_tekst import les_json
from app.calc.satser import regn_med
from app.db.lager.beregninger import Beregning
from app.db.lager.massekjoeringer import Massekjoering, Massetilstand
from app.sandbox.standard import FJORDVIK
from app.services.masse import kjoer, toerr
from app.services.masse.bestilling import NyMassekjoering, bestill, bestill_kjoering
from app.services.masse.rad import Masseutfall
from app.services.masse.radinnhold import les_radinnhold
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.masse.stand import les_stand
from app.services.sak.beregninger import etterproevd
from app.services.sak.feil import Konflikt, KonfliktError
from app.services.sak.rader import Sakstjeneste
from tests.baser import MOTORER, ny_database
from tests.saker.masseverden import BISTAND, LANGTID, Masseverden, leder, masseverden, satser_foer

MAI: Final = "2025-05"
PENSJONIST, KS_BEBOER = "04817209888", "27847009441"


async def _to_saker(m: Masseverden) -> tuple[dict[str, Any], dict[str, Any]]:
    """One case the new G concerns, and one of practical help that it does not."""
    with regn_med(satser_foer()):
        langtid = await m.ny_sak(PENSJONIST, LANGTID)
    return langtid, await m.ny_sak(KS_BEBOER, BISTAND)


async def _lagret(m: Masseverden, id_: UUID) -> Beregning:
    async with m.v.arkiv.les(FJORDVIK) as lager:
        funnet = await lager.beregninger.hent(id_)
    assert funnet is not None
    return funnet


def _antall(kjoering: Massekjoering) -> dict[str, int]:
    return dict(les_stand(kjoering.innhold).antall)


@pytest.mark.parametrize("motor", MOTORER)
def test_ny_g_fra_toerrkjoering_til_angret(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            langtid, _ = await _to_saker(m)
            (sak, _), foer = m.saker, await m.beregninger()

            # Dry: the difference is shown, and nothing but the run is stored.
            toerr_ = await m.toerr()
            assert (toerr_.tilstand, toerr_.virkning_fra) == (Massetilstand.TOERRKJOERT, date(2025, 5, 1))
            (rad,) = (await m.rader(toerr_.id)).values()
            assert (rad.sak_id, rad.utfall, rad.etter_id) == (sak, Masseutfall.ENDRET, None)
            lest = les_radinnhold(rad.innhold)
            assert lest.foer is not None
            assert lest.etter is not None
            like = {maaned for maaned in lest.foer if lest.foer[maaned] == lest.etter[maaned]}
            assert like == {maaned for maaned in lest.foer if maaned < MAI}
            assert rad.endring_oere == sum(lest.etter.values()) - sum(lest.foer.values()) < 0
            vist = {
                en["maaned"]: en["egenandel"] * 100 for en in langtid["beregning"]["resultat"]["maaneder"]
            }
            assert lest.foer == vist
            assert await m.beregninger() == foer

            # For real: a calculation beside the old one, and a task.
            kjoert = await m.kjoer(toerr_.id)
            assert (kjoert.tilstand, _antall(kjoert)) == (Massetilstand.KJOERT, {"KJOERT": 1})
            (rad,) = (await m.rader(toerr_.id)).values()
            assert rad.etter_id is not None
            ny = await _lagret(m, rad.etter_id)
            assert (ny.av, ny.sak_id, ny.egenandel_aar_oere) == (
                "system:masse",
                sak,
                sum(lest.etter.values()),
            )
            assert etterproevd(ny, Sakstjeneste.LANGTIDSOPPHOLD).lik
            gammel = await _lagret(m, foer[sak][0])
            assert (ny.inn, ny.kilder, ny.grunnlag) == (gammel.inn, gammel.kilder, gammel.grunnlag)
            assert await _aapne(m) == {sak: ny.id}

            # Again: nothing is written.
            midt = await m.beregninger()
            igjen = await m.toerr()
            assert (_antall(igjen), les_stand(igjen.innhold).uendret) == ({}, 1)
            await m.kjoer(igjen.id)
            assert (await m.beregninger(), await m.rader(igjen.id)) == (midt, {})

            # Undone: the task is closed, and the next run does not build on what was undone.
            assert _antall(await m.angre(toerr_.id)) == {"ANGRET": 1}
            assert await _aapne(m) == {}
            (rad,) = (await m.rader((await m.toerr()).id)).values()
            assert (rad.foer_id, rad.utfall) == (foer[sak][0], Masseutfall.ENDRET)

    asyncio.run(alt())


async def _aapne(m: Masseverden) -> dict[UUID, UUID]:
    """The case of each open task, with the calculation it names."""
    async with m.v.arkiv.les(FJORDVIK) as lager:
        alle = await lager.masseoppgaver.aapne("MASSEKJOERING", 2025, m.saker)
    return {sak_id: UUID(les_json(innhold)["beregninger"][-1]) for sak_id, innhold in alle.items()}


@pytest.mark.parametrize("motor", MOTORER)
def test_det_noen_har_avgjort_kan_ikke_angres(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            await _to_saker(m)
            toerr_ = await m.toerr()
            await m.kjoer(toerr_.id)
            (rad,) = (await m.rader(toerr_.id)).values()
            eldre = {"beregningId": str(rad.foer_id), "fra": "2025-01-01", "til": "2025-04-30"}
            svar = await m.v.post(f"/api/v1/saker/{rad.sak_id}/vedtak", eldre)
            assert svar.status_code == 201, svar.text
            assert list(await _aapne(m)) == [rad.sak_id], "vedtaket er på det som var før kjøringen"
            vedtak = {"beregningId": str(rad.etter_id), "fra": "2025-05-01"}
            svar = await m.v.post(f"/api/v1/saker/{rad.sak_id}/vedtak", vedtak)
            assert svar.status_code == 201, svar.text
            assert _antall(await m.angre(toerr_.id)) == {"KAN_IKKE_ANGRES": 1}
            assert await _aapne(m) == {}, "vedtaket er det oppgaven ba om"
            assert (await m.rader((await m.toerr()).id)) == {}

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_sak_som_er_beregnet_siden_toerrkjoeringen_kjoeres_ikke(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            await _to_saker(m)
            toerr_ = await m.toerr()
            sak = m.saker[0]
            svar = await m.v.post(f"/api/v1/saker/{sak}/beregninger", {"aar": 2025})
            assert svar.status_code == 201, svar.text
            foer = await m.beregninger()
            assert _antall(await m.kjoer(toerr_.id)) == {"FORELDET": 1}
            assert (await m.beregninger(), await _aapne(m)) == (foer, {})

    asyncio.run(alt())


UTELATT: Final = [
    ("INGEN_BEREGNING", {**LANGTID, "beregning": {"aar": 2024}}),
    # Nobody has said what the partner's etterlattepensjon would be.
    (
        "UFULLSTENDIG",
        {
            **LANGTID,
            "husstand": [{"person": {"personidentifikator": KS_BEBOER}, "relasjon": "SAMBOER"}],
        },
    ),
]


@pytest.mark.parametrize(("utfall", "innhold"), UTELATT)
def test_sak_som_ikke_kan_regnes_om_staar_som_unntak_med_grunn(utfall: str, innhold: Any) -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            await m.ny_sak(PENSJONIST, innhold)
            (rad,) = (await m.rader((await m.toerr()).id)).values()
            assert (rad.utfall, rad.endring_oere, les_radinnhold(rad.innhold).etter) == (utfall, None, None)
            assert les_radinnhold(rad.innhold).tekst

    asyncio.run(alt())


@pytest.mark.parametrize(("dato", "ventet"), [("2025-08-12", {"AVSLUTTET": 1}), ("2025-04-30", {})])
def test_avsluttet_sak_staar_som_unntak_naar_den_gjaldt_etter_dagen(
    dato: str, ventet: dict[str, int]
) -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            await m.ny_sak(PENSJONIST, LANGTID)
            slutt = {"dato": dato, "grunn": "DOED"}
            svar = await m.v.kall(
                "POST", f"/api/v1/saker/{m.saker[0]}/avslutning", slutt, hoder={"If-Match": '"1"'}
            )
            assert svar.status_code == 200, svar.text
            assert _antall(await m.toerr()) == ventet

    asyncio.run(alt())


@pytest.mark.parametrize("motor", MOTORER)
def test_stans_midt_i_gir_ingen_sak_to_ganger_og_ingen_utelatt(
    motor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Portions of one case, and a process that dies before every other commit and after every third."""
    monkeypatch.setattr(toerr, "PORSJON", 1)
    monkeypatch.setattr(kjoer, "PORSJON", 1)
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            identer = [m.v.sandkasse.befolkning.flokk.ident(nummer) for nummer in range(6)]
            with regn_med(satser_foer()):
                for ident in identer:
                    await m.ny_sak(ident, LANGTID)
            toerr_ = await _ustoe(m, await _bestilt(m))
            ventet = set(await m.rader(toerr_.id))
            assert ventet == set(await m.rader((await m.toerr()).id))
            await _ustoe_kjoering(m, toerr_.id)
            rader = await m.rader(toerr_.id)
            kjoert = {id_ for id_, rad in rader.items() if rad.utfall == Masseutfall.KJOERT}
            assert kjoert
            etter = await m.beregninger()
            assert {id_ for id_, alle in etter.items() if len(alle) == 2} == kjoert
            assert all(len(alle) <= 2 for alle in etter.values())
            assert set(await _aapne(m)) == kjoert

    asyncio.run(alt())


async def _bestilt(m: Masseverden) -> UUID:
    async with m.v.arkiv.skriv(FJORDVIK) as lager:
        return (await bestill(lager, leder(m.v), NyMassekjoering(slag=Masseslag.NY_G, aar=2025))).id


async def _ustoe(m: Masseverden, id_: UUID) -> Massekjoering:
    """Carry on, told to stop at a different place every time."""
    for skritt in range(1, 400):
        oppgave = asyncio.ensure_future(m.gaa(id_, Regnere(0)))
        for _ in range(skritt * 5):
            await asyncio.sleep(0.001)
            if oppgave.done():
                return oppgave.result()
        oppgave.cancel()
        await asyncio.wait([oppgave])
    raise AssertionError("kjøringen ble aldri ferdig")


async def _ustoe_kjoering(m: Masseverden, id_: UUID) -> None:
    async with m.v.arkiv.skriv(FJORDVIK) as lager:
        await bestill_kjoering(lager, leder(m.v), id_)
    await _ustoe(m, id_)


@pytest.mark.parametrize("motor", MOTORER)
def test_to_som_arbeider_samtidig_lagrer_hver_sak_en_gang(
    motor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toerr, "PORSJON", 1)
    monkeypatch.setattr(kjoer, "PORSJON", 1)
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            with regn_med(satser_foer()):
                for nummer in range(4):
                    await m.ny_sak(m.v.sandkasse.befolkning.flokk.ident(nummer), LANGTID)
            id_ = await _bestilt(m)
            await asyncio.gather(*(m.gaa(id_) for _ in range(3)))
            async with m.v.arkiv.skriv(FJORDVIK) as lager:
                await bestill_kjoering(lager, leder(m.v), id_)
            await asyncio.gather(*(m.gaa(id_) for _ in range(3)))
            alle = await m.beregninger()
            kjoert = [id_ for id_, rad in (await m.rader(id_)).items() if rad.utfall == Masseutfall.KJOERT]
            assert kjoert
            assert sum(len(en) for en in alle.values()) == len(m.saker) + len(kjoert)

    asyncio.run(alt())


def test_toerrkjoering_kan_ikke_kjoeres_etter_at_oppsettet_er_endret() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            await _to_saker(m)
            toerr_ = await m.toerr()
            oppsett = (await m.v.les("/api/v1/kommune/oppsett")).json()
            hode = {"If-Match": f'"{oppsett["versjon"]}"'}
            svar = await m.v.kall("PUT", "/api/v1/kommune/oppsett", oppsett["oppsett"], hoder=hode)
            assert svar.status_code == 200, svar.text
            with pytest.raises(KonfliktError) as feil:
                await m.kjoer(toerr_.id)
            assert feil.value.hva is Konflikt.MASSEKJOERING_FORELDET

    asyncio.run(alt())


def test_nytt_aar_regner_fra_det_som_er_lagret_uten_aa_spoerre() -> None:
    """2026 from the settlement kept for 2025's case; December 2025 is what it is compared with."""
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            ny = await m.ny_beregnet_sak(LANGTID)
            desember = ny["beregning"]["resultat"]["maaneder"][-1]["egenandel"] * 100
            kjoering = await m.toerr(Masseslag.NYTT_AAR, 2026)
            rad = (await m.rader(kjoering.id))[UUID(ny["sak"]["id"])]
            lest = les_radinnhold(rad.innhold)
            assert (rad.utfall, rad.foer_id) == (Masseutfall.NY, None)
            assert lest.foer is not None
            assert set(lest.foer.values()) == {desember}
            kjoert = await m.kjoer(kjoering.id)
            assert _antall(kjoert)["KJOERT"] == 1
            igjen = await m.toerr(Masseslag.NYTT_AAR, 2026)
            assert UUID(ny["sak"]["id"]) not in await m.rader(igjen.id)

    asyncio.run(alt())
