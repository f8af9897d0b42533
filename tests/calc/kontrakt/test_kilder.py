"""The tree goes on below a fact of the request: to the node the fact came from, byte for byte."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.calc.forklar import forklar
from app.calc.hjemmel import Hjemmel
from app.calc.kalkulator import kalkuler
from app.calc.kontrakt.json_tekst import les_json
from app.calc.kontrakt.kilder import les_kilder, skriv_kilder
from app.calc.kontrakt.nodetekst import KildefeilError
from app.calc.sporing import Enhet, Faktum, Node, Regel

DAG = date(2025, 12, 31)
SUM = Regel(
    "test.sum",
    "Sum av poster",
    Enhet.KRONER_PER_AAR,
    Hjemmel(3, 4, 1),
    "{ledd} = {svar}",
    lambda *ledd: sum(ledd, Decimal(0)),
    ("ledd",),
    True,
    DAG,
    None,
)
OPPHOLD = [{"art": "LANGTID", "fra": "2024-03-01"}]
AAR: dict[str, Any] = {
    "aar": 2025,
    "inntekter": {"offentligTjenestepensjon": 300_000, "renteinntekt": 1234.5},
    "skatt": {"beregnetSkatt": 50_000, "formuesskatt": 7_000, "kreditfradrag": 40},
    "forsoergede": [{"relasjon": "EKTEFELLE", "arbeidsinntekt": 10, "tenktEtterlattepensjon": 100}],
    "opphold": OPPHOLD,
}


def post(navn: str, beloep: str) -> Faktum:
    return Faktum(f"skattepost.{navn}", navn, Decimal(beloep), Enhet.KRONER_PER_AAR, f"oppgjør 2025, {navn}")


def kilde(*beloep: str) -> Node:
    return SUM(*(post(f"post{nr}", verdi) for nr, verdi in enumerate(beloep)), dato=DAG)


def tre(svar: str) -> dict[str, Any]:
    rot: dict[str, Any] = json.loads(svar)["forklaring"]
    return rot


def alle(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for barn in node["barn"]:
        yield from alle(barn)


def barn_av(svar: str, peker: str) -> list[list[str]]:
    """Ids of the children of every fact with the pointer."""
    return [[b["id"] for b in node["barn"]] for node in alle(tre(svar)) if node["kilde"] == peker]


def test_kilden_blir_eneste_barn_hvert_sted_faktumet_staar() -> None:
    """The pension is both income (§ 3) and the base of the deduction (§ 5 tredje ledd)."""
    peker = "/inntekter/offentligTjenestepensjon"
    kilder = skriv_kilder({peker: kilde("200000", "100000")})
    svar = kalkuler("langtidsopphold", json.dumps(AAR), kilder=kilder)
    assert barn_av(svar, peker) == [["test.sum"], ["test.sum"]]
    uten = kalkuler("langtidsopphold", json.dumps(AAR))
    assert barn_av(uten, peker) == [[], []]
    # Nothing else changes: with the source cut out, the answer is the one without it.
    tekst = les_kilder(kilder)[peker].tekst
    assert svar.count(tekst) == 2
    assert svar.replace(tekst, "") == uten


def test_tallene_i_kilden_staar_som_de_er_skrevet() -> None:
    skrevet = skriv_kilder({"/inntekter/renteinntekt": kilde("1234.5")})
    lagret = skrevet.replace("1234.5,", "1234.500,")
    assert lagret != skrevet
    svar = kalkuler("langtidsopphold", json.dumps(AAR), kilder=lagret)
    assert svar.count('"verdi":1234.500,') == 2
    assert svar == kalkuler("langtidsopphold", json.dumps(AAR), kilder=lagret.encode())


def test_uten_kilder_er_svaret_det_samme_byte_for_byte() -> None:
    assert kalkuler("langtidsopphold", json.dumps(AAR), kilder="{}") == kalkuler(
        "langtidsopphold", json.dumps(AAR)
    )
    assert skriv_kilder({}) == "{}\n"


def test_en_annen_verdi_avvises_med_peker_og_uten_beloep() -> None:
    kilder = skriv_kilder({"/skatt/beregnetSkatt": kilde("50001")})
    with pytest.raises(KildefeilError, match="/skatt/beregnetSkatt") as feil:
        kalkuler("langtidsopphold", json.dumps(AAR), kilder=kilder)
    assert "50" not in str(feil.value)
    assert "50" not in repr(les_kilder(kilder))


@pytest.mark.parametrize(
    "peker", ["/inntekter/leieinntekt", "/finnes/ikke", "skatt", "", "/opphold/1", "/opphold/x", "/aar/0"]
)
def test_en_peker_som_ikke_finnes_avvises(peker: str) -> None:
    with pytest.raises(KildefeilError, match="finnes ikke i forespørselen"):
        kalkuler("langtidsopphold", json.dumps(AAR), kilder=skriv_kilder({peker: kilde("1")}))


def test_en_peker_som_ingen_regel_bruker_er_greit() -> None:
    """Without anybody to support, no rule asks for the dependant's income."""
    borte = AAR | {"forsoergede": [{**AAR["forsoergede"][0], "hjemmeboende": False}]}
    kilder = skriv_kilder({"/forsoergede/0/arbeidsinntekt": kilde("10")})
    assert barn_av(
        kalkuler("langtidsopphold", json.dumps(AAR), kilder=kilder), "/forsoergede/0/arbeidsinntekt"
    ) == [["test.sum"]]
    uten = kalkuler("langtidsopphold", json.dumps(borte), kilder=kilder)
    assert uten == kalkuler("langtidsopphold", json.dumps(borte))


