"""The page of a case: the amounts are the API's, and what is not known is never an amount."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db.lager.revisjon import Revisjonsfilter
from app.sandbox.standard import FJORDVIK, SKOGLI
from app.services.saksside import den_som_vises, uten_tre
from app.services.tilgang import Rolle
from tests.baser import MOTORER, ny_database
from tests.portal.saker import (
    MED_BELOEP,
    UTEN_BELOEP,
    bare_korttid,
    bistand,
    enslig,
    foreloepig,
    korttid,
    ny,
    par,
    person,
)
from tests.portal.tabeller import beloep, kr, tabell, tabeller
from tests.portal.verden import Nettleser, nettleser, portal, tekst
from tests.saker.historie import langtidssak, les_tekst, med_inntekt
from tests.saker.verden import Verden

_BELOEP = re.compile(r"\d[\d\s]*(?:,\d\d)? kr")
motorer = pytest.mark.parametrize("motor", MOTORER)


def med(arbeid: Callable[[Verden, Nettleser], Awaitable[None]], motor: str = "sqlite", **valg: Any) -> None:
    """Do something with a portal as a caseworker."""
    database = ny_database(motor)

    async def alt() -> None:
        async with portal(database, **valg) as verden, nettleser(verden) as leser:
            await arbeid(verden, leser)

    asyncio.run(alt())


@pytest.mark.parametrize("hva", MED_BELOEP)
def test_beloepene_er_apiets(hva: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, MED_BELOEP[hva](verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        side = await leser.aapne(f"/saker/{sak_id}?aar={b['aar']}")
        assert side.status_code == 200
        maaneder = tabell(side, "Måned")
        ventet = [kr(str(m["egenandel"])) for m in b["resultat"]["maaneder"]]
        assert [beloep(rad[-1]) for rad in maaneder[:-1]] == ventet
        assert maaneder[-1] == [f"Hele {b['aar']}", f"{kr(str(b['egenandelAar']))} – hvorfor?"]
        hele = tekst(side)
        assert ("Foreløpig: tallene står til skatteoppgjøret" in hele) is b["foreloepig"]
        assert "Egenandelen er ukjent" not in hele
        # The page of the calculation says the same.
        egen = await leser.aapne(f"/saker/{sak_id}/beregninger/{b['id']}")
        assert tabell(egen, "Måned") == maaneder

    med(arbeid)


@pytest.mark.parametrize("hva", UTEN_BELOEP)
def test_det_ukjente_er_aldri_et_beloep(hva: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, UTEN_BELOEP[hva](verden))
        sak_id, b = svar["sak"]["id"], svar["beregning"]
        for sti in (f"/saker/{sak_id}?aar={b['aar']}", f"/saker/{sak_id}/beregninger/{b['id']}"):
            hele = tekst(await leser.aapne(sti))
            assert "Egenandelen er ukjent" in hele
            assert "den er ikke 0" in hele
            assert b["mangler"][0]["tekst"] in hele
            assert _BELOEP.search(hele) is None
            assert "Fatt vedtak" not in hele
        hvorfor = await leser.aapne(f"/saker/{sak_id}/beregninger/{b['id']}/hvorfor")
        assert hvorfor.status_code == 409
        assert "ikke noe beløp å forklare" in tekst(hvorfor)

    med(arbeid)


def test_en_post_som_maa_plasseres_staar_oeverst_med_veien_videre() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, langtidssak(person(verden, "enslig-pensjonist"), 2026))
        (aapen,) = svar["beregning"]["aapne"]
        side = await leser.aapne(f"/saker/{svar['sak']['id']}")
        hele = tekst(side)
        assert "Egenandelen er ukjent" in hele
        assert f"{aapen['navn']}, 2026: {kr(aapen['beloep'])}" in hele
        assert f'href="/saker/{svar["sak"]["id"]}/poster?aar=2026"' in side.text
        # What is told above is not told once more as a warning.
        assert hele.count(aapen["grunn"]) == 1
        assert "aapne" not in hele

    med(arbeid, skatteetaten=med_inntekt())


def test_grunnlaget_er_gruppert_med_kilde_aar_og_hjemmel() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, par(verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}?aar=2023")
        inntekt, skatt, forsoerget = [rader for rader in tabeller(side) if rader[0][:2] == _HODE]
        assert [rad[0] for rad in inntekt[1:]] == [
            "Arbeidsinntekt",
            "Lønn og naturalytelser med mer",
            "Fordel elektronisk kommunikasjon",
            "Renteinntekt",
            "Renter av bankinnskudd",
            "Annen avkastning av formue",
            "Aksjeutbytte",
        ]
        assert inntekt[1][1:] == [
            "Hentet (2023)",
            "§ 3 fjerde ledd første punktum",
            f"{kr(772062)} – hvorfor?",
        ]
        assert inntekt[2][1].startswith("Hentet summert skattegrunnlag 2023, samletLoenn")
        assert skatt[1][0] == "Beregnet skatt"
        assert forsoerget[1][:2] == ["Tenkt etterlattepensjon", "Ført inn (2023)"]
        alt = {rad[0] for rad in inntekt[1:] + skatt[1:] + forsoerget[1:]}
        for p in svar["beregning"]["personer"]:
            for felt in p["felter"]:
                assert felt["navn"].split(", ")[1].casefold() in {navn.casefold() for navn in alt}
        hele = tekst(side)
        assert "Skatteoppgjøret for 2023, fra 15.2.2024" in hele
        for linje in ("Inntekt før skatt", kr(801718), kr(234591), "Beregningsgrunnlag", kr(567127)):
            assert linje in hele

    med(arbeid)


_HODE = ["Post", "Hvor den er fra"]


def test_aaret_som_gaar_staar_ved_siden_av_siste_oppgjoer() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, foreloepig(verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}")
        inntekt = next(rader for rader in tabeller(side) if rader[0][:2] == _HODE)
        assert inntekt[0] == [*_HODE, "Hjemmel", "Siste oppgjør", "I beregningen"]
        assert inntekt[1][:2] == ["Pensjon fra folketrygden", "Fremskrevet (2025)"]
        assert inntekt[1][3:] == [f"{kr(331000)} (2025)", f"{kr(344240)} – hvorfor?"]

    med(arbeid)


def test_det_som_er_anslaatt_plassert_og_foert_inn_er_merket() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, langtidssak(person(verden, "enslig-pensjonist"), 2026))
        sti = f"/api/v1/saker/{svar['sak']['id']}"
        plassering = {
            "noekkel": svar["beregning"]["aapne"][0]["noekkel"],
            "som": "pensjonFraFolketrygden",
            "begrunnelse": "brev fra Nav",
        }
        foert = {"felt": "/inntekter/renteinntekt", "beloep": 20000, "begrunnelse": "årsoppgave fra banken"}
        inn = {"aar": 2026, "plasseringer": [plassering], "oppgitteBeloep": [foert]}
        assert (await verden.post(f"{sti}/manuelle-poster", inn)).status_code == 201
        # The year before, from its own settlement, stands beside what is estimated.
        assert (await verden.post(f"{sti}/beregninger", {"aar": 2025})).status_code == 201
        assert (await verden.post(f"{sti}/beregninger", {"aar": 2026})).status_code == 201
        side = await leser.aapne(f"/saker/{svar['sak']['id']}")
        rader: dict[str, list[str]] = {}
        for rad in next(rader for rader in tabeller(side) if rader[0][:2] == _HODE)[1:]:
            rader.setdefault(rad[0], rad)
        assert rader["Pensjon fra folketrygden"][1] == "Anslått (2026)"
        assert rader["Pensjon fra folketrygden"][3:] == [f"{kr(334056)} (2025)", f"{kr(350488)} – hvorfor?"]
        assert rader["pensjonEllerTrygd, alderspensjon"][1].startswith(
            "Plassert inntekt (a-ordningen) 2026, alderspensjon, utbetaler"
        )
        assert rader["Renteinntekt"][1] == f"Ført inn (2026) i stedet for {kr(18400)}"
        assert "årsoppgave fra banken" in tekst(side)

    med(arbeid, skatteetaten=med_inntekt())


def test_en_pris_per_doegn_har_ikke_noe_grunnlag() -> None:
    """Nobody's income is asked for, so none is shown: not even 0."""

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, bare_korttid(verden))
        side = await leser.aapne(f"/saker/{svar['sak']['id']}?aar=2025")
        hele = tekst(side)
        assert "Beregningsgrunnlag" not in hele
        assert "Inntekt før skatt" not in hele
        assert "Regnet med til i dag 30 døgn" in hele
        assert "Grensen nås ikke" in hele

    med(arbeid)


