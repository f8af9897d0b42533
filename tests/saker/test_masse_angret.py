"""A calculation from a run that was undone: shown as it is, and nothing builds on it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.calc.satser import regn_med
from app.sandbox.standard import FJORDVIK
from app.services.masse.rad import angrede_i
from app.services.oppfoelging.sakene import les_foelgesak
from tests.baser import MOTORER, ny_database
from tests.saker.masseverden import AAR, LANGTID, Masseverden, masseverden, satser_foer

OPPGJORT = "gammelt-og-nytt-navn"
"""Someone whose settlement of the year has come."""


@dataclass(frozen=True, slots=True)
class Angret:
    """A case with a decision on its first calculation, and another that a run made and that was undone."""

    m: Masseverden
    sak: UUID
    foerste: UUID
    angret: UUID

    async def post(self, hva: str, kropp: Any) -> tuple[int, Any]:
        """Ask for something in the case."""
        svar = await self.m.v.post(f"/api/v1/saker/{self.sak}/{hva}", kropp)
        return svar.status_code, svar.json()


async def _angret(m: Masseverden) -> Angret:
    with regn_med(satser_foer()):
        ny = await m.ny_sak(m.v.ident(OPPGJORT), LANGTID)
    sak, foerste = ny["sak"]["id"], ny["beregning"]["id"]
    vedtak = {"beregningId": foerste, "fra": f"{AAR}-01-01"}
    assert (await m.v.post(f"/api/v1/saker/{sak}/vedtak", vedtak)).status_code == 201
    kjoering = await m.toerr()
    await m.kjoer(kjoering.id)
    await m.angre(kjoering.id)
    (rad,) = (await m.rader(kjoering.id)).values()
    assert (rad.utfall, rad.foer_id) == ("ANGRET", UUID(foerste))
    assert rad.etter_id is not None
    return Angret(m, UUID(sak), UUID(foerste), rad.etter_id)


async def _gjoeres_opp_med_den_foerste(a: Angret) -> None:
    status, svar = await a.post("etteroppgjoer", {"aar": AAR})
    assert (status, svar["beregningId"]) == (201, str(a.foerste))


async def _kan_ikke_gjoeres_opp(a: Angret) -> None:
    status, svar = await a.post("etteroppgjoer", {"aar": AAR, "beregningId": str(a.angret)})
    assert (status, svar["kode"], svar["gjelder"]) == (409, "beregning-angret", str(a.angret))


async def _kan_ikke_vedtas(a: Angret) -> None:
    (i_kraft,) = (await a.m.v.les(f"/api/v1/saker/{a.sak}/vedtak")).json()
    kropp = {"beregningId": str(a.angret), "fra": f"{AAR}-05-01", "erstatter": i_kraft["id"]}
    status, svar = await a.post("vedtak", kropp)
    assert (status, svar["kode"], svar["gjelder"]) == (409, "beregning-angret", str(a.angret))


async def _er_ikke_den_siste(a: Angret) -> None:
    async with a.m.v.arkiv.les(FJORDVIK) as lager:
        angrede = await angrede_i(lager, a.sak, a.sak)
        siste = await lager.beregninger.siste(a.sak, AAR, uten=angrede)
    assert angrede == {a.angret}
    assert siste is not None
    assert siste.id == a.foerste


async def _foelges_ikke_opp(a: Angret) -> None:
    async with a.m.v.arkiv.les(FJORDVIK) as lager:
        sak = await les_foelgesak(lager, a.sak)
    assert [en.id for en in sak.beregninger] == [a.foerste]


async def _vises(a: Angret) -> None:
    svar = await a.m.v.les(f"/api/v1/saker/{a.sak}/beregninger/{a.angret}")
    assert svar.status_code == 200
    assert await a.m.beregninger() == {a.sak: [a.foerste, a.angret]}


TILFELLER: list[Callable[[Angret], Awaitable[None]]] = [
    _gjoeres_opp_med_den_foerste,
    _kan_ikke_gjoeres_opp,
    _kan_ikke_vedtas,
    _er_ikke_den_siste,
    _foelges_ikke_opp,
    _vises,
]


@pytest.mark.parametrize("tilfelle", TILFELLER, ids=lambda en: en.__name__.strip("_"))
@pytest.mark.parametrize("motor", MOTORER)
def test_det_som_er_angret(motor: str, tilfelle: Callable[[Angret], Awaitable[None]]) -> None:
    base = ny_database(motor)

    async def alt() -> None:
        async with masseverden(base) as m:
            await tilfelle(await _angret(m))

    asyncio.run(alt())
