"""A stay seldom begins on the first: the year can be settled when the first decision begins within a month."""

import asyncio

import pytest

from app.api.eksempler_saker import KS_PAR
from tests.baser import ny_database
from tests.saker.verden import tjeneste


@pytest.mark.parametrize(
    ("fra", "ikke_krevd"),
    [("2023-01-15", 0), ("2023-03-01", 2), ("2023-03-15", 2)],
)
def test_etteroppgjoer_naar_foerste_vedtak_begynner_i_maaneden(fra: str, ikke_krevd: int) -> None:
    """Months before the decision were never charged; the month it begins in is charged as it says."""
    base = ny_database("sqlite")

    async def alt() -> None:
        async with tjeneste(base) as v:
            ny = (await v.post("/api/v1/saker", KS_PAR)).json()
            sak, beregning = f"/api/v1/saker/{ny['sak']['id']}", ny["beregning"]
            vedtak = await v.post(f"{sak}/vedtak", {"beregningId": beregning["id"], "fra": fra})
            assert len(vedtak.json()["maaneder"]) == 12 - ikke_krevd
            svar = await v.post(f"{sak}/etteroppgjoer", {"aar": 2023})
            assert svar.status_code == 201, svar.text
            aaret = [maaned["egenandel"] for maaned in beregning["resultat"]["maaneder"]]
            assert svar.json()["resultat"]["sum"] == sum(aaret[:ikke_krevd])

    asyncio.run(alt())