def test_stigen_viser_husstandens_plass() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, bistand(verden))
        trinn = svar["beregning"]["resultat"]["trinn"]["nummer"]
        side = await leser.aapne(f"/saker/{svar['sak']['id']}")
        rader = tabell(side, "Trinn")
        assert [rad[0] for rad in rader] == [
            f"{nr} – husstanden er her" if nr == trinn else str(nr) for nr in range(1, 5)
        ]
        # The prices in force now, after the change in July.
        assert [rad[1:3] for rad in rader] == [
            ["0–2 G", "245 kr per måned"],
            ["2–3 G", "920 kr per måned"],
            ["3–4 G", "1 800 kr per måned"],
            ["4 G og over", "2 340 kr per måned"],
        ]
        assert beloep(tabell(side, "Måned")[0][2]) == kr(1680)

    med(arbeid)


def test_doegnene_mot_grensen_staar_paa_saken() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, korttid(verden))
        hele = tekst(await leser.aapne(f"/saker/{svar['sak']['id']}?aar=2025"))
        for ord_ in (
            "Grensen nås 31.3.2025",
            "Betales etter § 3 fra 1.4.2025",
            "På sykehus: 10.02.2025–12.02.2025",
        ):
            assert ord_ in hele

    med(arbeid)


def test_et_aar_uten_beregning_sier_det() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        hele = tekst(await leser.aapne(f"/saker/{svar['sak']['id']}?aar=2024"))
        assert "Året er ikke beregnet" in hele
        assert _BELOEP.search(hele) is None

    med(arbeid)


