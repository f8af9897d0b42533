"""What is to be invoiced, in the portal: shown first, given once and as shown, and never run as a formula."""

import csv
import html
import io
import re
from decimal import Decimal
from typing import Any, Final

import httpx2
import pytest

from app.portal.ramme.visning import kr
from app.sandbox.standard import SKOGLI
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.verden import i_portalen, nettleser, tekst
from tests.saker.verden import Verden

STI: Final = "/fakturagrunnlag"
motorer = pytest.mark.parametrize("motor", MOTORER)


async def _sak_med_vedtak(v: Verden, navn: str = "Olga Prøve") -> tuple[str, dict[str, Any]]:
    kropp = {
        "tjeneste": "LANGTIDSOPPHOLD",
        "person": {"personidentifikator": v.ident("gammelt-og-nytt-navn"), "navn": navn},
        "opphold": [{"art": "LANGTID", "fra": "2024-02-01", "institusjon": "solbakken"}],
        "beregning": {"aar": 2025},
    }
    svar = await v.post("/api/v1/saker", kropp)
    assert svar.status_code == 201, svar.text
    sak, beregning = svar.json()["sak"]["id"], svar.json()["beregning"]
    ny = {"beregningId": beregning["id"], "fra": "2025-01-01"}
    fattet = await v.post(f"/api/v1/saker/{sak}/vedtak", ny)
    assert fattet.status_code == 201, fattet.text
    return sak, beregning


async def _oppsett(v: Verden, **faktura: Any) -> None:
    lest = (await v.les("/api/v1/kommune/oppsett")).json()
    nytt = {**lest["oppsett"], "fakturagrunnlag": {"fraMaaned": "2025-01", **faktura}}
    svar = await v.kall("PUT", "/api/v1/kommune/oppsett", nytt, hoder={"If-Match": f'"{lest["versjon"]}"'})
    assert svar.status_code == 200, svar.text


def _skjult(svar: httpx2.Response) -> dict[str, str]:
    funnet = dict(re.findall(r'name="(maaned|avtrykk)" value="([^"]*)"', svar.text))
    assert set(funnet) == {"maaned", "avtrykk"}
    return funnet


def _ord(beloep: Any) -> str:
    return " ".join(kr(Decimal(str(beloep))).split())