@pytest.mark.parametrize(
    ("felt", "beloep", "valg", "ventet"),
    [
        ("formuesskatt", "7000", {}, [["test.sum"]]),
        ("formuesskatt", "7000", {"trekkFormuesskatt": True}, []),
        ("kreditfradrag", "40", {}, [["test.sum"]]),
        ("kreditfradrag", "40", {"leggTilKreditfradrag": False}, []),
    ],
)
def test_et_beloep_kommunen_har_valgt_bort_kommer_fra_valget(
    felt: str, beloep: str, valg: dict[str, bool], ventet: list[list[str]]
) -> None:
    kilder = skriv_kilder({f"/skatt/{felt}": kilde(beloep)})
    svar = kalkuler("langtidsopphold", json.dumps(AAR | {"valg": valg}), kilder=kilder)
    assert barn_av(svar, f"/skatt/{felt}") == ventet
    for navn in valg:
        assert barn_av(svar, f"/valg/{navn}") == [[]]


def test_praktisk_bistand() -> None:
    inn = {"aar": 2025, "husstand": [{"rolle": "TJENESTEMOTTAKER", "gevinst": 5}]}
    kilder = skriv_kilder({"/husstand/0/gevinst": kilde("5")})
    svar = kalkuler("praktisk-bistand", json.dumps(inn), kilder=kilder)
    assert barn_av(svar, "/husstand/0/gevinst") == [["test.sum"]]


def test_etteroppgjoeret_skiller_de_to_beregningene() -> None:
    endelig = AAR | {"skatt": {"beregnetSkatt": 60_000}}
    inn = {"endelig": endelig, "foreloepig": AAR}
    kilder = skriv_kilder(
        {
            "/endelig/skatt/beregnetSkatt": kilde("60000"),
            "/foreloepig/skatt/beregnetSkatt": post("a", "50000"),
        }
    )
    svar = kalkuler("etteroppgjoer", json.dumps(inn), kilder=kilder)
    assert barn_av(svar, "/endelig/skatt/beregnetSkatt") == [["test.sum"]]
    assert barn_av(svar, "/foreloepig/skatt/beregnetSkatt") == [["skattepost.a"]]
    with pytest.raises(KildefeilError):
        kalkuler(
            "etteroppgjoer", json.dumps(inn), kilder=skriv_kilder({"/skatt/beregnetSkatt": kilde("60000")})
        )


def test_hver_peker_i_etteroppgjoeret_finnes_i_forespoerselen() -> None:
    inn = {"endelig": AAR, "fakturert": [{"maaned": "2025-01", "beloep": 1}]}
    for node in alle(tre(kalkuler("etteroppgjoer", json.dumps(inn)))):
        if node["type"] == "FAKTUM" and node["kilde"].startswith("/"):
            assert node["kilde"].split("/")[1] in inn


HEL = skriv_kilder({"/gjeldsrenter": kilde("1")}).strip()


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "[]",
        "null",
        "{",
        HEL[:-1],
        HEL + "{}",
        HEL[:-1] + "," + HEL[1:],
        "{,}",
        HEL.replace('"verdi":1,', '"verdi":NaN,'),
        HEL.replace('"verdi":1,', '"verdi":true,'),
        HEL.replace('"verdi":1,', '"verdi":null,'),
        HEL.replace('"type":"STEG"', '"type":"TING"'),
        HEL.replace(',"barn":[]', ""),
        HEL.replace('"barn":[]', '"barn":[1]'),
        '{"/gjeldsrenter":1}',
        '{1:{"a":1}}',
        "{" * 100_000,
        '{"/a":' + "[" * 100_000,
        b"\xff",
        json.dumps(json.loads(HEL), indent=1),
    ],
    ids=lambda tekst: repr(tekst[:24]),
)
def test_odelagte_kilder_avvises(tekst: str | bytes) -> None:
    with pytest.raises(KildefeilError):
        les_kilder(tekst)


def test_luft_i_en_lagret_tekst_er_greit() -> None:
    pen = json.dumps(json.loads(HEL))
    assert pen != HEL
    assert les_kilder(pen)["/gjeldsrenter"].verdi == 1
    assert les_json(pen) == les_json(HEL)


def test_forklaringen_som_tekst_gaar_ned_til_skatteposten() -> None:
    kilder = skriv_kilder({"/inntekter/renteinntekt": kilde("1000.5", "234")})
    tekst = forklar(les_json(kalkuler("langtidsopphold", json.dumps(AAR), kilder=kilder)))
    linjer = tekst.replace("\u00a0", " ").splitlines()
    start = linjer.index("      Renteinntekt: 1 234,50 kroner")
    assert linjer[start + 1 : start + 5] == [
        "        Sum av poster: 1 234,50 kroner per år (§ 3 fjerde ledd første punktum)",
        "          = 1 000,50 + 234 = 1 234,50",
        "          post0: 1 000,50 kroner per år (oppgjør 2025, post0)",
        "          post1: 234 kroner per år (oppgjør 2025, post1)",
    ]
    assert any("(oppgitt: /skatt/beregnetSkatt)" in linje for linje in linjer)
