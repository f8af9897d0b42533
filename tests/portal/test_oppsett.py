"""The kommune's setup in the portal: the past is never changed unseen, and no rule is other than the API's."""

import html
import re
from datetime import timedelta
from typing import Any, Final

import httpx2
import pytest

from app import klokke
from app.sandbox.standard import SKOGLI
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import Nettleser, i_portalen, nettleser, tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
NESTE_AAR: Final = f"{klokke.i_dag().year + 1}-01-01"


def _felt(svar: httpx2.Response) -> dict[str, str]:
    """What a browser sends of the last form of a page that nobody has touched."""
    skjema = svar.text[svar.text.index("<main") :].split("<form")[-1].split("</form>")[0]
    felt = {}
    for en in re.findall(r"<input[^>]*>", skjema):
        navn, verdi = (re.search(rf'{hva}="([^"]*)"', en) for hva in ("name", "value"))
        if navn is not None:
            felt[navn[1]] = html.unescape(verdi[1]) if verdi else ""
    for navn, valg in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', skjema, re.S):
        valgt = re.search(r'value="([^"]*)" selected', valg) or re.search(r'value="([^"]*)"', valg)
        felt[navn] = valgt[1] if valgt else ""
    return felt


async def _oppsett(v: Verden) -> dict[str, Any]:
    svar: dict[str, Any] = (await v.les("/api/v1/kommune/oppsett")).json()
    return svar


async def _sak(v: Verden) -> str:
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": v.ident("gammelt-og-nytt-navn"), "navn": "Olga Prøve"},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": 2025},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    id_: str = svar.json()["sak"]["id"]
    return id_


async def _rad(leser: Nettleser, sti: str) -> dict[str, str]:
    svar = await leser.aapne(sti)
    assert svar.status_code == 200
    return _felt(svar)


@motorer
def test_en_ny_rad_fram_i_tid_lagres_uten_spoersmaal(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.LEDER) as leser:
            felt = await _rad(leser, "/oppsett/institusjoner/0")
            ny = {"oppholdsutgift/3/gjelderFra": NESTE_AAR, "oppholdsutgift/3/beloepPerMaaned": "101 000,50"}
            svar = await leser.send("/oppsett/institusjoner", {**felt, **ny})
            assert (svar.status_code, svar.headers.get("location")) == (303, "/oppsett")
            lest = await _oppsett(v)
            assert lest["versjon"] == 2
            utgift = lest["oppsett"]["institusjoner"][0]["oppholdsutgift"]
            assert utgift[3] == {"gjelderFra": NESTE_AAR, "beloepPerMaaned": 101000.5}
            assert len(utgift) == 4
            # The form of before is old now: nobody's change is overwritten.
            assert (await leser.send("/oppsett/institusjoner", {**felt, **ny})).status_code == 409
            # What says the same as before is no version.
            assert (
                await leser.send("/oppsett/institusjoner", await _rad(leser, "/oppsett/institusjoner/0"))
            ).status_code == 303
            assert (await _oppsett(v))["versjon"] == 2

    i_portalen(motor, arbeid)