@motorer
def test_lesingen_noteres_paa_hver_person(motor: str) -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, par(verden))
        await leser.aapne(f"/saker/{svar['sak']['id']}?aar=2023")
        async with verden.arkiv.les(FJORDVIK) as lager:
            for hvem in ("ks-langtid-beboer", "ks-langtid-partner"):
                filter_ = Revisjonsfilter(ident=verden.ident(hvem))
                rader = await lager.revisjon.soek(filter_, 0, 1000)
                sett = {rad.handling for rad in rader if "GET /saker/{sak_id:uuid}" in rad.innhold}
                assert sett == {"SAK_LEST", "BEREGNING_LEST"}

    med(arbeid, motor)


def test_en_annen_kommunes_sak_finnes_ikke() -> None:
    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, enslig(verden))
        sti = f"/saker/{svar['sak']['id']}"
        beregning = f"{sti}/beregninger/{svar['beregning']['id']}"
        async with nettleser(verden, Rolle.LEDER, SKOGLI) as annen:
            for egen in (sti, beregning, f"{beregning}/hvorfor", f"{beregning}/hvorfor/par_3.inntekt"):
                side = await annen.aapne(egen)
                assert side.status_code == 404, egen
                assert "Prøve" not in tekst(side).replace("Kari Prøve", "")

    med(arbeid)


@pytest.mark.parametrize("hva", MED_BELOEP)
def test_resultatet_uten_treet_er_resultatet(hva: str) -> None:
    """What is cut away is the tree and nothing that the pages show."""

    async def arbeid(verden: Verden, leser: Nettleser) -> None:
        svar = await ny(verden, MED_BELOEP[hva](verden))
        async with verden.arkiv.les(FJORDVIK) as lager:
            (rad,) = await lager.beregninger.rader(UUID(svar["sak"]["id"]))
            lagret = await lager.beregninger.hent(rad.id)
        assert lagret is not None
        assert lagret.resultat is not None
        hele = les_tekst(lagret.resultat)
        kort = uten_tre(lagret.resultat)
        assert "forklaring" not in kort
        assert kort == {navn: hele[navn] for navn in kort}
        assert hele.keys() - kort.keys() == {"forklaring", "regelversjon", "satsversjon"}
        assert Decimal(rad.egenandel_aar_oere or -1) / 100 == hele["egenandelAar"]

    med(arbeid)


def _rad(aar: int) -> Any:
    return SimpleNamespace(id=uuid4(), aar=aar)


I_AAR, I_AAR_FOER, I_FJOR = (_rad(aar) for aar in (2026, 2026, 2025))


@pytest.mark.parametrize(
    ("alle", "angrede", "aar", "ventet"),
    [
        ((I_FJOR, I_AAR, I_AAR_FOER), (), None, I_AAR),
        ((I_AAR, I_AAR_FOER, I_FJOR), (I_AAR,), None, I_AAR_FOER),
        ((I_AAR, I_AAR_FOER, I_FJOR), (I_AAR, I_AAR_FOER), None, I_FJOR),
        ((I_AAR, I_FJOR), (), 2025, I_FJOR),
        ((I_AAR, I_FJOR), (I_FJOR,), 2025, None),
        ((I_AAR,), (), 2024, None),
        ((I_FJOR,), (), None, I_FJOR),
        ((), (), None, None),
    ],
    ids=[
        "årets går foran den nyeste",
        "en angret vises ikke",
        "alle årets er angret",
        "året det spørres om",
        "året det spørres om er angret",
        "et år uten",
        "bare et annet år",
        "ingen",
    ],
)
def test_hvilken_beregning_som_vises(alle: Any, angrede: Any, aar: int | None, ventet: Any) -> None:
    valgt = den_som_vises(alle, {en.id for en in angrede}, 2026, aar)
    assert valgt == (None if ventet is None else ventet.id)
