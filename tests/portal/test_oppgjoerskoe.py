"""The queue of settlements in the portal: shown, shown in sum, and settled only as it was shown."""

import re
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from app.portal.ramme.visning import kr
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

AAR: Final = 2025
motorer = pytest.mark.parametrize("motor", MOTORER)


async def _sak(v: Verden, kallenavn: str, **vedtak: Any) -> tuple[str, str]:
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": v.ident(kallenavn), "navn": f"Prøve {kallenavn.title()}"},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": AAR},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    sak, beregning = svar.json()["sak"]["id"], svar.json()["beregning"]["id"]
    if vedtak:
        fattet = await v.post(f"/api/v1/saker/{sak}/vedtak", {"beregningId": beregning, **vedtak})
        assert fattet.status_code == 201, fattet.text
    return sak, beregning


async def _oppgjorte(v: Verden, sak: str) -> int:
    async with v.arkiv.les(FJORDVIK) as lager:
        return len(await lager.etteroppgjoer.for_sak(UUID(sak)))


def _skjult(svar: httpx2.Response) -> dict[str, Any]:
    """The hidden fields of the form that settles."""
    felt: dict[str, Any] = dict(re.findall(r'name="(aar|avtrykk)" value="([^"]*)"', svar.text))
    felt["sak"] = re.findall(r'name="sak" value="([^"]*)"', svar.text)
    return felt


def _flatt(svar: httpx2.Response) -> str:
    return tekst(svar).replace("\u00a0", " ")


@motorer
def test_det_som_gjoeres_opp_er_det_som_ble_vist(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        skylder, _ = await _sak(v, "gammelt-og-nytt-navn", fra="2025-03-01")
        uten_vedtak, _ = await _sak(v, "livsvarig-afp")
        async with nettleser(v) as leser:
            koe = await leser.aapne(f"/etteroppgjoer?aar={AAR}")
            assert "Prøve Gammelt-Og-Nytt-Navn" in tekst(koe)
            assert "Må vurderes" in tekst(koe)
            fra_api = (await v.les(f"/api/v1/etteroppgjoerskoe?aar={AAR}")).json()["elementer"]
            sum_ = next(Decimal(str(en["sum"])) for en in fra_api if en["sakId"] == skylder)
            assert f"{kr(sum_)} å kreve".replace("\u00a0", " ") in _flatt(koe)

            vist = await leser.send("/etteroppgjoer/samlet", {"aar": str(AAR)})
            assert "Hva etteroppgjøret for 2025 blir" in tekst(vist)
            skjult = _skjult(vist)
            assert skjult["sak"] == [skylder]
            assert await _oppgjorte(v, skylder) == 0

            # A decision is changed in the meantime: it is shown again, and nothing is settled.
            annet = await leser.send("/etteroppgjoer/samlet", {**skjult, "avtrykk": "0" * 64})
            assert "Noe er endret siden det ble vist" in tekst(annet)
            assert await _oppgjorte(v, skylder) == 0

            ferdig = await leser.send("/etteroppgjoer/samlet", skjult)
            assert "er gjort" in tekst(ferdig)
            assert kr(sum_).replace("\u00a0", " ") in _flatt(ferdig)
            assert (await _oppgjorte(v, skylder), await _oppgjorte(v, uten_vedtak)) == (1, 0)
            # The same form once more settles nothing.
            await leser.send("/etteroppgjoer/samlet", skjult)
            assert await _oppgjorte(v, skylder) == 1

    i_portalen(motor, arbeid)


def test_doedsbo_er_merket() -> None:
    async def arbeid(v: Verden) -> None:
        sak, _ = await _sak(v, "gammelt-og-nytt-navn", fra="2025-01-01")
        slutt = {"dato": "2026-02-03", "grunn": "DOED"}
        svar = await v.post(f"/api/v1/saker/{sak}/avslutning", slutt, hoder={"If-Match": '"1"'})
        assert svar.status_code == 200, svar.text
        async with nettleser(v) as leser:
            side = tekst(await leser.aapne(f"/etteroppgjoer?aar={AAR}"))
            assert "Dødsbo" in side
            assert "Død 03.02.2026." in side
            assert "Forskriften sier ikke" in side

    i_portalen("sqlite", arbeid)


def test_listen_over_dem_som_venter() -> None:
    async def arbeid(v: Verden) -> None:
        await _sak(v, "uten-oppgjoer", fra="2025-01-01")
        await _sak(v, "gammelt-og-nytt-navn", fra="2025-01-01")
        async with nettleser(v) as leser:
            side = tekst(await leser.aapne(f"/etteroppgjoer/uten?aar={AAR}"))
            assert "Prøve Uten-Oppgjoer" in side
            assert "Oppgjøret er ikke kommet" in side
            assert "Gammelt" not in side
            assert (await leser.aapne("/etteroppgjoer/uten?aar=1999")).status_code == 404

    i_portalen("sqlite", arbeid)


def test_ingen_gjoer_opp_for_en_annen_kommune() -> None:
    async def arbeid(v: Verden) -> None:
        sak, _ = await _sak(v, "gammelt-og-nytt-navn", fra="2025-03-01")
        async with nettleser(v, Rolle.LEDER, SKOGLI) as leser:
            svar = await leser.send("/etteroppgjoer/samlet", {"aar": str(AAR), "sak": sak})
            assert svar.status_code == 404
            assert "Ingen år kan gjøres opp nå" in tekst(await leser.aapne(f"/etteroppgjoer?aar={AAR}"))
        assert await _oppgjorte(v, sak) == 0

    i_portalen("sqlite", arbeid)
