"""Decisions and settlements made in the portal: what the API tells of them is what the pages showed."""

import json
import re
from datetime import date
from types import SimpleNamespace
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest

from app.db.lager.beregninger import Tilstand
from app.db.lager.kommuner import Oppsettversjon
from app.portal.sider.etteroppgjoer import klare
from app.portal.sider.vedtak import foerste_dag
from app.sandbox.standard import FJORDVIK
from app.services.tilgang import Rolle
from tests.baser import MOTORER
from tests.portal.saker import bistand, enslig, foreloepig, ny, skjermet
from tests.portal.tabeller import beloep, kr, tabell
from tests.portal.test_sak import med
from tests.portal.verden import Nettleser, nettleser, tekst
from tests.saker.historie import Json, les_tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
_API: Final = "/api/v1/saker"


def skjulte(svar: httpx2.Response) -> dict[str, str]:
    """The hidden fields of the page's last form, as a browser would send them."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', svar.text))


async def fatt(leser: Nettleser, sak_id: str, beregning_id: str, **felt: str) -> httpx2.Response:
    """Open the form, and send it with what stands in it unless something else is said."""
    skjema = await leser.aapne(f"/saker/{sak_id}/vedtak/nytt?beregning={beregning_id}")
    assert skjema.status_code == 200
    alt = {**skjulte(skjema), "fra": _verdi(skjema, "fra"), "erstatter": _valgt(skjema, "erstatter"), **felt}
    return await leser.send(f"/saker/{sak_id}/vedtak/nytt", alt)


def _verdi(svar: httpx2.Response, navn: str) -> str:
    treff = re.search(rf'name="{navn}" type="\w+" value="([^"]*)"', svar.text)
    assert treff is not None
    return treff[1]


def _valgt(svar: httpx2.Response, navn: str) -> str:
    liste = re.search(rf'<select[^>]*name="{navn}".*?</select>', svar.text, re.DOTALL)
    assert liste is not None
    treff = re.search(r'value="([^"]*)" selected', liste[0])
    return "" if treff is None else treff[1]


@motorer
def test_et_vedtak_fattes_med_det_som_er_fylt_ut(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, foreloepig(verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        fattet = await fatt(leser, sak_id, b["id"], begrunnelse="Avtalt med pårørende.")
        assert fattet.status_code == 303
        (v,) = les_tekst((await verden.les(f"{_API}/{sak_id}/vedtak")).text)
        assert (v["fra"], v["til"], v["art"], v["beregningId"]) == ("2026-01-01", None, "FORELOEPIG", b["id"])
        assert v["begrunnelse"] == "Avtalt med pårørende."
        assert v["av"] == "bruker:bruker-beregner"
        side = await leser.aapne(fattet.headers["location"])
        assert [beloep(rad[1]) for rad in tabell(side, "Måned")] == [
            kr(str(m["egenandel"])) for m in v["maaneder"]
        ]
        assert "I kraft" in tekst(side)
        assert "Avtalt med pårørende." in tekst(side)
        assert f"/saker/{sak_id}/vedtak/{v['id']}" in (await leser.aapne(f"/saker/{sak_id}")).text
        # The next one replaces the one in force, from the month that runs.
        to = (await verden.post(f"{_API}/{sak_id}/beregninger", {"aar": 2026})).json()
        assert (await fatt(leser, sak_id, to["id"])).status_code == 303
        siste = les_tekst((await verden.les(f"{_API}/{sak_id}/vedtak")).text)[-1]
        assert (siste["erstatter"], siste["fra"][8:]) == (v["id"], "01")
        liste = tekst(await leser.aapne(f"/saker/{sak_id}/vedtak"))
        assert "Erstattet" in liste
        assert "I kraft" in liste

    med(arbeid, motor)


def test_samme_skjema_to_ganger_er_ett_vedtak() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        noekkel = "en-noekkel-som-er-lang-nok"
        foerst = await fatt(leser, sak_id, b["id"], noekkel=noekkel)
        felt = {"beregningId": b["id"], "noekkel": noekkel, "fra": "2025-01-01"}
        igjen = await leser.send(f"/saker/{sak_id}/vedtak/nytt", felt)
        assert (foerst.status_code, igjen.status_code) == (303, 303)
        assert foerst.headers["location"] == igjen.headers["location"]
        assert len((await verden.les(f"{_API}/{sak_id}/vedtak")).json()) == 1

    med(arbeid)


GALT: Final[list[tuple[str, dict[str, str], int, str]]] = [
    ("en dag i et annet år", {"fra": "2024-05-01"}, 422, "Beregningen gjelder fra 2025-01-01 og ut 2025"),
    ("til før fra", {"til": "2024-12-31"}, 422, "Siste dag er før første dag"),
    ("en dag som ikke finnes", {"fra": "2025-02-30"}, 422, "Datoen finnes ikke i kalenderen"),
    ("et fødselsnummer i teksten", {"begrunnelse": "Gjelder 12854112345"}, 422, "elleve sifre"),
]


@pytest.mark.parametrize(("hva", "felt", "status", "sagt"), GALT, ids=[rad[0] for rad in GALT])
def test_det_som_er_galt_staar_ved_feltet_og_resten_er_beholdt(
    hva: str, felt: dict[str, str], status: int, sagt: str
) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id = svar["sak"]["id"]
        send = {"begrunnelse": "Dette står fortsatt.", **felt}
        side = await fatt(leser, sak_id, svar["beregning"]["id"], **send)
        assert side.status_code == status
        (navn,) = felt
        assert f'href="#{navn}"' in side.text
        assert sagt in tekst(side)
        assert send["begrunnelse"] in tekst(side)
        assert (await verden.les(f"{_API}/{sak_id}/vedtak")).json() == []

    med(arbeid)


def test_et_vedtak_som_er_i_veien_sies_paa_skjemaet() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        assert (await fatt(leser, sak_id, b["id"])).status_code == 303
        side = await fatt(leser, sak_id, b["id"], erstatter="", fra="2025-06-01")
        assert side.status_code == 409
        assert "Et vedtak gjelder allerede for disse dagene" in tekst(side)

    med(arbeid)


def test_uten_beloep_er_det_ikke_noe_skjema() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, skjermet(verden))
        sti = f"/saker/{svar['sak']['id']}"
        side = await leser.aapne(f"{sti}/vedtak/nytt?beregning={svar['beregning']['id']}")
        assert (side.status_code, side.headers["location"]) == (303, sti)

    med(arbeid)


@pytest.mark.parametrize("utfall", ["GODKJENT", "AVVIST"])
def test_en_annen_leder_maa_si_ja(utfall: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        await _grense(verden, 1000)
        svar = await ny(verden, enslig(verden))
        sak_id = svar["sak"]["id"]
        fattet = await fatt(leser, sak_id, svar["beregning"]["id"])
        sti = fattet.headers["location"]
        egen = tekst(await leser.aapne(sti))
        assert "Venter på godkjenning" in egen
        assert "En annen leder enn den som fattet det" in egen
        assert "Et vedtak venter på godkjenning" in tekst(await leser.aapne(f"/saker/{sak_id}?aar=2025"))
        assert "Ingen vedtak gjelder i dag" in tekst(await leser.aapne(f"/saker/{sak_id}?aar=2025"))
        async with nettleser(verden, Rolle.LEDER) as leder:
            if utfall == "AVVIST":
                uten = await leder.send(f"{sti}/godkjenning", {"utfall": "AVVIST"})
                assert uten.status_code == 422
                assert "Si hvorfor vedtaket avvises." in tekst(uten)
            svar_ = await leder.send(f"{sti}/godkjenning", {"utfall": utfall, "begrunnelse": "Sett på."})
            assert (svar_.status_code, svar_.headers["location"]) == (303, sti)
            side = tekst(await leder.aapne(sti))
            assert ("I kraft" if utfall == "GODKJENT" else "Avvist") in side
            assert "Sett på." in side
        (v,) = (await verden.les(f"{_API}/{sak_id}/vedtak")).json()
        assert v["tilstand"] == utfall
        async with nettleser(verden, Rolle.BEREGNER) as beregner:
            assert (await beregner.send(f"{sti}/godkjenning", {"utfall": "GODKJENT"})).status_code == 403

    med(arbeid)


async def _grense(verden: Verden, kroner: int) -> None:
    """From now on the kommune wants two persons for more than this a month."""
    async with verden.arkiv.skriv(FJORDVIK) as lager:
        gammelt = await lager.kommuner.oppsett()
        assert isinstance(gammelt, Oppsettversjon)
        nytt = json.loads(gammelt.innhold)
    for valg in nytt["valg"]:
        valg["godkjenningOverMaaned"] = kroner
    hoder = {"If-Match": f'"{gammelt.versjon}"'}
    svar = await verden.kall("PUT", "/api/v1/kommune/oppsett", nytt, hoder=hoder)
    assert svar.status_code == 200, svar.text[:500]


async def _med_vedtak(verden: Verden, **sak: Any) -> tuple[str, Json]:
    """A year decided on before its settlement came, and calculated anew from it."""
    svar = await ny(verden, {**enslig(verden), **sak})
    sak_id, b = svar["sak"]["id"], svar["beregning"]
    inn = {"beregningId": b["id"], "fra": "2025-01-01"}
    assert (await verden.post(f"{_API}/{sak_id}/vedtak", inn)).status_code == 201
    # What was charged was less: a deduction that fell away afterwards.
    post = {"felt": "/inntekter/renteinntekt", "beloep": 40000, "begrunnelse": "rettet oppgave"}
    inn = {"aar": 2025, "oppgitteBeloep": [post]}
    assert (await verden.post(f"{_API}/{sak_id}/manuelle-poster", inn)).status_code == 201
    ny_ = await verden.post(f"{_API}/{sak_id}/beregninger", {"aar": 2025})
    assert ny_.status_code == 201
    return sak_id, ny_.json()


@motorer
def test_et_aar_gjoeres_opp_etter_at_det_er_vist(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id, _ = await _med_vedtak(verden)
        sti = f"/saker/{sak_id}/etteroppgjoer"
        assert "Gjør opp 2025" in tekst(await leser.aapne(sti))
        utkast = await leser.aapne(f"{sti}/nytt?aar=2025")
        assert "Ingenting er lagret ennå" in tekst(utkast)
        vist = tabell(utkast, "Måned")
        assert (await verden.les(f"{_API}/{sak_id}/etteroppgjoer")).json() == []
        felt = {**skjulte(utkast), "gjoer": "lagre"}
        lagret = await leser.send(f"{sti}/nytt", felt)
        assert lagret.status_code == 303
        assert (await leser.send(f"{sti}/nytt", felt)).headers["location"] == lagret.headers["location"]
        (meta,) = (await verden.les(f"{_API}/{sak_id}/etteroppgjoer")).json()
        r = les_tekst((await verden.les(f"{_API}/{sak_id}/etteroppgjoer/{meta['id']}")).text)["resultat"]
        side = await leser.aapne(lagret.headers["location"])
        rader = tabell(side, "Måned")
        ventet = [[kr(m["foer"]), kr(m["etter"]), f"+{kr(m['differanse'])}"] for m in r["maaneder"]]
        assert [[beloep(celle) for celle in rad[1:]] for rad in rader[:-1]] == ventet
        assert [[beloep(celle) for celle in rad] for rad in rader] == vist
        assert r["sum"] > 0
        assert f"Å kreve: {kr(r['sum'])}" in tekst(side)
        assert "Dødsbo" not in tekst(side)
        hvorfor = await leser.aapne(f"{lagret.headers['location']}/hvorfor/par_3.differanse@2025-03")
        assert "Endring i mars 2025" in tekst(hvorfor)
        assert "§ 3 sjette ledd" in tekst(hvorfor)

    med(arbeid, motor)


def test_det_som_er_fakturert_kan_oppgis_og_vises_foer_det_lagres() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id, _ = await _med_vedtak(verden)
        sti = f"/saker/{sak_id}/etteroppgjoer/nytt"
        alle = {f"fakturert/2025-{nr:02d}": "30 000" for nr in range(1, 13)}
        side = await leser.send(sti, {"aar": "2025", "gjoer": "vis", **alle})
        assert side.status_code == 200
        assert {rad[1] for rad in tabell(side, "Måned")[:-1]} == {kr(30000)}
        assert "Å betale tilbake" in tekst(side)
        galt = await leser.send(sti, {"aar": "2025", "gjoer": "vis", "fakturert/2025-03": "tretti"})
        assert galt.status_code == 422
        assert 'href="#fakturert-2025-03"' in galt.text
        assert 'value="tretti"' in galt.text
        assert (await verden.les(f"{_API}/{sak_id}/etteroppgjoer")).json() == []

    med(arbeid)


def _beregnet(dag: date, *, foreloepig: bool = False) -> Any:
    return SimpleNamespace(
        id=uuid4(), aar=dag.year, virkning_fra=dag, tilstand=Tilstand.BEREGNET, foreloepig=foreloepig
    )


def test_et_delt_aar_gjoeres_opp_i_deler() -> None:
    gammel, foerst, siste = (_beregnet(date(2025, maaned, 1)) for maaned in (1, 1, 7))
    annet = _beregnet(date(2024, 1, 1))
    venter = _beregnet(date(2026, 1, 1), foreloepig=True)
    alle = (venter, siste, foerst, gammel, annet)

    def funnet(*oppgjort: Any, angrede: tuple[Any, ...] = ()) -> Any:
        return SimpleNamespace(
            beregninger=alle,
            etteroppgjoer=[SimpleNamespace(endelig_id=en.id) for en in oppgjort],
            angrede={en.id for en in angrede},
        )

    assert klare(funnet()) == [foerst, siste, annet]
    assert klare(funnet(foerst)) == [siste, annet]
    assert klare(funnet(foerst, siste, annet)) == []
    assert klare(funnet(angrede=(foerst,))) == [gammel, siste, annet]


def test_en_bestemt_beregning_gjoeres_opp() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id, ny_ = await _med_vedtak(verden)
        sti = f"/saker/{sak_id}/etteroppgjoer"
        lenke = f"{sti}/nytt?aar=2025&amp;beregning={ny_['id']}"
        assert lenke in (await leser.aapne(sti)).text
        assert lenke in (await leser.aapne("/etteroppgjoer?aar=2025")).text
        utkast = await leser.aapne(lenke.replace("&amp;", "&"))
        felt = {**skjulte(utkast), "gjoer": "lagre"}
        assert felt["beregningId"] == ny_["id"]
        assert (await leser.send(f"{sti}/nytt", felt)).status_code == 303
        (meta,) = (await verden.les(f"{_API}/{sak_id}/etteroppgjoer")).json()
        assert meta["beregningId"] == ny_["id"]
        assert lenke not in (await leser.aapne(sti)).text

    med(arbeid)


def test_uten_vedtak_sies_det_hva_som_mangler() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/etteroppgjoer/nytt"
        side = await leser.aapne(f"{sti}?aar=2025")
        assert side.status_code == 200
        assert "Saken har ingen vedtak, så det som er krevd i 2025, er ukjent" in tekst(side)
        lagre = await leser.send(sti, {"aar": "2025", "gjoer": "lagre"})
        assert lagre.status_code == 409

    med(arbeid)


def test_et_doedsbo_faar_sin_tekst() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        sak_id, _ = await _med_vedtak(verden)
        versjon = (await verden.les(f"{_API}/{sak_id}")).headers["ETag"]
        doed = {"dato": "2025-10-14", "grunn": "DOED"}
        slutt = await verden.post(f"{_API}/{sak_id}/avslutning", doed, hoder={"If-Match": versjon})
        assert slutt.status_code == 200
        side = tekst(await leser.aapne(f"/saker/{sak_id}/etteroppgjoer/nytt?aar=2025"))
        assert "finne ut hvem som representerer dødsboet" in side

    med(arbeid)


def test_praktisk_bistand_gjoeres_ikke_opp() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, bistand(verden))
        sti = f"/saker/{svar['sak']['id']}"
        assert f"{sti}/etteroppgjoer" not in (await leser.aapne(sti)).text
        side = tekst(await leser.aapne(f"{sti}/etteroppgjoer/nytt?aar=2026"))
        assert "Praktisk bistand følger siste skatteoppgjør" in side

    med(arbeid)


@pytest.mark.parametrize(
    ("aar", "foerste", "i_dag", "ventet"),
    [
        (2026, False, date(2026, 11, 23), date(2026, 11, 1)),
        (2026, True, date(2026, 11, 23), date(2026, 3, 1)),
        (2025, False, date(2026, 11, 23), date(2025, 3, 1)),
        (2026, False, date(2026, 2, 10), date(2026, 3, 1)),
    ],
    ids=["i år", "det første", "et annet år", "før beregningen gjelder"],
)
def test_dagen_som_foreslaas(aar: int, foerste: bool, i_dag: date, ventet: date) -> None:
    beregning: Any = SimpleNamespace(aar=aar, virkning_fra=date(aar, 3, 1))
    vedtak: Any = SimpleNamespace(id=uuid4())
    assert foerste_dag(beregning, () if foerste else (vedtak,), i_dag) == ventet
