"""What lies on the office's desk: a mass run with its task, a queue, a reconciliation, stopped work, a webhook."""

from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest

from app.calc.satser import regn_med
from app.services.masse.slag import Masseslag
from app.services.tilgang import Rolle
from tests.portal.nettleser.vert import Vert
from tests.portal.test_avstemminger import _stoppet
from tests.portal.verden import nettleser
from tests.saker.masseverden import Masseverden, satser_foer
from tests.saker.verden import Verden

AAR: Final = 2025
_I_KOE: Final = "ufoer"
_I_KJOERING: Final = "livsvarig-afp"


@dataclass(frozen=True, slots=True)
class Kontoret:
    """The ids of what lies there."""

    kjoering: str
    avstemming: str
    webhook: str
    faktura: int

    def fyll(self, sti: str) -> str:
        """A path with the ids it names."""
        return sti.format(
            kjoering=self.kjoering,
            avstemming=self.avstemming,
            webhook=self.webhook,
            faktura=self.faktura,
        )


@pytest.fixture(scope="module")
def kontoret(vert: Vert) -> Kontoret:
    """Everything, once for the service."""
    return vert.gjoer(lambda: _fyll(vert))


async def _fyll(vert: Vert) -> Kontoret:
    transport = httpx2.ASGITransport(app=vert.verden.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://tjenesten") as klient:
        verden = Verden(vert.sandkasse, vert.verden.app, klient)
        await _i_koe(verden)
        kjoering = await _kjoering(verden)
        await _stoppet(verden)
        krok = await verden.post("/api/v1/webhooker", {"url": "https://fagsystem.example/krok", "typer": []})
        assert krok.status_code == 201, krok.text
        async with nettleser(verden, Rolle.DRIFT) as drift:
            avstemt = await drift.send("/avstemminger")
            assert avstemt.status_code == 303
        oppsett = (await verden.les("/api/v1/kommune/oppsett")).json()["oppsett"]
        maaned = oppsett["fakturagrunnlag"]["fraMaaned"]
        faktura = await verden.post("/api/v1/fakturagrunnlag", {"maaned": maaned})
        assert faktura.status_code == 201, faktura.text
    return Kontoret(
        kjoering, avstemt.headers["location"].rpartition("/")[2], krok.json()["id"], faktura.json()["nr"]
    )


async def _sak(verden: Verden, kallenavn: str) -> Any:
    svar = await verden.post(
        "/api/v1/saker",
        {
            "tjeneste": "LANGTIDSOPPHOLD",
            "person": {"personidentifikator": verden.ident(kallenavn), "navn": f"Prøve {kallenavn.title()}"},
            "opphold": [{"art": "LANGTID", "fra": "2023-03-01", "institusjon": "solbakken"}],
            "beregning": {"aar": AAR},
        },
    )
    assert svar.status_code == 201, svar.text
    return svar.json()


async def _i_koe(verden: Verden) -> None:
    """A year decided on and not settled."""
    sak = await _sak(verden, _I_KOE)
    inn = {"beregningId": sak["beregning"]["id"], "fra": f"{AAR}-01-01"}
    assert (await verden.post(f"/api/v1/saker/{sak['sak']['id']}/vedtak", inn)).status_code == 201


async def _kjoering(verden: Verden) -> str:
    """A mass run that found a difference, stored it and left a task."""
    with regn_med(satser_foer()):
        await _sak(verden, _I_KJOERING)
    masse = Masseverden(verden)
    toerr = await masse.toerr(Masseslag.NY_G, AAR)
    await masse.kjoer(toerr.id)
    return str(toerr.id)
