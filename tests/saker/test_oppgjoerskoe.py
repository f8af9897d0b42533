"""Years that can be settled, in bulk: what it comes to, what stands in the way, and who still waits."""

import asyncio
from typing import Any, Final
from uuid import UUID

import pytest

from app.sandbox.standard import FJORDVIK
from tests.baser import MOTORER, ny_database
from tests.saker.verden import Verden, tjeneste

AAR: Final = 2025
KOE: Final = "/api/v1/etteroppgjoerskoe"


async def _sak(v: Verden, kallenavn: str, **vedtak: Any) -> tuple[str, str]:
    """A case with its calculation of the year, and a decision unless ``fra`` is none."""
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": v.ident(kallenavn)},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": AAR},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    sak, beregning = svar.json()["sak"]["id"], svar.json()["beregning"]["id"]
    if vedtak:
        ny = {"beregningId": beregning, **vedtak}
        fattet = await v.post(f"/api/v1/saker/{sak}/vedtak", ny)
        assert fattet.status_code == 201, fattet.text
    return sak, beregning


async def _koe(v: Verden) -> dict[str, Any]:
    svar = await v.les(f"{KOE}?aar={AAR}")
    assert svar.status_code == 200, svar.text
    return {en["sakId"]: en for en in svar.json()["elementer"]}


async def _oppgjorte(v: Verden, sak: str) -> int:
    async with v.arkiv.les(FJORDVIK) as lager:
        return len(await lager.etteroppgjoer.for_sak(UUID(sak)))


@pytest.mark.parametrize("motor", MOTORER)
def test_koen_fra_vist_til_gjort_opp(motor: str) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with tjeneste(base) as v:
            # Charged from March only: January and February are owed.
            skylder, beregning = await _sak(v, "gammelt-og-nytt-navn", fra="2025-03-01")
            uten_vedtak, _ = await _sak(v, "livsvarig-afp")
            await _sak(v, "uten-oppgjoer", fra="2025-01-01")
            koe = await _koe(v)
            assert set(koe) == {skylder, uten_vedtak}
            en = koe[skylder]
            maaneder = {rad["maaned"]: rad["differanse"] for rad in en["maaneder"] if rad["differanse"]}
            assert (en["status"], en["retning"], en["beregningId"]) == ("KLAR", "SKYLDIG", beregning)
            assert set(maaneder) == {"2025-01", "2025-02"}
            assert en["sum"] == sum(maaneder.values()) > 0
            assert (koe[uten_vedtak]["status"], koe[uten_vedtak]["sum"]) == ("MAA_VURDERES", None)
            assert "fakturert" in koe[uten_vedtak]["tekst"]

            toerr = (await v.post(KOE, {"aar": AAR})).json()
            assert [rad["sakId"] for rad in toerr["gjortOpp"]] == [skylder]
            assert [rad["sakId"] for rad in toerr["utelatt"]] == [uten_vedtak]
            assert (toerr["skyldig"], toerr["tilGode"], await _oppgjorte(v, skylder)) == (en["sum"], 0, 0)

            ekte = (await v.post(KOE, {"aar": AAR, "toerr": False})).json()
            assert {**ekte, "toerr": True} == toerr
            assert await _oppgjorte(v, skylder) == 1
            assert set(await _koe(v)) == {uten_vedtak}
            igjen = (await v.post(KOE, {"aar": AAR, "toerr": False})).json()
            assert (igjen["gjortOpp"], await _oppgjorte(v, skylder)) == ([], 1)

    asyncio.run(alt())


def test_doedsbo_er_merket_og_fristen_er_kommunens_valg() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            sak, _ = await _sak(v, "gammelt-og-nytt-navn", fra="2025-01-01")
            slutt = {"dato": "2026-02-03", "grunn": "DOED"}
            svar = await v.post(f"/api/v1/saker/{sak}/avslutning", slutt, hoder={"If-Match": '"1"'})
            assert svar.status_code == 200, svar.text
            en = (await _koe(v))[sak]
            assert en["doedsdato"] == "2026-02-03"
            assert "Forskriften sier ikke" in en["doedsbo"]

    asyncio.run(alt())


def test_uten_oppgjoer_viser_dem_med_vedtak_og_hva_skatteetaten_svarte() -> None:
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            venter, _ = await _sak(v, "uten-oppgjoer", fra="2025-01-01")
            await _sak(v, "gammelt-og-nytt-navn", fra="2025-01-01")
            await _sak(v, "livsvarig-afp")
            (en,) = (await v.les(f"/api/v1/uten-oppgjoer?aar={AAR}")).json()["elementer"]
            assert (en["sakId"], en["svar"]) == (venter, "IKKE_OPPGJOER_ENNAA")
            assert en["sistSpurt"]

    asyncio.run(alt())