@motorer
def test_det_som_gis_er_det_som_ble_vist_og_gis_en_gang(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        await _oppsett(v)
        sak, beregning = await _sak_med_vedtak(v)
        maaneder = {en["maaned"]: en["egenandel"] for en in beregning["resultat"]["maaneder"]}
        async with nettleser(v) as leser:
            vist = await leser.send(f"{STI}/forhaandsvis", {"maaned": "2025-02"})
            assert vist.status_code == 200
            assert "Olga Prøve" in tekst(vist)
            for maaned in ("2025-01", "2025-02"):
                assert _ord(maaneder[maaned]) in tekst(vist)
            assert (await v.les("/api/v1/fakturagrunnlag")).json() == []

            skjult = _skjult(vist)
            annet = await leser.send(STI, {**skjult, "avtrykk": "0" * 64})
            assert "Noe er endret siden det ble vist" in tekst(annet)
            assert (await v.les("/api/v1/fakturagrunnlag")).json() == []

            laget = await leser.send(STI, skjult)
            assert (laget.status_code, laget.headers.get("location")) == (303, f"{STI}/1")
            (kjoering,) = (await v.les("/api/v1/fakturagrunnlag")).json()
            assert (kjoering["antall"], kjoering["maaned"]) == (2, "2025-02")
            side = tekst(await leser.aapne(f"{STI}/1"))
            assert "Olga Prøve" in side
            assert _ord(Decimal(kjoering["sumOere"]) / 100) in side
            # The same form once more gives nothing.
            assert (await leser.send(STI, skjult)).status_code == 200
            assert len((await v.les("/api/v1/fakturagrunnlag")).json()) == 1
            tomt = await leser.send(f"{STI}/forhaandsvis", {"maaned": "2025-02"})
            assert "Alt til og med måneden er gitt før." in tekst(tomt)

            for type_ in ("csv", "xlsx", "json"):
                fil = await leser.aapne(f"{STI}/1/fil.{type_}")
                assert (
                    fil.headers["content-disposition"] == f'attachment; filename="fakturagrunnlag-1.{type_}"'
                )
                fra_api = await v.les(f"/api/v1/fakturagrunnlag/1/fil?form={type_}")
                assert type_ == "xlsx" or fil.content == fra_api.content
            assert (await leser.aapne(f"{STI}/1/fil.exe")).status_code == 404
            assert (await leser.aapne(f"{STI}/2")).status_code == 404
            assert f'href="/saker/{sak}"' in (await leser.aapne(f"{STI}/1")).text

    i_portalen(motor, arbeid)


def test_ingen_celle_kjoeres_som_formel() -> None:
    async def arbeid(v: Verden) -> None:
        kolonner = [
            {"navn": "=1+1", "kilde": "NAVN"},
            {"navn": "Beloep", "kilde": "BELOEP_KRONER"},
            {"navn": "Fast", "kilde": "FAST", "fast": "@SUM(A1)"},
        ]
        await _oppsett(v, kolonner=kolonner)
        await _sak_med_vedtak(v, '=HYPERLINK("https://x.example")')
        async with nettleser(v) as leser:
            vist = await leser.send(f"{STI}/forhaandsvis", {"maaned": "2025-01"})
            await leser.send(STI, _skjult(vist))
            fil = (await leser.aapne(f"{STI}/1/fil.csv")).content.decode("utf-8-sig")
            (hode, linje) = csv.reader(io.StringIO(fil), delimiter=";")
            assert hode[0] == "'=1+1"
            assert linje[0].startswith("'=HYPERLINK")
            assert linje[1][0].isdigit()
            assert linje[2] == "'@SUM(A1)"

    i_portalen("sqlite", arbeid)


def _felt(svar: httpx2.Response) -> dict[str, str]:
    """What a browser sends of the last form of a page that nobody has touched."""
    skjema = svar.text[svar.text.index("<main") :].split("<form")[-1].split("</form>")[0]
    felt = {}
    for en in re.findall(r"<input[^>]*>", skjema):
        navn, verdi = (re.search(rf'{hva}="([^"]*)"', en) for hva in ("name", "value"))
        if navn is not None:
            felt[navn[1]] = html.unescape(verdi[1]) if verdi else ""
    for navn, valg in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', skjema, re.S):
        valgt = re.search(r'value="([^"]*)" selected', valg)
        felt[navn] = valgt[1] if valgt else ""
    return felt


@motorer
def test_kolonnene_endres_med_kontraktens_regler(motor: str) -> None:
    async def arbeid(v: Verden) -> None:
        await _oppsett(v)
        async with nettleser(v, Rolle.LEDER) as leser:
            felt = _felt(await leser.aapne(f"{STI}/oppsett"))
            # A form nobody has touched changes nothing.
            assert (await leser.send(f"{STI}/oppsett", felt)).status_code == 303
            assert (await v.les("/api/v1/kommune/oppsett")).json()["versjon"] == 2
            antall = sum(navn.endswith("/navn") and bool(verdi) for navn, verdi in felt.items())
            ny = {f"kolonner/{antall}/navn": "Kundenr", f"kolonner/{antall}/kilde": "FOEDSELSNUMMER"}
            assert (await leser.send(f"{STI}/oppsett", {**felt, **ny})).status_code == 303
            lest = (await v.les("/api/v1/kommune/oppsett")).json()
            kolonner = lest["oppsett"]["fakturagrunnlag"]["kolonner"]
            assert (len(kolonner), kolonner[-1]["navn"], kolonner[-1]["kilde"]) == (
                antall + 1,
                "Kundenr",
                "FOEDSELSNUMMER",
            )
            # From a page that is old by now.
            assert (await leser.send(f"{STI}/oppsett", {**felt, **ny})).status_code == 409
            felt = _felt(await leser.aapne(f"{STI}/oppsett"))
            feil = {**felt, "kolonner/0/fast": "x"}
            svar = await leser.send(f"{STI}/oppsett", feil)
            assert (svar.status_code, 'id="kolonner-0-fast-feil"' in svar.text) == (422, True)
            # A row that is emptied, is gone.
            uten = {navn: "" if navn.startswith("kolonner/0/") else verdi for navn, verdi in felt.items()}
            assert (await leser.send(f"{STI}/oppsett", uten)).status_code == 303
            lest = (await v.les("/api/v1/kommune/oppsett")).json()
            assert lest["oppsett"]["fakturagrunnlag"]["kolonner"] == kolonner[1:]

    i_portalen(motor, arbeid)


def test_uten_oppsett_og_med_gal_maaned_sies_hva_som_maa_gjoeres() -> None:
    async def arbeid(v: Verden) -> None:
        await _oppsett(v)
        async with nettleser(v) as leser, nettleser(v, Rolle.LEDER, SKOGLI) as annen:
            for maaned in ("2024-12", "2099-01", "neste", ""):
                svar = await leser.send(f"{STI}/forhaandsvis", {"maaned": maaned})
                assert (svar.status_code, 'id="maaned-feil"' in svar.text) == (422, True), maaned
            await _sak_med_vedtak(v)
            await leser.send(STI, _skjult(await leser.send(f"{STI}/forhaandsvis", {"maaned": "2025-01"})))
            assert (await annen.aapne(f"{STI}/1")).status_code == 404
            assert (await annen.aapne(f"{STI}/1/fil.csv")).status_code == 404

    i_portalen("sqlite", arbeid)
