"""The frame of every page: who gets in, what the browser is told, the language, and what goes wrong."""

import re
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx2
import pytest

from app.api.tilgang.ruter import AAPNE_SIDER, Operasjon, sidenes_rettigheter
from app.db.lager.revisjon import Revisjonsfilter
from app.main import create_app
from app.portal.ramme import statisk
from app.portal.ramme.hoder import innholdsregler
from app.portal.ramme.spraak import MAPPE, Spraak, oversettelser
from app.sandbox.standard import FJORDVIK
from app.services.revisjon import Utfall
from app.services.tilgang import RETTIGHETER, Rolle
from app.settings import Settings
from tests.baser import MOTORER
from tests.portal.verden import ADRESSE, Nettleser, i_portalen, nettleser, tekst
from tests.saker.sesjoner import CSRF
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
SIDENE: Final = sidenes_rettigheter(create_app(Settings()))
_MALER: Final = Path(__file__).parents[2] / "app/portal/maler"


def _sti(operasjon: Operasjon) -> str:
    return re.sub(r"\{[^}]*\}", "01900000-0000-7000-8000-000000000000", operasjon[1])


async def _send(leser: Nettleser, operasjon: Operasjon, **valg: object) -> httpx2.Response:
    return await leser.klient.request(operasjon[0], _sti(operasjon), **valg)  # type: ignore[arg-type]


def test_uten_innlogging_sendes_alle_til_innlogging() -> None:
    async def arbeid(verden: Verden) -> None:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=verden.app), base_url=ADRESSE
        ) as klient:
            for operasjon in SIDENE:
                svar = await klient.request(operasjon[0], _sti(operasjon))
                assert svar.status_code == 303, operasjon
                assert svar.headers["location"].startswith("/logg-inn"), operasjon

    i_portalen("sqlite", arbeid)


def test_hver_side_avviser_roller_uten_rettigheten_og_noterer_det() -> None:
    async def arbeid(verden: Verden) -> None:
        for rolle in Rolle:
            async with nettleser(verden, rolle) as leser:
                for operasjon, krevd in SIDENE.items():
                    if operasjon == ("GET", "/") or krevd <= RETTIGHETER[rolle]:
                        continue
                    foer = await _avslag(verden)
                    svar = await _send(leser, operasjon, data={"csrf": CSRF})
                    assert svar.status_code == 403, (operasjon, rolle)
                    assert "Rollen din gir ikke tilgang" in tekst(svar)
                    assert await _avslag(verden) == foer + 1, (operasjon, rolle)

    i_portalen("sqlite", arbeid)


def test_skjema_uten_oektens_eget_tegn_avvises_overalt() -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden, Rolle.LEDER) as leser:
            for operasjon in SIDENE:
                if operasjon[0] == "GET":
                    continue
                foer = await _avslag(verden)
                for felt in ({}, {"csrf": ""}, {"csrf": "et-annet"}, {"csrf": [CSRF, CSRF]}):
                    svar = await _send(leser, operasjon, data=felt)
                    assert svar.status_code == 403, (operasjon, felt)
                utenfra = {"sec-fetch-site": "cross-site"}
                svar = await _send(leser, operasjon, data={"csrf": CSRF}, headers=utenfra)
                assert svar.status_code == 403, operasjon
                assert await _avslag(verden) == foer + 5

    i_portalen("sqlite", arbeid)


async def _avslag(verden: Verden) -> int:
    async with verden.arkiv.les(FJORDVIK) as lager:
        return len(await lager.revisjon.soek(Revisjonsfilter(utfall=Utfall.AVSLAATT), 0, 10_000))


def test_hver_side_forteller_nettleseren_hva_den_faar_gjoere() -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            for sti in ("/", "/saker", "/finnes-ikke", "/live", statisk.adresse("portal.css")):
                svar = await leser.aapne(sti)
                assert svar.headers["content-security-policy"] == innholdsregler(), sti
                assert svar.headers["x-frame-options"] == "DENY"
                assert svar.headers["x-content-type-options"] == "nosniff"
                assert "no-store" in svar.headers["cache-control"] or sti.startswith("/statisk/")

    i_portalen("sqlite", arbeid)


def test_ingenting_kan_kjoeres_fra_siden_selv() -> None:
    """No inline script, style or handler in any template, and nothing from elsewhere."""
    forbudt = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|https?://|//[a-z]", re.I
    )
    maler = sorted(_MALER.rglob("*.html"))
    assert maler
    for mal in maler:
        funnet = forbudt.search(mal.read_text("utf-8"))
        assert funnet is None, (mal.name, funnet and funnet[0])


