"""The way out: here, at the provider, and when the provider says so."""

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.sesjoner.databasesesjoner import MELLOM_NOTERINGER
from tests.baser import MOTORER
from tests.portal.innlogging.test_innlogging import i_portalen
from tests.portal.innlogging.verden import (
    ADRESSE,
    ANSATTPORTEN,
    Nettleser,
    Skrittklokke,
    nettleser,
    registeret,
)
from tests.portal.verden import tekst
from tests.saker.verden import Verden

_RAMME = re.compile(r'<iframe[^>]* src="([^"]*)"')


async def _csrf(verden: Verden, leser: Nettleser) -> str:
    sesjon = await verden.app.state.sesjoner.hent(leser.kapsel)
    return str(sesjon.csrf)


async def _logg_ut(verden: Verden, leser: Nettleser, **resten: Any) -> httpx2.Response:
    felt = {"csrf": await _csrf(verden, leser)}
    return await leser.klient.post(f"{ADRESSE}/logg-ut", data=felt, **resten)


@pytest.mark.parametrize("motor", MOTORER)
@pytest.mark.parametrize("tilbyder", ["ansattporten", "entra"])
def test_hele_veien_ut(motor: str, tilbyder: str) -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn(tilbyder=tilbyder)
        kapsel = leser.kapsel
        svar = await _logg_ut(verden, leser)
        assert svar.status_code == 200
        assert leser.kapsel is None
        assert await verden.app.state.sesjoner.finn(kapsel) is None, (
            "økten er slutt her før tilbyderen er spurt"
        )
        assert "form-action 'self' http://127.0.0.1;" in svar.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in svar.headers["content-security-policy"]
        assert "id_token" not in str(svar.url)
        hos_tilbyderen = await leser.send(svar, "/endsession" if tilbyder == "ansattporten" else "/logout")
        assert hos_tilbyderen.status_code == 200, hos_tilbyderen.text
        assert f"url={ADRESSE}/logget-ut" in hos_tilbyderen.headers["refresh"]
        assert "Du er logget ut" in tekst(await leser.aapne("/logget-ut"))
        assert [rad for rad in await registeret(verden) if rad[0] == "UTLOGGING"] == [
            ("UTLOGGING", "OK", "brukeren")
        ]
        # The provider asks again who it is: its own session is over too.
        velger = await leser.foelg(await leser.aapne(f"/logg-inn?tilbyder={tilbyder}"))
        assert "Hvem logger inn?" in velger.text

    i_portalen(oppgave, motor)


@pytest.mark.parametrize("felt", [{}, {"csrf": ""}, {"csrf": "feil"}, {"csrf": ["a", "b"]}])
def test_ingen_andre_kan_logge_brukeren_ut(felt: dict[str, Any]) -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        svar = await leser.klient.post(f"{ADRESSE}/logg-ut", data=felt)
        assert svar.status_code == 403
        assert await verden.app.state.sesjoner.finn(leser.kapsel) is not None
        assert (await leser.aapne("/logg-ut")).status_code in (404, 405)

    i_portalen(oppgave)


def test_et_skjema_fra_et_annet_sted_logger_ingen_ut() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        svar = await _logg_ut(verden, leser, headers={"sec-fetch-site": "cross-site"})
        assert svar.status_code == 403
        assert await verden.app.state.sesjoner.finn(leser.kapsel) is not None

    i_portalen(oppgave)


def test_den_som_allerede_er_ute_blir_ikke_sendt_inn_igjen() -> None:
    klokke = Skrittklokke()

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        klokke.foran = 31 * 60
        svar = await leser.klient.post(f"{ADRESSE}/logg-ut", data={"csrf": "x"})
        assert (svar.status_code, svar.headers["location"]) == (303, "/logget-ut")
        assert leser.kapsel is None

    i_portalen(oppgave, clock=klokke)


def test_tilbyderen_er_borte_naar_brukeren_vil_ut(monkeypatch: pytest.MonkeyPatch) -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        monkeypatch.setattr(verden.app.state.innlogging, "tilbydere", {})
        svar = await _logg_ut(verden, leser)
        assert svar.status_code == 200
        assert "Lukk nettleseren" in tekst(svar)
        assert leser.kapsel is None

    i_portalen(oppgave)


