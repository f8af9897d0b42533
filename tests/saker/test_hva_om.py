"""A budget on assumed rates: the sums of what each case would come to, nothing stored, and never like the real thing."""

import asyncio
from typing import Final

import pytest

from app.calc.satser import regn_med
from app.calc.satser.antatte import antatte_satser, les_antakelser
from app.sandbox.standard import FJORDVIK
from tests.baser import MOTORER, ny_database
from tests.saker.masseverden import LANGTID, masseverden
from tests.services.personvern.alt_lagret import alt_lagret

OENSKE: Final = {"aar": 2025, "satser": [{"id": "grunnbeloep", "gjelderFra": "2025-05-01", "verdi": 150_000}]}
TOML: Final = '[[sats]]\nid = "grunnbeloep"\ngjelder_fra = 2025-05-01\nverdi = 150000\n'


@pytest.mark.parametrize("motor", MOTORER)
def test_budsjettet_er_summen_av_det_hver_sak_ville_kostet(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            flokk = m.v.sandkasse.befolkning.flokk
            foer = etter = klare = 0
            for nummer in range(6):
                ny = (await m.ny_sak(flokk.ident(nummer), LANGTID))["beregning"]
                if ny["tilstand"] != "BEREGNET":
                    continue
                klare, foer = klare + 1, foer + ny["egenandelAar"]
                with regn_med(antatte_satser(les_antakelser(TOML))):
                    antatt = await m.v.post(f"/api/v1/saker/{ny['sakId']}/beregninger", {"aar": 2025})
                etter += antatt.json()["egenandelAar"]
                # What is kept last is what the budget starts from: the real one again.
                await m.v.post(f"/api/v1/saker/{ny['sakId']}/beregninger", {"aar": 2025})
            stod = await alt_lagret(m.v.arkiv.database, FJORDVIK)
            svar = await m.v.post("/api/v1/hva-om", OENSKE)
            assert svar.status_code == 200, svar.text
            ut = svar.json()
            assert (ut["saker"], ut["utelatt"]) == (klare, 6 - klare)
            assert (ut["foer"], ut["etter"], ut["endring"]) == (foer, etter, etter - foer)
            assert etter < foer
            assert ut["betalerMindre"] + ut["betalerMer"] + ut["uendret"] == klare
            assert sum(en["saker"] for en in ut["fordeling"]) == klare
            (sted,) = ut["institusjoner"]
            assert (sted["navn"], sted["saker"], sted["etter"]) == ("solbakken", klare, etter)
            assert ut["antatt"] is True
            assert ut["satsversjon"].startswith("antatt-")
            assert "ikke er vedtatt" in ut["merke"]
            # Only that somebody asked is noted.
            naa = await alt_lagret(m.v.arkiv.database, FJORDVIK)
            endret = {tabell for tabell, kolonne in naa if naa[tabell, kolonne] != stod[tabell, kolonne]}
            assert endret == {"revisjon", "revisjon_hode"}

    asyncio.run(alt())


def test_neste_aar_med_satser_ingen_har_vedtatt() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            ny = await m.ny_beregnet_sak({**LANGTID, "beregning": {"aar": 2026}})
            neste = {"aar": 2027, "byggerPaa": 2026}
            assert (await m.v.post("/api/v1/hva-om", neste)).json()["saker"] == 0
            ut = (await m.v.post("/api/v1/hva-om", {**neste, "videreforerTil": "2027-12-31"})).json()
            assert (ut["saker"], ut["foer"] > 0) == (1, True)
            assert ut["foer"] == ny["beregning"]["egenandelAar"]

    asyncio.run(alt())


def test_sats_som_ikke_finnes_avvises() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with masseverden(base) as m:
            rente = {"id": "rente", "gjelderFra": "2025-01-01", "verdi": 1}
            svar = await m.v.post("/api/v1/hva-om", {"aar": 2025, "satser": [rente]})
            assert (svar.status_code, svar.json()["errors"][0]["pointer"]) == (422, "/satser")

    asyncio.run(alt())
