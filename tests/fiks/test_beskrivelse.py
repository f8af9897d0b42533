"""Our description says what the routes take and give, and every answer fits it."""

import asyncio
import re
from typing import Any, Final

import pytest
from jsonschema_rs import Draft202012Validator

from app.calc.poster.katalog import katalogen
from app.sandbox.befolkning.navngitte import navngitte
from app.sandbox.sandkasse import Sandkasse
from app.services.oppslag import Oppslag
from tests.fiks.verden import BISTAND, LANGTID, V1, V2, Tenkt, program, spoer
from tests.integrasjon.verden import innstillinger, koblet, ny_sandkasse
from tests.integrasjon.virtuell_tid import kjoer

STI1: Final = "/register/api/v1/ks/{rolleId}/skatteoginntektsopplysninger"
STI2: Final = "/register/api/v2/ks/{rolleId}/summertskattegrunnlag"


@pytest.fixture(scope="module")
def beskrivelse() -> dict[str, Any]:
    svar = asyncio.run(spoer(program(Tenkt({})), "/openapi.json", metode="GET"))
    innhold: dict[str, Any] = svar.json()
    return innhold


def test_rutene_staar_i_beskrivelsen(beskrivelse: dict[str, Any]) -> None:
    assert {sti: set(metoder) for sti, metoder in beskrivelse["paths"].items()} == {
        f"{STI1}/beregning": {"post"},
        f"{STI1}/beregning/praktisk-bistand": {"post"},
        f"{STI1}/beregning/langtidsopphold-institusjon": {"post"},
        f"{STI1}/verdier": {"get", "post"},
        STI2: {"post"},
        f"{STI2}/verdier/{{type}}/{{aar}}": {"get"},
    }
    skjemaer = beskrivelse["components"]["schemas"]
    henvist = set(re.findall(r"#/components/schemas/(\w+)", str(beskrivelse)))
    assert henvist <= set(skjemaer)
    for metoder in beskrivelse["paths"].values():
        for operasjon in metoder.values():
            assert {"200", "400", "default"} <= set(operasjon["responses"])
            for status, svar in operasjon["responses"].items():
                skjema_ = svar["content"]["application/json"]["schema"]
                assert (skjema_ == {"$ref": "#/components/schemas/FiksFeil"}) == (status != "200")


def skjema(beskrivelse: dict[str, Any], navn: str) -> Draft202012Validator:
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{navn}", "components": beskrivelse["components"]}
    )


def test_feil_passer_skjemaet(beskrivelse: dict[str, Any]) -> None:
    svar = asyncio.run(spoer(program(Tenkt({})), f"{V1}/beregning", {}))
    skjema(beskrivelse, "FiksFeil").validate(svar.json())


@pytest.mark.parametrize("metode", ["GET", "POST"])
def test_verdier(beskrivelse: dict[str, Any], metode: str) -> None:
    alle = asyncio.run(spoer(program(Tenkt({})), f"{V1}/verdier", metode=metode)).json()
    for verdier in alle:
        skjema(beskrivelse, "FiksVerdier").validate(verdier)
    siste = max(rad.siste_aar for rader in katalogen().poster.values() for rad in rader)
    assert {(v["beregningstype"], v["inntektsaar"]) for v in alle} == {
        (type_, aar) for type_ in (LANGTID, BISTAND) for aar in range(2021, siste + 1)
    }
    ett = asyncio.run(spoer(program(Tenkt({})), f"{V2}/verdier/{BISTAND}/2022", metode="GET")).json()
    assert ett in alle


def test_hvert_svar_passer_skjemaet_og_summerer_seg(beskrivelse: dict[str, Any]) -> None:
    """Every hand-made person of the sandbox, two years, three kinds of request."""
    sandkasse: Sandkasse = ny_sandkasse()
    v1, v2 = (skjema(beskrivelse, navn) for navn in ("FiksBeregningResponse", "FiksSummertResponse"))
    feil = skjema(beskrivelse, "FiksFeil")

    async def alt() -> dict[int, int]:
        antall: dict[int, int] = {}
        async with koblet(sandkasse, innstillinger()) as tilkobling:
            app = program(Oppslag(tilkobling.klient, tilkobling.oppsett))
            for person in navngitte():
                for aar in (2022, 2025):
                    ny = {
                        "inntektsaar": aar,
                        "personer": [{"identifikator": person.identer[0], "type": "SOEKER"}],
                    }
                    gammel = {
                        "inntektsaar": str(aar),
                        "soekere": [{"personidentifikator": person.identer[0], "personType": "SOEKER"}],
                    }
                    for sti, kropp in (
                        (f"{V1}/beregning/langtidsopphold-institusjon", ny),
                        (f"{V1}/beregning/praktisk-bistand", ny),
                        (V2, gammel),
                    ):
                        svar = await spoer(app, sti, kropp)
                        antall[svar.status_code] = antall.get(svar.status_code, 0) + 1
                        if svar.status_code != 200:
                            feil.validate(svar.json())
                        elif sti == V2:
                            v2.validate(svar.json())
                        else:
                            v1.validate(svar.json())
                            summerer(svar.json())
        return antall

    antall = kjoer(alt())
    assert set(antall) == {200, 404, 410}
    assert antall[200] > 100


def summerer(svar: dict[str, Any]) -> None:
    """Groups are the sums of their posts, and the basis is income less deductions."""
    for del_ in ("inntekt", "fradrag"):
        if svar[del_] is None:
            continue
        for gruppe in svar[del_]["beregning"]:
            for grunnlag in gruppe["beregningsgrunnlag"]:
                if grunnlag["tekniskNavn"] != "mellomregningPaarorende":
                    assert grunnlag["beloep"] == signert(grunnlag["beregningsposter"])
            assert gruppe["beloep"] == signert(gruppe["beregningsgrunnlag"] or gruppe["beregningsposter"])
        if svar[del_]["beloep"] is not None:
            assert svar[del_]["beloep"] == signert(svar[del_]["beregning"])
    if svar["beregningsbeloep"] is not None:
        fradrag = 0 if svar["fradrag"] is None else svar["fradrag"]["beloep"]
        assert svar["beregningsbeloep"] == svar["inntekt"]["beloep"] - fradrag


def signert(poster: list[dict[str, Any]]) -> int:
    return sum(p["beloep"] if p["operasjon"] == "ADDERE" else -p["beloep"] for p in poster)
