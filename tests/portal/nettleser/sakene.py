"""Cases for the browser, and the pages they give."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.portal import saker
from tests.portal.nettleser.vert import Vert
from tests.saker.historie import Json
from tests.saker.verden import Verden

_API: Final = "/api/v1/saker"


@dataclass(frozen=True, slots=True)
class Saker:
    """Paths of cases, and of what lies in them."""

    oppgjort: str
    vedtak: str
    etteroppgjoer: str
    gammel: str
    ny: str
    beregning: Json
    korttid: str
    bistand: str
    ukjent: str


@pytest.fixture(scope="module")
def sakene(vert: Vert) -> Iterator[Saker]:
    """A case with everything in it, and some of other kinds; ended afterwards, so that others may use the persons."""
    alle: list[str] = []

    def post(sti: str, inn: Any) -> Json:
        svar = vert.gjoer(lambda: vert.verden.post(sti, inn))
        assert svar.status_code == 201, svar.json()["detail"]
        lest: Json = svar.json()
        return lest

    def sak(lag: Callable[[Verden], Json]) -> Json:
        svar = post(_API, lag(vert.verden))
        alle.append(svar["sak"]["id"])
        return svar

    en = sak(saker.enslig)
    sti = f"{_API}/{en['sak']['id']}"
    vedtak = post(f"{sti}/vedtak", {"beregningId": en["beregning"]["id"], "fra": "2025-01-01"})
    beloep = {"felt": "/inntekter/renteinntekt", "beloep": 40000, "begrunnelse": "rettet oppgave"}
    vert.gjoer(lambda: vert.verden.post(f"{sti}/manuelle-poster", {"aar": 2025, "oppgitteBeloep": [beloep]}))
    nyere = post(f"{sti}/beregninger", {"aar": 2025})
    oppgjort = post(f"{sti}/etteroppgjoer", {"aar": 2025})
    yield Saker(
        oppgjort=f"/saker/{en['sak']['id']}",
        vedtak=vedtak["id"],
        etteroppgjoer=oppgjort["id"],
        gammel=en["beregning"]["id"],
        ny=nyere["id"],
        beregning=nyere,
        korttid=f"/saker/{sak(saker.korttid)['sak']['id']}",
        bistand=f"/saker/{sak(saker.bistand)['sak']['id']}",
        ukjent=f"/saker/{sak(saker.skjermet)['sak']['id']}",
    )
    for id_ in alle:
        _avslutt(vert, id_)


def _avslutt(vert: Vert, sak_id: str) -> None:
    sti = f"{_API}/{sak_id}"
    merke = vert.gjoer(lambda: vert.verden.les(sti)).headers["etag"]
    inn = {"dato": "2026-11-23", "grunn": "FEILREGISTRERT"}
    svar = vert.gjoer(lambda: vert.verden.post(f"{sti}/avslutning", inn, hoder={"If-Match": merke}))
    assert svar.status_code == 200, svar.text


I_SAKEN: Final[dict[str, Callable[[Saker], str]]] = {
    "saken": lambda s: f"{s.oppgjort}?aar=2025",
    "saken, uten beregning": lambda s: f"{s.oppgjort}?aar=2024",
    "korttid": lambda s: f"{s.korttid}?aar=2025",
    "praktisk bistand": lambda s: s.bistand,
    "ukjent": lambda s: f"{s.ukjent}?aar=2025",
    "beregningene": lambda s: f"{s.oppgjort}/beregninger",
    "beregningen": lambda s: f"{s.oppgjort}/beregninger/{s.ny}",
    "etterprøvingen": lambda s: f"{s.oppgjort}/beregninger/{s.ny}/etterproeving",
    "side om side": lambda s: f"{s.oppgjort}/beregninger/{s.ny}/mot/{s.gammel}",
    "ny beregning": lambda s: f"{s.oppgjort}/beregninger/ny",
    "hvorfor": lambda s: f"{s.oppgjort}/beregninger/{s.ny}/hvorfor",
    "hvorfor, ett beløp": lambda s: f"{s.oppgjort}/beregninger/{s.ny}/hvorfor/par_3.maaned@2025-05",
    "regel": lambda s: "/regler/3",
    "vedtakene": lambda s: f"{s.oppgjort}/vedtak",
    "vedtaket": lambda s: f"{s.oppgjort}/vedtak/{s.vedtak}",
    "nytt vedtak": lambda s: f"{s.oppgjort}/vedtak/nytt?beregning={s.ny}",
    "etteroppgjørene": lambda s: f"{s.oppgjort}/etteroppgjoer",
    "etteroppgjøret": lambda s: f"{s.oppgjort}/etteroppgjoer/{s.etteroppgjoer}",
    "hvorfor etteroppgjøret": lambda s: f"{s.oppgjort}/etteroppgjoer/{s.etteroppgjoer}/hvorfor",
    "nytt etteroppgjør": lambda s: f"{s.oppgjort}/etteroppgjoer/nytt?aar=2025",
    "døgnregisteret": lambda s: f"{s.korttid}/doegnregister?aar=2025",
    "det som er hentet": lambda s: f"{s.oppgjort}/grunnlag",
    "historien": lambda s: f"{s.oppgjort}/historie",
    "avslutning": lambda s: f"{s.oppgjort}/avslutning",
    "endring": lambda s: f"{s.oppgjort}/endre?aar=2025",
    "poster": lambda s: f"{s.oppgjort}/poster?aar=2025",
    "hvorfor etteroppgjøret, én måned": lambda s: (
        f"{s.oppgjort}/etteroppgjoer/{s.etteroppgjoer}/hvorfor/par_3.differanse@2025-05"
    ),
}
"""The pages of a case, and cases of other kinds on the page of a case."""
