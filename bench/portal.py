"""What a page of the portal takes on the server, the same page again and again: processor time and wall clock.

Run as ``python -m bench.portal [--krev]``. The service is in this process, and so is the browser's side of it, which is
counted too. On PostgreSQL the processor time of the database is not.
"""

import asyncio
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, Final

from app.api.eksempler_saker import EKTEPAR
from app.services.tilgang import Rolle
from bench.maaling import Resultat, krev_er_bedt_om, skriv
from tests.baser import MOTORER, ny_database
from tests.portal.saker import MED_BELOEP, UTEN_BELOEP, enslig, ny
from tests.portal.verden import Nettleser, nettleser, portal
from tests.saker.historie import med_inntekt
from tests.saker.verden import Verden

RUNDER: Final = 60
OPPVARMING: Final = 5
P95_MS: Final = 100.0
BEREGNINGER: Final = 12
"""In the case that is shown: more than most cases ever get."""

_API: Final = "/api/v1/saker"
_MS: Final = 1_000
_P95: Final = 94
_DEL: Final = {"hx-request": "true"}


@dataclass(frozen=True, slots=True)
class Side:
    """A page that is measured.

    Attributes:
        navn: what it is.
        sti: where.
        del_: whether only a part of it is asked for.
    """

    navn: str
    sti: str
    del_: bool = False


async def _sak(verden: Verden, innhold: Any) -> tuple[str, str]:
    """A case with a year of work in it: calculations, a manual post, decisions and a settlement."""
    svar = await ny(verden, innhold)
    sak_id, aar = svar["sak"]["id"], svar["beregning"]["aar"]
    sti = f"{_API}/{sak_id}"
    post = {"felt": "/inntekter/renteinntekt", "beloep": 40000, "begrunnelse": "rettet oppgave"}
    await _ok(verden, f"{sti}/manuelle-poster", {"aar": aar, "oppgitteBeloep": [post]})
    siste = svar["beregning"]["id"]
    for _ in range(BEREGNINGER):
        siste = (await _ok(verden, f"{sti}/beregninger", {"aar": aar}))["id"]
    await _ok(verden, f"{sti}/vedtak", {"beregningId": svar["beregning"]["id"], "fra": f"{aar}-01-01"})
    return sak_id, siste


async def _plassert(verden: Verden, innhold: Any) -> Any:
    """A case with all its posts placed: the largest tree the sandbox gives."""
    svar = await ny(verden, innhold)
    sti, aar = f"{_API}/{svar['sak']['id']}", svar["beregning"]["aar"]
    plasseringer = [
        {
            "noekkel": aapen["noekkel"],
            "som": aapen["kanPlasseresSom"][0],
            "begrunnelse": "avklart",
            "person": {"personId": aapen["personId"]},
        }
        for aapen in svar["beregning"]["aapne"]
    ]
    await _ok(verden, f"{sti}/manuelle-poster", {"aar": aar, "plasseringer": plasseringer})
    return {**svar, "beregning": await _ok(verden, f"{sti}/beregninger", {"aar": aar})}


async def _ok(verden: Verden, sti: str, inn: Any) -> Any:
    svar = await verden.post(sti, inn)
    if svar.status_code != 201:
        raise RuntimeError(f"{svar.status_code} fra {sti.rpartition('/')[2]}")
    return svar.json()