def test_et_skjema_som_ikke_er_helt_lastet_kan_ikke_sendes() -> None:
    """The session's own token is the last thing in every form, so half a form is one without it."""
    skjemaer = [
        (mal.name, skjema)
        for mal in sorted(_MALER.rglob("*.html"))
        for skjema in re.findall(r"<form\b.*?</form>", mal.read_text("utf-8"), re.S)
        if "felter.csrf()" in skjema
    ]
    assert len(skjemaer) > 30
    for navn, skjema in skjemaer:
        assert re.search(r"\{\{ felter\.csrf\(\) \}\}\s*</form>$", skjema), navn
        assert skjema.count("felter.csrf()") == 1, navn


def test_alt_i_malene_finnes_paa_nynorsk() -> None:
    from babel.messages.extract import extract_from_dir  # noqa: PLC0415

    nynorsk = oversettelser(Spraak.NN)
    kjente = set(getattr(nynorsk, "_catalog", {}))
    metoder = [("**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    funnet = extract_from_dir(_MALER.parent, metoder, {"**.html": {"extensions": "jinja2.ext.do"}})
    i_bruk = {(rad[2] if isinstance(rad[2], str) else rad[2][0]) for rad in funnet}
    from app.portal.ramme.meny import VALGENE  # noqa: PLC0415

    i_bruk |= {valg.tekst for valg in VALGENE}
    assert i_bruk
    assert sorted(i_bruk - kjente) == [], f"mangler i {MAPPE}/nn"
    assert sorted(kjente - i_bruk - {""}) == [], "brukes ikke lenger"


def test_spraaket_velges_og_huskes() -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            assert 'lang="nb"' in (await leser.aapne("/")).text
            svar = await leser.send("/spraak", {"spraak": "nn"}, headers={"referer": f"{ADRESSE}/saker"})
            assert svar.headers["location"] == "/saker"
            assert 'lang="nn"' in (await leser.aapne("/")).text
            # Neither another site nor an odd value decides anything.
            svar = await leser.send("/spraak", {"spraak": "xx"}, headers={"referer": "https://andre/saker"})
            assert svar.headers["location"] == "/"
            assert 'lang="nn"' in (await leser.aapne("/")).text

    i_portalen("sqlite", arbeid)


@pytest.mark.parametrize(
    ("sti", "status"),
    [
        ("/finnes-ikke", 404),
        ("/statisk/0000000000000000/portal.css", 404),
        ("/statisk/../pyproject.toml", 404),
        ("/statisk/x/..%2f..%2fpyproject.toml", 404),
    ],
)
def test_det_som_ikke_finnes_faar_en_side(sti: str, status: int) -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            svar = await leser.aapne(sti)
            assert svar.status_code == status
            assert "text/html" in svar.headers["content-type"]
            assert "Siden finnes ikke" in tekst(svar) or "statisk" in sti

    i_portalen("sqlite", arbeid)


def test_apiet_svarer_som_foer_om_det_som_ikke_finnes() -> None:
    async def arbeid(verden: Verden) -> None:
        problem, fiks = "application/problem+json", "application/json"
        opplysninger = f"/register/api/v1/ks/{uuid4()}/skatteoginntektsopplysninger"
        for sti, metode, status, medietype in (
            ("/api/v1/finnes-ikke", "GET", 404, problem),
            ("/api", "GET", 404, problem),
            ("/api/v1/saker/soek", "DELETE", 405, problem),
            ("/register/api/v1/finnes-ikke", "GET", 404, fiks),
            (f"{opplysninger}/beregning", "GET", 405, fiks),
        ):
            svar = await verden.klient.request(metode, sti)
            assert (svar.status_code, svar.headers["content-type"]) == (status, medietype), sti

    i_portalen("sqlite", arbeid)


def test_de_aapne_sidene_er_de_som_er_sagt() -> None:
    assert set(SIDENE).isdisjoint(AAPNE_SIDER)


@motorer
def test_startsiden_viser_sakene_en_sist_aapnet(motor: str) -> None:
    async def arbeid(verden: Verden) -> None:
        async with nettleser(verden) as leser:
            assert "Ingen oppgaver venter" in tekst(await leser.aapne("/"))

    i_portalen(motor, arbeid)