@pytest.mark.parametrize("motor", MOTORER)
def test_utlogging_i_en_annen_tjeneste_logger_ut_her(motor: str) -> None:
    """Single logout: the provider's page opens ours in a frame, without our cookie."""

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        mine = leser.kapsel
        async with nettleser(verden) as andres:
            await andres.logg_inn("to-kommuner", orgnr=SKOGLI)
            side = await leser.send(await leser.aapne(f"{ANSATTPORTEN}/oekt"), "/oekt/avslutt")
            (ramme,) = _RAMME.findall(side.text)
            ramme = ramme.replace("&amp;", "&")
            assert ramme.startswith(f"{ADRESSE}/logg-ut/fremre?iss=")
            async with nettleser(verden) as uten_kapsel:
                svar = await uten_kapsel.aapne(ramme)
            assert svar.status_code == 200
            regler = svar.headers["content-security-policy"]
            assert "frame-ancestors http://127.0.0.1;" in regler
            assert "x-frame-options" not in svar.headers
            assert "set-cookie" not in svar.headers
            finn = verden.app.state.sesjoner.finn
            assert await finn(mine) is None
            assert await finn(andres.kapsel) is not None
        assert ("UTLOGGING", "OK", "tilbyderen") in await registeret(verden)

    i_portalen(oppgave, motor)


def test_den_som_ikke_vet_sid_logger_ingen_ut() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        (oekt,) = verden.sandkasse.ansattporten.oekter()
        for felt in (
            {},
            {"sid": oekt.sid},
            {"iss": ANSATTPORTEN},
            {"iss": ANSATTPORTEN, "sid": ""},
            {"iss": ANSATTPORTEN, "sid": oekt.sid[:-1]},
            {"iss": "https://fremmed.example", "sid": oekt.sid},
            {"iss": ANSATTPORTEN.replace("ansattporten", "entra"), "sid": oekt.sid},
        ):
            svar = await leser.aapne(f"/logg-ut/fremre?{urlencode(felt)}")
            assert svar.status_code == 200
            assert await verden.app.state.sesjoner.finn(leser.kapsel) is not None, felt
        # Digdir's example has a slash at the end of the issuer.
        await leser.aapne(f"/logg-ut/fremre?{urlencode({'iss': f'{ANSATTPORTEN}/', 'sid': oekt.sid})}")
        assert await verden.app.state.sesjoner.finn(leser.kapsel) is None

    i_portalen(oppgave)


def test_bare_den_ene_siden_kan_rammes_inn() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        for sti in ("/logg-inn", "/logget-ut", "/logg-inn/retur"):
            svar = await leser.aapne(sti)
            assert "frame-ancestors 'none'" in svar.headers["content-security-policy"], sti
            assert svar.headers["x-frame-options"] == "DENY"

    i_portalen(oppgave)


def test_sesjonen_sovner_og_vekkes_ikke() -> None:
    klokke = Skrittklokke()

    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        for minutter in (20, 40, 60):
            klokke.foran = minutter * 60
            assert (await leser.aapne("/")).status_code == 200
        klokke.foran += 30 * 60 + MELLOM_NOTERINGER.total_seconds()
        svar = await leser.aapne("/")
        assert (svar.status_code, svar.headers["location"]) == (303, "/logg-inn")

    i_portalen(oppgave, clock=klokke)


def test_samtidige_utlogginger_noteres_en_gang() -> None:
    async def oppgave(verden: Verden, leser: Nettleser) -> None:
        await leser.logg_inn()
        felt = {"csrf": await _csrf(verden, leser)}
        hoder = {"cookie": f"__Host-egenandel={leser.kapsel}"}
        svar = await asyncio.gather(
            *(leser.klient.post(f"{ADRESSE}/logg-ut", data=felt, headers=hoder) for _ in range(5))
        )
        assert {ett.status_code for ett in svar} <= {200, 303}
        assert len([rad for rad in await registeret(verden, FJORDVIK) if rad[0] == "UTLOGGING"]) == 1

    i_portalen(oppgave)
