"""The pages of a case in a real browser: amounts unfold where they stand, everything prints, and axe finds nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.portal import saker
from tests.portal.nettleser.side import BRED, SMALEST, TELEFON, innlogget
from tests.portal.nettleser.vert import Vert
from tests.portal.tabeller import kr
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
    inn = {"dato": "2026-11-23", "grunn": "FEILREGISTRERT"}
    sti = f"{_API}/{sak_id}/avslutning"
    svar = vert.gjoer(lambda: vert.verden.post(sti, inn, hoder={"If-Match": '"1"'}))
    assert svar.status_code == 200


SIDER: Final[dict[str, Callable[[Saker], str]]] = {
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
}


@pytest.mark.parametrize(("spraak", "stoerrelse"), [("nb", BRED), ("nn", TELEFON)], ids=["nb", "nn"])
def test_axe_finner_ingenting_paa_sidene_i_en_sak(
    nettleseren: Browser, vert: Vert, sakene: Saker, spraak: str, stoerrelse: dict[str, int]
) -> None:
    funnet: dict[str, list[str]] = {}
    with innlogget(nettleseren, vert, stoerrelse=stoerrelse, spraak=spraak) as portalside:
        for navn, sti in SIDER.items():
            side = portalside.aapne(sti(sakene))
            brudd = portalside.axe()
            side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
            if not portalside.flyter():
                brudd.append("siden er bredere enn skjermen")
            side.set_viewport_size(stoerrelse)  # type: ignore[arg-type]
            if brudd:
                funnet[navn] = brudd
    assert funnet == {}


def test_et_beloep_foldes_ut_der_det_staar(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert, stoerrelse=TELEFON) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}?aar=2025")
        rad = side.get_by_role("row", name="mai")
        rad.locator("summary").first.click()
        forklart = rad.locator(".forklaring").first
        expect(forklart).to_contain_text("Egenandel i mai 2025")
        expect(forklart).to_contain_text("rundet ned til hele kroner")
        # What it builds on unfolds within it.
        forklart.get_by_text("Hva det er regnet av").click()
        expect(forklart).to_contain_text("Folketrygdens grunnbeløp (G)")
        forklart.get_by_text("Paragrafene med våre ord").first.click()
        expect(forklart).to_contain_text("Inntil 75 prosent av inntekt opp til G")
        assert portalside.axe() == []
        side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
        assert portalside.flyter()


def test_uten_skript_leder_beloepet_til_forklaringen(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert, skript=False) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}?aar=2025")
        rad = side.get_by_role("row", name="mai")
        rad.locator("summary").click()
        rad.get_by_role("link", name="Se hvorfor").click()
        expect(side.get_by_role("heading", level=1)).to_have_text("Hvorfor?")
        expect(side.locator("main")).to_contain_text("rundet ned til hele kroner")


def test_hele_forklaringen_kommer_paa_papir(nettleseren: Browser, vert: Vert, sakene: Saker) -> None:
    with innlogget(nettleseren, vert) as portalside:
        side = portalside.aapne(f"{sakene.oppgjort}/beregninger/{sakene.ny}/hvorfor")
        papir = PdfReader(BytesIO(side.pdf()))
    skrevet = " ".join(" ".join(ark.extract_text() for ark in papir.pages).split())
    for maaned in sakene.beregning["resultat"]["maaneder"]:
        assert kr(str(maaned["egenandel"])) in skrevet
    assert "Inntil 75 prosent av inntekt opp til G" in skrevet, "paragrafene er foldet ut"
    assert "Massekjøringer" not in skrevet, "menyen skrives ikke ut"
