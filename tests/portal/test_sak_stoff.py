"""The other pages of a case: another calculation, two side by side, run again, the days, the sources, the history, the end."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from app.calc.regler.par_1 import Oppholdsart
from app.calc.regler.par_6 import Grunnlag
from app.portal.bilder.diagram import diagram
from app.portal.bilder.doegn import rekker
from app.services.sak.doegnregister import Doegn
from tests.baser import MOTORER
from tests.portal.saker import bistand, enslig, foreloepig, korttid, ny, par, skjermet
from tests.portal.tabeller import beloep, kr, tabell
from tests.portal.test_sak import med
from tests.portal.test_sak_vedtak import skjulte
from tests.portal.verden import Nettleser, tekst
from tests.saker.historie import les_tekst
from tests.saker.verden import Verden

motorer = pytest.mark.parametrize("motor", MOTORER)
_API: Final = "/api/v1/saker"


@motorer
def test_et_annet_aar_beregnes_en_gang(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, foreloepig(verden))
        sak_id = svar["sak"]["id"]
        skjema = await leser.aapne(f"/saker/{sak_id}/beregninger/ny?aar=2025")
        felt = {**skjulte(skjema), "aar": "2025", "grunnlag": "LAGRET"}
        lagret = await leser.send(f"/saker/{sak_id}/beregninger/ny", felt)
        assert (lagret.status_code, lagret.headers["location"]) == (303, f"/saker/{sak_id}?aar=2025")
        assert (await leser.send(f"/saker/{sak_id}/beregninger/ny", felt)).status_code == 303
        alle = les_tekst((await verden.les(f"{_API}/{sak_id}/beregninger")).text)["elementer"]
        assert [en["aar"] for en in alle] == [2026, 2025]
        side = await leser.aapne(f"/saker/{sak_id}?aar=2025")
        assert f"{kr(alle[1]['egenandelAar'])} – hvorfor?" in tabell(side, "Måned")[-1]

    med(arbeid, motor)


GALT: Final = [
    ({"aar": "i fjor"}, "aar", "Skal være"),
    ({"virkningFra": "2025-02-03"}, "virkningFra", "Oppgi den første dagen i måneden"),
    ({"inntektsaar": "2024"}, "inntektsaarBegrunnelse", "må begrunnes"),
    ({"endeligBegrunnelse": "ser greit ut"}, "endeligBegrunnelse", None),
]


@pytest.mark.parametrize(("felt", "hvor", "sagt"), GALT, ids=[rad[1] for rad in GALT])
def test_oensket_leses_av_apiets_kontrakt(felt: dict[str, str], hvor: str, sagt: str | None) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, foreloepig(verden) if sagt is None else enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/beregninger/ny"
        aar = "2026" if sagt is None else "2025"
        side = await leser.send(sti, {"aar": aar, "grunnlag": "LAGRET", **felt})
        assert side.status_code == 422
        assert f'href="#{hvor}"' in side.text
        if sagt is not None:
            assert sagt in tekst(side)
        for verdi in felt.values():
            assert verdi in side.text

    med(arbeid)


def test_to_beregninger_side_om_side() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id, gammel = svar["sak"]["id"], svar["beregning"]
        post = {"felt": "/inntekter/renteinntekt", "beloep": 40000, "begrunnelse": "rettet oppgave"}
        inn = {"aar": 2025, "oppgitteBeloep": [post]}
        assert (await verden.post(f"{_API}/{sak_id}/manuelle-poster", inn)).status_code == 201
        nyere = les_tekst((await verden.post(f"{_API}/{sak_id}/beregninger", {"aar": 2025})).text)
        liste = await leser.aapne(f"/saker/{sak_id}/beregninger")
        sti = f"/saker/{sak_id}/beregninger/{nyere['id']}/mot/{gammel['id']}"
        assert f'href="{sti}"' in liste.text
        side = await leser.aapne(sti)
        sml = les_tekst(
            (
                await verden.les(
                    f"{_API}/{sak_id}/beregninger/{nyere['id']}/sammenligning?med={gammel['id']}"
                )
            ).text
        )
        rader = tabell(side, "Måned")
        assert [[beloep(celle) for celle in rad[1:]] for rad in rader[:-1]] == [
            [kr(m["gammel"]), kr(m["ny"]), f"+{kr(m['differanse'])}"] for m in sml["maaneder"]
        ]
        assert rader[-1][3] == f"+{kr(sml['sum'])}"
        (rente,) = [rad for rad in tabell(side, "Post") if rad[0].endswith("renteinntekt")]
        assert rente[2:] == ["Endret", kr(18400), kr(40000)]
        bakvendt = f"/saker/{sak_id}/beregninger/{gammel['id']}/mot/{nyere['id']}"
        assert tabell(await leser.aapne(bakvendt), "Måned")[-1][3] == f"−{kr(sml['sum'])}"

    med(arbeid)


def test_med_en_ukjent_er_forskjellen_ukjent() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, skjermet(verden))
        sak_id, ukjent = svar["sak"]["id"], svar["beregning"]
        poster = [
            {"felt": "/inntekter/pensjonFraFolketrygden", "beloep": 300000, "begrunnelse": "papir"},
            {"felt": "/skatt/beregnetSkatt", "beloep": 50000, "begrunnelse": "papir"},
        ]
        inn = {"aar": 2025, "oppgitteBeloep": poster}
        assert (await verden.post(f"{_API}/{sak_id}/manuelle-poster", inn)).status_code == 201
        kjent = (await verden.post(f"{_API}/{sak_id}/beregninger", {"aar": 2025})).json()
        side = await leser.aapne(f"/saker/{sak_id}/beregninger/{kjent['id']}/mot/{ukjent['id']}")
        rader = tabell(side, "Måned")
        assert {(rad[1], rad[3]) for rad in rader[:-1]} == {("–", "ukjent")}
        assert rader[-1][1:] == ["ukjent", kr(str(kjent["egenandelAar"])), "ukjent"]

    med(arbeid)


def test_en_beregning_kjoeres_om_igjen() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, bistand(verden))
        sti = f"/saker/{svar['sak']['id']}/beregninger/{svar['beregning']['id']}/etterproeving"
        side = tekst(await leser.aapne(sti))
        assert "Samme inndata ga samme svar, byte for byte." in side
        assert svar["beregning"]["resultatHash"] in side

    med(arbeid)


def test_doegnregisteret_er_apiets() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, korttid(verden))
        sak_id = svar["sak"]["id"]
        side = await leser.aapne(f"/saker/{sak_id}/doegnregister?aar=2025")
        r = (await verden.les(f"{_API}/{sak_id}/doegnregister?aar=2025")).json()
        maaneder = tabell(side, "Måned")
        assert [[int(tall) for tall in rad[1:]] for rad in maaneder] == [
            [m[felt] for felt in _FELTENE] for m in r["maaneder"]
        ]
        rader = tabell(side, "Når")
        assert sum(int(rad[1]) for rad in rader) == len(r["doegn"])
        assert [rad[0] for rad in rader] == [
            "31.01.2025–09.02.2025",
            "10.02.2025–12.02.2025",
            "13.02.2025–31.03.2025",
            "01.04.2025–30.04.2025",
        ]
        assert [rad[3] for rad in rader] == ["§ 4", "§ 4", "§ 4", "§ 3"]
        assert "på sykehus" in rader[1][2]
        tomt = tekst(await leser.aapne(f"/saker/{sak_id}/doegnregister?aar=2024"))
        assert "Ingen døgn eller besøk i 2024" in tomt

    med(arbeid)


_FELTENE: Final = (
    *("doegn", "teller", "paragraf3", "paragraf4", "friMaaned"),
    *("gratis", "fravaer", "sykehus", "besoek"),
)


def test_bare_opphold_har_et_doegnregister() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, bistand(verden))
        sti = f"/saker/{svar['sak']['id']}/doegnregister"
        assert sti not in (await leser.aapne(f"/saker/{svar['sak']['id']}")).text
        assert "Bare saker om opphold har et døgnregister" in tekst(await leser.aapne(sti))

    med(arbeid)


def test_det_som_er_hentet_staar_med_svaret() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, par(verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}/grunnlag")
        rader = tabell(side, "Hentet")
        alle = (await verden.les(f"{_API}/{svar['sak']['id']}/grunnlag")).json()
        assert len(rader) == len(alle) == 3
        assert {rad[2] for rad in rader} == {"Summert skattegrunnlag", "Beregnet skatt"}
        assert {rad[4] for rad in rader} == {"Hentet"}
        ukjent = await ny(verden, skjermet(verden))
        side = await leser.aapne(f"/saker/{ukjent['sak']['id']}/grunnlag")
        assert [rad[4] for rad in tabell(side, "Hentet")] == ["Skjermet"]

    med(arbeid)


def test_historien_sier_hvem_som_gjorde_hva() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sak_id = svar["sak"]["id"]
        innhold = svar["sak"]["innhold"]
        innhold["opphold"][0]["til"] = "2025-11-30"
        hoder = {"If-Match": '"1"'}
        assert (await verden.kall("PUT", f"{_API}/{sak_id}", innhold, hoder=hoder)).status_code == 200
        inn = {"beregningId": svar["beregning"]["id"], "fra": "2025-01-01"}
        assert (await verden.post(f"{_API}/{sak_id}/vedtak", inn)).status_code == 201
        felt = {"dato": "2025-11-30", "grunn": "FLYTTET", "versjon": "2"}
        slutt = await leser.send(f"/saker/{sak_id}/avslutning", felt)
        assert (slutt.status_code, slutt.headers["location"]) == (303, f"/saker/{sak_id}")
        rader = tabell(await leser.aapne(f"/saker/{sak_id}/historie"), "Når")
        gjort = [rad[2].partition("opphold")[0].strip() for rad in rader]
        assert gjort[:3] == ["Saken ble avsluttet", "Vedtak fattet", "Saken ble endret"]
        assert sorted(gjort[3:]) == ["Beregnet 2025", "Saken ble opprettet"]
        assert rader[0][1] == "deg"
        assert {rad[1] for rad in rader[1:]} == {"fagsystemet journal-sandkasse"}
        assert any("2025-11-30" in rad[2] for rad in rader)

    med(arbeid)


def test_en_sak_avsluttes_bare_av_den_som_har_sett_det_som_staar() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}/avslutning"
        uten = await leser.send(sti, {"dato": "", "grunn": "", "versjon": "1"})
        assert uten.status_code == 422
        assert 'href="#dato"' in uten.text
        gammel = await leser.send(sti, {"dato": "2025-11-30", "grunn": "DOED", "versjon": "7"})
        assert gammel.status_code == 409
        assert "Noen andre har endret dette" in tekst(gammel)
        riktig = skjulte(await leser.aapne(sti))
        assert (await leser.send(sti, {**riktig, "dato": "2025-11-30", "grunn": "DOED"})).status_code == 303
        assert (await verden.les(f"{_API}/{svar['sak']['id']}")).json()["status"] == "AVSLUTTET"
        assert "Personen er død" in tekst(await leser.aapne(sti))
        assert "Avsluttet 30.11.2025" in tekst(await leser.aapne(f"/saker/{svar['sak']['id']}"))

    med(arbeid)


def _doegn(dag: int, **resten: object) -> Doegn:
    felles = {
        "opphold": 0,
        "art": Oppholdsart.KORTTID_DOEGN,
        "grunnlag": Grunnlag.PARAGRAF_4,
        "betales": True,
        "teller": True,
        "antall": dag,
        "sykehus": False,
    }
    return Doegn(dato=date(2026, 1, dag), **{**felles, **resten})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("doegn", "ventet"),
    [
        ((), []),
        ((_doegn(1),), [(1, 1, 1)]),
        ((_doegn(1), _doegn(2), _doegn(3)), [(1, 3, 3)]),
        ((_doegn(1), _doegn(3)), [(1, 1, 1), (3, 3, 1)]),
        ((_doegn(1), _doegn(2, sykehus=True), _doegn(3)), [(1, 1, 1), (2, 2, 1), (3, 3, 1)]),
        ((_doegn(1), _doegn(2, opphold=1)), [(1, 1, 1), (2, 2, 1)]),
    ],
    ids=["ingen", "ett", "tre på rad", "med opphold imellom", "sykehus imellom", "nytt opphold"],
)
def test_like_doegn_paa_rad_er_en_rad(doegn: tuple[Doegn, ...], ventet: list[tuple[int, int, int]]) -> None:
    assert [(r.fra.day, r.til.day, r.doegn) for r in rekker(doegn)] == ventet


def test_diagrammet_har_en_soeyle_for_hver_maaned_som_koster_noe() -> None:
    assert diagram(2026, {}) is None
    assert diagram(2026, {"2026-01": Decimal(0)}) is None
    tegnet = diagram(2026, {"2026-03": Decimal(200), "2026-04": Decimal(20000)}, "2026-04")
    assert tegnet is not None
    hoeyder = {s.maaned: s.hoeyde for s in tegnet.soeyler}
    assert len(hoeyder) == 12
    assert {maaned for maaned, hoeyde in hoeyder.items() if hoeyde} == {"2026-03", "2026-04"}
    assert hoeyder["2026-04"] == tegnet.grunnlinje
    assert 0 < hoeyder["2026-03"] < 10, "det minste er synlig"
    assert [s.maaned for s in tegnet.soeyler if s.naa] == ["2026-04"]
    assert all(s.x + tegnet.soeylebredde <= tegnet.bredde for s in tegnet.soeyler)