@motorer
def test_fortiden_endres_bare_naar_det_er_sett_hvem_det_gjelder(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        sak = await _sak(v)
        async with nettleser(v, Rolle.LEDER) as leser:
            felt = await _rad(leser, "/oppsett/institusjoner/0")
            endret = {**felt, "oppholdsutgift/1/beloepPerMaaned": "90000"}
            vist = await leser.send("/oppsett/institusjoner", endret)
            assert vist.status_code == 200
            assert "Dette endrer det som har vært" in tekst(vist)
            assert "1 saker er beregnet for 2024 eller senere" in tekst(vist)
            assert "Olga Prøve" in tekst(vist)
            assert f'href="/saker/{sak}"' in vist.text
            assert "88 500" in tekst(vist).replace("\u00a0", " ")
            assert (await _oppsett(v))["versjon"] == 1

            assert (await leser.send("/oppsett/bekreft", _felt(vist))).status_code == 303
            lest = await _oppsett(v)
            assert lest["versjon"] == 2
            assert lest["oppsett"]["institusjoner"][0]["oppholdsutgift"][1]["beloepPerMaaned"] == 90000
            # Confirmed twice, or after somebody else: refused.
            assert (await leser.send("/oppsett/bekreft", _felt(vist))).status_code == 409

            # The same years of another institution concern nobody, and a new row back in time is asked about too.
            felt = await _rad(leser, "/oppsett/institusjoner/1")
            gammel = {**felt, "oppholdsutgift/0/beloepPerMaaned": "80000"}
            vist = await leser.send("/oppsett/institusjoner", gammel)
            assert "Ingen sak er beregnet med det som sto her." in tekst(vist)
            tilbake = (klokke.i_dag() - timedelta(days=1)).isoformat()
            ny = {"oppholdsutgift/2/gjelderFra": tilbake, "oppholdsutgift/2/beloepPerMaaned": "100000"}
            vist = await leser.send("/oppsett/institusjoner", {**felt, **ny})
            assert "Ingen sak er beregnet med det som sto her." in tekst(vist)
            assert (await _oppsett(v))["versjon"] == 2

            historikk = tekst(await leser.aapne("/oppsett/historikk/2"))
            assert "solbakken" in historikk
            assert "90 000" in historikk.replace("\u00a0", " ")
            assert "Versjon 2" in tekst(await leser.aapne("/oppsett/historikk"))
            assert (await leser.aapne("/oppsett/historikk/9")).status_code == 404

    i_portalen(motor, arbeid)


def test_feilen_staar_ved_feltet_med_kontraktens_ord() -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.LEDER) as leser:
            felt = await _rad(leser, "/oppsett/valg/ny")
            svar = await leser.send(
                "/oppsett/valg", {**felt, "gjelderFra": NESTE_AAR.replace("-01-01", "-02-01")}
            )
            assert svar.status_code == 422
            assert "datoen skal være 1. januar" in tekst(svar)
            assert 'id="gjelderFra-feil"' in svar.text
            # A step of the ladder is gone: the fault is of no single field, and stands on top.
            felt = await _rad(leser, "/oppsett/prisregister/1")
            uten = {navn: "" if navn.startswith("trinn/1/") else verdi for navn, verdi in felt.items()}
            svar = await leser.send("/oppsett/prisregister", uten)
            assert svar.status_code == 422
            fra_api = await v.kall(
                "PUT",
                "/api/v1/kommune/oppsett",
                _med_hull((await _oppsett(v))["oppsett"]),
                hoder={"If-Match": '"1"'},
            )
            assert fra_api.status_code == 422
            for en in fra_api.json()["errors"]:
                assert " ".join(en["detail"].split()) in tekst(svar)
            assert (await _oppsett(v))["versjon"] == 1

    i_portalen("sqlite", arbeid)


def _med_hull(oppsett: dict[str, Any]) -> dict[str, Any]:
    siste = oppsett["prisregister"][-1]
    trinn = [en for nr, en in enumerate(siste["trinn"]) if nr != 1]
    return {**oppsett, "prisregister": [*oppsett["prisregister"][:-1], {**siste, "trinn": trinn}]}


def test_hele_oppsettet_ut_og_inn_som_fil() -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v, Rolle.LEDER) as leser:
            fil = await leser.aapne("/oppsett/fil.toml")
            assert fil.headers["content-disposition"] == 'attachment; filename="oppsett-310000000-1.toml"'
            sendt = {"versjon": "1", "tekst": fil.text}
            assert (await leser.send("/oppsett/fil", sendt)).status_code == 303
            assert (await _oppsett(v))["versjon"] == 1
            endret = {**sendt, "tekst": fil.text.replace("Solbakken sykehjem", "Solbakken bosenter")}
            vist = await leser.send("/oppsett/fil", endret)
            assert "Solbakken bosenter" in tekst(vist)
            assert (await _oppsett(v))["versjon"] == 1
            assert (await leser.send("/oppsett/bekreft", _felt(vist))).status_code == 303
            assert (await _oppsett(v))["oppsett"]["institusjoner"][0]["navn"] == "Solbakken bosenter"
            for feil, ventet in (
                ("valg = [", "ikke gyldig TOML"),
                (
                    fil.text.replace("beloepPerMaaned = 78000", "beloepPerMaaned = -1"),
                    "Kan ikke være negativt",
                ),
            ):
                svar = await leser.send("/oppsett/fil", {"versjon": "2", "tekst": feil})
                assert (svar.status_code, ventet in tekst(svar)) == (422, True), ventet
            andres = {"versjon": "2", "tekst": fil.text.replace("310000000", "311000003")}
            assert (await leser.send("/oppsett/fil", andres)).status_code == 422
            assert (await _oppsett(v))["versjon"] == 2

    i_portalen("sqlite", arbeid)


def test_beregneren_ser_men_endrer_ikke_og_andre_ser_sitt_eget() -> None:
    async def arbeid(v: Verden) -> None:
        async with nettleser(v) as leser, nettleser(v, Rolle.LEDER, SKOGLI) as annen:
            assert "Solbakken sykehjem" in tekst(await leser.aapne("/oppsett"))
            rad = await leser.aapne("/oppsett/institusjoner/0")
            assert (rad.status_code, ">Lagre<" in rad.text) == (200, False)
            assert "Solbakken sykehjem" not in tekst(await annen.aapne("/oppsett"))
            assert (await annen.aapne("/oppsett/prisregister/999")).status_code == 404
            assert (await annen.aapne("/oppsett/resten/0")).status_code == 404

    i_portalen("sqlite", arbeid)
