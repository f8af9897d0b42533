"""The pages around the cases with something in them, in a real browser: axe finds nothing, and they fit a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from app import klokke
from app.db.lager.arbeid import Arbeidsgrunn, Arbeidsnoekkel, Liste
from app.sandbox.standard import FJORDVIK
from app.services.masse.bestilling import NyMassekjoering, bestill
from app.services.masse.fullfoer import fullfoer
from app.services.masse.regning import Regnere
from app.services.masse.slag import Masseslag
from app.services.oppgaver import Oppgaveinnhold, Oppgaveoenske, Oppgaveslag, avstem
from app.services.tilgang import Rolle
from tests.baser import ny_database
from tests.portal.nettleser.side import BRED, SMALEST, TELEFON, Portalside, innlogget
from tests.portal.nettleser.vert import Vert, tjener
from tests.saker.masseverden import leder

STOERRELSER: Final = (BRED, TELEFON)


@dataclass(frozen=True, slots=True)
class Kontor:
    """A kommune where something waits everywhere."""

    vert: Vert
    kjoering: str
    ident: str


@pytest.fixture(scope="module")
def kontoret() -> Iterator[Kontor]:
    """The service, with cases, a dry run, stopped work and a webhook."""
    with tjener(ny_database("sqlite")) as vert:
        ident = vert.verden.ident("gammelt-og-nytt-navn")
        sak = _sak(vert, "gammelt-og-nytt-navn", vedtak_fra="2025-03-01")
        _sak(vert, "livsvarig-afp")
        _sak(vert, "uten-oppgjoer", vedtak_fra="2025-01-01")
        _post(vert, "/api/v1/webhooker", {"url": "https://fagsystem.example/krok"})
        kjoering = vert.gjoer(lambda: _bak(vert, ident, sak))
        yield Kontor(vert, kjoering, ident)


def _post(vert: Vert, sti: str, inn: Any) -> Any:
    svar = vert.gjoer(lambda: vert.verden.post(sti, inn))
    assert svar.status_code == 201, svar.text
    return svar.json()


def _sak(vert: Vert, kallenavn: str, vedtak_fra: str | None = None) -> str:
    ny = _post(
        vert,
        "/api/v1/saker",
        {
            "tjeneste": "LANGTIDSOPPHOLD",
            "person": {"personidentifikator": vert.verden.ident(kallenavn), "navn": "Olga Prøve"},
            "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
            "beregning": {"aar": 2025},
        },
    )
    id_: str = ny["sak"]["id"]
    if vedtak_fra is not None:
        _post(vert, f"/api/v1/saker/{id_}/vedtak", {"beregningId": ny["beregning"]["id"], "fra": vedtak_fra})
    return id_


async def _bak(vert: Vert, ident: str, sak: str) -> str:
    """What no request makes: a dry run carried out, tasks of each group, and work that has stopped."""
    v = vert.verden
    kall = leder(v)
    async with v.arkiv.skriv(FJORDVIK) as lager:
        person = await lager.personer.finn(ident)
        assert person is not None
        noekkel = Arbeidsnoekkel(person.id, Liste.SKATTEOPPGJOER, 2025)
        await lager.arbeid.bestill(noekkel, Arbeidsgrunn.HENDELSE, klokke.naa())
        await lager.arbeid.stopp(noekkel, klokke.naa(), feil="UKJENT_PERSON", forsoek=3)
        oensker = [
            Oppgaveoenske(slag=slag, aar=2025, innhold=Oppgaveinnhold(tekst="Noe er nytt."))
            for slag in (Oppgaveslag.SKJERMET, Oppgaveslag.NAER_60_DOEGN, Oppgaveslag.NY_SKATT)
        ]
        await avstem(lager, kall, UUID(sak), 2025, list(Oppgaveslag), oensker)
        ny = await bestill(lager, kall, NyMassekjoering(slag=Masseslag.NYTT_AAR, aar=2026))
    async with Regnere(0) as regnere:
        await fullfoer(v.app.state.saksdrift, FJORDVIK, ny.id, regnere)
    return str(ny.id)


@contextmanager
def _side(nettleseren: Browser, kontoret: Kontor, rolle: Rolle, stoerrelse: Any) -> Iterator[Portalside]:
    with innlogget(nettleseren, kontoret.vert, rolle, stoerrelse=stoerrelse, spraak="nn") as side:
        yield side


def _rolig(side: Portalside, hva: str) -> None:
    """Nothing is found, and nothing but what is made for it scrolls sideways."""
    assert side.axe() == [], hva
    stoerrelse = side.side.viewport_size
    side.side.set_viewport_size(SMALEST)  # type: ignore[arg-type]
    assert side.flyter(), hva
    assert stoerrelse is not None
    side.side.set_viewport_size(stoerrelse)


def test_sidene_med_noe_paa(nettleseren: Browser, kontoret: Kontor) -> None:
    stier = (
        ("/", Rolle.LEDER),
        ("/", Rolle.DRIFT),
        (f"/massekjoeringer/{kontoret.kjoering}", Rolle.LEDER),
        ("/massekjoeringer", Rolle.LEDER),
        ("/etteroppgjoer?aar=2025", Rolle.BEREGNER),
        ("/etteroppgjoer/uten?aar=2025", Rolle.BEREGNER),
        ("/drift/arbeid", Rolle.DRIFT),
        ("/webhooker", Rolle.LEDER),
    )
    for sti, rolle in stier:
        for stoerrelse in STOERRELSER:
            with _side(nettleseren, kontoret, rolle, stoerrelse) as side:
                side.aapne(sti)
                for utfoldet in side.side.locator("main details:not([open]) > summary").all()[:2]:
                    utfoldet.click()
                _rolig(side, sti)


def _trykk(side: Page, navn: str) -> None:
    side.get_by_role("button", name=navn).first.click()
    side.wait_for_load_state("load")


@pytest.mark.parametrize("stoerrelse", STOERRELSER, ids=("bred", "telefon"))
def test_svarene_paa_skjemaene(nettleseren: Browser, kontoret: Kontor, stoerrelse: dict[str, int]) -> None:
    with _side(nettleseren, kontoret, Rolle.LEDER, stoerrelse) as side:
        p = side.aapne("/avstemminger")
        _trykk(p, "Avstem no")
        assert "Rapporten er slik han vart signert." in p.inner_text("main")
        _rolig(side, "avstemming")

        p = side.aapne("/webhooker")
        p.locator("main table a").first.click()
        p.wait_for_load_state("load")
        _trykk(p, "Send eit prøvevarsel")
        _rolig(side, "webhook")
        _trykk(p, "Byt løyndomen")
        _rolig(side, "hemmelighet")

        p = side.aapne("/hendelsesregister")
        p.fill("#personidentifikator", kontoret.ident)
        _trykk(p, "Søk")
        assert kontoret.ident not in p.url
        assert p.locator("tbody tr").count() > 1
        _rolig(side, "hendelsesregister")
        _trykk(p, "Kontroller kjeda")
        assert "Kjeda er heil" in p.inner_text("main")
        _rolig(side, "kjeden")

        p = side.aapne("/etteroppgjoer?aar=2025")
        _trykk(p, "Vis kva det blir for alle")
        assert "Olga Prøve" in p.inner_text("main")
        _rolig(side, "oppgjør")

        p = side.aapne("/oppsett/institusjoner/0")
        p.fill("[name='oppholdsutgift/1/beloepPerMaaned']", "90000")
        _trykk(p, "Lagre")
        assert "Dette endrar det som har vore" in p.inner_text("main")
        _rolig(side, "bekreft")

        p = side.aapne("/oppsett/institusjoner/0")
        p.fill("[name='oppholdsutgift/1/beloepPerMaaned']", "mykje")
        _trykk(p, "Lagre")
        assert p.evaluate("document.activeElement.matches('[data-fokus]')")
        _rolig(side, "feil i oppsettet")

        p = side.aapne("/massekjoeringer/hva-om")
        p.fill("#aar", "2025")
        p.select_option("[name='satser/0/id']", "grunnbeloep")
        p.fill("[name='satser/0/gjelderFra']", "2025-05-01")
        p.fill("[name='satser/0/verdi']", "150 000")
        _trykk(p, "Rekn budsjettet")
        assert "Budsjett for 2025" in p.inner_text("main")
        _rolig(side, "hva om")


def test_framdriften_henter_seg_selv(nettleseren: Browser, kontoret: Kontor) -> None:
    """A run that is ordered while the page is open: the page follows, and shows the list when it is done."""
    vert = kontoret.vert
    with _side(nettleseren, kontoret, Rolle.LEDER, BRED) as side:
        p = side.aapne("/massekjoeringer")
        p.select_option("#slag", "NYTT_AAR")
        p.fill("#aar", "2026")
        _trykk(p, "Tørrkøyr")
        assert "Blir tørrkøyrd" in p.inner_text("main")

        adresse = p.url
        id_ = UUID(adresse.rsplit("/", 1)[1])

        async def ferdig() -> None:
            async with Regnere(0) as regnere:
                await fullfoer(vert.verden.app.state.saksdrift, FJORDVIK, id_, regnere)

        vert.gjoer(ferdig)
        p.wait_for_selector("text=Tørrkøyrd, ingenting er lagra")
        assert p.url == adresse
        p.wait_for_selector("main tbody tr")