async def _sidene(verden: Verden) -> list[Side]:
    alle = {
        navn: await ny(verden, lag(verden))
        for navn, lag in {**MED_BELOEP, **UTEN_BELOEP}.items()
        if lag is not enslig
    }
    sak_id, beregning = await _sak(verden, enslig(verden))
    tungt = await _plassert(verden, EKTEPAR)
    sti, egen = f"/saker/{sak_id}", f"/saker/{sak_id}/beregninger/{beregning}"
    oppgjort = await _ok(verden, f"{_API}/{sak_id}/etteroppgjoer", {"aar": 2025})
    tung = f"/saker/{tungt['sak']['id']}/beregninger/{tungt['beregning']['id']}"
    return [
        Side("Startsiden", "/"),
        Side("Sakene", "/saker"),
        Side(f"Saken, {BEREGNINGER + 1} beregninger", f"{sti}?aar=2025"),
        Side("Saken, ektepar med månedsinntekt", f"/saker/{tungt['sak']['id']}"),
        Side("Saken, korttid", f"/saker/{alle['korttid']['sak']['id']}?aar=2025"),
        Side("Saken, praktisk bistand", f"/saker/{alle['praktisk bistand']['sak']['id']}"),
        Side("Saken, ufullstendig", f"/saker/{alle['skjermet']['sak']['id']}?aar=2025"),
        Side("Beregningen", egen),
        Side("Hvorfor, ett beløp", f"{egen}/hvorfor/par_3.maaned@2025-05", del_=True),
        Side("Hvorfor, hele treet for ekteparet", f"{tung}/hvorfor"),
        Side("Beregningene", f"{sti}/beregninger"),
        Side("To beregninger side om side", f"{egen}/mot/{await _forrige(verden, sak_id)}"),
        Side("Etterprøving", f"{egen}/etterproeving"),
        Side("Ny sak", "/saker/ny"),
        Side("Endre saken", f"{sti}/endre?aar=2025"),
        Side("Poster og beløp, ekteparet", f"/saker/{tungt['sak']['id']}/poster"),
        Side("Skjemaet for vedtak", f"{sti}/vedtak/nytt?beregning={beregning}"),
        Side("Vedtakene", f"{sti}/vedtak"),
        Side("Etteroppgjøret", f"{sti}/etteroppgjoer/{oppgjort['id']}"),
        Side("Døgnregisteret", f"/saker/{alle['korttid']['sak']['id']}/doegnregister?aar=2025"),
        Side("Historien", f"{sti}/historie"),
        Side("Det som er hentet", f"{sti}/grunnlag"),
        Side("En paragraf", "/regler/3"),
        Side("Køen av etteroppgjør", "/etteroppgjoer"),
        Side("De som mangler oppgjør", "/etteroppgjoer/uten"),
        Side("Massekjøringene", "/massekjoeringer"),
        Side("Avstemmingene", "/avstemminger"),
        Side("Arbeid som står", "/drift/arbeid"),
        Side("Kommunens oppsett", "/oppsett"),
        Side("Hendelsesregisteret", "/hendelsesregister"),
        Side("Webhookene", "/webhooker"),
    ]


async def _forrige(verden: Verden, sak_id: str) -> str:
    svar = (await verden.les(f"{_API}/{sak_id}/beregninger")).json()
    foerste: str = svar["elementer"][0]["id"]
    return foerste


async def _maal(leser: Nettleser, side: Side) -> tuple[list[float], list[float]]:
    """Processor time and wall clock of each time, milliseconds."""
    kjerne, vegg = [], []
    for runde in range(OPPVARMING + RUNDER):
        start, brukt = perf_counter(), process_time()
        svar = await leser.aapne(side.sti, headers=_DEL if side.del_ else {})
        if svar.status_code != 200:
            raise RuntimeError(f"{svar.status_code}: {side.navn}")
        if runde >= OPPVARMING:
            kjerne.append((process_time() - brukt) * _MS)
            vegg.append((perf_counter() - start) * _MS)
    return kjerne, vegg


async def _alle(database: str, motor: str) -> list[Resultat]:
    resultater = []
    async with (
        portal(database, skatteetaten=med_inntekt()) as verden,
        nettleser(verden, Rolle.LEDER) as leser,
    ):
        for side in await _sidene(verden):
            kjerne, vegg = await _maal(leser, side)
            p95 = quantiles(kjerne, n=100)[_P95]
            ut = f"{side.navn}, {motor}: kjernetid p95 (median {median(kjerne):.1f}, vegg p95 {quantiles(vegg, n=100)[_P95]:.1f})"
            resultater.append(Resultat(ut, p95, "ms", hoeyst=P95_MS))
    return resultater


def main() -> None:
    """Measure and print."""
    krev = krev_er_bedt_om(__doc__ or "")
    databaser = {motor: ny_database(motor) for motor in MOTORER}
    resultater = [en for motor, url in databaser.items() for en in asyncio.run(_alle(url, motor))]
    skriv(resultater, krev)


if __name__ == "__main__":
    main()
